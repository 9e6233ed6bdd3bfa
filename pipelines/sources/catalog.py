"""The catalog of datasets: who published what, where, when, under which license."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib import import_module, resources
from pathlib import Path
from types import MappingProxyType

from pipelines.sources.fetch import headers

CADENCES = ("monthly", "quarterly", "yearly", "once")
MEDIA = ("zip", "xlsx", "csv", "tsv")


@dataclass(frozen=True)
class Dataset:
    """One file of a publisher.

    Attributes
    ----------
    id, publisher, title, url : str
        ``url`` is the publisher's own https address.
    release : str
        The release in the publisher's words ("29.3", "May 2025", "2024-34").
    date : str
        What the release is of, YYYY or YYYY-MM; later dates win where two datasets fill a table.
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
        "module.function" under `pipelines.sources`; "" where nothing loads it yet.
    tables : tuple of str
        Tables that the loader returns, whole or in part.
    max_bytes : int
        A download larger than this is refused.
    signature : tuple of str
        What tells the file from every other source's: patterns of paths in a zip, columns of a
        text, sheets of a workbook ("sheet" or "sheet | cell | cell" of one of its first rows).
    address_pattern, page : str
        For a dataset whose editions have addresses of their own: the address with ``{major}``
        and ``{minor}``, or ``{yy}``, in place of the edition's numbers; and the publisher's page
        that names the newest. "" for the others.
    partial : str
        What a local mirror may lack of the publisher's file; "" if nothing.
    keep_last : bool
        Whether the rows of the last release, or else of the embedded snapshot, are carried on
        where the file cannot be had. A file that is there and wrong is refused like any other.
    edition : str
        "module.function" that reads ``(release, date)`` from the file, for one that is renewed
        under one address; "" where ``release`` and ``date`` are the catalog's.
    used_by : str
        For a dataset without a loader: what will use it.
    """

    id: str
    publisher: str
    title: str
    url: str
    release: str
    date: str
    licence: str
    citation: str
    authors: tuple[str, ...]
    cadence: str
    media: str
    loader: str
    tables: tuple[str, ...]
    max_bytes: int
    signature: tuple[str, ...]
    address_pattern: str = ""
    page: str = ""
    attribution: str = ""
    partial: str = ""
    keep_last: bool = False
    edition: str = ""
    used_by: str = ""

    @property
    def mirror_path(self) -> str:
        """``host/path`` under a mirror, percent signs decoded."""
        return headers.host_and_path(self.url)

    def load(self) -> Callable:
        """The loader ``(path, dataset) -> {table: DataFrame}``, imported when asked for."""
        return _function(self.loader)

    def dated(self, path: Path) -> Dataset:
        """The dataset with the release and date of this file; raises as its loader does."""
        if not self.edition:
            return self
        release, date = _function(self.edition)(path, self)
        return replace(self, release=release, date=date)


def _function(name: str) -> Callable:
    module, _, function = name.rpartition(".")
    return getattr(import_module(f"pipelines.sources.read.{module}"), function)


def parse(text: str) -> dict[str, Dataset]:
    """Datasets by id from TOML text; ValueError names the entry that is wrong."""
    known = {field.name for field in fields(Dataset)} - {"id"}
    datasets = {}
    for name, entry in tomllib.loads(text).items():
        if unknown := set(entry) - known:
            raise ValueError(f"catalog.toml: [{name}] has unknown keys {sorted(unknown)}")
        try:
            lists = {key: tuple(entry.get(key, ())) for key in ("tables", "signature", "authors")}
            dataset = Dataset(id=name, **entry | lists)
        except TypeError as error:
            raise ValueError(f"catalog.toml: [{name}] {error}") from error
        problems = [
            problem
            for problem, wrong in (
                ("url is not https", not dataset.url.startswith("https://")),
                (f"cadence is none of {CADENCES}", dataset.cadence not in CADENCES),
                (f"media is none of {MEDIA}", dataset.media not in MEDIA),
                (
                    "date is not YYYY or YYYY-MM",
                    not re.fullmatch(r"[0-9]{4}(-[0-9]{2})?", dataset.date),
                ),
                ("tables without a loader", bool(dataset.tables) != bool(dataset.loader)),
                ("signature is empty", not dataset.signature),
                ("authors is empty", not dataset.authors),
                (
                    "an author is neither 'Family, Given' nor a body's name without a comma",
                    not all(map(_is_author, dataset.authors)),
                ),
                (
                    "address_pattern without a page, or a page without it",
                    bool(dataset.address_pattern) != bool(dataset.page),
                ),
                ("neither a loader nor used_by", not dataset.loader and not dataset.used_by),
            )
            if wrong
        ]
        if problems:
            raise ValueError(f"catalog.toml: [{name}] {'; '.join(problems)}")
        datasets[name] = dataset
    filled = Counter(table for dataset in datasets.values() for table in dataset.tables)
    for dataset in datasets.values():
        if dataset.keep_last and any(filled[table] > 1 for table in dataset.tables):
            raise ValueError(
                f"catalog.toml: [{dataset.id}] keep_last, and another dataset fills its tables"
            )
    return datasets


def _is_author(name: object) -> bool:
    """One name: of a body, or family and given name of a person, which no "and" may split."""
    if not isinstance(name, str) or not name.isprintable():
        return False
    parts = name.split(", ")
    whole = all(part and part == part.strip(" ,") for part in parts)
    return whole and (len(parts) == 1 or (len(parts) == 2 and " and " not in name))


@cache
def load_catalog() -> Mapping[str, Dataset]:
    """All datasets by id, in the order of ``catalog.toml``."""
    text = resources.files("pipelines.sources").joinpath("catalog.toml").read_text("utf-8")
    return MappingProxyType(parse(text))


def loadable() -> dict[str, Dataset]:
    """Datasets that make tables now: those that a refresh fetches."""
    return {name: dataset for name, dataset in load_catalog().items() if dataset.loader}
