"""What a scorer must beat: plain answers to the same question, on the same held-out tasks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.exposure.occupation.weights import KEY
from pipelines.exposure.scorer.classes import CLASSES

#: Columns of the baseline's chances.
COLUMNS = ["base_e0", "base_e1", "base_e2"]


def by_words(labels: pd.DataFrame, texts: pd.Series) -> np.ndarray:
    """Chances of E0, E1, E2 from a logistic regression on words, scikit-learn as it comes.

    Parameters
    ----------
    labels : DataFrame
        Table `exposure_labels`, the rows to learn from: `task`, `human_label`.
    texts : Series of str
        Statements to judge.

    Returns
    -------
    array (n, 3)
        A class that no row to learn from has gets 0.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=1000))
    model.fit(labels["task"], labels["human_label"])
    said = pd.DataFrame(model.predict_proba(texts), columns=model.classes_)
    return said.reindex(columns=list(CLASSES), fill_value=0.0).to_numpy()


def by_activities(labels: pd.DataFrame, tasks: pd.DataFrame, task_dwas: pd.DataFrame) -> np.ndarray:
    """Shares of E0, E1, E2 among the labels of other tasks of the same detailed work activities.

    The largest share is the bare majority of a task's activities. A label counts once for each
    activity that it shares with the task.

    Parameters
    ----------
    labels, tasks, task_dwas : DataFrame
        Tables `exposure_labels` (other tasks than `tasks`), `tasks` (or held-out labels) and
        `task_dwas`.

    Returns
    -------
    array (n, 3)
        Missing where no labeled task shares an activity.
    """
    known = labels[[*KEY, "human_label"]].merge(task_dwas, on=KEY)
    counts = pd.crosstab(known["dwa_id"], known["human_label"]).reindex(
        columns=list(CLASSES), fill_value=0
    )
    asked = tasks[KEY].reset_index(names="row").merge(task_dwas, on=KEY)
    found = asked.join(counts, on="dwa_id").groupby("row")[list(CLASSES)].sum()
    total = found.sum(axis=1)
    shares = found.div(total.where(total > 0), axis=0)
    return shares.reindex(range(len(tasks))).to_numpy(float)
