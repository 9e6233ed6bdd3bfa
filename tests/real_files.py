"""The files that the copy of the public sources (../shared/sources) holds."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipelines.sources.catalog import Dataset


def held(datasets: Iterable[Dataset], sources: Path) -> list[Dataset]:
    """Those whose file is there; what is lacking must be what a refresh can carry on."""
    every = list(datasets)
    found = [d for d in every if (sources / d.mirror_path).is_file()]
    assert all(d.keep_last for d in every if d not in found)
    return found
