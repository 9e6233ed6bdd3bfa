"""Programs of study that lead to an occupation, at the schools that teach them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipelines.base.errors import UsageError
from pipelines.pathways.schools.levels import LEVELS

SORTS = ("price", "graduates", "earnings", "miles")
NOT_PUBLISHED = "not published"
COLUMNS = (
    "unitid", "school", "city", "state", "zip", "control", "award_level", "award", "usual_years",
    "cip_code", "program", "graduates", "graduates_year", "in_district", "in_state",
    "out_of_state", "price_year", "price_note", "earnings_1yr", "earnings_4yr", "debt",
    "outcomes_scope", "outcomes_note", "miles",
)  # fmt: skip
_EARTH_MILES = 3958.8
_NO_OCCUPATION, _NO_PROGRAM = "99-9999", "99.9999"


def programs_for(
    tables: Mapping[str, pd.DataFrame],
    soc_code: str | None = None,
    *,
    cip_code: str | None = None,
    state: str | None = None,
    zip_code: str | None = None,
    miles: float | None = None,
    levels: Sequence[int] = (),
    sort: str = "price",
) -> pd.DataFrame:
    """Programs with at least one award last year, at schools that have not closed.

    Parameters
    ----------
    tables : mapping of DataFrame
        ``cip_soc``, ``completions``, ``schools``, ``school_charges``, ``program_outcomes``.
    soc_code, cip_code : str
        One of the two: an occupation (SOC 2018), or a program (``51.0707``).
    state : str, optional
        Postal code.
    zip_code, miles : optional
        Within so many miles of a ZIP Code (see `place_of`); without miles, distances only.
    levels : sequence of int
        IPEDS award levels; all where empty.
    sort : str
        "price" (published, in district, lowest first), "graduates" or "earnings" (4 years after
        completion; highest first), or "miles" (of a ZIP Code, nearest first). What is missing
        stands last; ties by name of the school.

    Returns
    -------
    DataFrame
        `COLUMNS`. Prices are US dollars a year; earnings and debt are of a school's whole
        4-digit field and credential, so programs of one field at one school repeat them.

    Raises
    ------
    UsageError
        No program leads to the occupation, no such program, or a ZIP Code or a word to sort by
        that is not known.
    """
    if sort not in SORTS:
        raise UsageError(f"--sort {sort}", "no such order", f"Use one of: {', '.join(SORTS)}")
    if miles is not None and zip_code is None:
        raise UsageError("--miles", "miles from where is not said", "Give --zip too")
    if sort == "miles" and zip_code is None:
        raise UsageError("--sort miles", "miles from where is not said", "Give --zip too")
    titles = _programs(tables["cip_soc"], soc_code, cip_code)
    return _at_schools(tables, titles, state, zip_code, miles, levels, sort)


def every_program(
    tables: Mapping[str, pd.DataFrame],
    state: str | None = None,
    zip_code: str | None = None,
    miles: float | None = None,
    sort: str = "price",
) -> pd.DataFrame:
    """All programs that lead to any occupation, in all states or in one; columns and order as of
    `programs_for`."""
    pairs = tables["cip_soc"]
    leads = pairs[(pairs["soc_code"] != _NO_OCCUPATION) & (pairs["cip_code"] != _NO_PROGRAM)]
    titles = leads.drop_duplicates("cip_code").set_index("cip_code")["cip_title"]
    return _at_schools(tables, titles, state, zip_code, miles, sort=sort)


def _at_schools(
    tables: Mapping[str, pd.DataFrame],
    titles: pd.Series,
    state: str | None = None,
    zip_code: str | None = None,
    miles: float | None = None,
    levels: Sequence[int] = (),
    sort: str = "price",
) -> pd.DataFrame:
    """Programs by code (`titles`) at schools, with prices and what graduates earn."""
    awards = tables["completions"]
    awards = awards[awards["cip_code"].isin(titles.index) & (awards["awards"] > 0)]
    if levels:
        awards = awards[awards["award_level"].isin(levels)]
    schools = tables["schools"]
    open_ = schools[schools["closed"].isna() & schools["active"]]
    if state is not None:
        open_ = open_[open_["state"] == state]
    open_ = open_.assign(miles=np.nan)
    if zip_code is not None:
        away = distance(open_, *place_of(schools, zip_code)[:2])
        open_ = open_.assign(miles=away)[away <= (np.inf if miles is None else miles)]
    charges = tables["school_charges"].rename(columns={"year": "price_year"})
    frame = awards.merge(open_, on="unitid").merge(charges, on="unitid", how="left")
    frame["field"] = frame["cip_code"].str.replace(".", "", regex=False).str[:4]
    known = {number: level.credential for number, level in LEVELS.items()}
    frame["credential_level"] = frame["award_level"].map(known).astype("int64")
    frame = frame.merge(
        tables["program_outcomes"], on=["unitid", "field", "credential_level"], how="left"
    )
    return _said(frame, titles, sort)


def _programs(cip_soc: pd.DataFrame, soc_code: str | None, cip_code: str | None) -> pd.Series:
    """Titles of the programs asked for, by code."""
    if (soc_code is None) == (cip_code is None):
        raise UsageError(
            "outlook programs", "give an occupation or --cip, one of them", "See --help"
        )
    if cip_code is not None:
        rows = cip_soc[(cip_soc["cip_code"] == cip_code) & (cip_code != _NO_PROGRAM)]
        if rows.empty:
            raise UsageError(
                f"--cip {cip_code}", "no such program in CIP 2020", "Write it as 51.0707"
            )
    else:
        rows = cip_soc[(cip_soc["soc_code"] == soc_code) & (cip_soc["cip_code"] != _NO_PROGRAM)]
        if rows.empty or soc_code == _NO_OCCUPATION:
            raise UsageError(
                str(soc_code), "the CIP-SOC crosswalk has no program that leads to it",
                "Give a program with --cip",
            )  # fmt: skip
    return rows.drop_duplicates("cip_code").set_index("cip_code")["cip_title"]


class Place(NamedTuple):
    """What stands for a ZIP Code: the mean place of so many ``schools`` that share its first
    ``digits``."""

    latitude: float
    longitude: float
    digits: int
    schools: int


def place_of(schools: pd.DataFrame, zip_code: str) -> Place:
    """The place of a ZIP Code: the mean of the schools in it, or else of those that share its
    first three digits. No table of ZIP Codes is at hand.

    Raises
    ------
    UsageError
        Not five digits, or no school shares three of them.
    """
    if not (len(zip_code) == 5 and zip_code.isascii() and zip_code.isdigit()):
        raise UsageError(f"--zip {zip_code}", "expected five digits", "Write it as 43004")
    for digits in (5, 3):
        near = schools[schools["zip"].str[:digits] == zip_code[:digits]]
        near = near.dropna(subset=["latitude", "longitude"])
        if len(near):
            place = near[["latitude", "longitude"]].mean()
            return Place(float(place.iloc[0]), float(place.iloc[1]), digits, len(near))
    raise UsageError(
        f"--zip {zip_code}", f"no school has a ZIP Code that begins with {zip_code[:3]}",
        "Give a ZIP Code nearby, or --state",
    )  # fmt: skip


def state_of(schools: pd.DataFrame, zip_code: str) -> str:
    """Postal code of the state of a ZIP Code: that of the schools that share its first three
    digits, which name one of the Postal Service's sorting centers.

    Raises
    ------
    UsageError
        As `place_of`, or those schools lie in several states (a center may serve across a border).
    """
    place_of(schools, zip_code)  # five digits, and a school that shares three
    states = sorted(schools.loc[schools["zip"].str[:3] == zip_code[:3], "state"].unique())
    if len(states) > 1:
        raise UsageError(
            f"--zip {zip_code}",
            f"schools whose ZIP Codes begin with {zip_code[:3]} lie in {' and '.join(states)}, and "
            "no table of ZIP Codes is at hand",
            "Give --state",
        )
    return str(states[0])


def distance(schools: pd.DataFrame, latitude: float, longitude: float) -> pd.Series:
    """Miles from a place in a straight line over the globe (haversine formula)."""
    there, here = np.radians(schools["latitude"]), np.radians(latitude)
    across = np.radians(schools["longitude"] - longitude)
    half = np.sin((there - here) / 2) ** 2 + np.cos(there) * np.cos(here) * np.sin(across / 2) ** 2
    return 2 * _EARTH_MILES * np.arcsin(np.sqrt(half))


def _said(frame: pd.DataFrame, titles: pd.Series, sort: str) -> pd.DataFrame:
    """The columns that are shown, and in words what is missing."""
    frame["award"] = frame["award_level"].map({n: v.words for n, v in LEVELS.items()})
    frame["usual_years"] = frame["award_level"].map({n: v.years for n, v in LEVELS.items()})
    frame["program"] = frame["cip_code"].map(titles)
    frame = frame.rename(columns={"awards": "graduates", "year": "graduates_year"})
    priced = frame["in_state"].notna() | frame["in_district"].notna()
    frame["price_note"] = np.where(
        priced, "published, a year", f"{NOT_PUBLISHED} by year: the school may charge by program"
    )
    frame["outcomes_scope"] = "4-digit field " + (
        frame["field"].str[:2] + "." + frame["field"].str[2:]
    )
    earning = frame[["earnings_1yr", "earnings_4yr"]].notna().any(axis=1)
    frame["outcomes_note"] = np.where(earning, "", f"earnings {NOT_PUBLISHED}")
    column, up = {
        "price": ("in_district", True),
        "graduates": ("graduates", False),
        "earnings": ("earnings_4yr", False),
        "miles": ("miles", True),
    }[sort]
    keys = [column, "school", "unitid", "cip_code", "award_level"]
    frame = frame.sort_values(keys, ascending=[up, True, True, True, True], na_position="last")
    return frame[list(COLUMNS)].reset_index(drop=True)
