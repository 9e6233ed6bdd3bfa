"""A ranker of destinations: logistic regression over explainable features of a pair.

It learns from pairs that BLS experts call similar, and needs none of them when it is used: the
fitted coefficients are shipped in ``ranker.json``.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from pipelines.errors import ShapeChanged
from pipelines.pathways.features import PairFeatures, pair_features

#: Strengths of regularisation tried inside the training folds.
STRENGTHS = (0.003, 0.01, 0.03)


@dataclass(frozen=True)
class Ranker:
    """A linear model on standardised features.

    Attributes
    ----------
    names : tuple of str
        Features, in order.
    typical, centre, scale, weights : tuple of float
        Value used where a feature is missing; mean, spread and coefficient of each feature.
    intercept : float
        Log odds of a pair with average features.
    """

    names: tuple[str, ...]
    typical: tuple[float, ...]
    centre: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float

    def score(self, features: PairFeatures) -> np.ndarray:
        """Probability that an expert would list the pair, shape (n, candidates)."""
        if features.names != self.names:
            raise ShapeChanged(
                "ranker.json",
                "its features are not those of the program",
                "Run train_ranker again and ship the new file",
            )
        # One pass without copies of the big array: missing values count as the typical one.
        weight = np.asarray(self.weights) / np.asarray(self.scale)
        typical = np.asarray(self.typical, np.float32)
        filled = np.where(np.isnan(features.values), typical, features.values)
        logit = filled @ weight.astype(np.float32)
        logit += self.intercept - float(np.dot(weight, self.centre))
        return 1 / (1 + np.exp(-logit))

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Ranker:
        values: dict[str, Any] = json.loads(text)
        known: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in values.items()
        }
        return cls(**known)


def load_ranker() -> Ranker:
    """The ranker shipped with the program."""
    return Ranker.from_json(
        resources.files("pipelines.pathways").joinpath("ranker.json").read_text("utf-8")
    )


def usable_pairs(pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs whose two codes are detailed SOC codes, columns ``from_soc``, ``to_soc``."""
    pairs = pairs[["from_soc", "to_soc"]].dropna()
    detailed = ~(pairs["from_soc"].str.endswith("0") | pairs["to_soc"].str.endswith("0"))
    return pairs[detailed].drop_duplicates(ignore_index=True)


def _targets(features: PairFeatures, pairs: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Origins with pairs (positions), and which of their candidates are listed."""
    position = {c: i for i, c in enumerate(features.codes)}
    listed = np.zeros((len(position), len(position)), dtype=bool)
    for a, b in pairs[["from_soc", "to_soc"]].itertuples(index=False):
        if a in position and b in position:
            listed[position[a], position[b]] = True
    origins = np.flatnonzero(listed.any(1))
    return origins, np.take_along_axis(listed, features.candidates, axis=1)


def _fit(features: PairFeatures, origins: np.ndarray, target: np.ndarray, c: float) -> Ranker:
    x = features.values[origins].reshape(-1, len(features.names)).astype(np.float64)
    y = target[origins].ravel()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a feature that is missing everywhere
        typical = np.nan_to_num(np.nanmedian(x, axis=0))
    x = np.where(np.isnan(x), typical, x)
    centre, scale = x.mean(0), x.std(0)
    scale = np.where(scale > 0, scale, 1.0)
    model = LogisticRegression(C=c, max_iter=1000).fit((x - centre) / scale, y)

    # Rounded: the file stays small, and the same on any machine.
    def tidy(v: np.ndarray) -> tuple[float, ...]:
        return tuple(float(f"{a:.6g}") for a in v)

    return Ranker(
        features.names,
        tidy(typical),
        tidy(centre),
        tidy(scale),
        tidy(model.coef_[0]),
        float(f"{model.intercept_[0]:.6g}"),
    )


def _hits(
    ranker: Ranker,
    features: PairFeatures,
    origins: np.ndarray,
    target: np.ndarray,
    tops: tuple[int, ...],
) -> np.ndarray:
    part = PairFeatures(
        features.codes, features.candidates[origins], features.names, features.values[origins]
    )
    order = np.argsort(-ranker.score(part), axis=1, kind="stable")
    found = np.take_along_axis(target[origins], order, axis=1)
    return np.array([found[:, :k].sum() for k in tops])


def _choose(features: PairFeatures, origins: np.ndarray, target: np.ndarray, seed: int) -> float:
    """Regularisation with the best recall, by folds within the given origins only."""
    fold = np.random.default_rng(seed).permutation(len(origins)) % 4
    total = [
        sum(
            _hits(
                _fit(features, origins[fold != f], target, c),
                features,
                origins[fold == f],
                target,
                (10, 20),
            ).sum()
            for f in range(4)
        )
        for c in STRENGTHS
    ]
    return STRENGTHS[int(np.argmax(total))]


def train_ranker(tables: Mapping[str, pd.DataFrame], pairs: pd.DataFrame, seed: int = 0) -> Ranker:
    """Fit the ranker on all pairs.

    Parameters
    ----------
    tables : Mapping[str, DataFrame]
        Tables of a release.
    pairs : DataFrame
        ``from_soc``, ``to_soc``: pairs that experts call similar; pairs without two detailed SOC
        codes are left out.
    """
    features = pair_features(tables)
    origins, target = _targets(features, usable_pairs(pairs))
    return _fit(features, origins, target, _choose(features, origins, target, seed))


def evaluate_ranker(
    tables: Mapping[str, pd.DataFrame],
    pairs: pd.DataFrame,
    folds: int = 5,
    seed: int = 0,
    tops: tuple[int, ...] = (10, 20),
) -> dict[str, float]:
    """Recall over pairs of held-out origins: nested, regularisation chosen inside the folds.

    Returns
    -------
    dict
        ``pairs`` and, per k in `tops`, ``recall_k``: share of all usable pairs that stand in the
        first k destinations of their origin. A pair of an occupation without data counts as missed.
    """
    features = pair_features(tables)
    pairs = usable_pairs(pairs)
    origins, target = _targets(features, pairs)
    fold = np.random.default_rng(seed).permutation(len(origins)) % folds
    hits = np.zeros(len(tops))
    for f in range(folds):
        train = origins[fold != f]
        model = _fit(features, train, target, _choose(features, train, target, seed))
        hits += _hits(model, features, origins[fold == f], target, tops)
    return {"pairs": float(len(pairs))} | {
        f"recall_{k}": float(h / len(pairs)) for k, h in zip(tops, hits, strict=True)
    }
