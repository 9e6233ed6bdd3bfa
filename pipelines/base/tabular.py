"""How a frame is shown or saved: table on a terminal, CSV, JSON, parquet."""

from __future__ import annotations

import gzip
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pipelines.base.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

FORMATS = ("table", "csv", "json")
ENDINGS = (".csv", ".csv.gz", ".parquet")
# What a spreadsheet would run as a formula. Some take the full-width signs of East Asian keyboards
# for the plain ones.
_SIGNS = "=+\\-@\t\uff1d\uff0b\uff0d\uff20"
_START = f"^(?: *[{_SIGNS}]|[\r\n])"
# A number is none, however long or signed: nothing runs that has digits and a sign alone.
_NUMBER = (
    r" *[+-]?(?:[0-9][0-9.,]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?%? *"
    r"|[+-](?:[iI][nN][fF](?:[iI][nN][iI][tT][yY])?|[nN][aA][nN])"
)
_RISKY = re.compile(_START.replace("^", "\0") + "|\r")


def neutral_text(value: object) -> object:
    """A cell that a spreadsheet will not run: text that looks like a formula gets a leading '.

    A plain number (-5, +1.50, -1,234, -5e-3, -50%) is none and stays. Carriage returns become line
    feeds: unquoted, they would end the row in some readers.
    """
    if not isinstance(value, str):
        return value
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    runs = re.match(_START, value) and not re.fullmatch(_NUMBER, value)
    return "'" + value if runs else value


def guarded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A text column of Arrow's whose cells a spreadsheet will not run; others stay as they are.

    Carriage returns stay too: Arrow writes text in quotes.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pc.any(pc.match_substring_regex(column, _START)).as_py():
        return column
    number = pc.match_substring_regex(column, f"^(?:{_NUMBER})$")
    runs = pc.and_(pc.match_substring_regex(column, _START), pc.invert(number))
    quoted = pc.binary_join_element_wise(
        pa.scalar("'", column.type), column, pa.scalar("", column.type)
    )
    return pc.if_else(runs, quoted, column)


def neutral(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every text cell and column name neutralised (see `neutral_text`)."""
    changed = {}
    for name in frame.columns:
        column = frame[name]
        if not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)):
            # One search through all cells, behind a mark each, is as good as one a cell.
            cells = (value for value in column.tolist() if isinstance(value, str))
            if _RISKY.search("\0".join(["", *cells])):
                changed[name] = column.map(neutral_text)
    return (frame.assign(**changed) if changed else frame).rename(columns=neutral_text)


def to_csv_text(frame: pd.DataFrame) -> str:
    """CSV with Unix line ends, missing as empty, formulas neutralised: the same bytes each time."""
    return neutral(frame).to_csv(index=False, lineterminator="\n")


def require_folder(path: Path) -> None:
    """UsageError where the folder of a file to write does not exist: a typing error, often."""
    if not path.parent.is_dir():
        raise UsageError(str(path), "the folder does not exist", "Make it, or choose another --out")


def ending(path: Path) -> str:
    """One of `ENDINGS`, in whatever case the name has it.

    Raises
    ------
    UsageError
        The name ends otherwise.
    """
    for known in ENDINGS:
        if path.name.lower().endswith(known):
            return known
    problem = f"the name must end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
    raise UsageError(str(path), problem, "Rename the output")


def save(frame: pd.DataFrame, path: Path) -> None:
    """Save as CSV (packed or not) or parquet, by the ending of the name."""
    from pipelines.base.files import unfinished, write_whole

    kind = ending(path)
    if kind == ".parquet":
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = unfinished(path)
        try:
            frame.to_parquet(fresh, index=False)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
    else:
        content = to_csv_text(frame).encode()
        # Without a time in it: the same bytes each time.
        write_whole(path, gzip.compress(content, mtime=0) if kind == ".csv.gz" else content)


def show(frame: pd.DataFrame, format: str = "table", title: str | None = None) -> None:
    """Print a frame to standard output as a table, CSV or JSON records."""
    if format not in FORMATS:
        raise UsageError("--format", f"{format!r} is not one of {', '.join(FORMATS)}", "Pick one")
    if format == "csv":
        sys.stdout.write(to_csv_text(frame))
    elif format == "json":
        records = json.loads(frame.to_json(orient="records", double_precision=10))
        sys.stdout.write(json.dumps(records, ensure_ascii=False, indent=1) + "\n")
    else:
        _print_table(frame, title)


def _print_table(frame: pd.DataFrame, title: str | None) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # Off a terminal (a pipe, a log) lines are never cut to a guessed width.
    console = Console(width=None if sys.stdout.isatty() else 240)
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in frame.columns:
        right = pd.api.types.is_numeric_dtype(frame[name])
        table.add_column(str(name), justify="right" if right else "left", overflow="fold")
    for row in frame.itertuples(index=False):
        # Text, not markup: a bracket in a title from a file stays a bracket.
        table.add_row(*(Text(_cell(value)) for value in row))
    console.print(table)


def _cell(value: object) -> str:
    if pd.isna(value):
        return "-"
    if isinstance(value, float):
        return f"{value:,.0f}" if value == int(value) else f"{value:,.3f}".rstrip("0")
    return str(value)
