"""Ways in which the content of a source goes wrong, each on the table and columns that matter."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from . import mirror
from .tables import Source, Table


@dataclass(frozen=True)
class Target:
    """Where a source is hit.

    Attributes
    ----------
    table : str
        Name of the table within the file; "" for the only one.
    code, text, number : str
        A code, a free text and a number that the loader reads.
    signed : bool
        Whether the number may be below 0.
    commas : bool
        Whether the publisher writes thousands as ``1,234``.
    """

    table: str
    code: str
    text: str
    number: str
    signed: bool = False
    commas: bool = False


_TITLE, _CODE = "2022 National Employment Matrix title", "2022 National Employment Matrix code"
_OEWS = Target("", "OCC_CODE", "OCC_TITLE", "TOT_EMP", commas=True)
_LABEL = Target("", "O*NET-SOC Code", "Title", "Task ID")
TARGETS = {
    "onet_29_3": Target("Task Statements.txt", "O*NET-SOC Code", "Task", "Incumbents Responding"),
    "onet_excel_30_2": Target("Education, Training, and Experience.xlsx", "O*NET-SOC Code",
                              "Scale ID", "Data Value"),
    "onet_18": Target("Abilities.txt", "O*NET-SOC Code", "Element Name", "Data Value",
                      signed=True),
    "oews_nat_2025": _OEWS,
    "oews_st_2025": _OEWS,
    "oews_ma_2025": Target("", "OCC_CODE", "AREA_TITLE", "TOT_EMP", commas=True),
    "cpi_u": Target("", "series_id        ", "footnote_codes", "       value"),
    "ep_workbook": Target("Table 1.7", _CODE, _TITLE, "Employment, 2022", commas=True),
    "ep_export": Target("", "Occupation Code", "Occupation Title", "Employment 2024",
                        commas=True),
    "gpts_labels": _LABEL,
    "wwai_scores": Target("", "SOC Code", "title", "ai_applicability_score"),
    "aioe": Target("Appendix A", "SOC Code", "Occupation Title", "AIOE", signed=True),
    "telework": Target("", "onetsoccode", "title", "teleworkable"),
}  # fmt: skip
TEXTS = [n for n in TARGETS if mirror.SOURCES[n]().kind in ("text", "zip")]
BOOKS = [n for n in TARGETS if n not in TEXTS]
Spoil = Callable[[Source, Target], Source | bytes]


def table(source: Source, target: Target) -> Table:
    return source.tables[target.table or next(iter(source.tables))]


def _row(found: Table) -> list:
    """A row in the middle, never a total."""
    return found.rows[len(found.rows) // 2]


def amended(source: Source, target: Target) -> Source:
    """A next edition: one text differs."""
    found = table(source, target)
    _row(found)[found.column(target.text)] = f"New {_row(found)[found.column(target.text)]}"
    return source


def missing_column(source: Source, target: Target) -> Source:
    found = table(source, target)
    at = found.column(target.number)
    found.header.pop(at)
    for row in found.rows:
        row.pop(at)
    return source


def renamed_column(source: Source, target: Target) -> Source:
    found = table(source, target)
    found.header[found.column(target.number)] = "Figure"
    return source


def swapped_headers(source: Source, target: Target) -> Source:
    found = table(source, target)
    a, b = found.column(target.code), found.column(target.text)
    found.header[a], found.header[b] = found.header[b], found.header[a]
    return source


def swapped_figures(source: Source, target: Target) -> Source:
    """The header of a text over the numbers, and the other way round."""
    found = table(source, target)
    a, b = found.column(target.text), found.column(target.number)
    found.header[a], found.header[b] = found.header[b], found.header[a]
    return source


def extra_column(source: Source, target: Target) -> Source:
    found = table(source, target)
    found.header.insert(1, "Notes")
    for row in found.rows:
        row.insert(1, "made")
    return source


def columns_in_other_order(source: Source, target: Target) -> Source:
    found = table(source, target)
    found.header.reverse()
    for row in found.rows:
        row.reverse()
    return source


def rows_in_other_order(source: Source, target: Target) -> Source:
    table(source, target).rows.reverse()
    return source


def header_only(source: Source, target: Target) -> Source:
    table(source, target).rows.clear()
    return source


def half_the_rows(source: Source, target: Target) -> Source:
    found = table(source, target)
    for name, other in source.tables.items():
        # In a workbook whose sheets must name the same occupations, all lose the same half.
        if other is found or name in ("Table 1.2", "Table 1.10"):
            del other.rows[len(other.rows) // 2 :]
    return source


def duplicate_rows(source: Source, target: Target) -> Source:
    found = table(source, target)
    found.rows += [list(row) for row in found.rows[-3:]]
    return source


def _cell(column: str, value: Callable[[object], object]) -> Spoil:
    def spoil(source: Source, target: Target) -> Source:
        found = table(source, target)
        at = found.column(getattr(target, column))
        row = _row(found)
        row[at] = value(row[at])
        return source

    return spoil


a_word_for_a_number = _cell("number", lambda _: "many")
not_a_number = _cell("number", lambda _: "#N/A")
infinite = _cell("number", lambda _: "1e999")
negative = _cell("number", lambda _: -7)
code_as_a_date = _cell("code", lambda _: "Sep-21")
empty_code = _cell("code", lambda _: "")
code_of_another_form = _cell("code", lambda v: str(v).replace("-", ""))
accented = _cell("text", lambda _: "Prothésiste")


def _numbers(write: Callable[[float], object]) -> Spoil:
    def spoil(source: Source, target: Target) -> Source:
        found = table(source, target)
        at = found.column(target.number)
        for row in found.rows:
            row[at] = write(float(str(row[at]).replace(",", "")))
        return source

    return spoil


numbers_as_text = _numbers(lambda v: f"{v:.10g}")
thousands_separators = _numbers(lambda v: f"{v * 1000:,.0f}")
own_separators = _numbers(lambda v: f"{v:,.10g}")
decimal_commas = _numbers(lambda v: f"{v:.1f}".replace(".", ","))


def wrong_year(source: Source, target: Target) -> Source:
    """Last year's file under this year's name."""
    if source.folder.startswith("db_"):
        source.folder = "db_28_0_text/"
    elif source.folder:
        source.tables = {re.sub(r"20\d\d", "2019", k): v for k, v in source.tables.items()}
    else:  # the first header of a decade, against the others
        found = table(source, target)
        found.header = [name.replace("2022-32", "2019-29").replace("2024-2034", "2019-2029")
                        for name in found.header]  # fmt: skip
    return source


# ------------------------------------------------------------------------- bytes of a text
def _encoded(code: str) -> Spoil:
    def spoil(source: Source, target: Target) -> bytes:
        return mirror.encode_with(accented(source, target), lambda data: data.decode().encode(code))

    return spoil


latin_1 = _encoded("latin-1")
utf_16 = _encoded("utf-16")


def windows_line_ends(source: Source, target: Target) -> bytes:
    return mirror.encode_with(source, lambda data: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"))


def other_delimiter(source: Source, target: Target) -> Source:
    source.delimiter = ";"
    return source


def ragged_row(source: Source, target: Target) -> Source:
    _row(table(source, target)).append("one more")
    return source


def null_bytes(source: Source, target: Target) -> bytes:
    return mirror.encode_with(source, lambda data: data.replace(b"Made", b"M\0de"))


def cut_in_a_row(source: Source, target: Target) -> bytes:
    return mirror.encode_with(source, lambda data: data[: len(data) * 2 // 3])
