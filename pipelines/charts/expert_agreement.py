"""Figure: how far scores agree with what experts say AI can do."""

from __future__ import annotations

import pandas as pd

from pipelines.base.records import records
from pipelines.charts.kit import theme

ROW = 38


def expert_headline(table: pd.DataFrame, ceiling: float) -> str:
    """The sentence on top: the automation score, exposure, and what any score could reach."""
    r = table.set_index("score")["pearson"]
    return (
        f"The automation score agrees with experts by r {r['automation_score']:.2f}, exposure by "
        f"{r['exposure']:.2f}; no score could reach more than {ceiling:.2f}"
    )


@theme.chart
def expert_agreement(
    table: pd.DataFrame, names: dict[str, str], ceiling: float, least: float, sources: str
) -> theme.Plain:
    """Correlation of each score with the mean rating of experts, with its 95% interval.

    Parameters
    ----------
    table : DataFrame
        As from `pipelines.exposure.validation.experts.against_experts`.
    names : dict
        Key of `score` -> what it is called.
    ceiling : float
        Most that any score could reach (`experts.ceiling`).
    least : float
        What is asked of the automation score (`experts.LEAST`).
    sources : str
        Source, vintage and license line.

    Returns
    -------
    Figure
        Pearson's r on the x axis, a row a score in the order of the table, ours on top.
    """
    rows = table.reset_index(drop=True)
    high, low = rows["high"] - rows["pearson"], rows["pearson"] - rows["low"]
    points = {
        "type": "scatter", "mode": "markers+text", "name": "score", "showlegend": False,
        "x": rows["pearson"].round(3).tolist(), "y": rows.index.tolist(),
        "text": [f"{r:.2f}" for r in rows["pearson"]], "textposition": "top center",
        "hoverinfo": "text",
        "hovertext": [
            f"{theme.escape(names[row['score']])}: r {row['pearson']:.2f}, 95% interval "
            f"{row['low']:.2f} to {row['high']:.2f}; {row['n_tasks']} tasks of "
            f"{row['n_occupations']} occupations"
            for row in records(rows)
        ],
        "error_x": {"type": "data", "symmetric": False, "array": high.round(3).tolist(),
                    "arrayminus": low.round(3).tolist(), "color": theme.GRAY, "width": 5},
        "marker": {
            "symbol": ["circle"] + ["circle-open"] * (len(rows) - 1), "size": 11,
            "color": theme.BLUE, "line": {"width": 2},
        },
    }  # fmt: skip
    line = {"type": "line", "yref": "paper", "y0": 0, "y1": 1}
    note = {"yref": "paper", "y": 1, "yanchor": "bottom", "showarrow": False,
            "font": {"size": 12, "color": theme.GRAY}}  # fmt: skip
    return theme.figure(
        [points],
        expert_headline(table, ceiling),
        "Pearson's r with the mean rating of each task's experts, 1 (AI cannot do it) to 5 (all of "
        "it); lines: 95% interval, occupations drawn anew. Filled: ours. The last dotted line is "
        "the root of the reliability of the ratings.",
        sources,
        height=ROW * len(rows) + 90,
        margin={"l": 190, "r": 24, "t": 40, "b": 50},
        shapes=[
            line | {"x0": x, "x1": x, "line": {"color": theme.GRAY, "width": 1, "dash": "dot"}}
            for x in (0, least, ceiling)
        ],
        annotations=[
            note | {"x": least, "text": f"asked: {least:g}"},
            note | {"x": ceiling, "text": f"most possible: {ceiling:.2f}"},
        ],
        xaxis={"range": [-0.25, 1], "title": {"text": "Pearson's r"}, "dtick": 0.25},
        yaxis={
            "range": [len(rows) - 0.4, -0.7], "tickvals": rows.index.tolist(),
            "ticktext": [names[score] for score in rows["score"]], "showgrid": False, "ticks": "",
        },
        hovermode="closest",
    )  # fmt: skip
