"""The catalog of datasets: who published what, where, when, under which license."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib import resources
from types import MappingProxyType

from pipelines.base.errors import UsageError
from pipelines.sources.dataset import NONE_STATED, Dataset

CADENCES = ("monthly", "quarterly", "yearly", "once")
MEDIA = ("zip", "xlsx", "csv", "tsv")
TAKES = ("newest", "all")


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
                    not re.fullmatch(r"[0-9]{4}(-[0-9]{2})?|", dataset.date.replace("{yy}", "00")),
                ),
                (
                    "no release or date, and no edition that reads them from the file",
                    not (dataset.release and dataset.date) and not dataset.edition,
                ),
                (
                    f"licence lets nobody pass the data on and does not begin {NONE_STATED!r}",
                    not dataset.may_be_passed_on and not dataset.licence.startswith(NONE_STATED),
                ),
                ("tables without a loader", bool(dataset.tables) != bool(dataset.loader)),
                ("signature is empty", not dataset.signature),
                ("authors is empty", not dataset.authors),
                (
                    "an author is neither 'Family, Given' nor a body's name without a comma",
                    not all(map(_is_author, dataset.authors)),
                ),
                (
                    "a family needs since, take, page and edition; others have none of since, "
                    "take and page",
                    not _is_family_or_single(dataset),
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


def _is_family_or_single(dataset: Dataset) -> bool:
    said = [bool(part) for part in (dataset.since, dataset.take, dataset.page)]
    if not dataset.is_family:
        return not any(said)
    known = dataset.take in TAKES and dataset.edition_of(dataset.since) is not None
    return all(said) and known and bool(dataset.edition)


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


def withheld() -> set[str]:
    """Ids of the entries whose license does not let the data be passed on: AIOE, for example."""
    return {name for name, entry in load_catalog().items() if not entry.may_be_passed_on}


def loadable() -> dict[str, Dataset]:
    """Entries that make tables now, single datasets and families: what a refresh fetches."""
    return {name: dataset for name, dataset in load_catalog().items() if dataset.loader}


def entry_of(name: str) -> Dataset | None:
    """The catalog's entry of a dataset's id, of a family for an edition's; None for a stranger."""
    catalog = load_catalog()
    if name in catalog:
        return catalog[name]
    match = re.fullmatch(r"(.+?)_([0-9]+(?:_[0-9]+)*)", name)
    family = catalog.get(match[1]) if match else None
    return family if family is not None and family.is_family else None


def dataset_of(name: str) -> Dataset:
    """A single dataset, or one edition of a family, by its id (``onet_29_3``, ``oews_nat_2025``).

    Raises
    ------
    UsageError
        The catalog has no such dataset, or the id is a family's.
    """
    entry = entry_of(name)
    if entry is not None and not entry.is_family:
        return entry
    edition = entry.edition_of(name[len(entry.id) + 1 :].replace("_", ".")) if entry else None
    if entry is None or edition is None:
        raise UsageError(name, "no such dataset", f"Known: {', '.join(load_catalog())}")
    return entry.at(edition)
