"""The health file: what monitoring sees after good and bad runs; idle runs write nothing."""

from __future__ import annotations

import json
import os
from datetime import date

import pytest

from pipelines.base import settings as _settings
from pipelines.refresh import health
from pipelines.releases import lock
from pipelines.sources.fetch import raw_files


@pytest.fixture
def settings(tmp_path):
    found = _settings.load({"OUTLOOK_DATA": str(tmp_path)})
    found.processed.mkdir(parents=True)
    return found


def test_before_the_first_refresh(settings):
    found = health.health(settings)
    assert found["healthy"] is None
    assert found["checked_utc"] is None
    assert health.table(found).empty


def test_a_failure_is_told_with_its_source_and_then_cleared(settings):
    health.record(settings, 4, "bls.gov: 403", {"oews_nat_2025": "bls.gov: 403"})
    found = health.health(settings)
    assert (found["healthy"], found["exit_code"]) == (False, 4)
    assert found["sources"]["oews_nat_2025"]["outcome"] == "failed"
    assert found["sources"]["oews_nat_2025"]["problem"] == "bls.gov: 403"
    health.record(settings, 3, "Nothing new")
    assert health.health(settings)["healthy"] is True


def test_nothing_new_after_good_writes_no_byte(settings):
    health.record(settings, 0, "Published release x")
    before = os.stat(health.path_of(settings))
    health.record(settings, 3, "Nothing new")
    after = os.stat(health.path_of(settings))
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)
    assert health.read(settings)["message"] == "Published release x"


def test_the_same_failure_twice_keeps_the_time_it_began(settings):
    health.record(settings, 4, "down")
    path = health.path_of(settings)
    path.write_text(path.read_text().replace('"since_utc": "20', '"since_utc": "19'))
    health.record(settings, 4, "down")
    assert health.read(settings)["since_utc"].startswith("19")
    health.record(settings, 5, "another shape")
    assert health.read(settings)["since_utc"].startswith("20")


def test_a_damaged_file_is_written_anew(settings):
    health.path_of(settings).write_text("{half")
    assert health.read(settings) is None
    health.record(settings, 0, "good")
    assert health.read(settings)["healthy"] is True


def test_age_by_cadence(settings):
    raw_files.write_json(health.path_of(settings), {
        "healthy": True, "exit_code": 0, "message": "", "release": "x", "since_utc": "",
        "sources": {
            "new": {"date": "2026-05", "cadence": "quarterly"},
            "old": {"date": "2025-05", "cadence": "quarterly"},
            "once": {"date": "2014-03", "cadence": "once"},
            "year": {"date": "2024", "cadence": "yearly"},
        },
    })  # fmt: skip
    found = health.health(settings, date(2026, 11, 24))["sources"]
    assert {n: (e["age_months"], e["old"]) for n, e in found.items()} == {
        "new": (6, False), "old": (18, True), "once": (152, False), "year": (23, False),
    }  # fmt: skip
    assert len(health.table(health.health(settings))) == 4


def test_the_time_of_the_last_run_is_that_of_the_lock_and_changes_no_byte(settings):
    with lock.held(settings):
        lock.mark_checked(settings)
    os.utime(lock.path_of(settings), (0, 0))
    assert lock.last_checked(settings).startswith("1970")
    lock.mark_checked(settings)
    assert not lock.last_checked(settings).startswith("1970")
    assert lock.path_of(settings).stat().st_size == 0


def test_a_full_disk_leaves_the_old_file(settings, monkeypatch):
    health.record(settings, 0, "good")
    before = health.path_of(settings).read_bytes()

    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(raw_files.os, "replace", full)
    with pytest.raises(Exception, match="No space left"):
        health.record(settings, 4, "bad")
    assert health.path_of(settings).read_bytes() == before
    assert json.loads(before)["healthy"] is True
