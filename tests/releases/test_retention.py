"""Old releases go, what is named, current or in use stays, and a kill leaves nothing half."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import pandas as pd
import pytest

from pipelines.base import contracts
from pipelines.base import settings as _settings
from pipelines.base.errors import SourceFailed, UsageError
from pipelines.releases import publish, retention, store


@pytest.fixture
def settings(tmp_path):
    return _settings.load({"OUTLOOK_DATA": str(tmp_path), "OUTLOOK_KEEP": "2"})


def published(settings, zone: int, month: int = 1) -> str:
    frame = pd.DataFrame({"onet_soc_code": ["29-2072.00"], "job_zone": [zone], "edition": "30.1",
                          "date": [f"{month:02d}/2025"]})  # fmt: skip
    digest = f"{zone}{month:02d}".ljust(64, "0")
    raw = settings.downloads / digest
    raw.mkdir(parents=True, exist_ok=True)
    (raw / "file.zip").write_bytes(b"raw")
    made = {"job_zones": contracts.check("job_zones", frame)}
    id = publish.publish(made, {"sources": {"onet_29_3": {"sha256": digest}}}, settings)
    # Releases of one second are told apart by their time alone.
    path = settings.releases / id / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["created_utc"] = f"2026-01-{month:02d}T00:00:0{zone}+00:00"
    path.write_text(json.dumps(manifest))
    return id


def ids(settings):
    return [r.id for r in store.releases(settings)]


def raw(settings):
    return sorted(f.name[:3] for f in settings.downloads.iterdir() if f.is_dir())


def test_the_newest_stay_and_their_downloads(settings):
    made = [published(settings, 1, month) for month in (1, 2, 3, 4)]
    removed, freed = retention.prune(settings)
    assert sorted(removed) == sorted(made[:2])
    assert ids(settings) == made[:1:-1]
    assert raw(settings) == ["103", "104"]
    assert freed == 2 * len(b"raw")
    assert retention.prune(settings) == ([], 0)


def test_a_named_release_stays_with_its_downloads(settings):
    made = [published(settings, 1, month) for month in (1, 2, 3, 4)]
    retention.name(settings, made[0], "thesis 2026")
    assert retention.prune(settings)[0] == [made[1]]
    assert raw(settings) == ["101", "103", "104"]
    assert retention.find(settings, "thesis 2026").id == made[0]
    retention.forget(settings, made[0])
    assert retention.prune(settings)[0] == [made[0]]


def test_current_and_what_readers_may_have_open_stay(settings):
    settings = replace(settings, keep=1)
    made = [published(settings, 1, month) for month in (1, 2, 3)]
    assert retention.find(settings, "previous").id == made[1]
    publish.rollback(settings, made[0])
    published(settings, 2, 9)  # the newest; current now, and made[0] is what readers had
    removed, _ = retention.prune(settings)
    assert sorted(removed) == sorted(made[1:])
    assert retention.find(settings, "previous").id == made[0]
    store.current(settings).verify()


def test_names_are_checked_and_are_never_paths(settings):
    one, two = published(settings, 1), published(settings, 2)
    for label in ("../x", "", "a/b", "current", ".x", "x" * 61, two, "a\nb"):
        with pytest.raises(UsageError, match="letters, digits"):
            retention.name(settings, one, label)
    retention.name(settings, one, "a")
    with pytest.raises(UsageError, match=f"is the name of {one}"):
        retention.name(settings, two, "a")
    with pytest.raises(UsageError, match="no such release"):
        retention.name(settings, "20200101-00000000", "b")
    with pytest.raises(UsageError, match="has no name"):
        retention.forget(settings, two)
    with pytest.raises(UsageError, match="no such release"):
        retention.find(settings, "nobody")


def test_nothing_goes_on_the_word_of_a_damaged_list(settings):
    made = [published(settings, 1, month) for month in (1, 2, 3, 4)]
    (settings.releases / "names.json").write_text("{half")
    with pytest.raises(SourceFailed, match=r"names\.json.*damaged"):
        retention.prune(settings)
    assert sorted(ids(settings)) == sorted(made)


def test_downloads_stay_while_a_release_cannot_be_read(settings):
    made = [published(settings, 1, month) for month in (1, 2, 3, 4)]
    (settings.releases / made[3] / "manifest.json").write_text("{half")
    removed, freed = retention.prune(settings)
    assert removed == [made[0]]  # two newest whole ones, and the damaged current one, stay
    assert freed == 0
    assert raw(settings) == ["101", "102", "103", "104"]
    assert (settings.releases / made[3]).is_dir()


def test_killed_while_removing_it_leaves_no_half_release(settings):
    made = [published(settings, 1, month) for month in (1, 2, 3, 4)]
    child = os.fork()
    if child == 0:
        retention.shutil.rmtree = lambda *a, **k: os.kill(os.getpid(), 9)
        retention.prune(settings)
        os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == 9
    for found in store.releases(settings):
        found.verify()
    assert set(made[2:]) <= set(ids(settings))
    publish.clean(settings)
    retention.prune(settings)
    assert sorted(ids(settings)) == sorted(made[2:])
    assert not list(settings.releases.glob(".*"))


@pytest.mark.parametrize("wrong", ["0", "-1", "two", "1.5", "9999999"])
def test_a_wrong_number_of_releases_is_refused(wrong):
    with pytest.raises(UsageError, match="OUTLOOK_KEEP"):
        _settings.load({"OUTLOOK_KEEP": wrong})


def test_eight_stay_unless_told():
    assert _settings.load({}).keep == 8
