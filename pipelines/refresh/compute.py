"""What a release holds beyond its sources: scores, published measures, similar occupations.

They are computed when a release is made, on the official statements, so that the embedded
snapshot can carry the score of every task without carrying the sentences, and a command that
asks for one occupation need not compare all of them.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping

import pandas as pd
from threadpoolctl import threadpool_limits

from pipelines.exposure.occupation.aggregate import occupation_exposure
from pipelines.exposure.occupation.use import task_use
from pipelines.exposure.occupation.weights import task_weights
from pipelines.exposure.published.agreement import measure_agreement
from pipelines.exposure.published.by_task import observed_use
from pipelines.exposure.published.measures import published_measures
from pipelines.exposure.scorer.automation import COLUMNS
from pipelines.exposure.scorer.model import load_scorer
from pipelines.exposure.scorer.score import score_tasks
from pipelines.pathways.routes.candidates import route_steps
from pipelines.pathways.similarity.similarity import similarity
from pipelines.refresh.assemble import COMPUTED


def enrich(tables: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """The tables with those added that are computed.

    Parameters
    ----------
    tables : mapping of DataFrame
        Contracted tables of all sources. Computed tables that are among them already stay as
        they are: a refresh gives those of the last release whose inputs are the same.

    Returns
    -------
    mapping of DataFrame
        The same, and ``task_scores``, ``occupation_exposure``, ``measures``,
        ``measure_agreement``, ``observed_use``, ``similar_occupations`` and ``route_steps``.
    """
    added: dict[str, pd.DataFrame] = {}
    every = ChainMap(added, tables)  # type: ignore[arg-type]  # nothing is written to `tables`
    # One thread: sums are added in one order, so the same machine gives the same bytes however
    # many processors a run may use.
    with threadpool_limits(limits=1):
        for name in COMPUTED:
            if name not in every:
                added[name] = _MAKERS[name](every)
    return every


def _task_scores(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Scores of all tasks that have a statement, with the expected level and the use."""
    scorer = load_scorer()
    tasks = tables["tasks"].dropna(subset=["task"]).reset_index(drop=True)
    scores = score_tasks(tasks, tables["task_dwas"], scorer)
    # Three digits: more than a level says, and fewer bytes in a release.
    rough = ["automation_level", *COLUMNS]
    scores[rough] = scores[rough].round(3)
    return scores.assign(use=task_use(scores["exposure_label"], scores["automation"]))


def _occupation_exposure(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    weights = task_weights(tables["tasks"], tables["task_ratings"])
    return occupation_exposure(tables["task_scores"], weights)


_MAKERS: Mapping[str, Callable[[Mapping[str, pd.DataFrame]], pd.DataFrame]] = {
    "task_scores": _task_scores,
    "occupation_exposure": _occupation_exposure,
    "measures": published_measures,
    "measure_agreement": measure_agreement,
    "observed_use": observed_use,
    "similar_occupations": similarity,
    "route_steps": route_steps,
}
