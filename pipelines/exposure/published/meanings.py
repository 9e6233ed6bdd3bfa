"""What each published measure means: vintage, classification, license, address, construction."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

import pandas as pd

from pipelines.base.language import curated
from pipelines.base.language import translated as _
from pipelines.base.words import listed
from pipelines.sources.catalog import load_catalog


@dataclass(frozen=True)
class Meaning:
    """One published measure in words.

    Attributes
    ----------
    name, short : str
        For tables and for charts.
    dataset : str
        Id in the catalog, which gives `licence`, `address` and `citation`.
    vintage, classification, unit : str
    looks_at, rises_with : str
        How it is constructed: why it may disagree with another.
    spread : bool
        Counted in the spread of an occupation.
    """

    name: str
    short: str
    dataset: str
    vintage: str
    classification: str
    unit: str
    looks_at: str
    rises_with: str
    spread: bool

    @property
    def licence(self) -> str:
        return load_catalog()[self.dataset].licence

    @property
    def may_be_passed_on(self) -> bool:
        return load_catalog()[self.dataset].may_be_passed_on

    @property
    def address(self) -> str:
        return load_catalog()[self.dataset].url

    @property
    def citation(self) -> str:
        return load_catalog()[self.dataset].citation


@cache
def _read() -> dict:
    text = (
        resources.files("pipelines.exposure.published").joinpath("measures.toml").read_text("utf-8")
    )
    return tomllib.loads(text)


@cache
def meanings() -> Mapping[str, Meaning]:
    """Every measure of the table ``measures`` by name, in the order in which they are shown."""
    entries = {name: Meaning(**e) for name, e in _read().items() if name != "left_out"}
    return MappingProxyType(entries)


def phrases() -> list[str]:
    """What ``measures.toml`` says of the measures, each once, to be translated."""
    return sorted(
        {text for m in meanings().values() for text in (m.name, m.short, m.looks_at, m.rises_with)}
    )


def withheld_measures() -> list[str]:
    """Names of the measures that no snapshot holds: their authors state no license."""
    return [name for name, m in meanings().items() if not m.may_be_passed_on]


def withheld_sentence() -> str:
    """What to say beside measures from the embedded snapshot."""
    names = listed([_("“{name}”", name=curated(meanings()[m].short)) for m in withheld_measures()])
    return _(
        "Left out of the embedded snapshot: {names}. Their authors state no license, so they come "
        "with a refresh (outlook refresh) and are never passed on.", names=names,
    )  # fmt: skip


def left_out() -> pd.DataFrame:
    """Studies that are not among the measures; columns name, reason, address, licence."""
    catalog = load_catalog()
    rows = [
        (e["name"], e["reason"], catalog[dataset].url, catalog[dataset].licence)
        for dataset, e in _read()["left_out"].items()
    ]
    return pd.DataFrame(rows, columns=["name", "reason", "address", "licence"])
