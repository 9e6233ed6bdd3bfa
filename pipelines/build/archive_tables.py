"""Which tables of a release an archive holds, and their rows as CSV, parquet and Stata files."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from pipelines.base import contracts
from pipelines.base.contracts import Table
from pipelines.base.errors import ShapeChanged, UsageError
from pipelines.base.tabular import to_csv_text
from pipelines.exposure.published.meanings import withheld_measures
from pipelines.releases.publish import encode
from pipelines.releases.store import Release
from pipelines.sources.catalog import load_catalog, withheld

#: Columns that name a measure: rows of a measure that may not be passed on are left out.
_MEASURE_COLUMNS = {"measures": ["measure"], "measure_agreement": ["measure", "other"]}
#: Longest label that Stata takes, of a column and of a file.
_STATA_LABEL = 80
#: "format" of Stata 14 and newer: UTF-8, and text of any length.
_STATA_VERSION = 118


@dataclass(frozen=True)
class Kept:
    """What an archive holds of a table: all of it, or a part and the reason for the rest."""

    table: Table
    left_out: str = ""


def choose(release: Release) -> tuple[list[Kept], dict[str, str]]:
    """The tables that may be passed on.

    A source whose license does not let its data be passed on (`catalog.withheld`) stays out, as it
    stays out of the embedded snapshot: its own tables, and its rows of the tables of measures.

    Returns
    -------
    kept : list of Kept
        In the order of the contracts.
    left_out : dict of str
        Of every other contracted table, the reason.

    Raises
    ------
    UsageError
        The release has a table that this version of the program has no contract for.
    """
    known = contracts.contracts()
    if strangers := sorted(set(release.manifest["tables"]) - set(known)):
        raise _other_version(release, f"it has the table {strangers[0]}, which has no contract")
    kept, left_out = [], {}
    for name, table in known.items():
        closed = [source for source in table.source if source in withheld()]
        if not release.has(name):
            reasons = release.manifest.get("left_out", {})
            left_out[name] = reasons.get(name, "the release does not hold it")
        elif not closed:
            kept.append(Kept(table, release.manifest.get("left_out", {}).get(name, "")))
        elif name in _MEASURE_COLUMNS:
            kept.append(Kept(table, f"rows of {_licenses(closed)}"))
        else:
            left_out[name] = _licenses(closed)
    return kept, left_out


def _licenses(sources: list[str]) -> str:
    """Why sources stay out, in words: "aioe, aioe_lm (license: none stated ...)"."""
    stated: dict[str, list[str]] = {}
    for source in sources:
        stated.setdefault(load_catalog()[source].licence, []).append(source)
    return "; ".join(f"{', '.join(of)} (license: {text})" for text, of in stated.items())


def rows(release: Release, kept: Kept) -> tuple[pd.DataFrame, bytes]:
    """The rows of a table that may be passed on, and the same as parquet.

    The parquet file of a whole table is the published one, byte for byte.

    Raises
    ------
    UsageError
        The release was made by a version of the program with another contract.
    SourceFailed
        The table's file is missing or damaged.
    """
    name = kept.table.name
    try:
        frame = contracts.check(name, release.table(name), f"release {release.id}")
    except ShapeChanged as error:
        raise _other_version(release, str(error)) from error
    if name not in _MEASURE_COLUMNS:
        return frame, release.verified(name)
    barred = frame[_MEASURE_COLUMNS[name]].isin(withheld_measures()).any(axis=1)
    frame = frame[~barred].reset_index(drop=True)
    return frame, encode(frame)


def csv(frame: pd.DataFrame) -> bytes:
    """CSV in UTF-8, missing as empty, no cell that a spreadsheet would run."""
    return to_csv_text(frame).encode()


def stata(frame: pd.DataFrame, table: Table, when: datetime) -> bytes:
    """A Stata file (14 or newer): labels from the contract, true and false as labeled 1 and 0.

    Stata has no missing text: it is empty there, as in CSV.
    """
    flags = [column.name for column in table.columns if column.dtype == "bool"]
    text = [column.name for column in table.columns if column.dtype == "str"]
    frame = frame.astype(dict.fromkeys(flags, "int8"))
    frame = frame.assign(**{name: frame[name].astype(object).fillna("") for name in text})
    buffer = io.BytesIO()
    frame.to_stata(
        buffer,
        write_index=False,
        version=_STATA_VERSION,
        time_stamp=when,
        data_label=_label(table.about),
        variable_labels={column.name: _label(column.description) for column in table.columns},
        value_labels={name: {0: "false", 1: "true"} for name in flags},
    )
    return buffer.getvalue()


def _label(text: str) -> str:
    return text if len(text) <= _STATA_LABEL else text[: _STATA_LABEL - 3].rstrip() + "..."


def _other_version(release: Release, problem: str) -> UsageError:
    made_by = release.manifest.get("code_version", "another version")
    return UsageError(
        f"release {release.id}",
        f"was made by a version of the program with other tables ({problem})",
        f"Archive it with the version that made it ({made_by})",
    )
