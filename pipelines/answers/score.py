"""Score a file of statements in chunks: CSV or parquet in, CSV or parquet out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pyarrow as pa

from pipelines.answers.score_chunks import scored
from pipelines.base.bytes_in import is_packed, is_parquet
from pipelines.base.csv_in import Chunk, csv_chunks
from pipelines.base.errors import OutlookError, UsageError
from pipelines.base.tables_out import sink
from pipelines.exposure.scorer.automation import COLUMNS

#: What `score_file` adds, in this order and of these types.
SCORES = pa.schema(
    [
        *((name, pa.float64()) for name in ("p_e0", "p_e1", "p_e2")),
        *((name, pa.float64()) for name in ("exposure", "exposure_low", "exposure_high")),
        *((name, pa.large_string()) for name in ("exposure_label", "automation")),
        ("nearest_task_id", pa.int64()), ("note", pa.large_string()),
        *((name, pa.float64()) for name in COLUMNS),
    ]
)  # fmt: skip


def score_file(
    source: str, text_column: str, out: str | None,
    progress: Callable[[int], None] | None = None, say: Callable[[str], None] | None = None,
) -> int:  # fmt: skip
    """Score every row of a file; the input's columns stay as they were, ours are added.

    A CSV's cells are written as they were read, but for those that a spreadsheet would run
    (`tabular.neutral_text`). A parquet file keeps its types, index columns and metadata.

    Parameters
    ----------
    source : str
        Path of a CSV (UTF-8, with a header; packed with gzip, bzip2 or xz or not) or parquet
        file; ``-`` reads CSV from standard input.
    text_column : str
        Column that holds the statements.
    out : str or None
        Path of the file to write, .csv, .csv.gz or .parquet; ``None`` or ``-``: CSV to standard
        output.
    progress : callable, optional
        Called with the number of rows done after each chunk.
    say : callable, optional
        Called with a line of text where columns of the input are replaced or renamed.

    Returns
    -------
    int
        Rows scored.

    Raises
    ------
    UsageError
        The file is missing, empty, not UTF-8, damaged or lacks the column, the column holds no
        text, or CSV cannot hold a column; no output is left behind.
    OutlookError
        The output cannot be written; nothing of it is left behind.
    """
    checked = _checked(_chunks(source), source, text_column, say)
    written = sink(out)
    done = 0
    try:
        texts = ((chunk, chunk.table.column(text_column).to_pylist()) for chunk in checked)
        for chunk, scores in scored(texts):
            written.write(_joined(chunk, scores))
            done += chunk.table.num_rows
            if progress:
                progress(done)
        written.close()
    except OSError as error:
        written.discard()
        if isinstance(error, BrokenPipeError):
            raise
        raise OutlookError(
            out or "standard output", f"cannot be written ({error.strerror or error})",
            "Free space, correct the permissions or choose another --out",
        ) from error  # fmt: skip
    except BaseException:
        written.discard()
        raise
    return done


@contextmanager
def progress_bar(source: str) -> Iterator[Callable[[int], None] | None]:
    """A bar on the terminal for `score_file`'s `progress`; ``None`` off a terminal.

    The number of rows is not known before a CSV is read: the bar's length is an estimate from
    the line ends of its beginning, and a bar without end where even that is impossible.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("statements", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=_expected_rows(source))
        done = 0

        def show(rows: int) -> None:
            nonlocal done
            done = rows
            total = bar.tasks[0].total
            bar.update(task, completed=rows, total=None if total is None else max(total, rows))

        yield show
        bar.update(task, completed=done, total=max(done, 1))


def _expected_rows(source: str) -> int | None:
    path = Path(source)
    if source == "-" or not path.is_file():
        return None
    if is_parquet(source):
        import pyarrow.parquet as pq

        try:
            return pq.read_metadata(path).num_rows
        except (pa.ArrowException, OSError):  # said properly when it is read
            return None
    with path.open("rb") as file:
        start = file.read(4_000_000)
    lines = 0 if is_packed(start) else start.count(b"\n")
    return round(lines * path.stat().st_size / len(start)) - 1 if lines else None


def _chunks(source: str) -> Iterator[Chunk]:
    if not is_parquet(source):
        return csv_chunks(source)
    from pipelines.base.parquet_in import parquet_chunks

    return parquet_chunks(source)


def _checked(chunks: Iterable[Chunk], source: str, text_column: str, say) -> Iterator[Chunk]:
    """The chunks, when the first has shown that the column is there and can be read."""
    for number, chunk in enumerate(chunks):
        if not number:
            _check(chunk, source, text_column)
            for line in _remarks(chunk, source) if say else ():
                say(line)
        yield chunk


def _check(chunk: Chunk, source: str, text_column: str) -> None:
    columns = chunk.table.column_names
    if text_column not in columns:
        names = ", ".join(columns[:12])
        todo = "Name the column of statements with --text-column"
        if len(columns) == 1 and (";" in names or "\t" in names):
            todo = "Its cells are not separated by commas: save it as CSV with commas"
        raise UsageError(
            source, f"no column {text_column!r}; the columns are {names}", todo
        )  # fmt: skip
    if text_column in chunk.doubled:
        problem = f"several columns are named {text_column!r}"
        raise UsageError(source, problem, "Leave one of them with that name")
    kind = chunk.table.schema.field(text_column).type
    told = kind.value_type if pa.types.is_dictionary(kind) else kind
    if pa.types.is_nested(told) or "binary" in str(told) or isinstance(told, pa.BaseExtensionType):
        raise UsageError(
            source, f"column {text_column!r} holds {kind}, not text",
            "Write it as text (string), or name another column with --text-column",
        )  # fmt: skip


def _remarks(chunk: Chunk, source: str) -> Iterator[str]:
    if ours := [name for name in chunk.table.column_names if name in SCORES.names]:
        yield (
            f"{source}: the input has columns named as ours, which are replaced in the output: "
            + ", ".join(ours)
        )
    if chunk.doubled:
        yield (
            f"{source}: several columns have one name; they are numbered in the output: "
            + ", ".join(chunk.doubled[:12])
        )


def _joined(chunk: Chunk, scores: pd.DataFrame) -> pa.Table:
    notes = scores["note"].tolist()
    for position, remark in chunk.odd.items():
        note = notes[position]
        notes[position] = f"{note}; {remark}" if isinstance(note, str) and note else remark
    ours = pa.Table.from_pandas(scores.assign(note=notes), SCORES, preserve_index=False)
    # A column of ours that the input already has is replaced: the output means what it says.
    table, added = chunk.table, set(SCORES.names)
    kept = [i for i, name in enumerate(table.column_names) if name not in added]
    schema = pa.schema([*(table.schema.field(i) for i in kept), *SCORES], _metadata(table.schema))
    return pa.Table.from_arrays([*(table.column(i) for i in kept), *ours.columns], schema=schema)


def _metadata(schema: pa.Schema) -> dict[bytes, bytes] | None:
    """The file's own, so that pandas finds its index again; without the columns replaced."""
    if schema.metadata is None or b"pandas" not in schema.metadata:
        return schema.metadata
    try:
        told = json.loads(schema.metadata[b"pandas"])
        added = set(SCORES.names)
        told["columns"] = [c for c in told["columns"] if c.get("field_name") not in added]
        told["index_columns"] = [
            name for name in told["index_columns"] if not isinstance(name, str) or name not in added
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        # What pandas could not read of the input it need not stumble over in the output.
        return {name: text for name, text in schema.metadata.items() if name != b"pandas"}
    # Names of columns that were numbers or pairs are text beside ours.
    told["column_indexes"] = []
    return {**schema.metadata, b"pandas": json.dumps(told).encode()}
