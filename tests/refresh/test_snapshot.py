"""The committed snapshot: whole, small, contracted, and free of other people's sentences."""

from __future__ import annotations

import pytest

from pipelines.base import contracts, settings
from pipelines.refresh.snapshot import SCHOOL_TABLES
from pipelines.releases.store import open_release


@pytest.fixture(scope="module")
def snapshot():
    return open_release(settings.load({}).snapshot)


def test_it_is_small_and_whole(snapshot, root):
    size = sum(f.stat().st_size for f in (root / "data" / "raw" / "snapshot").iterdir())
    assert size < 6_000_000
    snapshot.verify()
    wanted = {name for name, table in contracts.contracts().items() if table.in_snapshot}
    assert set(snapshot.manifest["tables"]) == wanted
    in_part = {"area_wages", *SCHOOL_TABLES}
    assert set(snapshot.manifest["left_out"]) == {*contracts.contracts()} - (wanted - in_part)


def test_every_table_keeps_its_contract_and_row_count(snapshot):
    for name, entry in snapshot.manifest["tables"].items():
        frame = contracts.check(name, snapshot.table(name))
        assert len(frame) == entry["rows"] > 0


def test_every_occupation_has_figures_and_every_task_a_score(snapshot):
    assert len(snapshot.table("occupations")) == 1_016
    assert len(snapshot.table("tasks")) == 18_796
    assert len(snapshot.table("task_scores")) == 18_796
    assert len(snapshot.table("wages").query("year == 2025 and area_code != '99'")) == 37_408


def test_it_holds_no_sentence_of_a_source(snapshot):
    tasks = snapshot.table("tasks")
    shown = tasks[tasks["task"].notna()]
    assert set(shown["task_text_source"]) == {"own words"}
    assert len(shown) == 3_518
    assert shown["task"].str.split().str.len().between(6, 18).all()
    assert snapshot.table("occupations")["description"].isna().all()
    assert snapshot.table("exposure_labels")["task"].isna().all()
    assert not snapshot.has("aioe")
    assert not snapshot.table("measures")["measure"].str.contains("aioe").any()


def test_the_manifest_names_source_release_date_licence_and_digest(snapshot):
    for entry in snapshot.manifest["sources"].values():
        assert entry["url"].startswith("https://")
        assert entry["release"]
        assert entry["date"]
        assert entry["licence"]
        assert len(entry["sha256"]) == 64


def test_labels_and_measures_are_those_of_the_described_occupations(snapshot):
    tasks = snapshot.table("tasks")
    described = set(tasks.loc[tasks["task"].notna(), "onet_soc_code"])
    assert len(described) == 170
    assert set(snapshot.table("exposure_labels")["onet_soc_code"]) <= described
    assert set(snapshot.table("measures")["onet_soc_code"]) <= described
    assert snapshot.table("measures")["n_occupations"].max() > 700
