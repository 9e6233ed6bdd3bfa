"""A small complete mirror: every source of the catalog in its publisher's layout, made by code.

`SOURCES` makes the content of each file anew, so a test may change it freely; `encode` turns
content into the bytes of the file.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl

from pipelines.sources.catalog import dataset_of

from .bls_files import areas, ep_export, ep_workbook, national, nem, price_index, states
from .onet_files import onet_18, onet_books, onet_text, structure, walk
from .school_files import charges, cip_soc, completions, institutions, scorecard
from .study_files import (
    aioe,
    applicability,
    automation,
    index,
    iwa,
    labels,
    move_codes,
    moves,
    observed,
    penetration,
    ratings,
    telework,
    weights,
)
from .tables import Source, Table

SOURCES: dict[str, Callable[[], Source]] = {
    "onet_29_3": onet_text,
    "onet_excel_30_2": onet_books,
    "onet_18": onet_18,
    "onet_walk_2010_2019": walk,
    "onet_structure_2019": structure,
    "oews_nat_2015": national(2015),
    **{f"oews_nat_{year}": national(year) for year in (2017, 2018, 2019, 2020, 2021)},
    **{f"oews_nat_{year}": national(year) for year in (2022, 2023, 2024)},
    "oews_nat_2025": national(2025),
    "oews_st_2025": states,
    "oews_ma_2025": areas,
    "cpi_u": price_index,
    "ep_workbook": ep_workbook,
    "ep_export": ep_export,
    "nem_crosswalk": nem,
    "gpts_labels": labels,
    "gpts_automation": automation,
    "wwai_iwa": iwa,
    "wwai_scores": applicability,
    "wwai_weights": weights,
    "aioe": aioe("Appendix A", "AIOE"),
    "aioe_lm": aioe("LM AIOE", "Language Modeling AIOE"),
    "economic_index": index,
    "observed_exposure": observed,
    "task_penetration": penetration,
    "workbank_experts": ratings("Automation Capacity Rating"),
    "workbank_workers": ratings("Automation Desire Rating"),
    "telework": telework,
    "cps_moves": moves,
    "cps_move_codes": move_codes,
    "cip_soc": cip_soc,
    "ipeds_completions_2024": completions,
    "ipeds_institutions_2024": institutions,
    "ipeds_charges_2023": charges,
    "scorecard_fields": scorecard,
}


def text_bytes(table: Table, delimiter: str) -> bytes:
    """Delimited text; cells with the delimiter or a quote in them are quoted."""

    def cell(value: object) -> str:
        text = str(value)
        if delimiter == "," and any(mark in text for mark in ',"\n'):
            return '"' + text.replace('"', '""') + '"'
        return text

    return "".join(delimiter.join(map(cell, row)) + "\n" for row in table.all_rows()).encode()


def book_bytes(sheets: dict[str, Table]) -> bytes:
    """An XLSX workbook."""
    book = openpyxl.Workbook(write_only=True)
    for name, table in sheets.items():
        sheet = book.create_sheet(name)
        for row in table.all_rows():
            sheet.append([None if value == "" else value for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def zip_bytes(members: dict[str, bytes]) -> bytes:
    """A zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def encode(source: Source) -> bytes:
    """The file of a source."""
    return encode_with(source, lambda data: data)


def encode_with(source: Source, change: Callable[[bytes], bytes]) -> bytes:
    """The file of a source, the bytes of each text or workbook in it changed."""
    if source.kind == "text":
        return change(text_bytes(source.tables[""], source.delimiter))
    if source.kind == "book":
        return change(book_bytes(source.tables))
    members = {}
    for name, table in source.tables.items():
        # A sheet's name is at most 31 letters; OEWS names it as the file.
        sheet = {name.removesuffix(".xlsx")[:31]: table}
        data = book_bytes(sheet) if source.kind == "books" else text_bytes(table, source.delimiter)
        members[source.folder + name] = change(data)
    return zip_bytes(members)


def place(mirror: Path, name: str) -> Path:
    """Where the file of a dataset lies in a mirror."""
    return mirror / dataset_of(name).mirror_path


def write(mirror: Path) -> Path:
    """Write all files of the mirror."""
    for name, make in SOURCES.items():
        file = place(mirror, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(encode(make()))
    return mirror
