"""The files of a refresh: the newest editions, the last good ones in place of those refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.base.errors import OutlookError, ShapeChanged, SourceFailed, UsageError
from pipelines.base.settings import Settings
from pipelines.refresh.carried import Carried, carried_on
from pipelines.releases.store import Release
from pipelines.sources.catalog import entry_of, loadable
from pipelines.sources.dataset import Dataset, Edition
from pipelines.sources.fetch import discover, download, raw_files
from pipelines.sources.fetch.download import Fetched
from pipelines.sources.fetch.session import Session


@dataclass
class Gathered:
    """What a release is made from.

    Attributes
    ----------
    files : dict of str to Fetched
        By dataset id.
    datasets : dict of str to Dataset
        The same ids: single datasets and editions, with release and date of their file.
    evidence : dict of str to str
        Of editions, what said that they exist.
    carried : dict of str to Carried
        What stands for a file that cannot be had.
    outcomes : dict of str to str
        "changed", "unchanged", "carried on" or "failed" by id.
    """

    files: dict[str, Fetched] = field(default_factory=dict)
    datasets: dict[str, Dataset] = field(default_factory=dict)
    evidence: dict[str, str] = field(default_factory=dict)
    carried: dict[str, Carried] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)

    def paths(self) -> dict[str, Path]:
        """The files on disk, by id."""
        return {name: file.path for name, file in self.files.items()}

    def entries(self) -> dict[str, dict]:
        """What a manifest records of each source, in the order of the catalog."""
        found = {name: held.entry for name, held in self.carried.items()}
        for name, file in self.files.items():
            dataset = self.datasets[name]
            found[name] = {
                "publisher": dataset.publisher,
                "title": dataset.title,
                "url": dataset.url,
                "release": dataset.release,
                "date": dataset.date,
                "licence": dataset.licence,
                "citation": dataset.citation,
                "attribution": dataset.attribution,
                "fetched_utc": file.fetched_utc,
                "sha256": file.sha256,
                "bytes": file.bytes,
            }
            if dataset.family:
                found[name] |= {"family": dataset.family, "evidence": self.evidence[name]}
        order = list(loadable())

        def place(name: str) -> tuple:
            entry = entry_of(name)
            return order.index(entry.id) if entry else len(order), found[name]["date"], name

        return {name: found[name] for name in sorted(found, key=place)}


class Gatherer:
    """Fetches every entry of the catalog, and does without what was refused.

    Parameters
    ----------
    settings : Settings
    session : Session
    last : Release or None
        The release whose files stand for those that are refused.
    say : callable
        Progress.
    only : collection of str, optional
        Entries to ask for; the others are taken as fetched last.
    pins : mapping of str to str, optional
        By entry, the newest edition to take.

    Attributes
    ----------
    refused : dict of str to OutlookError
        Files that were there and wrong, by id.
    failed : dict of str to OutlookError
        What could not be had and has no last good file.
    newer : list of Found
        Editions that exist and are not taken.
    """

    def __init__(
        self,
        settings: Settings,
        session: Session,
        last: Release | None,
        say: Callable[[str], None],
        only: Collection[str] = (),
        pins: Mapping[str, str] | None = None,
    ) -> None:
        self.settings, self.session, self.last, self.say = settings, session, last, say
        self.only, self.pins = set(only), dict(pins or {})
        self.before: Mapping[str, Mapping] = last.manifest["sources"] if last else {}
        self.asking = discover.Asking(settings, session)
        self.refused: dict[str, OutlookError] = {}
        self.failed: dict[str, OutlookError] = {}
        self.newer: list[discover.Found] = []
        self._took: dict[str, tuple[Fetched, Dataset, tuple[str, ...]]] = {}
        self._seen: dict[str, dict[Edition, str]] = {}

    def gather(self) -> Gathered:
        """Files of all entries; what is wrong stands in `refused` and `failed`.

        Called again after `refuse`, it fetches only what it has not.
        """
        found = Gathered()
        self.failed.clear()
        self.newer.clear()
        for entry in loadable().values():
            if entry.is_family:
                self._family(entry, found)
            else:
                self._one(entry, found)
        return found

    def refuse(self, names: Iterable[str], error: OutlookError) -> None:
        """Do without these files from now on; the next `gather` takes the last good ones."""
        for name in names:
            self.refused[name] = error

    def last_good(self, name: str) -> Fetched | None:
        """The file that the last release was made from, if it is still there whole."""
        entry = self.before.get(name, {})
        if not entry.get("sha256") or entry.get("carried_on"):
            return None
        path = raw_files.of_digest(entry["sha256"], self.settings)
        if path is None:
            return None
        return Fetched(
            path, entry["sha256"], entry["bytes"], "the last release", entry["fetched_utc"]
        )

    def can_do_without(self, name: str) -> bool:
        """Whether there is a last good file, or another edition, to take in place of this one."""
        entry = entry_of(name)
        if entry is None or not entry.is_family or name in self.before:
            return self.last_good(name) is not None
        others = {entry.at(edition).id for edition in self._seen[entry.id]}
        return bool(others - {name} - set(self.refused))

    def is_new(self, name: str, found: Gathered) -> bool:
        """Whether a file differs from the one that the last release was made from."""
        file = found.files.get(name)
        return file is not None and self.before.get(name, {}).get("sha256") != file.sha256

    # -------------------------------------------------------------- entries
    def _one(self, dataset: Dataset, found: Gathered) -> None:
        kept = download.known(dataset, self.settings) if self._left(dataset.id) else None
        try:
            file, dated, _ = self._take(dataset, kept)
            self._put(dataset.id, found, file, dated)
        except SourceFailed as error:
            held = carried_on(dataset, error, self.last, self.settings)
            if held is None:
                self._fail(dataset.id, error, found)
            else:
                found.carried[dataset.id] = held
                found.outcomes[dataset.id] = "carried on"
                self.say(f"{dataset.id}: carried on")
        except ShapeChanged as error:
            self._fail(dataset.id, error, found)

    def _family(self, family: Dataset, found: Gathered) -> None:
        """All editions of a family, or the newest and what it lacks of older ones."""
        seen = self._editions(family)
        lacking, errors = set(family.tables), {}
        taken: list[Edition] = []
        for edition in self._wanted(family, seen):
            dataset = family.at(edition)
            kept = download.known(dataset, self.settings) if self._left(family.id) else None
            try:
                file, dated, tables = self._take(dataset, kept)
            except (SourceFailed, ShapeChanged) as error:
                errors[dataset.id] = error
                continue
            if family.take == "newest" and not lacking & set(tables):
                continue
            self._put(dataset.id, found, file, dated)
            found.evidence[dataset.id] = seen[edition]
            taken.append(edition)
            lacking -= set(tables)
            if family.take == "newest" and not lacking:
                break
        # One that the last release was made from is missed; one that is new is done without.
        for name, problem in errors.items():
            if name in self.before or not taken:
                self._fail(name, problem, found)
            else:
                self.refused[name] = problem
        self.newer += discover.newer(family, seen, max(taken, default=None))

    def _editions(self, family: Dataset) -> dict[Edition, str]:
        known = discover.editions_in(self.before, family)
        if family.id not in self._seen:
            if self._left(family.id) and known:
                self._seen[family.id] = dict.fromkeys(known, "in the last release")
            else:
                self._seen[family.id] = discover.editions(
                    family, self.asking, known, whole=self._needs_older(family, known)
                )
        seen = self._seen[family.id]
        return {
            e: self.before.get(family.at(e).id, {}).get("evidence", how)
            if how == "in the last release" else how
            for e, how in seen.items()
        }  # fmt: skip

    def _needs_older(self, family: Dataset, known: Collection[Edition]) -> bool:
        """Whether editions before the newest are looked for: where no release says which."""
        return not known or family.id in self.pins

    def _wanted(self, family: Dataset, seen: Mapping[Edition, str]) -> list[Edition]:
        """Editions in the order in which they are asked for, newest first."""
        pinned = self.pins.get(family.id)
        limit = family.edition_of(pinned) if pinned else None
        if pinned and limit not in seen:
            there = ", ".join(family.at(e).release for e in sorted(seen))
            raise UsageError(
                f"--edition {family.id}={pinned}", "no such edition was found",
                f"Found: {there}",
            )  # fmt: skip
        return sorted((e for e in seen if limit is None or e <= limit), reverse=True)

    # -------------------------------------------------------------- one file
    def _take(
        self, dataset: Dataset, kept: Fetched | None
    ) -> tuple[Fetched, Dataset, tuple[str, ...]]:
        """A dataset's file, dated, and the tables that it fills."""
        if dataset.id in self.refused:
            good = self.last_good(dataset.id)
            if good is None:
                raise self.refused[dataset.id]
            return good, dataset.dated(good.path), dataset.fills(good.path)
        if dataset.id not in self._took:
            file = kept or download.fetch_file(dataset, self.settings, self.session)
            try:
                dated = dataset.dated(file.path)
                self._agrees(dataset, dated)
                self._took[dataset.id] = file, dated, dataset.fills(file.path)
            except ShapeChanged as error:
                self.refused[dataset.id] = error
                return self._take(dataset, kept)
        return self._took[dataset.id]

    def _agrees(self, dataset: Dataset, dated: Dataset) -> None:
        pinned = self.pins.get(dataset.id)
        if pinned and not dataset.family and pinned != dated.release:
            raise UsageError(
                f"--edition {dataset.id}={pinned}", f"{dataset.url} serves {dated.release}",
                "Leave the option out, or rebuild a release that has it with --like",
            )  # fmt: skip

    def _put(self, name: str, found: Gathered, file: Fetched, dated: Dataset) -> None:
        found.files[name], found.datasets[name] = file, dated
        found.outcomes[name] = "changed" if self.is_new(name, found) else "unchanged"
        self.say(f"{name}: {found.outcomes[name]}, {file.bytes:,} bytes")

    def _fail(self, name: str, error: OutlookError, found: Gathered) -> None:
        found.outcomes[name] = "failed"
        self.failed[name] = error
        self.say(f"{name}: failed")  # why is said once, at the end

    def _left(self, name: str) -> bool:
        """Whether an entry is not asked for anew."""
        return bool(self.only) and name not in self.only


def pins_of(options: Iterable[str]) -> dict[str, str]:
    """``onet=29.3`` as a mapping of entry to edition.

    Raises
    ------
    UsageError
        No such source, no edition of the family in that form, or a source twice.
    """
    pins: dict[str, str] = {}
    for option in options:
        name, _, edition = (part.strip() for part in option.partition("="))
        entry = loadable().get(name)
        pinnable = [d.id for d in loadable().values() if d.is_family or d.edition]
        if entry is None or name not in pinnable:
            raise UsageError(
                f"--edition {option}", "no source of this name has editions",
                f"Known: {', '.join(pinnable)}",
            )  # fmt: skip
        if not edition or (entry.is_family and entry.edition_of(edition) is None):
            raise UsageError(
                f"--edition {option}", f"{edition!r} is not an edition of {name}",
                f"Write it as {name}={entry.since or 'EDITION'}",
            )  # fmt: skip
        if name in pins:
            raise UsageError(f"--edition {option}", f"{name} is given twice", "Give it once")
        pins[name] = edition
    return pins
