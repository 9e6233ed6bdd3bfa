"""Run the notebooks for an occupation: committed without outputs, executed by the build."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock
from typing import IO

from pipelines.base.errors import OutlookError

#: A cell that runs longer has gone wrong: the slowest takes some seconds.
CELL_SECONDS = 300


def parameter_lines(parameters: dict[str, str]) -> str:
    """Python assignments for the cell that overrides a notebook's `parameters` cell."""
    return "\n".join(f"{name} = {json.dumps(value)}" for name, value in parameters.items())


def execute(
    path: Path, parameters: dict[str, str], out: Path, environ: dict[str, str], starting: Lock
) -> Path:
    """Execute one notebook with parameters and save it with its outputs.

    Parameters
    ----------
    path : Path
        A notebook with one cell tagged ``parameters``.
    parameters : dict
        Values put into a cell right after it (papermill's convention).
    out : Path
        Folder to write into.
    environ : dict
        Environment of the kernel.
    starting : Lock
        Held while the kernel starts; the same one for notebooks that run at the same time.

    Raises
    ------
    OutlookError
        Names the notebook and the failing cell's error, or, where the kernel did not start or
        died, the last lines of its standard error.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.read(path, as_version=4)
    tagged = [
        i for i, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", [])
    ]
    if len(tagged) != 1:
        raise OutlookError(
            str(path), f"{len(tagged)} cells are tagged `parameters`; one is expected", "Tag one"
        )
    injected = nbformat.v4.new_code_cell(
        parameter_lines(parameters), metadata={"tags": ["injected-parameters"]}
    )
    notebook.cells.insert(tagged[0] + 1, injected)
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(out)}},
    )
    # What a cell prints or raises comes by message; this is what the kernel itself says.
    with TemporaryFile() as stderr:
        try:
            _start(client, environ, stderr, starting)
            client.execute()
        except CellExecutionError as error:
            # Not the printed traceback, which is coloured for a terminal.
            problem = f"a cell failed: {error.ename}: {error.evalue}"
            raise OutlookError(str(path), problem, "Open it in JupyterLab") from error
        except CellTimeoutError as error:
            problem = f"a cell ran for more than {CELL_SECONDS} seconds"
            raise OutlookError(str(path), problem, "Open it in JupyterLab") from error
        except DeadKernelError as error:
            problem = f"the kernel died while a cell ran; it said: {_last_lines(stderr)}"
            raise OutlookError(str(path), problem, "Open it in JupyterLab") from error
        except RuntimeError as error:
            problem = f"the kernel did not start, twice ({error}); it said: {_last_lines(stderr)}"
            todo = "Try `jupyter execute` on it; make the environment anew if that fails too"
            raise OutlookError(str(path), problem, todo) from error
    for cell in notebook.cells:
        # Run times would make two builds of the same data differ.
        cell.metadata.pop("execution", None)
    nbformat.write(notebook, out / path.name)
    return out / path.name


def _start(client, environ: dict[str, str], stderr: IO[bytes], starting: Lock) -> None:
    """Start the client's kernel; where it does not come up, once more.

    jupyter_client picks five free ports, lets them go, and the kernel binds them half a second
    later. Of two kernels that start together, the second binds one more, any free port, for its
    output and can take one that was promised to the first, which then dies of "Address already
    in use" (or hangs, and `wait_for_ready` gives up after a minute). Seen where the system had
    60 such ports to give: 5 of 85 starts died in pairs, none of 80 one at a time; with the
    usual 14,000 none of 460 did. The second attempt, with other ports, is for what other
    programs take in that half second.
    """

    def attempt() -> None:
        with starting:
            client.km = client.create_kernel_manager()
            client.start_new_kernel(env=environ, stderr=stderr)
            client.start_new_kernel_client()

    try:
        attempt()
    except RuntimeError:
        attempt()


def _last_lines(stderr: IO[bytes]) -> str:
    """The last three lines a kernel wrote that are no lines of code, on one line."""
    stderr.seek(0)
    lines = stderr.read().decode("utf-8", "replace").splitlines()
    said = [line.strip() for line in lines if line.strip() and not line[0].isspace()]
    # ipykernel warns of TCP at every start: it is not why one failed.
    said = [line for line in said if not line.startswith(("Traceback", "[IPKernelApp] WARNING"))]
    return " | ".join(said[-3:]) or "nothing"


def execute_all(
    folder: Path, parameters: dict[str, str], out: Path, environ: dict[str, str] | None = None
) -> list[Path]:
    """Execute every notebook of a folder, two at a time; returns the written paths."""
    out.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, **(environ or {}), "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    paths = sorted(folder.glob("[0-9]*.ipynb"))
    starting = Lock()
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(lambda path: execute(path, parameters, out, env, starting), paths))
