"""What `outlook export` writes: charts of an occupation as pictures, pages and data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipelines.analysis import Analysis
from pipelines.base.errors import UsageError
from pipelines.figures import occupation as figures
from pipelines.figures.export import Job, write_figures
from pipelines.releases.store import Release


def export(
    data: Release, query: str, chart: str, formats: list[str], out: Path,
    say: Callable[[str], None], to: str | None = None, matters: str | None = None,
    state: str | None = None, area: str | None = None,
) -> list[Path]:  # fmt: skip
    """Charts of an occupation as files; see `pipelines.figures.occupation`.

    `to` is the destination of the charts of a move; without it, the best-ranked one. `matters` is
    what the chart of career paths ranks by, as in `outlook paths`. With a `state` or `area` the
    charts of career paths have its wages, and its code at the end of their names.

    `say` is called with a line for each chart that the data do not allow. Where they allow none
    of those asked for, UsageError says why.
    """
    analysis = Analysis(data)
    code = analysis.resolve(query)
    known = list(dict.fromkeys([*figures.CHARTS, *figures.MOVE_CHARTS]))
    names = known if chart == "all" else [chart]
    if unknown := [name for name in names if name not in known]:
        raise UsageError(
            "--chart", f"no chart {unknown[0]!r}", f"Pick all or one of {', '.join(known)}"
        )
    if to and not set(names) & figures.MOVE_CHARTS.keys():
        raise UsageError(
            "--to",
            f"the chart {chart} shows no destination",
            f"Leave --to out, or pick one of {', '.join(figures.MOVE_CHARTS)}",
        )
    if matters and figures.RANKED_CHART not in names:
        raise UsageError(
            "--matters",
            f"the chart {chart} ranks nothing",
            f"Leave --matters out, or pick {figures.RANKED_CHART}",
        )
    placed = [name for name in names if name in figures.PLACED_CHARTS]
    if (state or area) and not placed:
        raise UsageError(
            "--state, --area",
            f"the chart {chart} has no wages of one place",
            f"Leave them out, or pick {', '.join(figures.PLACED_CHARTS)}",
        )
    if matters:
        from pipelines.pathways.routes.judgment import PRIORITY_WEIGHTS

        if matters not in PRIORITY_WEIGHTS:
            problem = f"unknown priority {matters!r}"
            raise UsageError("--matters", problem, f"Use one of: {', '.join(PRIORITY_WEIGHTS)}")
    destination = analysis.resolve(to) if to else None
    jobs: list[Job] = []
    lacking: dict[str, str] = {}
    if state or area:
        from pipelines.answers.place import in_place, unpaid
        from pipelines.figures.paths import usual_education

        local, where = in_place(analysis, state, area)
        jobs, lacking = figures.jobs(local, code, placed, out, destination, matters, where)
        names = [name for name in names if name not in placed]
        others = "; other charts are the nation's" if names else ""
        say(f"wages of {local.wage_place} in {', '.join(placed)}{others}")
        reached = analysis.paths(code, usual_education(analysis, code), n=None)
        for note in unpaid(
            local.pathways, code[:7], reached["to_soc"].unique().tolist(), local.wage_place
        ):
            say(note)
    more, without = figures.jobs(analysis, code, names, out, destination, matters)
    jobs, lacking = [*jobs, *more], lacking | without
    if not jobs:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in lacking.items())
        problem = f"no chart can be made ({reasons})"
        raise UsageError(code, problem, "Give another occupation, such as 29-2072")
    paths = write_figures(jobs, formats)
    for name, reason in lacking.items():
        say(f"{code}: {name} is left out: {reason}")
    return paths
