"""Which occupations are alike, for a worker who thinks of moving."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipelines.pathways.similarity.features import pair_features
from pipelines.pathways.similarity.ranker import Ranker, load_ranker


def similarity(
    tables: Mapping[str, pd.DataFrame], top: int = 50, ranker: Ranker | None = None
) -> pd.DataFrame:
    """The most similar occupations of every SOC code that has data.

    Parameters
    ----------
    tables : Mapping[str, DataFrame]
        Tables of a release: occupations, tasks, elements, elements_2010, task_dwas,
        technology_skills, alternate_titles, related_occupations, job_zones, education_training,
        projections, wages, onet_walk_2010_2019 and, where present, onet_soc_to_soc.
    top : int
        Destinations kept per origin.
    ranker : Ranker, optional
        Another ranker than the shipped one.

    Returns
    -------
    DataFrame
        ``from_soc``, ``rank`` (1 = most similar), ``to_soc``, ``score`` (0 to 1: the ranker's
        probability that BLS experts would call the pair similar). Sorted by origin and rank; the
        same input gives the same output.

    Raises
    ------
    UsageError
        Definitions or task statements are missing, as in the embedded snapshot, which carries
        this result as its table ``similar_occupations``.
    """
    features = pair_features(tables)
    score = (ranker or load_ranker()).score(features)
    order = np.argsort(-score, axis=1, kind="stable")[:, :top]
    best = np.take_along_axis(features.candidates, order, axis=1)
    n, k = best.shape
    return pd.DataFrame(
        {
            "from_soc": np.repeat(features.codes, k),
            "rank": np.tile(np.arange(1, k + 1), n),
            "to_soc": features.codes[best.ravel()],
            "score": np.take_along_axis(score, order, axis=1).ravel().round(6).astype(float),
        }
    ).astype({"from_soc": "str", "to_soc": "str"})
