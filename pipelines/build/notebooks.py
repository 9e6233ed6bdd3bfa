"""Run the notebooks for an occupation: committed without outputs, executed by the build.

papermill puts the parameters in and runs the cells. What is ours is how a kernel starts, what an
error says, and that two runs of the same data leave the same bytes.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock
from typing import IO

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines

from pipelines.base.errors import OutlookError

#: A cell that runs longer has gone wrong: the slowest takes some seconds.
CELL_SECONDS = 300


class _Engine(NBClientEngine):
    """papermill's engine, with an environment for the kernel and a second attempt to start it."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, **given):
        client = PapermillNotebookClient(
            nb_man,
            kernel_name=kernel_name,
            timeout=CELL_SECONDS,
            record_timing=False,
            resources={"metadata": {"path": str(given["folder"])}},
        )
        _start(client, given["environ"], given["stderr"], given["starting"])
        return client.execute()


papermill_engines.register("outlook", _Engine)


def execute(
    path: Path, parameters: dict[str, str], out: Path, environ: dict[str, str], starting: Lock
) -> Path:
    """Execute one notebook with parameters and save it with its outputs.

    Parameters
    ----------
    path : Path
        A notebook with one cell tagged ``parameters``.
    parameters : dict
        Values put into a cell right after it.
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
    source = nbformat.read(path, as_version=4)
    tagged = [
        i for i, cell in enumerate(source.cells) if "parameters" in cell.metadata.get("tags", [])
    ]
    if len(tagged) != 1:
        raise OutlookError(
            str(path), f"{len(tagged)} cells are tagged `parameters`; one is expected", "Tag one"
        )
    todo = "Open it in JupyterLab"
    # What a cell prints or raises comes by message; this is what the kernel itself says.
    with TemporaryFile() as stderr:
        try:
            # Written below, once it is whole; the folder goes to the kernel, since papermill
            # would change that of this process, which several threads share.
            notebook = papermill.execute_notebook(
                source, None, parameters, engine_name="outlook", kernel_name="python3",
                language="python", progress_bar=False, folder=out, environ=environ,
                stderr=stderr, starting=starting,
            )  # fmt: skip
        except papermill.PapermillExecutionError as error:
            # Not the printed traceback, which is colored for a terminal. Cells are counted from
            # 1 in the notebook as it is committed, without the one that papermill put in.
            number = error.cell_index + (error.cell_index <= tagged[0])
            problem = f"cell {number} failed: {error.ename}: {error.evalue}"
            raise OutlookError(str(path), problem, todo) from error
        except CellTimeoutError as error:
            problem = f"a cell ran for more than {CELL_SECONDS} seconds"
            raise OutlookError(str(path), problem, todo) from error
        except DeadKernelError as error:
            problem = f"the kernel died while a cell ran; it said: {_last_lines(stderr)}"
            raise OutlookError(str(path), problem, todo) from error
        except RuntimeError as error:
            problem = f"the kernel did not start, twice ({error}); it said: {_last_lines(stderr)}"
            todo = "Try `jupyter execute` on it; make the environment anew if that fails too"
            raise OutlookError(str(path), problem, todo) from error
    nbformat.write(_without_run(notebook), out / path.name)
    return out / path.name


def _without_run(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Without what differs from run to run: papermill's times and paths, a random cell id."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
    return notebook


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
