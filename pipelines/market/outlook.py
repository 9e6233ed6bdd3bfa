"""What BLS projects: employment, openings by cause, and the newest figures side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from pipelines.market import prices
from pipelines.market.bridge import technician_codes
from pipelines.market.history import _soc
from pipelines.market.oews import national
from pipelines.market.published import published_as


def latest_projections(projections: pd.DataFrame) -> pd.DataFrame:
    """The newest decade's row of each occupation, index ``soc_code``."""
    return (
        projections.sort_values("base_year")
        .drop_duplicates("soc_code", keep="last")
        .set_index("soc_code")
    )


def growth_openings(projections: pd.DataFrame) -> pd.Series:
    """Openings a year from growth, in thousands; a decline opens none, as BLS counts.

    Missing where the change of employment is.
    """
    span = projections["target_year"] - projections["base_year"]
    return (projections["employment_change"] / span).clip(lower=0)


def openings(projections: pd.DataFrame, soc_codes: Sequence[str]) -> pd.DataFrame:
    """Yearly openings by cause for the decade that has causes, most openings first.

    Returns
    -------
    DataFrame
        ``soc_code``, ``title``, ``decade``, ``growth``, ``exits`` (from the labor force),
        ``transfers`` (to other occupations), ``openings`` (all as jobs a year), and
        ``replacement_percent``: exits and transfers of all. Growth below 0 counts as 0, as BLS
        does. Occupations without the causes are absent.
    """
    kept = projections["soc_code"].isin(list(soc_codes))
    rows = projections[kept & projections["labor_force_exits"].notna()]
    rows = latest_projections(rows).reset_index()
    out = pd.DataFrame(
        {
            "soc_code": rows["soc_code"],
            "title": rows["title"],
            "decade": rows["base_year"].astype(str) + "-" + rows["target_year"].astype(str),
            "growth": 1000 * growth_openings(rows),
            "exits": 1000 * rows["labor_force_exits"],
            "transfers": 1000 * rows["occupational_transfers"],
            "openings": 1000 * rows["annual_openings"],
        }
    )
    out["replacement_percent"] = 100 * (out["exits"] + out["transfers"]) / out["openings"]
    return out.sort_values(["openings", "soc_code"], ascending=[False, True], ignore_index=True)


def pay_and_outlook(
    tables: Mapping[str, pd.DataFrame], occupation_exposure: pd.DataFrame
) -> pd.DataFrame:
    """Exposure, pay and projected growth of every technician occupation, by OEWS code.

    Returns
    -------
    DataFrame
        ``soc_code``, ``title``, ``exposure``, ``exposure_low``, ``exposure_high`` (means over
        the O*NET codes), ``employment``, ``annual_median_wage``, ``real_pay_change`` (percent a
        year since 2021, mean wage after inflation), ``employment_change_percent`` and
        ``annual_openings`` (thousands) of the newest decade, ``decade``. Missing where not
        published.
    """
    occupations = tables["occupations"]
    codes = sorted(technician_codes(tables))
    detailed = national(tables["wages"])
    years = sorted(detailed.loc[detailed["soc_vintage"] == "2018", "year"].unique())
    by = {
        year: detailed[detailed["year"] == year].drop_duplicates("soc_code").set_index("soc_code")
        for year in (years[0], years[-1])
    }
    first, last = by[years[0]].reindex(codes), by[years[-1]].reindex(codes)
    index = prices.price_index(tables)
    pay = prices.real(first["annual_mean_wage"], int(years[0]), int(years[-1]), index)
    ratio = (last["annual_mean_wage"] / pay) ** (1 / (years[-1] - years[0]))
    newest = latest_projections(tables["projections"]).reindex(codes)
    own = occupation_exposure["onet_soc_code"].str[:7]
    scores = occupation_exposure.assign(soc_code=own.map(published_as(tables)).fillna(own))
    scores = scores.groupby("soc_code")[["exposure", "exposure_low", "exposure_high"]].mean()
    titles = occupations.sort_values("onet_soc_code").drop_duplicates("soc_code")
    title = titles.set_index("soc_code")["title"].reindex(codes)
    out = scores.reindex(codes)
    out.insert(0, "title", newest["title"].where(newest["title"].notna(), title))
    out["employment"] = last["employment"]
    out["annual_median_wage"] = last["annual_median_wage"]
    out["real_pay_change"] = 100 * (ratio - 1)
    out["employment_change_percent"] = newest["employment_change_percent"]
    out["annual_openings"] = newest["annual_openings"]
    decade = newest["base_year"].astype("Int64").astype("str") + "-"
    out["decade"] = decade + newest["target_year"].astype("Int64").astype("str")
    return out.rename_axis("soc_code").reset_index()


def outlook(projections: pd.DataFrame, soc_code: str | None = None) -> pd.DataFrame:
    """Projected employment and openings by cause, one row a decade, newest first.

    Of one occupation, or of all where none is named.

    Openings = growth (never below 0) + exits from the labor force + moves to other occupations.
    Only the workbook's decade gives exits and transfers apart; for the other decade openings by
    cause are missing, not zero.

    Returns
    -------
    DataFrame
        Columns of table ``projections``, and ``openings_from_growth``, ``openings_from_exits``,
        ``openings_from_transfers`` (thousands a year). Empty where BLS projects no such code.
    """
    rows = projections
    if soc_code is not None:
        rows = rows[rows["soc_code"] == _soc(soc_code)]
    rows = rows.sort_values("base_year", ascending=False, ignore_index=True)
    rows["openings_from_growth"] = growth_openings(rows).where(rows["labor_force_exits"].notna())
    rows["openings_from_exits"] = rows["labor_force_exits"]
    rows["openings_from_transfers"] = rows["occupational_transfers"]
    return rows
