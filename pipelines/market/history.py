"""What the job market asks and pays: through the split of 2018, by place, by cause of openings.

Adds to `pipelines.market.prices` what needs standard errors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipelines.market import prices
from pipelines.market.bridge import bridge, national, published_as, technician_codes

#: Below this many jobs in an area a figure rests on a handful of employers.
FLOOR = 500
#: Relative standard errors (percent) beyond which an area's figure is not compared.
EMPLOYMENT_ERROR, WAGE_ERROR = 20.0, 5.0
Z = 1.96


def through_the_split(tables: Mapping[str, pd.DataFrame], soc_code: str) -> pd.DataFrame:
    """Employment and mean pay of an occupation with its family, across the split of 2018.

    Means, unlike medians, combine: payroll over employment. So the mean of 29-2072 and 29-9021
    together stands beside that of 29-2071 before the split.

    Parameters
    ----------
    tables : mapping
        wages, soc_2010_to_2018, onet_soc_to_soc.
    soc_code : str
        SOC 2018 code (or O*NET-SOC).

    Returns
    -------
    DataFrame
        ``basis``: "family" (the 2010 codes that became this code, and all that they became) or
        "comparable group" (the smallest set of codes that no code on either side reaches out of,
        see `pipelines.market.bridge`; given where it is larger than the family). ``year``,
        ``codes``, ``employment``, ``employment_se``, ``mean_pay`` (dollars of the year),
        ``real_mean_pay``, ``real_mean_pay_se`` (dollars of ``base_year``, the newest), errors
        from OEWS's, taken as independent between codes; ``also_fed_by``: 2010 codes outside the
        sum that became codes inside it, so that before and after do not hold quite the same
        jobs ("" where they do). Missing where one code's figure is; empty for a code that OEWS
        does not publish.
    """
    wages = tables["wages"]
    pairs = bridge(tables)
    code = published_as(tables).get(soc_code[:7], soc_code[:7])
    old = pairs.loc[pairs["soc_code"] == code, "soc_2010_code"].dropna()
    new = pairs.loc[pairs["soc_2010_code"].isin(old), "soc_code"].dropna()
    family = (set(old), {code, *new})
    group = pairs[pairs["group"].isin(pairs.loc[pairs["soc_code"] == code, "group"])]
    whole = (set(group["soc_2010_code"].dropna()), set(group["soc_code"].dropna()))
    base_year = int(wages["year"].max())
    rows = national(wages)
    titles = {"family": family} | ({} if whole == family else {"comparable group": whole})
    if not (pairs["soc_code"] == code).any():
        titles = {}
    out = []
    for basis, (before, after) in titles.items():
        feeding = set(pairs.loc[pairs["soc_code"].isin(after), "soc_2010_code"].dropna()) - before
        for year, part in rows.groupby("year"):
            past = (part["soc_vintage"] == "2010").any()
            part = part[part["soc_code"].isin(before if past else after)]
            if len(part) < len(before if past else after):
                continue
            row = {"basis": basis, "year": int(year), "codes": " + ".join(sorted(part["soc_code"]))}
            row |= _combined(part, prices.real(1.0, int(year), base_year))
            out.append(row | {"base_year": base_year, "also_fed_by": ", ".join(sorted(feeding))})
    columns = ["basis", "year", "codes", "employment", "employment_se", "mean_pay",
               "real_mean_pay", "real_mean_pay_se", "base_year", "also_fed_by"]  # fmt: skip
    return pd.DataFrame(out, columns=columns)


def _combined(part: pd.DataFrame, real: float) -> dict[str, float]:
    """Sum of jobs and mean pay of some codes in a year with their standard errors."""
    e, pay = part["employment"], part["annual_mean_wage"]
    total = e.sum(skipna=False)
    mean = (e * pay).sum(skipna=False) / total
    noise = (e * part["employment_rse"] / 100) ** 2
    spread = noise * (pay - mean) ** 2 + (e * pay * part["mean_wage_rse"] / 100) ** 2
    return {
        "employment": float(total),
        "employment_se": float(np.sqrt(noise.sum(skipna=False))),
        "mean_pay": float(mean),
        "real_mean_pay": float(mean * real),
        "real_mean_pay_se": float(np.sqrt(spread.sum(skipna=False)) / total * real),
    }


def split_sentences(frame: pd.DataFrame) -> list[str]:
    """What `through_the_split` shows, from the first year to the last."""
    found = []
    for basis, rows in frame.groupby("basis", sort=False):
        rows = rows.dropna(subset=["employment", "real_mean_pay"])
        if len(rows) < 2:
            continue
        a, b = rows.iloc[0], rows.iloc[-1]
        jobs = 100 * (b["employment"] / a["employment"] - 1)
        jobs_se = (100 + jobs) * np.hypot(*(r["employment_se"] / r["employment"] for r in (a, b)))
        pay = 100 * (b["real_mean_pay"] / a["real_mean_pay"] - 1)
        relative = (r["real_mean_pay_se"] / r["real_mean_pay"] for r in (a, b))
        pay_se = (100 + pay) * np.hypot(*relative)
        text = (
            f"{str(basis).capitalize()}, May {a['year']} to {b['year']}: jobs {jobs:+.1f} % "
            f"(standard error {jobs_se:.1f}), mean pay after inflation {pay:+.1f} % ({pay_se:.1f})."
        )
        if a["also_fed_by"]:
            text += (
                f" Codes that also became part of the later figure and are not in the earlier one: "
                f"{a['also_fed_by']}. The change of jobs is too high by what came from there."
            )
        found.append(text)
    return found or ["OEWS does not publish this occupation in two years."]


def places(
    wages: pd.DataFrame,
    soc_code: str,
    floor: float = FLOOR,
    employment_error: float = EMPLOYMENT_ERROR,
    wage_error: float = WAGE_ERROR,
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
        reason why not. Nothing is dropped.
    """
    code = soc_code[:7]
    detailed = wages[(wages["occupation_group"] == "detailed") & (wages["soc_code"] == code)]
    local = detailed[detailed["state"] != "US"]
    local = local[local["year"] == local["year"].max()].drop_duplicates("area_code")
    nation = national(detailed)
    nation = nation[nation["year"].isin(local["year"].unique())]
    own = float(nation["employment_rse"].iloc[0]) if len(nation) else 0.0
    columns = ["state", "area_title", "employment", "employment_rse", "location_quotient",
               "annual_mean_wage", "mean_wage_rse", "annual_median_wage"]  # fmt: skip
    out = local[columns].copy()
    reach = np.exp(Z * np.hypot(out["employment_rse"], own) / 100)
    out["lq_low"] = out["location_quotient"] / reach
    out["lq_high"] = out["location_quotient"] * reach
    side = Z * out["annual_mean_wage"] * out["mean_wage_rse"] / 100
    out["wage_low"] = out["annual_mean_wage"] - side
    out["wage_high"] = out["annual_mean_wage"] + side
    reasons = {
        "employment not released": out["employment"].isna(),
        f"fewer than {floor:,.0f} jobs": out["employment"] < floor,
        f"error of employment above {employment_error:g} %": out["employment_rse"]
        > employment_error,
        "mean pay not released": out["annual_mean_wage"].isna(),
        f"error of mean pay above {wage_error:g} %": out["mean_wage_rse"] > wage_error,
    }
    guard = pd.Series("", out.index)
    for reason, mask in reasons.items():
        guard = guard.where(~mask, guard.where(guard == "", guard + "; ") + reason)
    out["guard"] = guard
    return out.sort_values(["location_quotient", "state"], ascending=[False, True],
                           ignore_index=True)  # fmt: skip


def openings(projections: pd.DataFrame, soc_codes: Sequence[str]) -> pd.DataFrame:
    """Yearly openings by cause for the decade that has causes, most openings first.

    Returns
    -------
    DataFrame
        ``soc_code``, ``title``, ``decade``, ``growth``, ``exits`` (from the labour force),
        ``transfers`` (to other occupations), ``openings`` (all as jobs a year), and
        ``replacement_percent``: exits and transfers of all. Growth below 0 counts as 0, as BLS
        does. Occupations without the causes are absent.
    """
    kept = projections["soc_code"].isin(list(soc_codes))
    rows = projections[kept & projections["labor_force_exits"].notna()]
    rows = rows.sort_values("base_year", ascending=False).drop_duplicates("soc_code")
    span = rows["target_year"] - rows["base_year"]
    out = pd.DataFrame(
        {
            "soc_code": rows["soc_code"],
            "title": rows["title"],
            "decade": rows["base_year"].astype(str) + "-" + rows["target_year"].astype(str),
            "growth": 1000 * (rows["employment_change"] / span).clip(lower=0),
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
        year since 2021, mean pay after inflation), ``employment_change_percent`` and
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
    pay = prices.real(first["annual_mean_wage"], int(years[0]), int(years[-1]))
    ratio = (last["annual_mean_wage"] / pay) ** (1 / (years[-1] - years[0]))
    newest = tables["projections"].sort_values("base_year").drop_duplicates("soc_code", keep="last")
    newest = newest.set_index("soc_code").reindex(codes)
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
