"""Figure: where an occupation stands on each of the article's claims, one row a claim."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipelines.charts.kit import theme

ROW = 31
#: Verdict -> the shape that says it too.
SHAPES = {"supported": "▲", "mixed": "◆", "not supported": "▼", "no public measure": "–"}
#: Group compared with -> column, symbol, color and height in the row.
GROUPS = {
    "among all occupations (decides)": ("percentile", "circle", theme.BLUE, -0.16),
    "among technicians": ("percentile_technicians", "diamond-open", theme.VERMILION, 0.18),
}
LEFT, RIGHT = 335, 205


def claims_headline(table: pd.DataFrame, title: str) -> str:
    """The sentence on top: how many claims the data bear out."""
    each = table.drop_duplicates("number")["verdict"]
    if (each == "no public measure").all():
        return f"{title}: public data measure none of the article's {len(each)} claims"
    count = each.value_counts()
    return (
        f"{title}: public data support {count.get('supported', 0)} of the article's {len(each)} "
        f"claims, contradict {count.get('not supported', 0)} and are mixed on "
        f"{count.get('mixed', 0)}"
    )


@theme.chart
def claim_percentiles(
    table: pd.DataFrame, title: str, sources: str, bounds: tuple[float, float]
) -> theme.Plain:
    """Percentiles of the measures of every claim, and the verdict.

    Parameters
    ----------
    table : DataFrame
        As from `pipelines.claims.verdicts.claims`: number, claim, measure, direction, value, unit,
        percentile, percentile_technicians, verdict.
    title : str
        Title of the occupation.
    sources : str
        Source, vintage and license line.
    bounds : (against, supported)
        Percentiles of the rule.

    Returns
    -------
    Figure
        Percentile 0 to 100 in the claim's direction on the x axis, a row a claim in the
        article's order. Verdicts stand on the right as a shape and a word; a row without any
        measure, and measures without a value, are said in words.
    """
    each = table.drop_duplicates("number").sort_values("number", ignore_index=True)
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
                "hovertext": [_hover(row, column) for row in held.to_dict("records")],
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
    notes += [_verdict(place, table[table["number"] == n]) for n, place in places.items()]
    notes += [
        _note("nothing public measures it", 50, y=int(place), xanchor="center")
        for place, said in each["verdict"].items()
        if said == "no public measure"
    ]
    reading = (
        "A dot is a measure: its percentile in the direction that the claim implies. A claim is "
        "supported where every dot among all occupations stands in the right band, not supported "
        "where every one stands in the left band, and mixed otherwise. Many measures stand in for "
        "what the claim says."
    )
    labels = [f"{row['number']}  {theme.wrap(row['claim'], 50, 1)}" for row in
              each.to_dict("records")]  # fmt: skip
    return theme.figure(
        traces, claims_headline(table, title), reading, sources,
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
    """One trace: a thin line from the lowest to the highest measure of each claim."""
    ends = held.groupby("number")[column].agg(["min", "max"]).round(1)
    xs: list[float | None] = []
    ys: list[float | None] = []
    for number, row in ends.iterrows():
        place = float(places[number]) + shift
        xs += [float(row["min"]), float(row["max"]), None]
        ys += [place, place, None]
    return [
        {
            "type": "scatter", "mode": "lines", "x": xs, "y": ys, "hoverinfo": "skip",
            "showlegend": False, "line": {"color": color, "width": 1}, "cliponaxis": False,
        }
    ]  # fmt: skip


def _verdict(place: int, rows: pd.DataFrame) -> dict[str, Any]:
    said = str(rows["verdict"].iloc[0])
    asked, given = int(rows["measure"].notna().sum()), int(rows["value"].notna().sum())
    text = f"{SHAPES[said]} {said}"
    if 0 < given < asked:
        text += f", {given} of {asked} measured"
    return _note(text, 1, xref="paper", y=int(place), xanchor="left", xshift=14)


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
            f"percentile {row[column]:.0f} of {n:,.0f}",
            theme.wrap(row["source"], 60),
        ]
    )
