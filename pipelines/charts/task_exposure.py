"""Figure: how exposed each task of an occupation is, with its interval and published labels."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipelines.base.language import marked, translated
from pipelines.charts.kit import theme

#: A published class as a point on the exposure scale (beta of Eloundou et al. 2024).
BETA_BY_CLASS = {"E0": 0.0, "E1": 1.0, "E2": 0.5}
#: The three classes in everyday words: does software halve the time of the task?
CLASS_WORDS = {
    "E0": marked("no help"), "E1": marked("direct help"), "E2": marked("help with added tools")
}  # fmt: skip
#: The same with their codes, for charts that test the scorer.
CLASS_NAMES = {"E0": "E0 none", "E1": "E1 direct", "E2": "E2 with tools"}


def task_name(task: object, task_id: int) -> str:
    """The text of a task, or its number where the release holds no text."""
    if task is None or pd.isna(task) or not str(task).strip():
        return translated("task {n} (wording after a refresh)", n=task_id)
    return task if isinstance(task, str) else str(task)


def exposure_headline(tasks: pd.DataFrame, title: str) -> str:
    """The sentence on top: computed from the tasks, nothing typed."""
    above = int((tasks["exposure"] > 0.5).sum())
    n = len(tasks)
    share = "none" if above == 0 else "all" if above == n else f"{above}"
    verb = "is" if above == 1 else "are"
    return f"{title}: {share} of {n} tasks {verb} above 0.5 in exposure to language-model software"


@theme.chart
def task_exposure(task_frame: pd.DataFrame, title: str, sources: str) -> theme.Plain:
    """Tasks of one occupation, most exposed first.

    Parameters
    ----------
    task_frame : DataFrame
        One row a task: task_id, task (may be missing), exposure, exposure_low, exposure_high
        (0 to 1; 90% interval), and where known human_label, gpt4_label (E0, E1, E2).
    title : str
        Title of the occupation.
    sources : str
        Source, vintage and license line.

    Returns
    -------
    Figure
        Exposure 0 to 1 on the x axis; a dot and a bar a task; published labels as open
        symbols under the dot. Follows the width of its page.
    """
    tasks = task_frame.sort_values(["exposure", "task_id"], ascending=[True, False])
    names = [task_name(t, i) for t, i in zip(tasks["task"], tasks["task_id"], strict=True)]
    own_words = any(name.endswith("(wording after a refresh)") for name in names)
    wrapped = [theme.wrap(name, 62, lines=3) for name in names]
    # Rows are as tall as their text: position counts lines, so no two labels touch.
    heights = [0.75 + 0.5 * (1 + text.count("<br>")) for text in wrapped]
    ends = pd.Series(heights).cumsum()
    middle = (ends - pd.Series(heights) / 2).tolist()
    exposure = tasks["exposure"].tolist()
    hover = [
        f"{theme.wrap(n, 60)}<br>exposure {e:.2f}, 90% interval {lo:.2f} to {hi:.2f}"
        for n, e, lo, hi in zip(
            names, exposure, tasks["exposure_low"], tasks["exposure_high"], strict=True
        )
    ]
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "our score, 90% interval",
            "x": [round(e, 3) for e in exposure],
            "y": middle,
            "hovertext": hover,
            "hoverinfo": "text",
            "marker": {
                "symbol": "circle",
                "size": 10,
                "color": [theme.shade(e) for e in exposure],
                "line": {"color": theme.INK, "width": 1},
            },
            "error_x": {
                "type": "data",
                "symmetric": False,
                "color": theme.GRAY,
                "thickness": 1.6,
                "width": 4,
                "array": [round(x, 3) for x in tasks["exposure_high"] - tasks["exposure"]],
                "arrayminus": [round(x, 3) for x in tasks["exposure"] - tasks["exposure_low"]],
            },
        }
    ]
    for column, name, symbol, color, shift in (
        ("human_label", "published label, people", "diamond-open", theme.VERMILION, -0.30),
        ("gpt4_label", "published label, GPT-4", "square-open", theme.BLUE, 0.30),
    ):
        if column not in tasks or not tasks[column].notna().any():
            continue
        rows = [
            (BETA_BY_CLASS[label], y + shift, CLASS_WORDS[label])
            for label, y in zip(tasks[column], middle, strict=True)
            if label in BETA_BY_CLASS
        ]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": [r[0] for r in rows],
                "y": [r[1] for r in rows],
                "hovertext": [f"{name}: {r[2]}" for r in rows],
                "hoverinfo": "text",
                "marker": {"symbol": symbol, "size": 9, "color": color, "line": {"width": 1.8}},
            }
        )
    total = float(ends.iloc[-1]) if len(ends) else 1.0
    reading = (
        "0 = software saves no time, 1 = it can halve the time on its own, 0.5 = with "
        "further tools. Bars: 90% interval. Exposure is not a forecast of job loss."
        + (" Tasks shown by number get their wording with a refresh." if own_words else "")
    )
    return theme.figure(
        traces,
        exposure_headline(tasks, title),
        reading,
        sources,
        height=int(30 * total) + 10,
        margin={"l": 395, "r": 24, "t": 46, "b": 62},
        xaxis={
            "range": [-0.04, 1.04],
            "title": {"text": "exposure, 0 to 1"},
            "tickvals": [0, 0.25, 0.5, 0.75, 1],
            "ticktext": [
                f"0<br>{CLASS_WORDS['E0']}",
                "0.25",
                f"0.5<br>{CLASS_WORDS['E2']}",
                "0.75",
                f"1<br>{CLASS_WORDS['E1']}",
            ],  # fmt: skip
        },
        yaxis={
            "range": [-0.15, total + 0.15],
            "tickvals": middle,
            "ticktext": wrapped,
            "tickfont": {"size": 12},
            "ticks": "",
            "showgrid": True,
        },
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom"},
        hovermode="closest",
    )
