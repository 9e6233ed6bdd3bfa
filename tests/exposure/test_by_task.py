"""What others saw or said of tasks stands beside the right task, and nothing is guessed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.answers.tasks import tasks_answer
from pipelines.exposure.published.by_task import COLUMNS, by_task, observed_use

TASKS = pd.DataFrame({
    "onet_soc_code": ["11-1011.00", "29-2072.00", "43-4071.00"], "task_id": [1, 2, 3],
    "task": ["File records. ", "Answer calls.", "file Records."],
}, index=[7, 5, 6])  # fmt: skip


def test_a_statement_is_known_whatever_its_case_and_others_are_left_out():
    use = pd.DataFrame({"task_text": ["file records."], "penetration": [0.25]})
    found = observed_use({"task_penetration": use, "tasks": TASKS})
    assert found.to_numpy().tolist() == [["11-1011.00", 1, 0.25], ["43-4071.00", 3, 0.25]]


def test_each_task_has_its_own_and_what_no_one_rated_is_missing():
    tables = {
        "observed_use": TASKS[["onet_soc_code", "task_id"]].iloc[:1].assign(observed_use=0.25),
        "worker_wishes": pd.DataFrame({"task_id": [2, 2, 9], "rating": [1.0, 4.0, 5.0]}),
        "expert_ratings": pd.DataFrame({"task_id": [2], "rating": [3.0]}),
    }
    found = by_task(tables, TASKS)
    assert list(found.index) == [7, 5, 6]
    np.testing.assert_array_equal(found["observed_use"], [0.25, np.nan, np.nan])
    assert found.loc[5, COLUMNS[1:]].tolist() == [2.5, 2, 3, 1]
    assert found.loc[[7, 6], COLUMNS[1:]].isna().all(axis=None)
    assert by_task({}, TASKS).isna().all(axis=None)


def test_a_command_says_what_the_columns_are_only_where_it_has_them(analysis):
    answer = tasks_answer(analysis.release, "29-2072.00")
    ratings = ["workers_wish", "n_workers", "experts_rating", "n_experts"]
    assert answer.frame[ratings].isna().all(axis=None)  # no license: the snapshot has none
    used = answer.frame["observed_use"].notna().any()
    assert ("used now" in answer.table) == used
    assert bool([note for note in answer.notes if "used now" in note]) == used
    assert not [note for note in answer.notes if "workers wish" in note]
