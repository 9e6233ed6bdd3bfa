"""Figure: one route as a card, what each step asks, costs and brings."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipelines.base.records import records
from pipelines.charts.kit import marks, theme
from pipelines.charts.kit.ladder import counted_from, note
from pipelines.charts.route_card_text import FACT_LABELS, facts, route_headline, span

WIDTH, PHONE_WIDTH = 1000, 390
FONT, LINE = 12, 16
PAY_HEIGHT, EXPOSURE_HEIGHT = 190, 110
PHONE_EXPOSURE_OFFSET = 42  # on a phone: pixels from the bar of pay down to that of exposure

Mark = dict[str, Any]


def _title(row: Mapping[str, Any]) -> str:
    return "You are here" if row["step"] == 0 else f"Step {int(row['step'])}"


def _lines(text: str, width: float, size: float = FONT) -> list[str]:
    return textwrap.wrap(text, max(8, int(width / (size * theme.LETTER))))


def _shown(lines: Sequence[str], bold: bool = False) -> str:
    text = "<br>".join(theme.escape(line) for line in lines)
    return f"<b>{text}</b>" if bold else text


def _hover(row: Mapping[str, Any]) -> str:
    return f"<b>{theme.escape(row['title'])}</b> ({theme.escape(row['soc_code'])})"


def _ends(steps: pd.DataFrame) -> tuple[list[float | None], list[float | None]]:
    """Ends of the bars of pay; where a percentile is not published, the median."""
    known = steps["annual_median_wage"]
    return tuple(
        [theme.number(v) for v in steps[f"annual_{p}_wage"].fillna(known)] for p in ("p25", "p75")
    )  # type: ignore[return-value]


def _range_traces(steps: pd.DataFrame, at: Sequence[float], upright: bool) -> list[Mark]:
    """Pay (bar, point) and exposure (interval, bar): values on one axis, places on the other."""
    low, high = _ends(steps)
    exposure = [theme.number(v) for v in steps["exposure"]]
    median = [theme.number(v) for v in steps["annual_median_wage"]]
    hover = [_hover(r) for r in records(steps)]

    def axes(values: Sequence[Any], places: Sequence[Any], exposed: bool) -> Mark:
        x, y = (places, values) if upright else (values, places)
        second = {"yaxis": "y2"} if upright else {"xaxis": "x2"}
        return {"x": list(x), "y": list(y), **(second if exposed else {})}

    bars: list[float | None] = []
    where: list[float | None] = []
    for a, b, place in zip(low, high, at, strict=True):
        bars += [a, b, None]
        where += [place, place, None]
    plain = {"type": "scatter", "showlegend": False}
    up = steps["exposure_high"] - steps["exposure"]
    down = steps["exposure"] - steps["exposure_low"]
    interval = {
        "type": "data", "symmetric": False, "array": up.fillna(0).tolist(),
        "arrayminus": down.fillna(0).tolist(), "color": theme.INK, "thickness": 1.6, "width": 5,
    }  # fmt: skip
    below = [place if upright else place - PHONE_EXPOSURE_OFFSET for place in at]
    return [
        {**plain, "mode": "lines", "name": "wage range", "hoverinfo": "skip",
         "line": {"color": marks.RANGE, "width": 16}, **axes(bars, where, False)},
        {**plain, "mode": "lines+markers" if upright else "markers", "name": "median wage",
         "hovertext": hover, "hoverinfo": "text", "line": {"color": marks.ROUTE, "width": 2},
         "marker": {"size": 12, "color": "white", "opacity": 1,
                    "line": {"color": theme.INK, "width": 2.5}}, **axes(median, at, False)},
        {**plain, "mode": "markers", "name": "exposure", "hovertext": hover, "hoverinfo": "text",
         f"error_{'y' if upright else 'x'}": interval,
         "marker": {"size": 12, "symbol": "diamond", "opacity": 1,
                    "color": ["white" if e is None else theme.shade(e) for e in exposure],
                    "line": {"color": theme.INK, "width": 1.5}}, **axes(exposure, below, True)},
    ]  # fmt: skip


def _pay_text(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """25th percentile, median and 75th percentile as printed."""
    names = ("annual_p25_wage", "annual_median_wage", "annual_p75_wage")
    values = [theme.number(row[n]) for n in names]
    low, mid, high = ("" if v is None else theme.escape(theme.money(v)) for v in values)
    return low, mid or "wage not published", high


def _exposure_text(row: Mapping[str, Any]) -> str:
    return span(row, "exposure", lambda v: f"{v:.2f}") or "not known"


@theme.chart
def route_card(
    steps: pd.DataFrame, sources: str, gain: str = "", phone: bool = False, education: str = "",
    place: str = "",
) -> theme.Plain:  # fmt: skip
    """A route: steps from left to right, or from top to bottom on a phone.

    Parameters
    ----------
    steps : DataFrame
        The origin as step 0, then the rows of `pathways.route.route_steps`: step, soc_code,
        title, entry_education (by which it is entered), education_note,
        years_education, tuition (dollars), work_experience,
        annual_p25_wage, annual_median_wage, annual_p75_wage (dollars), exposure, exposure_low,
        exposure_high, credentials, licence; ``automation_score`` with its interval,
        ``years_education_low``, ``years_education_high``, ``tuition_low`` and ``tuition_high``
        where known.
    sources : str
        Source, vintage and license line.
    gain : str
        A sentence on what the whole route brings, see `route_text.outcome`.
    phone : bool
        The layout for 390 pixels.
    education : str
        Education that schooling is counted from, for the text.
    place : str
        State or area whose wages the rows hold, for the text; "": the nation.

    Returns
    -------
    Figure
        Of fixed width. With the origin alone it says that nothing is open.
    """
    steps = steps.reset_index(drop=True)
    draw = _down if phone else _across
    traces, layout = draw(steps)
    reading = (
        "Wage: bar from the 25th to the 75th percentile, point at the median, "
        f"{f'in {place}' if place else 'national'}. Exposure: "
        "how far language-model software could speed up the tasks, 0 to 1, with its 90% interval; "
        "automation score: how far it could do them by itself; neither is a forecast of job loss. "
        "In parentheses: from the shortest to the longest usual course."
    )
    reading += counted_from(education)
    if gain:
        reading = f"{gain} {reading}"
    if steps[["annual_p25_wage", "annual_p75_wage"]].isna().any(axis=None):
        reading += " A percentile that is not printed is not published or top-coded."
    return theme.figure(traces, route_headline(steps), reading, sources, **layout)


def _across(steps: pd.DataFrame) -> tuple[list[Mark], dict[str, Any]]:
    """A column a step: text above, pay and exposure on upright axes below."""
    left, right, n = 112, 14, len(steps)
    column = (WIDTH - left - right) / n
    rows = records(steps)
    every = [facts(r) for r in rows]
    inner = column - 40
    titles = [_lines(str(r["title"]), inner, 14.5) for r in rows]
    wrapped = {key: [_lines(f[key], inner) for f in every] for key in FACT_LABELS}
    head = 26 + 19 * max(len(t) for t in titles) + 12
    text = head + sum(
        LINE * max(map(len, wrapped[key])) + 10 for key in FACT_LABELS if any(wrapped[key])
    )
    gap = 34
    height = text + 26 + PAY_HEIGHT + gap + EXPOSURE_HEIGHT
    shapes, notes = [], []
    edge = {"xref": "x", "yref": "paper"}
    for i, row in enumerate(rows):
        a, b = i - 0.5 + 10 / column, i + 0.5 - 26 / column
        top = {"y0": 1 - head / height, "y1": 1}
        fill = "#fbeee0" if i else "#eeeeee"
        shapes.append({"type": "rect", **edge, "x0": a, "x1": b, **top, "layer": "below",
                       "fillcolor": fill, "line": {"color": theme.INK, "width": 1.2}})  # fmt: skip
        place = {"x": a, "xref": "x", "yref": "paper", "y": 1, "xanchor": "left", "align": "left"}
        place |= {"yanchor": "top", "xshift": 6, "name": "label"}
        notes.append(note(_title(row), 11, yshift=-3, **place))
        notes.append(note(_shown(titles[i], True), 14, yshift=-21, **place))
        if i:
            tip = {"x": a, "y": 1 - head / 2 / height, "xref": "x", "yref": "paper"}
            notes.append({**tip, "ax": -34, "ay": 0, "showarrow": True, "arrowhead": 2, "text": "",
                          "arrowwidth": 3, "arrowcolor": theme.INK, "name": "arrow"})  # fmt: skip
    y = head + 10.0
    aside = {"x": 0, "xref": "paper", "yref": "paper", "xanchor": "left", "xshift": 12 - left}
    for key, label in FACT_LABELS.items():
        if not any(wrapped[key]):
            continue
        up = {"y": 1 - y / height, "yanchor": "top", "align": "left"}
        notes.append(note(f"<i>{label}</i>", 11.5, **aside, **up))
        for i, lines in enumerate(wrapped[key]):
            if lines:
                x = {"x": i - 0.5 + 10 / column, "xref": "x", "yref": "paper", "xanchor": "left"}
                notes.append(note(_shown(lines), FONT, **x, **up, xshift=6, name="label"))
        y += LINE * max(map(len, wrapped[key])) + 10
    # Left of the middle: the numbers stand right of the marks.
    spots = [i - 0.28 for i in range(n)]
    for spot, row in zip(spots, rows, strict=True):
        poor, mid, rich = _pay_text(row)
        at = {
            "x": spot,
            "bgcolor": "rgba(255,255,255,0.85)",
            "borderpad": 0,
            "xref": "x",
            "xanchor": "left",
            "xshift": 14,
            "yref": "y",
            "name": "label",
        }
        values = [theme.number(row[f"annual_{p}_wage"]) for p in ("p25", "median", "p75")]
        for value, shown, size, shift in zip(
            values, (poor, f"<b>{mid}</b>", rich), (11, 13, 11), (-9, 0, 9), strict=True
        ):
            if value is not None:
                notes.append(note(shown, size, y=value, yanchor="middle", yshift=shift, **at))
        if values[1] is None:
            none = {"x": spot, "xref": "x", "yref": "paper", "name": "label"}
            notes.append(note(mid, FONT, y=(EXPOSURE_HEIGHT + gap + 20) / height, **none))
        here = {"x": spot, "xref": "x", "xanchor": "left", "xshift": 16, "yref": "y2"}
        value = theme.number(row["exposure"])
        beside = {"y": 0.5 if value is None else value, "yanchor": "middle", "name": "label"}
        notes.append(note(_exposure_text(row), FONT, **here, **beside))
    for label, middle in (
        ("annual wage", EXPOSURE_HEIGHT + gap + PAY_HEIGHT),
        ("task exposure", EXPOSURE_HEIGHT),
    ):
        notes.append(
            note(f"<i>{label}</i>", 11.5, **aside, y=middle / height, yanchor="bottom", yshift=4)
        )
    low, high = _pay_axis(steps)
    pay_foot, exposure_top = (EXPOSURE_HEIGHT + gap) / height, EXPOSURE_HEIGHT / height
    small = {"tickfont": {"size": 11}, "anchor": "x"}
    return _range_traces(steps, spots, True), {
        "height": round(height),
        "width": WIDTH,
        "margin": {"l": left, "r": right, "t": 10, "b": 14},
        "annotations": notes,
        "shapes": shapes,
        "xaxis": {"range": [-0.5, n - 0.5], "visible": False},
        "yaxis": {"range": [low, high], "domain": [pay_foot, pay_foot + PAY_HEIGHT / height],
                  "tickformat": "$,d", "nticks": 5, **small},
        "yaxis2": {"range": [-0.05, 1.05], "domain": [0, exposure_top], "tickvals": [0, 0.5, 1],
                   **small},
        "showlegend": False,
    }  # fmt: skip


def _pay_axis(steps: pd.DataFrame) -> tuple[float, float]:
    known = pd.Series([v for side in _ends(steps) for v in side if v is not None])
    if known.empty:
        return 0.0, 100_000.0
    room = 0.12 * float(known.max() - known.min()) + 3_000
    return max(0.0, float(known.min()) - room), float(known.max()) + room


def _down(steps: pd.DataFrame) -> tuple[list[Mark], dict[str, Any]]:
    """A block a step: text above, pay and exposure on level axes that all blocks share."""
    side = 14
    inner = PHONE_WIDTH - 2 * side
    label_width = 112
    notes: list[Mark] = []
    shapes: list[Mark] = []
    at: list[float] = []
    y = 0.0  # pixels down from the top, turned over below
    base = {"xref": "paper", "xanchor": "left", "align": "left", "yanchor": "top", "name": "label"}
    low, high = _pay_axis(steps)
    for row in records(steps):
        title = _lines(str(row["title"]), inner - 14, 14.5)
        tall = 26 + 18 * len(title) + 6
        if row["step"]:
            notes.append(note("▼", 16, x=0.5, xref="paper", y=-y, yanchor="middle", yshift=-11))
            y += 24
        box = {"type": "rect", "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "layer": "below"}
        fill = {"fillcolor": "#fbeee0" if row["step"] else "#eeeeee"}
        shapes.append(
            {**box, **fill, "y0": -y, "y1": -y - tall, "line": {"color": theme.INK, "width": 1.2}}
        )
        notes.append(note(_title(row), 11, x=0, xshift=6, y=-y - 3, **base))
        notes.append(note(_shown(title, True), 14, x=0, xshift=6, y=-y - 20, **base))
        y += tall + 6
        for key, text in facts(row).items():
            if not text:
                continue
            lines = _lines(text, inner - label_width)
            what = {**base, "name": "fact"}
            notes.append(note(f"<i>{FACT_LABELS[key]}</i>", 11, x=0, xshift=2, y=-y, **what))
            notes.append(note(_shown(lines), FONT, x=0, xshift=label_width, y=-y, **base))
            y += LINE * len(lines) + 4
        pay = _pay_text(row)
        shown = f"<b>{pay[1]}</b>" + (
            f" ({pay[0] or '…'} to {pay[2] or '…'})" if any(pay[::2]) else ""
        )
        for label, text in (("annual wage", shown), ("task exposure", _exposure_text(row))):
            notes.append(
                note(f"<i>{label}</i>", 11, x=0, xshift=2, y=-y, **{**base, "name": "fact"})
            )
            notes.append(note(text, FONT, x=0, xshift=label_width, y=-y, **base))
            if label == "annual wage":
                at.append(-y - 30)
            y += PHONE_EXPOSURE_OFFSET
        y += 4
    for place in at:
        scale = {"type": "line", "xref": "x2", "x0": 0, "x1": 1, "layer": "below"}
        ends = {
            "y0": place - PHONE_EXPOSURE_OFFSET,
            "y1": place - PHONE_EXPOSURE_OFFSET,
            "line": {"color": theme.PALE, "width": 5},
        }
        shapes.append({**scale, **ends})
    both = {"range": [low, high], "tickformat": "$~s", "nticks": 5, "showgrid": False}
    return _range_traces(steps, at, False), {
        "height": round(y),
        "width": PHONE_WIDTH,
        "margin": {"l": side, "r": side, "t": 10, "b": 44},
        "annotations": notes,
        "shapes": shapes,
        "xaxis": {**both, "title": {"text": "annual wage (US $)", "standoff": 2}},
        "xaxis2": {"range": [-0.03, 1.03], "overlaying": "x", "visible": False},
        "yaxis": {"range": [-y, 0], "visible": False},
        "showlegend": False,
    }
