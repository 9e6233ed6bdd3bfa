"""What a release holds beyond its sources: task scores, published measures, similar occupations.

They are computed when a release is made, on the official statements, so that the embedded
snapshot can carry the score of every task without carrying the sentences, and a command that
asks for one occupation need not compare all of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipelines.exposure.measures import measures
from pipelines.exposure.model import load_scorer
from pipelines.exposure.score import score_tasks
from pipelines.pathways.similarity import similarity


def enrich(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables with ``task_scores``, ``measures`` and ``similar_occupations`` added."""
    scores = score_tasks(
        tables["tasks"], tables["exposure_labels"], tables["task_dwas"], load_scorer()
    )
    return {
        **tables,
        "task_scores": scores,
        "measures": measures(tables),
        "similar_occupations": similarity(tables),
    }
