"""The measures that the article's claims are held against, each over all occupations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.exposure.published.meanings import meanings
from pipelines.market import bridge, oews
from pipelines.market import prices as market
from pipelines.market.published import published_as
from pipelines.occupations.technicians import technicians
from pipelines.pathways.routes.network import PathwayData

#: Scales of means of O*NET elements, and what a value on them says.
SCALES = {
    "IM": "importance, 1 to 5", "CX": "context, 1 to 5", "CT": "context, 1 to 3",
}  # fmt: skip
#: Unit of a measure by tasks. Most occupations have no such task, so one task stands near the top.
SHARE_OF_TASKS = "percent of its tasks"
#: Marks, in a source, a code of the classification that O*NET 18 used.
OLD_CODES = "of O*NET-SOC 2010"
#: First category of on-site training that is longer than a month (O*NET's scale PT).
_OVER_A_MONTH = 3
_OUTLOOK = "Technician Outlook, own computation"


@dataclass(frozen=True)
class Measure:
    """One measure of an occupation, and of all that it is compared with.

    Attributes
    ----------
    name, unit, source : str
        source names the release and, for O*NET 18, the code.
    code : str
        The occupation in the measure's own classification.
    values : Series
        Of every occupation that has it; index: codes of that classification.
    technicians : frozenset of str
        The technician occupations in that classification.
    remark : str
        Why there is no value, where there is none.
    shares : tuple of float, optional
        Percentile and number of occupations as published in the release, where the data in use
        hold the rows of too few occupations to count again.
    """

    name: str
    unit: str
    source: str
    code: str
    values: pd.Series
    technicians: frozenset[str] = frozenset()
    remark: str = ""
    shares: tuple[float, int] | None = None

    @property
    def value(self) -> float:
        return float(self.values.get(self.code, np.nan))


class Measures:
    """Every measure that a claim may name, of one occupation.

    Parameters
    ----------
    tables : Mapping[str, DataFrame]
        Tables of a release or of the snapshot.
    onet_soc_code : str
        O*NET-SOC 2019 code.
    exposure : DataFrame
        onet_soc_code, exposure.
    pathways : PathwayData
        For the career paths.
    releases : Mapping[str, str]
        Dataset id -> release, for the sources.
    """

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame],
        onet_soc_code: str,
        exposure: pd.DataFrame,
        pathways: PathwayData,
        releases: Mapping[str, str],
    ) -> None:
        self.tables, self.code, self.soc = tables, onet_soc_code, onet_soc_code[:7]
        self.exposure, self.pathways, self.releases = exposure, pathways, releases
        self.onet = f"O*NET {releases.get('onet', 'of the release in use')}"
        self.onet_18 = f"O*NET {releases.get('onet_18', '18')}"
        inside = technicians(tables)["onet_soc_code"]
        walk = tables["onet_walk_2010_2019"]
        self.own = frozenset(inside)
        self.own_soc = frozenset(bridge.technician_codes(tables))
        self.own_2010 = frozenset(
            walk.loc[walk["onet_soc_code"].isin(self.own), "onet_soc_2010_code"]
        )
        before = walk.loc[walk["onet_soc_code"] == onet_soc_code, "onet_soc_2010_code"]
        self.before = sorted(set(before))
        wanted = list(SCALES)
        self._new = tables["elements"][tables["elements"]["scale_id"].isin(wanted)]
        self._new = self._new[~self._new["recommend_suppress"].astype(bool)]
        self._old = tables["elements_2010"][tables["elements_2010"]["scale_id"].isin(wanted)]

    def get(self, name: str, names: Mapping[str, str]) -> Iterable[Measure]:
        """The measures that an entry of claims.toml stands for; `names` of elements, activities.

        Raises
        ------
        KeyError
            No such measure.
        """
        if name == "published exposure":
            return self._published()
        if name.startswith("dwa:"):
            dwa_id = name.removeprefix("dwa:")
            return [self._activity(dwa_id, names[dwa_id])]
        made = {
            "job zone": self._job_zone,
            "technologies": self._technologies,
            "task exposure": self._task_exposure,
            "on-site training": self._training,
            "projected decline": self._decline,
            "career paths that need school": self._career_paths,
            "fall of jobs, long": lambda: self._fall("employment", long=True),
            "fall of real pay, long": lambda: self._fall("annual_median_wage", long=True),
            "fall of jobs, recent": lambda: self._fall("employment", long=False),
            "fall of real pay, recent": lambda: self._fall("annual_median_wage", long=False),
        }
        return [made[name]()] if name in made else [self._element(name, names[name])]

    def _element(self, element_id: str, name: str) -> Measure:
        """An O*NET element: of the release where it rates the occupation, else of O*NET 18."""
        new = self._new[self._new["element_id"] == element_id]
        old = self._old[self._old["element_id"] == element_id]
        fresh = new.drop_duplicates("onet_soc_code").set_index("onet_soc_code")
        past = old.drop_duplicates("onet_soc_2010_code").set_index("onet_soc_2010_code")
        if self.code in fresh.index:
            date = fresh["date"][self.code]
            rated = f", rated {date}" if isinstance(date, str) else ""
            unit = SCALES[fresh["scale_id"][self.code]]
            source = f"O*NET {fresh['edition'][self.code]}, {self.code}, {_domain(fresh)}{rated}"
            return Measure(name, unit, source, self.code, fresh["value"], self.own)
        for code in self.before:
            if code in past.index:
                unit = SCALES[past["scale_id"][code]]
                source = f"O*NET {past['edition'][code]}, {code} {OLD_CODES}, {_domain(past)}"
                return Measure(name, unit, source, code, past["value"], self.own_2010)
        # A release may drop an element: what no data hold is said, not an error.
        source = self.onet if len(fresh) or past.empty else self.onet_18
        remark = f"{source} does not rate this occupation"
        return Measure(name, "", source, self.code, fresh["value"], self.own, remark)

    def _activity(self, dwa_id: str, name: str) -> Measure:
        tasks = self.tables["tasks"].groupby("onet_soc_code")["task_id"].nunique()
        links = self.tables["task_dwas"]
        linked = links[links["dwa_id"] == dwa_id].groupby("onet_soc_code")["task_id"].nunique()
        share = 100 * linked.reindex(tasks.index, fill_value=0) / tasks
        remark = "" if self.code in share.index else f"{self.onet} has no tasks of this occupation"
        source = f"{self.onet}, activity {dwa_id}"
        return Measure(name, SHARE_OF_TASKS, source, self.code, share, self.own, remark)

    def _edition(self, table: str) -> str:
        """The edition that the occupation's rows are from; without rows, the table's newest."""
        rows = self.tables[table]
        own = rows.loc[rows["onet_soc_code"] == self.code, "edition"]
        named = (own if len(own) else rows["edition"]).unique()
        return f"O*NET {max(named, key=lambda v: [int(n) for n in v.split('.')])}"

    def _plain(self, name: str, unit: str, source: str, values: pd.Series) -> Measure:
        """A measure by O*NET-SOC 2019 code."""
        held = pd.notna(values.get(self.code))
        remark = "" if held else f"{source} does not cover this occupation"
        return Measure(name, unit, source, self.code, values, self.own, remark)

    def _by_soc(
        self, name: str, unit: str, source: str, values: pd.Series, why: str, code: str = ""
    ) -> Measure:
        code = code or self.soc
        remark = "" if pd.notna(values.get(code)) else why
        return Measure(name, unit, source, code, values, self.own_soc, remark)

    def _job_zone(self) -> Measure:
        zones = self.tables["job_zones"].set_index("onet_soc_code")["job_zone"].astype("float64")
        source = self._edition("job_zones")
        return self._plain("Job zone", "zone, 1 to 5", source, zones)

    def _technologies(self) -> Measure:
        by_code = self.tables["technology_skills"].groupby("onet_soc_code")["example"]
        values = by_code.nunique().astype("float64")
        source = self._edition("technology_skills")
        return self._plain("Software and tools listed", "number", source, values)

    def _task_exposure(self) -> Measure:
        values = self.exposure.set_index("onet_soc_code")["exposure"]
        return self._plain("Task exposure", "0 to 1", f"{_OUTLOOK}; tasks of {self.onet}", values)

    def _training(self) -> Measure:
        rows = self.tables["education_training"]
        rows = rows[(rows["scale_id"] == "PT") & ~rows["recommend_suppress"].astype(bool)]
        long = rows["percent"].where(rows["category"] >= _OVER_A_MONTH, 0.0)
        values = long.groupby(rows["onet_soc_code"]).sum()
        source = self._edition("education_training")
        name = "On-site training of more than a month"
        return self._plain(name, "percent of workers", source, values)

    def _published(self) -> list[Measure]:
        """The published measures of exposure, one each; see exposure/published/measures.toml."""
        rows, found = self.tables["measures"], []
        for name, meaning in meanings().items():
            own = rows[rows["measure"] == name]
            here = own[own["onet_soc_code"] == self.code]
            if not meaning.spread or here.empty:
                continue
            row = here.iloc[0]
            values = own.set_index("onet_soc_code")["value"]
            whole = len(own) >= row["n_occupations"]
            shares = None if whole else (float(row["percentile"]), int(row["n_occupations"]))
            source = f"{meaning.name}, {meaning.vintage}"
            found.append(Measure(meaning.short, meaning.unit, source, self.code, values,
                                 self.own if whole else frozenset(), shares=shares))  # fmt: skip
        return found

    def _decline(self) -> Measure:
        table = self.pathways.table
        window = self.releases.get("ep_export", "latest")
        return self._by_soc(
            "Projected decline in employment", "percent over the decade",
            f"BLS Employment Projections {window}", -table["employment_change_percent"],
            "BLS publishes no projection of this occupation",
        )  # fmt: skip

    def _career_paths(self) -> Measure:
        return self._by_soc(
            "Career paths that need school", "percent of better paid similar occupations",
            f"{_OUTLOOK}; advancement paths", ways_up_that_need_school(self.pathways),
            "no similar occupation pays more, or its education is not published",
        )  # fmt: skip

    def _fall(self, column: str, long: bool) -> Measure:
        """How far jobs or real median pay fell since the first year, or the reference year."""
        years = oews.years(self.tables["wages"])
        start, end = years[0] if long else oews.REFERENCE_YEAR, years[-1]
        national = oews.national(self.tables["wages"])
        by_year = {y: national[national["year"] == y].set_index("soc_code") for y in (start, end)}
        before, after = (by_year[y][column] for y in (start, end))
        if column != "employment":
            before = market.real(before, start, end, market.price_index(self.tables))
        fall = 100 * (1 - after / before)
        if long:
            # A code that SOC 2018 split or merged is not the same occupation in both years.
            fall = fall[fall.index.isin(self._kept_their_meaning())]
        what = "Fall in employment" if column == "employment" else "Fall in real median wage"
        prices = "" if column == "employment" else ", CPI-U"
        why = "SOC 2018 changed this occupation: no earlier figure compares" if long else (
            "OEWS does not publish both years"
        )  # fmt: skip
        source, code = f"OEWS May {start} and May {end}{prices}", self.soc
        shared = str(published_as(self.tables).get(code, code))
        if not long and shared != code:
            source, code = f"{source}; published together under {shared}", shared
        name = f"{what}, {start} to {end}"
        return self._by_soc(name, "percent", source, fall.dropna(), why, code)

    def _kept_their_meaning(self) -> set[str]:
        pairs = bridge.bridge(self.tables)
        sides = pairs.groupby("group")[["soc_2010_code", "soc_code"]].nunique()
        single = sides.index[(sides == 1).all(axis=1)]
        rows = pairs[pairs["group"].isin(single)]
        return set(rows.loc[rows["soc_2010_code"] == rows["soc_code"], "soc_code"])


def _domain(rows: pd.DataFrame) -> str:
    """O*NET's name of the part of its content model that the rows are of: Work Context."""
    return str(rows["domain"].iloc[0]).replace("_", " ").title()


def ways_up_that_need_school(pathways: PathwayData) -> pd.Series:
    """Percent of each occupation's better paid similar occupations that ask for more schooling.

    Schooling is counted from the origin's own typical level; index soc_code, missing where no
    similar occupation pays more or a level is not published.
    """
    to, level = pathways.to, pathways.level.astype(int)
    known = (to >= 0) & (level[:, None] >= 0) & (level[to] >= 0)
    up = known & (pathways.wage[to] > pathways.wage[:, None])
    own = pathways.own_field(np.arange(len(to))[:, None], to)
    school = up & (pathways.years[own, level[:, None], level[to]] > 0)
    n = up.sum(axis=1)
    share = np.where(n > 0, 100 * school.sum(axis=1) / np.maximum(n, 1), np.nan)
    return pd.Series(share, index=pathways.table.index)
