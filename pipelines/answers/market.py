"""What `outlook lookback` answers: exposure and what came of jobs and pay; forecasts."""

from __future__ import annotations

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.answers.answer import Answer, named
from pipelines.base.records import records
from pipelines.exposure.published.meanings import withheld_sentence
from pipelines.releases.store import Release

_READABLE_EVENTS = {
    "outcome": "outcome", "year": "May of", "kind": "kind", "n": "units",
    "effect_tenth": "% by 0.1", "tenth_low": "95% from", "tenth_high": "to",
    "panels_after": "panels after, of 6",
}  # fmt: skip
_READABLE_TESTS = {
    "outcome": "outcome", "measure": "measure", "window": "years", "n": "units",
    "effect_sd": "% per year by 1 st. dev.", "se_hc3": "SE, HC3", "se_major": "by major group",
    "se_two_way": "and education", "p_wild": "p, wild bootstrap",
    "romano_wolf_main": "p, Romano-Wolf",
}  # fmt: skip
_READABLE_LOOKBACK = {
    "outcome": "outcome", "window": "years", "n": "units", "effect_tenth": "% per year by 0.1",
    "tenth_low": "95% from", "tenth_high": "to", "effect_sd": "by 1 st. dev.",
}  # fmt: skip


def lookback_answer(data: Release) -> Answer:
    """Every regression of the look back, and what it found in words; see `lookback.lookback`."""
    from pipelines.market.lookback import lookback as every
    from pipelines.market.lookback_text import lookback_sentences

    analysis = Analysis(data)
    table = every(analysis.tables, analysis.occupation_exposure)
    said = lookback_sentences(table)
    if data.is_snapshot:
        said.append(withheld_sentence())
    return Answer(table, said, _readable_lookback(table))


def _readable_lookback(table: pd.DataFrame) -> pd.DataFrame:
    """What was asked first, by outcome and window, in plain words."""
    from pipelines.market.lookback import EXPOSURE_COLUMN, MAIN_SPECIFICATION

    kept = (table["specification"] == MAIN_SPECIFICATION.name) & (
        table["measure"] == EXPOSURE_COLUMN
    )
    return named(table[kept], _READABLE_LOOKBACK)


def forecasts_answer(data: Release) -> Answer:
    """Projected growth beside what happened, and the same in words; see `forecasts.forecasts`."""
    from pipelines.market import forecasts as foreseen

    tables = Analysis(data).tables
    frame = foreseen.forecasts(tables)
    said = foreseen.forecast_sentences(frame, foreseen.forecast_accuracy(frame, tables))
    return Answer(frame, said, _readable_forecasts(frame))


def _readable_forecasts(frame: pd.DataFrame) -> pd.DataFrame:
    """The technician occupations, those furthest above their projection first."""
    kept = frame[frame["is_technician"]].dropna(subset=["difference"])
    kept = kept.sort_values("difference", ascending=False)
    growth = [c for c in kept if c.startswith(("projected_", "actual_2", "actual_se_"))]
    rest = ["difference", "difference_low", "difference_high", "matrix_actual"]
    return kept[["soc_code", "title", *growth, *rest]].round(2)


def events_answer(data: Release) -> Answer:
    """The coefficient of exposure year by year, and in words; see `event_study.event_study`."""
    from pipelines.figures.market import Evidence

    evidence = Evidence(Analysis(data))
    return Answer(evidence.events, evidence.event_lines(), named(evidence.events, _READABLE_EVENTS))


def robustness_answer(data: Release) -> Answer:
    """Every slope with clustered errors and adjusted for their number; `robustness.every_test`.

    The table shows what was asked first; files hold all windows.
    """
    from pipelines.figures.market import Evidence
    from pipelines.market.robustness import counts, counts_sentence

    tests = Evidence(Analysis(data)).every_test
    said = [counts_sentence(row) for row in records(counts(tests))]
    return Answer(tests, said, named(tests[tests["main"]].round(4), _READABLE_TESTS))
