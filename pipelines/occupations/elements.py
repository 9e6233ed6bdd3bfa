"""O*NET's ratings, each from the newest edition that rates the occupation on the element."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

#: The scale that says how much an element matters, by domain. Scales are named, never counted:
#: the order of a file says nothing, and a mean over two scales is of no scale.
SCALES = {
    "skills": ("IM",), "knowledge": ("IM",), "abilities": ("IM",), "work_activities": ("IM",),
    "work_context": ("CX", "CT"),
}  # fmt: skip


def ratings(
    tables: Mapping[str, pd.DataFrame],
    domains: Collection[str],
    codes: Collection[str] | None = None,
) -> pd.DataFrame:
    """Rows of ``elements`` and, where nothing newer rates an occupation and element, of 2014.

    Parameters
    ----------
    tables : Mapping[str, DataFrame]
        elements, elements_2010, onet_walk_2010_2019.
    domains : collection of str
        O*NET domains, as in ``elements``.
    codes : collection of str, optional
        O*NET-SOC 2019 codes; all unless given.

    Returns
    -------
    DataFrame
        The columns of ``elements`` and ``unit``, the code that was rated: the occupation's own,
        or the O*NET-SOC 2010 code that became it. Where several did, each gives a row, to be
        averaged. A value's standard error is that of its own edition; 2014's have none here.
    """
    new = tables["elements"]
    new = new[new["domain"].isin(domains)]
    if codes is not None:
        new = new[new["onet_soc_code"].isin(codes)]
    new = new.assign(unit=new["onet_soc_code"])
    walk = tables["onet_walk_2010_2019"][["onet_soc_2010_code", "onet_soc_code"]].drop_duplicates()
    if codes is not None:
        walk = walk[walk["onet_soc_code"].isin(codes)]
    old = tables["elements_2010"]
    old = old[old["domain"].isin(domains)].merge(walk, on="onet_soc_2010_code")
    by = ["onet_soc_code", "element_id"]
    rated = pd.MultiIndex.from_frame(old[by]).isin(pd.MultiIndex.from_frame(new[by]))
    old = old[~rated].rename(columns={"onet_soc_2010_code": "unit"})
    if old.empty:
        return new.reset_index(drop=True)
    old = old.assign(recommend_suppress=False, not_relevant=False)
    whole = pd.concat([new, old], ignore_index=True)
    flags = ["recommend_suppress", "not_relevant"]
    return whole.astype(dict.fromkeys(flags, bool))


def importance(tables: Mapping[str, pd.DataFrame], domain: str) -> pd.DataFrame:
    """`ratings` of one domain on its scale of `SCALES`; of work styles WI, from 30.1, else IM.

    The impact of the 21 styles of 30.1 (WI) and the importance of the 16 before (IM) are two
    schemes: where the table has the newer, the older is left out.
    """
    rows = ratings(tables, [domain])
    if domain == "work_styles":
        return rows[rows["scale_id"] == ("WI" if (rows["scale_id"] == "WI").any() else "IM")]
    return rows[rows["scale_id"].isin(SCALES[domain])]
