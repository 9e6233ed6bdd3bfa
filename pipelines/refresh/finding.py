"""A figure beyond the limit of a gate, and the limits. Reasons stand in ``gates.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources

from pipelines.base.errors import ShapeChanged


@dataclass(frozen=True)
class Finding:
    """A figure beyond a gate's limit.

    Attributes
    ----------
    gate : str
        The gate, a key of `limits`.
    figure : str
        What was measured, in words, with its table or address.
    old, new, limit : float or None
        Its value in the last release (None where it is not compared with one), now, and the
        limit that the new one breaks.
    text : str
        The same as one sentence without its full stop.
    """

    gate: str
    figure: str
    old: float | None
    new: float
    limit: float
    text: str

    def error(self) -> ShapeChanged:
        """The finding as an error that says how to accept it."""
        return ShapeChanged(
            self.figure,
            f"{self.text} (gate {self.gate})",
            "See whether the source is complete and right; if it is, run "
            f"`outlook refresh --accept {self.gate}`",
        )

    def record(self) -> dict:
        """For the manifest and JSON."""
        return asdict(self)


@cache
def limits() -> dict[str, dict]:
    """Limits by gate, in the order in which gates are asked."""
    return tomllib.loads(
        resources.files("pipelines.refresh").joinpath("gates.toml").read_text("utf-8")
    )


def outside(
    where: str, ratio: float, low: float, high: float, words: str, gate: str = "totals"
) -> Iterator[Finding]:
    """A finding where a ratio lies outside its limits; ``words`` take it as a share."""
    if not low <= ratio <= high:
        text = f"{words.format(ratio)}, expected {low:.1%} to {high:.1%}"
        yield Finding(gate, where, None, ratio, low if ratio < low else high, text)
