"""A user's CSV read in chunks, whatever is odd about it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

import pyarrow as pa

from pipelines.base.bytes_in import opened
from pipelines.base.errors import UsageError

CHUNK = 20_000
#: Cells longer than this are cut by the csv module's limit; the scorer reads far less.
MAX_CELL = 50_000_000
#: What a byte that is not UTF-8 becomes until it is read by another encoding.
_ESCAPED = re.compile("[\udc80-\udcff]")
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


def csv_chunks(
    source: str, *, rows: int | None = None, raw: BinaryIO | None = None, other: str | None = None
) -> Iterator[Chunk]:
    """Tables of text of up to `CHUNK` rows of a CSV (UTF-8, with a header), packed or not.

    Parameters
    ----------
    source : str
        Path, or ``-`` for standard input.
    rows : int, optional
        Rows of a table, in place of `CHUNK`.
    raw : binary file, optional
        The bytes, where they do not come from the path.
    other : str, optional
        Encoding by which a row that is not UTF-8 is read; said in `Chunk.odd`. Without it such a
        row is an error. UTF-16 is read too then, where the file begins with its mark.

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
    at_most = rows or CHUNK
    with opened(source, raw) as packed:
        text = _text(packed, other)
        lines = csv.reader(text)
        try:
            header = next(lines, None)
            if not header or not any(cell.strip() for cell in header):
                raise UsageError(
                    source, "the file is empty; a header row is expected", "Give a CSV with rows"
                )
            given = [name.strip() or f"column_{i + 1}" for i, name in enumerate(header)]
            names, doubled = unique(given)
            block: list[list[str]] = []
            empty = True
            for row in lines:
                # A blank line is a missing statement where there is one column, else nothing.
                if row or len(names) == 1:
                    block.append(row)
                if len(block) == at_most:
                    yield _chunk(block, names, doubled, other)
                    block, empty = [], False
            if block or empty:
                yield _chunk(block, names, doubled, other)
        except UnicodeDecodeError as error:
            # The text is decoded in blocks: the bad byte is some lines after those handed out.
            ahead = len(_LINE_END.findall(error.object[: error.start]))
            raise UsageError(
                source,
                f"line {lines.line_num + 1 + ahead} is not UTF-8 text ({error.reason})",
                "Save the file as CSV UTF-8 and score it again",
            ) from error
        except csv.Error as error:
            raise UsageError(
                source, f"line {lines.line_num}: {error}", "Mend or remove that line"
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


def _text(packed: BinaryIO, other: str | None) -> io.TextIOWrapper:
    if other is None:
        return io.TextIOWrapper(packed, encoding="utf-8-sig", newline="")
    buffered = packed if hasattr(packed, "peek") else io.BufferedReader(packed)  # type: ignore
    marked = buffered.peek(2)[:2] in (b"\xff\xfe", b"\xfe\xff")  # type: ignore
    return io.TextIOWrapper(
        buffered, encoding="utf-16" if marked else "utf-8-sig", newline="",
        errors="strict" if marked else "surrogateescape",
    )  # fmt: skip


def _chunk(
    block: list[list[str]], names: list[str], doubled: tuple[str, ...], other: str | None = None
) -> Chunk:
    width = len(names)
    odd = _respelled(block, other) if other else {}
    for position, row in enumerate(block):
        if len(row) != width:
            if row:
                said = f"row has {len(row)} cells where the header has {width}"
                odd[position] = f"{odd[position]}; {said}" if position in odd else said
            block[position] = (row + [""] * width)[:width]
    cells = zip(*block, strict=True) if block else ([] for _ in names)
    columns = [pa.array(column, pa.large_string()) for column in cells]
    return Chunk(pa.Table.from_arrays(columns, names=names), odd, doubled)


def _respelled(block: list[list[str]], other: str) -> dict[int, str]:
    """Read the rows that are not UTF-8 by another encoding, in place; their positions."""
    odd = {}
    for position, row in enumerate(block):
        if not all(map(_is_utf8, row)):
            escaped = (cell.encode("utf-8", "surrogateescape") for cell in row)
            block[position] = [cell.decode(other, "replace") for cell in escaped]
            odd[position] = f"not UTF-8: read as {other}"
    return odd


def _is_utf8(cell: str) -> bool:
    return cell.isascii() or not _ESCAPED.search(cell)
