"""An occupation's scores by who judged its tasks: the same tasks, the same weights, no guess."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipelines.answers.measures import judges_answer
from pipelines.base.errors import UsageError
from pipelines.exposure.occupation import judges

#: Six tasks of one occupation, two of another.
TASKS = pd.DataFrame({
    "onet_soc_code": ["11-1011.00"] * 6 + ["29-2072.00"] * 2,
    "weight": [1.0, 3, 1, 1, 1, 1, 2, 2], "exposure": [0.4, 0.8, 0, 0, 0, 0, 0.5, 0.7],
    "automation_score": [0.2, 0.6, 0, 0, 0, 0, 0.5, 0.3],
    "human_label": ["E1", "E2", None, None, None, None, "E0", "E0"],
    "gpt4_label": ["E0"] * 6 + ["E1"] * 2, "gpt4_automation": ["T4", "T0"] + [None] * 6,
    "experts_rating": [5.0, np.nan, 2.0] + [np.nan] * 5,
    "observed_use": [0.0, 0.5, 0, 0, 0, 0, np.nan, np.nan],
})  # fmt: skip
OWN = pd.Series({"n_tasks": 6})


def rows_of(code):
    found = judges.judged(TASKS)
    return found[found["onet_soc_code"] == code]


def test_each_source_is_a_mean_over_the_tasks_it_judged_and_ours_is_over_the_same():
    found = judges.judges_of(rows_of("11-1011.00"), OWN)
    table = found.set_index(found["source"].str.split(" \\(").str[0])
    assert table.loc["labels by people", "value"] == pytest.approx((1 * 1 + 3 * 0.5) / 4)
    assert table.loc["labels by people", "ours"] == pytest.approx((0.4 + 3 * 0.8) / 4)
    assert table.loc["labels by people", "n_tasks"] == 2
    assert table.loc["levels by GPT-4", "value"] == pytest.approx(1 / 4)
    assert table.loc["levels by GPT-4", "ours"] == pytest.approx((0.2 + 3 * 0.6) / 4)
    assert table.loc["ratings by experts", "value"] == pytest.approx((1 + 0.25) / 2)
    assert table.loc["observed use", "value"] == pytest.approx(3 * 0.5 / 8)
    assert np.isnan(table.loc["observed use", "ours"])
    assert (found["tasks"] == 6).all()


def test_a_percentile_needs_tasks_enough_and_what_no_one_judged_is_said():
    found = judges.judges_of(rows_of("29-2072.00"), pd.Series({"n_tasks": 2}))
    assert found["percentile"].isna().all()
    assert found["value"].tolist()[:2] == [0, 1]
    assert found.loc[0, "remark"] == "fewer than 5 tasks: no percentile"
    assert found.loc[2:, "value"].isna().all()
    assert set(found.loc[2:, "remark"]) == {"judged none of its tasks in these data"}
    enough = TASKS.drop(index=0)  # five of the first occupation
    more = enough[enough["onet_soc_code"] == "11-1011.00"].assign(onet_soc_code="43-4071.00")
    both = judges.judged(pd.concat([enough, more.assign(gpt4_label="E2")]))
    places = both[both["judge"] == "gpt4"].set_index("onet_soc_code")["percentile"]
    assert places["43-4071.00"] == 100
    assert places["11-1011.00"] == 0
    assert np.isnan(places["29-2072.00"])


def test_agreement_is_over_occupations_with_tasks_enough():
    rng = np.random.default_rng(1)
    rows = pd.DataFrame({
        "judge": "people", "onet_soc_code": [f"{i}" for i in range(20)], "n_tasks": [5] * 19 + [4],
        "value": np.linspace(0, 1, 20), "ours": rng.permutation(np.linspace(0, 1, 20)),
    })  # fmt: skip
    use = rows.assign(judge="use", ours=np.nan)
    found = judges.agreement(pd.concat([rows, use])).set_index("judge")
    kept = rows.iloc[:19]
    assert found.loc["people", "n"] == found.loc["use", "n"] == 19
    assert found.loc["people", "spearman"] == pytest.approx(
        kept["value"].rank().corr(kept["ours"].rank())
    )
    assert found.loc["people", "mean_absolute_difference"] == pytest.approx(
        (kept["value"] - kept["ours"]).abs().mean()
    )
    fifth = kept[["value", "ours"]].rank(method="first").sub(1).mul(5) // 19
    assert found.loc["people", "share_other_fifth"] == pytest.approx(
        (fifth["value"] != fifth["ours"]).mean()
    )
    assert np.isnan(found.loc["use", "spearman"])


def test_the_command_agrees_with_plain_pandas_and_refuses_what_has_no_tasks(analysis):
    answer = judges_answer(analysis, "29-2072.00")
    assert list(answer.frame.columns) == judges.COLUMNS
    tasks = analysis.tasks_of("29-2072.00").dropna(subset=["human_label"])
    beta = tasks["human_label"].map({"E0": 0.0, "E1": 1.0, "E2": 0.5})
    row = answer.frame.iloc[0]
    assert row["value"] == pytest.approx(np.average(beta, weights=tasks["weight"]))
    assert row["ours"] == pytest.approx(np.average(tasks["exposure"], weights=tasks["weight"]))
    experts = answer.frame.set_index("source").filter(like="experts", axis=0).iloc[0]
    assert experts["n_tasks"] == 0  # no license: the snapshot has none
    assert experts["remark"] == "judged none of its tasks in these data"
    with pytest.raises(UsageError, match="no tasks"):
        judges_answer(analysis, "15-1299.00")
