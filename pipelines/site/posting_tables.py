"""What job postings ask of an occupation, for its page: sentences and tables of the run at hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from pipelines.figures.postings import shown_run
from pipelines.postings.tables import MIN_POSTINGS
from pipelines.site.tables import table

#: Columns of the table by month: name, heading, how a value is written.
_COUNT: Callable[[Any], str] = "{:,.0f}".format
_SCORE: Callable[[Any], str] = "{:.2f}".format
_MONTHS = (
    ("postings", "postings", _COUNT),
    ("openings", "openings stated", _COUNT),
    ("exposure", "exposure", _SCORE),
    ("automation_score", "automation score", _SCORE),
    ("new_task_share", "share of new work", "{:.0%}".format),
)


def posting_tables(soc_code: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Tables and sentences on the postings of an occupation; both empty where there is no run.

    Parameters
    ----------
    soc_code : str
        SOC code.
    """
    run = shown_run()
    whole = None if run is None else run.whole(soc_code)
    if run is None or whole is None:
        return [], []
    if pd.isna(whole["postings"]):
        few = f"Fewer than {MIN_POSTINGS} of the postings that were read are of this occupation."
        return [], [few, *run.manifest["about"]]
    months = run.months(soc_code)
    lines = [_counted(whole, months), *_scores(whole), *run.manifest["about"]]
    tables = [_by_month(months)] if len(months) else []
    fresh = run.new_work(soc_code)
    if len(fresh):
        shown = pd.DataFrame({
            "asked for in postings": fresh["sentence"],
            "postings": fresh["postings"].map(_COUNT),
        })  # fmt: skip
        caption = "New work: what postings ask for and O*NET does not list; a typical sentence each"
        tables.append(table(caption, shown, ["postings"]))
    return tables, lines


def _counted(whole: pd.Series, months: pd.DataFrame) -> str:
    dated = f", dated {months['month'].min()} to {months['month'].max()}" if len(months) else ""
    stated = ""
    if whole["postings_with_openings"] > 0:
        stated = (
            f" {_COUNT(whole['postings_with_openings'])} of them state how many people are wanted:"
            f" {_COUNT(whole['openings'])} in all."
        )
    return f"{_COUNT(whole['postings'])} postings of this occupation were read{dated}.{stated}"


def _scores(whole: pd.Series) -> list[str]:
    """Both scores beside O*NET's, and the share of new work; [] where too few state tasks."""
    if pd.isna(whole["exposure"]):
        return []
    said = []
    for name, words in (("exposure", "exposure"), ("automation_score", "automation score")):
        low, high = (whole[f"{name.split('_')[0]}_{end}"] for end in ("low", "high"))
        beside = whole[f"onet_{name}"]
        listed = "" if pd.isna(beside) else f"; that of the tasks that O*NET lists is {beside:.2f}"
        said.append(
            f"The mean {words} of the tasks that they ask for is {whole[name]:.2f} (90% interval "
            f"{low:.2f} to {high:.2f}){listed}."
        )
    if pd.notna(whole["new_task_share"]):
        own = whole["onet_new_task_share"]
        rule = "" if pd.isna(own) else f" The same rule calls {own:.0%} of O*NET's own tasks new."
        said.append(
            f"{whole['new_task_share']:.0%} of their task sentences are unlike anything that O*NET "
            f"lists for the occupation.{rule} Employers do not write as O*NET does, so some old "
            "work looks new."
        )
    return said


def _by_month(months: pd.DataFrame) -> dict[str, Any]:
    def shown(name: str, how: Callable[[Any], str]) -> list[str]:
        none = f"fewer than {MIN_POSTINGS}" if name == "postings" else "–"
        return [none if pd.isna(v) else how(v) for v in months[name]]

    frame = pd.DataFrame(
        {"month": months["month"], **{head: shown(n, how) for n, head, how in _MONTHS}}
    )
    return table("Postings by the month in which they opened", frame, [h for _, h, _ in _MONTHS])
