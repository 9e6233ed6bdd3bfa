"""Rows of USAJOBS as frames: short fields, and the duties out of the announcements' texts.

Names are read without case: answers spell the arrays HiringPaths or hiringpaths. The series is
its four digits, whatever its label. Nothing about applicants is in these data, and what names
the agency's contact (howToApply and its like) is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from pipelines.base.errors import ShapeChanged

#: Columns of `announcements`.
COLUMNS = ["posting_id", "title", "date", "state", "openings", "series"]


def announcements(rows: Iterable[Mapping]) -> pd.DataFrame:
    """The short fields of announcements, the last row of each control number.

    Parameters
    ----------
    rows : iterable of mapping
        As the interface gives them.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`, all text: control number, position title, the day on which it opened
        (which makes the month: closing dates move more often), names of states (several with
        "; " between; a place abroad has none), openings as stated, series (four digits, several
        with "; " between). Missing stays missing.

    Raises
    ------
    ShapeChanged
        Rows without a control number.
    """
    found: dict[str, dict] = {}
    for row in map(lower_names, rows):
        number = _number(row)
        places = (lower_names(place) for place in _list(row.get("positionlocations")))
        states = [str(p["positionlocationstate"]) for p in places if p.get("positionlocationstate")]
        series = [
            str(lower_names(one).get("series") or "") for one in _list(row.get("jobcategories"))
        ]
        found.pop(number, None)
        found[number] = {
            "posting_id": number,
            "title": row.get("positiontitle"),
            "date": str(row.get("positionopendate") or "")[:10] or None,
            "state": "; ".join(dict.fromkeys(states)) or None,
            "openings": None if row.get("totalopenings") is None else str(row["totalopenings"]),
            "series": "; ".join(dict.fromkeys(four_digits(series))) or None,
        }
    return pd.DataFrame(list(found.values()), columns=COLUMNS).astype("str")


def duties(rows: Iterable[Mapping]) -> pd.DataFrame:
    """What the announcements' texts say of the duties: `posting_id`, `text` (HTML, or missing).

    Tasks stand in the field duties, in older announcements in majorDutiesList; the summary
    speaks of the employer.

    Raises
    ------
    ShapeChanged
        Rows without a control number.
    """
    found: dict[str, str | None] = {}
    for row in map(lower_names, rows):
        told = row.get("duties") or row.get("majordutieslist")
        if isinstance(told, list):
            told = "\n".join(str(one) for one in told if one)
        found[_number(row)] = told if isinstance(told, str) and told.strip() else None
    frame = pd.DataFrame({"posting_id": list(found), "text": list(found.values())}, dtype=object)
    return frame.astype("str")


def four_digits(labels: Iterable[str]) -> list[str]:
    """The codes of series out of codes with or without zeros and labels: 89 is 0089."""
    codes = (re.match(r"\s*(\d{1,4})(?!\d)", label) for label in labels)
    return [code[1].zfill(4) for code in codes if code]


def _number(row: Mapping) -> str:
    number = row.get("usajobscontrolnumber")
    if isinstance(number, bool) or not re.fullmatch(r"\d{1,18}", str(number)):
        raise ShapeChanged(
            "USAJOBS", f"a row without usajobsControlNumber ({str(number)[:40]})",
            "See whether its interface has changed",
        )  # fmt: skip
    return str(number)


def lower_names(value: object) -> dict:
    """A mapping with names in lower case: the interface spells them in several ways; else {}."""
    return {str(k).lower(): v for k, v in value.items()} if isinstance(value, Mapping) else {}


def _list(value: object) -> list:
    return value if isinstance(value, list) else []
