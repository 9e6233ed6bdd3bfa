"""Where the texts of a figure stand, in pixels, for tests that look for collisions."""

from __future__ import annotations

import html
import re

#: Mean width of a letter over the font size, and height of a line: as Chrome draws Arial.
LETTER, BOLD, LINE = 0.5, 0.54, 1.2
ANCHORS = {"left": 0.0, "center": 0.5, "right": 1.0, "top": 0.0, "middle": 0.5, "bottom": 1.0}


def text_boxes(figure):
    """Text and box (left, top, right, bottom) of each annotation, from the plot's corner."""
    layout = figure.layout
    margin = layout.margin
    size = {"x": layout.width - margin.l - margin.r, "y": layout.height - margin.t - margin.b}
    found = []
    for note in layout.annotations:
        if not note.text:
            continue
        x = _place(figure, note.xref or "x", note.x, size["x"]) + (note.xshift or 0)
        up = _place(figure, note.yref or "y", note.y, size["y"]) + (note.yshift or 0)
        y = size["y"] - up
        if note.showarrow is not False:
            x, y = x + note.ax, y + note.ay
        font = note.font.size or 13
        wide = BOLD if "<b>" in note.text else LETTER
        lines = [html.unescape(re.sub("<[^>]*>", "", t)) for t in note.text.split("<br>")]
        width, height = max(map(len, lines)) * font * wide, len(lines) * font * LINE
        left = x - ANCHORS[note.xanchor or "center"] * width
        top = y - ANCHORS[note.yanchor or "middle"] * height
        found.append((" ".join(lines), (left, top, left + width, top + height)))
    return found


def _place(figure, ref, value, size):
    """Pixels from the left or lower end of the plot."""
    if ref == "paper":
        return value * size
    axis = figure.layout[ref[0] + "axis" + ref[1:]]
    start, end = axis.domain or (0, 1)
    low, high = axis.range
    return size * (start + (end - start) * (value - low) / (high - low))


def collisions(figure):
    """Pairs of texts of a figure that lie on each other by more than a pixel."""
    boxes = text_boxes(figure)
    return [
        (one, other)
        for i, (one, a) in enumerate(boxes)
        for other, b in boxes[:i]
        if min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 1
    ]


def outside(figure):
    """Texts that the edge of the picture cuts."""
    margin = figure.layout.margin
    left, right = -margin.l, figure.layout.width - margin.l
    top, bottom = -margin.t, figure.layout.height - margin.t
    return [
        text
        for text, (a, b, c, d) in text_boxes(figure)
        if a < left or c > right or b < top or d > bottom
    ]
