"""Publish a release: tables and manifest written whole, then one link swapped."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.base.errors import SourceFailed, UsageError
from pipelines.base.files import flush_folder, write_durable
from pipelines.base.settings import Settings
from pipelines.releases.store import MANIFEST, Release, is_whole, releases, target


def write_tables(
    folder: Path,
    tables: Mapping[str, pd.DataFrame],
    manifest: Mapping,
    reused: Mapping[str, Release] | None = None,
    beside: Callable[[dict], Mapping[str, bytes]] | None = None,
    encoded: Mapping[str, bytes] | None = None,
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
    encoded : mapping of str to bytes, optional
        What `encode` gave for tables, where it is at hand.

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
        if name in tables:
            data = (encoded or {}).get(name) or encode(tables[name])
        else:
            data = reused[name].verified(name)
        rows = (
            len(tables[name]) if name in tables else reused[name].manifest["tables"][name]["rows"]
        )
        entries[name] = {
            "rows": rows,
            "sha256": hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
        }
        write_durable(folder / f"{name}.parquet", data)
    whole = {
        **manifest,
        "code_version": metadata.version("technician-outlook"),
        "content_sha256": content_digest({n: str(e["sha256"]) for n, e in entries.items()}),
        "tables": entries,
    }
    if beside is not None:
        files = beside(whole)
        for name, data in files.items():
            write_durable(folder / name, data)
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        whole |= {"beside": digests} if files else {}
    text = json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    write_durable(folder / MANIFEST, text.encode())
    flush_folder(folder)
    return whole


#: How hard zstd tries: the next level takes half as long again for a hundredth of the bytes, and
#: the highest, for what is in the repository, six times as long for a thirtieth.
QUICK, SMALLEST = 9, 19


def encode(frame: pd.DataFrame, level: int = QUICK) -> bytes:
    """A frame as parquet bytes that depend on its values alone."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    # The schema's metadata name the versions of pandas and pyarrow.
    table = table.replace_schema_metadata(None)
    # A dictionary of values that hardly repeat is longer than the values: a tenth of the snapshot.
    few = [c for c in table.column_names if len(table[c].unique()) <= len(table) / 4]
    sink = pa.BufferOutputStream()
    pq.write_table(
        table, sink, compression="zstd", compression_level=level, use_dictionary=few or False
    )
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
    encoded: Mapping[str, bytes] | None = None,
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
    encoded : mapping of str to bytes, optional
        As in `write_tables`.

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
            there.extend(r for r in same if is_whole(r))
            if there or report is None:
                return {}
            return report(Release(f"{now:%Y%m%d}-{content[:8]}", temporary, whole, dict(tables)))

        written = write_tables(temporary, tables, manifest, reused, beside, encoded)
        if there:
            name = there[0].id
        else:
            name = f"{now:%Y%m%d}-{written['content_sha256'][:8]}"
            final = settings.releases / name
            shutil.rmtree(final, ignore_errors=True)  # only ever a damaged one of this content
            temporary.chmod(0o755)  # mkdtemp lets only its owner in
            os.rename(temporary, final)
            flush_folder(settings.releases)
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
    flush_folder(settings.releases)
