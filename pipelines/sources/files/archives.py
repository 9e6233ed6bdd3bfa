"""Opening zip archives that came from the network: limits first, then the members asked for."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from pipelines.base.errors import ShapeChanged, SourceFailed
from pipelines.sources.files import pages
from pipelines.sources.files.pages import is_html

#: O*NET has about 40 files, a workbook about 30 parts.
MAX_MEMBERS = 2_000
#: The largest known archive (O*NET 29.3) unpacks to 30 MB; the states' workbook to about 60 MB.
MAX_UNPACKED = 1_000_000_000
#: Plain sheets pack up to about 60 to 1; only members over a megabyte are held against it.
MAX_RATIO = 300
RATIO_FROM = 1_000_000

#: What zipfile raises on damaged members.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,  # offsets and names that cannot be
    struct.error,
)

ADVICE = "Fetch it again; if it stays so, open the address in a browser and see what it serves"


def open_zip(source: Path | bytes, where: str) -> zipfile.ZipFile:
    """Open a zip (or an XLSX workbook, which is one) after checking that it is safe.

    Parameters
    ----------
    source : Path or bytes
        The archive, on disk or in memory.
    where : str
        File or address named in errors.

    Returns
    -------
    ZipFile
        The caller closes it.

    Raises
    ------
    SourceFailed
        The file is missing, empty, an HTML page, truncated, encrypted, has a member that
        leads out of its folder, or unpacks to more than the limits above.
    """
    if isinstance(source, Path):
        if not source.is_file():
            raise SourceFailed(where, f"there is no file {source}", "Run `outlook refresh`")
        with source.open("rb") as file:
            head = file.read(16_384)
    else:
        head = source[:16_384]
    if not head.strip():
        raise SourceFailed(where, "the file is empty, expected a zip archive", ADVICE)
    if is_html(head):
        raise SourceFailed(
            where,
            f"the file is {pages.described(head)}, expected a zip archive",
            "The server refused or moved it: set OUTLOOK_CONTACT to your e-mail, or download it "
            "by hand into the drop folder (docs/OPERATIONS.md)",
        )
    if head[:4] != b"PK\x03\x04":
        raise SourceFailed(where, "the file does not begin like a zip archive", ADVICE)
    try:
        archive = zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source))
    except _DAMAGED as error:
        raise SourceFailed(
            where, f"the zip archive is truncated or damaged ({error})", ADVICE
        ) from error
    try:
        _check_members(archive.infolist(), where)
    except SourceFailed:
        archive.close()
        raise
    return archive


def _check_members(members: list[zipfile.ZipInfo], where: str) -> None:
    if len(members) > MAX_MEMBERS:
        raise SourceFailed(
            where, f"the zip holds {len(members)} files, at most {MAX_MEMBERS} are expected", ADVICE
        )
    total = sum(member.file_size for member in members)
    if total > MAX_UNPACKED:
        raise SourceFailed(
            where,
            f"the zip unpacks to {total:,} bytes, at most {MAX_UNPACKED:,} are expected",
            ADVICE,
        )
    twice = [name for name, n in Counter(m.filename for m in members).items() if n > 1]
    if twice:
        raise SourceFailed(
            where, f"the zip has {pages.printable(twice[0])} twice: which is meant?", ADVICE
        )
    for member in members:
        name = pages.printable(member.filename)
        # zipfile reads the sizes from the central directory and never returns more than they say.
        if member.file_size > RATIO_FROM and member.file_size > MAX_RATIO * member.compress_size:
            raise SourceFailed(
                where,
                f"{name} unpacks to more than {MAX_RATIO} times its packed "
                "size, as a zip bomb does",
                ADVICE,
            )
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in (path.parts or ("",))[0]:
            raise SourceFailed(
                where, f"the zip has a member that leads out of its folder: {name}", ADVICE
            )
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise SourceFailed(
                where, f"{name} in the zip is a link or a device, not a file", ADVICE
            )
        if member.flag_bits & 1:
            raise SourceFailed(where, f"{name} is encrypted", ADVICE)


def check_content(archive: zipfile.ZipFile, where: str) -> None:
    """Read every member against its checksum; SourceFailed names the first that is damaged."""
    for member in archive.infolist():
        for _ in chunks(archive, member, where):
            pass


def chunks(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str, size: int = 1 << 20
) -> Iterator[bytes]:
    """Bytes of a member in pieces; SourceFailed where it is damaged."""
    try:
        with archive.open(member) as stream:
            while chunk := stream.read(size):
                yield chunk
    except _DAMAGED as error:
        raise _damaged(where, member.filename, error) from error


def find(archive: zipfile.ZipFile, *names: str) -> str | None:
    """Path in the archive of the first of these file names that it has, in any folder.

    The folder carries the release (``db_29_3_text/``), so only the last part is compared.
    """
    known = {PurePosixPath(n).name: n for n in archive.namelist() if not n.endswith("/")}
    return next((known[name] for name in names if name in known), None)


def read_member(archive: zipfile.ZipFile, name: str, where: str) -> bytes:
    """Bytes of a member, by file name in any folder.

    Raises
    ------
    ShapeChanged
        The archive is whole but has no such file.
    SourceFailed
        The member is damaged.
    """
    path = find(archive, name)
    if path is None:
        found = sorted(PurePosixPath(n).name for n in archive.namelist())[:40]
        raise ShapeChanged(
            where,
            f"the zip has no file {name}; it has {found}",
            "The publisher may have renamed it; see docs/DATA.md",
        )
    try:
        return archive.read(path)
    except _DAMAGED as error:
        raise _damaged(where, name, error) from error


def _damaged(where: str, name: str, error: Exception) -> SourceFailed:
    return SourceFailed(
        where, f"{pages.printable(name)} in the zip is truncated or damaged ({error})", ADVICE
    )
