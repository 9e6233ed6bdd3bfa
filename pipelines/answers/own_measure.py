"""A measure of the user's own from a CSV, brought to O*NET-SOC 2019 occupations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from pipelines.base.csv_in import csv_chunks
from pipelines.base.errors import UsageError
from pipelines.base.percentiles import standing
from pipelines.base.tabular import neutral_text
from pipelines.market.published import joint_codes

#: Columns that name a row, in this order where a file has several.
KEY_COLUMNS = ("task_id", "onet_soc_code", "soc_code")
#: A file of every task of O*NET is a tenth of it.
MAX_ROWS = 200_000
_SHAPES = {
    "onet_soc_code": r"\d{2}-\d{4}\.\d{2}",
    "soc_code": r"\d{2}-\d{4}",
    "task_id": r"\d{1,9}",
}


@dataclass(frozen=True)
class OwnMeasure:
    """A user's measure by occupation, and what became of the file's rows.

    Attributes
    ----------
    name : str
        Header of the value column.
    key : str
        One of `KEYS`.
    values : DataFrame
        onet_soc_code, value, percentile, ambiguous, share (of the occupation's tasks that the
        file rates, or of its SOC 2010 employment that it covers; 1 where codes match).
    rows, matched, ambiguous : int
        Of the file: all, those that reach an occupation, those of them that reach several or
        reach one by a crosswalk.
    unmatched : tuple of str
        Keys that no occupation here has.
    """

    name: str
    key: str
    values: pd.DataFrame
    rows: int
    matched: int
    ambiguous: int
    unmatched: tuple[str, ...]

    def coverage(self) -> str:
        """One line on what matched."""
        lost = len(self.unmatched)
        shown = ", ".join(self.unmatched[:5]) + (" ..." if lost > 5 else "")
        return (
            f"{self.name}: {self.matched:,} of {self.rows:,} rows matched by {self.key}, "
            f"{self.ambiguous:,} of them ambiguous, {lost:,} unmatched"
            + (f" ({shown})" if lost else "")
            + f"; {len(self.values):,} occupations"
        )


def read_own(source: str) -> tuple[str, str, pd.DataFrame]:
    """Name of the measure, key column, and the rows (columns key and value) of a CSV.

    The key is the column ``task_id``, ``onet_soc_code`` or ``soc_code``; the value is the column
    ``value``, or the only other one. Empty values are missing and left out.

    Raises
    ------
    UsageError
        No such file, not UTF-8, no key or value column, a code of another shape, a value that is
        no finite number, a key with two values; names the lines.
    """
    parts, rows = [], 0
    for part in csv_chunks(source):
        if part.odd:
            row = rows + min(part.odd) + 1
            raise UsageError(
                source, f"data row {row}: {part.odd[min(part.odd)]}",
                "Mend that row; a value with a comma needs quotes",
            )  # fmt: skip
        if part.doubled:
            problem = f"several columns are named {', '.join(map(repr, part.doubled[:3]))}"
            raise UsageError(source, problem, "Leave one of them")
        rows += part.table.num_rows
        if rows > MAX_ROWS:
            raise UsageError(source, f"more than {MAX_ROWS:,} rows", "Give one row a code")
        parts.append(part.table)
    frame = pa.concat_tables(parts).to_pandas(use_threads=False)
    keys = [name for name in KEY_COLUMNS if name in frame]
    if not keys:
        raise UsageError(
            source, f"no column {', '.join(KEY_COLUMNS[:2])} or {KEY_COLUMNS[2]}; the columns are "
            + ", ".join(map(str, list(frame)[:12])),
            "Name the column of codes so",
        )  # fmt: skip
    key = keys[0]
    others = [c for c in frame if c not in (*KEY_COLUMNS, "title", "task")]
    column = "value" if "value" in others else others[0] if len(others) == 1 else None
    if column is None:
        raise UsageError(
            source, f"{'no' if not others else 'more than one'} column of values",
            "Name the column of numbers value",
        )  # fmt: skip
    text = frame[column].str.strip()
    frame = frame.assign(**{key: frame[key].str.strip()})
    if frame.empty or text.isin(["", "NA", "n/a"]).all():
        raise UsageError(source, "no row has a value", "Give a CSV with rows")
    _refuse(source, ~frame[key].str.fullmatch(_SHAPES[key]), frame[key], f"no {key}")
    absent = text.isin(["", "NA", "n/a"])
    number = pd.to_numeric(text.mask(absent), errors="coerce").astype(float)
    _refuse(source, ~absent & ~np.isfinite(number), text, "no number")
    frame = pd.DataFrame({key: frame[key], "value": number})[~absent]
    if key == "task_id":
        frame[key] = frame[key].astype("int64").astype("str")
    twice = frame[key].duplicated(keep=False)
    _refuse(source, twice, frame[key], "given more than once")
    name = str(neutral_text(column)) if column != "value" else str(neutral_text(Path(source).stem))
    return name[:60], key, frame.reset_index(drop=True)


def _refuse(source: str, bad: pd.Series, values: pd.Series, what: str) -> None:
    if bad.any():
        first = ", ".join(f"{values[i]!r} in data row {i + 1}" for i in bad[bad].index[:3])
        raise UsageError(source, f"{int(bad.sum()):,} cells are {what}: {first}", "Mend those rows")


def own_measure(source: str, tables: Mapping[str, pd.DataFrame]) -> OwnMeasure:
    """Read the CSV and bring it to the occupations that have tasks.

    By task: mean over the rated tasks of an occupation, `share` says how many of its tasks those
    are. By SOC code: every occupation of the code has its value, ambiguous where several share
    it; a code of SOC 2010 only goes by the weights of ``soc_2010_to_2018``, always ambiguous.

    Raises
    ------
    UsageError
        As for `read_own`; and where no row matches.
    """
    name, key, rows = read_own(source)
    known = tables["occupations"]
    known = known.loc[known["has_tasks"].astype(bool), ["onet_soc_code", "soc_code"]]
    if key == "task_id":
        links = tables["tasks"][["onet_soc_code", "task_id"]]
        links = links.assign(task_id=links["task_id"].astype("str"))
        size = links["onet_soc_code"].value_counts()
        links = links.assign(weight=1 / links["onet_soc_code"].map(size), crossed=False)
    elif key == "onet_soc_code":
        links = known[["onet_soc_code"]].assign(weight=1.0, crossed=False)
    else:
        links = _soc_links(known, rows, tables["soc_2010_to_2018"], joint_codes(tables))
    reached = rows.merge(links, on=key)
    if reached.empty:
        raise UsageError(
            source, f"none of its {len(rows):,} rows has a {key} of this release",
            "See `outlook tasks --all` for task ids and occupation codes",
        )  # fmt: skip
    several = reached[key].duplicated(keep=False) | reached["crossed"]
    reached = reached.assign(several=several, top=reached["value"] * reached["weight"])
    by = reached.groupby("onet_soc_code")
    share = by["weight"].sum()
    values = pd.DataFrame(
        {"value": by["top"].sum() / share, "ambiguous": by["several"].any(), "share": share}
    ).reset_index()
    values["share"] = values["share"].clip(upper=1)
    values["percentile"] = standing(values["value"])
    unmatched = rows.loc[~rows[key].isin(reached[key]), key]
    return OwnMeasure(
        name, key, values, len(rows), reached[key].nunique(),
        reached.loc[reached["several"], key].nunique(), tuple(unmatched),
    )  # fmt: skip


def _soc_links(
    known: pd.DataFrame, rows: pd.DataFrame, walk: pd.DataFrame, joint: Mapping[str, str]
) -> pd.DataFrame:
    direct = known.assign(weight=1.0, crossed=False)
    # A code that BLS publishes for several occupations gives its value to each without a row.
    shared = known[~known["soc_code"].isin(rows["soc_code"])]
    shared = shared.assign(soc_code=shared["soc_code"].map(joint), weight=1.0, crossed=True)
    direct = pd.concat([direct, shared.dropna(subset=["soc_code"])], ignore_index=True)
    new = set(direct["soc_code"])
    older = set(rows["soc_code"]) - new
    # The walk's weights add to one by old code; an average over the old codes of a new one needs
    # them to add to one by new code.
    crossed = walk[~walk["soc_code"].isin(rows["soc_code"])].copy()
    total = crossed.groupby("soc_code")["weight"].transform("sum")
    crossed["weight"] = crossed["weight"].where(total > 0, 1.0)
    crossed["weight"] /= crossed.groupby("soc_code")["weight"].transform("sum")
    crossed = crossed[crossed["soc_2010_code"].isin(older)]
    crossed = crossed.merge(known, on="soc_code")
    crossed = crossed[["onet_soc_code", "soc_2010_code", "weight"]].rename(
        columns={"soc_2010_code": "soc_code"}
    )
    return pd.concat([direct, crossed.assign(crossed=True)], ignore_index=True)
