"""How far an occupation's exposure may be off: draws of task weights and of task classes.

Each draw takes two things anew.

Weights. Every task's weight is multiplied by a gamma number of mean 1: the Bayesian bootstrap
(Rubin 1981), which resamples the tasks by random weights, with the coefficient of variation as a
parameter. At 1 it is the bootstrap itself, as if the tasks were a random sample of the work. They
are not: O*NET means its list to be the work, and what is unsure is how much each task counts.
`WEIGHT_CV` is how far the weighting rules that O*NET's ratings allow differ from one another
(`pipelines.exposure.occupation.sensitivity.weight_disagreement` measures it).

Classes. Every task's class is drawn from its calibrated chances of E0, E1, E2, because a person's
label is one class and not a mean. The scorer errs in one direction within an occupation: residuals
of held-out tasks of one occupation correlate by .03 to .04 (`residual_correlation`). So the draws
of an occupation share a normal variable (a Gaussian copula, classes in the order E0, E2, E1 of
their beta); independent draws would let errors cancel that do not.

`coverage` holds the 90% interval against the labels of people on occupations the scorer had not
seen; docs/METHODS.md section 4 has the figures.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.base.errors import UsageError
from pipelines.exposure.scorer.classes import BETA_WEIGHTS, CLASSES

N_DRAWS = 1000
#: Coefficient of variation of a task's weight: two rules differ by .18 to .25 where O*NET rates
#: tasks, and by more where it does not.
WEIGHT_CV = 0.3
#: Correlation of the shared normal variable that gives residuals the correlation measured in
#: held-out tasks: .061 under U to .064 under K (`residual_correlation`), rounded up.
LATENT_CORRELATION = 0.065
_PROBABILITIES = ["p_e0", "p_e1", "p_e2"]


def exposure_draws(
    frame: pd.DataFrame,
    seed: int = 0,
    *,
    weight_cv: float = WEIGHT_CV,
    correlation: float = LATENT_CORRELATION,
    n_draws: int = N_DRAWS,
) -> np.ndarray:
    """Draws of the weighted mean beta of each occupation.

    Parameters
    ----------
    frame : DataFrame
        One row a task: `onet_soc_code, p_e0, p_e1, p_e2, weight` (> 0).
    seed : int
        Seed of the draws.
    weight_cv : float
        Coefficient of variation of the random part of the weights; 0 keeps them as they are.
    correlation : float
        Of the normal variables behind two tasks of one occupation, 0 to 1.
    n_draws : int
        Number of draws.

    Returns
    -------
    ndarray, (n_draws, occupations)
        Occupations in the order of their first rows in `frame`.

    Raises
    ------
    UsageError
        `weight_cv` is negative or `correlation` not within 0 and 1.
    """
    if weight_cv < 0 or not 0 <= correlation <= 1:
        raise UsageError(
            "exposure_draws",
            f"weight_cv {weight_cv} and correlation {correlation} cannot be",
            "Give a weight_cv of 0 or more and a correlation from 0 to 1",
        )
    code, names = pd.factorize(frame["onet_soc_code"])
    w = frame["weight"].to_numpy(float)
    steps = _steps(frame)
    rng = np.random.default_rng(seed)
    out = np.empty((n_draws, len(names)))
    for d in range(n_draws):
        drawn = w * rng.gamma(1 / weight_cv**2, weight_cv**2, len(w)) if weight_cv else w
        beta = _classes(steps, code, correlation, rng)
        out[d] = np.bincount(code, drawn * beta, len(names)) / np.bincount(code, drawn, len(names))
    return out


def _steps(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Values of a standard normal variable above which beta is one half, and one, (n,) each."""
    from scipy.stats import norm

    e0, e2 = frame["p_e0"].to_numpy(), frame["p_e2"].to_numpy()
    return norm.ppf(np.clip(e0, 0, 1)), norm.ppf(np.clip(e0 + e2, 0, 1))


def _classes(steps, code, correlation, rng) -> np.ndarray:
    """Beta of one class a task, drawn from its chances; tasks of a code lean the same way."""
    common = rng.standard_normal(code.max() + 1)[code]
    own = rng.standard_normal(len(code))
    z = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * own
    return 0.5 * (z > steps[0]) + 0.5 * (z > steps[1])


def residual_correlation(scored: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """Correlation of the scorer's errors within an occupation, from held-out scores.

    The residual of a task is beta of its human label minus its expected beta. The correlation is
    the sum of the products of all pairs of tasks of one occupation over the sum of the products
    of the standard deviations that the chances imply: 0 where errors are independent and the
    chances calibrated.

    Parameters
    ----------
    scored : DataFrame
        Result of `pipelines.exposure.validation.evaluate.out_of_sample`.
    seed : int
        Of the bootstrap over occupations and of the search for `latent`.

    Returns
    -------
    DataFrame
        By `protocol`: `n_occupations, correlation, low, high` (90% interval, 1,000 bootstrap
        samples of occupations) and `latent`, the value of `LATENT_CORRELATION` that would give
        classes drawn from these chances the same correlation (from 30 draws at each of 7 values).
    """
    rows = []
    for name, frame in scored.groupby("protocol"):
        rng = np.random.default_rng(seed)
        code, names = pd.factorize(frame["onet_soc_code"])
        p = frame[_PROBABILITIES].to_numpy()
        mean = p @ BETA_WEIGHTS
        spread = np.sqrt(np.maximum(p @ BETA_WEIGHTS**2 - mean**2, 0))
        own = _pairs(_beta(frame) - mean, code)
        whole = _pairs(spread, code)
        pick = rng.integers(0, len(names), (1000, len(names)))
        low, high = np.quantile(own[pick].sum(1) / whole[pick].sum(1), [0.05, 0.95])
        grid, steps = np.linspace(0, 0.15, 7), _steps(frame)
        induced = [
            np.mean([_pairs(_classes(steps, code, c, rng) - mean, code).sum() for _ in range(30)])
            for c in grid
        ]
        latent = np.interp(own.sum(), np.maximum.accumulate(induced), grid)
        rows.append((name, len(names), own.sum() / whole.sum(), low, high, latent))
    columns = ["protocol", "n_occupations", "correlation", "low", "high", "latent"]
    return pd.DataFrame(rows, columns=columns)


def coverage(
    scored: pd.DataFrame,
    weights: pd.DataFrame,
    seed: int = 0,
    *,
    weight_cv: float = WEIGHT_CV,
    correlation: float = LATENT_CORRELATION,
) -> pd.DataFrame:
    """How often the 90% interval of held-out scores holds the weighted mean of people's labels.

    Parameters
    ----------
    scored : DataFrame
        Result of `pipelines.exposure.validation.evaluate.out_of_sample`.
    weights : DataFrame
        Result of `weights.task_weights`; labeled tasks that the release
        no longer has are left out.
    seed, weight_cv, correlation
        See `exposure_draws`.

    Returns
    -------
    DataFrame
        By `protocol`: `n_occupations, coverage, width` (mean), `coverage_small` and
        `coverage_large` (at most, and over, 20 labeled tasks), `mean_absolute_error` and `r`
        of the occupation's exposure.
    """
    rows = []
    key = ["onet_soc_code", "task_id"]
    for name, part in scored.groupby("protocol"):
        frame = part.merge(weights, on=key).sort_values(key, ignore_index=True)
        code, names = pd.factorize(frame["onet_soc_code"])
        w, n = frame["weight"].to_numpy(float), len(names)
        total, size = np.bincount(code, w, n), np.bincount(code)
        people = np.bincount(code, w * _beta(frame), n) / total
        ours = np.bincount(code, w * frame["exposure"], n) / total
        draws = exposure_draws(frame, seed, weight_cv=weight_cv, correlation=correlation)
        low, high = np.quantile(draws, [0.05, 0.95], axis=0)
        inside = (low <= people + 1e-9) & (people <= high + 1e-9)
        rows.append(
            {
                "protocol": name,
                "n_occupations": n,
                "coverage": inside.mean(),
                "coverage_small": inside[size <= 20].mean() if (size <= 20).any() else np.nan,
                "coverage_large": inside[size > 20].mean() if (size > 20).any() else np.nan,
                "width": (high - low).mean(),
                "mean_absolute_error": np.abs(people - ours).mean(),
                "r": np.corrcoef(people, ours)[0, 1] if n > 1 else np.nan,
            }
        )
    return pd.DataFrame(rows)


def _beta(frame: pd.DataFrame) -> np.ndarray:
    return BETA_WEIGHTS[frame["human_label"].map(CLASSES.index).to_numpy(int)]


def _pairs(values: np.ndarray, code: np.ndarray) -> np.ndarray:
    """Sum of the products of all ordered pairs of different rows of each code."""
    return np.bincount(code, values) ** 2 - np.bincount(code, values**2)
