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
            "edition": ["29.3", "30.1"],
        }
    )
    return frame.assign(**change)


def test_good_rows_come_back_sorted_by_key_in_contract_order():
    frame = contracts.check(
        "job_zones", job_zones()[["edition", "date", "job_zone", "onet_soc_code"]]
    )
    assert list(frame.columns) == ["onet_soc_code", "job_zone", "date", "edition"]
    assert frame["onet_soc_code"].tolist() == ["11-1011.00", "29-2072.00"]
    assert frame["job_zone"].dtype == "int64"


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"job_zone": [3, 6]}, ["column job_zone breaks in_range(1, 5): 6 in data row 2."]),
        ({"job_zone": [0, 5]}, ["column job_zone breaks in_range(1, 5): 0 in data row 1."]),
        ({"job_zone": [0, 6]}, [": 0 in data row 1, 6 in data row 2."]),
        ({"onet_soc_code": ["29-2072", "11-1011.00"]}, ["'29-2072' in data row 1."]),
        ({"onet_soc_code": ["x29-2072.00", "11-1011.00"]}, ["'x29-2072.00' in data row 1."]),
        ({"onet_soc_code": ["29-2072.001", "11-1011.00"]}, ["'29-2072.001' in data row 1."]),
        ({"onet_soc_code": ["29-2072.00\n", "11-1011.00"]}, ["column onet_soc_code breaks"]),
        (
            {"onet_soc_code": ["11-1011.00"] * 2},
            [
                "2 rows share a key (onet_soc_code): 11-1011.00 in data row 1, "
                "11-1011.00 in data row 2."
            ],
        ),
        ({"job_zone": [None, 5]}, ["column job_zone is empty in data rows 1."]),
        (
            {"onet_soc_code": ["29-2072.00", None]},
            ["column onet_soc_code is empty in data rows 2."],
        ),
        ({"job_zone": ["three", "5"]}, ["column job_zone is not int64: 'three' in data row 1"]),
        ({"job_zone": [3.5, 5.0]}, ["column job_zone is not int64: 'float64'."]),
        ({"date": [3, 4]}, ["column date is not str: 3 in data row 1"]),
        ({"surprise": [1, 2]}, ["columns not in the contract: surprise."]),
        ({"surprise": [1, 2], "twice": 1}, ["columns not in the contract: surprise, twice."]),
        ({"date": ["13/2023", None]}, ["date", "'13/2023' in data row 1."]),
        # Of several problems the one that explains the others is told.
        ({"job_zone": [None, 6]}, ["column job_zone is empty in data rows 1."]),
        ({"onet_soc_code": ["11-1011.00"] * 2, "job_zone": [6, 5]}, ["share a key"]),
    ],
)
def test_a_violation_names_file_table_column_and_rows(change, names):
    with pytest.raises(ShapeChanged) as caught:
        contracts.check("job_zones", job_zones(**change), "Job Zones.txt")
    message = str(caught.value)
    assert message.startswith("Job Zones.txt: table job_zones: ")
    assert message.endswith(
        ". See docs/DATA.md for the contract; the last good release stays as it is"
    )
    assert "\n" not in message
    for name in names:
        assert name in message
    assert caught.value.exit_code == 5


def test_a_missing_column_is_named():
    expected = r"^table job_zones: table job_zones: columns missing: job_zone, date\. See"
    with pytest.raises(ShapeChanged, match=expected):
        contracts.check("job_zones", job_zones().drop(columns=["job_zone", "date"]).assign(a=1))


def test_three_cells_are_named_of_many():
    codes = [f"11-{1000 + i}.00" for i in range(9)]
    frame = pd.DataFrame({"onet_soc_code": codes, "job_zone": [1, 6, 7, 8, 9, 6, 6, 6, 6]})
    frame["edition"] = "30.1"
    frame["date"] = pd.Series([None] * 9, dtype="str")
    with pytest.raises(
        ShapeChanged, match=r": 6 in data row 2, 7 in data row 3, 8 in data row 4\. S"
    ):
        contracts.check("job_zones", frame)
    with pytest.raises(ShapeChanged, match=r"is empty in data rows 1, 2, 3\. S"):
        contracts.check("job_zones", frame.assign(job_zone=None))


def test_rows_are_counted_as_they_come_whatever_their_index():
    frame = job_zones(job_zone=[3, 6]).set_index(pd.Index([7, 7]))
    with pytest.raises(ShapeChanged, match=r"6 in data row 2\."):
        contracts.check("job_zones", frame)


def test_a_key_of_several_columns_is_one_key():
    table = pd.DataFrame({"soc_code": ["51-4041"] * 2, "iwa_id": ["x", "y"], "weight": 1.0})
    assert len(contracts.check("soc_iwa_weights", table)) == 2
    expected = (
        r"2 rows share a key \(soc_code, iwa_id\): 51-4041 x in data row 1, 51-4041 x in data"
    )
    with pytest.raises(ShapeChanged, match=expected):
        contracts.check("soc_iwa_weights", table.assign(iwa_id="x"))


#: A value just inside and one just outside of every kind of number, and of every pattern.
EDGES = {
    "onet_soc": (["29-2072.00"], ["29-2072", "29-2072.0", "2-2072.00", "29-2072.00 "]),
    "cip": (["51.0707"], ["51.07070", "51.07", "510707"]),
    "dollars": ([0.0, 1e12], [-0.1]),
    "soc": (["29-2072"], ["29-20720", "29-207", "292072"]),
    "month": (["01/2023", "09/2023", "10/2023", "12/2023"], ["00/2023", "13/2023", "1/2023"]),
    "id": ([0], [-1]),
    "year": ([1990, 2100], [1989, 2101]),
    "month_of_year": ([1, 12], [0, 13]),
    "index": ([1.0, 1e12], [0.9]),
    "small": ([0, 100], [-1, 101]),
    "zone": ([1, 5], [0, 6]),
    "flag": ([True], []),
    "count": ([0.0, 1e12], [-0.1]),
    "persons": ([0.0, 1e12], [-0.1]),
    "thousands": ([0.0, 1e12], [-0.1]),
    "dollars_year": ([0.0, 1e12], [-0.1]),
    "dollars_hour": ([0.0, 1e12], [-0.1]),
    "percent": ([0.0, 100.5], [-0.1, 100.6]),
    "growth": ([-100.0, 1e6], [-100.1]),
    "probability": ([0.0, 1.0], [-0.01, 1.01]),
    "share": ([0.0, 1.0], [-0.01, 1.01]),
    "nonnegative": ([0.0, 1e12], [-0.1]),
    "number": ([-1e12, 1e12], []),
    "label": (["", "any"], []),
    "text": (["", "any"], []),
}


def test_every_kind_of_column_has_its_edges_below():
    assert set(EDGES) == set(contracts.TYPES)


@pytest.fixture
def one_column(monkeypatch):
    """A table `made` of one key and one column of the kind asked for."""

    def use(kind):
        columns = tuple(contracts._column(n, k, n) for n, k in (("row", "id"), ("value", kind)))
        table = contracts.Table("made", "made", ("here",), ("row",), columns)
        monkeypatch.setattr(contracts, "contracts", lambda: {"made": table})
        contracts._schema.cache_clear()
        dtype = columns[1].dtype

        def check(*values):
            column = pd.Series(list(values), dtype=dtype)
            frame = pd.DataFrame({"row": range(len(values)), "value": column})
            return contracts.check("made", frame)["value"].tolist()

        return check

    yield use
    contracts._schema.cache_clear()


@pytest.mark.parametrize("kind", EDGES)
def test_a_value_on_the_edge_passes_and_one_beyond_is_refused(one_column, kind):
    inside, outside = EDGES[kind]
    check = one_column(kind)
    assert check(*inside) == inside
    for value in outside:
        with pytest.raises(ShapeChanged, match="column value breaks"):
            check(value)


def test_a_choice_is_one_of_its_values_and_missing_only_with_a_question_mark(one_column):
    check = one_column("choice:a|b")
    assert check("a", "b") == ["a", "b"]
    for wrong in ("c", "", "A", "choice:a", "ab"):
        with pytest.raises(ShapeChanged, match=r"breaks isin\(\['a', 'b'\]\)"):
            check(wrong)
    with pytest.raises(ShapeChanged, match="is empty in data rows 2"):
        check("a", None)
    assert pd.isna(one_column("choice:a|b?")("a", None)[1])


def test_why_a_number_is_missing_is_one_of_four(one_column):
    check = one_column("missing")
    assert check("", "suppressed", "top-coded", "not applicable")
    with pytest.raises(ShapeChanged, match="breaks isin"):
        check("secret")


@pytest.mark.parametrize(
    "kind", [k for k, t in contracts.TYPES.items() if t.dtype in ("str", "float64")]
)
def test_missing_passes_only_where_the_contract_says_so(one_column, kind):
    value = EDGES[kind][0][0]
    with pytest.raises(ShapeChanged, match="is empty in data rows 2"):
        one_column(kind)(value, None)
    assert pd.isna(one_column(kind + "?")(value, None)[1])


def test_a_type_that_is_none_is_refused_by_name():
    with pytest.raises(ValueError, match="^contracts.toml: column a has the unknown type numbr$"):
        contracts._column("a", "numbr", "")


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
    frame["edition"] = "30.1"
    once = contracts.check("job_zones", frame.sample(frac=1, random_state=0))
    pd.testing.assert_frame_equal(once, contracts.check("job_zones", once))
    assert once["job_zone"].tolist() == zones
