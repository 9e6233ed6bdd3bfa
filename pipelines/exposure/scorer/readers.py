"""The two light models that read a statement: its words and word pairs, and its dense vector.

Each predicts every label column at once (people, GPT-4 under two rubrics, automation level): a
ridge on stems and word pairs, and a ridge on Gaussian kernels around landmark statements (subset
of regressors). Both are linear once the features stand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve

from pipelines.base.errors import UsageError
from pipelines.exposure.scorer import tokens

N_LANDMARKS = 2_500
#: Sharpness of the kernel exp(-GAMMA |a - b|^2) of unit vectors.
GAMMA = 1.0
#: Penalties of the ridge on words and of the kernel ridge, in the kernel's own norm.
WORD_PENALTY, KERNEL_PENALTY = 3.0, 0.7
#: Kernel values are computed for this many statements at once: what a processor's cache holds.
_BLOCK = 256
_HALF = ("idf", "coef", "landmarks")


@dataclass(frozen=True)
class Readers:
    """The two models, fitted; see the module."""

    stems: np.ndarray
    pairs: np.ndarray
    idf: np.ndarray
    coef: np.ndarray
    intercept: np.ndarray
    landmarks: np.ndarray
    kernel_coef: np.ndarray
    kernel_intercept: np.ndarray

    @classmethod
    def of(cls, state: dict) -> Readers:
        """From a model's state; half-precision arrays become float32."""
        held = {name: state[name] for name in cls.__dataclass_fields__}
        return cls(**held | {name: held[name].astype(np.float32) for name in _HALF})

    def state(self) -> dict:
        """What a model keeps: plain arrays, the large ones in half precision."""
        held = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return held | {name: held[name].astype(np.float16) for name in _HALF}

    def predict(self, words: tokens.Words, z: np.ndarray) -> np.ndarray:
        """Label columns as each model predicts them, side by side (n, 2 * columns)."""
        x = tokens.ngrams(words, self.stems, self.pairs, self.idf)
        return np.hstack([x @ self.coef + self.intercept, self._kernel(z)])

    def _kernel(self, z: np.ndarray) -> np.ndarray:
        out = np.empty((len(z), self.kernel_coef.shape[1]))
        # `rbf` in fewer passes: of unit vectors |a - b|^2 is 2 - 2 ab, and its constant part is
        # the same factor everywhere.
        sharp = (2 * GAMMA) * self.landmarks.T
        coef = np.float32(np.exp(-2 * GAMMA)) * self.kernel_coef
        for start in range(0, len(z), _BLOCK):
            k = z[start : start + _BLOCK] @ sharp
            out[start : start + _BLOCK] = np.exp(k, out=k) @ coef
        return out + self.kernel_intercept


def rbf(z: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
    """Gaussian kernel of unit vectors, float32 (n, landmarks)."""
    k = z @ landmarks.T
    k -= 1
    k *= 2 * GAMMA
    return np.exp(k, out=k)


def fit(
    words: tokens.Words,
    z: np.ndarray,
    targets: np.ndarray,
    weight: np.ndarray,
    stems: np.ndarray,
    seed: int,
    penalties: tuple[float, float] = (WORD_PENALTY, KERNEL_PENALTY),
) -> Readers:
    """The models fitted to one set of examples.

    Parameters
    ----------
    words, z : Words, array (n, dims)
        Words and unit vectors of the examples, in order.
    targets : array (n, columns)
        Label columns, 0 to 1; missing where nobody gave that label. Such an example is left out
        of the fit of that column, and only of that.
    weight : array (n,)
        Weight of each example.
    stems : array
        See `tokens.stem_of`.
    seed : int
        Of the choice of landmarks.
    penalties : (float, float)
        Of the ridge on words and of the kernel ridge.

    Raises
    ------
    UsageError
        The vectors do not differ enough.
    """
    from sklearn.linear_model import Ridge

    x, pairs, idf = _word_features(words, stems)
    chosen = np.random.default_rng(seed).choice(len(z), min(N_LANDMARKS, len(z)), replace=False)
    landmarks = _half(z[np.sort(chosen)])
    norm = rbf(landmarks, landmarks).astype(np.float64)
    k = rbf(z, landmarks)
    weighted = k * weight[:, None].astype(np.float32)
    n_columns = targets.shape[1]
    coef, intercept = np.zeros((n_columns, x.shape[1])), np.zeros(n_columns)
    kernel_coef, mean = np.zeros((len(norm), n_columns)), np.zeros(n_columns)
    for columns, rows in _alike(targets):
        said = targets[rows].take(columns, axis=1)
        linear = Ridge(alpha=penalties[0], solver="sparse_cg", tol=1e-4)
        linear.fit(x[rows], said, sample_weight=weight[rows])
        coef[columns], intercept[columns] = linear.coef_, linear.intercept_
        mean[columns] = np.average(said, axis=0, weights=weight[rows])
        normal = (weighted[rows].T @ k[rows]).astype(np.float64)
        right = (weighted[rows].T @ (said - mean[columns]).astype(np.float32)).astype(np.float64)
        kernel_coef[:, columns] = _solved(penalties[1], norm, normal, right)
    return Readers(
        stems=stems,
        pairs=pairs,
        idf=idf,
        coef=_half(coef.T),
        intercept=intercept.astype(np.float32),
        landmarks=landmarks,
        kernel_coef=kernel_coef.astype(np.float32),
        kernel_intercept=mean,
    )


def _word_features(words: tokens.Words, stems: np.ndarray) -> tuple:
    """Features of the examples, the pairs that two examples or more have, inverse frequencies."""
    row, key = tokens.pairs_of(words, stems)
    seen = np.unique(np.stack([key, row]), axis=1)[0]
    values, times = np.unique(seen, return_counts=True)
    pairs = values[times >= 2]
    ones = np.ones(len(stems) + len(pairs), np.float32)
    present = tokens.ngrams(words, stems, pairs, ones)
    df = np.bincount(present.indices, minlength=len(ones))
    # A word that no example has says nothing here: without weight it thins out no other.
    idf = _half(np.where(df > 0, np.log((1 + words.n) / (1 + df)) + 1, 0))
    return tokens.ngrams(words, stems, pairs, idf), pairs, idf


def _alike(targets: np.ndarray) -> list[tuple[np.ndarray, np.ndarray | slice]]:
    """Columns that are known of the same rows, and these rows; one set where all are known."""
    kinds, kind = np.unique(~np.isnan(targets), axis=1, return_inverse=True)
    return [
        (np.flatnonzero(kind.ravel() == i), slice(None) if rows.all() else np.flatnonzero(rows))
        for i, rows in enumerate(kinds.T)
    ]


def _solved(penalty: float, norm: np.ndarray, normal: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Weights of the landmarks: the penalized normal equations of some columns, solved."""
    # Landmarks that say nearly the same, in single precision: a little on the diagonal makes
    # the matrix definite, and as much as rounding may have taken where that little is lost;
    # how much that is depends on the machine's way of adding up.
    lost = np.finfo(np.float32).eps * np.trace(normal)
    for ridge in (1e-3 * penalty, 1e-2 * penalty, 1e-1 * penalty, lost):
        matrix = penalty * norm
        matrix[np.diag_indices_from(matrix)] += ridge
        matrix += normal
        try:
            return solve(matrix, right, assume_a="pos", overwrite_a=True)
        except np.linalg.LinAlgError:
            continue
    raise UsageError(
        "exposure_labels",
        f"the sentence vectors of {len(norm):,} landmarks do not differ enough",
        "Train on more, and more different, statements",
    )


def _half(values: np.ndarray) -> np.ndarray:
    """Rounded to what half precision holds, so that the kept model is the fitted one."""
    return values.astype(np.float16).astype(np.float32)
