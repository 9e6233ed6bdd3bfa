"""Faults of the network: each is survived or named, and the last good file always stays."""

from __future__ import annotations

import gzip
import re
import socket
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests
import urllib3
from netserver import CATALOG, CSV, IMPATIENT, PAGE, QUICK, ZIP, Answer, Asked, kept, zipped
from requests.adapters import HTTPAdapter

from pipelines.base.errors import SourceFailed, UsageError
from pipelines.sources.catalog import dataset_of
from pipelines.sources.fetch import download
from pipelines.sources.fetch.session import Limits

pytestmark = pytest.mark.fault("network")

GOOD = zipped("good")
FOUND = b"<html><head><title>\n Not\tfound \x1b[31m&lt;script&gt;</title></head></html>"
WORKBOOK = dataset_of("ep_workbook")


@pytest.fixture
def settings(web_settings):
    return web_settings


@dataclass
class Case:
    """Answers of a server, and what is expected of us."""

    answers: list
    named: str
    dataset: object = ZIP
    limits: Limits = QUICK


def case(*answers, named="", dataset=ZIP, limits=QUICK):
    return Case(list(answers), named, dataset, limits)


def later(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


# ------------------------------------------------------------------ faults that pass
PASSING = {
    **{f"{s}-once": [Answer(PAGE, s), Answer(GOOD)] for s in (408, 425, 429, 500, 502, 503, 504)},
    "500-twice": [Answer(status=500), Answer(status=500), Answer(GOOD)],
    "503-then-429-then-good": [Answer(status=503), Answer(status=429), Answer(GOOD)],
    "429-retry-after-seconds": [Answer(status=429, headers={"Retry-After": "7"}), Answer(GOOD)],
    "429-retry-after-zero": [Answer(status=429, headers={"Retry-After": "0"}), Answer(GOOD)],
    "503-retry-after-date": [Answer(status=503, headers={"Retry-After": later(20)}), Answer(GOOD)],
    "503-retry-after-past": [Answer(status=503, headers={"Retry-After": later(-99)}), Answer(GOOD)],
    "503-retry-after-nonsense": [Answer(status=503, headers={"Retry-After": "soon"}), Answer(GOOD)],
    "closed-without-answer": [Answer(then="no answer"), Answer(GOOD)],
    "body-cut": [Answer(GOOD, cut=20), Answer(GOOD)],
    "body-reset": [Answer(GOOD, cut=20, then="reset"), Answer(GOOD)],
    "body-hangs": [Answer(GOOD, cut=20, then="hang"), Answer(GOOD)],
    "no-length": [Answer(GOOD, length="")],
    "nonsense-length": [Answer(GOOD, length="-1")],
    "gzip-encoding": [Answer(gzip.compress(GOOD), headers={"Content-Encoding": "gzip"})],
    "gzip-encoding-cut": [
        Answer(gzip.compress(GOOD), headers={"Content-Encoding": "gzip"}, cut=40), Answer(GOOD),
    ],
    "type-octet-stream": [Answer(GOOD, headers={"Content-Type": "application/octet-stream"})],
    "type-text-plain": [Answer(GOOD, headers={"Content-Type": "text/plain; charset=utf-8"})],
    "type-empty": [Answer(GOOD, headers={"Content-Type": ""})],
}  # fmt: skip


@pytest.mark.parametrize("fault", [pytest.param(v, id=f"fault-{k}") for k, v in PASSING.items()])
def test_a_fault_that_passes_is_waited_for(server, settings, get, fault):
    server.answers = list(fault)
    hangs = getattr(fault[0], "then", "") == "hang"
    assert get(limits=IMPATIENT if hangs else QUICK).path.read_bytes() == GOOD
    assert kept(settings) == ["oesm25nat.zip"]
    assert len(server.clock.waits) == len(fault) - 1


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [("7", 7, 7), ("date", 20, 31), ("0", 1, 1), ("x", 1, 1), (None, 1, 1)],
    ids=["fault-wait-seconds", "fault-wait-date", "fault-wait-zero", "fault-wait-nonsense",
         "fault-wait-own"],
)  # fmt: skip
def test_the_wait_is_the_servers_or_ours(server, get, header, least, most):
    told = {"Retry-After": later(30) if header == "date" else header} if header else {}
    server.answers = [Answer(status=503, headers=told), Answer(GOOD)]
    get(limits=replace(QUICK, total=300))
    assert least <= server.clock.waits[0] <= most


def test_our_own_waits_double_and_are_spread(server, get):
    server.answers = [Answer(status=500)]
    with pytest.raises(SourceFailed, match="tried 5 times"):
        get(limits=replace(QUICK, attempts=5))
    assert server.clock.waits == [1, 2, 4, 8]
    session = server.clock.session()
    session.jitter = lambda: 0.0
    server.clock.waits.clear()
    with session, pytest.raises(SourceFailed):
        get(limits=replace(QUICK, attempts=3), session=session)
    assert server.clock.waits == [0.5, 1]


# ------------------------------------------------------------------ faults that stay
STAYING = {
    "403-page": case(
        Answer(PAGE, 403), named="403 with a block page: an HTML page titled 'Access Denied'"
    ),
    "403-page-contact": case(Answer(PAGE, 403), named="Set OUTLOOK_CONTACT"),
    "403-plain": case(Answer(b"no", 403), named="the server answered 403"),
    "401": case(Answer(status=401), named="401"),
    "404": case(Answer(b"no", 404), named="404.*See if it has moved"),
    "404-page": case(
        Answer(FOUND, 404), named=r"404 with an HTML page titled 'Not found \[31mscript'"
    ),
    "410": case(Answer(status=410), named="410"),
    "451-page": case(Answer(PAGE, 451), named="451 with a block page"),
    "429-for-ever": case(Answer(PAGE, 429), named="429 with a block page.*tried 3 times"),
    "429-wait-an-hour": case(
        Answer(status=429, headers={"Retry-After": "3600"}),
        named="asks to wait 3,600 s.*Try again after that time",
    ),
    # The date is set when the tests are collected: a long run comes to it late.
    "503-wait-a-date": case(
        Answer(status=503, headers={"Retry-After": later(86400)}), named="asks to wait 8[0-6],"
    ),
    "503-wait-beyond-the-total": case(
        Answer(status=503, headers={"Retry-After": "90"}), named="limit of 60 s leaves no other"
    ),
    "503-wait-digits": case(
        Answer(status=503, headers={"Retry-After": "9" * 18}), named="asks to wait"
    ),
    "500-for-ever": case(Answer(status=500), named="500.*tried 3 times"),
    "503-for-ever": case(Answer(status=503), named="503.*tried 3 times"),
    "204": case(Answer(status=204, length=""), named="204"),
    "206-not-asked-for": case(
        Answer(GOOD, 206, {"Content-Range": f"bytes 0-{len(GOOD) - 1}/{len(GOOD)}"}), named="206"
    ),
    "304-not-asked-for": case(
        Answer(status=304, length=""), named="304", dataset=replace(ZIP, id="other")
    ),
    "300": case(Answer(status=300), named="300"),
    "page-as-200": case(
        Answer(PAGE), named="an HTML page.*in place of oesm25nat.zip.*'Access Denied'"
    ),
    "page-as-200-typed": case(
        Answer(PAGE, headers={"Content-Type": "text/html; charset=utf-8"}),
        named="page came in place of the file.*'Access Denied'",
    ),
    "page-without-title": case(Answer(b"<html><body>x"), named="HTML page without a title"),
    "page-with-bom": case(
        Answer(b"\xef\xbb\xbf\r\n <!DOCTYPE HTML><title>Maintenance"), named="HTML page"
    ),
    "page-for-a-workbook": case(Answer(PAGE), named="HTML page", dataset=WORKBOOK),
    "page-for-a-text": case(Answer(PAGE), named="HTML page.*Access Denied", dataset=CSV),
    "page-title-huge": case(
        Answer(b"<html><title>" + b"a" * 5000 + b"</title>"), named="'a{77}\\.\\.\\.'"
    ),
    "page-gzip": case(
        Answer(gzip.compress(PAGE), headers={"Content-Encoding": "gzip"}), named="Access Denied"
    ),
    "type-image": case(
        Answer(GOOD, headers={"Content-Type": "image/png"}), named="sends image/png, expected"
    ),
    "type-json": case(
        Answer(b"{}", headers={"Content-Type": "application/json"}), named="application/json"
    ),
    "type-pdf-for-a-text": case(
        Answer(b"%PDF", headers={"Content-Type": "application/pdf"}), named="pdf", dataset=CSV
    ),
    "type-html-for-a-zip": case(
        Answer(GOOD, headers={"Content-Type": "text/html"}), named="page came"
    ),
    "text-for-a-zip": case(Answer(b"a,b\n1,2\n"), named="does not begin like a zip"),
    "zip-for-a-workbook": case(Answer(GOOD), named="not a workbook", dataset=WORKBOOK),
    "zip-for-a-text": case(Answer(GOOD), named="not plain text", dataset=CSV),
    "zeros-for-a-text": case(Answer(bytes(500)), named="not plain text", dataset=CSV),
    "empty": case(Answer(b""), named="is empty"),
    "blank": case(Answer(b" \r\n "), named="is empty"),
    "cut-for-ever": case(Answer(GOOD, cut=20), named="broke off after 20.*tried 3 times"),
    "reset-for-ever": case(Answer(GOOD, cut=20, then="reset"), named="broke off|no answer"),
    "hangs-for-ever": case(
        Answer(GOOD, cut=20, then="hang"), named="broke off after 20", limits=IMPATIENT
    ),
    "hangs-before-the-body": case(
        Answer(GOOD, cut=0, then="hang"), named="broke off after 0", limits=IMPATIENT
    ),
    "zip-truncated": case(Answer(GOOD[:-30]), named="truncated or damaged"),
    "zip-truncated-no-length": case(Answer(GOOD[:-30], length=""), named="truncated or damaged"),
    "gzip-broken": case(
        Answer(b"\x1f\x8b" + bytes(40), headers={"Content-Encoding": "gzip"}), named="broke off"
    ),
    "gzip-unknown": case(Answer(b"\0\1", headers={"Content-Encoding": "zstd2"}), named="zip"),
    "too-large-announced": case(Answer(length="99999999999"), named="99,999,999,999 bytes"),
    "too-large-sent": case(
        Answer(zipped("x" * 5000), length=""),
        named="at most 1,000",
        dataset=replace(ZIP, max_bytes=1000),
    ),
    "too-large-unpacked": case(
        Answer(gzip.compress(bytes(9_000_000)), headers={"Content-Encoding": "gzip"}),
        named="at most 1,000,000",
        dataset=replace(ZIP, max_bytes=1_000_000),
    ),
    "slow-in-all": case(
        Answer(zipped("x" * 200), slow=2, cut=100, then="hang"),
        named="too slow: [0-9]+ bytes by the time",
    ),
    "slow-head": case(
        Answer(then="slow head"),
        named="too slow: no answer by the time limit|no answer",
        limits=replace(QUICK, read=20, total=0.3),
    ),
    "redirect-loop": case(
        lambda asked: Answer(status=302, headers={"Location": asked.path}),
        named="redirected more than 5",
    ),
    "redirect-to-ftp": case(
        Answer(status=302, headers={"Location": "ftp://example.org/x"}),
        named="ftp://example.org/x, which is not",
    ),
    "redirect-to-file": case(
        Answer(status=301, headers={"Location": "file:///etc/passwd"}), named="which is not"
    ),
    "redirect-to-nothing": case(Answer(status=302), named="302"),
}


@pytest.mark.parametrize("fault", [pytest.param(v, id=f"fault-{k}") for k, v in STAYING.items()])
def test_a_fault_that_stays_is_named_with_the_way_out(server, settings, get, fault):
    server.answers = [Answer(GOOD)]
    good = get()
    server.answers = fault.answers
    with pytest.raises(SourceFailed, match=f"(?s){fault.named}") as caught:
        get(dataset=fault.dataset, limits=fault.limits)
    message = str(caught.value)
    assert (
        fault.dataset.url.rpartition("/")[2] in message.replace("%20", " ")
        or fault.dataset.url in message
    )
    assert str(settings.dropbox) in message
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", message)
    # Readers keep what they had, nothing half is left, and the next good run succeeds.
    assert download.known(ZIP, settings) == good
    assert [name for name in kept(settings) if not re.fullmatch("[0-9a-f]{32}(.json)?", name)] == [
        "oesm25nat.zip"
    ]
    server.answers = [Answer(zipped("better"))]
    assert get().path.read_bytes() == zipped("better")


# ------------------------------------------------------------------ redirects and hosts
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308], ids=lambda s: f"fault-redirect-{s}")
def test_a_redirect_to_another_host_is_followed(server, settings, get, status):
    there = server.address.replace("127.0.0.1", "localhost") + "/cdn/file"

    def answer(asked: Asked) -> Answer:
        if asked.path == "/cdn/file":
            return Answer(GOOD)
        return Answer(b"x" * 100, status, {"Location": there})

    server.answers = [answer]
    fetched = get(settings=replace(settings, contact="me@example.org"))
    assert fetched.path.read_bytes() == GOOD
    assert fetched.origin.endswith("oesm25nat.zip")
    assert server.asked[1].headers["Host"].startswith("localhost")
    assert "me@example.org" in server.asked[1].headers["User-Agent"]


def test_a_redirect_away_from_https_is_not_followed(server, settings, get):
    """Nothing here speaks https with a certificate, so the first answer is put in its place."""
    asked = []

    class Redirecting(HTTPAdapter):
        def send(self, request, **options):
            asked.append(request.url)
            made = requests.Response()
            made.status_code, made.url, made.request = 302, request.url, request
            made.raw = urllib3.HTTPResponse(b"", preload_content=False)
            made.headers["Location"] = server.address + "/plain"
            return made

    where = replace(settings, mirror=None)
    with server.clock.session() as session:
        session.mount("https://", Redirecting())
        with pytest.raises(SourceFailed, match="is not https"):
            get(dataset=dataset_of("onet_29_3"), settings=where, session=session)
    assert asked == [dataset_of("onet_29_3").url]
    assert server.asked == []


@pytest.fixture
def closed() -> str:
    """An address where nothing listens."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{place.getsockname()[1]}"


def all_of(session, settings, limits=QUICK) -> list[str]:
    said = []
    for dataset in CATALOG.values():
        with pytest.raises(SourceFailed) as caught:
            download.fetch_file(dataset, settings, session, limits)
        said.append(str(caught.value))
    return said


@pytest.mark.parametrize(
    "mirror", ["closed", "http://no-such-host.invalid"], ids=["fault-refused", "fault-no-such-host"]
)
def test_a_host_that_is_not_there_is_waited_for_once(server, settings, closed, mirror):
    where = replace(settings, mirror=closed if mirror == "closed" else mirror)
    start = time.monotonic()
    with server.clock.session() as session:
        said = all_of(session, where)
    assert re.search("no answer.*tried 3 times", said[0])
    assert all("not asked:" in line and "gave no answer" in line for line in said[1:])
    assert all(str(settings.dropbox) in line for line in said)
    assert server.clock.waits == [1, 2]  # once, not for each file
    assert time.monotonic() - start < 30


def test_a_mirror_that_is_off_is_given_up_sooner(server, settings, closed):
    with server.clock.session() as session, pytest.raises(SourceFailed, match="tried 2 times"):
        download.fetch_file(ZIP, replace(settings, mirror=closed), session)
    assert server.clock.waits == [1]


def test_a_proxy_that_is_not_there_is_named_and_waited_for_once(
    server, settings, closed, monkeypatch
):
    place = closed.removeprefix("http://")
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, f"http://me:secret@{place}")
    monkeypatch.delenv("no_proxy", raising=False)
    hosts = [
        replace(settings, mirror="http://one.example"),
        replace(settings, mirror=None, contact="me@host.org"),
    ]
    with server.clock.session() as session:
        said = [line for where in hosts for line in all_of(session, where)]
    assert f"the proxy {place} (http_proxy)" in said[0]
    assert "Connection refused" in said[0]
    assert all("the proxy" in line and place in line for line in said)
    assert all("_proxy" in line and "secret" not in line for line in said)
    assert len(server.clock.waits) <= 2  # once for all hosts


def test_a_proxy_that_is_no_address_is_named(server, settings, monkeypatch):
    monkeypatch.setenv("http_proxy", "bad://me:secret@there")
    monkeypatch.delenv("no_proxy", raising=False)
    where = replace(settings, mirror="http://one.example")
    with server.clock.session() as session, pytest.raises(SourceFailed) as caught:
        download.fetch_file(ZIP, where, session, QUICK)
    assert "Proxy URL had unsupported scheme" in str(caught.value)
    assert "the proxy" in caught.value.todo
    assert "secret" not in str(caught.value)


def test_a_host_that_never_answers_is_waited_for_once(server, settings):
    server.answers = [Answer(then="slow head")]
    limits = replace(QUICK, read=0.05)
    with server.clock.session() as session:
        said = all_of(session, settings, limits)
    assert "tried 3 times" in said[0]
    assert len(server.asked) == 3
    assert all("not asked" in line for line in said[1:])


def test_a_host_that_refuses_one_file_is_asked_for_the_others(server, settings):
    server.answers = [Answer(status=404)]
    with server.clock.session() as session:
        all_of(session, settings)
    assert len(server.asked) == len(CATALOG)


def test_a_certificate_that_cannot_be_trusted_is_not_tried_again(server, settings):
    where = replace(settings, mirror=server.address.replace("http:", "https:"))
    with server.clock.session() as session, pytest.raises(SourceFailed, match="cannot be trusted"):
        download.fetch_file(ZIP, where, session, QUICK)
    assert server.clock.waits == []


def test_without_a_contact_no_fault_hides_that_one_is_wanted(settings, get):
    with pytest.raises(UsageError, match="OUTLOOK_CONTACT"):
        get(settings=replace(settings, mirror=None))
