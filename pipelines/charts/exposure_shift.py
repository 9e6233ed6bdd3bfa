"""Figure: what the major groups added to the change of a mean, within and between occupations."""

from __future__ import annotations

import pandas as pd

from pipelines.charts.job_market import ROW, pattern
from pipelines.charts.kit import theme


@theme.chart
def mean_decomposed(
    total: pd.Series, parts: pd.DataFrame, names: dict[str, str], sources: str, most: int = 14
) -> theme.Plain:
    """What the major groups added to the change of a mean, within and between occupations.

    Parameters
    ----------
    total : Series
        A row of `decomposition.workforce`.
    parts : DataFrame
        Its contributions by major group.
    names : dict
        Two digits of a major group -> title.
    sources : str
        Line at the foot.
    most : int
        Groups drawn: those that moved it most.
    """
    money = total["measure"] == "pay"
    shown = parts.head(most)
    y = [ROW * i for i in range(len(shown))]
    height = ROW * max(len(shown), 1)
    series = [("between", "mix of occupations (between)", theme.BLUE, "")]
    if money:
        series.append(("within", "within occupations", theme.ORANGE, "/"))
    traces = [
        {
            "type": "bar", "orientation": "h", "name": name, "width": 0.7 * ROW,
            "x": shown[column].round(6).tolist(), "y": y,
            "marker": {"color": color, "pattern": pattern(shape, color)},
            "hovertemplate": name + ": %{x}<extra></extra>",
        }
        for column, name, color, shape in series
    ]  # fmt: skip
    span = f"{total['start']} to {total['end']}"
    who = "all occupations" if total["workforce"] == "all" else "technicians"
    if money:
        finding = (
            f"Mean real wage of {who}, {span}: {_dollars(total['change'])}, of which "
            f"{_dollars(total['within'])} within occupations and {_dollars(total['between'])} by "
            "their mix"
        )
        axis = {"tickformat": "$,d", "title": {"text": f"US $ of {total['base_year']} a year"}}
    else:
        finding = (
            f"Mean exposure of {who}, {span}: {total['mean_start']:.4f} to "
            f"{total['mean_end']:.4f}, all of it by the mix of occupations"
        )
        axis = {"tickformat": ".4f", "title": {"text": "points of mean exposure (scale 0 to 1)"}}
    fixed = "" if money else " Exposure is measured once, so the part within is 0 by construction."
    left = len(parts) - len(shown)
    rest = f" {left} groups that moved it less are not drawn." if left > 0 else ""
    return theme.figure(
        traces,
        finding,
        "Contributions of the major groups to the change of the mean, which is weighted by jobs; "
        "they add up to it." + fixed
        + rest,
        sources,
        height=height,
        width=theme.WIDTH,
        margin={"l": 330, "r": 20, "t": 8, "b": 84 if money else 46},
        barmode="relative",
        showlegend=money,
        xaxis={"zeroline": True, "zerolinecolor": theme.INK, **axis},
        yaxis={"range": [height - ROW / 2, -ROW / 2], "tickvals": y, "showgrid": False,
               "ticktext": [theme.wrap(names.get(m, m), 48, lines=1) for m in shown["major"]]},
        legend={"orientation": "h", "x": 0, "y": -52 / height, "yanchor": "top"},
    )  # fmt: skip


def _dollars(value: float) -> str:
    return f"{'+' if value >= 0 else '−'}{theme.money(abs(value))}"
