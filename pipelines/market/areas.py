"""Metropolitan and nonmetropolitan areas: which one is meant, and an occupation's figures there.

An area that crosses a border counts whole under its first state, as in BLS's files.
"""

from __future__ import annotations

import re
from collections.abc import Collection

import pandas as pd

from pipelines.base.errors import UsageError
from pipelines.market.oews import detailed
from pipelines.market.places import by_code, guarded

#: So many candidates are named where a name is ambiguous.
MAX_NAMED = 8
BORDER_NOTE = (
    "An area that crosses a state line counts whole under its first state; sums of areas are not "
    "the state's figures."
)
#: Areas drawn and listed: the largest that may be compared.
MOST_AREAS = 30
_AREA = ["area_code", "area_title", "area_type", "state"]


def area_list(area_wages: pd.DataFrame) -> pd.DataFrame:
    """Every area of the newest year once, by title: area_code, area_title, area_type, state."""
    rows = newest(area_wages)[_AREA].drop_duplicates("area_code")
    return rows.sort_values(["area_title", "area_code"], ignore_index=True)


def newest(area_wages: pd.DataFrame) -> pd.DataFrame:
    """The rows of the newest year."""
    return area_wages[area_wages["year"] == area_wages["year"].max()]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", str(text).casefold())


def find_area(area_wages: pd.DataFrame, text: str, wages: pd.DataFrame) -> pd.Series:
    """The area that a code or a name means.

    Parameters
    ----------
    area_wages : DataFrame
        Table ``area_wages``.
    text : str
        A code ("18140"), a whole title ("Columbus, OH"), or words of one in any order, case and
        punctuation ("columbus oh", "dayton"). A word may be the beginning of one, and a state
        at the end may be written out.
    wages : DataFrame
        Table ``wages``: the names of the states.

    Returns
    -------
    Series
        area_code, area_title, area_type, state.

    Raises
    ------
    UsageError
        No area, or several: they are named.
    """
    areas = area_list(area_wages)
    asked = _words(text)
    found = _fitting(areas, asked)
    if found.empty:
        states = wages[["area_title", "state"]].drop_duplicates()
        for name, code in states.itertuples(index=False):
            if asked[-len(_words(name)) :] == _words(name):
                found = _fitting(areas, [*asked[: -len(_words(name))], *_words(code)])
    if len(found) == 1:
        return found.iloc[0]
    if found.empty:
        raise UsageError(
            "area",
            f"no metropolitan or nonmetropolitan area fits {str(text)!r}",
            'Give its code or words of its name, such as 18140 or "Columbus, OH"; '
            "`outlook wages CODE --by area` lists them",
        )
    named = [f"{r.area_title} ({r.area_code})" for r in found.head(MAX_NAMED).itertuples()]
    more = len(found) - len(named)
    listed = "; ".join(named) + (f"; and {more} more" if more > 0 else "")
    raise UsageError(
        "area", f"{len(found)} areas fit {str(text)!r}", f"Give a code or more of a name: {listed}"
    )


def _fitting(areas: pd.DataFrame, asked: list[str]) -> pd.DataFrame:
    """The areas that the words fit in the strictest way in which they fit any."""
    titles = areas["area_title"].map(_words)
    codes = areas["area_code"] == "".join(asked)
    whole = titles.map(lambda words: words == asked)
    parts = titles.map(lambda words: bool(asked) and set(asked) <= set(words))
    begun = titles.map(
        lambda words: bool(asked) and all(any(w.startswith(a) for w in words) for a in asked)
    )
    # "Portland" leads a title in two areas and stands second in others: the first word counts.
    first = parts & titles.map(lambda words: words[: len(asked)] == asked)
    fits = (areas[mask] for mask in (codes, whole, first, parts, begun) if mask.any())
    return next(fits, areas.iloc[:0])


def areas(area_wages: pd.DataFrame, wages: pd.DataFrame, soc_code: str) -> pd.DataFrame:
    """Pay and concentration of an occupation by area, with the guard of `places`.

    Parameters
    ----------
    area_wages, wages : DataFrame
        Tables of those names; of ``wages`` the nation's row of the same year.
    soc_code : str
        SOC 2018 code.

    Returns
    -------
    DataFrame
        ``area_code``, ``area_type``, the columns of `places.places`, ``employment_flag``,
        ``wage_kind``, ``annual_median_wage_flag`` and the annual percentiles with flags; highest
        location quotient first. Areas without a row of the occupation are not in it.
    """
    return areas_of(area_wages, wages, [soc_code[:7]])[soc_code[:7]]


def areas_of(
    area_wages: pd.DataFrame, wages: pd.DataFrame, soc_codes: Collection[str]
) -> dict[str, pd.DataFrame]:
    """`areas` of many occupations in one pass, by SOC code."""
    local = newest(area_wages)
    local = detailed(local[local["soc_code"].isin(soc_codes)])
    out = guarded(local, wages[wages["soc_code"].isin(soc_codes)])
    more = ["area_type", "employment_flag", "wage_kind", "annual_median_wage_flag",
            "hourly_median_wage", "hourly_median_wage_flag"]  # fmt: skip
    more += [c for k in ("p10", "p25", "p75", "p90")
             for c in (f"annual_{k}_wage", f"annual_{k}_wage_flag")]  # fmt: skip
    by = ["soc_code", "area_code"]
    out = out.merge(local[[*by, *more]], on=by, how="left", validate="1:1")
    return by_code(out.drop(columns="soc_code"), out["soc_code"], soc_codes)


def largest(frame: pd.DataFrame) -> pd.DataFrame:
    """The `MOST_AREAS` largest areas of `areas` that may be compared, highest quotient first."""
    sure = frame[(frame["guard"] == "") & frame["location_quotient"].notna()]
    return sure.nlargest(MOST_AREAS, "employment").sort_values(
        ["location_quotient", "area_title"], ascending=[False, True], ignore_index=True
    )
