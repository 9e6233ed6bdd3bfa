"""Conformal half-widths of a task's exposure, held against the package crepes."""

from __future__ import annotations

import numpy as np
import pytest
from crepes import ConformalRegressor

from pipelines.exposure.scorer import conformal

FAMILIAR = len(conformal.SIMILARITY_SHARES)
N_BINS = FAMILIAR + 1


def _sure(score):
    """Chances and labels of rows whose scaled residual is `score`: all of E0, spread the floor."""
    score = np.asarray(score, float)
    chances = np.tile([1.0, 0.0, 0.0], (len(score), 1))
    return chances, score * conformal.SPREAD_FLOOR


def _quantiles(*by_bin):
    bins = np.repeat(np.arange(N_BINS), [len(s) for s in by_bin])
    return conformal.quantiles(*_sure(np.concatenate(by_bin)), bins)


def _crepes(score):
    """Half-width that crepes gives for residuals of scale 1 at our level."""
    model = ConformalRegressor().fit(np.asarray(score, float))
    return model.predict_int(np.zeros(1), confidence=conformal.CONFORMAL_LEVEL)[0, 1]


def test_the_spread_is_the_standard_deviation_of_beta_plus_the_floor():
    chances = np.array([[1.0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0.2, 0.3, 0.5]])
    beta = np.array([0.0, 1.0, 0.5])
    expected = [np.sqrt(np.average((beta - p @ beta) ** 2, weights=p)) for p in chances]
    assert conformal.spread(chances) == pytest.approx(np.array(expected) + 0.15)
    # A rounding below 0 is no spread, and no warning.
    assert conformal.spread(np.array([[0.0, 1 + 1e-15, 0.0]]))[0] == pytest.approx(0.15)


def test_the_quantile_is_that_of_crepes_or_the_next_score_above():
    rng = np.random.default_rng(0)
    for n in range(30, 400, 7):
        score = np.sort(rng.exponential(size=n))
        theirs = np.searchsorted(score, _crepes(score))
        ours = np.searchsorted(score, conformal.quantile(score))
        assert theirs <= ours <= theirs + 1, n


def test_without_the_correction_for_few_rows_the_quantile_would_fall_below_crepes():
    score = np.arange(1.0, 51.0)
    plain = np.quantile(score, conformal.CONFORMAL_LEVEL, method="higher")
    assert plain < _crepes(score) == conformal.quantile(score) == 47


def test_half_widths_hold_their_share_of_new_rows():
    rng = np.random.default_rng(1)
    held = [
        (rng.exponential(size=200) <= conformal.quantile(rng.exponential(size=40))).mean()
        for _ in range(400)
    ]
    assert 0.905 <= np.mean(held) <= 0.94


def test_the_level_is_a_little_above_ninety_and_the_largest_score_is_the_most():
    assert conformal.quantile(np.arange(1.0, 901.0)) == 816  # ceil(.905 x 901)
    assert conformal.quantile(np.array([1.0, 2.0, 3.0])) == 3
    assert conformal.quantile(np.array([2.0])) == 2


def test_a_less_familiar_bin_never_has_the_smaller_half_width():
    level = [np.full(40, x) for x in (4.0, 1.0, 3.0, 2.0)]
    assert _quantiles(*level) == pytest.approx([4, 3, 3, 2])
    assert _quantiles(*level[::-1]) == pytest.approx([4, 4, 4, 4])


@pytest.mark.parametrize(("rows", "own"), [(30, 5.0), (29, 1.0)])
def test_a_bin_of_fewer_than_thirty_rows_takes_the_quantile_of_all(rows, own):
    small = [np.full(rows, 5.0), *[np.full(400, 1.0)] * FAMILIAR]
    assert _quantiles(*small)[0] == pytest.approx(own)


def test_residuals_are_scaled_by_the_spread_of_each_row():
    chances = np.tile([0.5, 0.5, 0.0], (40, 1))  # beta 0.5, spread 0.5 + the floor
    found = conformal.quantiles(chances, np.ones(40), np.zeros(40, int))
    assert found == pytest.approx(np.full(N_BINS, 0.5 / 0.65))


def _by_group(scores, quantile=1.0):
    names = [f"{i}" for i in range(len(scores))]
    major = np.repeat(names, [len(s) for s in scores])
    chances, beta = _sure(np.concatenate(scores))
    return conformal.by_group(chances, beta, np.full(len(beta), quantile), major, names)


def test_a_group_has_the_factor_that_its_own_residuals_ask():
    assert _by_group([np.full(60, 2.0), np.full(60, 0.5)]) == pytest.approx([2, 0.5])
    # In units of the pooled half-width.
    assert _by_group([np.full(60, 2.0), np.full(60, 0.5)], 4.0) == pytest.approx([0.5, 0.125])


def test_the_factor_of_a_group_is_its_conformal_quantile():
    score = np.random.default_rng(2).exponential(size=99)
    assert _by_group([score])[0] == pytest.approx(_crepes(score))


@pytest.mark.parametrize(("rows", "factor"), [(50, 0.5), (49, 3.0)])
def test_a_group_of_fewer_than_fifty_rows_takes_the_widest_factor(rows, factor):
    found = _by_group([np.full(rows, 0.5), np.full(60, 3.0), np.full(60, 0.7)])
    assert found == pytest.approx([factor, 3, 0.7])


def test_the_widest_factor_is_at_least_one():
    few = np.full(49, 0.2)
    assert _by_group([few, np.full(60, 0.5)]) == pytest.approx([1, 0.5])
    assert _by_group([few]) == pytest.approx([1])


def test_residuals_of_a_group_are_from_the_expected_beta():
    chances = np.tile([0.5, 0.5, 0.0], (60, 1))  # beta 0.5, spread 0.5 + the floor
    found = conformal.by_group(chances, np.ones(60), np.full(60, 0.5), np.full(60, "29"), ["29"])
    assert found == pytest.approx([0.5 / 0.65 / 0.5])


def test_the_settings_are_those_that_the_shipped_model_was_calibrated_with():
    assert conformal.SIMILARITY_SHARES == (0.15, 0.35, 0.65)
    assert (conformal.CONFORMAL_LEVEL, conformal.SPREAD_FLOOR) == (0.905, 0.15)
