"""Files that are not what they should be end in an error that names file, problem and way out."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from real_files import one_each

from pipelines.base.errors import ShapeChanged, SourceFailed
from pipelines.sources.catalog import dataset_of, loadable
from pipelines.sources.files import archives
from pipelines.sources.read import crosswalks, delimited

HTML = b"\n<!DOCTYPE html><html><body>Access denied</body></html>"
ZIPPED = [d.id for d in one_each(loadable().values()) if d.media in ("zip", "xlsx")]
PLAIN = [d.id for d in one_each(loadable().values()) if d.media in ("csv", "tsv")]


def load(name, path):
    dataset = dataset_of(name)
    return dataset.load()(path, dataset)


def zipped(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("name", ZIPPED + PLAIN)
@pytest.mark.parametrize(("data", "problem"), [(HTML, "HTML"), (b"", "empty"), (b" \n", "empty")])
def test_every_loader_names_a_web_page_or_nothing(tmp_path, name, data, problem):
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(SourceFailed, match=problem):
        load(name, path)


@pytest.mark.parametrize("name", ZIPPED)
def test_every_loader_names_a_truncated_archive(tmp_path, name, sources):
    whole = (sources / dataset_of(name).mirror_path).read_bytes()
    path = tmp_path / "file"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceFailed, match="truncated"):
        load(name, path)


def test_a_file_that_is_not_there(tmp_path):
    for name in ("onet_29_3", "telework"):
        with pytest.raises(SourceFailed, match="nowhere"):
            load(name, tmp_path / "nowhere")


def test_bytes_changed_inside_a_zip_are_noticed(tmp_path):
    path = zipped(tmp_path / "a.zip", a="the same words again " * 500)
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(data)
    with (
        archives.open_zip(path, "a.zip") as archive,
        pytest.raises(SourceFailed, match="a in the zip is truncated or damaged"),
    ):
        archives.read_member(archive, "a", "a.zip")


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/etc/evil", "a/../../evil", "..\\evil", "C:/evil"]
)
def test_a_member_that_leads_out_of_its_folder(tmp_path, name):
    path = zipped(tmp_path / "a.zip", **{name: "x"})
    with pytest.raises(SourceFailed, match="leads out"):
        archives.open_zip(path, "a.zip")


def test_a_zip_bomb(tmp_path):
    path = zipped(tmp_path / "a.zip", zeros=bytes(20_000_000))
    with pytest.raises(SourceFailed, match="zip bomb"):
        archives.open_zip(path, "a.zip")


def test_too_many_members_and_too_many_bytes(tmp_path, monkeypatch):
    path = zipped(tmp_path / "a.zip", a="12345", b="12345")
    monkeypatch.setattr(archives, "MAX_UNPACKED", 9)
    with pytest.raises(SourceFailed, match="unpacks to 10 bytes"):
        archives.open_zip(path, "a.zip")
    monkeypatch.setattr(archives, "MAX_MEMBERS", 1)
    with pytest.raises(SourceFailed, match="holds 2 files"):
        archives.open_zip(path, "a.zip")


def test_a_missing_member_is_named_with_what_is_there(tmp_path):
    with pytest.raises(ShapeChanged, match=r"no file Occupation Data\.txt.*Other\.txt"):
        load("onet_29_3", zipped(tmp_path / "a.zip", **{"db/Other.txt": "x"}))


def walk(tmp_path, data):
    path = tmp_path / "walk.csv"
    path.write_bytes(data)
    return crosswalks.load_walk(path, dataset_of("onet_walk_2010_2019"))


WALK = (
    "O*NET-SOC 2010 Code,O*NET-SOC 2010 Title,O*NET-SOC 2019 Code,O*NET-SOC 2019 Title\n"
    "11-1011.00,Chiefs,11-1011.00,Chiefs\n"
)


def test_a_byte_order_mark_and_windows_line_ends_are_taken(tmp_path):
    frame = walk(tmp_path, b"\xef\xbb\xbf" + WALK.replace("\n", "\r\n").encode())
    assert frame["onet_walk_2010_2019"]["title"].tolist() == ["Chiefs"]


@pytest.mark.parametrize(
    ("data", "error", "problem"),
    [
        (WALK.replace("2019 Code", "Kode").encode(), ShapeChanged, "missing: O.NET-SOC 2019 Code"),
        (WALK.replace(",", "\t").encode(), ShapeChanged, "separated by tabs, expected commas"),
        (WALK.replace(",", ";").encode(), ShapeChanged, "separated by semicolons"),
        (WALK.replace("Chiefs", "Chéfs").encode("latin-1"), SourceFailed, "line 2 is not UTF-8"),
        (WALK.encode("utf-16"), SourceFailed, "not UTF-8"),
        (WALK.encode() + b"11-1011.00,Chiefs\n", ShapeChanged, "do not fit the header"),
        (WALK.split("\n")[0].encode(), ShapeChanged, "no rows"),
        (WALK.replace("2010 Title", "2010 Code").encode(), ShapeChanged, "missing"),
    ],
)
def test_bad_text_is_named(tmp_path, data, error, problem):
    with pytest.raises(error, match=problem) as caught:
        walk(tmp_path, data)
    assert "onetcenter.org" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_column_that_stands_twice():
    with pytest.raises(ShapeChanged, match="twice: a"):
        delimited.read_text(b"a\tb\ta\n1\t2\t3\n", "f", ["a"])


def test_a_structure_row_with_two_codes(tmp_path):
    path = tmp_path / "s.csv"
    path.write_text(
        "Major Group,Minor Group,Broad Occupation,Detailed Occupation,"
        "Detailed O*NET-SOC,SOC or O*NET-SOC 2019 Title\n"
        "11-0000,,,,,Management\n11-0000,11-1000,,,,Top\n"
    )
    with pytest.raises(ShapeChanged, match="row 2 has 2 codes"):
        load("onet_structure_2019", path)


def workbook(rows, sheet="Data"):
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_header_below_a_title_block_is_found():
    data = workbook([["A title"], [], ["SOC\nCode", "Value"], ["11-1011", 1.5], [None, None]])
    frame = delimited.read_sheet(data, "Data", ["Value", "SOC Code"], "f")
    assert frame.to_dict("list") == {"Value": [1.5], "SOC Code": ["11-1011"]}


@pytest.mark.parametrize(
    ("rows", "sheet", "problem"),
    [
        ([["a", "b"], [1, 2]], "Other", "no sheet 'Other'; it has .*Data"),
        ([["a", "c"], [1, 2]], "Data", "missing: b; found: a, c"),
        ([["a", "b"]], "Data", "no rows"),
        ([[]], "Data", "missing: a, b"),
    ],
)
def test_a_bad_sheet_is_named(rows, sheet, problem):
    with pytest.raises(ShapeChanged, match=problem):
        delimited.read_sheet(workbook(rows), sheet, ["a", "b"], "f")


def test_a_zip_that_is_no_workbook(tmp_path):
    with pytest.raises(SourceFailed, match="cannot be read"):
        delimited.read_sheet(zipped(tmp_path / "a.xlsx", a="x"), 0, ["a"], "f")


@pytest.mark.parametrize("cell", ["x", "1,5", "inf", "1e999"])
def test_a_cell_that_is_no_number_is_named(cell):
    frame = delimited.read_text(f"v\n1\n{cell}\n".encode(), "f", ["v"])
    with pytest.raises(ShapeChanged, match=r"column v: expected numbers, found data rows 2"):
        delimited.numbers(frame["v"], "f")


def test_a_flag_that_is_neither_yes_nor_no():
    frame = delimited.read_text(b"v\nY\nmaybe\n", "f", ["v"])
    with pytest.raises(ShapeChanged, match="maybe"):
        delimited.yes(frame["v"], "f")


# A line of nothing but white space is no row, so a cell holds something that is seen.
CELL = st.text(st.characters(codec="utf-8", exclude_characters="\t\r\n\0"), min_size=1).filter(
    str.strip
)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=20))
def test_tab_separated_cells_come_back_as_written(rows):
    data = "a\tb\n" + "".join(f"{a}\t{b}\n" for a, b in rows)
    frame = delimited.read_text(data.encode(), "f", ["a", "b"])
    assert list(frame.itertuples(index=False, name=None)) == rows


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_our_own_words(data):
    for call in (
        lambda: delimited.read_text(data, "f", ["a"]),
        lambda: delimited.read_text(b"a\n" + data, "f", ["a"], quoted=True),
        lambda: delimited.read_sheet(data, 0, ["a"], "f"),
    ):
        message = ""
        try:
            call()
        except (SourceFailed, ShapeChanged) as error:
            message = str(error)
        assert "\n" not in message
