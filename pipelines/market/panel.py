"""Employment and pay by OEWS year in units that are the same before and after 2018."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipelines.market.bridge import bridge
from pipelines.market.oews import REFERENCE_YEAR, national, years
from pipelines.occupations import oews_codes


def _members(detailed: pd.DataFrame, year: int, pairs: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Each code of a year with its unit and the share of it that belongs there."""
    rows = detailed[detailed["year"] == year]
    if (rows["soc_vintage"] == "2010").any():
        key, share = "soc_2010_code", pairs["weight"]
    else:
        key, share = "soc_code", pd.Series(1.0, pairs.index)
    links = pd.DataFrame({"soc": pairs[key], "unit": pairs[unit], "share": share})
    links = links.dropna(subset=["soc", "unit"])
    if unit == "group":
        links["soc"] = _published(links, year)
    if unit == "group" or key == "soc_code":
        links = links.drop_duplicates(["soc", "unit"]).assign(share=1.0)
    return links.merge(rows, left_on="soc", right_on="soc_code", how="left")


def _published(links: pd.DataFrame, year: int) -> pd.Series:
    """The codes of each group as that May published them; as they are where it published less.

    Codes that OEWS merged with those of another group then have no figure, nor has the group.
    """
    joint = {m: code for code, members in oews_codes.held_by(year).items() for m in members}
    # Only groups that have such a code can be published otherwise than they are.
    touched = links["unit"].isin(links.loc[links["soc"].isin(joint.keys()), "unit"])
    whole = (
        links[touched]
        .groupby("unit")["soc"]
        .transform(lambda codes: oews_codes.published(codes, year) is not None)
    )
    return links["soc"].where(
        ~links.index.isin(whole.index[whole.astype(bool)]), links["soc"].replace(joint)
    )


def panel(tables: Mapping[str, pd.DataFrame], unit: str = "group") -> pd.DataFrame:
    """Employment and mean wage of comparable units in every national OEWS year.

    Parameters
    ----------
    tables : mapping
        wages, soc_2010_to_2018, onet_soc_to_soc.
    unit : str
        "group": comparable groups, where both sides of 2018 add up exactly. "soc_code": single
        2018 codes; the employment of SOC 2010 is split by the crosswalk's weights, and pay before
        the change is held only for codes that kept their meaning, because weights cannot say
        what the parts of a code earned.

    Returns
    -------
    DataFrame
        Index: the unit. ``group``, ``kind`` ("same": one code on either side; "changed"),
        ``soc_code`` (its largest code in the reference year), and for each year Y
        ``employment_Y`` (persons), ``employment_rse_Y``, ``pay_Y`` (annual mean wage, dollars of
        the year), ``pay_rse_Y`` (relative standard errors as shares, from OEWS's for the codes,
        taken as independent), ``median_pay_Y`` (units of one code). Missing where one member's
        is: a partial sum would show a change that did not happen, and a sum over the errors that
        are published would take the others for 0.

    Raises
    ------
    UsageError
        The data lack national years before, at or after the reference year.
    """
    detailed = national(tables["wages"])
    found = years(tables["wages"])
    pairs = bridge(tables)
    by_group = pairs.groupby("group")
    single = (by_group["soc_2010_code"].nunique() == 1) & (by_group["soc_code"].nunique() == 1)
    out = pairs.dropna(subset=[unit]).drop_duplicates(unit).set_index(unit, drop=False)
    out = out[["group"]].assign(
        kind=np.where(out["group"].map(single).to_numpy(), "same", "changed")
    )
    for year in found:
        rows = _members(detailed, year, pairs, unit)
        split = (rows["soc_vintage"] == "2010").any() and unit == "soc_code"
        sums = _sums(rows)
        if split:
            changed = out["kind"].reindex(sums.index) == "changed"
            sums.loc[changed, ["pay", "pay_rse", "median_pay"]] = np.nan
        out = out.join(sums.add_suffix(f"_{year}"))
        if year == REFERENCE_YEAR:
            ranked = rows.sort_values(["employment", "soc"], ascending=[False, True])
            out["soc_code"] = ranked.drop_duplicates("unit").set_index("unit")["soc"]
    return out.sort_index()


def _sums(rows: pd.DataFrame) -> pd.DataFrame:
    """Employment, mean wage and their relative standard errors of units of several codes."""
    e = rows["employment"] * rows["share"]
    pay, unit = rows["annual_mean_wage"], rows["unit"]
    frame = pd.DataFrame(
        {
            "e": e,
            "payroll": e * pay,
            "e_var": (e * rows["employment_rse"] / 100) ** 2,
            "median": rows["annual_median_wage"],
        }
    )
    by = frame.groupby(unit.to_numpy())
    total, payroll = by["e"].sum(min_count=1), by["payroll"].sum(min_count=1)
    whole = by["e"].count() == by.size()
    employment = total.where(whole)
    mean = (payroll / total).where(whole & (by["payroll"].count() == by.size()))
    # Delta method: pay of a member moves the mean by its share, its size by its distance to it.
    at = unit.map(mean)
    share = e / unit.map(total)
    own = (share * pay * rows["mean_wage_rse"] / 100) ** 2
    size = (share * rows["employment_rse"] / 100 * (pay - at)) ** 2
    spread = (own + size).groupby(unit.to_numpy()).sum(min_count=1)
    complete = (own + size).groupby(unit.to_numpy()).count() == by.size()
    return pd.DataFrame(
        {
            "employment": employment,
            "employment_rse": (np.sqrt(by["e_var"].sum()) / employment).where(
                by["e_var"].count() == by.size()
            ),
            "pay": mean,
            "pay_rse": (np.sqrt(spread) / mean).where(complete),
            "median_pay": by["median"].first().where(by.size() == 1),
        }
    )
