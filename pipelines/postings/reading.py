"""Postings from any file: CSV, JSON lines, parquet; one file, a folder, a glob, an address.

A source becomes *parts* of at most some thousand postings. A part is small, always the same for
the same file, and named by its number in it: it is what a worker does, what a stopped run has or
has not, and what is lost where a file is broken.
"""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.base.bytes_in import is_parquet
from pipelines.base.csv_in import csv_chunks
from pipelines.base.errors import OutlookError, UsageError
from pipelines.base.json_in import json_chunks
from pipelines.base.parquet_in import parquet_chunks
from pipelines.postings import cells, columns

#: Postings, and characters of their texts, that are held at once.
ROWS, CHARACTERS = 2_000, 8_000_000
#: Postings of a part of a parquet file: few, so that no worker is waited for at the end.
PART = 2 * ROWS
#: Row groups of at most as many rows are read by the workers, by each as far as its part goes; of
#: larger ones the first rows would be read again and again, so they are read here, once.
MAX_GROUP = 20_000
#: How a row that is not UTF-8 is read: what Windows programs write.
OTHER = "cp1252"
_ENDINGS = {
    ".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".jsonl": "json", ".ndjson": "json",
}  # fmt: skip
_PACKED = (".gz", ".bz2", ".xz")


@dataclass(frozen=True)
class Part:
    """Postings that are worked on together.

    Attributes
    ----------
    number : int
        From 0, in its file.
    source : str
        The file.
    held : tuple of DataFrame
        The postings (`cells.SCHEMA`), where they were read already.
    groups : tuple of int
        Else the row groups of the parquet file that hold them.
    skipped : int
        Rows of these before the first posting; at most `PART` after them are the part's.
    columns : mapping
        Which column holds what, of these.
    first_row : int
        Number of the first row in its file, from 1.
    odd : Counter
        What was odd in reading, by kind.
    """

    number: int
    source: str
    held: tuple[pd.DataFrame, ...] = ()
    groups: tuple[int, ...] = ()
    skipped: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    first_row: int = 1
    odd: Counter = field(default_factory=Counter)

    def frames(self, said: Counter) -> Iterator[pd.DataFrame]:
        """The postings, at most `ROWS` and about `CHARACTERS` at a time.

        Raises
        ------
        UsageError
            The file is damaged where they stand.
        """
        said.update(self.odd)
        if not self.groups:
            yield from self.held
            return
        row = self.first_row
        for table in self._tables():
            frame = _frame(table)
            yield from _bounded(cells.schema(frame, self.columns, self.source, row, said))
            row += len(frame)

    def _tables(self) -> Iterator[pa.Table]:
        """The part's rows of its row groups."""
        before, rest = self.skipped, PART
        for chunk in parquet_chunks(
            self.source, rows=ROWS, columns=list(dict.fromkeys(self.columns.values())),
            groups=self.groups, raw=_raw(self.source),
        ):  # fmt: skip
            table = chunk.table.slice(before, rest)
            before = max(before - chunk.table.num_rows, 0)
            rest -= table.num_rows
            if table.num_rows:
                yield table
            if not rest:
                return


@dataclass(frozen=True)
class Unread:
    """A file, or the rest of it, that could not be read, and why."""

    source: str
    problem: str


def files(sources: list[str]) -> list[str]:
    """The files behind what the user named, in order, none twice.

    Parameters
    ----------
    sources : list of str
        Paths of files, folders (searched to the bottom for names that end as postings do) and
        globs; addresses of fsspec, such as ``s3://bucket/folder/*.parquet``.

    Raises
    ------
    UsageError
        Nothing is there, or the package that reads such addresses is missing.
    """
    out: dict[str, str] = {}
    for source in sources:
        found = _listed(source) if "://" in source else _local(source)
        if not found:
            raise UsageError(
                source, f"no file of postings is there ({', '.join(_ENDINGS)}, packed or not)",
                "Check the path, or name the files",
            )  # fmt: skip
        for name in found:
            out.setdefault(name if "://" in name else os.path.realpath(name), name)
    return list(out.values())


def parts(paths: list[str], named: Mapping[str, str] | None = None) -> Iterator[Part | Unread]:
    """Every part of every file; `Unread` in place of what cannot be read.

    Parameters
    ----------
    paths : list of str
        As `files` gives them.
    named : mapping, optional
        Columns that the user named (`columns.told`).

    Raises
    ------
    UsageError
        The only file cannot be read, or a column that the user named is in none of the files.
    """
    anything = False
    for path in paths:
        try:
            for part in _of_file(path, named or {}):
                yield part
                anything = True
        except (OutlookError, OSError) as error:
            if len(paths) == 1 and not anything:
                raise
            problem = error.problem if isinstance(error, OutlookError) else str(error)
            yield Unread(path, problem)


def identity(path: str) -> list:
    """What tells whether a file is the same as before: name, bytes, time of its last change."""
    if "://" in path:
        told = _filesystem(path).info(path)
        return [path, told.get("size"), str(told.get("LastModified") or told.get("mtime") or "")]
    told = os.stat(path)
    return [os.path.abspath(path), told.st_size, told.st_mtime_ns]


# ------------------------------------------------------------------ finding files
def _local(source: str) -> list[str]:
    path = Path(source)
    if path.is_dir():
        inside = (one for one in path.rglob("*") if one.is_file() and _kind(one.name))
        return [str(one) for one in sorted(inside) if not _is_hidden(one.relative_to(path))]
    if path.exists():
        return [source]
    return sorted(name for name in glob.glob(source, recursive=True) if os.path.isfile(name))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.parts)


def _listed(source: str) -> list[str]:
    system = _filesystem(source)
    scheme = source.partition("://")[0]
    try:
        if any(sign in source for sign in "*?["):
            found = system.glob(source)
        elif system.isdir(source):
            found = system.find(source)
        else:
            found = [source] if system.exists(source) else []
    except Exception as error:  # each filesystem raises its own kinds
        problem = " ".join(f"cannot be listed ({type(error).__name__}: {error})".split())[:300]
        raise UsageError(source, problem, "Check the address and who may read it") from error
    several = found != [source]
    return [
        name if "://" in name else f"{scheme}://{name}"
        for name in sorted(found) if not several or _kind(name)
    ]  # fmt: skip


def _filesystem(source: str):
    scheme = source.partition("://")[0]
    try:
        import fsspec
    except ImportError as error:
        raise UsageError(
            source, "addresses are read with the package fsspec, which is not installed",
            "Run pip install fsspec, or give the path of a file",
        ) from error  # fmt: skip
    try:
        return fsspec.url_to_fs(source)[0]
    except ImportError as error:
        from fsspec.registry import known_implementations

        needed = known_implementations.get(scheme, {}).get("err", str(error))
        raise UsageError(
            source, f"{scheme}:// needs another package ({needed})", "Install it, then run again"
        ) from error
    except ValueError as error:
        raise UsageError(
            source, f"not read ({error})", "Give a path, or s3://, gs://, ..."
        ) from error
    except Exception as error:
        problem = " ".join(f"cannot be reached ({type(error).__name__}: {error})".split())[:300]
        raise UsageError(source, problem, "Check the address and who may read it") from error


def _raw(source: str) -> BinaryIO | None:
    """The bytes of an address; None for a path, which the readers open themselves."""
    if "://" not in source:
        return None
    try:
        return _filesystem(source).open(source, "rb")
    except UsageError:
        raise
    except Exception as error:
        problem = " ".join(f"cannot be opened ({type(error).__name__}: {error})".split())[:300]
        raise UsageError(source, problem, "Check the address and who may read it") from error


def _kind(name: str) -> str:
    """ "parquet", "csv" or "json" by a file's name; "" where it says nothing."""
    lower = name.lower()
    for packed in _PACKED:
        lower = lower.removesuffix(packed)
    return next((kind for ending, kind in _ENDINGS.items() if lower.endswith(ending)), "")


# ------------------------------------------------------------------ reading files
def _of_file(path: str, named: Mapping[str, str]) -> Iterator[Part]:
    kind = _kind(path)
    if not kind and "://" not in path:
        kind = "parquet" if is_parquet(path) else "csv"
    if kind == "parquet":
        yield from _parquet(path, named)
    else:
        yield from _numbered(_rows(path, kind or "csv", named), path)


def _parquet(path: str, named: Mapping[str, str]) -> Iterator[Part]:
    try:
        with pq.ParquetFile(_raw(path) or path, pre_buffer=False) as file:
            sizes = [file.metadata.row_group(g).num_rows for g in range(file.num_row_groups)]
            names = file.schema_arrow.names
    except FileNotFoundError as error:
        raise UsageError(path, "no such file", "Check the path") from error
    except (pa.ArrowException, OSError) as error:
        problem = f"not a parquet file, or a damaged one ({error})"
        raise UsageError(path, problem, "Write the file again") from error
    doubled = {name for name in names if names.count(name) > 1}
    found = columns.found(names, path, named, tuple(doubled))
    if doubled or any(size > MAX_GROUP for size in sizes):
        yield from _numbered(_large(path, found), path)
        return
    first = 1
    for number, (groups, skipped, rows) in enumerate(_cut(sizes)):
        yield Part(number, path, (), groups, skipped, found, first)
        first += rows


def _cut(sizes: list[int]) -> Iterator[tuple[tuple[int, ...], int, int]]:
    """Row groups of these sizes in parts of at most `PART` rows: groups, rows skipped, rows."""
    group: list[int] = []
    rows = 0
    for position, size in enumerate(sizes):
        if rows and rows + size > PART:
            yield tuple(group), 0, rows
            group, rows = [], 0
        if size > PART:
            for skipped in range(0, size, PART):
                yield (position,), skipped, min(PART, size - skipped)
        elif size:
            group.append(position)
            rows += size
    if rows:
        yield tuple(group), 0, rows


def _large(path: str, found: Mapping[str, str]) -> Iterator[tuple[pd.DataFrame, Counter]]:
    row = 1
    for chunk in parquet_chunks(path, rows=ROWS, raw=_raw(path)):
        said: Counter = Counter()
        wanted = chunk.table.select(list(dict.fromkeys(found.values())))
        yield cells.schema(_frame(wanted), found, path, row, said), said
        row += wanted.num_rows


def _rows(path: str, kind: str, named: Mapping[str, str]) -> Iterator[tuple[pd.DataFrame, Counter]]:
    found: dict[str, str] | None = None
    row = 1
    for frame, doubled, said in _json(path) if kind == "json" else _csv(path):
        found = found or columns.found(list(frame.columns), path, named, doubled)
        there = {ours: column for ours, column in found.items() if column in frame.columns}
        yield cells.schema(frame, there, path, row, said), said
        row += len(frame)


def _csv(path: str) -> Iterator[tuple[pd.DataFrame, tuple[str, ...], Counter]]:
    for chunk in csv_chunks(path, rows=ROWS, raw=_raw(path), other=OTHER):
        said: Counter = Counter()
        for remark in chunk.odd.values():
            if f"read as {OTHER}" in remark:
                said[f"rows that are not UTF-8, read as {OTHER}"] += 1
            if "cells where" in remark:
                said["rows with more or fewer cells than the header"] += 1
        yield _frame(chunk.table), chunk.doubled, said


def _json(path: str) -> Iterator[tuple[pd.DataFrame, tuple[str, ...], Counter]]:
    for records in json_chunks(path, rows=ROWS, raw=_raw(path), other=OTHER):
        said: Counter = Counter()
        if records.respelled:
            said[f"lines that are not UTF-8, read as {OTHER}"] += records.respelled
        if records.bad:
            said[
                f"lines that are no JSON object, left out (the first is {records.bad[0][:40]})"
            ] += len(records.bad)
        names = list(dict.fromkeys(str(name) for one in records.rows for name in one))
        frame = pd.DataFrame(
            {
                name: pd.Series([one.get(name) for one in records.rows], dtype=object)
                for name in names
            }
        )
        yield frame, (), said


def _frame(table: pa.Table) -> pd.DataFrame:
    """The table's cells as Python's own objects: no whole number becomes another one."""
    return pd.DataFrame(
        {
            name: pd.Series(table.column(name).to_pylist(), dtype=object)
            for name in table.column_names
        },
        index=range(table.num_rows),
    )


def _numbered(frames: Iterator[tuple[pd.DataFrame, Counter]], path: str) -> Iterator[Part]:
    number = 0
    for frame, said in frames:
        if len(frame) or said:
            yield Part(number, path, tuple(_bounded(frame)), odd=said)
            number += 1


def _bounded(frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The frame in pieces of about `CHARACTERS`, each of a posting at least."""
    if frame.empty:
        return
    size = frame["text"].str.len().fillna(0).cumsum().to_numpy()
    piece = np.asarray(size // CHARACTERS, int)
    for _, rows in frame.groupby(piece, sort=True):
        yield rows.reset_index(drop=True)
