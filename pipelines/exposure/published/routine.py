"""Routine-task intensity from O*NET elements, after Acemoglu and Autor (2011).

Source of the scales: Acemoglu and Autor, Skills, Tasks and Technologies, Handbook of Labor
Economics 4B (2011), data appendix. Each scale is the sum of its standardized elements,
standardized again; means and standard deviations are weighted by employment. The paper prints no
single index: ours follows the signs of Autor and Dorn (2013), routine less abstract less manual.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipelines.market.oews import national
from pipelines.occupations.elements import ratings

#: Scale -> (O*NET element, sign). Structured work is the low end of freedom to decide.
SCALES: Mapping[str, Mapping[str, int]] = {
    "nonroutine_analytical": {"4.A.2.a.4": 1, "4.A.2.b.2": 1, "4.A.4.a.1": 1},
    "nonroutine_interpersonal": {"4.A.4.a.4": 1, "4.A.4.b.4": 1, "4.A.4.b.5": 1},
    "routine_cognitive": {"4.C.3.b.7": 1, "4.C.3.b.4": 1, "4.C.3.b.8": -1},
    "routine_manual": {"4.C.3.d.3": 1, "4.A.3.a.3": 1, "4.C.2.d.1.i": 1},
    "nonroutine_manual": {"4.A.3.a.4": 1, "4.C.2.d.1.g": 1, "1.A.2.a.2": 1, "1.A.1.f.1": 1},
}
ELEMENTS = tuple(element for scale in SCALES.values() for element in scale)
#: Employment that weighs the standardization: the first year wholly in SOC 2018.
YEAR = 2021


def standardized(values: pd.Series, weights: pd.Series) -> pd.Series:
    """Mean 0 and standard deviation 1 under the weights; missing stays missing.

    Rows without a value, or without a weight above 0, do not shape the mean. Where nothing
    varies, all is missing: a scale that cannot tell occupations apart says nothing.
    """
    known = values.notna() & (weights > 0)
    if not known.any():
        return values * np.nan
    x, w = values[known], weights[known]
    mean = np.average(x, weights=w)
    spread = np.sqrt(np.average((x - mean) ** 2, weights=w))
    return (values - mean) / spread if spread > 1e-12 else values * np.nan


def scales(elements: pd.DataFrame, weights: pd.Series) -> pd.DataFrame:
    """The five scales and the index.

    Parameters
    ----------
    elements : DataFrame
        Index occupations, columns `ELEMENTS`, ratings; a missing element makes every scale that
        needs it missing.
    weights : Series
        Employment by the same index. An occupation whose employment is missing has scales and
        shapes no mean.

    Returns
    -------
    DataFrame
        Columns of `SCALES` and ``routine_task_intensity``: the mean of the two routine scales,
        less that of the two non-routine cognitive ones, less the non-routine manual one.
    """
    out = pd.DataFrame(index=elements.index)
    for name, parts in SCALES.items():
        terms = [sign * standardized(elements[e], weights) for e, sign in parts.items()]
        total = pd.concat(terms, axis=1).sum(axis=1, skipna=False)
        out[name] = standardized(total, weights)
    abstract = (out["nonroutine_analytical"] + out["nonroutine_interpersonal"]) / 2
    routine = (out["routine_cognitive"] + out["routine_manual"]) / 2
    index = routine - abstract - out["nonroutine_manual"]
    return out.assign(routine_task_intensity=standardized(index, weights))


def routine(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows of ``measures``: routine_cognitive, routine_manual, routine_task_intensity.

    Each element from the newest edition that rates the occupation on it; of 2014 through the walk
    of 2010 to 2019 codes (mean over the codes that lead to one; `ambiguous` where several do, or
    where a code leads to several).
    """
    wide, ambiguous = _elements(tables)
    weights = _employment(tables["wages"], wide.index)
    found = scales(wide, weights)
    kept = ["routine_cognitive", "routine_manual", "routine_task_intensity"]
    long = found[kept].melt(var_name="measure", ignore_index=False).reset_index()
    return long.assign(ambiguous=long["onet_soc_code"].map(ambiguous)).dropna(subset=["value"])


def _elements(tables: Mapping[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.Series]:
    rows = ratings(tables, ["abilities", "work_activities", "work_context"])
    rows = rows[rows["element_id"].isin(ELEMENTS) & rows["scale_id"].isin(["IM", "CX"])]
    older = rows["edition"].isin(tables["elements_2010"]["edition"])
    walk = tables["onet_walk_2010_2019"][["onet_soc_2010_code", "onet_soc_code"]]
    rated = tables["elements_2010"].loc[
        tables["elements_2010"]["element_id"].isin(ELEMENTS), "onet_soc_2010_code"
    ]
    walk = walk[walk["onet_soc_2010_code"].isin(rated)].drop_duplicates()
    split = walk["onet_soc_2010_code"].duplicated(keep=False)
    by = walk.assign(split=split).groupby("onet_soc_code")
    several = by["split"].any() | (by.size() > 1)
    key = ["onet_soc_code", "element_id"]
    values = rows.pivot_table(index=key[0], columns=key[1], values="value", aggfunc="mean")
    # A mean over some of the codes would pass for the mean over all of them.
    count = rows[older].groupby(key)["unit"].nunique()
    codes = pd.Series(by.size().reindex(count.index.get_level_values(0)).to_numpy(), count.index)
    for code, element in count.index[count < codes]:
        values.loc[code, element] = float("nan")
    from_2014 = pd.Series(values.index.isin(rows.loc[older, "onet_soc_code"]), values.index)
    ambiguous = several.reindex(values.index).fillna(False).astype(bool) & from_2014
    return values.reindex(columns=list(ELEMENTS)), ambiguous


def _employment(wages: pd.DataFrame, codes: pd.Index) -> pd.Series:
    """National employment, divided equally over the O*NET codes that share a SOC code.

    Missing where OEWS has none: `standardised` takes no mean over such rows.
    """
    rows = national(wages[wages["year"] == YEAR])
    soc = pd.Series(codes.str[:7], index=codes)
    jobs = soc.map(rows.drop_duplicates("soc_code").set_index("soc_code")["employment"])
    return jobs / soc.map(soc.value_counts())
