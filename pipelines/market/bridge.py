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

from pipelines.market.oews import REFERENCE_YEAR, national
from pipelines.market.published import published_as
from pipelines.occupations import oews_codes, technicians
from pipelines.occupations.oews_codes import MERGED_YEAR

#: OEWS of May 2015 publishes the two parts of SOC 2010 code 25-3099 under codes of its own.
_OEWS_2015 = {"25-3097": "25-3099", "25-3098": "25-3099"}


def technician_codes(tables: Mapping[str, pd.DataFrame]) -> set[str]:
    """SOC codes that are technician occupations as a whole, as OEWS publishes them.

    Of a code with O*NET specialties the general one (.00) decides: OEWS counts all plumbers under
    the code whose specialty "solar thermal installers and technicians" is a technician. Where
    there is no general one, all specialties must be technicians. A code that OEWS merges into
    another stands under that one; a code that it does not publish keeps its own.
    """
    occupations = tables["occupations"]
    rows = technicians.technicians(tables)
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
    published = published_as(tables, year=REFERENCE_YEAR)
    return {published.get(code, code) for code in found}


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
    # Codes of OEWS's own repeat jobs of the codes that they hold: `panel` puts them in their place.
    old = old[~np.isin(old, sorted(oews_codes.held_by(MERGED_YEAR)))]
    published = published_as(tables, year=REFERENCE_YEAR)
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
    # Imported here: most of what reads wages asks for no groups.
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    left, right = ("2010 " + old).where(old.notna(), "2018 " + new), "2018 " + new
    right = right.where(new.notna(), left)
    codes, names = pd.factorize(pd.concat([left, right], ignore_index=True))
    a, b = codes[: len(old)], codes[len(old) :]
    links = coo_matrix((np.ones(len(a)), (a, b)), shape=(len(names),) * 2)
    part = connected_components(links, directed=False)[1][a]
    name = pd.Series(new.fillna(old).to_numpy()).groupby(part).transform("min")
    return name.tolist()
