"""A release: contracted tables as parquet and a manifest, published by one rename.

``releases/<id>/`` is never changed once it has its name; ``releases/current`` is a link that is
swapped in one step, so a reader sees the old release or the new one, whole. ``releases/previous``
leads to what was current before: readers may have it open. What is removed when: `retention`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.base.errors import SourceFailed, UsageError
from pipelines.base.settings import Settings

MANIFEST = "manifest.json"
_ID = re.compile(r"\d{8}-[0-9a-f]{8}")
_TODO = "Run `outlook rollback` to a whole release (`outlook releases`) or `outlook refresh`"


@dataclass(frozen=True)
class Release:
    """Tables and manifest in one folder.

    Attributes
    ----------
    id : str
        Date and content, e.g. ``20261123-ab12cd34``; ``snapshot`` for the embedded one.
    path : Path
        The folder.
    manifest : dict
        ``sources`` by dataset id (url, release, date, licence, sha256, bytes ...) and ``tables``
        by name (rows, sha256, bytes).
    """

    id: str
    path: Path
    manifest: dict
    _read: dict = field(default_factory=dict, repr=False, compare=False)

    def has(self, name: str) -> bool:
        """Whether the release holds this table."""
        return name in self.manifest["tables"]

    def table(self, name: str) -> pd.DataFrame:
        """A table, read when first asked for.

        Raises
        ------
        UsageError
            The release does not hold it.
        SourceFailed
            Its file is missing or is not the one that was published.
        """
        if name not in self._read:
            self._read[name] = self._load(name)
        return self._read[name].copy(deep=False)  # copy-on-write: no reader changes another's

    def _load(self, name: str) -> pd.DataFrame:
        if not self.has(name):
            reason = self.manifest.get("left_out", {}).get(name)
            raise UsageError(
                f"table {name}",
                f"{self.id} does not hold it" + (f" ({reason})" if reason else ""),
                "Run `outlook refresh` for the complete data",
            )
        data = self.verified(name)
        return pq.read_table(pa.BufferReader(data)).to_pandas()

    def verified(self, name: str) -> bytes:
        """The bytes of a table's file; SourceFailed where they are not those published."""
        file = self.path / f"{name}.parquet"
        try:
            data = file.read_bytes()
        except OSError as error:
            raise SourceFailed(str(file), f"cannot be read ({error.strerror})", _TODO) from error
        if hashlib.sha256(data).hexdigest() != self.manifest["tables"][name]["sha256"]:
            raise SourceFailed(str(file), "is damaged: not the bytes that were published", _TODO)
        return data

    def verify(self) -> None:
        """Hold every file against the manifest; SourceFailed names the first that is damaged."""
        for name in self.manifest["tables"]:
            self.verified(name)


def open_release(path: Path) -> Release:
    """Open a release or the snapshot by its folder.

    Raises
    ------
    SourceFailed
        The folder or its manifest is missing or damaged.
    """
    path = Path(path).resolve()
    try:
        manifest = json.loads((path / MANIFEST).read_text("utf-8"))
        tables = manifest["tables"]
        digests = [entry["sha256"] for entry in tables.values()]
        if not isinstance(manifest["sources"], dict) or not digests:
            raise ValueError("sources or tables are missing")
    except OSError as error:
        raise SourceFailed(str(path), f"no release here ({error.strerror})", _TODO) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceFailed(str(path / MANIFEST), f"is damaged ({error})", _TODO) from error
    return Release(manifest.get("id", path.name), path, manifest)


def write_tables(
    folder: Path,
    tables: Mapping[str, pd.DataFrame],
    manifest: Mapping,
    reused: Mapping[str, Release] | None = None,
    beside: Callable[[dict], Mapping[str, bytes]] | None = None,
) -> dict:
    """Write tables and manifest into a folder, flushed to the disk.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    tables : mapping of str to DataFrame
        Checked tables; the same tables give the same bytes.
    manifest : mapping
        What is known of them, ``sources`` at least.
    reused : mapping of str to Release, optional
        Further tables, and the release whose bytes each is a copy of.
    beside : callable, optional
        Called with the manifest; gives other files for the folder, by name. The manifest lists
        their digests under ``beside``.

    Returns
    -------
    dict
        The manifest as written: ``tables`` (rows, sha256, bytes), ``content_sha256`` and
        ``code_version`` added.
    """
    folder.mkdir(parents=True, exist_ok=True)
    reused = reused or {}
    entries: dict[str, dict] = {}
    for name in sorted({*tables, *reused}):
        # A copy, not a link: each release stands alone, and a damaged disk block hurts one.
        data = encode(tables[name]) if name in tables else reused[name].verified(name)
        rows = (
            len(tables[name]) if name in tables else reused[name].manifest["tables"][name]["rows"]
        )
        entries[name] = {
            "rows": rows,
            "sha256": hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
        }
        _write(folder / f"{name}.parquet", data)
    whole = {
        **manifest,
        "code_version": metadata.version("technician-outlook"),
        "content_sha256": content_digest({n: str(e["sha256"]) for n, e in entries.items()}),
        "tables": entries,
    }
    if beside is not None:
        files = beside(whole)
        for name, data in files.items():
            _write(folder / name, data)
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        whole |= {"beside": digests} if files else {}
    text = json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    _write(folder / MANIFEST, text.encode())
    _sync(folder)
    return whole


def encode(frame: pd.DataFrame) -> bytes:
    """A frame as parquet bytes that depend on its values alone."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    # The schema's metadata name the versions of pandas and pyarrow.
    table = table.replace_schema_metadata(None)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", compression_level=9)
    return sink.getvalue().to_pybytes()


def content_digest(digests: Mapping[str, str]) -> str:
    """One digest of all tables from the digests of each."""
    lines = "".join(f"{name} {digests[name]}\n" for name in sorted(digests))
    return hashlib.sha256(lines.encode()).hexdigest()


def publish(
    tables: Mapping[str, pd.DataFrame],
    manifest: Mapping,
    settings: Settings,
    reused: Mapping[str, Release] | None = None,
    report: Callable[[Release], Mapping[str, bytes]] | None = None,
) -> str:
    """Publish tables as a release and make it the current one.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Checked tables.
    manifest : mapping
        ``sources`` by dataset id, and what else should be recorded.
    settings : Settings
        Where releases are kept.
    reused : mapping of str to Release, optional
        Tables that are copied from another release.
    report : callable, optional
        Called with the release to be, its tables not reused at hand, where its content is new;
        gives files to lie beside the tables.

    Returns
    -------
    str
        The release's id. Where a whole release has the same content already, it is that one's
        and nothing new is kept.

    Raises
    ------
    SourceFailed
        The disk refuses; the current release stays.
    """
    now = datetime.now(UTC)
    temporary = None
    try:
        settings.releases.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=".tmp-", dir=settings.releases))
        manifest = {**manifest, "kind": "release", "created_utc": now.isoformat(timespec="seconds")}
        there: list[Release] = []

        def beside(whole: dict) -> Mapping[str, bytes]:
            content = whole["content_sha256"]
            same = (r for r in releases(settings) if r.manifest.get("content_sha256") == content)
            there.extend(r for r in same if _is_whole(r))
            if there or report is None:
                return {}
            return report(Release(f"{now:%Y%m%d}-{content[:8]}", temporary, whole, dict(tables)))

        written = write_tables(temporary, tables, manifest, reused, beside)
        if there:
            name = there[0].id
        else:
            name = f"{now:%Y%m%d}-{written['content_sha256'][:8]}"
            final = settings.releases / name
            shutil.rmtree(final, ignore_errors=True)  # only ever a damaged one of this content
            temporary.chmod(0o755)  # mkdtemp lets only its owner in
            os.rename(temporary, final)
            _sync(settings.releases)
        _point(settings, name)
        return name
    except OSError as error:
        raise SourceFailed(
            str(settings.releases), f"the release could not be written ({error.strerror})",
            "Free space or correct the permissions; the current release stays as it is",
        ) from error  # fmt: skip
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def current(settings: Settings) -> Release | None:
    """The current release, or None where nothing has been published.

    Raises
    ------
    SourceFailed
        The link leads nowhere or to a damaged manifest.
    """
    link = settings.releases / "current"
    return open_release(link) if link.is_symlink() else None


def target(settings: Settings, link: str = "current") -> str | None:
    """Id of the release that a link leads to, whole or not; None where there is no link."""
    path = settings.releases / link
    return os.readlink(path) if path.is_symlink() else None


def is_id(text: str) -> bool:
    """Whether a text has the form of a release's id."""
    return _ID.fullmatch(text) is not None


def folders(settings: Settings) -> list[Path]:
    """The folders of all releases, damaged ones too."""
    return [f for f in settings.releases.glob("*-*") if is_id(f.name) and f.is_dir()]


def releases(settings: Settings) -> list[Release]:
    """All releases that can be opened, newest first."""
    found = []
    for folder in folders(settings):
        try:
            found.append(open_release(folder))
        except SourceFailed:
            continue  # damaged: not offered
    found.sort(key=lambda r: (r.manifest.get("created_utc", ""), r.id), reverse=True)
    return found


def newest_whole(settings: Settings) -> Release | None:
    """The newest release whose every file is as published; None where there is none."""
    return next((r for r in releases(settings) if _is_whole(r)), None)


def rollback(settings: Settings, id: str) -> Release:
    """Make an earlier release the current one.

    Raises
    ------
    UsageError
        There is no such release.
    SourceFailed
        It is damaged; the current one stays.
    """
    by_id = {r.id: r for r in releases(settings)}
    if id not in by_id:
        raise UsageError(id, f"no such release; there are {', '.join(by_id) or 'none'}",
                         "See `outlook releases`")  # fmt: skip
    by_id[id].verify()
    _point(settings, id)
    return by_id[id]


def clean(settings: Settings) -> None:
    """Remove what a killed process left behind. Call it under the refresh lock."""
    for rest in settings.releases.glob(".tmp-*"):
        if rest.is_symlink() or rest.is_file():
            rest.unlink(missing_ok=True)
        else:
            shutil.rmtree(rest, ignore_errors=True)


def _point(settings: Settings, name: str) -> None:
    """Swap the link in one step; a link in use is never missing."""
    before = target(settings)
    if before == name:
        return
    # Killed between the two, both links lead to the release that is current still.
    for link, to in (("previous", before), ("current", name)):
        if to is not None:
            fresh = settings.releases / f".tmp-link-{os.getpid()}"
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(to)
            os.replace(fresh, settings.releases / link)
    _sync(settings.releases)


def _is_whole(release: Release) -> bool:
    try:
        release.verify()
    except SourceFailed:
        return False
    return True


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Flush a folder, so that a rename in it survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
