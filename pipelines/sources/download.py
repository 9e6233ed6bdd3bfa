"""Fetching a publisher's file: from its address, from a mirror, or from the drop folder.

Files are kept by content, ``downloads/<sha256>/<name>``, so an old release's inputs stay beside
the new ones; ``downloads/index.json`` remembers which file a dataset has and what the server said
of it (ETag, Last-Modified).
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import requests

from pipelines.errors import OutlookError, SourceFailed, UsageError
from pipelines.settings import Settings
from pipelines.sources import archives, http
from pipelines.sources.catalog import Dataset
from pipelines.sources.http import Limits

#: BLS answers 403 unless the User-Agent carries a contact (its published policy).
CONTACT_HOSTS = ("www.bls.gov", "data.bls.gov", "download.bls.gov")
_CHUNK = 1 << 16


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


def fetch(dataset: Dataset, settings: Settings, session: requests.Session | None = None) -> Path:
    """The dataset's file, newly fetched or known to be unchanged; see `fetch_file`."""
    return fetch_file(dataset, settings, session).path


def fetch_file(
    dataset: Dataset,
    settings: Settings,
    session: requests.Session | None = None,
    limits: Limits | None = None,
) -> Fetched:
    """Fetch a dataset's file, check it, and keep it by content.

    Parameters
    ----------
    dataset : Dataset
        Address, kind of file and size limit.
    settings : Settings
        Mirror, contact, and the folders of downloads and of hand-downloaded files.
    session : requests.Session, optional
        Reused between datasets to keep connections open.
    limits : Limits, optional
        Time limits and attempts.

    Returns
    -------
    Fetched

    Raises
    ------
    UsageError
        BLS is asked without a contact e-mail; the mirror is not a directory or http(s) address.
    SourceFailed
        Not reachable, refused, too large, or not the kind of file expected, and no good file of
        that name in the drop folder. Nothing is left under a final name.
    """
    try:
        fetched = _from_origin(dataset, settings, session, limits or Limits())
    except (SourceFailed, UsageError) as error:
        fetched = _from_drop_folder(dataset, settings, error)
    _remember(dataset, settings, fetched)
    return fetched


def known(dataset: Dataset, settings: Settings) -> Fetched | None:
    """The file fetched last for a dataset, if it is still there whole."""
    entry = _read_index(settings).get(dataset.id) or {}
    try:
        fetched = Fetched(**{**entry, "path": settings.downloads / entry["path"]})
        whole = fetched.path.stat().st_size == fetched.bytes
        return fetched if whole and _digest(fetched.path) == fetched.sha256 else None
    except (TypeError, KeyError, OSError):
        return None


def clean(settings: Settings) -> None:
    """Remove what a killed process left half-written. Call it under the refresh lock."""
    for part in settings.downloads.glob(".part-*"):
        part.unlink(missing_ok=True)


def file_name(dataset: Dataset) -> str:
    """Last part of the address, percent signs decoded; the name that the drop folder expects."""
    name = PurePosixPath(dataset.mirror_path).name
    if name in ("", ".", "..") or "/" in name or "\\" in name or "\0" in name:
        raise SourceFailed(dataset.url, "the address does not end in a file name", "Correct it")
    return name


# ------------------------------------------------------------------ where the bytes come from
def _from_origin(
    dataset: Dataset, settings: Settings, session: requests.Session | None, limits: Limits
) -> Fetched:
    mirror = settings.mirror
    parts = urlsplit(dataset.url)
    if mirror and "://" in mirror:
        if urlsplit(mirror).scheme not in ("http", "https"):
            raise UsageError(f"OUTLOOK_MIRROR={mirror}", "not a directory or an http(s) address",
                             "Set it to the folder that holds host/path, or unset it")  # fmt: skip
        address = f"{mirror.rstrip('/')}/{parts.netloc}{parts.path}"
    elif mirror:
        return _from_directory(dataset, settings, Path(mirror))
    else:
        address = dataset.url
        if parts.hostname in CONTACT_HOSTS and not settings.contact:
            raise UsageError(
                dataset.url,
                f"{parts.hostname} refuses programs that do not name a contact",
                "Set OUTLOOK_CONTACT to your e-mail address (it is sent to the publisher only), "
                f"or download the file by hand into {settings.dropbox}/",
            )
    if session is not None:
        return _from_server(address, dataset, settings, session, limits)
    with requests.Session() as own:
        return _from_server(address, dataset, settings, own, limits)


def _from_directory(dataset: Dataset, settings: Settings, mirror: Path) -> Fetched:
    if not mirror.is_dir():
        raise UsageError(f"OUTLOOK_MIRROR={mirror}", "there is no such directory",
                         "Set it to the folder that holds host/path, or unset it")  # fmt: skip
    # The address may not climb out; links are the mirror owner's own (`cp -rs`, git-annex).
    if ".." in PurePosixPath(dataset.mirror_path).parts:
        raise SourceFailed(dataset.url, f"its place leads out of the mirror {mirror}",
                           "Correct the address")  # fmt: skip
    file = mirror / dataset.mirror_path
    return _from_file(file, str(file), dataset, settings)


def _from_drop_folder(dataset: Dataset, settings: Settings, error: OutlookError) -> Fetched:
    """A file that the user downloaded by hand; else the error, with the way out in it."""
    file = settings.dropbox / file_name(dataset)
    if not file.is_file():
        # A full disk here is not mended by a browser.
        if isinstance(error, UsageError) or error.where == str(settings.downloads):
            raise error
        raise SourceFailed(
            error.where, error.problem,
            f"{error.todo}. Or open {dataset.url} in a browser, save {file.name} into "
            f"{settings.dropbox}/ and run again",
        ) from error  # fmt: skip
    try:
        return _from_file(file, f"drop folder: {file.name}", dataset, settings)
    except SourceFailed as second:
        raise SourceFailed(
            error.where, f"{error.problem}; and the file in the drop folder: {second.problem}",
            f"Save {dataset.url} as {file} again",
        ) from second  # fmt: skip


def _from_file(file: Path, origin: str, dataset: Dataset, settings: Settings) -> Fetched:
    try:
        size = file.stat().st_size
        if not file.is_file():
            raise SourceFailed(dataset.url, f"{file} is not a file", archives.TODO)
        if size > dataset.max_bytes:
            raise http.too_large(dataset.url, size, dataset.max_bytes)
        digest = _digest(file)
        kept = settings.downloads / digest / file_name(dataset)
        if not (kept.is_file() and kept.stat().st_size == size and _digest(kept) == digest):
            with file.open("rb") as stream:
                chunks = iter(lambda: stream.read(_CHUNK), b"")
                kept, digest, size = _store(chunks, dataset, settings)
    except OSError as error:
        absent = isinstance(error, FileNotFoundError)
        todo = "Put the file there" if absent else "Check its permissions"
        raise SourceFailed(
            dataset.url, f"cannot read {file} ({error.strerror})", todo
        ) from error  # fmt: skip
    return Fetched(kept, digest, size, origin, _now())


def _from_server(
    address: str, dataset: Dataset, settings: Settings, session: requests.Session, limits: Limits
) -> Fetched:
    before = known(dataset, settings)
    headers = {"User-Agent": user_agent(settings)}
    # An ETag means something only to the server that gave it.
    if before is not None and before.origin == address:
        if before.etag:
            headers["If-None-Match"] = before.etag
        if before.last_modified:
            headers["If-Modified-Since"] = before.last_modified
    answer = http.get(
        address, session, headers, lambda chunks: _store(chunks, dataset, settings),
        max_bytes=dataset.max_bytes, limits=limits,
    )  # fmt: skip
    if answer is None:
        assert before is not None  # "not modified" answers only a question about it
        return before
    (path, digest, size), told = answer
    etag, modified = told.get("ETag", ""), told.get("Last-Modified", "")
    return Fetched(path, digest, size, address, _now(), etag, modified)


# ------------------------------------------------------------------ keeping and checking
def _store(chunks: Iterator[bytes], dataset: Dataset, settings: Settings) -> tuple[Path, str, int]:
    """Write to a temporary file, check, and move to the final name; path, digest, size."""
    digest, size, part = hashlib.sha256(), 0, None
    try:
        settings.downloads.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".part-", dir=settings.downloads)
        part = Path(name)
        with os.fdopen(handle, "wb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > dataset.max_bytes:
                    raise http.too_large(dataset.url, size, dataset.max_bytes)
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        check(part, dataset)
        final = settings.downloads / digest.hexdigest() / file_name(dataset)
        final.parent.mkdir(exist_ok=True)
        os.replace(part, final)
        return final, digest.hexdigest(), size
    except OSError as error:
        raise SourceFailed(
            str(settings.downloads), f"cannot write {file_name(dataset)} ({error.strerror})",
            "Free space or correct the permissions",
        ) from error  # fmt: skip
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def check(path: Path, dataset: Dataset) -> None:
    """Whether a file is of the kind the catalogue says; SourceFailed says what it is instead."""
    with path.open("rb") as file:
        head = file.read(4096)
    name = file_name(dataset)
    if not head.strip():
        raise SourceFailed(dataset.url, f"{name} is empty", archives.TODO)
    if archives.is_html(head):
        raise SourceFailed(
            dataset.url, f"an HTML page (a block or error page) came in place of {name}",
            "Set OUTLOOK_CONTACT to your e-mail",
        )  # fmt: skip
    if dataset.media in ("zip", "xlsx"):
        archives.open_zip(path, f"{dataset.url} ({name})").close()
    elif head.startswith(b"PK\x03\x04") or b"\0" in head:
        raise SourceFailed(dataset.url, f"{name} is not plain text", archives.TODO)


def user_agent(settings: Settings) -> str:
    """Who asks: the program, its version, and the operator's contact e-mail."""
    contact = settings.contact
    if contact and ("@" not in contact or not contact.isprintable() or not contact.isascii()):
        raise UsageError("OUTLOOK_CONTACT", "not an e-mail address", "Set it to yours")
    agent = f"technician-outlook/{metadata.version('technician-outlook')}"
    return f"{agent} ({contact})" if contact else agent


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _read_index(settings: Settings) -> dict:
    try:
        index = json.loads((settings.downloads / "index.json").read_text("utf-8"))
        return index if isinstance(index, dict) else {}
    except (OSError, ValueError):
        return {}  # only a memory of what was fetched: without it, files are fetched again


def _remember(dataset: Dataset, settings: Settings, fetched: Fetched) -> None:
    index = _read_index(settings)
    entry = {**asdict(fetched), "path": str(fetched.path.relative_to(settings.downloads))}
    old = index.get(dataset.id) or {}
    same = [k for k in entry if k != "fetched_utc"]
    if all(old.get(k) == entry[k] for k in same):
        return  # nothing new: no byte is written
    index[dataset.id] = entry
    text = json.dumps(index, indent=1, sort_keys=True)
    part = settings.downloads / f".part-index-{os.getpid()}"
    try:
        part.write_text(text, "utf-8")
        os.replace(part, settings.downloads / "index.json")
    except OSError as error:
        raise SourceFailed(str(settings.downloads), f"cannot write index.json ({error.strerror})",
                           "Free space or correct the permissions") from error  # fmt: skip
