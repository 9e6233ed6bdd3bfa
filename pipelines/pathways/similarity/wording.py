"""How alike two occupations are described: words and vectors of definitions, tasks, titles.

Only a release has O*NET's sentences. The embedded snapshot has none, and carries the finished
table of similar occupations instead.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipelines.base.errors import UsageError
from pipelines.pathways.similarity.profiles import cosine


def require_wording(tables: Mapping[str, pd.DataFrame]) -> None:
    """Raise UsageError where definitions or most tasks have no text (the embedded snapshot)."""
    tasks, definitions = tables["tasks"]["task"], tables["occupations"]["description"]
    if definitions.notna().mean() < 0.5 or tasks.notna().mean() < 0.5:
        raise UsageError(
            "similar occupations",
            "comparing occupations needs O*NET's definitions and task statements, which the "
            "embedded snapshot leaves out",
            "Read the table similar_occupations, which it has, or run `outlook refresh` first",
        )


def wording_similarities(
    tables: Mapping[str, pd.DataFrame], rows: pd.DataFrame, n: int
) -> dict[str, np.ndarray]:
    """Similarity matrices of texts, each (n, n), NaN where one of the two has no text.

    Parameters
    ----------
    tables : Mapping[str, DataFrame]
        ``occupations`` with descriptions, and ``tasks`` with statements.
    rows : DataFrame
        ``onet_soc_code`` and ``row``, its occupation (0 to n - 1).
    n : int
        Number of occupations.

    Returns
    -------
    dict of ndarray
        ``definition_words``, ``task_words``: cosine of tf-idf word weights.
        ``definition_meaning``, ``task_meaning``, ``title_meaning``: cosine of mean sentence
        vectors, less the mean of all occupations.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    from pipelines.exposure.scorer.encoder import load_encoder

    encoder = load_encoder()
    occupations, tasks = tables["occupations"], tables["tasks"]
    out = {}
    for name, frame, column, kinds in (
        ("definition", occupations, "description", ("words", "meaning")),
        ("task", tasks, "task", ("words", "meaning")),
        ("title", occupations, "title", ("meaning",)),
    ):
        # Sorted: sums of floats, and so the ranks of near ties, depend on the order of rows.
        part = frame[["onet_soc_code", column]].dropna().merge(rows, on="onet_soc_code")
        part = part.sort_values(["row", column], ignore_index=True)
        if "words" in kinds:
            text = part.groupby("row")[column].agg(" . ".join).reindex(range(n)).fillna("")
            fit = TfidfVectorizer(sublinear_tf=True, stop_words="english", min_df=2)
            out[f"{name}_words"] = cosine(fit.fit_transform(text).toarray())
        meaning = np.zeros((n, encoder.dims))
        statements = encoder.encode(encoder.read(part[column].tolist()))
        np.add.at(meaning, part["row"].to_numpy(), statements)
        length = np.linalg.norm(meaning, axis=1)
        known = length > 0
        meaning[known] /= length[known, None]
        meaning[known] -= meaning[known].mean(0)
        out[f"{name}_meaning"] = cosine(meaning)
    return out
