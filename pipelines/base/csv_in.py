"""A user's CSV read in chunks, whatever is odd about it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pyarrow as pa

from pipelines.base.bytes_in import opened
from pipelines.base.errors import UsageError

CHUNK = 20_000
#: Cells longer than this are cut by the csv module's limit; the scorer reads far less.
MAX_CELL = 50_000_000
_LINE_END = re.compile(rb"\r\n|\r|\n")


class Chunk(NamedTuple):
    """Rows of a file.

    Attributes
    ----------
    table : pyarrow.Table
        Columns as in the file, doubled names numbered.
    odd : dict
        Position of each row with more or fewer cells than the header -> what is odd about it.
    doubled : tuple of str
        Names that several columns of the file have.
    """

    table: pa.Table
    odd: dict[int, str]
    doubled: tuple[str, ...]


def csv_chunks(source: str) -> Iterator[Chunk]:
    """Tables of text of up to `CHUNK` rows of a CSV (UTF-8, with a header), packed or not.

    Parameters
    ----------
    source : str
        Path, or ``-`` for standard input.

    Yields
    ------
    Chunk
        Every cell is text, character by character as in the file.

    Raises
    ------
    UsageError
        No such file, empty, not UTF-8 or not CSV; names the line.
    """
    csv.field_size_limit(MAX_CELL)
    with opened(source) as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
        rows = csv.reader(text)
        try:
            header = next(rows, None)
            if not header or not any(cell.strip() for cell in header):
                raise UsageError(
                    source, "the file is empty; a header row is expected", "Give a CSV with rows"
                )
            given = [name.strip() or f"column_{i + 1}" for i, name in enumerate(header)]
            names, doubled = unique(given)
            block: list[list[str]] = []
            empty = True
            for row in rows:
                # A blank line is a missing statement where there is one column, else nothing.
                if row or len(names) == 1:
                    block.append(row)
                if len(block) == CHUNK:
                    yield _chunk(block, names, doubled)
                    block, empty = [], False
            if block or empty:
                yield _chunk(block, names, doubled)
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


def unique(names: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """The names, doubled ones numbered (a, a.1) past names that are taken; and the doubled."""
    taken, seen, out = set(names), set(), []
    doubled: dict[str, int] = {}
    for name in names:
        fresh = name
        while name in seen and fresh in taken:
            doubled[name] = doubled.get(name, 0) + 1
            fresh = f"{name}.{doubled[name]}"
        seen.add(name)
        taken.add(fresh)
        out.append(fresh)
    return out, tuple(doubled)


def _chunk(block: list[list[str]], names: list[str], doubled: tuple[str, ...]) -> Chunk:
    width = len(names)
    odd = {}
    for position, row in enumerate(block):
        if len(row) != width:
            if row:
                odd[position] = f"row has {len(row)} cells where the header has {width}"
            block[position] = (row + [""] * width)[:width]
    cells = zip(*block, strict=True) if block else ([] for _ in names)
    columns = [pa.array(column, pa.large_string()) for column in cells]
    return Chunk(pa.Table.from_arrays(columns, names=names), odd, doubled)
