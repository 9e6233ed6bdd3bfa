"""A download that is cut off, stalled or shortened is fetched again whole, and never kept so."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace

import pytest
from netserver import CATALOG, CSV, IMPATIENT, QUICK, ZIP, Answer, kept, zipped
from real_files import held

from pipelines.base.errors import SourceFailed
from pipelines.sources.fetch import download

pytestmark = pytest.mark.fault("cut off")

TEXT = "".join(random.Random(1).choices("abcdefghij ", k=200_000))
BODY = zipped(TEXT)
LATER = "Mon, 01 Jun 2026 00:00:00 GMT"
ONCE = replace(QUICK, attempts=1)
WHOLE = Answer(BODY, headers={"ETag": '"1"'})
CUT = replace(WHOLE, cut=150_000)


@pytest.fixture
def settings(web_settings):
    return web_settings


def left_on_disk(settings) -> list[str]:
    return [file.name for file in settings.downloads.rglob("*")]


def chunked(body: bytes, size: int = 40_000) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)] + [b""]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)


@pytest.mark.parametrize("then", ["close", "reset", "hang"], ids=lambda t: f"fault-{t}")
def test_after_a_break_the_whole_file_is_asked_for(server, settings, get, then):
    server.answers = [replace(CUT, then=then), WHOLE]
    fetched = get(limits=IMPATIENT if then == "hang" else QUICK)
    assert fetched.path.read_bytes() == BODY
    assert fetched.etag == '"1"'
    assert [asked.headers.get("Range") for asked in server.asked] == [None, None]
    assert server.asked[1].given == len(BODY)
    assert kept(settings) == ["oesm25nat.zip"]


def test_an_answer_in_chunks_is_whole_with_its_last_chunk_only(server, get):
    sent = Answer(chunked(BODY), headers={"Transfer-Encoding": "chunked"}, length="")
    # In a chunk's frame, inside a chunk, before the last one.
    ends = [40_000 + 3, 100_000, len(sent.body) - 5]
    server.answers = [*(replace(sent, cut=end) for end in ends), sent]
    assert get(limits=replace(QUICK, attempts=4)).path.read_bytes() == BODY
    assert len(server.asked) == 4


def test_nothing_is_kept_for_the_next_run(server, settings, get):
    server.answers = [CUT, WHOLE]
    with pytest.raises(SourceFailed, match=r"broke off after 150,000 .*tried once"):
        get(limits=ONCE)
    assert left_on_disk(settings) == []
    assert get().path.read_bytes() == BODY


def test_a_file_too_slow_for_the_time_limit_is_named_and_not_kept(server, settings, get):
    body = zipped("slow" * 100)
    server.answers = [Answer(body, slow=0.5, cut=200, then="hang"), Answer(body)]
    with pytest.raises(SourceFailed, match="too slow: [0-9]+ bytes by the time limit.*line"):
        get(limits=replace(QUICK, total=50))
    assert left_on_disk(settings) == []
    assert get().path.read_bytes() == body


def test_a_line_that_breaks_each_time_is_given_up(server, settings, get):
    """Each try brings more, and none all: bytes of several answers are never put together."""
    server.answers = [replace(WHOLE, cut=cut) for cut in (50_000, 100_000, 190_000)]
    with pytest.raises(SourceFailed, match=r"broke off after 190,000 .*tried 3 times"):
        get()
    assert server.clock.waits == [1, 2]
    assert left_on_disk(settings) == []


def test_a_server_that_always_stops_at_the_same_byte_ends_in_an_error(server, settings, get):
    server.answers = [replace(WHOLE, cut=len(BODY) - 1)]
    with pytest.raises(SourceFailed, match=rf"broke off after {len(BODY) - 1:,} bytes"):
        get()
    assert len(server.asked) == QUICK.attempts
    assert left_on_disk(settings) == []


def test_a_fault_before_and_one_within_the_answer_count_together(server, get):
    server.answers = [Answer(status=503), CUT, Answer(status=500), WHOLE]
    with pytest.raises(SourceFailed, match="500.*tried 3 times"):
        get()
    assert server.clock.waits == [1, 2]


# ------------------------------------------------------------------ what comes after the break
def part(**more) -> dict:
    return {"ETag": '"1"', "Content-Range": f"bytes 150000-{len(BODY) - 1}/{len(BODY)}", **more}


REST = BODY[150_000:]
SPOILED = BODY[:150_000] + bytes(1_000) + BODY[151_000:]
AFTER = {
    "server-ignores-ranges": (WHOLE, ""),
    "content-changed": (replace(WHOLE, headers={"ETag": '"2"'}), ""),
    "416": (Answer(status=416, headers={"Content-Range": f"bytes */{len(BODY)}"}), "416"),
    "416-page": (Answer(b"<html>no", 416), "416 with an HTML page"),
    "no-content-range": (Answer(REST, 206, {"ETag": '"1"'}), "206"),
    "nonsense-content-range": (Answer(REST, 206, part(**{"Content-Range": "bytes 9-2/1"})), "206"),
    "another-range": (Answer(REST, 206, part(**{"Content-Range": "bytes 0-9/10"})), "206"),
    "another-length": (
        Answer(REST, 206, part(**{"Content-Range": "bytes 150000-199999/200000"})), "206"
    ),
    "another-etag": (Answer(REST, 206, part(ETag='"2"')), "206"),
    "encoded-range": (Answer(REST, 206, part(**{"Content-Encoding": "gzip"})), "206"),
    "multipart": (
        Answer(REST, 206, {"Content-Type": "multipart/byteranges; boundary=x"}), "206"
    ),
    "bytes-that-do-not-fit": (replace(WHOLE, body=SPOILED), "damaged"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "named"), [pytest.param(*v, id=f"fault-{k}") for k, v in AFTER.items()]
)
def test_the_answer_after_a_break_is_the_whole_file_or_none(server, settings, get, answer, named):
    server.answers = [CUT, answer, WHOLE]
    if named:
        with pytest.raises(SourceFailed, match=named):
            get()
        assert left_on_disk(settings) == []
    assert get().path.read_bytes() == BODY


def test_new_content_after_a_break_is_taken_whole(server, get):
    new = zipped("new" + TEXT)
    server.answers = [CUT, Answer(new, headers={"ETag": '"2"'})]
    fetched = get()
    assert fetched.path.read_bytes() == new
    assert fetched.etag == '"2"'


def test_a_shorter_file_after_a_break_keeps_no_end_of_the_longer_one(server, get):
    short = zipped("short")
    server.answers = [CUT, Answer(short)]
    assert get().path.read_bytes() == short


def test_unchanged_is_still_unchanged_after_a_break(server, get):
    server.answers = [WHOLE, CUT, Answer(status=304, length="")]
    assert get() == get()
    assert [asked.headers.get("If-None-Match") for asked in server.asked] == [None, '"1"', '"1"']


@pytest.mark.parametrize(
    "headers",
    [{}, {"ETag": 'W/"1"'}, {"ETag": "bare"}, {"ETag": '"1"', "Content-Encoding": "x-unknown"},
     {"Last-Modified": LATER}],
    ids=["fault-no-validator", "fault-weak-etag", "fault-bare-etag", "fault-encoded",
         "fault-last-modified"],
)  # fmt: skip
def test_whatever_the_server_says_of_a_file_a_part_of_it_is_dropped(server, get, headers):
    server.answers = [Answer(BODY, headers=headers, cut=150_000), Answer(BODY, headers=headers)]
    fetched = get()
    assert fetched.path.read_bytes() == BODY
    assert fetched.last_modified == headers.get("Last-Modified", "")


def test_an_oversized_answer_after_a_break_is_refused(server, settings, get):
    server.answers = [CUT, replace(WHOLE, length="99999999999")]
    with pytest.raises(SourceFailed, match="99,999,999,999 bytes or more"):
        get()
    assert left_on_disk(settings) == []


# ------------------------------------------------------------------ damage within
def test_a_zip_damaged_in_the_middle_is_refused(server, settings, get):
    """Its length is right, and so are its beginning and end."""
    server.answers = [replace(WHOLE, body=SPOILED), WHOLE]
    with pytest.raises(SourceFailed, match="damaged"):
        get()
    assert left_on_disk(settings) == []
    assert "If-None-Match" not in server.asked[0].headers
    assert get().path.read_bytes() == BODY


def test_zeros_in_the_middle_of_a_text_are_noticed(server, settings, get):
    text = b"a,b\n" + b"1,2\n" * 50_000
    server.answers = [Answer(text[:100_000] + bytes(50_000) + text[150_000:]), Answer(text)]
    with pytest.raises(SourceFailed, match="not plain text"):
        get(dataset=CSV)
    assert get(dataset=CSV).path.read_bytes() == text


# ------------------------------------------------------------------ what lies on the disk
@pytest.fixture
def leftover(settings):
    """Half a file and its record, as versions that continued downloads kept them."""
    folder = settings.downloads / ".partial"
    folder.mkdir(parents=True)
    body, about = folder / ("0" * 32), folder / ("0" * 32 + ".json")
    body.write_bytes(BODY[:150_000])
    about.write_text('{"address": "http://x/", "validator": "\\"1\\"", "total": null}')
    return body, about


def assert_cleared_and_fetched_whole(server, settings, get):
    server.answers = [WHOLE]
    download.clean(settings)
    assert left_on_disk(settings) == []
    assert get().path.read_bytes() == BODY
    assert "Range" not in server.asked[0].headers


@pytest.mark.parametrize("days", [-30, 8, 400], ids=lambda d: f"fault-clock-{d}-days")
def test_an_old_half_is_cleared_whatever_its_time(server, settings, get, leftover, days):
    for file in leftover:
        then = time.time() - days * 24 * 3600
        os.utime(file, (then, then))
    (settings.downloads / ".part-abc").write_bytes(BODY[:100])
    os.utime(settings.downloads / ".part-abc", (then, then))
    assert_cleared_and_fetched_whole(server, settings, get)


@pytest.mark.parametrize(
    "record", ["", "{ half", "[]", "null", "{}", '{"address": 1}',
               '{"address": "http://else.where/", "validator": "\\"1\\"", "total": null}',
               '{"validator": 3}'],
    ids=lambda r: f"fault-record-{r[:12]}",
)  # fmt: skip
def test_an_old_half_is_cleared_whatever_its_record(server, settings, get, leftover, record):
    leftover[1].write_text(record)
    assert_cleared_and_fetched_whole(server, settings, get)


def test_two_files_do_not_meet(server, settings, get):
    """One session, one file cut off: the other has its own bytes."""
    text = b"a,b\n" + b"1,2\n" * 50
    server.answers = [CUT, CUT, CUT, Answer(text)]
    with server.clock.session() as session:
        with pytest.raises(SourceFailed, match="broke off"):
            get(session=session)
        assert get(dataset=CSV, session=session).path.read_bytes() == text
    assert kept(settings) == [download.file_name(CSV)]


def test_a_disk_that_is_full_midway_keeps_no_part(server, settings, get, monkeypatch):
    def full(source, target):
        target.write(source.read(1000))
        raise OSError(28, "No space left on device")

    server.answers = [WHOLE]
    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(SourceFailed, match="No space left on device.*Free space"):
        get(dataset=ZIP)
    assert left_on_disk(settings) == []


def test_a_full_folder_for_temporary_files_is_named(server, settings, get, monkeypatch):
    class Full(tempfile.SpooledTemporaryFile):
        def write(self, data):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", Full)
    server.answers = [WHOLE]
    with pytest.raises(SourceFailed, match=f"{tempfile.gettempdir()}.*No space left"):
        get(dataset=ZIP)
    assert left_on_disk(settings) == []


def test_a_killed_download_leaves_nothing(server, settings, get):
    """SIGKILL in the middle: the next run fetches the whole file."""
    server.answers = [replace(CUT, then="hang"), WHOLE]
    code = (
        "from pipelines.base import settings; from pipelines.sources import catalog; "
        "from pipelines.sources.fetch import download; "
        "download.fetch_file(catalog.dataset_of('oews_nat_2025'), settings.load())"
    )
    where = {"OUTLOOK_DATA": str(settings.raw.parent), "OUTLOOK_MIRROR": server.address}
    process = subprocess.Popen([sys.executable, "-c", code], env=os.environ | where)
    end = time.monotonic() + 60
    while not (server.asked and server.asked[0].given) and time.monotonic() < end:
        time.sleep(0.02)
    process.kill()
    process.wait()
    assert server.asked[0].given == 150_000
    assert left_on_disk(settings) == []
    download.clean(settings)
    assert get().path.read_bytes() == BODY


def test_real_files_that_break_off_come_whole(sources, server, settings, get):
    """Every source of the mirror, cut in the middle once."""
    sums = dict(line.split(maxsplit=1)[::-1] for line in
                (sources / "SHA256SUMS").read_text().replace("./", "").splitlines())  # fmt: skip
    for dataset in held(CATALOG.values(), sources):
        body = (sources / dataset.mirror_path).read_bytes()
        server.asked.clear()
        server.answers = [Answer(body, cut=len(body) // 2), Answer(body)]
        assert get(dataset=dataset).sha256 == sums[dataset.mirror_path]
        assert [asked.given for asked in server.asked] == [len(body) // 2, len(body)]
