"""Headers and page titles come from anybody: any text gives a sane value or none."""

from __future__ import annotations

import math
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3 import HTTPResponse

from pipelines.sources.fetch import headers
from pipelines.sources.fetch.session import Limits, Retries, Session
from pipelines.sources.files import pages

SECONDS = st.integers(-(10**8), 10**8)


def asked_for(value: str | None) -> float | None:
    """The wait that an answer with this Retry-After asks for."""
    told = {} if value is None else {"Retry-After": value}
    with Session() as session:
        retries = Retries.within(Limits(), session)
    return retries.get_retry_after(HTTPResponse(headers=told))


def later(seconds: int) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


@given(st.integers(0, 10**15))
def test_a_number_is_that_many_seconds(seconds):
    assert asked_for(f" {seconds} ") == seconds


@given(SECONDS, st.integers(-12, 12))
def test_a_date_is_the_time_until_then_and_never_negative(seconds, zone):
    there = later(seconds).astimezone(timezone(timedelta(hours=zone)))
    assert asked_for(format_datetime(there)) == pytest.approx(max(0, seconds), abs=2)


@given(SECONDS)
def test_a_date_in_gmt_as_servers_write_it(seconds):
    text = format_datetime(later(seconds), usegmt=True)
    assert asked_for(text) == pytest.approx(max(0, seconds), abs=2)
    bare = text.replace("GMT", "").strip()
    assert asked_for(bare) == pytest.approx(max(0, seconds), abs=2)


@pytest.mark.parametrize(
    "value", [None, "", " ", "-5", "1.5", "1e3", "later", "٣", "∞", "9" * 5000]
)
def test_what_is_neither_is_not_obeyed(value):
    assert not asked_for(value)


@given(st.one_of(st.text(), st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ [\d:]+ .*")))
def test_any_text_gives_a_finite_wait_or_none(text):
    wait = asked_for(text)
    assert wait is None or (wait >= 0 and math.isfinite(wait))


@given(st.text())
def test_what_is_sent_back_can_stand_in_a_header(etag):
    value = headers.plain(etag)
    assert value.isascii()
    assert not value or value.isprintable()


@given(st.emails())
def test_ordinary_addresses_are_accepted(address):
    # RFC 5322 allows more than may stand in a comment of a header; hypothesis makes no quotes.
    assert headers.is_e_mail(address) or len(address) > 254 or not address.isascii()


@given(st.text())
def test_an_accepted_contact_injects_nothing(text):
    for contact in (text, f"{text}@example.org", f"me@{text}.org"):
        if headers.is_e_mail(contact):
            assert contact.isascii()
            assert contact.isprintable()
            assert not set(contact) & set(' ()<>,;:\\"[]\r\n')


@given(st.text(st.characters(codec="utf-8")))
def test_any_title_is_one_short_printable_line(text):
    page = f"<html><head><title>{text}</title></head>".encode()
    title = pages.page_title(page)
    assert len(title) <= 80
    assert not set(title) & set("<>")
    assert all(unicodedata.category(c)[0] != "C" for c in title)
    assert title == " ".join(title.split())


@given(st.binary())
def test_any_bytes_have_a_title_or_none(data):
    assert isinstance(pages.page_title(data), str)
    assert isinstance(pages.page_title(b"<title>" + data), str)
    assert pages.described(data).startswith("an HTML page")


@pytest.mark.parametrize(
    ("page", "title"),
    [
        (b"<TITLE lang=en>Access\n  Denied</TITLE >", "Access Denied"),
        (b"<title>Tom &amp; Jerry &lt;b&gt;</title>", "Tom & Jerry b"),
        ("<title>Zugriff verweigert: Prüfung</title>".encode(), "Zugriff verweigert: Prüfung"),
        (b"<title>a\x1b]0;evil\x07b</title>", "a]0;evilb"),
        ("<title>\u202eabc\u2066</title>".encode(), "abc"),
        (b"<title>open", ""),
        (b"no title", ""),
        (b"<title>" * 2000, ""),
        ("İ".encode() * 50 + b"<title>after</title>", "after"),
    ],
)
def test_titles(page, title):
    assert pages.page_title(page) == title


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://ada:pw@host:8/a/b?key=1#c", "https://host:8/a/b"),
        ("http://host/a%20b", "http://host/a%20b"),
    ],
)
def test_addresses_are_shown_without_secrets(address, shown):
    assert headers.shown(address) == shown
