"""Opening workbooks that came from the network: limits first, then the sheets."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from pipelines.base.errors import SourceFailed
from pipelines.sources.files import archives

#: A sheet is laid out in memory up to its last row and column, whatever lies between: one cell in
#: the far corner would ask for a terabyte, and the process dies where no error can be caught. The
#: largest sheet here has 37,409 rows and 32 columns.
MAX_ROWS = 199_999
_MAX_COLUMN = "BZ"
_BEYOND = re.compile(
    rb"""(?<![\w:])r\s*=\s*["'](?:[A-Za-z]*(?:\d{7,}|[2-9]\d{5})|[A-Za-z]{3,}|[C-Zc-z][A-Za-z])"""
)
_CHUNK = 1 << 24
#: Longer than what the pattern needs to match.
_OVERLAP = 200


def open_book(source: Path | bytes, where: str) -> CalamineWorkbook:
    """Open an XLSX workbook within the limits of `archives.open_zip` and those above.

    Parameters
    ----------
    source : Path or bytes
        The workbook, on disk or in memory.
    where : str
        File named in errors.

    Raises
    ------
    SourceFailed
        It is not a workbook, is damaged, or is over the limits.
    """
    with archives.open_zip(source, where) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                _check_extent(archive, member, where)
    try:
        if isinstance(source, Path):
            return CalamineWorkbook.from_path(str(source))
        return CalamineWorkbook.from_filelike(io.BytesIO(source))
    except (CalamineError, OSError) as error:
        raise damaged(where, error) from error


def damaged(where: str, error: Exception) -> SourceFailed:
    """The error for a workbook that calamine cannot read."""
    return SourceFailed(where, f"the workbook cannot be read ({str(error)[:200]})", archives.ADVICE)


def _check_extent(archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str) -> None:
    tail = b""
    for chunk in archives.chunks(archive, member, where, _CHUNK):
        if found := _BEYOND.search(tail + chunk):
            place = found[0].decode("ascii")[-12:]
            raise SourceFailed(
                where,
                f"the workbook has a cell beyond row {MAX_ROWS:,} or column {_MAX_COLUMN} "
                f"({member.filename[-60:]}: {place})",
                "See what the publisher changed; a larger sheet needs a larger limit in books.py",
            )
        tail = chunk[-_OVERLAP:]
