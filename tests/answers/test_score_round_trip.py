"""`outlook score`: what goes in comes back as it was, cell by cell and type by type."""

from __future__ import annotations

import bz2
import csv
import datetime as dt
import decimal
import gzip
import io
import lzma
import zipfile

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.answers.score import SCORES, score_file
from pipelines.base import csv_in
from pipelines.base.errors import UsageError

TASK = "Enter patient data into the records system"


def rows_of(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_numbers_of_a_csv_stay_as_written(tmp_path):
    cells = ["-5", "+1.50", "-12345678901234567890.10", "0012", "1e5", "-1,234", "-7%", "3.200", ""]
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    with source.open("w", newline="") as file:
        csv.writer(file).writerows([["task", "-1"], *([TASK, cell] for cell in cells)])
    score_file(str(source), "task", str(out))
    assert [row["-1"] for row in rows_of(out)] == cells
    score_file(str(source), "task", str(tmp_path / "out.parquet"))
    assert pq.read_table(tmp_path / "out.parquet")["-1"].to_pylist() == cells


def test_only_text_that_a_spreadsheet_would_run_is_quoted(tmp_path):
    cells = ["=1+1", "+A1", "-A1", "@x", "\tx", "\uff1dx", "a\rb", "x\r\ny", "'=1"]
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    with source.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["task", "cell"], *([TASK, cell] for cell in cells)])
    score_file(str(source), "task", str(out))
    assert [row["cell"] for row in rows_of(out)] == ["'" + c for c in cells[:6]] + cells[6:]


TYPES = {
    "whole": pa.array([2**53 + 1, None, -7], pa.int64()),
    "natural": pa.array([2**64 - 1, None, 0], pa.uint64()),
    "small": pa.array([1, None, -1], pa.int8()),
    "single": pa.array([0.1, None, -3.2], pa.float32()),
    "kind": pa.array(["a", None, "b"]).dictionary_encode(),
    "when": pa.array([1, None, 10**15 + 1], pa.timestamp("us", tz="America/New_York")),
    "day": pa.array([dt.date(1492, 1, 2), None, dt.date(9999, 1, 1)]),
    "hour": pa.array([dt.time(3, 4), None, dt.time(5)]),
    "price": pa.array([decimal.Decimal("-1.10"), None, decimal.Decimal("12345678901234567.89")],
                      pa.decimal128(20, 2)),
    "raw": pa.array([b"\xff\x00", None, b""]),
    "yes": pa.array([True, None, False]),
    "many": pa.array([[1, None], None, []], pa.list_(pa.int64())),
    "pair": pa.array([{"a": 1}, None, {"a": None}]),
    "large": pa.array(["x", None, ""], pa.large_string()),
    "none": pa.nulls(3),
}  # fmt: skip


def test_a_parquet_file_keeps_every_type_and_value(tmp_path):
    table = pa.table({"task": [TASK, None, TASK], **TYPES})
    pq.write_table(table, tmp_path / "in.PARQUET")
    given = pq.read_table(tmp_path / "in.PARQUET")
    score_file(str(tmp_path / "in.PARQUET"), "task", str(tmp_path / "out.Parquet"))
    out = pq.read_table(tmp_path / "out.Parquet")
    assert out.column_names == [*given.column_names, *SCORES.names]
    assert out.select(given.column_names).equals(given)
    for name in given.column_names:
        assert out.schema.field(name).type == given.schema.field(name).type, name


def test_values_of_a_parquet_file_stand_in_the_csv(tmp_path):
    table = pa.table({"task": [TASK, None, TASK], **TYPES}).drop_columns("raw")
    pq.write_table(table, tmp_path / "in.parquet")
    score_file(str(tmp_path / "in.parquet"), "task", str(tmp_path / "out.csv"))
    first, empty, last = rows_of(tmp_path / "out.csv")
    expected = {
        "whole": "9007199254740993", "natural": "18446744073709551615", "single": "0.1",
        "kind": "a", "day": "1492-01-02", "price": "-1.10", "yes": "True", "many": "[1, null]",
        "pair": '{"a": 1}', "small": "1",
    }  # fmt: skip
    assert {name: first[name] for name in expected} == expected
    assert last["price"] == "12345678901234567.89"
    assert all(empty[name] == "" for name in TYPES if name != "raw")


@pytest.mark.parametrize(
    "index",
    [
        pd.Index(["x", "y"], name="who"), pd.Index([7, 9]), pd.RangeIndex(5, 9, 2),
        pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["k", "n"]),
        pd.Index(["x", "y"], name="note"),
    ],
)  # fmt: skip
def test_the_index_of_a_pandas_file_comes_back(tmp_path, index):
    frame = pd.DataFrame(
        {"task": [TASK, TASK], "n": pd.array([2**60 + 1, None], "Int64"),
         "kind": pd.Categorical(["b", "a"], ["b", "a"], ordered=True)}, index=index,
    )  # fmt: skip
    frame.to_parquet(tmp_path / "in.parquet")
    score_file(str(tmp_path / "in.parquet"), "task", str(tmp_path / "out.parquet"))
    out = pd.read_parquet(tmp_path / "out.parquet")
    if index.name == "note":  # ours replaces it
        frame = frame.reset_index(drop=True)
    pd.testing.assert_frame_equal(out[list(frame)], frame)
    assert out["exposure"].between(0, 1).all()


def test_columns_that_are_named_by_numbers_are_read_back(tmp_path):
    pd.DataFrame({0: [TASK], 1: [2]}).to_parquet(tmp_path / "in.parquet")
    score_file(str(tmp_path / "in.parquet"), "0", str(tmp_path / "out.parquet"))
    out = pd.read_parquet(tmp_path / "out.parquet")
    assert list(out.columns) == ["0", "1", *SCORES.names]


def test_a_cell_that_comes_late_has_its_type(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_in, "CHUNK", 10)
    table = pa.table({"task": [TASK] * 25, "late": pa.array([None] * 24 + [[5]]),
                      "text": pa.array([None] * 24 + ["x"])})  # fmt: skip
    pq.write_table(table, tmp_path / "in.parquet")
    score_file(str(tmp_path / "in.parquet"), "task", str(tmp_path / "out.parquet"))
    assert pq.read_table(tmp_path / "out.parquet").select(table.column_names).equals(table)


@pytest.mark.parametrize(
    "kind", [pa.binary(), pa.large_binary(), pa.binary(5), pa.list_(pa.int8())]
)
def test_a_column_that_is_no_text_is_refused_and_named(tmp_path, kind):
    cell = [1] if pa.types.is_list(kind) else b"lift!"
    pq.write_table(pa.table({"work": pa.array([cell], kind)}), tmp_path / "in.parquet")
    with pytest.raises(UsageError, match=r"in.parquet: column 'work' holds .*, not text"):
        score_file(str(tmp_path / "in.parquet"), "work", str(tmp_path / "out.csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]


def test_bytes_beside_the_text_are_kept_in_parquet_and_refused_in_csv(tmp_path):
    table = pa.table({"task": [TASK], "scan": [b"\xff"]})
    pq.write_table(table, tmp_path / "in.parquet")
    with pytest.raises(UsageError, match="'scan' holds bytes"):
        score_file(str(tmp_path / "in.parquet"), "task", str(tmp_path / "out.csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]


def test_text_by_dictionary_is_read(tmp_path):
    table = pa.table({"task": pa.array([TASK, None, TASK]).dictionary_encode()})
    pq.write_table(table, tmp_path / "in.parquet")
    score_file(str(tmp_path / "in.parquet"), "task", str(tmp_path / "out.csv"))
    assert [row["task"] for row in rows_of(tmp_path / "out.csv")] == [TASK, "", TASK]


def test_doubled_names_are_numbered_past_those_taken_and_said(tmp_path):
    said: list[str] = []
    (tmp_path / "in.csv").write_text(f"task,a,a,a.1,a\n{TASK},1,2,3,4\n")
    score_file(str(tmp_path / "in.csv"), "task", str(tmp_path / "out.csv"), say=said.append)
    row = rows_of(tmp_path / "out.csv")[0]
    assert [row[name] for name in ("a", "a.2", "a.1", "a.3")] == ["1", "2", "3", "4"]
    assert len(said) == 1
    assert said[0].endswith("numbered in the output: a")
    columns = [pa.array([TASK]), pa.array([1]), pa.array([2])]
    pq.write_table(pa.Table.from_arrays(columns, names=["task", "a", "a"]), tmp_path / "in.parquet")
    score_file(str(tmp_path / "in.parquet"), "task", str(tmp_path / "out.parquet"))
    out = pq.read_table(tmp_path / "out.parquet")
    assert (out["a"].to_pylist(), out["a.1"].to_pylist()) == ([1], [2])


def test_a_doubled_column_of_statements_is_refused(tmp_path):
    (tmp_path / "in.csv").write_text(f"task,task\n{TASK},File charts\n")
    with pytest.raises(UsageError, match="several columns are named 'task'"):
        score_file(str(tmp_path / "in.csv"), "task", None)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_csv_is_read_by_its_content(tmp_path, pack, monkeypatch, capsys):
    content = pack(f"id,task\n-7,{TASK}\n".encode())
    (tmp_path / "in.csv").write_bytes(content)
    score_file(str(tmp_path / "in.csv"), "task", str(tmp_path / "out.CSV.gz"))
    with gzip.open(tmp_path / "out.CSV.gz", "rt") as file:
        assert next(csv.DictReader(file))["id"] == "-7"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    score_file("-", "task", None)
    assert '"-7"' in capsys.readouterr().out


def test_packed_output_is_the_same_bytes_each_time(tmp_path):
    (tmp_path / "in.csv").write_text(f"task\n{TASK}\n")
    for name in ("a.csv.gz", "b.csv.gz"):
        score_file(str(tmp_path / "in.csv"), "task", str(tmp_path / name))
    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "b.csv.gz").read_bytes()


def _workbook() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", "x")
    return packed.getvalue()


CUT = gzip.compress(b"task\n" + TASK.encode() * 9, mtime=0)[:-12]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("in.csv", _workbook(), "is a zip archive or a workbook"),
        ("in.csv.gz", CUT, "is damaged"),
        ("in.csv", b"\x28\xb5\x2f\xfd", "packed with zstd"),
        ("in.parquet", b"PAR1\x15", "not a parquet file"),
    ],
)
def test_a_file_of_another_kind_is_named(tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=says) as caught:
        score_file(str(tmp_path / name), "task", str(tmp_path / "out.csv"))
    assert name in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_damaged_parquet_is_named_as_the_input(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_in, "CHUNK", 100)
    table = pa.table({"task": [f"{TASK} {i}" for i in range(500)]})
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=100, use_dictionary=False)
    content = bytearray((tmp_path / "in.parquet").read_bytes())
    middle = len(content) // 2
    content[middle : middle + 400] = b"\x5a" * 400
    (tmp_path / "in.parquet").write_bytes(content)
    with pytest.raises(UsageError, match=r"in.parquet: damaged after row \d00 "):
        score_file(str(tmp_path / "in.parquet"), "task", str(tmp_path / "out.parquet"))
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]


def test_text_that_is_not_utf_8_is_refused(tmp_path):
    raw = pa.array([b"caf\xe9"])
    text = pa.Array.from_buffers(pa.string(), 1, raw.buffers())
    pq.write_table(pa.table({"task": [TASK], "place": text}), tmp_path / "in.parquet")
    with pytest.raises(UsageError, match=r"in.parquet: .*UTF8"):
        score_file(str(tmp_path / "in.parquet"), "task", str(tmp_path / "out.csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]


@pytest.mark.parametrize("note", [b"{", b"\xff", b"[]", b"{}"])
def test_a_broken_note_of_pandas_does_not_matter(tmp_path, note):
    table = pa.table({"task": [TASK]}).replace_schema_metadata({b"pandas": note, b"own": b"x"})
    pq.write_table(table, tmp_path / "in.parquet")
    score_file(str(tmp_path / "in.parquet"), "task", str(tmp_path / "out.parquet"))
    assert pq.read_schema(tmp_path / "out.parquet").metadata[b"own"] == b"x"
    assert len(pd.read_parquet(tmp_path / "out.parquet")) == 1


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_a_wide_row_keeps_every_column(tmp_path, name):
    columns = 30_000
    text = ",".join(f"c{i}" for i in range(columns)) + ",task\n" + "-1," * columns + TASK + "\n"
    (tmp_path / "in.csv").write_text(text)
    made = tmp_path / name
    score_file(str(tmp_path / "in.csv"), "task", str(made))
    if made.suffix == ".csv":
        names = pd.read_csv(made, nrows=0).columns.tolist()
    else:
        names = pq.read_schema(made).names
    assert names[:columns] == [f"c{i}" for i in range(columns)]
    assert {"task", "exposure", "note"} <= set(names[columns:])
