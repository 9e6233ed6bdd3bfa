"""Weights of evidence: found again, and honest where labels are wrong."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax

from pipelines.postings import choice


def drawn(wrong: float, n: int = 3000) -> tuple[np.ndarray, np.ndarray]:
    """Evidence of two terms with weights 2 and -1, and answers of which a share is drawn evenly."""
    made = np.random.default_rng(5)
    evidence = made.normal(size=(n, 6, 2))
    p = softmax(evidence @ [2.0, -1.0], axis=1)
    answer = np.array([made.choice(6, p=one) for one in p])
    answer = np.where(made.random(n) < wrong, made.integers(6, size=n), answer)
    return evidence, answer[:, None] == np.arange(6)


def test_the_weights_are_found_again():
    found = choice.fit(*drawn(0.0), np.arange(3000) % 8)
    assert found.weights == pytest.approx([2, -1], abs=0.2)
    assert found.doubt == min(choice.DOUBTS)


def test_wrong_answers_move_the_doubt_and_not_the_weights():
    found = choice.fit(*drawn(0.2), np.arange(3000) % 8)
    assert found.weights == pytest.approx([2, -1], abs=0.35)
    assert found.doubt >= 0.15


def test_probabilities_are_of_one_occupation_each():
    p = choice.Choice(np.array([1.0]), 0.1).probabilities(np.array([[[0.0], [np.log(3)]]]))
    assert p[0] == pytest.approx([0.9 * 0.25 + 0.05, 0.9 * 0.75 + 0.05])


def test_brier_is_of_the_first_answer():
    p = np.array([[0.8, 0.2], [0.4, 0.6]])
    right = np.array([[True, False], [True, False]])
    assert choice.brier(p, right) == pytest.approx((0.2**2 + 0.6**2) / 2)


def test_a_group_is_left_out_together():
    group = np.array(list("abcabdeffa"))
    fold = choice.folds(group, 3)
    assert all(len(set(fold[group == one])) == 1 for one in group)
    assert set(fold) == {0, 1, 2}
