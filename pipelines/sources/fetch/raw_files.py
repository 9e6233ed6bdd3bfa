"""Raw files on disk: kept by content, what is known of them, and downloads not yet finished.

``downloads/<sha256>/<name>`` is never changed once it is there, so an old release's inputs stay
beside the new ones. ``downloads/index.json`` remembers which file a dataset has and what the
server said of it. ``downloads/.partial/`` holds what a later request can continue. One process
at a time writes here: a refresh holds the lock.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import time
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from pipelines.base.errors import SourceFailed
from pipelines.base.settings import Settings
from pipelines.sources.fetch import headers as _headers

#: A download that nobody has continued for a week is begun anew.
STALE_SECONDS = 7 * 24 * 3600
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


class Partial:
    """An unfinished download: its bytes, and what the server said of them.

    Parameters
    ----------
    settings : Settings
        Where downloads are kept.
    address : str
        What is being fetched. Bytes of another address are never continued.
    """

    def __init__(self, settings: Settings, address: str) -> None:
        name = hashlib.sha256(address.encode()).hexdigest()[:32]
        self.path = settings.downloads / ".partial" / name
        self._about = self.path.with_suffix(".json")
        self._downloads = settings.downloads
        self._address = _headers.shown(address)
        self._file: IO[bytes] | None = None
        self._saved = self._read()
        #: Whether bytes of more than one answer are in it.
        self.continued = False

    @property
    def offset(self) -> int:
        """Bytes that a request can continue; 0 where it must begin anew."""
        if not self._saved.get("validator"):
            return 0
        try:
            about = self.path.stat()
        except OSError:
            return 0
        return 0 if _stale(about.st_mtime) else about.st_size

    @property
    def validator(self) -> str:
        """What says that the server's file is the same still (for If-Range)."""
        return self._saved.get("validator", "")

    @property
    def total(self) -> int | None:
        """Length of the whole file, where the server said it."""
        return self._saved.get("total")

    def begin(self, told: Mapping[str, str], total: int | None) -> None:
        """Start with no bytes; ``told`` are the headers of the answer that brings them."""
        self.discard()
        encoded = "Content-Encoding" in told  # a range would count encoded bytes
        self._saved = {
            "address": self._address,
            "validator": "" if encoded else _headers.validator(told),
            "total": None if encoded else total,
        }
        with self._writing():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._about.write_text(json.dumps(self._saved), "utf-8")
            self._file = self.path.open("wb")

    def resume(self) -> None:
        """Go on after the bytes that are there."""
        with self._writing():
            self._file = self.path.open("ab")
        self.continued = True

    def write(self, chunk: bytes) -> None:
        """Add bytes; SourceFailed where the disk refuses."""
        assert self._file is not None
        with self._writing():
            self._file.write(chunk)

    def close(self) -> None:
        """Stop writing; the bytes stay."""
        file, self._file = self._file, None
        if file is not None:
            with self._writing(), file:
                file.flush()
                os.fsync(file.fileno())

    def discard(self) -> None:
        """Forget the bytes."""
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                file.close()
        self._saved, self.continued = {}, False
        for path in (self.path, self._about):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def _read(self) -> dict:
        try:
            saved = json.loads(self._about.read_text("utf-8"))
            if isinstance(saved, dict) and saved.get("address") == self._address:
                total, valid = saved.get("total"), saved.get("validator")
                if isinstance(valid, str) and (total is None or type(total) is int):
                    return saved
        except (OSError, ValueError):
            pass
        return {}

    @contextlib.contextmanager
    def _writing(self):
        try:
            yield
        except OSError as error:
            self.discard()  # a full disk is not helped by half a file
            raise cannot_write(self._downloads, self.path.name, error) from error


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
    part = path.with_name(f".part-{path.stem}-{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(value, indent=1, sort_keys=True), "utf-8")
        os.replace(part, path)
    except OSError as error:
        raise cannot_write(path.parent, path.name, error) from error
    finally:
        part.unlink(missing_ok=True)


def clean(settings: Settings) -> None:
    """Remove what a killed process left and what is too old to continue.

    Call it under the refresh lock.
    """
    for part in settings.downloads.glob(".part-*"):
        part.unlink(missing_ok=True)
    partial = settings.downloads / ".partial"
    for file in partial.glob("*"):
        body = file.with_suffix("")
        if not body.is_file() or _stale(body.stat().st_mtime):
            file.unlink(missing_ok=True)
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


def _stale(mtime: float) -> bool:
    """Old, or of a future that only a clock moved back can make."""
    age = time.time() - mtime
    return age > STALE_SECONDS or age < -STALE_SECONDS
