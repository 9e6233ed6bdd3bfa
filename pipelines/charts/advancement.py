"""Figure: where a worker can go, against the education that the destination requires."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pipelines.charts import labels, marks, theme
from pipelines.pathways.education import LEVELS

PLOT_WIDTH, PLOT_HEIGHT = 880, 520
NARROW = 72  # pixels of a level with few points: its name still fits
FONT = 11


def finding(origin: dict[str, Any], destinations: pd.DataFrame) -> str:
    """The sentence on top: the most feasible better paid moves at the lowest and highest level.

    Without a column ``feasibility``, the best paid.
    """
    known = destinations.dropna(subset=["annual_median_wage"])
    wage = theme.number(origin["annual_median_wage"])
    if wage is None:
        return f"{len(destinations)} moves from {origin['title']}, whose own wage is not published"
    gain = known[known["annual_median_wage"] > wage]
    if gain.empty:
        return f"No better paid move was found for {origin['title']}"
    levels = gain["required_education"].map({level: i for i, level in enumerate(LEVELS)})
    by = "feasibility" if "feasibility" in gain else "annual_median_wage"
    gain = gain.assign(level=levels).dropna(subset=["level"]).sort_values(by, ascending=False)
    if gain.empty:
        return f"No move with a known required education was found for {origin['title']}"
    near = gain[gain["level"] == gain["level"].min()].iloc[0]
    best = gain[gain["level"] == gain["level"].max()].iloc[0]
    text = (
        f"From {origin['title']}, {len(gain)} of {len(destinations)} moves pay more: "
        f"{theme.money(near['annual_median_wage'])} as {near['title']} "
        f"({str(near['required_education']).lower()})"
    )
    if best["title"] != near["title"]:
        text += (
            f", {theme.money(best['annual_median_wage'])} as {best['title']} "
            f"({str(best['required_education']).lower()})"
        )
    return text


def positions(levels: list[int]) -> tuple[list[float], list[float]]:
    """Horizontal pixels of points by level, and the nine borders between the eight levels.

    A level gets room by the number of its points, and each point a column of its own, so bars
    of one level never cover each other.
    """
    counts = [levels.count(i) for i in range(len(LEVELS))]
    # The widest column that fits: levels with few points stay NARROW, the others share the rest.
    column = float(PLOT_WIDTH)
    while sum(max(NARROW, column * c) for c in counts) > PLOT_WIDTH and column > 1:
        column *= 0.98
    widths = [max(NARROW, column * c) for c in counts]
    spare = (PLOT_WIDTH - sum(widths)) / len(LEVELS)
    borders = [0.0]
    for width in widths:
        borders.append(borders[-1] + width + spare)
    seen = [0] * len(LEVELS)
    xs = []
    for level in levels:
        left, right = borders[level], borders[level + 1]
        xs.append(left + (right - left) * (seen[level] + 0.5) / counts[level])
        seen[level] += 1
    return xs, borders


def _drawable(origin: dict[str, Any], destinations: pd.DataFrame) -> pd.DataFrame:
    """Origin first, then the destinations that have a wage and a level, in drawing order."""
    frame = pd.concat([pd.DataFrame([{**origin, "steps": 0}]), destinations], ignore_index=True)
    rank = {level: i for i, level in enumerate(LEVELS)}
    frame["level"] = frame["required_education"].map(rank)
    frame = frame.dropna(subset=["level", "annual_median_wage"])
    frame["level"] = frame["level"].astype(int)
    return frame.sort_values(["level", "annual_median_wage"], ignore_index=True)


def advancement_paths(
    origin: dict[str, Any] | pd.Series,
    destinations: pd.DataFrame,
    moves: pd.DataFrame,
    sources: str,
) -> go.Figure:
    """Destinations against required education, with pay, exposure, openings and the moves.

    Parameters
    ----------
    origin : mapping
        soc_code, title, required_education (one of `education.LEVELS`), annual_median_wage,
        annual_p10_wage, annual_p90_wage (US dollars a year), exposure (0 to 1),
        annual_openings (jobs).
    destinations : DataFrame
        The same columns and steps (1 to 3), one row a destination; at most 15 stay readable.
        Rows without a level or a median wage are not drawn.
    moves : DataFrame
        Arrows: from_soc, to_soc, step.
    sources : str
        Source, vintage and licence line.

    Returns
    -------
    Figure
        Of fixed width (its labels are placed in pixels).
    """
    origin = dict(origin)
    frame = _drawable(origin, destinations)
    xs, borders = positions(frame["level"].tolist())
    highs = frame["annual_p90_wage"].fillna(frame["annual_median_wage"])
    top = float(highs.max()) * 1.06 if len(frame) else 1.0
    scale = top / PLOT_HEIGHT  # dollars a pixel
    medians = frame["annual_median_wage"].tolist()
    sizes = [marks.marker_size(v) for v in frame["annual_openings"]]
    spot = dict(zip(frame["soc_code"], zip(xs, medians, strict=True), strict=True))
    exposure = [theme.number(v) for v in frame["exposure"]]
    start = frame["steps"].eq(0).tolist()

    lines, placed_points, placed_sizes, solid, thin = [], [], [], [], []
    for i, row in enumerate(frame.to_dict("records")):
        x, y = xs[i], PLOT_HEIGHT - medians[i] / scale
        name = textwrap.wrap(labels.short_title(row["title"]), 19) or [""]
        value = "exposure not known" if exposure[i] is None else f"exposure {exposure[i]:.2f}"
        lines.append((name, value))
        placed_points.append((x, y))
        placed_sizes.append(labels.text_size([*name, value], FONT))
        half = sizes[i] / 2 + 2
        solid.append((x - half, y - half, x + half, y + half))
        low = row["annual_p10_wage"] if pd.notna(row["annual_p10_wage"]) else medians[i]
        thin.append((x - 2, PLOT_HEIGHT - highs.iloc[i] / scale, x + 2, PLOT_HEIGHT - low / scale))
    offsets = labels.place(
        placed_points, placed_sizes, solid, thin, (0, 0, PLOT_WIDTH, PLOT_HEIGHT)
    )
    notes: list[dict[str, Any]] = []
    for i, ((name_lines, value), (dx, dy)) in enumerate(zip(lines, offsets, strict=True)):
        shown = "<br>".join(theme.escape(line) for line in name_lines)
        shown = f"<b>{shown}</b>" if start[i] else shown
        notes.append(
            {
                "x": xs[i],
                "y": medians[i],
                "ax": dx,
                "ay": dy,
                "axref": "pixel",
                "ayref": "pixel",
                "text": f"{shown}<br><i>{value}</i>",
                "showarrow": True,
                "arrowhead": 0,
                "arrowwidth": 0.8,
                "arrowcolor": theme.GREY,
                "standoff": sizes[i] / 2,
                "font": {"size": FONT},
                "bgcolor": "rgba(255,255,255,0.78)",
                "borderpad": 1,
            }
        )

    traces = marks.arrows(moves, spot, dict(zip(frame["soc_code"], sizes, strict=True)), scale)
    for step, label in ((0, "you are here"), (1, "one move"), (2, "two moves"), (3, "three moves")):
        rows = [i for i, s in enumerate(frame["steps"]) if int(s) == step]
        if not rows:
            continue
        part = frame.iloc[rows]
        up = (part["annual_p90_wage"] - part["annual_median_wage"]).fillna(0)
        down = (part["annual_median_wage"] - part["annual_p10_wage"]).fillna(0)
        hover = [
            f"<b>{theme.escape(r['title'])}</b> ({r['soc_code']})<br>{r['required_education']}<br>"
            + theme.escape(
                f"median {theme.money(r['annual_median_wage'])}, 10th to 90th "
                f"percentile {_range(r)}"
            )
            + f"<br>{_openings(r['annual_openings'])}"
            for r in part.to_dict("records")
        ]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": label,
                "x": [round(xs[i], 1) for i in rows],
                "y": [medians[i] for i in rows],
                "hovertext": hover,
                "hoverinfo": "text",
                "error_y": {
                    "type": "data",
                    "symmetric": False,
                    "array": up.tolist(),
                    "arrayminus": down.tolist(),
                    "color": theme.GREY,
                    "thickness": 1.4,
                    "width": 4,
                },
                "marker": {
                    "symbol": "star" if step == 0 else marks.STEPS[step][1],
                    # A square of the same width holds more ink than a circle.
                    "size": [
                        round(
                            max(sizes[i], 16)
                            if step == 0
                            else sizes[i] * (0.89 if step > 1 else 1),
                            1,
                        )
                        for i in rows
                    ],
                    "color": [
                        "#ffffff" if exposure[i] is None else theme.shade(exposure[i]) for i in rows
                    ],
                    "opacity": 1,
                    "line": {"color": theme.INK, "width": 1.3},
                },
            }
        )
    traces.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": [None],
            "y": [None],
            "showlegend": False,
            "hoverinfo": "skip",
            "marker": {"color": [0], "coloraxis": "coloraxis"},
        }
    )
    shapes, size_notes = marks.size_legend((10_000, 50_000, 150_000), PLOT_HEIGHT)
    shapes += [
        {
            "type": "line",
            "xref": "x",
            "yref": "paper",
            "x0": b,
            "x1": b,
            "y0": 0,
            "y1": 1,
            "layer": "below",
            "line": {"color": theme.PALE, "width": 1},
        }
        for b in borders[1:-1]
    ]
    centres = [(a + b) / 2 for a, b in zip(borders, borders[1:], strict=False)]
    left_out = len(destinations) + 1 - len(frame)
    reading = (
        "Points: national median wage; bars: 10th to 90th percentile. Solid arrows: first "
        "move; dashed: second. Exposure: how far language-model software could speed up "
        "the tasks, 0 to 1; not a forecast of job loss."
        + (f" Left out for want of a published wage: {left_out}." if left_out else "")
    )
    if (frame["annual_p90_wage"].isna() | frame["annual_p10_wage"].isna()).any():
        reading += " A bar that lacks an end: that percentile is not published or top-coded."
    return theme.figure(
        traces,
        finding(origin, destinations),
        reading,
        sources,
        height=PLOT_HEIGHT,
        width=PLOT_WIDTH + 92 + 150,
        margin={"l": 92, "r": 150, "t": 10, "b": 76},
        annotations=[*notes, *size_notes],
        shapes=shapes,
        hovermode="closest",
        xaxis={
            "range": [0, PLOT_WIDTH],
            "tickvals": centres,
            "showgrid": False,
            "ticks": "",
            "ticktext": [theme.wrap(level, 13) for level in LEVELS],
            "tickfont": {"size": 10},
            "tickangle": 0,
            "title": {"text": "required education (typical entry level)", "standoff": 4},
        },
        yaxis={
            "range": [0, top],
            "tickformat": "$,d",
            "title": {"text": "annual wage (US $)", "standoff": 6},
        },
        coloraxis={
            "colorscale": theme.SEQUENTIAL,
            "cmin": 0,
            "cmax": 1,
            "colorbar": {
                "title": {"text": "task exposure", "font": {"size": 12}},
                "len": 0.40,
                "y": 1,
                "yanchor": "top",
                "thickness": 14,
                "x": 1.015,
                "tickvals": [0, 0.25, 0.5, 0.75, 1],
            },
        },
        legend={
            "x": 1.01,
            "xanchor": "left",
            "y": 0,
            "yanchor": "bottom",
            "itemsizing": "constant",
            "font": {"size": 12},
        },
    )


def _range(row: dict[str, Any]) -> str:
    ends = [row["annual_p10_wage"], row["annual_p90_wage"]]
    low, high = ("not published" if pd.isna(v) else theme.money(v) for v in ends)
    return f"{low} to {high}"


def _openings(value: object) -> str:
    known = theme.number(value)
    return "openings not published" if known is None else f"{known:,.0f} openings a year"
