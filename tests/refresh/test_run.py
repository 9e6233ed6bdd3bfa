"""Refresh: exit codes, words, and the previous release untouched in every bad case."""

from __future__ import annotations

import fcntl
import json
import os
import threading
from dataclasses import replace

import pandas as pd
import pytest

from pipelines.base import contracts
from pipelines.base import settings as _settings
from pipelines.base.errors import ShapeChanged, SourceFailed, UsageError
from pipelines.refresh import gather, health, make, provenance
from pipelines.refresh import run as module
from pipelines.refresh.run import refresh
from pipelines.releases import publish, retention, store
from pipelines.sources.catalog import dataset_of, load_catalog

CATALOG = load_catalog()
IDS = ("onet_structure_2019", "telework")


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Two small sources in a mirror; the table is as long as the first file."""
    mirror = tmp_path / "mirror"
    for name in IDS:
        file = mirror / dataset_of(name).mirror_path
        file.parent.mkdir(parents=True)
        file.write_text("one\n" * 10)

    def assemble(files, progress=None, counts=None, **options):
        text = files[IDS[0]].read_text()
        if counts is not None:
            for name, file in files.items():
                counts[name] = {"job_zones": file.read_text().count("\n")}
        if "odd" in text:
            raise ShapeChanged(dataset_of(IDS[0]).url, "column X, row 2: odd", "See it")
        codes = [f"29-{n:04d}.00" for n in range(text.count("\n"))]
        frame = pd.DataFrame({"onet_soc_code": codes, "job_zone": 3, "date": "05/2025"})
        frame = frame.assign(edition="29.3")
        return {"job_zones": frame}

    both = {name: CATALOG[name] for name in IDS}
    monkeypatch.setattr(module, "loadable", lambda: both)
    monkeypatch.setattr(gather, "loadable", lambda: both)
    monkeypatch.setattr(make.assemble, "assemble", assemble)
    return _settings.load({"OUTLOOK_DATA": str(tmp_path / "data"), "OUTLOOK_MIRROR": str(mirror)})


def source(settings, name=IDS[0]):
    from pathlib import Path

    return Path(settings.mirror) / dataset_of(name).mirror_path


def state(settings) -> dict:
    """Every file of the releases with its bytes, and what is current."""
    found = {}
    for folder, _, files in os.walk(settings.releases, followlinks=False):
        for name in files:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                found[path] = file.read()
    link = settings.releases / "current"
    found["current"] = os.readlink(link) if link.is_symlink() else None
    return found


def test_publishes_and_says_so(settings):
    lines = []
    result = refresh(settings, progress=lines.append)
    assert result.exit_code == 0
    assert result.published == store.current(settings).id
    assert result.sources == dict.fromkeys(IDS, "changed")
    assert result.rows == {"job_zones": {"old": None, "new": 10}}
    assert json.loads(result.to_json())["published"] == result.published
    entry = store.current(settings).manifest["sources"][IDS[0]]
    assert {"url", "release", "date", "licence", "sha256", "bytes"} <= set(entry)
    assert lines


def test_nothing_new(settings, monkeypatch):
    refresh(settings)
    before = state(settings)
    again = refresh(settings)
    assert (again.exit_code, again.published) == (0, None)

    def never(*arguments, **options):
        raise AssertionError("nothing changed, so nothing is loaded")

    monkeypatch.setattr(make.assemble, "assemble", never)
    result = refresh(settings, if_changed=True)
    assert (result.exit_code, result.published) == (3, None)
    assert set(result.sources.values()) == {"unchanged"}
    assert "Nothing new" in result.sentences[-1]
    assert state(settings) == before


def test_changed_code_is_a_reason_to_compute_again(settings, monkeypatch):
    refresh(settings)
    monkeypatch.setattr(provenance, "code_digest", lambda: "other")
    result = refresh(settings, if_changed=True)
    assert result.exit_code == 3  # computed, and the tables came out the same
    assert "equal" in result.sentences[-1]


def test_a_change_is_told_in_words_and_numbers(settings):
    old = refresh(settings).published
    source(settings).write_text("one\n" * 12)
    result = refresh(settings, if_changed=True)
    assert result.exit_code == 0
    assert result.published not in (None, old)
    assert result.sources == {IDS[0]: "changed", IDS[1]: "unchanged"}
    assert result.rows["job_zones"] == {"old": 10, "new": 12}
    assert any("job_zones: 12 rows, 10 before" in s for s in result.sentences)
    publish.rollback(settings, old)
    assert len(store.current(settings).table("job_zones")) == 10


def test_a_dry_run_publishes_nothing(settings):
    refresh(settings)
    before = state(settings)
    source(settings).write_text("one\n" * 12)
    result = refresh(settings, dry_run=True)
    assert (result.exit_code, result.published) == (0, None)
    assert result.rows["job_zones"]["new"] == 12
    assert state(settings) == before


BAD = {
    "html page": (lambda f: f.write_text("<!DOCTYPE html><html>no</html>"), 4, "HTML"),
    "missing": (lambda f: f.unlink(), 4, "cannot read"),
    "empty": (lambda f: f.write_text(""), 4, "empty"),
    "a zip": (lambda f: f.write_bytes(b"PK\x03\x04xx"), 4, "not plain text"),
    "shape": (lambda f: f.write_text("odd\n"), 5, "column X, row 2"),
    "half the rows": (lambda f: f.write_text("one\n" * 5), 5, "5 rows.*10"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_sources_leave_the_last_release(settings, case):
    spoil, code, named = BAD[case]
    last = refresh(settings).published
    before = state(settings)
    spoil(source(settings))
    result = refresh(settings)
    assert (result.exit_code, result.published) == (code, None)
    assert pd.Series(result.sentences).str.contains(named).any()
    assert result.sentences[-1] == f"Release {last} stays current."
    assert state(settings) == before
    store.current(settings).verify()
    # The next good run succeeds.
    source(settings).write_text("one\n" * 11)
    assert refresh(settings).exit_code == 0


def test_all_failures_are_named_in_one_run(settings):
    for name in IDS:
        source(settings, name).unlink()
    result = refresh(settings)
    assert result.exit_code == 4
    assert result.sources == dict.fromkeys(IDS, "failed")
    for name in IDS:
        assert any(dataset_of(name).url in s for s in result.sentences)
    assert result.sentences[-1] == "No release has been published."


def test_rows_at_the_limit_pass(settings):
    refresh(settings)
    source(settings).write_text("one\n" * 8)
    assert refresh(settings).exit_code == 0


def test_only_the_named_source_is_fetched(settings):
    refresh(settings)
    for name in IDS:
        source(settings, name).write_text("one\n" * 11)
    result = refresh(settings, sources=[IDS[1]])
    assert result.sources == {IDS[0]: "unchanged", IDS[1]: "changed"}
    with pytest.raises(UsageError, match="no such source"):
        refresh(settings, sources=["onett"])


def test_computed_tables_are_held_against_their_contracts(settings):
    def enrich(found):
        return {**found, "dwas": contracts.empty("dwas")}

    assert refresh(settings, enrich=enrich).rows["dwas"]["new"] == 0
    before = state(settings)

    def wrong(found):
        return {**found, "dwas": pd.DataFrame({"x": [1]})}

    result = refresh(settings, enrich=wrong, rebuild=True)
    assert result.exit_code == 5
    assert "table dwas" in result.sentences[-2]
    assert state(settings) == before


def test_a_damaged_current_release_is_replaced(settings):
    name = refresh(settings).published
    (settings.releases / name / "job_zones.parquet").write_bytes(b"x")
    result = refresh(settings, if_changed=True)
    assert result.exit_code == 0
    assert "damaged" in result.sentences[0]
    store.current(settings).verify()


def test_two_refreshes_do_not_collide(settings):
    refresh(settings)
    with (settings.processed / ".refresh.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(SourceFailed, match="another refresh is running"):
            refresh(settings, wait=0.2)
    source(settings).write_text("one\n" * 12)
    results = []
    threads = [threading.Thread(target=lambda: results.append(refresh(settings)))
               for _ in range(3)]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [r.exit_code for r in results] == [0, 0, 0]
    assert sum(r.published is not None for r in results) == 1
    assert len(store.releases(settings)) == 2


def test_a_process_killed_at_any_moment_leaves_a_whole_release(settings):
    refresh(settings)
    last = store.current(settings).id
    source(settings).write_text("one\n" * 12)
    for point in ("write_tables", "_point"):
        child = os.fork()
        if child == 0:
            setattr(publish, point, lambda *a, **k: os.kill(os.getpid(), 9))
            refresh(settings)
            os._exit(1)
        assert os.WTERMSIG(os.waitpid(child, 0)[1]) == 9
        now = store.current(settings)
        assert now.id == last
        now.verify()
    assert refresh(settings).published is not None
    assert not [f for f in os.listdir(settings.releases) if f.startswith(".tmp")]


def test_all_sources_over_http(full_release, sources):
    made, result = full_release
    assert result.exit_code == 0, result.sentences
    assert result.rows["tasks"]["new"] == 18_796
    assert result.rows["occupations"]["new"] == 1_016
    assert result.rows["wages"]["new"] == 51_233
    again = refresh(replace(made, mirror=str(sources)), if_changed=True)
    assert again.exit_code == 3


def test_a_source_that_shrinks_stops_the_release_though_the_table_is_long_still(settings):
    refresh(settings)
    before = state(settings)
    source(settings, IDS[1]).write_text("one\n" * 3)
    result = refresh(settings)
    assert (result.exit_code, result.published) == (5, None)
    assert "3 rows for table job_zones, the last release has 10 from this source" in (
        " ".join(result.sentences)
    )
    assert state(settings) == before


def test_what_is_wrong_is_said_once(settings):
    source(settings).unlink()
    said = []
    result = refresh(settings, progress=said.append)
    assert result.exit_code == 4
    lines = [line for line in [*said, *result.sentences] if dataset_of(IDS[0]).url in line]
    assert len(lines) == 1
    assert "Put the file there" in lines[0]


def everything(settings) -> dict:
    """Every file of the data folder with its bytes, time and inode; the lock file left out."""
    found = {}
    for folder, _, files in os.walk(settings.raw.parent):
        for name in files:
            if name != ".refresh.lock":
                path = os.path.join(folder, name)
                about = os.lstat(path)
                found[path] = (about.st_size, about.st_mtime_ns, about.st_ino)
    return found


def test_nothing_changed_writes_no_byte_anywhere(settings):
    refresh(settings)
    before = everything(settings)
    assert refresh(settings, if_changed=True).exit_code == 3
    assert refresh(settings, if_changed=True).exit_code == 3
    assert refresh(settings).exit_code == 0
    assert everything(settings) == before


def test_a_file_that_gives_the_same_tables_is_worked_through_once(settings, monkeypatch):
    first = refresh(settings).published
    source(settings).write_text("two\n" * 10)  # other bytes, as many rows
    assert refresh(settings, if_changed=True).exit_code == 3

    def never(*arguments, **options):
        raise AssertionError("it was worked through before")

    monkeypatch.setattr(make.assemble, "assemble", never)
    assert refresh(settings, if_changed=True).exit_code == 3
    assert store.current(settings).id == first


def test_a_gate_stops_a_release_until_it_is_accepted_and_the_manifest_says_so(settings):
    refresh(settings)
    source(settings).write_text("one\n" * 5)
    stopped = refresh(settings)
    assert (stopped.exit_code, stopped.published) == (5, None)
    assert {g["gate"] for g in stopped.gates} == {"rows", "parts"}
    assert "outlook refresh --accept rows" in " ".join(stopped.sentences)
    half = refresh(settings, accept=["rows"])
    assert half.exit_code == 5  # the other gate stands
    done = refresh(settings, accept=["rows", "parts"])
    assert done.exit_code == 0
    accepted = store.current(settings).manifest["accepted"]
    row = next(a for a in accepted if a["gate"] == "rows")
    assert (row["old"], row["new"], row["limit"]) == (10, 5, 8.0)
    assert json.loads(done.to_json())["gates"][0]["accepted"] is True
    # Accepted once: the next release is held against the new one and says nothing of it.
    source(settings).write_text("one\n" * 6)
    refresh(settings)
    assert "accepted" not in store.current(settings).manifest
    with pytest.raises(UsageError, match="no such gate"):
        refresh(settings, accept=["row"])


def test_what_changed_is_in_the_result_and_beside_the_release(settings):
    first = refresh(settings)
    assert first.changes is None
    source(settings).write_text("one\n" * 12)
    result = refresh(settings)
    assert result.changes["tables"]["job_zones"] == {"old": 10, "new": 12}
    assert result.changes["updates"]["job_zones"]["added"] == 2
    assert json.loads(result.to_json())["changes"] == result.changes
    file = settings.releases / result.published / "changes.json"
    assert json.loads(file.read_text()) == result.changes
    assert any("same edition, other content" in s for s in result.sentences)


def test_old_releases_go_as_new_ones_come(settings):
    settings = replace(settings, keep=2)
    ids = []
    for rows in (10, 11, 12, 13, 14):
        source(settings).write_text("one\n" * rows)
        result = refresh(settings)
        ids.append(result.published)
    # The two newest, the current one, and the one that was current before: within one second
    # these may be four.
    assert len(store.releases(settings)) <= 4
    assert ids[-1] == store.current(settings).id
    for kept in store.releases(settings):
        kept.verify()
        for entry in kept.manifest["sources"].values():
            assert (settings.downloads / entry["sha256"]).is_dir()


def test_a_damaged_current_release_does_not_disarm_the_gates(settings):
    refresh(settings)
    source(settings).write_text("one\n" * 11)
    name = refresh(settings).published
    (settings.releases / name / "job_zones.parquet").write_bytes(b"x")
    source(settings).write_text("one\n" * 5)
    result = refresh(settings)
    assert result.exit_code == 5
    assert "damaged" in result.sentences[0]


def test_the_health_file_follows(settings):
    from pipelines.refresh import health

    refresh(settings)
    assert health.health(settings)["healthy"] is True
    source(settings).unlink()
    refresh(settings)
    bad = health.health(settings)
    assert (bad["healthy"], bad["exit_code"]) == (False, 4)
    assert bad["sources"][IDS[0]]["outcome"] == "failed"
    assert bad["sources"][IDS[1]]["outcome"] == "good"
    source(settings).write_text("one\n" * 10)
    refresh(settings, if_changed=True)
    assert health.health(settings)["healthy"] is True


def test_the_health_file_keeps_how_the_run_ended_whatever_else_was_said(settings, monkeypatch):
    """Also where sentences follow: here old releases cannot be removed."""

    def refuses(settings):
        raise SourceFailed("releases", "permission denied", "Give write permission")

    with monkeypatch.context() as patch:
        patch.setattr(retention, "prune", refuses)
        result = refresh(settings)
    assert result.exit_code == 0
    assert "permission denied" in result.sentences[-1]
    assert result.message.startswith(f"Published release {result.published}")
    assert health.read(settings)["message"] == result.message
    assert json.loads(result.to_json())["message"] == result.message
    source(settings).unlink()
    failed = refresh(settings)
    assert failed.exit_code == 4
    assert dataset_of(IDS[0]).url in failed.message
    assert failed.message in failed.sentences
    assert health.read(settings)["message"] == failed.message
