"""The numbers behind the charts of moves, as tables that people and screen readers read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from pipelines.base.language import marked
from pipelines.base.language import translated as _
from pipelines.charts.kit.theme import money
from pipelines.figures import Made
from pipelines.site.spanish import in_spanish
from pipelines.site.tables import ALONE_HEAD, HELP_HEAD, as_text, table

Show = Callable[[Any], str]
Columns = tuple[tuple[str, str, Show], ...]


def _range(value: float) -> str:
    return f"{value:g}"


_FRONTIER: Columns = (
    ("title", marked("occupation"), as_text),
    ("years_to_qualify", marked("years to qualify"), lambda v: f"{v:g}"),
    ("years_education", marked("of them at school"), _range),
    ("wage_gain", marked("change in median wage (US $ per year)"), lambda v: f"{v:+,.0f}"),
    ("annual_p25_wage", marked("25th percentile (US $ per year)"), money),
    ("annual_p75_wage", marked("75th percentile (US $ per year)"), money),
    ("way_in", marked("what it takes"), as_text),
)
_ROUTE: Columns = (
    ("step", marked("step"), _range),
    ("title", marked("occupation"), as_text),
    ("entry_education", marked("education at entry"), as_text),
    ("education_note", marked("on this level"), as_text),
    ("years_education", marked("additional years of school"), _range),
    ("tuition", marked("tuition (US $)"), money),
    ("annual_p25_wage", marked("25th percentile (US $ per year)"), money),
    ("annual_median_wage", marked("median wage (US $ per year)"), money),
    ("annual_p75_wage", marked("75th percentile (US $ per year)"), money),
    ("exposure", HELP_HEAD, lambda v: f"{v:.2f}"),
    ("automation_score", ALONE_HEAD, lambda v: f"{v:.2f}"),
    (
        "licence_words",
        marked("license"),
        lambda words: words.removeprefix(_("license: {words}", words="")),
    ),
)
_GAPS: Columns = (
    ("element_name", marked("skill, knowledge, activity or software"), as_text),
    ("kind", marked("kind"), as_text),
    ("scale", marked("scale (IM importance 1 to 5, LV level 0 to 7)"), as_text),
    ("from_value", marked("now"), lambda v: f"{v:.2f}"),
    ("to_value", marked("destination"), lambda v: f"{v:.2f}"),
    ("difference", marked("difference"), lambda v: f"{v:+.2f}"),
    ("status", marked("what that means"), as_text),
)
#: Most gaps, and most of what carries over, that the page lists; the CSV has all.
_MAX_ROWS = 12
#: What stands for a missing value, where a dash would say that nothing is asked.
_MISSING = {"years_to_qualify": marked("not known"), "years_education": marked("not known")}
_TEXT = {
    "title",
    "way_in",
    "licence_words",
    "entry_education",
    "education_note",
    "element_name",
    "kind",
    "scale",
    "status",
}


def move_tables(made: Mapping[str, Made]) -> list[dict[str, Any]]:
    """Tables of the charts frontier, route_card and skill_gap, those that were made.

    Parameters
    ----------
    made : mapping
        Name of a chart to its figure and data.
    """
    found = []
    for name, caption, columns in (
        ("frontier", marked("Years to qualify and wage gain: the moves of the chart"), _FRONTIER),
        ("route_card", marked("The route, step by step"), _ROUTE),
        (
            "skill_gap",
            marked("What the destination requires more of, and what carries over"),
            _GAPS,
        ),
    ):
        if name in made:
            data = made[name].data
            found.append(
                _table(_(caption), _listed(data) if name == "skill_gap" else data, columns)
            )
    return found


def _listed(frame: pd.DataFrame) -> pd.DataFrame:
    kept = frame[frame["status"].isin(["gap", "carries over"])]
    return kept.groupby("status", sort=False).head(_MAX_ROWS)


def _table(caption: str, data: pd.DataFrame, offered: Columns) -> dict[str, Any]:
    data = in_spanish(data)
    shown = [column for column in offered if column[0] in data]
    columns = {
        heading: [
            _(_MISSING.get(name, "–")) if pd.isna(v) or v == "" else show(v)
            for v in data[name].tolist()
        ]
        for name, heading, show in shown
    }
    return table(caption, columns, [heading for name, heading, _ in shown if name not in _TEXT])
