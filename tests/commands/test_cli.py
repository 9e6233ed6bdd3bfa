"""The command-line contract: what is printed, where, and with which exit code."""

from __future__ import annotations

import io
import json

import pandas as pd
import pytest

from pipelines.answers.tasks import model_note
from pipelines.figures import occupation

SCORES = [
    "onet_soc_code", "task_id", "p_e0", "p_e1", "p_e2", "exposure", "exposure_low",
    "exposure_high", "automation", "basis", "automation_score", "automation_low",
    "automation_high",
]  # fmt: skip
NEAR = ["task_id", "onet_soc_code", "title", "cosine", "human_label"]


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
    assert list(tasks.columns) == SCORES
    assert set(tasks["basis"]) == {"text", "DWA"}
    assert tasks["automation"].isin([f"T{i}" for i in range(5)]).all()
    assert not tasks.duplicated(["onet_soc_code", "task_id"]).any()


def test_all_tasks_as_parquet_and_to_standard_output_are_the_same(outlook, tmp_path):
    assert outlook("tasks", "--all", "--out", str(tmp_path / "tasks.parquet"))[0] == 0
    code, out, _ = outlook("tasks", "--all", "--format", "csv")
    printed = frame(out)
    assert code == 0
    assert list(printed.columns) == SCORES
    saved = pd.read_parquet(tmp_path / "tasks.parquet")
    pd.testing.assert_frame_equal(printed, saved, check_dtype=False)


def test_tasks_are_explained_in_csv_and_json_alike(outlook):
    code, out, err = outlook("tasks", "29-2072.00", "--explain", "--format", "csv")
    tasks = frame(out)
    assert code == 0
    assert "own words" in err
    assert len(tasks) == 17
    assert tasks[["exposure_wording", "exposure_evidence", "why"]].notna().all(axis=None)
    assert tasks["why"].str.startswith("In our own wording, ").all()
    assert tasks["raised_by"].str.fullmatch(r"(\S+ 0\.\d\d(; )?)+").sum() > 10
    assert tasks["lowered_by"].str.fullmatch(r"(\S+ -0\.\d\d(; )?)+").sum() > 10
    assert (tasks[["related_e0", "related_e1", "related_e2"]].sum(axis=1) > 0).any()
    for rank in (1, 2, 3):
        near = tasks[[f"nearest_{rank}_{name}" for name in NEAR]]
        assert near.notna().all(axis=None)
        assert (near[f"nearest_{rank}_task_id"] != tasks["task_id"]).all()
        assert near[f"nearest_{rank}_human_label"].isin(["E0", "E1", "E2"]).all()
    code, out, _ = outlook("tasks", "29-2072.00", "--explain", "--format", "json")
    rows = json.loads(out)
    assert list(rows[0]) == list(tasks.columns)
    assert [row["why"] for row in rows] == tasks["why"].tolist()
    plain = frame(outlook("tasks", "29-2072.00", "--format", "csv")[1])
    pd.testing.assert_frame_equal(tasks[list(plain.columns)], plain)


def test_the_explained_table_reads_in_plain_words(outlook):
    code, out, _ = outlook("tasks", "29-2072.00", "--explain")
    said = " ".join(out.split())
    assert code == 0
    for words in ("why", "most similar labeled task", "In our own wording,", "similarity"):
        assert words in said
    assert "raised_by" not in said


def test_scores_of_another_model_than_the_installed_one_are_pointed_out():
    frame = pd.DataFrame(
        {
            "task_text_source": ["O*NET", "O*NET", "own words"],
            "exposure": 0.5,
            "exposure_evidence": [0.5, 0.6, 0.9],
        }
    )
    assert "1 of 2 scores" in model_note(frame)
    assert model_note(frame.drop(index=1)) is None


def test_an_occupation_without_wording_is_explained_by_related_tasks(outlook):
    code, out, _ = outlook("tasks", "11-1021.00", "--explain", "--format", "csv")
    tasks = frame(out)
    assert code == 0
    assert tasks["why"].str.startswith("The wording of this task comes with a refresh.").all()
    assert tasks["why"].str.contains(r"\d+ of \d+ related tasks were rated E\d by people").any()
    assert tasks[["raised_by", "lowered_by", "exposure_wording"]].isna().all(axis=None)


def test_any_technician_has_an_answer(outlook):
    for query in ("31-9094.00", "17-3023.00", "Veterinary Technologists and Technicians"):
        code, out, _ = outlook("paths", query, "--format", "csv", "-n", "5")
        assert code == 0
        assert len(frame(out)) == 5


def test_charts_without_data_are_named_and_the_others_written(outlook, tmp_path):
    made = tmp_path / "made"
    code, out, err = outlook("export", "15-1299.00", "--format", "csv", "--out", str(made))
    assert code == 0
    names = sorted(path.name for path in made.iterdir())
    charts = {*occupation.CHARTS, *occupation.MOVE_CHARTS}
    lacking = ["task_plane", "task_exposure", "measures", "postings_by_month"]
    assert names == sorted(f"{name}_15-1299.00.csv" for name in charts - {*lacking})
    assert sorted(line.rsplit("/", 1)[1] for line in out.splitlines()) == names
    left_out = [line for line in err.splitlines() if "left out" in line]
    assert [line.split(" is left out")[0] for line in left_out] == [
        f"15-1299.00: {name}" for name in lacking
    ]
    # Nothing is known of its work either, so there is nothing to find ways on by.
    code, out, err = outlook("export", "17-3019.00", "--format", "csv", "--out", str(made))
    assert code == 0
    assert len(out.splitlines()) == 3  # wages by year, state and area
    assert err.count("left out") == len(charts) - 3


def test_career_paths_are_drawn_by_what_matters(outlook, tmp_path):
    asked = ("export", "29-2072", "--format", "csv", "--out", str(tmp_path), "--matters")
    code, out, _ = outlook(*asked, "automation", "--chart", "advancement_paths")
    assert code == 0
    assert (pd.read_csv(out.strip())["automation_change"] < 0).all()
    assert outlook(*asked, "automation", "--chart", "frontier")[0] == 2
    code, _, err = outlook(*asked, "fame", "--chart", "advancement_paths")
    assert code == 2
    assert "unknown priority 'fame'" in err


@pytest.mark.parametrize("code", ["15-1299.00", "55-3011.00"])
def test_an_export_of_nothing_is_an_error_and_writes_nothing(outlook, tmp_path, code):
    chart = "task_exposure" if code == "15-1299.00" else "all"
    made = tmp_path / "made"
    arguments = ["--chart", chart, "--format", "csv", "--out", str(made)]
    exit_code, out, err = outlook("export", code, *arguments)
    assert exit_code == 2
    assert out == ""
    assert code in err
    assert "no chart can be made" in err
    assert not made.exists()


def test_a_folder_that_does_not_exist_is_refused_not_made(outlook, tmp_path):
    (tmp_path / "in.csv").write_text("task\nFile charts\n")
    target = tmp_path / "typo" / "out.csv"
    for command in (["tasks", "29-2072"], ["similar", "29-2072"], ["score", f"{tmp_path}/in.csv"]):
        code, out, err = outlook(*command, "--out", str(target))
        assert code == 2
        assert out == ""
        assert "folder does not exist" in err
        assert str(target) in err
        assert not target.parent.exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["tasks", "29-2072.00", "--all"], "not both"),
        (["paths"], "--all"),
        (["similar"], "--all"),
        (["tasks", "99-9999.00"], "99-9999.00"),
        (["tasks", "Electronics Technician"], "17-3023.00"),
        (["tasks"], "--all"),
        (["tasks", "--all", "--explain"], "one occupation"),
        (["tasks", "--all", "--out", "tasks.xml"], "tasks.xml"),
        (["tasks", "99-9999.00", "--explain"], "99-9999.00"),
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

    monkeypatch.setattr("pipelines.answers.status.status", broken)
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
    assert {"GPT-4 against people", "limit set by label noise"} < set(unchecked["check"])
    assert unchecked["remark"].str.len().gt(10).all()
    labels = unchecked[unchecked["check"] == "GPT-4 against people"]
    assert labels["remark"].str.contains("refresh").all()
    anchors = rows[rows["check"].str.contains("OEWS|Projections|O.NET 18")]
    assert len(anchors) == 16
    assert (anchors["difference"] == 0).all()


def test_check_fails_where_a_figure_is_off(outlook, monkeypatch):
    monkeypatch.setattr("pipelines.answers.check._PUBLISHED_WORK_CONTEXT", {"4.C.3.b.4": 4.72})
    code, out, _ = outlook("check", "--format", "csv")
    assert code == 1
    assert frame(out)["result"].eq("fail").sum() == 1


def test_status_names_every_source_with_release_and_licence(outlook):
    code, out, _ = outlook("status", "--format", "csv")
    rows = frame(out)
    assert code == 0
    assert rows[["release", "date", "licence", "url"]].notna().all(axis=None)
    assert rows["url"].str.startswith("https://").all()
    assert {"onet_29_3", "oews_nat_2025", "ep_export"} <= set(rows["source"])
