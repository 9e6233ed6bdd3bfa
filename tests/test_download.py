"""Downloads: mirrors, a server with faults, the drop folder; nothing bad is ever kept."""

from __future__ import annotations

import io
import threading
import time
import zipfile
from dataclasses import dataclass, field, replace
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipelines import settings as _settings
from pipelines.errors import SourceFailed, UsageError
from pipelines.sources import download
from pipelines.sources.catalog import load_catalog
from pipelines.sources.http import Limits, _retry_after

CATALOG = load_catalog()
ZIP = CATALOG["oews_nat_2025"]
CSV = CATALOG["ep_export"]
QUICK = Limits(connect=2, read=1, total=5, attempts=3, backoff=0.01)
PAGE = b"<!DOCTYPE html><html><title>Access Denied</title></html>"


def zipped(text: str = "hello") -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        # A date of its own: the same text gives the same bytes, whenever the clock ticks.
        archive.writestr(zipfile.ZipInfo("a.txt"), text)
    return data.getvalue()


@dataclass
class Server:
    """Answers in order (the last one again and again), and the requests that came."""

    answers: list = field(default_factory=list)
    seen: list = field(default_factory=list)
    address: str = ""


@pytest.fixture
def server():
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            state.seen.append((self.path, dict(self.headers)))
            answer = state.answers.pop(0) if len(state.answers) > 1 else state.answers[0]
            status, headers, body, *fault = answer
            self.send_response(status)
            sent = {"Content-Length": str(len(body)), **headers, "Connection": "close"}
            for name, value in sent.items():
                self.send_header(name, value)
            self.end_headers()
            self.close_connection = True
            try:
                if fault == ["drip"]:
                    for byte in body:
                        self.wfile.write(bytes([byte]))
                        time.sleep(0.05)
                else:
                    self.wfile.write(body[: fault[0]] if fault else body)
            except OSError:
                pass  # the client has had enough

        def log_message(self, *args):
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    state.address = f"http://127.0.0.1:{httpd.server_port}"
    yield state
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture
def settings(tmp_path, server):
    data = str(tmp_path / "data")
    return _settings.load({"OUTLOOK_DATA": data, "OUTLOOK_MIRROR": server.address})


def get(settings, dataset=ZIP, limits=QUICK):
    return download.fetch_file(dataset, settings, limits=limits)


def kept(settings) -> list[str]:
    """Files under the downloads, the index left out."""
    files = [f for f in settings.downloads.rglob("*") if f.is_file()]
    return sorted(f.name for f in files if f.name != "index.json")


def test_a_file_is_kept_by_content_under_its_own_name(server, settings):
    server.answers = [(200, {}, zipped())]
    fetched = get(settings)
    assert fetched.path.read_bytes() == zipped()
    assert fetched.path == settings.downloads / fetched.sha256 / "oesm25nat.zip"
    path, headers = server.seen[0]
    assert path == "/www.bls.gov/oes/special-requests/oesm25nat.zip"
    assert headers["User-Agent"].startswith("technician-outlook/")


def test_the_contact_is_sent_and_must_be_an_address(server, settings):
    server.answers = [(200, {}, zipped())]
    get(replace(settings, contact="me@example.org"))
    assert "(me@example.org)" in server.seen[0][1]["User-Agent"]
    for bad in ("nobody", "me@example.org\r\nX: y"):
        with pytest.raises(UsageError, match="OUTLOOK_CONTACT"):
            get(replace(settings, contact=bad))


def test_bls_is_not_asked_without_a_contact(settings):
    with pytest.raises(UsageError, match="OUTLOOK_CONTACT") as caught:
        get(replace(settings, mirror=None))
    assert str(settings.dropbox) in str(caught.value)


def test_an_unchanged_file_is_not_sent_again_and_nothing_is_written(server, settings):
    server.answers = [
        (200, {"ETag": '"1"', "Last-Modified": "Mon, 01 Jun 2026 00:00:00 GMT"}, zipped()),
        (304, {}, b""),
    ]
    first = get(settings)
    index = settings.downloads / "index.json"
    stamp = index.stat().st_mtime_ns
    assert get(settings) == first
    assert server.seen[1][1]["If-None-Match"] == '"1"'
    assert "If-Modified-Since" in server.seen[1][1]
    assert index.stat().st_mtime_ns == stamp


def test_a_damaged_download_is_fetched_again(server, settings):
    server.answers = [(200, {"ETag": '"1"'}, zipped())]
    get(settings).path.write_bytes(b"x" * len(zipped()))
    assert get(settings).path.read_bytes() == zipped()
    assert "If-None-Match" not in server.seen[1][1]


def test_same_name_with_new_content_keeps_both(server, settings):
    server.answers = [(200, {}, zipped("old")), (200, {}, zipped("new"))]
    old, new = get(settings), get(settings)
    assert old.sha256 != new.sha256
    assert old.path.exists()
    assert download.known(ZIP, settings) == new


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_passing_fault_is_tried_again(server, settings, status):
    server.answers = [(status, {}, PAGE), (200, {}, zipped())]
    assert get(settings).bytes == len(zipped())


def test_a_broken_off_answer_is_tried_again(server, settings):
    server.answers = [(200, {}, zipped(), 20), (200, {}, zipped())]
    assert get(settings).bytes == len(zipped())


def test_retry_after_is_obeyed_within_the_total_limit(server, settings):
    server.answers = [(503, {"Retry-After": "1"}, b""), (200, {}, zipped())]
    start = time.monotonic()
    get(settings)
    assert time.monotonic() - start >= 1
    server.answers = [(429, {"Retry-After": "3600"}, b"")]
    with pytest.raises(SourceFailed, match="429"):
        get(settings)


def test_retry_after_as_a_date_or_as_nonsense():
    import datetime as dt

    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30)
    assert 25 < _retry_after(format_datetime(soon, usegmt=True)) <= 30
    assert _retry_after("Mon, 01 Jan 2001 00:00:00 GMT") == 0
    assert _retry_after("later") is None
    assert _retry_after("-5") is None


FAULTS = {
    "403 page": ((403, {}, PAGE), "403 with an HTML block page"),
    "page as 200": ((200, {}, PAGE), "HTML page"),
    "404": ((404, {}, b"no"), "404"),
    "503 for ever": ((503, {}, b""), "503.*tried 3 times"),
    "truncated for ever": ((200, {}, zipped(), 20), "broke off after 20"),
    "truncated zip": ((200, {}, zipped()[:-30]), "truncated or damaged"),
    "wrong content": ((200, {}, b"a,b\n1,2\n"), "does not begin like a zip"),
    "empty": ((200, {}, b""), "empty"),
    "announced too large": ((200, {"Content-Length": "99999999999"}, b""), "at most"),
    "slow drip": ((200, {}, zipped() * 9, "drip"), "too slow|tried"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_name_the_address_and_the_way_out_and_keep_the_last_file(server, settings, fault):
    server.answers = [(200, {}, zipped("good"))]
    good = get(settings)
    answer, named = FAULTS[fault]
    server.answers = [answer]
    with pytest.raises(SourceFailed, match=f"(?s){named}") as caught:
        get(settings, limits=replace(QUICK, total=0.8) if fault == "slow drip" else QUICK)
    message = str(caught.value)
    assert "oesm25nat.zip" in message
    assert str(settings.dropbox) in message
    assert "\n" not in message
    assert kept(settings) == ["oesm25nat.zip"]
    assert download.known(ZIP, settings) == good


def test_a_file_over_its_limit_without_announcement(server, settings):
    server.answers = [(200, {}, zipped("x" * 5000))]
    with pytest.raises(SourceFailed, match="at most 1,000"):
        get(settings, dataset=replace(ZIP, max_bytes=1000))
    assert kept(settings) == []


def test_no_server(settings):
    with pytest.raises(SourceFailed, match="no answer.*tried 3 times"):
        get(replace(settings, mirror="http://127.0.0.1:9"))


def test_a_hand_downloaded_file_is_taken_when_the_server_refuses(server, settings):
    server.answers = [(403, {}, PAGE)]
    settings.dropbox.mkdir(parents=True)
    dropped = settings.dropbox / "oesm25nat.zip"
    dropped.write_bytes(PAGE)
    with pytest.raises(SourceFailed, match="403.*drop folder.*HTML"):
        get(settings)
    dropped.write_bytes(zipped())
    fetched = get(settings)
    assert fetched.origin.startswith("drop folder")
    assert fetched.path.read_bytes() == zipped()
    # Also where BLS is not even asked for want of a contact.
    assert get(replace(settings, mirror=None)).sha256 == fetched.sha256


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
    with pytest.raises(UsageError, match="ftp"):
        download.fetch(CSV, replace(settings, mirror="ftp://example.org"))
    file.unlink()
    with pytest.raises(SourceFailed, match="Employment Projections.csv"):
        download.fetch(CSV, settings)


def test_a_full_disk_or_a_closed_folder_is_an_error_of_one_line(mirrored):
    settings, _ = mirrored
    settings.raw.mkdir(parents=True)
    settings.downloads.write_text("a file where the folder should be")
    with pytest.raises(SourceFailed, match="cannot"):
        download.fetch(CSV, settings)


def test_what_a_killed_process_left_is_cleared(mirrored):
    settings, _ = mirrored
    settings.downloads.mkdir(parents=True)
    (settings.downloads / ".part-abc").write_text("half")
    (settings.downloads / "index.json").write_text("{ half")
    download.clean(settings)
    download.fetch(CSV, settings)
    assert kept(settings) == ["Employment Projections.csv"]


def test_all_real_files_pass_their_checks(sources, tmp_path):
    settings = _settings.load({"OUTLOOK_DATA": str(tmp_path), "OUTLOOK_MIRROR": str(sources)})
    for dataset in CATALOG.values():
        assert download.fetch(dataset, settings).is_file()
