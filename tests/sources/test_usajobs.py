"""USAJOBS: pages, faults in the middle of them, empty answers, names without case."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from netserver import PAGE, QUICK, Answer

from pipelines.base.errors import ShapeChanged, SourceFailed, Unavailable
from pipelines.sources.fetch import usajobs
from pipelines.sources.fetch.usajobs import ADDRESS, Asking
from pipelines.sources.read import usajobs as read

ASKED = usajobs.month_of("0675", "2025-08", 31)


def row(number: int, **more) -> dict:
    return {"usajobsControlNumber": number, "positionTitle": f"Coder {number}",
            "positionOpenDate": "2025-08-05", "totalOpenings": "2",
            "jobcategories": [{"series": "0675"}],
            "positionlocations": [{"positionLocationState": "Ohio"}]} | more  # fmt: skip


def page(rows, total=None, follows=None) -> Answer:
    paging = {"metadata": {"totalCount": total, "pageSize": 500}, "next": follows}
    return Answer(json.dumps({"paging": paging, "data": rows}).encode(),
                  headers={"Content-Type": "application/json"})  # fmt: skip


@pytest.fixture
def ask(web_settings, server):
    """Ask the server one question, on its clock."""

    def rows(limits=QUICK, **changed):
        with server.clock.session() as session:
            asking = Asking(replace(web_settings, **changed), session, limits)
            return asking.rows(ADDRESS, ASKED)

    return rows


def next_page(token: str) -> str:
    return f"/api/historicjoa?continuationtoken={token}%3D%3D&positionseries=0675"


def test_every_page_is_read_with_the_token_decoded_once(server, ask):
    server.answers = [page([row(1)], 3, next_page("a%2Fb")), page([row(2)], 3, next_page("c")),
                      page([row(3)], 3, "")]  # fmt: skip
    assert [one["usajobsControlNumber"] for one in ask()] == [1, 2, 3]
    first, second, _ = (urlsplit(asked.path) for asked in server.asked)
    assert first.path == "/data.usajobs.gov/api/historicjoa"
    assert parse_qs(first.query) == {name: [value] for name, value in ASKED.items()}
    assert parse_qs(second.query)["continuationtoken"] == ["a/b=="]
    assert "technician-outlook" in server.asked[0].headers["User-Agent"]


def test_a_next_page_elsewhere_is_asked_of_the_same_server(server, ask):
    server.answers = [page([row(1)], 2, "https://evil.example/x?continuationtoken=q"),
                      page([row(2)], 2)]  # fmt: skip
    assert len(ask()) == 2
    assert server.asked[1].path == "/data.usajobs.gov/api/historicjoa?continuationtoken=q"


@pytest.mark.parametrize("answer", [Answer(status=204), Answer(b"204 No Content"), page([], 0)])
def test_nothing_is_no_fault_in_any_of_its_forms(server, ask, answer):
    server.answers = [answer]
    assert ask() == []


def test_a_503_and_a_web_page_in_the_middle_are_tried_again(server, ask):
    server.answers = [page([row(1)], 2, next_page("a")), Answer(status=503), Answer(PAGE),
                      page([row(2)], 2)]  # fmt: skip
    assert len(ask()) == 2
    assert len(server.clock.waits) == 2


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([page([row(1)], 2, next_page("a")), Answer(status=503)], "answered 503"),
        ([page([row(1)], 2, next_page("a")), Answer(PAGE)], "a web page came .*Access Denied"),
        ([Answer(b'{"data": [')], "no JSON came"),
        ([page([row(1)], 2)], "1 of 2 announcements came"),
        ([page([row(1)], 9, next_page("a"))], "in a circle"),
        ([Answer(b'{"data": {"a": 1}}')], "no list 'data'"),
        ([Answer(b"[]")], "no JSON came"),
    ],
)
def test_a_part_is_never_taken_for_the_whole(server, ask, answers, told):
    server.answers = answers
    with pytest.raises(SourceFailed, match=told):
        ask()


def test_the_publisher_is_given_a_pause_between_questions(server, web_settings, monkeypatch):
    monkeypatch.setattr(usajobs, "ADDRESS", f"{server.address}/api/historicjoa")
    server.answers = [page([row(1)], 2, next_page("a")), page([row(2)], 2)]
    with server.clock.session() as session:
        asking = Asking(replace(web_settings, mirror=None), session, QUICK)
        assert len(asking.rows(usajobs.ADDRESS, ASKED)) == 2
    assert server.clock.waits == [usajobs.PAUSE] * 2


def test_a_mirror_folder_answers_by_name_or_from_its_records(tmp_path, web_settings, server):
    folder = tmp_path / "data.usajobs.gov/api/historicjoa"
    folder.mkdir(parents=True)
    settings = replace(web_settings, mirror=str(tmp_path))
    with server.clock.session() as session:
        asking = Asking(settings, session, QUICK)
        with pytest.raises(Unavailable, match="the mirror has no answer endposition"):
            asking.rows(ADDRESS, ASKED)
        records = [row(1), row(2, positionOpenDate="2025-09-01"), row(3, jobcategories=[]),
                   row(4, JobCategories=[{"Series": "0675"}], jobcategories=None),
                   row(5, vendor="0675", jobcategories=[{"series": "0640"}])]  # fmt: skip
        del records[3]["jobcategories"]
        with gzip.open(folder / "_records.jsonl.gz", "wt") as lines:
            lines.writelines(json.dumps(one) + "\n" for one in records)
        got = asking.rows(ADDRESS, ASKED)
        assert [one["usajobsControlNumber"] for one in got] == [1, 4]
        name = "endpositionopendate=2025-08-31&positionseries=0675&startpositionopendate=2025-08-01"
        (folder / f"{name}.json").write_bytes(page([row(9)], 1).body)
        assert [one["usajobsControlNumber"] for one in asking.rows(ADDRESS, ASKED)] == [9]
        (folder / f"{name}.204").write_bytes(b"")
        assert asking.rows(ADDRESS, ASKED) == []


def test_the_stored_answers_of_a_series_are_read_whole(sources, web_settings, server):
    settings = replace(web_settings, mirror=str(sources))
    with server.clock.session() as session:
        asking = Asking(settings, session)
        question = {"PositionSeries": "0640", "StartPositionOpenDate": "2024-02-01",
                    "EndPositionOpenDate": "2025-12-31"}  # fmt: skip
        found = read.announcements(asking.rows(ADDRESS, question))
        assert len(found) == 559  # ../shared/sources/README.md: over two pages
        assert found["series"].str.split("; ").map(lambda codes: "0640" in codes).all()
        assert asking.rows(ADDRESS, usajobs.month_of("0675", "2024-01", 31)) == []
        assert asking.rows(ADDRESS, {"PositionSeries": "9999"}) == []
        texts = read.duties(asking.rows(usajobs.TEXTS, {"PositionSeries": "1560"}))
        assert len(texts) == 16
        assert texts["text"].notna().all()


def test_rows_are_read_without_case_the_latest_of_each_number_and_the_series_by_digits():
    rows = [
        row(1, positionOpenDate="2025-08-01"),
        {"USAJOBSControlNumber": 2, "PositionTitle": "Clerk",
         "PositionOpenDate": "2025-08-02T00:00",
         "JobCategories": [{"Series": "89"}, {"series": "0856 Electronics Technician"},
                           {"series": "0856 Electronics Technical"}],
         "PositionLocations": [{"PositionLocationState": "South Dakota"},
                               {"PositionLocationState": "South Dakota"},
                               {"positionLocationState": "Utah"}, {"positionLocationState": ""}]},
        row(1, positionOpenDate="2025-08-03", totalOpenings=None),
    ]  # fmt: skip
    got = read.announcements(rows)
    assert got["posting_id"].tolist() == ["2", "1"]
    assert got["date"].tolist() == ["2025-08-02", "2025-08-03"]
    assert got["series"].tolist() == ["0089; 0856", "0675"]
    assert got["state"].tolist() == ["South Dakota; Utah", "Ohio"]
    assert got["openings"].isna().all()
    with pytest.raises(ShapeChanged, match="without usajobsControlNumber"):
        read.announcements([{"positionTitle": "x"}])


def test_duties_fall_back_to_the_older_field_and_never_to_the_summary():
    got = read.duties([
        {"usajobsControlNumber": 1, "duties": "<p>Codes charts</p>", "summary": "We are"},
        {"usajobsControlNumber": 2, "duties": "", "MajorDutiesList": ["Files", "Sorts"]},
        {"usajobsControlNumber": 3, "summary": "We are"},
    ])  # fmt: skip
    assert got["text"].tolist()[:2] == ["<p>Codes charts</p>", "Files\nSorts"]
    assert got["text"].isna().tolist() == [False, False, True]
    assert read.duties([]).columns.tolist() == ["posting_id", "text"]
