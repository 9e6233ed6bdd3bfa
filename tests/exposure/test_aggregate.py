"""Weights of tasks, exposure of occupations, published measures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.exposure.occupation.aggregate import occupation_exposure, quintiles
from pipelines.exposure.occupation.intervals import exposure_draws
from pipelines.exposure.occupation.weights import WEIGHT_RULES, rule_weights, task_weights
from pipelines.exposure.published.measures import label_means, published_measures

CODE = "29-2072.00"


def _tasks(types, code=CODE):
    return pd.DataFrame(
        {
            "onet_soc_code": code,
            "task_id": range(1, len(types) + 1),
            "task_type": pd.Series(types, dtype="str"),
        }
    )


def _ratings(rows, suppress=False):
    frame = pd.DataFrame(rows, columns=["task_id", "scale_id", "category", "value"])
    frame = frame.astype({"task_id": "int64", "scale_id": "str", "value": float})
    return frame.assign(
        onet_soc_code=pd.Series(CODE, index=frame.index, dtype="str"), recommend_suppress=suppress
    )


NONE = _ratings([]).astype({"recommend_suppress": bool})


def _weights(tasks, ratings):
    frame = task_weights(tasks, ratings)
    return frame["weight"].tolist(), frame["weight_rule"].unique().tolist()


def test_rated_tasks_are_weighted_by_all_three_scales():
    full = _ratings(
        [
            (1, "IM", 0, 4.0),
            (1, "RL", 0, 50.0),
            (1, "FT", 3, 50.0),
            (1, "FT", 5, 50.0),
            (2, "IM", 0, 2.0),
            (2, "RL", 0, 100.0),
            (2, "FT", 1, 100.0),
        ]
    )
    weights, rule = _weights(_tasks(["Core", "Core"]), full)
    assert weights == pytest.approx([4 * 0.5 * 4, 2])
    assert rule == ["importance x relevance x frequency"]


def test_without_frequency_the_rule_says_so_and_an_unrated_task_takes_the_smallest():
    two = _ratings([(1, "IM", 0, 4.0), (1, "RL", 0, 50.0), (2, "IM", 0, 3.0), (2, "RL", 0, 100.0)])
    weights, rule = _weights(_tasks(["Core", "Core", None]), two)
    assert weights == pytest.approx([2, 3, 2])
    assert rule == ["importance x relevance"]


def test_suppressed_ratings_fall_back_to_task_type_then_to_equal():
    two = _ratings([(1, "IM", 0, 4.0), (1, "RL", 0, 50.0)], suppress=True)
    assert _weights(_tasks(["Core", "Supplemental"]), two) == ([2, 1], ["Core 2, Supplemental 1"])
    assert _weights(_tasks([None, None]), NONE) == ([1, 1], ["equal"])


def test_every_rule_that_the_ratings_allow_is_given_and_the_default_is_the_first():
    two = _ratings([(1, "IM", 0, 4.0), (1, "RL", 0, 50.0)])
    tasks = pd.concat([_tasks(["Core", "Supplemental"]), _tasks([None], code="11-1011.00")])
    every = rule_weights(tasks, two)
    rules = every.groupby("onet_soc_code")["weight_rule"].unique().map(list)
    assert rules[CODE] == list(WEIGHT_RULES[1:])
    assert rules["11-1011.00"] == ["equal"]
    chosen = task_weights(tasks, two)
    assert chosen[["onet_soc_code", "task_id"]].to_numpy().tolist() == [
        [CODE, 1],
        [CODE, 2],
        ["11-1011.00", 1],
    ]
    assert chosen["weight_rule"].tolist() == [WEIGHT_RULES[1], WEIGHT_RULES[1], "equal"]


def _scores(p, code=CODE):
    p = np.asarray(p, float)
    return pd.DataFrame(
        {
            "onet_soc_code": pd.Series(code, index=range(len(p)), dtype="str"),
            "task_id": range(1, len(p) + 1),
            "p_e0": p[:, 0],
            "p_e1": p[:, 1],
            "p_e2": p[:, 2],
            "exposure": p[:, 1] + p[:, 2] / 2,
        }
    )


def test_occupation_exposure_is_the_weighted_mean():
    scores = _scores([[0, 1, 0], [1, 0, 0], [0, 0, 1]])
    weights = task_weights(_tasks(["Core", "Supplemental", "Supplemental"]), NONE)
    row = occupation_exposure(scores, weights).iloc[0]
    assert (row["alpha"], row["exposure"], row["zeta"]) == pytest.approx((0.5, 0.625, 0.75))
    assert row["share_above_half"] == pytest.approx(0.5)
    assert row["exposure_low"] < row["exposure"] < row["exposure_high"]
    again = occupation_exposure(scores, weights).iloc[0]
    assert again["exposure_low"] == row["exposure_low"]


@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.sampled_from(["Core", "Supplemental"])),
        min_size=1,
        max_size=20,
    )
)
def test_the_mean_stays_within_its_tasks_and_the_interval_within_the_scale(rows):
    scores = _scores([[1 - b, b, 0] for b, _ in rows])
    weights = task_weights(_tasks([t for _, t in rows]), NONE)
    row = occupation_exposure(scores, weights).iloc[0]
    values = scores["exposure"]
    assert values.min() - 1e-6 <= row["exposure"] <= values.max() + 1e-6
    assert 0 <= row["exposure_low"] <= row["exposure"] <= row["exposure_high"] <= 1


def test_automation_and_use_are_weighted_and_counted():
    scores = _scores([[0, 1, 0], [1, 0, 0], [0, 0, 1]]).assign(
        automation_level=[3.0, 0.0, 1.5], use=["automation", "not exposed", "augmentation"]
    )
    weights = task_weights(_tasks(["Core", "Supplemental", "Supplemental"]), NONE)
    row = occupation_exposure(scores, weights).iloc[0]
    assert row["automation"] == pytest.approx((2 * 3 + 0 + 1.5) / 4)
    assert row["share_automation"] == pytest.approx(0.5)
    assert row["share_augmentation"] == pytest.approx(0.25)
    assert (row["n_automation"], row["n_augmentation"], row["n_tasks"]) == (1, 1, 3)


def test_scores_without_level_and_use_leave_those_figures_missing_not_zero():
    row = occupation_exposure(_scores([[0, 1, 0]]), task_weights(_tasks(["Core"]), NONE)).iloc[0]
    unknown = ["automation", "share_automation", "share_augmentation", "n_automation"]
    assert row[unknown].isna().all()
    assert row["exposure"] == 1


def test_quintiles_are_fifths_and_stable_where_occupations_stand_far_apart():
    codes = [f"11-{1000 + i}.00" for i in range(10)]
    sure = [np.eye(3)[[0] * (19 - 2 * i) + [1] * (2 * i + 1)] for i in range(10)]
    scores = pd.concat([_scores(p, code) for p, code in zip(sure, codes, strict=True)])
    weights = scores[["onet_soc_code", "task_id"]].assign(weight=1.0, weight_rule="equal")
    far = occupation_exposure(scores, weights)
    assert far["quintile"].tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    vague = pd.concat(
        [_scores(0.9 * p + 0.1 / 3, code) for p, code in zip(sure, codes, strict=True)]
    )
    near = occupation_exposure(vague, weights)
    assert (near["quintile"] == far["quintile"]).all()
    assert far["quintile_stability"].mean() > near["quintile_stability"].mean() + 0.05
    assert near["quintile_stability"].between(0, 1).all()


def test_quintiles_split_ties_and_odd_numbers_evenly():
    assert quintiles(np.zeros((1, 7)))[0].tolist() == [1, 1, 2, 3, 3, 4, 5]
    assert quintiles(np.array([[0.3, 0.1, 0.2]]))[0].tolist() == [4, 1, 2]


def _rated(n, of, scales=("IM", "RL", "FT")):
    """`of` Core tasks, the first `n` rated on these scales."""
    one = {"IM": (0, 4.0), "RL": (0, 50.0), "FT": (3, 100.0)}
    rows = [(i, scale, *one[scale]) for i in range(1, n + 1) for scale in scales]
    return _weights(_tasks(["Core"] * of), _ratings(rows))


def test_a_rule_is_open_where_half_of_the_tasks_have_its_ratings():
    assert _rated(2, 4)[1] == [WEIGHT_RULES[0]]
    assert _rated(1, 3)[1] == [WEIGHT_RULES[2]]
    assert _rated(2, 4, ("IM", "RL"))[1] == [WEIGHT_RULES[1]]
    assert _rated(1, 3, ("IM", "RL"))[1] == [WEIGHT_RULES[2]]
    assert _rated(4, 4, ("IM", "FT"))[1] == [WEIGHT_RULES[2]]


def test_an_unrated_task_takes_the_smallest_weight_of_its_own_occupation():
    mine = _ratings(
        [(1, "IM", 0, 4.0), (1, "RL", 0, 50.0), (1, "FT", 3, 100.0), (2, "IM", 0, 2.0),
         (2, "RL", 0, 50.0), (2, "FT", 2, 100.0)]
    )  # fmt: skip
    low = mine.assign(onet_soc_code="11-1011.00", value=mine["value"] / 2)
    tasks = pd.concat([_tasks(["Core"] * 3), _tasks(["Core"] * 3, code="11-1011.00")])
    found = task_weights(tasks, pd.concat([mine, low]))
    assert found["weight"].tolist() == pytest.approx([6, 2, 2, 1.5, 0.5, 0.5])


def test_a_rating_of_nothing_is_no_weight():
    nothing = _ratings(
        [(1, "IM", 0, 4.0), (1, "RL", 0, 0.0), (2, "IM", 0, 3.0), (2, "RL", 0, 50.0)]
    )
    assert _weights(_tasks(["Core", "Core"]), nothing) == ([1.5, 1.5], [WEIGHT_RULES[1]])
    never = _ratings(
        [(i, s, c, v) for i in (1, 2) for s, c, v in
         (("IM", 0, 4.0), ("RL", 0, 50.0), ("FT", 3, 0.0))]
    )  # fmt: skip
    assert _weights(_tasks(["Core", "Core"]), never) == ([2, 2], [WEIGHT_RULES[1]])


def test_a_task_of_no_type_counts_as_supplemental():
    assert _weights(_tasks(["Core", None]), NONE) == ([2, 1], [WEIGHT_RULES[2]])


def test_only_the_suppressed_rating_is_left_out():
    kept = _ratings([(1, "IM", 0, 4.0), (1, "RL", 0, 50.0)])
    gone = _ratings([(2, "IM", 0, 5.0), (2, "RL", 0, 100.0)], suppress=True)
    weights, rule = _weights(_tasks(["Core", "Core"]), pd.concat([gone, kept]))
    assert (weights, rule) == ([2, 2], [WEIGHT_RULES[1]])


def test_each_rule_in_its_order_with_its_own_weights():
    full = _ratings([(1, "IM", 0, 4.0), (1, "RL", 0, 50.0), (1, "FT", 3, 100.0)])
    every = rule_weights(_tasks(["Core"]), full)
    assert every["weight_rule"].tolist() == list(WEIGHT_RULES)
    assert every["weight"].tolist() == [6, 2, 2, 1]
    assert every.index.tolist() == [0, 1, 2, 3]


def test_the_interval_of_an_occupation_is_from_the_5th_to_the_95th_percentile_of_the_draws():
    p = np.random.default_rng(0).dirichlet([1, 1, 1], 12)
    scores = _scores(p)
    weights = task_weights(_tasks(["Core", "Supplemental"] * 6), NONE)
    row = occupation_exposure(scores, weights, seed=5).iloc[0]
    draws = exposure_draws(scores.merge(weights, on=["onet_soc_code", "task_id"]), 5)[:, 0]
    assert (row["exposure_low"], row["exposure_high"]) == pytest.approx(
        np.quantile(draws, [0.05, 0.95])
    )
    assert (row["n_tasks"], row["weight_rule"]) == (12, WEIGHT_RULES[2])


def test_every_occupation_has_its_own_interval_and_stability():
    rng = np.random.default_rng(1)
    places = [(0.1, "a"), (0.5, "b"), (0.55, "c"), (0.6, "d"), (0.9, "e")]
    scores = pd.concat([_scores(rng.dirichlet([9 - 9 * x, 9 * x, 1], 10), c) for x, c in places])
    weights = scores[["onet_soc_code", "task_id"]].assign(weight=1.0, weight_rule="equal")
    found = occupation_exposure(scores, weights)
    draws = exposure_draws(scores.merge(weights, on=["onet_soc_code", "task_id"]), 0)
    low, high = np.quantile(draws, [0.05, 0.95], axis=0)
    assert found["exposure_low"].to_numpy() == pytest.approx(low)
    assert found["exposure_high"].to_numpy() == pytest.approx(high)
    place = draws.argsort(axis=1).argsort(axis=1) + 1
    own = found["exposure"].rank().to_numpy()
    assert found["quintile"].tolist() == own.tolist()
    assert found["quintile_stability"].to_numpy() == pytest.approx((place == own).mean(axis=0))
    assert found["quintile_stability"].nunique() > 2


def test_exposure_has_its_percentile_and_nine_decimals_whatever_the_order_of_rows():
    thirds = [(1 / 3, "a"), (2 / 3, "b"), (0.9, "c")]
    scores = pd.concat([_scores([[1 - x, x, 0]], code) for x, code in thirds])
    weights = scores[["onet_soc_code", "task_id"]].assign(weight=1.0, weight_rule="equal")
    found = occupation_exposure(scores, weights)
    assert found["onet_soc_code"].tolist() == ["a", "b", "c"]
    assert found["percentile"].tolist() == pytest.approx([0, 50, 100])
    assert found["exposure"].tolist() == [0.333333333, 0.666666667, 0.9]
    again = occupation_exposure(scores.iloc[::-1], weights.iloc[::-1])
    pd.testing.assert_frame_equal(found, again)


def test_a_share_is_never_above_one_and_one_half_is_not_above_half():
    tenths = _scores([[0, 1, 0]] * 10).assign(use="automation", automation_level=4.0)
    weights = tenths[["onet_soc_code", "task_id"]].assign(weight=0.1, weight_rule="equal")
    row = occupation_exposure(tenths, weights).iloc[0]
    ones = ["alpha", "exposure", "zeta", "share_above_half", "share_automation"]
    assert row[ones].tolist() == [1] * 5
    assert (row["share_augmentation"], row["automation"]) == (0, 4)
    half = _scores([[0.5, 0.5, 0], [0.4, 0.6, 0]])
    weights = half[["onet_soc_code", "task_id"]].assign(weight=1.0, weight_rule="equal")
    assert occupation_exposure(half, weights).iloc[0]["share_above_half"] == 0.5


def test_a_use_that_is_not_known_leaves_the_shares_missing():
    scores = _scores([[0, 1, 0], [1, 0, 0]]).assign(
        automation_level=1.0, use=pd.Series(["automation", None], dtype="str")
    )
    weights = task_weights(_tasks(["Core", "Core"]), NONE)
    row = occupation_exposure(scores, weights).iloc[0]
    assert row[["share_automation", "share_augmentation", "n_automation"]].isna().all()


def test_measures_split_shared_conversations_and_mark_shared_codes():
    tasks = pd.DataFrame(
        {
            "onet_soc_code": ["11-1011.00", "11-1011.03", "11-1011.03"],
            "task_id": [1, 2, 3],
            "task": ["Make plans.", "make plans.", "Sing."],
        }
    )
    found = published_measures(
        {
            "occupations": pd.DataFrame(
                {
                    "onet_soc_code": ["11-1011.00", "11-1011.03"],
                    "soc_code": "11-1011",
                    "has_tasks": True,
                }
            ),
            "tasks": tasks,
            "economic_index": pd.DataFrame(
                {"task_text": ["make plans.", "sing."], "percent": [4.0, 1.0]}
            ),
            "ai_applicability": pd.DataFrame(
                {"soc_code": ["11-1011"], "title": "Chiefs", "ai_applicability": [0.2]}
            ),
        }
    ).set_index(["measure", "onet_soc_code"])
    assert found["value"]["economic_index"].tolist() == [2.0, 3.0]
    assert found["ambiguous"]["ai_applicability"].all()
    assert (found["n_occupations"] == 2).all()


def test_a_label_that_was_not_given_is_no_label_of_e0():
    found = label_means(pd.Series(["E0", "E1", "E2", None]))
    assert found["beta"].tolist()[:3] == [0.0, 1.0, 0.5]
    assert found.iloc[3].isna().all()
    assert found["alpha"].mean() == pytest.approx(1 / 3)
