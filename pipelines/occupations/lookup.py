"""The O*NET-SOC code that a person means by a code or a title, and close ones where unsure."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from pipelines.base.errors import UsageError

if TYPE_CHECKING:
    from pipelines.occupations.titles import Titles

#: Where no handler is set, a warning is printed on standard error.
_log = logging.getLogger(__name__)

#: A code as people type it: 29-2072, 29-2072.00, 292072, 29207200.
_QUERY = re.compile(r"([0-9]{2})-?([0-9]{4})(?:\.?([0-9]{2}))?")


def resolve(
    query: str,
    tables: Mapping[str, pd.DataFrame],
    titles: Callable[[], Titles],
) -> str:
    """The O*NET-SOC code that a user means.

    Parameters
    ----------
    query : str
        ``29-2072.00``, ``29-2072``, the same without punctuation, or a title (official, an
        alternate one that belongs to a single occupation, or any that `titles` is sure of); case
        and white space do not count.
    tables : Mapping[str, DataFrame]
        occupations; alternate_titles, looked up for a title alone; and where there is one
        onet_walk_2010_2019, by which a code of before is told its new ones.
    titles : callable
        Gives the `Titles` that a title is looked up in which is not exact; what it is taken for
        is said in the log.

    Returns
    -------
    str
        onet_soc_code.

    Raises
    ------
    UsageError
        Unknown, of an earlier classification, or ambiguous, with the codes that may be meant.
    """
    text, occupations = " ".join(str(query).split()), tables["occupations"]
    if found := _QUERY.fullmatch(text):
        return _by_code(text, f"{found[1]}-{found[2]}", found[3], tables)
    folded = text.casefold()
    exact = occupations.loc[occupations["title"].str.casefold() == folded, "onet_soc_code"]
    if len(exact):
        return str(exact.iloc[0])
    alternate_titles = tables["alternate_titles"]
    same = alternate_titles["title"].str.casefold() == folded
    codes = alternate_titles.loc[same, "onet_soc_code"].drop_duplicates()
    if len(codes) == 1:
        return str(codes.iloc[0])
    if len(codes):
        raise UsageError(
            repr(text),
            f"is a title of {len(codes)} occupations",
            f"Give one of {_named(codes, occupations)}",
        )
    return _meant(text, titles(), occupations)


def _meant(text: str, titles: Titles, occupations: pd.DataFrame) -> str:
    from pipelines.occupations.titles import clear

    found = titles.find(text, 5)
    if found.empty:
        raise _unknown(text, [], occupations)
    codes = found["onet_soc_code"]
    if not clear(found):
        raise UsageError(
            repr(text[:80]),
            "may mean several occupations",
            f"Give one of {_named(codes, occupations)}",
        )
    named = _named(codes, occupations, 1)
    _log.warning("%r is taken for %s, by its name %s", text, named, found["known_as"].iloc[0])
    return str(codes.iloc[0])


def _by_code(text: str, soc: str, suffix: str | None, tables: Mapping[str, pd.DataFrame]) -> str:
    occupations = tables["occupations"]
    codes = occupations["onet_soc_code"]
    if suffix is not None:
        if (codes == f"{soc}.{suffix}").any():
            return f"{soc}.{suffix}"
    else:
        within = codes[codes.str[:7] == soc].sort_values()
        if (within == f"{soc}.00").any():
            return f"{soc}.00"
        if len(within) == 1:
            return str(within.iloc[0])
        if len(within):
            raise UsageError(
                text,
                f"covers {len(within)} O*NET-SOC codes",
                f"Give one of {_named(within, occupations)}",
            )
    kept = (codes.str[:7] == soc).any()
    walk = tables.get("onet_walk_2010_2019")
    if walk is not None and len(now := _now(walk, soc, suffix, whole=not kept)):
        raise UsageError(
            repr(text),
            "is a code of O*NET-SOC 2010, which O*NET-SOC 2019 (and SOC 2018) replaced",
            f"Give {'its new code' if len(now) == 1 else 'one of its new codes'}: "
            f"{_named(now, occupations, len(now))}",
        )
    close = (codes[codes.str[:length] == soc[:length]] for length in (7, 6, 5))
    near: list[str] = next((found.sort_values().tolist() for found in close if len(found)), [])
    raise _unknown(text, near, occupations)


def _now(walk: pd.DataFrame, soc: str, suffix: str | None, whole: bool) -> pd.Series:
    """The codes of today that a code of 2010 went to; with `whole`, else all of its SOC code."""
    old = walk["onet_soc_2010_code"]
    of_it = old == f"{soc}.{suffix}"
    if whole and not of_it.any():
        of_it = old.str[:7] == soc
    return walk.loc[of_it, "onet_soc_code"].sort_values()


def _unknown(text: str, near: list[str], occupations: pd.DataFrame) -> UsageError:
    todo = (
        f"Did you mean {_named(pd.Series(near), occupations)}?"
        if near
        else "See https://www.onetonline.org/find/ for codes and titles"
    )
    return UsageError(
        repr(text[:80]),
        "no such occupation; expected an O*NET-SOC code such as "
        "29-2072.00, a SOC code or an exact title",
        todo,
    )


def _named(codes: pd.Series, occupations: pd.DataFrame, most: int = 5) -> str:
    titles = occupations.set_index("onet_soc_code")["title"]
    first = list(dict.fromkeys(code for code in codes if code in titles.index))[:most]
    return ", ".join(f"{code} {titles[code]}" for code in first)
