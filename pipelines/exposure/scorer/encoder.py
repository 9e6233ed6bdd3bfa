"""From the words of a statement to a vector of its meaning: a small student of a sentence encoder.

The student was fitted to give the vectors of all-mpnet-base-v2 (Apache-2.0), a network of 110
million weights that reads 37 statements a second, with two layers over word vectors
(`benchmarks/make_encoder.py` makes it; no label was used). What neighboring words give together
is looked up by word, so that no product of matrices runs over words.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib import resources

import numpy as np
import pandas as pd
import scipy.sparse as sp

from pipelines.exposure.scorer import store, tokens

#: Statements read at once: what a processor's cache holds.
_BLOCK = 512


@dataclass(frozen=True)
class Encoder:
    """The student.

    Attributes
    ----------
    words : array (words,)
        Vocabulary, sorted.
    values : array (words, dims)
        Word vectors, float32.
    weight : array (words,)
        How much of a statement's mean a word is, float32, above 0.
    before, after : array (dims, units)
        What a word gives to the units of a pair of neighbors, as its first and as its second.
    pair_bias : array (units,)
    hidden, hidden_bias : array (2 * dims + units, hidden), (hidden,)
        From mean word, first word (the verb) and mean pair to the hidden layer.
    straight, out, bias : array (dims + units, dims), (hidden, dims), (dims,)
        To the vector: from mean word and mean pair, and from the hidden layer.
    """

    words: np.ndarray
    values: np.ndarray
    weight: np.ndarray
    before: np.ndarray
    after: np.ndarray
    pair_bias: np.ndarray
    hidden: np.ndarray
    hidden_bias: np.ndarray
    straight: np.ndarray
    out: np.ndarray
    bias: np.ndarray

    @classmethod
    def loads(cls, data: bytes) -> Encoder:
        """From the bytes that `dumps` wrote."""
        held = store.loads(data)
        values = held.pop("values") * held.pop("step").astype(np.float32)[:, None]
        words = np.array(held.pop("words").split("\n"))
        rest = {name: array.astype(np.float32) for name, array in held.items()}
        return cls(words=words, values=values, **rest)

    def dumps(self) -> bytes:
        """Bytes of the encoder: word vectors in 255 steps of their largest value."""
        step = np.maximum(np.abs(self.values).max(1) / 127, 1e-4).astype(np.float16)
        values = np.rint(self.values / step.astype(np.float32)[:, None])
        kept = {
            name: getattr(self, name).astype(np.float16)
            for name in self.__dataclass_fields__
            if name not in ("words", "values")
        }
        whole = {"values": np.clip(values, -127, 127).astype(np.int8), "step": step}
        return store.dumps({"words": "\n".join(self.words)} | whole | kept)

    @property
    def dims(self) -> int:
        """Length of a statement's vector."""
        return len(self.bias)

    @cached_property
    def vocabulary(self) -> pd.Index:
        """The words, for `tokens.words_of`, which goes through them as Python strings."""
        return pd.Index(self.words, dtype=object)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.vocabulary)

    def read(self, texts: list[str]) -> tokens.Words:
        """Statements as words of the vocabulary; see `tokens.words_of`."""
        return tokens.words_of(texts, self.vocabulary, self._known)

    @cached_property
    def _by_word(self) -> tuple[np.ndarray, np.ndarray]:
        return self.values @ self.before + self.pair_bias, self.values @ self.after

    def encode(self, words: tokens.Words) -> np.ndarray:
        """Unit vector of each statement, float32 (n, dims); zeros where no word is known."""
        known = words.word >= 0
        row, word = words.row[known], words.word[known]
        start = np.searchsorted(row, np.arange(words.n + 1))
        out = np.zeros((words.n, self.dims), np.float32)
        for first in range(0, words.n, _BLOCK):
            last = min(first + _BLOCK, words.n)
            part = slice(start[first], start[last])
            out[first:last] = self._encode(row[part] - first, word[part], last - first)
        return out

    def _encode(self, row: np.ndarray, word: np.ndarray, n: int) -> np.ndarray:
        """The same of a block that is read at once: tokens by statement, known words only."""
        share = self.weight[word]
        total = np.bincount(row, share, n).astype(np.float32)
        share /= total[row]
        at = np.arange(len(row) + 1)
        start = np.searchsorted(row, np.arange(n + 1))
        mean = sp.csr_matrix((share, word, start), (n, len(self.words))) @ self.values
        first, second = self._by_word
        units = first[word[:-1]]
        units += second[word[1:]]
        np.maximum(units, 0, out=units)
        # A pair belongs to the statement of both its words, with the weight of the second.
        within = np.where(row[1:] == row[:-1], share[1:], np.float32(0))
        pairs = sp.csr_matrix((within, at[:-2], np.maximum(start - 1, 0)), (n, len(within)))
        pair = pairs @ units if len(within) else np.zeros((n, self.pair_bias.size), np.float32)
        verb = np.zeros((n, self.values.shape[1]), np.float32)
        some = np.diff(start) > 0
        verb[some] = self.values[word[start[:-1][some]]]
        layer = np.hstack([mean, verb, pair]) @ self.hidden + self.hidden_bias
        z = np.hstack([mean, pair]) @ self.straight + np.maximum(layer, 0) @ self.out + self.bias
        z[~some] = 0
        return z / np.maximum(np.linalg.norm(z, axis=1, keepdims=True), 1e-6)


def load_encoder() -> Encoder:
    """The encoder that ships with the package."""
    data = resources.files("pipelines.exposure.scorer").joinpath("encoder.npz").read_bytes()
    return Encoder.loads(data)
