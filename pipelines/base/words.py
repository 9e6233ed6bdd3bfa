"""Lists in a sentence."""

from __future__ import annotations

from collections.abc import Sequence


def listed(parts: Sequence[str], comma: str = ", ", last: str = " and ") -> str:
    """Parts as in "a, b and c"; "" where there is none."""
    return comma.join(parts[:-1]) + last + parts[-1] if len(parts) > 1 else "".join(parts)
