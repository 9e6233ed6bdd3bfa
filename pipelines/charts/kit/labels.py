"""Placing labels beside points so that none covers another label or a point."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.charts.kit.theme import LETTER

Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels

#: Words that make occupation titles long, and how job boards write them.
SHORT = {
    "Technologists": "Technol.",
    "Technicians": "Techs",
    "Technician": "Tech",
    "Specialists": "Spec.",
    "Administrators": "Admins",
    "Administrative": "Admin.",
    "Managers": "Mgrs",
    "Management": "Mgmt",
    "Supervisors": "Superv.",
    "Representatives": "Reps",
    "Information": "Info",
    "Services": "Svcs",
    "Assistants": "Assts",
    "Engineers": "Eng.",
    "Operators": "Oper.",
    "Postsecondary": "Postsec.",
    "and": "&",
    "Laboratory": "Lab",
    "Environmental": "Environ.",
    "Compensation": "Comp.",
    "Occupational": "Occup.",
}


RINGS = (10, 16, 24, 34, 46, 60, 78, 100, 126, 156, 190, 230)
DIRECTIONS = tuple(
    (ax, ay)
    for ax in (1, 0.75, 0.5, 0.25, 0, -0.25, -0.5, -0.75, -1)
    for ay in (-1, 1, -0.5, 0.5, 0)
    if max(abs(ax), abs(ay)) == 1
)

#: Where a leader is looked at; its last part lies under its own label.
LINE = np.array([0.15, 0.3, 0.45, 0.6])


def short_title(title: str, letters: int = 44) -> str:
    """A title shortened for a label: examples after a comma go last, long words are cut."""
    if len(title) <= 26:
        return title
    text = " ".join(
        SHORT.get(word.rstrip(","), word.rstrip(",")) + ("," if word.endswith(",") else "")
        for word in title.split()
    )
    return text if len(text) <= letters else text[: letters - 1].rstrip(" ,&") + "…"


def text_size(lines: Sequence[str], font: float) -> tuple[float, float]:
    """Width and height in pixels of lines of text, on the safe side."""
    return max(len(line) for line in lines) * font * LETTER + 6, len(lines) * font * 1.3 + 4


def _overlap(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Shared area of every box with all the others together; boxes are rows of four."""
    width = np.minimum(boxes[:, None, 2], others[None, :, 2]) - np.maximum(
        boxes[:, None, 0], others[None, :, 0]
    )
    height = np.minimum(boxes[:, None, 3], others[None, :, 3]) - np.maximum(
        boxes[:, None, 1], others[None, :, 1]
    )
    return (np.clip(width, 0, None) * np.clip(height, 0, None)).sum(axis=1)


def _inside(points: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Whether each point (rows) lies in each box (columns)."""
    x, y = points[:, None, 0], points[:, None, 1]
    return (boxes[:, 0] < x) & (x < boxes[:, 2]) & (boxes[:, 1] < y) & (y < boxes[:, 3])


def place(
    points: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    solid: Sequence[Box],
    thin: Sequence[Box],
    area: Box,
) -> list[tuple[float, float]]:
    """Centre of each label, as an offset in pixels from its point.

    Greedy over rings of offsets: never on a label or a `solid` box where that can be helped,
    rather not on a `thin` one (a bar that shows through), as near as possible.

    Parameters
    ----------
    points : sequence of (x, y)
        Pixels, y downwards.
    sizes : sequence of (width, height)
        Of each label, pixels.
    solid, thin : sequence of Box
        What is already drawn.
    area : Box
        Labels stay inside.

    Returns
    -------
    list of (dx, dy)
    """
    grid = np.array([(ring, ax, ay) for ring in RINGS for ax, ay in DIRECTIONS])
    rings, unit = grid[:, 0], grid[:, 1:]
    drawn, bars = np.reshape(solid, (-1, 4)), np.reshape(thin, (-1, 4))
    placed, leaders = np.empty((0, 4)), np.empty((0, 2))
    offsets = []
    for point, size in zip(points, sizes, strict=True):
        half = np.array(size) / 2
        offset = unit * (half + rings[:, None] * (0.8, 1.0))
        centre = np.array(point) + offset
        box = np.hstack([centre - half, centre + half])
        # Points along the line from each candidate to its point.
        line = np.array(point) + offset[:, None, :] * LINE[None, :, None]
        flat = line.reshape(-1, 2)
        cost = (
            200 * _overlap(box, placed)
            + 60 * _overlap(box, drawn)
            + 1.5 * _overlap(box, bars)
            + 400 * _inside(flat, placed).sum(axis=1).reshape(len(grid), -1).sum(axis=1)
            + 400 * _inside(leaders, box).sum(axis=0)
            + 120
            * _inside(line[:, 1:].reshape(-1, 2), drawn)
            .sum(axis=1)
            .reshape(len(grid), -1)
            .sum(axis=1)
            + 300 * (size[0] * size[1] - _overlap(box, np.array([area])))
            + 1.5 * rings
            + 0.02 * rings**2
        )
        best = int(np.argmin(cost))
        placed, leaders = np.vstack([placed, box[best]]), np.vstack([leaders, line[best]])
        offsets.append((float(offset[best, 0]), float(offset[best, 1])))
    return offsets
