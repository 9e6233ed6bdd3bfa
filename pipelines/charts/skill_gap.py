"""Figure: what a destination asks more of than an origin, and what carries over."""

from __future__ import annotations

import textwrap
from operator import itemgetter
from typing import Any

import pandas as pd

from pipelines.base.records import records
from pipelines.charts.kit import theme
from pipelines.pathways.skills.gaps import TECHNOLOGY, not_compared
from pipelines.pathways.skills.ratings import CARRIED, GAP, NOT_COMPARABLE, SCALES

#: Areas drawn: gaps, what carries over, what the destination asks where the origin is not rated.
ROWS_BY_STATUS = {GAP: 10, CARRIED: 6, NOT_COMPARABLE: 6}
#: Programs named in a line.
MAX_SOFTWARE_PRODUCTS = 8
WIDTH = 720
SIDE_MARGIN = 14  # pixels at either side of the plot
LABEL = 13
MEANING = {
    "IM": "importance (1 not important, 3 important, 5 extremely important)",
    "LV": "level (0 lowest to 7 highest)",
}
#: Name, symbol, size and filling of the two ends: shape and ink tell them apart in print, and
#: the ring shows around the diamond where both have one value.
END_MARKERS = {"from": ("now", "circle", 13, "#ffffff"), "to": ("there", "diamond", 10, theme.BLUE)}
_HEADS = {
    GAP: "Higher in the destination",
    CARRIED: "Carries over",
    NOT_COMPARABLE: "Highest in the destination; the origin is not rated",
}


def skill_gap_headline(
    frame: pd.DataFrame, origin: str, destination: str, scale: str, chosen: str
) -> str:
    """The sentence on top: counted from the rows, nothing typed."""
    rated = frame[frame["scale"] == scale]
    comparable = int((rated["status"] != NOT_COMPARABLE).sum())
    name = f"{destination}, {chosen}," if chosen else destination
    if comparable == 0:
        return f"O*NET's ratings do not compare {origin} with {name.rstrip(',')}"
    gaps, kept = (int((rated["status"] == status).sum()) for status in (GAP, CARRIED))
    return (
        f"{name} require clearly more than {origin} in {gaps or 'none'} of {comparable} areas by "
        f"{MEANING[scale].split(' (')[0]}; {kept} carry over"
    )


@theme.chart
def skill_gap(
    frame: pd.DataFrame,
    origin: str,
    destination: str,
    sources: str,
    *,
    scale: str = "IM",
    chosen: str = "",
    width: int = WIDTH,
) -> theme.Plain:
    """Origin and destination on O*NET's scale, an area a row, the largest gaps first.

    Parameters
    ----------
    frame : DataFrame
        Result of `pathways.gaps.skill_gaps`.
    origin, destination : str
        Titles of the occupations.
    sources : str
        Source, vintage and license line.
    scale : str
        IM (importance, 1 to 5; skills, knowledge and activities) or LV (level, 0 to 7).
    chosen : str
        How the destination was chosen, for the finding; empty where the reader named it.
    width : int
        Pixels; 340 and more stay readable (a phone has 360 to 430).

    Returns
    -------
    Figure
        Of fixed width: its text is broken into lines for it. Names stand above their marks, so
        that the plot is as wide as the page.
    """
    rows, notes, lines = _layout(frame, scale, width)
    low, high = SCALES[scale]
    traces: list[dict[str, Any]] = [*_bars(rows)]
    for end, title in (("from", origin), ("to", destination)):
        traces.append(_points(rows, end, f"{END_MARKERS[end][0]}: {title}", width))
    legend = sum(20 * (1 + t["name"].count("<br>")) for t in traces if t.get("showlegend"))
    height = round(lines) + 6
    meaning = theme.wrap(MEANING[scale], width // 9)
    return theme.figure(
        traces,
        skill_gap_headline(frame, origin, destination, scale, chosen),
        _reading(frame, origin, destination, scale),
        sources,
        height=height,
        width=width,
        margin={
            "l": SIDE_MARGIN,
            "r": SIDE_MARGIN,
            "t": 16 + legend,
            "b": 46 + 16 * meaning.count("<br>"),
        },
        annotations=notes,
        xaxis={
            # Room at the ends for the number beside an outermost mark.
            "range": [low - 0.11 * (high - low), high + 0.11 * (high - low)],
            "tickvals": list(range(int(low), int(high) + 1)),
            "title": {"text": meaning, "standoff": 4},
        },
        yaxis={"range": [height, 0], "visible": False},
        legend={
            "x": 0,
            "xanchor": "left",
            "y": 1 + 6 / height,
            "yanchor": "bottom",
            "itemsizing": "constant",
        },
        hovermode="closest",
    )


def _layout(
    frame: pd.DataFrame, scale: str, width: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], float]:
    """Rows with their place ``y`` in pixels from the top, the text between them, the height."""
    letters = int((width - 2 * SIDE_MARGIN) / (LABEL * theme.LETTER))
    rated = records(frame[frame["scale"] == scale])
    rows: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    y = 2.0

    def write(text: str, size: int = LABEL) -> None:
        nonlocal y
        notes.append(_text(text, y, size))
        y += (size + 4) * (1 + text.count("<br>"))

    for status, most in ROWS_BY_STATUS.items():
        part = [row for row in rated if row["status"] == status]
        if status == NOT_COMPARABLE:
            part = [r for r in part if pd.isna(r["from_value"]) and pd.notna(r["to_value"])]
        by = "difference" if status == GAP else "to_value"
        part = sorted(part, key=itemgetter(by), reverse=True)
        if not part:
            continue
        y += 8
        count = f"{min(most, len(part))} of {len(part)}" if len(part) > most else f"{len(part)}"
        write(f"<b>{theme.wrap(f'{_HEADS[status]} ({count})', letters - 4)}</b>")
        for row in part[:most]:
            y += 5
            write(theme.wrap(f"{row['element_name']} ({row['kind']})", letters))
            rows.append({**row, "y": y + 10})
            y += 22
    software = frame[frame["kind"] == TECHNOLOGY]
    for status, head in ((GAP, "Software new there"), (CARRIED, "Software that carries over")):
        part = software[software["status"] == status]
        if part.empty:
            continue
        # What postings ask for, or else whatever is named.
        sought = part[part["hot_technology"] | part["in_demand"]]
        named = (
            (sought if len(sought) else part)["element_name"].head(MAX_SOFTWARE_PRODUCTS).tolist()
        )
        which = "often requested in postings" if len(sought) else "such as"
        y += 10
        write(f"<b>{theme.wrap(f'{head} ({len(part)}), {which}', letters - 4)}</b>")
        write("<br>".join(theme.escape(p) for p in textwrap.wrap(", ".join(named), letters)), 12)
    return rows, notes, y


def _text(text: str, y: float, size: int) -> dict[str, Any]:
    return {
        "text": text,
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": y,
        "yref": "y",
        "yanchor": "top",
        "align": "left",
        "showarrow": False,
        "font": {"size": size},
        # The grid does not run through the words.
        "bgcolor": "white",
        "borderpad": 0,
    }


def _bars(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines between the two ends: thick where the destination asks more, dotted elsewhere."""
    traces = []
    for status, dash, thick in ((GAP, "solid", 4), (CARRIED, "dot", 2)):
        part = [row for row in rows if row["status"] == status]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [v for row in part for v in (row["from_value"], row["to_value"], None)],
                "y": [v for row in part for v in (row["y"], row["y"], None)],
                "line": {"color": "#8a8a8a", "width": thick, "dash": dash},
                "hoverinfo": "skip",
                "showlegend": False,
            }
        )
    return traces


def _points(rows: list[dict[str, Any]], end: str, name: str, width: int) -> dict[str, Any]:
    _, symbol, size, color = END_MARKERS[end]
    shown = [row for row in rows if pd.notna(row[f"{end}_value"])]
    other = "to" if end == "from" else "from"
    # A number stands on the outer side of its mark, so that no two meet.
    right = [
        pd.isna(row[f"{other}_value"])
        or row[f"{end}_value"] > row[f"{other}_value"]
        or (row[f"{end}_value"] == row[f"{other}_value"] and end == "to")
        for row in shown
    ]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": theme.wrap(name, int((width - 2 * SIDE_MARGIN - 50) / (LABEL * theme.LETTER))),
        "showlegend": True,
        "x": [round(row[f"{end}_value"], 3) for row in shown],
        "y": [row["y"] for row in shown],
        "text": [f" {row[f'{end}_value']:.1f} " for row in shown],
        "textposition": ["middle right" if r else "middle left" for r in right],
        "textfont": {"size": 12},
        "hovertext": [_hover(row) for row in shown],
        "hoverinfo": "text",
        "cliponaxis": False,
        "marker": {
            "symbol": symbol,
            "size": size,
            "color": color,
            "opacity": 1,
            "line": {"width": 1.6 if end == "from" else 1, "color": theme.INK},
        },
    }


def _hover(row: dict[str, Any]) -> str:
    ends = [
        "not rated" if pd.isna(row[f"{end}_value"]) else f"{row[f'{end}_value']:.2f}"
        for end in ("from", "to")
    ]
    text = f"<b>{theme.escape(row['element_name'])}</b><br>now {ends[0]}, there {ends[1]}"
    if pd.notna(row["difference"]):
        text += (
            f"<br>difference {row['difference']:+.2f}, 95% interval "
            f"{row['difference_low']:+.2f} to {row['difference_high']:+.2f}"
        )
    return f"{text}<br>{theme.escape(row['status'])}"


def _reading(frame: pd.DataFrame, origin: str, destination: str, scale: str) -> str:
    """How to read it, and what its ratings do not allow."""
    rated = frame[frame["scale"] == scale]
    parts = [
        "Means of ratings that O*NET collected. A gap is shown where the destination is higher by "
        "more than the standard errors allow (95%); an area carries over where both are in the "
        "upper half of the scale and there is no gap."
    ]
    compared = rated[rated["difference"].notna()]
    if (compared["error_basis"] == "stand-in").any():
        parts.append("Where no standard error is published, a large one stands in.")
    old = compared[compared["from_rated"].isna() & (compared["kind"] == "activity")]
    if len(old):
        parts.append(f"Activities: {old['source'].iloc[0]}, rated by 2014, on older codes.")
    return " ".join([*parts, *not_compared(rated, origin, destination)])
