"""CPI-U of May, typed from BLS's tables: what wages of the OEWS years are compared by."""

from __future__ import annotations

import pandas as pd

CPI_MAY = {2015: 237.805, 2021: 269.195, 2024: 314.069, 2025: 321.465}


def index(values: dict[int, float], month: int = 5) -> pd.DataFrame:
    """Rows of table ``price_index`` by year."""
    return pd.DataFrame(
        {
            "series_id": "CUUR0000SA0", "year": list(values), "month": month,
            "value": list(values.values()), "footnote_codes": None,
        }
    )  # fmt: skip


PRICES = index(CPI_MAY)
