"""Run the notebooks for an occupation: committed without outputs, executed by the build.

papermill puts the parameters in and runs the cells. What is ours is how the kernel starts, what
an error says, and that two runs of the same data leave the same bytes. One kernel runs all
notebooks of a folder, and forgets names and how tables are shown between them: a kernel takes
longer to start and to load the libraries than most of them to run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple, cast

import nbformat
import papermill
from jupyter_client import AsyncKernelClient, KernelManager
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines

from pipelines.base.errors import OutlookError
from pipelines.base.parallel import ONE_THREAD

#: A cell that runs longer has gone wrong: the slowest takes some seconds.
CELL_SECONDS = 300
#: What a notebook left is forgotten: its names, how tables are shown; cells are counted from 1.
_FORGET = """
get_ipython().reset(new_session=True)
import pandas
pandas.reset_option("^display")
"""


class Kernel(NamedTuple):
    """A kernel that runs, and what it wrote to its standard error."""

    manager: KernelManager
    client: AsyncKernelClient
    stderr: IO[bytes]


class _Engine(NBClientEngine):
    """papermill's engine, in a kernel that runs already."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, **given):
        kernel: Kernel = given["kernel"]
        client = PapermillNotebookClient(
            nb_man,
            km=kernel.manager,
            kernel_name=kernel_name,
            timeout=CELL_SECONDS,
            record_timing=False,
        )
        client.kc = kernel.client
        return client.execute()


papermill_engines.register("outlook", _Engine)


def execute(path: Path, parameters: dict[str, str], out: Path, kernel: Kernel) -> Path:
    """Execute one notebook with parameters and save it with its outputs.

    Parameters
    ----------
    path : Path
        A notebook with one cell tagged ``parameters``.
    parameters : dict
        Values put into a cell right after it.
    out : Path
        Folder to write into.
    kernel : Kernel
        Its names are forgotten first.

    Raises
    ------
    OutlookError
        Names the notebook and the failing cell's error, or, where the kernel died, the last
        lines of its standard error.
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
    try:
        run_sync(kernel.client.execute_interactive)(
            _FORGET, silent=True, timeout=CELL_SECONDS, output_hook=lambda message: None
        )
        # Written below, once it is whole.
        notebook = papermill.execute_notebook(
            source, None, parameters, engine_name="outlook", kernel_name="python3",
            language="python", progress_bar=False, kernel=kernel,
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
        problem = f"the kernel died while a cell ran; it said: {_last_lines(kernel.stderr)}"
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


@contextmanager
def _kernel(folder: Path, environ: dict[str, str]) -> Iterator[Kernel]:
    """A kernel that works in a folder; where it does not come up, it is started once more.

    jupyter_client picks five free ports, lets them go, and the kernel binds them half a second
    later. The second attempt, with other ports, is for what other programs take in that time.

    Raises
    ------
    OutlookError
        It did not start; with the last lines of its standard error.
    """
    # What a cell prints or raises comes by message; this is what the kernel itself says.
    with TemporaryFile() as stderr:
        client = NotebookClient(
            nbformat.v4.new_notebook(),
            kernel_name="python3",
            resources={"metadata": {"path": str(folder)}},
        )

        def attempt() -> None:
            client.km = client.create_kernel_manager()
            client.start_new_kernel(env=environ | ONE_THREAD, stderr=stderr)
            client.start_new_kernel_client()

        try:
            try:
                attempt()
            except RuntimeError:
                attempt()
        except RuntimeError as error:
            raise OutlookError(
                "python3", f"the kernel did not start, twice ({error}); it said: "
                f"{_last_lines(stderr)}",
                "Try `jupyter execute` on a notebook; make the environment anew if that fails too",
            ) from error  # fmt: skip
        try:
            yield Kernel(client.km, cast(AsyncKernelClient, client.kc), stderr)
        finally:
            client.kc.stop_channels()
            run_sync(client.km.shutdown_kernel)(now=True)


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
    """Execute every notebook of a folder, in their order; returns the written paths."""
    out.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, **(environ or {}), "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    with _kernel(out, env) as kernel:
        return [
            execute(path, parameters, out, kernel) for path in sorted(folder.glob("[0-9]*.ipynb"))
        ]
