"""What a posting's text says for each occupation: how like the words of its work they are.

An occupation's profile is how often a word stands in its tasks, its description and its work
activities (counts made of O*NET's sentences, USDOL/ETA, CC BY 4.0, in profiles.npz:
`benchmarks/coder.py --profiles`), in its names and in its technology (of the release). Texts and
profiles are compared by the cosine of their words, each weighted by how few occupations have it
(tf-idf, Salton and Buckley 1988).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources

import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfTransformer

from pipelines.exposure.scorer import store
from pipelines.occupations.titles import singular

#: A word that more than this share of occupations has says nothing of the work.
COMMON = 0.5
#: Added to a cosine before its logarithm, so that no shared word is no proof against.
FLOOR = 0.01
#: Characters of a text that are read.
LONGEST = 20_000
_singular = lru_cache(1 << 17)(singular)


def text_words(text: str) -> list[str]:
    """Words of a text: small letters, singular, no numbers."""
    return list(map(_singular, re.findall(r"[a-z][a-z0-9+#]+", text[:LONGEST].lower())))


def counted(texts: pd.Series) -> pd.DataFrame:
    """How often each word stands: onet_soc_code, word, count, of texts by onet_soc_code."""
    rows = [
        (code, word, count)
        for code, part in texts.groupby(level=0)
        for word, count in sorted(Counter(w for t in part for w in text_words(t)).items())
    ]
    return pd.DataFrame(rows, columns=["onet_soc_code", "word", "count"])


def work_counts(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """`counted` of what a full release says of the work: tasks, description, work activities."""
    links = tables["task_dwas"].merge(tables["dwas"].drop_duplicates("dwa_id"), on="dwa_id")
    links = links.drop_duplicates(["onet_soc_code", "dwa_id"])
    parts = [
        tables["tasks"].set_index("onet_soc_code")["task"],
        tables["occupations"].set_index("onet_soc_code")["description"],
        links.set_index("onet_soc_code")["dwa_title"],
    ]
    found = counted(pd.concat(parts).dropna())
    held = found.groupby("word")["onet_soc_code"].transform("size")
    return found[(held > 1) & (held <= COMMON * found["onet_soc_code"].nunique())]


def dumps(counts: pd.DataFrame, edition: str) -> bytes:
    """Bytes of `work_counts`, with the edition of O*NET that they are of."""
    word, words = pd.factorize(counts["word"], sort=True)
    code, codes = pd.factorize(counts["onet_soc_code"], sort=True)
    return store.dumps(
        {
            "words": "\n".join(words),
            "codes": "\n".join(codes),
            "word": word.astype(np.uint16),
            "code": code.astype(np.uint16),
            "count": counts["count"].clip(upper=255).to_numpy(np.uint8),
            "edition": edition,
        }
    )


def shipped() -> tuple[pd.DataFrame, str]:
    """The counts that ship with the package, and the edition that they are of."""
    data = resources.files("pipelines.postings").joinpath("profiles.npz").read_bytes()
    held = store.loads(data)
    words, codes = np.array(held["words"].split("\n")), np.array(held["codes"].split("\n"))
    return pd.DataFrame(
        {
            "onet_soc_code": codes[held["code"]],
            "word": words[held["word"]],
            "count": held["count"].astype(float),
        }
    ), held["edition"]


class TextEvidence:
    """Profiles of occupations, ready for many texts.

    Parameters
    ----------
    counts : DataFrame
        onet_soc_code, word, count; repeated rows add up.
    codes : array (occupations,)
        The occupations, sorted; those that `counts` lacks have no evidence.
    """

    def __init__(self, counts: pd.DataFrame, codes: np.ndarray) -> None:
        counts = counts[counts["onet_soc_code"].isin(codes)]
        column, words = pd.factorize(counts["word"])
        row = np.searchsorted(codes, counts["onet_soc_code"].to_numpy(str))
        shape = (len(codes), len(words))
        found = sp.csr_matrix((counts["count"].to_numpy(float), (row, column)), shape)
        held = np.bincount(found.indices, minlength=len(words))
        worth = np.log((len(codes) + 1) / (held + 0.5))
        worth[held > COMMON * len(codes)] = 0
        # A word's weight rises with the logarithm of its count; rows have length 1.
        self._weighted = TfidfTransformer(sublinear_tf=True)
        self._weighted.idf_ = worth
        self._at = {word: i for i, word in enumerate(words)}
        self._profiles = self._weighted.transform(found).T.tocsr()

    def of(self, texts: Sequence[str]) -> np.ndarray:
        """Logarithm of the cosine (and `FLOOR`) of each text and profile, (texts, occupations)."""
        row, column = [], []
        for i, text in enumerate(texts):
            known = [at for word in text_words(text) if (at := self._at.get(word)) is not None]
            column += known
            row += [i] * len(known)
        shape = (len(texts), len(self._at))
        found = sp.csr_matrix((np.ones(len(row)), (row, column)), shape)
        return np.log((self._weighted.transform(found) @ self._profiles).toarray() + FLOOR)
