"""What others saw or said of single tasks: observed use, workers' wish, experts' ratings.

They stand beside the scores, each on its own scale, and no score learned from them. Ratings come
with a refresh only: their authors state no license.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

_KEY = ["onet_soc_code", "task_id"]
#: What `by_task` adds to a table of tasks.
COLUMNS = ["observed_use", "workers_wish", "n_workers", "experts_rating", "n_experts"]
#: Column of the mean rating, column of the number of raters -> the table of the ratings.
_RATINGS = {
    ("workers_wish", "n_workers"): "worker_wishes",
    ("experts_rating", "n_experts"): "expert_ratings",
}


def observed_use(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Table ``observed_use``: the tasks whose statement `task_penetration` knows.

    Columns onet_soc_code, task_id, observed_use (0 to 1). A statement of several occupations has
    the same value in each.
    """
    use = tables["task_penetration"].set_index("task_text")["penetration"]
    tasks = tables["tasks"]
    found = tasks["task"].str.lower().str.strip().map(use).astype("float64")
    frame = tasks[["onet_soc_code", "task_id"]].assign(observed_use=found)
    return frame.dropna(subset=["observed_use"]).reset_index(drop=True)


def by_task(tables: Mapping[str, pd.DataFrame], tasks: pd.DataFrame) -> pd.DataFrame:
    """Observations and ratings of tasks.

    Parameters
    ----------
    tables : mapping of DataFrame
        Of a release: `observed_use`, `worker_wishes`, `expert_ratings`; what is absent leaves
        its columns missing.
    tasks : DataFrame
        `onet_soc_code`, `task_id`.

    Returns
    -------
    DataFrame
        Index of `tasks`: `observed_use`, 0 to 1, how far people bring the task to one company's AI
        (Massenkoff and McCrory 2026); `workers_wish`, mean of `n_workers` ratings, 1 (does not
        wish the task automated) to 5, and `experts_rating`, mean of `n_experts` ratings, 1 (AI
        cannot do it) to 5 (all of it), both of WORKBank (Shao et al. 2025). Missing where no one
        looked at the task.
    """
    out = pd.DataFrame(index=tasks.index, columns=COLUMNS, dtype="float64")
    if "observed_use" in tables:
        found = tasks[_KEY].merge(tables["observed_use"], on=_KEY, how="left", validate="1:1")
        out["observed_use"] = found["observed_use"].to_numpy()
    for (mean, number), name in _RATINGS.items():
        if name in tables:
            ratings = tables[name].groupby("task_id")["rating"]
            out[mean] = tasks["task_id"].map(ratings.mean()).astype("float64")
            out[number] = tasks["task_id"].map(ratings.size()).astype("float64")
    return out
