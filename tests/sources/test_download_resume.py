"""Continuing a download: only the rest is asked for, and two halves are never mixed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from netserver import CATALOG, CSV, IMPATIENT, QUICK, ZIP, Answer, Asked, kept, with_ranges, zipped

from pipelines.base.errors import SourceFailed
from pipelines.sources.fetch import download, raw_files
from pipelines.sources.fetch.session import Limits

pytestmark = pytest.mark.fault("resume")

TEXT = "".join(random.Random(1).choices("abcdefghij ", k=200_000))
BODY = zipped(TEXT)
LATER = "Mon, 01 Jun 2026 00:00:00 GMT"
ONCE = replace(QUICK, attempts=1)


@pytest.fixture
def settings(web_settings):
    return web_settings


def ranges(server) -> list[str | None]:
    return [asked.headers.get("Range") for asked in server.asked]


def part_of(settings) -> tuple[bytes, list]:
    files = sorted((settings.downloads / ".partial").glob("*"))
    return (files[0].read_bytes() if files else b""), files


@pytest.mark.parametrize("then", ["close", "reset", "hang"], ids=lambda t: f"fault-{t}")
def test_after_a_break_only_the_rest_is_asked_for(server, settings, get, then):
    server.answers = with_ranges(BODY, cut=150_000, then=then)
    fetched = get(limits=IMPATIENT if then == "hang" else QUICK)
    assert fetched.path.read_bytes() == BODY
    start = int(ranges(server)[1].removeprefix("bytes=").removesuffix("-"))
    assert 0 < start <= 150_000
    assert server.asked[1].given == len(BODY) - start
    assert server.asked[1].headers["If-Range"] == '"1"'
    assert fetched.etag == '"1"'
    assert part_of(settings)[1] == []


def test_the_next_run_goes_on_where_the_last_stopped(server, settings, get):
    server.answers = with_ranges(BODY, cut=150_000)
    with pytest.raises(SourceFailed, match="broke off after 150,000"):
        get(limits=ONCE)
    assert part_of(settings)[0] == BODY[:150_000]
    assert [name for name in kept(settings) if name.endswith(".zip")] == []
    download.clean(settings)  # a refresh cleans first; what can be continued stays
    assert get().path.read_bytes() == BODY
    assert server.asked[1].given == len(BODY) - 150_000


def test_a_file_too_slow_for_one_run_comes_in_several(server, settings, get):
    body = zipped("slow" * 100)
    server.answers = with_ranges(body, slow=0.5, cut=200, then="hang")
    with pytest.raises(SourceFailed, match="too slow.*goes on from there"):
        get(limits=replace(QUICK, total=50))
    have = len(part_of(settings)[0])
    assert get().path.read_bytes() == body
    assert 0 < have <= 200
    assert server.asked[1].given == len(body) - have


def test_a_line_that_breaks_often_is_followed_as_long_as_it_brings_something(server, get):
    whole = with_ranges(BODY)[1]

    def bit(asked: Asked) -> Answer:
        answer = whole(asked)
        return replace(answer, cut=30_000) if len(answer.body) > 30_000 else answer

    server.answers = [bit]
    assert get(limits=Limits(total=600, attempts=2)).path.read_bytes() == BODY
    assert len(server.asked) == -(-len(BODY) // 30_000)
    assert sum(asked.given for asked in server.asked) == len(BODY)


def test_last_modified_serves_where_there_is_no_strong_etag(server, get):
    def rest(asked: Asked) -> Answer:
        start = int(asked.headers["Range"][6:-1])
        told = {"Content-Range": f"bytes {start}-{len(BODY) - 1}/{len(BODY)}",
                "Last-Modified": LATER}  # fmt: skip
        return Answer(BODY[start:], 206, told)

    first = {"Last-Modified": LATER, "ETag": 'W/"1"'}
    server.answers = [Answer(BODY, headers=first, cut=99_000), rest]
    assert get().path.read_bytes() == BODY
    assert server.asked[1].headers["If-Range"] == LATER


# ------------------------------------------------------------------ beginning anew
def told(**more) -> dict:
    return {"ETag": '"1"', "Content-Range": f"bytes 150000-{len(BODY) - 1}/{len(BODY)}", **more}


REST = BODY[150_000:]
ANEW = {
    "server-ignores-ranges": Answer(BODY, headers={"ETag": '"1"'}),
    "content-changed": Answer(BODY, headers={"ETag": '"2"'}),
    "416": Answer(status=416, headers={"Content-Range": f"bytes */{len(BODY)}"}),
    "416-page": Answer(b"<html>no", 416),
    "no-content-range": Answer(REST, 206, {"ETag": '"1"'}),
    "nonsense-content-range": Answer(REST, 206, told(**{"Content-Range": "bytes 9-2/1"})),
    "another-range": Answer(REST, 206, told(**{"Content-Range": f"bytes 0-9/{len(BODY)}"})),
    "another-length": Answer(REST, 206, told(**{"Content-Range": "bytes 150000-199999/200000"})),
    "another-etag": Answer(REST, 206, told(ETag='"2"')),
    "encoded-range": Answer(REST, 206, told(**{"Content-Encoding": "gzip"})),
    "multipart": Answer(REST, 206, {"Content-Type": "multipart/byteranges; boundary=x"}),
    "bytes-that-do-not-fit": Answer(bytes(len(REST)), 206, told()),
}


@pytest.mark.parametrize("answer", [pytest.param(v, id=f"fault-{k}") for k, v in ANEW.items()])
def test_what_cannot_be_continued_is_begun_anew(server, settings, get, answer):
    first, rest = with_ranges(BODY, cut=150_000)
    server.answers = [first, answer, rest]
    assert get().path.read_bytes() == BODY
    assert ranges(server)[1] == "bytes=150000-"
    assert ranges(server)[2:] in ([], [None])
    assert part_of(settings)[1] == []


def test_new_content_midway_is_taken_whole(server, get):
    new = zipped("new" + TEXT)
    first, _ = with_ranges(BODY, cut=150_000)
    server.answers = [first, Answer(new, headers={"ETag": '"2"'})]
    fetched = get()
    assert fetched.path.read_bytes() == new
    assert fetched.etag == '"2"'


@pytest.mark.parametrize(
    "headers",
    [{}, {"ETag": 'W/"1"'}, {"ETag": "bare"}, {"ETag": '"1"', "Content-Encoding": "x-unknown"}],
    ids=["fault-no-validator", "fault-weak-etag", "fault-bare-etag", "fault-encoded"],
)
def test_without_something_to_compare_nothing_is_continued(server, get, headers):
    server.answers = [Answer(BODY, headers=headers, cut=150_000), Answer(BODY)]
    assert get().path.read_bytes() == BODY
    assert ranges(server) == [None, None]


def test_a_server_that_never_sends_the_rest_ends_in_an_error(server, get):
    first, rest = with_ranges(BODY, cut=150_000)
    server.answers = [first, Answer(b"", 206, told(), length="")]
    with pytest.raises(SourceFailed, match="broke off after 150,000 of 200,"):
        get()
    assert len(server.asked) <= 2 * QUICK.attempts


def test_an_oversized_rest_is_refused_and_forgotten(server, settings, get):
    first, _ = with_ranges(BODY, cut=150_000)
    first = replace(first, length="")  # the whole length is not said at first
    huge = told(**{"Content-Range": "bytes 150000-99999999998/99999999999"})
    server.answers = [first, Answer(REST, 206, huge, length="")]
    with pytest.raises(SourceFailed):
        get(limits=ONCE)
    # Nothing says that the answer broke off; so the file was checked, and refused, as it was.
    assert part_of(settings)[1] == []


# ------------------------------------------------------------------ what is kept between runs
def broken_off(server, settings, get):
    server.answers = with_ranges(BODY, cut=150_000)
    with pytest.raises(SourceFailed):
        get(limits=ONCE)
    return sorted((settings.downloads / ".partial").glob("*"))


@pytest.mark.parametrize("days", [-30, 8, 400], ids=lambda d: f"fault-clock-{d}-days")
def test_a_stale_part_is_not_continued_and_is_cleared(server, settings, get, days):
    for file in broken_off(server, settings, get):
        then = time.time() - days * 24 * 3600
        os.utime(file, (then, then))
    assert get().path.read_bytes() == BODY
    assert ranges(server)[1] is None
    for file in broken_off(server, replace(settings, mirror=server.address + "/b"), get):
        os.utime(file, (then, then))
    download.clean(settings)
    assert part_of(settings)[1] == []


@pytest.mark.parametrize(
    "record", ["", "{ half", "[]", "null", "{}", '{"address": 1}',
               '{"address": "http://else.where/", "validator": "\\"1\\"", "total": null}',
               '{"validator": 3}'],
    ids=lambda r: f"fault-record-{r[:12]}",
)  # fmt: skip
def test_a_part_without_a_sound_record_is_begun_anew(server, settings, get, record):
    _, about = broken_off(server, settings, get)
    assert about.suffix == ".json"
    about.write_text(record)
    assert get().path.read_bytes() == BODY
    assert ranges(server)[1] is None


def test_a_part_without_its_bytes_or_its_record_is_cleared(server, settings, get):
    body, about = broken_off(server, settings, get)
    body.unlink()
    download.clean(settings)
    assert not about.exists()
    assert get().path.read_bytes() == BODY
    assert ranges(server)[1] is None


def test_bytes_damaged_between_runs_are_noticed(server, settings, get):
    body, _ = broken_off(server, settings, get)
    data = bytearray(body.read_bytes())
    data[70_000] ^= 0xFF
    body.write_bytes(data)
    assert get().path.read_bytes() == BODY
    assert ranges(server)[1:] == ["bytes=150000-", None]


def test_zeros_in_the_middle_of_a_text_are_noticed(server, settings, get):
    text = b"a,b\n" + b"1,2\n" * 50_000
    server.answers = with_ranges(text, cut=150_000)
    with pytest.raises(SourceFailed):
        get(dataset=CSV, limits=ONCE)
    body = part_of(settings)[1][0]
    body.write_bytes(body.read_bytes()[:100_000] + bytes(50_000))  # as after a power cut
    assert get(dataset=CSV).path.read_bytes() == text


def test_parts_of_two_addresses_are_kept_apart(settings):
    one = raw_files.Partial(settings, "http://a/x.zip")
    one.begin({"ETag": '"1"'}, 10)
    one.write(b"abc")
    one.close()
    again, other = (raw_files.Partial(settings, f"http://{h}/x.zip") for h in "ab")
    assert (again.offset, again.validator, again.total) == (3, '"1"', 10)
    assert (other.offset, other.validator, other.total) == (0, "", None)


def test_a_disk_that_is_full_midway_keeps_no_part(server, settings, get, monkeypatch):
    def full(self, chunk):
        with self._writing():
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(raw_files.Partial, "write", full)
    server.answers = with_ranges(BODY)
    with pytest.raises(SourceFailed, match="No space left on device.*Free space"):
        get(dataset=ZIP)
    assert part_of(settings)[1] == []


def test_a_killed_download_is_continued(server, settings, get):
    """SIGKILL in the middle: the next run asks for the rest alone."""
    server.answers = with_ranges(BODY, cut=150_000, then="hang")
    code = (
        "from pipelines.base import settings; from pipelines.sources import catalog; "
        "from pipelines.sources.fetch import download; "
        "download.fetch_file(catalog.load_catalog()['oews_nat_2025'], settings.load())"
    )
    where = {"OUTLOOK_DATA": str(settings.raw.parent), "OUTLOOK_MIRROR": server.address}
    process = subprocess.Popen([sys.executable, "-c", code], env=os.environ | where)
    end = time.monotonic() + 60
    while len(part_of(settings)[0]) < 100_000 and time.monotonic() < end:
        time.sleep(0.02)
    process.kill()
    process.wait()
    have = len(part_of(settings)[0])
    assert have >= 100_000
    download.clean(settings)
    assert get().path.read_bytes() == BODY
    assert ranges(server) == [None, f"bytes={have}-"]
    assert server.asked[1].given == len(BODY) - have


def test_real_files_that_break_off_come_whole(sources, server, settings, get):
    """Every source of the mirror, cut in the middle once."""
    sums = dict(line.split(maxsplit=1)[::-1] for line in
                (sources / "SHA256SUMS").read_text().replace("./", "").splitlines())  # fmt: skip
    for dataset in CATALOG.values():
        body = (sources / dataset.mirror_path).read_bytes()
        server.asked.clear()
        server.answers = with_ranges(body, cut=len(body) // 2)
        assert get(dataset=dataset).sha256 == sums[dataset.mirror_path]
        assert sum(asked.given for asked in server.asked) == len(body)
