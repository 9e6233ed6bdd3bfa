"""Run the notebooks for an occupation: committed without outputs, executed by the build."""

from __future__ import annotations

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pipelines.errors import OutlookError


def parameter_lines(parameters: dict[str, str]) -> str:
    """Python assignments for the cell that overrides a notebook's `parameters` cell."""
    return "\n".join(f"{name} = {json.dumps(value)}" for name, value in parameters.items())


def execute(path: Path, parameters: dict[str, str], out: Path, environ: dict[str, str]) -> Path:
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

    Raises
    ------
    OutlookError
        Names the notebook and the last line of the failing cell's error.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

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
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(out)}}
    )
    try:
        # The kernel's own warnings go nowhere; what a cell prints or raises comes by message.
        client.execute(env=environ, stderr=subprocess.DEVNULL)
    except CellExecutionError as error:
        last = str(error).strip().splitlines()[-1]
        raise OutlookError(str(path), f"a cell failed: {last}", "Open it in JupyterLab") from error
    for cell in notebook.cells:
        # Run times would make two builds of the same data differ.
        cell.metadata.pop("execution", None)
    nbformat.write(notebook, out / path.name)
    return out / path.name


def _twice(path: Path, parameters: dict[str, str], out: Path, environ: dict[str, str]) -> Path:
    """Execute; a kernel that does not come up (a taken port) is started once more."""
    try:
        return execute(path, parameters, out, environ)
    except RuntimeError:
        return execute(path, parameters, out, environ)


def execute_all(
    folder: Path, parameters: dict[str, str], out: Path, environ: dict[str, str] | None = None
) -> list[Path]:
    """Execute every notebook of a folder, two at a time; returns the written paths."""
    out.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, **(environ or {}), "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    paths = sorted(folder.glob("[0-9]*.ipynb"))
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(lambda path: _twice(path, parameters, out, env), paths))
