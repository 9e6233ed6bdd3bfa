"""The figure of what postings ask of an occupation, from the run in the folder of data."""

from __future__ import annotations

from functools import partial

from pipelines.analysis import Analysis, source_line
from pipelines.base import settings
from pipelines.base.errors import UsageError
from pipelines.charts.postings_by_month import postings_by_month
from pipelines.figures import Made, title_of
from pipelines.postings.found import FOLDER, Found, found


def shown_run() -> Found | None:
    """The run that pages and charts show: the one in ``data/processed/postings``."""
    return found(settings.load().processed / FOLDER)


def postings_figure(analysis: Analysis, code: str) -> Made:
    """Exposure of an occupation's postings by month, beside that of O*NET's tasks.

    Raises
    ------
    UsageError
        No run is there, or it holds no dated posting of the occupation.
    """
    run = shown_run()
    if run is None:
        raise UsageError(
            code, f"no finished run of postings is in {FOLDER}",
            f"Run outlook postings SOURCE --out data/processed/{FOLDER}",
        )  # fmt: skip
    table = run.months(code[:7])
    if table.empty:
        raise UsageError(code, "no posting of it states a date", "Choose another occupation")
    line = source_line(analysis, "onet").replace("Sources: ", f"Sources: {run.sources}; ", 1)
    title = title_of(analysis, code)
    return Made(partial(postings_by_month.plain, table, title, run.about, line), table)
