"""Moves from one occupation to another: what is known of each, ready to be searched.

`judgment` says how a move is judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from pipelines.base.errors import UsageError
from pipelines.exposure.scorer.automation import COLUMNS
from pipelines.market.outlook import latest_projections
from pipelines.market.published import published_as, published_together
from pipelines.pathways.routes.judgment import benefit, schooling_term, start_level, step_fit
from pipelines.pathways.routes.rules import open_steps, residual
from pipelines.pathways.schooling.costs import tuition_matrix
from pipelines.pathways.schooling.credentials import (
    advancement_note,
    helping_credentials,
    licence,
    own_entry_level,
    shorter_way,
)
from pipelines.pathways.schooling.education import (
    EDUCATION_LEVELS,
    NOTES,
    education_summary,
    education_views,
    required_education,
    with_article,
    years_matrix,
)
from pipelines.pathways.schooling.fields import FIRST_LEVEL, families, shared
from pipelines.pathways.schooling.training import training_years
from pipelines.pathways.similarity.features import national_wages
from pipelines.pathways.similarity.similarity import similarity

#: The tables of a release that `pathway_data` reads.
REQUIRED_TABLES = (
    "occupations", "elements", "elements_2010", "task_dwas", "technology_skills",
    "alternate_titles", "related_occupations", "job_zones", "education_training", "projections",
    "wages", "onet_walk_2010_2019", "onet_soc_to_soc", "education_attainment",
)  # fmt: skip
#: The most similar occupations that a step may lead to.
N_SIMILAR = 30
#: What the survey of people who changed occupation says of a step; see `moves.observed`.
OBSERVED_COLUMNS = ["observed_share", "observed_low", "observed_high", "observed_status"]
#: Said of a destination that is no single step from the origin.
BY_OTHERS = "by way of others"
#: What `PathwayData.read_of_ends` holds, and its numbers.
_OF_ENDS = [
    "title", "typical_education", "employment_change_percent", "work_experience",
    "exposure_low", "exposure_high", "job_training", "education_note",
]  # fmt: skip
_NUMBERS_OF_ENDS = {"exposure_low": float, "exposure_high": float}
#: BLS's category of work experience -> years counted.
EXPERIENCE_YEARS = {"None": 0.0, "Less than 5 years": 2.0, "5 years or more": 5.0}


class Steps(NamedTuple):
    """The steps to the `N_SIMILAR`; each a contiguous array, shape (n, N_SIMILAR).

    Attributes
    ----------
    to, score : ndarray
        As in `PathwayData`.
    open, fit, stays, own_field : ndarray
        `PathwayData.edges`, `PathwayData.stays`, `PathwayData.own_field`.
    asked, lower : ndarray of int
        ``level`` and `PathwayData.shorter_level` of the occupation stepped to.
    """

    to: np.ndarray
    open: np.ndarray
    fit: np.ndarray
    stays: np.ndarray
    own_field: np.ndarray
    score: np.ndarray
    asked: np.ndarray
    lower: np.ndarray


@dataclass(frozen=True)
class PathwayData:
    """Everything a path query needs, built once by `pathway_data`.

    Attributes
    ----------
    table : DataFrame
        One row per occupation, index ``soc_code``.
    to, score : ndarray, shape (n, k)
        Positions of the occupations that a step may lead to (`candidates`), or of the k most
        similar ones, and how similar they are; -1 where there are fewer.
    zone, level, wage, exposure, openings, experience_years : ndarray, shape (n,)
        Columns of `table` as numbers; NaN where missing. ``level`` is a position in LEVELS (of
        ``entry_education``), -1 where none is known.
    years, tuition : ndarray, shape (2, 8, 8)
        Usual years and dollars from one level to another; first for any field, then where the
        schooling held is of another field than the destination asks for (see `own_field`).
    training : ndarray, shape (3, n), optional
        Years of training after hiring, low, usual and high (see `schooling.training`); 0 without.
    same_study : ndarray of bool, shape (n, n), optional
        Whether a family of programs leads to both (`schooling.fields`); all are without.
    chance, in_field : ndarray, shape (n, k), optional
        Of the step to each of `to`: the chance that who leaves takes it (`moves.model`), and
        whether it stays in the field (`rules.one_field`); 1 and all without.
    observed : DataFrame, optional
        How common each step was: index from_soc and to_soc, columns `OBSERVED_COLUMNS`.
    shorter : ndarray of int, shape (n,), optional
        A lower level that opens the occupation too (`credentials.shorter_way`), -1 where there is
        none: a second way in, with schooling, time and cost of its own. Without it there is none.
    """

    table: pd.DataFrame
    to: np.ndarray
    score: np.ndarray
    zone: np.ndarray
    level: np.ndarray
    wage: np.ndarray
    exposure: np.ndarray
    openings: np.ndarray
    experience_years: np.ndarray
    years: np.ndarray
    tuition: np.ndarray
    training: np.ndarray | None = None
    same_study: np.ndarray | None = None
    chance: np.ndarray | None = None
    in_field: np.ndarray | None = None
    observed: pd.DataFrame | None = None
    shorter: np.ndarray | None = None

    def position(self, soc_code: str) -> int:
        """Row of a SOC code; an O*NET-SOC code stands for its SOC code."""
        found = self._at.get(str(soc_code)[:7])
        if found is None:
            raise UsageError(
                str(soc_code),
                "there are no data to compare this occupation by (military and "
                "some 'all other' occupations have none)",
                "Give another, such as 29-2072",
            )
        return found

    @cached_property
    def _at(self) -> dict[str, int]:
        return {code: at for at, code in enumerate(self.table.index)}

    @cached_property
    def licence_field(self) -> np.ndarray:
        """A number for the field of each license; 0 where none is curated.

        Its name up to who gives it: a radiologic technologist who moves to magnetic resonance
        stays in the field.
        """
        if "licence" not in self.table:
            return np.zeros(len(self.table), dtype=int)
        names = self.table["licence"].fillna("").str.split(r" \(| that ", regex=True).str[0]
        return np.where(names == "", 0, 1 + pd.factorize(names)[0])

    @cached_property
    def joint(self) -> np.ndarray:
        """Codes that BLS publishes for several occupations, whose parts stand beside them."""
        return self.table.index.str.endswith("0").astype(bool) & np.isnan(self.zone)

    @cached_property
    def wage_code(self) -> pd.Series:
        """The code under which BLS publishes each occupation's wage; missing where it does not."""
        return self.table.get("wage_code", self.table.index.to_series())

    @cached_property
    def _wage_number(self) -> np.ndarray:
        return pd.factorize(self.wage_code)[0]

    @cached_property
    def read_of_ends(self) -> dict[str, Any]:
        """Columns of `table` that a search reads of each destination, ready to be taken from."""
        found = self.table.reindex(columns=_OF_ENDS)
        return {name: column.array for name, column in found.astype(_NUMBERS_OF_ENDS).items()}

    @cached_property
    def _observed_at(self) -> dict[tuple[str, str], int]:
        return {} if self.observed is None else dict(zip(self.observed.index, count()))

    @cached_property
    def _observed_rows(self) -> tuple[np.ndarray, list[Any]]:
        """Numbers and status of `observed`; the last row is that of a step not in it."""
        seen = pd.DataFrame(columns=OBSERVED_COLUMNS) if self.observed is None else self.observed
        numbers = seen[OBSERVED_COLUMNS[:3]].to_numpy(float)
        status = seen["observed_status"].astype("object").fillna(BY_OTHERS).tolist()
        return np.vstack([numbers, np.full((1, 3), np.nan)]), [*status, BY_OTHERS]

    def observed_of(self, start: str, to: Iterable[str]) -> tuple[np.ndarray, list[str]]:
        """How common the steps from one occupation were: share, low and high, and the status.

        A destination that is reached by way of others only is no step of the survey's.
        """
        numbers, status = self._observed_rows
        at = [self._observed_at.get((start, end), -1) for end in to]
        return numbers[at], [status[i] for i in at]

    def wage_shared(self, origin: np.ndarray | int, to: np.ndarray | int) -> np.ndarray:
        """Whether BLS publishes one wage for both ends: what the move pays is then not known."""
        code = self._wage_number
        return (code[to] == code[origin]) & (code[to] >= 0) & (np.asarray(to) != origin)

    def wage_change(self, origin: np.ndarray | int, to: np.ndarray | int) -> np.ndarray:
        """Change of the median wage, dollars per year; missing where both share one wage."""
        change = self.wage[to] - self.wage[origin]
        return np.where(self.wage_shared(origin, to), np.nan, change)

    @cached_property
    def residual(self) -> np.ndarray:
        """Whether an occupation is a residual, such as "All Other"."""
        return residual(self.table["title"])

    @cached_property
    def automation(self) -> np.ndarray:
        """Automation score of each occupation, 0 to 1; missing where it has no tasks."""
        return self.table["automation_score"].to_numpy(float)

    @cached_property
    def median_exposure(self) -> float:
        """Of all occupations of which it is known."""
        return float(np.nanmedian(self.exposure)) if (~np.isnan(self.exposure)).any() else np.nan

    @cached_property
    def more_than_most(self) -> np.ndarray:
        """Whether an occupation is clearly more exposed than most: its 90% interval lies above the
        median of all. Where the interval is not known, nothing is clear."""
        with np.errstate(invalid="ignore"):
            return self.table["exposure_low"].to_numpy(float) > self.median_exposure

    @property
    def training_years(self) -> np.ndarray:
        """Usual years of training after hiring; missing where not known."""
        return np.zeros(len(self.table)) if self.training is None else self.training[1]

    def own_field(self, origin: np.ndarray, to: np.ndarray) -> np.ndarray:
        """1 where schooling held counts as general education only, 0 elsewhere.

        That is where the destination has a license that the origin has not, and where it asks for
        an award or degree and no family of programs leads to both: a degree in another field does
        not shorten its program by more than the general schooling. What was studied is taken to be
        of the origin's field.
        """
        licence = self.licence_field
        other = (licence[to] > 0) & (licence[to] != licence[origin])
        if self.same_study is not None:
            asks = (self.level[to] >= FIRST_LEVEL) & self.same_study[to, to]
            one_licence = (licence[to] > 0) & (licence[to] == licence[origin])
            other |= asks & ~self.same_study[origin, to] & ~one_licence
        return other.astype(int)

    def studied_alike(self, origin: int, to: np.ndarray) -> np.ndarray:
        """Whether a family of programs leads to both ends of a route."""
        if self.same_study is None:
            return np.ones(np.shape(to), bool)
        return self.same_study[origin, to]

    @cached_property
    def shorter_level(self) -> np.ndarray:
        """`shorter`, -1 everywhere without it."""
        return np.full(len(self.table), -1) if self.shorter is None else self.shorter

    @cached_property
    def stays(self) -> np.ndarray:
        """Whether the steps to the `N_SIMILAR` stay in the field, shape (n, N_SIMILAR)."""
        shape = self.to[:, :N_SIMILAR].shape
        return np.ones(shape, bool) if self.in_field is None else self.in_field[:, :N_SIMILAR]

    @cached_property
    def edges(self) -> tuple[np.ndarray, np.ndarray]:
        """Which steps to the `N_SIMILAR` are ways up, and their `step_fit`; shape (n, N_SIMILAR).

        `rules.open_steps` says which are open.
        """
        to, score = self.to[:, :N_SIMILAR], self.score[:, :N_SIMILAR]
        chance = None if self.chance is None else self.chance[:, :N_SIMILAR]
        return open_steps(self, to), step_fit(score, chance)

    @cached_property
    def steps(self) -> Steps:
        """All that a search of routes asks of a step, as tables that are read by one index."""
        to = self.to[:, :N_SIMILAR]
        own = self.own_field(np.arange(len(to))[:, None], to)
        tables = (to, *self.edges, self.stays, own, self.score[:, :N_SIMILAR],
                  self.level[to], self.shorter_level[to])  # fmt: skip
        return Steps(*(np.ascontiguousarray(table) for table in tables))


def titles_of(
    codes: np.ndarray, tables: Mapping[str, pd.DataFrame], by_nem: np.ndarray | None = None
) -> pd.Series:
    """Title of each SOC code: O*NET's, else that of the code BLS publishes projections under
    (`by_nem`, if at hand)."""
    latest = latest_projections(tables["projections"])
    if by_nem is None:
        by_nem = published_as(tables, "projections").reindex(codes).to_numpy()
    own = tables["occupations"].sort_values("onet_soc_code").drop_duplicates("soc_code")
    projected = pd.Series(latest["title"].reindex(by_nem).to_numpy(), index=codes)
    found = pd.Series(codes, index=codes).map(own.set_index("soc_code")["title"])
    return found.fillna(projected)


def pathway_data(
    tables: Mapping[str, pd.DataFrame],
    occupation_exposure: pd.DataFrame | None = None,
    similar: pd.DataFrame | None = None,
    price: Mapping | None = None,
    steps: pd.DataFrame | None = None,
) -> PathwayData:
    """Prepare path queries.

    Parameters
    ----------
    tables : Mapping[str, DataFrame]
        The `REQUIRED_TABLES` of a release.
    occupation_exposure : DataFrame, optional
        ``soc_code``, ``exposure``, and if known ``exposure_low``, ``exposure_high`` and
        ``automation_score``; O*NET-SOC codes in ``onet_soc_code`` are averaged.
    similar : DataFrame, optional
        Result of `similarity`, if at hand.
    price : Mapping, optional
        Tuition, see `costs.prices`.
    steps : DataFrame, optional
        Table ``route_steps``; without it a step may lead to the most similar occupations.
    """
    similar = similarity(tables) if similar is None else similar
    codes = np.array(sorted(similar["from_soc"].unique()), dtype=object)
    position = {c: i for i, c in enumerate(codes)}
    table = pd.DataFrame(index=pd.Index(codes, name="soc_code", dtype="str"))
    latest, wages = latest_projections(tables["projections"]), national_wages(tables["wages"])
    by_nem = published_as(tables, "projections").reindex(codes).to_numpy()
    by_wage = published_as(tables).reindex(codes).to_numpy()
    table["title"] = titles_of(codes, tables, by_nem)
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
    table["entry_education"] = entry_education(table["typical_education"], by_nem)
    table["education_note"] = education_notes(table, by_nem)
    for column in (
        "annual_median_wage",
        "annual_p10_wage",
        "annual_p25_wage",
        "annual_p75_wage",
        "annual_p90_wage",
        "employment",
    ):
        table[column] = wages[column].reindex(by_wage).to_numpy()
    # The codes that BLS publishes projections and wages under.
    table["figures_code"], table["wage_code"] = by_nem, by_wage
    table["published_title"] = wages["title"].reindex(by_wage).to_numpy()
    said = published_together(tables)
    table["published_together"] = [said.get(code, "") for code in table["wage_code"]]
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
        "attainment_exact",
    ):
        source = codes if column.startswith("onet") else by_nem
        table[column] = summary[column].reindex(source).to_numpy()
    table = table.join(education_views(table))
    for column in ("exposure", "exposure_low", "exposure_high", *COLUMNS):
        table[column] = _exposure(occupation_exposure, column).reindex(codes).to_numpy(float)
    table["licence"] = [licence(c) for c in codes]
    pairs = similar.rename(columns={"score": "similarity"}) if steps is None else steps
    shape = (len(codes), int(pairs["rank"].max()) if len(pairs) else 1)
    to, score = np.full(shape, -1), np.zeros(shape)
    row, column = pairs["from_soc"].map(position), pairs["rank"].to_numpy() - 1
    to[row, column] = pairs["to_soc"].map(position)
    # Six digits, as the contract says: a release and the snapshot made of it rank alike.
    score[row, column] = pairs["similarity"].astype("float64").round(6)
    leads = families(tables, codes)
    chance = in_field = None
    if steps is not None:
        chance, in_field = np.zeros(shape), np.zeros(shape, dtype=bool)
        chance[row, column] = steps["chance"].astype("float64")
        in_field[row, column] = steps["in_field"].astype(bool)
    return PathwayData(
        table,
        to,
        score,
        table["job_zone"].to_numpy(float),
        _positions(table["entry_education"]),
        table["annual_median_wage"].to_numpy(float),
        table["exposure"].to_numpy(float),
        table["annual_openings"].to_numpy(float),
        # What BLS does not say is not known, and not "none": no step leads there.
        table["work_experience"].map(EXPERIENCE_YEARS).to_numpy(float),
        years_matrix(),
        tuition_matrix(price),
        training_years(table["job_training"]),
        shared(leads),
        chance,
        in_field,
        None if steps is None else steps.set_index(["from_soc", "to_soc"])[OBSERVED_COLUMNS],
        _positions(pd.Series([shorter_way(*pair) for pair in table["entry_education"].items()])),
    )


def _positions(levels: pd.Series) -> np.ndarray:
    """Positions in `EDUCATION_LEVELS`; -1 for what is no level."""
    place = {name: i for i, name in enumerate(EDUCATION_LEVELS)}
    return levels.map(place).fillna(-1).to_numpy().astype(int)


def entry_education(typical: pd.Series, published: np.ndarray) -> pd.Series:
    """The level of education that opens each occupation: BLS's typical one where it is its own.

    Where BLS publishes one level for several occupations, the level that the occupation's own
    license or certification asks for stands in its place, where that is curated.

    Parameters
    ----------
    typical : Series
        BLS's level, by SOC code.
    published : ndarray
        Under which code BLS publishes it.
    """
    own = [
        own_entry_level(c) if c != p else "" for c, p in zip(typical.index, published, strict=True)
    ]
    own = pd.Series(own, index=typical.index, dtype="object")
    return typical.where(typical.isna() | (own == ""), own)


def education_notes(table: pd.DataFrame, published: np.ndarray) -> list[str]:
    """What must be said of each level in ``entry_education``; "" where it is BLS's own and all.

    Parameters
    ----------
    table : DataFrame
        Index soc_code; ``typical_education``, ``entry_education``.
    published : ndarray
        Under which code BLS publishes ``typical_education``.
    """
    notes = []
    levels = (table[name] for name in ("typical_education", "entry_education"))
    rows = zip(table.index, *levels, published, strict=True)
    for code, typical, entry, under in rows:
        if code == under or pd.isna(typical):
            less = shorter_way(code, str(typical))
            notes.append(NOTES[0].format(level=with_article(less)) if less else "")
        elif typical == entry:
            notes.append(NOTES[2])
        else:
            notes.append(NOTES[1].format(level=with_article(typical)))
    return notes


def _exposure(frame: pd.DataFrame | None, column: str) -> pd.Series:
    # The mean of the ends is an end wide enough however the errors of the parts hang together.
    if frame is None or column not in frame:
        return pd.Series(dtype=float)
    code = frame["soc_code"] if "soc_code" in frame else frame["onet_soc_code"].str[:7]
    return frame[column].groupby(code.to_numpy()).mean()


def moves(
    data: PathwayData, origin_soc: str, education: str | None = None, n: int | None = 20
) -> pd.DataFrame:
    """Single moves from an occupation, the most feasible without schooling first, with terms.

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
        (dollars per year), 10th and 90th percentile wages, ``annual_openings`` (thousands),
        ``employment_change_percent``, ``exposure``, ``exposure_change``, ``feasibility`` (missing
        where BLS gives no level), ``benefit`` (formulas: `judgment`), ``credentials``,
        ``licence``, ``note``, ``published_code`` (of the wage; ``wage_gain`` is missing where the
        origin has the same).
    """
    i = data.position(origin_soc)
    held = start_level(data, i, education)
    keep = data.to[i] >= 0
    to, score = data.to[i][keep][:n], data.score[i][keep][:n]
    from_ = np.full(len(to), i)
    level = data.level[to]
    field = data.own_field(from_, to)
    years = np.where(level >= 0, data.years[field, held, np.maximum(level, 0)], np.nan)
    out = data.table.iloc[to].reset_index().rename(columns={"soc_code": "to_soc"})
    origin = data.table.index[i]
    out.insert(0, "rank", np.arange(1, len(to) + 1))
    out.insert(1, "from_soc", origin)
    out["similarity"] = score
    out["job_zone_step"] = data.zone[to] - data.zone[i]
    out["years_education"] = years
    out["wage_gain"] = data.wage_change(i, to)
    out["published_code"] = data.wage_code.iloc[to].to_numpy()
    out["exposure_change"] = data.exposure[to] - data.exposure[i]
    chance = None if data.chance is None else data.chance[i][keep][:n]
    out["feasibility"] = step_fit(score, chance) * schooling_term(years)
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
            "published_code",
        ]
    ]
