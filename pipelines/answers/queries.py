"""What the commands ask of a release: one function a question, a frame for an answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.base.errors import UsageError
from pipelines.exposure.scorer.explain import SAME_SCORE, neighbours
from pipelines.releases.store import Release

# The pathways are imported where they are asked for: scikit-learn takes longer to load than the
# tasks of an occupation take to print.

_TASK_COLUMNS = [
    "onet_soc_code", "task_id", "task", "p_e0", "p_e1", "p_e2", "exposure", "exposure_low",
    "exposure_high", "exposure_label", "automation", "basis", "human_label", "gpt4_label",
    "weight", "weight_rule", "task_text_source",
]  # fmt: skip
_READABLE_TASKS = {
    "task_id": "task id", "task": "task", "exposure": "exposure", "exposure_low": "90 % from",
    "exposure_high": "to", "exposure_label": "class", "automation": "automation",
    "human_label": "people", "gpt4_label": "GPT-4", "weight": "weight",
}  # fmt: skip
_SCORE_COLUMNS = [
    "onet_soc_code", "task_id", "p_e0", "p_e1", "p_e2", "exposure", "exposure_low",
    "exposure_high", "automation", "basis",
]  # fmt: skip
_READABLE_EXPLAINED = {
    "task_id": "task id", "task": "task", "exposure": "exposure", "exposure_low": "90 % from",
    "exposure_high": "to", "exposure_wording": "by wording alone", "human_label": "people",
    "why": "why", "nearest": "most similar labelled task",
}  # fmt: skip
_READABLE_PATHS = {
    "to_soc": "code", "title": "occupation", "via_soc": "by way of", "steps": "moves",
    "typical_education": "typical entry education", "years_education": "school years",
    "onet_education_summary": "education that workers named (O*NET)",
    "annual_median_wage": "median pay", "wage_gain": "pay change",
    "annual_openings": "openings, 1000/year", "employment_change_percent": "growth %",
    "exposure_change": "exposure change", "feasibility": "feasibility",
    "paid_back": "paid back in year",
}  # fmt: skip
_READABLE_GAPS = {
    "status": "status", "kind": "kind", "element_name": "what", "scale": "scale",
    "from_value": "now", "to_value": "there", "difference": "difference",
    "difference_low": "95 % from", "difference_high": "to", "note": "note",
}  # fmt: skip
_READABLE_CLAIMS = {
    "number": "no.", "claim": "claim", "measure": "measure", "direction": "claimed",
    "value": "value", "percentile": "percentile of all",
    "percentile_technicians": "of technicians", "verdict": "verdict", "source": "source",
}  # fmt: skip
_READABLE_LOOKBACK = {
    "outcome": "outcome", "window": "years", "n": "units", "effect_tenth": "% a year by 0.1",
    "tenth_low": "95 % from", "tenth_high": "to", "effect_sd": "by 1 st. dev.",
}  # fmt: skip


def all_tasks(data: Release) -> pd.DataFrame:
    """Every scored task of the release, by occupation and task id.

    Columns onet_soc_code, task_id, p_e0, p_e1, p_e2, exposure, exposure_low, exposure_high,
    automation, basis (text: from the wording alone; DWA: with the labels of related tasks).
    """
    frame = data.table("task_scores").sort_values(["onet_soc_code", "task_id"], ignore_index=True)
    return frame[_SCORE_COLUMNS]


def tasks(data: Release, query: str, explain: bool = False) -> pd.DataFrame:
    """Scored tasks of an occupation, most exposed first.

    With `explain` the columns of `exposure.explain.explain_tasks` follow.
    """
    analysis = Analysis(data)
    code = analysis.resolve(query)
    frame = analysis.tasks_of(code)[_TASK_COLUMNS]
    if frame.empty:
        raise UsageError(
            code,
            "O*NET publishes no tasks for this occupation (923 of 1,016 have tasks)",
            "Find occupations that have tasks at https://www.onetonline.org/find/",
        )
    if explain:
        frame = frame.merge(analysis.explain(code), on=["onet_soc_code", "task_id"], validate="1:1")
    return frame


def model_note(explained: pd.DataFrame) -> str | None:
    """A warning where the release was scored by another model than the one that explains."""
    official = explained[explained["task_text_source"] == "O*NET"]
    moved = (official["exposure"] - official["exposure_evidence"]).abs() > SAME_SCORE
    if not moved.any():
        return None
    return (
        f"{moved.sum()} of {len(official)} scores of this release are not those of the installed "
        "model, which the words and exposure_evidence are of. `outlook refresh` scores anew."
    )


def text_note(data: Release) -> str | None:
    """What a reader must know about the wording of the tasks shown."""
    if data.manifest.get("kind") != "snapshot":
        return None
    return (
        "wording: our own words for 13 health-information occupations, none for others; the "
        "official statements come with `outlook refresh`. Scores are of the official statements."
    )


def similar(data: Release, query: str | None, n: int) -> pd.DataFrame:
    """The n most similar occupations.

    Columns rank, soc_code, title, score; from_soc, rank, to_soc, score where query is None.
    """
    table = data.table("similar_occupations")
    table = table[table["rank"] <= n]
    if query is None:
        return table[["from_soc", "rank", "to_soc", "score"]]
    analysis = Analysis(data)
    soc = analysis.resolve(query)[:7]
    found = table[table["from_soc"] == soc].rename(columns={"to_soc": "soc_code"})
    if found.empty:
        raise UsageError(
            soc, "there are no data to compare this occupation by (military and some 'all other' "
            "occupations have none)", "Give another, such as 29-2072",
        )  # fmt: skip
    from pipelines.pathways.routes.network import pathway_data

    # Titles need no exposure, which takes longer than the rest of the answer.
    titles = pathway_data(analysis.tables, similar=table).table["title"]
    return found.assign(title=found["soc_code"].map(titles))[["rank", "soc_code", "title", "score"]]


def status(data: Release) -> pd.DataFrame:
    """One row a source: release, date, publisher, licence, citation, digest of the file."""
    rows = [
        {
            "source": name,
            "release": entry["release"],
            "date": entry["date"],
            "licence": entry["licence"],
            "url": entry["url"],
            "sha256": entry["sha256"][:12],
        }
        for name, entry in sorted(data.manifest["sources"].items())
    ]
    return pd.DataFrame(rows)


def paths(
    data: Release, query: str, to: str | None, education: str | None, max_steps: int, n: int
) -> pd.DataFrame:
    """Ways on from an occupation, best first; see `pipelines.answers.paths.paths`."""
    from pipelines.answers import paths as path_queries

    return path_queries.paths(Analysis(data), query, to, education, max_steps, n)[0]


def all_paths(data: Release, education: str | None, max_steps: int, n: int) -> pd.DataFrame:
    """The n best ways on from every occupation; see `pathways.search.all_paths`."""
    from pipelines.answers import paths as path_queries

    return path_queries.every_path(Analysis(data), education, max_steps, n)


def gaps(data: Release, origin: str, destination: str) -> tuple[pd.DataFrame, str]:
    """What a destination asks more of, and the same in words; see `pathways.gaps.skill_gaps`.

    A SOC code means all of its O*NET occupations, an O*NET-SOC code or a title one of them.
    """
    from pipelines.pathways.skills import gaps as compare

    analysis = Analysis(data)
    tables = analysis.tables
    soc = set(compare.members(tables)["soc_code"])
    queries = (" ".join(query.split()) for query in (origin, destination))
    codes = [query if query in soc else analysis.resolve(query) for query in queries]
    releases = {name: entry["release"] for name, entry in data.manifest["sources"].items()}
    frame = compare.skill_gaps(tables, codes[0], codes[1], releases)
    titles = [compare.occupation_title(tables, code) for code in codes]
    return frame, compare.gap_summary(frame, titles[0], titles[1])


def lookback(data: Release) -> tuple[pd.DataFrame, str]:
    """Every regression of the look back, and what it found in words; see `lookback.lookback`."""
    from pipelines.market.lookback import lookback as every
    from pipelines.market.lookback_text import findings

    analysis = Analysis(data)
    table = every(analysis.tables, analysis.occupation_exposure)
    return table, "\n".join(findings(table))


def readable_lookback(table: pd.DataFrame) -> pd.DataFrame:
    """What was asked first, by outcome and window, in plain words."""
    from pipelines.market.lookback import MAIN, OURS

    kept = (table["specification"] == MAIN.name) & (table["measure"] == OURS)
    return table.loc[kept, list(_READABLE_LOOKBACK)].rename(columns=_READABLE_LOOKBACK)


def forecasts(data: Release) -> tuple[pd.DataFrame, str]:
    """Projected growth beside what happened, and the same in words; see `forecasts.forecasts`."""
    from pipelines.market import forecasts as foreseen

    tables = Analysis(data).tables
    frame = foreseen.forecasts(tables)
    return frame, "\n".join(foreseen.findings(frame, foreseen.skill(frame, tables)))


def readable_forecasts(frame: pd.DataFrame) -> pd.DataFrame:
    """The technician occupations, those furthest above their projection first."""
    kept = frame[frame["is_technician"]].dropna(subset=["difference"])
    kept = kept.sort_values("difference", ascending=False)
    growth = [c for c in kept if c.startswith(("projected_", "actual_2", "actual_se_"))]
    rest = ["difference", "difference_low", "difference_high", "matrix_actual"]
    return kept[["soc_code", "title", *growth, *rest]].round(2)


def claims(data: Release, query: str) -> tuple[pd.DataFrame, str]:
    """The article's claims held against public data, and the same in words; see `claims.claims`."""
    from pipelines.claims.text import findings
    from pipelines.claims.verdicts import claims_of

    analysis = Analysis(data)
    code = analysis.resolve(query)
    table = claims_of(analysis, code)
    title = analysis.occupations.set_index("onet_soc_code")["title"][code]
    return table, "\n\n".join(findings(table, title))


def readable_claims(table: pd.DataFrame) -> pd.DataFrame:
    """The columns of `claims` that a person reads, in plain words."""
    return table[list(_READABLE_CLAIMS)].rename(columns=_READABLE_CLAIMS)


def readable_gaps(frame: pd.DataFrame, n: int) -> pd.DataFrame:
    """The first n gaps and the first n that carry over of each kind, in plain words."""
    frame = frame[frame["status"].isin(["gap", "carries over"])]
    shown = frame.groupby(["status", "kind", "scale"], sort=False).head(n)
    return shown[list(_READABLE_GAPS)].rename(columns=_READABLE_GAPS)


def readable_paths(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns of `paths` that a person reads, in plain words."""
    from pipelines.answers.paths import paid_back

    frame = frame.assign(paid_back=paid_back(frame))
    return frame[list(_READABLE_PATHS)].rename(columns=_READABLE_PATHS)


def readable_tasks(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns of `tasks` that a person reads, in plain words."""
    if "why" not in frame:
        return frame[list(_READABLE_TASKS)].rename(columns=_READABLE_TASKS)
    nearest = [next(iter(neighbours(row)), None) for row in frame.to_dict("records")]
    frame = frame.assign(nearest=pd.Series(nearest, frame.index, dtype="str"))
    return frame[list(_READABLE_EXPLAINED)].rename(columns=_READABLE_EXPLAINED)


def export(
    data: Release, query: str, chart: str, formats: list[str], out: Path,
    say: Callable[[str], None], to: str | None = None,
) -> list[Path]:  # fmt: skip
    """Charts of an occupation as files; see `pipelines.figures.occupation`.

    `to` is the destination of the charts of a move; without it, the best-ranked one.

    `say` is called with a line for each chart that the data do not allow. Where they allow none
    of those asked for, UsageError says why.
    """
    from pipelines.figures import occupation
    from pipelines.figures.export import write_figures

    analysis = Analysis(data)
    code = analysis.resolve(query)
    known = list(dict.fromkeys([*occupation.CHARTS, *occupation.MOVE_CHARTS]))
    names = known if chart == "all" else [chart]
    if unknown := [name for name in names if name not in known]:
        raise UsageError(
            "--chart", f"no chart {unknown[0]!r}", f"Pick all or one of {', '.join(known)}"
        )
    if to and not set(names) & occupation.MOVE_CHARTS.keys():
        raise UsageError(
            "--to",
            f"the chart {chart} shows no destination",
            f"Leave --to out, or pick one of {', '.join(occupation.MOVE_CHARTS)}",
        )
    destination = analysis.resolve(to) if to else None
    jobs, lacking = occupation.jobs(analysis, code, names, out, destination)
    if not jobs:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in lacking.items())
        problem = f"no chart can be made ({reasons})"
        raise UsageError(code, problem, "Give another occupation, such as 29-2072")
    paths = write_figures(jobs, formats)
    for name, reason in lacking.items():
        say(f"{code}: {name} is left out: {reason}")
    return paths
