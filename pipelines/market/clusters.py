"""Inference where the errors of occupations of one major group go together, and many slopes are
tested at once.

Occupations of a major group share what happened to their industries, so errors that are taken as
independent are too small. Three answers stand side by side: the jackknife over major groups (CR3,
`regression.fit`), two-way clustering (Cameron, Gelbach and Miller 2011, from statsmodels), and the
wild cluster bootstrap with the null imposed and Webb's six weights (Cameron, Gelbach and Miller
2008; Webb 2023), which holds with few groups. Its draws are the same for all slopes, so that they
also give Romano and Wolf's (2005) step-down, which knows how the tests depend on one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

#: Draws of the wild cluster bootstrap.
N_DRAWS = 9999
#: Webb's weights: six, because with few clusters two give too few different draws.
WEBB_WEIGHTS = np.sqrt([0.5, 1.0, 1.5])


@dataclass(frozen=True)
class Part:
    """One regression of y on x with an intercept: `y`, `x`, `weights` and two sets of clusters
    (whole numbers from 0, the same in every part), each (n,)."""

    y: np.ndarray
    x: np.ndarray
    weights: np.ndarray
    first: np.ndarray
    second: np.ndarray


@dataclass(frozen=True)
class Score:
    """What clusters contribute to a slope (G,), and to the bootstrap's draws of it.

    With a weight v a cluster, the drawn slope less its null is ``linear @ v``, and the clusters'
    contributions to its error are ``spread @ v``.
    """

    estimate: float
    contributions: np.ndarray
    linear: np.ndarray
    spread: np.ndarray

    def less(self, other: Score) -> Score:
        """The same of the difference of two slopes."""
        return Score(
            self.estimate - other.estimate,
            self.contributions - other.contributions,
            self.linear - other.linear,
            self.spread - other.spread,
        )


def two_way_se(parts: Sequence[Part]) -> float:
    """Standard error of a slope, or of the first part's less the second's, clustered two ways.

    Missing where the estimate of the variance is not positive, which it may be.
    """
    # Imported here: statsmodels takes seconds to load, and few commands ask for it.
    import statsmodels.api as sm
    from scipy.linalg import block_diag

    x = block_diag(*(np.column_stack([np.ones(len(p.x)), p.x]) for p in parts))
    y, first, second = (
        np.concatenate([getattr(p, name) for p in parts]) for name in ("y", "first", "second")
    )
    weights = np.concatenate([p.weights / p.weights.mean() for p in parts])
    groups = np.column_stack([first, second])
    with np.errstate(invalid="ignore"):
        found = sm.WLS(y, x, weights).fit(cov_type="cluster", cov_kwds={"groups": groups})
        asked = np.array([0.0, 1.0] if len(parts) == 1 else [0.0, 1.0, 0.0, -1.0])
        variance = float(asked @ found.cov_params() @ asked)
    return float(np.sqrt(variance)) if variance > 0 else float("nan")


def score(part: Part, n_clusters: int, null: float = 0.0) -> Score:
    """`Score` of the slope of a regression, with the slope `null` in the drawn data."""
    w = part.weights / part.weights.sum()
    x = part.x - w @ part.x
    y = part.y - w @ part.y
    total = (w * x) @ x
    slope = float((w * x) @ y / total)
    pull = w * x / total  # the slope is pull @ y

    def sums(values: np.ndarray) -> np.ndarray:
        return np.bincount(part.first, values, n_clusters)

    restricted = y - null * x
    linear = sums(pull * restricted)
    # A drawn outcome changes intercept and slope: what both take away from the residuals.
    level = np.outer(sums(pull), sums(w * restricted))
    tilt = np.outer(sums(pull * x), linear)
    contributions = sums(pull * (y - slope * x))
    return Score(slope, contributions, linear, np.diag(linear) - level - tilt)


def difference_score(after: Part, before: Part, n_clusters: int) -> Score:
    """`Score` of the first slope less the second, with one common slope in the drawn data."""
    size = []
    for part in (after, before):
        w = part.weights / part.weights.sum()
        size.append(len(w) * (w @ part.x**2 - (w @ part.x) ** 2))
    slopes = [score(part, n_clusters).estimate for part in (after, before)]
    common = float(np.average(slopes, weights=size))
    return score(after, n_clusters, common).less(score(before, n_clusters, common))


def draws(n_clusters: int, n_draws: int = N_DRAWS, seed: int = 0) -> np.ndarray:
    """Webb's weights, (clusters, draws)."""
    rng = np.random.default_rng(seed)
    weights = np.concatenate([-WEBB_WEIGHTS, WEBB_WEIGHTS])
    return weights[rng.integers(0, len(weights), (n_clusters, n_draws))]


def bootstrap_t(one: Score, weights: np.ndarray) -> tuple[float, np.ndarray]:
    """t of a slope, and of its draws under the null, (draws,)."""
    found = one.estimate / np.sqrt((one.contributions**2).sum())
    error = np.sqrt(((one.spread @ weights) ** 2).sum(axis=0))
    return float(found), (one.linear @ weights) / error


def bootstrap_p(found: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Two-sided p of each test by itself, (tests,); `drawn` (tests, draws)."""
    beyond = (np.abs(drawn) >= np.abs(found)[:, None]).sum(axis=1)
    return (1 + beyond) / (1 + drawn.shape[1])


def romano_wolf(found: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """p of each test after step-down over all tests, (tests,); Romano and Wolf (2005, 2016).

    Parameters
    ----------
    found : ndarray, (tests,)
        t of each.
    drawn : ndarray, (tests, draws)
        t in draws under the null, the same draws for all tests.
    """
    order = np.argsort(-np.abs(found), kind="stable")
    largest = np.zeros(drawn.shape[1])
    out = np.empty(len(found))
    for place in order[::-1]:
        # The largest of the tests that are no clearer than this one.
        largest = np.maximum(largest, np.abs(drawn[place]))
        out[place] = (1 + (largest >= abs(found[place])).sum()) / (1 + len(largest))
    out[order] = np.maximum.accumulate(out[order])
    return out


def holm(p: np.ndarray) -> np.ndarray:
    """p of each test after Holm (1979), (tests,), whatever the dependence of the tests."""
    from statsmodels.stats.multitest import multipletests

    return multipletests(p, method="holm")[1]
