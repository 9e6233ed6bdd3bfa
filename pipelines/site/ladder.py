"""The next steps from a job, in their rank, as a ladder: its picture and its sentence."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from pipelines.base.language import ENGLISH, plain, plural, speaking
from pipelines.base.language import translated as _
from pipelines.base.records import records_of
from pipelines.base.words import joined
from pipelines.charts.kit.theme import money, number
from pipelines.pathways.schooling.credentials import licence_words
from pipelines.pathways.schooling.education import everyday
from pipelines.pathways.schooling.training import training_words
from pipelines.site.spanish import title
from pipelines.site.svg import line, svg, text

#: Rungs that the ladder shows; letters of a line beside it.
RUNGS, LETTERS = 3, 46
#: What is read of a rung.
_READ = [
    "soc_code", "title", "wage_gain", "required_education", "years_education", "years_experience",
    "job_training", "licence",
]  # fmt: skip


def rung_words(row: Mapping[str, Any]) -> str:
    """School, training and license of a destination in few words."""
    years = number(row.get("years_education"))
    school = (
        _("school not known") if years is None
        else _("no more school") if years == 0
        else plural("{n:g} year of school", "{n:g} years of school", years)
    )  # fmt: skip
    experience = number(row.get("years_experience")) or 0
    parts = [school]
    if experience:
        parts.append(
            plural("{n:g} year of related work", "{n:g} years of related work", experience)
        )
    training = str(row.get("job_training"))
    if training != "None":
        parts.append(training_words(training))
    parts.append(_licence(row))
    return "; ".join(parts)


def _licence(row: Mapping[str, Any]) -> str:
    """Whether a license is asked for; the section on credentials names it."""
    if row.get("licence"):
        return _("license")
    with speaking(ENGLISH):  # the words lead to what is said
        kind, colon, words = licence_words(str(row["soc_code"])).partition(": ")
    if words == "not looked up":
        return _("license not looked up")
    if words == "BLS names none" or words.startswith("none usually asked for"):
        return _("no license named")
    # The words are "license", "certification" or "way in".
    named = {"certification": _("certification"), "way in": _("apprenticeship")}
    return named.get(kind, _("license"))


def signed(gain: float) -> str:
    """A change in pay with its sign: +$1,200."""
    return f"{'+' if gain >= 0 else '−'}{money(abs(gain))}"


def next_rungs(destinations: pd.DataFrame) -> list[dict[str, Any]]:
    """The first destinations in their rank, as every table and chart of the page has them."""
    return records_of(destinations, _READ)[:RUNGS]


def ladder_picture(own: str, destinations: pd.DataFrame) -> Markup | None:
    """The next rungs above the present job, first in rank on top, with what each asks for."""
    rungs = next_rungs(destinations)
    if not rungs:
        return None
    shapes: list[str] = []
    said, top = [], 0.0
    for place, row in enumerate(rungs, 1):
        name = plain(title(str(row["soc_code"]), row["title"]))
        lines = textwrap.wrap(f"{place}. {name}", LETTERS)
        gain = number(row.get("wage_gain"))
        pay = "" if gain is None else _("{gain} a year; ", gain=signed(gain))
        more = textwrap.wrap(pay + rung_words(row), LETTERS + 6)
        shapes.append(line(2, top + 8, 20, top + 8, "rung"))
        for i, words in enumerate(lines):
            shapes.append(text(26, top + 12 + 15 * i, words, "strong"))
        for i, words in enumerate(more):
            shapes.append(text(26, top + 12 + 15 * len(lines) + 14 * i, words, "soft"))
        said.append(
            f"{place}. {name}, {everyday(_(row['required_education']))}: {pay}{rung_words(row)}"
        )
        top += 15 * len(lines) + 14 * len(more) + 8
    shapes.append(line(2, top + 8, 20, top + 8, "rung"))
    for i, words in enumerate(textwrap.wrap(_("Now: {title}", title=plain(own)), LETTERS)):
        shapes.append(text(26, top + 12 + 15 * i, words))
        end = top + 15 * (i + 1)
    shapes += [line(x, 0, x, top + 16, "rail") for x in (2, 20)]
    return svg(end + 4, _("Next steps. {said}", said=" ".join(said)), shapes)


def ladder_sentence(destinations: pd.DataFrame) -> str:
    """The first in rank, with its school and pay."""
    rungs = next_rungs(destinations)
    if not rungs:
        return _("No next step was found in these data.")
    row = rungs[0]
    years = number(row.get("years_education"))
    gain = number(row.get("wage_gain"))
    parts = [_("First in rank: {title}", title=title(str(row["soc_code"]), row["title"]))]
    if years:
        parts.append(
            plural("with {n:g} more year of school", "with {n:g} more years of school", years)
        )
    elif years is not None:
        parts.append(_("with no more school"))
    if gain is not None:
        dollars = money(abs(gain))
        parts.append(
            _("for {dollars} a year more", dollars=dollars) if gain >= 0
            else _("for {dollars} a year less", dollars=dollars)
        )  # fmt: skip
    return joined(parts, ", ") + "."
