"""Figure: where one occupation stands in every measure, one row a measure."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipelines.base.percentiles import whole
from pipelines.base.records import records
from pipelines.charts.kit import theme
from pipelines.exposure.published.agreement import DISAGREEMENT_PERCENTILES, percentile_spread

ROW = 31


def measures_headline(frame: pd.DataFrame, title: str) -> str:
    """The sentence on top: how far apart the published measures are."""
    of = percentile_spread(frame)
    if of["n"] < 2:
        return f"{title}: too few published measures of exposure to compare"
    ends = f"from percentile {of['lowest']:.0f} to percentile {of['highest']:.0f}"
    verdict = "disagree" if of["range"] > DISAGREEMENT_PERCENTILES else "agree"
    return f"{title}: {of['n']:.0f} published measures of exposure {verdict}, {ends}"


@theme.chart
def measure_ranks(frame: pd.DataFrame, title: str, sources: str) -> theme.Plain:
    """Percentile of an occupation in every measure.

    Parameters
    ----------
    frame : DataFrame
        As from `pipelines.exposure.published.agreement.side_by_side`.
    title : str
        Title of the occupation.
    sources : str
        Source, vintage and license line.

    Returns
    -------
    Figure
        Percentile 0 to 100 on the x axis, a row a measure in the order of the frame. Filled dots
        count in the band (lowest to highest, middle half darker); a missing value is said in
        words on its row.
    """
    rows = frame.reset_index(drop=True)
    held = rows["percentile"].notna()
    traces: list[dict[str, Any]] = []
    for counted, name, symbol, color in (
        (True, "published measure of exposure", "circle", theme.BLUE),
        (False, "beside it: our scores, versions, other properties of work", "diamond-open",
         theme.VERMILION),
    ):  # fmt: skip
        own = rows[held & (rows["in_spread"] == counted)]
        if own.empty:
            continue
        traces.append(
            {
                "type": "scatter", "mode": "markers", "name": name,
                "x": own["percentile"].round(1).tolist(), "y": own.index.tolist(),
                "error_x": _interval(own),
                "hoverinfo": "text", "hovertext": [_hover(r) for r in records(own)],
                "marker": {"symbol": symbol, "size": 11, "color": color, "line": {"width": 2}},
                "cliponaxis": False,
            }
        )  # fmt: skip
    notes: list[dict[str, Any]] = []
    for place, row in enumerate(records(rows)):
        here = not pd.isna(row["percentile"])
        text = str(whole(row["percentile"])) if here else row["missing"]
        # The number stands left of a dot that is near the right edge.
        left = here and _edge(row, False) > 92
        notes.append(
            {
                "x": _edge(row, left) if here else 0, "y": place, "text": text,
                "showarrow": False, "xanchor": "right" if left else "left",
                "xshift": -10 if left else 10 if here else 4,
                "font": {"size": 12, "color": theme.INK if here else theme.GRAY},
            }
        )  # fmt: skip
    of, shapes = percentile_spread(rows), []
    if of["n"] >= 2:
        for low, high, shade in (("lowest", "highest", "#ececec"), ("q1", "q3", "#d3d3d3")):
            shapes.append(
                {
                    "type": "rect", "x0": round(float(of[low]), 1), "x1": round(float(of[high]), 1),
                    "y0": -0.6, "y1": len(rows) - 0.4, "fillcolor": shade, "line": {"width": 0},
                    "layer": "below",
                }
            )  # fmt: skip
    reading = (
        "Percentile among all occupations that have the measure. Gray: from the lowest to the "
        "highest filled dot, the middle half darker. The measures ask different questions and are "
        "never averaged. The bar is the 90% interval of our place; the data hold none for the "
        "others. Our score was trained on the labels of people and GPT-4: that it stands near them "
        "is no test. Exposure is not a forecast of job loss."
    )
    labels = [theme.wrap(f"{row['short']}, {row['vintage']}", 44) for row in records(rows)]
    return theme.figure(
        traces, measures_headline(rows, title), reading, sources,
        height=ROW * len(rows) + 20,
        margin={"l": 300, "r": 30, "t": 46, "b": 52},
        annotations=notes, shapes=shapes,
        xaxis={
            "range": [-2, 102], "tickvals": [0, 25, 50, 75, 100],
            "title": {"text": "percentile among occupations"},
        },
        yaxis={
            "range": [len(rows) - 0.4, -0.6], "tickvals": list(range(len(rows))),
            "ticktext": labels, "tickfont": {"size": 12}, "ticks": "",
        },
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom"},
        hovermode="closest",
    )  # fmt: skip


def _edge(row: dict[str, Any], left: bool) -> float:
    """Where the number of a row stands: past the end of its bar."""
    end = row["percentile_low" if left else "percentile_high"]
    return float(row["percentile"] if pd.isna(end) else end)


def _interval(rows: pd.DataFrame) -> dict[str, Any]:
    """Bars from `percentile_low` to `percentile_high`; none where they are missing."""
    above, below = (
        [theme.number(v) for v in gap.round(1)]
        for gap in (
            rows["percentile_high"] - rows["percentile"],
            rows["percentile"] - rows["percentile_low"],
        )
    )
    return {
        "type": "data", "symmetric": False, "thickness": 3, "width": 0,
        "array": above, "arrayminus": below,
    }  # fmt: skip


def _hover(row: dict[str, Any]) -> str:
    lines = [
        theme.wrap(row["name"], 60),
        f"value {row['value']:.3f} ({theme.escape(row['unit'])})",
        f"percentile {whole(row['percentile'])} of {row['n_occupations']:,.0f} occupations",
    ]
    if not pd.isna(row["percentile_low"]):
        ends = f"{row['percentile_low']:.0f} to {row['percentile_high']:.0f}"
        lines.append(f"90% interval of the percentile: {ends}")
    if row["ambiguous"]:
        lines.append("the study's code does not match one to one")
    return "<br>".join(lines)
