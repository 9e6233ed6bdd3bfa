"""What an adviser can say of a client on an occupation's page."""

from __future__ import annotations

from typing import Any

from pipelines.analysis import Analysis
from pipelines.base.language import ENGLISH, marked, speaking
from pipelines.base.language import translated as _
from pipelines.figures.paths import usual_education
from pipelines.pathways.routes.judgment import PRIORITY_WEIGHTS
from pipelines.pathways.routes.network import N_SIMILAR
from pipelines.pathways.routes.search import PRESETS
from pipelines.pathways.schooling.credentials import credentials_near
from pipelines.pathways.schooling.education import EDUCATION_LEVELS, everyday

_MATTERS = {
    "balance": marked("a balance of all three"),
    "pay": marked("pay"),
    "exposure": marked("less exposure"),
    "automation": marked("less that software could do alone"),
    "schooling": marked("less schooling"),
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
    levels = [(str(i), _(name)) for i, name in enumerate(EDUCATION_LEVELS)]
    usual = str(EDUCATION_LEVELS.index(usual_education(analysis, soc_code)))
    asked = [
        ("education", _("Education completed"), usual, levels),
        ("limit", _("Most additional education"), "",
         [("", _("any")), *((p, _(p)) for p in PRESETS)]),
        ("study", _("Study"), "full",
         [("full", _("full time")), ("part", _("part time while working: twice the years"))]),
        ("state", _("State"), "", [("", _("United States"))]),
        ("steps", _("Maximum number of moves"), "2", [(n, n) for n in "123"]),
        ("matters", _("What matters most"), "balance",
         [(p, _(_MATTERS[p])) for p in PRIORITY_WEIGHTS]),
    ]  # fmt: skip
    return {
        "choices": [
            {"name": name, "label": label, "usual": usual, "options": options}
            for name, label, usual, options in asked
        ],
        "credentials": _near(analysis, soc_code),
        "areas": analysis.release.has("area_wages"),
    }


def english_options(analysis: Analysis) -> dict[str, dict[str, str]]:
    """The options of the form that have words, by name of the choice and value, in English."""
    codes = analysis.pathways.table.index
    with speaking(ENGLISH):
        form = choices(analysis, str(codes[0])) or {"choices": []}
    return {
        one["name"]: {value: everyday(words) for value, words in one["options"]}
        for one in form["choices"]
        if one["name"] != "state"
    }


def _near(analysis: Analysis, soc_code: str) -> list[tuple[str, str]]:
    data = analysis.pathways
    at = data.position(soc_code)
    near = {soc_code, *data.table.index[[p for p in data.to[at, :N_SIMILAR] if p >= 0]]}
    return credentials_near(near)
