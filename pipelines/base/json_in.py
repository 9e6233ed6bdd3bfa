"""A user's JSON lines read in chunks: a bad line is named, and the rest is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from pipelines.base.bytes_in import opened
from pipelines.base.errors import UsageError

CHUNK = 20_000


class Records(NamedTuple):
    """Objects of a file, one a line.

    Attributes
    ----------
    rows : list of dict
    bad : list of str
        What is wrong with the lines between them that hold no object, by line.
    respelled : int
        Lines that are not UTF-8, read by the other encoding.
    """

    rows: list[dict]
    bad: list[str]
    respelled: int


def json_chunks(
    source: str, *, rows: int = CHUNK, raw: BinaryIO | None = None, other: str = "cp1252"
) -> Iterator[Records]:
    """Objects of JSON lines, up to `rows` at a time; blank lines are passed over.

    Parameters
    ----------
    source : str
        Path, packed with gzip, bzip2 or xz or not.
    rows : int
    raw : binary file, optional
        The bytes, where they do not come from the path.
    other : str
        Encoding by which a line that is not UTF-8 is read; counted.

    Raises
    ------
    UsageError
        It cannot be read, or its first line is no object.
    """
    got: list[dict] = []
    bad: list[str] = []
    respelled, any_row = 0, False
    with opened(source, raw) as lines:
        for number, line in enumerate(lines, 1):
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if not line.strip():
                continue
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError:
                text, respelled = line.decode(other, "replace"), respelled + 1
            try:
                value = json.loads(text)
            except (ValueError, RecursionError) as error:
                value = error
            if isinstance(value, dict):
                got.append(value)
                any_row = True
            elif not any_row and not bad and number == 1:
                raise UsageError(
                    source, "line 1 is no JSON object; one object a line is expected",
                    "Write it as JSON lines (.jsonl): one posting a line",
                )  # fmt: skip
            else:
                bad.append(f"line {number:,} is no JSON object")
            if len(got) == rows:
                yield Records(got, bad, respelled)
                got, bad, respelled = [], [], 0
    if got or bad:
        yield Records(got, bad, respelled)
