"""Figure: what an occupation pays in each state, as a tile-grid map that draws offline."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipelines.base.language import marked, translated
from pipelines.base.records import records
from pipelines.charts.kit import theme
from pipelines.charts.kit.tiles import tiles

WAGE_COLUMN = "annual_median_wage"
MISSING_WAGE_REASONS = {
    "": marked("not published"),
    "suppressed": marked("not released by BLS"),
    "top-coded": marked("at or above the top code"),
    "not applicable": marked("not applicable"),
}


def state_wages_headline(states: pd.DataFrame, title: str) -> str:
    """The sentence on top: the best and the least paid of the states that may be compared.

    A state with few jobs or a large error is on the map, and no extreme of it (see
    `market.places.guarded`).
    """
    known = states[states["state"].isin(tiles())].dropna(subset=[WAGE_COLUMN])
    if known.empty:
        return f"{title}: no state has a published median wage"
    firm = known[known["guard"].eq("")]
    if len(firm) < 2:
        return f"{title}: the wages of too few states are known well enough to be compared"
    few = f" among the {len(firm)} states that can be compared" if len(firm) < len(known) else ""
    best, least = firm.loc[firm[WAGE_COLUMN].idxmax()], firm.loc[firm[WAGE_COLUMN].idxmin()]
    return (
        f"{title}: median wage runs from {theme.money(least[WAGE_COLUMN])} in "
        f"{least['area_title']} to {theme.money(best[WAGE_COLUMN])} in {best['area_title']}{few}"
    )


@theme.chart
def wages_by_state(states: pd.DataFrame, title: str, sources: str) -> theme.Plain:
    """Median annual wage by state.

    Parameters
    ----------
    states : DataFrame
        State rows of the table ``wages`` for one occupation: state, area_title,
        annual_median_wage (US dollars per year), annual_median_wage_flag, employment, guard. States
        without a row, or with a false ``published``, have no published estimate; territories
        are left to the table.
    title : str
        Title of the occupation.
    sources : str
        Source, vintage and license line.

    Returns
    -------
    Figure
        One tile a state: darker = more pay, the wage printed in it; hatched where the wage
        is not released, a plus where it is at or above the top code, empty with no estimate.
    """
    grid = tiles()
    rows = {
        row["state"]: row
        for row in records(states)
        if row["state"] in grid and row.get("published", True)
    }
    known = [row[WAGE_COLUMN] for row in rows.values() if pd.notna(row[WAGE_COLUMN])]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    hover: list[str] = []
    for state, (column, row) in grid.items():
        x, y = column, -row
        found = rows.get(state)
        fill, ink, line, label = "#ffffff", theme.GRAY, theme.PALE, "–"
        if found is None:
            hover.append(f"{state}: no estimate published")
        elif pd.isna(found[WAGE_COLUMN]):
            flag = str(found["annual_median_wage_flag"])
            top = flag == "top-coded"
            fill, ink = (theme.shade(1.0), "#ffffff") if top else ("#f1f1f1", theme.INK)
            line, label = theme.GRAY, "top +" if top else "n/r"
            hover.append(
                f"{theme.escape(found['area_title'])}: {MISSING_WAGE_REASONS.get(flag, flag)}"
            )
            if not top:
                shapes += [
                    {
                        "type": "line",
                        "x0": x - 0.46 + a,
                        "y0": y - 0.46,
                        "x1": x + 0.46,
                        "y1": y + 0.46 - a,
                        "layer": "below",
                        "line": {"color": "#b5b5b5", "width": 1},
                    }
                    for a in (0.0, 0.3, 0.6)
                ] + [
                    {
                        "type": "line",
                        "x0": x - 0.46,
                        "y0": y - 0.46 + a,
                        "x1": x + 0.46 - a,
                        "y1": y + 0.46,
                        "layer": "below",
                        "line": {"color": "#b5b5b5", "width": 1},
                    }
                    for a in (0.3, 0.6)
                ]
        else:
            fill = theme.shade(found[WAGE_COLUMN], low, high)
            ink, line, label = theme.ink_on(fill), fill, f"{found[WAGE_COLUMN] / 1000:.1f}"
            jobs = found.get("employment")
            people = f"<br>{jobs:,.0f} jobs" if jobs is not None and pd.notna(jobs) else ""
            hover.append(
                f"{theme.escape(found['area_title'])}: {theme.money(found[WAGE_COLUMN])}{people}"
            )
        shapes.insert(
            0,
            {
                "type": "rect",
                "x0": x - 0.47,
                "x1": x + 0.47,
                "y0": y - 0.47,
                "y1": y + 0.47,
                "fillcolor": fill,
                "line": {"color": line, "width": 1},
                "layer": "below",
            },
        )
        notes.append(
            {
                "x": x,
                "y": y,
                "text": f"<b>{state}</b><br>{label}",
                "showarrow": False,
                "font": {"size": 12, "color": ink},
            }
        )
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "markers",
            "showlegend": False,
            "x": [c for c, _ in grid.values()],
            "y": [-r for _, r in grid.values()],
            "hovertext": hover,
            "hoverinfo": "text",
            # Unseen points carry the hover texts and, where wages are known, the color bar.
            "marker": {
                "size": 34,
                "opacity": 0,
                "color": [low] * len(grid),
                "cmin": low,
                "cmax": high,
                "colorscale": theme.stops(),
                "showscale": bool(known),
                "colorbar": {
                    "orientation": "h",
                    "x": 0.5,
                    "xanchor": "center",
                    "y": 0.99,
                    "yanchor": "top",
                    "len": 0.42,
                    "thickness": 10,
                    "tickprefix": "$",
                    "tickformat": "~s",
                    "nticks": 5,
                    "title": {
                        "text": "median wage (US $ per year)",
                        "side": "top",
                        "font": {"size": 12},
                    },
                },
            },
        }
    ]
    axis = {"visible": False, "fixedrange": True}
    return theme.figure(
        traces,
        state_wages_headline(states, title),
        "In each tile the median wage in thousand US dollars per year; darker is more. Hatched, "
        "n/r: not released by BLS; top +: at or above the top code; –: no estimate published.",
        sources,
        height=470,
        width=780,
        margin={"l": 16, "r": 16, "t": 4, "b": 6},
        annotations=notes,
        shapes=shapes,
        hovermode="closest",
        xaxis={**axis, "range": [-0.55, 10.55]},
        yaxis={**axis, "range": [-7.55, 0.55]},
    )


def state_table(states: pd.DataFrame) -> pd.DataFrame:
    """Every area, territories included, best paid first; missing wages say why.

    Columns: state, area, employment, median_wage, p10_wage, p90_wage (text, for people).
    """

    def shown(row: dict[str, Any], column: str) -> str:
        if pd.notna(row.get(column)):
            return theme.money(row[column])
        flag = str(row.get(f"{column}_flag", ""))
        return translated(MISSING_WAGE_REASONS.get(flag, "not published"))

    def people(row: dict[str, Any]) -> str:
        if pd.notna(row.get("employment")):
            return f"{row['employment']:,.0f}"
        if row.get("employment_flag") == "suppressed":
            return translated("not released")
        return translated("not published")

    ordered = states.sort_values(
        [WAGE_COLUMN, "state"], ascending=[False, True], na_position="last"
    )
    return pd.DataFrame(
        [
            {
                "state": row["state"],
                "area": row["area_title"],
                "employment": people(row),
                "median_wage": shown(row, WAGE_COLUMN),
                "p10_wage": shown(row, "annual_p10_wage"),
                "p90_wage": shown(row, "annual_p90_wage"),
            }
            for row in records(ordered)
        ],
        columns=["state", "area", "employment", "median_wage", "p10_wage", "p90_wage"],
    )
