"""A user's parquet file read in chunks, with the file's own schema."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.base import csv_in
from pipelines.base.csv_in import Chunk, unique
from pipelines.base.errors import UsageError


def parquet_chunks(source: str) -> Iterator[Chunk]:
    """Tables of up to `csv_in.CHUNK` rows; a file without rows gives one without rows.

    Types, index columns and metadata are the file's; doubled names are numbered.

    Raises
    ------
    UsageError
        No such file, no parquet file, or a damaged one.
    """
    rows = 0
    try:
        # Without threads and read-ahead: where a page is damaged, a thread of Arrow that is still
        # at work when the program ends aborts it.
        file = pq.ParquetFile(source, pre_buffer=False)
        with file:
            schema = file.schema_arrow
            names, doubled = unique(schema.names)
            if doubled:
                fields = [f.with_name(n) for f, n in zip(schema, names, strict=True)]
                schema = pa.schema(fields, metadata=schema.metadata)
            if file.metadata.num_rows == 0:
                yield Chunk(schema.empty_table(), {}, doubled)
            for batch in file.iter_batches(batch_size=csv_in.CHUNK, use_threads=False):
                columns = [column.cast(f.type) if column.type != f.type else column
                           for column, f in zip(batch.columns, schema, strict=True)]  # fmt: skip
                table = pa.Table.from_arrays(columns, schema=schema)
                table.validate(full=True)  # text that is not UTF-8, times out of range
                yield Chunk(table, {}, doubled)
                rows += batch.num_rows
    except FileNotFoundError as error:
        raise UsageError(source, "no such file", "Check the path") from error
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        why = f"not a parquet file, or a damaged one ({error})"
        if rows:
            why = f"damaged after row {rows:,} ({error})"
        raise UsageError(source, why, "Give CSV or parquet, or write the file again") from error
