"""What publishers answer at their real https addresses in place of a file."""

from __future__ import annotations

import pytest
from faults import mirror
from netserver import PAGE, Answer, Clock

from pipelines.base import settings as _settings
from pipelines.base.errors import SourceFailed, Unavailable, UsageError
from pipelines.sources.catalog import dataset_of
from pipelines.sources.fetch import download

HTML = {"Content-Type": "text/html"}


@pytest.fixture
def live(publishers, tmp_path, monkeypatch):
    """Fetch one source from its publisher, in this process; the clock tells the waits."""
    publishers.lead(monkeypatch)
    clock = Clock()

    def fetch(name, contact="tester@example.org"):
        where = _settings.load({"OUTLOOK_DATA": str(tmp_path), "OUTLOOK_CONTACT": contact})
        with clock.session() as session:
            return download.fetch_file(dataset_of(name), where, session)

    fetch.clock, fetch.publishers = clock, publishers
    return fetch


def bytes_of(name):
    return mirror.encode(mirror.SOURCES[name]())


def test_bls_is_not_asked_without_a_contact(live):
    with pytest.raises(UsageError, match="Set OUTLOOK_CONTACT"):
        live("oews_nat_2025", contact="")
    assert live.publishers.asked == []


@pytest.mark.fault("refused")
def test_bls_refuses_a_network_with_a_contact_too(live):
    url = dataset_of("oews_nat_2025").url
    live.publishers.answers[url] = Answer(PAGE, 403, HTML)
    with pytest.raises(Unavailable) as error:
        live("oews_nat_2025")
    said = str(error.value)
    assert said.startswith(url)
    assert "403 with a block page" in said
    assert "refuses this program or network" in said
    assert "save the file into" in said
    assert live.publishers.times(url) == 1


@pytest.mark.fault("refused")
def test_a_host_that_refuses_without_a_contact_says_which_variable_to_set(live):
    live.publishers.answers[dataset_of("telework").url] = Answer(PAGE, 403, HTML)
    with pytest.raises(Unavailable, match="Set OUTLOOK_CONTACT to your e-mail"):
        live("telework", contact="")


@pytest.mark.fault("refused")
def test_a_file_that_is_gone(live):
    with pytest.raises(Unavailable, match="the server answered 404.*See if it has moved"):
        live("telework")
    assert live.publishers.times(dataset_of("telework").url) == 1


def test_a_busy_server_is_waited_for_as_long_as_it_asks(live):
    url = dataset_of("telework").url

    def busy(asked):
        if live.publishers.times(url) == 1:
            return Answer(b"", 429, {"Retry-After": "37"})
        return Answer(bytes_of("telework"))

    live.publishers.answers[url] = busy
    assert live("telework").origin == url
    assert live.clock.waits == [37]


@pytest.mark.fault("refused")
def test_a_busy_server_that_asks_for_an_hour_is_not_waited_for(live):
    url = dataset_of("telework").url
    live.publishers.answers[url] = Answer(b"", 429, {"Retry-After": "3600"})
    with pytest.raises(Unavailable, match="429.*asks to wait 3,600 s.*after that time"):
        live("telework")
    assert (live.publishers.times(url), live.clock.waits) == (1, [])


def test_another_host_is_followed_over_https_and_the_publishers_address_is_kept(live):
    url, there = dataset_of("telework").url, "https://files.example.org/moved.csv"
    live.publishers.answers |= {
        url: Answer(b"", 302, {"Location": there}),
        there: Answer(bytes_of("telework")),
    }
    found = live("telework")
    assert found.path.read_bytes() == bytes_of("telework")
    assert found.origin == url
    assert live.publishers.times(there) == 1


@pytest.mark.fault("refused")
def test_another_host_is_not_followed_to_http(live):
    url = dataset_of("telework").url
    live.publishers.answers[url] = Answer(b"", 302, {"Location": "http://files.example.org/a.csv"})
    with pytest.raises(SourceFailed, match="http://files.example.org/a.csv, which is not https"):
        live("telework")
    assert len(live.publishers.asked) == 1


@pytest.mark.fault("refused")
def test_a_page_in_place_of_the_file(live):
    live.publishers.answers[dataset_of("oews_nat_2025").url] = Answer(PAGE, 200, HTML)
    with pytest.raises(SourceFailed, match="Access Denied"):
        live("oews_nat_2025")
