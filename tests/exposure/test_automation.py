"""The automation score: its arithmetic, its interval, and how it is held against experts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipelines.answers import check
from pipelines.exposure.scorer import automation
from pipelines.exposure.scorer.model import load_scorer
from pipelines.exposure.scorer.score import score_statements
from pipelines.exposure.validation import baselines, experts
from pipelines.exposure.validation.evaluate import stored
from pipelines.exposure.validation.held_out import automation_figures

CODES = pd.Series(["11-1011.00", "11-1011.00", "29-2072.00"])


def test_a_task_is_half_its_own_level_and_half_its_occupation_s():
    found = automation.automation_columns(np.array([1.0, 3.0, 4.0]), CODES)
    assert found["automation_score"].tolist() == [0.375, 0.625, 1.0]
    width = automation.half_widths()["task"]
    assert found["automation_low"].tolist() == pytest.approx(
        [0.375 - width, 0.625 - width, 1 - width]
    )
    assert found["automation_high"].tolist() == pytest.approx(
        [min(0.375 + width, 1), min(0.625 + width, 1), 1.0]
    )


def test_a_statement_alone_is_its_own_level():
    found = automation.automation_columns(np.array([1.0, 4.0]))
    assert found["automation_score"].tolist() == [0.25, 1.0]
    assert found["automation_low"].iloc[0] == max(0.25 - automation.half_widths()["text"], 0)


def test_what_cannot_be_read_may_be_anything():
    found = score_statements(["xqzv", "Type letters and file records."], load_scorer())
    assert found.loc[0, ["automation_low", "automation_high"]].tolist() == [0.0, 1.0]
    assert found.loc[1, "automation_high"] - found.loc[1, "automation_low"] < 1
    assert found["automation_score"].between(0, 1).all()


def test_the_half_widths_in_use_are_those_that_were_measured():
    measured = stored()["U"]["automation"]
    assert automation.half_widths() == {
        name: measured[name] for name in ("occupation", "task", "text")
    }


def test_held_out_levels_give_the_widths():
    held = pd.DataFrame({
        "onet_soc_code": ["11-1011.00"] * 20, "gpt4_automation": ["T2"] * 19 + [None],
        "automation_level": [2.4] * 20, "automation_score": [0.6] * 20,
    })  # fmt: skip
    found = automation_figures(held)
    assert found["n_tasks"] == 19
    assert found["text"] == pytest.approx(0.1)
    assert found["task"] == pytest.approx(0.1)
    assert found["occupation"] == pytest.approx(0.1)
    none = automation_figures(held.assign(gpt4_automation=None).astype({"gpt4_automation": "str"}))
    assert np.isnan([none[name] for name in ("text", "task", "occupation")]).all()


# ---------------------------------------------------------------- experts


def _tables(n: int = 40, noise: float = 0.1) -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(3)
    truth = np.linspace(0.1, 0.9, n)
    codes = [f"{11 + i % 7}-1011.00" for i in range(n)]
    ratings = pd.DataFrame({
        "task_id": np.repeat(range(n), 2), "number": range(2 * n), "occupation": "x",
        "rating": np.repeat(1 + 4 * truth, 2) + np.tile([-0.2, 0.2], n),
    })  # fmt: skip
    scores = pd.DataFrame({
        "onet_soc_code": codes, "task_id": range(n), "exposure": rng.random(n),
        "automation_level": 4 * truth, "automation_score": truth + noise * rng.normal(size=n),
    })  # fmt: skip
    labels = pd.DataFrame({
        "onet_soc_code": codes, "task_id": range(n), "human_label": ["E0", "E1"] * (n // 2),
        "gpt4_automation": [None, "T2", "T3", "T1"] * (n // 4),
    })  # fmt: skip
    return {"expert_ratings": ratings, "task_scores": scores, "exposure_labels": labels}


def test_agreement_with_experts_is_that_of_plain_pandas():
    tables = _tables()
    found = experts.against_experts(tables).set_index("score")
    mean = tables["expert_ratings"].groupby("task_id")["rating"].mean()
    scores = tables["task_scores"].set_index("task_id")
    assert found.loc["automation_score", "pearson"] == pytest.approx(
        np.corrcoef(scores["automation_score"], mean)[0, 1]
    )
    assert found.loc["own_level", "pearson"] == pytest.approx(1)
    assert found.loc["own_level", "mean_absolute_error"] == pytest.approx(0)
    assert found.loc["gpt4_level", "n_tasks"] == 30
    assert np.isnan(found.loc["exposure", "mean_absolute_error"])
    own = found.loc["automation_score"]
    assert own["low"] < own["pearson"] < own["high"]


def test_two_who_agree_leave_all_to_be_explained_and_two_strangers_nothing():
    ratings = pd.DataFrame({"task_id": np.repeat(range(30), 2)})
    rng = np.random.default_rng(0)
    alike = ratings.assign(rating=np.repeat(rng.integers(1, 6, 30), 2).astype(float))
    strange = ratings.assign(rating=rng.integers(1, 6, 60).astype(float))
    assert experts.ceiling(alike) == pytest.approx(1)
    assert experts.ceiling(strange) < 0.6
    # Two raters that agree by r have a mean of reliability 2r / (1 + r).
    one = ratings.assign(rating=np.repeat(rng.normal(size=30), 2) + rng.normal(size=60))
    wide = one["rating"].to_numpy().reshape(-1, 2)
    between, within = 2 * wide.mean(1).var(ddof=1), wide.var(axis=1, ddof=1).mean()
    assert experts.ceiling(one) == pytest.approx(np.sqrt(1 - within / between))
    assert np.isnan(experts.ceiling(one.drop_duplicates("task_id")))


class _Data:
    def __init__(self, tables):
        self.tables = tables

    def has(self, name):
        return name in self.tables

    def table(self, name):
        return self.tables[name]


def test_the_check_fails_where_experts_disagree_and_says_so_where_there_are_none():
    columns = check.CHECK_COLUMNS
    good = pd.DataFrame(check._experts(_Data(_tables())), columns=columns).set_index("figure")
    assert good.loc["automation score", "result"] == "pass"
    assert set(good["result"]) == {"pass", "reported"}
    poor = pd.DataFrame(check._experts(_Data(_tables(noise=5.0))), columns=columns)
    assert poor["result"].iloc[0] == "fail"
    none = pd.DataFrame(check._experts(_Data({})), columns=columns)
    assert none["result"].tolist() == ["not checked"]


def test_against_the_ratings_of_the_full_sources(full_release):
    from pipelines.releases.current import open_data

    where, _ = full_release
    data = open_data(where)
    found = pd.DataFrame(check._experts(data), columns=check.CHECK_COLUMNS).set_index("figure")
    assert found.loc["automation score", "result"] == "pass"
    assert found.loc["automation score", "ours"] > found.loc["exposure", "ours"] + 0.2
    ratings = data.table("expert_ratings")
    assert (len(ratings), ratings["task_id"].nunique()) == (986, 408)


# ---------------------------------------------------------------- baselines


def test_the_majority_of_activities_is_counted_label_by_label():
    labels = pd.DataFrame({
        "onet_soc_code": ["a", "a", "b"], "task_id": [1, 2, 3],
        "human_label": ["E1", "E1", "E2"],
    })  # fmt: skip
    links = pd.DataFrame({
        "onet_soc_code": ["a", "a", "b", "c", "c", "c"], "task_id": [1, 2, 3, 4, 4, 5],
        "dwa_id": ["x", "y", "y", "x", "y", "z"],
    })  # fmt: skip
    asked = pd.DataFrame({"onet_soc_code": ["c", "c", "c"], "task_id": [4, 5, 6]})
    found = baselines.by_activities(labels, asked, links)
    assert found[0].tolist() == pytest.approx([0, 2 / 3, 1 / 3])
    assert np.isnan(found[1:]).all()


def test_words_give_chances_of_the_classes_there_are():
    labels = pd.DataFrame({
        "task": ["type letters", "type reports", "lift boxes", "lift crates"] * 3,
        "human_label": ["E1", "E1", "E0", "E0"] * 3,
    })  # fmt: skip
    found = baselines.by_words(labels, pd.Series(["type memos", "lift pallets"]))
    assert found[:, 2].tolist() == [0, 0]
    assert found[0, 1] > 0.5
    assert found[1, 0] > 0.5
