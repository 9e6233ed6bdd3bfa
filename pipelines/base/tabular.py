"""How a frame is shown or saved: table on a terminal, CSV, JSON, parquet."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pandas as pd

from pipelines.base.errors import UsageError

FORMATS = ("table", "csv", "json")
# What a spreadsheet would run as a formula; plain numbers are left alone. Some take the full-width
# signs of East Asian keyboards for the plain ones.
_SIGNS = "=+\\-@\t\uff1d\uff0b\uff0d\uff20"
_FORMULA = re.compile(f" *[{_SIGNS}]")
_RISKY = f"^ *[{_SIGNS}\n]|\r"


def neutral_text(value: object) -> object:
    """A cell that a spreadsheet will not run: text that looks like a formula gets a leading '.

    Carriage returns become line feeds: unquoted, they would end the row in some readers.
    """
    if not isinstance(value, str):
        return value
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return "'" + value if _FORMULA.match(value) or value.startswith("\n") else value


def neutral(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every text cell and column name neutralised (see `neutral_text`)."""
    changed = {}
    for name in frame.columns:
        column = frame[name]
        if not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)):
            text = column.astype("str")
            if text.str.contains(_RISKY, na=False).any():
                changed[name] = column.map(neutral_text)
    return (frame.assign(**changed) if changed else frame).rename(columns=neutral_text)


def to_csv_text(frame: pd.DataFrame) -> str:
    """CSV with Unix line ends, missing as empty, formulas neutralised: the same bytes each time."""
    return neutral(frame).to_csv(index=False, lineterminator="\n")


def require_folder(path: Path) -> None:
    """UsageError where the folder of a file to write does not exist: a typing error, often."""
    if not path.parent.is_dir():
        raise UsageError(str(path), "the folder does not exist", "Make it, or choose another --out")


def save(frame: pd.DataFrame, path: Path) -> None:
    """Save as CSV or parquet, by the ending of the name."""
    from pipelines.base.files import unfinished, write_whole

    if path.suffix == ".parquet":
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = unfinished(path)
        try:
            frame.to_parquet(fresh, index=False)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
    elif path.suffix == ".csv":
        write_whole(path, to_csv_text(frame).encode())
    else:
        raise UsageError(str(path), "the name must end in .csv or .parquet", "Rename the output")


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
