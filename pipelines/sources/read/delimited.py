"""Reading delimited text and workbook sheets strictly: what is not as expected is named."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv
from python_calamine import CalamineError

from pipelines.base.errors import ShapeChanged, SourceFailed
from pipelines.sources.files import archives, books

ADVICE = "The publisher may have changed the file; the last good release stays as it is"
_DELIMITERS = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}
#: A title block above the header of a workbook is never longer than this.
_HEADER_WITHIN = 30


def require(frame: pd.DataFrame, columns: Sequence[str], where: str) -> None:
    """Raise ShapeChanged naming the columns that are absent and those that were found."""
    _require(list(map(str, frame.columns)), columns, where)


def _require(found: list[str], columns: Sequence[str], where: str) -> None:
    absent = [column for column in columns if column not in found]
    if absent:
        raise ShapeChanged(
            where,
            f"columns missing: {', '.join(absent)}; found: "
            f"{', '.join(c[:40] for c in found[:20]) or 'none'}",
            ADVICE,
        )
    twice = [column for column in columns if found.count(column) > 1]
    if twice:
        raise ShapeChanged(where, f"columns stand twice: {', '.join(twice)}", ADVICE)


def read_file(path: Path, where: str) -> bytes:
    """Bytes of a text file; SourceFailed where it is missing, empty, a web page or a zip."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceFailed(
            where, f"cannot read {path} ({error.strerror})", "Run `outlook refresh`"
        ) from error
    if not data.removeprefix(b"\xef\xbb\xbf").strip():
        raise SourceFailed(where, "the file is empty, expected a table", archives.ADVICE)
    if archives.is_html(data[:512]):
        raise SourceFailed(where, "the file is an HTML page, expected a table", archives.ADVICE)
    if data[:4] == b"PK\x03\x04":
        raise SourceFailed(where, "the file is a zip archive, expected plain text", archives.ADVICE)
    return data


def read_text(
    data: bytes,
    where: str,
    columns: Sequence[str],
    *,
    delimiter: str = "\t",
    quoted: bool = False,
    missing: Sequence[str] = ("",),
    optional: Sequence[str] = (),
) -> pd.DataFrame:
    """Delimited text as strings.

    Parameters
    ----------
    data : bytes
        The whole file: UTF-8, with or without a byte-order mark, a header in the first line.
    where : str
        File named in errors.
    columns, optional : sequence of str
        Columns to keep; an absent optional one comes out as all missing.
    delimiter : str
        One character.
    quoted : bool
        Whether ``"`` encloses cells. O*NET's files do not quote: there it is a plain character.
    missing : sequence of str
        Cells that mean "missing". The words None and NA are never missing by themselves:
        BLS writes None for "no experience needed".

    Returns
    -------
    DataFrame
        ``columns`` then ``optional``, dtype str, in file order.

    Raises
    ------
    SourceFailed
        Empty file, or not UTF-8.
    ShapeChanged
        Columns missing (also by a wrong delimiter), ragged rows, no rows.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        raise SourceFailed(where, "the file is empty, expected a table", archives.ADVICE)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceFailed(
            where,
            f"line {line} is not UTF-8 (byte {data[error.start]:#04x}), expected UTF-8 text",
            archives.ADVICE,
        ) from error
    first = text[: text.find("\n") if "\n" in text else len(text)].rstrip("\r")
    header = cells(first, delimiter, quoted)
    if not set(columns) <= set(header):
        for other, name in _DELIMITERS.items():
            if other != delimiter and set(columns) <= set(cells(first, other, True)):
                raise ShapeChanged(
                    where,
                    f"cells are separated by {name}, expected {_DELIMITERS[delimiter]} "
                    f"and the columns {', '.join(columns)}",
                    ADVICE,
                )
    _require(header, columns, where)
    kept = [*columns, *(c for c in optional if c in header)]
    _require(header, kept, where)
    if not text[len(first) :].strip():
        raise ShapeChanged(where, "the table has a header and no rows", ADVICE)
    try:
        table = pacsv.read_csv(
            pa.py_buffer(data),
            parse_options=pacsv.ParseOptions(
                delimiter=delimiter, quote_char='"' if quoted else False, newlines_in_values=quoted
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(kept, pa.string()),
                include_columns=kept,
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                null_values=list(missing),
            ),
        )
    except pa.ArrowException as error:
        # The message holds the row: cut, it may be a megabyte.
        raise ShapeChanged(
            where, f"rows do not fit the header ({str(error)[:200]})", ADVICE
        ) from error
    frame = table.to_pandas()
    for column in optional:
        if column not in frame.columns:
            frame[column] = pd.Series(pd.NA, index=frame.index, dtype="str")
    return frame.astype("str")


def cells(line: str, delimiter: str, quoted: bool) -> list[str]:
    """Cells of one line; the line itself where it cannot be taken apart."""
    if not quoted:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:  # a carriage return within the line, a cell of many megabytes
        return [line]


def read_sheet(
    source: Path | bytes, sheet: str | int, columns: Sequence[str], where: str
) -> pd.DataFrame:
    """One sheet of an XLSX workbook, its header row found by the columns it must have.

    Parameters
    ----------
    source : Path or bytes
        The workbook; it is held against the limits of `archives.open_zip` first.
    sheet : str or int
        Name, or position.
    columns : sequence of str
        Columns to keep. The header is the first of the top 30 rows that has them all; white
        space and line breaks within header cells count as one space.
    where : str
        File named in errors.

    Returns
    -------
    DataFrame
        ``columns`` as object cells (str, float, bool, "" where empty), rows that are wholly
        empty left out.

    Raises
    ------
    SourceFailed, ShapeChanged
        As `archives.open_zip`; sheet or columns missing; no rows.
    """
    book = books.open_book(source, where)
    try:
        names = book.sheet_names
        if isinstance(sheet, str) and sheet not in names:
            raise ShapeChanged(
                where, f"the workbook has no sheet {sheet!r}; it has {names}", ADVICE
            )
        rows = (
            book.get_sheet_by_name(sheet)
            if isinstance(sheet, str)
            else book.get_sheet_by_index(sheet)
        ).to_python()
    except CalamineError as error:
        raise books.damaged(where, error) from error
    where = f"{where}, sheet {sheet}"
    heads = [[" ".join(str(cell).split()) for cell in row] for row in rows[:_HEADER_WITHIN]]
    at = next((i for i, head in enumerate(heads) if set(columns) <= set(head)), None)
    if at is None:
        nearest = max(heads, key=lambda head: len(set(columns) & set(head)), default=[])
        _require(nearest, columns, where)
    _require(heads[at], columns, where)
    body = [row for row in rows[at + 1 :] if any(cell != "" for cell in row)]
    if not body:
        raise ShapeChanged(where, "the sheet has a header and no rows", ADVICE)
    places = [heads[at].index(column) for column in columns]
    return pd.DataFrame(
        {
            column: pd.Series([row[place] for row in body], dtype=object)
            for column, place in zip(columns, places, strict=True)
        }
    )


def numbers(values: pd.Series, where: str, *, whole: bool = False) -> pd.Series:
    """Cells as float64 (int64 with ``whole``); missing and "" stay missing.

    Raises
    ------
    ShapeChanged
        A cell is not a finite number, or with ``whole`` is missing or has a fraction.
    """
    values = values.where(values != "")
    numeric = pd.to_numeric(values, errors="coerce").astype("float64")
    bad = (numeric.isna() & values.notna()) | np.isinf(numeric)
    if whole:
        bad |= numeric.isna() | (numeric != numeric.round())
    if bad.any():
        rows = ", ".join(f"{i + 1} = {values[i]!r}" for i in bad[bad].index[:3])
        kind = "whole numbers" if whole else "numbers"
        raise ShapeChanged(
            where, f"column {values.name}: expected {kind}, found data rows {rows}", ADVICE
        )
    return numeric.astype("int64") if whole else numeric


def strings(values: pd.Series) -> pd.Series:
    """Cells as stripped text; empty is missing."""
    text = values.astype("str").str.strip()
    return text.where(text != "")


def yes(values: pd.Series, where: str) -> pd.Series:
    """Y or N as bool; missing (O*NET's n/a) is false. ShapeChanged for any other cell."""
    text = strings(values)
    odd = text.notna() & ~text.isin(["Y", "N"])
    if odd.any():
        raise ShapeChanged(
            where, f"column {values.name}: expected Y or N, found {text[odd].iloc[0]!r}", ADVICE
        )
    return text.eq("Y").fillna(False).astype(bool)
