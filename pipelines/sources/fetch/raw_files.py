"""Raw files on disk: kept by content, and what is known of them.

``downloads/<sha256>/<name>`` is never changed once it is there, so an old release's inputs stay
beside the new ones. ``downloads/index.json`` remembers which file a dataset has and what the
server said of it. One process at a time writes here: a refresh holds the lock.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.base.errors import SourceFailed
from pipelines.base.files import write_whole
from pipelines.base.settings import Settings

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Fetched:
    """A file on disk and its origin: an address, a path, or the drop folder."""

    path: Path
    sha256: str
    bytes: int
    origin: str
    fetched_utc: str
    etag: str = ""
    last_modified: str = ""


def keep(part: Path, name: str, settings: Settings) -> tuple[Path, str, int]:
    """Move a checked file to its place by content; path, digest, size.

    Raises
    ------
    OSError
        The disk refuses.
    """
    sha256, size = digest(part), part.stat().st_size
    final = settings.downloads / sha256 / name
    final.parent.mkdir(exist_ok=True)
    os.replace(part, final)
    return final, sha256, size


def of_digest(sha256: str, settings: Settings) -> Path | None:
    """The kept file with this content, if it is still there whole."""
    files = sorted((settings.downloads / sha256).glob("*"))
    return next((path for path in files if digest(path) == sha256), None)


def known(dataset_id: str, settings: Settings) -> Fetched | None:
    """The file fetched last for a dataset, if it is still there whole."""
    entry = read_index(settings).get(dataset_id) or {}
    try:
        fetched = Fetched(**{**entry, "path": settings.downloads / entry["path"]})
        whole = fetched.path.stat().st_size == fetched.bytes
        return fetched if whole and digest(fetched.path) == fetched.sha256 else None
    except (TypeError, KeyError, OSError):
        return None


def remember(dataset_id: str, settings: Settings, fetched: Fetched) -> None:
    """Enter a file in the index; where nothing is new no byte is written."""
    index = read_index(settings)
    entry = {**asdict(fetched), "path": str(fetched.path.relative_to(settings.downloads))}
    old = index.get(dataset_id)
    old = old if isinstance(old, dict) else {}
    if all(old.get(k) == v for k, v in entry.items() if k != "fetched_utc"):
        return
    index[dataset_id] = entry
    write_json(settings.downloads / "index.json", index)


def read_index(settings: Settings) -> dict:
    """Entries by dataset id; {} where there is no index or it is damaged."""
    try:
        index = json.loads((settings.downloads / "index.json").read_text("utf-8"))
        return index if isinstance(index, dict) else {}
    except (OSError, ValueError):
        return {}  # only a memory of what was fetched: without it, files are fetched again


def write_json(path: Path, value: object) -> None:
    """Write a small record in one rename; SourceFailed where the disk refuses."""
    try:
        write_whole(path, json.dumps(value, indent=1, sort_keys=True).encode())
    except OSError as error:
        raise cannot_write(path.parent, path.name, error) from error


def clean(settings: Settings) -> None:
    """Remove what a killed process left. Call it under the refresh lock."""
    for kind in (".part-*", ".*.tmp"):
        for part in settings.downloads.glob(kind):
            part.unlink(missing_ok=True)
    # Versions up to 2026 kept halves there, to go on from.
    shutil.rmtree(settings.downloads / ".partial", ignore_errors=True)
    for folder in settings.downloads.glob("*"):
        if _DIGEST.fullmatch(folder.name) and folder.is_dir():
            with contextlib.suppress(OSError):
                folder.rmdir()  # killed before the file came: rmdir takes empty folders only


def prune(settings: Settings, keep: Collection[str]) -> int:
    """Remove raw files that no dataset has now and whose digest is not among ``keep``; bytes freed.

    Call it under the refresh lock, with the digests of every release that is kept.
    """
    used = {e.get("sha256") for e in read_index(settings).values() if isinstance(e, dict)}
    freed = 0
    for folder in settings.downloads.glob("*"):
        if _DIGEST.fullmatch(folder.name) and folder.name not in used | set(keep):
            for file in folder.iterdir():
                freed += file.stat().st_size
                file.unlink()
            folder.rmdir()
    return freed


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cannot_write(where: Path, name: str, error: OSError) -> SourceFailed:
    """The error of a disk that refuses."""
    return SourceFailed(
        str(where), f"cannot write {name} ({error.strerror})",
        "Free space or correct the permissions",
    )  # fmt: skip
