"""Pathways at the wages of one state or area."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pipelines.base.errors import UsageError
from pipelines.market.oews import detailed
from pipelines.pathways.routes.network import PathwayData

_WAGES = [f"annual_{k}_wage" for k in ("p10", "p25", "median", "p75", "p90")]
#: Where OEWS has no row for the state or area; where the data in use hold no area of the code.
NO_ROW, NOT_HELD = "not published", "not in the embedded data"


def state_code(wages: pd.DataFrame, state: str) -> str:
    """The postal code of a state from its code or name.

    Raises
    ------
    UsageError
        A state that the wages do not have; the message lists the codes.
    """
    areas = wages.loc[wages["state"] != "US", ["state", "area_title"]].drop_duplicates()
    words = " ".join(str(state).split()).casefold()
    for code, name in areas.itertuples(index=False):
        if words in (str(code).casefold(), str(name).casefold()):
            return str(code)
    raise UsageError(
        "state",
        f"no wages for {str(state)!r}",
        "Use a state's name or one of: " + ", ".join(sorted(areas["state"].astype(str).unique())),
    )


def state_wages(data: PathwayData, wages: pd.DataFrame, state: str) -> pd.DataFrame:
    """The newest OEWS wages of a state, a row an occupation of `data`.

    Parameters
    ----------
    data : PathwayData
        From `moves.pathway_data`.
    wages : DataFrame
        Table ``wages`` of a release.
    state : str
        Postal code or name.

    Returns
    -------
    DataFrame
        Index ``soc_code``; ``annual_p10_wage`` to ``annual_p90_wage`` (dollars),
        ``employment``, ``wage_flag`` of the median: "" where it is a number, else
        "suppressed", "top-coded", "not applicable" or `NO_ROW`. A missing wage stays missing:
        the nation's is never put in its place.
    """
    local = wages[(wages["state"] == state_code(wages, state)) & (wages["soc_vintage"] == "2018")]
    return _of_place(data, detailed(local[local["year"] == wages["year"].max()]))


def _of_place(data: PathwayData, local: pd.DataFrame) -> pd.DataFrame:
    local = local.drop_duplicates("soc_code").set_index("soc_code")
    code = data.wage_code.to_numpy()
    rows = local.reindex(code)
    rows.index = data.table.index
    out = rows[[*_WAGES, "employment"]].astype("float64")
    flag = rows["annual_median_wage_flag"].astype("object")
    flag = flag.where(pd.Series(code, index=data.table.index).isin(local.index), NO_ROW)
    known = out["annual_median_wage"].notna()
    out["wage_flag"] = flag.fillna("missing").where(~known, "").astype("str")
    return out


def in_area(
    data: PathwayData, area_wages: pd.DataFrame, area_code: str, part: bool = False
) -> PathwayData:
    """`data` with the wages of a metropolitan or nonmetropolitan area; see `in_state`.

    Parameters
    ----------
    area_wages : DataFrame
        Table ``area_wages``.
    area_code : str
        Five digits (metropolitan) or seven.
    part : bool
        The table holds some occupations only: the others' flag is `NOT_HELD`.
    """
    rows = detailed(area_wages[area_wages["year"] == area_wages["year"].max()])
    local = _of_place(data, rows[rows["area_code"] == area_code])
    if part:
        code = pd.Series(data.table.get("wage_code", data.table.index), index=local.index)
        absent = ~code.isin(rows["soc_code"].unique()) & (local["wage_flag"] == NO_ROW)
        local["wage_flag"] = local["wage_flag"].mask(absent, NOT_HELD)
    return _with_wages(data, local)


def in_state(data: PathwayData, wages: pd.DataFrame, state: str) -> PathwayData:
    """`data` with the wages of a state in place of the nation's, and ``wage_flag`` in its table.

    Occupations without a wage in the state can then be no destination: say which. Openings,
    growth and exposure stay the nation's.
    """
    return _with_wages(data, state_wages(data, wages, state))


def _with_wages(data: PathwayData, local: pd.DataFrame) -> PathwayData:
    table = data.table.assign(**{name: local[name] for name in local})
    return replace(data, table=table, wage=local["annual_median_wage"].to_numpy(float))
