"""What is computed from a release, each part once and only when asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipelines.releases.store import Release

if TYPE_CHECKING:
    from pipelines.exposure.scorer.model import Scorer
    from pipelines.market.history import NationalRows
    from pipelines.occupations.titles import Titles
    from pipelines.pathways.routes.network import PathwayData
    from pipelines.pathways.skills.gaps import Rated

# What a part needs is imported where it is computed: one chart loads what it shows.


class ReleaseTables(Mapping):
    """A release as a mapping of table names to frames, read when looked up."""

    def __init__(self, release: Release) -> None:
        self.release = release

    def __getitem__(self, name: str) -> pd.DataFrame:
        if not self.release.has(name):
            raise KeyError(name)
        return self.release.table(name)

    def __iter__(self):
        return (name for name in self.release.manifest["tables"] if self.release.has(name))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Analysis:
    """Exposure and pathways of one release.

    Parameters
    ----------
    release : Release
        The data (see `pipelines.releases.current.open_data`).
    """

    def __init__(self, release: Release) -> None:
        self.release = release
        self.tables = ReleaseTables(release)
        #: Whose wages career paths hold ("" is the nation), and of which table of OEWS: that of
        #: the nation (nat), of states (st), or of areas (ma).
        self.wage_place, self.wage_table = "", "nat"

    def in_wages_of(self, place: str, table: str, pathways: PathwayData) -> Analysis:
        """The same release with the wages of a place in its career paths."""
        other = Analysis(self.release)
        other.wage_place, other.wage_table, other.pathways = place, table, pathways
        return other

    @cached_property
    def occupations(self) -> pd.DataFrame:
        """Occupations with ``is_technician`` and ``job_zone`` beside the contract's columns."""
        from pipelines.occupations.technicians import technicians

        frame = self.tables["occupations"]
        inside = set(technicians(self.tables)["onet_soc_code"])
        return frame.assign(is_technician=frame["onet_soc_code"].isin(inside)).merge(
            self.tables["job_zones"][["onet_soc_code", "job_zone"]], on="onet_soc_code", how="left"
        )

    @cached_property
    def titles_by_soc(self) -> dict[str, dict[str, str]]:
        """Titles of occupations by SOC code, then by O*NET-SOC code."""
        found: dict[str, dict[str, str]] = {}
        names = ["soc_code", "onet_soc_code", "title"]
        for soc_code, code, title in self.occupations[names].itertuples(index=False, name=None):
            found.setdefault(soc_code, {})[code] = title
        return found

    @cached_property
    def title_by_code(self) -> dict[str, str]:
        """Title of each occupation by its O*NET-SOC code."""
        rows = self.tables["occupations"]
        return dict(zip(rows["onet_soc_code"], rows["title"], strict=True))

    @cached_property
    def weights(self) -> pd.DataFrame:
        """Weight of every task in its occupation and the rule it follows."""
        from pipelines.exposure.occupation.weights import task_weights

        return task_weights(self.tables["tasks"], self.tables["task_ratings"])

    @cached_property
    def tasks(self) -> pd.DataFrame:
        """Every task: text, score, interval, published labels where held, weight and its rule."""
        keys = ["onet_soc_code", "task_id"]
        labels = self.tables["exposure_labels"]
        labels = labels[[*keys, "human_label", "gpt4_label", "gpt4_automation"]]
        tasks = self.tables["tasks"][[*keys, "task", "task_text_source", "task_type"]]
        return (
            tasks.merge(self.tables["task_scores"], on=keys, validate="1:1")
            .merge(labels, on=keys, how="left", validate="1:1")
            .merge(self.weights, on=keys, how="left", validate="1:1")
        )

    @cached_property
    def occupation_exposure(self) -> pd.DataFrame:
        """Exposure of every occupation that has tasks (see `occupation_exposure`)."""
        if self.release.has("occupation_exposure"):
            return self.tables["occupation_exposure"]
        # Releases made before the table was one of theirs stay readable: a rollback may lead there.
        from pipelines.exposure.occupation.aggregate import occupation_exposure

        return occupation_exposure(self.tables["task_scores"], self.weights)

    @cached_property
    def rank_intervals(self) -> pd.DataFrame:
        """Rank and percentile of every occupation by exposure, with 90% intervals, by code; see
        `exposure.occupation.ranks`."""
        from pipelines.exposure.occupation.ranks import rank_intervals

        return rank_intervals(self.occupation_exposure.set_index("onet_soc_code"))

    @cached_property
    def automation_ranks(self) -> pd.DataFrame:
        """`rank_intervals` of the automation score; missing in a release that lacks it."""
        from pipelines.exposure.occupation.ranks import rank_intervals

        names = {"automation_score": "exposure", "automation_low": "exposure_low",
                 "automation_high": "exposure_high"}  # fmt: skip
        own = self.occupation_exposure.set_index("onet_soc_code").reindex(columns=list(names))
        return rank_intervals(own.rename(columns=names))

    @cached_property
    def weight_sensitivity(self) -> pd.DataFrame:
        """Exposure of every occupation under every weighting rule (see `weight_sensitivity`)."""
        from pipelines.exposure.occupation.sensitivity import weight_sensitivity
        from pipelines.exposure.occupation.weights import rule_weights

        every = rule_weights(self.tables["tasks"], self.tables["task_ratings"])
        return weight_sensitivity(self.tables["task_scores"], every)

    @cached_property
    def soc_exposure(self) -> pd.DataFrame:
        """Exposure by SOC code: the mean of its O*NET occupations; columns soc_code, exposure."""
        frame = self.occupation_exposure.assign(
            soc_code=self.occupation_exposure["onet_soc_code"].str[:7]
        )
        return frame.groupby("soc_code", as_index=False)["exposure"].mean()

    @cached_property
    def published_as(self) -> dict[str, pd.Series]:
        """Under which code BLS publishes each occupation, by table; see `market.published`."""
        from pipelines.market.published import published_as

        return {name: published_as(self.tables, name) for name in ("wages", "projections")}

    def published_code(self, soc_code: str, table: str = "wages") -> str:
        """The code under which BLS publishes an occupation now; its own where it does not."""
        return str(self.published_as[table].get(soc_code[:7], soc_code[:7]))

    @cached_property
    def _published_titles(self) -> dict[str, str]:
        from pipelines.market.published import published_titles

        return published_titles(self.tables)

    def published_title(self, published_code: str) -> str:
        """BLS's newest title of a code that it publishes wages under; "" where it has none."""
        return self._published_titles.get(published_code, "")

    @cached_property
    def joint_members(self) -> dict[str, list[tuple[str, str]]]:
        """Occupations that BLS publishes under each joint code; see `market.published`."""
        from pipelines.market.published import joint_members

        return joint_members(self.tables)

    @cached_property
    def _published_together(self) -> dict[str, str]:
        from pipelines.market.published import published_together

        return published_together(self.tables)

    def together(self, soc_code: str) -> str:
        """What to say where BLS publishes an occupation with others; "" where it stands alone."""
        return self._published_together.get(self.published_code(soc_code), "")

    @cached_property
    def national_rows(self) -> NationalRows:
        """The nation's wages over the years; see `history.NationalRows`."""
        from pipelines.market.history import NationalRows
        from pipelines.market.prices import price_index

        return NationalRows(self.tables["wages"], price_index(self.tables))

    @cached_property
    def _series(self) -> dict[str, pd.DataFrame]:
        return {}

    def series(self, soc_code: str) -> pd.DataFrame:
        """`history.series` under the code that BLS publishes."""
        if soc_code not in self._series:
            self.series_ahead([soc_code])
        return self._series[soc_code].copy(deep=False)

    def series_ahead(self, soc_codes: Sequence[str]) -> None:
        """Follow occupations over the years in one go; for `series`."""
        from pipelines.market.history import series_of

        walk, joint = self.tables["soc_2010_to_2018"], self.published_as["wages"]
        asked = {code: [code] for code in soc_codes}
        self._series.update(series_of(self.national_rows, asked, walk, joint))

    @cached_property
    def _projected(self) -> dict[str, dict[str, Any]]:
        from pipelines.base.records import records
        from pipelines.market.outlook import outlook

        newest = outlook(self.tables["projections"]).drop_duplicates("soc_code")
        return {row["soc_code"]: row for row in records(newest)}

    def projected(self, soc_code: str) -> dict[str, Any] | None:
        """The newest row of `market.outlook.outlook` under the code that BLS publishes."""
        return self._projected.get(self.published_code(soc_code, "projections"))

    @cached_property
    def _places(self) -> dict[str, dict[str, pd.DataFrame]]:
        return {"states": {}, "areas": {}}

    def states(self, soc_code: str) -> pd.DataFrame:
        """Wages by state under the code that BLS publishes; see `places.states`."""
        return self._place("states", soc_code)

    def areas(self, soc_code: str) -> pd.DataFrame:
        """Wages by area under the code that BLS publishes; see `areas.areas`. Empty where the
        release holds none."""
        return self._place("areas", soc_code)

    def _place(self, kind: str, soc_code: str) -> pd.DataFrame:
        code = self.published_code(soc_code)
        if code not in self._places[kind]:
            self._find_places(kind, [code])
        return self._places[kind][code]

    def places_ahead(self, soc_codes: Sequence[str]) -> None:
        """Compute wages by state and area of occupations in one go; for `states` and `areas`."""
        codes = sorted({self.published_code(code) for code in soc_codes})
        for kind in self._places:
            self._find_places(kind, codes)

    def _find_places(self, kind: str, codes: Sequence[str]) -> None:
        from pipelines.market import areas, places

        wages = self.tables["wages"]
        if kind == "states":
            self._places[kind] |= places.states_of(wages, codes)
            return
        if self.release.has("area_wages"):
            by_area = self.tables["area_wages"]
        else:
            # A release that was made before the table was one of its has no areas.
            from pipelines.base import contracts

            by_area = contracts.empty("area_wages")
        self._places[kind] |= areas.areas_of(by_area, wages, codes)

    @cached_property
    def pathways(self) -> PathwayData:
        """What every path query needs, with the release's similar occupations."""
        from pipelines.pathways.routes.network import pathway_data

        similar = self.tables["similar_occupations"]
        steps = self.tables.get("route_steps")
        return pathway_data(self.tables, self.occupation_exposure, similar, steps=steps)

    @cached_property
    def soc_titles(self) -> dict[str, str]:
        """Titles by SOC code, of all that paths lead to."""
        return self.pathways.table["title"].to_dict()

    @cached_property
    def _found_paths(self) -> dict[tuple, pd.DataFrame]:
        return {}

    def paths(
        self,
        soc_code: str,
        education: str | None = None,
        max_steps: int = 2,
        n: int = 20,
        matters: str = "balance",
    ) -> pd.DataFrame:
        """`pathways.routes.search.find_paths` of an occupation, each question answered once."""
        from pipelines.pathways.routes.search import find_paths

        asked = (soc_code[:7], education, max_steps, n, matters)
        if asked not in self._found_paths:
            self._found_paths[asked] = find_paths(
                self.pathways, soc_code[:7], education, max_steps=max_steps, n=n, matters=matters
            )
        return self._found_paths[asked].copy(deep=False)

    @cached_property
    def people(self) -> pd.DataFrame:
        """`PathwayData.table` as people read it: ``annual_openings`` in jobs, which projections
        count in thousands, and ``required_education`` (``entry_education``)."""
        table = self.pathways.table.rename(columns={"entry_education": "required_education"})
        return table.assign(annual_openings=1000 * table["annual_openings"]).reset_index()

    def people_at(self, soc_codes: Sequence[str]) -> pd.DataFrame:
        """The rows of `people` of these codes, in their order, without ``education_note``."""
        at = [self.pathways.position(code) for code in soc_codes]
        return self._people_read.take(at).reset_index(drop=True)

    @cached_property
    def _people_read(self) -> pd.DataFrame:
        return self.people.drop(columns="education_note")

    @cached_property
    def _members(self) -> dict[str, pd.DataFrame]:
        from pipelines.pathways.similarity.features import members

        return dict(iter(members(self.tables).groupby("soc_code")))

    @cached_property
    def _by_occupation(self) -> dict[str, tuple[pd.DataFrame, dict[str, np.ndarray]]]:
        """Ratings and software of all occupations, and the positions of each one's rows."""
        from pipelines.pathways.skills.ratings import ratings

        frames = {"ratings": ratings(self.tables), "software": self.tables["technology_skills"]}
        return {n: (f, f.groupby("onet_soc_code").indices) for n, f in frames.items()}

    @cached_property
    def _rated(self) -> dict[str, Rated]:
        return {}

    def rated(self, code: str) -> Rated:
        """One end of a move between occupations; see `pathways.skills.gaps.rated`."""
        from pipelines.pathways.skills import gaps

        if code not in self._rated:
            own = self._members.get(code)
            codes = [code] if own is None else sorted(own["onet_soc_code"].unique())
            rows = {}
            for name, (frame, positions) in self._by_occupation.items():
                held = [positions[one] for one in codes if one in positions]
                rows[name] = frame.take(np.sort(np.concatenate(held)) if held else [])
            software = gaps.software(rows["software"])
            self._rated[code] = gaps.Rated(code, codes, gaps.averaged(rows["ratings"]), software)
        return self._rated[code]

    @cached_property
    def _task_rows(self) -> dict[str, pd.DataFrame]:
        frame = self.tasks.sort_values(["exposure", "task_id"], ascending=[False, True])
        return dict(iter(frame.groupby("onet_soc_code", sort=False)))

    def tasks_of(self, onet_soc_code: str) -> pd.DataFrame:
        """The tasks of one occupation, most exposed first."""
        return self._task_rows.get(onet_soc_code, self.tasks.iloc[:0])

    @cached_property
    def _used_tasks(self) -> dict[str, pd.DataFrame]:
        frame = self.tasks.join(self._beside_tasks["observed_use"])
        frame = frame.sort_values(["exposure", "task_id"], ascending=[False, True])
        return dict(iter(frame.groupby("onet_soc_code", sort=False)))

    def used_tasks_of(self, onet_soc_code: str) -> pd.DataFrame:
        """`tasks_of` with the observed use of each, as `beside_tasks` has it."""
        nothing = self.tasks.iloc[:0].assign(observed_use=pd.Series(dtype="float64"))
        return self._used_tasks.get(onet_soc_code, nothing)

    @cached_property
    def _beside_tasks(self) -> pd.DataFrame:
        from pipelines.exposure.published.by_task import by_task

        return by_task(self.tables, self.tasks)

    def beside_tasks(self, onet_soc_code: str) -> pd.DataFrame:
        """What others saw or said of each task, rows as in `tasks_of`; see `published.by_task`."""
        return self._beside_tasks.loc[self.tasks_of(onet_soc_code).index]

    @cached_property
    def judged(self) -> pd.DataFrame:
        """Every occupation's scores by who judged its tasks; see `exposure.occupation.judges`."""
        from pipelines.exposure.occupation.judges import judged

        return judged(self.tasks.join(self._beside_tasks))

    def judges_of(self, onet_soc_code: str) -> pd.DataFrame:
        """`judged` of one occupation, with what no one judged."""
        from pipelines.exposure.occupation.judges import judges_of

        own, rows = self._own_measures.loc[onet_soc_code], self.judged
        return judges_of(rows[rows["onet_soc_code"] == onet_soc_code], own)

    def judge_rows(self, onet_soc_code: str) -> list[dict[str, Any]]:
        """`judges_of` as rows; [] of an occupation without tasks."""
        from pipelines.exposure.occupation.judges import judge_rows

        own = self.scored.get(onet_soc_code)
        held = self._judged_rows.get(onet_soc_code, {})
        return [] if own is None else judge_rows(held, own["n_tasks"])

    @cached_property
    def _judged_rows(self) -> dict[str, dict[str, dict[str, Any]]]:
        return _rows_by(self.judged, "judge")

    @cached_property
    def scored(self) -> dict[str, dict[str, Any]]:
        """The rows of `occupation_exposure` by O*NET-SOC code."""
        from pipelines.base.records import records

        return {row["onet_soc_code"]: row for row in records(self.occupation_exposure)}

    def measures_of(self, onet_soc_code: str) -> pd.DataFrame:
        """Published measures of one occupation; empty where the release holds none of it."""
        rows = self.tables["measures"]
        return rows[rows["onet_soc_code"] == onet_soc_code].sort_values("measure")

    @cached_property
    def measured(self) -> dict[str, dict[str, dict[str, Any]]]:
        """The rows of ``measures`` by O*NET-SOC code, then by measure."""
        return _rows_by(self.tables["measures"], "measure")

    def side_by_side(self, onet_soc_code: str) -> pd.DataFrame:
        """Every measure of one occupation, ours first, missing ones too; see `agreement`."""
        from pipelines.exposure.published import agreement

        row = self._own_measures.reindex([onet_soc_code]).dropna(subset=["exposure"])
        snapshot = self.release.is_snapshot
        return agreement.side_by_side(self.measures_of(onet_soc_code), row, snapshot)

    def measure_rows(self, onet_soc_code: str) -> list[dict[str, Any]]:
        """`side_by_side` as rows."""
        from pipelines.exposure.published import agreement

        own = self._own_measure_rows.get(onet_soc_code)
        held = self.measured.get(onet_soc_code, {})
        return agreement.measure_rows(held, own, self.release.is_snapshot)

    @cached_property
    def _own_measure_rows(self) -> dict[str, dict[str, Any]]:
        return self._own_measures.dropna(subset=["exposure"]).to_dict("index")  # type: ignore[return-value]

    @cached_property
    def _own_measures(self) -> pd.DataFrame:
        """Our own scores and the intervals of their places, by O*NET-SOC code."""
        own = self.occupation_exposure.set_index("onet_soc_code")
        ends = ["percentile_low", "percentile_high"]
        places = self.automation_ranks[ends].set_axis(["place_low", "place_high"], axis=1)
        own = own.join(self.rank_intervals[ends]).join(places)
        return own.assign(n_occupations=float(len(own)))

    @cached_property
    def _work_context(self) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
        from pipelines.occupations.elements import ratings

        rows = ratings(self.tables, ["work_context"])
        rows = rows[["onet_soc_code", "element_id", "value", "date", "edition", "unit"]]
        return rows, rows.groupby("onet_soc_code").indices

    def work_context_of(self, onet_soc_code: str) -> pd.DataFrame:
        """How workers rated the conditions of one occupation; see `occupations.elements`."""
        rows, positions = self._work_context
        return rows.take(positions.get(onet_soc_code, []))

    @cached_property
    def scorer(self) -> Scorer:
        """The shipped task scorer."""
        from pipelines.exposure.scorer.model import load_scorer

        return load_scorer()

    @cached_property
    def _explained(self) -> dict[str, pd.DataFrame]:
        return {}

    def explain(self, onet_soc_code: str) -> pd.DataFrame:
        """Why the tasks of one occupation have their scores; see `explain_tasks`.

        Rows as in `tasks_of`.
        """
        if onet_soc_code not in self._explained:
            self.explain_ahead([onet_soc_code])
        return self._explained[onet_soc_code]

    def explain_ahead(self, codes: Sequence[str]) -> None:
        """Explain occupations in one go, much faster than each in turn; for `explain`."""
        from pipelines.exposure.scorer.explain import explain_tasks

        if not codes:
            return
        # A labeled task that O*NET has dropped since has its text with the labels only.
        texts = [self.tables[name][["task_id", "task"]] for name in ("tasks", "exposure_labels")]
        tasks = pd.concat([self.tasks_of(code) for code in sorted(codes)], ignore_index=True)
        explained = explain_tasks(
            tasks, self.tables["task_dwas"], self.scorer, pd.concat(texts),
            self.tables["occupations"],
        )  # fmt: skip
        for code in codes:
            own = explained[explained["onet_soc_code"] == code]
            self._explained[code] = own.reset_index(drop=True)

    @cached_property
    def titles(self) -> Titles:
        """Every name of every occupation, credentials among them, ready to be looked through."""
        from pipelines.market.outlook import latest_projections
        from pipelines.market.published import published_as
        from pipelines.occupations.titles import Titles, every_name
        from pipelines.pathways.schooling.credentials import credentials

        codes = self.tables["occupations"]["onet_soc_code"]
        under = codes.str[:7].map(published_as(self.tables, "projections"))
        jobs = under.map(latest_projections(self.tables["projections"])["employment_base"])
        # The jobs of a published code are shared by its occupations alike: no one counts them.
        jobs = (jobs / under.map(under.value_counts())).set_axis(codes)
        return Titles(every_name(self.tables, credentials()), jobs)

    def resolve(self, query: str) -> str:
        """The O*NET-SOC code that a code or title means; `UsageError` with near matches."""
        from pipelines.occupations.lookup import resolve

        return resolve(query, self.tables, lambda: self.titles)


def _rows_by(frame: pd.DataFrame, name: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Rows by O*NET-SOC code, then by the value of a column."""
    from pipelines.base.records import records

    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in records(frame):
        found.setdefault(row["onet_soc_code"], {})[row[name]] = row
    return found


def source_line(analysis: Analysis, *ids: str) -> str:
    """Source, vintage and license of datasets, for the foot of a figure; a family's id means all
    its editions."""
    known = analysis.release.manifest["sources"]
    named = [name for i in ids for name in ([i] if i in known else analysis.release.editions(i))]
    releases: dict[tuple[str, str], list[str]] = {}
    for entry in (known[name] for name in named):
        # A file that its authors keep on a branch has no release: its date says what it is.
        release = entry["date"] if entry["release"] in ("main", "master") else entry["release"]
        licence = entry["licence"].split(" (")[0]
        releases.setdefault((entry["title"], licence), []).append(release)
    parts = [f"{title}, {', '.join(r)} ({licence})" for (title, licence), r in releases.items()]
    return f"Sources: {'; '.join(parts)}. Technician Outlook, own computations."
