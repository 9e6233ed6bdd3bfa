"""Score a file of statements in chunks: CSV or parquet in, CSV or parquet out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from pipelines.answers.score_chunks import scored
from pipelines.base.csv_in import CHUNK, csv_chunks
from pipelines.base.errors import OutlookError, UsageError
from pipelines.base.files import unfinished
from pipelines.base.tabular import neutral, require_folder

#: What `score_file` adds, in this order.
SCORE_COLUMNS = (
    "p_e0", "p_e1", "p_e2", "exposure", "exposure_low", "exposure_high", "exposure_label",
    "automation", "nearest_task_id", "note",
)  # fmt: skip


def score_file(
    source: str, text_column: str, out: str | None,
    progress: Callable[[int], None] | None = None, say: Callable[[str], None] | None = None,
) -> int:  # fmt: skip
    """Score every row of a file; the input's columns stay, ours are added.

    Parameters
    ----------
    source : str
        Path of a CSV (UTF-8, with a header) or ``.parquet`` file; ``-`` reads CSV from
        standard input.
    text_column : str
        Column that holds the statements.
    out : str or None
        Path of the CSV or parquet file to write; ``None`` or ``-``: CSV to standard output.
    progress : callable, optional
        Called with the number of rows done after each chunk.
    say : callable, optional
        Called with a line of text where columns of the input are replaced by ours.

    Returns
    -------
    int
        Rows scored.

    Raises
    ------
    UsageError
        The file is missing, empty, not UTF-8 or lacks the column; no output is left behind.
    OutlookError
        The output cannot be written; nothing of it is left behind.
    """
    chunks = _parquet_chunks(source) if source.endswith(".parquet") else csv_chunks(source)
    checked = _checked(chunks, source, text_column, say)
    sink = _sink(out)
    done = 0
    try:
        for frame, scores in scored((f, f[text_column].tolist()) for f in checked):
            sink.write(_joined(frame, scores))
            done += len(frame)
            if progress:
                progress(done)
        sink.close()
    except OSError as error:
        sink.discard()
        if isinstance(error, BrokenPipeError):
            raise
        raise OutlookError(
            out or "standard output", f"cannot be written ({error.strerror or error})",
            "Free space, correct the permissions or choose another --out",
        ) from error  # fmt: skip
    except BaseException:
        sink.discard()
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
    if path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return pq.read_metadata(path).num_rows
        except (pa.ArrowException, OSError):  # said properly when it is read
            return None
    with path.open("rb") as file:
        start = file.read(4_000_000)
    lines = start.count(b"\n")
    return round(lines * path.stat().st_size / len(start)) - 1 if lines else None


def _checked(chunks, source: str, text_column: str, say) -> Iterator[pd.DataFrame]:
    """The chunks, when the first has shown that the column is there."""
    for number, frame in enumerate(chunks):
        if text_column not in frame.columns:
            names = ", ".join(map(str, frame.columns[:12]))
            todo = "Name the column of statements with --text-column"
            if len(frame.columns) == 1 and (";" in names or "\t" in names):
                todo = "Its cells are not separated by commas: save it as CSV with commas"
            problem = f"no column {text_column!r}; the columns are {names}"
            raise UsageError(source, problem, todo)
        if say and not number and (ours := [c for c in frame if c in SCORE_COLUMNS]):
            say(
                f"{source}: the input has columns named as ours, which are replaced in the "
                f"output: {', '.join(ours)}"
            )
        yield frame


def _joined(frame: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    odd = frame.attrs.get("odd_rows", {})
    scores.index = frame.index
    for position, remark in odd.items():
        note = scores["note"].iat[position]
        scores.iloc[position, scores.columns.get_loc("note")] = (
            f"{note}; {remark}" if isinstance(note, str) and note else remark
        )
    # A column of ours that the input already has is replaced: the output means what it says.
    kept = frame.drop(columns=[c for c in scores.columns if c in frame.columns])
    return pd.concat([kept, scores], axis=1)


def _parquet_chunks(source: str) -> Iterator[pd.DataFrame]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(source)
    except FileNotFoundError as error:
        raise UsageError(source, "no such file", "Check the path") from error
    except pa.ArrowException as error:
        raise UsageError(source, f"not a parquet file ({error})", "Give CSV or parquet") from error
    with file:
        if file.metadata.num_rows == 0:
            yield file.schema_arrow.empty_table().to_pandas()
        for batch in file.iter_batches(batch_size=CHUNK):
            yield batch.to_pandas()


class _CsvSink:
    """CSV to a file (by a temporary name, renamed when whole) or to standard output."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.fresh = unfinished(path) if path else None
        self.handle: TextIO = (
            self.fresh.open("w", encoding="utf-8", newline="") if self.fresh else sys.stdout
        )
        self.header = True

    def write(self, frame: pd.DataFrame) -> None:
        self.handle.write(_csv_text(neutral(frame), self.header))
        self.header = False

    def close(self) -> None:
        if self.fresh:
            self.handle.close()
            self.fresh.replace(self.path)

    def discard(self) -> None:
        if self.fresh:
            self.fresh.unlink(missing_ok=True)
            with suppress(OSError):  # on a full disk the last flush fails
                self.handle.close()


class _ParquetSink:
    """Parquet to a file, by a temporary name, renamed when whole."""

    def __init__(self, path: Path) -> None:
        self.path, self.fresh = path, unfinished(path)
        self.writer: Any = None

    def write(self, frame: pd.DataFrame) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.Table.from_pandas(frame, preserve_index=False)
        if self.writer is None:
            self.writer = pq.ParquetWriter(self.fresh, table.schema, compression="zstd")
        self.writer.write_table(table.cast(self.writer.schema))

    def close(self) -> None:
        if self.writer:
            self.writer.close()
            self.fresh.replace(self.path)

    def discard(self) -> None:
        self.fresh.unlink(missing_ok=True)
        with suppress(OSError):
            if self.writer:
                self.writer.close()


def _is_number(dtype) -> bool:
    return pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype)


def _csv_text(frame: pd.DataFrame, header: bool) -> str:
    """CSV of a chunk. Arrow writes text and numbers several times as fast as pandas does."""
    import pyarrow as pa
    import pyarrow.csv

    plain = [isinstance(d, pd.StringDtype) or _is_number(d) for d in frame.dtypes]
    if not all(plain):  # dates, lists and truth values of a parquet file: pandas' spelling
        return frame.to_csv(index=False, header=header, lineterminator="\n")
    table = pa.Table.from_pandas(frame, preserve_index=False)
    options = pa.csv.WriteOptions(include_header=header, quoting_style="needed")
    out = pa.BufferOutputStream()
    pa.csv.write_csv(table, out, options)
    return out.getvalue().to_pybytes().decode()


def _sink(out: str | None) -> _CsvSink | _ParquetSink:
    if out in (None, "-"):
        return _CsvSink(None)
    path = Path(out)
    require_folder(path)
    if path.suffix not in (".csv", ".parquet"):
        raise UsageError(out, "the name must end in .csv or .parquet", "Rename the output")
    return _ParquetSink(path) if path.suffix == ".parquet" else _CsvSink(path)
