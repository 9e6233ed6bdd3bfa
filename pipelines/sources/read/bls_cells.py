"""Sheets and cells as the Bureau of Labor Statistics writes them, for both BLS loaders."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from pipelines.base.errors import ShapeChanged
from pipelines.sources.files import books

ADVICE = "BLS changed the file: correct the loader; the last good release stays as it is"
#: Column of a frame that keeps the sheet's own row numbers, for errors.
ROW = "_row"
_NUMBER = r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|-?\.\d+"


def sheet_rows(book: CalamineWorkbook, name: str, where: str) -> list[list]:
    """Rows of a sheet, the first being row 1; SourceFailed where it cannot be read."""
    try:
        return book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise books.damaged(where, error) from error


def frame_of(rows: list[list], header: list[str], first_row: int) -> pd.DataFrame:
    """Cells under a header as objects, wholly empty rows left out, indexed by sheet row."""
    numbered = [(first_row + i, row) for i, row in enumerate(rows) if any(c != "" for c in row)]
    index = pd.Index([n for n, _ in numbered], name=ROW, dtype="int64")
    cells = list(zip(*(row for _, row in numbered), strict=True)) or [()] * len(header)
    columns = {
        name: pd.Series(values, index=index, dtype=object, name=name)
        for name, values in zip(header, cells, strict=True) if name
    }  # fmt: skip
    return pd.DataFrame(columns, index=index)


def refuse(bad: pd.Series, cells: pd.Series, problem: str, where: str) -> None:
    """Raise ShapeChanged for the first bad cell: column, row of the sheet, what stands there."""
    mask = bad.to_numpy(dtype=bool, na_value=False)
    if mask.any():
        at = int(np.flatnonzero(mask)[0])
        more = f" ({int(mask.sum())} such cells)" if mask.sum() > 1 else ""
        raise ShapeChanged(
            where,
            f"column {cells.name}, row {cells.index[at]}: {str(cells.iloc[at])[:60]!r} "
            f"is {problem}{more}",
            ADVICE,
        )


def numbers(
    cells: pd.Series, where: str, marks: Mapping[str, str], *, signed: bool = False
) -> tuple[pd.Series, pd.Series]:
    """Cells as numbers, with a flag where a mark stands in their place.

    Parameters
    ----------
    cells : Series
        Numbers, numbers written as text (``1,234.5``), or marks; name and index (rows of the
        sheet) are used in errors.
    where : str
        File and sheet for errors.
    marks : mapping
        Text allowed in place of a number and the flag that it means. With ``""`` among them a
        cell may be empty.
    signed : bool
        Whether a number may be below 0.

    Returns
    -------
    values : Series of float64
        Missing where a mark stands.
    flags : Series of str
        The flag; empty where there is a number.

    Raises
    ------
    ShapeChanged
        Other text, a truth value, an infinite number, or a negative one where not ``signed``.
    """
    if isinstance(cells.dtype, pd.StringDtype):
        # Wages repeat: 200,000 rows hold some thousand different texts.
        code, held = pd.factorize(cells)
        first = cells.index[~pd.Series(code).duplicated().to_numpy()]
        once = pd.Series(list(held), index=first, dtype=object, name=cells.name)
        try:
            number, flag = numbers(once, where, marks, signed=signed)
        except ShapeChanged:
            cells = cells.astype(object)  # read all, to say how many such cells there are
        else:
            return tuple(  # type: ignore[return-value]
                part.take(code).set_axis(cells.index) for part in (number, flag)
            )
    objects = cells.astype(object).to_numpy()
    is_text = np.fromiter((isinstance(v, str) for v in objects), bool, len(objects))
    is_number = np.fromiter(
        (isinstance(v, (int, float)) and not isinstance(v, bool) for v in objects),
        bool, len(objects),
    )  # fmt: skip
    refuse(pd.Series(~is_text & ~is_number), cells, "not a number", where)
    values = np.full(len(objects), np.nan)
    values[is_number] = objects[is_number].astype("float64")
    flags = np.full(len(objects), "", dtype=object)
    if is_text.any():
        text = pd.Series(objects[is_text]).astype("str").str.strip()
        known = text.isin(list(marks)).to_numpy()
        good = known | text.str.fullmatch(_NUMBER).to_numpy(dtype=bool)
        wrong = is_text.copy()
        wrong[is_text] = ~good
        refuse(
            pd.Series(wrong),
            cells,
            "not a number" if "" in marks else "neither a number nor a known mark",
            where,
        )
        places = np.flatnonzero(is_text)
        values[places[~known]] = (
            text[~known].str.replace(",", "", regex=False).astype("float64").to_numpy()
        )
        flags[places[known]] = text[known].map(dict(marks)).to_numpy(dtype=object)
    odd = np.isinf(values) | (is_number & np.isnan(values))
    refuse(pd.Series(odd), cells, "not a finite number", where)
    if not signed:
        refuse(pd.Series(values < 0), cells, "negative", where)
    return (
        pd.Series(values, index=cells.index, name=cells.name),
        pd.Series(flags, index=cells.index, dtype="str"),
    )


def matching(cells: pd.Series, pattern: str, wanted: str, where: str) -> pd.Series:
    """Cells as stripped text; ShapeChanged for one that does not match the whole pattern."""
    text = cells.astype("str").str.strip()
    refuse(~text.str.fullmatch(pattern).fillna(False).astype(bool), cells, f"not {wanted}", where)
    return text


def whole_codes(cells: pd.Series) -> pd.Series:
    """Numeric codes as text: workbooks keep 1 as 1.0, '1' or '01'."""
    return cells.astype("str").str.strip().str.replace(r"\.0$", "", regex=True)


def plain(text: object) -> str:
    """A header or title without footnote marks such as ``(1)``, dashes alike, single spaces."""
    text = re.sub(r"\s*\(\d+\)", "", str(text).replace("\u2013", "-").replace("\u2014", "-"))
    return " ".join(text.split())
