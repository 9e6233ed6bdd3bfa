"""The numbers behind the charts of moves, as tables that people and screen readers read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from pipelines.charts.kit.theme import money
from pipelines.figures import Made
from pipelines.site.tables import ALONE_HEAD, HELP_HEAD, table

Show = Callable[[Any], str]
Columns = tuple[tuple[str, str, Show], ...]


def _range(value: float) -> str:
    return f"{value:g}"


_FRONTIER: Columns = (
    ("title", "occupation", str),
    ("years_to_qualify", "years to qualify", lambda v: f"{v:g}"),
    ("years_education", "of them at school", _range),
    ("wage_gain", "change in median wage (US $ per year)", lambda v: f"{v:+,.0f}"),
    ("annual_p25_wage", "25th percentile (US $ per year)", money),
    ("annual_p75_wage", "75th percentile (US $ per year)", money),
    ("way_in", "what it takes", str),
)
_ROUTE: Columns = (
    ("step", "step", _range),
    ("title", "occupation", str),
    ("entry_education", "education at entry", str),
    ("education_note", "on this level", str),
    ("years_education", "additional years of school", _range),
    ("tuition", "tuition (US $)", money),
    ("annual_p25_wage", "25th percentile (US $ per year)", money),
    ("annual_median_wage", "median wage (US $ per year)", money),
    ("annual_p75_wage", "75th percentile (US $ per year)", money),
    ("exposure", HELP_HEAD, lambda v: f"{v:.2f}"),
    ("automation_score", ALONE_HEAD, lambda v: f"{v:.2f}"),
    ("licence_words", "license", lambda words: words.removeprefix("license: ")),
)
_GAPS: Columns = (
    ("element_name", "skill, knowledge, activity or software", str),
    ("kind", "kind", str),
    ("scale", "scale (IM importance 1 to 5, LV level 0 to 7)", str),
    ("from_value", "now", lambda v: f"{v:.2f}"),
    ("to_value", "destination", lambda v: f"{v:.2f}"),
    ("difference", "difference", lambda v: f"{v:+.2f}"),
    ("status", "what that means", str),
)
#: Most gaps, and most of what carries over, that the page lists; the CSV has all.
_MAX_ROWS = 12
#: What stands for a missing value, where a dash would say that nothing is asked.
_MISSING = {"years_to_qualify": "not known", "years_education": "not known"}
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
        ("frontier", "Years to qualify and wage gain: the moves of the chart", _FRONTIER),
        ("route_card", "The route, step by step", _ROUTE),
        ("skill_gap", "What the destination requires more of, and what carries over", _GAPS),
    ):
        if name in made:
            data = made[name].data
            found.append(_table(caption, _listed(data) if name == "skill_gap" else data, columns))
    return found


def _listed(frame: pd.DataFrame) -> pd.DataFrame:
    kept = frame[frame["status"].isin(["gap", "carries over"])]
    return kept.groupby("status", sort=False).head(_MAX_ROWS)


def _table(caption: str, data: pd.DataFrame, columns: Columns) -> dict[str, Any]:
    shown = [column for column in columns if column[0] in data]
    frame = pd.DataFrame(
        {
            heading: [
                _MISSING.get(name, "–") if pd.isna(v) or v == "" else show(v) for v in data[name]
            ]
            for name, heading, show in shown
        }
    )
    return table(caption, frame, [heading for name, heading, _ in shown if name not in _TEXT])
