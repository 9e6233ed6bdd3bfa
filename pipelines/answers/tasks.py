"""What `outlook tasks` answers: the scored tasks of an occupation, and why they are so."""

from __future__ import annotations

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.answers.answer import Answer, named
from pipelines.base.errors import UsageError
from pipelines.base.records import records
from pipelines.exposure.published.by_task import COLUMNS as BESIDE
from pipelines.exposure.scorer.automation import COLUMNS
from pipelines.releases.store import Release

_TASK_COLUMNS = [
    "onet_soc_code", "task_id", "task", "p_e0", "p_e1", "p_e2", "exposure", "exposure_low",
    "exposure_high", "exposure_label", "automation", "basis", "human_label", "gpt4_label",
    "weight", "weight_rule", "task_text_source", *COLUMNS,
]  # fmt: skip
_READABLE_TASKS = {
    "task_id": "task id", "task": "task", "exposure": "exposure", "exposure_low": "90% from",
    "exposure_high": "to", "exposure_label": "class", "automation_score": "automation",
    "human_label": "people", "gpt4_label": "GPT-4", "weight": "weight",
}  # fmt: skip
#: Shown where any task of the occupation has it.
_READABLE_BESIDE = {"observed_use": "used now", "workers_wish": "workers wish it, 1 to 5"}
_SCORE_COLUMNS = [
    "onet_soc_code", "task_id", "p_e0", "p_e1", "p_e2", "exposure", "exposure_low",
    "exposure_high", "automation", "basis", *COLUMNS,
]  # fmt: skip
_READABLE_EXPLAINED = {
    "task_id": "task id", "task": "task", "exposure": "exposure", "exposure_low": "90% from",
    "exposure_high": "to", "exposure_wording": "by wording alone",
    "automation_score": "automation", "human_label": "people", "why": "why",
    "nearest": "most similar labeled task",
}  # fmt: skip


def all_tasks_answer(data: Release) -> Answer:
    """Every scored task of the release, by occupation and task id.

    Columns onet_soc_code, task_id, p_e0, p_e1, p_e2, exposure, exposure_low, exposure_high,
    automation, basis (text: from the wording alone; DWA: with the labels of related tasks),
    automation_score, automation_low, automation_high.
    """
    frame = data.table("task_scores").sort_values(["onet_soc_code", "task_id"], ignore_index=True)
    return Answer(frame[_SCORE_COLUMNS])


def tasks_answer(data: Release, query: str, explain: bool = False) -> Answer:
    """Scored tasks of an occupation, most exposed first; the columns of `by_task` stand last.

    With `explain` the columns of `exposure.explain.explain_tasks` follow.
    """
    analysis = Analysis(data)
    code = analysis.resolve(query)
    frame = analysis.tasks_of(code)[_TASK_COLUMNS].join(analysis.beside_tasks(code))
    if frame.empty:
        raise UsageError(
            code,
            "O*NET publishes no tasks for this occupation (923 of 1,016 have tasks)",
            "Find occupations that have tasks at https://www.onetonline.org/find/",
        )
    if explain:
        frame = frame.merge(analysis.explain(code), on=["onet_soc_code", "task_id"], validate="1:1")
    notes = [_wording_note(data), model_note(frame) if explain else None, *_beside_notes(frame)]
    return Answer(frame, [note for note in notes if note], _readable(frame))


def _beside_notes(frame: pd.DataFrame) -> list[str]:
    """What the columns beside the scores are, where any task has them."""
    known = frame[BESIDE].notna().sum()
    said = []
    if known["observed_use"]:
        said.append(
            "used now: observed use, 0 to 1, how far people bring the task to one company's AI "
            f"(Massenkoff and McCrory 2026); known of {known['observed_use']} of {len(frame)} tasks"
        )
    if known["workers_wish"]:
        said.append(
            "workers wish it: mean rating by workers of the wish to have the task automated, 1 not "
            f"at all to 5 (WORKBank, Shao et al. 2025), {frame['n_workers'].min():.0f} to "
            f"{frame['n_workers'].max():.0f} workers a task; known of {known['workers_wish']} of "
            f"{len(frame)} tasks; no part of any score"
        )
    return said


def model_note(explained: pd.DataFrame) -> str | None:
    """A warning where the release was scored by another model than the one that explains."""
    from pipelines.exposure.scorer.explain import SAME_SCORE

    official = explained[explained["task_text_source"] == "O*NET"]
    moved = (official["exposure"] - official["exposure_evidence"]).abs() > SAME_SCORE
    if not moved.any():
        return None
    return (
        f"{moved.sum()} of {len(official)} scores of this release are not those of the installed "
        "model, which the words and exposure_evidence are of. `outlook refresh` scores anew."
    )


def _wording_note(data: Release) -> str | None:
    """What a reader must know about the wording of the tasks shown."""
    if not data.is_snapshot:
        return None
    return (
        "wording: our own words for technicians and health information, none for others; the "
        "official statements come with `outlook refresh`. Scores are of the official statements."
    )


def _readable(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns of `tasks` that a person reads, in plain words."""
    if "why" not in frame:
        beside = {n: said for n, said in _READABLE_BESIDE.items() if frame[n].notna().any()}
        return named(frame.round(dict.fromkeys(beside, 2)), _READABLE_TASKS | beside)
    from pipelines.exposure.scorer.explain import nearest_task_lines

    nearest = [next(iter(nearest_task_lines(row)), None) for row in records(frame)]
    frame = frame.assign(nearest=pd.Series(nearest, frame.index, dtype="str"))
    return named(frame, _READABLE_EXPLAINED)
