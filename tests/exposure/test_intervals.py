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
