"""The cells of a posting in one schema: dates, states, openings, series, text of a bounded size."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping

import numpy as np
import pandas as pd

#: The one schema of postings, whatever they come from.
SCHEMA = ["posting_id", "title", "text", "date", "state", "openings", "series"]
#: Characters of a posting that are read; a longer one is cut here and that is said.
MAX_TEXT = 200_000
#: Where a posting is in several states or series, they stand in one cell with this between them.
BETWEEN = "; "
#: Codes of the U.S. Postal Service, as BLS's tables of states have them.
STATES = {
    "alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA",
    "colorado": "CO", "connecticut": "CT", "delaware": "DE", "district of columbia": "DC",
    "florida": "FL", "georgia": "GA", "guam": "GU", "hawaii": "HI", "idaho": "ID",
    "illinois": "IL", "indiana": "IN", "iowa": "IA", "kansas": "KS", "kentucky": "KY",
    "louisiana": "LA", "maine": "ME", "maryland": "MD", "massachusetts": "MA", "michigan": "MI",
    "minnesota": "MN", "mississippi": "MS", "missouri": "MO", "montana": "MT", "nebraska": "NE",
    "nevada": "NV", "new hampshire": "NH", "new jersey": "NJ", "new mexico": "NM",
    "new york": "NY", "north carolina": "NC", "north dakota": "ND", "ohio": "OH",
    "oklahoma": "OK", "oregon": "OR", "pennsylvania": "PA", "puerto rico": "PR",
    "rhode island": "RI", "south carolina": "SC", "south dakota": "SD", "tennessee": "TN",
    "texas": "TX", "utah": "UT", "vermont": "VT", "virgin islands": "VI", "virginia": "VA",
    "washington": "WA", "west virginia": "WV", "wisconsin": "WI", "wyoming": "WY",
    "american samoa": "AS", "northern mariana islands": "MP",
}  # fmt: skip
_CODES = frozenset(STATES.values())
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def schema(
    frame: pd.DataFrame, columns: Mapping[str, str], source: str, first_row: int, said: Counter
) -> pd.DataFrame:
    """Rows of a file as postings.

    Parameters
    ----------
    frame : DataFrame
        Rows as they were read.
    columns : mapping
        Which column holds what (`columns.found`).
    source : str
        Names the postings that have no id.
    first_row : int
        Number of the first row in its file, from 1.
    said : Counter
        What was odd is counted here, by kind.

    Returns
    -------
    DataFrame
        Columns `SCHEMA`: `posting_id`, `title`, `text` (text; missing where empty), `date`
        (a day), `state` (codes, several with `BETWEEN` between them), `openings` (a number),
        `series` (four digits, several likewise). Missing stays missing.
    """
    n = len(frame)
    cells = {name: frame[column].tolist() for name, column in columns.items()}
    numbers = range(first_row, first_row + n)
    ids = [_text(cell) for cell in cells.get("id", [None] * n)]
    if "id" in columns and (lacking := sum(not one for one in ids)):
        said["postings without an id, numbered by their rows"] += lacking
    texts = [_text(cell) for cell in cells.get("text", [None] * n)]
    if cut := sum(len(one) > MAX_TEXT for one in texts if one):
        said[f"postings longer than {MAX_TEXT:,} characters, read to there"] += cut
    empty = [None] * n
    return pd.DataFrame(
        {
            "posting_id": [
                one or f"{source}:{row}" for one, row in zip(ids, numbers, strict=True)
            ],
            "title": [_text(cell) for cell in cells.get("title", empty)],
            "text": [one[:MAX_TEXT] if one else one for one in texts],
            "date": dates(cells.get("date", empty), "date" in columns, said),
            "state": [_states(cell, said) for cell in cells.get("state", empty)],
            "openings": [_number(cell, said) for cell in cells.get("openings", empty)],
            "series": [series_codes(cell) for cell in cells.get("series", empty)],
        }
    ).astype({"posting_id": "str", "title": "str", "text": "str", "state": "str", "series": "str",
              "openings": "float64"})  # fmt: skip


def dates(cells: list, expected: bool, said: Counter) -> pd.Series:
    """Days: ISO, month/day/year, YYYYMMDD, and seconds or milliseconds since 1970.

    Nothing else is guessed: what cannot be read is missing, and counted.
    """
    out = pd.Series(pd.NaT, index=range(len(cells)), dtype="datetime64[s]")
    texts = pd.Series([_day_text(cell) for cell in cells], dtype="str")
    given = texts.notna() & (texts.str.strip() != "")
    if expected and (lacking := int((~given).sum())):
        said["postings without a date"] += lacking
    if not given.any():
        return out
    texts = texts[given].str.strip()
    for form in ("ISO8601", "%Y%m%d", "%m/%d/%Y"):
        left = texts[out[texts.index].isna()]
        if left.empty:
            break
        read = pd.to_datetime(left, format=form, errors="coerce", utc=True)
        out[left.index] = read.dt.tz_localize(None).dt.floor("D").astype("datetime64[s]")
    # Before 1990 or after 2100 nobody posted on the web: a typing error, not a date.
    out[(out.dt.year < 1990) | (out.dt.year > 2100)] = pd.NaT
    if unread := int(out[texts.index].isna().sum()):
        said["dates that cannot be read"] += unread
    return out


def _day_text(cell: object) -> str | None:
    if cell is None or cell is pd.NaT:
        return None
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, (int, float, np.integer, np.floating)):
        if not np.isfinite(cell):
            return None
        number = int(cell)
        if 10**8 < number < 10**14:  # seconds or milliseconds
            seconds = number if number < 10**11 else number // 1000
            return pd.Timestamp(seconds, unit="s").strftime("%Y-%m-%d")
        return str(number)
    text = str(cell)
    # The time of day, in whatever form, makes no difference to the month.
    return text[:10] if re.match(r"\d{4}-\d{2}-\d{2}[T ]", text) else text


def _states(cell: object, said: Counter) -> str | None:
    listed = (
        cell
        if isinstance(cell, (list, tuple, np.ndarray))
        else re.split(r"[;|]", _text(cell) or "")
    )
    out, unknown = [], 0
    for one in listed:
        name = (_text(one) or "").strip().strip(".").casefold()
        if not name:
            continue
        code = name.upper() if name.upper() in _CODES else STATES.get(name)
        if code is None:
            unknown += 1
        elif code not in out:
            out.append(code)
    if unknown and not out:
        said["places that are no U.S. state, left out of the tables by state"] += 1
    return BETWEEN.join(sorted(out)) or None


def _number(cell: object, said: Counter) -> float | None:
    text = (_text(cell) or "").strip().replace(",", "")
    if not text:
        return None
    if re.fullmatch(r"\d{1,6}(\.0+)?", text):
        return float(text)
    said["numbers of openings that are no number, taken as not stated"] += 1
    return None


def series_codes(cell: object) -> str | None:
    """Four-digit federal series of a cell, with leading zeros; None where there is none."""
    listed = cell if isinstance(cell, (list, tuple, np.ndarray)) else [cell]
    found: list[str] = []
    for one in listed:
        text = _text(one) or ""
        found += [code.zfill(4) for code in re.findall(r"(?<!\d)\d{1,4}(?!\d)", text)]
    return BETWEEN.join(dict.fromkeys(found)) or None


def _text(cell: object) -> str | None:
    """A cell's text without signs that no page shows; None where it has none."""
    if cell is None or cell is pd.NaT or cell is pd.NA:
        return None
    if isinstance(cell, float):
        if np.isnan(cell):
            return None
        cell = int(cell) if cell.is_integer() and abs(cell) < 2**53 else cell
    if isinstance(cell, np.ndarray):
        cell = cell.tolist()
    if isinstance(cell, bytes):
        cell = cell.decode("utf-8", "replace")
    text = (
        cell
        if isinstance(cell, str)
        else json.dumps(cell, default=str, ensure_ascii=False)
        if isinstance(cell, (list, dict))
        else str(cell)
    )
    # Halves of characters, which no encoding can write, come from broken escapes in JSON.
    text = text.encode("utf-8", "replace").decode() if not text.isascii() else text
    text = _UNPRINTABLE.sub(" ", text)
    return text if text.strip() else None
