"""A file that cannot be had: the rows of before stand for it, where the catalog says so."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from pipelines.base.errors import SourceFailed, Unavailable
from pipelines.base.settings import Settings
from pipelines.releases import store
from pipelines.releases.store import Release
from pipelines.sources.dataset import Dataset


@dataclass(frozen=True)
class Carried:
    """The rows of a dataset in a release, and their manifest entry with why they are carried on."""

    release: Release
    entry: dict

    def sentence(self, name: str) -> str:
        """What a refresh says of it."""
        of = self.release.manifest.get("kind", "release")
        source = "the embedded snapshot" if of == "snapshot" else f"release {self.release.id}"
        return (
            f"{name} cannot be had ({self.entry['carried_on']['why']}); its rows in {source} "
            f"({self.entry['release']}) are carried on."
        )


def carried_on(
    dataset: Dataset, error: SourceFailed, last: Release | None, settings: Settings
) -> Carried | None:
    """What stands for the file of a dataset that could not be fetched.

    Parameters
    ----------
    dataset : Dataset
    error : SourceFailed
        Why there is no file.
    last : Release or None
        The last release, asked first.
    settings : Settings
        Where the embedded snapshot is, asked next.

    Returns
    -------
    Carried or None
        None where the dataset may not be carried on (`Dataset.keep_last`), the file is there and
        wrong, or neither holds its tables.
    """
    if not (dataset.keep_last and isinstance(error, Unavailable)):
        return None
    held: list[Release] = [last] if last is not None else []
    with suppress(SourceFailed):  # the error of the file itself says what to do
        held.append(store.open_release(settings.snapshot))
    for release in held:
        entry = release.manifest["sources"].get(dataset.id)
        if entry is not None and all(release.has(name) for name in dataset.tables):
            # Carried on more than once, rows are still those of the release they were read into.
            first = entry.get("carried_on", {}).get("from", release.id)
            return Carried(release, entry | {"carried_on": {"from": first, "why": error.problem}})
    return None
