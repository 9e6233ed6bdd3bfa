"""The drop folder: files are known by what is in them, checked like any other, and used."""

from __future__ import annotations

import io
import shutil
import zipfile
from dataclasses import replace

import pytest
from faults import mirror
from netserver import PAGE, ZIP, Answer, zipped
from openpyxl import Workbook
from real_files import held

from pipelines.base import settings as _settings
from pipelines.base.errors import SourceFailed, UsageError
from pipelines.sources.catalog import dataset_of, load_catalog, loadable
from pipelines.sources.fetch import download, drop_folder

CATALOG = load_catalog()
WALK = dataset_of("onet_walk_2010_2019")
HEADER = b"O*NET-SOC 2010 Code,O*NET-SOC 2010 Title,O*NET-SOC 2019 Code,O*NET-SOC 2019 Title\n"
ROW = b"11-1011.00,Chief Executives,11-1011.00,Chief Executives\n"


def archive(**members: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        for name, text in members.items():
            made.writestr(zipfile.ZipInfo(name), text)
    return data.getvalue()


def wages(text: str = "x", year: int = 2025) -> bytes:
    return archive(**{f"oesm{year % 100}nat/national_M{year}_dl.xlsx": text})


@pytest.fixture
def settings(web_settings):
    return web_settings


@pytest.fixture
def drop(settings):
    settings.dropbox.mkdir(parents=True)

    def put(name: str, data: bytes):
        (settings.dropbox / name).write_bytes(data)
        return settings.dropbox / name

    return put


@pytest.fixture
def refusing(server):
    server.answers = [Answer(PAGE, 403)]
    return server


def test_a_refused_file_is_taken_from_the_drop_folder_whatever_its_name(refusing, drop, get):
    with pytest.raises(SourceFailed, match=r"403 with a block page.*save the file into .*dropbox"):
        get()
    drop("Unconfirmed 8231 (1).dat", wages())
    fetched = get()
    assert fetched.origin == "drop folder: Unconfirmed 8231 (1).dat"
    assert fetched.path.read_bytes() == wages()
    assert fetched.path.name == "oesm25nat.zip"


def test_it_is_used_where_bls_is_not_asked_for_want_of_a_contact(settings, drop, get):
    drop("a", wages())
    real = replace(settings, mirror=None)
    assert get(settings=real).path.read_bytes() == wages()
    download.require([ZIP], real)
    with pytest.raises(UsageError, match="OUTLOOK_CONTACT"):
        download.require([ZIP, dataset_of("oews_st_2025")], real)


def test_it_is_not_used_while_the_server_answers(server, drop, get):
    drop("oesm25nat.zip", wages("by hand"))
    server.answers = [Answer(wages("served"))]
    assert get().path.read_bytes() == wages("served")


def test_the_right_name_with_other_content_is_not_used(refusing, drop, get):
    drop("oesm25nat.zip", wages(year=2024))
    with pytest.raises(SourceFailed, match="403"):
        get()
    assert get(dataset=dataset_of("oews_nat_2024")).path.name == "oesm24nat.zip"


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (PAGE, "an HTML page titled 'Access Denied'; it fits no source"),
        (b"", "an empty file"),
        (b"\x89PNG\r\n\x1a\n\0\0", "no file of a kind that a source has"),
        (archive(**{"db_30_3_text/Essential Skills.txt": "x"}), "zip archive with db_30_3_text"),
        (wages()[:-20], "truncated or damaged"),
        (archive(**{"../evil": "x"}), "leads out of its folder"),
        (archive(**{"xl/workbook.xml": "<no"}), "a damaged workbook"),
        (b"name,age\nada,36\n", "text with the columns name, age"),
        (b'a,"b\n', "text with the columns|no file of a kind"),
    ],
)
def test_a_file_that_fits_no_source_is_named_with_what_it_is(refusing, drop, get, data, named):
    drop("thing\x1b[31m.bin", data)
    with pytest.raises(SourceFailed, match=f"403.*thing.*is not used: .*{named}") as caught:
        get()
    assert "\x1b" not in str(caught.value)
    assert "http" in str(caught.value)


def test_a_folder_a_browser_unpacked_is_named(refusing, settings, drop, get):
    (settings.dropbox / "db_29_3_text").mkdir(parents=True)
    with pytest.raises(SourceFailed, match="db_29_3_text in the drop folder.*put the file itself"):
        get()


def test_hidden_files_are_left_alone(refusing, drop, settings, get):
    drop(".gitkeep", b"")
    assert drop_folder.look(settings).unused() == []


def test_a_file_that_fits_two_sources_is_named_and_not_used(refusing, drop, settings, get):
    both = archive(**{"national_M2025_dl.xlsx": "x", "state_M2025_dl.xlsx": "x"})
    drop("both.zip", both)
    with pytest.raises(SourceFailed, match="both.zip.*fits oews_nat_2025 and oews_st_2025"):
        get()
    assert len(drop_folder.look(settings).unused()) == 1
    assert drop_folder.look(settings).unused("onet_29_3") == []


def test_two_different_files_of_one_source_are_named_and_neither_is_used(refusing, drop, get):
    drop("a.zip", wages("1"))
    drop("b.zip", wages("2"))
    with pytest.raises(SourceFailed, match="different files for it: a.zip, b.zip.*Leave only"):
        get()


def test_the_same_file_twice_is_one(refusing, drop, get):
    drop("a.zip", wages())
    drop("a (1).zip", wages())
    assert get().bytes == len(wages())


def test_a_file_that_was_fetched_before_is_known_by_its_bytes(server, drop, get):
    server.answers = [Answer(zipped("of no signature"))]
    fetched = get()
    server.answers = [Answer(status=500)]
    drop("x", fetched.path.read_bytes())
    assert get().sha256 == fetched.sha256


def test_a_file_over_the_limit_is_refused_here_too(refusing, drop, get):
    drop("a.zip", wages("x" * 5000))
    with pytest.raises(SourceFailed, match="403.*drop folder, a.zip: .*at most 1,000"):
        get(dataset=replace(ZIP, max_bytes=1000))


def test_files_do_not_help_a_missing_mirror(settings, drop, get):
    with pytest.raises(UsageError, match="no such directory"):
        get(settings=replace(settings, mirror="/nowhere"))


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte-order-mark"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["unix", "windows", "old-mac"])
def test_a_text_is_known_by_its_columns(settings, drop, mark, end):
    file = drop("a", mark + (HEADER + ROW).replace(b"\n", end))
    assert drop_folder.look(settings).fits[file] == (WALK.id,)


def test_a_workbook_is_known_by_sheets_and_cells(settings, drop):
    def book(*cells):
        made, data = Workbook(), io.BytesIO()
        made.active.title = "Appendix A"
        made.active.append(["A title"])
        made.active.append(cells)
        made.save(data)
        return data.getvalue()

    known = drop("a", book("SOC Code", "Occupation Title", "AIOE"))
    other = drop("b", book("SOC Code", "Something else"))
    fits = drop_folder.look(settings).fits
    assert fits == {known: ("aioe",), other: ()}
    assert "a workbook with the sheets Appendix A" in drop_folder.look(settings).unused()[0]


def spoiled(book: bytes) -> bytes:
    """The workbook with a sheet that is no XML; its list of sheets is whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            sheet = name.startswith("xl/worksheets/")
            new.writestr(name, b"<worksheet><sheetData><row><c" if sheet else old.read(name))
    return out.getvalue()


def test_a_workbook_whose_sheet_is_damaged_is_named_so(settings, drop):
    made, data = Workbook(), io.BytesIO()
    made.active.title = "Appendix A"
    made.active.append(["SOC Code", "Occupation Title", "AIOE"])
    made.save(data)
    file = drop("a", spoiled(data.getvalue()))
    found = drop_folder.look(settings)
    assert found.fits == {file: ()}
    assert "a damaged workbook (the workbook cannot be read" in found.unused()[0]


def test_a_fault_of_ours_is_not_taken_for_another_file(settings, drop, monkeypatch):
    made, data = Workbook(), io.BytesIO()
    made.active.title = "Appendix A"
    made.save(data)
    drop("a", data.getvalue())

    def wrong(*arguments):
        raise TypeError("a fault of the program")

    monkeypatch.setattr(drop_folder.books, "open_book", wrong)
    with pytest.raises(TypeError, match="of the program"):
        drop_folder.look(settings)


def test_a_drop_folder_that_cannot_be_read_is_said(refusing, settings, get):
    assert drop_folder.look(settings).unused() == []  # there need not be one
    settings.dropbox.parent.mkdir(parents=True, exist_ok=True)
    settings.dropbox.write_text("a file where the folder should be")
    with pytest.raises(SourceFailed, match=r"403.*The drop folder .* cannot be read \(Not a dir"):
        get()


def test_every_source_made_small_is_known_and_taken_for_no_other(settings, drop):
    expected = {
        drop(f"file{n}", mirror.encode(mirror.SOURCES[name]())): (name,)
        for n, name in enumerate(mirror.SOURCES)
    }
    assert drop_folder.look(settings).fits == expected


def test_every_real_file_is_known_and_taken_for_no_other(sources, settings, drop):
    expected = {}
    for n, dataset in enumerate(held(CATALOG.values(), sources)):
        file = settings.dropbox / f"file{n}"
        shutil.copy(sources / dataset.mirror_path, file)
        expected[file] = (dataset.id,)
    assert drop_folder.look(settings).fits == expected


def test_a_refresh_by_hand_alone(sources, tmp_path):
    """All files in the drop folder under other names, no server at all."""
    made = _settings.load({"OUTLOOK_DATA": str(tmp_path), "OUTLOOK_MIRROR": "http://127.0.0.1:9"})
    made.dropbox.mkdir(parents=True)
    datasets = held(loadable().values(), sources)
    for n, dataset in enumerate(datasets):
        shutil.copy(sources / dataset.mirror_path, made.dropbox / f"{n}.download")
    with download.session() as session:
        session.sleep = lambda seconds: None
        for dataset in datasets:
            fetched = download.fetch_file(dataset, made, session)
            assert fetched.bytes == (sources / dataset.mirror_path).stat().st_size
