"""Work for processes that a test starts: they find it by the name of this module."""

from __future__ import annotations

import os
import time
from pathlib import Path


def note(codes, folder: str) -> None:
    """A file for every code, with the number of the process that wrote it."""
    for code in codes:
        (Path(folder) / code).write_text(str(os.getpid()))
    time.sleep(0.5)


def fail_at_b(codes) -> None:
    """Fail where "b" is among the codes; else work for a long time."""
    if "b" in codes:
        raise ValueError("no such\npage")
    time.sleep(60)


def die(codes) -> None:
    """Be killed."""
    os._exit(9)


def wait(codes, folder: str) -> None:
    """Say that work has begun, and go on for a long time."""
    (Path(folder) / codes[0]).touch()
    time.sleep(60)


def no_notebooks(settings, offline, code, folder) -> None:
    """A folder of notebooks without any."""
    folder.mkdir()


def threads(codes, folder: str) -> None:
    """A file for every code, with the threads of libraries that are loaded here, and only here."""
    import numpy as np
    import scipy.linalg
    import sklearn.cluster  # noqa: F401 (loads OpenMP)
    from threadpoolctl import threadpool_info

    scipy.linalg.solve(np.eye(3), np.ones(3))
    pools = {f"{pool['filepath']}: {pool['num_threads']}" for pool in threadpool_info()}
    for code in codes:
        (Path(folder) / code).write_text("\n".join(sorted(pools)))
