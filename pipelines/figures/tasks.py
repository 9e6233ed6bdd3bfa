"""The figure of an occupation's tasks and their exposure."""

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
