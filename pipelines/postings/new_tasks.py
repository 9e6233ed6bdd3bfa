"""The most typical of the new tasks: what many postings ask for and O*NET does not list."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from pipelines.exposure.scorer.model import held_scorer

#: Kinds of new work that an occupation's sentences are put into, at most.
KINDS = 12
COLUMNS = ["soc_code", "title", "rank", "sentence", "postings", "sentences", "first_month",
           "last_month"]  # fmt: skip


def here(work: Callable[[list], list], given: list) -> list:
    """The work on all of them, in this process."""
    return work(given)


def new_tasks(
    sentences: pd.DataFrame,
    titles: pd.Series,
    least: int,
    shared: Callable[[Callable[[list], list], list], list] = here,
) -> pd.DataFrame:
    """Kinds of new work of each occupation, the one that most postings ask for first.

    An occupation's new sentences are put into kinds by k-means over the scorer's vectors; the
    sentence nearest to the middle of its kind stands for it.

    Parameters
    ----------
    sentences : DataFrame
        `soc_code`, `posting_id`, `sentence`, `date` of sentences that are new.
    titles : Series
        Titles by SOC code.
    least : int
        Kinds of fewer postings are left out.
    shared : callable
        Gives what work on a list of occupations' sentences returns, in their order
        (`cluster.shared`).

    Returns
    -------
    DataFrame
        `COLUMNS`: the sentence as a posting has it (masked), the postings and sentences of its
        kind, the months of the first and the last of them ("" where no date is known).
    """
    columns = ["posting_id", "sentence", "date"]
    by_code = {code: part[columns] for code, part in sentences.groupby("soc_code")
               if part["posting_id"].nunique() >= least}  # fmt: skip
    found = shared(partial(_kinds, least=least), list(by_code.values()))
    rows = [
        (code, titles.get(code, ""), rank, *kind)
        for code, kinds in zip(by_code, found, strict=True)
        for rank, kind in enumerate(kinds, 1)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _kinds(of_codes: list[pd.DataFrame], least: int) -> list[list[tuple]]:
    import sklearn.cluster  # noqa: F401  its threads, too, are held to one below

    with threadpool_limits(1):  # sums of several threads differ in the last digit
        return [_of(of_code, least) for of_code in of_codes]


def _of(of_code: pd.DataFrame, least: int) -> list[tuple]:
    from sklearn.cluster import KMeans

    ids = pd.factorize(of_code["posting_id"])[0]
    place, distinct = pd.factorize(of_code["sentence"].to_numpy(object))
    count = np.bincount(place)
    z = held_scorer().encode(list(distinct))
    # Sentences that differ in words that the encoder does not know have one vector.
    vectors = {one.tobytes() for one in z.round(4) + 0}
    kinds = min(KINDS, len(vectors))
    means = KMeans(kinds, n_init=1, random_state=0).fit(z, sample_weight=count)
    near = np.einsum("ij,ij->i", z, means.cluster_centers_[means.labels_])
    kind = means.labels_[place]
    month = pd.to_datetime(of_code["date"]).dt.strftime("%Y-%m").fillna("").to_numpy(object)
    out = []
    for one in range(means.n_clusters):
        inside = kind == one
        postings = len(np.unique(ids[inside]))
        if postings < least:
            continue
        best = np.flatnonzero(means.labels_ == one)
        best = best[np.lexsort((distinct[best], -near[best].round(6)))][0]
        months = set(month[inside]) - {""}
        first, last = min(months, default=""), max(months, default="")
        out.append((str(distinct[best]), postings, int(inside.sum()), first, last))
    return sorted(out, key=lambda kind: (-kind[1], -kind[2], kind[0]))
