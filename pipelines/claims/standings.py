"""Where an occupation stands on a measure: percentile, its interval, and what cannot speak."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.claims.measures import Pool
from pipelines.pathways.skills.ratings import Z_95

SUPPORTED_FROM, NOT_SUPPORTED_BELOW = 67.0, 33.0
#: Fewest other technician occupations that a percentile among them is given for.
MIN_OCCUPATIONS = 10
#: Percent of the occupations with one and the same value above which a measure cannot speak: they
#: alone would fill a band of the rule.
MOST_EQUAL = 33.0


def percentiles(pool: Pool, direction: str = "more") -> pd.Series:
    """`standing` of every occupation in its pool; with "less" from the other end."""
    return pool.standings if direction == "more" else 100 - pool.standings


def verdict(percentile: float) -> str:
    """The rule on a percentile in the claim's direction."""
    if percentile >= SUPPORTED_FROM:
        return "supported"
    return "not supported" if percentile < NOT_SUPPORTED_BELOW else "between"


def speaks(pool: Pool) -> bool:
    """Whether a measure tells occupations apart: there are others, and few share one value."""
    return len(pool.values) > 1 and pool.most_equal[0] <= MOST_EQUAL


def interval(pool: Pool, code: str, direction: str = "more") -> tuple[float, float]:
    """95% interval of an occupation's percentile from the standard errors of all ratings.

    An occupation that is lower by more than 1.96 standard errors of the difference counts as
    lower, one that is higher by as much as higher; all others could be either, and so could those
    whose own rating has no standard error. Pair by pair, after Goldstein and Spiegelhalter (1996).

    Returns
    -------
    (low, high)
        Percent of the other occupations, in the claim's direction; both missing where the
        occupation's own rating has no standard error.
    """
    if pool.errors is None or np.isnan(pool.errors[code]):
        return np.nan, np.nan
    # The occupation itself is neither lower nor higher: it falls out of both counts.
    values, others = pool.values.to_numpy(), len(pool.values) - 1
    gap = Z_95 * np.hypot(pool.errors.to_numpy(), pool.errors[code])
    low = 100 * float((values < pool.values[code] - gap).sum()) / others
    high = 100 - 100 * float((values > pool.values[code] + gap).sum()) / others
    return (low, high) if direction == "more" else (100 - high, 100 - low)
