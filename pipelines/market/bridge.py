"""Units that mean the same in every OEWS year, across the change from SOC 2010 to SOC 2018.

Employment and payroll add up, so a group of codes is comparable over the change when no code of
either classification reaches out of it. The smallest such groups are the connected parts of the
crosswalk; nothing is assumed about how many workers went where. The other way, splitting the
employment of 2015 by the crosswalk's weights, keeps single codes and rests on those weights.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from pipelines.base.errors import UsageError
from pipelines.occupations import taxonomy

#: First year here that OEWS publishes wholly in SOC 2018: its codes and sizes are the reference.
REFERENCE_YEAR = 2021
#: OEWS of May 2015 publishes the two parts of SOC 2010 code 25-3099 under codes of its own.
_OEWS_2015 = {"25-3097": "25-3099", "25-3098": "25-3099"}


def national(wages: pd.DataFrame) -> pd.DataFrame:
    """Detailed national rows of the table `wages`."""
    return wages[(wages["occupation_group"] == "detailed") & (wages["area_code"] == "99")]


def years(wages: pd.DataFrame) -> list[int]:
    """OEWS years with national figures, in order; the reference year must be one.

    Raises
    ------
    UsageError
        The reference year, or a year before or after it, is not in the data.
    """
    found = sorted(int(year) for year in national(wages)["year"].unique())
    if REFERENCE_YEAR not in found or found[0] == REFERENCE_YEAR or found[-1] == REFERENCE_YEAR:
        raise UsageError(
            "table wages", f"national OEWS years are {found}; {REFERENCE_YEAR} is needed, and "
            "years before and after it", "Run outlook refresh, or use --offline",
        )  # fmt: skip
    return found


def technician_codes(tables: Mapping[str, pd.DataFrame]) -> set[str]:
    """SOC codes that are technician occupations as a whole, as OEWS publishes them.

    Of a code with O*NET specialties the general one (.00) decides: OEWS counts all plumbers under
    the code whose specialty "solar thermal installers and technicians" is a technician. Where
    there is no general one, all specialties must be technicians. A code that OEWS merges into
    another stands under that one; a code that it does not publish keeps its own.
    """
    occupations = tables["occupations"]
    rows = taxonomy.technicians(occupations)
    inside = occupations["onet_soc_code"].isin(rows["onet_soc_code"])
    frame = pd.DataFrame(
        {
            "soc": occupations["onet_soc_code"].str[:7],
            "inside": inside,
            "general": occupations["onet_soc_code"].str.endswith(".00"),
        }
    )
    general = frame[frame["general"]].set_index("soc")["inside"]
    every = frame.groupby("soc")["inside"].all()
    found = {*general[general].index, *every[every & ~every.index.isin(general.index)].index}
    published = published_as(tables)
    return {published.get(code, code) for code in found}


def published_as(tables: Mapping[str, pd.DataFrame]) -> pd.Series:
    """OEWS code under which each SOC 2018 code is published.

    OEWS merges some codes (29-2011 and 29-2012 into 29-2010); BLS's matrix crosswalk names the
    merged code. Index soc_code; codes that OEWS does not publish (military) are absent.
    """
    detailed = national(tables["wages"])
    held = set(detailed.loc[detailed["year"] == REFERENCE_YEAR, "soc_code"])
    nem = tables["onet_soc_to_soc"]
    merged = dict(zip(nem["onet_soc_code"].str[:7], nem["nem_code"], strict=True))
    codes = sorted({*tables["soc_2010_to_2018"]["soc_code"], *merged, *held})
    found = {c: c if c in held else merged.get(c) for c in codes}
    kept = {c: target for c, target in found.items() if target in held}
    return pd.Series(kept, dtype="str")


def bridge(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The crosswalk between published OEWS codes, and the comparable group of each pair.

    Parameters
    ----------
    tables : mapping
        wages, soc_2010_to_2018, onet_soc_to_soc.

    Returns
    -------
    DataFrame
        ``soc_2010_code``, ``soc_code`` (as OEWS publishes them), ``weight`` (sums to 1 over the
        published targets of a 2010 code), ``group`` (the smallest 2018 code of its group). Codes
        of only one side are rows with the other missing and a group of their own.
    """
    detailed = national(tables["wages"])
    old = detailed.loc[detailed["soc_vintage"] == "2010", "soc_code"].unique()
    published = published_as(tables)
    walk = tables["soc_2010_to_2018"]
    pairs = pd.DataFrame(
        {
            "walk_code": walk["soc_2010_code"],
            "soc_code": walk["soc_code"].map(published),
            "weight": walk["weight"],
        }
    ).dropna(subset=["soc_code"])
    pairs = pairs.groupby(["walk_code", "soc_code"], as_index=False)["weight"].sum()
    held = pd.DataFrame({"soc_2010_code": old})
    held["walk_code"] = held["soc_2010_code"].replace(_OEWS_2015)
    pairs = held.merge(pairs, on="walk_code", how="left").drop(columns="walk_code")
    by = pairs["soc_2010_code"]
    # A weight of zero everywhere (no employment published) leaves equal shares.
    total = pairs["weight"].groupby(by).transform("sum")
    size = by.groupby(by).transform("size")
    pairs["weight"] = (pairs["weight"] / total).where(total > 0, 1 / size)
    fresh = sorted(set(published) - set(pairs["soc_code"].dropna()))
    pairs = pd.concat([pairs, pd.DataFrame({"soc_code": fresh})], ignore_index=True)
    return pairs.assign(group=_groups(pairs["soc_2010_code"], pairs["soc_code"])).sort_values(
        ["group", "soc_code", "soc_2010_code"], ignore_index=True
    )[["soc_2010_code", "soc_code", "weight", "group"]]


def _groups(old: pd.Series, new: pd.Series) -> list[str]:
    """Name of the connected part of each pair: its smallest 2018 code, or else 2010 code."""
    left, right = ("2010 " + old).where(old.notna(), "2018 " + new), "2018 " + new
    right = right.where(new.notna(), left)
    codes, names = pd.factorize(pd.concat([left, right], ignore_index=True))
    a, b = codes[: len(old)], codes[len(old) :]
    links = coo_matrix((np.ones(len(a)), (a, b)), shape=(len(names),) * 2)
    part = connected_components(links, directed=False)[1][a]
    name = pd.Series(new.fillna(old).to_numpy()).groupby(part).transform("min")
    return name.tolist()


def _members(detailed: pd.DataFrame, year: int, pairs: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Each code of a year with its unit and the share of it that belongs there."""
    rows = detailed[detailed["year"] == year]
    if (rows["soc_vintage"] == "2010").any():
        key, share = "soc_2010_code", pairs["weight"]
    else:
        key, share = "soc_code", pd.Series(1.0, pairs.index)
    links = pd.DataFrame({"soc": pairs[key], "unit": pairs[unit], "share": share})
    links = links.dropna(subset=["soc", "unit"])
    if unit == "group" or key == "soc_code":
        links = links.drop_duplicates(["soc", "unit"]).assign(share=1.0)
    return links.merge(rows, left_on="soc", right_on="soc_code", how="left")


def panel(tables: Mapping[str, pd.DataFrame], unit: str = "group") -> pd.DataFrame:
    """Employment and mean pay of comparable units in every national OEWS year.

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
        is: a partial sum would show a change that did not happen.

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
    """Employment, mean pay and their relative standard errors of units of several codes."""
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
            "employment_rse": np.sqrt(by["e_var"].sum(min_count=1)) / employment,
            "pay": mean,
            "pay_rse": (np.sqrt(spread) / mean).where(complete),
            "median_pay": by["median"].first().where(by.size() == 1),
        }
    )
