"""By how much figures of two releases differ: pay, jobs, exposure, best next occupations.

The gates and the change report ask the same questions, so the answers stand here once. Both
sides are releases (`releases.store.Release`); a table that neither or only one of them holds
gives an empty answer.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.market.oews import detailed
from pipelines.releases.store import Release

#: Figures of the table `wages` and the relative standard error, in percent, that BLS gives each.
STANDARD_ERROR_COLUMNS = {"annual_mean_wage": "mean_wage_rse", "employment": "employment_rse"}
#: Two-sided 90%: the level at which BLS states its own intervals.
CONFIDENCE_LEVEL, Z_90 = 0.90, 1.645


def changed_tables(old: Release, new: Release) -> set[str]:
    """Tables whose bytes differ, or that one side lacks."""
    before, now = old.manifest["tables"], new.manifest["tables"]
    return {
        name
        for name in {*before, *now}
        if before.get(name, {}).get("sha256") != now.get(name, {}).get("sha256")
    }


def same_edition(old: Release, new: Release, tables: set[str] | None = None) -> bool:
    """Whether the sources of these tables (of all) are of the same editions on both sides."""
    return _editions(old, tables) == _editions(new, tables)


def _editions(release: Release, tables: set[str] | None) -> dict[str, tuple]:
    return {
        name: (entry.get("release"), entry.get("date"))
        for name, entry in release.manifest["sources"].items()
        if tables is None or tables & set(entry.get("rows", {}))
    }


def newest_wages(release: Release) -> pd.DataFrame:
    """Detailed occupations of the newest year of each area; no rows where there is no table."""
    if not release.has("wages"):
        return pd.DataFrame()
    frame = detailed(release.table("wages"))
    return frame[frame["year"] == frame.groupby("area_code")["year"].transform("max")]


def pay_moves(old: Release, new: Release, figure: str) -> pd.DataFrame:
    """A figure of the newest year on both sides, where area and code are on both.

    Parameters
    ----------
    old, new : Release
    figure : str
        A key of `STANDARD_ERROR_COLUMNS`.

    Returns
    -------
    DataFrame
        ``area_code``, ``area_title``, ``soc_code``, ``title``, ``old_year``, ``new_year``,
        ``old``, ``new``, ``change`` (share of old), ``standard_error`` (of new - old, in the
        figure's unit: as of two independent samples; OEWS samples overlap, so it is rather too
        large), ``z`` (missing where a side has no standard error). Rows of which a side has no
        figure are left out, and codes that were split or merged: see `families`.
    """
    columns = ["area_code", "area_title", "soc_code", "title", "old_year", "new_year", "old",
               "new", "change", "standard_error", "z"]  # fmt: skip
    before, now = newest_wages(old), newest_wages(new)
    if before.empty or now.empty:
        return pd.DataFrame(columns=columns)
    keep = ["area_code", "soc_code", "year", figure, STANDARD_ERROR_COLUMNS[figure]]
    both = _in_one_classification(before, now, old, new)[keep].merge(
        now[[*keep, "area_title", "title"]],
        on=["area_code", "soc_code"], suffixes=("_old", "_new"), validate="1:1",
    )  # fmt: skip
    renamed = {f"year_{side}": f"{side}_year" for side in ("old", "new")}
    renamed |= {f"{figure}_{side}": side for side in ("old", "new")}
    both = both.rename(columns=renamed).dropna(subset=["old", "new"])
    both = both[both["old"] > 0]
    errors = [
        both[side] * both[f"{STANDARD_ERROR_COLUMNS[figure]}_{side}"] / 100
        for side in ("old", "new")
    ]
    both["change"] = both["new"] / both["old"] - 1
    both["standard_error"] = np.hypot(*errors)
    with np.errstate(divide="ignore", invalid="ignore"):
        both["z"] = (both["new"] - both["old"]) / both["standard_error"]
    return both[columns].reset_index(drop=True)


def _in_one_classification(before, now, old: Release, new: Release) -> pd.DataFrame:
    """`before` with the new side's codes, where the crosswalk leads from one code to one code."""
    vintages = set(before["soc_vintage"]), set(now["soc_vintage"])
    if vintages[0] == vintages[1]:
        return before
    ends = _walk(old, new, "2010" in vintages[0])
    ends = ends[~ends["old"].duplicated(False) & ~ends["new"].duplicated(False)]
    codes = before["soc_code"].map(ends.set_index("old")["new"])
    return before.assign(soc_code=codes).dropna(subset=["soc_code"])


def _walk(old: Release, new: Release, forward: bool) -> pd.DataFrame:
    """The 2010-2018 crosswalk as columns old, new; the one of the newer side that holds one."""
    side = new if new.has("soc_2010_to_2018") else old
    if not side.has("soc_2010_to_2018"):
        return pd.DataFrame({"old": [], "new": []}, dtype="str")
    columns = ["soc_2010_code", "soc_code"] if forward else ["soc_code", "soc_2010_code"]
    return side.table("soc_2010_to_2018")[columns].set_axis(["old", "new"], axis=1)


def families(old: Release, new: Release) -> list[dict]:
    """Occupations whose code was split, merged or renumbered between two sides, nationally.

    Codes are joined by the 2010-2018 crosswalk where the sides' newest years are of different
    classifications, and by BLS's matrix codes (which stand for several SOC codes) otherwise.

    Returns
    -------
    list of dict
        ``old`` and ``new`` (lists of soc_code and title), ``old_employment`` and
        ``new_employment`` (their sums; None where a part is missing or a side is empty),
        ``pairs`` (which old code goes to which new one). A family with one side empty has no
        counterpart in the crosswalk.
    """
    # Imported here: a refresh that finds nothing new needs no scipy.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    before, now = (
        frame[frame["area_code"] == "99"].drop_duplicates("soc_code").set_index("soc_code")
        for frame in (_or_empty(newest_wages(old)), _or_empty(newest_wages(new)))
    )
    if before.empty or now.empty:
        return []
    links = _links(before, now, old, new)
    places = {("old", code): i for i, code in enumerate(before.index)}
    places |= {("new", code): len(before) + i for i, code in enumerate(now.index)}
    pairs = np.array([(places["old", a], places["new", b]) for a, b in links], int).reshape(-1, 2)
    graph = coo_array(
        (np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(places), len(places))
    )
    _, label = connected_components(graph, directed=False)
    groups: dict[int, dict[str, list[str]]] = {}
    for (side, code), at in places.items():
        groups.setdefault(int(label[at]), {"old": [], "new": []})[side].append(code)
    found = []
    for group in groups.values():
        if sorted(group["old"]) != sorted(group["new"]):
            found.append({
                "old": [[code, before["title"][code]] for code in group["old"]],
                "new": [[code, now["title"][code]] for code in group["new"]],
                "old_employment": _sum(before["employment"], group["old"]),
                "new_employment": _sum(now["employment"], group["new"]),
                "pairs": sorted([a, b] for a, b in links if a in group["old"]),
            })  # fmt: skip
    return sorted(found, key=lambda family: (family["old"] or family["new"])[0])


def _or_empty(frame: pd.DataFrame) -> pd.DataFrame:
    columns = ["area_code", "soc_code", "soc_vintage", "title", "employment"]
    return frame[columns] if len(frame) else pd.DataFrame(columns=columns)


def _links(before, now, old: Release, new: Release) -> set[tuple[str, str]]:
    """Pairs of codes, old and new, that stand for the same jobs at least in part."""
    vintages = before["soc_vintage"].iloc[0], now["soc_vintage"].iloc[0]
    if vintages[0] != vintages[1]:
        forward = vintages[0] == "2010"
        walk = _walk(old, new, forward)
        pairs = set(zip(walk["old"], walk["new"], strict=True))
        joint = dict(_joint(old, new))
        if forward:
            pairs |= {(a, joint.get(b, b)) for a, b in pairs}
        else:
            pairs |= {(joint.get(a, a), b) for a, b in pairs}
    else:
        pairs = {(code, code) for code in before.index.intersection(now.index)}
        alone = set(before.index.symmetric_difference(now.index))
        pairs |= {p for a, b in _joint(old, new) for p in ((a, b), (b, a)) if {a, b} & alone}
    return {(a, b) for a, b in pairs if a in before.index and b in now.index}


def _joint(old: Release, new: Release) -> set[tuple[str, str]]:
    """SOC codes and the matrix codes that stand for them."""
    side = new if new.has("onet_soc_to_soc") else old
    if not side.has("onet_soc_to_soc"):
        return set()
    matrix = side.table("onet_soc_to_soc")
    return set(zip(matrix["onet_soc_code"].str[:7], matrix["nem_code"], strict=True))


def _sum(employment: pd.Series, codes: list[str]) -> float | None:
    total = employment[codes].sum(skipna=False) if codes else np.nan
    return None if pd.isna(total) else float(total)


def exposure_moves(old: Release, new: Release) -> pd.DataFrame:
    """Exposure of every occupation on both sides.

    Returns
    -------
    DataFrame
        ``onet_soc_code``, ``old``, ``new``, ``change``, ``old_quintile``, ``new_quintile``,
        ``beyond`` (the new value lies outside the old one's 90% interval).
    """
    columns = ["onet_soc_code", "old", "new", "change", "old_quintile", "new_quintile", "beyond"]
    if not (old.has("occupation_exposure") and new.has("occupation_exposure")):
        return pd.DataFrame(columns=columns)
    keep = ["onet_soc_code", "exposure", "quintile", "exposure_low", "exposure_high"]
    both = old.table("occupation_exposure")[keep].merge(
        new.table("occupation_exposure")[keep[:3]], on="onet_soc_code", suffixes=("_old", "_new")
    )
    return pd.DataFrame({
        "onet_soc_code": both["onet_soc_code"],
        "old": both["exposure_old"],
        "new": both["exposure_new"],
        "change": both["exposure_new"] - both["exposure_old"],
        "old_quintile": both["quintile_old"],
        "new_quintile": both["quintile_new"],
        "beyond": ~both["exposure_new"].between(both["exposure_low"], both["exposure_high"]),
    })  # fmt: skip


def best_destinations(release: Release) -> pd.DataFrame:
    """The best single move from every occupation, by feasibility x benefit.

    The worker has the origin's typical education; the move is the first way up of one step
    (`pipelines.pathways.routes.search`).

    Returns
    -------
    DataFrame
        Index ``soc_code``; ``title``, ``to_soc`` (missing where no move is open),
        ``to_title``. No rows where a table that the pathways need is not held.
    """
    from pipelines.analysis import Analysis
    from pipelines.pathways.routes.network import REQUIRED_TABLES
    from pipelines.pathways.routes.search import all_paths

    needed = {*REQUIRED_TABLES, "similar_occupations", "occupation_exposure"}
    if not all(release.has(name) for name in needed):
        return pd.DataFrame(columns=["title", "to_soc", "to_title"])
    data = Analysis(release).pathways
    best = all_paths(data, max_steps=1, n=1).set_index("from_soc")["to_soc"]
    titles = data.table["title"]
    found = pd.DataFrame({"title": titles, "to_soc": best.reindex(titles.index)})
    found["to_title"] = found["to_soc"].map(titles)
    return found


def path_moves(old: Release, new: Release) -> pd.DataFrame:
    """Best destinations on both sides: index soc_code; title, old, old_title, new, new_title.

    Of the occupations that both sides have.
    """
    before, now = best_destinations(old), best_destinations(new)
    both = now.merge(before, left_index=True, right_index=True, suffixes=("", "_before"))
    return pd.DataFrame({
        "title": both["title"],
        "old": both["to_soc_before"],
        "old_title": both["to_title_before"],
        "new": both["to_soc"],
        "new_title": both["to_title"],
        "changed": both["to_soc"].fillna("") != both["to_soc_before"].fillna(""),
    })  # fmt: skip
