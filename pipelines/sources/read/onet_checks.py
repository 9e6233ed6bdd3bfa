"""Which O*NET release an archive holds, and whether it is whole."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pandas as pd

from pipelines.base.errors import ShapeChanged
from pipelines.sources.dataset import Dataset
from pipelines.sources.files import archives
from pipelines.sources.read import delimited

#: Files that key on task ids.
TASK_FILES = ("Task Statements", "Task Ratings", "Tasks to DWAs")
#: Files whose rows are dated as the release goes on.
_DATED = ("Task Statements", "Emerging Tasks", "Education, Training, and Experience")
#: A domain must rate this share of the occupations that the widest one rates.
_MIN_COVERAGE = 0.8


def edition(path: Path, dataset: Dataset) -> tuple[str, str]:
    """Release and date of an O*NET archive: ("29.3", "2025-05").

    The folder inside the archive names the release. Of its date nothing is stated, so it is the
    month of the newest rows among tasks and emerging tasks; "" where none has one.

    Raises
    ------
    SourceFailed, ShapeChanged
        Not a sound zip; no folder, or folders of several releases.
    """
    with archives.open_zip(path, dataset.url) as archive:
        found = {
            f"{match[1]}.{match[2]}"
            for name in archive.namelist()
            if (match := re.match(r"db_(\d+)_(\d+)(?=[_/])", name))
        }
        if len(found) != 1:
            said = f"names the releases {', '.join(sorted(found))}" if found else "names no release"
            raise ShapeChanged(
                dataset.url, f"no folder db_<release>: the zip {said}", delimited.ADVICE
            )
        stems = ("Occupation Data", *_DATED)
        # An old release that is read in part has its date in the catalog.
        if not dataset.date and not any(_file(archive, stem) for stem in stems):
            raise ShapeChanged(
                dataset.url, f"no file {' or '.join(stems)} in the zip", delimited.ADVICE
            )
        dates = [date for stem in _DATED for date in _dates(archive, stem, dataset.url)]
    return found.pop(), max(dates, default="")


def is_whole(archive: zipfile.ZipFile) -> bool:
    """Whether an archive has all files that key on tasks: they come from one release or another,
    never from two, for task ids mean something within one only."""
    return all(_file(archive, stem) for stem in TASK_FILES)


def _file(archive: zipfile.ZipFile, stem: str) -> str | None:
    return next((n for n in (f"{stem}.txt", f"{stem}.xlsx") if archives.find(archive, n)), None)


def _dates(archive: zipfile.ZipFile, stem: str, where: str) -> set[str]:
    """Months, YYYY-MM, of the rows of one file; nothing where the release lacks it."""
    name = _file(archive, stem)
    if name is None:
        return set()
    data = archives.read_member(archive, name, where)
    at = f"{where}, {name}"
    frame = (
        delimited.read_text(data, at, ["Date"], missing=("n/a", ""))
        if name.endswith(".txt")
        else delimited.read_sheet(data, 0, ["Date"], at)
    )
    months = frame["Date"].dropna().astype("str").str.extract(r"^(\d\d)/(\d{4})$").dropna()
    return set(months[1] + "-" + months[0])


def check_domains(elements: pd.DataFrame, where: str) -> pd.DataFrame:
    """The same; ShapeChanged where one domain's file seems cut short.

    O*NET rates all domains of a release on the same occupations.
    """
    rated = elements.groupby("domain")[elements.columns[0]].nunique()
    if rated.min() < _MIN_COVERAGE * rated.max():
        raise ShapeChanged(
            where,
            f"the rows of {rated.idxmin()} rate {rated.min():,} occupations, those of "
            f"{rated.idxmax()} {rated.max():,}: the file seems cut short",
            delimited.ADVICE,
        )
    return elements
