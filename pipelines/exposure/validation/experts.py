"""Scores against what experts said AI can do: WORKBank (Shao et al. 2025, arXiv 2506.06576).

Experts rated tasks from 1 (AI cannot do it) to 5 (AI can do all of it). The authors state no
license: a refresh fetches the ratings for a user's own check, they are never shipped, and the
automation score learned nothing from them. Half of the rated occupations are in our copy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipelines.exposure.occupation.weights import KEY
from pipelines.exposure.scorer.automation import TOP_LEVEL, level_share
from pipelines.exposure.scorer.classes import BETA_BY_CLASS

#: Scores compared, ours first; the rest are what one would otherwise take.
SCORES = {
    "automation_score": "automation score",
    "own_level": "level of the task alone",
    "gpt4_level": "GPT-4's own level",
    "exposure": "exposure",
    "people": "labels by people",
}
#: Pearson's r that the automation score must have with the experts' mean rating.
LEAST = 0.45
_DRAWS = 400
_COLUMNS = [
    "score", "n_tasks", "n_occupations", "pearson", "low", "high", "spearman",
    "mean_absolute_error",
]  # fmt: skip


def against_experts(tables: Mapping[str, pd.DataFrame], seed: int = 0) -> pd.DataFrame:
    """Agreement of scores with the mean rating of each task's experts.

    Parameters
    ----------
    tables : mapping of DataFrame
        `expert_ratings, task_scores, exposure_labels` of a release.
    seed : int
        Of the bootstrap, which resamples occupations.

    Returns
    -------
    DataFrame
        `score` (key of `SCORES`), `n_tasks`, `n_occupations`, `pearson, low, high` (95%
        interval), `spearman`, `mean_absolute_error` of score and rating both on 0 to 1 (missing
        for scores that are no automation level).
    """
    return agreement(rated(tables), list(SCORES), seed)


def agreement(frame: pd.DataFrame, scores: Sequence[str], seed: int = 0) -> pd.DataFrame:
    """Agreement of columns of a frame with its `rating`; columns of `against_experts`."""
    rng = np.random.default_rng(seed)
    rows = []
    for name in scores:
        both = frame[[name, "rating", "onet_soc_code"]].dropna()
        if len(both) < 3:
            continue
        low, high = _interval(both, name, rng)
        error = (both[name] - both["rating"]).abs().mean()
        rows.append({
            "score": name, "n_tasks": len(both), "n_occupations": both["onet_soc_code"].nunique(),
            "pearson": both[name].corr(both["rating"]), "low": low, "high": high,
            "spearman": both[name].corr(both["rating"], method="spearman"),
            "mean_absolute_error": np.nan if name in ("exposure", "people") else error,
        })  # fmt: skip
    return pd.DataFrame(rows, columns=_COLUMNS)


def rated(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rated tasks: `onet_soc_code, task_id, rating` (mean, put on 0 to 1) and `SCORES`."""
    labels = tables["exposure_labels"]
    labels = labels[KEY].assign(
        people=labels["human_label"].map(BETA_BY_CLASS),
        gpt4_level=level_share(labels["gpt4_automation"]),
    )
    scores = tables["task_scores"].assign(own_level=lambda f: f["automation_level"] / TOP_LEVEL)
    ratings = tables["expert_ratings"].groupby("task_id")["rating"].mean().reset_index()
    frame = ratings.merge(scores, on="task_id").merge(labels, on=KEY, how="left")
    frame["rating"] = (frame["rating"] - 1) / 4  # of 1 to 5
    return frame[[*KEY, "rating", *SCORES]]


def _interval(frame: pd.DataFrame, name: str, rng: np.random.Generator) -> tuple[float, float]:
    places = list(frame.groupby("onet_soc_code").indices.values())
    values = frame[[name, "rating"]].to_numpy(float)
    drawn = []
    for _ in range(_DRAWS):
        pick = np.concatenate([places[i] for i in rng.integers(0, len(places), len(places))])
        drawn.append(np.corrcoef(values[pick].T)[0, 1])
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def ceiling(ratings: pd.DataFrame) -> float:
    """Most that any score could correlate with a mean rating: the root of its reliability.

    Parameters
    ----------
    ratings : DataFrame
        Table `expert_ratings`; tasks with one rating count for the spread between tasks alone.

    Returns
    -------
    float
        From a one-way analysis of variance (Shrout and Fleiss 1979, ICC(1, k) with k the mean
        number of raters of a task); missing where no task has two ratings.
    """
    by = ratings.groupby("task_id")["rating"]
    n, size = len(by), by.size()
    within = ((ratings["rating"] - by.transform("mean")) ** 2).sum() / max(size.sum() - n, 1)
    k = (size.sum() - (size**2).sum() / size.sum()) / max(n - 1, 1)
    between = (size * (by.mean() - ratings["rating"].mean()) ** 2).sum() / max(n - 1, 1)
    if (size < 2).all() or between <= 0:
        return np.nan
    single = (between - within) / (between + (k - 1) * within)
    return float(np.sqrt(max(k * single / (1 + (k - 1) * single), 0)))
