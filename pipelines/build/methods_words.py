"""How figures of docs/METHODS.md are written."""

from __future__ import annotations

import pandas as pd

#: The occupation of the examples.
CODE = "29-2072.00"


def share(value: float) -> str:
    """A figure with three decimals."""
    return f"{value:.3f}"


def span(low: float, high: float, form: str = ".3f") -> str:
    """An interval in words."""
    return f"{low:{form}} to {high:{form}}"


def percent(value: float) -> str:
    """A share of 1 in percent."""
    return f"{100 * value:.1f} %"


def markdown(frame: pd.DataFrame) -> str:
    """A frame of text as a Markdown table; a missing cell is a dash."""
    cells = frame.astype("object").where(frame.notna(), "-").astype(str)
    lines = ["| " + " | ".join(map(str, frame.columns)) + " |", "|" + "---|" * len(frame.columns)]
    lines += ["| " + " | ".join(row) + " |" for row in cells.itertuples(index=False)]
    return "\n".join(lines) + "\n"
