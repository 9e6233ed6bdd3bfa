"""What a posting's title says for each occupation: names, how many of them, jobs, meaning.

The names and the worth of their words are those of `occupations.titles`; here many titles are
looked up at once, as products of sparse matrices.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import scipy.sparse as sp

from pipelines.exposure.scorer.encoder import Encoder
from pipelines.occupations.titles import FEW_NAMES, Titles, asked_words, words

#: What `TitleEvidence.of` gives, in order.
TERMS = ("best name", "share of names", "jobs", "meaning of names")


class TitleEvidence:
    """Names of occupations, ready for many titles.

    Attributes
    ----------
    codes : array (occupations,)
        O*NET-SOC codes, sorted: the columns of everything here.
    """

    def __init__(self, titles: Titles, encoder: Encoder) -> None:
        self.codes = np.array(titles.codes)
        self._of = np.searchsorted(self.codes, titles.codes_of_names)
        self._jobs = titles.log_jobs
        self._encoder = encoder
        self._at: dict[str, int] = {}
        row, column = [], []
        for i, name in enumerate(titles.names):
            for word in dict.fromkeys(words(name)):
                row.append(i)
                column.append(self._at.setdefault(word, len(self._at)))
        shape = (len(titles.names), len(self._at))
        names = sp.csr_matrix((np.ones(len(row)), (row, column)), shape)
        count = np.bincount(self._of, minlength=len(self.codes))
        places = (np.ones(len(self._of)), (self._of, np.arange(len(self._of))))
        self.words_of_names = (sp.csr_matrix(places) @ names).tocsr()
        holders = np.asarray((self.words_of_names > 0).sum(0)).ravel()
        self._worth = np.log((len(self.codes) + 1) / (holders + 0.5))
        self._size = names @ self._worth
        self._names = names.T.tocsr()
        share = sp.diags(1 / (count + FEW_NAMES)) @ self.words_of_names
        share.data = np.log1p(30 * share.data)
        self._share = share.T.tocsr()
        meaning = sp.csr_matrix(places) @ self._encoded(titles.names)
        self._meaning = meaning / np.maximum(np.linalg.norm(meaning, axis=1, keepdims=True), 1e-6)

    def of(self, titles: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Evidence of each title for each occupation.

        Returns
        -------
        array (titles, occupations, 4)
            `TERMS`: how well the best name fits, 0 to 1; how many of the names have the words;
            logarithm of jobs in thousands; cosine of the title's meaning and the names' mean.
        array (titles,)
            Whether any word is a word of a name.
        """
        asked = self._asked(titles)
        total = np.asarray(asked.sum(axis=1)).ravel()
        out = np.zeros((len(titles), len(self.codes), len(TERMS)), np.float32)
        hit = (asked @ self._names).tocoo()
        every, size = total[hit.row], np.maximum(self._size[hit.col], hit.data)
        fit = hit.data / np.sqrt(every * size) * np.sqrt(hit.data / every)
        best = np.zeros((len(titles), len(self.codes)))
        np.maximum.at(best, (hit.row, self._of[hit.col]), fit)
        out[:, :, 0] = best
        out[:, :, 1] = (asked @ self._share).toarray() / np.maximum(total, 1e-9)[:, None]
        out[:, :, 2] = self._jobs
        out[:, :, 3] = self._encoded(titles) @ self._meaning.T
        return out, total > 0

    def _asked(self, titles: Sequence[str]) -> sp.csr_matrix:
        row, column, value = [], [], []
        for i, title in enumerate(titles):
            for word, weight in asked_words(title).items():
                if word in self._at:
                    row.append(i)
                    column.append(self._at[word])
                    value.append(weight * self._worth[column[-1]])
        return sp.csr_matrix((value, (row, column)), (len(titles), len(self._at)))

    def _encoded(self, titles: Sequence[str]) -> np.ndarray:
        return self._encoder.encode(self._encoder.read(list(titles)))

    def names_terms(self) -> pd.DataFrame:
        """How often a word stands in the names of an occupation: onet_soc_code, word, count."""
        held = self.words_of_names.tocoo()
        known = np.array(list(self._at))
        return pd.DataFrame(
            {"onet_soc_code": self.codes[held.row], "word": known[held.col], "count": held.data}
        )
