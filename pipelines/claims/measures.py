"""The measures that the article's claims are held against, each over all occupations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from pipelines.base.percentiles import standing
from pipelines.market import bridge, oews
from pipelines.market.outlook import latest_projections
from pipelines.market.published import published_as
from pipelines.occupations.technicians import technicians
from pipelines.pathways.schooling.education import EDUCATION_LEVELS
from pipelines.pathways.skills.ratings import MIN_STANDARD_ERROR

#: Scales of means of O*NET elements, and what a value on them says.
SCALES = {
    "IM": "importance, 1 to 5", "CX": "context, 1 to 5", "CT": "context, 1 to 3",
    "WI": "impact, -3 to 3",
}  # fmt: skip
#: Marks, in a source, a code of the classification that O*NET 18 used.
OLD_CODES = "of O*NET-SOC 2010"


@dataclass(frozen=True)
class Pool:
    """Occupations that one source measures alike: what a percentile is among.

    Attributes
    ----------
    values : Series
        Without missing values; index: codes of the classification in which the source counts.
    codes : Series
        Those codes by O*NET-SOC 2019 code; occupations without a value are absent.
    technicians : frozenset of str
        The technician occupations in that classification.
    unit : str
        Of the values.
    source : callable
        Code in the pool -> source with its release.
    errors : Series, optional
        Standard errors of the values, missing where the source publishes none.
    """

    values: pd.Series
    codes: pd.Series
    technicians: frozenset[str]
    unit: str
    source: Callable[[str], str]
    errors: pd.Series | None = None

    @cached_property
    def standings(self) -> pd.Series:
        """`standing` of every occupation of the pool."""
        return standing(self.values)

    @cached_property
    def most_equal(self) -> tuple[float, float]:
        """Percent of the occupations that have the most frequent value, and that value."""
        counts = self.values.value_counts(normalize=True)
        return 100 * float(counts.iloc[0]), float(counts.index[0])

    @cached_property
    def peers(self) -> Pool:
        """The technicians of the pool."""
        return self.among(self.technicians)

    def among(self, codes: frozenset[str]) -> Pool:
        """The part of the pool that has these codes."""
        kept = [code in codes for code in self.values.index]
        errors = None if self.errors is None else self.errors[kept]
        return replace(self, values=self.values[kept], errors=errors)


@dataclass(frozen=True)
class Measure:
    """What stands for a claim: its name, its pools, and what to say where none has a value.

    An occupation stands in the first pool that has it: the newest edition of O*NET that rates it.
    """

    name: str
    pools: tuple[Pool, ...]
    missing: str

    def pool(self, onet_soc_code: str) -> Pool | None:
        """The pool that has the occupation; None where no one measured it."""
        return next((pool for pool in self.pools if onet_soc_code in pool.codes.index), None)


class Measures:
    """Every measure that a claim may name.

    Parameters
    ----------
    tables : Mapping[str, DataFrame]
        Tables of a release or of the snapshot.
    names : Mapping[str, str]
        Id of an O*NET element or activity -> its name here.
    releases : Mapping[str, str]
        Dataset id -> release, for the sources.
    """

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame],
        names: Mapping[str, str],
        releases: Mapping[str, str],
    ) -> None:
        self.tables, self.names, self.releases = tables, names, releases
        self.onet = f"O*NET {releases.get('onet', 'of the release in use')}"
        self.onet_18 = f"O*NET {releases.get('onet_18', '18')}"
        self.occupations = tables["occupations"]["onet_soc_code"].astype(object)
        self.own = frozenset(technicians(tables)["onet_soc_code"])
        self.own_soc = frozenset(bridge.technician_codes(tables))
        walk = tables["onet_walk_2010_2019"].sort_values("onet_soc_2010_code")
        self.walk = walk[["onet_soc_2010_code", "onet_soc_code"]].astype(object)
        self.own_2010 = frozenset(
            walk.loc[walk["onet_soc_code"].isin(self.own), "onet_soc_2010_code"]
        )
        self._new = self._rows("elements")
        self._old = self._rows("elements_2010")

    def _rows(self, table: str) -> dict[str, pd.DataFrame]:
        """The ratings that stand, by element."""
        rows = self.tables[table]
        rows = rows[rows["element_id"].isin(list(self.names)) & rows["scale_id"].isin(list(SCALES))]
        if "recommend_suppress" in rows:
            rows = rows[~rows["recommend_suppress"].astype(bool)]
        return dict(iter(rows.groupby("element_id")))

    def get(self, name: str) -> Measure:
        """The measure that an entry of claims.toml names.

        Raises
        ------
        KeyError
            No such measure.
        """
        if name.startswith("dwa:"):
            dwa_id = name.removeprefix("dwa:")
            return self._activity(dwa_id, self.names[dwa_id])
        made = {
            "technologies": self._technologies,
            "projected decline": self._decline,
            "education of better paid related work": self._related,
            "fall of jobs": self._fall,
            "observed exposure": self._observed,
        }
        return made[name]() if name in made else self._element(name, self.names[name])

    def _element(self, element_id: str, name: str) -> Measure:
        """An O*NET element: of the release where it rates the occupation, else of O*NET 18."""
        pools = []
        if element_id in self._new:
            rows = _by_code(self._new[element_id], "onet_soc_code")
            # Where all raters agree, O*NET publishes 0: the next panel need not.
            errors = rows["standard_error"].clip(lower=MIN_STANDARD_ERROR)
            unit = SCALES[rows["scale_id"].iloc[0]]
            codes = pd.Series(rows.index, rows.index)
            pools.append(Pool(rows["value"], codes, self.own, unit, _rated(rows, ""), errors))
        if element_id in self._old:
            rows = _by_code(self._old[element_id], "onet_soc_2010_code")
            held = self.walk[self.walk["onet_soc_2010_code"].isin(rows.index)]
            held = held.drop_duplicates("onet_soc_code").set_index("onet_soc_code")
            unit = SCALES[rows["scale_id"].iloc[0]]
            source = _rated(rows, f" {OLD_CODES}")
            codes = held["onet_soc_2010_code"]
            pools.append(Pool(rows["value"], codes, self.own_2010, unit, source))
        # A release may drop an element: what no data hold is said, not an error.
        rated_by = self.onet if element_id in self._new or not pools else self.onet_18
        return Measure(name, tuple(pools), f"{rated_by} does not rate this occupation")

    def _activity(self, dwa_id: str, name: str) -> Measure:
        tasks = self.tables["tasks"].groupby("onet_soc_code")["task_id"].nunique()
        links = self.tables["task_dwas"]
        linked = links[links["dwa_id"] == dwa_id].groupby("onet_soc_code")["task_id"].nunique()
        share = 100 * linked.reindex(tasks.index, fill_value=0) / tasks
        source = f"{self.onet}, activity {dwa_id}"
        lacking = f"{self.onet} has no tasks of this occupation"
        return self._by_occupation(name, "percent of its tasks", source, share, lacking)

    def _by_occupation(
        self, name: str, unit: str, source: str, values: pd.Series, missing: str
    ) -> Measure:
        values = values.dropna()
        codes = pd.Series(values.index, values.index)
        return Measure(name, (Pool(values, codes, self.own, unit, lambda _: source),), missing)

    def _by_soc(
        self,
        name: str,
        unit: str,
        source: str,
        values: pd.Series,
        under: pd.Series,
        missing: str,
        errors: pd.Series | None = None,
    ) -> Measure:
        """A measure by SOC code; `under` says which code an occupation is published under."""
        codes = self.occupations.str[:7].map(under).set_axis(self.occupations)
        # Totals of groups are no occupations: only codes that one is published under are compared.
        values = values[values.index.isin(codes)].dropna()
        codes = codes[codes.isin(values.index)]
        if errors is not None:
            errors = errors.reindex(values.index)

        def said(code: str) -> str:
            alone = under.get(code) == code and not (under.drop(code) == code).any()
            return source if alone else f"{source}; published together under {code}"

        return Measure(name, (Pool(values, codes, self.own_soc, unit, said, errors),), missing)

    def _technologies(self) -> Measure:
        rows = self.tables["technology_skills"]
        values = rows.groupby("onet_soc_code")["example"].nunique().astype("float64")
        source = f"O*NET {max(rows['edition'].unique(), key=_edition)}"
        missing = f"{source} lists none for this occupation"
        return self._by_occupation("Software and tools listed", "number", source, values, missing)

    def _decline(self) -> Measure:
        rows = self.tables["projections"]
        newest = rows[rows["base_year"] == rows["base_year"].max()].set_index("soc_code")
        return self._by_soc(
            "Projected decline in employment", "percent over the decade",
            f"BLS Employment Projections {self.releases.get('ep_export', 'latest')}",
            -newest["employment_change_percent"], published_as(self.tables, "projections"),
            "BLS publishes no projection of this occupation",
        )  # fmt: skip

    def _observed(self) -> Measure:
        rows = self.tables["observed_exposure"].set_index("soc_code")
        codes = self.occupations.str[:7].unique()
        return self._by_soc(
            "Observed exposure", "0 to 1", "Massenkoff and McCrory 2026", rows["observed_exposure"],
            pd.Series(codes, codes), "the study does not measure this occupation",
        )  # fmt: skip

    def _related(self) -> Measure:
        """How much more education O*NET's related occupations ask for that are better paid.

        Both by BLS: the newest national median wage and the typical education at entry.
        """
        year = oews.years(self.tables["wages"])[-1]
        wages = oews.national(self.tables["wages"])
        wage = wages[wages["year"] == year].set_index("soc_code")["annual_median_wage"]
        typical = latest_projections(self.tables["projections"])["typical_education"]
        level = typical.map({name: i for i, name in enumerate(EDUCATION_LEVELS)})
        soc = self.occupations.str[:7].set_axis(self.occupations)
        wage = soc.map(published_as(self.tables).map(wage))
        level = soc.map(published_as(self.tables, "projections").map(level))
        rows = self.tables["related_occupations"]
        own, other = rows["onet_soc_code"], rows["related_onet_soc_code"]
        better = other.map(wage) > own.map(wage)
        beyond = (other.map(level) - own.map(level))[better]
        decade = self.releases.get("ep_export", "latest")
        return self._by_occupation(
            "Education that better paid related occupations ask for beyond its own",
            "levels of BLS's eight, mean",
            f"{self.onet}, related occupations; OEWS May {year}; BLS Employment Projections "
            f"{decade}", beyond.groupby(own[better]).mean(),
            "no related occupation is better paid, as far as wages and education are published",
        )  # fmt: skip

    def _fall(self) -> Measure:
        """How far jobs fell since the first year in today's classification.

        The standard error follows from the relative ones of the two years, whose samples share no
        panel: OEWS pools three years.
        """
        start, end = oews.REFERENCE_YEAR, oews.years(self.tables["wages"])[-1]
        national = oews.national(self.tables["wages"])
        before, after = (
            national[national["year"] == y].set_index("soc_code") for y in (start, end)
        )
        left = 100 * after["employment"] / before["employment"]
        errors = left / 100 * np.hypot(before["employment_rse"], after["employment_rse"])
        return self._by_soc(
            f"Fall in employment, {start} to {end}", "percent",
            f"OEWS May {start} and May {end}", 100 - left,
            published_as(self.tables), "OEWS does not publish both years", errors,
        )  # fmt: skip


def _by_code(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    return rows.drop_duplicates(code).astype({code: object}).set_index(code)


def _rated(rows: pd.DataFrame, classification: str) -> Callable[[str], str]:
    """How a rating is cited: edition, code, part of the content model, month of the rating."""

    def source(code: str) -> str:
        row = rows.loc[code]
        domain = str(row["domain"]).replace("_", " ").title()
        date = row.get("date")
        rated = f", rated {date}" if isinstance(date, str) else ""
        return f"O*NET {row['edition']}, {code}{classification}, {domain}{rated}"

    return source


def _edition(name: str) -> list[int]:
    return [int(n) for n in name.split(".")]
