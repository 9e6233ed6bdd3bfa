"""Which rows of the table `wages` are meant: one function a question."""

from __future__ import annotations

import pandas as pd

from pipelines.base.errors import UsageError

#: First year here that OEWS publishes wholly in SOC 2018: its codes and sizes are the reference.
REFERENCE_YEAR = 2021


def detailed(wages: pd.DataFrame) -> pd.DataFrame:
    """Rows of detailed occupations; some codes stand twice, as broad and as detailed group."""
    return wages[wages["occupation_group"] == "detailed"]


def national(wages: pd.DataFrame) -> pd.DataFrame:
    """Rows of detailed occupations in the nation, all years."""
    return wages[(wages["occupation_group"] == "detailed") & (wages["area_code"] == "99")]


def years(wages: pd.DataFrame) -> list[int]:
    """OEWS years with national figures, in order; the reference year must be one.

    Raises
    ------
    UsageError
        The reference year, or a year before or after it, is not in the data.
    """
    found = sorted(int(year) for year in national(wages)["year"].unique())
    if REFERENCE_YEAR not in found or found[0] == REFERENCE_YEAR or found[-1] == REFERENCE_YEAR:
        raise UsageError(
            "table wages", f"national OEWS years are {found}; {REFERENCE_YEAR} is needed, and "
            "years before and after it", "Run outlook refresh, or use --offline",
        )  # fmt: skip
    return found
