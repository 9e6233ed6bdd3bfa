"""Figure: the place of every occupation by exposure, with the interval of the place."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipelines.charts.kit import theme
from pipelines.charts.scorer_agreement import legend_above

HEIGHT = 430
#: Technician or not -> name, color, symbol, size of the marker, width of the bar.
STYLES = {
    False: ("other occupations", theme.PALE, "circle", 3, 1),
    True: ("technician occupations", theme.BLUE, "diamond", 6, 1.6),
}


@theme.chart
def rank_funnel(places: pd.DataFrame, sources: str, marked: str = "") -> theme.Plain:
    """Percentile of each occupation with its 90% interval, in the order of exposure.

    Parameters
    ----------
    places : DataFrame
        `onet_soc_code, title, is_technician` and the columns of `exposure.occupation.ranks`.
    sources : str
        Source, vintage and license line.
    marked : str
        Code of an occupation to name.
    """
    held = places.dropna(subset=["percentile"])
    traces = []
    for technician, (name, color, symbol, size, bar) in STYLES.items():
        own = held[(held["is_technician"] == technician) & (held["onet_soc_code"] != marked)]
        traces.append(_points(own, name, color, symbol, size, bar))
    own = held[held["onet_soc_code"] == marked]
    if len(own):
        name = theme.wrap(own["title"].iloc[0], 60, lines=1)
        traces.append(_points(own, name, theme.VERMILION, "star", 15, 3))
    finding = "No occupation has an exposure"
    if len(held):
        width = held["percentile_high"] - held["percentile_low"]
        finding = (
            f"The 90% interval of an occupation's place spans {width.mean():.0f} percentiles on "
            f"average, and {width.max():.0f} at most"
        )
    return theme.figure(
        traces,
        finding,
        "Each mark is an occupation, in the order of exposure; its bar is the 90% interval of its "
        "percentile when every occupation is drawn anew from the interval of its exposure. Two "
        "occupations whose bars overlap much cannot be put in order.",
        sources,
        height=HEIGHT,
        margin={"l": 70, "r": 24, "t": 40, "b": 46},
        xaxis={"range": [-1, 101], "dtick": 20, "title": {"text": "percentile of exposure"}},
        yaxis={"range": [-2, 102], "dtick": 20, "title": {"text": "percentile, 90% interval"}},
        legend=legend_above(HEIGHT, 8),
        hovermode="closest",
    )


def _points(
    rows: pd.DataFrame, name: str, color: str, symbol: str, size: int, bar: float
) -> dict[str, Any]:
    edge = theme.GRAY if color == theme.PALE else theme.INK
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": rows["percentile"].round(2).tolist(),
        "y": rows["percentile"].round(2).tolist(),
        "error_y": {
            "type": "data",
            "symmetric": False,
            "thickness": bar,
            "width": 0,
            "color": color,
            "array": (rows["percentile_high"] - rows["percentile"]).round(2).tolist(),
            "arrayminus": (rows["percentile"] - rows["percentile_low"]).round(2).tolist(),
        },
        "hovertext": [
            f"{theme.escape(r.title)}: percentile {r.percentile:.0f} ({r.percentile_low:.0f} to "
            f"{r.percentile_high:.0f}), rank {r.rank:.0f}"
            for r in rows.itertuples()
        ],
        "hoverinfo": "text",
        "marker": {
            "symbol": symbol, "size": size, "color": color, "line": {"color": edge, "width": 0.7},
        },
    }  # fmt: skip
