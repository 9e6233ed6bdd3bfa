"""From tasks to occupations: weights, weighted means, intervals, and place among the others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.base.percentiles import standing
from pipelines.exposure.occupation.intervals import exposure_draws
from pipelines.exposure.occupation.weights import KEY
from pipelines.exposure.scorer import automation

OCCUPATION_EXPOSURE_COLUMNS = (
    "onet_soc_code", "n_tasks", "weight_rule", "alpha", "exposure", "zeta", "exposure_low",
    "exposure_high", "share_above_half", "automation", "automation_score", "automation_low",
    "automation_high", "automation_percentile", "share_automation", "share_augmentation",
    "n_automation", "n_augmentation", "percentile", "quintile", "quintile_stability",
)  # fmt: skip


def occupation_exposure(
    task_scores: pd.DataFrame, weights: pd.DataFrame, seed: int = 0
) -> pd.DataFrame:
    """Weighted means of the tasks' scores by occupation, with a 90% interval and rank stability.

    The interval and the stability come from one set of draws of weights and classes (see
    `pipelines.exposure.occupation.intervals`).

    Parameters
    ----------
    task_scores, weights : DataFrame
        Table `task_scores` and the result of `task_weights`.
    seed : int
        Seed of the draws; the same tables and seed give the same figures.

    Returns
    -------
    DataFrame
        Table `occupation_exposure`, by code: `onet_soc_code, n_tasks, weight_rule`; weighted
        means `alpha, exposure, zeta`; `exposure_low, exposure_high`; `share_above_half`
        (weighted share of tasks with exposure > 0.5); `automation`, the weighted mean of the
        tasks' expected automation level (0-4), which predicts the levels that *GPT-4* gave, not
        people; `automation_score, automation_low, automation_high`, the weighted mean of the tasks'
        automation score with the 90% interval of a mean, and `automation_percentile`, its place
        among the occupations given; `share_automation, share_augmentation` (weighted shares of
        tasks by `use`, see `exposure.occupation.use`) and the counts `n_automation,
        n_augmentation`; `percentile` of exposure among the occupations given (0-100); `quintile`
        (1 least exposed, 5 most) and `quintile_stability`, the share of draws in which the
        occupation falls into that same quintile. The columns of automation and use are missing
        where `task_scores` is of a release made before it had them.
    """
    frame = task_scores.merge(weights, on=KEY).sort_values(KEY, ignore_index=True)
    absent = pd.Series(np.nan, index=frame.index)
    use = frame.get("use", absent)
    automated, augmented = (
        (use == name).astype(float).where(use.notna()) for name in ("automation", "augmentation")
    )
    columns = {
        "alpha": frame["p_e1"],
        "exposure": frame["exposure"],
        "zeta": frame["p_e1"] + frame["p_e2"],
        "share_above_half": (frame["exposure"] > 0.5).astype(float),
        "automation": frame.get("automation_level", absent),
        "automation_score": frame.get("automation_score", absent),
        "share_automation": automated,
        "share_augmentation": augmented,
    }
    code, names = pd.factorize(frame["onet_soc_code"])
    w, n = frame["weight"].to_numpy(float), len(names)
    total = np.bincount(code, w, n)
    out = pd.DataFrame(
        {
            "onet_soc_code": pd.Series(names, dtype="str"),
            "n_tasks": np.bincount(code, minlength=n),
            "weight_rule": frame.groupby("onet_soc_code")["weight_rule"].first().array,
        }
    )
    for name, values in columns.items():
        out[name] = np.bincount(code, w * values, n) / total
    shares = [name for name in columns if name != "automation"]
    out[shares] = out[shares].clip(upper=1.0)  # a sum of shares may end a rounding above 1
    ends = automation.interval(out["automation_score"], automation.half_widths()["occupation"])
    out[automation.COLUMNS] = ends
    out["automation_percentile"] = standing(out["automation_score"])
    out["n_automation"] = np.bincount(code, automated, n)
    out["n_augmentation"] = np.bincount(code, augmented, n)
    draws = exposure_draws(frame, seed)
    low, high = np.quantile(draws, [0.05, 0.95], axis=0)
    out["exposure_low"] = np.minimum(low, out["exposure"])
    out["exposure_high"] = np.maximum(high, out["exposure"])
    out["percentile"] = standing(out["exposure"])
    quintile = quintiles(out["exposure"].to_numpy()[None, :])[0]
    out["quintile"] = quintile
    out["quintile_stability"] = (quintiles(draws) == quintile).mean(axis=0)
    # Sums differ in the last digits with the machine; a release must not.
    return out[list(OCCUPATION_EXPOSURE_COLUMNS)].round(9)


def quintiles(exposure: np.ndarray) -> np.ndarray:
    """Quintile 1-5 of each column within its row, by rank; (rows, n) in, whole numbers out."""
    n = exposure.shape[1]
    rank = exposure.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    return rank * 5 // n + 1
