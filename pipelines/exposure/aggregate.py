"""From tasks to occupations: weights, weighted exposure, and an interval from resampling."""

from __future__ import annotations

import numpy as np
import pandas as pd

RULES = (
    "importance x relevance x frequency",
    "importance x relevance",
    "Core 2, Supplemental 1",
    "equal",
)
N_DRAWS = 500


def task_weights(tasks: pd.DataFrame, task_ratings: pd.DataFrame) -> pd.DataFrame:
    """Weight of each task in its occupation, and the rule that gave it.

    The rule is chosen by occupation, on ratings that O*NET does not recommend to suppress:
    importance (1-5) x relevance (0-1) x mean frequency category (1-7) where at least half of
    its tasks have all three; importance x relevance where at least half have these two; else
    Core 2, Supplemental 1 (a missing type counts as Supplemental) where any type is known; else
    equal. A task without ratings in a rated occupation takes the smallest rated weight there.

    Parameters
    ----------
    tasks, task_ratings : DataFrame
        Contracted tables.

    Returns
    -------
    DataFrame
        `onet_soc_code, task_id, weight` (> 0), `weight_rule` (one of `RULES`).
    """
    key = ["onet_soc_code", "task_id"]
    used = task_ratings[~task_ratings["recommend_suppress"].astype(bool)]
    single = used[used["scale_id"].isin(["IM", "RL"])]
    wide = single.pivot_table(index=key, columns="scale_id", values="value", aggfunc="first")
    wide = wide.reindex(columns=["IM", "RL"]).reset_index()
    often = used[used["scale_id"] == "FT"]
    often = often.assign(product=often["value"] * often["category"]).groupby(key, as_index=False)
    often = often[["product", "value"]].sum()
    often["FT"] = often["product"] / often["value"].where(often["value"] > 0)
    frame = tasks[[*key, "task_type"]].merge(wide, on=key, how="left")
    frame = frame.merge(often[[*key, "FT"]], on=key, how="left")
    two = frame["IM"] * frame["RL"] / 100
    frame["two"] = two.where(two > 0)
    frame["three"] = frame["two"] * frame["FT"]
    by = frame.groupby("onet_soc_code")
    half = by[["two", "three"]].transform("count").div(by["task_id"].transform("size"), axis=0)
    core = frame["task_type"].map({"Core": 2.0}).fillna(1.0).astype(float)
    typed = by["task_type"].transform("count") > 0
    choose = [half["three"] >= 0.5, half["two"] >= 0.5, typed]
    low = by[["two", "three"]].transform("min")
    weights = [frame["three"].fillna(low["three"]), frame["two"].fillna(low["two"]), core]
    frame["weight"] = np.select(choose, weights, 1.0)
    frame["weight_rule"] = pd.Series(np.select(choose, RULES[:3], RULES[3]), dtype="str")
    return frame[[*key, "weight", "weight_rule"]]


def occupation_exposure(
    task_scores: pd.DataFrame, weights: pd.DataFrame, seed: int = 0
) -> pd.DataFrame:
    """Weighted mean exposure of each occupation, with a 90 % interval from resampling tasks.

    Parameters
    ----------
    task_scores, weights : DataFrame
        Table `task_scores` and the result of `task_weights`.
    seed : int
        Seed of the bootstrap (500 draws of an occupation's tasks with replacement).

    Returns
    -------
    DataFrame
        `onet_soc_code, n_tasks, weight_rule, alpha, exposure, zeta, exposure_low,
        exposure_high, share_above_half` (weighted share of tasks with exposure > 0.5),
        `percentile` (of exposure among the occupations given, 0-100).
    """
    key = ["onet_soc_code", "task_id"]
    frame = task_scores.merge(weights, on=key).sort_values(key, ignore_index=True)
    columns = {
        "alpha": frame["p_e1"],
        "exposure": frame["exposure"],
        "zeta": frame["p_e1"] + frame["p_e2"],
        "share_above_half": (frame["exposure"] > 0.5).astype(float),
    }
    code, names = pd.factorize(frame["onet_soc_code"])
    w = frame["weight"].to_numpy(float)
    total = np.bincount(code, w, len(names))
    out = pd.DataFrame(
        {
            "onet_soc_code": pd.Series(names, dtype="str"),
            "n_tasks": np.bincount(code, minlength=len(names)),
            "weight_rule": frame.groupby("onet_soc_code")["weight_rule"].first().array,
        }
    )
    for name, values in columns.items():
        out[name] = np.minimum(np.bincount(code, w * values, len(names)) / total, 1.0)
    low, high = _bootstrap(code, w, frame["exposure"].to_numpy(float), len(names), seed)
    out["exposure_low"] = np.minimum(low, out["exposure"])
    out["exposure_high"] = np.maximum(high, out["exposure"])
    out["percentile"] = out["exposure"].rank(pct=True) * 100
    return out[
        [
            "onet_soc_code",
            "n_tasks",
            "weight_rule",
            "alpha",
            "exposure",
            "zeta",
            "exposure_low",
            "exposure_high",
            "share_above_half",
            "percentile",
        ]
    ]


def _bootstrap(code, w, values, n, seed) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    size = np.bincount(code, minlength=n)
    start = np.concatenate([[0], np.cumsum(size)[:-1]])
    draws = np.empty((N_DRAWS, n))
    for d in range(N_DRAWS):
        pick = start[code] + (rng.random(len(code)) * size[code]).astype(int)
        top = np.bincount(code, w[pick] * values[pick], n)
        draws[d] = top / np.bincount(code, w[pick], n)
    return np.quantile(draws, 0.05, axis=0), np.quantile(draws, 0.95, axis=0)
