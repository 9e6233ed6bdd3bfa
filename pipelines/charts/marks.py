"""The marks of the path chart: points sized by openings, arrows between them, their legend."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from pipelines.charts import theme

#: Dash of an arrow and symbol of a point by the number of moves.
STEPS = {1: ("solid", "circle"), 2: ("dash", "square"), 3: ("dot", "diamond")}

Mark = dict[str, Any]


def marker_size(openings: float | None) -> float:
    """Diameter in pixels: the area grows with openings a year, within readable bounds."""
    if openings is None or pd.isna(openings):
        return 7.0
    return min(max(0.10 * math.sqrt(max(float(openings), 0.0)), 7.0), 40.0)


def arrows(
    moves: pd.DataFrame,
    spot: dict[str, tuple[float, float]],
    size: dict[str, float],
    scale: float,
) -> list[Mark]:
    """Arrows: one trace a step, shortened so that the head stops before the point.

    Parameters
    ----------
    moves : DataFrame
        from_soc, to_soc, step; a move is left out where an end of it has no spot.
    spot : dict
        soc_code -> x and y in units of the axes.
    size : dict
        soc_code -> diameter of its point, pixels.
    scale : float
        Units of the y axis a pixel; the x axis is in pixels.
    """
    traces = []
    for step, part in moves.groupby("step", sort=True):
        xs: list[float | None] = []
        ys: list[float | None] = []
        for start, end in zip(part["from_soc"], part["to_soc"], strict=True):
            if start not in spot or end not in spot or start == end:
                continue
            (x0, y0), (x1, y1) = spot[start], spot[end]
            px, py = x1 - x0, (y1 - y0) / scale
            length = math.hypot(px, py) or 1.0
            cut0 = min((size[start] / 2 + 3) / length, 0.4)
            cut1 = min((size[end] / 2 + 4) / length, 0.4)
            xs += [x0 + (x1 - x0) * cut0, x1 - (x1 - x0) * cut1, None]
            ys += [y0 + (y1 - y0) * cut0, y1 - (y1 - y0) * cut1, None]
        if xs:
            ends = [0, 10, 0] * (len(xs) // 3)
            traces.append(
                {
                    "type": "scatter",
                    "mode": "lines+markers",
                    "x": xs,
                    "y": ys,
                    "hoverinfo": "skip",
                    "name": f"move {int(step)}",
                    "legendgroup": f"move{step}",
                    "showlegend": False,
                    "line": {
                        "color": "#8a8a8a",
                        "width": 1.1,
                        "dash": STEPS.get(int(step), STEPS[3])[0],
                    },
                    "marker": {
                        "symbol": "arrow",
                        "angleref": "previous",
                        "size": ends,
                        "color": "#6b6b6b",
                        "line": {"width": 0},
                    },
                }
            )
    return traces


def size_legend(values: tuple[int, ...], height: int) -> tuple[list[Mark], list[Mark]]:
    """Circles of known size beside a plot of that height: Plotly's own legend shows one size only.

    Returns shapes and annotations, placed from the upper right corner of the plot.
    """
    shapes: list[Mark] = []
    y = -height * 0.40 - 30
    notes = [_beside("openings a year", 16, y)]
    y -= 16
    for value in values:
        radius = marker_size(value) / 2
        y -= radius + 5
        shapes.append(
            {
                "type": "circle",
                "xref": "paper",
                "yref": "paper",
                "xsizemode": "pixel",
                "ysizemode": "pixel",
                "xanchor": 1,
                "yanchor": 1,
                "x0": 36 - radius,
                "x1": 36 + radius,
                "y0": y - radius,
                "y1": y + radius,
                "line": {"color": theme.INK, "width": 1},
            }
        )
        notes.append(_beside(f"{value:,}", 64, y))
        y -= radius + 5
    return shapes, notes


def _beside(text: str, right: float, up: float) -> Mark:
    """A line of text so many pixels from the upper right corner of the plot."""
    return {
        "text": text,
        "xref": "paper",
        "yref": "paper",
        "x": 1,
        "y": 1,
        "xanchor": "left",
        "yanchor": "middle",
        "xshift": right,
        "yshift": up,
        "showarrow": False,
        "font": {"size": 12},
    }
