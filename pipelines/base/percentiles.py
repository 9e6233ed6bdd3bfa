"""The one definition of a percentile: where a value stands among the others."""

from __future__ import annotations

import pandas as pd
from pandas.api.typing import SeriesGroupBy


def standing(values: pd.Series | SeriesGroupBy) -> pd.Series:
    """Percent of the other values that are lower, half of the equal ones counted as lower.

    Parameters
    ----------
    values : Series or grouped Series
        Numbers; of a group, each is compared within its own.

    Returns
    -------
    Series
        0 (all others are higher) to 100 (all are lower), index of `values`; missing where the
        value is, or where there is no other.
    """
    size = values.transform("count") if isinstance(values, SeriesGroupBy) else values.count()
    # The mean rank is 1 + lower + equal / 2.
    return 100 * (values.rank() - 1) / (size - 1)


def whole(percentile: float) -> int:
    """A percentile without decimals; 100 only where no other is as high."""
    return round(percentile) if percentile >= 100 else min(round(percentile), 99)
