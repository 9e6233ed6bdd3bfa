"""What changing the weighting rule changes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipelines.base import settings
from pipelines.exposure.occupation.intervals import WEIGHT_CV
from pipelines.exposure.occupation.sensitivity import (
    sensitivity_summary,
    weight_disagreement,
    weight_sensitivity,
)
from pipelines.exposure.occupation.weights import WEIGHT_RULES, rule_weights
from pipelines.releases.store import open_release

CORE, EQUAL = "Core 2, Supplemental 1", "equal"


def _weights(code, by_rule):
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "onet_soc_code": code,
                    "task_id": range(len(w)),
                    "weight": np.asarray(w, float),
                    "weight_rule": rule,
                }
            )
            for rule, w in by_rule.items()
        ]
    )


@pytest.fixture
def found():
    every = pd.concat(
        [
            _weights("11-1011.00", {CORE: [2, 1], EQUAL: [1, 1]}),
            _weights("11-1021.00", {EQUAL: [1, 1]}),
        ]
    )
    exposure = {"11-1011.00": [1.0, 0.0], "11-1021.00": [0.6, 0.6]}
    scores = pd.DataFrame(
        [(c, i, x) for c, xs in exposure.items() for i, x in enumerate(xs)],
        columns=["onet_soc_code", "task_id", "exposure"],
    )
    return weight_sensitivity(scores, every), every


def test_an_occupation_stands_under_each_rule_open_to_it(found):
    table = found[0].set_index(["onet_soc_code", "weight_rule"])
    assert len(table) == 3
    core, equal = table.loc[("11-1011.00", CORE)], table.loc[("11-1011.00", EQUAL)]
    assert core["exposure"] == pytest.approx(2 / 3)
    assert core["is_default"]
    assert not equal["is_default"]
    assert equal["difference"] == pytest.approx(0.5 - 2 / 3)
    assert equal["max_difference"] == pytest.approx(1 / 6)
    # Against the other occupation, which has one rule, it falls from first to second place.
    assert (core["rank"], equal["rank"], equal["default_rank"]) == (1, 2, 1)
    assert table.loc[("11-1021.00", EQUAL), "max_difference"] == 0


def test_the_summary_counts_only_where_the_rule_is_not_the_default(found):
    summary = sensitivity_summary(found[0]).set_index("weight_rule")
    assert summary.loc[EQUAL, ["n_occupations", "n_default", "n_compared"]].tolist() == [2, 1, 1]
    assert summary.loc[EQUAL, "mean_absolute_difference"] == pytest.approx(1 / 6)
    assert summary.loc[EQUAL, "share_other_quintile"] == 1
    assert np.isnan(summary.loc[EQUAL, "spearman"])
    assert np.isnan(summary.loc[CORE, "mean_absolute_difference"])


def test_disagreement_is_the_spread_of_the_ratio_of_two_weights(found):
    row = weight_disagreement(found[1]).iloc[0]
    assert (row["weight_rule"], row["other_rule"], row["n_occupations"]) == (CORE, EQUAL, 1)
    assert row["cv"] == pytest.approx(0.5 / 1.5)


def test_the_width_given_to_weights_covers_what_real_rules_differ_by():
    snapshot = open_release(settings.load({}).snapshot)
    every = rule_weights(snapshot.table("tasks"), snapshot.table("task_ratings"))
    rated = weight_disagreement(every).query("weight_rule == 'importance x relevance'")
    assert len(rated) == 2
    # Wider than any two rules differ by, and not by twice.
    assert rated["cv"].between(WEIGHT_CV / 2, WEIGHT_CV).all()


def _five():
    """Five occupations under two rules: Core, their default, and equal."""
    codes = [f"11-10{i}1.00" for i in range(5)]
    every = pd.concat([_weights(c, {CORE: [2, 1], EQUAL: [1, 1]}) for c in codes])
    tops = [(0.9, 0.0), (0.2, 0.9), (0.5, 0.5), (0.1, 0.2), (0.8, 0.8)]
    scores = pd.DataFrame(
        [(c, i, x) for c, xs in zip(codes, tops, strict=True) for i, x in enumerate(xs)],
        columns=["onet_soc_code", "task_id", "exposure"],
    )
    core = np.array([(2 * a + b) / 3 for a, b in tops])
    equal = np.array([(a + b) / 2 for a, b in tops])
    return weight_sensitivity(scores, every), core, equal


def test_ranks_and_fifths_under_a_rule_are_among_all():
    table, core, equal = _five()
    assert table["weight_rule"].tolist() == [CORE, EQUAL] * 5
    by = table[table["weight_rule"] == EQUAL]
    assert by["exposure"].to_numpy() == pytest.approx(equal)
    assert by["rank"].tolist() == [4, 2, 3, 5, 1]
    assert by["quintile"].tolist() == [2, 4, 3, 1, 5]
    assert by["default_rank"].tolist() == [2, 4, 3, 5, 1]
    assert by["default_quintile"].tolist() == [4, 2, 3, 1, 5]


def test_the_summary_measures_every_move():
    table, core, equal = _five()
    row = sensitivity_summary(table).set_index("weight_rule").loc[EQUAL]
    assert row["spearman"] == pytest.approx(0.6)  # two of five exchange ranks 2 and 4
    assert row["mean_absolute_difference"] == pytest.approx(np.abs(equal - core).mean())
    assert row["largest_difference"] == pytest.approx(np.abs(equal - core).max())
    assert row["share_other_quintile"] == pytest.approx(0.4)
    three = table[table["onet_soc_code"] < "11-1031.00"]
    assert sensitivity_summary(three).set_index("weight_rule").loc[EQUAL, "spearman"] == -1
    two = table[table["onet_soc_code"] < "11-1021.00"]
    assert np.isnan(sensitivity_summary(two).set_index("weight_rule").loc[EQUAL, "spearman"])


def test_occupations_of_one_exposure_share_the_better_rank():
    every = pd.concat([_weights(c, {EQUAL: [1]}) for c in "abcd"])
    scores = pd.DataFrame({"onet_soc_code": list("abcd"), "task_id": 0})
    scores["exposure"] = [0.5, 0.5, 0.5, 0.1]
    found = weight_sensitivity(scores, every)
    assert found["rank"].tolist() == [1, 1, 1, 4]
    assert found["rank"].dtype == "int64"


def test_the_most_informed_rule_is_the_default_and_rows_are_counted_from_nought():
    weights = {WEIGHT_RULES[0]: [3, 1], EQUAL: [1, 1], WEIGHT_RULES[1]: [2, 1], CORE: [1, 2]}
    scores = pd.DataFrame({"onet_soc_code": "a", "task_id": [0, 1], "exposure": [1.0, 0.0]})
    found = weight_sensitivity(scores.assign(weight=9.0)[scores.columns], _weights("a", weights))
    assert found["weight_rule"].tolist() == list(WEIGHT_RULES)
    assert found["is_default"].tolist() == [True, False, False, False]
    assert found["exposure"].tolist() == pytest.approx([3 / 4, 2 / 3, 1 / 3, 1 / 2])
    assert found["difference"].tolist() == pytest.approx([0, 2 / 3 - 3 / 4, 1 / 3 - 3 / 4, -1 / 4])
    assert found["max_difference"].tolist() == pytest.approx([3 / 4 - 1 / 3] * 4)
    assert found.index.tolist() == [0, 1, 2, 3]


def test_rules_that_no_occupation_shares_are_passed_over():
    every = pd.concat([
        _weights("a", {"importance x relevance": [1, 3]}), _weights("b", {CORE: [2, 1]}),
        _weights("c", {CORE: [2, 2, 1], EQUAL: [1, 1, 1]}), _weights("b", {EQUAL: [1, 1]}),
    ])  # fmt: skip
    found = weight_disagreement(every)
    assert found[["weight_rule", "other_rule"]].to_numpy().tolist() == [[CORE, EQUAL]]
    assert found["n_occupations"].tolist() == [2]
    ratios = [np.array([2.0, 1.0]), np.array([2.0, 2.0, 1.0])]
    assert found["cv"][0] == pytest.approx(np.mean([r.std() / r.mean() for r in ratios]))
