"""Parts of postings over the workers of a Dask cluster, or one after the other without one.

Dask is loaded where more than one worker is asked for. No more parts are handed out than the
workers can hold, and one that was handed to a worker that died goes to another.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import cache
from importlib import metadata, resources
from typing import TYPE_CHECKING

from pipelines.base.errors import OutlookError, UsageError
from pipelines.base.parallel import ONE_THREAD
from pipelines.postings.chunk import Done, Job, finish
from pipelines.postings.reading import Part

if TYPE_CHECKING:
    from distributed import Client

#: Parts in the hands of each worker: one that it works on, the others on the way.
_EACH = 3
#: Seconds that a scheduler is waited for, at first and where it is lost; and its first worker.
_PATIENCE, _WORKERS = 15, 60
#: Of a worker on this machine: one thread of linear algebra. Dask's own default would also have
#: freed memory go back to the system at once (MALLOC_TRIM_THRESHOLD_), which costs a quarter
#: more time: each array is then new memory.
_ENVIRONMENT = dict(ONE_THREAD)
INSTALL = "pip install 'technician-outlook[scale]'"


def machine() -> int:
    """Workers that this machine has cores for."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def client(
    scheduler: str | None, workers: int, say: Callable[[str], None]
) -> Iterator[Client | None]:
    """Workers: of a scheduler that runs, of this machine, or (None) this process alone.

    Parameters
    ----------
    scheduler : str or None
        Address, such as tcp://host:8786.
    workers : int
        Without a scheduler: processes on this machine; 1 is this process.
    say : callable
        Called with where the dashboard is.

    Raises
    ------
    UsageError
        Dask is not installed, or nothing answers at the address.
    OutlookError
        The workers run another version of this program.
    """
    if scheduler is None and workers < 2:
        yield None
        return
    if importlib.util.find_spec("distributed") is None:
        if scheduler is not None:
            raise UsageError(f"--scheduler {scheduler}", "Dask is not installed", INSTALL)
        say(f"Dask is not installed: one process works, in place of {workers} ({INSTALL})")
        yield None
        return
    import dask
    from distributed import Client, LocalCluster

    if scheduler is None:
        # Only this machine reaches the dashboard and the workers.
        with (
            dask.config.set({"distributed.nanny.pre-spawn-environ": _ENVIRONMENT}),
            LocalCluster(
                n_workers=workers, threads_per_worker=1, host="127.0.0.1",
                dashboard_address="127.0.0.1:0", silence_logs=50,
            ) as cluster,
            Client(cluster) as opened,
        ):  # fmt: skip
            say(f"{workers} workers; Dask dashboard (with bokeh installed): "
                f"{opened.dashboard_link}")  # fmt: skip
            yield opened
        return
    try:
        opened = Client(scheduler, timeout=_PATIENCE)
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageError(
            f"--scheduler {scheduler}", f"no Dask scheduler answers there ({error})",
            "Start one with dask scheduler, or correct the address",
        ) from error  # fmt: skip
    with opened:
        _check(opened, scheduler)
        say(f"{len(_threads(opened))} workers; Dask dashboard: {opened.dashboard_link}")
        yield opened


def _threads(opened: Client) -> list[int]:
    known = opened.scheduler_info(n_workers=-1).get("workers", {})
    return [one["nthreads"] for one in known.values()]


def _check(opened: Client, scheduler: str) -> None:
    try:
        opened.wait_for_workers(1, timeout=_WORKERS)
    except TimeoutError as error:
        raise OutlookError(
            scheduler, "the scheduler has no workers", f"Start some: dask worker {scheduler}"
        ) from error
    ours = version()
    try:
        theirs = set(opened.run(version).values())
    except Exception as error:
        raise OutlookError(
            scheduler, f"its workers do not have this program ({type(error).__name__}: {error})",
            "Give workers, scheduler and this machine the same image (docs/SCALE.md)",
        ) from error  # fmt: skip
    if theirs != {ours}:
        raise OutlookError(
            scheduler, f"its workers run version {', '.join(sorted(theirs))}, this is {ours}",
            "Give workers, scheduler and this machine the same image (docs/SCALE.md)",
        )  # fmt: skip


@cache
def version() -> str:
    """What gives the same results on every worker: this program's files, and the libraries."""
    names = ("technician-outlook", "numpy", "pandas", "pyarrow")
    files = [file for room in ("pipelines.postings", "pipelines.exposure.scorer")
             for file in resources.files(room).iterdir()
             if file.name.endswith((".py", ".npz", ".json", ".toml"))]  # fmt: skip
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda one: one.name):
        digest.update(file.name.encode() + file.read_bytes())
    told = " ".join(f"{name} {metadata.version(name)}" for name in names)
    return f"{told} files {digest.hexdigest()[:12]}"


def finished(work: Iterable[tuple[str, Part]], job: Job, opened: Client | None) -> Iterator[Done]:
    """Each part's outcome, in the order in which they end.

    Parameters
    ----------
    work : iterable of (str, Part)
        Name and part.
    job : Job
    opened : Client or None
        None: in this process, in order.

    Raises
    ------
    OutlookError
        The scheduler was lost, or the disk of the results refuses. What was finished is there.
    """
    try:
        if opened is None:
            for name, part in work:
                yield _outcome(part, job, name)
        else:
            yield from _over(work, job, opened)
    except OSError as error:
        raise OutlookError(
            job.out, f"cannot be written ({error.strerror or error})",
            "Free space or correct the permissions, and run again: it goes on",
        ) from error  # fmt: skip


def shared(work: Callable[[list], list], given: list, job: Job, opened: Client | None) -> list:
    """What the work on lists of these returns, in their order; by the workers, or here.

    Raises
    ------
    OutlookError
        The scheduler was lost, or every worker that had a list was killed.
    """
    if opened is None:
        return work(given)
    from distributed import KilledWorker

    # The large ones first and each worker's alike, so that none is waited for at the end.
    order = sorted(range(len(given)), key=lambda i: -len(given[i]))
    n = _EACH * max(sum(_threads(opened)), 1)
    shares = [order[i::n] for i in range(min(n, len(order)))]
    running = [opened.submit(work, [given[i] for i in share], pure=False) for share in shares]
    out: list = [None] * len(given)
    try:
        for share, found in zip(shares, opened.gather(running), strict=True):
            for i, one in zip(share, found, strict=True):
                out[i] = one
        return out
    except KilledWorker as error:
        raise OutlookError(
            job.out, "every worker that made its tables was killed, most likely for want of memory",
            "Give the workers more memory and run again: it goes on",
        ) from error  # fmt: skip
    except (CancelledError, OSError, TimeoutError) as error:
        raise _lost(opened, job) from error


def _outcome(part: Part, job: Job, name: str) -> Done:
    """`finish`, with any fault of ours as this part's problem: the others are still done."""
    try:
        return finish(part, job, name)
    except (OSError, MemoryError):
        raise
    except Exception as error:
        problem = " ".join(f"unexpected {type(error).__name__}: {error}".split())[:200]
        return Done(name, part.source, problem=problem)


def _over(work: Iterable[tuple[str, Part]], job: Job, opened: Client) -> Iterator[Done]:
    from distributed import as_completed

    rest = iter(work)
    running = as_completed()
    out: dict[str, tuple[str, str]] = {}
    while True:
        # Workers that joined meanwhile are given their share.
        if opened.status == "closed":
            raise _lost(opened, job)
        while len(out) < _EACH * max(sum(_threads(opened)), 1):
            given = next(rest, None)
            if given is None:
                break
            name, part = given
            future = opened.submit(_outcome, part, job, name, key=f"outlook-{name}", pure=False)
            out[str(future.key)] = (name, part.source)
            running.add(future)
        if not out:
            return
        future = _next(running, opened, job)
        name, source = out.pop(str(future.key))
        yield _result(future, name, source, opened, job)


def _next(running, opened: Client, job: Job):
    try:
        return next(running)
    except (StopIteration, CancelledError, OSError) as error:
        raise _lost(opened, job) from error


def _result(future, name: str, source: str, opened: Client, job: Job) -> Done:
    from distributed import KilledWorker

    if future.status in ("cancelled", "lost") or opened.status != "running":
        raise _lost(opened, job)
    try:
        return future.result()
    except KilledWorker as error:
        problem = (f"every worker that had it was killed, most likely for want of memory "
                   f"({getattr(error, 'allowed_failures', 0) + 1} tries)")  # fmt: skip
        return Done(name, source, problem=problem)
    except CancelledError as error:
        raise _lost(opened, job) from error
    except MemoryError:
        return Done(name, source, problem="a worker had not enough memory for it")


def _lost(opened: Client, job: Job) -> OutlookError:
    where = getattr(opened.scheduler, "addr", None) or "the scheduler"
    return OutlookError(
        str(where), f"the scheduler was lost; the parts that were finished are in {job.out}",
        "Start it and run the same command again: it goes on",
    )  # fmt: skip
