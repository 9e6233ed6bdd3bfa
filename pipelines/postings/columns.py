"""Which column of a user's file is which: title, text, date, state, openings, series, id."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipelines.base.errors import UsageError

#: What a posting has, and the names that are found without being told, spelled as `_plain` does.
NAMES: dict[str, tuple[str, ...]] = {
    "id": ("posting_id", "id", "job_id", "ad_id", "control_number", "usajobscontrolnumber"),
    "title": ("title", "job_title", "jobtitle", "position_title", "positiontitle"),
    "text": ("text", "description", "job_description", "jobdescription", "full_text", "body"),
    "date": ("date", "date_posted", "posted_date", "posting_date", "posted", "open_date",
             "positionopendate", "created"),
    "state": ("state", "state_name", "state_code", "region"),
    "openings": ("openings", "total_openings", "totalopenings", "vacancies", "positions"),
    "series": ("series", "occupational_series", "positionseries"),
}  # fmt: skip


def told(text: str | None) -> dict[str, str]:
    """``title=job_title,text=description`` as a mapping.

    Raises
    ------
    UsageError
        Not of this form, or not a name of `NAMES`.
    """
    out: dict[str, str] = {}
    for pair in (text or "").split(","):
        if not pair.strip():
            continue
        ours, sign, theirs = (part.strip() for part in pair.partition("="))
        if not sign or not theirs or ours not in NAMES:
            raise UsageError(
                f"--columns {pair.strip()}", f"expected NAME=COLUMN with NAME one of "
                f"{', '.join(NAMES)}", "Write, for example, title=job_title,text=description",
            )  # fmt: skip
        if ours in out:
            raise UsageError(f"--columns {pair.strip()}", f"{ours} is given twice", "Give one")
        out[ours] = theirs
    return out


def found(
    columns: Sequence[str], source: str, named: Mapping[str, str], doubled: Sequence[str] = ()
) -> dict[str, str]:
    """Which column holds what: those named, else the first known name, case not counted.

    Parameters
    ----------
    columns : sequence of str
        Of the file.
    source : str
        For the error.
    named : mapping
        As `told` gives it.
    doubled : sequence of str
        Names that several columns have: none of them can be meant.

    Raises
    ------
    UsageError
        A named column is not there or there twice, or the file has neither title nor text.
    """
    exact = set(columns)
    plain: dict[str, str] = {}
    for column in columns:
        plain.setdefault(_plain(column), column)
    out = {}
    for ours, names in NAMES.items():
        if ours in named:
            column = named[ours] if named[ours] in exact else plain.get(_plain(named[ours]), "")
            if not column or column in doubled:
                why = "several columns have that name" if column else "there is no such column"
                raise UsageError(
                    source, f"--columns {ours}={named[ours]}: {why}; the columns are "
                    f"{', '.join(map(str, columns[:20]))}", "Name one of them",
                )  # fmt: skip
            out[ours] = column
        else:
            known = next((plain[name] for name in names if name in plain), "")
            if known and known not in doubled:
                out[ours] = known
    if "title" not in out and "text" not in out:
        raise UsageError(
            source, f"neither a title nor a text; the columns are "
            f"{', '.join(map(str, columns[:20])) or 'none'}",
            "Name them: --columns title=COLUMN,text=COLUMN",
        )  # fmt: skip
    return out


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", str(name).strip().lower()).strip("_")
