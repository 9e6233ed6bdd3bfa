"""The way to the publishers themselves, in a process of its own: proxy, certificates, refusals."""

from __future__ import annotations

import json
import socket

import pytest
import trustme
from faults import mirror
from netserver import Clock
from real_files import editions

from pipelines.base import settings as _settings
from pipelines.base.errors import Unavailable
from pipelines.sources.catalog import dataset_of, loadable
from pipelines.sources.fetch import download
from pipelines.sources.fetch.download import CONTACT_HOSTS
from pipelines.sources.fetch.raw_files import digest


def manifest(data):
    path = data / "processed" / "releases" / "current" / "manifest.json"
    return json.loads(path.read_text("utf-8"))


@pytest.fixture
def made(publishers):
    """The publishers with a small made file of every source."""
    mirror.write(publishers.files)
    return publishers


def test_a_refresh_takes_every_source_from_its_publisher(made, tmp_path):
    data = tmp_path / "data"
    done = made.outlook(data, "refresh")
    assert done.returncode == 0, done.stderr
    assert "Published release" in done.stdout
    assert {name for name in mirror.SOURCES if made.times(dataset_of(name).url, "GET") == 1} == set(
        mirror.SOURCES
    )
    for asked in made.asked:
        if asked.path.split("/")[2] in CONTACT_HOSTS:
            assert "tester@example.org" in asked.headers["User-Agent"]
    held = manifest(data)["sources"]
    assert set(held) == set(mirror.SOURCES)
    assert not any("carried_on" in entry for entry in held.values())
    # The second run asks with the tags that the publishers gave, and is sent no file again.
    before = sum(asked.given for asked in made.asked)
    again = made.outlook(data, "refresh", "--if-changed")
    assert again.returncode == 3, again.stderr
    assert sum(asked.given for asked in made.asked if asked.method == "GET") - before < 5_000


def test_a_refresh_takes_the_full_sources_from_their_publishers(full_release, sources):
    """The copy of the public sources, each at its real address."""
    where, _ = full_release
    held = manifest(where.processed.parent)["sources"]
    every = {d.id for entry in loadable().values() for d in editions(entry, sources)}
    assert set(held) == every
    for name, entry in held.items():
        # The copy lacks what a refresh may carry on, and nothing else.
        there = (sources / dataset_of(name).mirror_path).is_file()
        assert there != ("carried_on" in entry), name
        assert not there or entry["sha256"] == digest(sources / dataset_of(name).mirror_path)


# ------------------------------------------------------------------ proxy and certificates
def one(publishers, data, source="telework", **more):
    """Ask for one source, and say how it ended: exit code and the words on standard error."""
    done = publishers.outlook(data, "refresh", "--source", source, "--dry-run", **more)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


@pytest.fixture
def nobody():
    """The address of a port that nobody listens at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.fault("proxy")
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_dead_proxy_is_named_with_its_variable_and_waited_for_once(
    monkeypatch, tmp_path, nobody, variable
):
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, f"http://user:secret@{nobody}")
    where = _settings.load({"OUTLOOK_DATA": str(tmp_path)})
    clock = Clock()
    with clock.session() as session:
        with pytest.raises(Unavailable) as first:
            download.fetch_file(dataset_of("telework"), where, session)
        waited = len(clock.waits)
        with pytest.raises(Unavailable) as second:
            download.fetch_file(dataset_of("onet_structure_2019"), where, session)
    for error in (first.value, second.value):
        assert f"the proxy {nobody} ({variable})" in str(error)
        assert f"correct or unset {variable}" in str(error)
        assert "secret" not in str(error)
    assert len(clock.waits) == waited


@pytest.mark.fault("proxy")
def test_a_proxy_that_refuses_a_host_is_named(publishers, tmp_path, monkeypatch):
    monkeypatch.setattr(publishers, "refuses", 407)
    code, said = one(publishers, tmp_path / "data")
    assert code == 4
    assert f"the proxy {publishers.proxy.removeprefix('http://')} (HTTPS_PROXY)" in said
    assert "407" in said


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_each_variable_of_certificates_is_honored(publishers, tmp_path, monkeypatch, variable):
    publishers.lead(monkeypatch)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    monkeypatch.setenv(variable, str(publishers.bundle))
    assert fetched(publishers, tmp_path).origin == dataset_of("telework").url


def fetched(publishers, tmp_path):
    """One source through the proxy, in this process, on a clock that waits for nobody."""
    file = mirror.place(publishers.files, "telework")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(mirror.encode(mirror.SOURCES["telework"]()))
    with Clock().session() as session:
        where = _settings.load({"OUTLOOK_DATA": str(tmp_path)})
        return download.fetch_file(dataset_of("telework"), where, session)


@pytest.mark.fault("certificates")
def test_an_authority_that_is_not_trusted_is_said_with_the_variable_to_set(publishers, tmp_path):
    code, said = one(publishers, tmp_path / "data", REQUESTS_CA_BUNDLE="")
    assert code == 4
    assert "the connection cannot be trusted" in said
    assert "set REQUESTS_CA_BUNDLE to the file" in said


@pytest.mark.fault("certificates")
@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_a_file_of_certificates_that_is_wrong_is_named_with_its_variable(
    publishers, tmp_path, monkeypatch, variable
):
    publishers.lead(monkeypatch)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    gone, empty, other = (tmp_path / name for name in ("gone.pem", "empty.pem", "other.pem"))
    empty.touch()
    trustme.CA().cert_pem.write_to_path(other)
    for file in (gone, empty, other):
        monkeypatch.setenv(variable, str(file))
        with pytest.raises(Unavailable) as error:
            fetched(publishers, tmp_path)
        assert f"{variable}={file}" in str(error.value)
