"""A user's CSV read in chunks, whatever is odd about it."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator
from typing import BinaryIO

import pandas as pd

from pipelines.base.errors import UsageError

CHUNK = 20_000
#: Cells longer than this are cut by the csv module's limit; the scorer reads far less.
MAX_CELL = 50_000_000
_LINE_END = re.compile(rb"\r\n|\r|\n")


def csv_chunks(source: str) -> Iterator[pd.DataFrame]:
    """Frames of text of up to `CHUNK` rows of a CSV (UTF-8, with a header).

    Parameters
    ----------
    source : str
        Path, or ``-`` for standard input.

    Yields
    ------
    DataFrame
        Columns as in the header, doubled names numbered. ``attrs["odd_rows"]``: position of each
        row with more or fewer cells than the header -> what is odd about it.

    Raises
    ------
    UsageError
        No such file, empty, not UTF-8 or not CSV; names the line.
    """
    csv.field_size_limit(MAX_CELL)
    with _open(source) as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
        rows = csv.reader(text)
        try:
            header = next(rows, None)
            if not header or not any(cell.strip() for cell in header):
                raise UsageError(
                    source, "the file is empty; a header row is expected", "Give a CSV with rows"
                )
            names = _unique(header)
            block: list[list[str]] = []
            empty = True
            for row in rows:
                # A blank line is a missing statement where there is one column, else nothing.
                if row or len(names) == 1:
                    block.append(row)
                if len(block) == CHUNK:
                    yield _frame(block, names)
                    block, empty = [], False
            if block or empty:
                yield _frame(block, names)
        except UnicodeDecodeError as error:
            # The text is decoded in blocks: the bad byte is some lines after those handed out.
            ahead = len(_LINE_END.findall(error.object[: error.start]))
            raise UsageError(
                source,
                f"line {rows.line_num + 1 + ahead} is not UTF-8 text ({error.reason})",
                "Save the file as CSV UTF-8 and score it again",
            ) from error
        except csv.Error as error:
            raise UsageError(
                source, f"line {rows.line_num}: {error}", "Mend or remove that line"
            ) from error


def _unique(header: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    names = []
    for position, name in enumerate(header):
        name = name.strip() or f"column_{position + 1}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}.{seen[name] - 1}")
    return names


def _frame(block: list[list[str]], names: list[str]) -> pd.DataFrame:
    width = len(names)
    odd = {}
    for position, row in enumerate(block):
        if len(row) != width:
            if row:
                odd[position] = f"row has {len(row)} cells where the header has {width}"
            block[position] = (row + [""] * width)[:width]
    frame = pd.DataFrame(block, columns=names, dtype="str")
    frame.attrs["odd_rows"] = odd
    return frame


def _open(source: str) -> BinaryIO:
    if source == "-":
        return sys.stdin.buffer
    try:
        return open(source, "rb")
    except OSError as error:
        raise UsageError(source, f"cannot be read ({error.strerror})", "Check the path") from error
