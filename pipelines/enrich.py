"""What a release holds beyond its sources: scores, published measures, similar occupations.

They are computed when a release is made, on the official statements, so that the embedded
snapshot can carry the score of every task without carrying the sentences, and a command that
asks for one occupation need not compare all of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipelines.exposure.aggregate import occupation_exposure, task_weights
from pipelines.exposure.measures import measures
from pipelines.exposure.model import Scorer, load_scorer
from pipelines.exposure.score import score_tasks
from pipelines.exposure.use import task_use
from pipelines.pathways.similarity import similarity


def enrich(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables with those added that are computed.

    Parameters
    ----------
    tables : mapping of DataFrame
        Contracted tables of all sources.

    Returns
    -------
    dict of DataFrame
        The same, and ``task_scores``, ``occupation_exposure``, ``measures`` and
        ``similar_occupations``.
    """
    scores = _task_scores(tables, load_scorer())
    weights = task_weights(tables["tasks"], tables["task_ratings"])
    return {
        **tables,
        "task_scores": scores,
        "occupation_exposure": occupation_exposure(scores, weights),
        "measures": measures(tables),
        "similar_occupations": similarity(tables),
    }


def _task_scores(tables: Mapping[str, pd.DataFrame], scorer: Scorer) -> pd.DataFrame:
    """Scores of all tasks that have a statement, with the expected level and the use."""
    tasks = tables["tasks"].dropna(subset=["task"]).reset_index(drop=True)
    scores = score_tasks(tasks, tables["exposure_labels"], tables["task_dwas"], scorer)
    level = scorer.read(tasks["task"].tolist(), neighbours=False).level
    return scores.assign(
        automation_level=level.round(3),
        use=task_use(scores["exposure_label"], scores["automation"]),
    )
