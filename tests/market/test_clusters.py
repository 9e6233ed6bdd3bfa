"""Clustered errors and many tests, each against a twin written out by hand."""

import numpy as np
import pytest

from pipelines.market import clusters
from pipelines.market.regression import fit

N_GROUPS = 9


def made(seed=0, n=90):
    rng = np.random.default_rng(seed)
    first, second = rng.integers(0, N_GROUPS, n), rng.integers(0, 4, n)
    x = rng.beta(1.5, 3, n) + 0.1 * first / N_GROUPS
    y = 0.02 * x + rng.normal(0, 0.02, N_GROUPS)[first] + rng.normal(0, 0.02, n)
    return clusters.Part(y, x, np.exp(rng.normal(8, 1, n)), first, second)


def weighted(part):
    """X and y times the root of the weights, (X'X)^-1, residuals."""
    root = np.sqrt(part.weights)
    x, y = np.column_stack([np.ones(len(part.x)), part.x]) * root[:, None], part.y * root
    inverse = np.linalg.inv(x.T @ x)
    return x, y, inverse, y - x @ inverse @ x.T @ y


def sandwich(x, e, inverse, groups):
    """CR1 as Stata prints it."""
    meat = np.zeros((x.shape[1],) * 2)
    labels = set(groups)
    for label in labels:
        s = x[groups == label].T @ e[groups == label]
        meat += np.outer(s, s)
    n, k, g = len(e), x.shape[1], len(labels)
    return g / (g - 1) * (n - 1) / (n - k) * inverse @ meat @ inverse


def test_the_error_by_major_group_is_the_sandwich_with_each_cluster_left_out():
    part = made(1)
    x, _, inverse, e = weighted(part)
    total = np.zeros((2, 2))
    for g in range(N_GROUPS):
        own = part.first == g
        hat = x[own] @ inverse @ x[own].T
        s = inverse @ x[own].T @ np.linalg.inv(np.eye(own.sum()) - hat) @ e[own]
        total += np.outer(s, s)
    cr3 = np.sqrt(np.diag(total) * (N_GROUPS - 1) / N_GROUPS)
    columns = np.column_stack([np.ones(len(part.x)), part.x])
    assert fit(part.y, columns, part.weights, part.first).se == pytest.approx(cr3)


def test_two_way_errors_add_both_clusterings_and_take_away_their_cells():
    part = made(2)
    x, _, inverse, e = weighted(part)
    cells = part.first * 10 + part.second
    v = sum(sign * sandwich(x, e, inverse, groups)
            for sign, groups in ((1, part.first), (1, part.second), (-1, cells)))  # fmt: skip
    assert clusters.two_way_se([part]) == pytest.approx(np.sqrt(v[1, 1]))


def test_two_way_errors_of_a_difference_are_those_of_both_regressions_in_one():
    one, other = made(3), made(4)
    assert clusters.two_way_se([one, one]) != clusters.two_way_se([one])
    # What is no difference has no error.
    same = clusters.Part(one.y, one.x, one.weights * 3, one.first, one.second)
    assert np.nan_to_num(clusters.two_way_se([one, same])) == pytest.approx(0, abs=1e-7)
    assert clusters.two_way_se([one, other]) > 0


def drawn_again(parts, common, v):
    """t of one draw of the wild cluster bootstrap, refitted from the drawn outcomes."""
    estimate, contributions = 0.0, np.zeros(N_GROUPS)
    for sign, part in zip((1, -1), parts, strict=False):
        w = part.weights / part.weights.sum()
        level = w @ (part.y - common * part.x)
        fitted = level + common * part.x
        y = fitted + v[part.first] * (part.y - fitted)
        again = clusters.Part(y, part.x, part.weights, part.first, part.second)
        x, ys, inverse, e = weighted(again)
        estimate += sign * ((inverse @ x.T @ ys)[1] - common)
        for g in range(N_GROUPS):
            own = part.first == g
            contributions[g] += sign * (inverse @ x[own].T @ e[own])[1]
    return estimate / np.sqrt((contributions**2).sum())


def test_a_draw_of_the_bootstrap_is_what_refitting_the_drawn_outcomes_gives():
    part, weights = made(5), clusters.draws(N_GROUPS, 6, seed=1)
    found, drawn = clusters.bootstrap_t(clusters.score(part, N_GROUPS), weights)
    for k in range(6):
        assert drawn[k] == pytest.approx(drawn_again([part], 0.0, weights[:, k]))
    x, ys, inverse, e = weighted(part)
    slope = (inverse @ x.T @ ys)[1]
    pulls = [(inverse @ x[part.first == g].T @ e[part.first == g])[1] for g in range(N_GROUPS)]
    assert found == pytest.approx(slope / np.sqrt(np.sum(np.square(pulls))))


def test_a_drawn_difference_has_one_common_slope_as_its_null():
    after, before = made(6), made(7)
    weights = clusters.draws(N_GROUPS, 4, seed=2)
    one = clusters.difference_score(after, before, N_GROUPS)
    _, drawn = clusters.bootstrap_t(one, weights)
    # The common slope by least squares over both, weights of mean 1, an intercept each.
    n, m = len(after.x), len(before.x)
    x = np.zeros((n + m, 3))
    x[:n, 0], x[n:, 1], x[:, 2] = 1, 1, np.concatenate([after.x, before.x])
    w = np.concatenate([p.weights / p.weights.mean() for p in (after, before)])
    y = np.concatenate([after.y, before.y])
    common = np.linalg.solve(x.T @ (w[:, None] * x), x.T @ (w * y))[2]
    for k in range(4):
        assert drawn[k] == pytest.approx(drawn_again([after, before], common, weights[:, k]))


def test_weights_of_the_draws_are_webbs_six():
    weights = clusters.draws(50, 400)
    assert len(np.unique(weights.round(9))) == 6
    assert weights.mean() == pytest.approx(0, abs=0.02)
    assert (weights**2).mean() == pytest.approx(1, abs=0.02)


def test_a_null_slope_is_called_clear_about_as_often_as_it_should_be():
    """With nine clusters whose errors go together; HC3 calls it clear far more often."""
    weights, wild, hc3 = clusters.draws(N_GROUPS, 199, seed=3), [], []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        first = rng.integers(0, N_GROUPS, 120)
        x = rng.normal(0, 1, N_GROUPS)[first] + rng.normal(0, 0.5, 120)
        y = rng.normal(0, 1, N_GROUPS)[first] + rng.normal(0, 0.5, 120)
        part = clusters.Part(y, x, np.ones(120), first, first)
        found, drawn = clusters.bootstrap_t(clusters.score(part, N_GROUPS), weights)
        wild.append(clusters.bootstrap_p(np.array([found]), drawn[None])[0] < 0.05)
        single = fit(y, np.column_stack([np.ones(120), x]), np.ones(120), np.arange(120))
        hc3.append(abs(single.coefficients[1] / single.se[1]) > 1.98)
    assert 0.02 <= np.mean(wild) <= 0.1
    assert np.mean(hc3) > 0.3


def test_holm_multiplies_the_smallest_by_all_and_never_falls():
    p = np.array([0.04, 0.001, 0.03, 0.005])
    # In order: 4 x .001, 3 x .005, 2 x .03, then no less than that.
    assert clusters.holm(p) == pytest.approx([0.06, 0.004, 0.06, 0.015])
    assert clusters.holm(np.array([0.3, 0.9])) == pytest.approx([0.6, 0.9])


def test_romano_wolf_steps_down_over_the_largest_of_what_is_left():
    rng = np.random.default_rng(8)
    drawn = rng.standard_normal((5, 999))
    drawn[3] = drawn[2]  # two tests that are one
    drawn[1] *= 3  # the clearest is the least sure: those after it are no surer
    found = np.array([0.5, -3.2, 2.2, 2.1, 1.0])
    order, p, last = np.argsort(-np.abs(found)), np.empty(5), 0.0
    for k, test in enumerate(order):
        largest = np.abs(drawn[order[k:]]).max(axis=0)
        last = max(last, (1 + (largest >= abs(found[test])).sum()) / 1000)
        p[test] = last
    assert clusters.romano_wolf(found, drawn) == pytest.approx(p)
    assert (clusters.romano_wolf(found, drawn) >= clusters.bootstrap_p(found, drawn)).all()
    alone = clusters.romano_wolf(found[:1], drawn[:1])
    assert alone == pytest.approx(clusters.bootstrap_p(found[:1], drawn[:1]))
