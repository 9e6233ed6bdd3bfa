"""Figure: the coefficient of exposure in each OEWS year, against the year of the break."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipelines.charts.kit import theme
from pipelines.market.event_study import BREAK_YEAR, N_PANELS, OPENED, PLACEBO, REFERENCE

#: Kind of year -> how it is named and drawn: shape and filling carry it, not color alone.
STYLES = {
    PLACEBO: ("before the tools (placebo)", "circle-open", theme.GRAY),
    REFERENCE: (f"May {BREAK_YEAR}, 0 by construction", "diamond", theme.INK),
    "after": ("after", "square", theme.BLUE),
}
HEIGHT = 360
#: Estimates are of the month of May.
_MAY = 4.4 / 12


@theme.chart
def event_study(table: pd.DataFrame, finding: str, sources: str) -> theme.Plain:
    """Effect of a tenth more exposure since the year of the break, by year, with 95% intervals.

    Parameters
    ----------
    table : DataFrame
        From `event_study.event_study`.
    finding, sources : str
        Sentence on top; line at the foot.
    """
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    layout: dict[str, Any] = {}
    # A year that the data lack is named on the axis and left empty.
    first, last = int(table["year"].min()), int(table["year"].max())
    missing = sorted(set(range(first, last)) - set(table["year"]))
    ticks = list(range(first, last + 1))
    opened = OPENED.year + (OPENED.timetuple().tm_yday - 1) / 365 - _MAY
    for i, (outcome, part) in enumerate(table.groupby("outcome", sort=False)):
        axis = "" if i == 0 else str(i + 1)
        domain = [0.0, 0.46] if i == 0 else [0.54, 1.0]
        for kind, (name, symbol, color) in STYLES.items():
            own = part[part["kind"] == kind]
            traces.append(
                {
                    "type": "scatter", "mode": "markers", "name": name, "showlegend": i == 0,
                    "xaxis": f"x{axis}", "yaxis": f"y{axis}",
                    "x": own["year"].tolist(), "y": own["effect_tenth"].round(3).tolist(),
                    "error_y": {
                        "type": "data", "symmetric": False, "thickness": 1.6, "width": 4,
                        "array": (own["tenth_high"] - own["effect_tenth"]).round(3).tolist(),
                        "arrayminus": (own["effect_tenth"] - own["tenth_low"]).round(3).tolist(),
                    },
                    "marker": {"symbol": symbol, "color": color, "size": 10, "line": {"width": 2}},
                    "hovertext": [
                        f"May {r.year}: {r.effect_tenth:+.2f}% ({r.tenth_low:+.2f} to "
                        f"{r.tenth_high:+.2f})<br>{r.panels_after} of {N_PANELS} panels after the "
                        "tools came"
                        for r in own.itertuples()
                    ],
                    "hoverinfo": "text",
                }
            )  # fmt: skip
        notes.append(
            {
                "text": f"<b>{theme.escape(str(outcome))}</b>", "x": domain[0], "xref": "paper",
                "xanchor": "left", "y": 1, "yref": "paper", "yanchor": "bottom",
                "showarrow": False,
            }
        )  # fmt: skip
        notes.append(
            {
                "text": "ChatGPT", "x": opened, "xref": f"x{axis}", "y": 1, "yref": "paper",
                "xanchor": "left", "yanchor": "top", "xshift": 3, "showarrow": False,
                "font": {"size": 11, "color": theme.GRAY},
            }
        )  # fmt: skip
        layout[f"xaxis{axis}"] = {
            "domain": domain, "anchor": f"y{axis}", "range": [first - 0.5, last + 0.5],
            "tickvals": ticks,
            "ticktext": [f"({year})" if year in missing else str(year) for year in ticks],
            "tickangle": -45, "title": {"text": "May of", "standoff": 8},
        }  # fmt: skip
        layout[f"yaxis{axis}"] = {
            "anchor": f"x{axis}", "zeroline": True, "zerolinecolor": theme.INK,
            "zerolinewidth": 1.5, "ticksuffix": "%",
            "title": {"text": f"percent, against May {BREAK_YEAR}" if i == 0 else ""},
        }  # fmt: skip
    lines = [
        {
            "type": "line", "x0": opened, "x1": opened, "xref": f"x{axis}", "y0": 0, "y1": 1,
            "yref": "paper", "line": {"color": theme.GRAY, "width": 1.2, "dash": "dot"},
            "layer": "below",
        }
        for axis in ("", "2")
    ]  # fmt: skip
    absent = f" No data: {', '.join(map(str, missing))}." if missing else ""
    return theme.figure(
        traces,
        finding,
        "How much more an occupation with a tenth more exposure had of it than one without, "
        f"against the same gap in May {BREAK_YEAR}; bars are 95% intervals, clustered by major "
        f"group. Each estimate pools {N_PANELS} panels of three years, so a sudden change would "
        "look like a ramp. A slope that runs through the dotted line was there before the tools; "
        "none shows a cause." + absent,
        sources,
        height=HEIGHT,
        width=theme.WIDTH,
        margin={"l": 70, "r": 20, "t": 26, "b": 104},
        annotations=notes,
        shapes=lines,
        legend={"orientation": "h", "x": 0, "y": -78 / HEIGHT, "yanchor": "top"},
        hovermode="closest",
        **layout,
    )
