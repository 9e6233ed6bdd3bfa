"""A ranker of destinations: a linear model over explainable features of a pair.

Fitted listwise: among an origin's candidates, the listed ones are to come first (the softmax loss
of Cao et al., Learning to Rank, ICML 2007). It learns from pairs that BLS experts call similar,
and needs none of them when it is used: the fitted coefficients are shipped in ``ranker.json``.
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
from threadpoolctl import threadpool_limits

from pipelines.base.errors import ShapeChanged
from pipelines.market.outlook import latest_projections
from pipelines.pathways.similarity.features import PairFeatures, pair_features

#: Strengths of regularization tried inside the training folds.
PENALTIES = (0.03, 0.1, 0.3)
#: Samples of origins behind an interval.
N_BOOTSTRAP_SAMPLES = 2000


#: Length of the list of the largest occupations.
MOST_LARGEST = 21


@dataclass(frozen=True)
class Ranker:
    """A linear model on standardized features.

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
        resources.files("pipelines.pathways.similarity").joinpath("ranker.json").read_text("utf-8")
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


def _listwise(z: np.ndarray, target: np.ndarray, strength: float) -> np.ndarray:
    """Weights that raise the listed among the candidates; z (origins, candidates, features)."""
    from scipy.optimize import minimize

    wanted = target.astype(float)
    count = wanted.sum(1, keepdims=True)
    listed = np.einsum("ij,ijk->k", wanted, z)
    flat, total = z.reshape(-1, z.shape[-1]), count.sum()

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        v = (flat @ w).reshape(target.shape)
        v -= v.max(1, keepdims=True)
        share = np.exp(v)
        norm = share.sum(1, keepdims=True)
        value = (count * np.log(norm)).sum() - (wanted * v).sum()
        slope = flat.T @ (count * share / norm).ravel() - listed
        return value / total + strength * (w @ w) / 2, slope / total + strength * w

    return minimize(loss, np.zeros(z.shape[-1]), jac=True, method="L-BFGS-B").x


def _fit(
    features: PairFeatures, origins: np.ndarray, target: np.ndarray, strength: float
) -> Ranker:
    from sklearn.linear_model import LogisticRegression

    x = features.values[origins].astype(np.float64)
    flat = x.reshape(-1, x.shape[-1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a feature that is missing everywhere
        typical = np.nan_to_num(np.nanmedian(flat, axis=0))
    x = np.where(np.isnan(x), typical, x)
    centre, scale = x.mean((0, 1)), x.std((0, 1))
    scale = np.where(scale > 0, scale, 1.0)
    z = (x - centre) / scale
    weights = _listwise(z, target[origins], strength)
    # The listwise loss fixes order only: two more numbers make the score a probability.
    order = (z @ weights).reshape(-1, 1)
    odds = LogisticRegression(C=np.inf).fit(order, target[origins].ravel())

    # Rounded: the file stays small, and the same on any machine.
    def tidy(v: np.ndarray) -> tuple[float, ...]:
        return tuple(float(f"{a:.6g}") for a in v)

    return Ranker(
        features.names,
        tidy(typical),
        tidy(centre),
        tidy(scale),
        tidy(weights * odds.coef_[0, 0]),
        float(f"{odds.intercept_[0]:.6g}"),
    )


def _hits(
    ranker: Ranker,
    features: PairFeatures,
    origins: np.ndarray,
    target: np.ndarray,
    tops: tuple[int, ...],
) -> np.ndarray:
    """Listed pairs among the first k, shape (origins, tops)."""
    part = PairFeatures(
        features.codes, features.candidates[origins], features.names, features.values[origins]
    )
    order = np.argsort(-ranker.score(part), axis=1, kind="stable")
    found = np.take_along_axis(target[origins], order, axis=1)
    return np.stack([found[:, :k].sum(1) for k in tops], axis=1)


def _choose(features: PairFeatures, origins: np.ndarray, target: np.ndarray, seed: int) -> float:
    """Strength of regularization with the best recall, by folds within the given origins only."""
    fold = np.random.default_rng(seed).permutation(len(origins)) % 4
    total = [
        sum(
            _hits(
                _fit(features, origins[fold != f], target, strength),
                features,
                origins[fold == f],
                target,
                (10, 20),
            ).sum()
            for f in range(4)
        )
        for strength in PENALTIES
    ]
    return PENALTIES[int(np.argmax(total))]


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
    # Sums over several threads differ in their last bits; one thread gives the same file again.
    with threadpool_limits(1):
        return _fit(features, origins, target, _choose(features, origins, target, seed))


def evaluate_ranker(
    tables: Mapping[str, pd.DataFrame],
    pairs: pd.DataFrame,
    folds: int = 5,
    seed: int = 0,
    tops: tuple[int, ...] = (10, 20),
) -> dict[str, float]:
    """Recall over pairs of held-out origins: nested, regularization chosen inside the folds.

    Parameters
    ----------
    tables, pairs
        As in `train_ranker`.
    folds, seed : int
        Number of folds, and the seed that deals origins into them.
    tops : tuple of int
        Lengths of the list.

    Returns
    -------
    dict
        ``pairs`` and, per k in `tops`, ``recall_k``: share of all usable pairs that stand in the
        first k destinations of their origin; a pair of an occupation without data counts as
        missed. ``recall_k_low``, ``recall_k_high``: its 95% interval over samples of origins.
    """
    features = pair_features(tables)
    pairs = usable_pairs(pairs)
    origins, target = _targets(features, pairs)
    fold = np.random.default_rng(seed).permutation(len(origins)) % folds
    hits = np.zeros((len(origins), len(tops)))
    with threadpool_limits(1):
        for f in range(folds):
            train = origins[fold != f]
            model = _fit(features, train, target, _choose(features, train, target, seed))
            hits[fold == f] = _hits(model, features, origins[fold == f], target, tops)
    # All origins with pairs, those without data too: they have pairs and no hit.
    size = pairs["from_soc"].value_counts().sort_index()
    found = np.zeros((len(size), len(tops)))
    found[size.index.get_indexer(features.codes[origins])] = hits
    draw = np.random.default_rng(seed).integers(len(size), size=(N_BOOTSTRAP_SAMPLES, len(size)))
    drawn = found[draw].sum(1) / size.to_numpy()[draw].sum(1)[:, None]
    low, high = np.quantile(drawn, (0.025, 0.975), axis=0)
    out = {"pairs": float(len(pairs))}
    for i, k in enumerate(tops):
        out[f"recall_{k}"] = float(found[:, i].sum() / len(pairs))
        out[f"recall_{k}_low"], out[f"recall_{k}_high"] = float(low[i]), float(high[i])
    return out


def list_recall(
    lists: pd.DataFrame, pairs: pd.DataFrame, tops: tuple[int, ...] = (10, 20), seed: int = 0
) -> dict[str, float]:
    """Recall of a given list over pairs, as `evaluate_ranker` counts it: the baselines.

    Parameters
    ----------
    lists : DataFrame
        ``from_soc``, ``to_soc``, ``rank`` (1 first, without gaps).
    pairs, tops, seed
        As in `evaluate_ranker`.
    """
    pairs = usable_pairs(pairs)
    rank = lists.set_index(["from_soc", "to_soc"])["rank"]
    rank = rank.reindex(pd.MultiIndex.from_frame(pairs[["from_soc", "to_soc"]])).to_numpy(float)
    out = {"pairs": float(len(pairs))}
    origin, size = pd.factorize(pairs["from_soc"])[0], pairs["from_soc"].nunique()
    draw = np.random.default_rng(seed).integers(size, size=(N_BOOTSTRAP_SAMPLES, size))
    total = np.bincount(origin, minlength=size)
    for k in tops:
        hit = rank <= k
        found = np.bincount(origin, weights=hit, minlength=size)
        low, high = np.quantile(found[draw].sum(1) / total[draw].sum(1), (0.025, 0.975))
        out[f"recall_{k}"] = float(hit.mean())
        out[f"recall_{k}_low"], out[f"recall_{k}_high"] = float(low), float(high)
    return out


def baseline_lists(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Lists that need no fit, by name: O*NET's related occupations, and the largest occupations.

    Returns
    -------
    dict
        Frames of ``from_soc``, ``to_soc``, ``rank``. O*NET's are by the best rank of an
        occupation's specialties; size is jobs in BLS's newest projections, the same for every
        origin.
    """
    related = tables["related_occupations"]
    pairs = pd.DataFrame(
        {
            "from_soc": related["onet_soc_code"].str[:7],
            "to_soc": related["related_onet_soc_code"].str[:7],
            "rank": related["rank"],
        }
    )
    pairs = pairs[pairs["from_soc"] != pairs["to_soc"]]
    pairs = pairs.groupby(["from_soc", "to_soc"], as_index=False)["rank"].min()
    pairs = pairs.sort_values(["from_soc", "rank", "to_soc"], ignore_index=True)
    pairs["rank"] = pairs.groupby("from_soc").cumcount() + 1
    jobs = latest_projections(tables["projections"])["employment_base"].dropna()
    jobs = jobs[~jobs.index.str.endswith("0")]  # no group of occupations
    largest = jobs.sort_values(ascending=False).index[:MOST_LARGEST]
    origins = pairs["from_soc"].unique()
    size = pd.DataFrame(
        [(a, b) for a in origins for b in largest if a != b], columns=["from_soc", "to_soc"]
    )
    size["rank"] = size.groupby("from_soc").cumcount() + 1
    return {"O*NET's related occupations": pairs, "the largest occupations": size}
