"""Weighted least squares with intervals that hold under unequal variance and heavy weights.

The variance is the jackknife over clusters, CR3 (MacKinnon and White 1985; Bell and McCaffrey
2002); with one unit a cluster it is HC3. With employment for weights a few large occupations
steer the line, and the common HC1 then gives intervals that are too short.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: 1 - leverage below which a unit is fitted by a term of its own and says nothing of the others.
_FITTED = 1e-9


@dataclass(frozen=True)
class Fit:
    """A fitted regression.

    Attributes
    ----------
    coefficients : ndarray, (k,)
        In the order of the columns given.
    influence : dict
        Cluster -> (k,) contribution to the error; the covariance is the sum of outer products.
    n : int
        Units.
    effective_n : float
        (Σw)² / Σw²: how many equally weighted units would say as much (Kish).
    df : int
        Clusters less columns.
    sampling_se : ndarray, (k,)
        Standard errors of the coefficients from the outcomes' own sampling errors alone; missing
        where one of these is missing, or none was given.
    residual_sd : float
        Weighted standard deviation of the residuals.
    """

    coefficients: np.ndarray
    influence: dict[object, np.ndarray]
    n: int
    effective_n: float
    df: int
    sampling_se: np.ndarray
    residual_sd: float

    @property
    def se(self) -> np.ndarray:
        """Standard errors robust to unequal variance, and to correlation within clusters."""
        rows = np.array(list(self.influence.values()))
        return np.sqrt((rows**2).sum(axis=0))


def fit(
    y: np.ndarray,
    x: np.ndarray,
    weights: np.ndarray,
    clusters: np.ndarray,
    sampling: np.ndarray | None = None,
) -> Fit:
    """Least squares of y on the columns of x.

    Parameters
    ----------
    y : ndarray, (n,)
    x : ndarray, (n, k)
        With a column of ones where an intercept is wanted. Collinear columns are allowed.
    weights : ndarray, (n,)
        Positive; only their ratios count.
    clusters : ndarray, (n,)
        Units whose errors may be correlated share a label.
    sampling : ndarray, (n,), optional
        Standard error of each y, for `Fit.sampling_se`; independent between units. Missing where
        unknown: no error is 0 for want of a figure.
    """
    root = np.sqrt(weights / weights.mean())
    xs, ys = x * root[:, None], y * root
    inverse = np.linalg.pinv(xs.T @ xs)
    pull = inverse @ xs.T
    beta = pull @ ys
    e = ys - xs @ beta
    labels, code = np.unique(clusters, return_inverse=True)
    leverage = np.einsum("ij,ji->i", xs, pull)
    # 0 by construction, not for want of a value: a unit with a term of its own has no residual.
    adjusted = np.where(1 - leverage > _FITTED, e / np.maximum(1 - leverage, _FITTED), 0.0)
    parts = pull.T * adjusted[:, None]
    sums = np.zeros((len(labels), x.shape[1]))
    np.add.at(sums, code, parts)
    for label in np.flatnonzero(np.bincount(code) > 1):
        own = np.flatnonzero(code == label)
        if len(own) > x.shape[1]:
            # The same change by columns, not by rows: what is left without the cluster.
            left = np.linalg.pinv(xs.T @ xs - xs[own].T @ xs[own], rcond=_FITTED, hermitian=True)
            sums[label] = left @ (xs[own].T @ e[own])
        else:
            left = np.eye(len(own)) - xs[own] @ pull[:, own]
            whole = np.linalg.pinv(left, rcond=_FITTED, hermitian=True) @ e[own]
            sums[label] = pull[:, own] @ whole
    sums *= np.sqrt((len(labels) - 1) / len(labels))
    spread = np.full(len(y), np.nan) if sampling is None else sampling
    w = root**2
    return Fit(
        coefficients=beta,
        influence=dict(zip(labels.tolist(), sums, strict=True)),
        n=len(y),
        effective_n=float(w.sum() ** 2 / (w**2).sum()),
        df=len(labels) - int(np.linalg.matrix_rank(xs)),
        sampling_se=np.sqrt((((pull * root) * spread) ** 2).sum(axis=1)),
        residual_sd=float(np.sqrt((e**2).sum() / w.sum())),
    )


def interval(estimate: float, se: float, df: int, level: float = 0.95) -> tuple[float, float]:
    """Two-sided interval by Student's t."""
    from scipy import stats

    reach = stats.t.ppf(0.5 + level / 2, max(df, 1)) * se
    return float(estimate - reach), float(estimate + reach)


def difference(later: Fit, earlier: Fit, column: int) -> tuple[float, float, int]:
    """Estimate, standard error and degrees of freedom of a coefficient's change between fits.

    A cluster that is in both fits enters with the difference of its two contributions, so that
    what the fits share (an estimate that ends one window and starts the other) is not counted
    as if it were independent.
    """
    total = 0.0
    for name in {**later.influence, **earlier.influence}:
        a = later.influence[name][column] if name in later.influence else 0.0
        b = earlier.influence[name][column] if name in earlier.influence else 0.0
        total += (a - b) ** 2
    estimate = later.coefficients[column] - earlier.coefficients[column]
    return float(estimate), float(np.sqrt(total)), min(later.df, earlier.df)
