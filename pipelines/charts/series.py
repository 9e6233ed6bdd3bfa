"""Figure: employment and wages over the OEWS years, with the break of classification drawn."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipelines.charts.kit import theme
from pipelines.occupations import oews_codes
from pipelines.occupations.oews_codes import HYBRID

#: OEWS moved from SOC 2010 to SOC 2018 between its May 2018 and May 2021 estimates; those of
#: 2019 and 2020 hold some occupations of SOC 2018 in hybrid codes only.
SOC_2018_BREAK = 2018.5
HYBRID_END = 2020.5
STYLES = (
    (theme.BLUE, "circle"),
    (theme.VERMILION, "square"),
    (theme.GREEN, "diamond"),
    (theme.PURPLE, "triangle-up"),
    (theme.ORANGE, "triangle-down"),
    (theme.SKY, "pentagon"),
    (theme.GRAY, "hexagon"),
    (theme.INK, "star"),
)


#: Share of jobs from elsewhere above which no sum is drawn over the change of codes.
MAX_OUTSIDE_SHARE = 0.1


def combined_employment(series: pd.DataFrame) -> pd.DataFrame:
    """Employment of all the codes together, year by year.

    A year counts only where every code of its vintage has a figure: a partial sum would show
    a fall that did not happen. A code of OEWS's own counts as the codes that it holds, but a
    hybrid of 2019 or 2020 never: it holds other occupations too. Columns: year, employment, codes.
    """
    codes: dict[str, set[str]] = {}
    held: dict[tuple[int, str], dict[str, float]] = {}
    columns = (series[c].tolist() for c in ("year", "soc_vintage", "soc_code", "employment"))
    for year, vintage, code, employment in zip(*columns, strict=True):
        if vintage == HYBRID:
            continue
        codes.setdefault(vintage, set()).update(oews_codes.held_by(year).get(code, [code]))
        if not pd.isna(employment):
            held.setdefault((year, vintage), {})[code] = employment
    rows = []
    for (year, vintage), part in sorted(held.items()):
        merged = oews_codes.held_by(year)
        if {one for code in part for one in merged.get(code, [code])} == codes[vintage]:
            text = " + ".join(sorted(part))
            rows.append({"year": year, "employment": float(sum(part.values())), "codes": text})
    return pd.DataFrame(rows, columns=["year", "employment", "codes"])


def wage_trend_headline(series: pd.DataFrame, title: str, focus: str) -> str:
    """The sentence on top: the newest figures and the change since the first comparable year."""
    own = series[(series["soc_code"] == focus) & (series["soc_vintage"] == "2018")]
    own = own.sort_values("year")
    jobs, paid = own.dropna(subset=["employment"]), own.dropna(subset=["real_annual_median_wage"])
    text = title
    if len(jobs):
        text += f": {jobs['employment'].iloc[-1]:,.0f} jobs in May {jobs['year'].iloc[-1]}"
    if len(paid) > 1:
        first, last = paid.iloc[0], paid.iloc[-1]
        change = 100 * (last["real_annual_median_wage"] / first["real_annual_median_wage"] - 1)
        # What rounds to nothing has no direction.
        moved = f"{'up' if change > 0 else 'down'} {abs(change):.0f}%"
        text += (
            f"; median wage {theme.money(last['annual_median_wage'])}, "
            f"{moved if abs(change) >= 0.5 else 'hardly changed'} since {first['year']:.0f} after "
            "inflation"
        )
    return text


@theme.chart
def employment_and_wages(
    series: pd.DataFrame,
    title: str,
    focus: str,
    base_year: int,
    sources: str,
    outside: float = 0.0,
) -> theme.Plain:
    """Employment above, median wage below, over the OEWS years.

    Parameters
    ----------
    series : DataFrame
        National rows: year, soc_code, soc_vintage (2010, 2018, hybrid), title, employment
        (persons), annual_median_wage (US dollars of the year), real_annual_median_wage (US
        dollars of `base_year`); and break_kind of `market.series`, optional.
    title : str
        Title of the occupation.
    focus : str
        SOC 2018 code of the occupation.
    base_year : int
        Year whose dollars the real wage is in.
    sources : str
        Source, vintage and license line.
    outside : float
        Jobs that came into the codes from elsewhere with the classification of 2018, over those
        before; see `market.outside_share`.

    Returns
    -------
    Figure
        Codes of the two classifications are never joined by a line; where a code was split,
        the sum of its successors is, and only for employment; not where `outside` exceeds
        `MAX_OUTSIDE_SHARE`, because a sum would then show the classification, not the jobs.
    """
    series = series.sort_values(["soc_vintage", "soc_code", "year"])
    groups = list(series.groupby(["soc_vintage", "soc_code"], sort=True))
    traces: list[dict[str, Any]] = []
    for i, ((vintage, code), part) in enumerate(groups):
        color, symbol = STYLES[i % len(STYLES)]
        kind = "hybrid code" if vintage == HYBRID else f"SOC {vintage}"
        name = theme.wrap(f"{code} {part['title'].iloc[-1]}", 90 - len(kind), lines=1)
        name += f" ({kind})"
        common = {"type": "scatter", "x": part["year"].tolist(), "legendgroup": f"{vintage}{code}"}
        traces.append(
            {
                **common,
                "mode": "lines+markers",
                "name": name,
                "yaxis": "y",
                "y": [theme.number(v) for v in part["employment"]],
                "line": {"color": color},
                "marker": {"symbol": symbol, "size": 9},
                "hovertemplate": f"{code}, May %{{x}}: %{{y:,.0f}} jobs<extra></extra>",
            }
        )
        for column, label, dash, shape in (
            ("real_annual_median_wage", f"dollars of {base_year}", "solid", symbol),
            ("annual_median_wage", "dollars of the year", "dot", f"{symbol}-open"),
        ):
            traces.append(
                {
                    **common,
                    "mode": "lines+markers",
                    "showlegend": False,
                    "yaxis": "y2",
                    "y": [theme.number(v) for v in part[column]],
                    "line": {"color": color, "dash": dash},
                    "marker": {"symbol": shape, "size": 9},
                    "hovertemplate": f"{code}, May %{{x}}: $%{{y:,.0f}} ({label})<extra></extra>",
                }
            )
    total = combined_employment(series)
    hybrid = bool((series["soc_vintage"] == HYBRID).any())
    broken = series["soc_vintage"].nunique() > 1
    if broken and len(total) > 1 and outside <= MAX_OUTSIDE_SHARE:
        came = f"; {outside:.0%} more came from other codes" if round(outside, 2) else ""
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": total["year"].tolist(),
                "y": total["employment"].tolist(),
                "yaxis": "y",
                "name": f"closest comparison over the break: {total['codes'].iloc[-1]} "
                f"({total['codes'].iloc[0]} before{came})",
                "line": {"color": theme.INK, "dash": "dash", "width": 1.5},
                "marker": {"symbol": "x-thin-open", "size": 9, "color": theme.INK},
                "hovertemplate": "together, May %{x}: %{y:,.0f} jobs<extra></extra>",
            }
        )
    for dash, label in (
        ("solid", f"wage in dollars of {base_year}"),
        ("dot", "wage in dollars of the year"),
    ):
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [None],
                "y": [None],
                "name": label,
                "yaxis": "y2",
                "line": {"color": theme.GRAY, "dash": dash},
            }
        )
    years = sorted(series["year"].unique().tolist())
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    reading = "Employment in wage and salary jobs; median wage in US dollars per year."
    if broken:
        kinds = set(series["break_kind"]) if "break_kind" in series else {"split"}
        same = kinds <= {"", "same"}
        reading += (
            " Dashed line: in 2018 the classification changed; this code kept its meaning."
            if same
            else " Dashed line: in 2018 the classification changed; codes on its two sides do not "
            "hold the same workers, so their lines are not joined."
        )
        if hybrid:
            reading += (
                " Shaded, May 2019 and 2020: the occupation is part of a hybrid code that holds "
                "others too."
            )
            shapes.append(
                {
                    "type": "rect",
                    "xref": "x",
                    "yref": "paper",
                    "x0": SOC_2018_BREAK,
                    "x1": HYBRID_END,
                    "y0": 0,
                    "y1": 1,
                    "fillcolor": theme.PALE,
                    "opacity": 0.45,
                    "line": {"width": 0},
                    "layer": "below",
                }
            )
        shapes.append(
            {
                "type": "line",
                "xref": "x",
                "yref": "paper",
                "x0": SOC_2018_BREAK,
                "x1": SOC_2018_BREAK,
                "y0": 0,
                "y1": 1,
                "line": {"color": theme.INK, "dash": "dash", "width": 1},
            }
        )
        notes = [
            {
                "text": "SOC 2010 | SOC 2018",
                "x": SOC_2018_BREAK,
                "xref": "x",
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"size": 11},
            }
        ]
    rows = sum(1 for t in traces if t.get("showlegend", True))
    legend_room = 21 * rows + 12
    return theme.figure(
        traces,
        wage_trend_headline(series, title, focus),
        reading,
        sources,
        height=470,
        margin={"l": 88, "r": 24, "t": 24, "b": 34 + legend_room},
        annotations=notes,
        shapes=shapes,
        xaxis={"tickvals": years, "range": [min(years) - 0.6, max(years) + 0.6], "anchor": "y2"},
        yaxis={
            "domain": [0.56, 1],
            "rangemode": "tozero",
            "tickformat": ",d",
            "title": {"text": "employment (persons)", "font": {"size": 12}},
        },
        yaxis2={
            "domain": [0, 0.46],
            "rangemode": "tozero",
            "tickformat": "$,d",
            "title": {"text": "median wage (US $ per year)", "font": {"size": 12}},
        },
        legend={
            "x": 0,
            "xanchor": "left",
            "y": -30 / 470,
            "yanchor": "top",
            "font": {"size": 12},
            "tracegroupgap": 0,
        },
    )
