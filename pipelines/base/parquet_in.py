"""A user's parquet file read in chunks, with the file's own schema."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.base import csv_in
from pipelines.base.csv_in import Chunk, unique
from pipelines.base.errors import UsageError


def parquet_chunks(
    source: str,
    *,
    rows: int | None = None,
    columns: Sequence[str] | None = None,
    groups: Sequence[int] | None = None,
    raw: BinaryIO | None = None,
) -> Iterator[Chunk]:
    """Tables of up to `csv_in.CHUNK` rows; a file without rows gives one without rows.

    Types, index columns and metadata are the file's; doubled names are numbered.

    Parameters
    ----------
    source : str
        Path.
    rows : int, optional
        Rows of a table, in place of `csv_in.CHUNK`.
    columns : sequence of str, optional
        Only these, of a file without doubled names.
    groups : sequence of int, optional
        Only these row groups.
    raw : binary file, optional
        The bytes, where they do not come from the path.

    Raises
    ------
    UsageError
        No such file, no parquet file, or a damaged one.
    """
    done = 0
    try:
        # Without threads and read-ahead: where a page is damaged, a thread of Arrow that is still
        # at work when the program ends aborts it.
        file = pq.ParquetFile(raw or source, pre_buffer=False)
        with file:
            schema = file.schema_arrow
            if columns is not None:
                schema = pa.schema([schema.field(name) for name in columns])
            names, doubled = unique(schema.names)
            if doubled:
                fields = [f.with_name(n) for f, n in zip(schema, names, strict=True)]
                schema = pa.schema(fields, metadata=schema.metadata)
            if file.metadata.num_rows == 0:
                yield Chunk(schema.empty_table(), {}, doubled)
            for batch in file.iter_batches(
                batch_size=rows or csv_in.CHUNK, use_threads=False,
                columns=columns, row_groups=groups,
            ):  # fmt: skip
                parts = batch.columns if columns is None else [batch[name] for name in columns]
                arrays = [column.cast(f.type) if column.type != f.type else column
                          for column, f in zip(parts, schema, strict=True)]  # fmt: skip
                table = pa.Table.from_arrays(arrays, schema=schema)
                table.validate(full=True)  # text that is not UTF-8, times out of range
                yield Chunk(table, {}, doubled)
                done += batch.num_rows
    except FileNotFoundError as error:
        raise UsageError(source, "no such file", "Check the path") from error
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        why = f"not a parquet file, or a damaged one ({error})"
        if done:
            why = f"damaged after row {done:,} ({error})"
        raise UsageError(source, why, "Give CSV or parquet, or write the file again") from error
