"""Moves from one occupation to another, with every term of the judgement visible.

feasibility = fit x zone x schooling x experience, each 0 to 1:
  fit         score / (score + 0.05), score = the ranker's probability that the two are alike
  zone        0.85 per job zone that the destination stands higher
  schooling   1 / (1 + years / 4), years = usual full-time years of schooling to add
  experience  1, 0.9, 0.75 where BLS lists none, less than 5, 5 or more years in a related
              occupation
benefit = 0.7 x pay + 0.15 x openings + 0.15 x exposure, each 0 to 1:
  pay         wage gain over twice the present wage plus gain: 0.5 = the same wage
  openings    yearly openings / (openings + 10 thousand)
  exposure    0.5 - change of exposure / 2
The weights are judgements, stated here and in docs/METHODS.md, not estimates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.errors import UsageError
from pipelines.pathways.costs import tuition_matrix
from pipelines.pathways.credentials import advancement_note, helping_credentials, licence
from pipelines.pathways.education import (
    LEVELS,
    education_summary,
    latest_projections,
    level_index,
    required_education,
    years_matrix,
)
from pipelines.pathways.features import national_wages, published_codes
from pipelines.pathways.similarity import similarity

#: The tables of a release that `pathway_data` reads.
TABLES = (
    "occupations", "elements", "elements_2010", "task_dwas", "technology_skills",
    "alternate_titles", "related_occupations", "job_zones", "education_training", "projections",
    "wages", "onet_walk_2010_2019", "onet_soc_to_soc", "education_attainment",
)  # fmt: skip
HALF_FIT, ZONE_STEP, HALF_YEARS, HALF_OPENINGS = 0.05, 0.85, 4.0, 10.0
EXPERIENCE = {"None": (1.0, 0.0), "Less than 5 years": (0.9, 2.0), "5 years or more": (0.75, 5.0)}


@dataclass(frozen=True)
class PathwayData:
    """Everything a path query needs, built once by `pathway_data`.

    Attributes
    ----------
    table : DataFrame
        One row an occupation, index ``soc_code``.
    to, score : ndarray, shape (n, k)
        Positions and scores of the k most similar occupations, best first.
    zone, level, wage, exposure, openings, experience, experience_years : ndarray, shape (n,)
        Columns of `table` as numbers; NaN where missing. ``level`` is a position in LEVELS, -1
        where BLS gives none.
    years, tuition : ndarray, shape (8, 8)
        Usual years and dollars from one level to another.
    """

    table: pd.DataFrame
    to: np.ndarray
    score: np.ndarray
    zone: np.ndarray
    level: np.ndarray
    wage: np.ndarray
    exposure: np.ndarray
    openings: np.ndarray
    experience: np.ndarray
    experience_years: np.ndarray
    years: np.ndarray
    tuition: np.ndarray

    def position(self, soc_code: str) -> int:
        """Row of a SOC code; an O*NET-SOC code stands for its SOC code."""
        found = self.table.index.get_indexer([str(soc_code)[:7]])[0]
        if found < 0:
            raise UsageError(
                str(soc_code),
                "there are no data to compare this occupation by (military and "
                "some 'all other' occupations have none)",
                "Give another, such as 29-2072",
            )
        return int(found)


def pathway_data(
    tables: Mapping[str, pd.DataFrame],
    occupation_exposure: pd.DataFrame | None = None,
    similar: pd.DataFrame | None = None,
    price: Mapping | None = None,
) -> PathwayData:
    """Prepare path queries.

    Parameters
    ----------
    tables : Mapping[str, DataFrame]
        The `TABLES` of a release.
    occupation_exposure : DataFrame, optional
        ``soc_code``, ``exposure``; O*NET-SOC codes in ``onet_soc_code`` are averaged.
    similar : DataFrame, optional
        Result of `similarity`, if at hand.
    price : Mapping, optional
        Tuition, see `costs.prices`.
    """
    similar = similarity(tables) if similar is None else similar
    codes = np.array(sorted(similar["from_soc"].unique()), dtype=object)
    position = {c: i for i, c in enumerate(codes)}
    table = pd.DataFrame(index=pd.Index(codes, name="soc_code", dtype="str"))
    latest, wages = latest_projections(tables["projections"]), national_wages(tables["wages"])
    own = tables["occupations"].sort_values("onet_soc_code").drop_duplicates("soc_code")
    own = own.set_index("soc_code")["title"]
    by_nem = published_codes(codes, tables, latest.index)
    by_wage = published_codes(codes, tables, wages.index)
    table["title"] = (
        pd.Series(codes, index=codes)
        .map(own)
        .fillna(pd.Series(latest["title"].reindex(by_nem).to_numpy(), index=codes))
        .to_numpy()
    )
    occ = tables["job_zones"].assign(soc_code=tables["job_zones"]["onet_soc_code"].str[:7])
    zone = occ.groupby("soc_code")["job_zone"].mean()
    table["job_zone"] = zone.reindex(codes).to_numpy()
    for column in (
        "typical_education",
        "work_experience",
        "job_training",
        "annual_openings",
        "employment_change_percent",
    ):
        table[column] = latest[column].reindex(by_nem).to_numpy()
    for column in (
        "annual_median_wage",
        "annual_p10_wage",
        "annual_p25_wage",
        "annual_p75_wage",
        "annual_p90_wage",
        "employment",
    ):
        table[column] = wages[column].reindex(by_wage).to_numpy()
    table["figures_code"] = by_nem  # the code BLS publishes projections under
    summary = education_summary(
        required_education(
            tables["projections"], tables["education_training"], tables["education_attainment"]
        )
    )
    for column in (
        "onet_education",
        "onet_education_percent",
        "onet_education_summary",
        "attainment",
        "attainment_percent",
    ):
        source = codes if column.startswith("onet") else by_nem
        table[column] = summary[column].reindex(source).to_numpy()
    table["exposure"] = _exposure(occupation_exposure).reindex(codes).to_numpy(float)
    table["licence"] = [licence(c) for c in codes]
    width = int(similar["rank"].max())
    to = np.full((len(codes), width), -1)
    score = np.zeros((len(codes), width))
    row, column = similar["from_soc"].map(position), similar["rank"].to_numpy() - 1
    to[row, column] = similar["to_soc"].map(position)
    score[row, column] = similar["score"]
    asked = table["work_experience"].map(EXPERIENCE)
    return PathwayData(
        table,
        to,
        score,
        table["job_zone"].to_numpy(float),
        table["typical_education"]
        .map({x: i for i, x in enumerate(LEVELS)})
        .fillna(-1)
        .to_numpy()
        .astype(int),
        table["annual_median_wage"].to_numpy(float),
        table["exposure"].to_numpy(float),
        table["annual_openings"].to_numpy(float),
        np.array([a[0] if isinstance(a, tuple) else 1.0 for a in asked]),
        np.array([a[1] if isinstance(a, tuple) else 0.0 for a in asked]),
        years_matrix(),
        tuition_matrix(price),
    )


def _exposure(frame: pd.DataFrame | None) -> pd.Series:
    if frame is None:
        return pd.Series(dtype=float)
    code = frame["soc_code"] if "soc_code" in frame else frame["onet_soc_code"].str[:7]
    return frame["exposure"].groupby(code.to_numpy()).mean()


def step_fit(
    data: PathwayData, origin: np.ndarray, to: np.ndarray, score: np.ndarray
) -> np.ndarray:
    """Feasibility of a step without its schooling: fit x zone x experience."""
    up = np.nan_to_num(np.maximum(data.zone[to] - data.zone[origin], 0))
    return score / (score + HALF_FIT) * ZONE_STEP**up * data.experience[to]


def schooling_term(years: np.ndarray) -> np.ndarray:
    """The schooling term of feasibility."""
    return 1 / (1 + np.asarray(years) / HALF_YEARS)


def benefit(data: PathwayData, origin: np.ndarray, to: np.ndarray) -> np.ndarray:
    """Benefit of ending in `to` for someone from `origin`, 0 to 1."""
    pay = data.wage[to] / (data.wage[to] + data.wage[origin])
    openings = data.openings[to] / (data.openings[to] + HALF_OPENINGS)
    change = data.exposure[to] - data.exposure[origin]
    return (
        0.7 * np.nan_to_num(pay, nan=0.5)
        + 0.15 * np.nan_to_num(openings)
        + 0.15 * (0.5 - np.nan_to_num(change) / 2)
    )


def start_level(data: PathwayData, origin: int, education: str | None) -> int:
    """Position of the stated education, or of the origin's typical one where none is stated."""
    if education is not None:
        return level_index(education)
    return max(int(data.level[origin]), 0)


def moves(
    data: PathwayData, origin_soc: str, education: str | None = None, n: int | None = 20
) -> pd.DataFrame:
    """Single moves from an occupation, most similar first, with their terms.

    Parameters
    ----------
    data : PathwayData
        From `pathway_data`.
    origin_soc : str
        SOC or O*NET-SOC code.
    education : str, optional
        Education held; the origin's typical level where none is stated.
    n : int or None
        Rows; None for all.

    Returns
    -------
    DataFrame
        ``rank``, ``from_soc``, ``to_soc``, ``title``, ``similarity`` (0-1), ``job_zone``,
        ``job_zone_step``, ``typical_education``, ``years_education`` (usual full-time years to
        add; missing where BLS gives no level), ``onet_education_summary``, ``attainment``,
        ``attainment_percent``, ``work_experience``, ``annual_median_wage``, ``wage_gain``
        (dollars a year), 10th and 90th percentile wages, ``annual_openings`` (thousands),
        ``employment_change_percent``, ``exposure``, ``exposure_change``, ``feasibility``,
        ``benefit`` (formulas: head of this module), ``credentials``, ``licence``, ``note``.
    """
    i = data.position(origin_soc)
    held = start_level(data, i, education)
    keep = data.to[i] >= 0
    to, score = data.to[i][keep][:n], data.score[i][keep][:n]
    from_ = np.full(len(to), i)
    level = data.level[to]
    years = np.where(level >= 0, data.years[held, np.maximum(level, 0)], np.nan)
    out = data.table.iloc[to].reset_index().rename(columns={"soc_code": "to_soc"})
    origin = data.table.index[i]
    out.insert(0, "rank", np.arange(1, len(to) + 1))
    out.insert(1, "from_soc", origin)
    out["similarity"] = score
    out["job_zone_step"] = data.zone[to] - data.zone[i]
    out["years_education"] = years
    out["wage_gain"] = data.wage[to] - data.wage[i]
    out["exposure_change"] = data.exposure[to] - data.exposure[i]
    out["feasibility"] = step_fit(data, from_, to, score) * schooling_term(np.nan_to_num(years))
    out["benefit"] = benefit(data, from_, to)
    out["credentials"] = [helping_credentials(origin, c) for c in out["to_soc"]]
    out["note"] = [advancement_note(origin, c) for c in out["to_soc"]]
    return out[
        [
            "rank",
            "from_soc",
            "to_soc",
            "title",
            "similarity",
            "job_zone",
            "job_zone_step",
            "typical_education",
            "years_education",
            "onet_education_summary",
            "attainment",
            "attainment_percent",
            "work_experience",
            "annual_median_wage",
            "wage_gain",
            "annual_p10_wage",
            "annual_p90_wage",
            "annual_openings",
            "employment_change_percent",
            "exposure",
            "exposure_change",
            "feasibility",
            "benefit",
            "credentials",
            "licence",
            "note",
        ]
    ]
