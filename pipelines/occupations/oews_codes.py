"""Codes of OEWS's own: what a May publishes together that the classification keeps apart."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

#: Key of the hybrids of May 2019 and 2020 in oews_codes.toml, and their `soc_vintage`.
HYBRID = "hybrid"
#: The Mays that have them; the first May whose codes of SOC 2010 are merged.
HYBRID_YEARS = (2019, 2020)
MERGED_YEAR = 2017


@cache
def _file() -> Mapping[str, dict]:
    text = resources.files("pipelines.occupations").joinpath("oews_codes.toml").read_text("utf-8")
    return MappingProxyType(tomllib.loads(text))


@cache
def held_by(year: int) -> dict[str, tuple[str, ...]]:
    """OEWS codes of a May and the SOC codes that each holds; empty for a May without any."""
    return {
        code: tuple(members)
        for part in _file().values() if year in part["years"]
        for code, members in part["codes"].items()
    }  # fmt: skip


def published(codes: Iterable[str], year: int) -> set[str] | None:
    """The codes under which OEWS publishes a set of codes in a May.

    A code of OEWS's own takes the place of its members. None where it holds others beside them:
    then the figures of the set are not published that May.
    """
    found = set(codes)
    for code, members in held_by(year).items():
        inside = found.intersection(members)
        if inside and len(inside) < len(members):
            return None
        found = found - inside | ({code} if inside else set())
    return found


def joint_code(soc_code: str, year: int) -> str | None:
    """The OEWS code of `year` that holds a SOC code with others; None where none does."""
    found = (code for code, members in held_by(year).items() if soc_code in members)
    return next(found, None)


def hybrids_of(soc_code: str) -> list[str]:
    """The hybrid codes of May 2019 and 2020 that hold a SOC 2018 code."""
    codes = _file()[HYBRID]["codes"]
    return [code for code, members in codes.items() if soc_code in members]
