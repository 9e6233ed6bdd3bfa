"""The regression of the look back: known effects come back, intervals hold what they promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.market.regression import difference, fit, interval


def made(rng, effect, n=300):
    """Occupations as OEWS has them: a few hold most jobs, small ones vary more."""
    jobs = np.exp(rng.normal(9, 1.6, n))
    x = rng.beta(1.5, 3, n)
    noise = rng.normal(0, 0.02 + 0.04 * (jobs < np.median(jobs)), n)
    return 0.01 + effect * x + noise, np.column_stack([np.ones(n), x]), jobs


@pytest.mark.parametrize("weighted", [True, False])
def test_the_interval_of_a_null_effect_covers_zero_about_95_percent_of_the_time(weighted):
    held = []
    for seed in range(400):
        y, x, jobs = made(np.random.default_rng(seed), 0.0)
        found = fit(y, x, jobs if weighted else np.ones(len(y)), np.arange(len(y)))
        low, high = interval(found.coefficients[1], found.se[1], found.df)
        held.append(low <= 0 <= high)
    assert 0.92 <= np.mean(held) <= 0.985


def test_a_known_effect_is_recovered_and_told_from_nothing():
    estimates, clear = [], 0
    for seed in range(60):
        y, x, jobs = made(np.random.default_rng(1000 + seed), -0.08)
        found = fit(y, x, jobs, np.arange(len(y)))
        low, high = interval(found.coefficients[1], found.se[1], found.df)
        estimates.append(found.coefficients[1])
        clear += high < 0
    assert np.mean(estimates) == pytest.approx(-0.08, abs=0.01)
    assert clear > 50


def test_with_equal_weights_it_is_least_squares_with_the_hc3_error():
    y, x, _ = made(np.random.default_rng(3), 0.05, 40)
    found = fit(y, x, np.full(40, 7.0), np.arange(40))
    beta, *_ = np.linalg.lstsq(x, y, rcond=None)
    assert found.coefficients == pytest.approx(beta)
    inverse = np.linalg.inv(x.T @ x)
    residual = (y - x @ beta) / (1 - np.einsum("ij,jk,ik->i", x, inverse, x))
    meat = (x * residual[:, None] ** 2).T @ x
    hc3 = np.sqrt(np.diag(inverse @ meat @ inverse) * 39 / 40)
    assert found.se == pytest.approx(hc3)
    assert found.effective_n == pytest.approx(40)


def test_the_error_over_clusters_is_that_of_leaving_each_out():
    rng = np.random.default_rng(4)
    y, x, jobs = made(rng, 0.05, 60)
    clusters = rng.integers(0, 12, 60)
    found = fit(y, x, jobs, clusters)
    left = []
    for label in np.unique(clusters):
        kept = clusters != label
        left.append(fit(y[kept], x[kept], jobs[kept], clusters[kept]).coefficients)
    gap = np.array(left) - found.coefficients
    jackknife = np.sqrt((gap**2).sum(axis=0) * (len(left) - 1) / len(left))
    assert found.se == pytest.approx(jackknife)


def test_a_cluster_counted_twice_adds_no_certainty():
    y, x, jobs = made(np.random.default_rng(5), 0.05, 50)
    once = fit(y, x, jobs, np.arange(50))
    twice = fit(np.tile(y, 2), np.tile(x, (2, 1)), np.tile(jobs, 2), np.tile(np.arange(50), 2))
    assert twice.coefficients == pytest.approx(once.coefficients)
    assert twice.se == pytest.approx(once.se)


def test_the_sampling_error_is_what_redrawing_the_estimates_gives():
    rng = np.random.default_rng(6)
    y, x, jobs = made(rng, 0.05, 80)
    error = 0.05 / np.sqrt(jobs / jobs.mean())
    found = fit(y, x, jobs, np.arange(80), error)
    draws = [
        fit(y + rng.normal(0, error), x, jobs, np.arange(80)).coefficients[1] for _ in range(800)
    ]
    assert found.sampling_se[1] == pytest.approx(np.std(draws), rel=0.1)


def test_the_difference_of_equal_fits_is_certain_and_of_separate_ones_adds_up():
    y, x, jobs = made(np.random.default_rng(7), 0.05, 50)
    one = fit(y, x, jobs, np.arange(50))
    assert difference(one, one, 1)[:2] == (0.0, 0.0)
    apart = fit(y, x, jobs, np.arange(50) + 1000)
    assert difference(one, apart, 1)[1] == pytest.approx(np.sqrt(2) * one.se[1])


def test_a_term_of_one_unit_fits_it_and_changes_no_error_of_the_rest():
    y, x, jobs = made(np.random.default_rng(8), 0.05, 50)
    own = np.zeros((50, 1))
    own[0] = 1
    found = fit(y, np.hstack([x, own]), jobs, np.arange(50))
    without = fit(y[1:], x[1:], jobs[1:], np.arange(49))
    assert found.coefficients[:2] == pytest.approx(without.coefficients)
    assert found.se[:2] == pytest.approx(without.se, rel=0.02)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 1000))
def test_only_ratios_of_weights_count(seed, scale):
    y, x, jobs = made(np.random.default_rng(seed), 0.03, 30)
    a, b = (fit(y, x, w, np.arange(30)) for w in (jobs, jobs * scale))
    assert a.coefficients == pytest.approx(b.coefficients, rel=1e-6, abs=1e-9)
    assert a.se == pytest.approx(b.se, rel=1e-6, abs=1e-9)


def test_sampling_errors_that_are_not_known_are_not_taken_for_none():
    y, x, jobs = made(np.random.default_rng(9), 0.05, 50)
    assert np.isnan(fit(y, x, jobs, np.arange(50)).sampling_se).all()
    error = np.full(50, 0.02)
    error[7] = np.nan
    assert np.isnan(fit(y, x, jobs, np.arange(50), error).sampling_se).all()


def test_degrees_of_freedom_are_clusters_less_columns_and_not_rows():
    y, x, jobs = made(np.random.default_rng(10), 0.05, 60)
    found = fit(y, x, jobs, np.arange(60) // 5)
    assert (found.n, found.df) == (60, 12 - 2)
    twice = np.column_stack([x, x[:, 1]])  # a column that says nothing new costs nothing
    assert fit(y, twice, jobs, np.arange(60) // 5).df == 10
    other = fit(y, x, jobs, np.arange(60))
    assert other.df == 58
    assert difference(found, other, 1)[2] == difference(other, found, 1)[2] == 10


def test_an_interval_is_student_s_with_its_degrees_of_freedom():
    # Two-sided 95 %: t of 10 degrees is 2.228, of 58 is 2.002; 90 %: 1.812 (printed tables).
    assert interval(1.0, 2.0, 10) == pytest.approx((1 - 4.456, 1 + 4.456), abs=1e-3)
    assert interval(0.0, 1.0, 58)[1] == pytest.approx(2.002, abs=1e-3)
    assert interval(0.0, 1.0, 10, 0.90) == pytest.approx((-1.812, 1.812), abs=1e-3)
    assert interval(0.0, 1.0, 0)[1] == pytest.approx(12.706, abs=1e-3)  # never fewer than 1


def test_effective_units_and_residual_spread_by_hand():
    y, x = np.array([0.0, 2.0, 4.0]), np.ones((3, 1))
    found = fit(y, x, np.array([1.0, 1.0, 2.0]), np.arange(3))
    assert found.coefficients.tolist() == pytest.approx([2.5])
    assert found.effective_n == pytest.approx(16 / 6)
    assert found.residual_sd == pytest.approx(np.sqrt((2.5**2 + 0.5**2 + 2 * 1.5**2) / 4))
