"""Figures of the look back: exposure against what happened, every way of asking, forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipelines.charts.kit import theme
from pipelines.charts.kit.labels import place, short_title, text_size
from pipelines.market.lookback import EXPOSURE_COLUMN, MAIN_SPECIFICATION, MEASURE_NAMES

ROW = 30
#: Occupations named in a scatter: more, and the names cover the points.
MAX_NAMED_OCCUPATIONS = 7
SERIES = {
    "before": ("circle-open", theme.GRAY, -7),
    "after": ("square", theme.BLUE, 7),
}


@theme.chart
def exposure_and_change(
    panels: Sequence[tuple[str, pd.DataFrame, float]],
    finding: str,
    sources: str,
    *,
    outcome: str,
    note: str = "",
    height: int = 430,
) -> theme.Plain:
    """What happened to occupations against their exposure, a panel a window.

    Parameters
    ----------
    panels : sequence of (name, frame, slope)
        frame: ``x`` (exposure), ``y`` (percent per year), ``jobs``, ``title``, ``is_technician``,
        ``focus`` (selected occupation); slope: of the weighted line, percent per year over
        the whole scale.
    finding, sources : str
        Sentence on top; line at the foot.
    outcome : str
        Name of what changed.
    note : str
        Whose jobs the mark of the selected occupation holds.
    """
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    layout: dict[str, Any] = {}
    width, gap = theme.WIDTH, 0.06
    span = (1 - gap * (len(panels) - 1)) / len(panels)
    values = pd.concat([frame["y"] for _, frame, _ in panels])
    low, high = _limits(values)
    beyond = int(((values < low) | (values > high)).sum())
    for i, (name, frame, slope) in enumerate(panels):
        axis = "" if i == 0 else str(i + 1)
        start = i * (span + gap)
        for technicians, color, symbol in (
            (False, "#9a9a9a", "circle"),
            (True, theme.BLUE, "diamond"),
        ):
            part = frame[frame["is_technician"] == technicians]
            traces.append(
                _points(part, axis, low, high, color, symbol, outcome, technicians, i == 0)
            )
        centre = np.average(frame["x"], weights=frame["jobs"])
        level = np.average(frame["y"], weights=frame["jobs"])
        ends = np.array([frame["x"].min(), frame["x"].max()])
        traces.append(
            {
                "type": "scatter", "mode": "lines", "x": ends.round(4).tolist(),
                "y": (level + slope * (ends - centre)).round(4).tolist(),
                "xaxis": f"x{axis}", "yaxis": f"y{axis}", "showlegend": i == 0,
                "name": "line through all, weighted by jobs",
                "line": {"color": theme.VERMILION, "width": 3}, "hoverinfo": "skip",
            }
        )  # fmt: skip
        notes += _names(frame, axis, (low, high), span * (width - 90), height)
        notes.append(
            {
                "text": f"<b>{theme.escape(name)}</b>", "x": start, "xref": "paper",
                "xanchor": "left", "y": 1, "yref": "paper", "yanchor": "bottom",
                "showarrow": False,
            }
        )  # fmt: skip
        layout[f"xaxis{axis}"] = {
            "domain": [start, start + span], "anchor": f"y{axis}", "range": [-0.02, 0.9],
            "title": {"text": "exposure (0 none to 1 all)", "standoff": 6},
        }  # fmt: skip
        layout[f"yaxis{axis}"] = {
            "anchor": f"x{axis}", "range": [low, high], "zeroline": True,
            "zerolinecolor": theme.GRAY, "ticksuffix": "%",
            "title": {"text": f"{outcome}, change a year" if i == 0 else ""},
        }  # fmt: skip
    outside = f" {beyond} points beyond the axis stand at its edge." if beyond else ""
    return theme.figure(
        traces,
        finding,
        "Each mark is a group of occupation codes that means the same before and after 2018; its "
        "area grows with the jobs in it; blue diamonds hold technician occupations alone. The line "
        "is weighted by jobs and shows what went together, not why."
        + " ".join(["", note] if note else [])
        + outside,
        sources,
        height=height,
        width=width,
        margin={"l": 70, "r": 20, "t": 26, "b": 86},
        annotations=notes,
        hovermode="closest",
        legend={"orientation": "h", "x": 0, "y": -52 / height, "yanchor": "top"},
        **layout,
    )


def _limits(values: pd.Series) -> tuple[float, float]:
    """Axis that holds all but the outermost hundredths: a few small codes would squeeze it."""
    low, high = (float(values.quantile(q)) for q in (0.015, 0.985))
    room = 0.08 * (high - low)
    return float(np.floor(low - room)), float(np.ceil(high + room))


def _points(
    part: pd.DataFrame, axis: str, low: float, high: float, color: str, symbol: str,
    outcome: str, technicians: bool, legend: bool,
) -> dict[str, Any]:  # fmt: skip
    size = np.clip(0.02 * np.sqrt(part["jobs"]), 3, 34)
    return {
        "type": "scatter",
        "mode": "markers",
        "xaxis": f"x{axis}",
        "yaxis": f"y{axis}",
        "x": part["x"].round(4).tolist(),
        "y": part["y"].clip(low, high).round(3).tolist(),
        "name": "technician occupations alone" if technicians else "groups with others",
        "showlegend": legend,
        "hovertext": [
            f"{theme.escape(row.title)}<br>exposure {row.x:.2f}; {outcome} {row.y:+.1f}% per year"
            f"<br>{row.jobs:,.0f} jobs"
            for row in part.itertuples()
        ],
        "hoverinfo": "text",
        "marker": {
            "color": color,
            "symbol": symbol,
            "size": size.round(1).tolist(),
            "opacity": 0.75 if technicians else 0.4,
            "line": {"width": 0.6, "color": "white"},
        },
    }


def _names(
    frame: pd.DataFrame, axis: str, limits: tuple[float, float], wide: float, height: int
) -> list[dict[str, Any]]:
    """Names of selected occupation and of the largest technician occupations."""
    low, high = limits
    ranked = frame[frame["is_technician"] | frame["focus"]]
    ranked = ranked.sort_values(["focus", "jobs"], ascending=False).head(MAX_NAMED_OCCUPATIONS)
    if ranked.empty:
        return []
    x = ranked["x"].to_numpy() / 0.92 * wide + 0.02 / 0.92 * wide
    y = (high - ranked["y"].clip(low, high).to_numpy()) / (high - low) * height
    texts = [short_title(t, 30) for t in ranked["title"]]
    spots = list(zip(x.tolist(), y.tolist(), strict=True))
    solid = [(a - 6, b - 6, a + 6, b + 6) for a, b in spots]
    offsets = place(spots, [text_size([t], 11) for t in texts], solid, [], (0, 0, wide, height))
    notes = []
    for row, text, (dx, dy) in zip(ranked.itertuples(), texts, offsets, strict=True):
        weight = f"<b>{theme.escape(text)}</b>" if row.focus else theme.escape(text)
        notes.append(
            {
                "x": row.x, "y": float(np.clip(row.y, low, high)), "xref": f"x{axis}",
                "yref": f"y{axis}", "ax": dx, "ay": dy, "text": weight, "showarrow": True,
                "arrowhead": 0, "arrowwidth": 0.8, "arrowcolor": theme.GRAY,
                "font": {"size": 11}, "bgcolor": "rgba(255,255,255,0.7)",
            }
        )  # fmt: skip
    return notes


@theme.chart
def every_way_of_asking(table: pd.DataFrame, finding: str, sources: str) -> theme.Plain:
    """Effect by one standard deviation of exposure with its interval, a row a way of asking.

    Parameters
    ----------
    table : DataFrame
        From `lookback.lookback`.
    finding, sources : str
        Sentence on top; line at the foot.
    """
    known = table.dropna(subset=["effect_sd"])
    known = known[known["outcome"] != "real median pay"]
    names = list(dict.fromkeys(known["window"]))
    windows = {"before": names[0], "after": names[1]}
    known = known.assign(
        row=known["specification"].where(
            known["measure"] == EXPOSURE_COLUMN,
            known["measure"].map(lambda m: MEASURE_NAMES.get(m, m)),
        )
    )
    rows = list(dict.fromkeys(known["row"]))
    others = (known["measure"] != EXPOSURE_COLUMN).any()
    place_of = {row: i * ROW for i, row in enumerate(rows)}
    traces: list[dict[str, Any]] = []
    layout: dict[str, Any] = {}
    notes: list[dict[str, Any]] = []
    height = ROW * len(rows)
    for i, (outcome, part) in enumerate(known.groupby("outcome", sort=False)):
        axis = "" if i == 0 else str(i + 1)
        domain = [0.0, 0.475] if i == 0 else [0.525, 1.0]
        for key, (symbol, color, shift) in SERIES.items():
            own = part[part["window"] == windows[key]]
            when = "before the tools" if key == "before" else "after"
            traces.append(
                {
                    "type": "scatter", "mode": "markers", "xaxis": f"x{axis}", "yaxis": "y",
                    "name": f"{windows[key]} ({when})", "showlegend": i == 0,
                    "x": own["effect_sd"].round(4).tolist(),
                    "y": [place_of[r] + shift for r in own["row"]],
                    "error_x": {
                        "type": "data", "symmetric": False, "thickness": 1.6, "width": 0,
                        "array": (own["sd_high"] - own["effect_sd"]).round(4).tolist(),
                        "arrayminus": (own["effect_sd"] - own["sd_low"]).round(4).tolist(),
                    },
                    "marker": {"symbol": symbol, "color": color, "size": 8},
                    "hovertemplate": "%{x:+.2f}% per year<extra>" + windows[key] + "</extra>",
                }
            )  # fmt: skip
        layout[f"xaxis{axis}"] = {
            "domain": domain, "anchor": "y", "zeroline": True, "zerolinecolor": theme.INK,
            "zerolinewidth": 1.5, "ticksuffix": "%",
            "title": {"text": f"{outcome}, a year", "standoff": 6},
        }  # fmt: skip
    asked = known.loc[known["row"] == MAIN_SPECIFICATION.name, "row"]
    labels = [f"<b>{r}</b>" if r in set(asked) else theme.escape(r) for r in rows]
    return theme.figure(
        traces,
        finding,
        "Growth of occupations with exposure higher by one standard deviation less growth of those "
        "at the mean, percent per year, weighted by jobs unless the row says otherwise, with 95% "
        "intervals. In bold what was asked first; below it "
        + ("checks, then published measures in place of ours." if others else "checks."),
        sources,
        height=height,
        width=theme.WIDTH,
        margin={"l": 300, "r": 20, "t": 8, "b": 84},
        annotations=notes,
        yaxis={
            "range": [height - ROW / 2, -ROW / 2], "tickvals": list(place_of.values()),
            "ticktext": labels, "showgrid": False,
        },
        legend={"orientation": "h", "x": 0, "y": -50 / height, "yanchor": "top"},
        hovermode="closest",
        **layout,
    )  # fmt: skip


@theme.chart
def forecast_and_outcome(
    frame: pd.DataFrame, sources: str, focus: str = "", most: int = 24
) -> theme.Plain:
    """Projected growth beside what came so far, a row a technician occupation.

    Parameters
    ----------
    frame : DataFrame
        From `forecasts.forecasts`.
    sources : str
        Line at the foot.
    focus : str
        SOC code that is always drawn, in bold.
    most : int
        Occupations drawn: those with most jobs.
    """
    decade = next(c.removeprefix("projected_") for c in frame if c.startswith("projected_"))
    window = next(c.removeprefix("actual_") for c in frame if c.startswith("actual_2"))
    held = frame[frame["is_technician"] | (frame["soc_code"] == focus)]
    held = held.dropna(subset=["difference"])
    held = held.assign(mine=held["soc_code"] == focus)
    above, below = int((held["difference_low"] > 0).sum()), int((held["difference_high"] < 0).sum())
    # Without an error nobody can say whether it is beyond it.
    total = int(held["difference_low"].notna().sum())
    held = held.sort_values(["mine", "employment"], ascending=False).head(most)
    held = held.sort_values("difference", ascending=False)
    y = [ROW * i for i in range(len(held))]
    height = ROW * len(held)
    reach = (1.96 * held[f"actual_se_{window}"]).round(3)
    labels = [
        f"<b>{theme.escape(short_title(r.title, 40))}</b>"
        if r.mine
        else theme.escape(short_title(r.title, 40))
        for r in held.itertuples()
    ]
    traces = [
        {
            "type": "scatter", "mode": "markers", "name": f"projected for {decade}",
            "x": held[f"projected_{decade}"].round(3).tolist(), "y": y,
            "marker": {"symbol": "line-ns-open", "size": 15, "color": theme.VERMILION,
                       "line": {"width": 3}},
            "hovertemplate": "projected %{x:+.1f}% per year<extra></extra>",
        },
        {
            "type": "scatter", "mode": "markers",
            "name": f"OEWS {window}, with 95% error (wage and salary jobs)",
            "x": held[f"actual_{window}"].round(3).tolist(), "y": y,
            "error_x": {"type": "data", "array": reach.tolist(), "thickness": 1.6, "width": 0},
            "marker": {"symbol": "circle", "size": 9, "color": theme.BLUE},
            "hovertemplate": "OEWS %{x:+.1f}% per year<extra></extra>",
        },
        {
            "type": "scatter", "mode": "markers",
            "name": "BLS's own base years, no error published (all jobs)",
            "x": [theme.number(v) for v in held["matrix_actual"].round(3)], "y": y,
            "marker": {"symbol": "diamond-open", "size": 9, "color": theme.GRAY},
            "hovertemplate": "base years %{x:+.1f}% per year<extra></extra>",
        },
    ]  # fmt: skip
    return theme.figure(
        traces,
        f"Of {total} technician occupations, {above} grew clearly faster and {below} clearly "
        f"slower in {window} than BLS projects for {decade}",
        f"Growth in percent per year of the {len(held)} with most jobs. The projection is for ten "
        "years of which few have passed, and OEWS's window starts a year before it.",
        sources,
        height=height,
        width=theme.WIDTH,
        margin={"l": 300, "r": 20, "t": 8, "b": 128},
        xaxis={"zeroline": True, "zerolinecolor": theme.GRAY, "ticksuffix": "%",
               "title": {"text": "growth of employment, percent per year", "standoff": 6}},
        yaxis={"range": [height - ROW / 2, -ROW / 2], "tickvals": y, "ticktext": labels},
        legend={"x": 0, "y": -52 / max(height, 1), "yanchor": "top",
                "font": {"size": 12}},
        hovermode="closest",
    )  # fmt: skip
