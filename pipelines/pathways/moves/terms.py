"""What is known of a move before anybody is seen to make it: the terms of the model.

All are made from tables that the embedded snapshot has, so a release and the snapshot made of it
give the same chances. An occupation that O*NET does not describe ("All Other") takes the mean of
those of its broad, else minor, else major group.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from pipelines.market.outlook import latest_projections
from pipelines.market.published import published_as
from pipelines.occupations.elements import importance
from pipelines.pathways.moves.crosswalk import Cells, cells, crosswalk
from pipelines.pathways.schooling.credentials import licence
from pipelines.pathways.schooling.education import EDUCATION_LEVELS, years_matrix
from pipelines.pathways.similarity.features import national_wages
from pipelines.pathways.similarity.profiles import cosine

#: Name of each term, and what it is, in the order of the model's weights.
TERMS: Mapping[str, str] = {
    "jobs": "log of the destination's jobs (BLS projections, self-employed included)",
    "likeness": "log of the similar score above that of a pair in no list of 50",
    "jobs_likeness": "jobs x likeness: how much less size counts between like occupations",
    "neighbors": "log of the share of leavers of similar occupations who went there",
    "context": "cosine of work contexts",
    "skills": "cosine of skills",
    "knowledge": "cosine of knowledge",
    "abilities": "cosine of abilities",
    "activities": "cosine of intermediate work activities",
    "same_major": "same major group",
    "same_minor": "same minor group",
    "zones_up": "job zones up",
    "zones_down": "job zones down",
    "school_years": "years of schooling to add",
    "school_years_less": "years of schooling more than the destination asks for",
    "pay_up": "log of the pay ratio where it rises",
    "pay_down": "log of the pay ratio where it falls, as a positive number",
    "experience": "experience asked for: 0 none, 1 under five years, 2 more",
    "license": "license asked for that the origin has not",
    "long_training": "apprenticeship, residency or long-term training asked for",
    "residual": "the destination is an 'All Other' occupation",
}
#: Added to the similar score and to the neighbors' share before the logarithm: what a pair has
#: that stands in no list, and a move that no neighbor made.
LIKENESS_FLOOR, NEIGHBOR_FLOOR = 0.002, 0.001
#: Weight of every surveyed origin as a neighbor, beside its likeness: where nothing alike was
#: surveyed, all are.
NEIGHBOR_BASE = 1e-6
_LONG = ("Apprenticeship", "Long-term on-the-job training", "Internship/residency")
_EXPERIENCE = {"None": 0.0, "Less than 5 years": 1.0, "5 years or more": 2.0}


@dataclass(frozen=True)
class Moves:
    """Occupations, the survey's cells, and the terms of every pair but ``neighbors``.

    Attributes
    ----------
    codes : ndarray of str, shape (n,)
        SOC 2018 codes, sorted.
    jobs : ndarray, shape (n,)
        Jobs of each.
    in_code : ndarray, shape (n, k)
        Share of each occupation in each code of the survey; rows sum to 1.
    cells : Cells
        The survey.
    likeness : ndarray, shape (n, n)
        Similar score; 0 beyond the similar occupations of the release.
    values : dict of ndarray, shape (n, n)
        The other terms by name.
    """

    codes: np.ndarray
    jobs: np.ndarray
    in_code: np.ndarray
    cells: Cells
    likeness: np.ndarray
    values: Mapping[str, np.ndarray]

    def of_code(self) -> np.ndarray:
        """Share of each survey code's jobs that is of each occupation, shape (n, k)."""
        mass = self.in_code * self.jobs[:, None]
        return mass / np.maximum(mass.sum(0), 1e-12)

    def neighbors(self, surveyed: np.ndarray | None = None) -> np.ndarray:
        """Where the leavers of similar occupations went, as shares by occupation's code, (n, n).

        Each origin's neighbors are the surveyed codes, weighted by their mean likeness to it; its
        own code, and what shares a CPS code with it, never count: the term says of a surveyed
        origin what it would say had it not been surveyed.

        Parameters
        ----------
        surveyed : ndarray of bool, shape (k,), optional
            The codes that may be neighbors; all that were surveyed by default.
        """
        surveyed = self.cells.surveyed if surveyed is None else surveyed
        leavers = self.cells.leavers()
        left = leavers.sum(1)
        surveyed = surveyed & (left > 0)
        shares = leavers / np.where(left > 0, left, 1)[:, None]
        weight = (self.likeness @ self.of_code() + NEIGHBOR_BASE) * surveyed
        own = (self.in_code > 0).astype(float)
        same = self.cells.twins[:, None] == self.cells.twins[None]
        weight = np.where(own @ same > 0, 0.0, weight)
        total = weight.sum(1, keepdims=True)
        by_code = weight @ shares / np.where(total > 0, total, 1)
        return by_code @ self.in_code.T

    def stacked(self, neighbors: np.ndarray) -> np.ndarray:
        """All terms in the order of `TERMS`, shape (n, n, terms), float32."""
        every = {**self.values, "neighbors": np.log(neighbors + NEIGHBOR_FLOOR)}
        return np.stack([np.asarray(every[name], np.float32) for name in TERMS], axis=-1)


def moves(tables: Mapping[str, pd.DataFrame]) -> Moves:
    """Prepare the terms of all moves.

    Parameters
    ----------
    tables : Mapping[str, DataFrame]
        Tables of a release: those of `crosswalk`, and ``occupations``, ``similar_occupations``,
        ``elements``, ``elements_2010``, ``onet_walk_2010_2019``, ``task_dwas``, ``job_zones``,
        ``projections``.
    """
    walk = crosswalk(tables)
    listed = set(tables["occupations"]["soc_code"])
    codes = np.array(sorted(set(walk["soc_code"]) & listed), dtype=object)
    survey = cells(tables)
    in_code = _in_code(walk, codes, survey.codes)
    jobs, wage, level, experience, training = _figures(tables, codes)
    likeness, profiles = _alike(tables, codes)
    zone = tables["job_zones"].assign(soc=tables["job_zones"]["onet_soc_code"].str[:7])
    zone = _filled(zone.groupby("soc")["job_zone"].mean().reindex(codes).to_numpy(float), codes)
    level, log_wage = _filled(level, codes), np.log(_filled(wage, codes))
    n = len(codes)
    step, pay = zone[None] - zone[:, None], log_wage[None] - log_wage[:, None]
    whole = np.round(level).astype(int)
    years = years_matrix()[0][whole[:, None], whole[None]]
    own = np.array([licence(code).split(" (")[0] for code in codes], dtype=object)
    # Zero for a pair in no list, so that the product with jobs is too.
    like = np.log(likeness / LIKENESS_FLOOR + 1)
    values: dict[str, np.ndarray] = {
        "jobs": np.broadcast_to(np.log(jobs), (n, n)),
        "likeness": like,
        "jobs_likeness": np.log(jobs) * like,
        **profiles,
        "zones_up": np.maximum(step, 0), "zones_down": np.maximum(-step, 0),
        "school_years": years, "school_years_less": years.T,
        "pay_up": np.maximum(pay, 0), "pay_down": np.maximum(-pay, 0),
        "experience": np.broadcast_to(experience, (n, n)),
        "license": (own[None] != "") & (own[None] != own[:, None]),
        "long_training": np.broadcast_to(training, (n, n)),
        "residual": np.broadcast_to([code.endswith("9") for code in codes], (n, n)),
    }  # fmt: skip
    for name, digits in (("same_major", 2), ("same_minor", 4)):
        group = np.array([code[:digits] for code in codes], dtype=object)
        values[name] = group[:, None] == group[None]
    return Moves(codes, jobs, in_code, survey, likeness, values)


def _in_code(walk: pd.DataFrame, codes: np.ndarray, survey: np.ndarray) -> np.ndarray:
    out = np.zeros((len(codes), len(survey)))
    row = pd.Index(codes).get_indexer(walk["soc_code"])
    column = pd.Index(survey).get_indexer(walk["code"])
    known = row >= 0
    out[row[known], column[known]] = walk["share"].to_numpy()[known]
    return out


def _figures(tables: Mapping[str, pd.DataFrame], codes: np.ndarray) -> tuple[np.ndarray, ...]:
    """Jobs, pay, education level, experience and long training asked for, by occupation."""
    latest = latest_projections(tables["projections"])
    by_matrix = published_as(tables, "projections").reindex(codes)
    # What BLS publishes for several occupations together is dealt out in equal parts.
    parts = by_matrix.groupby(by_matrix.to_numpy()).transform("size").to_numpy(float)
    own = latest.reindex(by_matrix.to_numpy())
    jobs = own["employment_base"].to_numpy(float) * 1000 / parts
    wages = national_wages(tables["wages"]).reindex(published_as(tables).reindex(codes).to_numpy())
    wage = wages["annual_median_wage"].fillna(wages["annual_mean_wage"]).to_numpy(float)
    level = own["typical_education"].map({name: i for i, name in enumerate(EDUCATION_LEVELS)})
    # Where BLS does not say, none is counted: the model's weight is an average effect.
    experience = own["work_experience"].map(_EXPERIENCE).fillna(0).to_numpy(float)
    training = own["job_training"].isin(_LONG).to_numpy(float)
    jobs = np.where(jobs > 0, jobs, np.nan)
    return _filled(jobs, codes), wage, level.to_numpy(float), experience, training


def _filled(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Missing values take the mean of their broad, else minor, else major group, else of all."""
    out = pd.Series(values, index=codes)
    for digits in (6, 4, 2, 0):
        out = out.fillna(out.groupby([str(code)[:digits] for code in codes]).transform("mean"))
    return out.to_numpy()


def _spread(codes: np.ndarray, described: np.ndarray) -> csr_array:
    """Weights of the described occupations in each occupation, rows summing to 1."""
    every = pd.Series([*codes, *described])
    lacking = np.arange(len(codes))
    rows, columns, weights = [], [], []
    for digits in (7, 6, 4, 2, 0):
        group = pd.factorize(every.str[:digits])[0]
        own, known = group[: len(codes)][lacking], group[len(codes) :]
        same = own[:, None] == known[None]
        row, column = np.nonzero(same)
        rows.append(lacking[row])
        columns.append(column)
        weights.append(1 / same.sum(1)[row])
        lacking = lacking[~same.any(1)]
    place = (np.concatenate(rows), np.concatenate(columns))
    return csr_array((np.concatenate(weights), place), shape=(len(codes), len(described)))


def _alike(
    tables: Mapping[str, pd.DataFrame], codes: np.ndarray
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Similar scores, and the cosines of what workers know and do, each (n, n)."""
    similar = tables["similar_occupations"]
    listed = pd.Index(sorted(similar["from_soc"].unique()))
    score = np.zeros((len(listed), len(listed)))
    score[listed.get_indexer(similar["from_soc"]), listed.get_indexer(similar["to_soc"])] = similar[
        "score"
    ].round(6)
    # Codes that BLS publishes for several occupations stand beside their parts: not counted.
    single = np.isin(listed, codes)
    to_all = _spread(codes, listed[single].to_numpy())
    likeness = to_all @ score[np.ix_(single, single)] @ to_all.T
    profiles = {}
    for name, domain in (("context", "work_context"), ("skills", "skills"),
                         ("knowledge", "knowledge"), ("abilities", "abilities")):  # fmt: skip
        part = importance(tables, domain)
        profiles[name] = _cosines(part, "element_id", codes, "value")
    dwas = tables["task_dwas"]
    iwa = dwas["dwa_id"].str.rsplit(".", n=1).str[0]
    profiles["activities"] = _cosines(dwas.assign(iwa=iwa), "iwa", codes)
    return likeness, profiles


def _cosines(
    frame: pd.DataFrame, column: str, codes: np.ndarray, value: str | None = None
) -> np.ndarray:
    """Cosines over the values of `column`, by occupation, shape (n, n): of standardized means of
    `value`, or of log counts weighted by inverse document frequency."""
    soc = frame["onet_soc_code"].str[:7]
    kept = soc.isin(set(codes))
    row, described = pd.factorize(soc[kept], sort=True)
    place, names = pd.factorize(frame.loc[kept, column], sort=True)
    if not len(described):
        return np.zeros((len(codes), len(codes)))
    size = len(described) * len(names)
    flat = row * len(names) + place
    count = np.bincount(flat, minlength=size).astype(float).reshape(len(described), -1)
    if value is None:
        weight = np.log((1 + len(described)) / (1 + (count > 0).sum(0)))
        x = np.log1p(count) * weight
    else:
        total = np.bincount(flat, weights=frame.loc[kept, value].to_numpy(float), minlength=size)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = total.reshape(count.shape) / count
        spread = np.nanstd(mean, axis=0)
        x = (mean - np.nanmean(mean, axis=0)) / np.where(spread > 0, spread, 1)
    found = cosine(x)
    known = found[~np.isnan(found)]
    # Who is not rated is as alike as the mean of all; where nobody is, nothing is told apart.
    mean_of_all = float(known.mean()) if known.size else 0.0
    to_all = _spread(codes, np.asarray(described))
    return to_all @ np.nan_to_num(found, nan=mean_of_all) @ to_all.T
