"""Automation or augmentation: the rule, and how it is held against people and observed use."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from pipelines.exposure.occupation.use import (
    _spearman,
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


def test_agreement_with_people_is_counted_by_figure_with_an_exact_interval():
    labels = _labels(["T0", "T1", "T3", "T4", "T2"], ["E0", "E1", "E1", "E2", "E1"])
    predicted = labels[["onet_soc_code", "task_id"]].assign(
        automation=["T2", "T2", "T4", "T4", "T3"],
        exposure_label=["E0", "E1", "E1", "E0", "E2"],
        human_label="E9",  # the people's own labels count, not a copy of theirs
        human_automation="T9",
    )
    found = agreement_with_people(predicted, labels).set_index("figure")
    assert found["n"].tolist() == [5] * 5
    shares = {"exact level": 0.2, "within one level": 0.8, "T3-T4 or not": 0.8, "same use": 0.6}
    assert found["value"][:4].to_dict() == pytest.approx(shares)
    # Exact 95 % interval of 1 in 5 and of 4 in 5 (Clopper and Pearson).
    assert found.loc["exact level", ["low", "high"]].tolist() == pytest.approx(
        [0.00505, 0.71642], abs=1e-5
    )
    assert found.loc["within one level", ["low", "high"]].tolist() == pytest.approx(
        [0.28358, 0.99495], abs=1e-5
    )
    human, ours = np.array([0, 1, 3, 4, 2]), np.array([2, 2, 4, 4, 3])
    chance = ((human[:, None] - ours[None, :]) ** 2).mean()
    kappa = found.loc["kappa, quadratic weights"]
    assert kappa["value"] == pytest.approx(1 - ((human - ours) ** 2).mean() / chance)
    assert np.isnan(kappa["low"])
    assert np.isnan(kappa["high"])


def test_gpt4_is_compared_by_its_own_levels_and_labels():
    labels = _labels(["T3", "T0"], "E1")
    theirs = labels[["onet_soc_code", "task_id"]].assign(
        gpt4_automation=["T3", "T4"], gpt4_label=["E1", "E0"], automation="T0", exposure_label="E0"
    )
    found = agreement_with_people(theirs, labels, "gpt4_automation").set_index("figure")
    assert found["value"][:4].tolist() == [0.5, 0.5, 0.5, 0.5]
    ours = agreement_with_people(theirs, labels).set_index("figure")
    assert ours["value"][:4].tolist() == [0.5, 0.5, 0.5, 0.0]
    without = agreement_with_people(theirs.drop(columns="gpt4_label"), labels, "gpt4_automation")
    assert "same use" not in set(without["figure"])
    unknown = theirs.assign(gpt4_automation=pd.Series(["T3", None], dtype="str"))
    assert set(agreement_with_people(unknown, labels, "gpt4_automation")["n"]) == {1}


def test_observed_use_compares_the_columns_that_it_names(world):
    scores, tables = world
    found = observed_use(scores, tables)
    assert found[["study", "ours", "theirs"]].to_numpy().tolist() == [
        ["economic_index", "exposure", "percent"],
        ["economic_index", "automation_level", "percent"],
        ["wwai_iwa", "exposure", "share_ai"],
        ["wwai_iwa", "automation_level", "share_ai"],
        ["wwai_iwa", "automation_level", "performed"],
        ["wwai_iwa", "automated_of_exposed", "performed"],
    ]
    assert found["n"].tolist() == [40, 40, 39, 39, 39, 39]
    percent = np.r_[np.zeros(20), np.full(20, 5.0)]
    assert found["spearman"][0] == pytest.approx(spearmanr(np.arange(40), percent)[0])
    assert found["spearman"][5] == pytest.approx(
        spearmanr(scores["automation_level"][1:] >= 2.5, np.arange(39))[0]
    )
    assert (found["low"] <= found["spearman"]).all()
    assert (found["spearman"] <= found["high"]).all()
    pd.testing.assert_frame_equal(found, observed_use(scores, tables))
    other = observed_use(scores, tables, seed=1)
    assert (other["low"][0], other["high"][0]) != (found["low"][0], found["high"][0])


@pytest.mark.parametrize("side", ["share_ai", "share_user"])
def test_an_activity_counts_from_the_bound_of_the_study_on_either_side(world, side):
    scores, tables = world
    few = tables["iwa_ai_metrics"].assign(share_ai=0.0001, share_user=0.0001)
    few.loc[:4, side] = 0.00051
    few.loc[5:9, side] = 0.0005
    found = observed_use(scores, {**tables, "iwa_ai_metrics": few}).set_index("theirs")
    assert set(found.loc[["share_ai", "performed"], "n"]) == {5}


def test_tasks_that_are_not_exposed_do_not_dilute_the_automated_share(world):
    scores, tables = world
    linked = tables["dwas"].assign(iwa_id=[f"i{i // 4}" for i in range(40)])
    seen = tables["iwa_ai_metrics"][:10].assign(share_ai=np.linspace(0.1, 1, 10), share_user=0.1)
    # In each activity three tasks of four are not exposed; the fourth is automation in the last 5.
    use = np.where(np.arange(40) % 4 > 0, "not exposed", "augmentation")
    use[np.arange(20, 40, 4)] = "automation"
    scores = scores.assign(use=use)
    tables = {**tables, "dwas": linked, "iwa_ai_metrics": seen}
    row = observed_use(scores, tables).iloc[5]
    assert row["n"] == 10
    expected = spearmanr(np.arange(10) >= 5, np.arange(10))[0]
    assert row["spearman"] == pytest.approx(expected)
    none = scores.assign(use="not exposed")
    assert observed_use(none, tables).iloc[5]["n"] == 0


def test_a_ninety_percent_bootstrap_interval_has_its_width():
    rng = np.random.default_rng(3)
    pair = pd.DataFrame(rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 300))
    n, value, low, high = _spearman(pair, np.random.default_rng(0))
    assert n == 300
    assert value == pytest.approx(spearmanr(pair)[0])
    # Bonett and Wright's standard error of Fisher's z.
    error = np.sqrt((1 + value**2 / 2) / (n - 3))
    expected = np.tanh(np.arctanh(value) + np.array([-1.645, 1.645]) * error)
    assert high - low == pytest.approx(np.ptp(expected), rel=0.12)
    missing = pair.where(pair.index.to_series() < 3)
    assert _spearman(missing, np.random.default_rng(0))[0] == 3
    assert np.isfinite(_spearman(missing, np.random.default_rng(0))[1])
    two = pair.where(pair.index.to_series() < 2)
    assert _spearman(two, rng)[0] == 2
    assert np.isnan(_spearman(two, rng)[1:]).all()


def test_a_statement_that_occupations_share_counts_once(world):
    scores, tables = world
    twin = scores[scores["task_id"] == 30].assign(onet_soc_code="11-1011.00")
    text = tables["tasks"][tables["tasks"]["task_id"] == 30].assign(
        onet_soc_code="11-1011.00", task=" SORT pile 30."
    )
    tables = {**tables, "tasks": pd.concat([tables["tasks"], text])}
    found = usage_by_use(pd.concat([scores, twin]), tables).set_index("use")
    assert found["percent"].sum() == pytest.approx(100)
    assert found["n_statements"].sum() == 40
    assert list(found.index) == ["automation", "augmentation", "not exposed"]
    assert np.isnan(found.loc["not exposed", "share_seen"])
    assert found.loc["not exposed", "percent"] == 0
    seen = scores.loc[scores["use"] == "augmentation", "task_id"].ge(20).mean()
    assert found.loc["augmentation", "share_seen"] == pytest.approx(seen)
