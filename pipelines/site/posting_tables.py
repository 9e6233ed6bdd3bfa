"""What job postings ask of an occupation, for its page: sentences and tables of the run at hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from pipelines.base.language import marked, translated
from pipelines.figures.postings import shown_run
from pipelines.postings.tables import MIN_POSTINGS
from pipelines.site.tables import table

#: How a value is written.
_COUNT: Callable[[Any], str] = "{:,.0f}".format
_SCORE: Callable[[Any], str] = "{:.2f}".format
_SHARE: Callable[[Any], str] = "{:.0%}".format
#: Columns of the table by month: name, heading, how a value is written.
_MONTHS = (
    ("postings", marked("postings"), _COUNT),
    ("openings", marked("openings stated"), _COUNT),
    ("exposure", marked("exposure"), _SCORE),
    ("automation_score", marked("automation score"), _SCORE),
    ("new_task_share", marked("share of new work"), _SHARE),
)
_EXPOSURE = marked(
    "The mean exposure of the tasks that they ask for is {mean} (90% interval {low} to {high})."
)
_AUTOMATION = marked(
    "The mean automation score of the tasks that they ask for is {mean} (90% interval {low} to "
    "{high})."
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
        few = translated(
            "Fewer than {n} of the postings that were read are of this occupation.", n=MIN_POSTINGS
        )
        return [], [few, *run.manifest["about"]]
    months = run.months(soc_code)
    lines = [_counted(whole, months), *_scores(whole), *run.manifest["about"]]
    tables = [_by_month(months)] if len(months) else []
    fresh = run.new_work(soc_code)
    if len(fresh):
        head = translated("asked for in postings"), translated("postings")
        shown = pd.DataFrame({head[0]: fresh["sentence"], head[1]: fresh["postings"].map(_COUNT)})
        caption = translated(
            "New work: what postings ask for and O*NET does not list; a typical sentence each"
        )
        tables.append(table(caption, shown, [head[1]], said=True))
    return tables, lines


def _counted(whole: pd.Series, months: pd.DataFrame) -> str:
    n = _COUNT(whole["postings"])
    if len(months):
        said = translated(
            "{n} postings of this occupation were read, dated {first} to {last}.", n=n,
            first=months["month"].min(), last=months["month"].max(),
        )  # fmt: skip
    else:
        said = translated("{n} postings of this occupation were read.", n=n)
    if whole["postings_with_openings"] > 0:
        said += " " + translated(
            "{stating} of them state how many people are wanted: {openings} in all.",
            stating=_COUNT(whole["postings_with_openings"]), openings=_COUNT(whole["openings"]),
        )  # fmt: skip
    return said


def _scores(whole: pd.Series) -> list[str]:
    """Both scores beside O*NET's, and the share of new work; [] where too few state tasks."""
    if pd.isna(whole["exposure"]):
        return []
    said = []
    for name, message in (("exposure", _EXPOSURE), ("automation_score", _AUTOMATION)):
        low, high = (whole[f"{name.split('_')[0]}_{end}"] for end in ("low", "high"))
        line = translated(message, mean=_SCORE(whole[name]), low=_SCORE(low), high=_SCORE(high))
        if pd.notna(beside := whole[f"onet_{name}"]):
            line += " " + translated("For the tasks that O*NET lists it is {own}.",
                                     own=_SCORE(beside))  # fmt: skip
        said.append(line)
    if pd.notna(whole["new_task_share"]):
        line = translated(
            "{share} of their task sentences are unlike anything that O*NET lists for the "
            "occupation. Employers do not write as O*NET does, so some old work looks new.",
            share=_SHARE(whole["new_task_share"]),
        )
        if pd.notna(own := whole["onet_new_task_share"]):
            line += " " + translated(
                "The same rule calls {own} of O*NET's own tasks new.", own=_SHARE(own)
            )
        said.append(line)
    return said


def _by_month(months: pd.DataFrame) -> dict[str, Any]:
    def shown(name: str, how: Callable[[Any], str]) -> list[str]:
        few = translated("fewer than {n}", n=MIN_POSTINGS) if name == "postings" else "–"
        return [few if pd.isna(v) else how(v) for v in months[name]]

    columns = {translated(head): shown(name, how) for name, head, how in _MONTHS}
    frame = pd.DataFrame({translated("month"): months["month"], **columns})
    caption = translated("Postings by the month in which they opened")
    return table(caption, frame, list(columns), said=True)
