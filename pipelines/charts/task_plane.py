"""Figure: the tasks of an occupation between help from software and work done by software."""

from __future__ import annotations

import pandas as pd

from pipelines.charts.kit import theme
from pipelines.charts.task_exposure import task_name
from pipelines.exposure.scorer.automation import ALONE, HELP

HEIGHT = 470
#: Where a corner begins on either axis.
HALF = 0.5
#: The corners: x and y of their names, and the names.
CORNERS = (
    (0.0, 1.0, "little time saved,<br>software could do most alone"),
    (1.0, 1.0, "much time saved,<br>software could do most alone"),
    (0.0, 0.0, "mostly a person's work"),
    (1.0, 0.0, "much time saved,<br>a person still does it"),
)
#: Where the number of a dot may stand, the first free place taken: name, and shift on the axes.
PLACES = (
    ("top center", 0.0, 0.045), ("bottom center", 0.0, -0.045), ("middle right", 0.022, 0.0),
    ("middle left", -0.022, 0.0), ("top right", 0.022, 0.04), ("top left", -0.022, 0.04),
    ("bottom right", 0.022, -0.04), ("bottom left", -0.022, -0.04),
)  # fmt: skip


def plane_headline(tasks: pd.DataFrame, title: str) -> str:
    """The sentence on top: tasks in the upper half of either score, counted."""
    helped, alone = ((tasks[name] > HALF).sum() for name in ("exposure", "automation_score"))
    verb = "scores" if helped == 1 else "score"
    return (
        f"{title}: {helped or 'none'} of {len(tasks)} tasks {verb} above 0.5 in exposure, "
        f"{alone or 'none'} in automation"
    )


def number_places(x: list[float], y: list[float]) -> list[str]:
    """A place of `PLACES` for the number of each dot, away from other dots and numbers."""
    taken = list(zip(x, y, strict=True))
    chosen = []
    for left, up in zip(x, y, strict=True):

        def room(place: tuple[str, float, float], left: float = left, up: float = up) -> float:
            _, dx, dy = place
            near = [((left + dx - a) / 0.022) ** 2 + ((up + dy - b) / 0.04) ** 2 for a, b in taken]
            return min(1.0, *near) if near else 1.0

        name, dx, dy = max(PLACES, key=room)
        taken.append((left + dx, up + dy))
        chosen.append(name)
    return chosen


@theme.chart
def task_plane(task_frame: pd.DataFrame, title: str, sources: str) -> theme.Plain:
    """Tasks of one occupation as points: assistance across, automation upward.

    Parameters
    ----------
    task_frame : DataFrame
        One row a task: task_id, task (may be missing), exposure, exposure_low, exposure_high,
        automation_score, automation_low, automation_high (0 to 1; 90% intervals).
    title : str
        Title of the occupation.
    sources : str
        Source, vintage and license line.

    Returns
    -------
    Figure
        A numbered dot a task, numbered as the list of tasks is ordered, most exposed first.
    """
    tasks = task_frame.dropna(subset=["automation_score"])
    tasks = tasks.sort_values(["exposure", "task_id"], ascending=[True, False]).iloc[::-1]
    numbers = range(1, len(tasks) + 1)
    hover = [
        f"{number}. {theme.wrap(task_name(row.task, row.task_id), 60)}<br>time saved (exposure) "
        f"{row.exposure:.2f} ({row.exposure_low:.2f} to {row.exposure_high:.2f})<br>by software "
        f"alone (automation score) {row.automation_score:.2f} ({row.automation_low:.2f} to "
        f"{row.automation_high:.2f})"
        for number, row in zip(numbers, tasks.itertuples(), strict=True)
    ]
    x, y = (tasks[name].round(3).tolist() for name in ("exposure", "automation_score"))
    points = {
        "type": "scatter", "mode": "markers+text", "name": "task", "showlegend": False,
        "x": x, "y": y,
        "text": [str(number) for number in numbers], "textposition": number_places(x, y),
        "textfont": {"size": 12, "color": theme.INK}, "cliponaxis": False,
        "hovertext": hover, "hoverinfo": "text",
        "marker": {"symbol": "circle", "size": 9, "color": theme.BLUE, "opacity": 0.75},
    }  # fmt: skip
    names = [
        {
            "text": name, "showarrow": False, "x": x, "y": y, "xref": "x", "yref": "y",
            "xanchor": "left" if x == 0 else "right", "yanchor": "bottom" if y == 0 else "top",
            "align": "left" if x == 0 else "right",
            "xshift": 6 if x == 0 else -6, "yshift": 4 if y == 0 else -4,
            "font": {"size": 12, "color": theme.GRAY},
        }
        for x, y, name in CORNERS
    ]  # fmt: skip
    line = {"type": "line", "line": {"color": theme.GRAY, "width": 1, "dash": "dot"}}
    return theme.figure(
        [points],
        plane_headline(tasks, title),
        "Across: exposure, how much time software could save a person. Upward: automation score, "
        "how far software could do the task alone. Numbers follow the list of tasks, most exposed "
        "first. Neither is a forecast of job loss.",
        sources,
        height=HEIGHT,
        margin={"l": 70, "r": 24, "t": 14, "b": 46},
        annotations=names,
        shapes=[
            line | {"x0": HALF, "x1": HALF, "y0": 0, "y1": 1},
            line | {"x0": 0, "x1": 1, "y0": HALF, "y1": HALF},
        ],
        xaxis={
            "range": [-0.02, 1.02], "dtick": 0.25, "showgrid": False,
            "title": {"text": f"{HELP} (exposure, 0 to 1)"},
        },
        yaxis={
            "range": [-0.02, 1.02], "dtick": 0.25, "showgrid": False,
            "title": {"text": f"{ALONE} (0 to 1)"},
        },
        hovermode="closest",
    )  # fmt: skip
