"""Work split over two processes that share what is loaded."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context

from pipelines.base.errors import OutlookError


def in_two(work: Callable[[list[str]], object], codes: list[str]) -> None:
    """Do half of the codes in a forked process, which shares the loaded tables, half here."""
    context = get_context("fork")
    failed = context.SimpleQueue()

    def other() -> None:
        try:
            work(codes[1::2])
            failed.put(None)
        except BaseException as error:
            failed.put(f"{type(error).__name__}: {error}")

    process = context.Process(target=other)
    process.start()
    try:
        work(codes[::2])
        if (problem := failed.get()) is not None:
            raise OutlookError("pages", problem, "Run again with --debug and report it")
    finally:
        process.kill()
        process.join()
