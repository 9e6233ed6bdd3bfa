"""One refresh: fetch, load, compute, check, publish. Readers keep a whole release throughout."""

from __future__ import annotations

import fcntl
import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pandas as pd
import requests

from pipelines import release
from pipelines import tables as contracts
from pipelines.errors import OutlookError, ShapeChanged, SourceFailed, UsageError
from pipelines.release import Release
from pipelines.settings import Settings
from pipelines.sources import assemble, download
from pipelines.sources.catalog import Dataset, loadable
from pipelines.sources.download import Fetched

#: A table may shrink to this share of its rows in the last release.
MIN_ROWS = 0.80
NOTHING_NEW = 3
#: Code whose change can change a table.
_CODE = ("*.py", "*.toml", "*.npz")

Tables = Mapping[str, pd.DataFrame]


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
        "changed", "unchanged" or "failed" by dataset id, against the last release.
    rows : dict
        ``{"old": int or None, "new": int}`` by table.
    sentences : list of str
        The same in words.
    """

    published: str | None = None
    exit_code: int = 0
    sources: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, int | None]] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)

    def to_json(self) -> str:
        """All of it as JSON."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False)


def refresh(
    settings: Settings,
    sources: Sequence[str] | None = None,
    if_changed: bool = False,
    dry_run: bool = False,
    *,
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
    enrich : callable, optional
        Adds the computed tables to the assembled ones.
    progress : callable, optional
        Called with a line of text at each step.
    wait : float
        Seconds to wait for another refresh to end.

    Returns
    -------
    RefreshResult
        A failing source or a changed shape is a result (exit code 4, 5), not an exception.

    Raises
    ------
    UsageError
        Unknown dataset id, contact missing, mirror not there.
    SourceFailed
        Another refresh does not end.
    """
    say = progress or (lambda line: None)
    datasets = loadable()
    unknown = sorted(set(sources or ()) - set(datasets))
    if unknown:
        raise UsageError(", ".join(unknown), "no such source", f"Known: {', '.join(datasets)}")
    with _lock(settings, wait):
        release.clean(settings)
        download.clean(settings)
        result = RefreshResult()
        try:
            _run(settings, datasets, sources, if_changed, dry_run, enrich, say, result)
        except (SourceFailed, ShapeChanged) as error:
            result.exit_code = error.exit_code
            result.sentences.append(str(error))
            result.sentences.append(_stays(settings))
        return result


def _run(settings, datasets, sources, if_changed, dry_run, enrich, say, result) -> None:
    last = _last(settings, result)
    fetched = _fetch(settings, datasets, sources, last, say, result)
    code = code_digest()
    same_files = set(result.sources.values()) == {"unchanged"}
    same_code = last is not None and last.manifest.get("code_sha256") == code
    if if_changed and last is not None and same_code and same_files:
        result.exit_code = NOTHING_NEW
        result.sentences.append(f"Nothing new: every source is as in release {last.id}.")
        return
    parts: dict[str, dict[str, int]] = {}
    tables = assemble.assemble({name: f.path for name, f in fetched.items()}, say, parts)
    if enrich is not None:
        say("scoring tasks and joining published measures")
        tables = enrich(tables)
    tables = {name: contracts.check(name, frame) for name, frame in tables.items()}
    _compare(tables, last, result)
    _gate_rows(result)
    _gate_parts(parts, last)
    manifest = {
        "sources": {
            name: _source(datasets[name], f) | {"rows": parts.get(name, {})}
            for name, f in fetched.items()
        },
        "code_sha256": code,
    }
    if dry_run:
        result.sentences.append("Dry run: everything was checked, nothing was published.")
        return
    say("publishing")
    name = release.publish(tables, manifest, settings)
    if last is not None and name == last.id:
        result.exit_code = NOTHING_NEW if if_changed else 0
        result.sentences.append(f"Nothing new: the tables equal those of release {name}.")
    else:
        result.published = name
        result.sentences.append(f"Published release {name} ({len(tables)} tables).")


def _last(settings: Settings, result: RefreshResult) -> Release | None:
    try:
        last = release.current(settings)
        if last is not None:
            last.verify()
        return last
    except SourceFailed as error:
        # A refresh is the way out of a damaged release, so it must not stop at one.
        result.sentences.append(f"The current release is damaged and is not compared with: {error}")
        return None


def _fetch(
    settings: Settings,
    datasets: Mapping[str, Dataset],
    sources: Sequence[str] | None,
    last: Release | None,
    say: Callable[[str], None],
    result: RefreshResult,
) -> dict[str, Fetched]:
    """Every dataset's file; all are tried, so that one run names everything that is wrong."""
    before = last.manifest["sources"] if last else {}
    fetched, failures = {}, []
    with requests.Session() as session:
        for name, dataset in datasets.items():
            kept = download.known(dataset, settings) if sources and name not in sources else None
            try:
                file = kept or download.fetch_file(dataset, settings, session)
            except SourceFailed as error:
                result.sources[name] = "failed"
                failures.append(error)
                say(f"{name}: failed")  # why is said once, at the end
                continue
            fetched[name] = file
            same = before.get(name, {}).get("sha256") == file.sha256
            result.sources[name] = "unchanged" if same else "changed"
            say(f"{name}: {result.sources[name]}, {file.bytes:,} bytes")
            if not same and last:
                result.sentences.append(
                    f"{dataset.title} ({name}, {dataset.release}) changed: {file.bytes:,} bytes."
                )
            if file.origin.startswith("drop folder"):
                result.sentences.append(f"{name} was taken from the {file.origin}.")
    if failures:
        result.sentences += [str(error) for error in failures[:-1]]
        raise failures[-1]
    return fetched


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


def _compare(tables: Tables, last: Release | None, result: RefreshResult) -> None:
    before = last.manifest["tables"] if last else {}
    for name in sorted({*tables, *before}):
        old = before[name]["rows"] if name in before else None
        new = len(tables[name]) if name in tables else 0
        result.rows[name] = {"old": old, "new": new}
        if last and old != new:
            was = "a new table" if old is None else f"{old:,} before"
            result.sentences.append(f"Table {name}: {new:,} rows, {was}.")


def _gate_rows(result: RefreshResult) -> None:
    """Half a file can satisfy every contract: a table that shrinks much stops the release."""
    for name, rows in result.rows.items():
        old, new = rows["old"], rows["new"]
        if old and new is not None and new < MIN_ROWS * old:
            raise ShapeChanged(
                f"table {name}",
                f"{new:,} rows, the last release has {old:,}; at least {MIN_ROWS:.0%} are expected",
                "See whether the source is complete",
            )


def _gate_parts(parts: Mapping[str, Mapping[str, int]], last: Release | None) -> None:
    """The same for each source's part: one year of wages is a small share of its table."""
    before = last.manifest["sources"] if last else {}
    for name, rows in parts.items():
        for table, new in rows.items():
            old = before.get(name, {}).get("rows", {}).get(table, 0)
            if new < MIN_ROWS * old:
                raise ShapeChanged(
                    before[name]["url"],
                    f"{new:,} rows for table {table}, the last release has {old:,} from this "
                    f"source; at least {MIN_ROWS:.0%} are expected",
                    "See whether the source is complete",
                )


def _stays(settings: Settings) -> str:
    try:
        now = release.current(settings)
    except OutlookError:
        now = None
    return f"Release {now.id} stays current." if now else "No release has been published."


def code_digest() -> str:
    """A digest of the package's code, tables of contracts and model."""
    root = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for file in sorted(file for pattern in _CODE for file in root.rglob(pattern)):
        digest.update(f"{file.relative_to(root)}\n".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


@contextmanager
def _lock(settings: Settings, wait: float) -> Iterator[None]:
    """Hold the refresh lock. The system frees it when the process ends, however it ends."""
    path = settings.processed / ".refresh.lock"
    end = time.monotonic() + wait
    try:
        settings.processed.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    except OSError as error:
        raise SourceFailed(str(path), f"cannot be written ({error.strerror})",
                           "Correct the permissions or set OUTLOOK_DATA") from error  # fmt: skip
    with file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= end:
                    raise SourceFailed(
                        str(path), "another refresh is running", "Let it end, then run again"
                    ) from None
                time.sleep(0.1)
        yield
