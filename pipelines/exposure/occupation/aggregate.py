"""From tasks to occupations: weights, weighted means, intervals, and place among the others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.exposure.occupation.intervals import exposure_draws

RULES = (
    "importance x relevance x frequency",
    "importance x relevance",
    "Core 2, Supplemental 1",
    "equal",
)
KEY = ["onet_soc_code", "task_id"]
COLUMNS = (
    "onet_soc_code", "n_tasks", "weight_rule", "alpha", "exposure", "zeta", "exposure_low",
    "exposure_high", "share_above_half", "automation", "share_automation", "share_augmentation",
    "n_automation", "n_augmentation", "percentile", "quintile", "quintile_stability",
)  # fmt: skip


def rule_weights(tasks: pd.DataFrame, task_ratings: pd.DataFrame) -> pd.DataFrame:
    """Weight of each task under every rule that the ratings of its occupation allow.

    Ratings that O*NET recommends to suppress are not used. A rule is open to an occupation:
    importance (1-5) x relevance (0-1) x mean frequency category (1-7) where at least half of
    its tasks have all three; importance x relevance where at least half have these two;
    Core 2, Supplemental 1 (a missing type counts as Supplemental) where any type is known;
    equal always. A task without ratings in a rated occupation takes the smallest rated weight
    there.

    Parameters
    ----------
    tasks, task_ratings : DataFrame
        Contracted tables.

    Returns
    -------
    DataFrame
        `onet_soc_code, task_id, weight` (> 0), `weight_rule` (one of `RULES`); one row a task
        and rule, the rules in the order of `RULES`, from the most informed to the last resort.
    """
    used = task_ratings[~task_ratings["recommend_suppress"].astype(bool)]
    single = used[used["scale_id"].isin(["IM", "RL"])]
    wide = single.pivot_table(index=KEY, columns="scale_id", values="value", aggfunc="first")
    wide = wide.reindex(columns=["IM", "RL"]).reset_index()
    often = used[used["scale_id"] == "FT"]
    often = often.assign(product=often["value"] * often["category"]).groupby(KEY, as_index=False)
    often = often[["product", "value"]].sum()
    often["FT"] = often["product"] / often["value"].where(often["value"] > 0)
    frame = tasks[[*KEY, "task_type"]].merge(wide, on=KEY, how="left")
    frame = frame.merge(often[[*KEY, "FT"]], on=KEY, how="left")
    two = frame["IM"] * frame["RL"] / 100
    frame["two"] = two.where(two > 0)
    frame["three"] = frame["two"] * frame["FT"]
    by = frame.groupby("onet_soc_code")
    half = by[["two", "three"]].transform("count").div(by["task_id"].transform("size"), axis=0)
    low = by[["two", "three"]].transform("min")
    core = frame["task_type"].map({"Core": 2.0}).fillna(1.0).astype(float)
    always = pd.Series(True, index=frame.index)
    allowed = (half["three"] >= 0.5, half["two"] >= 0.5, by["task_type"].transform("count") > 0)
    weights = (frame["three"].fillna(low["three"]), frame["two"].fillna(low["two"]), core)
    parts = [
        frame.loc[mask, KEY].assign(
            weight=weight[mask], weight_rule=pd.Series(rule, index=frame.index[mask], dtype="str")
        )
        for rule, mask, weight in zip(
            RULES, (*allowed, always), (*weights, always.astype(float)), strict=True
        )
    ]
    return pd.concat(parts, ignore_index=True)


def task_weights(tasks: pd.DataFrame, task_ratings: pd.DataFrame) -> pd.DataFrame:
    """Weight of each task in its occupation, by the first of `RULES` open to the occupation.

    Parameters
    ----------
    tasks, task_ratings : DataFrame
        Contracted tables.

    Returns
    -------
    DataFrame
        `onet_soc_code, task_id, weight` (> 0), `weight_rule`; the rows of `tasks` (see
        `rule_weights`).
    """
    first = rule_weights(tasks, task_ratings).drop_duplicates(KEY)
    return tasks[KEY].merge(first, on=KEY, how="left", validate="1:1")


def occupation_exposure(
    task_scores: pd.DataFrame, weights: pd.DataFrame, seed: int = 0
) -> pd.DataFrame:
    """Weighted means of the tasks' scores by occupation, with a 90 % interval and rank stability.

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
        people; `share_automation, share_augmentation` (weighted shares of tasks by `use`, see
        `exposure.occupation.use`) and the counts `n_automation, n_augmentation`; `percentile` of
        exposure among the occupations given (0-100); `quintile` (1 least exposed, 5 most) and
        `quintile_stability`, the share of draws in which the occupation falls into that same
        quintile. The columns of automation and use are missing where `task_scores` is of a
        release made before it had `automation_level` and `use`.
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
    out["n_automation"] = np.bincount(code, automated, n)
    out["n_augmentation"] = np.bincount(code, augmented, n)
    draws = exposure_draws(frame, seed)
    low, high = np.quantile(draws, [0.05, 0.95], axis=0)
    out["exposure_low"] = np.minimum(low, out["exposure"])
    out["exposure_high"] = np.maximum(high, out["exposure"])
    out["percentile"] = out["exposure"].rank(pct=True) * 100
    quintile = quintiles(out["exposure"].to_numpy()[None, :])[0]
    out["quintile"] = quintile
    out["quintile_stability"] = (quintiles(draws) == quintile).mean(axis=0)
    # Sums differ in the last digits with the machine; a release must not.
    return out[list(COLUMNS)].round(9)


def quintiles(exposure: np.ndarray) -> np.ndarray:
    """Quintile 1-5 of each column within its row, by rank; (rows, n) in, whole numbers out."""
    n = exposure.shape[1]
    rank = exposure.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    return rank * 5 // n + 1
