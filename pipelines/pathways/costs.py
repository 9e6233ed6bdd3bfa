"""What schooling costs in time and money, and when it pays back: ranges, never one number."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd

from pipelines.errors import UsageError
from pipelines.pathways.education import LEVELS, level_index, years_range, years_to_add


def prices(override: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Tuition in dollars a year, with source and year.

    Parameters
    ----------
    override : Mapping, optional
        Content of the user's TOML: ``source``, ``year``, ``[per_year]`` with ``two_year`` and/or
        ``four_year``.

    Raises
    ------
    UsageError
        Unknown key, or a price that is not a number of at least 0.
    """
    text = resources.files("pipelines.pathways").joinpath("costs.toml").read_text("utf-8")
    out = tomllib.loads(text)
    given = dict(override or {})
    per_year = given.pop("per_year", {})
    unknown = [k for k in given if k not in out] + [k for k in per_year if k not in out["per_year"]]
    if unknown:
        raise UsageError(
            "costs",
            f"unknown key {', '.join(unknown)}",
            "Use source, year, note and [per_year] two_year, four_year",
        )
    for key, value in per_year.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
            raise UsageError(
                "costs",
                f"{key} = {value!r} is not a price in dollars a year",
                "Write a number of at least 0",
            )
    if per_year and "source" not in given:
        out["source"], out["year"] = "stated by the user", ""
    return {**out, **given, "per_year": {**out["per_year"], **per_year}}


def tuition(
    from_level: str, to_level: str, price: Mapping[str, Any] | None = None, which: str = "usual"
) -> float:
    """Tuition between two levels in dollars; `which` of low, usual, high years is priced.

    Up to an associate's degree every year is priced at the two-year college, on the way to a
    bachelor's and beyond at the four-year college.
    """
    rate = (price or prices())["per_year"]
    years = years_range(from_level, to_level)[("low", "usual", "high").index(which)]
    start, end = level_index(from_level), level_index(to_level)
    if start == 0 and end > 0:  # school to the diploma is free of tuition
        years -= years_range(LEVELS[0], LEVELS[1])[("low", "usual", "high").index(which)]
    return float(years * (rate["two_year"] if end <= 4 else rate["four_year"]))


def tuition_matrix(price: Mapping[str, Any] | None = None) -> np.ndarray:
    """Usual tuition between all levels in dollars, shape (8, 8)."""
    price = price or prices()
    return np.array([[tuition(a, b, price) for b in LEVELS] for a in LEVELS])


def payback(
    from_level: str,
    to_level: str,
    wage_now: Mapping[str, float],
    wage_then: Mapping[str, float],
    part_time: bool = False,
    discount: float = 0.03,
    horizon: int = 20,
    price: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Cost of the schooling of one move, break-even year and net present value, with ranges.

    A full-time student gives up the wage of the present job; a part-time student keeps it and
    takes twice as long. Wages stay at today's level (no raises, taxes, aid or loans); tuition and
    wages count at the end of each year; the horizon counts from the first year of school.

    Parameters
    ----------
    from_level, to_level : str
        Education held and asked for.
    wage_now, wage_then : Mapping
        ``low``, ``median``, ``high``: annual wages in dollars (25th percentile, median, 75th).
    part_time : bool
        Study beside the job.
    discount : float
        Yearly rate, 0.03 = 3 %.
    horizon : int
        Years looked at.
    price : Mapping, optional
        See `prices`.

    Returns
    -------
    DataFrame
        One row a case, ``case`` "low" (long schooling, low wage then), "median", "high" (short
        schooling, high wage then), each against the median wage now: ``years``, ``tuition``,
        ``wages_forgone``, ``yearly_gain``, ``break_even_year`` (first year in which the sum of
        undiscounted flows is not negative; missing if not within the horizon) and
        ``net_present_value``, dollars.

    Examples
    --------
    Worked by hand in docs/METHODS.md: two years full time, $4,150 a year, from $51,140 to $68,020.

    >>> w = {"low": 68020, "median": 68020, "high": 68020}
    >>> row = payback("high school", "associate's", {"median": 51140}, w, discount=0).iloc[1]
    >>> int(row.tuition), int(row.wages_forgone), int(row.break_even_year)
    (8300, 102280, 9)
    """
    if not -1 < discount < 1 or horizon < 1:
        raise UsageError(
            "costs",
            f"discount {discount} or horizon {horizon} is out of range",
            "Give a rate such as 0.03 and at least one year",
        )
    price = price or prices()
    rows = []
    now = float(wage_now["median"])
    for case, which in (("low", "high"), ("median", "usual"), ("high", "low")):
        study = years_range(from_level, to_level)[("low", "usual", "high").index(which)]
        fee = tuition(from_level, to_level, price, which)
        years = study * (2 if part_time else 1)
        gain = float(wage_then[case]) - now
        t = np.arange(1, horizon + 1)
        in_school = np.clip(years - (t - 1), 0, 1)  # share of the year that is spent in school
        per_year = fee / years if years else 0.0
        flow = -in_school * (per_year + (0 if part_time else now)) + (1 - in_school) * gain
        total = np.cumsum(flow)
        late = np.flatnonzero(total < 0)
        even = 1 if not len(late) else (np.nan if late[-1] + 1 == horizon else late[-1] + 2)
        rows.append(
            {
                "case": case,
                "years": years,
                "tuition": fee,
                "wages_forgone": 0.0 if part_time else study * now,
                "yearly_gain": gain,
                "break_even_year": float(even),
                "net_present_value": float((flow / (1 + discount) ** t).sum()),
            }
        )
    return pd.DataFrame(rows)


def study_time(from_level: str, to_level: str, part_time: bool = False) -> float:
    """Usual years to a level; part-time study doubles them."""
    return years_to_add(from_level, to_level) * (2 if part_time else 1)
