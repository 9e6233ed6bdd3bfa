"""OEWS employment and wages: national and state workbooks of the Bureau of Labor Statistics.

Marks in the cells, after the field descriptions that BLS ships with each file: ``#`` at or above
the top code, ``*`` wage not released, ``**`` employment not released. ``ANNUAL`` and ``HOURLY``
mark occupations that have one kind of wage only; the other kind is then missing by design.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd

from pipelines.base.errors import ShapeChanged
from pipelines.sources.dataset import Dataset
from pipelines.sources.files import archives
from pipelines.sources.files.books import open_book
from pipelines.sources.read import delimited
from pipelines.sources.read.bls_cells import (
    ADVICE,
    frame_of,
    matching,
    numbers,
    refuse,
    sheet_rows,
    whole_codes,
)

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
COLUMNS = ["OCC_CODE", "OCC_TITLE", "O_GROUP", "TOT_EMP", "EMP_PRSE", "MEAN_PRSE",
           *WAGE_COLUMNS, "ANNUAL", "HOURLY"]  # fmt: skip
AREA_COLUMNS = ["AREA", "AREA_TITLE", "PRIM_STATE", "LOC_QUOTIENT"]
_SUPPRESSED = {"*": "suppressed", "**": "suppressed"}
NOT_EMPTY = r"(?s).*\S.*"


def soc_vintage(year: int) -> str:
    """Classification of an OEWS May: "2010", "2018", or "hybrid" of both (May 2019 and 2020).

    The samples of 2019 and 2020 were coded partly in SOC 2010, partly in SOC 2018; where the two
    could not be told apart, OEWS published codes of its own that stand in neither.
    """
    return "2010" if year < 2019 else "hybrid" if year < 2021 else "2018"


def load_national(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """National employment and wages of one May.

    Parameters
    ----------
    path : Path
        ``oesm{yy}nat.zip``.
    dataset : Dataset
        Names the file in errors.

    Returns
    -------
    dict
        ``wages``: the contracted columns, ``area_code`` 99; dollars, persons, percent.

    Raises
    ------
    ShapeChanged
        Sheet, column, code or number not as contracted; names file, column and row.
    SourceFailed
        Not a whole zip with a whole workbook in it.
    """
    return {"wages": _load(path, dataset, "national")}


def load_states(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Employment and wages by state and territory of one May; see `load_national`."""
    return {"wages": _load(path, dataset, "state")}


def edition(path: Path, dataset: Dataset) -> tuple[str, str]:
    """Release and date of an OEWS archive, from its workbooks' names: ("May 2025", "2025-05").

    Raises
    ------
    SourceFailed, ShapeChanged
        Not a whole zip; its workbooks name no year, or several.
    """
    where = f"{dataset.id} ({path.name})"
    with archives.open_zip(path, where) as archive:
        names = [PurePosixPath(name).name for name in archive.namelist()]
    years = {match[1] for name in names if (match := re.search(r"_M(\d{4})_dl\.xlsx?$", name))}
    if len(years) != 1:
        raise ShapeChanged(
            where, f"expected one workbook <area>_M<year>_dl.xlsx, or several of one year; the zip "
            f"has {names}",
            ADVICE,
        )  # fmt: skip
    year = years.pop()
    return f"May {year}", f"{year}-05"


def _load(path: Path, dataset: Dataset, area: str) -> pd.DataFrame:
    year, where, sheet = _open(path, dataset, area)
    frame = pd.DataFrame({"year": year}, index=sheet.index)
    frame["soc_vintage"] = soc_vintage(year)
    frame = figures(frame.join(_areas(sheet, area, where)), sheet, where)
    if area == "national":
        frame["location_quotient"] = np.nan
    return frame.reset_index(drop=True)


def figures(frame: pd.DataFrame, sheet: pd.DataFrame, where: str) -> pd.DataFrame:
    """`frame` with occupation, employment, location quotient and wages of a sheet's rows.

    The columns are those of the contract of ``wages`` from ``soc_code`` on. Raises ShapeChanged.
    """
    frame["soc_code"] = matching(sheet["OCC_CODE"], r"\d{2}-\d{4}", "an SOC code", where)
    frame["title"] = matching(sheet["OCC_TITLE"], NOT_EMPTY, "a title", where)
    groups = "total|major|minor|broad|detailed"
    frame["occupation_group"] = matching(sheet["O_GROUP"], groups, f"one of {groups}", where)
    frame["employment"], frame["employment_flag"] = numbers(sheet["TOT_EMP"], where, _SUPPRESSED)
    unknown = {**_SUPPRESSED, "": ""}
    frame["employment_rse"], _ = numbers(sheet["EMP_PRSE"], where, unknown)
    frame["mean_wage_rse"], _ = numbers(sheet["MEAN_PRSE"], where, unknown)
    frame["location_quotient"] = np.nan
    if "LOC_QUOTIENT" in sheet:
        frame["location_quotient"], _ = numbers(sheet["LOC_QUOTIENT"], where, unknown)
    return _add_wages(frame, sheet, where)


def _open(path: Path, dataset: Dataset, area: str) -> tuple[int, str, pd.DataFrame]:
    """Year, the name to use in errors, and the sheet of the workbook inside the zip."""
    where = f"{dataset.id} ({path.name})"
    pattern = rf"{area}_M(\d{{4}})_dl"
    with archives.open_zip(path, where) as archive:
        names = [PurePosixPath(name).name for name in archive.namelist()]
        found = [name for name in names if re.fullmatch(pattern + r"\.xlsx", name)]
        if len(found) != 1:
            raise ShapeChanged(
                where, f"expected one workbook {area}_M<year>_dl.xlsx, the zip has {names}", ADVICE
            )
        data = archives.read_member(archive, found[0], where)
    year = int(re.match(pattern, found[0])[1])
    where = f"{where}, {found[0]}"
    book = open_book(data, where)
    # Some years add sheets that describe the fields; until 2019 the sheet does not name the year.
    either = rf"{pattern}|{area}_dl"
    sheet = next((name for name in book.sheet_names if re.fullmatch(either, name)), None)
    if sheet is None:
        raise ShapeChanged(
            where, f"no sheet {area}_M{year}_dl; the workbook has {book.sheet_names}", ADVICE
        )
    rows = sheet_rows(book, sheet, where)
    header = [str(name).strip().upper() for name in rows[0]] if rows else []
    header = ["O_GROUP" if name == "OCC_GROUP" else name for name in header]  # until 2018
    needed = COLUMNS + (AREA_COLUMNS if area == "state" else [])
    delimited.require(pd.DataFrame(columns=header), needed, where)
    frame = frame_of(rows[1:], header, first_row=2)
    if frame.empty:
        raise ShapeChanged(where, "the sheet has a header and no rows", ADVICE)
    return year, where, frame


def _areas(sheet: pd.DataFrame, area: str, where: str) -> pd.DataFrame:
    """Columns area_code, area_title, state."""
    out = pd.DataFrame(index=sheet.index)
    if "AREA" not in sheet:  # national files until 2018
        return out.assign(area_code="99", area_title="U.S.", state="US")
    code = matching(whole_codes(sheet["AREA"]), r"\d{1,2}", "an area code", where).str.zfill(2)
    wrong = (code != "99") if area == "national" else (code == "99")
    refuse(wrong, code, f"not an area of a {area} file", where)
    if "OWN_CODE" in sheet:
        # Other ownerships would repeat an occupation with a part of its jobs.
        own = whole_codes(sheet["OWN_CODE"])
        refuse(own != "1235", own, "not 1235, all ownerships", where)
    out["area_code"] = code
    if area == "national" and "PRIM_STATE" not in sheet:  # 2019
        sheet = sheet.assign(PRIM_STATE="US")
    for theirs, ours, pattern in (
        ("AREA_TITLE", "area_title", NOT_EMPTY),
        ("PRIM_STATE", "state", "[A-Z]{2}"),
    ):
        delimited.require(sheet, [theirs], where)
        out[ours] = matching(sheet[theirs], pattern, "the name of an area", where)
    return out


def _add_wages(frame: pd.DataFrame, sheet: pd.DataFrame, where: str) -> pd.DataFrame:
    """`frame` with wage_kind, the twelve wages and their flags."""
    values, flags = {}, {}
    marks = {**_SUPPRESSED, "#": "top-coded", "": "empty"}
    for theirs, ours in WAGE_COLUMNS.items():
        values[ours], flags[ours] = numbers(sheet[theirs], where, marks)
        # The file of 2018 has 0 for the annual mean of occupations with hourly wages only.
        nothing = values[ours] == 0
        values[ours] = values[ours].mask(nothing)
        flags[ours] = flags[ours].mask(nothing, "zero")
    annual_mark, hourly_mark = (_marked(sheet[name], where) for name in ("ANNUAL", "HOURLY"))
    refuse(annual_mark & hourly_mark, sheet["ANNUAL"], "marked annual and hourly only", where)
    hourly = [name for name in WAGE_COLUMNS.values() if name.startswith("hourly")]
    annual = [name for name in WAGE_COLUMNS.values() if name.startswith("annual")]
    # The May 2025 files leave HOURLY empty. BLS multiplies the hourly wage to get the annual one,
    # so an hourly wage with no annual wage at all is an hourly-only occupation, not a secret: in
    # 2025 these are the very codes that 2024 marks.
    no_annual = pd.concat(
        [flags[name].isin(["suppressed", "zero"]) for name in annual], axis=1
    ).all(axis=1)
    some_hourly = pd.concat(
        [values[name].notna() | (flags[name] == "top-coded") for name in hourly], axis=1
    ).any(axis=1)
    hourly_only = hourly_mark | (no_annual & some_hourly & ~annual_mark)
    kinds = ["annual only", "hourly only"]
    frame["wage_kind"] = np.select([annual_mark, hourly_only], kinds, "both")
    for theirs, ours in WAGE_COLUMNS.items():
        by_design = annual_mark if ours in hourly else hourly_only
        gone = by_design & flags[ours].isin(["suppressed", "empty", "zero"])
        flags[ours] = flags[ours].mask(gone, "not applicable")
        refuse(flags[ours] == "zero", sheet[theirs], "0, which is no wage", where)
        refuse(flags[ours] == "empty", sheet[theirs], "empty, with no mark that says why", where)
    renamed = {f"{name}_flag": flag for name, flag in flags.items()}
    return pd.concat([frame, pd.DataFrame({**values, **renamed})], axis=1)


def _marked(cells: pd.Series, where: str) -> pd.Series:
    """ANNUAL or HOURLY as a mask: TRUE, as text or truth value, or nothing."""
    text = cells.astype("str").str.strip().str.upper()
    refuse(~text.isin(["", "TRUE", "FALSE"]), cells, "neither TRUE nor empty", where)
    return text == "TRUE"
