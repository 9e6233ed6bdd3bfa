"""Figure: where a worker can go, against the education that the destination requires."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipelines.base.records import records
from pipelines.charts.kit import ladder, marks, theme
from pipelines.pathways.schooling.education import EDUCATION_LEVELS, everyday

#: What the score is that points and bars show.
NOT_A_FORECAST = {
    "exposure": "Exposure: how far language-model software could speed up the tasks, 0 to 1; not a "
    "forecast of job loss.",
    "automation_score": "Automation score: how far software could do the tasks by itself, 0 to 1; "
    "not a forecast of job loss.",
}
_DARKER = {
    "exposure": "Darker point: more exposed.",
    "automation_score": "Darker point: higher automation score.",
}


def advancement_headline(
    origin: dict[str, Any], destinations: pd.DataFrame, route: Sequence[str] = ()
) -> str:
    """The sentence on top: how many moves pay more, and the route that is highlighted."""
    title, count = origin["title"], len(destinations)
    if destinations.empty:
        return f"No move from {title} is open within these limits"
    wage = theme.number(origin["annual_median_wage"])
    if wage is None:
        text = f"{count} moves from {title}, whose own wage is not published"
    else:
        more = int((destinations["annual_median_wage"] > wage).sum())
        who = "All" if more == count else "None" if not more else f"{more}"
        text = f"{who} of the {count} moves shown from {title} ({theme.money(wage)}) pay more"
    rows = destinations.set_index("soc_code")
    stops = [code for code in route if code in rows.index]
    if not stops:
        return text
    end = rows.loc[stops[-1]]
    over = ", ".join(str(rows.loc[code, "title"]) for code in stops[:-1])
    pay = theme.number(end["annual_median_wage"])
    facts = [
        "wage not published" if pay is None else theme.money(pay),
        everyday(str(end["required_education"])).lower(),
        ladder.years_text(end.get("years_education")).replace("+", "add "),
    ]
    way = f"{end['title']}{' over ' + over if over else ''} ({'; '.join(facts)})"
    return f"{text}. Highlighted: {way}"


#: What is read of the origin and of a destination.
_READ = (
    "soc_code", "title", "required_education", "annual_p25_wage", "annual_median_wage",
    "annual_p75_wage", "exposure", "automation_score", "annual_openings", "steps",
    "years_education", "licence",
)  # fmt: skip


def _rows(origin: dict[str, Any], destinations: pd.DataFrame) -> pd.DataFrame:
    """Origin and destinations that have a level, in drawing order: the lowest pay lowest."""
    own = pd.DataFrame([{name: origin[name] for name in _READ if name in origin} | {"steps": 0}])
    read = [name for name in _READ if name in destinations]
    frame = own
    if len(destinations):
        frame = pd.concat([own, destinations[read]], ignore_index=True)
    for column in ("annual_p25_wage", "annual_p75_wage", "years_education"):
        if column not in frame:
            frame[column] = float("nan")
    frame["level"] = frame["required_education"].map(
        {name: i for i, name in enumerate(EDUCATION_LEVELS)}
    )
    frame = frame.dropna(subset=["level"]).drop_duplicates("soc_code")
    frame["level"] = frame["level"].astype(int)
    order = ["level", "annual_median_wage", "soc_code"]
    return frame.sort_values(order, na_position="first", ignore_index=True)


def _pay_range(frame: pd.DataFrame, look: ladder.Look) -> tuple[float, float]:
    """Ends of the pay axis: all that is drawn, with room for the markers and printed numbers."""
    pay = frame[["annual_p25_wage", "annual_median_wage", "annual_p75_wage"]].stack()
    if pay.empty:
        return 0.0, 100_000.0
    room = 0.04 * float(pay.max() - pay.min()) + 2_000
    low, high = max(0.0, float(pay.min()) - room), float(pay.max()) + room
    numbers = 0 if look.text_above else ladder.PAY_WIDTH
    return low, low + (high - low) * look.plot_width / (look.plot_width - numbers)


def _bars(frame: pd.DataFrame, heights: Sequence[float]) -> dict[str, Any]:
    """Pay from the 25th to the 75th percentile; an end that is not published is the median."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    low = frame["annual_p25_wage"].fillna(frame["annual_median_wage"])
    high = frame["annual_p75_wage"].fillna(frame["annual_median_wage"])
    for a, b, y in zip(low, high, heights, strict=True):
        if pd.notna(a) and pd.notna(b):
            xs += [float(a), float(b), None]
            ys += [y, y, None]
    line = {"color": marks.RANGE, "width": 9}
    return {
        "type": "scatter", "mode": "lines", "name": "wage range", "x": xs, "y": ys, "line": line,
        "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip


def _points(
    frame: pd.DataFrame,
    heights: Sequence[float],
    sizes: Sequence[float],
    strong: Sequence[bool],
    score: str,
) -> dict[str, Any]:
    rows = records(frame)
    values = [theme.number(r.get(score)) for r in rows]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "median wage",
        "x": [theme.number(v) for v in frame["annual_median_wage"]],
        "y": list(heights),
        "customdata": frame["soc_code"].tolist(),
        "hovertext": [_hover(r) for r in rows],
        "hoverinfo": "text",
        "showlegend": False,
        "marker": {
            "symbol": [marks.symbol(int(s)) for s in frame["steps"]],
            "size": list(sizes),
            "color": ["#ffffff" if v is None else theme.shade(v) for v in values],
            "opacity": 1,
            "line": {
                "color": theme.INK,
                "width": [2.2 if s else 1.3 for s in strong],
            },
        },
    }  # fmt: skip


def _hover(row: dict[str, Any]) -> str:
    ends = [theme.number(row["annual_p25_wage"]), theme.number(row["annual_p75_wage"])]
    low, high = ("not published" if v is None else theme.money(v) for v in ends)
    alone = theme.number(row.get("automation_score"))
    both = "" if alone is None else f" · automation score {alone:.2f}"
    return (
        f"<b>{theme.escape(row['title'])}</b> ({theme.escape(row['soc_code'])})<br>"
        f"{theme.escape(everyday(str(row['required_education'])))}<br>"
        f"{theme.escape(ladder.row_text(row))}{both}<br>"
        + theme.escape(f"25th to 75th percentile wage: {low} to {high}")
    )


@theme.chart
def advancement_paths(
    origin: dict[str, Any] | pd.Series,
    destinations: pd.DataFrame,
    moves: pd.DataFrame,
    sources: str,
    route: Sequence[str] = (),
    phone: bool = False,
    education: str = "",
    score: str = "exposure",
    place: str = "",
) -> theme.Plain:
    """Destinations against required education, with pay, exposure, openings and the moves.

    Up is more required education, right is higher wages. An arrow climbs to the row of its
    destination and runs along it, as long as the gain in pay.

    Parameters
    ----------
    origin : mapping
        soc_code, title, required_education (one of `education.EDUCATION_LEVELS`), annual_p25_wage,
        annual_median_wage, annual_p75_wage (US dollars per year), exposure (0 to 1),
        annual_openings (jobs).
    destinations : DataFrame
        The same columns, steps (1 to 3), years_education and licence, one row per destination.
        Rows without a level have no place and are counted in the text; a missing wage is said.
    moves : DataFrame
        Arrows: from_soc, to_soc, step, feasibility (0 to 1).
    sources : str
        Source, vintage and license line.
    route : sequence of str
        SOC codes of a route to point out, with or without the origin; its stops must be among
        the destinations to be drawn.
    phone : bool
        The layout for 390 pixels instead of 1,080.
    education : str
        Education that schooling is counted from, for the text.
    score : str
        The column that bars and colors show: exposure, or automation_score.
    place : str
        State or area whose wages the rows hold, for the text; "": the nation.

    Returns
    -------
    Figure
        Of fixed width. Traces ``move`` lie below traces ``route``, points on top.
    """
    look = ladder.PHONE if phone else ladder.DESKTOP
    origin = dict(origin)
    stops = [str(origin["soc_code"]), *(c for c in route if c != origin["soc_code"])]
    frame = _rows(origin, destinations)
    heights, bands = ladder.bands(frame["level"].tolist(), look)
    height = bands[-1].top
    # The bar of a row stands below its text where the text stands above.
    bar = [y - 16 if look.text_above else y for y in heights]
    low, high = _pay_range(frame, look)
    scale = (high - low) / look.plot_width
    start = frame["steps"].eq(0)
    sizes = [
        18.0 if own else marks.marker_size(theme.number(v))
        for own, v in zip(start, frame["annual_openings"], strict=True)
    ]
    strong = [len(stops) > 1 and code in stops for code in frame["soc_code"]]
    paid = frame["annual_median_wage"].notna()
    spot = {
        code: (float(wage), y)
        for code, wage, y, known in zip(
            frame["soc_code"], frame["annual_median_wage"], bar, paid, strict=True
        )
        if known
    }
    size = dict(zip(frame["soc_code"], sizes, strict=True))
    on_route = set(zip(stops, stops[1:], strict=False))
    pairs = zip(moves["from_soc"], moves["to_soc"], strict=True)
    others = moves[pd.Series([p not in on_route for p in pairs], moves.index, dtype=bool)]
    rows = records(frame)
    shapes, notes = ladder.band_marks(bands, look)
    shapes += _highlights(heights, strong, look)
    shapes += ladder.score_bars(rows, heights, look, score)
    bold = [a or b for a, b in zip(start, strong, strict=True)]
    notes += ladder.occupation_notes(rows, heights, bold, look, score)
    notes += ladder.headings(height, look, score)
    if destinations.empty:
        notes.append(_nothing_open(height))
    drawn = marks.route_arrows(stops, spot, size, scale)
    steps = [int(s) for s in frame["steps"]]
    later = bool((others["step"] > 1).any())
    entries = marks.entries(steps, later, bool(drawn))
    across, under = (2, 48) if look.text_above else (4, 50)
    column = (look.width - 24) / across
    key = marks.legend(entries, look.left - 12, column, across, under)
    shapes, notes = shapes + key[0], notes + key[1]
    traces = [
        _bars(frame, bar),
        *marks.arrows(others, spot, size, scale),
        *drawn,
        _points(frame, bar, sizes, strong, score),
    ]
    above = 44 if destinations.empty or not look.text_above else 12
    foot = under + marks.LEGEND_LINE * -(-len(entries) // across) + 4
    return theme.figure(
        traces,
        advancement_headline(origin, destinations, stops[1:]),
        _reading(frame, len(destinations) + 1 - len(frame), score, place)
        + ladder.counted_from(education),
        f"{ladder.licences(destinations)} {sources}".strip(),
        height=round(height),
        width=look.width,
        margin={"l": look.left, "r": look.right, "t": above, "b": foot},
        annotations=notes,
        shapes=shapes,
        hovermode="closest",
        xaxis={
            "range": [low, high],
            "tickformat": "$,d" if not look.text_above else "$~s",
            "nticks": 5 if look.text_above else 7,
            "title": {"text": "annual wage (US $)", "standoff": 4},
        },
        yaxis={"range": [0, height], "visible": False, "fixedrange": True},
        showlegend=False,
    )


def _reading(frame: pd.DataFrame, left_out: int, score: str, place: str) -> str:
    median = f"median in {place}" if place else "national median"
    text = (
        f"Up: more required education. Right: higher wages; the point is the {median} and is "
        "larger where openings are more; the bar runs from the 25th to the 75th percentile. A "
        f"thicker, darker arrow: more feasible. {_DARKER[score]} {NOT_A_FORECAST[score]}"
    )
    if left_out:
        text += f" Left out because BLS names no typical education: {left_out}."
    paid = frame[frame["annual_median_wage"].notna()]
    if paid[["annual_p25_wage", "annual_p75_wage"]].isna().any(axis=None):
        text += " Where a range lacks an end, that percentile is not published or top-coded."
    return text


def _highlights(
    heights: Sequence[float], strong: Sequence[bool], look: ladder.Look
) -> list[dict[str, Any]]:
    """A tint behind the rows of the highlighted route."""
    return [
        {
            "type": "rect",
            "layer": "below",
            "xref": "paper",
            "xsizemode": "pixel",
            "xanchor": 0,
            "x0": 10 - look.left if look.text_above else -ladder.TITLE_COLUMN,
            "x1": look.width - look.left - 10,
            "yref": "y",
            "y0": y - look.row / 2 + 1,
            "y1": y + look.row / 2 - 1,
            "fillcolor": "#fbeee0",
            "line": {"width": 0},
        }
        for y, bold in zip(heights, strong, strict=True)
        if bold
    ]


def _nothing_open(height: float) -> dict[str, Any]:
    text = "Nothing is open from here within these limits."
    place = {"xref": "paper", "x": 0.5, "y": height, "xanchor": "center", "yanchor": "bottom"}
    return ladder.note(f"<b>{text}</b>", 13, **place, yshift=9, name="nothing")
