"""Dollars of one year as dollars of another, by the consumer price index (CPI-U, May)."""

from __future__ import annotations

import sqlite3
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from pipelines.base.errors import SourceFailed


@cache
def cpi_may(year: int) -> float:
    """CPI-U, all items, US city average, May, not seasonally adjusted (1982-84 = 100).

    Read from the database that the package ``cpi`` ships. The package itself is not imported: it
    downloads when its database is missing and warns when it is old.

    Raises
    ------
    SourceFailed
        The database is missing, or has no value for the month.
    """
    spec = find_spec("cpi")
    path = Path(spec.origin).parent / "cpi.db" if spec and spec.origin else Path("cpi.db")
    todo = "Reinstall the package cpi (make install)"
    try:
        with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True) as base:
            row = base.execute(
                'select value from "indexes" where series = ? and year = ? and period like ?',
                ("CUUR0000SA0", year, "%M05"),
            ).fetchone()
    except (sqlite3.Error, ValueError) as error:
        raise SourceFailed(
            str(path), f"the consumer price index cannot be read: {error}", todo
        ) from error
    if row is None:
        raise SourceFailed(str(path), f"no consumer price index for May {year}", todo)
    return float(row[0])


def real(value: float | pd.Series, year: int | pd.Series, base_year: int) -> float | pd.Series:
    """Dollars of May of `year` as dollars of May of `base_year`, by CPI-U."""
    if isinstance(year, pd.Series):
        return value * cpi_may(base_year) / year.map(lambda y: cpi_may(int(y)))
    return value * cpi_may(base_year) / cpi_may(int(year))
