"""Automation or augmentation: the rule, and how it is held against people and observed use."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipelines.exposure.occupation.use import (
    agreement_with_people,
    observed_use,
    task_use,
    usage_by_use,
)

CODE = "29-2072.00"


def test_the_rule_takes_exposure_first_and_then_the_level():
    exposure = pd.Series(["E0", "E1", "E2", "E1", None, "E2"], dtype="str")
    level = pd.Series(["T4", "T3", "T4", "T2", "T3", None], dtype="str")
    found = task_use(exposure, level)
    assert found[:4].tolist() == ["not exposed", "automation", "automation", "augmentation"]
    assert found[4:].isna().all()


def _labels(human_level, human_label="E1"):
    return pd.DataFrame(
        {
            "onet_soc_code": CODE,
            "task_id": range(len(human_level)),
            "human_label": human_label,
            "human_automation": pd.Series(human_level, dtype="str"),
        }
    )


def test_few_labels_by_people_give_a_wide_interval():
    labels = _labels(["T0", "T2", "T3", "T4", None])
    predicted = labels[["onet_soc_code", "task_id"]].assign(
        automation=["T0", "T3", "T3", "T2", "T0"], exposure_label="E1"
    )
    found = agreement_with_people(predicted, labels).set_index("figure")
    assert (found["n"] == 4).all()
    assert found.loc["exact level", "value"] == 0.5
    assert found.loc["within one level", "value"] == 0.75
    assert found.loc["same use", "value"] == 0.5
    exact = found.loc["exact level"]
    assert exact["low"] < 0.1
    assert exact["high"] > 0.9


def test_without_labels_by_people_nothing_is_claimed():
    labels = _labels([None, None])
    predicted = labels[["onet_soc_code", "task_id"]].assign(automation="T1")
    assert agreement_with_people(predicted, labels).empty


@pytest.fixture
def world():
    """Forty activities of one task each; the software does those of the higher levels."""
    n = 40
    level = np.linspace(0, 4, n)
    scores = pd.DataFrame(
        {
            "onet_soc_code": CODE,
            "task_id": range(n),
            "exposure": level / 4,
            "automation_level": level,
            "use": np.where(level >= 2.5, "automation", "augmentation"),
        }
    )
    tables = {
        "tasks": scores[["onet_soc_code", "task_id"]].assign(
            task=[f"Sort pile {i}." for i in range(n)]
        ),
        "economic_index": pd.DataFrame(
            {"task_text": [f"sort pile {i}. " for i in range(20, n)], "percent": 5.0}
        ),
        "task_dwas": scores[["onet_soc_code", "task_id"]].assign(
            dwa_id=[f"d{i}" for i in range(n)]
        ),
        "dwas": pd.DataFrame(
            {"dwa_id": [f"d{i}" for i in range(n)], "iwa_id": [f"i{i}" for i in range(n)]}
        ),
        "iwa_ai_metrics": pd.DataFrame(
            {
                "iwa_id": [f"i{i}" for i in range(n)],
                "share_ai": np.where(level > 0.05, level / 100, 0.0001),
                "share_user": 0.0002,
            }
        ),
    }
    return scores, tables


def test_use_that_follows_the_level_is_seen(world):
    found = observed_use(*world).set_index(["ours", "theirs"])
    performed = found.loc[("automation_level", "performed")]
    assert performed["spearman"] > 0.9
    assert performed["low"] > 0.8
    assert performed["n"] == 39  # the activity that nobody was seen to do is left out
    assert found.loc[("automation_level", "percent"), "spearman"] > 0.5


def test_conversations_are_counted_by_use_whatever_the_spelling_of_the_index(world):
    found = usage_by_use(*world).set_index("use")
    assert found["percent"].sum() == pytest.approx(100)
    assert found.loc["automation", "share_seen"] == 1
    assert found.loc["augmentation", "n_statements"] == (world[0]["use"] == "augmentation").sum()
    assert found.loc["not exposed", "n_statements"] == 0
