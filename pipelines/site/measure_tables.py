"""What other studies measured of an occupation, and who judged its tasks: tables and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.base.language import ENGLISH, curated, english, marked, spoken
from pipelines.base.language import translated as _
from pipelines.base.percentiles import whole
from pipelines.base.records import records
from pipelines.exposure.published.agreement import NO_LICENSE, OWN_MEASURES, agreement_sentence
from pipelines.exposure.published.meanings import left_out, withheld_sentence
from pipelines.site.tables import table


def measure_tables(analysis: Analysis, code: str) -> list[dict[str, Any]]:
    """Every published measure beside our own scores; none where no one else measured it."""
    rows = analysis.side_by_side(code)
    if rows.loc[~rows["measure"].isin(OWN_MEASURES), "value"].isna().all():
        return []

    def shown(column: str, form: str) -> list[str]:
        return ["–" if pd.isna(v) else form.format(v) for v in rows[column]]

    frame = pd.DataFrame(
        {
            marked("measure"): [curated(name) for name in rows["name"]],
            marked("value"): shown("value", "{:.2f}"),
            marked("higher than in … % of occupations"): [
                "–" if pd.isna(v) else str(whole(v)) for v in rows["percentile"]
            ],
            marked("occupations measured"): shown("n_occupations", "{:,.0f}"),
            marked("one code"): [_("no") if a else _("yes") for a in rows["ambiguous"]],
            marked("vintage"): [curated(v) for v in rows["vintage"]],
            marked("license"): [english(v) for v in rows["licence"]],
            marked("address"): rows["address"],
        },
        dtype="object",  # keeps the marks of what stays in English
    )
    names = list(frame.columns[1:4])
    caption = _("Measures of this occupation, side by side; – means not in the data in use")
    return [table(caption, frame, names)]


def judge_tables(analysis: Analysis, code: str) -> list[dict[str, Any]]:
    """Both scores by who judged the tasks; none for an occupation without tasks."""
    if code not in set(analysis.occupation_exposure["onet_soc_code"]):
        return []
    rows = analysis.judges_of(code)
    if rows["value"].isna().all():
        return []

    def shown(value: Any, form: str) -> str:
        return "–" if pd.isna(value) else form.format(value)

    frame = pd.DataFrame(
        [
            {
                marked("question"): curated(row["question"]),
                marked("judged by"): curated(row["source"]),
                marked("value (0 to 1)"): shown(row["value"], "{:.2f}"),
                marked("our score, same tasks"): shown(row["ours"], "{:.2f}"),
                marked("tasks judged"): _("{n} of {total}", n=row["n_tasks"], total=row["tasks"]),
                "higher than in … % of occupations": "–" if pd.isna(row["percentile"])
                else str(whole(row["percentile"])),
                marked("occupations compared"): shown(row["n_occupations"], "{:,.0f}"),
            }
            for row in records(rows)
        ],
        dtype="object",
    )  # fmt: skip
    caption = _("The same tasks by who judged them; – means not judged, or too few tasks")
    return [table(caption, frame, list(frame.columns[2:]))]


def measure_lines(analysis: Analysis, code: str, full: bool, tables: Sequence[Any]) -> list[str]:
    """How far the measures agree and how to read their table; in brief, how far they agree."""
    rows = analysis.side_by_side(code)
    if not tables and rows.loc[~rows["measure"].isin(OWN_MEASURES), "value"].isna().all():
        return []
    if not full or spoken() != ENGLISH:
        return [agreement_sentence(rows)]
    left = [
        _("Left out: {name}, because {reason}.", name=e["name"], reason=curated(e["reason"]))
        for e in records(left_out())
    ]
    if (rows["missing"] == NO_LICENSE).any():
        left.insert(0, withheld_sentence())
    return [
        agreement_sentence(rows),
        _(
            "Each row is made in another way and on another scale: compare the percentages, not "
            "the values. “One code: no” means that the study's code covers several occupations "
            "here, or the other way round. Where the rows disagree, no one knows better yet. Our "
            "score learned from the labels by people and by GPT-4: that it stands near them is no "
            "test of it."
        ),
        *left,
    ]
