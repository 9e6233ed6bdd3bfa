"""Shapes of the small pictures, as SVG that follows the page's colors."""

from __future__ import annotations

from markupsafe import Markup, escape

#: Width of every picture in its own units, and its margin at the sides.
WIDTH, SIDE = 340, 4


def text(x: float, y: float, words: object, kind: str = "", anchor: str = "") -> str:
    """Words at a place, in a class of the style sheet."""
    kind = f' class="{kind}"' if kind else ""
    anchor = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{x:.4g}" y="{y:.4g}"{kind}{anchor}>{escape(words)}</text>'


def svg(height: float, said: str, shapes: list[str], more: str = "") -> Markup:
    """A picture of shapes with its text alternative; `more` are attributes of its element."""
    return Markup(
        f'<svg class="picture" viewBox="0 0 {WIDTH} {height:.4g}" role="img" '
        f'aria-label="{escape(said)}"{more}>{"".join(shapes)}</svg>'
    )


def line(x: float, y: float, to: float, below: float, kind: str) -> str:
    """A line from one place to another, in a class of the style sheet."""
    return f'<line x1="{x:.4g}" y1="{y:.4g}" x2="{to:.4g}" y2="{below:.4g}" class="{kind}"/>'
