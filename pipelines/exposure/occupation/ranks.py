"""How far the rank of an occupation by exposure may be off: a funnel of ranks.

Every occupation's exposure is drawn anew from its 90% interval, all are ranked in each draw, and
the 5th and 95th percentiles of an occupation's ranks are its interval (Goldstein and Spiegelhalter
1996 on league tables). The interval is meant to hold the place that people's ratings would give;
`coverage` measures that on occupations that the scorer had not seen. Errors are taken as
independent between occupations, and the draws as normal on either side of the exposure.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.base.language import translated
from pipelines.base.percentiles import standing, whole

N_DRAWS = 1000
RANK_COLUMNS = (
    "rank", "rank_low", "rank_high", "percentile", "percentile_low", "percentile_high",
    "top_fifth",
)  # fmt: skip
#: Standard errors from the exposure to an end of its 90% interval.
_Z_90 = 1.6448536269514722


def rank_intervals(
    occupations: pd.DataFrame, seed: int = 0, n_draws: int = N_DRAWS
) -> pd.DataFrame:
    """Rank and percentile of each occupation by exposure, with 90% intervals.

    Parameters
    ----------
    occupations : DataFrame
        `exposure, exposure_low, exposure_high`, a row an occupation; all are ranked together.
    seed, n_draws : int
        Of the draws; the same seed gives the same intervals.

    Returns
    -------
    DataFrame
        Index of `occupations`: `rank` (1 = most exposed; ties share the mean), `rank_low,
        rank_high`, and `percentile` (percent of the others that are lower), `percentile_low,
        percentile_high`; `top_fifth`, the share of draws in which it is among the most exposed
        fifth. Each interval holds its own figure: at the ends of the list draws lie
        further in, because nothing can be beyond the first. Missing where exposure is, or where
        there is no other.
    """
    known = occupations.dropna(subset=["exposure", "exposure_low", "exposure_high"])
    out = pd.DataFrame(index=occupations.index)
    # Rounded as a release is, so that ties are ties.
    value = known["exposure"].round(9)
    rank, n = value.rank(ascending=False), len(known)
    if n < 2:
        return out.assign(**dict.fromkeys(RANK_COLUMNS, np.nan))
    drawn = _ranks(draws(known, seed, n_draws))
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    frame = pd.DataFrame(
        {"rank": rank, "rank_low": np.minimum(low, rank), "rank_high": np.maximum(high, rank)},
        index=known.index,
    )
    frame["percentile"] = standing(value)
    # Of rank r, n - r of the n - 1 others are lower.
    frame["percentile_low"] = 100 * (n - frame["rank_high"]) / (n - 1)
    frame["percentile_high"] = 100 * (n - frame["rank_low"]) / (n - 1)
    frame["top_fifth"] = (drawn <= n / 5).mean(axis=0)
    return out.join(frame[list(RANK_COLUMNS)])


def draws(occupations: pd.DataFrame, seed: int, n_draws: int) -> np.ndarray:
    """Exposure drawn from intervals, (n_draws, occupations).

    Not cut to 0 and 1, which would make ties of those beyond: only the order counts.
    """
    middle = occupations["exposure"].to_numpy(float)
    below = (middle - occupations["exposure_low"].to_numpy(float)) / _Z_90
    above = (occupations["exposure_high"].to_numpy(float) - middle) / _Z_90
    z = np.random.default_rng(seed).standard_normal((n_draws, len(middle)))
    return middle + np.where(z < 0, below, above) * z


def beyond(percentile: float) -> str:
    """A percentile in words; what rounds to all or none of the others, and is not, is not said."""
    if percentile >= 100:
        return translated("more than in all other occupations")
    if percentile < 0.5:
        return translated("less than in 99 percent of the other occupations")
    return translated(
        "more than in {percent} percent of the other occupations", percent=whole(percentile)
    )


def _ranks(values: np.ndarray) -> np.ndarray:
    """Rank of each column within its row, 1 = largest."""
    return (-values).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable") + 1


def coverage(people: pd.Series, occupations: pd.DataFrame, seed: int = 0) -> dict[str, float]:
    """How often the interval of a rank holds the rank that people's ratings give.

    Parameters
    ----------
    people : Series
        Mean of people's labels of each occupation, index as `occupations`.
    occupations : DataFrame
        Held-out `exposure, exposure_low, exposure_high` of the same occupations.

    Returns
    -------
    dict
        `rank_coverage` (share of occupations), `rank_width` (mean width in percentiles) and
        `rank_off` (mean distance of the two percentiles).
    """
    found = rank_intervals(occupations, seed)
    truth = standing(people)
    inside = (found["percentile_low"] - 1e-9 <= truth) & (truth <= found["percentile_high"] + 1e-9)
    return {
        "rank_coverage": float(inside.mean()),
        "rank_width": float((found["percentile_high"] - found["percentile_low"]).mean()),
        "rank_off": float((found["percentile"] - truth).abs().mean()),
    }
