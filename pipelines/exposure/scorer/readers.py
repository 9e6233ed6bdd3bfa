"""The three light models that read a statement: its words and word pairs, its dense vector, and
the detailed work activities (DWA) it speaks of.

Each predicts every label column at once (people, GPT-4 under two rubrics, automation level): a
ridge on stems and word pairs, a ridge on Gaussian kernels around landmark statements (subset of
regressors), and `activities`. All are linear once the features stand, so a million statements
take less than a minute. Penalties are chosen by the caller among those fitted (see `Fit`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.linalg import solve

from pipelines.base.errors import UsageError
from pipelines.exposure.scorer import tokens
from pipelines.exposure.scorer.activities import Activities

N_LANDMARKS = 4_500
#: Sharpness of the kernel exp(-GAMMA |a - b|^2) of unit vectors.
GAMMA = 1.0
#: Penalties tried of the ridge on words and of the kernel ridge.
WORD_PENALTIES = (2.0, 3.0, 4.5)
KERNEL_PENALTIES = (0.4, 0.7, 1.5)
#: Copies of every example with this share of words drawn to be replaced by one near in meaning,
#: and the weight of a copy. They teach the ridge on words what it cannot see: which are alike.
N_COPIES, COPY_WEIGHT, REPLACED_SHARE = 3, 0.5, 0.4
#: Kernel values are computed for this many statements at once: what a processor's cache holds.
_BLOCK = 256


@dataclass(frozen=True)
class Readers:
    """The three models, fitted; see the module."""

    stems: np.ndarray
    pairs: np.ndarray
    idf: np.ndarray
    coef: np.ndarray
    intercept: np.ndarray
    landmarks: np.ndarray
    kernel_coef: np.ndarray
    kernel_intercept: np.ndarray
    activities: Activities

    @classmethod
    def of(cls, state: dict) -> Readers:
        """From a model's state; half-precision arrays become float32."""
        wide = ("idf", "coef", "landmarks")
        names = cls.__dataclass_fields__.keys() - {"activities"}
        held = {n: state[n].astype(np.float32) if n in wide else state[n] for n in names}
        return cls(**held, activities=Activities.of(state))

    def state(self) -> dict:
        """What a model keeps: plain arrays, the large ones in half precision."""
        names = [n for n in self.__dataclass_fields__ if n != "activities"]
        half = {n: getattr(self, n).astype(np.float16) for n in ("idf", "coef", "landmarks")}
        return {n: half.get(n, getattr(self, n)) for n in names} | self.activities.state()

    def predict(self, words: tokens.Words, z: np.ndarray) -> np.ndarray:
        """Label columns as each model predicts them, side by side (n, 3 * columns)."""
        x = tokens.ngrams(words, self.stems, self.pairs, self.idf)
        read = x @ self.coef + self.intercept
        return np.hstack([read, self._kernel(z), self.activities.predict(z)])

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


class Fit:
    """The models for each penalty tried, fitted to one set of examples.

    Parameters
    ----------
    words, z : Words, array
        Words and unit vectors of the examples, in order.
    targets : array (n, columns)
        Label columns, 0 to 1; missing where nobody gave that label. Such an example is left out
        of the fit of that column, and only of that.
    weight : array (n,)
        Weight of each example.
    stems, near : array, Near
        See `features.stem_of` and `near.Near`.
    activities : Activities
        The third reader, which has no penalty.
    seed : int
        Of the rewording and the choice of landmarks.
    """

    def __init__(self, words, z, targets, weight, stems, near, activities, seed: int) -> None:
        self._stems = stems
        self._activities = activities
        rng = np.random.default_rng(seed)
        copies = [words, *(near.reworded(words, REPLACED_SHARE, rng) for _ in range(N_COPIES))]
        self._fit_words(tokens.joined(copies), targets, weight)
        chosen = rng.choice(len(z), min(N_LANDMARKS, len(z)), replace=False)
        self._landmarks = _half(z[np.sort(chosen)])
        k = rbf(z, self._landmarks)
        weighted = k * weight[:, None].astype(np.float32)
        self._mean = np.zeros(targets.shape[1])
        # Of each set of columns: normal matrix and right side.
        self._normals: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        for columns, rows in _alike(targets):
            own, said = weighted[rows], targets[rows].take(columns, axis=1)
            mean = np.average(said, axis=0, weights=weight[rows])
            normal = (own.T @ k[rows]).astype(np.float64)
            right = (own.T @ (said - mean).astype(np.float32)).astype(np.float64)
            self._mean[columns] = mean
            self._normals.append((columns, normal, right))

    def _fit_words(self, words, targets, weight) -> None:
        row, key = tokens.pairs_of(words, self._stems)
        seen = np.unique(np.stack([key, row]), axis=1)[0]
        values, times = np.unique(seen, return_counts=True)
        self._pairs = values[times >= 2]
        ones = np.ones(len(self._stems) + len(self._pairs), np.float32)
        present = tokens.ngrams(words, self._stems, self._pairs, ones)
        df = np.bincount(present.indices, minlength=len(ones))
        # A word that no example has says nothing here: without weight it thins out no other.
        self._idf = _half(np.where(df > 0, np.log((1 + words.n) / (1 + df)) + 1, 0))
        self._x: sp.csr_matrix = tokens.ngrams(words, self._stems, self._pairs, self._idf)
        self._targets = np.vstack([targets] * (1 + N_COPIES))
        self._weight = np.concatenate([weight, *[COPY_WEIGHT * weight] * N_COPIES])

    def readers(self, word_penalty: float, kernel_penalty: float) -> Readers:
        """The models with these penalties."""
        from sklearn.linear_model import Ridge

        coef = np.zeros((self._targets.shape[1], self._x.shape[1]), self._x.dtype)
        intercept = np.zeros(len(coef), self._x.dtype)
        for columns, rows in _alike(self._targets):
            linear = Ridge(alpha=word_penalty, solver="sparse_cg", tol=1e-4)
            said, weight = self._targets[rows].take(columns, axis=1), self._weight[rows]
            linear.fit(self._x[rows], said, sample_weight=weight)
            coef[columns], intercept[columns] = linear.coef_, linear.intercept_
        weights = self._kernel_weights(kernel_penalty)
        return Readers(
            stems=self._stems,
            pairs=self._pairs,
            idf=self._idf,
            coef=_half(coef.T),
            intercept=intercept,
            landmarks=self._landmarks,
            kernel_coef=weights.astype(np.float32),
            kernel_intercept=self._mean,
            activities=self._activities,
        )

    def _kernel_weights(self, penalty: float) -> np.ndarray:
        """Weights of the landmarks; the penalty is in the kernel's own norm."""
        norm = rbf(self._landmarks, self._landmarks).astype(np.float64)
        out = np.zeros((len(norm), len(self._mean)))
        for columns, normal, right in self._normals:
            out[:, columns] = _solved(penalty, norm, normal, right)
        return out


def _alike(targets: np.ndarray) -> list[tuple[np.ndarray, np.ndarray | slice]]:
    """Columns that are known of the same rows, and these rows; one set where all are known."""
    kinds, kind = np.unique(~np.isnan(targets), axis=1, return_inverse=True)
    return [
        (np.flatnonzero(kind.ravel() == i), slice(None) if rows.all() else np.flatnonzero(rows))
        for i, rows in enumerate(kinds.T)
    ]


def _solved(penalty: float, norm: np.ndarray, normal: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Solution of the penalized normal equations of some columns."""
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
