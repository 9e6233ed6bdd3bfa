"""O*NET's ratings of two occupations compared on its own scales, with their standard errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from math import fsum
from statistics import fmean
from typing import Any

import numpy as np
import pandas as pd

from pipelines.occupations.elements import ratings as element_ratings

#: Domain of O*NET -> what it is called here.
ELEMENT_KINDS = {"skills": "skill", "knowledge": "knowledge", "work_activities": "activity"}
#: Ends of O*NET's scales.
SCALES = {"IM": (1.0, 5.0), "LV": (0.0, 7.0)}
#: Status of a row, in the order in which rows are listed.
GAP, CARRIED, LESS, UNCLEAR, NOT_COMPARABLE = STATUSES = (
    "gap", "carries over", "less", "no clear difference", "not comparable",
)  # fmt: skip
#: Both ask much: this share of the scale or more, importance 3 of 5 or level 3.5 of 7.
HIGH_RATING_SHARE = 0.5
#: Half-width of a 95% interval in standard errors.
Z_95 = 1.96
#: The least standard error that counts. Where all raters agree, O*NET publishes 0; one of the
#: usual eight who is off by a point gives this.
MIN_STANDARD_ERROR = 0.125
#: Stands for an error that is not published: the 90th percentile of those in O*NET 29.3, so that
#: too little is claimed rather than too much. Workers rate activities as they rate knowledge.
DEFAULT_STANDARD_ERRORS = {
    ("skill", "IM"): 0.227, ("skill", "LV"): 0.313,
    ("knowledge", "IM"): 0.426, ("knowledge", "LV"): 0.671,
    ("activity", "IM"): 0.426, ("activity", "LV"): 0.671,
}  # fmt: skip
#: What `averaged` reads of `ratings`, keys first.
_READ = (
    "kind", "element_id", "scale", "element_name", "value", "month", "not_relevant",
    "recommend_suppress", "published", "unit", "edition", "error",
)  # fmt: skip


def ratings(
    tables: Mapping[str, pd.DataFrame], codes: Collection[str] | None = None
) -> pd.DataFrame:
    """The ratings of some O*NET occupations with their errors; `averaged` weighs them.

    Parameters
    ----------
    tables : Mapping[str, DataFrame]
        elements, elements_2010, onet_walk_2010_2019.
    codes : collection of str, optional
        O*NET-SOC codes; all unless given.

    Returns
    -------
    DataFrame
        One row a rating: ``kind, element_id, element_name, scale``, ``unit`` (code of the rated
        occupation, in SOC 2010 for O*NET 18), ``value``, ``error`` (its standard error or what
        stands for it), ``published`` (whether the error is O*NET's), ``month`` (2019-07) and the
        contract's columns.
    """
    frame = element_ratings(tables, ELEMENT_KINDS, codes)
    frame = frame[frame["scale_id"].isin(list(SCALES))]
    frame = frame.assign(kind=frame["domain"].map(ELEMENT_KINDS)).rename(
        columns={"scale_id": "scale"}
    )
    stand_in = [
        DEFAULT_STANDARD_ERRORS[pair] for pair in zip(frame["kind"], frame["scale"], strict=True)
    ]
    frame["published"] = frame["standard_error"].notna()
    frame["error"] = (
        frame["standard_error"]
        .clip(lower=MIN_STANDARD_ERROR)
        .where(frame["published"], pd.Series(stand_in, frame.index, dtype=float))
    )
    frame["month"] = pd.to_datetime(frame["date"], format="%m/%Y").dt.strftime("%Y-%m")
    return frame


@dataclass(frozen=True, slots=True)
class Rating:
    """The rating of one end of a move on an element and scale, averaged over its occupations.

    Attributes
    ----------
    element_name : str
        Content-model element.
    value, variance : float
        Mean, and the variance of the mean.
    rated : str or None
        Oldest month, such as 2019-07.
    irrelevant, suppressed, published : bool
        Rated not relevant in all; low precision in any; all errors are O*NET's.
    units : dict
        Weight in the mean and error, by unit and edition.
    """

    element_name: str
    value: float
    variance: float
    rated: str | None
    irrelevant: bool
    suppressed: bool
    published: bool
    units: dict[tuple[str, str], tuple[float, float]]


#: By kind, element and scale.
Averaged = Mapping[tuple[str, str, str], Rating]


def averaged(rows: pd.DataFrame) -> Averaged:
    """Rows of `ratings` of one end of a move, averaged."""
    groups: dict[tuple[str, str, str], list[tuple[Any, ...]]] = {}
    for kind, element, scale, *rest in zip(*(rows[n].tolist() for n in _READ), strict=True):
        groups.setdefault((kind, element, scale), []).append(tuple(rest))
    return {key: _rating(group) for key, group in groups.items()}


def _rating(group: list[tuple[Any, ...]]) -> Rating:
    names, values, months, irrelevant, suppressed, published, codes, editions, errors = zip(
        *group, strict=True
    )
    ends = list(zip(codes, editions, strict=True))
    # Occupations of one unit have its rating and its error.
    error = dict(zip(ends, errors, strict=True))
    units = {end: (n / len(group), error[end]) for end, n in Counter(ends).items()}
    return Rating(
        element_name=names[0],
        value=fmean(values),
        variance=fsum((weight * error) ** 2 for weight, error in units.values()),
        rated=min((month for month in months if isinstance(month, str)), default=None),
        irrelevant=all(irrelevant),
        suppressed=any(suppressed),
        published=all(published),
        units=units,
    )


@cache
def _editions(named: frozenset[str]) -> str:
    """The editions of the values that are compared, newest first: O*NET 30.1 and 18.1."""
    parts = sorted(named, key=lambda v: [int(n) for n in v.split(".")], reverse=True)
    return "O*NET " + " and ".join(parts)


def compare(origin: Averaged, destination: Averaged) -> list[dict[str, Any]]:
    """One row an element and scale that is rated at either end.

    Returns
    -------
    list of dict
        The columns of `pathways.gaps.skill_gaps` on ratings.
    """
    keys = sorted(origin.keys() | destination.keys())
    if not keys:
        return []
    here, there = [origin.get(key) for key in keys], [destination.get(key) for key in keys]
    low, high = np.array([SCALES[scale] for _, _, scale in keys]).T
    pairs = list(zip(here, there, strict=True))
    variance = np.array([_variance(*ends) for ends in pairs])
    known_ends = [[part for part in ends if part] for ends in pairs]
    suppressed = np.array([any(part.suppressed for part in ends) for ends in known_ends])
    start, goal = (
        np.array([part.value if part else np.nan for part in end]) for end in (here, there)
    )
    gap = (goal - start).round(9)
    known = ~np.isnan(gap)
    same = known & (variance < 1e-12)
    # The ratings cancel to nothing: no difference was seen, and none could have been.
    gap[same] = np.nan
    error = np.where(np.isnan(gap), np.nan, np.sqrt(variance))
    much = (np.minimum(start, goal) - low) / (high - low) >= HIGH_RATING_SHARE
    clear = np.abs(gap) > Z_95 * error
    status = np.select(
        [~known | same | suppressed, clear & (gap > 0), much, clear],
        [NOT_COMPARABLE, GAP, CARRIED, LESS],
        UNCLEAR,
    )
    numbers = zip(
        start.tolist(), goal.tolist(), gap.tolist(), error.tolist(),
        (gap - Z_95 * error).tolist(), (gap + Z_95 * error).tolist(),
        strict=True,
    )  # fmt: skip
    return [
        {
            "kind": key[0], "element_id": key[1], "element_name": ends[0].element_name,
            "scale": key[2], "from_value": of[0], "to_value": of[1], "difference": of[2],
            "standard_error": of[3], "error_basis": _basis(ends) if of[2] == of[2] else None,
            "difference_low": of[4], "difference_high": of[5], "status": state,
            "note": _note(a, b, cancels), "from_rated": a.rated if a else None,
            "to_rated": b.rated if b else None,
            "source": _editions(frozenset(e for part in ends for _, e in part.units)),
        }
        for key, a, b, ends, of, state, cancels in zip(
            keys, here, there, known_ends, numbers, status.tolist(), same.tolist(), strict=True
        )
    ]  # fmt: skip


def _variance(here: Rating | None, there: Rating | None) -> float:
    """Of a difference: an occupation that stands at both ends cancels, and so does its error."""
    if not here or not there:
        return max((part.variance for part in (here, there) if part), default=0.0)
    shared = fsum(
        2 * weight * there.units[unit][0] * error**2
        for unit, (weight, error) in here.units.items()
        if unit in there.units
    )
    return max(here.variance + there.variance - shared, 0.0)


def _basis(ends: list[Rating]) -> str:
    return "published" if all(part.published for part in ends) else "stand-in"


def _note(here: Rating | None, there: Rating | None, same: bool) -> str | None:
    causes = [
        (here is None, "not rated in the origin"),
        (there is None, "not rated in the destination"),
        (same, "rated as one occupation"),
        (
            any(part.suppressed for part in (here, there) if part),
            "low precision: O*NET advises against using a rating",
        ),
        (here and here.irrelevant, "rated not relevant in the origin"),
        (there and there.irrelevant, "rated not relevant in the destination"),
    ]
    return "; ".join(text for holds, text in causes if holds) or None
