"""What it takes to enter the end of a route, in words."""

from __future__ import annotations

import pandas as pd

from pipelines.base.language import plural, translated
from pipelines.base.words import joined
from pipelines.pathways.schooling.credentials import licence, licence_list, licence_words
from pipelines.pathways.schooling.education import NOTES, with_article
from pipelines.pathways.schooling.training import training_words


def _number(years: float) -> str:
    if years % 1 == 0:
        return plural("{n:.0f} year", "{n:.0f} years", years)
    return translated("{n:.1f} years", n=years)


def level_note(note: str, entry: object, typical: object) -> str:
    """What must be said of the level by which a route enters.

    Parameters
    ----------
    note : str
        ``education_note`` of the occupation (`network.education_notes`).
    entry, typical : str
        The level of the route, and BLS's.
    """
    if "license takes" in note and entry != typical:
        return NOTES[3].format(level=with_article(str(typical)))
    return note


def way_in(row: pd.Series | dict) -> str:
    """The requirements of a row of `search.find_paths` in words; what is not known says so.

    Parameters
    ----------
    row : Series or dict
        ``years_education``, ``years_experience`` (of all steps), ``via_soc`` ("" where the move is
        one step), ``entry_education`` and ``education_note`` (by which the route enters),
        ``work_experience``, ``job_training``, ``licence``, ``to_soc`` (of the
        destination).
    """
    years, asked = row["years_education"], str(row["entry_education"])
    level = translated(asked)
    level = f"{level[0].lower()}{level[1:]}"
    if not years:
        parts = [translated("no more school ({level})", level=level)]
    elif row.get("via_soc"):  # a stop on the way may ask for more than the end
        parts = [translated("{years} of school in all ({level} at the end)", years=_number(years),
                            level=level)]  # fmt: skip
    else:
        parts = [translated("{years} of school, to {level}", years=_number(years), level=level)]
    if note := row["education_note"]:
        parts[0] += f"; {note}"
    experience = row["years_experience"]
    if experience:
        parts.append(translated("{years} of related work first", years=_number(experience)))
    parts.append(training_words(row["job_training"]))
    to = str(row["to_soc"])
    # What a stop on the way asks for closes the route too.
    alone = row["licence"] in ("", licence(to))
    parts.append(
        licence_words(to) if alone
        else translated("license: {words}", words=licence_list(str(row["licence"])))
    )  # fmt: skip
    return joined(parts, "; ")
