"""The article's 25 claims, each held against public data by a rule stated in advance.

A measure supports a claim where the occupation stands at or above the 67th percentile of all
occupations in the direction that the claim implies, and speaks against it below the 33rd. A
claim is supported or not supported where all its measures say so, and mixed otherwise.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources

import numpy as np
import pandas as pd

from pipelines import market
from pipelines.pathways.moves import PathwayData

SUPPORTED, AGAINST = 67.0, 33.0
COLUMNS = ["number", "claim", "measure", "value", "percentile", "n_occupations", "verdict",
           "source", "remark"]  # fmt: skip


def percentile(values: pd.Series, code: str, direction: str = "more") -> float:
    """Percent of the other occupations that stand lower (half of the ties); higher with "less"."""
    others = values.drop(code).dropna()
    value = values[code]
    below = (others < value).mean() if direction == "more" else (others > value).mean()
    return float(100 * (below + 0.5 * (others == value).mean()))


def verdict(percentiles: list[float]) -> str:
    """Verdict on a claim from the percentiles of its measures."""
    if not percentiles:
        return "no public measure"
    if min(percentiles) >= SUPPORTED:
        return "supported"
    return "not supported" if max(percentiles) < AGAINST else "mixed"


def claims(
    tables: Mapping[str, pd.DataFrame],
    onet_soc_code: str,
    occupation_exposure: pd.DataFrame,
    pathways: PathwayData,
) -> pd.DataFrame:
    """Every claim with its measures, one row a measure.

    Parameters
    ----------
    tables : Mapping[str, DataFrame]
        Tables of a release or of the snapshot.
    onet_soc_code : str
        O*NET-SOC 2019 code of the occupation.
    occupation_exposure : DataFrame
        onet_soc_code, exposure.
    pathways : PathwayData
        For the ways up.

    Returns
    -------
    DataFrame
        `COLUMNS`; value in the measure's own unit; percentile among all occupations that have
        it, in the claim's direction; verdict of the whole claim; remark: what is not measured.
    """
    measured = {**_elements(tables, onet_soc_code)}
    computed = _computed(tables, onet_soc_code, occupation_exposure, pathways)
    text = resources.files("pipelines").joinpath("claims.toml").read_text("utf-8")
    rows = []
    for entry in tomllib.loads(text)["claim"]:
        found = []
        for element, direction in entry.get("elements", []):
            if element in measured:
                name, code, values, source = measured[element]
                found.append((f"{name} ({direction})", code, values, direction, source))
        for name in entry.get("computed", []):
            code, values, source = computed[name]
            if code in values.index and pd.notna(values[code]):
                found.append((name, code, values, "more", source))
        shares = [percentile(values, code, way) for _, code, values, way, _ in found]
        head, remark = [entry["number"], entry["claim"]], entry.get("unmeasured", "")
        result = verdict(shares)
        for (name, code, values, _, source), share in zip(found, shares, strict=True):
            n = int(values.notna().sum())
            rows.append([*head, name, float(values[code]), share, n, result, source, remark])
        if not found:
            rows.append([*head, None, None, None, None, result, None, remark])
    return pd.DataFrame(rows, columns=COLUMNS)


def ways_up_that_need_school(pathways: PathwayData) -> pd.Series:
    """Percent of each occupation's better paid similar occupations that ask for more schooling.

    Schooling is counted from the origin's own typical level; index soc_code, missing where no
    similar occupation pays more or a level is not published.
    """
    to, level = pathways.to, pathways.level.astype(int)
    known = (to >= 0) & (level[:, None] >= 0) & (level[to] >= 0)
    up = known & (pathways.wage[to] > pathways.wage[:, None])
    school = up & (pathways.years[level[:, None], level[to]] > 0)
    n = up.sum(axis=1)
    share = np.where(n > 0, 100 * school.sum(axis=1) / np.maximum(n, 1), np.nan)
    return pd.Series(share, index=pathways.table.index)


def _elements(tables, onet_soc_code: str) -> dict:
    """O*NET elements by id: name, code, values of all occupations, source.

    A release whose own tables hold an element is preferred to O*NET 18.
    """
    walk = tables["onet_walk_2010_2019"]
    before = walk.loc[walk["onet_soc_code"] == onet_soc_code, "onet_soc_2010_code"]
    found = {}
    for table, key, codes, source in (
        ("elements_2010", "onet_soc_2010_code", before.tolist(), "O*NET 18.1"),
        ("elements", "onet_soc_code", [onet_soc_code], "O*NET, release in use"),
    ):
        frame = tables[table]
        frame = frame[frame["scale_id"].isin(["IM", "CX", "CT"])]
        held = frame[frame[key].isin(codes)]
        for code in codes[:1]:
            own = frame[frame["element_id"].isin(held.loc[held[key] == code, "element_id"])]
            for element, rows in own.groupby("element_id"):
                values = rows.drop_duplicates(key).set_index(key)["value"]
                name = rows["element_name"].iloc[0]
                found[element] = (name, code, values, f"{source}, {code}")
    return found


def _computed(tables, onet_soc_code: str, exposure: pd.DataFrame, pathways: PathwayData) -> dict:
    """Measures that are made here: name to (code, values of all occupations, source)."""
    soc = onet_soc_code[:7]
    zones = tables["job_zones"].set_index("onet_soc_code")["job_zone"].astype("float64")
    software = tables["technology_skills"].groupby("onet_soc_code")["example"].nunique()
    growth = pathways.table["employment_change_percent"]
    nation = tables["wages"].query("area_code == '99' and occupation_group == 'detailed'")
    by_year = {year: rows.set_index("soc_code") for year, rows in nation.groupby("year")}
    jobs = {year: by_year[year]["employment"] for year in (2021, 2025)}
    pay = {year: market.real(by_year[year]["annual_median_wage"], year, 2025) for year in jobs}
    return {
        "job zone": (onet_soc_code, zones, "O*NET, release in use"),
        "technologies": (onet_soc_code, software.astype("float64"), "O*NET, release in use"),
        "task exposure": (
            onet_soc_code,
            exposure.set_index("onet_soc_code")["exposure"],
            "own scores, see METHODS.md",
        ),
        "projected decline": (soc, -growth, "BLS Employment Projections, percent over the decade"),
        "fall of jobs 2021-2025": (
            soc,
            100 * (1 - jobs[2025] / jobs[2021]),
            "OEWS May 2021 and May 2025, percent",
        ),
        "fall of real pay 2021-2025": (
            soc,
            100 * (1 - pay[2025] / pay[2021]),
            "OEWS May 2021 and May 2025, CPI-U, percent",
        ),
        "ways up that need school": (
            soc,
            ways_up_that_need_school(pathways),
            "own pathways: percent of better paid similar occupations that ask for more schooling",
        ),
    }
