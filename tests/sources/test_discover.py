"""Newer editions count as found only where a publisher says that they exist."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from netserver import PAGE, QUICK, Answer, Asked
from typer.testing import CliRunner

from pipelines.base import settings as _settings
from pipelines.cli import app
from pipelines.sources.catalog import load_catalog
from pipelines.sources.fetch import discover

CATALOG = load_catalog()
ONET, OEWS = CATALOG["onet"], CATALOG["oews_nat_2025"]
DATABASE = "/www.onetcenter.org/database.html"
TABLES = "/www.bls.gov/oes/tables.htm"


def onet(major: int, minor: int, kind: str = "text") -> str:
    return f"/www.onetcenter.org/dl_files/database/db_{major}_{minor}_{kind}.zip"


def oews(year: int, kind: str = "nat") -> str:
    return f"/www.bls.gov/oes/special-requests/oesm{year}{kind}.zip"


@pytest.fixture
def site(server):
    """What a site holds: pages by path, and files; anything else is 404."""
    held: dict[str, Answer] = {}

    def answer(asked: Asked) -> Answer:
        return held.get(asked.path, Answer(b"no", 404))

    server.answers = [answer]
    return held


@pytest.fixture
def look(web_settings, server):
    def discovered(*datasets, settings=web_settings):
        with server.clock.session() as session:
            return discover.discover(settings, session, QUICK, datasets or None)

    return discovered


def test_a_release_named_by_the_page_is_reported_with_its_evidence(site, look, server):
    site[DATABASE] = Answer(
        b'<a href="/dl_files/database/db_29_3_text.zip">old</a> '
        b'<a href="/dl_files/database/db_30_3_text.zip">new</a>'
        b'<a href="/dl_files/database/db_30_3_dictionary.pdf">new</a>'
    )
    site[onet(30, 3)] = Answer(b"PK")
    (found,) = look(ONET).found
    assert (found.release, found.cataloged) == ("30.3", "29.3")
    assert str(found).startswith(
        "O*NET Database, text files 30.3 is out at "
        "https://www.onetcenter.org/dl_files/database/db_30_3_text.zip (named by "
        "https://www.onetcenter.org/database.html; HTTP 200); the catalog has 29.3"
    )
    assert [asked.method for asked in server.asked] == ["GET", "HEAD"]


def test_the_pages_heading_counts_and_a_file_that_is_not_there_is_said(site, look):
    site[DATABASE] = Answer("<h1>O*NET® 31.0 Database</h1>".encode())
    (found,) = look(ONET).found
    assert found.release == "31.0"
    assert "does not answer with a file" in found.evidence


def test_a_page_that_names_nothing_newer_ends_the_search(site, look, server):
    site[DATABASE] = Answer(b"db_29_3_text.zip and <h1>O*NET&reg; 29.3 Database</h1>")
    site[onet(29, 4)] = Answer(b"PK")
    assert look(ONET) == discover.Discovery()
    assert len(server.asked) == 1


def test_oews_by_its_page(site, look):
    site[TABLES] = Answer(
        b'<a href="/oes/special-requests/oesm25nat.zip"><a href="special-requests/oesm26nat.zip">'
        b'<a href="/oes/special-requests/oesm27st.zip"><a href="xoesm99nat.zip">'
    )
    site[oews(26)] = Answer(b"PK")
    (found,) = look(OEWS).found
    assert found.release == "May 2026"
    assert found.url == "https://www.bls.gov/oes/special-requests/oesm26nat.zip"


def test_without_a_page_addresses_are_tried_one_after_the_other(site, look, server):
    for edition in ((30, 0), (30, 1), (30, 2), (30, 3), (32, 0)):
        site[onet(*edition)] = Answer(b"PK")
    (found,) = look(ONET).found
    assert found.release == "30.3"  # 31.0 is not there, so 32.0 is never asked for
    assert found.evidence == "HTTP 200"
    assert all(a.method == "HEAD" and a.given == 0 for a in server.asked[1:])


def test_no_number_is_believed_without_an_answer(site, look):
    assert look() == discover.Discovery()


@pytest.mark.parametrize(
    "answer",
    [Answer(PAGE, headers={"Content-Type": "text/html"}), Answer(status=403), Answer(status=405),
     Answer(status=500), Answer(status=302, headers={"Location": "/www.onetcenter.org/gone"})],
    ids=["fault-page-for-everything", "fault-403", "fault-405", "fault-500", "fault-away"],
)  # fmt: skip
@pytest.mark.fault("discovery")
def test_an_answer_that_is_no_file_is_no_evidence(site, look, answer):
    site[onet(29, 4)] = site[onet(30, 0)] = answer
    assert look(ONET).found == ()


def test_a_server_that_says_yes_to_everything_ends(server, look):
    server.answers = [Answer(b"PK")]
    look(ONET)
    assert len(server.asked) <= 14


@pytest.mark.parametrize("status", [403, 405, 500])
@pytest.mark.fault("discovery")
def test_who_could_not_be_asked_is_said_once_a_host(server, look, status):
    server.answers = [Answer(PAGE, status)]
    said = look().problems
    assert len(said) == 2
    for line, host in zip(said, ("www.onetcenter.org", "www.bls.gov"), strict=True):
        assert f"could not be looked for: https://{host}/" in line
        assert str(status) in line


def test_a_host_that_is_not_there_is_said_and_raises_nothing(look, web_settings):
    said = look(settings=replace(web_settings, mirror="http://127.0.0.1:9")).sentences()
    assert len(said) == 2
    assert all("no answer" in line for line in said)


def test_without_a_contact_bls_is_not_asked(web_settings, server):
    session = server.clock.session()
    session.unreachable["www.onetcenter.org"] = "nothing"
    with session:
        said = discover.discover(replace(web_settings, mirror=None), session).problems
    assert len(said) == 2
    assert "do not name a contact" in said[1]


def test_in_a_mirror_folder_only_what_is_there_counts(tmp_path):
    mirror = tmp_path / "mirror"
    for path in (onet(29, 3), onet(30, 0), oews(26, "st")):
        file = Path(f"{mirror}{path}")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"PK")
    made = _settings.load({"OUTLOOK_MIRROR": str(mirror), "OUTLOOK_DATA": str(tmp_path)})
    found = {f.dataset: (f.release, f.evidence) for f in discover.discover(made).found}
    assert found == {
        "onet": ("30.0", "in the mirror"),
        "oews_st_2025": ("May 2026", "in the mirror"),
    }


def test_the_real_sources_hold_nothing_newer(sources, tmp_path):
    made = _settings.load({"OUTLOOK_MIRROR": str(sources), "OUTLOOK_DATA": str(tmp_path)})
    assert discover.discover(made) == discover.Discovery()


# ------------------------------------------------------------------ remembering
def found(release="30.3", dataset="onet", cataloged="29.3"):
    return discover.Found(dataset, "O*NET", cataloged, release, "https://x", "HTTP 200")


def test_what_was_found_is_remembered_without_asking_anybody(web_settings):
    assert discover.remembered(web_settings) == discover.Discovery()
    seen = discover.Discovery((found(),), ("BLS could not be asked.",))
    discover.remember(web_settings, seen)
    assert discover.remembered(web_settings) == seen
    file = web_settings.downloads / "newer.json"
    stamp = file.stat().st_mtime_ns
    discover.remember(web_settings, seen)
    assert file.stat().st_mtime_ns == stamp
    discover.remember(web_settings, discover.Discovery())
    assert discover.remembered(web_settings) == discover.Discovery()


def test_nothing_found_writes_nothing(web_settings):
    discover.remember(web_settings, discover.Discovery())
    assert not web_settings.downloads.exists()


def test_an_edition_that_was_cataloged_since_is_news_no_longer(web_settings):
    discover.remember(web_settings, discover.Discovery((found(cataloged="28.0"), found())))
    assert discover.remembered(web_settings).found == (found(),)


@pytest.mark.parametrize("text", ["", "[]", "{ half", '{"found": [3]}', '{"found": [{"a": 1}]}'])
def test_a_damaged_memory_is_none(web_settings, text):
    web_settings.downloads.mkdir(parents=True)
    (web_settings.downloads / "newer.json").write_text(text)
    assert discover.remembered(web_settings) == discover.Discovery()


def test_the_commands_say_it(tmp_path):
    mirror = tmp_path / "mirror"
    file = Path(f"{mirror}{onet(30, 3)}")
    file.parent.mkdir(parents=True)
    file.write_bytes(b"PK")
    page = Path(f"{mirror}{DATABASE}")
    page.write_text("<h1>O*NET 30.3 Database</h1>")
    env = {"OUTLOOK_MIRROR": str(mirror), "OUTLOOK_DATA": str(tmp_path / "data")}
    run = CliRunner()
    said = run.invoke(app, ["discover"], env=env)
    assert said.exit_code == 0
    assert "30.3 is out at" in said.stdout
    assert "the catalog has 29.3" in said.stdout
    told = json.loads(run.invoke(app, ["discover", "--json"], env=env).stdout)
    assert [f["release"] for f in told["found"]] == ["30.3", "30.3"]
    assert "the catalog has 29.3" in run.invoke(app, ["status", "--offline"], env=env).stderr


# ------------------------------------------------------------------ reading pages
EDITIONS = st.tuples(st.integers(0, 999), st.integers(0, 99))


@given(st.sets(EDITIONS), st.text())
def test_every_link_of_a_page_is_found(editions, noise):
    links = "".join(f'<a href="/x/db_{a}_{b}_text.zip">{noise}</a>' for a, b in editions)
    assert editions <= discover.editions(links, ONET.address_pattern)


@given(st.text())
def test_any_page_gives_editions_of_the_patterns_shape(page):
    for dataset, parts in ((ONET, 2), (OEWS, 1)):
        assert all(len(e) == parts for e in discover.editions(page, dataset.address_pattern))
