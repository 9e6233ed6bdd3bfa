"""Fetching a publisher's file: from its address, from a mirror, or from the drop folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import urlsplit

from pipelines.base.errors import OutlookError, SourceFailed, Unavailable, UsageError
from pipelines.base.settings import Settings
from pipelines.sources.dataset import Dataset
from pipelines.sources.fetch import drop_folder, headers, http, progress, raw_files
from pipelines.sources.fetch.raw_files import Fetched
from pipelines.sources.fetch.responses import too_large
from pipelines.sources.fetch.session import Limits, Session
from pipelines.sources.files import archives, pages

#: BLS answers 403 unless the User-Agent carries a contact (its published policy).
CONTACT_HOSTS = ("www.bls.gov", "data.bls.gov", "download.bls.gov")
#: A mirror is the operator's own: one that does not answer is off, not busy.
_MIRROR = Limits(unanswered=2)
#: Twice the largest file. A larger answer waits on disk until it is whole.
_IN_MEMORY = 1 << 24


@contextmanager
def session() -> Iterator[Session]:
    """Connections for one run, with progress bars where standard error is a terminal."""
    with progress.bars() as watch, Session(watch) as opened:
        yield opened


def fetch(dataset: Dataset, settings: Settings, session: Session | None = None) -> Path:
    """The dataset's file, newly fetched or known to be unchanged; see `fetch_file`."""
    return fetch_file(dataset, settings, session).path


def fetch_file(
    dataset: Dataset,
    settings: Settings,
    session: Session | None = None,
    limits: Limits | None = None,
) -> Fetched:
    """Fetch a dataset's file, check it, and keep it by content.

    Parameters
    ----------
    dataset : Dataset
        Address, kind of file and size limit.
    settings : Settings
        Mirror, contact, and the folders of downloads and of hand-downloaded files.
    session : Session, optional
        Shared between datasets: connections stay open, and a host that does not answer is
        waited for once.
    limits : Limits, optional
        Time limits and attempts; a mirror that does not answer is given up sooner.

    Returns
    -------
    Fetched

    Raises
    ------
    UsageError
        BLS is asked without a contact e-mail; the mirror is not a directory or http(s) address.
    SourceFailed
        Not reachable or refused (then `Unavailable`), too large, or not the kind of file
        expected, and no file of this dataset in the drop folder. Nothing of it is left on disk.
    """
    try:
        limits = limits or (_MIRROR if settings.mirror else Limits())
        fetched = _from_origin(dataset, settings, session, limits)
    except (SourceFailed, UsageError) as error:
        fetched = _from_drop_folder(dataset, settings, error)
    raw_files.remember(dataset.id, settings, fetched)
    return fetched


def require(datasets: Iterable[Dataset], settings: Settings) -> None:
    """See that everything can be asked for, before the first byte is fetched.

    Raises
    ------
    UsageError
        As `fetch_file`: a contact is wanted and none is set, or the mirror is not there. A
        dataset whose file is in the drop folder wants neither.
    """
    user_agent(settings)
    folder: drop_folder.DropFolder | None = None
    for dataset in datasets:
        try:
            address_of(dataset.url, settings)
        except UsageError:
            folder = folder or drop_folder.look(settings)
            if not folder.files_of(dataset.id):
                raise
        except SourceFailed:
            continue  # a fault of one address; fetching it will say so


def known(dataset: Dataset, settings: Settings) -> Fetched | None:
    """The file fetched last for a dataset, if it is still there whole."""
    return raw_files.known(dataset.id, settings)


def clean(settings: Settings) -> None:
    """Remove what a killed process left half-written. Call it under the refresh lock."""
    raw_files.clean(settings)


def file_name(dataset: Dataset) -> str:
    """Last part of the address, percent signs decoded."""
    name = PurePosixPath(dataset.mirror_path).name
    if name in ("", ".", "..") or "/" in name or "\\" in name or "\0" in name:
        raise SourceFailed(dataset.url, "the address does not end in a file name", "Correct it")
    return name


def address_of(url: str, settings: Settings) -> str | Path:
    """Where an address is read from: itself, or its place in the mirror (a Path in a folder).

    Raises
    ------
    UsageError
        The mirror is not there; or a host wants a contact and none is set.
    SourceFailed
        The place leads out of the mirror.
    """
    mirror, parts = settings.mirror, urlsplit(url)
    todo = "Set it to the folder that holds host/path, or unset it"
    if mirror and "://" in mirror:
        base = urlsplit(mirror)
        if base.scheme not in ("http", "https") or not base.hostname:
            raise UsageError(f"OUTLOOK_MIRROR={headers.shown(mirror)}",
                             "not a directory or an http(s) address", todo)  # fmt: skip
        return f"{mirror.rstrip('/')}/{parts.netloc}{parts.path}"
    if mirror:
        if not Path(mirror).is_dir():
            raise UsageError(f"OUTLOOK_MIRROR={mirror}", "there is no such directory", todo)
        place = headers.host_and_path(url)
        # The address may not climb out; links are the mirror owner's own (`cp -rs`, git-annex).
        if ".." in PurePosixPath(place).parts:
            raise SourceFailed(url, f"its place leads out of the mirror {mirror}",
                               "Correct the address")  # fmt: skip
        return Path(mirror) / place
    if parts.hostname in CONTACT_HOSTS and not settings.contact:
        raise UsageError(
            url,
            f"{parts.hostname} refuses programs that do not name a contact",
            "Set OUTLOOK_CONTACT to your e-mail address (it is sent to the publishers only, so "
            f"that they can reach you), or download the file by hand into {settings.dropbox}/",
        )
    return url


def user_agent(settings: Settings) -> str:
    """Who asks: the program, its version, and the operator's contact e-mail.

    Raises
    ------
    UsageError
        OUTLOOK_CONTACT does not look like an e-mail address.
    """
    contact = settings.contact
    if contact and not headers.is_e_mail(contact):
        raise UsageError(
            "OUTLOOK_CONTACT",
            f"{pages.printable(contact, 60)!r} is not an e-mail address; publishers are told whom "
            "to write to when a program troubles them",
            "Set it to yours, as name@host.org",
        )
    agent = f"technician-outlook/{metadata.version('technician-outlook')}"
    return f"{agent} ({contact})" if contact else agent


# ------------------------------------------------------------------ where the bytes come from
def _from_origin(
    dataset: Dataset, settings: Settings, session: Session | None, limits: Limits
) -> Fetched:
    address = address_of(dataset.url, settings)
    if isinstance(address, Path):
        return _from_file(address, str(address), dataset, settings)
    if session is not None:
        return _from_server(address, dataset, settings, session, limits)
    with Session() as own:
        return _from_server(address, dataset, settings, own, limits)


def _from_server(
    address: str, dataset: Dataset, settings: Settings, session: Session, limits: Limits
) -> Fetched:
    before = known(dataset, settings)
    ask = {"User-Agent": user_agent(settings)}
    # An ETag means something only to the server that gave it.
    if before is not None and before.origin == headers.shown(address):
        told = {"If-None-Match": before.etag, "If-Modified-Since": before.last_modified}
        ask |= {name: value for name, value in told.items() if value}
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as body:
        try:
            answer = http.get(
                address, session, ask, body, max_bytes=dataset.max_bytes, limits=limits
            )  # fmt: skip
        except OSError as error:
            where = Path(tempfile.gettempdir())
            raise raw_files.cannot_write(where, file_name(dataset), error) from error
        if answer is None:
            assert before is not None  # "not modified" answers only a question about it
            return before
        body.seek(0)
        path, digest, size = _store(body, dataset, settings)
    etag, modified = (headers.plain(answer.get(name)) for name in ("ETag", "Last-Modified"))
    return Fetched(path, digest, size, headers.shown(address), _now(), etag, modified)


def _from_drop_folder(dataset: Dataset, settings: Settings, error: OutlookError) -> Fetched:
    """A file that the user downloaded by hand; else the error, with the way out in it."""
    found = drop_folder.look(settings)
    files = found.files_of(dataset.id)
    if not files:
        # A full disk here is not mended by a browser.
        full = error.where == str(settings.downloads)
        unused = " ".join(found.unused(dataset.id))
        if full or (isinstance(error, UsageError) and not unused):
            raise error
        todo = error.todo if isinstance(error, UsageError) else (
            f"{error.todo}. Or open {dataset.url} in a browser, save the file into "
            f"{settings.dropbox}/ (under any name) and run again"
        )  # fmt: skip
        todo = f"{todo}. {unused}".rstrip(". ")
        raise type(error)(error.where, error.problem, todo) from error
    if len(files) > 1:
        raise SourceFailed(
            error.where,
            f"{error.problem}; and the drop folder has different files for it: "
            + ", ".join(sorted(pages.printable(f.name) for f in files)),
            f"Leave only the right one in {settings.dropbox}/",
        ) from error
    name = pages.printable(files[0].name)
    try:
        return _from_file(files[0], f"drop folder: {name}", dataset, settings)
    except SourceFailed as second:
        raise SourceFailed(
            error.where, f"{error.problem}; and the file in the drop folder, {name}: "
            f"{second.problem}", f"Save {dataset.url} into {settings.dropbox}/ again",
        ) from second  # fmt: skip


def _from_file(file: Path, origin: str, dataset: Dataset, settings: Settings) -> Fetched:
    try:
        size = file.stat().st_size
        if not file.is_file():
            raise SourceFailed(dataset.url, f"{file} is not a file", archives.ADVICE)
        if size > dataset.max_bytes:
            raise too_large(dataset.url, size, dataset.max_bytes)
        digest = raw_files.digest(file)
        kept = settings.downloads / digest / file_name(dataset)
        if not (
            kept.is_file() and kept.stat().st_size == size and raw_files.digest(kept) == digest
        ):
            with file.open("rb") as stream:
                kept, digest, size = _store(stream, dataset, settings)
    except OSError as error:
        absent = isinstance(error, FileNotFoundError)
        todo = "Put the file there" if absent else "Check its permissions"
        kind = Unavailable if absent else SourceFailed
        raise kind(dataset.url, f"cannot read {file} ({error.strerror})", todo) from error
    return Fetched(kept, digest, size, origin, _now())


# ------------------------------------------------------------------ keeping and checking
def _store(stream: IO[bytes], dataset: Dataset, settings: Settings) -> tuple[Path, str, int]:
    """Write to a temporary file, check, and move to the final name; path, digest, size."""
    part = None
    try:
        settings.downloads.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".part-", dir=settings.downloads)
        part = Path(name)
        with os.fdopen(handle, "wb") as out:
            shutil.copyfileobj(stream, out)
            out.flush()
            os.fsync(out.fileno())
        check(part, dataset)
        return raw_files.keep(part, file_name(dataset), settings)
    except OSError as error:
        raise raw_files.cannot_write(settings.downloads, file_name(dataset), error) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def check(path: Path, dataset: Dataset) -> None:
    """Whether a file is of the kind the catalog says; SourceFailed says what it is instead.

    Every byte is read: a file may begin and end well and be damaged between, and once it was
    kept, a server that answers "not modified" would leave it so.
    """
    with path.open("rb") as file:
        head = file.read(16_384)
    name = file_name(dataset)
    if not head.strip():
        raise SourceFailed(dataset.url, f"{name} is empty", archives.ADVICE)
    if pages.is_html(head):
        raise SourceFailed(
            dataset.url,
            f"an HTML page (a block or error page) came in place of {name}: "
            f"{pages.described(head)}",
            "Set OUTLOOK_CONTACT to your e-mail if it is not set",
        )
    where = f"{dataset.url} ({name})"
    if dataset.media in ("zip", "xlsx"):
        with archives.open_zip(path, where) as archive:
            if dataset.media == "xlsx" and archives.find(archive, "[Content_Types].xml") is None:
                raise SourceFailed(where, "it is a zip archive, not a workbook", archives.ADVICE)
            archives.check_content(archive, where)
    elif head.startswith(b"PK\x03\x04") or b"\0" in path.read_bytes():
        raise SourceFailed(dataset.url, f"{name} is not plain text", archives.ADVICE)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
