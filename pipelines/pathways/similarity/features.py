"""What is known about a pair of occupations: similarities, ranks both ways, group and level.

Works at SOC level (six digits): the O*NET codes of one SOC code are averaged. Where BLS
publishes several SOC codes only together, the combined code is an occupation here too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.market.oews import national
from pipelines.market.outlook import latest_projections
from pipelines.market.published import published_as
from pipelines.occupations.elements import importance
from pipelines.pathways.schooling.education import EDUCATION_LEVELS
from pipelines.pathways.similarity.profiles import (
    cosine,
    fuse,
    ranks,
    ranks_back,
    shared_neighbors,
)
from pipelines.pathways.similarity.wording import require_wording, wording_similarities

#: Candidates a ranker looks at, per origin, chosen by rank fusion.
N_CANDIDATES = 150
_FUSED = (
    "dwa",
    "iwa",
    "alternate_titles",
    "title_words",
    "related",
    "related_shared",
    "knowledge",
    "skills",
    "technology",
)
#: Similarities whose fusion says which occupations are neighbors.
_NEIGHBOR_FEATURES = (
    *_FUSED,
    "work_context",
    "work_activities",
    "task_meaning",
    "task_words",
    "definition_meaning",
    "definition_words",
    "title_meaning",
)


@dataclass(frozen=True)
class PairFeatures:
    """Features of the candidate pairs.

    Attributes
    ----------
    codes : ndarray of str, shape (n,)
        SOC codes.
    candidates : ndarray of int, shape (n, k)
        Positions of the candidate destinations of each origin.
    names : tuple of str
        Feature names.
    values : ndarray of float32, shape (n, k, f)
        Features; NaN where a source says nothing about one of the two.
    """

    codes: np.ndarray
    candidates: np.ndarray
    names: tuple[str, ...]
    values: np.ndarray


def members(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """O*NET codes that make up each occupation: columns ``onet_soc_code``, ``soc_code``.

    A National Employment Matrix code that joins several SOC codes is added beside them.
    """
    codes = tables["occupations"][["onet_soc_code", "soc_code"]]
    if "onet_soc_to_soc" not in tables:
        return codes
    walk = tables["onet_soc_to_soc"][["onet_soc_code", "nem_code"]]
    joined = walk[
        ~walk["nem_code"].isin(codes["soc_code"])
        & walk["onet_soc_code"].isin(codes["onet_soc_code"])
    ]
    extra = joined.rename(columns={"nem_code": "soc_code"}).drop_duplicates()
    return pd.concat([codes, extra], ignore_index=True)


class _Builder:
    """Similarity matrices of one set of tables, over the same list of codes."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self.tables, self.members = tables, members(tables)
        described = (
            set(tables["elements"]["onet_soc_code"])
            | set(tables["task_dwas"]["onet_soc_code"])
            | set(tables["related_occupations"]["onet_soc_code"])
        )
        own = self.members[self.members["onet_soc_code"].isin(described)]
        self.codes = np.array(sorted(own["soc_code"].unique()), dtype=object)
        self.n = len(self.codes)
        position = pd.Series(range(self.n), index=self.codes)
        own = own.assign(row=own["soc_code"].map(position).astype(int))
        self.rows = own[["onet_soc_code", "row"]]

    def _table(self, frame: pd.DataFrame, column: str, value: str | None = None) -> np.ndarray:
        """Rows by occupation, columns by the values of `column`: counts, or means of `value`."""
        part = frame[["onet_soc_code", column] + ([value] if value else [])].merge(
            self.rows, on="onet_soc_code"
        )
        code, names = pd.factorize(part[column], sort=True)
        flat = part["row"].to_numpy() * len(names) + code
        size = self.n * len(names)
        count = np.bincount(flat, minlength=size).astype(float)
        if value is None:
            return count.reshape(self.n, -1)
        total = np.bincount(flat, weights=part[value].to_numpy(float), minlength=size)
        with np.errstate(invalid="ignore", divide="ignore"):
            return (total / count).reshape(self.n, -1)

    def profile(self, frame: pd.DataFrame, centre: bool = False) -> np.ndarray:
        """Cosine of standardized element profiles; `centre` compares shapes, not heights."""
        x = self._table(frame, "element_id", "value")
        known = ~np.isnan(x)
        size = np.maximum(known.sum(0), 1)
        mean = np.nansum(x, 0) / size
        spread = np.sqrt(np.nansum((x - mean) ** 2, 0) / size)
        x = (x - mean) / np.where(spread > 0, spread, 1)
        if centre:
            x = x - (np.nansum(x, 1) / np.maximum(known.sum(1), 1))[:, None]
        return cosine(x)

    def bag(self, frame: pd.DataFrame, column: str) -> np.ndarray:
        """Cosine of log counts weighted by inverse document frequency."""
        count = np.log1p(self._table(frame, column))
        return cosine(count * np.log((1 + self.n) / (1 + (count > 0).sum(0))))

    def titles(self) -> dict[str, np.ndarray]:
        from sklearn.feature_extraction.text import TfidfVectorizer

        main = self.tables["occupations"][["onet_soc_code", "title"]]
        other = self.tables["alternate_titles"][["onet_soc_code", "title"]]
        out = {}
        for name, frame, options in (
            ("alternate_titles", pd.concat([main, other]), {"stop_words": "english", "min_df": 2}),
            ("title_words", main, {"analyzer": "char_wb", "ngram_range": (3, 5)}),
        ):
            part = frame.merge(self.rows, on="onet_soc_code").dropna()
            text = part.groupby("row")["title"].agg(" . ".join).reindex(range(self.n)).fillna("")
            x = TfidfVectorizer(sublinear_tf=True, **options).fit_transform(text)
            out[name] = (x @ x.T).toarray()
        last = other["title"].str.lower().str.replace(r"\(.*\)", "", regex=True).str.split().str[-1]
        out["title_head"] = self.bag(other.assign(head=last).dropna(subset=["head"]), "head")
        return out

    def related(self) -> dict[str, np.ndarray]:
        rows = self.tables["related_occupations"]
        part = rows.merge(self.rows, on="onet_soc_code").merge(
            self.rows.rename(columns={"onet_soc_code": "related_onet_soc_code", "row": "to"}),
            on="related_onet_soc_code",
        )
        direct = np.zeros((self.n, self.n))
        np.maximum.at(direct, (part["row"], part["to"]), 1 / (part["rank"].to_numpy() + 4))
        np.fill_diagonal(direct, 0)
        step = direct / np.maximum(direct.sum(1, keepdims=True), 1e-9)
        near = direct + np.eye(self.n) / 4
        return {
            "related": direct,
            "related_shared": cosine(near),
            "related_shared_from": cosine(near.T),
            "related_two_steps": step @ step,
        }

    def matrices(self) -> dict[str, np.ndarray]:
        """All similarity matrices by name, each (n, n), NaN where a source is silent."""
        t = self.tables
        out = {}
        for domain in ("skills", "knowledge", "work_styles"):
            part = importance(t, domain)
            out[domain] = self.profile(part, centre=True)
            if domain != "work_styles":
                levels = t["elements"][t["elements"]["domain"] == domain]
                out[f"{domain}_height"] = self.profile(part)
                out[f"{domain}_level"] = self.profile(levels[levels["scale_id"] == "LV"])
        for domain in ("work_activities", "work_context", "abilities"):
            out[domain] = self.profile(importance(t, domain))
        # The id of a detailed work activity spells the activities above it.
        dwa = t["task_dwas"]
        ids = pd.Series(dwa["dwa_id"].unique())
        iwa = ids.str.rsplit(".", n=1).str[0]
        gwa = iwa.str.rsplit(".", n=1).str[0]
        dwa = dwa.assign(
            iwa=dwa["dwa_id"].map(dict(zip(ids, iwa, strict=True))),
            gwa=dwa["dwa_id"].map(dict(zip(ids, gwa, strict=True))),
        )
        for name, column in (("dwa", "dwa_id"), ("iwa", "iwa"), ("gwa", "gwa")):
            out[name] = self.bag(dwa, column)
        out["technology"] = self.bag(t["technology_skills"], "commodity_code")
        out["technology_names"] = self.bag(t["technology_skills"], "example")
        out |= self.titles() | self.related() | wording_similarities(t, self.rows, self.n)
        required = t["education_training"][t["education_training"]["scale_id"] == "RL"]
        share = self._table(required, "category", "percent")
        below = np.cumsum(np.nan_to_num(share), axis=1)
        below[np.isnan(share).all(1)] = np.nan
        distance = np.zeros((self.n, self.n))
        for column in below.T:  # mean number of categories between the two distributions
            distance += np.abs(column[:, None] - column[None]) / 100
        out["required_education"] = -distance
        # An occupation and the combined code it is part of are one occupation, not similar ones.
        links = self.rows.merge(self.rows, on="onet_soc_code")
        same = np.zeros((self.n, self.n), dtype=bool)
        joint = links[links["row_x"] != links["row_y"]]
        same[joint["row_x"], joint["row_y"]] = True
        self.same = same
        return out

    def levels(self) -> dict[str, np.ndarray]:
        """Numbers of each occupation whose difference describes a step."""
        t = self.tables
        zone = self._table(t["job_zones"].assign(all=0), "all", "job_zone")[:, 0]
        latest = latest_projections(t["projections"])
        wage = national_wages(t["wages"])
        code = published_as(t).reindex(self.codes)
        median = wage["annual_median_wage"].reindex(code).to_numpy(float)
        education = (
            latest["typical_education"]
            .map({k: i for i, k in enumerate(EDUCATION_LEVELS)})
            .reindex(published_as(t, "projections").reindex(self.codes))
            .to_numpy(float)
        )
        jobs = wage["employment"].reindex(code).to_numpy(float)
        with np.errstate(divide="ignore", invalid="ignore"):
            return {
                "job_zone": zone,
                "education": education,
                "log_wage": np.log(median),
                "log_employment": np.log(jobs),
            }


def national_wages(wages: pd.DataFrame) -> pd.DataFrame:
    """The newest national OEWS rows of detailed occupations, index ``soc_code``."""
    # Found by four columns, so that the many others are copied for the rows of one year alone.
    rows = national(wages[["area_code", "occupation_group", "soc_vintage", "year"]])
    years = rows.loc[rows["soc_vintage"] == "2018", "year"]
    newest = wages.loc[years.index[years == years.max()]]
    return newest.drop_duplicates("soc_code").set_index("soc_code")


def pair_features(tables: Mapping[str, pd.DataFrame]) -> PairFeatures:
    """Features of the candidate pairs of all occupations that have data.

    Parameters
    ----------
    tables : Mapping[str, DataFrame]
        Tables of a release; the embedded snapshot lacks the texts.

    Raises
    ------
    UsageError
        Definitions or task statements are missing.
    """
    require_wording(tables)
    build = _Builder(tables)
    n = build.n
    matrices = build.matrices()
    rank = {name: ranks(m) for name, m in matrices.items()}
    back = {name: ranks_back(m, rank[name]) for name, m in matrices.items()}
    fused = fuse(rank, back, _FUSED)
    near = fuse(rank, back, _NEIGHBOR_FEATURES)
    np.fill_diagonal(near, 0)
    near[build.same] = 0
    for name, matrix in shared_neighbors(near).items():
        matrices[name], rank[name] = matrix, ranks(matrix)
        back[name] = rank[name].T
    np.fill_diagonal(fused, -1)
    fused[build.same] = -1
    candidates = np.argsort(-fused, axis=1, kind="stable")[:, : min(N_CANDIDATES, n - 1)]
    names, values = [], []

    def take(name: str, matrix: np.ndarray) -> None:
        names.append(name)
        values.append(np.take_along_axis(np.asarray(matrix, np.float32), candidates, axis=1))

    for name, matrix in matrices.items():
        take(name, matrix)
        take(f"{name} rank", np.log1p(rank[name]))
        take(f"{name} rank back", np.log1p(back[name]))
    levels = build.levels()
    for name, level in levels.items():
        if name == "log_employment":
            take("log_employment", np.broadcast_to(level[None], (n, n)))
            continue
        step = level[None] - level[:, None]
        take(f"{name} step", step)
        take(f"{name} distance", np.abs(step))
    take(
        "same group",
        sum(
            (
                np.array([c[:k] for c in build.codes])[:, None]
                == np.array([c[:k] for c in build.codes])[None]
            ).astype(np.float32)
            for k in (2, 4, 6)
        ),
    )
    return PairFeatures(build.codes, candidates, tuple(names), np.stack(values, axis=-1))
