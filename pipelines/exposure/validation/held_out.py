"""What held-out scores say beyond single tasks: intervals of occupations, and automation levels.

`outlook train` stores both in ``scorer.json`` beside the agreement figures, so that docs/METHODS.md
can print them without training the model again.
"""

from __future__ import annotations

import pandas as pd

from pipelines.exposure.occupation.intervals import coverage, residual_correlation
from pipelines.exposure.occupation.use import agreement_with_people

#: Protocol of the held-out scores -> its name in ``scorer.json``, where all tasks are meant.
_NAMES = {"U": "U", "K": "K all", "W": "W"}


def occupation_figures(held: pd.DataFrame, weights: pd.DataFrame) -> dict[str, dict[str, float]]:
    """How well the 90% interval of an occupation holds what people's labels give.

    Parameters
    ----------
    held : DataFrame
        Result of `pipelines.exposure.validation.evaluate.out_of_sample`.
    weights : DataFrame
        Result of `pipelines.exposure.occupation.weights.task_weights`.

    Returns
    -------
    dict
        Protocol ("U", "K all", "W") to the columns of `intervals.coverage`; ``independent`` and
        ``resampled``, coverage with the errors of an occupation's tasks taken as independent, and
        with tasks resampled outright (coefficient of variation 1); and ``correlation``,
        ``correlation_low``, ``correlation_high``, ``latent`` of `intervals.residual_correlation`.
    """
    default = coverage(held, weights).set_index("protocol")
    correlated = residual_correlation(held).set_index("protocol")
    correlated = correlated[["correlation", "low", "high", "latent"]].rename(
        columns={"low": "correlation_low", "high": "correlation_high"}
    )
    beside = {
        "independent": coverage(held, weights, correlation=0),
        "resampled": coverage(held, weights, weight_cv=1),
    }
    frame = default.join(correlated)
    for name, other in beside.items():
        frame[name] = other.set_index("protocol")["coverage"]
    rows = {str(protocol): row for protocol, row in frame.iterrows()}
    return {_NAMES[name]: {k: float(v) for k, v in row.items()} for name, row in rows.items()}


def level_figures(held: pd.DataFrame, exposure_labels: pd.DataFrame) -> dict[str, dict]:
    """Automation levels against those that people gave, ours on held-out tasks and GPT-4's.

    Parameters
    ----------
    held : DataFrame
        Result of `out_of_sample`; protocol U counts.
    exposure_labels : DataFrame
        Contracted table.

    Returns
    -------
    dict
        Rater ("ours", "gpt4") to figure (`use.agreement_with_people`) to ``n, value, low, high``.
    """
    labels = exposure_labels.dropna(subset=["task"])
    theirs = labels[["onet_soc_code", "task_id", "gpt4_automation", "gpt4_label"]]
    found = {
        "ours": agreement_with_people(held[held["protocol"] == "U"], labels),
        "gpt4": agreement_with_people(theirs, labels, "gpt4_automation"),
    }
    return {
        rater: {
            row["figure"]: {k: float(row[k]) for k in ("n", "value", "low", "high")}
            for row in frame[frame["low"].notna()].to_dict("records")
        }
        for rater, frame in found.items()
    }
