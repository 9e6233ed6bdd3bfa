"""O*NET-SOC and SOC codes: which are technicians, what a query means, SOC 2010 to 2018."""

from __future__ import annotations

import difflib
import re

import pandas as pd

from pipelines.base.errors import UsageError

ALWAYS_TECHNICIANS = ("29-2072", "29-9021")
_TITLE = r"\b(?:Technicians?|Technologists?)\b"
_GROUPS = r"(?:29-2|17-3|19-4|15-12)"
#: A code as people type it: 29-2072, 29-2072.00, 292072, 29207200.
_QUERY = re.compile(r"([0-9]{2})-?([0-9]{4})(?:\.?([0-9]{2}))?")


def soc_of(onet_soc_code: str) -> str:
    """SOC code (six digits) of an O*NET-SOC code: ``29-2072.00`` gives ``29-2072``.

    Raises
    ------
    UsageError
        Not an O*NET-SOC or SOC code.
    """
    if not re.fullmatch(r"[0-9]{2}-[0-9]{4}(\.[0-9]{2})?", onet_soc_code):
        raise UsageError(
            repr(onet_soc_code),
            "expected an O*NET-SOC code such as 29-2072.00",
            "See https://www.onetonline.org/find/",
        )
    return onet_soc_code[:7]


def is_technician(onet_soc_code: str, title: str) -> bool:
    """Whether an occupation counts as a technician occupation; the rule is in `technicians`."""
    one = pd.DataFrame({"onet_soc_code": [onet_soc_code], "title": [title]})
    return not technicians(one).empty


def technicians(occupations: pd.DataFrame) -> pd.DataFrame:
    """Technician occupations, and why each is one.

    The rule: the title has the word Technician(s) or Technologist(s); or the SOC code is in
    29-2xxx (health technologists and technicians), 17-3xxx (drafters, engineering and mapping
    technicians), 19-4xxx (life, physical and social science technicians) or 15-12xx (computer
    occupations). 29-2072 and 29-9021, the two successors of the medical records technician of
    SOC 2010, are always in.

    Parameters
    ----------
    occupations : DataFrame
        Columns onet_soc_code, title (others are kept).

    Returns
    -------
    DataFrame
        The rows that are technicians in their order, and ``technician_rule``: "always", "title"
        or "SOC group", the first that applies.
    """
    soc = occupations["onet_soc_code"].str[:7]
    always = soc.isin(ALWAYS_TECHNICIANS)
    by_title = occupations["title"].str.contains(_TITLE, case=False, regex=True)
    by_group = soc.str.match(_GROUPS)
    rule = pd.Series("SOC group", index=occupations.index, dtype="str")
    rule = rule.mask(by_title, "title").mask(always, "always")
    kept = (always | by_title | by_group).astype(bool)
    return occupations.assign(technician_rule=rule)[kept].reset_index(drop=True)


def soc_2010_to_2018(walk: pd.DataFrame, wages: pd.DataFrame) -> pd.DataFrame:
    """SOC 2010 to SOC 2018 with weights, derived from the O*NET-SOC walk.

    A 2010 code with one target goes to it whole. Otherwise each target is weighted by its
    national employment in OEWS May 2021, the first year wholly in SOC 2018; where that is not
    published for every target (OEWS merges some codes), the targets weigh the same.
    A weight says how large the targets are, not how many workers moved: no source has that.

    Parameters
    ----------
    walk : DataFrame
        Table onet_walk_2010_2019.
    wages : DataFrame
        Table wages; its rows of 2021, area 99, detailed group are used.

    Returns
    -------
    DataFrame
        Table soc_2010_to_2018.
    """
    pairs = pd.DataFrame(
        {
            "soc_2010_code": walk["onet_soc_2010_code"].str[:7],
            "soc_code": walk["onet_soc_code"].str[:7],
        }
    )
    pairs = pairs.drop_duplicates().sort_values(["soc_2010_code", "soc_code"], ignore_index=True)
    detailed = wages[
        (wages["year"] == 2021)
        & (wages["area_code"] == "99")
        & (wages["occupation_group"] == "detailed")
    ]
    employment = pairs["soc_code"].map(detailed.set_index("soc_code")["employment"])
    by_code = pairs["soc_2010_code"]
    targets = by_code.groupby(by_code).transform("size")
    total = employment.groupby(by_code).transform(lambda part: part.sum(skipna=False))
    weighted = (total > 0) & (targets > 1)
    rule = pd.Series("equal", index=pairs.index, dtype="str")
    pairs["weight"] = (1 / targets).where(~weighted, employment / total)
    pairs["weight_rule"] = rule.mask(weighted, "employment 2021").mask(targets == 1, "only")
    return pairs


def resolve(query: str, occupations: pd.DataFrame, alternate_titles: pd.DataFrame) -> str:
    """The O*NET-SOC code that a user means.

    Parameters
    ----------
    query : str
        ``29-2072.00``, ``29-2072``, the same without punctuation, or an exact title (official,
        or an alternate one that belongs to a single occupation); case and white space do not
        count.
    occupations, alternate_titles : DataFrame
        The tables of these names.

    Returns
    -------
    str
        onet_soc_code.

    Raises
    ------
    UsageError
        Unknown or ambiguous, with the nearest matches.
    """
    text = " ".join(str(query).split())
    if found := _QUERY.fullmatch(text):
        return _by_code(text, f"{found[1]}-{found[2]}", found[3], occupations)
    folded = text.casefold()
    exact = occupations.loc[occupations["title"].str.casefold() == folded, "onet_soc_code"]
    if len(exact):
        return str(exact.iloc[0])
    lower = alternate_titles["title"].str.casefold()
    codes = alternate_titles.loc[lower == folded, "onet_soc_code"].drop_duplicates()
    if len(codes) == 1:
        return str(codes.iloc[0])
    if len(codes):
        raise UsageError(
            repr(text),
            f"is a title of {len(codes)} occupations",
            f"Give one of {_named(codes, occupations)}",
        )
    titles = occupations.set_index(occupations["title"].str.casefold())["onet_soc_code"]
    near = list(titles.loc[difflib.get_close_matches(folded, list(titles.index), 3, 0.6)])
    if len(folded) >= 3:
        within = occupations["title"].str.casefold().str.contains(folded, regex=False)
        near += list(occupations.loc[within, "onet_soc_code"][:5])
        near += list(
            alternate_titles.loc[
                lower.str.contains(folded, regex=False), "onet_soc_code"
            ].drop_duplicates()[:5]
        )
    raise _unknown(text, near, occupations)


def _by_code(text: str, soc: str, suffix: str | None, occupations: pd.DataFrame) -> str:
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
    close = (codes[codes.str[:length] == soc[:length]] for length in (7, 6, 5))
    near: list[str] = next((found.sort_values().tolist() for found in close if len(found)), [])
    if soc == "29-2071":  # the code that users of older studies still hold
        near = ["29-2072.00", "29-9021.00"]
    raise _unknown(text, near, occupations)


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
