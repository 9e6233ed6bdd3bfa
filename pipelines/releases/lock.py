"""One process at a time changes the releases and the downloads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from pipelines.base.errors import SourceFailed
from pipelines.base.settings import Settings


def path_of(settings: Settings) -> Path:
    """The lock file. It stays; only the hold on it comes and goes."""
    return settings.processed / ".refresh.lock"


@contextmanager
def held(settings: Settings, wait: float = 60, doing: str = "another refresh") -> Iterator[None]:
    """Hold the lock. The system frees it when the process ends, however it ends.

    Parameters
    ----------
    settings : Settings
        Whose data are changed.
    wait : float
        Seconds to wait for the holder.
    doing : str
        What the error says is running.

    Raises
    ------
    SourceFailed
        It is held still, or its file cannot be written.
    """
    path = path_of(settings)
    # Kept after release: its time is when the sources were looked at. This also rules out the
    # library's other kind of lock, which a killed process would leave behind.
    lock = FileLock(path, timeout=wait, poll_interval=0.1, preserve_lock_file=True)
    try:
        settings.processed.mkdir(parents=True, exist_ok=True)
        # The library tries a second way where the disk refuses the first; what it says is told.
        path.open("a").close()
        hold = lock.acquire()
    except Timeout:
        raise SourceFailed(str(path), f"{doing} is running", "Let it end, then run again") from None
    except OSError as error:
        raise SourceFailed(str(path), f"cannot be written ({error.strerror})",
                           "Correct the permissions or set OUTLOOK_DATA") from error  # fmt: skip
    with hold:
        yield


def mark_checked(settings: Settings) -> None:
    """Note that the sources were looked at now: the time of the lock file, no byte of it."""
    os.utime(path_of(settings))


def last_checked(settings: Settings) -> str | None:
    """When a refresh last looked at the sources (UTC, ISO 8601); None where none ever did."""
    try:
        seconds = path_of(settings).stat().st_mtime
    except OSError:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
