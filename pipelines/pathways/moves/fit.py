"""Estimating the weights of a move's terms from observed moves.

The survey's codes are groups of occupations at both ends: the chance of a group is the sum of the
chances of its occupations, averaged over the occupations of the origin by their jobs. The weights
make the observed shares most likely, each origin counting by the root of the respondents who left
it (a large origin's shares are surer, and no more typical), with a ridge penalty on standardized
terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.pathways.moves.observed import PEOPLE_PER_RESPONDENT
from pipelines.pathways.moves.terms import Moves

#: Occupations of an origin that make up less of it are left out.
LEAST_PART = 0.02
#: The penalty on the weight of the destination's jobs, as a part of the others'.
FREE = 0.01


@dataclass(frozen=True)
class Choices:
    """Observed choices of some origins.

    Attributes
    ----------
    rows : ndarray of int, shape (r,)
        Occupations that make up the origins.
    member : ndarray, shape (o, r)
        Part of each in its origin; rows sum to 1.
    outside : ndarray, shape (r, n)
        Share of each destination that is not in the origin's own CPS code.
    into : ndarray, shape (n, k)
        Share of each occupation in each survey code.
    allowed : ndarray of bool, shape (o, k)
        Codes that a leaver can be in.
    shares : ndarray, shape (o, k)
        Observed shares of the leavers; rows sum to 1.
    respondents : ndarray, shape (o,)
        Estimated number of respondents who left.
    """

    rows: np.ndarray
    member: np.ndarray
    outside: np.ndarray
    into: np.ndarray
    allowed: np.ndarray
    shares: np.ndarray
    respondents: np.ndarray

    def by_code(self, chance: np.ndarray) -> np.ndarray:
        """Chances by survey code, shape (o, k), from chances by occupation, shape (r, n)."""
        share = np.divide(chance, self.outside, out=np.zeros_like(chance), where=self.outside > 0)
        return self.member @ (share @ self.into) * self.allowed


def choices(data: Moves, origins: Sequence[int] | np.ndarray) -> Choices:
    """The observed choices of survey codes, by their positions in ``data.cells.codes``."""
    survey = data.cells
    part = data.of_code()[:, origins]
    part = np.where(part >= LEAST_PART, part, 0)
    part = part / part.sum(0)
    occupation, origin = np.nonzero(part)
    member = np.zeros((len(origins), len(occupation)))
    member[origin, np.arange(len(occupation))] = part[occupation, origin]
    allowed = survey.twins[origins][:, None] != survey.twins[None]
    leavers = survey.leavers()[origins]
    left = leavers.sum(1)
    outside = allowed.astype(float) @ data.in_code.T
    outside = np.where(outside > 1e-9, outside, 0)[origin]
    outside[np.arange(len(occupation)), occupation] = 0  # an occupation is not its own destination
    respondents = left * survey.people[origins] / PEOPLE_PER_RESPONDENT
    return Choices(
        occupation, member, outside, data.in_code, allowed, leavers / left[:, None], respondents
    )


def chance_of(utility: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """Softmax over destinations, each by its part outside the origin's code, shape (r, n)."""
    with np.errstate(divide="ignore"):
        v = utility + np.log(outside)
    v = v - v.max(1, keepdims=True)
    chance = np.exp(v)
    return chance / chance.sum(1, keepdims=True)


def fit(
    chosen: Choices, terms: np.ndarray, penalty: float, start: np.ndarray | None = None
) -> np.ndarray:
    """Weights of the terms, shape (t,).

    Parameters
    ----------
    chosen : Choices
        The training origins.
    terms : ndarray, shape (r, n, t)
        Terms of their occupations; the first is the destination's jobs.
    penalty : float
        Strength of the ridge on standardized terms.
    start : ndarray, shape (t,), optional
        Weights to begin with; zero where none are given.
    """
    from scipy.optimize import minimize

    count = terms.shape[-1]
    flat = terms.reshape(-1, count)
    # The penalty is on standardized terms; a term without spread has no weight.
    scale = np.asarray(flat.std(0), float)
    scale = np.where(scale > 1e-9, scale, np.inf)
    flat = (flat / scale.astype(np.float32)).astype(np.float32)
    ridge = np.full(count, penalty)
    ridge[0] *= FREE
    weight = np.sqrt(chosen.respondents)
    weight = weight / weight.sum()
    seen = chosen.shares > 0

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        utility = (flat @ w.astype(np.float32)).reshape(chosen.outside.shape)
        chance = chance_of(utility, chosen.outside)
        by_code = np.maximum(chosen.by_code(chance), 1e-300)
        value = -(weight[:, None] * np.where(seen, chosen.shares * np.log(by_code), 0)).sum()
        # How much more of each code's chance is wanted, carried back to the occupations.
        pull = np.where(seen, chosen.shares / by_code, 0) * weight[:, None] * chosen.allowed
        back = chosen.member.T @ pull @ chosen.into.T
        back = np.divide(back, chosen.outside, out=np.zeros_like(back), where=chosen.outside > 0)
        moved = back * chance
        slope = flat.T @ (moved.sum(1, keepdims=True) * chance - moved).ravel().astype(np.float32)
        return value + (ridge * w * w).sum() / 2, np.asarray(slope, float) + ridge * w

    begin = np.zeros(count) if start is None else start * np.where(np.isinf(scale), 0, scale)
    found = minimize(loss, begin, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return found.x / scale


def log_likelihood(chosen: Choices, by_code: np.ndarray) -> float:
    """Mean log likelihood of the observed shares, origins weighted as in `fit`."""
    weight = np.sqrt(chosen.respondents)
    each = np.where(chosen.shares > 0, chosen.shares * np.log(np.maximum(by_code, 1e-300)), 0)
    return float((weight * each.sum(1)).sum() / weight.sum())
