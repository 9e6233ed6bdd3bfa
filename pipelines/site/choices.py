"""What an adviser can say of a client on an occupation's page."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.figures.paths import usual_education
from pipelines.pathways.routes.judgment import PRIORITY_WEIGHTS
from pipelines.pathways.routes.network import N_SIMILAR
from pipelines.pathways.routes.search import PRESETS
from pipelines.pathways.schooling.credentials import credentials
from pipelines.pathways.schooling.education import EDUCATION_LEVELS

_MATTERS = {
    "balance": "a balance of all three",
    "pay": "pay",
    "exposure": "less exposure",
    "automation": "less that software could do alone",
    "schooling": "less schooling",
}


def choices(analysis: Analysis, soc_code: str) -> dict[str, Any] | None:
    """The form of one occupation; None for one that nothing can be compared with.

    The states come from `app/places.js`, once for all pages.

    Returns
    -------
    dict
        ``choices`` (name, label, usual value, options); ``credentials`` (name, full name) of
        those that open the occupation or one of its neighbors; ``areas``: whether the release has
        wages of areas.
    """
    if soc_code not in analysis.pathways.table.index:
        return None
    levels = [(str(i), name) for i, name in enumerate(EDUCATION_LEVELS)]
    usual = str(EDUCATION_LEVELS.index(usual_education(analysis, soc_code)))
    asked = [
        ("education", "Education completed", usual, levels),
        ("limit", "Most additional education", "", [("", "any"), *((p, p) for p in PRESETS)]),
        ("study", "Study", "full",
         [("full", "full time"), ("part", "part time while working: twice the years")]),
        ("state", "State", "", [("", "United States")]),
        ("steps", "Maximum number of moves", "2", [(n, n) for n in "123"]),
        ("matters", "What matters most", "balance", [(p, _MATTERS[p]) for p in PRIORITY_WEIGHTS]),
    ]  # fmt: skip
    return {
        "choices": [
            {"name": name, "label": label, "usual": usual, "options": options}
            for name, label, usual, options in asked
        ],
        "credentials": _near(analysis, soc_code),
        "areas": analysis.release.has("area_wages"),
    }


def _near(analysis: Analysis, soc_code: str) -> list[tuple[str, str]]:
    data = analysis.pathways
    at = data.position(soc_code)
    near = {soc_code, *data.table.index[[p for p in data.to[at, :N_SIMILAR] if p >= 0]]}
    known: pd.DataFrame = credentials()
    return [
        (row["name"], row["full_name"])
        for row in known.to_dict("records")
        if near & set(row["opens"].split(", "))
    ]
