"""The figures of an occupation's tasks: exposure, and exposure beside automation."""

from __future__ import annotations

from pipelines.analysis import Analysis, source_line
from pipelines.figures import Made, title_of


def task_exposure_figure(analysis: Analysis, code: str) -> Made:
    """Every task with its score, interval and published labels."""
    tasks = analysis.tasks_of(code)

    def draw():
        from pipelines.charts import task_exposure as chart

        line = source_line(analysis, "onet", "gpts_labels")
        return chart.task_exposure.plain(tasks, title_of(analysis, code), line)

    return Made(draw, tasks)


#: What the plane shows, of `Analysis.tasks_of`.
_PLANE = [
    "task_id", "task", "exposure", "exposure_low", "exposure_high", "automation_score",
    "automation_low", "automation_high",
]  # fmt: skip


def task_plane_figure(analysis: Analysis, code: str) -> Made:
    """Every task by exposure and automation score."""
    tasks = analysis.tasks_of(code)[_PLANE].dropna(subset=["automation_score"])

    def draw():
        from pipelines.charts import task_plane as chart

        line = source_line(analysis, "onet", "gpts_labels")
        return chart.task_plane.plain(tasks, title_of(analysis, code), line)

    return Made(draw, tasks)
