"""Figure: where an occupation stands on each of the article's claims, one row a claim."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipelines.base.records import records
from pipelines.charts.kit import theme

ROW = 31
#: Verdict -> the shape that says it too.
SHAPES = {
    "supported": "▲", "between": "◆", "not supported": "▼", "cannot be tested": "–",
    "no public measure": "–",
}  # fmt: skip
#: What stands in the row of a claim that has no verdict.
EMPTY = {
    "cannot be tested": "no measure speaks for this occupation",
    "no public measure": "nothing public measures it",
}
#: Group compared with -> column, symbol, color and height in the row.
GROUPS = {
    "among all occupations (decides)": ("percentile", "circle", theme.BLUE, -0.16),
    "among technicians": ("percentile_technicians", "diamond-open", theme.VERMILION, 0.18),
}
LEFT, RIGHT = 335, 225


@theme.chart
def claim_percentiles(
    table: pd.DataFrame, finding: str, chance: str, sources: str, bounds: tuple[float, float]
) -> theme.Plain:
    """Percentile of the measure of every claim with its interval, and the verdict.

    Parameters
    ----------
    table : DataFrame
        As from `pipelines.claims.verdicts.claims_of`.
    finding : str
        The sentence on top.
    chance : str
        How often the rule says so by chance, for the note on how to read the picture.
    sources : str
        Source, vintage and license line.
    bounds : (against, supported)
        Percentiles of the rule.

    Returns
    -------
    Figure
        Percentile 0 to 100 in the claim's direction on the x axis, a row a claim in the
        article's order, a line for the 95% interval where there is one. Verdicts stand on the
        right as a shape and a word; a row without a verdict says so in words.
    """
    each = table.sort_values("number", ignore_index=True)
    places = pd.Series(each.index, index=each["number"])
    traces: list[dict[str, Any]] = []
    for name, (column, symbol, color, shift) in GROUPS.items():
        held = table[table[column].notna()]
        if held.empty:
            continue
        traces += _spans(held, column, places, color, shift)
        traces.append(
            {
                "type": "scatter", "mode": "markers", "name": name,
                "x": held[column].round(1).tolist(),
                "y": (held["number"].map(places) + shift).tolist(),
                "hoverinfo": "text",
                "hovertext": [_hover(row, column) for row in records(held)],
                "marker": {"symbol": symbol, "size": 9, "color": color, "line": {"width": 1.5}},
                "cliponaxis": False,
            }
        )  # fmt: skip
    against, supported = bounds
    last, height = len(each) - 0.4, ROW * len(each) + 20
    shapes: list[dict[str, Any]] = [
        {
            "type": "rect", "x0": x0, "x1": x1, "y0": -0.6, "y1": last, "fillcolor": "#ececec",
            "line": {"width": 0}, "layer": "below",
        }
        for x0, x1 in ((-2, against), (supported, 102))
    ]  # fmt: skip
    notes = [
        _note(text, x, yref="paper", y=1, yanchor="bottom", yshift=2, xanchor="center")
        for text, x in (
            (f"against, below {against:.0f}", against / 2),
            (f"for, {supported:.0f} or above", (supported + 100) / 2),
        )
    ]
    notes += [_verdict(place, row) for place, row in enumerate(records(each))]
    notes += [
        _note(EMPTY[said], 50, y=place, xanchor="center")
        for place, said in enumerate(each["verdict"])
        if said in EMPTY
    ]
    reading = (
        "A dot is the measure of a claim: its percentile in the direction that the claim implies, "
        "with a line for its 95% interval where standard errors are published. A claim is "
        "supported where the dot among all occupations stands in the right band, not supported "
        f"where it stands in the left band. {chance} A weak stand-in is not counted."
    )
    labels = [f"{row['number']}  {theme.wrap(row['claim'], 50, 1)}" for row in
              records(each)]  # fmt: skip
    return theme.figure(
        traces, finding, reading, sources,
        height=height,
        margin={"l": LEFT, "r": RIGHT, "t": 56, "b": 52},
        annotations=notes, shapes=shapes,
        xaxis={
            "range": [-2, 102], "tickvals": [0, 25, 50, 75, 100],
            "title": {"text": "percentile in the direction of the claim"},
        },
        yaxis={
            "range": [last, -0.6], "tickvals": list(range(len(each))), "ticktext": labels,
            "tickfont": {"size": 12}, "ticks": "",
        },
        legend={
            "orientation": "h", "x": 0, "xanchor": "left", "y": 1 + 20 / height,
            "yanchor": "bottom", "font": {"size": 12},
        },
        hovermode="closest",
    )  # fmt: skip


def _spans(
    held: pd.DataFrame, column: str, places: pd.Series, color: str, shift: float
) -> list[dict[str, Any]]:
    """One trace: a thin line over the interval of each claim that has one; none without."""
    ends = [f"{column}_low", f"{column}_high"]
    xs: list[float | None] = []
    ys: list[float | None] = []
    for number, low, high in held.dropna(subset=ends)[["number", *ends]].itertuples(index=False):
        place = float(places[number]) + shift
        xs += [round(low, 1), round(high, 1), None]
        ys += [place, place, None]
    line = {
        "type": "scatter", "mode": "lines", "x": xs, "y": ys, "hoverinfo": "skip",
        "showlegend": False, "line": {"color": color, "width": 1}, "cliponaxis": False,
    }  # fmt: skip
    return [line] if xs else []


def _verdict(place: int, row: dict[str, Any]) -> dict[str, Any]:
    said = str(row["verdict"])
    text = f"{SHAPES[said]} {said}"
    if row["stand_in"] == "weak" and said not in EMPTY:
        text += ", weak stand-in"
    return _note(text, 1, xref="paper", y=place, xanchor="left", xshift=14)


def _note(text: str, x: float, **place: Any) -> dict[str, Any]:
    font = {"size": 12, "color": theme.INK}
    return {"text": theme.escape(text), "x": x, "showarrow": False, "font": font, **place}


def _hover(row: dict[str, Any], column: str) -> str:
    n = row["n_occupations" if column == "percentile" else "n_technicians"]
    less = " (the claim expects little)" if row["direction"] == "less" else ""
    return "<br>".join(
        [
            theme.wrap(f"{row['measure']}{less}", 60),
            f"value {row['value']:.2f} ({theme.escape(row['unit'])})",
            f"percentile {row[column]:.0f} of {n:,.0f}{_interval(row, column)}",
            theme.wrap(row["source"], 60),
        ]
    )


def _interval(row: dict[str, Any], column: str) -> str:
    low, high = row[f"{column}_low"], row[f"{column}_high"]
    return "" if pd.isna(low) else f", 95% interval {low:.0f} to {high:.0f}"
