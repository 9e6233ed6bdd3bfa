"""Where an occupation works and what it pays there, with a guard against small samples."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from pipelines.market.history import _WAGES, _soc
from pipelines.market.oews import detailed, national

#: Below this many jobs in an area a figure rests on a handful of employers.
MIN_AREA_EMPLOYMENT = 500


#: Relative standard errors (percent) beyond which an area's figure is not compared.
MAX_EMPLOYMENT_RSE, MAX_WAGE_RSE = 20.0, 5.0


Z_95 = 1.96


def places(
    wages: pd.DataFrame,
    soc_code: str,
    floor: float = MIN_AREA_EMPLOYMENT,
    employment_error: float = MAX_EMPLOYMENT_RSE,
    wage_error: float = MAX_WAGE_RSE,
) -> pd.DataFrame:
    """Pay and concentration of an occupation by state, with a guard against small samples.

    Parameters
    ----------
    wages : DataFrame
        Table ``wages``; the newest year with states is used.
    soc_code : str
        SOC 2018 code.
    floor : float
        Jobs below which an area is not compared.
    employment_error, wage_error : float
        Relative standard errors, percent, above which it is not compared.

    Returns
    -------
    DataFrame
        One row an area that OEWS has a row for, highest location quotient first: ``state``,
        ``area_title``, ``employment``, ``employment_rse``, ``location_quotient`` with its 95 %
        interval ``lq_low``, ``lq_high`` (error of the area's employment and of the nation's, on
        the log scale), ``annual_mean_wage``, ``mean_wage_rse``, ``wage_low``, ``wage_high``,
        ``annual_median_wage``, and ``guard``: "" where the area may be compared, else every
        reason why not. Nothing is dropped. An interval is missing where one of its errors is; an
        area whose error is not released is not compared.
    """
    code = soc_code[:7]
    own_rows = detailed(wages[wages["soc_code"] == code])
    local = own_rows[own_rows["state"] != "US"]
    local = local[local["year"] == local["year"].max()].drop_duplicates("area_code")
    out = guarded(local, own_rows, floor, employment_error, wage_error)
    return out.drop(columns=["soc_code", "area_code"])


def guarded(
    local: pd.DataFrame,
    own_rows: pd.DataFrame,
    floor: float = MIN_AREA_EMPLOYMENT,
    employment_error: float = MAX_EMPLOYMENT_RSE,
    wage_error: float = MAX_WAGE_RSE,
) -> pd.DataFrame:
    """Intervals and guard of `places` for rows of states or areas, of one occupation or many.

    Parameters
    ----------
    local : DataFrame
        A row a place and occupation, of one year.
    own_rows : DataFrame
        Rows of ``wages`` of the occupations: the nation's rows of that year give their errors.

    Returns
    -------
    DataFrame
        ``soc_code``, ``area_code`` and the columns of `places`; sorted by occupation first.
    """
    nation = national(own_rows)
    nation = nation[nation["year"].isin(local["year"].unique())].drop_duplicates("soc_code")
    own = local["soc_code"].map(nation.set_index("soc_code")["employment_rse"]).astype("float64")
    columns = ["soc_code", "area_code", "state", "area_title", "employment", "employment_rse",
               "location_quotient", "annual_mean_wage", "mean_wage_rse",
               "annual_median_wage"]  # fmt: skip
    out = local[columns].copy()
    reach = np.exp(Z_95 * np.hypot(out["employment_rse"], own) / 100)
    out["lq_low"] = out["location_quotient"] / reach
    out["lq_high"] = out["location_quotient"] * reach
    side = Z_95 * out["annual_mean_wage"] * out["mean_wage_rse"] / 100
    out["wage_low"] = out["annual_mean_wage"] - side
    out["wage_high"] = out["annual_mean_wage"] + side
    reasons = {
        "employment not released": out["employment"].isna(),
        f"fewer than {floor:,.0f} jobs": out["employment"] < floor,
        "error of the nation's employment not released": own.isna(),
        f"error of employment above {employment_error:g} %": out["employment_rse"]
        > employment_error,
        "error of employment not released": out["employment"].notna()
        & out["employment_rse"].isna(),
        "mean pay not released": out["annual_mean_wage"].isna(),
        f"error of mean pay above {wage_error:g} %": out["mean_wage_rse"] > wage_error,
        "error of mean pay not released": out["annual_mean_wage"].notna()
        & out["mean_wage_rse"].isna(),
    }
    # Few sets of reasons hold of many rows: each set is put into words once.
    held = sum(mask.to_numpy(int) << i for i, mask in enumerate(reasons.values()))
    sets = np.asarray(held).tolist()
    words = {
        one: "; ".join(reason for i, reason in enumerate(reasons) if one >> i & 1)
        for one in set(sets)
    }
    out["guard"] = pd.Series([words[one] for one in sets], out.index, dtype="str")
    order = ["soc_code", "location_quotient", "state"]
    return out.sort_values(order, ascending=[True, False, True], ignore_index=True)


_HOURLY = [f"hourly_{k}_wage" for k in ("mean", "p10", "p25", "median", "p75", "p90")]


_STATE_COLUMNS = [
    "area_code", "area_title", "state", "employment", "employment_flag", "location_quotient",
    "wage_kind", *_WAGES, *(f"{c}_flag" for c in _WAGES), *_HOURLY,
    *(f"{c}_flag" for c in _HOURLY), "published", "published_code", "guard",
]  # fmt: skip


def states(wages: pd.DataFrame, soc_code: str, year: int | None = None) -> pd.DataFrame:
    """Wages, employment and location quotient of an occupation by state.

    Returns
    -------
    DataFrame
        ``area_code``, ``area_title``, ``state``, ``employment``, ``employment_flag``,
        ``location_quotient``, ``wage_kind``, annual and hourly wages with their flags
        ("suppressed", "top-coded", "not applicable"), and ``published`` (OEWS has a
        row for the state), ``published_code`` (as asked: the code that BLS publishes under, see
        `market.published`), ``guard`` (as in `places`; missing without a row). Every area of
        the file is listed, also those without a row.
    """
    return states_of(wages, [soc_code], year)[_soc(soc_code)]


def states_of(
    wages: pd.DataFrame, soc_codes: Collection[str], year: int | None = None
) -> dict[str, pd.DataFrame]:
    """`states` of many occupations in one pass, by SOC code."""
    local = wages[wages["state"] != "US"]
    if year is not None:
        local = local[local["year"] == year]
    local = local[local["year"] == local["year"].max()]
    codes = sorted({_soc(code) for code in soc_codes})
    areas = local[["area_code", "area_title", "state"]].drop_duplicates("area_code")
    mine = detailed(local)
    mine = mine[mine["soc_code"].isin(codes)]
    by = ["soc_code", "area_code"]
    own = mine.drop(columns=["area_title", "state"]).assign(published=True)
    guard = guarded(mine.drop_duplicates(by), wages[wages["soc_code"].isin(codes)])
    each = pd.DataFrame({"soc_code": pd.Series(codes, dtype="str")}).merge(areas, how="cross")
    out = each.merge(own, on=by, how="left").merge(guard[[*by, "guard"]], on=by, how="left")
    out["published"] = out["published"].notna()
    out["published_code"] = out["soc_code"]
    out = out.sort_values(["soc_code", "area_title"], ignore_index=True)
    return by_code(out[_STATE_COLUMNS], out["soc_code"], codes)


def by_code(
    rows: pd.DataFrame, soc_code: pd.Series, codes: Collection[str]
) -> dict[str, pd.DataFrame]:
    """Rows that are sorted by code in parts; they share their memory with the whole."""
    first = soc_code.searchsorted(list(codes), "left")
    last = soc_code.searchsorted(list(codes), "right")
    return {
        code: rows.iloc[start:end].reset_index(drop=True)
        for code, start, end in zip(codes, first, last, strict=True)
    }
