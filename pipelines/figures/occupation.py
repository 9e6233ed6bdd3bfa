"""The figures of an occupation: tables of a release in, a figure and the data behind it out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from pipelines.analysis import Analysis, source_line
from pipelines.base.errors import UsageError
from pipelines.charts import geography, measure_ranks, series
from pipelines.charts import skill_gap as gap_chart
from pipelines.charts import task_exposure as exposure
from pipelines.exposure.published.agreement import OURS
from pipelines.exposure.published.meanings import meanings
from pipelines.figures.claims import claims
from pipelines.figures.export import Job
from pipelines.figures.paths import (
    DRAWN,
    EDUCATION,
    Made,
    advancement_paths,
    destinations,
    frontier,
    route_card,
)
from pipelines.market import history, places
from pipelines.pathways.routes.search import find_paths
from pipelines.pathways.skills import gaps

__all__ = ["DRAWN", "EDUCATION", "Made", "advancement_paths", "destinations", "source_line"]


def task_exposure(analysis: Analysis, code: str) -> Made:
    """Every task with its score, interval and published labels."""
    tasks = analysis.tasks_of(code)
    line = source_line(analysis, "onet", "gpts_labels")
    return exposure.task_exposure(tasks, _title(analysis, code), line), tasks


def measures(analysis: Analysis, code: str) -> Made:
    """Where the occupation stands in every published measure, and in ours."""
    frame = analysis.side_by_side(code)
    if frame.loc[frame["measure"] != OURS, "percentile"].isna().all():
        raise UsageError(
            code, "the data in use hold no published measure of it", "Run `outlook refresh`"
        )
    names = dict.fromkeys(m.dataset for m in meanings().values())
    line = source_line(analysis, "onet", *names)
    return measure_ranks.measures(frame, _title(analysis, code), line), frame


def employment_and_wages(analysis: Analysis, code: str) -> Made:
    """Employment, nominal and real wages over the OEWS years."""
    wages = analysis.wages_of(code[:7])
    if wages["soc_code"].eq("00-0000").all():
        raise UsageError(
            code, "OEWS publishes no wages of this occupation", "Give another, such as 29-2072"
        )
    frame = history.series(wages, code[:7], analysis.tables["soc_2010_to_2018"])
    ids = ("oews_nat_2015", "oews_nat_2021", "oews_nat_2024", "oews_nat_2025")
    line = source_line(analysis, *ids)
    outside = history.outside_share(
        analysis.tables["wages"], analysis.tables["soc_2010_to_2018"], code
    )
    figure = series.employment_and_wages(
        frame, _title(analysis, code), code[:7], int(frame["year"].max()), line, outside
    )
    return figure, frame


def wages_by_state(analysis: Analysis, code: str) -> Made:
    """Median wage by state, as a tile map."""
    states = places.states(analysis.wages_of(code[:7]), code[:7])
    line = source_line(analysis, "oews_st_2025")
    return geography.wages_by_state(states, _title(analysis, code), line), states


def skill_gap(analysis: Analysis, code: str, to: str | None = None) -> Made:
    """What a destination asks more of, and what carries over.

    Without a destination, the best-ranked one that O*NET's ratings can be compared with.

    Raises
    ------
    UsageError
        No such destination, or its ratings do not compare.
    """
    origin = _averaged(code)
    if to:
        ends = [_averaged(to)]
    else:
        ends = find_paths(analysis.pathways, code[:7], EDUCATION, max_steps=2, n=DRAWN)["to_soc"]
    known = analysis.release.manifest["sources"]
    releases = {name: entry["release"] for name, entry in known.items()}
    for place, end in enumerate(ends):
        frame = gaps.skill_gaps(analysis.tables, origin, end, releases)
        rated = frame[frame["scale"] == "IM"]
        if (rated["status"] == gaps.NOT_COMPARABLE).all():
            continue
        chosen = ""
        if not to:
            chosen = "the best-ranked destination" + (" with ratings to compare" if place else "")
        here, there = (gaps.occupation_title(analysis.tables, c) for c in (origin, end))
        line = source_line(analysis, "onet", "onet_18")
        return gap_chart.skill_gap(frame, here, there, line, chosen=chosen), frame
    raise UsageError(
        code, "O*NET's ratings of skills, knowledge and activities do not compare it with "
        + (to or "any of its best-ranked destinations"), "Give another destination with --to",
    )  # fmt: skip


def _averaged(code: str) -> str:
    """The SOC code of a general O*NET occupation; a specialty stands for itself."""
    return code.removesuffix(".00")


#: Name of each chart on the command line.
CHARTS: dict[str, Callable[[Analysis, str], Made]] = {
    "task_exposure": task_exposure,
    "measures": measures,
    "claims": claims,
    "advancement_paths": advancement_paths,
    "employment_and_wages": employment_and_wages,
    "wages_by_state": wages_by_state,
    "frontier": frontier,
    "route_card": route_card,
}

#: Name of each chart of a move: the origin, and the destination or None for the best-ranked one.
MOVE_CHARTS: dict[str, Callable[[Analysis, str, str | None], Made]] = {
    "advancement_paths": lambda analysis, code, to: advancement_paths(analysis, code, to=to),
    "route_card": route_card,
    "skill_gap": skill_gap,
}

#: The charts that have a layout of their own for a phone, 390 pixels wide.
PHONE_CHARTS: dict[str, Callable[[Analysis, str], Made]] = {
    "advancement_paths": lambda analysis, code: advancement_paths(analysis, code, phone=True),
    "frontier": lambda analysis, code: frontier(analysis, code, phone=True),
    "route_card": lambda analysis, code: route_card(analysis, code, phone=True),
}

#: What a chart shows, for the sentence that it cannot be shown.
_SUBJECTS = {
    "task_exposure": "tasks", "measures": "measures",
    "employment_and_wages": "wages and employment", "wages_by_state": "wages by state",
}  # fmt: skip


def job(analysis: Analysis, code: str, name: str, stem: Path, to: str | None = None) -> Job:
    """One figure of an occupation with its data, ready to write to `stem`.*

    `to` is the destination of a chart of `MOVE_CHARTS`.
    """
    if name in MOVE_CHARTS:
        figure, data = MOVE_CHARTS[name](analysis, code, to)
    else:
        figure, data = CHARTS[name](analysis, code)
    return Job(figure, data, stem)


def jobs(
    analysis: Analysis, code: str, names: Iterable[str], folder: Path, to: str | None = None
) -> tuple[list[Job], dict[str, str]]:
    """The figures that the data of an occupation allow, and why they do not allow the others.

    Returns
    -------
    list of Job
        Ready to write to ``folder/NAME_CODE``, or ``folder/NAME_CODE_TO`` where a destination
        was given and the chart shows it.
    dict
        Name of a chart -> what is lacking.
    """
    made, lacking = [], {}
    for name in names:
        ends = f"{code}_{to}" if to and name in MOVE_CHARTS else code
        try:
            one = job(analysis, code, name, folder / f"{name}_{ends}", to)
        except UsageError as error:
            lacking[name] = error.problem
            continue
        # The map lists every state, with or without an estimate.
        shown = one.data[one.data["published"]] if "published" in one.data else one.data
        if shown.empty:
            what = _SUBJECTS.get(name)
            lacking[name] = (
                f"{what} of this occupation are not published" if what else "no move is open"
            )
        else:
            made.append(one)
    return made, lacking


def _title(analysis: Analysis, code: str) -> str:
    occupations = analysis.tables["occupations"].set_index("onet_soc_code")
    return occupations["title"][code]
