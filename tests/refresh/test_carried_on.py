"""A file that cannot be had, of a source whose last rows may be carried on (keep_last)."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from faults import mirror
from faults.bench import Bench, narrow

from pipelines.base.errors import Unavailable
from pipelines.market.prices import cpi_may
from pipelines.refresh import health
from pipelines.releases.current import open_data
from pipelines.sources.catalog import dataset_of
from pipelines.sources.fetch import download
from pipelines.sources.fetch.session import Limits

#: The price index, which may be carried on, and a source that may not.
IDS = ("cpi_u", "telework")


@pytest.fixture
def bench(monkeypatch, tmp_path):
    narrow(monkeypatch, IDS)
    made = Bench(tmp_path, IDS)
    made.put("telework", mirror.encode(mirror.SOURCES["telework"]()))
    return made


def full(bench):
    bench.put("cpi_u", mirror.encode(mirror.SOURCES["cpi_u"]()))
    return bench


def gone(bench):
    mirror.place(bench.mirror, "cpi_u").unlink()


def entry(bench):
    return bench.current.manifest["sources"]["cpi_u"]


def test_a_first_release_takes_the_rows_of_the_embedded_snapshot_and_says_so(bench):
    result = bench.refresh()
    assert (result.exit_code, result.published) == (0, bench.current.id)
    assert result.sources == {"cpi_u": "carried on", "telework": "changed"}
    said = [s for s in result.sentences if s.startswith("cpi_u")]
    assert len(said) == 1
    assert "cannot be had" in said[0]
    assert "the embedded snapshot (August 2026) are carried on" in said[0]
    snapshot = open_data(offline=True)
    assert bench.current.table("price_index").equals(snapshot.table("price_index"))
    held = entry(bench)
    recorded = snapshot.manifest["sources"]["cpi_u"]
    for key in ("publisher", "url", "release", "date", "licence", "sha256", "made_from"):
        assert held[key] == recorded[key], key
    assert held["carried_on"]["from"] == "snapshot"
    assert "cannot read" in held["carried_on"]["why"]
    assert held["rows"] == {"price_index": len(snapshot.table("price_index"))}
    state = health.table(health.health(bench.settings)).set_index("source")["outcome"]
    assert state.to_dict() == {"cpi_u": "carried on", "telework": "good"}


def test_a_release_from_the_file_names_it_and_its_newest_month(bench):
    result = full(bench).refresh()
    assert result.exit_code == 0
    held = entry(bench)
    assert (held["release"], held["date"]) == ("December 2025", "2025-12")
    assert held["publisher"] == "U.S. Bureau of Labor Statistics"
    assert "carried_on" not in held
    assert len(held["sha256"]) == 64
    assert cpi_may(2025, bench.current.table("price_index")) == 325.0  # made, not the snapshot's
    assert bench.refresh(if_changed=True).exit_code == 3


def test_rows_of_the_last_release_are_carried_on_before_those_of_the_snapshot(bench):
    first = full(bench).refresh().published
    recorded, table = entry(bench), bench.current.table("price_index")
    gone(bench)
    quiet = bench.refresh(if_changed=True)
    assert (quiet.exit_code, quiet.published) == (3, None)
    assert any(f"release {first} (December 2025)" in s for s in quiet.sentences)
    # Another source changed: the next release has the rows, and says where they are from.
    changed = mirror.SOURCES["telework"]()
    changed.tables[""].rows[0][1] = "New title"
    bench.put("telework", mirror.encode(changed))
    for _ in range(2):
        result = bench.refresh(rebuild=True)
        assert result.exit_code == 0
        assert result.sources["cpi_u"] == "carried on"
        held = entry(bench)
        assert held.pop("carried_on")["from"] == first
        assert held == recorded
        assert bench.current.table("price_index").equals(table)
    # With the file there again nothing is carried on.
    full(bench).refresh(rebuild=True)
    assert bench.refresh(if_changed=True).sources["cpi_u"] == "unchanged"


def test_the_file_takes_the_place_of_what_was_carried_on(bench):
    bench.refresh()
    result = full(bench).refresh(accept=["rows", "parts"])
    assert result.exit_code == 0, result.sentences
    assert result.published
    assert result.sources["cpi_u"] == "changed"
    assert "carried_on" not in entry(bench)


@pytest.mark.parametrize(
    ("data", "code", "named"),
    [
        (b"<!DOCTYPE html><html>Access Denied</html>", 4, "HTML page"),
        (b"", 4, "empty"),
        (b"series_id\tyear\tperiod\tvalue\nCUUR0000SA0\t2025\tM05\tmany\n", 5, "many"),
        (b"series_id\tyear\tperiod\tvalue\nCUUR0000SA1\t2025\tM05\t1.0\n", 5, "no monthly row"),
    ],
)
def test_a_file_that_is_there_and_wrong_is_refused_like_any_other(bench, data, code, named):
    first = full(bench).refresh().published
    bench.put("cpi_u", data)
    result = bench.refresh()
    assert (result.exit_code, result.published) == (code, None)
    assert named in " ".join(result.sentences)
    assert "carried on" not in " ".join(result.sentences)
    assert bench.current.id == first


def test_a_server_that_gives_no_answer_has_no_file(bench):
    """Of a host that is off, nothing can be known to be wrong."""
    nobody = replace(bench.settings, mirror="http://127.0.0.1:9")
    with pytest.raises(Unavailable):
        download.fetch_file(dataset_of("cpi_u"), nobody, limits=Limits(attempts=1))


def test_a_source_that_may_not_be_carried_on_still_fails(bench):
    full(bench).refresh()
    mirror.place(bench.mirror, "telework").unlink()
    result = bench.refresh()
    assert result.exit_code == 4
    assert result.sources["telework"] == "failed"


def test_a_full_release_from_the_mirror_holds_the_deflator(full_release):
    """The copy of the public sources lacks BLS's file."""
    where, result = full_release
    assert result.exit_code == 0
    assert result.sources["cpi_u"] == "carried on"
    manifest = json.loads((where.releases / "current" / "manifest.json").read_text("utf-8"))
    assert manifest["sources"]["cpi_u"]["carried_on"]["from"] == "snapshot"
    assert manifest["tables"]["price_index"]["rows"] == 199
