"""Lists in a sentence."""

from __future__ import annotations

from collections.abc import Sequence


def listed(parts: Sequence[str], comma: str = ", ", last: str = " and ") -> str:
    """Parts as in "a, b and c"; "" where there is none.

    Where a part holds a comma itself, as titles do, or one of three or more the last word,
    semicolons part them: "a, b; c and d; and e".
    """
    unclear = [","] if len(parts) < 3 else [",", last]
    if comma == ", " and any(mark in part for part in parts for mark in unclear):
        comma, last = "; ", ";" + last
    return comma.join(parts[:-1]) + last + parts[-1] if len(parts) > 1 else "".join(parts)
