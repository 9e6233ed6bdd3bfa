"""What schooling costs in time and money, and when it pays back: ranges, never one number."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd

from pipelines.base.errors import UsageError
from pipelines.pathways.schooling.education import EDUCATION_LEVELS, level_index, years_asked

_CASES = ("low", "usual", "high")
#: 3.200 is 3,200 dollars where a point parts thousands, and 3 dollars 20 in TOML.
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
#: No year of school costs more dollars: a larger number is a slip.
_MAX_YEARLY_PRICE = 10_000_000


class _Written(float):
    """A number with the text that it was written as."""

    text = ""


def _written(text: str) -> _Written:
    number = _Written(text)
    number.text = text
    return number


def prices(override: Mapping[str, Any] | None = None, where: str = "costs") -> dict[str, Any]:
    """Tuition in dollars per year, with source and year.

    Parameters
    ----------
    override : Mapping, optional
        Content of the user's TOML: ``source``, ``year``, ``note``, ``[per_year]`` with
        ``two_year`` and/or ``four_year``: dollars, or the name of one of the published averages
        under ``[choices]`` of costs.toml.
    where : str
        What errors name as their place.

    Raises
    ------
    UsageError
        Unknown key, or a price that is neither a number of at least 0 nor the name of a choice.
    """
    text = resources.files("pipelines.pathways.schooling").joinpath("costs.toml").read_text("utf-8")
    out = tomllib.loads(text)
    given = dict(override or {})
    per_year = given.pop("per_year", {})
    todo = (
        "Use source, year, note and under [per_year] two_year, four_year: dollars per year, or one "
        "of " + ", ".join(out["choices"])
    )
    if not isinstance(per_year, Mapping):
        raise UsageError(where, f"per_year = {per_year!r} is not a table", todo)
    known = ("source", "year", "note")
    unknown = [k for k in given if k not in known] + [
        k for k in per_year if k not in out["per_year"]
    ]
    if unknown:
        raise UsageError(where, f"unknown key {', '.join(unknown)}", todo)
    priced, stated = {}, False
    for key, value in per_year.items():
        if isinstance(value, str) and value in out["choices"]:
            priced[key] = float(out["choices"][value])
            continue
        if isinstance(value, _Written) and _THOUSANDS.fullmatch(value.text):
            whole, part = value.text.split(".")
            problem = f"{key} = {value.text} may be {whole},{part} dollars or {float(value):g}"
            raise UsageError(where, problem, f"Write {whole}{part}, or {float(value):.2f}")
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not 0 <= value <= _MAX_YEARLY_PRICE:
            problem = f"{key} = {value!r} is not a price in dollars per year"
            raise UsageError(where, problem, todo)
        priced[key], stated = float(value), True
    if stated and "source" not in given:
        out["source"], out["year"] = "stated by the user", ""
    return {**out, **given, "per_year": {**out["per_year"], **priced}}


def parse_prices(text: str, where: str) -> dict[str, Any]:
    """`prices` from the text of a user's TOML; `where` names the file in errors.

    Raises
    ------
    UsageError
        Not TOML (with the line), a price such as 3.200 that may be meant as 3,200, or as `prices`.
    """
    try:
        # Some editors begin a file with a byte-order mark.
        override = tomllib.loads(text.removeprefix("\ufeff"), parse_float=_written)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            where,
            f"not TOML: {error}",
            "Write, for example, [per_year] and below it two_year = 4150",
        ) from error
    return prices(override, where)


def tuition(
    from_level: str,
    to_level: str,
    price: Mapping[str, Any] | None = None,
    which: str = "usual",
    own_field: bool = False,
) -> float:
    """Tuition between two levels in dollars; `which` of low, usual, high years is priced.

    Up to an associate's degree every year is priced at the two-year college, on the way to a
    bachelor's and beyond at the four-year college. `own_field`: see `education.years_asked`.
    """
    rate = (price or prices())["per_year"]
    years = years_asked(from_level, to_level, own_field)[_CASES.index(which)]
    start, end = level_index(from_level), level_index(to_level)
    if start == 0 and end > 0:  # school to the diploma is free of tuition
        years -= years_asked(EDUCATION_LEVELS[0], EDUCATION_LEVELS[1])[_CASES.index(which)]
    return float(years * (rate["two_year"] if end <= 4 else rate["four_year"]))


def tuition_matrix(price: Mapping[str, Any] | None = None) -> np.ndarray:
    """Usual tuition between all levels in dollars, shape (2, 8, 8): own field, from, to."""
    price = price or prices()
    return np.array(
        [
            [
                [tuition(a, b, price, "usual", own) for b in EDUCATION_LEVELS]
                for a in EDUCATION_LEVELS
            ]
            for own in (False, True)
        ]
    )


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
        Yearly rate, 0.03 = 3%; 0 or more and less than 1.
    horizon : int
        Years looked at.
    price : Mapping, optional
        See `prices`.

    Returns
    -------
    DataFrame
        See `route_payback`, of a route of one step that asks for no experience.

    Examples
    --------
    The case of docs/METHODS.md section 8: two years full time, from $51,140 to $68,020.

    >>> w = {"low": 68020, "median": 68020, "high": 68020}
    >>> row = payback("high school", "associate's", {"median": 51140}, w, discount=0).iloc[1]
    >>> int(row.tuition), int(row.wages_forgone), int(row.break_even_year)
    (8300, 102280, 9)
    """
    step = Step(from_level, to_level, 0.0, wage_then)
    return pd.DataFrame(
        route_payback([step], wage_now["median"], part_time, discount, horizon, price)
    )


@dataclass(frozen=True)
class Step:
    """One step of a route, for `route_payback`.

    Attributes
    ----------
    from_level, to_level : str
        Education held before the step and asked for by it (None: BLS names none).
    experience : float
        Years of experience that the step asks for, worked in the job before.
    wage : Mapping
        ``low``, ``median``, ``high``: annual wages of the job stepped to; NaN where missing.
    own_field : bool
        Schooling held in another field does not count, see `education.years_asked`.
    training : tuple of float
        Years of training after hiring, low, usual and high; NaN where not known.
    trainee_wage : float
        Annual wage in training.
    """

    from_level: str
    to_level: str | None
    experience: float
    wage: Mapping[str, float]
    own_field: bool = False
    training: tuple[float, float, float] = (0.0, 0.0, 0.0)
    trainee_wage: float = 0.0


def route_payback(
    steps: Sequence[Step],
    wage_now: float,
    part_time: bool = False,
    discount: float = 0.03,
    horizon: int = 20,
    price: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Cost, break-even year and net present value of a whole route, with ranges.

    A step is worked through in this order: the experience it asks for, in the job held, at that
    job's wage; its schooling, beside the job (part time, twice the years) or in place of it (full
    time, nothing earned); its training after hiring, at the trainee's wage; then the new job, at
    its wage, until the next step's schooling. Every
    year is set against staying in the first job. Wages stay at today's level (no raises, taxes,
    aid or loans); money counts at the end of each year.

    Parameters
    ----------
    steps : sequence of Step
        In their order.
    wage_now : float
        Annual wage of the first job, dollars.
    part_time, discount, horizon, price
        As in `payback`.

    Returns
    -------
    list of dict
        One a case: ``case`` "low" (long schooling, 25th percentile of every later job), "median",
        "high" (short schooling, 75th percentile). ``years`` (of schooling), ``years_total`` (with
        the experience and training), ``tuition`` (dollars), ``wages_forgone`` (years of full-time
        study times the wage of the job held then), ``yearly_gain`` (last job against the first),
        ``break_even_year`` (first year from which the sum of undiscounted flows is not negative;
        missing if not within the horizon) and ``net_present_value``, dollars. Missing where a
        wage or a level that they need is missing.

    Raises
    ------
    UsageError
        Discount rate or horizon out of range.
    """
    if not 0 <= discount < 1:
        raise UsageError(
            "discount rate",
            f"{discount:g} ({100 * discount:g} % per year) is not between 0 and 1",
            "Give 0.03 for 3 %",
        )
    if horizon < 1:
        raise UsageError("horizon", f"{horizon} is no number of years", "Give at least 1")
    price = price or prices()
    return [
        _case(case, which, steps, float(wage_now), part_time, discount, horizon, price)
        for case, which in (("low", "high"), ("median", "usual"), ("high", "low"))
    ]


def _case(
    case: str,
    which: str,
    steps: Sequence[Step],
    now: float,
    part_time: bool,
    discount: float,
    horizon: int,
    price: Mapping[str, Any],
) -> dict[str, Any]:
    wage, lengths, rates = now, [], []
    fees = years = forgone = trained = 0.0
    for step in steps:
        study, fee = np.nan, np.nan
        if isinstance(step.to_level, str):
            asked = years_asked(step.from_level, step.to_level, step.own_field)
            study = asked[_CASES.index(which)]
            fee = tuition(step.from_level, step.to_level, price, which, step.own_field)
        length = study * (2 if part_time else 1)
        earned = wage if part_time else 0.0
        training = step.training[_CASES.index(which)]
        lengths += [step.experience, length, training]
        rates += [
            wage - now,
            earned - now - (fee / length if length else 0.0),
            step.trainee_wage - now,
        ]
        trained += training
        fees, years = fees + fee, years + length
        forgone += 0.0 if part_time or study == 0 else study * wage
        wage = float(step.wage[case])
    flow = _yearly(np.array([*lengths, np.inf]), np.array([*rates, wage - now]), horizon)
    total = np.cumsum(flow)
    late = np.flatnonzero(total < 0)
    if np.isnan(total).any():
        even = np.nan
    else:
        even = 1 if not len(late) else np.nan if late[-1] + 1 == horizon else late[-1] + 2
    return {
        "case": case,
        "years": years,
        "years_total": years + sum(step.experience for step in steps) + trained,
        "tuition": fees,
        "wages_forgone": forgone,
        "yearly_gain": wage - now,
        "break_even_year": float(even),
        "net_present_value": float((flow / (1 + discount) ** np.arange(1, horizon + 1)).sum()),
    }


def _yearly(lengths: np.ndarray, rates: np.ndarray, horizon: int) -> np.ndarray:
    """Dollars of each year, from spells of so many years at so many dollars per year."""
    if np.isnan(lengths).any():
        return np.full(horizon, np.nan)
    rates = np.where(lengths > 0, rates, 0.0)
    end = np.minimum(np.cumsum(lengths), horizon)
    start = np.concatenate([[0.0], end[:-1]])
    t = np.arange(1, horizon + 1)[:, None]
    share = np.clip(np.minimum(end, t) - np.maximum(start, t - 1), 0, 1)
    # A missing wage that the horizon does not reach leaves the years before it known.
    return np.where(share > 0, share * rates, 0.0).sum(1)
