"""Tables written as they come, to CSV or parquet: a whole file, or none."""

from __future__ import annotations

import datetime
import gzip
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from pipelines.base.errors import UsageError
from pipelines.base.files import unfinished
from pipelines.base.tabular import ending, guarded, neutral_text, require_folder


class Sink(Protocol):
    """Where tables go; `close` gives the file its name, `discard` leaves nothing behind."""

    def write(self, table: pa.Table) -> None: ...
    def close(self) -> None: ...
    def discard(self) -> None: ...


def sink(out: str | None) -> Sink:
    """The sink of a file named .csv, .csv.gz or .parquet; CSV to standard output without one.

    Raises
    ------
    UsageError
        Another ending, or no such folder.
    """
    if out in (None, "-"):
        return CsvSink(None)
    path = Path(str(out))
    require_folder(path)
    return ParquetSink(path) if ending(path) == ".parquet" else CsvSink(path)


class CsvSink:
    """CSV to a file (by a temporary name, renamed when whole) or to standard output."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.fresh = unfinished(path) if path else None
        self.handles: list[BinaryIO] = []
        if self.fresh and path:
            self.handles.append(self.fresh.open("wb"))
            if ending(path) == ".csv.gz":  # without a time in it: the same bytes each time
                plain = self.handles[0]
                self.handles.append(gzip.GzipFile("", "wb", 6, plain, mtime=0))  # type: ignore
        self.header = True

    def write(self, table: pa.Table) -> None:
        content = _csv(table, self.header)
        if self.handles:
            self.handles[-1].write(content)
        else:
            sys.stdout.write(content.decode())
        self.header = False

    def close(self) -> None:
        for handle in reversed(self.handles):
            handle.close()
        if self.fresh and self.path:
            self.fresh.replace(self.path)

    def discard(self) -> None:
        if self.fresh:
            self.fresh.unlink(missing_ok=True)
            for handle in reversed(self.handles):
                with suppress(OSError):  # on a full disk the last flush fails
                    handle.close()


class ParquetSink:
    """Parquet to a file, by a temporary name, renamed when whole."""

    def __init__(self, path: Path) -> None:
        self.path, self.fresh = path, unfinished(path)
        self.writer: Any = None

    def write(self, table: pa.Table) -> None:
        if self.writer is None:
            self.writer = pq.ParquetWriter(self.fresh, table.schema, compression="zstd")
        self.writer.write_table(table)

    def close(self) -> None:
        if self.writer:
            self.writer.close()
            self.fresh.replace(self.path)

    def discard(self) -> None:
        self.fresh.unlink(missing_ok=True)
        with suppress(OSError):
            if self.writer:
                self.writer.close()


def _csv(table: pa.Table, header: bool) -> bytes:
    columns = [_spelled(table.column(i), name) for i, name in enumerate(table.column_names)]
    names = [str(neutral_text(name)) for name in table.column_names]
    out = pa.BufferOutputStream()
    options = pa.csv.WriteOptions(include_header=header, quoting_style="needed")
    pa.csv.write_csv(pa.Table.from_arrays(columns, names=names), out, options)
    return out.getvalue().to_pybytes()


def _spelled(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    """The column as Arrow's CSV writer takes it: numbers as they are, the rest as text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return guarded(column)
    if pa.types.is_string_view(kind):
        return guarded(column.cast(pa.large_string()))
    if pa.types.is_boolean(kind):
        return pc.if_else(column, "True", "False")
    if pa.types.is_timestamp(kind) or pa.types.is_duration(kind):  # as pandas spells them
        text = column.to_pandas().astype("str")
        return pa.chunked_array([pa.array(text.where(column.to_pandas().notna(), None))])
    if pa.types.is_nested(kind) or isinstance(kind, pa.BaseExtensionType):
        cells = [None if cell is None else _json(cell, name) for cell in column.to_pylist()]
        return guarded(pa.chunked_array([pa.array(cells, pa.large_string())]))
    if _is_binary(kind):
        raise _no_text(name)
    return column


def _is_binary(kind: pa.DataType) -> bool:
    kinds = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary)
    return any(is_kind(kind) for is_kind in kinds) or pa.types.is_binary_view(kind)


def _json(cell: object, name: str) -> str:
    def other(part: object) -> str:
        if isinstance(part, bytes):
            raise _no_text(name)
        return part.isoformat() if isinstance(part, datetime.date) else str(part)

    return cell if isinstance(cell, str) else json.dumps(cell, default=other, ensure_ascii=False)


def _no_text(name: str) -> UsageError:
    problem = f"column {name!r} holds bytes, which CSV cannot"
    return UsageError("--out", problem, "Give a name that ends in .parquet, or drop the column")
