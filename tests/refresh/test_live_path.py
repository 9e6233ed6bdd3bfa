"""The way to the publishers themselves, in a process of its own: proxy, certificates, refusals."""

from __future__ import annotations

import json

import pytest
from faults import mirror

from pipelines.sources.catalog import load_catalog, loadable
from pipelines.sources.fetch.download import CONTACT_HOSTS
from pipelines.sources.fetch.raw_files import digest

CATALOG = load_catalog()


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
    assert {name for name in loadable() if made.times(CATALOG[name].url) == 1} == set(loadable())
    for asked in made.asked:
        if asked.path.split("/")[2] in CONTACT_HOSTS:
            assert "tester@example.org" in asked.headers["User-Agent"]
    held = manifest(data)["sources"]
    assert set(held) == set(loadable())
    assert not any("carried_on" in entry for entry in held.values())
    # The second run asks with the tags that the publishers gave, and is sent no file again.
    before = sum(asked.given for asked in made.asked)
    again = made.outlook(data, "refresh", "--if-changed")
    assert again.returncode == 3, again.stderr
    assert sum(asked.given for asked in made.asked if asked.method == "GET") - before < 5_000


def test_a_refresh_takes_the_full_sources_from_their_publishers(publishers, sources, tmp_path):
    """The copy of the public sources, each at its real address."""
    publishers.files = sources
    data = tmp_path / "data"
    done = publishers.outlook(data, "refresh")
    assert done.returncode == 0, done.stderr
    held = manifest(data)["sources"]
    assert set(held) == set(loadable())
    for name, entry in held.items():
        # The copy lacks what a refresh may carry on, and nothing else.
        there = (sources / CATALOG[name].mirror_path).is_file()
        assert there != ("carried_on" in entry), name
        assert not there or entry["sha256"] == digest(sources / CATALOG[name].mirror_path)
