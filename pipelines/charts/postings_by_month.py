"""Figure: exposure of what postings ask for, month by month, beside that of O*NET's tasks."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipelines.charts.kit import theme

HEIGHT = 340


@theme.chart
def postings_by_month(table: pd.DataFrame, title: str, about: str, sources: str) -> theme.Plain:
    """Mean exposure of an occupation's postings by month with 90% intervals, and O*NET's line.

    Parameters
    ----------
    table : DataFrame
        Rows of an occupation of ``postings_by_month.csv`` (`postings.tables.by_month`) with a
        month, over all states: `month`, `postings`, `exposure`, `exposure_low`,
        `exposure_high`, `onet_exposure`, `suppressed`. Months without a figure are named.
    title : str
        The occupation.
    about : str
        What is to be known of these postings, such as that they are not the labor market.
    sources : str
        Line at the foot.
    """
    table = table.sort_values("month")
    shown = table[table["exposure"].notna()]
    left_out = table.loc[table["exposure"].isna(), "month"].tolist()
    onet = theme.number(table["onet_exposure"].iloc[0]) if len(table) else None
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter", "mode": "markers", "name": "postings, mean and 90% interval",
            "x": shown["month"].tolist(), "y": shown["exposure"].tolist(),
            "error_y": {
                "type": "data", "symmetric": False, "thickness": 1.6, "width": 4,
                "array": (shown["exposure_high"] - shown["exposure"]).round(4).tolist(),
                "arrayminus": (shown["exposure"] - shown["exposure_low"]).round(4).tolist(),
            },
            "marker": {"symbol": "circle", "color": theme.BLUE, "size": 10},
            "hovertext": [
                f"{r.month}: {r.exposure:.2f} ({r.exposure_low:.2f} to {r.exposure_high:.2f}), "
                f"{r.postings:,.0f} postings" for r in shown.itertuples()
            ],
            "hoverinfo": "text",
        }
    ]  # fmt: skip
    if onet is not None:
        traces.append({
            "type": "scatter", "mode": "lines", "name": "the tasks that O*NET lists",
            "x": table["month"].tolist(), "y": [onet] * len(table),
            "line": {"color": theme.INK, "dash": "dash", "width": 2}, "hoverinfo": "skip",
        })  # fmt: skip
    return theme.figure(
        traces, _finding(shown, onet, title), _reading(left_out, about), sources,
        height=HEIGHT, width=theme.WIDTH, margin={"l": 70, "r": 20, "t": 10, "b": 112},
        xaxis={"type": "category", "categoryorder": "array", "tickangle": -45,
               "categoryarray": table["month"].tolist()},
        yaxis={"range": [0, 1], "title": {"text": "exposure, 0 to 1"}},
        legend={"orientation": "h", "x": 0, "y": -80 / HEIGHT, "yanchor": "top"},
        hovermode="closest",
    )  # fmt: skip


def _finding(shown: pd.DataFrame, onet: float | None, title: str) -> str:
    if shown.empty:
        return f"{title}: no month has enough postings with task sentences to show"
    low, high = shown["exposure"].min(), shown["exposure"].max()
    between = f"{low:.2f}" if round(low, 2) == round(high, 2) else f"{low:.2f} to {high:.2f}"
    beside = "" if onet is None else f"; the tasks that O*NET lists have {onet:.2f}"
    months = "in the month shown" if len(shown) == 1 else f"over {len(shown)} months"
    return f"{title}: postings ask for tasks of exposure {between} {months}{beside}"


def _reading(left_out: list[str], about: str) -> str:
    said = (
        "Exposure: how far language-model software could speed up the tasks, 0 to 1; not a "
        "forecast of job loss. Every posting counts once. "
    )
    if left_out:
        shown = ", ".join(left_out[:6]) + (" and others" if len(left_out) > 6 else "")
        said += f"Not shown, for want of postings with task sentences: {shown}. "
    return said + about
