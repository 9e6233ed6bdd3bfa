"""The contract of every table: columns, types, ranges, keys, units, source.

The contracts themselves are data, in ``contracts.toml``; this module reads them, checks a
frame against one with pandera, and prints the data dictionary ``docs/DATA.md``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import inf

import pandas as pd
import pandera.pandas as pa

from pipelines.base.errors import ShapeChanged

#: Why a number is missing: the embedded snapshot does not hold it.
LEFT_OUT = "left out"
#: Why a number is missing. "" = it is not missing.
MISSING_FLAGS = ("", "suppressed", "top-coded", "not applicable", LEFT_OUT)


@dataclass(frozen=True)
class Type:
    """A kind of column: pandas dtype, range or pattern, and the unit people read."""

    dtype: str
    unit: str
    low: float = -inf
    high: float = inf
    pattern: str | None = None


TYPES: Mapping[str, Type] = {
    "onet_soc": Type("str", "O*NET-SOC code", pattern=r"\d{2}-\d{4}\.\d{2}"),
    "soc": Type("str", "SOC code", pattern=r"\d{2}-\d{4}"),
    "cip": Type("str", "CIP code", pattern=r"\d{2}\.\d{4}"),
    "month": Type("str", "MM/YYYY", pattern=r"(0[1-9]|1[0-2])/\d{4}"),
    "label": Type("str", "text"),
    "text": Type("str", "text"),
    "id": Type("int64", "identifier", 0),
    "year": Type("int64", "year", 1990, 2100),
    "month_of_year": Type("int64", "month", 1, 12),
    "index": Type("float64", "index", 1),
    "small": Type("int64", "number", 0, 100),
    "zone": Type("int64", "job zone", 1, 5),
    "flag": Type("bool", "true or false"),
    "count": Type("float64", "number", 0),
    "persons": Type("float64", "persons", 0),
    "thousands": Type("float64", "thousand jobs", 0),
    "dollars_year": Type("float64", "US dollars per year", 0),
    "dollars_hour": Type("float64", "US dollars an hour", 0),
    "dollars": Type("float64", "US dollars", 0),
    "percent": Type("float64", "percent", 0, 100.5),
    "growth": Type("float64", "percent", -100),
    "probability": Type("float64", "0 to 1", 0, 1),
    "share": Type("float64", "0 to 1", 0, 1),
    "nonnegative": Type("float64", "number", 0),
    "number": Type("float64", "number"),
}


@dataclass(frozen=True)
class Column:
    """One column of a contract; ``allowed`` is set for a choice."""

    name: str
    type: str
    description: str
    nullable: bool
    allowed: tuple[str, ...] | None = None

    @property
    def dtype(self) -> str:
        return "str" if self.allowed is not None else TYPES[self.type].dtype

    @property
    def unit(self) -> str:
        return "one of the values below" if self.allowed is not None else TYPES[self.type].unit


@dataclass(frozen=True)
class Table:
    """The contract of one table."""

    name: str
    about: str
    source: tuple[str, ...]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    in_snapshot: bool = True
    snapshot_reason: str = ""

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


def _column(name: str, kind: str, description: str) -> Column:
    nullable = kind.endswith("?")
    kind = kind.removesuffix("?")
    if kind == "missing":
        return Column(name, kind, description, False, MISSING_FLAGS)
    if kind.startswith("choice:"):
        return Column(name, "choice", description, nullable, tuple(kind[7:].split("|")))
    if kind not in TYPES:
        raise ValueError(f"contracts.toml: column {name} has the unknown type {kind}")
    return Column(name, kind, description, nullable)


@cache
def contracts() -> dict[str, Table]:
    """All contracts by table name, in the order of ``contracts.toml``."""
    text = resources.files("pipelines.base").joinpath("contracts.toml").read_text("utf-8")
    return {
        name: Table(
            name=name,
            about=entry["about"],
            source=tuple(entry["source"]),
            key=tuple(entry["key"]),
            columns=tuple(_column(*column) for column in entry["columns"]),
            in_snapshot=entry.get("snapshot", True),
            snapshot_reason=entry.get("snapshot_reason", ""),
        )
        for name, entry in tomllib.loads(text).items()
    }


def empty(name: str) -> pd.DataFrame:
    """A frame of no rows that satisfies the contract: an empty result keeps its columns."""
    return pd.DataFrame({c.name: pd.Series(dtype=c.dtype) for c in contracts()[name].columns})


@cache
def _schema(name: str) -> pa.DataFrameSchema:
    table = contracts()[name]
    columns = {c.name: pa.Column(c.dtype, _checks(c), nullable=c.nullable) for c in table.columns}
    return pa.DataFrameSchema(columns, strict=True, unique=list(table.key))


def _checks(column: Column) -> list[pa.Check]:
    if column.allowed is not None:
        return [pa.Check.isin(list(column.allowed))]
    kind = TYPES[column.type]
    if kind.pattern is not None:
        return [pa.Check.str_matches(rf"^{kind.pattern}\Z")]
    return [pa.Check.in_range(kind.low, kind.high)] if kind.dtype in ("int64", "float64") else []


def check(name: str, frame: pd.DataFrame, where: str | None = None) -> pd.DataFrame:
    """Hold a frame against its contract.

    Parameters
    ----------
    name : str
        Table name, a key of `contracts`.
    frame : DataFrame
        The rows, numbers in the contracted dtypes (a 3.5 where whole numbers belong is refused,
        not cut to 3); extra columns are refused, column order does not matter.
    where : str, optional
        File named in the error (default: the table name).

    Returns
    -------
    DataFrame
        The same rows in contracted column order, sorted by key, index 0..n-1.

    Raises
    ------
    ShapeChanged
        Names table, column and the first offending rows.
    """
    table = contracts()[name]
    try:
        frame = _schema(name).validate(frame.reset_index(drop=True), lazy=True)
    except pa.errors.SchemaErrors as error:
        raise ShapeChanged(
            where or f"table {name}",
            f"table {name}: {_problem(table, error.failure_cases)}",
            "See docs/DATA.md for the contract; the last good release stays as it is",
        ) from error
    # Text, and a column of nothing among it, may come as objects; it leaves as text.
    frame = frame[table.names].astype({c.name: c.dtype for c in table.columns})
    # Sorted by key: the same input gives the same bytes whatever order a publisher lists rows in.
    return frame.sort_values(list(table.key), kind="stable", ignore_index=True)


#: pandera's checks of a frame's shape, in the order in which they are told; others follow.
_ORDER = (
    "column_in_dataframe", "column_in_schema", "not_nullable", "dtype",
    "multiple_fields_uniqueness",
)  # fmt: skip


def _problem(table: Table, cases: pd.DataFrame) -> str:
    """What to tell of pandera's failure cases: the first kind, with its first three cells."""
    kinds = cases["check"].str.partition("(")[0]
    kind = next((k for k in _ORDER if (kinds == k).any()), kinds.iloc[0])
    cases = cases[kinds == kind]
    if kind.startswith("column_in_"):
        what = "missing" if kind == "column_in_dataframe" else "not in the contract"
        return f"columns {what}: {', '.join(map(str, cases['failure_case']))}"
    if kind == "multiple_fields_uniqueness":
        keys = cases.groupby("index")["failure_case"].agg(lambda key: " ".join(map(str, key)))
        first = ", ".join(f"{key} in data row {i + 1}" for i, key in keys.head(3).items())
        return f"{len(keys)} rows share a key ({', '.join(table.key)}): {first}"
    column, rule = cases[["column", "check"]].iloc[0]
    cases = cases[(cases["column"] == column) & (cases["check"] == rule)].head(3)
    # Rows are counted as a person does, the header left out; a whole column has no row.
    cells = ", ".join(
        f"{cell!r}" + ("" if pd.isna(i) else f" in data row {i + 1}")
        for cell, i in zip(cases["failure_case"], cases["index"], strict=True)
    )
    if kind == "not_nullable":
        return (
            f"column {column} is empty in data rows {', '.join(str(i + 1) for i in cases['index'])}"
        )
    if kind == "dtype":
        dtype = next(c.dtype for c in table.columns if c.name == column)
        return f"column {column} is not {dtype}: {cells}"
    return f"column {column} breaks {rule}: {cells}"


def dictionary() -> str:
    """The data dictionary, as Markdown."""
    lines = [
        "# Data dictionary",
        "",
        "Generated from `pipelines/base/contracts.toml` by `outlook dictionary`; do not edit.",
        "Missing, suppressed and top-coded stay apart: a number that is missing has a `_flag`",
        "column beside it where the publisher says why.",
    ]
    for table in contracts().values():
        lines += ["", f"## {table.name}", "", table.about, ""]
        key = ", ".join(f"`{name}`" for name in table.key)
        source = ", ".join(f"`{dataset}`" for dataset in table.source)
        kept = "In the snapshot" if table.in_snapshot else "Not in the snapshot: "
        lines += [f"Key: {key}. Sources: {source}. {kept}{table.snapshot_reason}.", ""]
        lines += ["| column | dtype | unit | may be missing | meaning |", "|---|---|---|---|---|"]
        for column in table.columns:
            values = " / ".join(value or "empty" for value in column.allowed or ())
            meaning = f"{column.description} ({values})" if values else column.description
            missing = "yes" if column.nullable else "no"
            lines.append(
                f"| {column.name} | {column.dtype} | {column.unit} | {missing} | {meaning} |"
            )
    return "\n".join(lines) + "\n"
