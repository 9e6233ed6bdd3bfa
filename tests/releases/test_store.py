"""Releases: deterministic, whole, swapped in one step, damaged ones named."""

from __future__ import annotations

import os
import threading

import pandas as pd
import pytest

from pipelines.base import contracts
from pipelines.base import settings as _settings
from pipelines.base.errors import SourceFailed, UsageError
from pipelines.releases import publish, store

SOURCES = {"sources": {"onet_29_3": {"release": "29.3", "sha256": "0" * 64}}}


@pytest.fixture
def settings(tmp_path):
    return _settings.load({"OUTLOOK_DATA": str(tmp_path)})


def zones(level: int = 3) -> dict[str, pd.DataFrame]:
    frame = pd.DataFrame({
        "onet_soc_code": ["29-2072.00", "29-9021.00"],
        "job_zone": [level, 4],
        "edition": "30.1",
        "date": ["05/2025", None],
    })  # fmt: skip
    return {"job_zones": contracts.check("job_zones", frame), "dwas": contracts.empty("dwas")}


def test_tables_come_back_as_they_went_in(settings):
    name = publish.publish(zones(), SOURCES, settings)
    now = store.current(settings)
    assert now.id == name
    assert now.manifest["sources"] == SOURCES["sources"]
    assert now.manifest["tables"]["job_zones"]["rows"] == 2
    for table, frame in zones().items():
        pd.testing.assert_frame_equal(now.table(table), frame)
        contracts.check(table, now.table(table))


def test_an_id_is_date_and_content_and_the_same_data_are_nothing_new(settings):
    first = publish.publish(zones(), SOURCES, settings)
    again = publish.publish(zones(), SOURCES, settings)
    other = publish.publish(zones(2), SOURCES, settings)
    assert first == again != other
    assert len(first) == 17
    assert first[8] == "-"
    assert [r.id for r in store.releases(settings)][::-1] in ([first, other], [other, first])
    assert not list(settings.releases.glob(".tmp-*"))


def test_bytes_depend_on_values_only(tmp_path):
    publish.write_tables(tmp_path / "a", zones(), SOURCES)
    backwards = dict(reversed(zones().items()))
    publish.write_tables(tmp_path / "b", backwards, SOURCES)
    for file in sorted(os.listdir(tmp_path / "a")):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    assert store.open_release(tmp_path / "a").has("dwas")


def test_one_reader_does_not_change_anothers_table(settings):
    publish.publish(zones(), SOURCES, settings)
    now = store.current(settings)
    mine = now.table("job_zones")
    mine.loc[:, "job_zone"] = 1
    assert now.table("job_zones")["job_zone"].tolist() == [3, 4]


def test_rollback(settings):
    first = publish.publish(zones(), SOURCES, settings)
    publish.publish(zones(2), SOURCES, settings)
    publish.rollback(settings, first)
    assert store.current(settings).id == first
    for wrong in ("20200101-00000000", "..", "current", ""):
        with pytest.raises(UsageError, match="no such release"):
            publish.rollback(settings, wrong)
    assert store.current(settings).id == first


def test_publishing_old_content_again_makes_it_current(settings):
    first = publish.publish(zones(), SOURCES, settings)
    publish.publish(zones(2), SOURCES, settings)
    assert publish.publish(zones(), SOURCES, settings) == first
    assert store.current(settings).id == first


def test_nothing_published_yet(settings):
    assert store.current(settings) is None
    assert store.releases(settings) == []


def test_damage_is_named(settings):
    name = publish.publish(zones(), SOURCES, settings)
    publish.publish(zones(2), SOURCES, settings)
    file = settings.releases / name / "job_zones.parquet"
    good = file.read_bytes()
    file.write_bytes(good[:-1] + b"x")
    with pytest.raises(SourceFailed, match="job_zones.parquet.*damaged"):
        store.open_release(file.parent).table("job_zones")
    with pytest.raises(SourceFailed, match="damaged"):
        publish.rollback(settings, name)
    assert store.current(settings).id != name
    file.unlink()
    with pytest.raises(SourceFailed, match="job_zones.parquet"):
        store.open_release(file.parent).table("job_zones")
    # The same data published again mend it.
    assert publish.publish(zones(), SOURCES, settings) == name
    store.current(settings).verify()
    (file.parent / "manifest.json").write_text('{"tables": 1}')
    with pytest.raises(SourceFailed, match="manifest.json"):
        store.current(settings)
    assert name not in [r.id for r in store.releases(settings)]


def test_a_table_that_is_not_held(tmp_path):
    publish.write_tables(tmp_path, zones(), {**SOURCES, "left_out": {"tasks": "sentences"}})
    held = store.open_release(tmp_path)
    assert not held.has("tasks")
    with pytest.raises(UsageError, match="does not hold it .sentences.*refresh"):
        held.table("tasks")
    with pytest.raises(SourceFailed, match="no release here"):
        store.open_release(tmp_path / "none")


def test_a_refused_disk_leaves_the_current_release(settings, monkeypatch):
    name = publish.publish(zones(), SOURCES, settings)

    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publish, "write_durable", full)
    with pytest.raises(SourceFailed, match="No space left"):
        publish.publish(zones(2), SOURCES, settings)
    assert store.current(settings).id == name
    assert not list(settings.releases.glob(".tmp-*"))


def test_readers_see_a_whole_release_while_it_is_swapped(settings):
    ids = {publish.publish(zones(level), SOURCES, settings) for level in (1, 2)}
    seen, stop = set(), threading.Event()
    errors = []

    def read():
        while not stop.is_set():
            try:
                now = store.current(settings)
                now.verify()
                seen.add(now.id)
            except Exception as error:  # whatever it is, a reader must not meet it
                errors.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    for _ in range(60):
        for name in ids:
            publish.rollback(settings, name)
    stop.set()
    thread.join()
    assert errors == []
    assert seen <= ids


def test_what_a_killed_process_left_is_cleared(settings):
    name = publish.publish(zones(), SOURCES, settings)
    (settings.releases / ".tmp-abc").mkdir()
    (settings.releases / ".tmp-abc" / "x.parquet").write_text("half")
    (settings.releases / ".tmp-link-1").symlink_to("nowhere")
    publish.clean(settings)
    assert sorted(os.listdir(settings.releases)) == [name, "current"]
