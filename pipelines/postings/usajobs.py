"""Federal postings from USAJOBS onto this disk: a file a series and month, whole or not there.

Texts are masked before they are stored. A run that was stopped goes on with the months that it
lacks; a month that was not over, or whose texts could not be had, is asked for again. Federal
postings are not the labor market.
"""

from __future__ import annotations

import calendar
import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.base.errors import OutlookError, Unavailable, UsageError
from pipelines.base.files import unfinished
from pipelines.postings.cells import MAX_TEXT
from pipelines.sources.fetch.usajobs import ADDRESS, TEXTS, Asking, month_of
from pipelines.sources.read import usajobs as read

#: What is said wherever figures from these postings are shown.
NOT_THE_MARKET = (
    "USAJOBS has the postings of federal employers alone: they are not the labor market, and a "
    "posting is not a vacancy."
)
_SCHEMA = pa.schema([(name, pa.large_string()) for name in (*read.COLUMNS, "text")])
#: Months in a row that fail before the rest is not asked for: the publisher is in trouble.
_GIVE_UP = 3
#: The interface has whole years from then on; before, only what stayed open long.
_FIRST = "2017-01"


def months(first: str, last: str) -> list[str]:
    """Months from `first` to `last`, both in, as YYYY-MM.

    Raises
    ------
    UsageError
        Not two months in order, or before the interface has any.
    """
    for name, month in (("--from", first), ("--to", last)):
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
            raise UsageError(f"{name} {month}", "expected a month, as 2024-02", "Correct it")
        if month < _FIRST:
            raise UsageError(
                f"{name} {month}", f"USAJOBS has postings from {_FIRST} on", "Give a later month"
            )
    if first > last:
        raise UsageError(f"--from {first} --to {last}", "the end is before the beginning", "Swap")
    return pd.period_range(first, last, freq="M").astype(str).tolist()


def series_told(text: str) -> list[str]:
    """``0675,649`` as codes of four digits; UsageError where one is none."""
    out = []
    for one in text.split(","):
        if not re.fullmatch(r"\s*\d{1,4}\s*", one):
            raise UsageError(
                f"--series {one.strip() or text}", "expected federal series, as 0675,0649",
                "See data/raw/curated/usajobs_series.csv",
            )  # fmt: skip
        out.append(one.strip().zfill(4))
    return list(dict.fromkeys(out))


def collect(
    series: list[str], wanted: list[str], folder: Path, asking: Asking,
    mask: Callable[[str], str], say: Callable[[str], None],
) -> tuple[list[str], list[str]]:  # fmt: skip
    """Fetch the postings of these series that opened in these months.

    Parameters
    ----------
    series, wanted : list of str
        Codes of four digits, and months (`months`).
    folder : Path
        Gets ``SERIES/MONTH.parquet``: posting_id, title, date, state, openings, series, text
        (masked). A series and month without postings is a file without rows.
    asking : Asking
    mask : callable
        Takes names, phones and mail addresses out of a text.
    say : callable
        Called with what is going on.

    Returns
    -------
    files, problems : list of str
        The files that are there now, and a line for each month that is not, or is without texts.
    """
    files, problems, had = [], [], Counter[str]()
    silent: dict[str, list[str]] = {}
    in_a_row = 0
    for code in series:
        for month in wanted:
            path = folder / code / f"{month}.parquet"
            if _is_whole(path, month) or (in_a_row >= _GIVE_UP and path.is_file()):
                files.append(str(path))
                had["there already"] += 1
                continue
            if in_a_row >= _GIVE_UP:
                had["not asked for after the failures"] += 1
                continue
            try:
                frame, others, silence = _month(code, month, asking)
                if others:
                    problems.append(f"{code} {month}: {others:,} postings of another series or "
                                    "month came too and are left out")  # fmt: skip
                if silence:
                    silent.setdefault(silence, []).append(f"{code} {month}")
            except OutlookError as error:
                problems.append(f"{code} {month}: {error}")
                had["failed"] += 1
                in_a_row += 1
                if path.is_file():  # of an earlier run: older, and whole
                    files.append(str(path))
                continue
            frame["title"] = _masked(frame["title"], mask)
            frame["text"] = _masked(frame["text"].str[:MAX_TEXT], mask)
            _write(frame, path, not silence)
            files.append(str(path))
            had["fetched"] += 1
            in_a_row = 0
            say(f"USAJOBS {code} {month}: {len(frame):,} postings, "
                f"{int(frame['text'].notna().sum()):,} with their duties")  # fmt: skip
    if left := had["not asked for after the failures"]:
        problems.append(f"{left:,} more months were not asked for; run again later to go on")
    if silent:  # one line: the texts are mostly missing for all months or for none
        months = [month for listed in silent.values() for month in listed]
        problems.append(
            f"the texts of {len(months):,} months (the first is {months[0]}) cannot be had, so "
            f"titles alone are counted there: {next(iter(silent))}"
        )
    say("USAJOBS months: " + ", ".join(f"{n} {what}" for what, n in sorted(had.items())))
    return files, problems


def _month(code: str, month: str, asking: Asking) -> tuple[pd.DataFrame, int, str]:
    """Postings, how many others came with them, and why there are no texts ("" if there are)."""
    year, number = map(int, month.split("-"))
    question = month_of(code, month, calendar.monthrange(year, number)[1])
    frame = read.announcements(asking.rows(ADDRESS, question))
    # A mirror that answers every question with one file is not to pass for the publisher.
    inside = frame["series"].fillna("").map(lambda codes: code in codes.split("; "))
    inside = inside.astype(bool) & (frame["date"].str[:7] == month)
    others = int((~inside).sum())
    frame = frame[inside].reset_index(drop=True)
    if frame.empty:
        return frame.assign(text=pd.Series(dtype="str")), others, ""
    silence = ""
    try:
        duties = read.duties(asking.rows(TEXTS, question))
    except Unavailable as error:
        silence = f"{error.where}: {error.problem}"
        duties = pd.DataFrame({"posting_id": [], "text": []}, dtype="str")
    return frame.merge(duties, on="posting_id", how="left", validate="1:1"), others, silence


def _masked(texts: pd.Series, mask: Callable[[str], str]) -> pd.Series:
    return texts.map(mask, na_action="ignore").astype("str")


def _write(frame: pd.DataFrame, path: Path, texts: bool) -> None:
    told = {"fetched_utc": datetime.now(UTC).isoformat(timespec="seconds"), "texts": texts}
    table = pa.Table.from_pandas(frame[_SCHEMA.names], _SCHEMA, preserve_index=False)
    table = table.replace_schema_metadata({b"usajobs": json.dumps(told).encode()})
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = unfinished(path)
    try:
        pq.write_table(table, fresh, compression="zstd")
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _is_whole(path: Path, month: str) -> bool:
    """Fetched with its texts after the month was over."""
    try:
        told = json.loads(pq.read_schema(path).metadata[b"usajobs"])
        return bool(told["texts"]) and str(told["fetched_utc"])[:7] > month
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError):
        return False
