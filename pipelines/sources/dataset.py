"""One dataset of the catalog, and what an edition of it is called."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from pipelines.base.errors import ShapeChanged
from pipelines.sources.fetch import headers

#: Numbers of an edition: (29, 3) of O*NET, (25,) of May 2025.
Edition = tuple[int, ...]
#: OEWS began in 1997; two digits of a year are of this century.
_CENTURY = 20
#: An edition's number alone, as in an id or a pin.
_NUMBER = "20{yy}"
#: What a license says that lets others pass the data on; "CC BY-NC" is none of these.
_PASSED_ON = re.compile(r"\b(?:CC BY(?!-)|CC0|MIT|Public domain)\b")
#: How the catalog says that there is no license.
NONE_STATED = "None stated"
_PLACES = {"major": "{1,3}", "minor": "{1,2}", "yy": "{2}"}


@dataclass(frozen=True)
class Dataset:
    """A file of a publisher, or a family of files: one an edition.

    In a family ``url``, ``release``, ``date`` and ``signature`` hold ``{major}`` and ``{minor}``,
    or ``{yy}``, in place of the edition's numbers, and `at` gives one edition's dataset. Citation
    and attribution may hold ``{release}`` and ``{date}`` (as in May 2025): `dated` fills them with
    what the file says.

    Attributes
    ----------
    id, publisher, title, url : str
        ``url`` is the publisher's own https address.
    release : str
        The release in the publisher's words ("29.3", "May 2025", "2024-34"); "" until the file
        says it.
    date : str
        What the release is of, YYYY or YYYY-MM; later dates win where two datasets fill a table.
        "" until the file says it.
    licence, citation : str
    authors : tuple of str
        Who wrote it: "Family, Given" of a person, or the name of a body, which has no comma.
    attribution : str
        Wording that the license asks for; "" where it asks for none.
    cadence : str
        "monthly", "quarterly", "yearly" or "once": how often the publisher renews it.
    media : str
        "zip", "xlsx", "csv" or "tsv".
    loader : str
        "module.function" under `pipelines.sources.read`; "" where nothing loads it yet.
    tables : tuple of str
        Tables that the loader returns, whole or in part.
    max_bytes : int
        A download larger than this is refused.
    signature : tuple of str
        What tells the file from every other source's: patterns of paths in a zip, columns of a
        text, sheets of a workbook ("sheet" or "sheet | cell | cell" of one of its first rows).
    since : str
        Of a family, the first edition that is asked for, as its release. "" for the others.
    take : str
        Of a family, "newest" (and of older editions only those that fill what newer ones lack)
        or "all" of them. "" for the others.
    page : str
        Of a family, the publisher's page that names the newest edition. "" for the others.
    edition : str
        "module.function" that reads ``(release, date)`` from the file; "" where ``release`` and
        ``date`` are the catalog's.
    holds : str
        "module.function" ``(path, dataset) -> table names``: of its tables, those that a file
        can fill. "" where every file fills all.
    partial : str
        What a local mirror may lack of the publisher's file; "" if nothing.
    keep_last : bool
        Whether the rows of the last release, or else of the embedded snapshot, are carried on
        where the file cannot be had. A file that is there and wrong is refused like any other.
    used_by : str
        For a dataset without a loader: what will use it.
    family : str
        Of one edition of a family, the family's id.
    """

    id: str
    publisher: str
    title: str
    url: str
    licence: str
    citation: str
    authors: tuple[str, ...]
    cadence: str
    media: str
    loader: str
    tables: tuple[str, ...]
    max_bytes: int
    signature: tuple[str, ...]
    release: str = ""
    date: str = ""
    since: str = ""
    take: str = ""
    page: str = ""
    attribution: str = ""
    partial: str = ""
    keep_last: bool = False
    edition: str = ""
    holds: str = ""
    used_by: str = ""
    family: str = ""

    @property
    def mirror_path(self) -> str:
        """``host/path`` under a mirror, percent signs decoded."""
        return headers.host_and_path(self.url)

    @property
    def may_be_passed_on(self) -> bool:
        """Whether the license states that the data may be passed on: else no snapshot has them."""
        return _PASSED_ON.search(self.licence) is not None

    @property
    def is_family(self) -> bool:
        """Whether this stands for all editions, which `at` tells apart."""
        return "{" in self.url

    @property
    def first(self) -> Edition:
        """Of a family, the edition that `since` names."""
        edition = self.edition_of(self.since)
        if edition is None:
            raise ValueError(f"catalog.toml: [{self.id}] since is no edition of it")
        return edition

    def at(self, edition: Edition) -> Dataset:
        """One edition of a family: its address, release, date and signature."""
        names = {"yy": f"{edition[0]:02}"} if len(edition) == 1 else (
            {"major": str(edition[0]), "minor": str(edition[1])}
        )  # fmt: skip
        number = "_".join(map(str, edition)) if len(edition) > 1 else f"{_CENTURY}{edition[0]:02}"
        return replace(
            self,
            id=f"{self.id}_{number}",
            family=self.id,
            url=_filled(self.url, names),
            release=_filled(self.release, names),
            date=_filled(self.date, names),
            signature=tuple(_filled(text, names) for text in self.signature),
        )

    def edition_of(self, text: str) -> Edition | None:
        """The edition that a release, or its number alone, names: "29.3", "May 2024", "2024"."""
        for pattern in (self.release, _NUMBER):
            if match := re.fullmatch(edition_pattern(pattern), text.strip(), re.I):
                return tuple(map(int, match.groups()))
        return None

    def edition_in(self, names: Iterable[str]) -> Edition | None:
        """The edition of a family that the paths in an archive name; None unless it is one."""
        wanted = [re.compile(edition_pattern(text)) for text in self.signature]
        found = {
            tuple(map(int, match.groups()))
            for name in names
            for pattern in wanted
            if (match := pattern.fullmatch(name))
        }
        return found.pop() if len(found) == 1 else None

    def load(self) -> Callable:
        """The loader ``(path, dataset) -> {table: DataFrame}``, imported when asked for."""
        return _function(self.loader)

    def fills(self, path: Path) -> tuple[str, ...]:
        """Of `tables`, those that this file can fill; raises as its loader does."""
        return tuple(_function(self.holds)(path, self)) if self.holds else self.tables

    def dated(self, path: Path) -> Dataset:
        """The dataset with the release and date that this file states.

        Raises
        ------
        ShapeChanged
            The file states another edition than the one that was asked for, or none.
        """
        release, date = (self.release, self.date)
        if self.edition:
            release, date = _function(self.edition)(path, self)
            if self.release and release != self.release:
                raise ShapeChanged(
                    self.url,
                    f"the file is {self.title} {release}, {self.release} was asked for",
                    "Look at the publisher's page: the address may have been given to another "
                    "edition",
                )
        date = self.date or date
        if not date:
            raise ShapeChanged(
                self.url, "no row of the file has a date", "See whether the file is whole"
            )
        words = {"release": release, "date": _month(date)}
        return replace(
            self,
            release=release,
            date=date,
            citation=_filled(self.citation, words),
            attribution=_filled(self.attribution, words),
        )


def edition_pattern(text: str) -> str:
    """A regular expression for a text of the catalog: numbers of an edition are its groups."""
    pattern = re.escape(text).replace(r"\*", ".*")
    for place, digits in _PLACES.items():
        pattern = pattern.replace(re.escape("{" + place + "}"), f"([0-9]{digits})")
    return pattern


def _filled(text: str, words: Mapping[str, str]) -> str:
    for name, word in words.items():
        text = text.replace("{" + name + "}", word)
    return text


def _month(date: str) -> str:
    """ "2025-05" as "May 2025"; a year alone as it is."""
    year, _, month = date.partition("-")
    return f"{calendar.month_name[int(month)]} {year}" if month else year


def _function(name: str) -> Callable:
    module, _, function = name.rpartition(".")
    return getattr(import_module(f"pipelines.sources.read.{module}"), function)
