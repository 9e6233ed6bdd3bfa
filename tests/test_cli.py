"""The command-line contract: what is printed, where, and with which exit code."""

from __future__ import annotations

import io
import json
import sys

import pandas as pd
import pytest

from pipelines import cli


@pytest.fixture
def outlook(monkeypatch, tmp_path, capsys):
    """Run a command on the embedded snapshot; gives exit code, standard output and error."""
    monkeypatch.setenv("OUTLOOK_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("OUTLOOK_MIRROR", raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["outlook", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return run


def frame(text: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text))


def test_tasks_of_medical_records_specialists(outlook):
    code, out, err = outlook("tasks", "29-2072.00", "--format", "csv")
    tasks = frame(out)
    assert code == 0
    assert len(tasks) == 17
    assert set(tasks["task_text_source"]) == {"own words"}
    assert tasks["human_label"].notna().all()
    assert tasks["weight_rule"].nunique() == 1
    assert "embedded snapshot" in err
    assert "own words" in err


def test_paths_show_the_way_up_by_education(outlook):
    code, out, _ = outlook("paths", "29-2072.00", "--education", "high school", "--format", "json")
    rows = {row["to_soc"]: row for row in json.loads(out)}
    assert code == 0
    assert rows["29-9021"]["typical_education"] == "Associate's degree"
    assert rows["29-9021"]["years_education"] == 2
    assert rows["29-9021"]["wage_gain"] == 68_020 - 51_140
    assert rows["11-9111"]["typical_education"] == "Bachelor's degree"
    assert rows["11-9111"]["years_education"] == 4
    assert rows["11-9111"]["onet_education_summary"]
    assert "29-2072" not in rows


def test_paths_to_one_destination(outlook):
    code, out, _ = outlook("paths", "29-2072", "--to", "11-9111.00", "--format", "csv")
    assert code == 0
    assert set(frame(out)["to_soc"]) == {"11-9111"}


def test_similar_has_the_contracted_columns(outlook):
    code, out, _ = outlook("similar", "29-2072.00", "-n", "5", "--format", "csv")
    table = frame(out)
    assert code == 0
    assert list(table.columns) == ["rank", "soc_code", "title", "score"]
    assert table["rank"].tolist() == [1, 2, 3, 4, 5]
    assert table["score"].is_monotonic_decreasing
    assert "29-9021" in set(table["soc_code"])


def test_all_tasks_go_to_a_file(outlook, tmp_path):
    code, out, _ = outlook("tasks", "--all", "--out", str(tmp_path / "tasks.csv"))
    tasks = pd.read_csv(tmp_path / "tasks.csv")
    assert code == 0
    assert out == ""
    assert len(tasks) == 18_796
    assert tasks["onet_soc_code"].nunique() == 923
    total = tasks[["p_e0", "p_e1", "p_e2"]].sum(axis=1)
    assert total.between(0.999, 1.001).all()
    assert (tasks["exposure_low"] <= tasks["exposure"]).all()
    assert (tasks["exposure"] <= tasks["exposure_high"]).all()


def test_any_technician_has_an_answer(outlook):
    for query in ("31-9094.00", "17-3023.00", "Veterinary Technologists and Technicians"):
        code, out, _ = outlook("paths", query, "--format", "csv", "-n", "5")
        assert code == 0
        assert len(frame(out)) == 5


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["tasks", "99-9999.00"], "99-9999.00"),
        (["tasks", "Medical Record Specialists"], "Medical Records Specialists"),
        (["tasks"], "--all"),
        (["paths", "29-2072.00", "--education", "wizard"], "wizard"),
        (["paths", "29-2072.00", "--max-steps", "9"], "max-steps"),
        (["similar", "29-2072.00", "--format", "xml"], "table, csv"),
        (["export", "29-2072.00", "--chart", "pie"], "task_exposure"),
        (["score", "nowhere.csv"], "nowhere.csv"),
        (["rollback", "20200101-00000000"], "20200101-00000000"),
        (["snapshot"], "outlook refresh"),
        (["train"], "outlook refresh"),
        (["serve"], "outlook build"),
        (["nonsense"], "nonsense"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(outlook, arguments, says):
    code, out, err = outlook(*arguments)
    assert code == 2
    assert out == ""
    lines = [line for line in err.splitlines() if not line.startswith("data: ")]
    assert len(lines) == 1
    assert says in lines[0]
    assert "Traceback" not in err


def test_an_unforeseen_error_is_one_line_and_a_traceback_only_with_debug(outlook, monkeypatch):
    def broken(*_):
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("pipelines.queries.status", broken)
    code, _, err = outlook("status")
    assert code == 1
    assert "RuntimeError: two lines" in err
    assert "Traceback" not in err
    with pytest.raises(RuntimeError):
        outlook("status", "--debug")


def test_refresh_without_a_contact_asks_for_it(outlook, monkeypatch):
    monkeypatch.delenv("OUTLOOK_CONTACT", raising=False)
    code, _, err = outlook("refresh", "--source", "oews_nat_2025")
    assert code != 0
    assert "OUTLOOK_CONTACT" in err


def test_check_passes_on_the_snapshot_and_says_what_it_cannot_check(outlook):
    code, out, _ = outlook("check", "--format", "csv")
    rows = frame(out)
    assert code == 0
    assert not (rows["result"] == "fail").any()
    unchecked = rows[rows["result"] == "not checked"]
    assert set(unchecked["check"]) == {"GPT-4 against people"}
    assert unchecked["remark"].str.contains("refresh").all()
    anchors = rows[rows["check"].str.contains("OEWS|Projections|O.NET 18")]
    assert len(anchors) == 15
    assert (anchors["difference"] == 0).all()


def test_check_fails_where_a_figure_is_off(outlook, monkeypatch):
    monkeypatch.setattr("pipelines.check._CONTEXT", {"4.C.3.b.4": 4.72})
    code, out, _ = outlook("check", "--format", "csv")
    assert code == 1
    assert frame(out)["result"].eq("fail").sum() == 1


def test_status_names_every_source_with_release_and_licence(outlook):
    code, out, _ = outlook("status", "--format", "csv")
    rows = frame(out)
    assert code == 0
    assert rows[["release", "date", "licence", "url"]].notna().all(axis=None)
    assert rows["url"].str.startswith("https://").all()
    assert {"onet", "oews_nat_2025", "ep_export"} <= set(rows["source"])
