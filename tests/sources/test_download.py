"""Downloads: kept by content, asked for politely, from servers, mirrors and a full disk."""

from __future__ import annotations

from dataclasses import replace

import pytest
from netserver import CATALOG, CSV, QUICK, ZIP, Answer, kept, zipped
from real_files import held

from pipelines.base import settings as _settings
from pipelines.base.errors import SourceFailed, UsageError
from pipelines.sources.catalog import dataset_of
from pipelines.sources.fetch import download, progress, raw_files

LATER = "Mon, 01 Jun 2026 00:00:00 GMT"


@pytest.fixture
def settings(web_settings):
    return web_settings


def test_a_file_is_kept_by_content_under_its_own_name(server, settings, get):
    server.answers = [Answer(zipped())]
    fetched = get()
    assert fetched.path.read_bytes() == zipped()
    assert fetched.path == settings.downloads / fetched.sha256 / "oesm25nat.zip"
    assert server.asked[0].path == "/www.bls.gov/oes/special-requests/oesm25nat.zip"
    assert server.asked[0].headers["User-Agent"].startswith("technician-outlook/")
    assert kept(settings) == ["oesm25nat.zip"]


def test_the_contact_is_sent(server, settings, get):
    server.answers = [Answer(zipped())]
    get(settings=replace(settings, contact="me+bls@mail.example.org"))
    assert "(me+bls@mail.example.org)" in server.asked[0].headers["User-Agent"]


@pytest.mark.parametrize(
    "contact",
    ["nobody", "me@host", "me@example.org\r\nX: y", "me@example.org\n", "a b@example.org",
     "me@example..org", "me@-example.org", "(x)me@example.org", "me@exämple.org", "@example.org",
     "a" * 250 + "@example.org"],
)  # fmt: skip
def test_a_contact_that_is_no_address_is_refused_before_anything_is_sent(
    server, settings, get, contact
):
    with pytest.raises(UsageError, match="OUTLOOK_CONTACT.*name@host") as caught:
        get(settings=replace(settings, contact=contact))
    assert "\n" not in str(caught.value)
    assert server.asked == []


def test_bls_is_not_asked_without_a_contact_and_the_user_is_told_which_and_why(settings, get):
    with pytest.raises(UsageError, match="refuses programs.*Set OUTLOOK_CONTACT") as caught:
        get(settings=replace(settings, mirror=None))
    assert str(settings.dropbox) in str(caught.value)


def test_what_a_run_will_want_is_seen_before_it_begins(settings):
    real = replace(settings, mirror=None)
    with pytest.raises(UsageError, match="OUTLOOK_CONTACT"):
        download.require(CATALOG.values(), real)
    with pytest.raises(UsageError, match="not an e-mail"):
        download.require([], replace(real, contact="me"))
    with pytest.raises(UsageError, match="no such directory"):
        download.require(CATALOG.values(), replace(real, mirror="/nowhere"))
    download.require(CATALOG.values(), replace(real, contact="me@example.org"))
    download.require([dataset_of("onet_29_3")], real)


def test_an_unchanged_file_is_not_sent_again_and_nothing_is_written(server, settings, get):
    server.answers = [
        Answer(zipped(), headers={"ETag": 'W/"1"', "Last-Modified": LATER}),
        Answer(status=304, length=""),
    ]
    first = get()
    before = {f: f.stat().st_mtime_ns for f in settings.raw.rglob("*")}
    assert get() == first
    assert server.asked[1].headers["If-None-Match"] == 'W/"1"'
    assert "If-Modified-Since" in server.asked[1].headers
    assert {f: f.stat().st_mtime_ns for f in settings.raw.rglob("*")} == before


def test_an_etag_means_nothing_to_another_server(server, settings, get):
    server.answers = [Answer(zipped(), headers={"ETag": '"1"'})]
    get()
    get(settings=replace(settings, mirror=server.address + "/elsewhere"))
    assert "If-None-Match" not in server.asked[1].headers


def test_a_damaged_download_is_fetched_again(server, settings, get):
    server.answers = [Answer(zipped(), headers={"ETag": '"1"'})]
    get().path.write_bytes(b"x" * len(zipped()))
    assert get().path.read_bytes() == zipped()
    assert "If-None-Match" not in server.asked[1].headers


def test_same_name_with_new_content_keeps_both(server, settings, get):
    server.answers = [Answer(zipped("old")), Answer(zipped("new"))]
    old, new = get(), get()
    assert old.sha256 != new.sha256
    assert old.path.exists()
    assert download.known(ZIP, settings) == new


def test_raw_files_of_no_kept_release_can_be_removed(server, settings, get):
    server.answers = [Answer(zipped("1")), Answer(zipped("2")), Answer(zipped("3"))]
    first, second, third = get(), get(), get()
    freed = raw_files.prune(settings, keep=[second.sha256])
    assert freed == first.bytes
    assert not first.path.exists()
    assert second.path.exists()
    assert third.path.exists()  # the index has it


def test_a_mirror_with_a_password_is_never_written_down(server, settings, get, capfd):
    server.answers = [Answer(zipped()), Answer(status=404)]
    mirror = server.address.replace("http://", "http://ada:s3cret@")
    fetched = get(settings=replace(settings, mirror=mirror))
    assert server.asked[0].headers["Authorization"].startswith("Basic ")
    with pytest.raises(SourceFailed) as caught:
        get(settings=replace(settings, mirror=mirror))
    index = (settings.downloads / "index.json").read_text()
    assert "s3cret" not in str(caught.value) + index + fetched.origin + "".join(capfd.readouterr())


# ------------------------------------------------------------------ progress
def test_progress_is_drawn_on_a_terminal_and_nowhere_else(server, settings, capfd):
    server.answers = [Answer(zipped("x" * 3_000_000))]
    for terminal in (False, True):
        with progress.bars(terminal) as watch, server.clock.session(watch=watch) as session:
            download.fetch_file(ZIP, settings, session, QUICK)
        drawn = capfd.readouterr()
        assert drawn.out == ""
        assert ("oesm25nat.zip" in drawn.err) is terminal


def test_a_name_is_not_read_as_mark_up_of_the_progress_bar(capfd):
    with progress.bars(True) as watch:
        watch("[link=x]a[/nonsense]", 1_000_000, 2_000_000)
    assert "[link=x]a[/nonsense]" in capfd.readouterr().err


# ------------------------------------------------------------------ mirrors in a folder
@pytest.fixture
def mirrored(tmp_path):
    mirror = tmp_path / "mirror"
    file = mirror / CSV.mirror_path
    file.parent.mkdir(parents=True)
    file.write_text("a,b\n1,2\n")
    made = _settings.load({"OUTLOOK_DATA": str(tmp_path / "data"), "OUTLOOK_MIRROR": str(mirror)})
    return made, file


def test_a_directory_mirror_with_a_space_in_the_name(mirrored):
    settings, file = mirrored
    fetched = download.fetch(CSV, settings)
    assert fetched.name == "Employment Projections.csv"
    assert fetched.read_bytes() == file.read_bytes()


def test_a_directory_mirror_is_never_left(mirrored, tmp_path):
    settings, file = mirrored
    (tmp_path / "secret.csv").write_text("a,b\n")
    for url in ("https://data.bls.gov/../../secret.csv",
                "https://data.bls.gov/%2e%2e/%2e%2e/secret.csv"):  # fmt: skip
        with pytest.raises(SourceFailed, match="leads out of the mirror"):
            download.fetch(replace(CSV, url=url), settings)
    assert kept(settings) == []


def test_links_inside_a_mirror_are_its_owners(mirrored, tmp_path):
    settings, file = mirrored
    elsewhere = file.rename(tmp_path / "elsewhere.csv")
    file.symlink_to(elsewhere)
    assert download.fetch(CSV, settings).read_bytes() == elsewhere.read_bytes()


def test_mirrors_that_are_not_there(mirrored):
    settings, file = mirrored
    with pytest.raises(UsageError, match="no such directory"):
        download.fetch(CSV, replace(settings, mirror="/nowhere/at/all"))
    for mirror in ("ftp://example.org", "http://", "http:///x"):
        with pytest.raises(UsageError, match="OUTLOOK_MIRROR"):
            download.fetch(CSV, replace(settings, mirror=mirror))
    file.unlink()
    with pytest.raises(SourceFailed, match="Employment Projections.csv"):
        download.fetch(CSV, settings)


def test_a_full_disk_or_a_closed_folder_is_an_error_of_one_line(mirrored, server, get):
    settings, _ = mirrored
    settings.raw.mkdir(parents=True)
    settings.downloads.write_text("a file where the folder should be")
    with pytest.raises(SourceFailed, match="cannot"):
        download.fetch(CSV, settings)
    server.answers = [Answer(zipped())]
    with pytest.raises(SourceFailed, match="cannot write.*Free space") as caught:
        get(settings=replace(settings, mirror=server.address))
    assert "drop" not in str(caught.value)  # a browser would not mend the disk


def test_what_a_killed_process_left_is_cleared(mirrored):
    settings, _ = mirrored
    (settings.downloads / ("0" * 64)).mkdir(parents=True)
    (settings.downloads / ".part-abc").write_text("half")
    (settings.downloads / "index.json").write_text("{ half")
    download.clean(settings)
    download.fetch(CSV, settings)
    assert kept(settings) == ["Employment Projections.csv"]
    assert len(list(settings.downloads.iterdir())) == 2


@pytest.mark.parametrize("index", ["[]", "null", '{"ep_export": 3}', '{"ep_export": {"path": 1}}'])
def test_an_index_that_makes_no_sense_is_forgotten(mirrored, index):
    settings, _ = mirrored
    settings.downloads.mkdir(parents=True)
    (settings.downloads / "index.json").write_text(index)
    assert download.known(CSV, settings) is None
    assert download.fetch(CSV, settings).is_file()
    assert download.known(CSV, settings) is not None


def test_all_real_files_pass_their_checks(sources, tmp_path):
    settings = _settings.load({"OUTLOOK_DATA": str(tmp_path), "OUTLOOK_MIRROR": str(sources)})
    for dataset in held(CATALOG.values(), sources):
        assert download.fetch(dataset, settings).is_file()
