"""Contracts: a good table passes unchanged, a bad one is named to the cell."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.base import contracts
from pipelines.base.errors import ShapeChanged


def job_zones(**change):
    frame = pd.DataFrame(
        {
            "onet_soc_code": ["29-2072.00", "11-1011.00"],
            "job_zone": [3, 5],
            "date": ["08/2023", None],
        }
    )
    return frame.assign(**change)


def test_good_rows_come_back_sorted_by_key_in_contract_order():
    frame = contracts.check("job_zones", job_zones()[["date", "job_zone", "onet_soc_code"]])
    assert list(frame.columns) == ["onet_soc_code", "job_zone", "date"]
    assert frame["onet_soc_code"].tolist() == ["11-1011.00", "29-2072.00"]
    assert frame["job_zone"].dtype == "int64"


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"job_zone": [3, 6]}, ["job_zone", "6 in data row 2."]),
        ({"onet_soc_code": ["29-2072", "11-1011.00"]}, ["onet_soc_code", "29-2072"]),
        ({"onet_soc_code": ["11-1011.00"] * 2}, ["share a key", "11-1011.00"]),
        ({"job_zone": [None, 5]}, ["job_zone", "empty in data rows 1."]),
        ({"job_zone": ["three", "5"]}, ["job_zone", "int64"]),
        ({"surprise": [1, 2]}, ["surprise"]),
        ({"date": ["13/2023", None]}, ["date", "13/2023"]),
    ],
)
def test_a_violation_names_file_table_column_and_rows(change, names):
    with pytest.raises(ShapeChanged) as caught:
        contracts.check("job_zones", job_zones(**change), "Job Zones.txt")
    message = str(caught.value)
    assert "Job Zones.txt" in message
    assert "job_zones" in message
    assert "\n" not in message
    for name in names:
        assert name in message
    assert caught.value.exit_code == 5


def test_a_missing_column_is_named():
    with pytest.raises(ShapeChanged, match="job_zone"):
        contracts.check("job_zones", job_zones().drop(columns="job_zone"))


@pytest.mark.parametrize("name", list(contracts.contracts()))
def test_an_empty_table_keeps_its_columns(name):
    frame = contracts.check(name, contracts.empty(name))
    assert list(frame.columns) == contracts.contracts()[name].names
    assert set(contracts.contracts()[name].key) <= set(frame.columns)


def test_what_the_snapshot_leaves_out_says_why():
    for table in contracts.contracts().values():
        assert table.in_snapshot or table.snapshot_reason


def test_the_committed_dictionary_is_the_generated_one(root):
    assert (root / "docs" / "DATA.md").read_text("utf-8") == contracts.dictionary()


@given(st.lists(st.integers(1, 5), unique=False, min_size=1, max_size=30))
def test_checking_twice_changes_nothing(zones):
    codes = [f"11-{1000 + i}.00" for i in range(len(zones))]
    frame = pd.DataFrame({"onet_soc_code": codes, "job_zone": zones, "date": [None] * len(zones)})
    once = contracts.check("job_zones", frame.sample(frac=1, random_state=0))
    pd.testing.assert_frame_equal(once, contracts.check("job_zones", once))
    assert once["job_zone"].tolist() == zones
