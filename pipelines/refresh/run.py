"""One refresh: fetch, load, compute, check, publish. Readers keep a whole release throughout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipelines.base.errors import (
    OutlookError,
    ShapeChanged,
    SourceFailed,
    Unavailable,
    UsageError,
)
from pipelines.base.settings import Settings
from pipelines.refresh import blame, gates, health, provenance, report_text
from pipelines.refresh import report as changes
from pipelines.refresh.gather import Gathered, Gatherer, pins_of
from pipelines.refresh.make import Made, Tables, make
from pipelines.refresh.result import RefreshResult
from pipelines.releases import lock, publish, retention, store
from pipelines.releases.store import Release
from pipelines.sources.catalog import entry_of, loadable
from pipelines.sources.fetch import discover, download, drop_folder
from pipelines.sources.fetch.session import Session

NOTHING_NEW = 3


def refresh(
    settings: Settings,
    sources: Sequence[str] | None = None,
    if_changed: bool = False,
    dry_run: bool = False,
    accept: Sequence[str] = (),
    *,
    editions: Sequence[str] = (),
    rebuild: bool = False,
    enrich: Callable[[Tables], Tables] | None = None,
    progress: Callable[[str], None] | None = None,
    wait: float = 60,
) -> RefreshResult:
    """Fetch the sources, check them, publish a new release.

    Parameters
    ----------
    settings : Settings
        Folders, mirror, contact.
    sources : sequence of str, optional
        Entries of the catalog to fetch anew; the others are taken as fetched last.
    if_changed : bool
        Do nothing more where every file and the code are those of the last release.
    dry_run : bool
        Do everything but publish.
    accept : sequence of str
        Gates whose findings do not stop this run; what they found is kept in the manifest.
    editions : sequence of str
        Pins, ``onet=29.3``: the newest edition of a source to take.
    rebuild : bool
        Make every table anew, also those whose sources did not change.
    enrich : callable, optional
        Adds the computed tables that are missing to the assembled ones.
    progress : callable, optional
        Called with a line of text at each step.
    wait : float
        Seconds to wait for another refresh to end.

    Returns
    -------
    RefreshResult
        A failing source, a changed shape or a gate is a result (exit code 4, 5), not an
        exception. What the new edition of one source breaks does not hold up the others: its
        last good file is taken in its place.

    Raises
    ------
    UsageError
        Unknown source, edition or gate, contact missing, mirror not there.
    SourceFailed
        Another refresh does not end.
    """
    say = progress or (lambda line: None)
    only = _entries(sources or ())
    pins = pins_of(editions)
    gates.require_known(accept)
    with lock.held(settings, wait):
        publish.clean(settings)
        download.clean(settings)
        result = RefreshResult()
        try:
            with download.session() as session:
                _Job(settings, session, say, result, only, pins, accept, dry_run, enrich).run(
                    if_changed, rebuild
                )
        except (SourceFailed, ShapeChanged) as error:
            result.exit_code = error.exit_code
            result.ended(str(error))
            result.sentences.append(_stays(settings))
        except OutlookError as error:
            if not dry_run:
                health.record(settings, error.exit_code, str(error))
            raise
        if not dry_run:
            _finish(settings, result)
        return result


def _entries(names: Sequence[str]) -> set[str]:
    """Entries of the catalog; an edition's id stands for its family."""
    known = loadable()
    entries = {name: entry_of(name) for name in names}
    unknown = sorted(n for n, entry in entries.items() if entry is None or entry.id not in known)
    if unknown:
        raise UsageError(", ".join(unknown), "no such source", f"Known: {', '.join(known)}")
    return {entry.id for entry in entries.values() if entry is not None}


@dataclass
class _Job:
    """One run under the lock."""

    settings: Settings
    session: Session
    say: Callable[[str], None]
    result: RefreshResult
    only: set[str]
    pins: dict[str, str]
    accept: Sequence[str]
    dry_run: bool
    enrich: Callable[[Tables], Tables] | None

    def run(self, if_changed: bool, rebuild: bool) -> None:
        settings, result = self.settings, self.result
        last = self._last()
        wanted = [d for name, d in loadable().items() if not self.only or name in self.only]
        download.require(wanted, settings)
        gatherer = Gatherer(settings, self.session, last, self.say, self.only, self.pins)
        found = self._gather(gatherer)
        before, code_before = provenance.of(settings, last) if last else ({}, None)
        same_code = provenance.code_digest() == code_before and not rebuild
        whole = last is not None and last.id == store.target(settings)
        while True:
            now = provenance.of_entries(found.entries())
            differ = provenance.changed(now, before)
            same = last is not None and whole and same_code and not differ
            if last is not None and same and (if_changed or gatherer.refused):
                # All but what was refused is as it was.
                self._nothing_new(last, if_changed, "every source is as in")
                self._refused(gatherer)
                return
            try:
                made, draft, accepted = self._make(found, last, differ if same_code else None)
                break
            except (SourceFailed, ShapeChanged) as error:
                blamed = blame.sources_of(error, gatherer, found)
                if not blamed:
                    raise
                self.say(f"{', '.join(blamed)}: refused, the last good files are taken")
                gatherer.refuse(blamed, error)
                found = self._gather(gatherer)
        _compare(made, last, result)
        if self.dry_run:
            if last is not None and made.rebuilt:
                self._tell(changes.compare(last, draft))
            result.ended("Dry run: everything was checked, nothing was published.")
            self._refused(gatherer)
            return
        if last is not None and whole and not made.rebuilt and set(made.kept) == set(result.rows):
            name = last.id
        else:
            name = self._publish(made, accepted, draft.manifest, last)
        if last is not None and name == last.id and whole:
            self._nothing_new(last, if_changed, "the tables equal those of")
        else:
            result.published = name
            result.ended(f"Published release {name} ({len(made.entries)} tables).")
        current, code = store.current(settings), provenance.code_digest()
        if current is not None and provenance.of(settings, current) != (now, code):
            provenance.remember_equal(settings, current.id, now, code)
        self._refused(gatherer)

    def _gather(self, gatherer: Gatherer) -> Gathered:
        """Files of all sources; raises the last failure after every source was tried."""
        result = self.result
        found = gatherer.gather()
        result.sources = found.outcomes
        result.problems = {
            name: str(error) for name, error in {**gatherer.refused, **gatherer.failed}.items()
        }
        said = [held.sentence(name) for name, held in found.carried.items()]
        said += [
            f"{name} was taken from the {file.origin}."
            for name, file in found.files.items()
            if file.origin.startswith("drop folder")
        ]
        if not gatherer.failed:
            newer = discover.Discovery(
                tuple(gatherer.newer), tuple(gatherer.asking.problems.values())
            )
            discover.remember(self.settings, newer)
            said += newer.sentences()
        said += drop_folder.look(self.settings).unused()
        result.sentences += [sentence for sentence in said if sentence not in result.sentences]
        if gatherer.failed:
            *others, last = gatherer.failed.values()
            result.sentences += [str(error) for error in others]
            raise last
        return found

    def _make(
        self, found: Gathered, last: Release | None, differ: set[str] | None
    ) -> tuple[Made, Release, list[dict]]:
        """The tables, checked against contracts and gates; what was accepted."""
        held = {name: carried.release for name, carried in found.carried.items()}
        made = make(found.paths(), last, differ, self.enrich, self.say, held)
        manifest: dict = {
            "sources": {
                name: entry | {"rows": made.parts.get(name, {})}
                for name, entry in found.entries().items()
            },
            "code_sha256": provenance.code_digest(),
        }
        if self.pins:
            manifest["pins"] = self.pins
        folder = last.path if last else self.settings.releases
        draft = Release("new", folder, {**manifest, "tables": made.entries}, dict(made.rebuilt))
        return made, draft, self._gates(draft, last, set(made.rebuilt))

    def _nothing_new(self, last: Release, if_changed: bool, why: str) -> None:
        self.result.exit_code = NOTHING_NEW if if_changed else 0
        self.result.ended(f"Nothing new: {why} release {last.id}.")

    def _refused(self, gatherer: Gatherer) -> None:
        """Say what was refused, and end with the exit code of that."""
        refused = gatherer.refused
        if not refused:
            return
        texts = list(dict.fromkeys(map(str, refused.values())))
        for text in texts:
            names = [name for name, error in refused.items() if str(error) == text]
            self.result.sentences.append(f"Not taken: {', '.join(names)}: {text}")
        known = gatherer.before
        codes = {
            ShapeChanged.exit_code
            if name not in known and not isinstance(error, Unavailable)
            else error.exit_code
            for name, error in refused.items()
        }
        self.result.exit_code = max(codes)
        self.result.message += f" Not taken: {', '.join(refused)}: {texts[0]}"
        if self.result.published is None:
            self.result.sentences.append(_stays(self.settings))

    def _last(self) -> Release | None:
        """The current release; where it is damaged, the newest that is whole."""
        settings = self.settings
        try:
            last = store.current(settings)
            if last is not None:
                last.verify()
            return last
        except SourceFailed as error:
            # A refresh is the way out of a damaged release, so it must not stop at one.
            whole = store.newest_whole(settings)
            other = f"release {whole.id} is, instead" if whole else "there is no other"
            self.result.sentences.append(
                f"The current release is damaged and is not compared with ({other}): {error}"
            )
            return whole

    def _gates(self, draft: Release, last: Release | None, rebuilt: set[str]) -> list[dict]:
        """What was accepted; ShapeChanged where something was found that was not."""
        found = gates.check(draft, last, rebuilt)
        known = self.result.gates
        records = [f.record() | {"accepted": f.gate in self.accept} for f in found]
        self.result.gates = known + [record for record in records if record not in known]
        stopped = [f for f in found if f.gate not in self.accept]
        if stopped:
            self.result.sentences += [str(f.error()) for f in stopped[:-1]]
            raise blame.of_findings(stopped)
        self.result.sentences += [f"Accepted ({f.gate}): {f.figure}: {f.text}." for f in found]
        return [f.record() for f in found]

    def _publish(
        self, made: Made, accepted: list[dict], drafted: dict, last: Release | None
    ) -> str:
        manifest = {k: v for k, v in drafted.items() if k != "tables"}
        if accepted:
            manifest["accepted"] = accepted

        def report(new: Release) -> dict[str, bytes]:
            if last is None:
                return {}
            self.say("comparing with the last release")
            found = changes.compare(last, new)
            self._tell(found)
            return {changes.CHANGES_FILE: changes.encode(found)}

        self.say("publishing")
        return publish.publish(
            made.rebuilt, manifest, self.settings, made.kept, report, made.encoded
        )

    def _tell(self, report: dict) -> None:
        self.result.changes = report
        self.result.sentences += report_text.sentences(report)


def _finish(settings: Settings, result: RefreshResult) -> None:
    """Remove what is old, and write down how the run ended; neither can undo a release."""
    try:
        if result.exit_code in (0, NOTHING_NEW):
            result.removed, freed = retention.prune(settings)
            if result.removed:
                result.sentences.append(
                    f"Removed old releases: {', '.join(result.removed)}; "
                    f"{freed:,} bytes of downloads that only they used."
                )
    except SourceFailed as error:
        result.sentences.append(str(error))
    try:
        health.record(settings, result.exit_code, result.message, result.problems)
        lock.mark_checked(settings)
    except SourceFailed as error:
        result.sentences.append(str(error))


def _compare(made: Made, last: Release | None, result: RefreshResult) -> None:
    before = last.manifest["tables"] if last else {}
    for name in sorted({*made.entries, *before}):
        old = before[name]["rows"] if name in before else None
        new = made.entries[name]["rows"] if name in made.entries else 0
        result.rows[name] = {"old": old, "new": new}
        if last and old != new:
            was = "a new table" if old is None else f"{old:,} before"
            result.sentences.append(f"Table {name}: {new:,} rows, {was}.")


def _stays(settings: Settings) -> str:
    try:
        now = store.current(settings)
    except OutlookError:
        now = None
    return f"Release {now.id} stays current." if now else "No release has been published."
