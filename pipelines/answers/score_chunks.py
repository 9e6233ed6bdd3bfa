"""Score chunks of statements in order, over several processes once there are many."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future

import pandas as pd
from threadpoolctl import threadpool_limits

from pipelines.base.csv_in import Chunk
from pipelines.base.parallel import cores, processes
from pipelines.exposure.scorer.model import held_scorer
from pipelines.exposure.scorer.score import score_statements

#: Chunks scored here before processes are started: a small file is done before they stand.
MIN_CHUNKS_FOR_PROCESSES = 2


def scored(chunks: Iterable[tuple[Chunk, list]]) -> Iterator[tuple[Chunk, pd.DataFrame]]:
    """Each chunk with the scores of its statements, in the order given.

    Parameters
    ----------
    chunks : iterable of (Chunk, list)
        Rows, and their statements.

    Yields
    ------
    Chunk, DataFrame
        The rows, and the result of `score_statements`.

    Raises
    ------
    OutlookError
        A process was killed (mostly for want of memory).
    """
    rest = iter(chunks)
    scorer = held_scorer()
    # One thread for linear algebra: two that wait for each other while other programs run were
    # measured at a third of the speed, and sums do not depend on their number.
    with threadpool_limits(1, "blas"):
        for _, (chunk, texts) in zip(range(MIN_CHUNKS_FOR_PROCESSES), rest, strict=False):
            yield chunk, score_statements(texts, scorer)
        first = next(rest, None)
        if first is None:
            return
        if cores() < 2:
            for chunk, texts in (first, *rest):
                yield chunk, score_statements(texts, scorer)
            return
        yield from _over_processes(first, rest, cores())


def _over_processes(first, rest, count: int):
    waiting: deque[tuple[Chunk, Future]] = deque()
    with processes("outlook score", count) as pool:
        waiting.append((first[0], pool.submit(_score, first[1])))
        for chunk, texts in rest:
            waiting.append((chunk, pool.submit(_score, texts)))
            if len(waiting) > 2 * count:  # no more than these chunks are held in memory
                done, future = waiting.popleft()
                yield done, future.result()
        while waiting:
            done, future = waiting.popleft()
            yield done, future.result()


def _score(texts: list[str]) -> pd.DataFrame:
    return score_statements(texts, held_scorer())
