"""What a program costs at one school, by its published tuition and fees."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipelines.base.errors import UsageError

RESIDENCE = {
    "in district": "in_district",
    "in state": "in_state",
    "out of state": "out_of_state",
}


def school_price(
    tables: Mapping[str, pd.DataFrame], unitid: int, years: float, residence: str = "in state"
) -> float:
    """Tuition and required fees of a program at a school, US dollars, all years.

    The yearly price is the school's published one for full-time undergraduates in the newest
    year of IPEDS (table ``school_charges``), times ``years``, without growth, grants, books or
    living costs. A private school has one price for all.

    Parameters
    ----------
    tables : mapping of DataFrame
        ``schools``, ``school_charges``.
    unitid : int
        IPEDS number of the school.
    years : float
        Academic years of full-time study.
    residence : str
        A key of `RESIDENCE`.

    Raises
    ------
    UsageError
        No such school in the data, a school that has closed, no published yearly price (it
        charges by program), another residence, or years that are not above zero.
    """
    if residence not in RESIDENCE:
        raise UsageError(
            f"residence {residence!r}", "no such price", f"Use one of: {', '.join(RESIDENCE)}"
        )
    if not years > 0:
        raise UsageError(f"years {years}", "expected more than 0", "Give the years of the program")
    schools = tables["schools"]
    school = schools[schools["unitid"] == unitid]
    if school.empty:
        raise UsageError(
            f"--school {unitid}", "no such school in the data in use",
            "Find its number with `outlook programs`, or run `outlook refresh`",
        )  # fmt: skip
    name = f"--school {unitid} ({school['school'].iloc[0]})"
    if school["closed"].notna().iloc[0]:
        raise UsageError(name, "the school has closed", "Choose another school")
    charges = tables["school_charges"]
    price = charges.loc[charges["unitid"] == unitid, RESIDENCE[residence]].dropna()
    if price.empty:
        raise UsageError(
            name, "it publishes no yearly tuition (it may charge by program)",
            "Ask the school, and give the price yourself, or choose another school",
        )  # fmt: skip
    return float(price.iloc[0] * years)
