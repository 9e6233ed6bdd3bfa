"""A release: contracted tables as parquet and a manifest; what is published and how it is read.

``releases/<id>/`` is never changed once it has its name; ``releases/current`` is a link that is
swapped in one step, so a reader sees the old release or the new one, whole. ``releases/previous``
leads to what was current before: readers may have it open. Writing: `publish`; what is removed
when: `retention`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.base.errors import SourceFailed, UsageError
from pipelines.base.settings import Settings

MANIFEST = "manifest.json"


_ID = re.compile(r"\d{8}-[0-9a-f]{8}")


_ADVICE = "Run `outlook rollback` to a whole release (`outlook releases`) or `outlook refresh`"


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

    @property
    def is_snapshot(self) -> bool:
        """Whether this is the embedded snapshot."""
        return self.manifest.get("kind") == "snapshot"

    def has(self, name: str) -> bool:
        """Whether the release holds this table."""
        return name in self.manifest["tables"]

    def editions(self, family: str) -> list[str]:
        """Ids of the editions of a family that it is made from, oldest first.

        ``oews_nat`` gives ``oews_nat_2015`` and so on: whatever years a release holds.
        """
        sources = self.manifest["sources"]
        found = [name for name, entry in sources.items() if entry.get("family") == family]
        return sorted(found, key=lambda name: (sources[name]["date"], name))

    def release_of(self, source: str) -> str:
        """The release of a dataset, or those of a family, newest first; "" of a stranger."""
        sources = self.manifest["sources"]
        names = [source] if source in sources else reversed(self.editions(source))
        return ", ".join(sources[name]["release"] for name in names)

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
        # By this thread alone: where a thread of Arrow's is just starting as the program ends, it
        # aborts it ("terminate called"; seen in 3 of 40 short commands).
        with pq.ParquetFile(pa.BufferReader(data), pre_buffer=False) as file:
            return file.read(use_threads=False).to_pandas(use_threads=False)

    def verified(self, name: str) -> bytes:
        """The bytes of a table's file; SourceFailed where they are not those published."""
        file = self.path / f"{name}.parquet"
        try:
            data = file.read_bytes()
        except OSError as error:
            raise SourceFailed(str(file), f"cannot be read ({error.strerror})", _ADVICE) from error
        if hashlib.sha256(data).hexdigest() != self.manifest["tables"][name]["sha256"]:
            raise SourceFailed(str(file), "is damaged: not the bytes that were published", _ADVICE)
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
        raise SourceFailed(str(path), f"no release here ({error.strerror})", _ADVICE) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceFailed(str(path / MANIFEST), f"is damaged ({error})", _ADVICE) from error
    return Release(manifest.get("id", path.name), path, manifest)


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
    return next((r for r in releases(settings) if is_whole(r)), None)


def is_whole(release: Release) -> bool:
    """Whether every file is as published."""
    try:
        release.verify()
    except SourceFailed:
        return False
    return True
