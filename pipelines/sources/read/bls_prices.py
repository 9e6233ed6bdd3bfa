"""The consumer price index: the all-items file of the Bureau of Labor Statistics' database.

Cells are padded with spaces and separated by tabs: ``series_id``, ``year``, ``period`` (M01 to M12
are months, M13 the year's mean, S01 to S03 half-years), ``value``, ``footnote_codes``. A value
of ``-`` was not published, as that of October 2025.
"""

from __future__ import annotations

import calendar
import re
from pathlib import Path

import pandas as pd

from pipelines.base.errors import ShapeChanged
from pipelines.sources.dataset import Dataset
from pipelines.sources.read import delimited

#: CPI-U, all items, U.S. city average, monthly, not seasonally adjusted, 1982-84 = 100.
SERIES = "CUUR0000SA0"
#: Wages of earlier years are in no release.
FIRST_YEAR = 2010
_COLUMNS = ["series_id", "year", "period", "value"]
_FORMS = {
    "series_id": (r"C[UW][SU][RS][0-9A-Z]{4}[0-9A-Z]+", f"a series code such as {SERIES}"),
    "period": (r"M0[1-9]|M1[0-3]|S0[1-3]", "a period, M01 to M13 or S01 to S03"),
}
_NOT_PUBLISHED = "-"


def load(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Monthly values of `SERIES` since `FIRST_YEAR`.

    Parameters
    ----------
    path : Path
        ``cu.data.1.AllItems``.
    dataset : Dataset
        Names the file in errors.

    Returns
    -------
    dict of DataFrame
        ``price_index``: series_id, year, month (1-12), value, footnote_codes. A month without a
        published value has no row.

    Raises
    ------
    SourceFailed
        The file is missing, empty, a web page, or not UTF-8.
    ShapeChanged
        Columns missing, codes or periods of another form, a value that is no number, or no row
        of the series.
    """
    data = delimited.read_file(path, dataset.url)
    plain = re.sub(rb" *(\t|\r?\n) *", rb"\1", data)
    rows = delimited.read_text(plain, dataset.url, _COLUMNS, optional=["footnote_codes"])
    rows = rows.apply(delimited.strings)
    for column, (form, words) in _FORMS.items():
        odd = ~rows[column].str.fullmatch(form).fillna(False).astype(bool)
        _refuse(rows.loc[odd, column], dataset.url, words)
    years = delimited.numbers(rows["year"], dataset.url, whole=True)
    months = rows["period"].str.fullmatch("M0[1-9]|M1[0-2]").astype(bool)
    rows = rows.assign(year=years)[months & (rows["series_id"] == SERIES) & (years >= FIRST_YEAR)]
    if rows.empty:
        raise ShapeChanged(
            dataset.url,
            f"the file has no monthly row of series {SERIES} since {FIRST_YEAR}",
            delimited.ADVICE,
        )
    _refuse(rows.loc[rows["value"].isna(), "value"], dataset.url, f"a number or {_NOT_PUBLISHED}")
    rows = rows[rows["value"] != _NOT_PUBLISHED]
    found = pd.DataFrame(
        {
            "series_id": rows["series_id"],
            "year": rows["year"],
            "month": rows["period"].str[1:].astype("int64"),
            "value": delimited.numbers(rows["value"], dataset.url),
            "footnote_codes": rows["footnote_codes"],
        }
    )
    if found.empty:
        raise ShapeChanged(
            dataset.url, f"no month of series {SERIES} has a published value", delimited.ADVICE
        )
    return {"price_index": found.reset_index(drop=True)}


def edition(path: Path, dataset: Dataset) -> tuple[str, str]:
    """Release and date of the file, from its newest month: ("August 2026", "2026-08").

    Raises as `load` does.
    """
    frame = load(path, dataset)["price_index"]
    newest = frame.sort_values(["year", "month"]).iloc[-1]
    year, month = int(newest["year"]), int(newest["month"])
    return f"{calendar.month_name[month]} {year}", f"{year}-{month:02}"


def _refuse(cells: pd.Series, where: str, words: str) -> None:
    if len(cells):
        first = ", ".join(
            f"{i + 1} = {'empty' if pd.isna(cell) else repr(cell)}"
            for i, cell in cells.head(3).items()
        )
        problem = f"column {cells.name}: expected {words}, found data rows {first}"
        raise ShapeChanged(where, problem, delimited.ADVICE)
