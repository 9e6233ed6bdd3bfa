"""Progress bars of downloads: on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Watch = Callable[[str, int, int | None], None]
#: Smaller files are there before a bar could be read.
_FROM_BYTES = 500_000


@contextmanager
def bars(terminal: bool | None = None) -> Iterator[Watch]:
    """A function to call with file name, bytes so far and bytes in all (None if not known).

    It draws one bar a file on standard error, and removes them at the end. Where standard error
    is no terminal (or ``terminal`` is False) it does nothing.
    """
    if not (sys.stderr.isatty() if terminal is None else terminal):
        yield lambda name, done, total: None
        return
    # Imported here: a command that fetches nothing, or a scheduler, does not wait for it.
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    tasks: dict = {}
    columns = (
        # A file's name is data: it is not read as rich's own mark-up.
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    console = Console(stderr=True, force_terminal=True if terminal else None)
    # Standard output may be a file that another program reads.
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as progress:

        def watch(name: str, done: int, total: int | None) -> None:
            if name not in tasks and max(done, total or 0) < _FROM_BYTES:
                return
            if name not in tasks:
                tasks[name] = progress.add_task(name[:40], total=total)
            progress.update(tasks[name], completed=done, total=total)
            if done == total:
                progress.remove_task(tasks.pop(name))

        yield watch
