"""Work spread over several processes, each a fresh interpreter that opens what it needs.

A fork would copy the locks of threads (of pyarrow, or of a library's own) as they stand, and the
copy may wait for one of them forever; so processes are spawned.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context

from pipelines.base.errors import OutlookError

#: One thread of linear algebra a process: two that wait for each other while other programs run
#: were measured at a third of the speed, and sums do not depend on their number. Libraries read
#: these when they are loaded.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
#: More processes than this wait for the disk, or for the one that reads and writes.
MAX_PROCESSES = 4


def cores() -> int:
    """Cores that this process may use, at most `MAX_PROCESSES`."""
    if hasattr(os, "sched_getaffinity"):  # Linux: a container may have fewer than the machine
        return min(len(os.sched_getaffinity(0)), MAX_PROCESSES)
    return min(os.cpu_count() or 1, MAX_PROCESSES)


class _Pool(ProcessPoolExecutor):
    """A pool whose processes are born deaf to Ctrl-C, until they can end without a traceback."""

    def submit(self, fn, /, *args, **kwargs):
        if not hasattr(signal, "pthread_sigmask"):
            return super().submit(fn, *args, **kwargs)
        # Processes start here, and inherit what is held back. It reaches this one afterwards.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return super().submit(fn, *args, **kwargs)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def processes(where: str, count: int) -> Iterator[ProcessPoolExecutor]:
    """A pool of spawned processes, which are ended at once where the block fails.

    Parameters
    ----------
    where : str
        What is at work, for the error.
    count : int
        Processes.

    Raises
    ------
    OutlookError
        A process was killed (mostly for want of memory).
    """
    others = set(active_children())
    pool = _Pool(count, mp_context=get_context("spawn"), initializer=_begin)
    try:
        yield pool
    except BaseException as error:
        for child in set(active_children()) - others:
            child.terminate()
        if isinstance(error, BrokenProcessPool):
            raise OutlookError(
                where, "a process at work was killed", "Free memory and try again"
            ) from error
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def in_shares(
    where: str,
    work: Callable[..., object],
    codes: Sequence[str],
    *given,
    meanwhile: Callable[[], object] = lambda: None,
) -> None:
    """Call ``work(share, *given)`` with a share of the codes on every core.

    Parameters
    ----------
    where : str
        What is at work, for the error.
    work : callable
        A function of a module (processes find it by its name). It opens its own data.
    codes : sequence of str
        Spread evenly in their order: neighbors go to different processes.
    *given
        More arguments for `work`; sent to the processes.
    meanwhile : callable, optional
        Called here, once, while they work.

    Raises
    ------
    OutlookError
        As `work` raised it; else the first other error, or a process that was killed. OSError
        passes as it is.
    """
    count = min(cores(), len(codes))
    try:
        if count < 2:
            work(codes, *given)
            meanwhile()
            return
        with processes(where, count) as pool:
            running = [pool.submit(work, codes[i::count], *given) for i in range(count)]
            meanwhile()
            for done in as_completed(running):
                done.result()
    except (OutlookError, OSError):
        raise
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
        raise OutlookError(where, problem, "Run again with --debug and report it") from error


def _begin() -> None:
    """Ctrl-C, which the terminal sends to every process, ends this one without a traceback."""
    from threadpoolctl import threadpool_limits

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    # A process begins with few libraries: most are loaded later, and read the environment.
    os.environ.update(ONE_THREAD)
    threadpool_limits(1)
