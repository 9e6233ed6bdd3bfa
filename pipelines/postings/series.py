"""From a federal occupational series to SOC codes: our own mapping, for technician series.

No publisher has one that can be had (docs/POSTINGS.md). The mapping stands in
data/raw/curated/usajobs_series.csv, a line for each series and SOC code with its reason. A series
may cover several occupations; rank 1 is the one that stands where the posting itself does not
decide.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pipelines.base.errors import ShapeChanged

FILE = "usajobs_series.csv"


def load(curated: Path) -> dict[str, list[str]]:
    """SOC codes by series of four digits, the one of rank 1 first.

    Raises
    ------
    ShapeChanged
        The file is not there or not as described.
    """
    path = curated / FILE
    try:
        frame = pd.read_csv(path, dtype="str")
        frame["rank"] = frame["rank"].astype(int)
        good = frame["series"].str.fullmatch(r"\d{4}") & frame["soc_code"].str.fullmatch(
            r"\d\d-\d{4}"
        )
    except (OSError, ValueError, KeyError) as error:
        raise ShapeChanged(str(path), f"cannot be read ({error})", "Restore it") from error
    if not good.all() or frame.duplicated(["series", "soc_code"]).any():
        raise ShapeChanged(
            str(path), "a line has no series or SOC code, or stands twice", "Mend it"
        )
    ordered = frame.sort_values(["series", "rank"])
    return {str(code): rows["soc_code"].tolist() for code, rows in ordered.groupby("series")}


def decided(
    coded: pd.DataFrame, series: pd.Series, of_series: dict[str, list[str]]
) -> pd.DataFrame:
    """The occupation of each posting: what its series says first, then what its words say.

    A series is the employer's own classification. Where it leads to several occupations the
    coder's choice among them stands, and where it chose none of them, the first.

    Parameters
    ----------
    coded : DataFrame
        `onet_soc_code`, `soc_code`, `occupation_probability` by the coder, missing where none.
    series : Series of str
        Four digits, several with "; " between them; missing where a posting states none.
    of_series : mapping
        Result of `load`.

    Returns
    -------
    DataFrame
        `soc_code`, `onet_soc_code` (missing unless the coder gave it of that SOC code),
        `occupation_probability` (the coder's, of its own choice; missing where the series alone
        decided against it), `occupation_basis` ("words", "series", "series and words", or
        missing with the occupation) and `coder_soc_code`, the coder's own.
    """
    out = coded[["soc_code", "onet_soc_code", "occupation_probability"]].copy()
    out["coder_soc_code"] = coded["soc_code"]
    out["occupation_basis"] = pd.Series(
        "words", index=out.index, dtype="str").where(out["soc_code"].notna())  # fmt: skip
    for place, text in series.dropna().items():
        codes = list(dict.fromkeys(
            soc for one in text.split("; ") for soc in of_series.get(one, ())))  # fmt: skip
        if not codes:
            continue
        agrees = out.at[place, "coder_soc_code"] in codes
        out.at[place, "occupation_basis"] = "series and words" if agrees else "series"
        if not agrees:
            out.at[place, "soc_code"] = codes[0]
            out.at[place, "onet_soc_code"] = None
            out.at[place, "occupation_probability"] = float("nan")
    return out
