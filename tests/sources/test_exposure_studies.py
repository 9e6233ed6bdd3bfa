"""Exposure studies: counts and published figures of the real files."""

from __future__ import annotations

import pytest

from pipelines.base.errors import ShapeChanged
from pipelines.sources.catalog import dataset_of
from pipelines.sources.read import exposure_studies


def load(sources, name):
    dataset = dataset_of(name)
    (frame,) = dataset.load()(sources / dataset.mirror_path, dataset).values()
    return frame


def test_labels_meet_the_published_agreement(sources):
    labels = load(sources, "gpts_labels")
    assert (len(labels), labels["onet_soc_code"].nunique()) == (13901, 739)
    human, gpt4 = labels["human_label"], labels["gpt4_label"]
    assert round((human == gpt4).mean() * 100, 2) == 64.81
    assert round(((human == "E1") == (gpt4 == "E1")).mean() * 100, 2) == 80.19
    assert round(((human == "E0") == (gpt4 == "E0")).mean() * 100, 2) == 81.71
    beta = {"E0": 0.0, "E1": 1.0, "E2": 0.5}
    assert round(human.map(beta).corr(gpt4.map(beta)), 4) == 0.5879
    assert round(human.map(beta).mean(), 4) == 0.3146


def test_few_automation_levels_are_by_people(sources):
    assert load(sources, "gpts_automation")["human_automation"].notna().sum() == 80


def test_counts_of_working_with_ai(sources):
    assert len(load(sources, "wwai_scores")) == 785
    assert len(load(sources, "wwai_iwa")) == 332
    weights = load(sources, "wwai_weights")
    assert weights["soc_code"].nunique() == 785
    assert (weights["weight"] > 0).all()


def test_both_aioe_versions_cover_the_same_occupations(sources):
    first, second = load(sources, "aioe"), load(sources, "aioe_lm")
    assert len(first) == len(second) == 774
    assert set(first["soc_2010_code"]) == set(second["soc_2010_code"])
    assert abs(first["aioe"].mean()) < 0.01  # standardized


def test_conversations_sum_to_a_hundred_percent(sources):
    index = load(sources, "economic_index")
    assert len(index) == 3514
    assert index["percent"].sum() == pytest.approx(100)


def test_observed_exposure_is_that_of_the_sources_readme(sources):
    frame = load(sources, "observed_exposure").set_index("soc_code")["observed_exposure"]
    assert len(frame) == 756
    assert frame[["29-2072", "29-9021"]].tolist() == [0.6674, 0.3063]
    assert frame.rank(ascending=False)["29-2072"] == 4


def test_every_rating_of_an_expert_is_kept(sources):
    frame = load(sources, "workbank_experts")
    assert len(frame) == 986
    assert frame["task_id"].nunique() == 408
    assert frame["rating"].between(1, 5).all()
    assert frame["number"].is_unique


def test_every_wish_of_a_worker_is_kept(sources):
    frame = load(sources, "workbank_workers")
    assert (len(frame), frame["task_id"].nunique()) == (2674, 406)
    assert frame["rating"].between(1, 5).all()


def test_use_of_a_task_is_that_of_the_sources_readme(sources):
    frame = load(sources, "task_penetration")
    assert frame["task_text"].is_unique
    # 17,992 in the file's own case: one of them differs from another in a capital letter only.
    assert len(frame) == 17_991
    assert frame["penetration"].between(0, 1).all()


def test_a_statement_with_two_values_is_refused(tmp_path):
    dataset = dataset_of("task_penetration")
    path = tmp_path / "use.csv"
    path.write_text("task,penetration\nFile records.,0.5\nfile records.,0.5\n")
    found = exposure_studies.load_task_penetration(path, dataset)["task_penetration"]
    assert found.to_numpy().tolist() == [["file records.", 0.5]]
    path.write_text("task,penetration\nFile records.,0.5\nFile records.,0.25\n")
    with pytest.raises(ShapeChanged, match="1 statements have several values"):
        exposure_studies.load_task_penetration(path, dataset)


def test_telework_is_yes_or_no(sources):
    telework = load(sources, "telework")
    assert len(telework) == 968
    assert telework["teleworkable"].between(0, 1).all()


HEADER = [
    "O*NET-SOC Code",
    "Task ID",
    "Task",
    "Task Type",
    "Title",
    "human_exposure_agg",
    "human_labels",
    "gpt4_exposure",
    "gpt4_exposure_alt_rubric",
    "gpt4_automation",
]


def labels(path, *rows):
    path.write_text("\n".join("\t".join(row) for row in (HEADER, *rows)) + "\n")
    return exposure_studies.load_gpts_labels(path, dataset_of("gpts_labels"))


def row(first="E1", second="E1", task_id="7.0"):
    return ["11-1011.00", task_id, "Made up", "", "Chief", first, second, "E2", "E2", "T1"]


def test_labels_with_ids_written_as_decimals(tmp_path):
    frame = labels(tmp_path / "a.tsv", row())["exposure_labels"]
    assert frame["task_id"].tolist() == [7]
    assert frame["task_type"].isna().all()


def test_two_human_labels_that_differ_are_refused(tmp_path):
    with pytest.raises(ShapeChanged, match="human_labels differ in 1 rows"):
        labels(tmp_path / "a.tsv", row(), row("E0", "E2"))


def test_a_task_id_that_is_no_number_is_named(tmp_path):
    with pytest.raises(ShapeChanged, match="Task ID.*2 = 'seven'"):
        labels(tmp_path / "a.tsv", row(), row(task_id="seven"))


def test_weights_without_activities_are_refused(tmp_path):
    path = tmp_path / "w.csv"
    path.write_text("SOC Code,a\n11-1011,1\n")
    with pytest.raises(ShapeChanged, match="intermediate work activities"):
        exposure_studies.load_wwai_weights(path, dataset_of("wwai_weights"))
