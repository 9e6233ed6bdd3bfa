"""Intervals of occupations: they hold what they say, and errors that lean one way widen them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from pipelines.base.errors import UsageError
from pipelines.exposure.occupation.intervals import (
    LATENT_CORRELATION,
    coverage,
    exposure_draws,
    residual_correlation,
)

PER_CODE = 20


def _held_out(n_codes=400, latent=0.0, boast=0.0, seed=0):
    """Scores and labels of made tasks; `boast` moves the chances toward the likeliest class."""
    rng = np.random.default_rng(seed)
    n = n_codes * PER_CODE
    true = rng.dirichlet([0.8, 0.5, 0.8], n)
    code = np.repeat(np.arange(n_codes), PER_CODE)
    z = np.sqrt(latent) * rng.standard_normal(n_codes)[code]
    u = norm.cdf(z + np.sqrt(1 - latent) * rng.standard_normal(n))
    label = np.select([u < true[:, 0], u < true[:, 0] + true[:, 2]], ["E0", "E2"], "E1")
    p = (1 - boast) * true + boast * np.eye(3)[true.argmax(1)]
    frame = pd.DataFrame(
        {
            "onet_soc_code": [f"11-{1000 + c}.00" for c in code],
            "task_id": range(n),
            "p_e0": p[:, 0],
            "p_e1": p[:, 1],
            "p_e2": p[:, 2],
            "exposure": p[:, 1] + p[:, 2] / 2,
            "human_label": label,
            "protocol": "U",
        }
    )
    return frame, frame[["onet_soc_code", "task_id"]].assign(weight=1.0, weight_rule="equal")


def test_the_interval_holds_nine_in_ten_where_its_assumptions_are_true():
    found = coverage(*_held_out(latent=LATENT_CORRELATION), weight_cv=0).iloc[0]
    assert 0.86 <= found["coverage"] <= 0.95
    assert found["n_occupations"] == 400


def test_errors_taken_as_independent_hold_too_little_and_resampling_outright_too_much():
    frame, weights = _held_out(latent=0.2)
    assert coverage(frame, weights, weight_cv=0, correlation=0).iloc[0]["coverage"] < 0.8
    assert coverage(frame, weights, weight_cv=0, correlation=0.2).iloc[0]["coverage"] > 0.86
    assert coverage(frame, weights, weight_cv=1, correlation=0.2).iloc[0]["coverage"] > 0.95


def test_a_boasting_model_is_found_out():
    frame, weights = _held_out(latent=LATENT_CORRELATION, boast=0.8)
    assert coverage(frame, weights).iloc[0]["coverage"] < 0.8


@pytest.mark.parametrize("latent", [0.0, 0.065, 0.12])
def test_the_correlation_behind_the_labels_is_found_again(latent):
    found = residual_correlation(_held_out(n_codes=1500, latent=latent)[0]).iloc[0]
    assert found["latent"] == pytest.approx(latent, abs=0.02)
    assert found["low"] <= found["correlation"] <= found["high"]


def test_draws_have_the_mean_of_the_chances_and_repeat_with_their_seed():
    frame, weights = _held_out(n_codes=5)
    frame = frame.merge(weights, on=["onet_soc_code", "task_id"])
    draws = exposure_draws(frame, seed=3)
    assert draws.shape == (1000, 5)
    expected = frame.groupby("onet_soc_code")["exposure"].mean()
    assert draws.mean(0) == pytest.approx(expected.to_numpy(), abs=0.02)
    assert (draws == exposure_draws(frame, seed=3)).all()
    assert (draws != exposure_draws(frame, seed=4)).any()


def test_sure_classes_leave_only_the_weights_unsure():
    sure = pd.DataFrame(
        {"onet_soc_code": "11-1011.00", "p_e0": [1.0, 0.0], "p_e1": [0.0, 1.0], "p_e2": 0.0}
    ).assign(weight=1.0)
    assert exposure_draws(sure, weight_cv=0).std() == 0
    assert 0.03 < exposure_draws(sure).std() < 0.2


@pytest.mark.parametrize("wrong", [{"correlation": 1.5}, {"correlation": -0.1}, {"weight_cv": -1}])
def test_impossible_settings_are_refused_by_name(wrong):
    frame, weights = _held_out(n_codes=2)
    with pytest.raises(UsageError, match=next(iter(wrong))):
        exposure_draws(frame.merge(weights, on=["onet_soc_code", "task_id"]), **wrong)


def _one(*p, code="11-1011.00", weight=1.0):
    """Rows of chances (E0, E1, E2), one a task."""
    p = np.asarray(p, float)
    columns = {f"p_e{k}": p[:, k] for k in range(3)}
    frame = pd.DataFrame({"onet_soc_code": code, "task_id": range(len(p)), **columns})
    return frame.assign(weight=weight, exposure=p[:, 1] + p[:, 2] / 2, protocol="U")


def test_classes_are_drawn_by_their_chances():
    draws = exposure_draws(_one([0.3, 0.2, 0.5]), weight_cv=0, n_draws=20_000)[:, 0]
    share = {beta: (draws == beta).mean() for beta in (0.0, 0.5, 1.0)}
    assert share == pytest.approx({0.0: 0.3, 0.5: 0.5, 1.0: 0.2}, abs=0.015)


def test_the_coefficient_of_variation_is_that_of_the_weights():
    sure = _one([1, 0, 0], [0, 1, 0])
    for cv in (0.3, 1.0):
        # Two gamma weights of shape k give a beta(k, k) share.
        expected = np.sqrt(1 / (4 * (2 / cv**2 + 1)))
        draws = exposure_draws(sure, weight_cv=cv, n_draws=4000)
        assert draws.mean() == pytest.approx(0.5, abs=0.02)
        assert draws.std() == pytest.approx(expected, rel=0.05)


def test_random_weights_are_those_of_the_bayesian_bootstrap():
    one_of_ten = _one([0, 1, 0], *[[1, 0, 0]] * 9)
    for cv in (0.5, 1.0):
        # The share of one of ten gamma weights of shape k is beta(k, 9 k).
        expected = np.sqrt(0.1 * 0.9 / (10 / cv**2 + 1))
        draws = exposure_draws(one_of_ten, weight_cv=cv, n_draws=4000)
        assert draws.mean() == pytest.approx(0.1, rel=0.05)
        assert draws.std() == pytest.approx(expected, rel=0.06)


def test_weights_stay_in_their_proportion():
    sure = _one([1, 0, 0], [0, 1, 0], weight=[1.0, 3.0])
    assert exposure_draws(sure, weight_cv=0) == pytest.approx(0.75)
    assert exposure_draws(sure).mean() == pytest.approx(0.75, abs=0.02)


def test_tasks_of_one_occupation_lean_one_way_as_far_as_the_correlation_says():
    even = _one(*[[0.5, 0.5, 0]] * 100)
    whole = exposure_draws(even, weight_cv=0, correlation=1)
    assert set(whole[:, 0]) == {0.0, 1.0}
    none = exposure_draws(even, weight_cv=0, correlation=0, n_draws=4000)
    assert none.std() == pytest.approx(0.05, rel=0.05)
    # Signs of two normal variables of correlation r: covariance asin(r) / 2 pi.
    some = exposure_draws(even, weight_cv=0, correlation=0.5, n_draws=4000)
    variance = 0.25 / 100 + 0.99 * np.arcsin(0.5) / (2 * np.pi)
    assert some.std() == pytest.approx(np.sqrt(variance), rel=0.05)


def test_occupations_stand_in_the_order_of_their_first_rows_and_lean_apart():
    frame = pd.concat([_one([0.5, 0.5, 0], code="b"), _one([1, 0, 0], code="a"),
                       _one([0.5, 0.5, 0], code="c")])  # fmt: skip
    draws = exposure_draws(frame, correlation=1, weight_cv=0)
    assert draws[:, 1].max() == 0
    assert draws[:, [0, 2]].mean(0) == pytest.approx(0.5, abs=0.05)
    assert abs(np.corrcoef(draws[:, 0], draws[:, 2])[0, 1]) < 0.1


def test_a_refused_setting_says_what_may_be_given():
    with pytest.raises(UsageError) as raised:
        exposure_draws(_one([1, 0, 0]), weight_cv=-0.5)
    assert str(raised.value) == (
        "exposure_draws: weight_cv -0.5 and correlation 0.065 cannot be. Give a weight_cv of 0 or "
        "more and a correlation from 0 to 1"
    )


def _jackknife(frame):
    """Correlation within occupations, and its standard error with one occupation left out."""
    beta = frame["human_label"].map({"E0": 0.0, "E1": 1.0, "E2": 0.5})
    square = frame["p_e1"] + frame["p_e2"] / 4 - frame["exposure"] ** 2
    parts = pd.DataFrame({"r": beta - frame["exposure"], "s": np.sqrt(square.clip(lower=0))})
    by = parts.groupby(frame["onet_soc_code"])
    pairs = by.sum() ** 2 - parts.pow(2).groupby(frame["onet_soc_code"]).sum()
    whole, left = pairs.sum(), pairs.sum() - pairs
    ratios = left["r"] / left["s"]
    n = len(pairs)
    return whole["r"] / whole["s"], np.sqrt((n - 1) ** 2 / n * ratios.var(ddof=1))


def test_the_residual_correlation_and_its_ninety_percent_interval():
    frame, _ = _held_out(n_codes=400, latent=0.2)
    found = residual_correlation(frame).iloc[0]
    value, error = _jackknife(frame)
    assert found["protocol"] == "U"
    assert found["n_occupations"] == 400
    assert found["correlation"] == pytest.approx(value)
    assert found["high"] - found["low"] == pytest.approx(2 * 1.645 * error, rel=0.08)
    assert (found["high"] + found["low"]) / 2 == pytest.approx(value, abs=0.3 * error)
    again = residual_correlation(frame).iloc[0]
    assert again.equals(found)


def test_protocols_stand_apart():
    one, two = _held_out(n_codes=60)[0], _held_out(n_codes=40, latent=0.2, seed=1)[0]
    both = pd.concat([one, two.assign(protocol="W")])
    found = residual_correlation(both)
    assert found["protocol"].tolist() == ["U", "W"]
    assert found["n_occupations"].tolist() == [60, 40]
    assert found["correlation"].tolist() == pytest.approx([_jackknife(one)[0], _jackknife(two)[0]])


def test_coverage_counts_and_measures_what_it_says():
    frame, weights = _held_out(n_codes=3)
    large = frame["onet_soc_code"].eq("11-1002.00")
    extra = frame[large].assign(task_id=lambda f: f["task_id"] + 1000)
    frame = pd.concat([frame, extra.iloc[:1]])
    weights = frame[["onet_soc_code", "task_id"]].assign(
        weight=np.linspace(1, 2, len(frame)), weight_rule="equal"
    )
    found = coverage(frame, weights, seed=2).iloc[0]
    whole = frame.merge(weights, on=["onet_soc_code", "task_id"])
    whole["people"] = whole["human_label"].map({"E0": 0.0, "E1": 1.0, "E2": 0.5})
    by = whole.groupby("onet_soc_code")
    people, ours = (
        by.apply(lambda f, c=c: np.average(f[c], weights=f["weight"])).to_numpy()
        for c in ("people", "exposure")
    )
    low, high = np.quantile(exposure_draws(whole, 2), [0.05, 0.95], axis=0)
    inside = (low <= people) & (people <= high)
    assert found["protocol"] == "U"
    assert found["n_occupations"] == 3
    assert found["width"] == pytest.approx((high - low).mean())
    assert found["mean_absolute_error"] == pytest.approx(np.abs(people - ours).mean())
    assert found["r"] == pytest.approx(np.corrcoef(people, ours)[0, 1])
    assert found["coverage"] == inside.mean()
    assert found["coverage_small"] == inside[:2].mean()  # 20 tasks are still few
    assert found["coverage_large"] == inside[2]


def test_an_interval_holds_its_own_ends_and_what_cannot_be_counted_is_missing():
    frame = _one([1, 0, 0], [0, 1, 0]).assign(human_label=["E0", "E1"])
    weights = frame[["onet_soc_code", "task_id", "weight"]].assign(weight_rule="equal")
    frame = frame.drop(columns="weight")
    sure = coverage(frame, weights, weight_cv=0).iloc[0]
    assert (sure["coverage"], sure["coverage_small"], sure["width"]) == (1, 1, 0)
    assert np.isnan(sure["coverage_large"])
    assert np.isnan(sure["r"])
    wrong = coverage(frame.assign(human_label=["E0", "E0"]), weights, weight_cv=0).iloc[0]
    assert (wrong["coverage"], wrong["mean_absolute_error"]) == (0, 0.5)
    other = coverage(frame.assign(human_label=["E1", "E1"]), weights, weight_cv=0).iloc[0]
    assert other["coverage"] == 0
    # A task that the release no longer has is left out.
    assert coverage(frame, weights[:1], weight_cv=0).iloc[0]["n_occupations"] == 1
    many = coverage(*_held_out(n_codes=1)).iloc[0]
    assert np.isnan(many["r"])
    rows = _one(*[[1, 0, 0]] * 21).assign(human_label="E0")
    weights = rows[["onet_soc_code", "task_id", "weight"]].assign(weight_rule="equal")
    large = coverage(rows.drop(columns="weight"), weights).iloc[0]
    assert np.isnan(large["coverage_small"])
    assert large["coverage_large"] == 1
