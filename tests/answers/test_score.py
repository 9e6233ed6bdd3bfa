"""`outlook score`: every row comes back, scored or flagged; a bad file leaves nothing behind."""

from __future__ import annotations

import csv
import io
import os

import pandas as pd
import pytest

from pipelines.answers import score_chunks
from pipelines.answers.score import progress_bar, score_file
from pipelines.base import csv_in
from pipelines.base.errors import OutlookError, UsageError
from pipelines.exposure.scorer.model import load_scorer
from pipelines.exposure.scorer.score import score_statements

ADDED = [
    "p_e0", "p_e1", "p_e2", "exposure", "exposure_low", "exposure_high", "exposure_label",
    "automation", "nearest_task_id", "note", "automation_score", "automation_low",
    "automation_high",
]  # fmt: skip
TASK = "Enter patient data into the records system"


def scored(tmp_path, content: str | bytes, **options) -> pd.DataFrame:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(content if isinstance(content, bytes) else content.encode())
    score_file(str(source), options.get("text_column", "task"), str(out))
    return pd.read_csv(out, keep_default_na=False)


def test_rows_keep_their_columns_and_order_and_get_ours(tmp_path):
    frame = scored(tmp_path, f"id,task\n7,{TASK}\n8,Lift patients into bed\n")
    assert list(frame.columns) == ["id", "task", *ADDED]
    assert frame["id"].tolist() == [7, 8]
    assert frame["task"].iat[0] == TASK
    assert frame["exposure"].iat[0] > frame["exposure"].iat[1]
    assert (frame["exposure_low"] <= frame["exposure"]).all()
    assert (frame["exposure"] <= frame["exposure_high"]).all()
    total = frame[["p_e0", "p_e1", "p_e2"]].sum(axis=1)
    assert total.between(0.999, 1.001).all()


def test_odd_rows_are_flagged_not_refused(tmp_path):
    rows = ["1,", f"2,{TASK},extra,cells", "3", "4,😀", f'5,"{"word " * 4000}"', "6,=1+1"]
    frame = scored(tmp_path, "\n".join(["id,task", *rows, '7,"a\nb\x00c"\n']))
    assert frame["id"].tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert frame["note"].iat[0]
    assert "4 cells where the header has 2" in frame["note"].iat[1]
    assert "1 cells where the header has 2" in frame["note"].iat[2]
    assert frame["task"].iat[5] == "'=1+1"


def test_a_blank_line_is_a_missing_statement_in_a_file_of_one_column(tmp_path):
    frame = scored(tmp_path, f"task\n{TASK}\n\nFile charts\n")
    assert len(frame) == 3
    assert frame["note"].iat[1]


def test_a_file_with_a_header_only_gives_a_header_only(tmp_path):
    frame = scored(tmp_path, "id,task\n")
    assert list(frame.columns) == ["id", "task", *ADDED]
    assert frame.empty


def test_a_byte_order_mark_and_other_line_ends_are_read(tmp_path):
    assert len(scored(tmp_path, b"\xef\xbb\xbftask\r\nFile charts\r\n")) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"duty\nFile charts\n", "--text-column"),
        (b"task\nFile charts of Mr M\xfcller\n", "UTF-8"),
    ],
)
def test_a_bad_file_is_named_and_leaves_no_output(tmp_path, content, says):
    with pytest.raises(UsageError, match=says) as caught:
        scored(tmp_path, content)
    assert "in.csv" in str(caught.value)
    assert caught.value.exit_code == 2
    assert [p.name for p in tmp_path.iterdir()] == ["in.csv"]


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize("before", [1, 50, 3_000])
def test_the_line_that_is_not_utf_8_is_named(tmp_path, before, ending):
    # Text is decoded in blocks of some kilobytes: the bad line is in, at the end of, or beyond one.
    content = ending.join([b"task", *[b"File charts"] * before, b"Caf\xe9 charts", b"More", b""])
    with pytest.raises(UsageError, match=rf"line {before + 2} is not UTF-8"):
        scored(tmp_path, content)


def test_a_bad_file_leaves_the_old_output_as_it_was(tmp_path):
    (tmp_path / "out.csv").write_text("mine\n")
    with pytest.raises(UsageError):
        scored(tmp_path, b"task\n" + b"File charts\n" * 30_000 + b"\xff\n")
    assert (tmp_path / "out.csv").read_text() == "mine\n"


def test_missing_file_folder_and_ending_are_usage_errors(tmp_path):
    (tmp_path / "in.csv").write_text("task\nFile charts\n")
    with pytest.raises(UsageError, match="nowhere"):
        score_file(str(tmp_path / "nowhere.csv"), "task", None)
    with pytest.raises(UsageError, match="folder"):
        score_file(str(tmp_path / "in.csv"), "task", str(tmp_path / "no" / "out.csv"))
    with pytest.raises(UsageError, match="parquet"):
        score_file(str(tmp_path / "in.csv"), "task", str(tmp_path / "out.xlsx"))


def test_standard_input_to_standard_output(monkeypatch, capsys):
    stream = io.TextIOWrapper(io.BytesIO(b"task\nFile charts\n"))
    monkeypatch.setattr("sys.stdin", stream)
    score_file("-", "task", None)
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["task"] for row in rows] == ["File charts"]
    assert 0 <= float(rows[0]["exposure"]) <= 1


def test_parquet_in_and_out_equals_csv(tmp_path):
    frame = pd.DataFrame({"task": [TASK, "Draw blood", None]})
    frame.to_parquet(tmp_path / "in.parquet")
    score_file(str(tmp_path / "in.parquet"), "task", str(tmp_path / "out.parquet"))
    out = pd.read_parquet(tmp_path / "out.parquet")
    beside = scored(tmp_path, f"task\n{TASK}\nDraw blood\n")
    assert out["exposure"].tolist()[:2] == pytest.approx(beside["exposure"].tolist())
    (tmp_path / "bad.parquet").write_bytes(b"<html>")
    with pytest.raises(UsageError, match="parquet"):
        score_file(str(tmp_path / "bad.parquet"), "task", None)


@pytest.mark.parametrize("content", ["id;task\n1;a\n", "id\ttask\n1\ta\n"])
def test_another_separator_is_named(tmp_path, content):
    with pytest.raises(UsageError, match="not separated by commas"):
        scored(tmp_path, content)


def test_columns_named_as_ours_are_replaced_and_that_is_said(tmp_path):
    source, said = tmp_path / "in.csv", []
    source.write_text(f"task,exposure\n{TASK},7\n")
    score_file(str(source), "task", str(source), say=said.append)
    assert pd.read_csv(source)["exposure"].between(0, 1).all()
    assert len(said) == 1
    assert "exposure" in said[0]


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_a_full_disk_is_one_line_and_leaves_no_output(tmp_path, monkeypatch, name):
    from pipelines.base import tables_out as module

    def full(self, table):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.CsvSink, "write", full)
    monkeypatch.setattr(module.ParquetSink, "write", full)
    source = tmp_path / "in.csv"
    source.write_text(f"task\n{TASK}\n")
    with pytest.raises(OutlookError, match=f"{name}: cannot be written .No space left"):
        score_file(str(source), "task", str(tmp_path / name))
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_dates_lists_and_truth_values_of_a_parquet_file_are_kept_in_csv(tmp_path):
    frame = pd.DataFrame(
        {
            "task": [TASK, None],
            "seen": pd.to_datetime(["2026-01-02", "2026-03-04"]),
            "open": [True, False],
            "tags": [["a", "b"], []],
        }
    )
    frame.to_parquet(tmp_path / "in.parquet")
    score_file(str(tmp_path / "in.parquet"), "task", str(tmp_path / "out.csv"))
    out = pd.read_csv(tmp_path / "out.csv")
    assert out["seen"].tolist() == ["2026-01-02", "2026-03-04"]
    assert out["open"].tolist() == [True, False]
    assert "a" in out["tags"].iat[0]
    assert out["task"].isna().tolist() == [False, True]


def test_awkward_cells_come_back_as_they_were(tmp_path):
    cells = ['say "yes"', "two\nlines", "a,b", "caf\u00e9 \U0001f600", "", "0012", "NULL", " x "]
    source = tmp_path / "in.csv"
    pd.DataFrame({"task": [TASK] * len(cells), "cell": cells}).to_csv(source, index=False)
    score_file(str(source), "task", str(tmp_path / "out.csv"))
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["cell"] for row in rows] == cells


def test_a_bar_is_drawn_on_a_terminal_only(tmp_path, monkeypatch, capsys):
    source = tmp_path / "in.csv"
    source.write_text("task\n" + f"{TASK}\n" * 50)
    with progress_bar(str(source)) as progress:
        assert progress is None
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with progress_bar(str(source)) as progress:
        score_file(str(source), "task", str(tmp_path / "out.csv"), progress)
    assert "50/50" in capsys.readouterr().err


def _many(tmp_path, n: int = 400):
    verbs, things = ["File", "Weld", "Write", "Lift", "Code"], ["charts", "beams", "letters"]
    rows = [f"{verbs[i % 5]} {things[i % 3]} for room {i}" for i in range(n)]
    path = tmp_path / "many.csv"
    path.write_text("id,task\n" + "".join(f"{i},{row}\n" for i, row in enumerate(rows)))
    return path, rows


def test_many_chunks_over_processes_are_scored_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_in, "CHUNK", 50)
    monkeypatch.setattr(score_chunks, "cores", lambda: 2)
    path, rows = _many(tmp_path)
    seen = []
    score_file(str(path), "task", str(tmp_path / "out.csv"), progress=seen.append)
    assert seen == list(range(50, 401, 50))
    out = pd.read_csv(tmp_path / "out.csv", keep_default_na=False)
    assert out["id"].tolist() == list(range(400))
    alone = score_statements(rows, load_scorer())
    # In single precision the sums depend on how many rows are added up together.
    assert out["exposure"].to_numpy() == pytest.approx(alone["exposure"].to_numpy(), abs=2e-5)
    assert out["exposure_label"].tolist() == alone["exposure_label"].tolist()


def _die(texts):
    os._exit(9)


def test_a_killed_process_is_named_and_leaves_no_output(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_in, "CHUNK", 50)
    monkeypatch.setattr(score_chunks, "cores", lambda: 2)
    monkeypatch.setattr(score_chunks, "_score", _die)
    path, _ = _many(tmp_path)
    with pytest.raises(OutlookError, match="was killed"):
        score_file(str(path), "task", str(tmp_path / "out.csv"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["many.csv"]
