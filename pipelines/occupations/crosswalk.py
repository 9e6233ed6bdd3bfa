"""From the Standard Occupational Classification of 2010 to that of 2018."""

from __future__ import annotations

import pandas as pd


def soc_2010_to_2018(walk: pd.DataFrame, wages: pd.DataFrame) -> pd.DataFrame:
    """SOC 2010 to SOC 2018 with weights, derived from the O*NET-SOC walk.

    A 2010 code with one target goes to it whole. Otherwise each target is weighted by its
    national employment in OEWS May 2021, the first year wholly in SOC 2018; where that is not
    published for every target (OEWS merges some codes), the targets weigh the same.
    A weight says how large the targets are, not how many workers moved: no source has that.

    Parameters
    ----------
    walk : DataFrame
        Table onet_walk_2010_2019.
    wages : DataFrame
        Table wages; its rows of 2021, area 99, detailed group are used.

    Returns
    -------
    DataFrame
        Table soc_2010_to_2018.
    """
    pairs = pd.DataFrame(
        {
            "soc_2010_code": walk["onet_soc_2010_code"].str[:7],
            "soc_code": walk["onet_soc_code"].str[:7],
        }
    )
    pairs = pairs.drop_duplicates().sort_values(["soc_2010_code", "soc_code"], ignore_index=True)
    detailed = wages[
        (wages["year"] == 2021)
        & (wages["area_code"] == "99")
        & (wages["occupation_group"] == "detailed")
    ]
    employment = pairs["soc_code"].map(detailed.set_index("soc_code")["employment"])
    by_code = pairs["soc_2010_code"]
    targets = by_code.groupby(by_code).transform("size")
    total = employment.groupby(by_code).transform(lambda part: part.sum(skipna=False))
    weighted = (total > 0) & (targets > 1)
    rule = pd.Series("equal", index=pairs.index, dtype="str")
    pairs["weight"] = (1 / targets).where(~weighted, employment / total)
    pairs["weight_rule"] = rule.mask(weighted, "employment 2021").mask(targets == 1, "only")
    return pairs
