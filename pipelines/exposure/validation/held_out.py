"""What held-out scores say beyond single tasks: intervals of occupations, and automation levels.

`outlook train` stores both in ``scorer.json`` beside the agreement figures, so that docs/METHODS.md
can print them without training the model again.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.base.records import records
from pipelines.exposure.occupation import ranks
from pipelines.exposure.occupation.aggregate import occupation_exposure
from pipelines.exposure.occupation.intervals import coverage, residual_correlation
from pipelines.exposure.occupation.use import agreement_with_people
from pipelines.exposure.occupation.weights import KEY
from pipelines.exposure.published.agreement import rank_correlation
from pipelines.exposure.scorer.automation import TOP_LEVEL, level_share
from pipelines.exposure.scorer.classes import BETA_BY_CLASS, CLASSES
from pipelines.exposure.scorer.conformal import quantile

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
        with tasks resampled outright (coefficient of variation 1); ``correlation``,
        ``correlation_low``, ``correlation_high``, ``latent`` of `intervals.residual_correlation`;
        `place_figures`.
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
    return {
        _NAMES[name]: {k: float(v) for k, v in row.items()}
        | place_figures(occupation_means(held[held["protocol"] == name], weights))
        for name, row in rows.items()
    }


def occupation_means(held: pd.DataFrame, weights: pd.DataFrame) -> pd.DataFrame:
    """Held-out scores by occupation, of one protocol, beside people's labels.

    Returns
    -------
    DataFrame
        By `onet_soc_code`: `exposure, exposure_low, exposure_high` (as `occupation_exposure` has
        them, over the labeled tasks), `people` (weighted as ours is), `people_plain` (the plain
        mean, as table ``measures`` has it).
    """
    ours = occupation_exposure(held.drop(columns="automation_level", errors="ignore"), weights)
    beta = held["human_label"].map(BETA_BY_CLASS)
    labels = held[KEY].assign(beta=beta).merge(weights, on=KEY)
    by = labels.assign(top=labels["beta"] * labels["weight"]).groupby("onet_soc_code")
    out = ours.set_index("onet_soc_code")[["exposure", "exposure_low", "exposure_high"]]
    return out.assign(people=by["top"].sum() / by["weight"].sum(), people_plain=by["beta"].mean())


def place_figures(means: pd.DataFrame) -> dict[str, float]:
    """Order and slope of held-out exposure beside people's labels, from `occupation_means`.

    Returns
    -------
    dict
        `soc_codes, spearman, spearman_low, spearman_high`: rank correlation over SOC codes with
        95% interval, made as table ``measure_agreement`` makes the in-sample one; `slope,
        slope_se`: of people's mean on ours over occupations (1 where ours is what to expect, so
        that its errors are independent of it); `ranks.coverage`.
    """
    soc = means.groupby(means.index.str[:7])[["exposure", "people_plain"]].mean()
    r, low, high = rank_correlation(soc["exposure"].to_numpy(), soc["people_plain"].to_numpy())
    x = (means["exposure"] - means["exposure"].mean()).to_numpy()
    y = (means["people"] - means["people"].mean()).to_numpy()
    slope = (x @ y) / (x @ x)
    error = (x * (y - slope * x)) / (x @ x)
    return {
        "soc_codes": float(len(soc)), "spearman": r, "spearman_low": low, "spearman_high": high,
        "slope": float(slope), "slope_se": float(np.sqrt((error**2).sum())),
        **ranks.coverage(means["people"], means),
    }  # fmt: skip


def class_figures(rows: pd.DataFrame) -> dict[str, dict[str, float]]:
    """How held-out tasks of each true class fare, and those of each class that we give.

    Parameters
    ----------
    rows : DataFrame
        Of `out_of_sample`, one protocol.

    Returns
    -------
    dict
        Class by people to `n`; `found`, the share to which the scorer gives it too (recall), and
        `gpt4_found`, GPT-4's; `right`, the share of those to which the scorer gives it that people
        gave it to (precision), and `gpt4_right`; `coverage` and `width` of the 90% interval.
        Missing where there is no such task.
    """
    ours = np.array(CLASSES)[rows[["p_e0", "p_e1", "p_e2"]].to_numpy().argmax(axis=1)]
    frame = rows.assign(
        ours=ours,
        beta=rows["human_label"].map(BETA_BY_CLASS),
        width=rows["exposure_high"] - rows["exposure_low"],
    )
    frame["inside"] = (frame["exposure_low"] <= frame["beta"] + 1e-9) & (
        frame["beta"] <= frame["exposure_high"] + 1e-9
    )
    asked = frame.dropna(subset=["gpt4_label"])
    out = {}
    for name in CLASSES:
        true, asked_true = frame["human_label"] == name, asked["human_label"] == name
        said, gpt4_said = frame["ours"] == name, asked["gpt4_label"] == name
        out[name] = {
            "n": float(true.sum()),
            "found": float(said[true].mean()), "gpt4_found": float(gpt4_said[asked_true].mean()),
            "right": float(true[said].mean()),
            "gpt4_right": float(asked_true[gpt4_said].mean()),
            "coverage": float(frame.loc[true, "inside"].mean()),
            "width": float(frame.loc[true, "width"].mean()),
        }  # fmt: skip
    return out


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
            for row in records(frame[frame["low"].notna()])
        }
        for rater, frame in found.items()
    }


def automation_figures(held: pd.DataFrame) -> dict[str, float]:
    """Half widths of the automation score's 90% interval, and agreement with GPT-4's levels.

    Parameters
    ----------
    held : DataFrame
        Of `out_of_sample`, one protocol.

    Returns
    -------
    dict
        ``text``, ``task``, ``occupation``: the distance from GPT-4's level over four that 90
        percent of held-out statements alone, tasks with their occupation, and occupations with
        at least five such tasks do not exceed (`conformal.quantile`; missing without any);
        ``r_text``, ``r_task``, ``r_occupation``: Pearson's r; ``n_tasks``, ``n_occupations``.
    """
    known = held.dropna(subset=["gpt4_automation"])
    frame = pd.DataFrame({
        "code": known["onet_soc_code"], "truth": level_share(known["gpt4_automation"]),
        "text": known["automation_level"] / TOP_LEVEL, "task": known["automation_score"],
    })  # fmt: skip
    size = frame.groupby("code")["truth"].transform("size")
    means = frame[size >= 5].groupby("code").mean()
    out: dict[str, float] = {"n_tasks": float(len(frame)), "n_occupations": float(len(means))}
    for name, ours, truth in (
        ("text", frame["text"], frame["truth"]), ("task", frame["task"], frame["truth"]),
        ("occupation", means["task"], means["truth"]),
    ):  # fmt: skip
        errors = (ours - truth).abs().to_numpy()
        out[name] = quantile(errors, 0.9) if len(errors) else np.nan
        out[f"r_{name}"] = float(ours.corr(truth))
    return out
