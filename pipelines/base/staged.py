"""Results are made in a folder beside the old ones and moved in place when they are whole."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.base.errors import UsageError


@contextmanager
def staged(processed: Path) -> Iterator[Path]:
    """An empty folder for the new results; gone after any failure."""
    processed.mkdir(parents=True, exist_ok=True)
    lock = (processed / ".build.lock").open("w")
    try:
        # The system lets go of it when the process ends, however it ends.
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise UsageError(
            str(processed), "another build is running there", "Wait until it has ended"
        ) from error
    stage = processed / f".build-{os.getpid()}"
    for left in processed.glob(".build-*"):
        shutil.rmtree(left, ignore_errors=True)
    stage.mkdir()
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        lock.close()
