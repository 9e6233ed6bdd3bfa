"""Figure: years to qualify against wage gain, and the moves that no other one beats in both."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipelines.base.records import records
from pipelines.charts.kit import labels, theme
from pipelines.charts.kit.ladder import LICENSED, NO_BREAK, counted_from, licences, note
from pipelines.charts.kit.marks import ROUTE
from pipelines.pathways.routes.enumeration import pareto_mask

YEARS = "years_to_qualify"
FONT = 11
HEIGHT = 470
MIN_COLUMN_WIDTH = 46  # pixels of a column with few points: its heading still fits
#: Width, left and right margin, letters of a label's line.
DESKTOP, PHONE = (1000, 84, 16, 22), (390, 66, 12, 15)

Mark = dict[str, Any]
Row = Mapping[str, Any]

#: What is read of a move.
_READ = (
    "soc_code", "title", "licence", YEARS, "wage_gain", "wage_gain_low", "wage_gain_high",
)  # fmt: skip


def on_frontier(moves: pd.DataFrame) -> pd.Series:
    """Which moves no other one beats: in no more years, a higher gain in pay, or both.

    Moves whose years or gain are not known are never on it.
    """
    known = moves[[YEARS, "wage_gain"]].notna().all(axis=1)
    front = pd.Series(False, index=moves.index)
    points = moves.loc[known, [YEARS, "wage_gain"]].to_numpy(float) * (1, -1)
    front[known] = pareto_mask(points)
    return front


def columns(years: list[float], width: float) -> tuple[list[float], list[float], list[float]]:
    """Horizontal pixels of points, the distinct years, and the borders between their columns.

    A column is as wide as its number of points asks for, so bars do not cover each other. Points
    keep their given order in a column.
    """
    distinct = sorted(set(years))
    counts = [years.count(y) for y in distinct]
    least = min(MIN_COLUMN_WIDTH, width / max(len(distinct), 1))
    spare = width - least * len(distinct)
    borders = [0.0]
    for count in counts:
        borders.append(borders[-1] + least + spare * count / len(years))
    seen = dict.fromkeys(distinct, 0)
    xs = []
    for y in years:
        i = distinct.index(y)
        xs.append(borders[i] + (borders[i + 1] - borders[i]) * (seen[y] + 0.5) / counts[i])
        seen[y] += 1
    return xs, distinct, borders


def frontier_headline(title: str, front: Sequence[Row], short: bool = False) -> str:
    """The sentence on top: the steps of the front, from the fewest years to the most."""
    if not front:
        return f"No move from {title} is open within these limits"
    name = labels.short_title if short else str
    first: dict[float, Row] = {}
    for row in front:
        first.setdefault(row[YEARS], row)
    parts = [
        f"{_gain(r['wage_gain'])} as {name(_name(r))} {_years(years)}" for years, r in first.items()
    ]
    shown = parts if len(parts) < 3 else [parts[0], parts[-1]]
    return f"From {name(title)}, the highest wage gain for the years it takes: {'; '.join(shown)}"


def _name(row: Mapping[str, Any]) -> str:
    return f"{row['title']}{NO_BREAK + LICENSED if row.get('licence') else ''}"


def _gain(value: float) -> str:
    return f"{'+' if value >= 0 else '−'}{theme.money(abs(value))}"


def _years(years: float) -> str:
    return "at once" if years == 0 else f"after {years:g} {'year' if years == 1 else 'years'}"


@theme.chart
def frontier(
    title: str, moves: pd.DataFrame, sources: str, phone: bool = False, education: str = "",
    place: str = "",
) -> theme.Plain:  # fmt: skip
    """Moves by years to qualify and gain in pay, with the front of those that none beats.

    Parameters
    ----------
    title : str
        Of the present occupation.
    moves : DataFrame
        One row a destination: soc_code, title, years_to_qualify (years of school to add, of
        experience asked for and of training, together), wage_gain,
        wage_gain_low, wage_gain_high (dollars per year against the present median: the
        destination's median, 25th and 75th percentile), license.
    sources : str
        Source, vintage and license line.
    phone : bool
        The layout for 390 pixels instead of 1,000.
    education : str
        Education that schooling is counted from, for the text.
    place : str
        State or area whose wages the rows hold, for the text; "": the nation.

    Returns
    -------
    Figure
        Of fixed width. The x axis counts pixels: a column a number of years, in order. Rows
        without years or gain are left out and counted.
    """
    width, left, right, letters = PHONE if phone else DESKTOP
    plot = width - left - right
    read = [name for name in _READ if name in moves]
    frame = moves[read].dropna(subset=[YEARS, "wage_gain"])
    frame = frame.sort_values([YEARS, "wage_gain"], ignore_index=True)
    front = on_frontier(frame).tolist()
    years = frame[YEARS].astype(float).tolist()
    xs, distinct, borders = columns(years, plot)
    rows = [
        row | {"x": x, "strong": own} for row, x, own in zip(records(frame), xs, front, strict=True)
    ]
    best = [row for row in rows if row["strong"]]
    low, high = _gain_axis(frame)
    stairs = _staircase(best, borders, distinct)
    if phone:
        notes, foot = _numbered(best)
    else:
        notes, foot = _labels(rows, (low, high), plot, letters, stairs), 0
    traces = [
        _points([row for row in rows if not row["strong"]], False),
        stairs,
        _points(best, True, 22 if phone else 13),
    ]
    shapes = [
        {"type": "line", "x0": b, "x1": b, "yref": "paper", "y0": 0, "y1": 1, "layer": "below",
         "line": {"color": theme.PALE, "width": 1}}
        for b in borders[1:-1]
    ]  # fmt: skip
    if low < 0 < high:
        shapes.append({"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 0,
                       "layer": "below", "line": {"color": theme.GRAY, "width": 1.2}})  # fmt: skip
    if frame.empty:
        middle = {"xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5}
        notes.append(note("Nothing is open from here within these limits.", 14, **middle))
    reading = (
        "Years to qualify: additional school, experience that the job asks for first, and "
        "training on the job, which is paid. Points that are joined: no other move shown pays "
        "more for so few years. Bars: the destination's 25th to 75th percentile wage against the "
        "present median. Pale points: another move pays more for no more years; work, chances "
        "and taste may still favor them. Unnamed ones are named in the data."
    )
    if place:
        reading += f" Wages of {place}."
    reading += counted_from(education)
    if left_out := len(moves) - len(frame):
        reading += (
            f" Left out because the wage is not published or the years are not known: {left_out}."
        )
    if frame[["wage_gain_low", "wage_gain_high"]].isna().any(axis=None):
        reading += " Where a bar lacks an end, that percentile is not published or top-coded."
    return theme.figure(
        traces,
        frontier_headline(title, best, phone),
        reading,
        f"{licences(moves)} {sources}".strip(),
        height=HEIGHT,
        width=width,
        margin={"l": left, "r": right, "t": 12, "b": 48 + foot},
        annotations=notes,
        shapes=shapes,
        hovermode="closest",
        showlegend=False,
        xaxis={
            "range": [0, plot],
            "tickvals": [(a + b) / 2 for a, b in zip(borders, borders[1:], strict=False)],
            "ticktext": [f"{y:g}" for y in distinct],
            "showgrid": False,
            "ticks": "",
            "title": {"text": "years to qualify: school, experience and training", "standoff": 6},
        },
        yaxis={
            "range": [low, high],
            "tickformat": "$~s" if phone else "$,d",
            "title": {"text": "gain in annual wage (US $)", "standoff": 2 if phone else 6},
        },
    )


def _gain_axis(frame: pd.DataFrame) -> tuple[float, float]:
    known = frame[["wage_gain_low", "wage_gain", "wage_gain_high"]].stack()
    if known.empty:
        return 0.0, 10_000.0
    room = 0.06 * float(known.max() - known.min()) + 1_000
    return float(known.min()) - room, float(known.max()) + room


def _points(part: Sequence[Row], strong: bool, size: int = 13) -> Mark:
    """Gains with their ranges; pale and without a name in the chart unless `strong`."""
    up = [_known(r["wage_gain_high"], r["wage_gain"]) - r["wage_gain"] for r in part]
    down = [r["wage_gain"] - _known(r["wage_gain_low"], r["wage_gain"]) for r in part]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "frontier" if strong else "others",
        "x": [round(r["x"], 1) for r in part],
        "y": [r["wage_gain"] for r in part],
        "customdata": [r["soc_code"] for r in part],
        "hovertext": [
            f"<b>{theme.escape(_name(r))}</b> ({theme.escape(r['soc_code'])})<br>"
            + theme.escape(f"{_gain(r['wage_gain'])} a year, {_years(r[YEARS])}")
            for r in part
        ],
        "hoverinfo": "text",
        "error_y": {
            "type": "data", "symmetric": False, "array": up, "arrayminus": down,
            "color": theme.INK if strong else "#bdbdbd", "thickness": 2 if strong else 1.2,
            "width": 5 if strong else 3,
        },
        "cliponaxis": False,
        "marker": {
            "symbol": "diamond" if strong else "circle",
            "size": size if strong else 8,
            "color": ROUTE if strong else "#e2e2e2",
            "opacity": 1,
            "line": {"color": theme.INK if strong else "#8f8f8f", "width": 1.4},
        },
    }  # fmt: skip


def _known(value: float, otherwise: float) -> float:
    return otherwise if pd.isna(value) else value


def _staircase(front: Sequence[Row], borders: list[float], distinct: list[float]) -> Mark:
    """The most that can be gained in so many years or fewer: a step at every column."""
    best = {row[YEARS]: row["wage_gain"] for row in front}  # in order: the last is the highest
    xs: list[float] = []
    ys: list[float] = []
    for value, gain in best.items():
        start = borders[distinct.index(value)]
        xs += [start, start] if ys else [start]
        ys += [ys[-1], gain] if ys else [gain]
    if ys:
        xs.append(borders[-1])
        ys.append(ys[-1])
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "highest wage gain for the years",
        "x": xs,
        "y": ys,
        "hoverinfo": "skip",
        "line": {"color": ROUTE, "width": 2, "dash": "6px,3px"},
    }


def _numbered(front: Sequence[Row]) -> tuple[list[Mark], int]:
    """On a phone: a number at each point of the front, its name in a list below the plot.

    Returns the notes and the pixels that the list takes.
    """
    notes: list[Mark] = []
    y = 54
    letters = int((PHONE[0] - 44) / (FONT * theme.LETTER))
    for i, row in enumerate(front, start=1):
        at = {"x": row["x"], "y": row["wage_gain"], "xanchor": "center", "yanchor": "middle"}
        number = f"<b>{i}</b>"
        notes.append(note(number, 11, **at) | {"font": {"size": 11, "color": "white"}})
        text = f"{_name(row)}: {_gain(row['wage_gain'])}, {_years(row[YEARS])}"
        lines = textwrap.wrap(text, letters)
        shown = "<br>".join(theme.escape(line) for line in lines)
        place = {"xref": "paper", "yref": "paper", "x": 0, "y": 0, "xanchor": "left"}
        place |= {"yanchor": "top", "yshift": -y, "align": "left"}
        notes.append(note(number, FONT, **place, xshift=14 - PHONE[1]))
        notes.append(note(shown, FONT, **place, xshift=32 - PHONE[1], name="label"))
        y += 15 * len(lines) + 5
    return notes, y - 48


def _labels(
    points: Sequence[Row], ends: tuple[float, float], plot: float, letters: int, stairs: Mark
) -> list[Mark]:
    """Names of the points of the front; of others only where there is room."""
    low, high = ends
    rows = sorted(points, key=lambda row: not row["strong"])
    spots = [(row["x"], HEIGHT * (high - row["wage_gain"]) / (high - low)) for row in rows]
    corners = [
        (x, HEIGHT * (high - y) / (high - low))
        for x, y in zip(stairs["x"], stairs["y"], strict=True)
    ]
    line = [
        (min(a, c) - 2, min(b, d) - 2, max(a, c) + 2, max(b, d) + 2)
        for (a, b), (c, d) in zip(corners, corners[1:], strict=False)
    ]
    lines = []
    for row in rows:
        name = textwrap.wrap(labels.short_title(_name(row)), letters)
        lines.append([*name, _gain(row["wage_gain"])] if row["strong"] else name)
    sizes = [labels.text_size(text, FONT) for text in lines]
    # Every marker is in the way of every name, also those that get none.
    solid: list[labels.Box] = []
    bars: dict[bool, list[labels.Box]] = {True: [], False: []}
    for row in points:
        x, gain = row["x"], row["wage_gain"]
        y = HEIGHT * (high - gain) / (high - low)
        solid.append((x - 8, y - 8, x + 8, y + 8))
        a, b = _known(row["wage_gain_low"], gain), _known(row["wage_gain_high"], gain)
        bar = (x - 3, HEIGHT * (high - b) / (high - low), x + 3, HEIGHT * (high - a) / (high - low))
        bars[row["strong"]].append(bar)
    # The bars and the line of the front stay in sight; a pale bar may show through a name.
    solid += bars[True] + line
    offsets = labels.place(spots, sizes, solid, bars[False], (0, 0, plot, HEIGHT)) if spots else []
    notes: list[Mark] = []
    kept: list[labels.Box] = []
    for row, (x, y), (dx, dy), (w, h), text in zip(rows, spots, offsets, sizes, lines, strict=True):
        box = (x + dx - w / 2, y + dy - h / 2, x + dx + w / 2, y + dy + h / 2)
        far = abs(dx) > w / 2 + 30 or abs(dy) > h / 2 + 30
        if not row["strong"] and (far or any(_touch(box, other) for other in [*kept, *solid])):
            continue
        kept.append(box)
        shown = "<br>".join(theme.escape(line) for line in text)
        ink = theme.INK if row["strong"] else theme.GRAY
        notes.append(
            {
                "x": x, "y": row["wage_gain"], "ax": dx, "ay": dy, "axref": "pixel",
                "ayref": "pixel", "showarrow": True, "arrowhead": 0, "arrowwidth": 0.8,
                "arrowcolor": theme.GRAY, "standoff": 8, "borderpad": 0, "name": "label",
                "text": f"<b>{shown}</b>" if row["strong"] else shown,
                "font": {"size": FONT, "color": ink}, "bgcolor": "rgba(255,255,255,0.82)",
            }
        )  # fmt: skip
    return notes


def _touch(a: labels.Box, b: labels.Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
