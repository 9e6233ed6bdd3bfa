"""The assembly: every table of the real sources, and which part wins where two have a row."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from real_files import held

from pipelines.base import contracts
from pipelines.base.errors import ShapeChanged, SourceFailed, UsageError
from pipelines.occupations import technicians
from pipelines.refresh import assemble
from pipelines.releases.current import open_data
from pipelines.sources.catalog import loadable


@pytest.fixture(scope="module")
def assembled(sources):
    lines: list[str] = []
    every = held(loadable().values(), sources)
    files = {d.id: sources / d.mirror_path for d in every}
    there = {d.family or d.id for d in every}
    carried = {name: open_data(offline=True) for name in loadable() if name not in there}
    return assemble.assemble(files, lines.append, carried=carried), lines


def test_every_table_but_the_computed_ones_is_there_with_its_columns(assembled):
    found, _ = assembled
    assert set(found) == set(contracts.contracts()) - set(assemble.COMPUTED)
    for name, frame in found.items():
        assert list(frame.columns) == contracts.contracts()[name].names
        assert len(frame), name


def test_rows_of_the_joined_tables(assembled):
    found, _ = assembled
    assert len(found["tasks"]) == 18796
    assert len(found["exposure_labels"]) == 13901
    assert found["exposure_labels"]["human_automation"].notna().sum() == 80
    assert len(found["aioe"]) == 774
    assert found["aioe"][["aioe", "lm_aioe", "title"]].notna().all(axis=None)
    assert len(found["wages"].query("year == 2025 and area_code != '99'")) == 37408


def test_tasks_are_of_the_newest_whole_edition_and_ratings_of_the_newest_that_rates(assembled):
    found, lines = assembled
    assert len(found["task_ratings"].drop_duplicates(["onet_soc_code", "task_id"])) == 17639
    assert len(found["task_dwas"]) == 23233
    elements = found["elements"]
    newest = elements[elements["edition"] == "30.1"].groupby("domain").size()
    assert newest[["skills", "knowledge", "abilities"]].tolist() == [62580, 59004, 92976]
    assert newest[["work_activities", "work_styles"]].tolist() == [30668, 37422]
    # The 21 styles of 30.1 and the 16 before are two schemes.
    styles = elements[elements["domain"] == "work_styles"]
    schemes = styles["scale_id"].eq("IM").groupby(styles["onet_soc_code"]).nunique()
    assert (schemes == 1).all()
    assert set(found["job_zones"]["edition"]) == {"30.1"}
    assert set(found["occupations"]["edition"]) == {"30.1"}
    assert found["occupations"]["has_tasks"].sum() == 923


def test_education_comes_from_the_newer_workbooks_where_they_have_the_occupation(assembled):
    frame = assembled[0]["education_training"]
    sums = frame.groupby(["onet_soc_code", "scale_id"])["percent"].sum()
    assert sums.between(99.5, 100.5).all()  # never the shares of two surveys together
    assert len(frame) == 35998


def test_the_split_of_the_medical_records_technician(assembled):
    table = assembled[0]["soc_2010_to_2018"]
    split = table[table["soc_2010_code"] == "29-2071"]
    assert split["soc_code"].tolist() == ["29-2072", "29-9021"]
    assert table.groupby("soc_2010_code")["weight"].sum().sub(1).abs().max() < 1e-12


def test_technician_occupations_are_counted(assembled):
    found = technicians.technicians(assembled[0])
    assert len(found) == 163
    assert {"29-2072.00", "29-9021.00"} <= set(found["onet_soc_code"])


def test_an_unknown_dataset_and_a_missing_one_are_named():
    with pytest.raises(UsageError, match="nonsense"):
        assemble.assemble({"nonsense": Path("x")})
    with pytest.raises(SourceFailed, match="onet_18"):
        assemble.assemble({})


def zones(code, zone):
    return pd.DataFrame(
        {"onet_soc_code": [code], "job_zone": [zone], "date": ["01/2020"], "edition": ["30.1"]}
    )


def test_the_newest_part_wins_a_repeated_key():
    whole = assemble.newest(
        "job_zones", [zones("29-2072.00", 2), zones("11-1011.00", 5), zones("29-2072.00", 3)]
    )
    assert dict(zip(whole["onet_soc_code"], whole["job_zone"], strict=True)) == {
        "11-1011.00": 5,
        "29-2072.00": 3,
    }


def test_a_newer_projection_keeps_what_only_the_older_edition_had():
    old = (
        contracts.empty("projections")
        .reindex([0])
        .assign(base_year=2024, soc_code="29-2072", employment_base=1.0, labor_force_exits=7.6)
    )
    new = old.assign(employment_base=2.0, labor_force_exits=float("nan"))
    whole = assemble.newest("projections", [old, new])
    assert whole[["employment_base", "labor_force_exits"]].to_numpy().tolist() == [[2.0, 7.6]]


def test_a_code_that_is_no_occupation_is_named():
    occupations = pd.DataFrame(
        {
            "onet_soc_code": ["29-2072.00"],
            "soc_code": ["29-2072"],
            "title": ["Records"],
            "description": ["Made up"],
            "has_tasks": [False],
            "edition": ["30.1"],
        }
    )
    with pytest.raises(ShapeChanged, match=r"job_zones.*99-0000\.00"):
        assemble.join(
            {
                "occupations": {"onet_29_3": occupations},
                "job_zones": {"onet_29_3": zones("99-0000.00", 1)},
                "tasks": {"onet_29_3": contracts.empty("tasks")},
            },
            print,
        )
