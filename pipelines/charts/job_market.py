"""Figures of the job market: pay and outlook, openings by cause, places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipelines.base.records import records
from pipelines.charts.kit import theme
from pipelines.charts.kit.labels import place, short_title, text_size

ROW = 24
MAX_NAMED_OCCUPATIONS = 9
#: What the chart of places reads of each.
_OF_PLACE = (
    "area_title", "employment", "employment_rse", "guard", "location_quotient", "lq_low", "lq_high",
    "annual_mean_wage", "wage_low", "wage_high",
)  # fmt: skip
#: Fill and pattern of the causes of openings: pattern and order tell them apart in print.
OPENING_CAUSES = {
    "transfers": ("moves to other occupations", theme.SKY, ""),
    "exits": ("exits from the labor force", theme.BLUE, "/"),
    "growth": ("growth", theme.VERMILION, "x"),
}


@theme.chart
def pay_and_outlook_chart(frame: pd.DataFrame, sources: str, focus: str = "") -> theme.Plain:
    """Median wage and projected growth of technician occupations against exposure.

    Parameters
    ----------
    frame : DataFrame
        From `job_market.pay_and_outlook_chart`.
    sources : str
        Line at the foot.
    focus : str
        SOC code drawn as a star and named.
    """
    height, width, gap = 430, theme.WIDTH, 0.08
    span = (1 - gap) / 2
    columns = {
        "annual_median_wage": ("median wage (US $ per year)", {"tickformat": "$,d"}),
        "employment_change_percent": ("projected change of jobs", {"ticksuffix": "%"}),
    }
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    layout: dict[str, Any] = {}
    said = []
    for i, (column, (title, ticks)) in enumerate(columns.items()):
        axis = "" if i == 0 else "2"
        held = frame.dropna(subset=["exposure", column, "employment"])
        mine = held["soc_code"] == focus
        rank = held["exposure"].corr(held[column], method="spearman")
        low, high = float(held[column].min()), float(held[column].max())
        room = 0.08 * (high - low)
        low, high = low - room, high + room
        left, right = held["exposure"].min() - 0.05, held["exposure"].max() + 0.05
        said.append(f"{rank:.2f} with {title.split(' (')[0]} (n = {len(held)})")
        for part, symbol, color, name in (
            (held[~mine], "circle", theme.BLUE, "technician occupation"),
            (held[mine], "star", theme.VERMILION, "selected occupation"),
        ):
            star = symbol == "star"
            size = np.clip(0.03 * np.sqrt(part["employment"]), 5, 30).round(1).tolist()
            traces.append(
                {
                    "type": "scatter", "mode": "markers", "xaxis": f"x{axis}",
                    "yaxis": f"y{axis}", "name": name, "showlegend": i == 0 and len(part) > 0,
                    "x": part["exposure"].round(4).tolist(), "y": part[column].tolist(),
                    "hovertext": [
                        f"{theme.escape(r['title'])}<br>exposure {r['exposure']:.2f}"
                        f"<br>{title}: {r[column]:,.1f}" for r in records(part)
                    ],
                    "hoverinfo": "text",
                    "marker": {
                        "symbol": symbol, "color": color, "opacity": 1 if star else 0.6,
                        "size": [17] * len(part) if star else size,
                        "line": {"width": 0.8, "color": "white"},
                    },
                }
            )  # fmt: skip
        notes += _named(held.assign(mine=mine), column, axis, (left, right), (low, high),
                        (span * (width - 110), height))  # fmt: skip
        start = i * (span + gap)
        layout[f"xaxis{axis}"] = {
            "domain": [start, start + span], "anchor": f"y{axis}", "range": [left, right],
            "title": {"text": "exposure (0 none to 1 all)", "standoff": 6},
        }  # fmt: skip
        layout[f"yaxis{axis}"] = {
            "anchor": f"x{axis}", "range": [low, high], "zeroline": i == 1,
            "zerolinecolor": theme.GRAY, "title": {"text": title, "font": {"size": 12}}, **ticks,
        }  # fmt: skip
    decades = frame["decade"].dropna()
    decade = decades.iloc[0] if len(decades) else "the decade"
    return theme.figure(
        traces,
        f"Among technicians, exposure's rank correlation is {said[0]} and {said[1]}",
        f"Median wage now, and BLS's projected change of employment over {decade}; the area of a "
        "mark grows with its jobs. Association is not causation.",
        sources,
        height=height,
        width=width,
        margin={"l": 88, "r": 20, "t": 10, "b": 84},
        annotations=notes,
        hovermode="closest",
        legend={"orientation": "h", "x": 0, "y": -52 / height, "yanchor": "top"},
        **layout,
    )


def _named(
    held: pd.DataFrame, column: str, axis: str, across: tuple[float, float],
    up: tuple[float, float], area: tuple[float, float],
) -> list[dict[str, Any]]:  # fmt: skip
    """The selected occupation, the outermost values and the largest ones by name."""
    order = held[column].rank(pct=True)
    edge = (order - 0.5).abs() > 0.475
    held = held.assign(score=2.0 * held["mine"] + edge + held["employment"].rank(pct=True) * 0.9)
    ranked = held.sort_values("score", ascending=False).head(MAX_NAMED_OCCUPATIONS)
    x = (ranked["exposure"].to_numpy() - across[0]) / (across[1] - across[0]) * area[0]
    y = (up[1] - ranked[column].to_numpy()) / (up[1] - up[0]) * area[1]
    spots = list(zip(x.tolist(), y.tolist(), strict=True))
    texts = [short_title(t, 30) for t in ranked["title"]]
    solid = [(a - 8, b - 8, a + 8, b + 8) for a, b in spots]
    offsets = place(spots, [text_size([t], 11) for t in texts], solid, [], (0, 0, *area))
    notes = []
    for row, text, (dx, dy) in zip(records(ranked), texts, offsets, strict=True):
        label = theme.escape(text)
        notes.append(
            {
                "x": row["exposure"], "y": row[column], "xref": f"x{axis}", "yref": f"y{axis}",
                "ax": dx, "ay": dy, "showarrow": True, "arrowhead": 0, "arrowwidth": 0.8,
                "arrowcolor": theme.GRAY, "font": {"size": 11},
                "text": f"<b>{label}</b>" if row["mine"] else label,
                "bgcolor": "rgba(255,255,255,0.7)",
            }
        )  # fmt: skip
    return notes


@theme.chart
def openings_by_cause(
    frame: pd.DataFrame, sources: str, focus: str = "", most: int = 18
) -> theme.Plain:
    """Yearly openings by cause, a bar an occupation.

    Parameters
    ----------
    frame : DataFrame
        From `job_market.openings`.
    sources : str
        Line at the foot.
    focus : str
        SOC code that is always drawn, in bold.
    most : int
        Occupations drawn: those with most openings.
    """
    mine = frame[frame["soc_code"] == focus]
    shown = pd.concat([mine, frame[frame["soc_code"] != focus]]).head(most)
    shown = shown.sort_values(["openings", "soc_code"], ascending=[False, True])
    labels = [
        f"<b>{theme.escape(short_title(r.title, 40))}</b>"
        if r.soc_code == focus
        else theme.escape(short_title(r.title, 40))
        for r in shown.itertuples()
    ]
    y = [ROW * i for i in range(len(shown))]
    height = ROW * max(len(shown), 1)
    traces = [
        {
            "type": "bar", "orientation": "h", "name": name, "width": 0.7 * ROW,
            "x": shown[cause].round(0).tolist(), "y": y,
            "marker": {"color": color, "pattern": pattern(shape, color)},
            "hovertemplate": f"{name}: %{{x:,.0f}} a year<extra></extra>",
        }
        for cause, (name, color, shape) in OPENING_CAUSES.items()
    ]  # fmt: skip
    decade = frame["decade"].iloc[0] if len(frame) else ""
    if len(mine):
        row = mine.iloc[0]
        finding = (
            f"{row['title']}: {row['openings']:,.0f} openings per year, "
            f"{row['replacement_percent']:.0f}% of them because workers leave"
        )
    else:
        share = frame["exits"].sum() + frame["transfers"].sum()
        finding = "No openings by cause are published"
        if len(frame):
            share = 100 * share / frame["openings"].sum()
            finding = f"Technicians: {share:.0f}% of openings come because workers leave"
    return theme.figure(
        traces,
        finding,
        f"Openings a year that BLS projects for {decade}. Exits: leaving work altogether; moves: "
        "to another occupation; growth below 0 counts as none.",
        sources,
        height=height,
        width=theme.WIDTH,
        margin={"l": 300, "r": 20, "t": 8, "b": 84},
        barmode="stack",
        xaxis={"tickformat": ",d", "title": {"text": "openings per year (jobs)", "standoff": 6}},
        yaxis={"range": [height - ROW / 2, -ROW / 2], "tickvals": y, "ticktext": labels,
               "showgrid": False},
        legend={"orientation": "h", "x": 0, "y": -52 / height, "yanchor": "top",
                "traceorder": "normal"},
    )  # fmt: skip


def _of_place(row: Mapping[str, Any]) -> str:
    """What is said of a place that is pointed at."""
    error = row["employment_rse"]
    return (
        f"{theme.escape(row['area_title'])}: {row['employment']:,.0f} jobs"
        + (f", error {error:.1f}%" if error >= 0 else "")
        + (f"<br>{row['guard']}" if row["guard"] else "")
    )


@theme.chart
def places_chart(
    frame: pd.DataFrame, title: str, sources: str, finding: str = "", reading: str = ""
) -> theme.Plain:
    """Location quotient and mean wage by place with their errors; guarded places drawn hollow.

    Parameters
    ----------
    frame : DataFrame
        From `places.places`, or `areas.areas`.
    title : str
        Title of the occupation.
    sources : str
        Line at the foot.
    finding, reading : str
        In place of the headline about all places; a sentence more of how to read it.
    """
    shown = frame.dropna(subset=["location_quotient"])
    firm = shown["guard"] == ""
    y = [16 * i for i in range(len(shown))]
    height = 16 * max(len(shown), 1)
    traces: list[dict[str, Any]] = []
    every = [
        row | {"at": at, "hover": _of_place(row)}
        for row, at in zip(records(shown[list(_OF_PLACE)]), y, strict=True)
    ]
    for i, (value, low, high) in enumerate(
        (("location_quotient", "lq_low", "lq_high"), ("annual_mean_wage", "wage_low", "wage_high"))
    ):
        for symbol, name in (
            ("circle", "may be compared"),
            ("circle-open", "small or uncertain: do not compare"),
        ):
            part = [
                row for row in every
                if (row["guard"] == "") == (symbol == "circle") and pd.notna(row[value])
            ]  # fmt: skip
            traces.append(
                {
                    "type": "scatter", "mode": "markers", "name": name, "showlegend": i == 0,
                    "xaxis": "x" if i == 0 else "x2", "yaxis": "y",
                    "x": [row[value] for row in part], "y": [row["at"] for row in part],
                    "error_x": {
                        "type": "data", "symmetric": False, "thickness": 1.3, "width": 0,
                        "array": np.round([r[high] - r[value] for r in part], 3).tolist(),
                        "arrayminus": np.round([r[value] - r[low] for r in part], 3).tolist(),
                    },
                    "marker": {"symbol": symbol, "size": 7,
                               "color": theme.BLUE if symbol == "circle" else theme.GRAY},
                    "hovertext": [row["hover"] for row in part],
                    "hoverinfo": "text+x",
                }
            )  # fmt: skip
    sure = shown[firm]
    dense = int((sure["lq_low"] > 1).sum())
    thin = int((sure["lq_high"] < 1).sum())
    held = f"{len(shown) - len(sure)} of {len(shown)} areas are too small or uncertain to compare"
    dense_or_thin = f"more concentrated than in the nation in {dense} areas, less in {thin}"
    return theme.figure(
        traces,
        finding or f"{title}: {dense_or_thin}; {held}",
        "Location quotient: the occupation's share of an area's jobs over its share of the "
        "nation's; 1 is the same. Bars: 95% intervals from OEWS's standard errors. Wages are not "
        "adjusted for what living costs." + reading,
        sources,
        height=height,
        width=theme.WIDTH,
        margin={"l": 150 if shown["area_title"].str.len().max() < 24 else 270, "r": 20, "t": 8,
                "b": 84},
        xaxis={"domain": [0, 0.48], "type": "log", "title": {"text": "location quotient"},
               "tickvals": [0.1, 0.25, 0.5, 1, 2, 4, 8], "anchor": "y"},
        xaxis2={"domain": [0.52, 1], "tickformat": "$,d", "anchor": "y",
                "title": {"text": "mean wage (US $ per year)"}},
        yaxis={"range": [height - 8, -8], "tickvals": y, "tickfont": {"size": 11},
               "ticktext": [theme.escape(a) for a in shown["area_title"]]},
        shapes=[{"type": "line", "xref": "x", "yref": "paper", "x0": 1, "x1": 1, "y0": 0, "y1": 1,
                 "line": {"color": theme.INK, "width": 1, "dash": "dash"}}],
        legend={"orientation": "h", "x": 0, "y": -50 / height, "yanchor": "top"},
        hovermode="closest",
    )  # fmt: skip


@theme.chart
def largest_areas(
    shown: pd.DataFrame, comparable: int, published: int, title: str, sources: str
) -> theme.Plain:
    """`places_chart` of the largest areas that may be compared.

    Parameters
    ----------
    shown : DataFrame
        From `areas.areas`: those drawn, in their order.
    comparable, published : int
        Areas that may be compared, and areas with a figure of the occupation.
    title, sources : str
        Title of the occupation; line at the foot.
    """
    top = shown.loc[shown["annual_mean_wage"].idxmax()]
    finding = (
        f"{title}: of the {len(shown)} largest areas that can be compared, mean wages are highest "
        f"in {top['area_title']} ({theme.money(top['annual_mean_wage'])})"
    )
    reading = (
        f" Drawn: the {len(shown)} largest of {comparable} areas that can be compared; "
        f"{published - comparable} more are too small or uncertain. Areas that cross a state line "
        "count whole."
    )
    return places_chart.plain(shown, title, sources, finding, reading)


def pattern(shape: str, color: str) -> dict[str, Any]:
    """Marker pattern in white on a color."""
    # Without a background color a pattern is drawn on nothing.
    return {"shape": shape, "fgcolor": "white", "bgcolor": color, "size": 7, "solidity": 0.25}
