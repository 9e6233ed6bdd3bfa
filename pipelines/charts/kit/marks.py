"""The marks of the path charts: points sized by openings, arrows by feasibility, their legend."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipelines.base.records import records
from pipelines.charts.kit import theme

#: Dash of an arrow and symbol of a point by the number of moves.
STEPS = {1: ("solid", "circle"), 2: ("5px,3px", "square"), 3: ("2px,3px", "diamond")}
#: Pixels below its end where an arrow leaves the trunk that it shares with others.
BEND = 16
NAMES = ("you are here", "one move", "two moves", "three moves")
#: The route that is pointed out: a bright core in a dark casing, so gray print keeps it apart.
ROUTE = theme.VERMILION

Mark = dict[str, Any]
Drawn = tuple[list[Mark], list[Mark]]


def marker_size(openings: float | None) -> float:
    """Diameter in pixels: the area grows with openings per year, within readable bounds."""
    if openings is None or pd.isna(openings):
        return 7.0
    return min(max(0.07 * math.sqrt(max(float(openings), 0.0)), 7.0), 25.0)


def symbol(steps: int) -> str:
    """Symbol of an occupation that many moves away; 0 is where the reader is."""
    return "star" if steps == 0 else STEPS.get(steps, STEPS[3])[1]


def elbow(
    start: tuple[float, float], end: tuple[float, float], radii: tuple[float, float], scale: float
) -> tuple[list[float], list[float]]:
    """Corners of an arrow that first climbs to the row of its end, then runs along it.

    Up is schooling, along is pay, so the second part is as long as the gain in pay. It stops
    before the points.

    Parameters
    ----------
    start, end : (x, y)
        x in units of the axis, y in pixels.
    radii : (start, end)
        Of the points, pixels.
    scale : float
        Units of the x axis a pixel.
    """
    (x0, y0), (x1, y1) = start, end
    along, up = (x1 - x0) / scale, y1 - y0
    first, last = radii[0] + 2, radii[1] + 3
    if abs(along) > last + 8 and abs(up) > first:
        side, climb = math.copysign(1, along), math.copysign(1, up)
        return [x0, x0, x1 - side * last * scale], [y0 + climb * first, y1, y1]
    climb = math.copysign(1, up)
    if abs(up) > BEND + first + last:
        # Nearly the same pay: along the trunk of the others, and into the point from below.
        turn = (x0, y1 - climb * (BEND + last))
        head, tail = (x1, y1), [(x0, y0 + climb * first), turn]
        slope = math.hypot(along, BEND + last)
        share = last / slope
        tip = (head[0] - (head[0] - turn[0]) * share, head[1] - (head[1] - turn[1]) * share)
        return [x for x, _ in [*tail, tip]], [y for _, y in [*tail, tip]]
    length = math.hypot(along, up) or 1.0
    a, b = min(first / length, 0.4), min(last / length, 0.4)
    return [x0 + (x1 - x0) * a, x1 - (x1 - x0) * b], [y0 + up * a, y1 - up * b]


def arrow_width(feasibility: float | None) -> float:
    """Pixels: 1 for a move that is hardly feasible, 8 for one that surely is."""
    return 2.0 if feasibility is None else 1 + 7 * min(max(feasibility, 0.0), 1.0)


def arrow_gray(feasibility: float | None) -> str:
    """Pale for a move that is hardly feasible. Opaque: arrows that share a part do not add up."""
    share = 0.4 if feasibility is None else min(max(feasibility, 0.0), 1.0)
    level = round(210 - 190 * share)
    return f"rgb({level}, {level}, {level})"


def arrows(
    moves: pd.DataFrame,
    spot: dict[str, tuple[float, float]],
    size: dict[str, float],
    scale: float,
) -> list[Mark]:
    """One trace a move, the least feasible first: what counts most lies on top.

    Parameters
    ----------
    moves : DataFrame
        from_soc, to_soc, step, and feasibility (0 to 1) if known; a move is left out where an
        end of it has no spot.
    spot : dict
        soc_code -> x in units of the axis and y in pixels.
    size : dict
        soc_code -> diameter of its point, pixels.
    scale : float
        Units of the x axis a pixel.
    """
    traces = []
    rows = moves.assign(feasibility=moves.get("feasibility", float("nan")))
    for row in records(rows.sort_values("feasibility", na_position="first")):
        start, end = row["from_soc"], row["to_soc"]
        if start not in spot or end not in spot or start == end:
            continue
        share = theme.number(row["feasibility"])
        dash = STEPS.get(int(row["step"]), STEPS[3])[0]
        radii = (size[start] / 2, size[end] / 2)
        corners = elbow(spot[start], spot[end], radii, scale)
        traces.append(_arrow(corners, arrow_gray(share), arrow_width(share), dash, "move"))
    return traces


def route_arrows(
    route: Sequence[str],
    spot: dict[str, tuple[float, float]],
    size: dict[str, float],
    scale: float,
) -> list[Mark]:
    """The arrows of one route from stop to stop, each a casing and a core; named ``route``."""
    casings, cores = [], []
    for start, end in zip(route, route[1:], strict=False):
        if start not in spot or end not in spot or start == end:
            continue
        radii = (size[start] / 2, size[end] / 2)
        corners = elbow(spot[start], spot[end], radii, scale)
        casings.append(_arrow(corners, theme.INK, 7, "solid", "route"))
        cores.append(_arrow(corners, ROUTE, 3.5, "solid", "route"))
    return casings + cores


def _arrow(
    corners: tuple[list[float], list[float]], color: str, width: float, dash: str, name: str
) -> Mark:
    xs, ys = corners
    head = round(8 + 1.5 * width, 1)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": xs,
        "y": ys,
        "hoverinfo": "skip",
        "name": name,
        "showlegend": False,
        "line": {"color": color, "width": round(width, 1), "dash": dash},
        "marker": {
            "symbol": "arrow",
            "angleref": "previous",
            "size": [0] * (len(xs) - 1) + [head],
            "color": color,
            "opacity": 1,
            "line": {"width": 0},
        },
    }


@dataclass(frozen=True)
class Entry:
    """One mark of the legend: a point (symbol) or a line (width), and what it means."""

    text: str
    symbol: str = ""
    color: str = theme.INK
    width: float = 0.0
    dash: str = "solid"


def entries(steps: Sequence[int], later: bool, route: bool) -> list[Entry]:
    """What the legend explains: only marks that are drawn."""
    found = [Entry(NAMES[s], symbol(s)) for s in sorted(set(steps)) if s < len(NAMES)]
    found.append(Entry("the middle half of wages", color=RANGE, width=9))
    if len(found) > 2:
        found.append(Entry("feasible move", color=arrow_gray(0.6), width=arrow_width(0.6)))
        found.append(Entry("hardly feasible move", color=arrow_gray(0.1), width=arrow_width(0.1)))
    if later:
        found.append(Entry("later move", color=arrow_gray(0.4), width=2.5, dash=STEPS[2][0]))
    if route:
        found.append(Entry("highlighted route", color=ROUTE, width=3.5))
    return found


#: Height of a line of the legend, pixels.
LEGEND_LINE = 21
_GLYPHS = {"star": "★", "circle": "○", "square": "□", "diamond": "◇"}


def legend(found: Sequence[Entry], left: float, column: float, across: int, below: float) -> Drawn:
    """The legend under a plot, in columns; Plotly's own moves the plot to make room.

    Parameters
    ----------
    found : sequence of Entry
        What it explains.
    left, column : float
        Pixels: where it starts left of the plot, and the width of a column.
    across : int
        Columns.
    below : float
        Pixels from the foot of the plot to its first line.

    Returns
    -------
    shapes, annotations : list of dict
    """
    shapes: list[Mark] = []
    notes: list[Mark] = []
    for i, entry in enumerate(found):
        x, y = (i % across) * column - left, -below - LEGEND_LINE * (i // across) - 9
        place = {"xref": "paper", "yref": "paper", "x": 0, "y": 0, "yshift": y}
        shared = {"showarrow": False, "yanchor": "middle", **place}
        if entry.symbol:
            glyph = {"text": _GLYPHS[entry.symbol], "font": {"size": 17, "color": theme.INK}}
            notes.append({**glyph, **shared, "xanchor": "center", "xshift": x + 14})
        else:
            lines = [(entry.color, entry.width, entry.dash)]
            if entry.color == ROUTE:
                lines.insert(0, (theme.INK, 7, "solid"))
            for color, width, dash in lines:
                shapes.append(
                    {
                        "type": "line", "xref": "paper", "yref": "paper", "xsizemode": "pixel",
                        "ysizemode": "pixel", "xanchor": 0, "yanchor": 0, "x0": x, "x1": x + 28,
                        "y0": y, "y1": y, "line": {"color": color, "width": width, "dash": dash},
                    }
                )  # fmt: skip
        text = {"text": theme.escape(entry.text), "font": {"size": 11, "color": theme.INK}}
        notes.append({**text, **shared, "xanchor": "left", "xshift": x + 34, "name": "legend"})
    return shapes, notes


#: Color of a wage range.
RANGE = "#c9c9c9"
