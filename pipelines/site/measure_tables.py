"""What other studies measured of an occupation, and who judged its tasks: tables and sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.base.language import ENGLISH, curated, english, marked, spoken
from pipelines.base.language import translated as _
from pipelines.base.percentiles import whole
from pipelines.base.records import records
from pipelines.exposure.published.agreement import NO_LICENSE, OWN_MEASURES, said_agreement
from pipelines.exposure.published.meanings import left_out, withheld_sentence
from pipelines.site.tables import table


def measure_tables(analysis: Analysis, code: str) -> list[dict[str, Any]]:
    """Every published measure beside our own scores; none where no one else measured it."""
    rows = analysis.measure_rows(code)
    if _not_measured(rows):
        return []

    def shown(column: str, form: str) -> list[str]:
        return ["–" if pd.isna(row[column]) else form.format(row[column]) for row in rows]

    columns = {
        marked("measure"): [curated(row["name"]) for row in rows],
        marked("value"): shown("value", "{:.2f}"),
        marked("higher than in … % of occupations"): [
            "–" if pd.isna(row["percentile"]) else str(whole(row["percentile"])) for row in rows
        ],
        marked("occupations measured"): shown("n_occupations", "{:,.0f}"),
        marked("one code"): [_("no") if row["ambiguous"] else _("yes") for row in rows],
        marked("vintage"): [curated(row["vintage"]) for row in rows],
        marked("license"): [english(row["licence"]) for row in rows],
        marked("address"): [row["address"] for row in rows],
    }
    caption = _("Measures of this occupation, side by side; – means not in the data in use")
    return [table(caption, columns, list(columns)[1:4])]


def _not_measured(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether no one else measured the occupation."""
    return all(pd.isna(row["value"]) for row in rows if row["measure"] not in OWN_MEASURES)


def judge_tables(analysis: Analysis, code: str) -> list[dict[str, Any]]:
    """Both scores by who judged the tasks; none for an occupation without tasks."""
    rows = analysis.judge_rows(code)
    if all(pd.isna(row["value"]) for row in rows):
        return []

    def shown(value: Any, form: str) -> str:
        return "–" if pd.isna(value) else form.format(value)

    columns = {
        marked("question"): [curated(row["question"]) for row in rows],
        marked("judged by"): [curated(row["source"]) for row in rows],
        marked("value (0 to 1)"): [shown(row["value"], "{:.2f}") for row in rows],
        marked("our score, same tasks"): [shown(row["ours"], "{:.2f}") for row in rows],
        marked("tasks judged"): [
            _("{n} of {total}", n=row["n_tasks"], total=row["tasks"]) for row in rows
        ],
        "higher than in … % of occupations": [
            "–" if pd.isna(row["percentile"]) else str(whole(row["percentile"])) for row in rows
        ],
        marked("occupations compared"): [shown(row["n_occupations"], "{:,.0f}") for row in rows],
    }
    caption = _("The same tasks by who judged them; – means not judged, or too few tasks")
    return [table(caption, columns, list(columns)[2:])]


def measure_lines(analysis: Analysis, code: str, full: bool, tables: Sequence[Any]) -> list[str]:
    """How far the measures agree and how to read their table; in brief, how far they agree."""
    rows = analysis.measure_rows(code)
    if not tables and _not_measured(rows):
        return []
    if not full or spoken() != ENGLISH:
        return [said_agreement(rows)]
    left = [
        _("Left out: {name}, because {reason}.", name=e["name"], reason=curated(e["reason"]))
        for e in records(left_out())
    ]
    if any(row["missing"] == NO_LICENSE for row in rows):
        left.insert(0, withheld_sentence())
    return [
        said_agreement(rows),
        _(
            "Each row is made in another way and on another scale: compare the percentages, not "
            "the values. “One code: no” means that the study's code covers several occupations "
            "here, or the other way round. Where the rows disagree, no one knows better yet. Our "
            "score learned from the labels by people and by GPT-4: that it stands near them is no "
            "test of it."
        ),
        *left,
    ]
