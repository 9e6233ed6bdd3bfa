"""One theme for every figure: readable in black-and-white print and by color-blind people.

Color never carries a fact alone: symbols, line styles and printed numbers repeat it. The
categorical colors are those of Okabe and Ito (2008); the sequential scale is cividis
(Nuñez, Anderton and Renslow 2018), which keeps its order in gray.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Callable, Mapping
from functools import cache, update_wrapper
from typing import Any, Generic, ParamSpec

import pandas as pd
import plotly.graph_objects as go
from plotly.colors import get_colorscale, sample_colorscale

INK = "#1b1b1b"
GRAY = "#5f5f5f"
PALE = "#d9d9d9"
#: Okabe-Ito, without the yellow that vanishes on white paper.
BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#CC79A7",
    "#56B4E9",
)
#: Light for little, dark for much: more ink means more, also in gray print.
SEQUENTIAL = "cividis_r"
FONT = "Helvetica, Arial, sans-serif"
WIDTH = 1000
#: Mean width of a letter over the font size; measured on Arial and DejaVu Sans, rounded up.
LETTER = 0.56


#: A figure as plotly.js reads it: ``data`` (traces) and ``layout``.
Plain = dict[str, Any]
_Asked = ParamSpec("_Asked")


class chart(Generic[_Asked]):  # noqa: N801 - a decorator
    """A function that gives a figure as a plain dict, made a chart.

    What only plotly.py understands, such as its names of scales, has no place in the dict.

    Called, it gives the plotly Figure; ``plain`` gives the dict, without the time that plotly's
    checks take, for pages that draw many.
    """

    def __init__(self, draw: Callable[_Asked, Plain]) -> None:
        self.plain = draw
        update_wrapper(self, draw)

    def __call__(self, *args: _Asked.args, **kwargs: _Asked.kwargs) -> go.Figure:
        return go.Figure(self.plain(*args, **kwargs))


@cache
def template() -> Plain:
    """The shared look; small, because it is written into every figure."""
    axis = {
        "showgrid": True,
        "gridcolor": "#e4e4e4",
        "linecolor": GRAY,
        "ticks": "outside",
        "tickcolor": GRAY,
        "zeroline": False,
        "automargin": False,
        "title": {"font": {"size": 13}},
    }
    return {
        "layout": {
            "font": {"family": FONT, "size": 13, "color": INK},
            "paper_bgcolor": "white",
            "plot_bgcolor": "white",
            "colorway": [BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY],
            "xaxis": axis,
            "yaxis": axis,
            "hoverlabel": {"bgcolor": "white", "font": {"color": INK}, "align": "left"},
            "legend": {"bgcolor": "rgba(255,255,255,0.85)"},
        }
    }


def escape(text: object) -> str:
    """Text that Plotly shows as it stands.

    Its labels read a part of HTML, and it takes what stands between two dollar signs for TeX.
    """
    return html.escape(str(text), quote=False).replace("$", "&#36;")


def wrap(text: object, width: int, lines: int | None = None) -> str:
    """Escaped text in lines of at most `width` letters, joined by ``<br>``.

    With `lines`, a longer text ends in an ellipsis.
    """
    parts = textwrap.wrap(str(text), width, break_long_words=True) or [""]
    if lines is not None and len(parts) > lines:
        parts = parts[:lines]
        parts[-1] = parts[-1][: width - 1].rstrip(" ,;.") + "…"
    return "<br>".join(escape(part) for part in parts)


def money(value: float) -> str:
    """US dollars, rounded to one dollar."""
    return f"${value:,.0f}"


def number(value: object) -> float | None:
    """A plain float, or None where the value is missing: what JSON can hold."""
    return None if value is None or pd.isna(value) else float(value)  # type: ignore[arg-type]


@cache
def stops() -> list[list[Any]]:
    """The sequential scale as stops: plotly.js does not know the name that plotly.py gives it."""
    return get_colorscale(SEQUENTIAL)


@cache
def _scale() -> list[str]:
    return sample_colorscale(SEQUENTIAL, [i / 100 for i in range(101)])


def shade(value: float, low: float = 0.0, high: float = 1.0) -> str:
    """Color of a value on the sequential scale, clipped to its ends."""
    share = 0.5 if high <= low else (value - low) / (high - low)
    return _scale()[round(100 * min(max(share, 0.0), 1.0))]


def ink_on(color: str) -> str:
    """Black or white, whichever reads better on an ``rgb(r, g, b)`` color (WCAG luminance)."""

    def linear(channel: float) -> float:
        channel /= 255
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(float(c)) for c in color[4:-1].split(","))
    return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "#ffffff"


def figure(
    traces: list[Any],
    finding: str,
    reading: str,
    sources: str,
    *,
    height: int,
    width: int | None = None,
    margin: Mapping[str, int] | None = None,
    annotations: list[dict[str, Any]] | None = None,
    **layout: Any,
) -> Plain:
    """A figure with a finding on top, how to read it below that, and its sources at the foot.

    Parameters
    ----------
    traces : list of dict or trace
        What is drawn.
    finding : str
        Plain sentence that says what the figure shows.
    reading : str
        Plain sentence on how to read it, with units.
    sources : str
        Source, vintage and license line.
    height, width : int
        Pixels. Without a width the figure follows its page.
    margin : mapping, optional
        Pixels ``l``, ``r``, and room ``t``, ``b`` for axis titles beside head and foot.
    annotations : list of dict, optional
        Further annotations.
    **layout
        Anything else of a Plotly layout.

    Returns
    -------
    Plain
        ``layout.meta`` holds the plain texts (finding, reading, sources), for alt text.
    """
    room = {"l": 70, "r": 20, "t": 8, "b": 45, **(margin or {})}
    letters = int(((width or WIDTH) - 40) / (15 * LETTER))
    head = textwrap.wrap(finding, int(letters * 15 / 18))
    how = textwrap.wrap(reading, int(letters * 15 / 13))
    foot = textwrap.wrap(sources, int(letters * 15 / 11))
    top = 14 + 23 * len(head) + 18 * len(how) + room["t"]
    bottom = room["b"] + 16 + 14 * len(foot)

    def block(lines: list[str], size: int, weight: bool, **place: Any) -> dict[str, Any]:
        text = "<br>".join(escape(line) for line in lines)
        return {
            "text": f"<b>{text}</b>" if weight else text,
            "showarrow": False,
            "align": "left",
            "xref": "paper",
            "yref": "paper",
            "x": 0,
            "xanchor": "left",
            "xshift": 12 - room["l"],
            "font": {"size": size, "color": INK},
            **place,
        }

    notes = [
        block(head, 18, True, y=1, yanchor="top", yshift=top - 4),
        block(how, 13, False, y=1, yanchor="top", yshift=top - 8 - 23 * len(head)),
        block(foot, 11, False, y=0, yanchor="bottom", yshift=-bottom + 4),
        *(annotations or []),
    ]
    size = {"height": height + top + bottom} | ({"width": width} if width else {})
    return {
        "data": traces,
        "layout": {
            "template": template(),
            "annotations": notes,
            **size,
            "margin": {"l": room["l"], "r": room["r"], "t": top, "b": bottom, "pad": 0},
            "meta": {"finding": finding, "reading": reading, "sources": sources},
            **layout,
        },
    }
