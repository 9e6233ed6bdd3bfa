"""Words near in meaning, to reword examples with: what a model of words should not hang on."""

from __future__ import annotations

import numpy as np

from pipelines.exposure.scorer import tokens

N_SYNONYMS = 5
#: Cosine of two words' vectors from which they are near.
MIN_COSINE = 0.4


class Near:
    """For each word, up to five others of another base form with the largest cosine.

    Parameters
    ----------
    values : array (words, dims)
        Vector of each word.
    stems : array
        Base form of each word, see `tokens.stem_of`.
    used : array
        Positions of the words to know neighbors of.
    """

    def __init__(self, values: np.ndarray, stems: np.ndarray, used: np.ndarray) -> None:
        unit = values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-6)
        self._near = np.full((len(unit), N_SYNONYMS), -1)
        for start in range(0, len(used), 1000):
            words = used[start : start + 1000]
            close = unit[words] @ unit.T
            close[stems[words][:, None] == stems[None, :]] = -1
            top = np.argpartition(-close, N_SYNONYMS, axis=1)[:, :N_SYNONYMS]
            cosine = np.take_along_axis(close, top, axis=1)
            self._near[words] = np.where(cosine >= MIN_COSINE, top, -1)

    def of(self, word: int) -> np.ndarray:
        """Positions of the words near to one, at most five; none for a word that is not known."""
        near = self._near[word] if word >= 0 else np.zeros(0, int)
        return near[near >= 0]

    def reworded(self, words: tokens.Words, share: float, rng: np.random.Generator) -> tokens.Words:
        """The statements with about `share` of their words drawn and replaced by a near one.

        A drawn word stays where the draw among its five places finds none.
        """
        drawn = np.flatnonzero((words.word >= 0) & (rng.random(len(words.word)) < share))
        other = self._near[words.word[drawn], rng.integers(0, N_SYNONYMS, len(drawn))]
        word = words.word.copy()
        word[drawn[other >= 0]] = other[other >= 0]
        return tokens.Words(words.n, words.row, word)
