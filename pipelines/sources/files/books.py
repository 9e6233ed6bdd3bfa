"""Opening workbooks that came from the network: limits first, then the sheets."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from pipelines.base.errors import ShapeChanged, SourceFailed
from pipelines.sources.files import archives

#: A sheet is laid out in memory up to its last row and column, whatever lies between: one cell in
#: the far corner would ask for a terabyte, and the process dies where no error can be caught. The
#: largest sheet here has 150,024 rows and 32 columns.
MAX_ROWS = 199_999
_MAX_COLUMN = "BZ"
_BEYOND = re.compile(
    rb"""r(?<![\w:]r)\s*=\s*["'](?:[A-Za-z]*(?:\d{7,}|[2-9]\d{5})|[A-Za-z]{3,}|[C-Zc-z][A-Za-z])"""
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
    check(source, where)
    try:
        if isinstance(source, Path):
            return CalamineWorkbook.from_path(str(source))
        return CalamineWorkbook.from_filelike(io.BytesIO(source))
    except (CalamineError, OSError) as error:
        raise damaged(where, error) from error


def read_columns(data: bytes, pattern: str, where: str) -> pa.Table:
    """The sheet whose name matches, every cell as text (null where empty), header included.

    For workbooks of many rows: the cells never become Python objects.

    Raises
    ------
    SourceFailed
        As `open_book`.
    ShapeChanged
        No sheet of that name.
    """
    import fastexcel

    check(data, where)
    try:
        book = fastexcel.read_excel(data)
        sheet = next((name for name in book.sheet_names if re.fullmatch(pattern, name)), None)
        if sheet is None:
            raise ShapeChanged(
                where,
                f"no sheet {pattern}; the workbook has {book.sheet_names}",
                "See what the publisher changed; the last good release stays as it is",
            )
        return pa.table(book.load_sheet(sheet, header_row=None, dtypes="string").to_arrow())
    except fastexcel.FastExcelError as error:
        raise damaged(where, error) from error


def check(source: Path | bytes, where: str) -> None:
    """Hold a workbook against the limits; SourceFailed where it is over one."""
    with archives.open_zip(source, where) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                _check_extent(archive, member, where)


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
