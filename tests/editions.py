"""Editions to come, made of the ones that are there, and the pages that announce them.

Each maker takes the bytes of a file, real or made, and gives those of the next edition.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import openpyxl
from netserver import Answer

#: Basic skills, which stand for the essential ones; cross-functional ones are transferable.
_ESSENTIAL = "2.A."
ONET_PAGE = "https://www.onetcenter.org/database.html"
OEWS_PAGE = "https://www.bls.gov/oes/tables.htm"


def _rewritten(data: bytes, change: Callable[[str, bytes], dict[str, bytes]]) -> bytes:
    """The zip with each member in the place of which others stand, or none."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            for other, inside in change(name, old.read(name)).items():
                new.writestr(zipfile.ZipInfo(other), inside, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def next_oews(data: bytes, year: int, growth: float = 1.0) -> bytes:
    """An OEWS zip as that of another May.

    Parameters
    ----------
    data : bytes
        ``oesm{yy}nat.zip`` or ``oesm{yy}st.zip``, real or made.
    year : int
        The new year: in the names of folder, workbook and sheet.
    growth : float
        What every employment that is a number is multiplied by.
    """

    def renamed(name: str) -> str:
        name = re.sub(r"oesm\d\d", f"oesm{year % 100:02}", name)
        return re.sub(r"_M20\d\d_", f"_M{year}_", name)

    def change(name: str, inside: bytes) -> dict[str, bytes]:
        if name.endswith(".xlsx"):
            inside = _book(inside, renamed, growth)
        return {renamed(name): inside}

    return _rewritten(data, change)


def _book(data: bytes, renamed: Callable[[str], str], growth: float) -> bytes:
    old = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    new = openpyxl.Workbook(write_only=True)
    for sheet in old:
        copy, at = new.create_sheet(renamed(sheet.title)), None
        for n, row in enumerate(sheet.iter_rows(values_only=True)):
            cells = list(row)
            if n == 0:
                at = cells.index("TOT_EMP") if "TOT_EMP" in cells else None
            elif growth != 1 and at is not None and isinstance(cells[at], int | float):
                cells[at] = round(cells[at] * growth, -1)
            copy.append(cells)
    out = io.BytesIO()
    new.save(out)
    return out.getvalue()


def next_onet(
    data: bytes, release: str, without: str = "", new_column: str = "", month: str = ""
) -> bytes:
    """An O*NET text zip as that of another release.

    From 30.3 on, ``Skills.txt`` stands in two files and ``Technology Skills.txt`` is named
    ``Software Skills.txt``.

    Parameters
    ----------
    data : bytes
        ``db_{major}_{minor}_text.zip``, real or made.
    release : str
        "30.3"
    without : str
        A file that the new release lacks.
    new_column : str
        A column that every file has besides, in second place.
    month : str
        "MM/YYYY" of the newest task, the last one; unless given, tasks keep their months.
    """
    major, minor = map(int, release.split("."))

    def change(name: str, inside: bytes) -> dict[str, bytes]:
        name = re.sub(r"db_\d+_\d+", f"db_{major}_{minor}", name)
        folder, _, file = name.rpartition("/")
        if file == without:
            return {}
        if month and file == "Task Statements.txt":
            inside = _dated(inside, month)
        if new_column and file.endswith(".txt"):
            inside = _widened(inside, new_column)
        files = {file: inside}
        if (major, minor) >= (30, 3):
            if file == "Skills.txt":
                files = _split(inside)
            elif file == "Technology Skills.txt":
                files = {"Software Skills.txt": inside}
        return {f"{folder}/{name}" if folder else name: part for name, part in files.items()}

    return _rewritten(data, change)


def completed(data: bytes, other: bytes, file: str) -> bytes:
    """An O*NET zip with a file that it lacks, from another release: a copy may be in part."""
    with zipfile.ZipFile(io.BytesIO(data)) as zipped, zipfile.ZipFile(io.BytesIO(other)) as has:
        folder = zipped.namelist()[0].partition("/")[0]
        inside = next(has.read(name) for name in has.namelist() if name.endswith(f"/{file}"))
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(f"{folder}/{file}"), inside, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _widened(data: bytes, column: str) -> bytes:
    lines = data.decode().splitlines()
    for n, line in enumerate(lines):
        first, _, rest = line.partition("\t")
        lines[n] = "\t".join((first, "new" if n else column, rest))
    return "".join(f"{line}\n" for line in lines).encode()


def _dated(data: bytes, month: str) -> bytes:
    lines = data.decode().splitlines()
    row = lines[-1].split("\t")
    row[lines[0].split("\t").index("Date")] = month
    lines[-1] = "\t".join(row)
    return "".join(f"{line}\n" for line in lines).encode()


def _split(data: bytes) -> dict[str, bytes]:
    """Skills by element: half of them essential, half transferable, each file whole."""
    head, *rows = data.decode().splitlines(keepends=True)
    at = head.rstrip("\r\n").split("\t").index("Element ID")
    elements = sorted({row.split("\t")[at] for row in rows})
    essential = {e for e in elements if e.startswith(_ESSENTIAL)}
    if len(essential) == len(elements):  # the made files have one kind
        essential = set(elements[: len(elements) // 2])
    parts: dict[bool, list[str]] = {True: [head], False: [head]}
    for row in rows:
        parts[row.split("\t")[at] in essential].append(row)
    return {
        "Essential Skills.txt": "".join(parts[True]).encode(),
        "Transferable Skills.txt": "".join(parts[False]).encode(),
    }


def broken(data: bytes) -> bytes:
    """A zip that ended on its way, with the length that was announced."""
    return data[: len(data) // 2]


def onet_page(release: str) -> Answer:
    """O*NET's page of its database, as far as it names a release."""
    files = "".join(
        f'<a href="/dl_files/database/db_{release.replace(".", "_")}_{kind}.zip">{kind}</a>'
        for kind in ("text", "excel")
    )
    return _page(f"<h1>O*NET&reg; {release} Database</h1>{files}")


def oews_page(*years: int) -> Answer:
    """BLS's page of OEWS tables, as far as it links to files."""
    return _page("".join(
        f'<a href="/oes/special-requests/oesm{year % 100:02}{kind}.zip">May {year}</a>'
        for year in years for kind in ("nat", "st")
    ))  # fmt: skip


def _page(body: str) -> Answer:
    text = f"<!DOCTYPE html><html><body>{body}</body></html>"
    return Answer(text.encode(), headers={"Content-Type": "text/html"})
