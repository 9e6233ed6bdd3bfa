"""What a score could reach that may learn from experts' ratings: the variant that never ships.

The shipped automation score learned from no rating of WORKBank, which is its test. Here ridge
regressions learn from the ratings of some occupations and are tried on others. Everything, the
penalty too, is chosen inside the training occupations (nested cross-validation).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipelines.exposure.published.by_task import by_task
from pipelines.exposure.scorer.automation import TOP_LEVEL
from pipelines.exposure.scorer.encoder import Encoder
from pipelines.exposure.validation.experts import agreement, rated

#: Outer folds, which print the figures, and inner ones, which choose the penalty.
OUTER, INNER = 10, 5
#: Penalties to choose from.
ALPHAS = np.logspace(-1, 4, 11)
#: Variant -> what it reads.
VARIANTS = {
    "words": "ridge on words (TF-IDF), ratings alone",
    "levels": "ridge on level, occupation's level, exposure and observed use",
    "vector": "the same with the vector of the statement",
}
_LEVELS = ["own_level", "mean_level", "exposure", "observed_use"]


def learned_from_experts(tables: Mapping[str, pd.DataFrame], encoder: Encoder) -> pd.DataFrame:
    """Agreement of each variant with the ratings of occupations that it did not learn from.

    Parameters
    ----------
    tables : mapping of DataFrame
        `expert_ratings, task_scores, exposure_labels, tasks, observed_use` of a release.
    encoder : Encoder
        Of the shipped scorer.

    Returns
    -------
    DataFrame
        Columns of `experts.against_experts`, a row a key of `VARIANTS`.
    """
    frame = rated(tables).merge(tables["tasks"][["onet_soc_code", "task_id", "task"]])
    frame = frame.sort_values(["onet_soc_code", "task_id"], ignore_index=True)
    scores = tables["task_scores"]
    mean = scores.groupby("onet_soc_code")["automation_level"].mean() / TOP_LEVEL
    frame["mean_level"] = frame["onet_soc_code"].map(mean)
    frame["observed_use"] = by_task(tables, frame)["observed_use"]
    vectors = encoder.encode(encoder.read(frame["task"].tolist()))
    for name in VARIANTS:
        frame[name] = held_out(frame, name, vectors)
    return agreement(frame, list(VARIANTS))


def held_out(frame: pd.DataFrame, variant: str, vectors: np.ndarray) -> np.ndarray:
    """Ratings of every task, 0 to 1, as a variant predicts them from other occupations'.

    Parameters
    ----------
    frame : DataFrame
        `onet_soc_code, task, rating` (0 to 1), `own_level, mean_level, exposure, observed_use`.
    variant : str
        Key of `VARIANTS`.
    vectors : array (n, dims)
        Unit vector of each statement, for "vector".
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import GridSearchCV, GroupKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    out = np.full(len(frame), np.nan)
    rating, code = frame["rating"].to_numpy(), frame["onet_soc_code"].to_numpy()
    for train, test in GroupKFold(OUTER).split(frame, groups=code):
        if variant == "words":
            reader = TfidfVectorizer().fit(frame["task"].iloc[train])
            given = reader.transform(frame["task"])
        else:
            # A task that a study does not know takes the mean of the others, not 0: it is no
            # task that nobody brings to the AI.
            scale = make_pipeline(SimpleImputer(), StandardScaler())
            given = scale.fit(frame[_LEVELS].iloc[train]).transform(frame[_LEVELS])
            if variant == "vector":
                given = np.hstack([given, vectors])
        search = GridSearchCV(Ridge(), {"alpha": ALPHAS}, cv=GroupKFold(INNER))
        search.fit(given[train], rating[train], groups=code[train])
        out[test] = np.clip(search.predict(given[test]), 0, 1)
    return out
