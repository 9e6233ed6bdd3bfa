"""Results are made in a folder beside the old ones and moved in place when they are whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pipelines.base.errors import UsageError


@contextmanager
def staged(processed: Path) -> Iterator[Path]:
    """An empty folder for the new results; gone after any failure.

    Raises
    ------
    UsageError
        Another build holds the folder, or it cannot be written.
    """
    # The system lets go of it when the process ends, however it ends.
    lock = FileLock(processed / ".build.lock", timeout=0, preserve_lock_file=True)
    try:
        processed.mkdir(parents=True, exist_ok=True)
        hold = lock.acquire()
    except Timeout as error:
        raise UsageError(
            str(processed), "another build is running there", "Wait until it has ended"
        ) from error
    except OSError as error:
        raise UsageError(
            str(processed), f"cannot be written ({error.strerror})",
            "Correct the permissions or set OUTLOOK_DATA",
        ) from error  # fmt: skip
    with hold:
        stage = processed / f".build-{os.getpid()}"
        for left in processed.glob(".build-*"):
            shutil.rmtree(left, ignore_errors=True)
        stage.mkdir()
        try:
            yield stage
        finally:
            shutil.rmtree(stage, ignore_errors=True)
