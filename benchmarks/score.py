"""Speed of the scorer beside a plain n-gram pipeline: python benchmarks/score.py LABELS.

LABELS is the published full_labelset.tsv. Statements are the real ones, repeated and perturbed
(a changed word order and a number, so that no two are equal).
"""

from __future__ import annotations

import random
import resource
import sys
import time

import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

from pipelines.exposure.model import load_scorer
from pipelines.exposure.score import score_statements

CHUNK = 20_000


def statements(real: list[str], n: int, seed: int = 0) -> list[str]:
    """n statements, each a real one with two words swapped and a number added."""
    rng = random.Random(seed)
    out = []
    for i in range(n):
        words = real[i % len(real)].split()
        a, b = rng.randrange(len(words)), rng.randrange(len(words))
        words[a], words[b] = words[b], words[a]
        out.append(" ".join([*words, str(i)]))
    return out


def main(path: str, n: int = 200_000) -> None:
    frame = pd.read_csv(path, sep="\t")
    texts = statements(frame["Task"].tolist(), n)
    start = time.perf_counter()
    scorer = load_scorer()
    print(f"load {time.perf_counter() - start:.2f} s")
    start = time.perf_counter()
    for i in range(0, n, CHUNK):
        score_statements(texts[i : i + CHUNK], scorer)
    ours = n / (time.perf_counter() - start)
    print(f"scorer {ours:,.0f} statements/s")
    plain = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), min_df=2),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=3),
        ),
        LogisticRegression(max_iter=200),
    )
    plain.fit(frame["Task"], frame["human_labels"])
    some = texts[:CHUNK]
    start = time.perf_counter()
    plain.predict_proba(some)
    theirs = len(some) / (time.perf_counter() - start)
    print(f"plain n-gram pipeline {theirs:,.0f} statements/s; ratio {ours / theirs:.1f}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main(*sys.argv[1:2])
