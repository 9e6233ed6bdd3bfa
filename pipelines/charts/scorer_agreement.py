"""Figures on how far the task scorer may be trusted: agreement with people, firmness of ranks.

They show the whole scorer, not one occupation (`calibration` has more). The frame of
`scorer_agreement` comes from the figures that `outlook train` measures
(`pipelines.exposure.validation.evaluate.stored`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipelines.base.errors import UsageError
from pipelines.charts.kit import theme

#: What each protocol keeps from the scorer (see `exposure.validation.evaluate`), hardest last.
PROTOCOLS = {
    "K": "unseen occupations, work activities known",
    "K all": "unseen occupations, activities where known",
    "U": "unseen occupations, wording only",
    "W": "unseen kinds of work, wording only",
}
#: Those drawn in full; K all mixes K with U.
PROTOCOLS_IN_FULL = ("U", "K", "W")
AGREEMENT_STATISTICS = {
    "accuracy": "share of equal classes",
    "kappa": "Cohen's kappa",
    "r_beta": "correlation of exposure",
}
STYLES = {
    "U": (theme.BLUE, "circle"),
    "K": (theme.VERMILION, "diamond"),
    "W": (theme.GREEN, "square-open"),
}


def part(figures: Mapping[str, Mapping[str, Any]], protocol: str, key: str) -> Any:
    """A figure of a protocol; `UsageError` where the model's file does not have it."""
    try:
        return figures[protocol][key]
    except KeyError as error:
        raise UsageError(
            "scorer.json",
            f"no `{key}` of protocol {protocol}",
            "Run `outlook train`, or restore the file that belongs to the model",
        ) from error


def agreement_table(figures: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Agreement with people under each protocol, the scorer's beside GPT-4's.

    Parameters
    ----------
    figures : mapping
        Result of `pipelines.exposure.validation.evaluate.stored`.

    Returns
    -------
    DataFrame
        `protocol, kept_back, n` (tasks), `measure` (accuracy, kappa, r_beta), `ours, low, high`
        (95% interval by occupation), `gpt4` and `baseline` (`exposure.validation.baselines`), both
        on the same tasks.

    Raises
    ------
    UsageError
        A figure is missing.
    """
    rows = []
    for protocol, kept in PROTOCOLS.items():
        n, interval, gpt4, plain = (
            part(figures, protocol, key) for key in ("n", "interval", "gpt4", "baseline")
        )
        for measure in AGREEMENT_STATISTICS:
            ours = part(figures, protocol, measure)
            beside = gpt4[measure], plain[measure]
            rows.append((protocol, kept, n, measure, ours, *interval[measure], *beside))
    columns = ["protocol", "kept_back", "n", "measure", "ours", "low", "high", "gpt4", "baseline"]
    return pd.DataFrame(rows, columns=columns)


@theme.chart
def scorer_agreement(table: pd.DataFrame, sources: str) -> theme.Plain:
    """The scorer's agreement with people beside GPT-4's and a baseline's, one panel a measure.

    Parameters
    ----------
    table : DataFrame
        Result of `agreement_table`.
    sources : str
        Source, vintage and license line.

    Returns
    -------
    Figure
        A dot with its 95% interval, an open square and a cross, a protocol and measure;
        protocols from the easiest on top to the hardest.
    """
    order = list(dict.fromkeys(table["protocol"]))
    traces: list[dict[str, Any]] = []
    layout: dict[str, Any] = {}
    titles = []
    for i, (measure, name) in enumerate(AGREEMENT_STATISTICS.items()):
        rows = table[table["measure"] == measure]
        suffix = "" if i == 0 else str(i + 1)
        left = i * 0.36
        y = [len(order) - 1 - order.index(p) for p in rows["protocol"]]
        shared = {"type": "scatter", "xaxis": f"x{suffix}", "yaxis": "y", "showlegend": i == 0}
        traces += [
            {
                **shared,
                "mode": "markers+text",
                "name": "this scorer, 95% interval",
                "x": rows["ours"].tolist(),
                "y": [v + 0.14 for v in y],
                "text": [f"{v:.2f}" for v in rows["ours"]],
                "textposition": "top center",
                "textfont": {"size": 12},
                "hovertext": [
                    f"{p}: {v:.3f}, 95% interval {lo:.3f} to {hi:.3f}"
                    for p, v, lo, hi in rows[["protocol", "ours", "low", "high"]].itertuples(
                        index=False
                    )
                ],
                "hoverinfo": "text",
                "marker": {"symbol": "circle", "size": 7, "color": theme.BLUE},
                "error_x": {
                    "type": "data",
                    "symmetric": False,
                    "array": (rows["high"] - rows["ours"]).clip(lower=0).tolist(),
                    "arrayminus": (rows["ours"] - rows["low"]).clip(lower=0).tolist(),
                    "color": theme.INK,
                    "thickness": 1.8,
                    "width": 5,
                },
            },
            {
                **shared,
                "mode": "markers+text",
                "name": "GPT-4 on the same tasks",
                "x": rows["gpt4"].tolist(),
                "y": [v - 0.14 for v in y],
                "text": [f"{v:.2f}" for v in rows["gpt4"]],
                "textposition": "bottom center",
                "textfont": {"size": 12},
                "hovertext": [
                    f"GPT-4, {p}: {v:.3f}"
                    for p, v in zip(rows["protocol"], rows["gpt4"], strict=True)
                ],
                "hoverinfo": "text",
                "marker": {
                    "symbol": "square-open",
                    "size": 10,
                    "color": theme.VERMILION,
                    "line": {"width": 2},
                },
            },
            {
                **shared,
                "mode": "markers",
                "name": "baseline: words, or the majority of a task's activities",
                "x": rows["baseline"].tolist(),
                "y": y,
                "hovertext": [
                    f"baseline, {p}: {v:.3f}"
                    for p, v in zip(rows["protocol"], rows["baseline"], strict=True)
                ],
                "hoverinfo": "text",
                "marker": {
                    "symbol": "x-thin-open",
                    "size": 9,
                    "color": theme.INK,
                    "line": {"width": 2},
                },
            },
        ]
        layout[f"xaxis{suffix}"] = {
            "domain": [left, left + 0.28],
            "anchor": "y",
            "range": _range(rows[["ours", "low", "high", "gpt4", "baseline"]].stack()),
            "dtick": 0.1,
            "tickformat": ".1f",
        }
        titles.append(panel_title(name, left + 0.14))
    kept = table.drop_duplicates("protocol")
    names = [
        f"<b>{theme.escape(r.protocol)}</b>, {r.n:,} tasks<br>{theme.wrap(r.kept_back, 34)}"
        for r in kept.itertuples()
    ]
    return theme.figure(
        traces,
        _agreement_finding(table),
        "Against the class that people gave, on work the scorer had not seen: 1 is full agreement; "
        "0 of kappa and correlation is chance. Intervals: occupations drawn anew; the others' "
        "figures vary with the tasks too. The baseline is a logistic regression on words; under K, "
        "the labels of the task's activities.",
        sources,
        height=92 * len(order),
        margin={"l": 250, "r": 30, "t": 62, "b": 32},
        annotations=titles,
        yaxis={
            "range": [-0.6, len(order) - 0.4],
            "tickvals": list(range(len(order)))[::-1],
            "ticktext": names,
            "ticks": "",
        },
        legend=legend_above(92 * len(order)),
        **layout,
    )


def _agreement_finding(table: pd.DataFrame) -> str:
    n = len(table)
    parts = []
    for name, said in (("gpt4", "GPT-4 does"), ("baseline", "the baseline")):
        better, surely = table["ours"] > table[name], table["low"] > table[name]
        shown = f"all {n}" if better.all() else f"{better.sum()} of {n}"
        parts.append(f"than {said} in {shown} comparisons, surely in {surely.sum()}")
    return f"The scorer agrees with people more {parts[0]}; {parts[1]}"


@theme.chart
def rank_stability(occupations: pd.DataFrame, sources: str, marked: str = "") -> theme.Plain:
    """How firmly each occupation sits in its quintile of exposure.

    Parameters
    ----------
    occupations : DataFrame
        Columns of `occupation_exposure` (percentile, quintile, quintile_stability), and
        `onet_soc_code, title, is_technician`.
    sources : str
        Source, vintage and license line.
    marked : str
        Code of an occupation to name.

    Returns
    -------
    Figure
        A point an occupation; the mean of each quintile printed on top.
    """
    traces: list[dict[str, Any]] = []
    kinds = (
        (False, "other occupations", theme.PALE, "circle", 6),
        (True, "technician occupations", theme.BLUE, "diamond", 8),
    )
    for technician, name, color, symbol, size in kinds:
        rows = occupations[occupations["is_technician"] == technician]
        traces.append(_points(rows, name, color, symbol, size))
    own = occupations[occupations["onet_soc_code"] == marked]
    if len(own):
        name = theme.wrap(own["title"].iloc[0], 60, lines=1)
        traces.append(_points(own, name, theme.VERMILION, "star", 17))
    mean = occupations.groupby("quintile")["quintile_stability"].mean()
    notes = [
        {
            "text": f"quintile {q}<br><b>mean {mean[q]:.2f}</b>",
            "x": 20 * q - 10,
            "y": 1,
            "xref": "x",
            "yref": "paper",
            "yanchor": "bottom",
            "yshift": 2,
            "showarrow": False,
            "font": {"size": 12},
        }
        for q in mean.index
    ]
    finding = "No occupation has an exposure"
    if len(occupations):
        firm = (occupations["quintile_stability"] > 0.9).mean()
        finding = (
            "With weights and classes drawn anew, an occupation stays in its quintile in "
            f"{100 * occupations['quintile_stability'].mean():.0f}% of draws on average; "
            f"{100 * firm:.0f}% of occupations do so in more than 90%"
        )
    return theme.figure(
        traces,
        finding,
        "Each point is an occupation: how often its rank among all falls into the same fifth in "
        "1,000 draws of task weights and task classes. At the border of two quintiles about "
        "half is expected. Means are unweighted: every occupation counts alike.",
        sources,
        height=360,
        margin={"l": 70, "r": 24, "t": 72, "b": 46},
        annotations=notes,
        shapes=[upright(x, "dot") for x in (20, 40, 60, 80)],
        xaxis={"range": [-1, 101], "title": {"text": "percentile of exposure"}, "dtick": 20},
        yaxis={"range": [0, 1.02], "title": {"text": "share of draws in the same quintile"}},
        legend=legend_above(360, 44),
        hovermode="closest",
    )


def _range(values: pd.Series) -> list[float]:
    """Ends of an axis, whole tenths around the values."""
    return [math.floor(10 * values.min() - 0.3) / 10, math.ceil(10 * values.max() + 0.3) / 10]


def _points(rows: pd.DataFrame, name: str, color: str, symbol: str, size: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": rows["percentile"].round(2).tolist(),
        "y": rows["quintile_stability"].tolist(),
        "hovertext": [
            f"{theme.escape(t)}: quintile {q}, {s:.2f}"
            for t, q, s in rows[["title", "quintile", "quintile_stability"]].itertuples(index=False)
        ],
        "hoverinfo": "text",
        "marker": {
            "symbol": symbol,
            "size": size,
            "color": color,
            "line": {"color": theme.GRAY if color == theme.PALE else theme.INK, "width": 0.7},
        },
    }


def panel_title(text: str, x: float) -> dict[str, Any]:
    """The heading of a panel, centred at `x` (paper)."""
    return {
        "text": f"<b>{text}</b>",
        "x": x,
        "y": 1,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "center",
        "yanchor": "bottom",
        "yshift": 6,
        "showarrow": False,
        "font": {"size": 13},
    }


def upright(x: float, dash: str) -> dict[str, Any]:
    """A line through the whole height of the plot."""
    line = {"color": theme.GRAY, "width": 1.2, "dash": dash}
    return {
        "type": "line",
        "x0": x,
        "x1": x,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": line,
        "layer": "between",
    }


def legend_above(height: int, above: int = 26) -> dict[str, Any]:
    """A legend so many pixels above a plot of that height."""
    return {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": 1 + above / height,
        "yanchor": "bottom",
    }
