"""Dollars of one year as dollars of another, by the consumer price index (CPI-U, May)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipelines.base.errors import SourceFailed, UsageError

#: Month of OEWS's wages.
_MAY = 5


def price_index(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Table ``price_index`` of a release.

    Raises
    ------
    UsageError
        The release was made before the index was one of its tables.
    """
    if "price_index" not in tables:
        raise UsageError(
            "table price_index",
            "the release in use holds no consumer price index, so wages of different years "
            "cannot be compared",
            "Run `outlook refresh` to make a release that does, or use --offline",
        )
    return tables["price_index"]


def cpi_may(year: int, prices: pd.DataFrame) -> float:
    """CPI-U, all items, US city average, May, not seasonally adjusted (1982-84 = 100).

    Parameters
    ----------
    year : int
    prices : DataFrame
        Table ``price_index``: year, month, value.

    Raises
    ------
    SourceFailed
        The table has no value for the month. No other month stands in for it.
    """
    found = _of_may(prices)
    if year not in found.index:
        newest = (prices["year"] * 100 + prices["month"]).max()
        ends = f"it ends with {newest % 100:02.0f}/{newest // 100:.0f}" if len(prices) else "empty"
        raise SourceFailed(
            "table price_index",
            f"no consumer price index for May {year} ({ends})",
            "Run `outlook refresh` with BLS's newest file; see dataset cpi_u of catalog.toml",
        )
    return float(found[year])


def _of_may(prices: pd.DataFrame) -> pd.Series:
    return prices[prices["month"] == _MAY].dropna(subset="value").set_index("year")["value"]


def real(
    value: float | pd.Series | pd.DataFrame,
    year: int | pd.Series,
    base_year: int,
    prices: pd.DataFrame,
) -> float | pd.Series | pd.DataFrame:
    """Dollars of May of `year` as dollars of May of `base_year`, by CPI-U.

    Parameters
    ----------
    value : float, Series or DataFrame
        Dollars of `year`.
    year : int or Series of int
        One year, or that of each value.
    base_year : int
    prices : DataFrame
        Table ``price_index``.

    Raises
    ------
    SourceFailed
        The table has no value for May of one of the years.
    """
    base = cpi_may(int(base_year), prices)
    if isinstance(year, pd.Series):
        index = _of_may(prices)
        for missing in set(year.unique()) - set(index.index):
            cpi_may(int(missing), prices)  # which says so
        factor = year.map(index)
        if isinstance(value, pd.DataFrame):
            return value.mul(base).div(factor, axis="index")
        return value * base / factor
    return value * base / cpi_may(int(year), prices)
