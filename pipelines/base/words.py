"""Lists in a sentence."""

from __future__ import annotations

from collections.abc import Sequence


def listed(parts: Sequence[str], comma: str = ", ", last: str = " and ") -> str:
    """Parts as in "a, b and c"; "" where there is none.

    Where a part holds a comma or the last word itself, as titles do, semicolons part them:
    "a, b; c and d; and e".
    """
    if comma == ", " and any("," in part or last in part for part in parts):
        comma, last = "; ", ";" + last
    return comma.join(parts[:-1]) + last + parts[-1] if len(parts) > 1 else "".join(parts)
