"""Lists in a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

from pipelines.base.language import plain, spoken


def joined(parts: Sequence[str], between: str) -> str:
    """Parts with words between them; `Markup` where one of them is."""
    if any(isinstance(part, Markup) for part in parts):
        return Markup(escape(between)).join(parts)
    return between.join(parts)


def listed(parts: Sequence[str], comma: str = ", ", last: str = " and ") -> str:
    """Parts as in "a, b and c" ("a, b y c"); "" where there is none.

    Where a part holds a comma itself, as titles do, or one of three or more the last word,
    semicolons part them: "a, b; c and d; and e".
    """
    if last == " and " and spoken() == "es" and parts:
        # "e" stands for "y" before its own sound: "padres e hijos", but "agua y hielo".
        last = " e " if re.match(r"h?i(?!e)|y[^aeiou]", plain(parts[-1]).lower()) else " y "
    unclear = [","] if len(parts) < 3 else [",", last]
    if comma == ", " and any(mark in part for part in parts for mark in unclear):
        comma, last = "; ", ";" + last
    if len(parts) < 2:
        return parts[0] if parts else ""
    return joined([joined(parts[:-1], comma), parts[-1]], last)
