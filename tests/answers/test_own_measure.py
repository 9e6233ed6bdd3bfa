"""A measure of the user's own: bad files, coverage, crosswalks, the command."""

from __future__ import annotations

import gzip

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipelines.answers.own_measure import own_measure, read_own
from pipelines.base.errors import UsageError
from pipelines.cli import app

TABLES = {
    "occupations": pd.DataFrame(
        {
            "onet_soc_code": ["11-1011.00", "11-1011.03", "29-2072.00", "29-9021.00", "11-9999.00"],
            "soc_code": ["11-1011", "11-1011", "29-2072", "29-9021", "11-9999"],
            "has_tasks": [True, True, True, True, False],
        }
    ),
    "tasks": pd.DataFrame(
        {"onet_soc_code": ["11-1011.00"] * 2 + ["29-2072.00"], "task_id": [1, 2, 3]}
    ),
    "soc_2010_to_2018": pd.DataFrame(
        {
            "soc_2010_code": ["29-2071", "29-2071", "15-1111"],
            "soc_code": ["29-2072", "29-9021", "29-9021"],
            "weight": [0.8, 0.2, 0.6],
        }
    ),
}


def write(path, text: str) -> str:
    file = path / "mine.csv"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_soc_code_of_several_occupations_is_ambiguous(tmp_path):
    found = own_measure(
        write(tmp_path, "soc_code,risk\n11-1011,.5\n29-2072,.7\n99-0000,1\n"), TABLES
    )
    by = found.values.set_index("onet_soc_code")
    assert (found.name, found.rows, found.matched, found.ambiguous) == ("risk", 3, 2, 1)
    assert found.unmatched == ("99-0000",)
    assert by["ambiguous"].to_dict() == {
        "11-1011.00": True, "11-1011.03": True, "29-2072.00": False
    }  # fmt: skip
    assert "2 of 3 rows matched" in found.coverage()
    assert "99-0000" in found.coverage()


def test_a_code_of_2010_goes_by_weights_and_is_ambiguous(tmp_path):
    found = own_measure(write(tmp_path, "soc_code,value\n29-2071,10\n15-1111,20\n"), TABLES)
    by = found.values.set_index("onet_soc_code")
    assert by.at["29-2072.00", "value"] == 10
    assert by.at["29-9021.00", "value"] == pytest.approx((0.2 * 10 + 0.6 * 20) / 0.8)
    assert by["ambiguous"].all()
    assert found.name == "mine"


def test_half_of_the_codes_that_lead_to_one_are_half_a_value(tmp_path):
    found = own_measure(write(tmp_path, "soc_code,value\n29-2071,10\n"), TABLES)
    by = found.values.set_index("onet_soc_code")
    assert by.at["29-2072.00", "share"] == 1
    assert by.at["29-9021.00", "share"] == 0.25


def test_the_code_of_2018_wins_over_a_crosswalk(tmp_path):
    found = own_measure(write(tmp_path, "soc_code,value\n29-2071,10\n29-2072,1\n"), TABLES)
    by = found.values.set_index("onet_soc_code")
    assert by.at["29-2072.00", "value"] == 1
    assert not by.at["29-2072.00", "ambiguous"]
    assert by.at["29-9021.00", "ambiguous"]


def test_tasks_are_averaged_with_their_share(tmp_path):
    found = own_measure(write(tmp_path, "task_id,value\n1,0.2\n3,1\n9,1\n"), TABLES)
    by = found.values.set_index("onet_soc_code")
    assert by.at["11-1011.00", "value"] == pytest.approx(0.2)
    assert by["share"].to_dict() == {"11-1011.00": 0.5, "29-2072.00": 1.0}
    assert found.unmatched == ("9",)


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=2),
    st.floats(0.01, 1), st.floats(0.01, 1), st.booleans(),
)  # fmt: skip
def test_a_crosswalked_value_lies_between_its_parts(tmp_path_factory, values, a, b, flip):
    walk = pd.DataFrame(
        {"soc_2010_code": ["29-2071", "15-1111"], "soc_code": "29-9021", "weight": [a, b]}
    )
    lines = [f"29-2071,{values[0]!r}", f"15-1111,{values[1]!r}"]
    text = "\n".join(["soc_code,value", *(lines[::-1] if flip else lines)]) + "\n"
    folder = tmp_path_factory.mktemp("own")
    found = own_measure(write(folder, text), {**TABLES, "soc_2010_to_2018": walk})
    row = found.values.set_index("onet_soc_code").loc["29-9021.00"]
    assert min(values) - 1e-6 <= row["value"] <= max(values) + 1e-6
    assert row["value"] == pytest.approx(np.average(values, weights=[a, b]), rel=1e-9, abs=1e-6)
    assert row["share"] == pytest.approx(1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("code,value\n29-2072,1\n", "no column task_id"),
        ("soc_code\n29-2072\n", "no column of values"),
        ("soc_code,a,b\n29-2072,1,2\n", "more than one column of values"),
        ("soc_code,value\n29-2072,high\n", "'high' in data row 1"),
        ("soc_code,value\n29-2072,inf\n", "no number"),
        ("soc_code,value\n292072,1\n", "no soc_code: '292072' in data row 1"),
        ("soc_code,value\n29-2072,1\n29-2072,2\n", "given more than once"),
        ("soc_code,value\n29-2072,1,5\n", "data row 1: row has 3 cells"),
        ("soc_code,value\n29-2072,\n", "no row has a value"),
        ("soc_code,value\n99-0000,1\n", "none of its 1 rows"),
        ("soc_code;value\n29-2072;1\n", "no column task_id"),
        ("soc_code,value,value\n29-2072,1,2\n", "several columns are named 'value'"),
    ],
)
def test_bad_files_are_refused_in_one_line(tmp_path, text, said):
    with pytest.raises(UsageError) as error:
        own_measure(write(tmp_path, text), TABLES)
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert error.value.exit_code == 2


def test_missing_file_and_other_bytes_are_refused(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        read_own(str(tmp_path / "none.csv"))
    pd.DataFrame({"soc_code": ["29-2072"], "value": [1.0]}).to_parquet(tmp_path / "a.PARQUET")
    with pytest.raises(UsageError, match="parquet file; CSV is expected"):
        read_own(str(tmp_path / "a.PARQUET"))
    (tmp_path / "b.csv").write_bytes(b"soc_code,value\n29-2072,\xff\n")
    with pytest.raises(UsageError, match="UTF-8"):
        read_own(str(tmp_path / "b.csv"))


def test_numbers_are_read_as_they_are_written(tmp_path):
    cells = ["-5", "+1.5", "12345678901234567890", "-1e-3", " 7 "]
    codes = [f"29-{2000 + i}" for i in range(len(cells))]
    text = "".join(f"{code},{cell}\n" for code, cell in zip(codes, cells, strict=True))
    file = tmp_path / "mine.csv.gz"
    file.write_bytes(gzip.compress(f"soc_code,-1\n{text}".encode()))
    name, _, rows = read_own(str(file))
    assert name == "-1"
    assert rows["value"].tolist() == [-5, 1.5, 12345678901234567890.0, -0.001, 7]


def test_a_name_that_a_spreadsheet_would_run_is_neutralised(tmp_path):
    name, _, rows = read_own(write(tmp_path, 'soc_code,"=1+1"\n29-2072,1\n29-9021,\n'))
    assert name.startswith("'=")
    assert len(rows) == 1


def test_the_command_prints_measures_spread_and_coverage(tmp_path):
    mine = write(tmp_path, "onet_soc_code,value\n29-2072.00,3\n29-9999.99,1\n")
    shown = CliRunner().invoke(
        app, ["measures", "29-2072", "--own", mine, "--offline", "--format", "csv"]
    )
    assert shown.exit_code == 0, shown.output
    assert "eloundou_human_beta" in shown.stdout
    assert "value (your file)" not in shown.stdout
    assert "mine (your file)" in shown.stdout
    assert "1 of 2 rows matched by onet_soc_code" in shown.stderr
    assert "Spread of the" in shown.stderr
    assert "ISCO-08" in shown.stderr


@pytest.mark.parametrize("arguments", [[], ["29-2072", "--matrix"], ["--matrix", "--own", "x.csv"]])
def test_the_command_takes_an_occupation_or_the_matrix(arguments):
    shown = CliRunner().invoke(app, ["measures", *arguments, "--offline"])
    assert isinstance(shown.exception, UsageError)
