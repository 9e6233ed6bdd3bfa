"""How much each task counts in its occupation, by O*NET's ratings where there are any."""

from __future__ import annotations

import pandas as pd

WEIGHT_RULES = (
    "importance x relevance x frequency",
    "importance x relevance",
    "Core 2, Supplemental 1",
    "equal",
)


KEY = ["onet_soc_code", "task_id"]


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
        `onet_soc_code, task_id, weight` (> 0), `weight_rule` (one of `WEIGHT_RULES`); one row
        a task and rule, the rules in the order of `WEIGHT_RULES`, from the most informed to the
        last resort.
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
            WEIGHT_RULES, (*allowed, always), (*weights, always.astype(float)), strict=True
        )
    ]
    return pd.concat(parts, ignore_index=True)


def task_weights(tasks: pd.DataFrame, task_ratings: pd.DataFrame) -> pd.DataFrame:
    """Weight of each task in its occupation, by the first of `WEIGHT_RULES` open to the occupation.

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
