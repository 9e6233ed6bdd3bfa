"""Figures on what the task scorer says of its own errors: reliability of chances, coverage.

Their frames come from the figures that `outlook train` measures
(`pipelines.exposure.validation.evaluate.stored`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipelines.charts.kit import theme
from pipelines.charts.scorer_agreement import (
    PROTOCOLS,
    PROTOCOLS_IN_FULL,
    STYLES,
    legend_above,
    panel_title,
    part,
    upright,
)
from pipelines.charts.task_exposure import CLASS_NAMES
from pipelines.exposure.scorer.classes import CLASSES

_MAX_MARKER_SIZE = 20.0  # pixels: the marker of the fullest bin


def reliability_table(figures: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Stated chances against observed shares, by protocol, class and bin of the chance.

    Parameters
    ----------
    figures : mapping
        Result of `pipelines.exposure.validation.evaluate.stored`.

    Returns
    -------
    DataFrame
        `protocol, exposure_label, bin` (0-9), `predicted` (mean chance), `observed` (share of
        tasks to which people gave the class), `n` (tasks), `calibration_error` (expected, of
        the whole class).

    Raises
    ------
    UsageError
        A figure is missing.
    """
    parts = []
    for protocol in PROTOCOLS_IN_FULL:
        curve = pd.DataFrame(part(figures, protocol, "reliability"))
        error = part(figures, protocol, "calibration_error")
        curve.insert(0, "protocol", protocol)
        parts.append(curve.assign(calibration_error=curve["exposure_label"].map(error)))
    return pd.concat(parts, ignore_index=True)


@theme.chart
def reliability_diagram(table: pd.DataFrame, sources: str) -> theme.Plain:
    """Reliability curves: a panel for each protocol and class.

    Parameters
    ----------
    table : DataFrame
        Result of `reliability_table`.
    sources : str
        Source, vintage and license line.

    Returns
    -------
    Figure
        Rows are protocols, columns classes; the area of a point grows with its tasks.
    """
    traces: list[dict[str, Any]] = []
    layout: dict[str, Any] = {}
    notes = [panel_title(CLASS_NAMES[name], 0.15 + 0.35 * k) for k, name in enumerate(CLASSES)]
    fullest = max(table["n"].max(), 1) if len(table) else 1
    for i, protocol in enumerate(PROTOCOLS_IN_FULL):
        color, symbol = STYLES[protocol]
        for k, name in enumerate(CLASSES):
            rows = table[(table["protocol"] == protocol) & (table["exposure_label"] == name)]
            number = len(CLASSES) * i + k + 1
            suffix = "" if number == 1 else str(number)
            axes = {"type": "scatter", "xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
            low = 0.71 - 0.355 * i
            layout |= {
                f"xaxis{suffix}": _unit_axis([0.35 * k, 0.35 * k + 0.3], f"y{suffix}", i == 2),
                f"yaxis{suffix}": _unit_axis([low, low + 0.29], f"x{suffix}", k == 0),
            }
            if i == 2:
                layout[f"xaxis{suffix}"]["title"] = {"text": "stated chance", "standoff": 4}
            if k == 0:
                kept = theme.wrap(f"{protocol}: {PROTOCOLS[protocol]}", 26)
                layout[f"yaxis{suffix}"]["title"] = {"text": f"{kept}<br>observed share"}
            error = rows["calibration_error"].iloc[0] if len(rows) else math.nan
            notes.append(_corner(suffix, "no task" if math.isnan(error) else f"error {error:.3f}"))
            traces += [
                {
                    **axes,
                    "mode": "lines",
                    "x": [0, 1],
                    "y": [0, 1],
                    "showlegend": False,
                    "hoverinfo": "skip",
                    "line": {"color": theme.GRAY, "width": 1, "dash": "dash"},
                },
                {
                    **axes,
                    "mode": "lines+markers",
                    "cliponaxis": False,
                    "name": f"{protocol}, {name}",
                    "x": rows["predicted"].tolist(),
                    "y": rows["observed"].tolist(),
                    "showlegend": False,
                    "hovertext": [
                        f"{protocol}, {name}: stated {x:.2f}, observed {y:.2f}, {n:,} tasks"
                        for x, y, n in rows[["predicted", "observed", "n"]].itertuples(index=False)
                    ],
                    "hoverinfo": "text",
                    "line": {"color": color, "width": 1.5},
                    "marker": {
                        "symbol": symbol.removesuffix("-open"),
                        "color": color,
                        "opacity": 1,
                        "size": [
                            max(_MAX_MARKER_SIZE * math.sqrt(n / fullest), 5) for n in rows["n"]
                        ],
                    },
                },
            ]
    worst = table.groupby("protocol")["calibration_error"].max()
    known = worst.drop("W", errors="ignore").max()
    finding = (
        f"Stated chances are off by at most {known:.3f} on average for unseen occupations and "
        f"{worst.get('W', math.nan):.3f} for unseen kinds of work"
    )
    return theme.figure(
        traces,
        finding,
        "On the dashed line a chance means what it says: of the tasks given a chance of 0.3, 30% "
        "got that class from people. Area of a point: number of tasks. Error: expected "
        "calibration error, the mean distance from the line over tasks.",
        sources,
        height=690,
        margin={"l": 100, "r": 24, "t": 30, "b": 46},
        annotations=notes,
        hovermode="closest",
        **layout,
    )


def coverage_table(
    figures: Mapping[str, Mapping[str, Any]], soc_structure: pd.DataFrame
) -> pd.DataFrame:
    """How often the 90% intervals of tasks hold the human label, by major SOC group.

    Parameters
    ----------
    figures : mapping
        Result of `pipelines.exposure.validation.evaluate.stored`.
    soc_structure : DataFrame
        Contracted table, for the titles.

    Returns
    -------
    DataFrame
        `major_group` (two digits), `title`, then one column of shares for each of U, K, W;
        missing where the protocol held no task of the group; and `n_U, n_K, n_W` (tasks) where
        the figures count them (`n_by_major_group`). By code.

    Raises
    ------
    UsageError
        A figure is missing.
    """
    major = soc_structure[soc_structure["level"] == "major"]
    titles = major.set_index(major["code"].str[:2])["title"]
    shares = {p: pd.Series(part(figures, p, "coverage_by_major_group")) for p in PROTOCOLS_IN_FULL}
    table = pd.DataFrame(shares, dtype="float64").sort_index()
    names = titles.str.removesuffix(" Occupations").to_dict()
    table.insert(0, "title", [names.get(code, f"group {code}") for code in table.index])
    for protocol in PROTOCOLS_IN_FULL:
        if "n_by_major_group" in figures[protocol]:
            table[f"n_{protocol}"] = pd.Series(figures[protocol]["n_by_major_group"], dtype="Int64")
    return table.rename_axis("major_group").reset_index()


@theme.chart
def coverage_chart(table: pd.DataFrame, sources: str) -> theme.Plain:
    """Coverage of the tasks' intervals by major SOC group.

    Parameters
    ----------
    table : DataFrame
        Result of `coverage_table`.
    sources : str
        Source, vintage and license line.

    Returns
    -------
    Figure
        A symbol a protocol in each group's row; lines at 85 and 90%.
    """
    table = table.iloc[::-1]
    y = list(range(len(table)))
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": f"{protocol}: {PROTOCOLS[protocol]}",
            "x": [theme.number(v) for v in table[protocol]],
            "y": y,
            "hovertext": [
                f"{theme.escape(title)}, {protocol}: {share:.3f}{_of(table, i, protocol)}"
                for i, title, share in table[["title", protocol]].itertuples()
            ],
            "hoverinfo": "text",
            "marker": {
                "symbol": STYLES[protocol][1],
                "size": 10,
                "color": STYLES[protocol][0],
                "line": {"width": 2 if protocol == "W" else 0},
            },
        }
        for protocol in PROTOCOLS_IN_FULL
    ]
    lowest = table[list(PROTOCOLS_IN_FULL)].stack()
    finding = "No interval was tested"
    if len(lowest):
        i, protocol = lowest.idxmin()
        least = f"{table.at[i, 'title']}, {protocol}{_of(table, i, protocol)}"
        finding = (
            "Intervals meant to hold 90% of the labels hold at least "
            f"{math.floor(100 * lowest.min())}% in every major group (least: {least})"
        )
    start = min(0.8, math.floor(20 * (lowest.min() - 0.01)) / 20) if len(lowest) else 0.8
    height = 24 * len(table) + 20
    return theme.figure(
        traces,
        finding,
        "Share of held-out tasks whose 90% interval holds the class that people gave. Dashed: "
        "the 90% that is meant; dotted: 85%. Groups with few labeled tasks vary by chance.",
        sources,
        height=height,
        margin={"l": 330, "r": 24, "t": 80, "b": 52},
        shapes=[upright(0.9, "dash"), upright(0.85, "dot")],
        xaxis={"range": [start, 1.0], "title": {"text": "share of tasks"}, "dtick": 0.05}
        | {"showgrid": False},
        yaxis={
            "range": [-0.7, len(table) - 0.3],
            "tickvals": y,
            "ticktext": [
                f"{theme.wrap(r.title, 44, lines=1)} ({theme.escape(r.major_group)})"
                for r in table.itertuples()
            ],
            "ticks": "",
        },
        legend=legend_above(height, 6) | {"orientation": "v"},
        hovermode="closest",
    )


def _of(table: pd.DataFrame, row: Any, protocol: str) -> str:
    """How many tasks a share is of, where the figures count them."""
    n = table.at[row, f"n_{protocol}"] if f"n_{protocol}" in table else None
    return "" if n is None or pd.isna(n) else f" of {n:,} tasks"


def _corner(suffix: str, text: str) -> dict[str, Any]:
    """A line of text in the lower right corner of a panel."""
    return {
        "text": text,
        "x": 0.98,
        "y": 0.03,
        "xref": f"x{suffix}",
        "yref": f"y{suffix}",
        "xanchor": "right",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 12},
    }


def _unit_axis(domain: list[float], anchor: str, labeled: bool) -> dict[str, Any]:
    return {
        "domain": domain,
        "anchor": anchor,
        "range": [-0.03, 1.03],
        "tickvals": [0, 0.25, 0.5, 0.75, 1],
        "ticktext": ["0", "", "0.5", "", "1"],
        "showticklabels": labeled,
    }
