"""The committed snapshot: whole, small, contracted, and free of other people's sentences."""

from __future__ import annotations

import re
import tomllib

import pytest

from pipelines.analysis import Analysis
from pipelines.answers import market, measures
from pipelines.base import contracts, settings
from pipelines.figures.measures import measures_figure
from pipelines.refresh.snapshot import SCHOOL_TABLES
from pipelines.releases.publish import SMALLEST, encode
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


def test_it_is_packed_as_tightly_as_may_be(snapshot):
    name, entry = max(snapshot.manifest["tables"].items(), key=lambda table: table[1]["bytes"])
    assert entry["bytes"] == len(encode(snapshot.table(name), SMALLEST))
    assert entry["bytes"] < len(encode(snapshot.table(name)))


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


def test_a_table_holds_data_of_no_source_without_a_license(snapshot, root):
    """Read from the files themselves: catalog, contracts, meanings."""

    def read(name):
        return tomllib.loads((root / "pipelines" / name).read_text("utf-8"))

    catalog, tables = read("sources/catalog.toml"), read("base/contracts.toml")
    open_ = r"(O\*NET Database licence of its release; )?(CC BY 4\.0|MIT|Public domain)"
    unlicensed = {
        name for name, entry in catalog.items()
        if not re.match(open_, entry["licence"]) or "NC" in entry["licence"]
    }  # fmt: skip
    assert unlicensed == {
        "aioe", "aioe_lm", "ilo_2025", "telework", "workbank_experts", "workbank_workers"
    }  # fmt: skip
    assert not unlicensed & set(snapshot.manifest["sources"])
    mixed = set()
    for name in snapshot.manifest["tables"]:
        assert set(tables[name]["source"]) - unlicensed, name
        if set(tables[name]["source"]) & unlicensed:
            mixed.add(name)
    # These have a row a measure: none of an unlicensed study is in.
    assert mixed == {"measures", "measure_agreement"}
    of = {name: m.get("dataset") for name, m in read("exposure/published/measures.toml").items()}
    pairs = snapshot.table("measure_agreement")
    held = {*snapshot.table("measures")["measure"], *pairs["measure"], *pairs["other"]}
    assert {of[name] for name in held - {"outlook_exposure"}} == {
        "gpts_labels", "wwai_scores", "economic_index", "observed_exposure", "onet_18"
    }  # fmt: skip


def test_what_is_withheld_is_said_wherever_it_would_stand(snapshot):
    analysis = Analysis(snapshot)
    frame = analysis.side_by_side("29-2072.00").set_index("measure")
    lacking = frame.index[frame["missing"] == "not in the snapshot: no license is stated"]
    assert set(lacking) == {"aioe", "lm_aioe", "telework"}
    assert frame.loc[lacking, "value"].isna().all()
    for said in (
        measures.measures_answer(analysis, "29-2072.00").notes,
        measures.agreement_answer(analysis).notes,
        market.lookback_answer(snapshot).notes,
    ):
        assert [line for line in said if "“Can be done from home”" in line and "license" in line]
    notes = " ".join(measures.measures_answer(analysis, "29-2072.00").notes)
    assert "Not in the data in use" not in notes  # nothing else is lacking there
    drawn, _ = measures_figure(analysis, "29-2072.00")
    shown = [note.text for note in drawn.layout.annotations]
    assert shown.count("not in the snapshot: no license is stated") == 3


def test_the_manifest_names_source_release_date_licence_and_digest(snapshot):
    for entry in snapshot.manifest["sources"].values():
        assert entry["url"].startswith("https://")
        assert entry["release"]
        assert entry["date"]
        assert entry["licence"]
        assert len(entry["sha256"]) == 64


def test_labels_are_those_of_the_described_occupations_and_measures_of_all(snapshot):
    tasks = snapshot.table("tasks")
    described = set(tasks.loc[tasks["task"].notna(), "onet_soc_code"])
    assert len(described) == 170
    assert set(snapshot.table("exposure_labels")["onet_soc_code"]) <= described
    measured = set(snapshot.table("measures")["onet_soc_code"])
    assert "53-3032.00" in measured - described
    assert len(measured) == snapshot.table("measures")["n_occupations"].max() == 923
