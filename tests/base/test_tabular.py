"""What leaves the program: neutral cells, whole files, empty results with their columns."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.base import tabular
from pipelines.base.errors import UsageError

#: What starts a formula in a spreadsheet, plain and as East Asian keyboards write it.
SIGNS = [*"=+-@", "\t", "\uff1d", "\uff0b", "\uff0d", "\uff20"]


@pytest.mark.parametrize(
    "cell", ["\n=x", "\nx", "-", *(b + s + "A1" for s in SIGNS for b in ("", " ", "   "))]
)
def test_text_that_a_spreadsheet_would_run_is_quoted(cell):
    text = tabular.to_csv_text(pd.DataFrame({"title": [cell], "value": [-1.5]}))
    row = list(csv.reader(io.StringIO(text, newline="")))[1]
    assert row == ["'" + cell, "-1.5"]


NUMBERS = [
    "-5", "+5", "-1.50", "+.5", "-1,234.5", "-1.234,5", "-12345678901234567890123", "-5e-3", "-50%",
    " -7 ", "-inf", "-NaN", "+0012",
]  # fmt: skip


@pytest.mark.parametrize("cell", NUMBERS)
def test_a_number_is_no_formula_however_it_is_signed(cell):
    assert tabular.neutral_text(cell) == cell
    assert tabular.guarded(pa.chunked_array([[cell, "x"]])).to_pylist() == [cell, "x"]


RUN = ["=1", "-1+1", "+1-555-0100", "-A1", "-", "- 5", "@x", "\t1", "\r1", "\n1", "-1\n", "\uff0d5",
       "\uff1d1", " =1", "-5 -3", "-infx"]  # fmt: skip


@pytest.mark.parametrize("cell", RUN)
def test_both_guards_quote_the_same_cells(cell):
    column = tabular.guarded(pa.chunked_array([[cell, None, "x\r\ny"]]))
    assert column.to_pylist() == ["'" + cell, None, "x\r\ny"]
    assert str(tabular.neutral_text(cell)).startswith("'")


@given(st.text(alphabet="=+-@\t\r\n 0159.,eE%ainf\uff0dx", max_size=8))
def test_the_two_guards_agree(cell):
    alone = str(tabular.neutral_text(cell)).startswith("'")
    assert (tabular.guarded(pa.chunked_array([[cell]]))[0].as_py() != cell) == alone


@pytest.mark.parametrize("cell", ["a=1", "1+1", "29-2072", "a@b.org", " x", "a\nb", "'=1", "*", ""])
def test_other_text_is_left_alone(cell):
    text = tabular.to_csv_text(pd.DataFrame({"title": [cell], "value": [-1.5]}))
    assert list(csv.reader(io.StringIO(text, newline="")))[1] == [cell, "-1.5"]


def test_numbers_and_missing_cells_are_no_text():
    frame = pd.DataFrame({"n": [-1, 2], "yes": [True, False], "text": ["-x", None]})
    assert tabular.to_csv_text(frame) == "n,yes,text\n-1,True,'-x\n2,False,\n"
    assert tabular.neutral_text(-1.5) == -1.5
    mixed = pd.DataFrame({"a": pd.Series([-1, "=1"], dtype="object")})
    assert tabular.to_csv_text(mixed) == "a\n-1\n'=1\n"


def test_a_carriage_return_does_not_end_a_row():
    text = tabular.to_csv_text(pd.DataFrame({"title": ["a\rb", "\r=c"], "value": [1, 2]}))
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows == [["title", "value"], ["a\nb", "1"], ["'\n=c", "2"]]


@given(st.lists(st.text(max_size=30), min_size=1, max_size=10))
def test_no_text_cell_of_a_csv_starts_like_a_formula(cells):
    text = tabular.to_csv_text(pd.DataFrame({"title": cells}))
    for row in list(csv.reader(io.StringIO(text, newline="")))[1:]:
        assert (
            not row
            or not row[0].startswith(("=", "+", "-", "@", "\t", "\r"))
            or re.fullmatch(r"[+-][0-9.,eE%+ -]+|[+-](inf|infinity|nan)", row[0], re.IGNORECASE)
        )


def test_a_column_name_is_text_too():
    assert tabular.to_csv_text(pd.DataFrame({"=1": [1]})) == "'=1\n1\n"


def test_an_empty_result_keeps_its_columns(capsys):
    tabular.show(pd.DataFrame(columns=["rank", "title"]), "csv")
    assert capsys.readouterr().out == "rank,title\n"


def test_json_is_records_and_missing_is_null(capsys):
    tabular.show(pd.DataFrame({"title": ["[b]x"], "wage": [float("nan")]}), "json")
    assert json.loads(capsys.readouterr().out) == [{"title": "[b]x", "wage": None}]


def test_a_bracket_in_a_title_is_printed_as_it_is(capsys):
    tabular.show(pd.DataFrame({"title": ["[red]Technician[/red]"]}))
    assert "[red]Technician[/red]" in capsys.readouterr().out


def test_unknown_formats_and_endings_are_usage_errors(tmp_path):
    frame = pd.DataFrame({"a": [1]})
    with pytest.raises(UsageError, match="table, csv, json"):
        tabular.show(frame, "xml")
    with pytest.raises(UsageError, match="parquet"):
        tabular.save(frame, tmp_path / "a.txt")


def test_endings_are_read_in_any_case(tmp_path):
    frame = pd.DataFrame({"a": [-1]})
    for name in ("a.CSV", "a.csv.gz", "b.Csv.GZ", "a.PARQUET"):
        tabular.save(frame, tmp_path / name)
    assert (tmp_path / "a.CSV").read_text() == "a\n-1\n"
    assert gzip.decompress((tmp_path / "b.Csv.GZ").read_bytes()) == b"a\n-1\n"
    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "b.Csv.GZ").read_bytes()
    assert pd.read_parquet(tmp_path / "a.PARQUET").equals(frame)


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    tabular.save(pd.DataFrame({"a": [1]}), path)

    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(OSError, match="space"):
        tabular.save(pd.DataFrame({"a": [2]}), path)
    assert path.read_text() == "a\n1\n"
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]
