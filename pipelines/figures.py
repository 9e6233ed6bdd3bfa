"""The figures of an occupation: tables of a release in, a figure and the data behind it out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go

from pipelines import market
from pipelines.analysis import Analysis
from pipelines.charts import advancement, exposure, geography, series
from pipelines.charts.export import Job
from pipelines.errors import UsageError
from pipelines.pathways.search import find_paths

#: Destinations drawn in one chart: more than this, and labels collide.
DRAWN = 12
#: Education that a reader is taken to have unless another is stated.
EDUCATION = "High school diploma or equivalent"

Made = tuple[go.Figure, pd.DataFrame]


def source_line(analysis: Analysis, *ids: str) -> str:
    """Source, vintage and licence of the datasets, for the foot of a figure."""
    known = analysis.release.manifest["sources"]
    releases: dict[tuple[str, str], list[str]] = {}
    for entry in (known[name] for name in ids if name in known):
        # A file that its authors keep on a branch has no release: its date says what it is.
        release = entry["date"] if entry["release"] in ("main", "master") else entry["release"]
        licence = entry["licence"].split(" (")[0]
        releases.setdefault((entry["title"], licence), []).append(release)
    parts = [f"{title}, {', '.join(r)} ({licence})" for (title, licence), r in releases.items()]
    return f"Sources: {'; '.join(parts)}. Technician Outlook, own computations."


def task_exposure(analysis: Analysis, code: str) -> Made:
    """Every task with its score, interval and published labels."""
    tasks = analysis.tasks_of(code)
    line = source_line(analysis, "onet", "gpts_labels")
    return exposure.task_exposure(tasks, _title(analysis, code), line), tasks


def destinations(analysis: Analysis, code: str, education: str = EDUCATION) -> pd.DataFrame:
    """The best ways on, with what a chart and a page show of each.

    Columns of `pathways.search.find_paths` and of `PathwayData.table`; ``soc_code`` is the
    destination, ``required_education`` its typical level, openings are jobs a year.
    """
    paths = find_paths(analysis.pathways, code[:7], education, max_steps=2, n=DRAWN)
    own = ["to_soc", "via_soc", "steps", "years_education", "wage_gain", "exposure_change",
           "feasibility", "credentials"]  # fmt: skip
    people = _people(analysis)
    people = people[people["soc_code"].isin(paths["to_soc"])]
    shown = people.merge(paths[own], left_on="soc_code", right_on="to_soc")
    return shown.sort_values("feasibility", ascending=False, ignore_index=True)


def _people(analysis: Analysis) -> pd.DataFrame:
    table = analysis.pathways.table.rename(columns={"typical_education": "required_education"})
    # Projections count openings in thousands; a person reads jobs.
    return table.assign(annual_openings=1000 * table["annual_openings"]).reset_index()


def advancement_paths(analysis: Analysis, code: str, education: str = EDUCATION) -> Made:
    """Where to go from here, by required education and pay."""
    shown = destinations(analysis, code, education)
    people = _people(analysis)
    origin = people[people["soc_code"] == code[:7]].iloc[0].to_dict()
    through = shown["via_soc"].fillna("").str.split(",").str[-1].str.strip()
    drawn = set(shown["soc_code"])
    moves = pd.DataFrame(
        {
            # A way by an occupation that is not drawn starts at the origin, dashed as step 2.
            "from_soc": [v if v in drawn else code[:7] for v in through],
            "to_soc": shown["soc_code"],
            "step": shown["steps"],
        }
    )
    line = source_line(analysis, "onet", "oews_nat_2025", "ep_export", "gpts_labels")
    return advancement.advancement_paths(origin, shown, moves, line), shown


def employment_and_wages(analysis: Analysis, code: str) -> Made:
    """Employment, nominal and real wages over the OEWS years."""
    wages = analysis.wages_of(code[:7])
    if wages["soc_code"].eq("00-0000").all():
        raise UsageError(
            code, "OEWS publishes no wages of this occupation", "Give another, such as 29-2072"
        )
    frame = market.series(wages, code[:7], analysis.tables["soc_2010_to_2018"])
    ids = ("oews_nat_2015", "oews_nat_2021", "oews_nat_2024", "oews_nat_2025")
    line = source_line(analysis, *ids)
    figure = series.employment_and_wages(
        frame, _title(analysis, code), code[:7], int(frame["year"].max()), line
    )
    return figure, frame


def wages_by_state(analysis: Analysis, code: str) -> Made:
    """Median wage by state, as a tile map."""
    states = market.states(analysis.wages_of(code[:7]), code[:7])
    line = source_line(analysis, "oews_st_2025")
    return geography.wages_by_state(states, _title(analysis, code), line), states


#: Name of each chart on the command line.
CHARTS: dict[str, Callable[[Analysis, str], Made]] = {
    "task_exposure": task_exposure,
    "advancement_paths": advancement_paths,
    "employment_and_wages": employment_and_wages,
    "wages_by_state": wages_by_state,
}

#: What a chart shows, for the sentence that it cannot be shown.
_SUBJECTS = {
    "task_exposure": "tasks", "advancement_paths": "moves",
    "employment_and_wages": "wages and employment", "wages_by_state": "wages by state",
}  # fmt: skip


def job(analysis: Analysis, code: str, name: str, stem: Path) -> Job:
    """One figure of an occupation with its data, ready to write to `stem`.*"""
    figure, data = CHARTS[name](analysis, code)
    return Job(figure, data, stem)


def jobs(
    analysis: Analysis, code: str, names: Iterable[str], folder: Path
) -> tuple[list[Job], dict[str, str]]:
    """The figures that the data of an occupation allow, and why they do not allow the others.

    Returns
    -------
    list of Job
        Ready to write to ``folder/NAME_CODE``.
    dict
        Name of a chart -> what is lacking.
    """
    made, lacking = [], {}
    for name in names:
        try:
            one = job(analysis, code, name, folder / f"{name}_{code}")
        except UsageError as error:
            lacking[name] = error.problem
            continue
        # The map lists every state, with or without an estimate.
        shown = one.data[one.data["published"]] if "published" in one.data else one.data
        if shown.empty:
            lacking[name] = f"{_SUBJECTS[name]} of this occupation are not published"
        else:
            made.append(one)
    return made, lacking


def _title(analysis: Analysis, code: str) -> str:
    occupations = analysis.tables["occupations"].set_index("onet_soc_code")
    return occupations["title"][code]
