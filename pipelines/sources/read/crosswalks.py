"""Classifications: O*NET-SOC 2010 to 2019, the O*NET-SOC 2019 structure, O*NET-SOC to NEM."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pipelines.base.errors import ShapeChanged
from pipelines.sources.catalog import Dataset
from pipelines.sources.read import delimited

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
