"""From evidence to a probability: a conditional logit over occupations (McFadden 1974).

Of the codes that ads carry a share follows from nothing that the ad says; the likelihood holds
that share (`doubt`), spread evenly, so that those ads do not move the weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import softmax

#: Strength of the pull of weights toward 0, in units of a standardized term.
RIDGE = 1e-3
#: Shares of codes that may follow from nothing.
DOUBTS = (0.05, 0.15, 0.25)
_INNER = 4


@dataclass(frozen=True)
class Choice:
    """Weights of the terms, and the share of codes that follow from nothing."""

    weights: np.ndarray
    doubt: float

    def probabilities(self, evidence: np.ndarray) -> np.ndarray:
        """Of each occupation, (postings, occupations), from (postings, occupations, terms)."""
        p = softmax((evidence @ self.weights.astype(evidence.dtype)).astype(float), axis=1)
        return (1 - self.doubt) * p + self.doubt / p.shape[1]


def fit(evidence: np.ndarray, right: np.ndarray, group: np.ndarray) -> Choice:
    """The weights that make the right answers likeliest, with the doubt of `DOUBTS` whose
    probability is closest to how often the first answer is right (Brier), on groups left out.

    Parameters
    ----------
    evidence : array (postings, occupations, terms)
    right : array (postings, occupations), bool
        The occupations that count as right: those of the posting's 6-digit code.
    group : array (postings,)
        What is left out together: the posting's 6-digit code.
    """
    scale = evidence.std(axis=(0, 1))
    x, fold = evidence / scale, folds(group, _INNER)
    start = _weights(x, right, DOUBTS[0], np.full(x.shape[2], 0.3))

    def missed(doubt: float) -> float:
        p = np.zeros(right.shape)
        for f in range(_INNER):
            out = fold == f
            fitted = Choice(_weights(x[~out], right[~out], doubt, start), doubt)
            p[out] = fitted.probabilities(x[out])
        return brier(p, right)

    doubt = min(DOUBTS, key=missed)
    return Choice(_weights(x, right, doubt, start) / scale, doubt)


def folds(group: np.ndarray, n: int, seed: int = 1) -> np.ndarray:
    """A fold of each row, 0 to n - 1: rows of one group are in one fold."""
    groups, at = np.unique(group, return_inverse=True)
    return (np.random.default_rng(seed).permutation(len(groups)) % n)[at]


def brier(p: np.ndarray, right: np.ndarray) -> float:
    """Mean square of what the first answer's probability is from whether it is right."""
    return float(np.mean((p.max(axis=1) - right[np.arange(len(p)), p.argmax(axis=1)]) ** 2))


def _weights(x: np.ndarray, right: np.ndarray, doubt: float, start: np.ndarray) -> np.ndarray:
    even = right.mean(axis=1)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        p = softmax(x @ weights, axis=1)
        true = p * right
        q = true.sum(axis=1)
        whole = (1 - doubt) * q + doubt * even
        moved = ((true - q[:, None] * p)[:, None, :] @ x)[:, 0]
        slope = -((1 - doubt) / whole)[:, None] * moved
        value = -np.log(whole).mean() + RIDGE * (weights @ weights) / 2
        return value, slope.mean(axis=0) + RIDGE * weights

    return minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 100}).x
