"""BLS Employment Projections: the workbook (all tables of a decade) and the site's export.

The workbook's address always serves the current decade, so sheets are found by their number,
columns by the wording of their header, and years in the headers.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
from python_calamine import CalamineWorkbook

from pipelines.base.errors import ShapeChanged
from pipelines.sources.dataset import Dataset
from pipelines.sources.files.books import open_book
from pipelines.sources.read import delimited
from pipelines.sources.read.bls_cells import (
    ADVICE,
    frame_of,
    matching,
    numbers,
    plain,
    refuse,
    sheet_rows,
)

_SOC = r"\d{2}-\d{4}"
_DASH = "\u2014"
#: Not published for this row (BLS's own note); N/A in the export.
_UNAVAILABLE = {_DASH: "not applicable", "-": "not applicable", "N/A": "not applicable"}

_TITLE = r"(\d{4}) National Employment Matrix (?:occupation )?title"
_CODE = r"(\d{4}) National Employment Matrix (?:occupation )?code"
_EMPLOYMENT = {
    "title": _TITLE,
    "soc_code": _CODE,
    "occupation_type": "Occupation type",
    "employment_base": r"Employment, (\d{4})",
    "employment_target": r"Employment, (\d{4})",
    "employment_change": r"Employment change, numeric, (\d{4})-(\d{2,4})",
    "employment_change_percent": r"Employment change, percent, (\d{4})-(\d{2,4})",
}
_OPENINGS = r"Occupational openings, (\d{4})-(\d{2,4}) annual average"
_REQUIREMENTS = {
    "typical_education": "Typical education needed for entry",
    "work_experience": "Work experience in a related occupation",
    "job_training": "Typical on-the-job training needed to attain competency in the occupation",
}
_LEVELS = [
    "Less than high school diploma",
    "High school diploma or equivalent",
    "Some college, no degree",
    "Associate's degree",
    "Bachelor's degree",
    "Master's degree",
    "Doctoral or professional degree",
]
#: Columns of each table, by the pattern of their header.
_TABLES = {
    "1.2": {**_EMPLOYMENT, "annual_openings": _OPENINGS},
    "1.7": {
        **_EMPLOYMENT,
        "self_employed_percent": r"Percent self[- ]employed, (\d{4})",
        "annual_openings": _OPENINGS,
        "annual_median_wage": r"Median annual wage, (\d{4})",
        **_REQUIREMENTS,
    },
    "1.10": {
        **_EMPLOYMENT,
        "labor_force_exits": r"Labor force exits, (\d{4})-(\d{2,4}) annual average",
        "occupational_transfers": r"Occupational transfers, (\d{4})-(\d{2,4}) annual average",
        "annual_openings": _OPENINGS,
    },
    "1.12": {
        "title": _TITLE,
        "soc_code": _CODE,
        "industry_title": r"(\d{4}) National Employment Matrix industry title",
        "industry_code": r"(\d{4}) National Employment Matrix industry code",
        "factor": "Factors affecting occupational utilization",
    },
    "5.3": {"title": _TITLE, "soc_code": _CODE, **{level: level for level in _LEVELS}},
    "5.4": {"title": _TITLE, "soc_code": _CODE, **_REQUIREMENTS},
}
#: AI in capitals only: other words hold the letters "ai".
_AUTOMATION = r"\bAI\b|(?i:artificial intelligence|automat|robot|software|machine learning)"
#: Counts of a change may be below 0.
_SIGNED = ("employment_change", "employment_change_percent", "annual_openings")


def load_workbook(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Tables 1.2, 1.7, 1.10, 1.12, 5.3 and 5.4 of ``occupation.xlsx``, any decade.

    Parameters
    ----------
    path : Path
        The workbook.
    dataset : Dataset
        Names the file in errors.

    Returns
    -------
    dict
        ``projections`` (thousands of jobs, dollars per year, percent), ``education_attainment``
        (percent of workers aged 25 and over), ``utilization_factors``.

    Raises
    ------
    ShapeChanged
        Sheet, column, code, year or number not as expected; names sheet, column and row.
    SourceFailed
        Not a whole workbook.
    """
    where = f"{dataset.id} ({path.name})"
    book = open_book(path, where)
    sheets = {number: _sheet(book, number, where) for number in _TABLES}
    spans = {s.attrs["years"] for n, s in sheets.items() if n in ("1.2", "1.7", "1.10")}
    if len(spans) > 1:
        raise ShapeChanged(where, f"the tables are of different decades: {sorted(spans)}", ADVICE)
    return {
        "projections": _projections(sheets, spans.pop()),
        "education_attainment": _attainment(sheets["5.3"]),
        "utilization_factors": _factors(sheets["1.12"]),
    }


def edition(path: Path, dataset: Dataset) -> tuple[str, str]:
    """Decade and base year of the workbook, from the headers of Table 1.2: ("2022-32", "2022").

    Raises as `load_workbook` does.
    """
    where = f"{dataset.id} ({path.name})"
    with open_book(path, where) as book:
        base, target = _sheet(book, "1.2", where).attrs["years"]
    return f"{base}-{target % 100:02}", str(base)


def edition_of_export(path: Path, dataset: Dataset) -> tuple[str, str]:
    """Decade and base year of the export, from its header: ("2024-34", "2024").

    Raises as `load_export` does.
    """
    where = f"{dataset.id} ({path.name})"
    base, target = _export_years(_export_columns(delimited.read_file(path, where), where))
    return f"{base}-{target % 100:02}", str(base)


def _sheet(book: CalamineWorkbook, number: str, where: str) -> pd.DataFrame:
    """A table with our column names; attrs: where, years, footnotes by mark."""
    wanted = re.compile(rf"\s*Table\s+{re.escape(number)}\s*", re.I)
    names = [name for name in book.sheet_names if wanted.fullmatch(name)]
    if not names:
        raise ShapeChanged(
            where, f"no sheet 'Table {number}'; the workbook has {book.sheet_names}", ADVICE
        )
    where = f"{where}, {names[0].strip()}"
    rows = sheet_rows(book, names[0], where)
    heads = [[plain(cell) for cell in row] for row in rows[:15]]
    at = next((i for i, h in enumerate(heads) if any(re.fullmatch(_CODE, c) for c in h)), None)
    if at is None:
        raise ShapeChanged(where, "no header row with a National Employment Matrix code", ADVICE)
    header, years = _columns(heads[at], number, where)
    frame = frame_of(rows[at + 1 :], header, first_row=at + 2)
    has_code = frame["soc_code"].astype("str").str.strip() != ""
    if not has_code.any():
        raise ShapeChanged(where, "the table has a header and no rows", ADVICE)
    last = int(np.flatnonzero(has_code.to_numpy())[-1])
    notes, frame = frame.iloc[last + 1 :], frame.iloc[: last + 1].copy()
    frame["soc_code"] = matching(frame["soc_code"], _SOC, "an occupation code", where)
    repeated = [name for name in ("soc_code", "industry_code") if name in frame]
    refuse(frame.duplicated(repeated), frame["soc_code"], "there twice", where)
    found = notes["title"].astype("str").str.extract(r"^\s*\((\d+)\)\s*(.*)", flags=re.S).dropna()
    frame.attrs = {"where": where, "years": years, "footnotes": dict(zip(found[0], found[1],
                   strict=True))}  # fmt: skip
    return frame


def _columns(head: list[str], number: str, where: str) -> tuple[list[str], tuple[int, int]]:
    """Our names in the order of the sheet ("" for a column we do not use), and the decade."""
    header, spans, stated = [""] * len(head), set(), {}
    for ours, pattern in _TABLES[number].items():
        found = [(i, re.fullmatch(pattern, c, re.I)) for i, c in enumerate(head) if not header[i]]
        at, match = next(((i, m) for i, m in found if m), (0, None))
        if match is None:
            raise ShapeChanged(where, f"no column like '{pattern}'; found {head}", ADVICE)
        header[at] = ours
        years = match.groups()
        if len(years) == 2:  # 2022-32: the century of the second is left out
            spans.add((int(years[0]), int(years[0][: 4 - len(years[1])] + years[1])))
        elif years:
            stated[ours] = int(years[0])
    base = stated["soc_code"]
    span = (stated.get("employment_base", base), stated.get("employment_target", base))
    if (spans and spans != {span}) or span[0] != base or span[1] < span[0]:
        raise ShapeChanged(where, f"the headers name different years: {head}", ADVICE)
    return header, span


def _projections(sheets: dict[str, pd.DataFrame], years: tuple[int, int]) -> pd.DataFrame:
    main, where = sheets["1.7"], sheets["1.7"].attrs["where"]
    codes = set(main["soc_code"])
    for number in ("1.2", "1.10"):
        other = set(sheets[number]["soc_code"])
        if other != codes:
            raise ShapeChanged(
                sheets[number].attrs["where"],
                f"its occupations differ from Table 1.7's: {sorted(codes ^ other)[:5]}", ADVICE,
            )  # fmt: skip
    out = pd.DataFrame({"base_year": years[0], "target_year": years[1]}, index=main.index)
    out["soc_code"] = main["soc_code"]
    out["title"] = _titles(main["title"], where)
    kinds = "Summary|Line item"
    out["occupation_type"] = matching(main["occupation_type"], kinds, f"one of {kinds}", where)
    for name in ("employment_base", "employment_target", *_SIGNED):
        out[name] = _unflagged(main[name], where, signed=name in _SIGNED)
    flows = sheets["1.10"].set_index("soc_code", drop=False).loc[main["soc_code"]]
    for name in ("labor_force_exits", "occupational_transfers"):
        cells = sheets["1.10"][name]
        values = _unflagged(cells, sheets["1.10"].attrs["where"])
        values.index = sheets["1.10"]["soc_code"]
        out[name] = values.loc[flows.index].to_numpy()
    out["self_employed_percent"] = _unflagged(main["self_employed_percent"], where)
    out["annual_median_wage"], out["annual_median_wage_flag"] = _wage(
        main["annual_median_wage"], where
    )
    assigned = sheets["5.4"].set_index("soc_code")
    for name in _REQUIREMENTS:
        text = _words(main[name])
        other = out["soc_code"].map(_words(assigned[name]))
        refuse(text.notna() & other.notna() & (text != other), main[name],
               "not what Table 5.4 assigns", where)  # fmt: skip
        out[name] = text.fillna(other)
    return out.reset_index(drop=True)


def _attainment(sheet: pd.DataFrame) -> pd.DataFrame:
    where, notes = sheet.attrs["where"], sheet.attrs["footnotes"]
    inexact = [mark for mark, text in notes.items() if "not an exact match" in text]
    marked = sheet["title"].astype("str").str.extract(r"\((\d+)\)\s*$")[0]
    refuse(marked.notna() & ~marked.isin(list(notes)), sheet["title"],
           "marked with a footnote that the sheet does not have", where)  # fmt: skip
    parts = [
        pd.DataFrame({
            "soc_code": sheet["soc_code"],
            "level": level,
            "percent": numbers(sheet[level], where, {})[0],
            "exact_match": ~marked.isin(inexact),
        })
        for level in _LEVELS
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _factors(sheet: pd.DataFrame) -> pd.DataFrame:
    where = sheet.attrs["where"]
    factor = _titles(sheet["factor"], where)
    out = pd.DataFrame({"base_year": sheet.attrs["years"][0], "soc_code": sheet["soc_code"]})
    codes = sheet["industry_code"]
    out["industry_code"] = matching(codes, r"[\w-]{4,9}", "an industry code", where)
    out["industry_title"] = _titles(sheet["industry_title"], where)
    out["factor"] = factor
    # re and not Arrow's engine, which knows no flags inside a group.
    out["names_automation"] = factor.map(lambda t: re.search(_AUTOMATION, t) is not None)
    return out.reset_index(drop=True)


#: Columns of the export without a year in their name.
_EXPORT_FIXED = {
    "Occupation Title": "title",
    "Occupation Code": "soc_code",
    "Typical Entry-Level Education": "typical_education",
    "Work Experience in a Related Occupation": "work_experience",
    "Typical on-the-job Training": "job_training",
}
_EXPORT_YEARS = {
    "employment_base": r"Employment (\d{4})",
    "employment_target": r"Employment (\d{4})",
    "employment_change": r"Employment Change, (\d{4})-(\d{4})",
    "employment_change_percent": r"Employment Percent Change, (\d{4})-(\d{4})",
    "annual_openings": r"Occupational Openings, (\d{4})-(\d{4}) Annual Average",
    "annual_median_wage": r"Median Annual Wage (\d{4})",
}


def load_export(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """The export of all occupations from data.bls.gov, any decade.

    Parameters
    ----------
    path : Path
        ``Employment Projections.csv``.
    dataset : Dataset
        Names the file in errors.

    Returns
    -------
    dict
        ``projections``: line items only; thousands of jobs, dollars per year. Exits, transfers and
        self-employment are not in the export and come out missing.

    Raises
    ------
    ShapeChanged, SourceFailed
        As `load_workbook`.
    """
    where = f"{dataset.id} ({path.name})"
    data = delimited.read_file(path, where)
    names = _export_columns(data, where)
    # missing=(): the word None is a value here, "nothing is needed".
    sheet = delimited.read_text(data, where, list(names.values()), delimiter=",", quoted=True,
                              missing=())  # fmt: skip
    sheet = sheet.rename(columns={theirs: ours for ours, theirs in names.items()})
    sheet.index += 2
    years = _export_years(names)
    out = pd.DataFrame({"base_year": years[0], "target_year": years[1]}, index=sheet.index)
    code = sheet["soc_code"].str.replace(r'^="(.*)"$', r"\1", regex=True)
    out["soc_code"] = matching(code.rename("Occupation Code"), _SOC, "an occupation code", where)
    refuse(out["soc_code"].duplicated(), sheet["soc_code"], "there twice", where)
    out["title"] = _titles(sheet["title"].str.replace(r"\s*\*.*$", "", regex=True), where)
    out["occupation_type"] = "Line item"
    for name in ("employment_base", "employment_target", *_SIGNED):
        cells = sheet[name].rename(names[name])
        out[name] = _unflagged(cells, where, signed=name in _SIGNED)
    for name in ("labor_force_exits", "occupational_transfers", "self_employed_percent"):
        out[name] = np.nan
    out["annual_median_wage"], out["annual_median_wage_flag"] = _wage(
        sheet["annual_median_wage"].rename(names["annual_median_wage"]), where
    )
    for name in _REQUIREMENTS:
        out[name] = _words(sheet[name])
    return {"projections": out.reset_index(drop=True)}


def _export_columns(data: bytes, where: str) -> dict[str, str]:
    """Our name -> name in the export; the decade must be one in all of them."""
    first = data.decode("utf-8-sig", errors="replace").partition("\n")[0].strip()
    head = [cell.strip() for cell in delimited.cells(first, ",", True)]
    names = {ours: theirs for theirs, ours in _EXPORT_FIXED.items()}
    spans = set()
    for ours, pattern in _EXPORT_YEARS.items():
        found = [c for c in head if c not in names.values() and re.fullmatch(pattern, c)]
        if not found:
            raise ShapeChanged(where, f"no column like '{pattern}'; found {head[:14]}", ADVICE)
        names[ours] = found[0]
        years = re.fullmatch(pattern, found[0]).groups()
        spans |= {years} if len(years) == 2 else set()
    stated = tuple(re.search(r"\d{4}", names[f"employment_{e}"])[0] for e in ("base", "target"))
    if spans != {stated} or stated[0] > stated[1]:
        raise ShapeChanged(where, f"the headers name different years: {head}", ADVICE)
    return names


def _export_years(names: dict[str, str]) -> list[int]:
    return [int(re.search(r"\d{4}", names[f"employment_{end}"])[0]) for end in ("base", "target")]


def _titles(cells: pd.Series, where: str) -> pd.Series:
    text = cells.map(lambda cell: " ".join(re.sub(r"\(\d+\)\s*$", "", str(cell)).split()))
    text = text.astype("str")
    refuse(text == "", cells, "empty, expected text", where)
    return text


def _words(cells: pd.Series) -> pd.Series:
    """Text, missing where BLS writes a dash; a value outside the contract is refused later."""
    text = cells.astype("str").str.strip()
    return text.where(~text.isin(["", *_UNAVAILABLE])).astype("str")


def _unflagged(cells: pd.Series, where: str, *, signed: bool = False) -> pd.Series:
    return numbers(cells, where, _UNAVAILABLE, signed=signed)[0]


def _wage(cells: pd.Series, where: str) -> tuple[pd.Series, pd.Series]:
    """Median wage and flag; ``>=$239,200`` is top-coded."""
    text = cells.astype("str").str.strip()
    top = text.str.fullmatch(r">=\s*\$?[\d,]+")
    bare = cells.where(~top, "#").astype(object)
    bare = bare.map(lambda cell: cell.strip().lstrip("$") if isinstance(cell, str) else cell)
    return numbers(bare.rename(cells.name), where, {**_UNAVAILABLE, "#": "top-coded"})
