"""Every parser of what others wrote: any input is read, or refused in one line of our own."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pytest
from faults import mirror
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.base import contracts, csv_in
from pipelines.base import settings as _settings
from pipelines.base.errors import OutlookError
from pipelines.pathways.schooling import costs, education
from pipelines.releases import store
from pipelines.sources import catalog
from pipelines.sources.catalog import dataset_of
from pipelines.sources.fetch import drop_folder, raw_files
from pipelines.sources.files import archives, books
from pipelines.sources.read import bls_cells, delimited

TEXT_SOURCES = [name for name, make in mirror.SOURCES.items() if make().kind == "text"]
SMALL = st.text(st.characters(codec="utf-8"), max_size=40)
quick = settings(max_examples=40, deadline=None,
                 suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip


def refused_in_one_line(call):
    """Run; one of our errors is an answer too, if it is one line."""
    try:
        return call()
    except OutlookError as error:
        said = str(error)
    assert "\n" not in said
    return None


@pytest.mark.parametrize("name", TEXT_SOURCES)
@quick
@given(data=st.data())
def test_a_text_source_with_any_cell_loads_into_its_contract_or_is_refused(tmp_path, name, data):
    source = mirror.SOURCES[name]()
    table = source.tables[""]
    row = data.draw(st.integers(0, len(table.rows) - 1))
    column = data.draw(st.integers(0, len(table.header) - 1))
    table.rows[row][column] = data.draw(SMALL)
    path = tmp_path / "file"
    path.write_bytes(mirror.encode(source))
    dataset = dataset_of(name)
    found = refused_in_one_line(lambda: dataset.load()(path, dataset)) or {}
    for table_name, frame in found.items():
        assert set(frame.columns) <= set(contracts.contracts()[table_name].names)


@pytest.mark.parametrize("name", TEXT_SOURCES)
@quick
@given(header=st.lists(SMALL, min_size=1, max_size=6))
def test_a_text_source_with_any_header_is_refused_and_named(tmp_path, name, header):
    source = mirror.SOURCES[name]()
    source.tables[""].header = header
    path = tmp_path / "file"
    path.write_bytes(mirror.encode(source))
    dataset = dataset_of(name)
    with pytest.raises(OutlookError):
        dataset.load()(path, dataset)


@quick
@given(st.binary(max_size=300), st.integers(0, 3000), st.integers(0, 40))
def test_a_workbook_with_any_piece_replaced(piece, at, length):
    good = mirror.encode(mirror.SOURCES["aioe"]())
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    members["xl/worksheets/sheet1.xml"] = sheet[:at] + piece + sheet[at + length :]
    data = mirror.zip_bytes(members)
    refused_in_one_line(lambda: delimited.read_sheet(data, 0, ["SOC Code", "AIOE"], "f"))


@quick
@given(st.integers(0, 2000), st.binary(max_size=8))
def test_an_archive_with_any_bytes_replaced(at, piece):
    good = mirror.zip_bytes({"a/b.txt": b"the same words again " * 40, "c.txt": b"x"})
    data = good[:at] + piece + good[at + len(piece) :]

    def read():
        with archives.open_zip(data, "f") as archive:
            archives.check_content(archive, "f")

    refused_in_one_line(read)


@quick
@given(st.from_regex(r"[A-Za-z]{1,60}[0-9]{1,12}", fullmatch=True))
def test_a_cell_at_any_place_asks_for_no_more_than_the_limits(place):
    good = mirror.encode(mirror.SOURCES["aioe"]())
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    members[name] = members[name].replace(b'r="A2"', b'r="%s"' % place.encode(), 1)
    frame = refused_in_one_line(
        lambda: delimited.read_sheet(mirror.zip_bytes(members), 0, ["SOC Code"], "f")
    )
    assert frame is None or len(frame) <= books.MAX_ROWS


@given(SMALL)
def test_any_words_are_a_level_or_are_refused(words):
    level = refused_in_one_line(lambda: education.EDUCATION_LEVELS[education.level_index(words)])
    assert level is None or level in education.EDUCATION_LEVELS


@given(st.dictionaries(st.sampled_from(["two_year", "four_year", "other"]), st.integers()), SMALL)
def test_any_prices_are_sums_of_money_or_refused(given_prices, source):
    lines = "".join(f"{key} = {value}\n" for key, value in given_prices.items())
    text = f"source = {source!r}\n[per_year]\n{lines}"
    found = refused_in_one_line(lambda: costs.parse_prices(text, "f"))
    assert found is None or all(0 <= v <= 1e7 for v in found["per_year"].values())


def test_a_price_of_four_hundred_digits_is_refused():
    with pytest.raises(OutlookError, match="not a price"):
        costs.parse_prices(f"[per_year]\ntwo_year = {'9' * 400}", "f")


@quick
@given(st.text())
def test_any_catalog_is_read_or_named(text):
    try:
        found = catalog.parse(text)
    except ValueError:  # the catalog is ours: an error in it is for its editor
        return
    assert all(dataset.url.startswith("https://") for dataset in found.values())


@quick
@given(st.binary(max_size=300))
def test_any_file_of_statements_is_rows_or_refused(tmp_path, data):
    path = tmp_path / "in.csv"
    path.write_bytes(data)
    refused_in_one_line(lambda: [chunk.table.num_rows for chunk in csv_in.csv_chunks(str(path))])


@quick
@given(st.binary(max_size=300))
def test_any_manifest_is_a_release_or_refused(tmp_path, data):
    (tmp_path / "manifest.json").write_bytes(data)
    refused_in_one_line(lambda: store.open_release(tmp_path))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["id", "tables", "sources", "x"]), inner, max_size=4),
    max_leaves=10,
)  # fmt: skip


@quick
@given(JSON)
def test_json_of_any_shape_is_a_release_or_refused(tmp_path, value):
    (tmp_path / "manifest.json").write_text(pd.io.json.ujson_dumps(value))
    refused_in_one_line(lambda: store.open_release(tmp_path))


@quick
@given(st.one_of(st.binary(max_size=100), JSON.map(lambda v: pd.io.json.ujson_dumps(v).encode())))
def test_any_memory_of_downloads_is_known_or_forgotten(tmp_path, data):
    here = _settings.load({"OUTLOOK_DATA": str(tmp_path)})
    here.downloads.mkdir(parents=True, exist_ok=True)
    (here.downloads / "index.json").write_bytes(data)
    assert isinstance(raw_files.read_index(here), dict)
    assert raw_files.known("telework", here) is None


@quick
@given(st.binary(max_size=300))
def test_any_file_in_the_drop_folder_is_described(tmp_path, data):
    path = tmp_path / "dropped"
    path.write_bytes(data)
    assert "\n" not in drop_folder.content_of(path).words


@quick
@given(st.lists(st.one_of(SMALL, st.floats(), st.booleans(), st.none()), min_size=1, max_size=5))
def test_any_cells_are_numbers_or_refused(cells):
    values = pd.Series(cells, dtype=object, name="v")
    found = refused_in_one_line(lambda: bls_cells.numbers(values, "f", {"*": "suppressed"}))
    assert found is None or (found[0].dropna() >= 0).all()


@given(SMALL, SMALL)
def test_a_header_cell_with_anything_in_it_is_read_or_refused(name, cell):
    data = f"a,{name}\n1,{cell}\n".encode()
    refused_in_one_line(
        lambda: delimited.read_text(data, "f", ["a"], delimiter=",", quoted=True, optional=["b"])
    )
