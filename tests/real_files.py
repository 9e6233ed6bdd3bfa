"""The files that the copy of the public sources (../shared/sources) holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from pipelines.sources.dataset import Dataset, edition_pattern


def held(datasets: Iterable[Dataset], sources: Path) -> list[Dataset]:
    """Those whose file is there, of families all editions; what is lacking must be what a refresh
    can carry on."""
    every = [d for entry in datasets for d in editions(entry, sources)]
    found = [d for d in every if (sources / d.mirror_path).is_file()]
    assert all(d.keep_last for d in every if d not in found)
    return found


def one_each(entries: Iterable[Dataset]) -> list[Dataset]:
    """The datasets, and of each family the edition that a search begins with."""
    return [d.at(d.first) if d.is_family else d for d in entries]


def editions(entry: Dataset, sources: Path) -> list[Dataset]:
    """The dataset itself, or the editions of a family that a refresh would ask for."""
    if not entry.is_family:
        return [entry]
    folder, _, pattern = entry.mirror_path.rpartition("/")
    matches = (re.fullmatch(edition_pattern(pattern), f.name) for f in (sources / folder).iterdir())
    numbers = sorted(tuple(map(int, match.groups())) for match in matches if match)
    return [entry.at(number) for number in numbers if number >= entry.first]
