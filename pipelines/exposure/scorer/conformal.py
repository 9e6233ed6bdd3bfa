"""Intervals of a task's exposure: cross-conformal, scaled by familiarity and by major SOC group.

The score of a held-out row is |human beta - expected beta| divided by the spread of beta under
the predicted chances. Its quantiles, by bin of similarity to the nearest labeled task (a less
familiar bin never has the smaller one) and times a factor by major SOC group (Mondrian), give
half-widths (Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World, 2005).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.exposure.scorer.classes import BETA_WEIGHTS

#: Similarity to the nearest labeled task below which intervals are calibrated apart.
SIMILARITY_SHARES = (0.15, 0.35, 0.65)
#: Level asked of the conformal quantiles: a little above .90, for groups not seen.
CONFORMAL_LEVEL = 0.905
#: Added to the spread, so that a sure prediction has an interval too.
SPREAD_FLOOR = 0.15


def spread(p: np.ndarray) -> np.ndarray:
    """Standard deviation of beta under the chances `p` (n, 3), plus the floor; (n,)."""
    mean = p @ BETA_WEIGHTS
    return np.sqrt(np.maximum(p @ BETA_WEIGHTS**2 - mean**2, 0)) + SPREAD_FLOOR


def quantiles(p: np.ndarray, beta: np.ndarray, bins: np.ndarray) -> np.ndarray:
    """Quantile of the scaled residual by bin of similarity, least familiar first."""
    score = np.abs(beta - p @ BETA_WEIGHTS) / spread(p)
    out = []
    for b in range(len(SIMILARITY_SHARES) + 1):
        own = score[bins == b]
        out.append(quantile(own if len(own) >= 30 else score))
    return np.maximum.accumulate(np.array(out)[::-1])[::-1]


def by_group(
    p: np.ndarray, beta: np.ndarray, width: np.ndarray, major: np.ndarray, groups: Sequence[str]
) -> np.ndarray:
    """Factor by major SOC group: what its own residuals ask of the pooled width.

    `width` (n,) is each row's. A group with fewer than 50 rows takes the widest factor, at
    least 1: too little vouches for it.
    """
    score = np.abs(beta - p @ BETA_WEIGHTS) / spread(p) / width
    own = [score[major == g] for g in groups]
    factors = [quantile(s) if len(s) >= 50 else np.nan for s in own]
    return np.nan_to_num(factors, nan=max([1.0, *(f for f in factors if f == f)]))


def quantile(score: np.ndarray, level: float = CONFORMAL_LEVEL) -> float:
    """What a share `level` of new scores stays under, corrected for how few (n,) there are."""
    n = len(score)
    return float(np.quantile(score, min(1, level * (n + 1) / n), method="higher"))
