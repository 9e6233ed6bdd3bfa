"""Placing labels beside points so that none covers another label or a point."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.charts.theme import LETTER

Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels

#: Words that make occupation titles long, and how job boards write them.
SHORT = {
    "Technologists": "Technol.", "Technicians": "Techs", "Technician": "Tech",
    "Specialists": "Spec.", "Administrators": "Admins", "Administrative": "Admin.",
    "Managers": "Mgrs", "Management": "Mgmt", "Supervisors": "Superv.", "Representatives": "Reps",
    "Information": "Info", "Services": "Svcs", "Assistants": "Assts", "Engineers": "Eng.",
    "Operators": "Oper.", "Postsecondary": "Postsec.", "and": "&", "Laboratory": "Lab",
    "Environmental": "Environ.", "Compensation": "Comp.", "Occupational": "Occup.",
}


RINGS = (10, 16, 24, 34, 46, 60, 78, 100, 126, 156, 190, 230)
DIRECTIONS = tuple(
    (ax, ay) for ax in (1, 0.75, 0.5, 0.25, 0, -0.25, -0.5, -0.75, -1)
    for ay in (-1, 1, -0.5, 0.5, 0) if max(abs(ax), abs(ay)) == 1)


def short_title(title: str, letters: int = 44) -> str:
    """A title shortened for a label: examples after a comma go last, long words are cut."""
    if len(title) <= 26:
        return title
    text = " ".join(
        SHORT.get(word.rstrip(","), word.rstrip(",")) + ("," if word.endswith(",") else "")
        for word in title.split())
    return text if len(text) <= letters else text[: letters - 1].rstrip(" ,&") + "…"


def text_size(lines: Sequence[str], font: float) -> tuple[float, float]:
    """Width and height in pixels of lines of text, on the safe side."""
    return max(len(line) for line in lines) * font * LETTER + 6, len(lines) * font * 1.3 + 4


def _overlap(a: Box, b: Box) -> float:
    return (max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
            * max(0.0, min(a[3], b[3]) - max(a[1], b[1])))


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
    placed: list[Box] = []
    offsets = []
    for (x, y), (w, h) in zip(points, sizes, strict=True):
        best, best_cost = (0.0, 0.0), float("inf")
        for ring in RINGS:
            for ax, ay in DIRECTIONS:
                dx, dy = ax * (w / 2 + ring * 0.8), ay * (h / 2 + ring)
                box = (x + dx - w / 2, y + dy - h / 2, x + dx + w / 2, y + dy + h / 2)
                outside = w * h - _overlap(box, area)
                cost = (200.0 * sum(_overlap(box, other) for other in placed)
                        + 60.0 * sum(_overlap(box, other) for other in solid)
                        + 0.8 * sum(_overlap(box, other) for other in thin)
                        + 300.0 * max(0.0, outside - 1e-6) + 1.5 * ring + 0.02 * ring * ring)
                if cost < best_cost:
                    best, best_cost = (dx, dy), cost
        offsets.append(best)
        dx, dy = best
        placed.append((x + dx - w / 2, y + dy - h / 2, x + dx + w / 2, y + dy + h / 2))
    return offsets
