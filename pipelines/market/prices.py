"""The job market of an occupation: wages and employment over the years, states, outlook.

OEWS is not built as a time series (three years of panels are pooled, codes change); BLS asks
for care, and every series here says where the classification broke.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.base.errors import SourceFailed, UsageError

_WAGES = [f"annual_{k}_wage" for k in ("mean", "p10", "p25", "median", "p75", "p90")]
_HOURLY = [f"hourly_{k}_wage" for k in ("mean", "p10", "p25", "median", "p75", "p90")]


@cache
def cpi_may(year: int) -> float:
    """CPI-U, all items, US city average, May, not seasonally adjusted (1982-84 = 100).

    Read from the database that the package ``cpi`` ships. The package itself is not imported: it
    downloads when its database is missing and warns when it is old.

    Raises
    ------
    SourceFailed
        The database is missing, or has no value for the month.
    """
    spec = find_spec("cpi")
    path = Path(spec.origin).parent / "cpi.db" if spec and spec.origin else Path("cpi.db")
    todo = "Reinstall the package cpi (make install)"
    try:
        with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True) as base:
            row = base.execute(
                'select value from "indexes" where series = ? and year = ? and period like ?',
                ("CUUR0000SA0", year, "%M05"),
            ).fetchone()
    except (sqlite3.Error, ValueError) as error:
        raise SourceFailed(
            str(path), f"the consumer price index cannot be read: {error}", todo
        ) from error
    if row is None:
        raise SourceFailed(str(path), f"no consumer price index for May {year}", todo)
    return float(row[0])


def real(value: float | pd.Series, year: int | pd.Series, base_year: int) -> float | pd.Series:
    """Dollars of May of `year` as dollars of May of `base_year`, by CPI-U."""
    if isinstance(year, pd.Series):
        return value * cpi_may(base_year) / year.map(lambda y: cpi_may(int(y)))
    return value * cpi_may(base_year) / cpi_may(int(year))


def _soc(code: str) -> str:
    return str(code)[:7]


def _detailed(wages: pd.DataFrame) -> pd.DataFrame:
    """Detailed rows; some codes stand twice, as broad and as detailed group."""
    return wages[wages["occupation_group"] == "detailed"]


def predecessors(soc_2010_to_2018: pd.DataFrame, soc_codes: Sequence[str]) -> pd.DataFrame:
    """2010 codes that became the given 2018 codes.

    Returns
    -------
    DataFrame
        ``soc_2010_code``; ``family``: all 2018 codes it became; ``kind``: "same" (one to one, the
        same jobs under the same code), "renamed" (one to one, another code) or "split" (one to
        several, or several to one).
    """
    walk = soc_2010_to_2018
    old = sorted(walk.loc[walk["soc_code"].isin(soc_codes), "soc_2010_code"].unique())
    rows = []
    for code in old:
        new = sorted(walk.loc[walk["soc_2010_code"] == code, "soc_code"].unique())
        sources = walk.loc[walk["soc_code"].isin(new), "soc_2010_code"].nunique()
        kind = "split" if len(new) > 1 or sources > 1 else "same" if new == [code] else "renamed"
        rows.append({"soc_2010_code": code, "family": tuple(new), "kind": kind})
    return pd.DataFrame(rows, columns=["soc_2010_code", "family", "kind"])


def series(
    wages: pd.DataFrame,
    soc_codes: str | Sequence[str],
    soc_2010_to_2018: pd.DataFrame | None = None,
    base_year: int | None = None,
) -> pd.DataFrame:
    """National wages and employment over the OEWS years, one line a code; lines are never joined.

    Where the classification of 2018 split an occupation, the old code is a line of its own and
    its successors, even those not asked for, are lines of their own: medians of different groups
    are not averaged. Only employment adds up, see `employment_total`.

    Parameters
    ----------
    wages : DataFrame
        Table ``wages``.
    soc_codes : str or sequence of str
        SOC 2018 (or O*NET-SOC) codes.
    soc_2010_to_2018 : DataFrame, optional
        Table of that name; without it only equal codes of 2010 are found, and the break is
        marked "unknown".
    base_year : int, optional
        Year of the real dollars (default: the newest year in `wages`).

    Returns
    -------
    DataFrame
        ``line`` (code and vintage), ``soc_code``, ``title``, ``year``, ``soc_vintage``,
        ``break_kind`` ("" after the break; before it "same", "renamed", "split" or "unknown"),
        ``employment`` and ``employment_flag``, the six ``annual_*_wage`` columns with flags
        (dollars of the year), ``real_annual_median_wage`` and the five other ``real_`` columns
        (dollars of May of `base_year`), ``base_year``. Empty with these columns for a code that
        OEWS does not publish.
    """
    asked = [soc_codes] if isinstance(soc_codes, str) else list(soc_codes)
    codes = list(dict.fromkeys(_soc(c) for c in asked))
    nation = _detailed(wages)
    nation = nation[nation["state"] == "US"]
    if base_year is None:
        # Of all rows: an occupation that OEWS does not publish has none of its own.
        base_year = int(wages["year"].max())
    if soc_2010_to_2018 is not None:
        before = predecessors(soc_2010_to_2018, codes)
        kinds = dict(zip(before["soc_2010_code"], before["kind"], strict=True))
        for family in before["family"]:
            codes += [c for c in family if c not in codes]
    else:
        kinds = {c: "unknown" for c in codes}
    old = nation["soc_vintage"] == "2010"
    rows = nation[
        (old & nation["soc_code"].isin(list(kinds))) | (~old & nation["soc_code"].isin(codes))
    ].copy()
    rows["break_kind"] = np.where(rows["soc_vintage"] == "2010", rows["soc_code"].map(kinds), "")
    rows["line"] = rows["soc_code"] + " (SOC " + rows["soc_vintage"] + ")"
    for column in _WAGES:
        rows[f"real_{column}"] = real(rows[column], rows["year"], base_year)
    rows["base_year"] = base_year
    columns = (
        [
            "line",
            "soc_code",
            "title",
            "year",
            "soc_vintage",
            "break_kind",
            "employment",
            "employment_flag",
        ]
        + _WAGES
        + [f"{c}_flag" for c in _WAGES]
        + [f"real_{c}" for c in _WAGES]
        + ["base_year"]
    )
    return rows.sort_values(["soc_vintage", "soc_code", "year"], ignore_index=True)[columns]


def employment_total(lines: pd.DataFrame) -> pd.DataFrame:
    """Employment of all lines of `series` summed by year: the comparison a split leaves honest.

    Returns
    -------
    DataFrame
        ``year``, ``employment`` (missing where one line's is), ``codes`` (what was summed).
    """
    return lines.groupby("year", as_index=False).agg(
        employment=("employment", lambda s: s.sum(skipna=False)),
        codes=("soc_code", lambda s: " + ".join(sorted(s))),
    )


def outside_share(wages: pd.DataFrame, soc_2010_to_2018: pd.DataFrame, soc_code: str) -> float:
    """Jobs that came from outside the family of a code with the classification of 2018.

    The family is the 2010 codes that became `soc_code`, and all codes that these became. Jobs of
    other 2010 codes that lead into it are counted by the weights of the crosswalk.

    Returns
    -------
    float
        Those jobs over the family's own before the change: 0 where the two hold the same jobs.
        Missing where the family has no jobs of 2010 codes.
    """
    walk, code = soc_2010_to_2018, _soc(soc_code)
    before = set(walk.loc[walk["soc_code"] == code, "soc_2010_code"])
    after = set(walk.loc[walk["soc_2010_code"].isin(before), "soc_code"])
    feeding = walk[walk["soc_code"].isin(after) & ~walk["soc_2010_code"].isin(before)]
    nation = _detailed(wages)
    nation = nation[(nation["state"] == "US") & (nation["soc_vintage"] == "2010")]
    jobs = nation.sort_values("year").drop_duplicates("soc_code", keep="last")
    jobs = jobs.set_index("soc_code")["employment"].astype("float64")
    own = jobs.reindex(sorted(before)).sum()
    if own == 0:
        return float("nan")
    moved = jobs.reindex(feeding["soc_2010_code"]).to_numpy() * feeding["weight"].to_numpy(float)
    return float(np.nansum(moved) / own)


def states(wages: pd.DataFrame, soc_code: str, year: int | None = None) -> pd.DataFrame:
    """Wages, employment and location quotient of an occupation by state.

    Returns
    -------
    DataFrame
        ``area_code``, ``area_title``, ``state``, ``employment``, ``employment_flag``,
        ``location_quotient``, ``wage_kind``, annual and hourly wages with their flags
        ("suppressed", "top-coded", "not applicable"), and ``published`` (OEWS has a
        row for the state). Every area of the file is listed, also those without a row.
    """
    local = wages[wages["state"] != "US"]
    if year is not None:
        local = local[local["year"] == year]
    local = local[local["year"] == local["year"].max()]
    columns = (
        [
            "area_code",
            "area_title",
            "state",
            "employment",
            "employment_flag",
            "location_quotient",
            "wage_kind",
        ]
        + _WAGES
        + [f"{c}_flag" for c in _WAGES]
        + _HOURLY
        + [f"{c}_flag" for c in _HOURLY]
    )
    areas = local[["area_code", "area_title", "state"]].drop_duplicates("area_code")
    own = _detailed(local)
    own = own[own["soc_code"] == _soc(soc_code)][columns].drop(columns=["area_title", "state"])
    out = areas.merge(own, on="area_code", how="left")
    out["published"] = out["area_code"].isin(own["area_code"])
    return out.sort_values("area_title", ignore_index=True)[columns + ["published"]]


def outlook(projections: pd.DataFrame, soc_code: str) -> pd.DataFrame:
    """Projected employment and openings by cause, one row a decade, newest first.

    Openings = growth (never below 0) + exits from the labour force + moves to other occupations.
    Only the workbook's decade gives exits and transfers apart; for the other decade openings by
    cause are missing, not zero.

    Returns
    -------
    DataFrame
        Columns of table ``projections``, and ``openings_from_growth``, ``openings_from_exits``,
        ``openings_from_transfers`` (thousands a year). Empty where BLS projects no such code.
    """
    rows = projections[projections["soc_code"] == _soc(soc_code)].copy()
    rows = rows.sort_values("base_year", ascending=False, ignore_index=True)
    years = rows["target_year"] - rows["base_year"]
    growth = (rows["employment_change"] / years).clip(lower=0)
    rows["openings_from_growth"] = growth.where(rows["labor_force_exits"].notna())
    rows["openings_from_exits"] = rows["labor_force_exits"]
    rows["openings_from_transfers"] = rows["occupational_transfers"]
    return rows


def profile(tables: Mapping[str, pd.DataFrame], soc_code: str) -> pd.Series:
    """The newest national figures of an occupation.

    Returns
    -------
    Series
        ``soc_code``, ``title``, ``year``, ``employment``, annual wages, ``base_year``,
        ``target_year``, ``employment_change_percent``, ``annual_openings`` (thousands),
        ``typical_education``, ``work_experience``, ``job_training``, and ``onet_codes``: the
        number of O*NET codes that share these figures, so that a specialty does not take the
        group's wage for its own.

    Raises
    ------
    UsageError
        Neither OEWS nor the projections have the code.
    """
    code = _soc(soc_code)
    nation = _detailed(tables["wages"])
    nation = nation[
        (nation["state"] == "US") & (nation["soc_code"] == code) & (nation["soc_vintage"] == "2018")
    ]
    decade = outlook(tables["projections"], code)
    if nation.empty and decade.empty:
        raise UsageError(
            code,
            "BLS publishes no national figures under this code",
            "Give a SOC 2018 code such as 29-2072",
        )
    out: dict[str, object] = {"soc_code": code, "title": None, "year": None}
    if len(nation):
        newest = nation.sort_values("year").iloc[-1]
        out |= {k: newest[k] for k in ["title", "year", "employment", *_WAGES]}
    if len(decade):
        newest = decade.iloc[0]
        out["title"] = out["title"] or newest["title"]
        out |= {
            k: newest[k]
            for k in (
                "base_year",
                "target_year",
                "employment_change_percent",
                "annual_openings",
                "typical_education",
                "work_experience",
                "job_training",
            )
        }
    out["onet_codes"] = int((tables["occupations"]["soc_code"] == code).sum())
    return pd.Series(out)
