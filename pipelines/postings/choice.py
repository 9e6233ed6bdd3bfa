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
DOUBTS = (0.05, 0.1, 0.15, 0.2, 0.25)


@dataclass(frozen=True)
class Choice:
    """Weights of the terms, and the share of codes that follow from nothing."""

    weights: np.ndarray
    doubt: float

    def probabilities(self, evidence: np.ndarray) -> np.ndarray:
        """Of each occupation, (postings, occupations), from (postings, occupations, terms)."""
        p = softmax((evidence @ self.weights.astype(evidence.dtype)).astype(float), axis=1)
        return (1 - self.doubt) * p + self.doubt / p.shape[1]


def fit(evidence: np.ndarray, right: np.ndarray) -> Choice:
    """The weights that make the right answers likeliest, with the doubt of `DOUBTS` whose
    probability of the first answer is closest to how often it is right (Brier).

    Parameters
    ----------
    evidence : array (postings, occupations, terms)
    right : array (postings, occupations), bool
        The occupations that count as right: those of the posting's 6-digit code.
    """
    scale = evidence.std(axis=(0, 1))
    found, start = [], np.full(evidence.shape[2], 0.3)
    for doubt in DOUBTS:
        start = _weights(evidence / scale, right, doubt, start)
        found.append(Choice(start / scale, doubt))
    return min(found, key=lambda choice: brier(choice.probabilities(evidence), right))


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
        moved = np.einsum("no,nok->nk", true, x) - q[:, None] * np.einsum("no,nok->nk", p, x)
        slope = -((1 - doubt) / whole)[:, None] * moved
        value = -np.log(whole).mean() + RIDGE * (weights @ weights) / 2
        return value, slope.mean(axis=0) + RIDGE * weights

    return minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 100}).x
