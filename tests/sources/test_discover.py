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
from pipelines.sources.fetch.session import Session

CATALOG = load_catalog()
ONET, OEWS = CATALOG["onet"], CATALOG["oews_nat"]
IN_USE = {
    name: {"family": name.rpartition("_")[0], "release": release}
    for name, release in (("oews_nat_2025", "May 2025"), ("oews_st_2025", "May 2025"))
} | {
    "onet_29_3": {"family": "onet", "release": "29.3"},
    "onet_excel_30_2": {"family": "onet_excel", "release": "30.2"},
}
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
    def discovered(*families, settings=web_settings):
        with server.clock.session() as session:
            return discover.discover(settings, session, QUICK, families or None, IN_USE)

    return discovered


def test_a_release_named_by_the_page_is_reported_with_its_evidence(site, look, server):
    site[DATABASE] = Answer(
        b'<a href="/dl_files/database/db_29_3_text.zip">old</a> '
        b'<a href="/dl_files/database/db_30_3_text.zip">new</a>'
        b'<a href="/dl_files/database/db_30_3_dictionary.pdf">new</a>'
    )
    site[onet(30, 3)] = Answer(b"PK")
    (found,) = look(ONET).found
    assert (found.release, found.have) == ("30.3", "29.3")
    assert str(found).startswith(
        "O*NET Database, text files 30.3 is out at "
        "https://www.onetcenter.org/dl_files/database/db_30_3_text.zip (named by "
        "https://www.onetcenter.org/database.html; HTTP 200); 29.3 is in use"
    )
    assert [asked.method for asked in server.asked] == ["GET", "HEAD"]


def test_the_pages_heading_counts_and_a_file_that_is_not_there_is_said(site, look):
    site[DATABASE] = Answer("<h1>O*NET® 31.0 Database</h1>".encode())
    seen = look(ONET)
    assert seen.found == ()
    assert "names 31.0, and this address does not answer with a file" in seen.problems[0]


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
    assert (found.release, found.have) == ("May 2026", "May 2025")
    assert found.url == "https://www.bls.gov/oes/special-requests/oesm26nat.zip"


def test_without_a_page_addresses_are_tried_one_after_the_other(site, look, server):
    for edition in ((30, 0), (30, 1), (30, 2), (30, 3), (32, 0)):
        site[onet(*edition)] = Answer(b"PK")
    (found,) = look(ONET).found
    assert found.release == "30.3"  # no 31.x is there, so 32.0 is never asked for
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
    assert len(server.asked) <= 2 * discover._MOST_FOUND


@pytest.mark.parametrize("status", [403, 405, 500])
@pytest.mark.fault("discovery")
def test_who_could_not_be_asked_is_said_once_a_host(server, look, status):
    server.answers = [Answer(PAGE, status)]
    said = look().problems
    assert len(said) == 3  # O*NET, BLS and NCES
    for line, host in zip(said, ("www.onetcenter.org", "www.bls.gov", "nces.ed.gov"), strict=True):
        assert f"could not be looked for: https://{host}/" in line
        assert str(status) in line


def test_a_host_that_is_not_there_is_said_and_raises_nothing(look, web_settings):
    said = look(settings=replace(web_settings, mirror="http://127.0.0.1:9")).sentences()
    assert len(said) == 3  # O*NET, BLS and NCES
    assert all("no answer" in line for line in said)


def test_without_a_contact_bls_is_not_asked(web_settings, server):
    session = server.clock.session()
    session.unreachable["www.onetcenter.org"] = "nothing"
    with session:
        said = discover.discover(replace(web_settings, mirror=None), session).problems
    assert len(said) == 3  # O*NET, BLS and NCES
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
        "oews_st": ("May 2026", "in the mirror"),
    }


def test_in_the_real_sources_every_edition_is_found(sources, tmp_path):
    made = _settings.load({"OUTLOOK_MIRROR": str(sources), "OUTLOOK_DATA": str(tmp_path)})
    with Session() as session:
        asking = discover.Asking(made, session)
        seen = {
            name: {family.at(edition).release for edition in discover.editions(family, asking)}
            for name, family in CATALOG.items()
            if family.is_family
        }
    assert seen["onet"] == {"29.3", "30.1"}
    assert seen["onet_excel"] == {"30.2"}
    assert seen["oews_nat"] == {f"May {year}" for year in (2015, *range(2017, 2026))}
    assert asking.problems == {}


def test_older_editions_are_looked_for_where_no_release_says_which(site, web_settings, server):
    site[DATABASE] = Answer(b"db_31_0_text.zip")
    for edition in ((29, 3), (30, 0), (30, 1), (31, 0), (31, 1)):
        site[onet(*edition)] = Answer(b"PK")
    with server.clock.session() as session:
        asking = discover.Asking(web_settings, session, QUICK)
        assert set(discover.editions(ONET, asking)) == {(29, 3), (30, 0), (30, 1), (31, 0)}
        assert set(discover.editions(ONET, asking, {(30, 0)})) == {(30, 0), (31, 0)}
        whole = discover.editions(ONET, asking, {(30, 0)}, whole=True)
    assert set(whole) == {(29, 3), (30, 0), (30, 1), (31, 0)}
    assert whole[30, 0] == "in the last release"


def test_a_year_that_is_nowhere_does_not_end_the_series(site, web_settings, server):
    for year in (15, 17, 18, 25):
        site[oews(year)] = Answer(b"PK")
    with server.clock.session() as session:
        seen = discover.editions(OEWS, discover.Asking(web_settings, session, QUICK))
    assert sorted(seen) == [(15,), (17,), (18,), (25,)]


def test_an_older_edition_that_nobody_can_say_of_is_asked_for(site, web_settings, server):
    """Left out, it would be missing from the series without a word."""
    for year in (15, 17):
        site[oews(year)] = Answer(b"PK")
    site[oews(16)] = Answer(status=403)
    with server.clock.session() as session:
        asking = discover.Asking(web_settings, session, QUICK)
        assert (16,) in discover.editions(OEWS, asking, {(17,)})
    assert "403" in asking.problems["www.bls.gov"]


# ------------------------------------------------------------------ remembering
def found(release="30.3", dataset="onet", have="29.3"):
    return discover.Found(dataset, "O*NET", have, release, "https://x", "HTTP 200")


def test_what_was_found_is_remembered_without_asking_anybody(web_settings):
    assert discover.remembered(web_settings, IN_USE) == discover.Discovery()
    seen = discover.Discovery((found(),), ("BLS could not be asked.",))
    discover.remember(web_settings, seen)
    assert discover.remembered(web_settings, IN_USE) == seen
    file = web_settings.downloads / "newer.json"
    stamp = file.stat().st_mtime_ns
    discover.remember(web_settings, seen)
    assert file.stat().st_mtime_ns == stamp
    discover.remember(web_settings, discover.Discovery())
    assert discover.remembered(web_settings, IN_USE) == discover.Discovery()


def test_nothing_found_writes_nothing(web_settings):
    discover.remember(web_settings, discover.Discovery())
    assert not web_settings.downloads.exists()


def test_an_edition_that_was_taken_since_is_news_no_longer(web_settings):
    discover.remember(web_settings, discover.Discovery((found("29.3", have="28.0"), found())))
    assert discover.remembered(web_settings, IN_USE).found == (found(),)


@pytest.mark.parametrize("text", ["", "[]", "{ half", '{"found": [3]}', '{"found": [{"a": 1}]}'])
def test_a_damaged_memory_is_none(web_settings, text):
    web_settings.downloads.mkdir(parents=True)
    (web_settings.downloads / "newer.json").write_text(text)
    assert discover.remembered(web_settings, IN_USE) == discover.Discovery()


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
    assert "29.3 is in use" in said.stdout
    told = json.loads(run.invoke(app, ["discover", "--json"], env=env).stdout)
    assert [f["release"] for f in told["found"]] == ["30.3"]
    assert "does not answer with a file" in told["problems"][0]
    assert "29.3 is in use" in run.invoke(app, ["status", "--offline"], env=env).stderr


# ------------------------------------------------------------------ reading pages
EDITIONS = st.tuples(st.integers(0, 999), st.integers(0, 99))


@given(st.sets(EDITIONS), st.text())
def test_every_link_of_a_page_is_found(editions, noise):
    links = "".join(f'<a href="/x/db_{a}_{b}_text.zip">{noise}</a>' for a, b in editions)
    assert editions <= discover.named_by(links, ONET.url)


@given(st.text())
def test_any_page_gives_editions_of_the_patterns_shape(page):
    for dataset, parts in ((ONET, 2), (OEWS, 1)):
        assert all(len(e) == parts for e in discover.named_by(page, dataset.url))
