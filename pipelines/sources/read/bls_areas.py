"""OEWS employment and wages by metropolitan and nonmetropolitan area: two workbooks in one zip.

Their 200,000 rows of 32 cells are read as Arrow columns; as Python objects they take five times
as long and six times the memory. Marks, codes and checks are those of `bls_oews`.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import pandas as pd

from pipelines.base import contracts
from pipelines.base.errors import ShapeChanged
from pipelines.sources.dataset import Dataset
from pipelines.sources.files import archives, books
from pipelines.sources.read import bls_oews, delimited
from pipelines.sources.read.bls_cells import ADVICE, ROW, matching, refuse

#: Workbook -> kind of area, pattern of its codes: BLS keeps 7 digits for nonmetropolitan areas.
WORKBOOKS = {
    "MSA": ("metropolitan", r"\d{5}"),
    "BOS": ("nonmetropolitan", r"\d{7}"),
}


def load_areas(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Employment and wages by area of one May.

    Parameters
    ----------
    path : Path
        ``oesm{yy}ma.zip``.
    dataset : Dataset
        Names the file in errors.

    Returns
    -------
    dict
        ``area_wages``: the contracted columns; dollars, persons, percent. Total, major groups and
        detailed occupations.

    Raises
    ------
    ShapeChanged
        Sheet, column, code or number not as contracted; names file, column and row.
    SourceFailed
        Not a whole zip with two whole workbooks in it.
    """
    columns = contracts.contracts()["area_wages"].names
    parts = []
    for prefix, (kind, pattern) in WORKBOOKS.items():
        year, where, sheet = _sheet(path, dataset, prefix)
        frame = pd.DataFrame({"year": year}, index=sheet.index)
        frame["soc_vintage"] = bls_oews.soc_vintage(year)
        frame["area_type"] = kind
        frame["area_code"] = matching(sheet["AREA"], pattern, f"a {kind} area's code", where)
        frame["area_title"] = matching(sheet["AREA_TITLE"], bls_oews.NOT_EMPTY, "a name", where)
        frame["state"] = matching(sheet["PRIM_STATE"], "[A-Z]{2}", "a state", where)
        own = sheet["OWN_CODE"].str.strip()
        # Other ownerships would repeat an occupation with a part of its jobs.
        refuse(own != "1235", own, "not 1235, all ownerships", where)
        parts.append(bls_oews.figures(frame, sheet, where)[columns])
    return {"area_wages": pd.concat(parts, ignore_index=True)}


def _sheet(path: Path, dataset: Dataset, prefix: str) -> tuple[int, str, pd.DataFrame]:
    """Year, the name to use in errors, and the sheet as text, indexed by its own row numbers."""
    where = f"{dataset.id} ({path.name})"
    pattern = rf"{prefix}_M(\d{{4}})_dl"
    with archives.open_zip(path, where) as archive:
        names = [PurePosixPath(name).name for name in archive.namelist()]
        found = [name for name in names if re.fullmatch(pattern + r"\.xlsx", name)]
        if len(found) != 1:
            raise ShapeChanged(
                where,
                f"expected one workbook {prefix}_M<year>_dl.xlsx, the zip has {names}",
                ADVICE,
            )
        data = archives.read_member(archive, found[0], where)
    year = int(re.match(pattern, found[0])[1])
    where = f"{where}, {found[0]}"
    table = books.read_columns(data, pattern, where)
    needed = [*bls_oews.COLUMNS, *bls_oews.AREA_COLUMNS, "OWN_CODE"]
    header = [str(table[i][0].as_py() or "").strip().upper() for i in range(table.num_columns)]
    delimited.require(pd.DataFrame(columns=header), needed, where)
    kept = table.select([header.index(name) for name in needed]).rename_columns(needed)
    frame = kept.to_pandas().iloc[1:].fillna("").astype("str")
    if frame.empty:
        raise ShapeChanged(where, "the sheet has a header and no rows", ADVICE)
    frame.index = pd.RangeIndex(2, len(frame) + 2, name=ROW)
    return year, where, frame[(frame != "").any(axis=1)]
