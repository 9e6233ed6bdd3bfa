"""OEWS employment and wages: national and state workbooks of the Bureau of Labor Statistics.

Marks in the cells, after the field descriptions that BLS ships with each file: ``#`` at or above
the top code, ``*`` wage not released, ``**`` employment not released. ``ANNUAL`` and ``HOURLY``
mark occupations that have one kind of wage only; the other kind is then missing by design.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.errors import ShapeChanged
from pipelines.sources import readers
from pipelines.sources.catalog import Dataset

_MEASURES = {
    "MEAN": "mean",
    "PCT10": "p10",
    "PCT25": "p25",
    "MEDIAN": "median",
    "PCT75": "p75",
    "PCT90": "p90",
}
#: BLS column -> our column, hourly first, as in the contract.
WAGE_COLUMNS = {
    f"{letter}_{theirs}": f"{kind}_{ours}_wage"
    for letter, kind in (("H", "hourly"), ("A", "annual"))
    for theirs, ours in _MEASURES.items()
}
_GROUPS = ("total", "major", "minor", "broad", "detailed")
_SUPPRESSED = {"*": "suppressed", "**": "suppressed"}
_NUMBER = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?|\.\d+")
_TODO = "BLS changed the file: correct the loader; the last good release stays as it is"


def load_national(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """National employment and wages of one May.

    Parameters
    ----------
    path : Path
        ``oesm{yy}nat.zip``.
    dataset : Dataset
        Its ``release`` names the year; the name of the workbook must agree.

    Returns
    -------
    dict
        ``wages``: the contracted columns, ``area_code`` 99; dollars, persons, percent.

    Raises
    ------
    ShapeChanged
        Sheet, column, code or number not as contracted; names file, column and row.
    """
    return {"wages": _load(path, dataset, "national")}


def load_states(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Employment and wages by state and territory of one May; see `load_national`."""
    return {"wages": _load(path, dataset, "state")}


def _load(path: Path, dataset: Dataset, area: str) -> pd.DataFrame:
    year, where, sheet = _open(path, dataset, area)
    sheet = sheet.rename(columns=lambda name: str(name).strip().upper())
    sheet = sheet.rename(columns={"OCC_GROUP": "O_GROUP"})  # its name until 2018
    needed = ["OCC_CODE", "OCC_TITLE", "O_GROUP", "TOT_EMP", "EMP_PRSE", "MEAN_PRSE"]
    needed += [*WAGE_COLUMNS, "ANNUAL", "HOURLY"]
    if area == "state":
        needed += ["AREA", "AREA_TITLE", "PRIM_STATE", "LOC_QUOTIENT"]
    readers.require(sheet, needed, where)

    frame = pd.DataFrame({"year": year}, index=sheet.index)
    # OEWS moved from SOC 2010 to SOC 2018 with May 2019.
    frame["soc_vintage"] = "2010" if year < 2019 else "2018"
    frame = frame.join(_areas(sheet, area, where))
    frame["soc_code"] = _matching(sheet["OCC_CODE"], r"\d{2}-\d{4}", "an SOC code", where)
    frame["title"] = _matching(sheet["OCC_TITLE"], r".*\S.*", "a title", where)
    groups = "|".join(_GROUPS)
    frame["occupation_group"] = _matching(sheet["O_GROUP"], groups, f"one of {groups}", where)

    frame["employment"], frame["employment_flag"] = numbers(sheet["TOT_EMP"], where, _SUPPRESSED)
    _no_gaps(frame, "employment", "TOT_EMP", where)
    unflagged = {**_SUPPRESSED, "": ""}
    frame["employment_rse"], _ = numbers(sheet["EMP_PRSE"], where, unflagged)
    frame["mean_wage_rse"], _ = numbers(sheet["MEAN_PRSE"], where, unflagged)
    frame["location_quotient"] = (
        numbers(sheet["LOC_QUOTIENT"], where, unflagged)[0] if area == "state" else np.nan
    )
    return _wages(frame, sheet, where)


def _open(path: Path, dataset: Dataset, area: str) -> tuple[int, str, pd.DataFrame]:
    """Year, the name to use in errors, and the sheet of the workbook inside the zip."""
    member = readers.zip_member(path, rf"{area}_M\d{{4}}_dl\.xlsx")
    where = f"{path.name}: {Path(member).name}"
    in_name = int(re.search(r"_M(\d{4})_dl", member)[1])
    in_catalog = re.search(r"\b(?:19|20)\d{2}\b", str(dataset.release))
    if in_catalog and int(in_catalog[0]) != in_name:
        raise ShapeChanged(
            where, f"the file is of {in_name}, the catalog says {dataset.release}", _TODO
        )
    return in_name, where, readers.sheet_frame(path, member, header="OCC_CODE", where=where)


def _areas(sheet: pd.DataFrame, area: str, where: str) -> pd.DataFrame:
    """Columns area_code, area_title, state. AREA comes as 1.0, '1' or '01'."""
    out = pd.DataFrame(index=sheet.index)
    if "AREA" not in sheet:  # national files until 2018
        return out.assign(area_code="99", area_title="U.S.", state="US")
    code = sheet["AREA"].astype("str").str.strip().str.replace(r"\.0$", "", regex=True)
    code = _matching(code.rename("AREA"), r"\d{1,2}", "an area code", where).str.zfill(2)
    wrong = (code != "99") if area == "national" else (code == "99")
    _refuse(wrong, code, f"an area that a {area} file should not have", where)
    if "OWN_CODE" in sheet:
        # Other ownerships would repeat an occupation with a part of its jobs.
        own = sheet["OWN_CODE"].astype("str").str.strip().str.replace(r"\.0$", "", regex=True)
        _refuse(own != "1235", own, "not the code of all ownerships (1235)", where)
    out["area_code"] = code
    out["area_title"] = _matching(sheet["AREA_TITLE"], r".*\S.*", "a name", where)
    out["state"] = _matching(sheet["PRIM_STATE"], r"[A-Z]{2}", "a postal abbreviation", where)
    return out


def _wages(frame: pd.DataFrame, sheet: pd.DataFrame, where: str) -> pd.DataFrame:
    """`frame` with wage_kind, the twelve wages and their flags."""
    values, flags, raw_blank = {}, {}, {}
    marks = {**_SUPPRESSED, "#": "top-coded", "": ""}
    for theirs, ours in WAGE_COLUMNS.items():
        values[ours], flags[ours] = numbers(sheet[theirs], where, marks)
        raw_blank[ours] = values[ours].isna() & (flags[ours] == "")
    marked = {kind: _mark(sheet[kind], where) for kind in ("ANNUAL", "HOURLY")}
    _refuse(
        marked["ANNUAL"] & marked["HOURLY"], sheet["ANNUAL"],
        "marked annual only and hourly only at once", where,
    )
    hourly = [c for c in WAGE_COLUMNS.values() if c.startswith("hourly")]
    annual = [c for c in WAGE_COLUMNS.values() if c.startswith("annual")]
    # The May 2025 files leave HOURLY empty. BLS derives the annual wage from the hourly one, so a
    # released hourly wage with no annual wage at all is an hourly-only occupation, not a secret.
    no_annual = pd.concat([flags[c] == "suppressed" for c in annual], axis=1).all(axis=1)
    some_hourly = pd.concat([values[c].notna() for c in hourly], axis=1).any(axis=1)
    hourly_only = marked["HOURLY"] | (no_annual & some_hourly)
    frame["wage_kind"] = np.select(
        [marked["ANNUAL"], hourly_only], ["annual only", "hourly only"], "both"
    )
    for ours, theirs in zip(WAGE_COLUMNS.values(), WAGE_COLUMNS, strict=True):
        other = marked["ANNUAL"] if ours in hourly else hourly_only
        flag = flags[ours].mask(other & values[ours].isna(), "not applicable")
        _refuse(
            raw_blank[ours] & ~other, sheet[theirs], "empty, with no mark that says why", where
        )
        frame[ours], flags[ours] = values[ours], flag
    return frame.assign(**{f"{name}_flag": flags[name] for name in WAGE_COLUMNS.values()})


def numbers(
    cells: pd.Series, where: str, marks: dict[str, str]
) -> tuple[pd.Series, pd.Series]:
    """Cells of a sheet as numbers of 0 or more.

    Parameters
    ----------
    cells : Series
        Numbers, numbers written as text (``1,234.5``), or marks; its name is used in errors and
        its index counts the rows from 0 (sheet row 2).
    where : str
        File for errors.
    marks : dict
        Text allowed in place of a number, and the flag that it means.

    Returns
    -------
    values : Series of float64
        Missing where a mark stands.
    flags : Series of str
        The flag, empty where there is a number.

    Raises
    ------
    ShapeChanged
        Other text, a negative or an infinite number.
    """
    is_text = np.fromiter((isinstance(v, str) for v in cells), bool, len(cells))
    text = cells[is_text].astype("str").str.strip()
    marked = text.isin(list(marks))
    plain = text[~marked]
    _refuse(~plain.str.fullmatch(_NUMBER), plain.rename(cells.name), "not a number", where)
    values = cells.mask(is_text)
    odd = values.map(lambda v: isinstance(v, bool) or not isinstance(v, (int, float)))
    _refuse(odd & ~is_text, cells, "not a number", where)
    values = values.astype("float64")
    values[plain.index] = plain.str.replace(",", "").astype("float64")
    _refuse((values < 0) | np.isinf(values), cells, "not a number of 0 or more", where)
    empty = values.isna() & ~is_text
    if "" not in marks:
        _refuse(empty, cells, "empty", where)
    flags = pd.Series("", index=cells.index, dtype="str")
    flags[text.index[marked]] = text[marked].map(marks)
    return values, flags


def _no_gaps(frame: pd.DataFrame, ours: str, theirs: str, where: str) -> None:
    gap = frame[ours].isna() & (frame[f"{ours}_flag"] == "")
    _refuse(gap, frame[ours].rename(theirs), "empty, with no mark that says why", where)


def _mark(cells: pd.Series, where: str) -> pd.Series:
    """ANNUAL or HOURLY as a mask: TRUE (as text or truth value) or nothing."""
    text = cells.astype("object").where(cells.notna(), "").astype("str").str.strip().str.upper()
    _refuse(~text.isin(["", "TRUE", "FALSE"]), cells, "neither TRUE nor empty", where)
    return text == "TRUE"


def _matching(cells: pd.Series, pattern: str, wanted: str, where: str) -> pd.Series:
    text = cells.astype("str").str.strip()
    _refuse(~text.str.fullmatch(pattern).fillna(False), cells, f"not {wanted}", where)
    return text


def _refuse(bad: pd.Series, cells: pd.Series, problem: str, where: str) -> None:
    """Raise for the first bad cell, with its row in the sheet (row 1 holds the names)."""
    bad = bad.fillna(False).astype(bool)
    if bad.any():
        row = bad.index[bad.to_numpy()][0]
        raise ShapeChanged(
            where,
            f"column {cells.name}, row {int(row) + 2}: {cells[row]!r} is {problem} "
            f"({int(bad.sum())} such cells)",
            _TODO,
        )
