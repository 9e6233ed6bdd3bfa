"""Files that a person downloaded by hand: recognized by what is in them, not by their names."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from python_calamine import CalamineError

from pipelines.base.errors import SourceFailed
from pipelines.base.settings import Settings
from pipelines.sources.catalog import Dataset, load_catalog
from pipelines.sources.fetch import raw_files
from pipelines.sources.files import archives, books, pages

#: A header line is never longer, nor lower in a sheet.
_HEADER_BYTES = 65_536
_HEADER_WITHIN = 30


@dataclass(frozen=True)
class Content:
    """What a file holds, as far as it tells sources apart.

    Attributes
    ----------
    kind : str
        "zip", "xlsx", "text", or "" for anything else.
    words : str
        The same for a person.
    members : tuple of str
        Paths in an archive; names of a workbook's sheets; columns of a text.
    """

    kind: str
    words: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class DropFolder:
    """The files of the drop folder and the datasets that each fits.

    Attributes
    ----------
    fits : dict of Path to tuple of str
        Dataset ids by file.
    contents : dict of Path to Content
    problem : str
        A sentence where the folder cannot be read, else "".
    """

    fits: dict[Path, tuple[str, ...]]
    contents: dict[Path, Content]
    problem: str = ""

    def files_of(self, dataset_id: str) -> list[Path]:
        """Files of a dataset and of no other; of several with the same bytes one is given."""
        files = [file for file, ids in self.fits.items() if ids == (dataset_id,)]
        return list({raw_files.digest(file): file for file in files}.values())

    def unused(self, dataset_id: str | None = None) -> list[str]:
        """A sentence for each file that fits no source, or two, and for a folder that cannot be
        read; with an id, only such files as could have been meant for it."""
        return [self.problem] * bool(self.problem) + [
            _sentence(file, ids, self.contents[file])
            for file, ids in self.fits.items()
            if len(ids) != 1 and (dataset_id is None or not ids or dataset_id in ids)
        ]


def look(settings: Settings, catalog: Iterable[Dataset] | None = None) -> DropFolder:
    """What is in the drop folder. Hidden files are left alone; names play no part.

    Parameters
    ----------
    settings : Settings
    catalog : iterable of Dataset, optional
        The whole catalog unless given.
    """
    try:
        files = sorted(f for f in settings.dropbox.iterdir() if not f.name.startswith("."))
    except FileNotFoundError:
        return DropFolder({}, {})  # there need not be one
    except OSError as error:
        problem = f"The drop folder {settings.dropbox} cannot be read ({error.strerror})."
        return DropFolder({}, {}, problem)
    datasets = list(load_catalog().values() if catalog is None else catalog)
    digests = {
        entry.get("sha256"): name
        for name, entry in raw_files.read_index(settings).items()
        if isinstance(entry, dict) and files
    }
    fits: dict[Path, tuple[str, ...]] = {}
    contents: dict[Path, Content] = {}
    for file in files:
        fits[file], contents[file] = (), content_of(file)
        try:
            fits[file] = _fits(file, contents[file], datasets, digests)
        except SourceFailed as error:  # a workbook whose sheets cannot be read
            contents[file] = Content("", _damaged(error))
        except OSError as error:
            contents[file] = Content("", f"not readable ({error.strerror})")
    return DropFolder(fits, contents)


def content_of(file: Path) -> Content:
    """What a file holds; never raises on odd content."""
    try:
        if not file.is_file():
            return Content("", "a folder: put the file itself there, as the publisher serves it")
        with file.open("rb") as stream:
            head = stream.read(_HEADER_BYTES)
        if pages.is_html(head):
            return Content("", pages.described(head))
        if not head.strip():
            return Content("", "an empty file")
        if head.startswith(b"PK\x03\x04"):
            return _archive(file)
    except OSError as error:
        return Content("", f"not readable ({error.strerror})")
    except SourceFailed as error:
        return Content("", error.problem)
    columns = _columns(head)
    return Content("text", f"text with the columns {_some(columns)}", columns) if columns else (
        Content("", "no file of a kind that a source has")
    )  # fmt: skip


def matches(signature: Iterable[str], content: Content, file: Path) -> bool:
    """Whether a file holds everything that a dataset's signature names (see `Dataset`).

    Raises
    ------
    SourceFailed
        It is a workbook, and a sheet that the signature names cannot be read.
    """
    if content.kind == "text":
        return set(signature) <= set(content.members)
    if content.kind == "zip":
        return all(
            any(fnmatchcase(member, pattern) for member in content.members) for pattern in signature
        )
    if content.kind == "xlsx":
        parts = [[word.strip() for word in item.split("|")] for item in signature]
        return all(sheet in content.members for sheet, *_ in parts) and all(
            _has_cells(file, sheet, cells) for sheet, *cells in parts if cells
        )
    return False


def _fits(file: Path, content: Content, datasets: list[Dataset], digests: dict) -> tuple[str, ...]:
    if not content.kind:
        return ()
    if digests and (name := digests.get(raw_files.digest(file))):
        return (name,)  # the very bytes that were fetched before
    kinds = {"zip": ("zip",), "xlsx": ("xlsx",), "text": ("csv", "tsv")}[content.kind]
    meant = (_meant(d, content) for d in datasets if d.media in kinds)
    return tuple(d.id for d in meant if d is not None and matches(d.signature, content, file))


def _meant(dataset: Dataset, content: Content) -> Dataset | None:
    """The dataset, or the edition of a family that the paths in the archive name."""
    if not dataset.is_family:
        return dataset
    edition = dataset.edition_in(content.members)
    return dataset.at(edition) if edition and edition >= dataset.first else None


def _archive(file: Path) -> Content:
    with archives.open_zip(file, file.name) as archive:
        names = tuple(n for n in archive.namelist() if not n.endswith("/"))
    if "xl/workbook.xml" not in names:
        return Content("zip", f"a zip archive with {_some(names)}", names)
    try:
        with books.open_book(file, file.name) as book:
            sheets = tuple(book.sheet_names)
    except SourceFailed as error:
        return Content("", _damaged(error))
    return Content("xlsx", f"a workbook with the sheets {_some(sheets)}", sheets)


def _has_cells(file: Path, sheet: str, cells: list[str]) -> bool:
    with books.open_book(file, file.name) as book:
        try:
            rows = book.get_sheet_by_name(sheet).to_python(nrows=_HEADER_WITHIN)
        except CalamineError as error:
            raise books.damaged(file.name, error) from error
    return any(set(cells) <= {str(cell).strip() for cell in row} for row in rows)


def _damaged(error: SourceFailed) -> str:
    return f"a damaged workbook ({pages.printable(error.problem)})"


def _columns(head: bytes) -> tuple[str, ...]:
    """Cells of the first line; () where it is not text in columns."""
    line = re.split(rb"\r\n|\n|\r", head.removeprefix(b"\xef\xbb\xbf"), maxsplit=1)[0]
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return ()
    if "\0" in text:
        return ()
    delimiter = "\t" if "\t" in text else ","
    try:
        cells = next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return ()
    return tuple(cell.strip() for cell in cells) if len(cells) > 1 else ()


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(pages.printable(name, 40) for name in names[:4])
    return f"{shown} and {len(names) - 4} more" if len(names) > 4 else shown


def _sentence(file: Path, ids: tuple[str, ...], content: Content) -> str:
    name = pages.printable(file.name, 80)
    why = f"it fits {' and '.join(ids)}" if ids else "it fits no source"
    return f"{name} in the drop folder is not used: {content.words}; {why}."
