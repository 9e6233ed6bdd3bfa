"""Where things stand in the advancement chart: bands of education, a row an occupation.

Every text has a place of its own (a row, a column), so none can cover another, however many
occupations are drawn. Heights are pixels from the foot of the plot, whose y axis counts pixels.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipelines.charts.kit import labels, theme
from pipelines.pathways.schooling.education import EDUCATION_LEVELS, everyday

Mark = dict[str, Any]


@dataclass(frozen=True)
class Look:
    """Sizes in pixels: the page, the margins beside the plot, rows and bands of education.

    ``strip`` is the height of a line above the rows that names the level; 0 puts the name
    beside them. ``text_above`` puts an occupation's text above its bar instead of in columns.
    """

    width: int
    left: int
    right: int
    row: int
    strip: int
    empty: int
    text_above: bool

    @property
    def plot_width(self) -> int:
        return self.width - self.left - self.right


DESKTOP = Look(1080, 352, 244, 34, 0, 22, False)
PHONE = Look(390, 14, 14, 60, 20, 18, True)

#: Right of the plot: where the columns of numbers stand.
SCHOOL, BAR, BAR_WIDTH, OPENINGS = 42, 88, 56, 228
LEVEL_LETTERS, TITLE_LETTERS = 17, 32
#: Left of the plot: width of the column of names.
TITLE_COLUMN = 234
#: Pixels of a median printed right of its bar.
PAY_WIDTH = 58
TITLE_SIZE = 12
#: After the name of an occupation that is closed without a license; the foot names it.
LICENSED = "§"
#: Keeps the mark on the line of the title it belongs to.
NO_BREAK = "\u00a0"


@dataclass(frozen=True)
class Band:
    """One level of education: its rows stand between bottom and top."""

    level: int
    bottom: float
    top: float
    rows: int


def bands(levels: Sequence[int], look: Look) -> tuple[list[float], list[Band]]:
    """Height of each row, and the eight bands from the lowest level up.

    Rows of one level stand in the given order, the first one lowest. A level without rows keeps
    a thin band: what lies between is seen.
    """
    heights = [0.0] * len(levels)
    found, y = [], 0.0
    for level in range(len(EDUCATION_LEVELS)):
        own = [i for i, at in enumerate(levels) if at == level]
        pad = 0 if look.strip else 5
        tall = look.strip + 2 * pad + look.row * len(own) if own else look.empty
        for k, i in enumerate(own):
            heights[i] = y + pad + look.row * (k + 0.5)
        found.append(Band(level, y, y + tall, len(own)))
        y += tall
    return heights, found


#: The score that a ladder draws -> its name in a line, and above its column.
SCORES = {
    "exposure": ("exposure", "task exposure,<br>0 to 1"),
    "automation_score": ("automation score", "automation<br>score, 0 to 1"),
}


def row_text(row: dict[str, Any], score: str = "exposure") -> str:
    """Pay, schooling, a score of `SCORES` and openings of an occupation on one line."""
    wage, value = theme.number(row["annual_median_wage"]), theme.number(row.get(score))
    openings = theme.number(row["annual_openings"])
    parts = ["wage not published" if wage is None else theme.money(wage)]
    if row["steps"]:
        parts.append(years_text(row.get("years_education")))
    name = SCORES[score][0]
    parts.append(f"{name} not known" if value is None else f"{name} {value:.2f}")
    if openings is not None:
        parts.append(f"{openings:,.0f} openings")
    return " · ".join(parts)


def years_text(value: object) -> str:
    """Schooling to add, in words."""
    years = theme.number(value)
    if years is None:
        return "schooling not known"
    if years == 0:
        return "no additional school"
    return f"+{years:g} {'year' if years == 1 else 'years'}"


def licences(frame: pd.DataFrame) -> str:
    """The licenses of the ways of a frame (title, license), each once, for the foot of a chart."""
    if "licence" not in frame:
        return ""
    every = {one for words in frame["licence"].dropna() for one in words.split("; ")}
    named = "; ".join(sorted(every - {""}))
    return f"{LICENSED} Required there or on the way: {named}." if named else ""


def counted_from(education: str) -> str:
    """The sentence on the education that schooling is counted from; "" where it is not stated."""
    return (
        f" Additional school is counted from: {everyday(education).lower()}." if education else ""
    )


def note(text: str, size: float, **place: Any) -> Mark:
    """A text at a fixed distance from the plot or a point of it."""
    return {"text": text, "showarrow": False, "font": {"size": size, "color": theme.INK}, **place}


def occupation_notes(
    frame: Sequence[dict[str, Any]],
    heights: Sequence[float],
    strong: Sequence[bool],
    look: Look,
    score: str = "exposure",
) -> list[Mark]:
    """Names and numbers of the occupations; every one is named ``label``."""
    notes = []
    for row, y, bold in zip(frame, heights, strong, strict=True):
        title, here = str(row["title"]), row["steps"] == 0
        if not here and str(row.get("licence") or ""):
            title += NO_BREAK + LICENSED
        if look.text_above:
            # Widths of Arial, without the reserve that other texts have: a phone has none.
            letters = int(look.plot_width / (TITLE_SIZE * (0.55 if bold else 0.52)))
            title += " (you are here)" if here else ""
            lines = [labels.short_title(title, letters) if len(title) > letters else title]
        else:
            lines = textwrap.wrap(title, TITLE_LETTERS)
            if len(lines) > 2:
                lines = textwrap.wrap(labels.short_title(title, 2 * TITLE_LETTERS), TITLE_LETTERS)
                lines = [lines[0], _cut(" ".join(lines[1:]))]
        shown = "<br>".join(theme.escape(line) for line in lines)
        shown = f"<b>{shown}</b>" if bold else shown
        if look.text_above:
            # White behind the letters: arrows run behind the text, not through it.
            beside = {"x": 0, "xref": "paper", "xanchor": "left", "align": "left", "borderpad": 0}
            white = {"bgcolor": "rgba(255,255,255,0.86)", "name": "label", **beside}
            notes.append(note(shown, TITLE_SIZE, y=y + 29, yanchor="top", **white))
            text = theme.escape(row_text(row, score))
            notes.append(note(text, 10.5, y=y + 12, yanchor="top", **white))
            continue
        column = {"xref": "paper", "y": y, "yanchor": "middle", "name": "label"}
        end = {"x": 0, "xanchor": "right", "xshift": -8, "align": "right"}
        notes.append(note(shown, TITLE_SIZE, **column, **end))
        notes += _numbers(row, column, score)
        ends = (theme.number(row[f"annual_{end}_wage"]) for end in ("p75", "median"))
        if (x := next((v for v in ends if v is not None), None)) is not None:
            wage = theme.number(row["annual_median_wage"])
            pay = "median not published" if wage is None else theme.money(wage)
            white = {"bgcolor": "rgba(255,255,255,0.8)", "borderpad": 0}
            beside = {"x": x, "xanchor": "left", "xshift": 5, **white}
            notes.append(note(theme.escape(pay), 11, **{**column, "xref": "x"}, **beside))
        else:
            none = {"x": 0.02, "xanchor": "left"}
            notes.append(note("wage not published", 11, **column, **none))
    return notes


def _cut(line: str) -> str:
    return line if len(line) <= TITLE_LETTERS else line[: TITLE_LETTERS - 1].rstrip(" ,&") + "…"


def _numbers(row: dict[str, Any], column: Mark, score: str) -> list[Mark]:
    """The columns right of the plot: additional schooling, the score, openings."""
    value, openings = theme.number(row.get(score)), theme.number(row["annual_openings"])
    years = theme.number(row.get("years_education"))
    school = "" if row["steps"] == 0 else "not known" if years is None else f"{years:g}"
    cells = (
        (school, SCHOOL, "center"),
        ("not known", BAR, "left")
        if value is None
        else (f"{value:.2f}", BAR + BAR_WIDTH + 6, "left"),
        ("–" if openings is None else f"{openings:,.0f}", OPENINGS, "right"),
    )
    return [
        note(text, 12, x=1, xanchor=anchor, xshift=shift, **column)
        for text, shift, anchor in cells
        if text
    ]


def score_bars(
    frame: Sequence[dict[str, Any]], heights: Sequence[float], look: Look, score: str = "exposure"
) -> list[Mark]:
    """A score as a bar from 0 to 1 beside each row: its length is read without its color."""
    shapes: list[Mark] = []
    if look.text_above:
        return shapes
    for row, y in zip(frame, heights, strict=True):
        value = theme.number(row.get(score))
        if value is None:
            continue
        box = {"type": "rect", "xref": "paper", "xsizemode": "pixel", "xanchor": 1, "yref": "y"}
        ends = {"x0": BAR, "y0": y - 6, "y1": y + 6}
        frame_line = {"line": {"color": theme.GRAY, "width": 1}}
        shapes.append({**box, **ends, "x1": BAR + BAR_WIDTH, **frame_line})
        fill = {"fillcolor": theme.shade(value), "line": {"width": 0}}
        shapes.append({**box, **ends, "x1": BAR + BAR_WIDTH * value, **fill})
    return shapes


def headings(height: float, look: Look, score: str = "exposure") -> list[Mark]:
    """What the columns hold, above them."""
    if look.text_above:
        return []
    place = {"xref": "paper", "y": height, "yanchor": "bottom", "yshift": 5}
    cells = (
        ("required education<br>(typical entry level)", 0, 12 - look.left, "left"),
        ("occupation", 0, -8, "right"),
        ("additional years<br>of school", 1, SCHOOL, "center"),
        (SCORES[score][1], 1, BAR, "left"),
        ("openings<br>per year", 1, OPENINGS, "right"),
    )
    return [
        note(text, 11, x=x, xshift=shift, xanchor=anchor, align=anchor, **place)
        for text, x, shift, anchor in cells
    ]


def band_marks(found: Sequence[Band], look: Look) -> tuple[list[Mark], list[Mark]]:
    """Lines between the levels, and their names (notes named ``level``)."""
    across = {"xref": "paper", "xsizemode": "pixel", "xanchor": 0}
    ends = {"x0": 10 - look.left, "x1": look.width - look.left - 10}
    shapes, notes = [], []
    for band in found:
        line = {"type": "line", "yref": "y", "layer": "below", **across, **ends}
        shapes.append(
            {**line, "y0": band.top, "y1": band.top, "line": {"color": "#b5b5b5", "width": 1}}
        )
        name = everyday(EDUCATION_LEVELS[band.level])
        place = {"xref": "paper", "x": 0, "xanchor": "left", "align": "left", "name": "level"}
        if look.strip:
            tall = look.strip if band.rows else look.empty
            box = {"type": "rect", "yref": "y", "layer": "below", **across, **ends}
            fill = "#e6e6e6" if band.rows else "#f4f4f4"
            edges = {"y0": band.top - tall, "y1": band.top}
            shapes.append({**box, **edges, "line": {"width": 0}, "fillcolor": fill})
            text = theme.escape(name) if band.rows else f"<i>{theme.escape(name)}: none</i>"
            place |= {"bgcolor": fill, "borderpad": 0}
            notes.append(note(text, 11, y=band.top - tall / 2, yanchor="middle", **place))
            continue
        text = theme.wrap(name, LEVEL_LETTERS) if band.rows else f"<i>{theme.escape(name)}</i>"
        y = (band.top + band.bottom) / 2
        notes.append(note(text, 11, y=y, yanchor="middle", xshift=12 - look.left, **place))
    return shapes, notes
