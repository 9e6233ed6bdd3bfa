"""From a statement to numbers: words and word pairs, for many statements at once.

Everything works on the distinct words of a batch with pyarrow and numpy, so a million short
statements take seconds. `encoder` makes vectors of the words.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp

from pipelines.exposure.scorer.spelling import respelled

#: Characters of a statement that are read; a longer text is cut here and noted.
MAX_CHARS = 2_000
_ARTICLES = ("the", "a", "an")
# The number or letter of an entry in a list, which says nothing of the work: 1) 2. (b) iv. 3.2
_NUMBERING = (
    r"^(?:[^a-z0-9]*(?:(?:[0-9]{1,2}(?:\.[0-9]{1,2})*|[a-z]|[ivx]{2,5})[.):]+"
    r"|[0-9]{1,2}(?:\.[0-9]{1,2})+)\s+)+"
)


def as_strings(texts) -> list[str]:
    """Statements as strings: anything missing becomes "", anything else its own spelling."""
    return [
        t
        if isinstance(t, str)
        else ""
        if t is None or pd.api.types.is_scalar(t) and pd.isna(t)
        else str(t)
        for t in texts
    ]


def _clean(texts: list[str]) -> pa.Array:
    def plain(text: str) -> str:
        text = text[:MAX_CHARS]
        if text.isascii():
            return text.lower()
        folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
        return folded.lower()

    array = pa.array([plain(t) for t in texts], pa.string())
    array = pc.replace_substring_regex(array, _NUMBERING, "")
    array = pc.replace_substring_regex(array, r"[^a-z0-9']+", " ")
    array = pc.replace_substring_regex(array, r"'s\b|'", "")
    return pc.utf8_trim_whitespace(array)


@dataclass(frozen=True)
class Words:
    """Words of a batch: `row` and `word` (position in the vocabulary, -1 unknown) by token."""

    n: int
    row: np.ndarray
    word: np.ndarray

    def take(self, places: np.ndarray) -> Words:
        """The words of some statements, which must ascend: tokens stay grouped by statement."""
        at = np.full(self.n, -1)
        at[places] = np.arange(len(places))
        new = at[self.row]
        return Words(len(places), new[new >= 0], self.word[new >= 0])

    def known_share(self) -> tuple[np.ndarray, np.ndarray]:
        """Number of words, and the share of them the vocabulary knows, by statement."""
        total = np.bincount(self.row, minlength=self.n)
        known = np.bincount(self.row, self.word >= 0, minlength=self.n)
        return total, known / np.maximum(total, 1)


def words_of(texts: list[str], vocabulary: pd.Index, known: frozenset[str] | None = None) -> Words:
    """Split statements into words of the vocabulary; articles are dropped.

    A word that it lacks is read as its shorter form, or as the word that it is a typing error or
    another spelling of (`spelling.respelled`), where there is one. `known` is the vocabulary as a
    set, for who reads often: to make it takes longer than to read a hundred statements.
    """
    lists = pc.split_pattern(_clean(texts), " ")
    row = pc.list_parent_indices(lists).to_numpy()
    coded = pc.dictionary_encode(lists.flatten())
    spelled = coded.dictionary.to_pylist()
    code = np.asarray(coded.indices)
    found = vocabulary.get_indexer(spelled)
    unknown = np.flatnonzero(found < 0)
    if known is None:
        known = frozenset(vocabulary) if len(unknown) else frozenset()
    for i in unknown:
        other = next((w for w in _stems(spelled[i]) if w in known), None)
        other = other or respelled(spelled[i], known.__contains__)
        found[i] = vocabulary.get_loc(other) if other else -1
    found[[i for i, w in enumerate(spelled) if w in _ARTICLES or not w]] = -2
    word = found[code] if len(code) else np.zeros(0, int)
    keep = word > -2
    return Words(len(texts), row[keep], word[keep])


def _at(vocabulary: pd.Index):
    return lambda w: vocabulary.get_loc(w) if w in vocabulary else -1


def _stems(word: str) -> list[str]:
    """Shorter spellings of a word, most likely first (plural, past, -ing)."""
    out = []
    for ending, put in (
        ("ies", "y"),
        ("es", ""),
        ("es", "e"),
        ("s", ""),
        ("ied", "y"),
        ("ed", ""),
        ("ed", "e"),
        ("ing", ""),
        ("ing", "e"),
        ("er", ""),
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            base = word[: len(word) - len(ending)] + put
            out.append(base)
            if not put and len(base) > 3 and base[-1] == base[-2]:
                out.append(base[:-1])
    return out


def stem_of(vocabulary: pd.Index) -> np.ndarray:
    """Position of each word's base form in the vocabulary (itself where there is none)."""
    at = _at(vocabulary)
    return np.array(
        [next((k for k in map(at, _stems(w)) if k >= 0), i) for i, w in enumerate(vocabulary)]
    )


#: Words after the first that are paired with it: a task begins with its verb.
VERB_REACH = 8


def pairs_of(words: Words, stems: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row and key of word pairs: neighbors, and the first word with each of those after it.

    The key is first stem * size + second stem, plus size squared for a pair with the first word
    ("verb and object"); pairs with a word that the vocabulary lacks are left out.
    """
    size = np.int64(len(stems))
    stem = np.where(words.word >= 0, stems[words.word], -1).astype(np.int64)
    near = np.flatnonzero((words.row[1:] == words.row[:-1]) & (stem[1:] >= 0) & (stem[:-1] >= 0))
    start = np.flatnonzero(np.r_[True, words.row[1:] != words.row[:-1]][: len(words.row)])
    length = np.diff(np.r_[start, len(words.row)])
    place = np.arange(len(words.row)) - np.repeat(start, length)
    verb = np.repeat(stem[start], length)
    far = np.flatnonzero((place >= 2) & (place <= VERB_REACH) & (stem >= 0) & (verb >= 0))
    row = np.concatenate([words.row[near], words.row[far]])
    return row, np.concatenate(
        [stem[near] * size + stem[near + 1], size * size + verb[far] * size + stem[far]]
    )


def ngrams(words: Words, stems: np.ndarray, pairs: np.ndarray, idf: np.ndarray) -> sp.csr_matrix:
    """Stems and known word pairs, sublinear tf-idf with unit rows (n, words + pairs)."""
    known = words.word >= 0
    row, column = words.row[known], stems[words.word[known]]
    pair_row, key = pairs_of(words, stems)
    place = np.searchsorted(pairs, key)
    place[place == len(pairs)] = 0
    hit = pairs[place] == key if len(pairs) else np.zeros(len(key), bool)
    row = np.concatenate([row, pair_row[hit]])
    column = np.concatenate([column, len(stems) + place[hit]])
    x = sp.csr_matrix(
        (np.ones(len(row), np.float32), (row, column)), (words.n, len(stems) + len(pairs))
    )
    x.data = (1 + np.log(x.data)) * idf[x.indices]
    norm = np.sqrt(np.asarray(x.multiply(x).sum(1)).ravel())
    x.data /= np.repeat(np.maximum(norm, 1e-6), np.diff(x.indptr))
    return x
