"""One refresh: fetch, load, compute, check, publish. Readers keep a whole release throughout."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from pipelines.base.errors import OutlookError, ShapeChanged, SourceFailed, UsageError
from pipelines.base.settings import Settings
from pipelines.refresh import gates, health, provenance, report_text
from pipelines.refresh import report as changes
from pipelines.refresh.carried import Carried, carried_on
from pipelines.refresh.make import Made, Tables, make
from pipelines.releases import lock, publish, retention, store
from pipelines.releases.store import Release
from pipelines.sources.catalog import Dataset, loadable
from pipelines.sources.fetch import discover, download, drop_folder
from pipelines.sources.fetch.download import Fetched

NOTHING_NEW = 3


@dataclass
class RefreshResult:
    """What a refresh did.

    Attributes
    ----------
    published : str or None
        Id of the release that is new; None where nothing was published.
    exit_code : int
        0 published or as before, 3 nothing new (with if_changed), 4 a source failed, 5 a
        source's shape changed. After 4 and 5 the last good release is current still.
    sources : dict
        "changed", "unchanged", "carried on" (see `Dataset.keep_last`) or "failed" by dataset id,
        against the last release.
    rows : dict
        ``{"old": int or None, "new": int}`` by table.
    gates : list of dict
        Figures beyond a gate's limit: gate, figure, old, new, limit, text, accepted.
    changes : dict or None
        The change report against the last release (`changes.compare`).
    removed : list of str
        Old releases that were removed.
    problems : dict
        What was wrong with each source that failed.
    message : str
        How the run ended, in one sentence: what was published, that nothing was new, or what
        stopped it. The health file keeps it.
    sentences : list of str
        All of it in words, the message among them.
    """

    published: str | None = None
    exit_code: int = 0
    sources: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, int | None]] = field(default_factory=dict)
    gates: list[dict] = field(default_factory=list)
    changes: dict | None = None
    removed: list[str] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)
    message: str = ""
    sentences: list[str] = field(default_factory=list)

    def ended(self, message: str) -> None:
        """Say how the run ended."""
        self.message = message
        self.sentences.append(message)

    def to_json(self) -> str:
        """All of it as JSON."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False)


def refresh(
    settings: Settings,
    sources: Sequence[str] | None = None,
    if_changed: bool = False,
    dry_run: bool = False,
    accept: Sequence[str] = (),
    *,
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
        Dataset ids to fetch anew; the others are taken as fetched last.
    if_changed : bool
        Do nothing more where every file and the code are those of the last release.
    dry_run : bool
        Do everything but publish.
    accept : sequence of str
        Gates whose findings do not stop this run; what they found is kept in the manifest.
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
        exception.

    Raises
    ------
    UsageError
        Unknown dataset id or gate, contact missing, mirror not there.
    SourceFailed
        Another refresh does not end.
    """
    say = progress or (lambda line: None)
    datasets = loadable()
    unknown = sorted(set(sources or ()) - set(datasets))
    if unknown:
        raise UsageError(", ".join(unknown), "no such source", f"Known: {', '.join(datasets)}")
    gates.require_known(accept)
    with lock.held(settings, wait):
        publish.clean(settings)
        download.clean(settings)
        result = RefreshResult()
        job = _Job(settings, datasets, say, result)
        try:
            job.run(sources, if_changed, dry_run, accept, rebuild, enrich)
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


@dataclass
class _Job:
    """One run under the lock."""

    settings: Settings
    datasets: Mapping[str, Dataset]
    say: Callable[[str], None]
    result: RefreshResult

    def run(self, sources, if_changed, dry_run, accept, rebuild, enrich) -> None:
        settings, result = self.settings, self.result
        last = self._last()
        fetched, carried = _fetch(settings, self.datasets, sources, last, self.say, result)
        entries = {
            name: _source(self.datasets[name].dated(f.path), f) for name, f in fetched.items()
        }
        entries |= {name: held.entry for name, held in carried.items()}
        entries = {name: entries[name] for name in self.datasets}
        now, code = provenance.of_entries(entries), provenance.code_digest()
        before, code_before = provenance.of(settings, last) if last else ({}, None)
        differ = provenance.changed(now, before)
        same_code = code == code_before and not rebuild
        whole = last is not None and last.id == store.target(settings)
        if if_changed and last is not None and whole and same_code and not differ:
            result.exit_code = NOTHING_NEW
            result.ended(f"Nothing new: every source is as in release {last.id}.")
            return
        files = {name: file.path for name, file in fetched.items()}
        held = {name: found.release for name, found in carried.items()}
        made = make(files, last, differ if same_code else None, enrich, self.say, held)
        _compare(made, last, result)
        manifest: dict = {
            "sources": {
                name: entry | {"rows": made.parts.get(name, {})} for name, entry in entries.items()
            },
            "code_sha256": code,
        }
        folder = last.path if last else settings.releases
        draft = Release("new", folder, {**manifest, "tables": made.entries}, dict(made.rebuilt))
        if accepted := self._gates(draft, last, set(made.rebuilt), accept):
            manifest["accepted"] = accepted
        if dry_run:
            if last is not None and made.rebuilt:
                self._tell(changes.compare(last, draft))
            result.ended("Dry run: everything was checked, nothing was published.")
            return
        if last is not None and whole and not made.rebuilt and set(made.kept) == set(result.rows):
            name = last.id
        else:
            name = self._publish(made, manifest, last)
        if last is not None and name == last.id and whole:
            result.exit_code = NOTHING_NEW if if_changed else 0
            result.ended(f"Nothing new: the tables equal those of release {name}.")
        else:
            result.published = name
            result.ended(f"Published release {name} ({len(made.entries)} tables).")
        current = store.current(settings)
        if current is not None and provenance.of(settings, current) != (now, code):
            provenance.remember_equal(settings, current.id, now, code)

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

    def _gates(self, draft, last, rebuilt, accept) -> list[dict]:
        """What was accepted; ShapeChanged where something was found that was not."""
        found = gates.check(draft, last, rebuilt)
        self.result.gates = [f.record() | {"accepted": f.gate in accept} for f in found]
        stopped = [f.error() for f in found if f.gate not in accept]
        if stopped:
            self.result.sentences += [str(error) for error in stopped[:-1]]
            raise stopped[-1]
        self.result.sentences += [f"Accepted ({f.gate}): {f.figure}: {f.text}." for f in found]
        return [f.record() for f in found]

    def _publish(self, made: Made, manifest: dict, last: Release | None) -> str:
        def report(new: Release) -> dict[str, bytes]:
            if last is None:
                return {}
            self.say("comparing with the last release")
            found = changes.compare(last, new)
            self._tell(found)
            return {changes.CHANGES_FILE: changes.encode(found)}

        self.say("publishing")
        return publish.publish(made.rebuilt, manifest, self.settings, made.kept, report)

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


def _fetch(
    settings: Settings,
    datasets: Mapping[str, Dataset],
    sources: Sequence[str] | None,
    last: Release | None,
    say: Callable[[str], None],
    result: RefreshResult,
) -> tuple[dict[str, Fetched], dict[str, Carried]]:
    """Every dataset's file, and what is carried on in place of one that cannot be had.

    All are tried, so that one run names everything that is wrong.
    """
    before = last.manifest["sources"] if last else {}
    fetched, carried, failures = {}, {}, []
    wanted = [d for name, d in datasets.items() if not sources or name in sources]
    download.require(wanted, settings)
    with download.session() as session:
        for name, dataset in datasets.items():
            kept = download.known(dataset, settings) if sources and name not in sources else None
            try:
                file = kept or download.fetch_file(dataset, settings, session)
            except SourceFailed as error:
                held = carried_on(dataset, error, last, settings)
                if held is not None:
                    carried[name] = held
                    result.sources[name] = "carried on"
                    result.sentences.append(held.sentence(name))
                    say(f"{name}: carried on")
                    continue
                result.sources[name] = "failed"
                result.problems[name] = str(error)
                failures.append(error)
                say(f"{name}: failed")  # why is said once, at the end
                continue
            fetched[name] = file
            same = before.get(name, {}).get("sha256") == file.sha256
            result.sources[name] = "unchanged" if same else "changed"
            say(f"{name}: {result.sources[name]}, {file.bytes:,} bytes")
            if file.origin.startswith("drop folder"):
                result.sentences.append(f"{name} was taken from the {file.origin}.")
        if not failures:
            newer = discover.discover(settings, session)
            discover.remember(settings, newer)
            result.sentences += newer.sentences()
    result.sentences += drop_folder.look(settings).unused()
    if failures:
        result.sentences += [str(error) for error in failures[:-1]]
        raise failures[-1]
    return fetched, carried


def _source(dataset: Dataset, file: Fetched) -> dict:
    """What a release records of a source."""
    return {
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
