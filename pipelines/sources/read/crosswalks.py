"""Classifications: O*NET-SOC 2010 to 2019, the O*NET-SOC 2019 structure, O*NET-SOC to NEM."""

from __future__ import annotations

import calendar
import re
from pathlib import Path

import pandas as pd

from pipelines.base.errors import ShapeChanged
from pipelines.sources.dataset import Dataset
from pipelines.sources.files.books import open_book
from pipelines.sources.read import delimited

#: The line that dates BLS's crosswalk stands above the table.
_HEAD_ROWS = 10
_LEVELS = {
    "Major Group": "major",
    "Minor Group": "minor",
    "Broad Occupation": "broad",
    "Detailed Occupation": "detailed",
    "Detailed O*NET-SOC": "onet",
}


def load_walk(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``onet_walk_2010_2019``."""
    names = {
        "O*NET-SOC 2010 Code": "onet_soc_2010_code",
        "O*NET-SOC 2010 Title": "onet_soc_2010_title",
        "O*NET-SOC 2019 Code": "onet_soc_code",
        "O*NET-SOC 2019 Title": "title",
    }
    frame = delimited.read_text(
        delimited.read_file(path, dataset.url),
        dataset.url,
        tuple(names),
        delimiter=",",
        quoted=True,
    )
    return {"onet_walk_2010_2019": frame.rename(columns=names)}


def load_structure(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``soc_structure``: each row of the file has its code in one of five columns."""
    title = "SOC or O*NET-SOC 2019 Title"
    frame = delimited.read_text(
        delimited.read_file(path, dataset.url),
        dataset.url,
        (*_LEVELS, title),
        delimiter=",",
        quoted=True,
    )
    codes = frame[list(_LEVELS)]
    odd = codes.notna().sum(axis=1) != 1
    if odd.any():
        raise ShapeChanged(
            dataset.url,
            f"data row {odd.idxmax() + 1} has "
            f"{codes.loc[odd.idxmax()].notna().sum()} codes, "
            "expected one",
            delimited.ADVICE,
        )
    long = frame.melt(title, list(_LEVELS), var_name="level", value_name="code")
    long = long.dropna(subset="code")
    return {
        "soc_structure": pd.DataFrame(
            {
                "code": delimited.strings(long["code"]),
                "level": long["level"].map(_LEVELS).astype("str"),
                "title": delimited.strings(long[title]),
            }
        ).reset_index(drop=True)
    }


def load_nem(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``onet_soc_to_soc`` from BLS's crosswalk workbook; an em dash there means "none"."""
    title = "National Employment Matrix Occupational Title"
    frame = delimited.read_sheet(
        path, 0, ("O*NET-SOC Code", "NEM Code", title, "OOH Profile Title"), dataset.url
    )
    ooh = delimited.strings(frame["OOH Profile Title"])
    return {
        "onet_soc_to_soc": pd.DataFrame(
            {
                "onet_soc_code": delimited.strings(frame["O*NET-SOC Code"]),
                "nem_code": delimited.strings(frame["NEM Code"]),
                "nem_title": delimited.strings(frame[title]),
                "ooh_title": ooh.where(ooh != "—"),
            }
        )
    }


def nem_edition(path: Path, dataset: Dataset) -> tuple[str, str]:
    """Release and date of BLS's crosswalk, "As of 9/6/2023" there: ("September 2023", "2023-09").

    Raises
    ------
    SourceFailed, ShapeChanged
        Not a whole workbook, or no such line above the header.
    """
    with open_book(path, dataset.url) as book:
        head = book.get_sheet_by_index(0).to_python(nrows=_HEAD_ROWS)
    for cell in (str(cell) for row in head for cell in row):
        if match := re.fullmatch(r"\s*As of (\d{1,2})/\d{1,2}/(\d{4})\s*", cell):
            month, year = int(match[1]), match[2]
            return f"{calendar.month_name[month]} {year}", f"{year}-{month:02}"
    raise ShapeChanged(
        dataset.url, "no line 'As of month/day/year' above the table", delimited.ADVICE
    )
