"""How much an occupation's exposure hangs on the rule that weights its tasks."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from pipelines.exposure.occupation.aggregate import quintiles
from pipelines.exposure.occupation.weights import KEY, WEIGHT_RULES


def weight_sensitivity(task_scores: pd.DataFrame, every_weight: pd.DataFrame) -> pd.DataFrame:
    """Exposure and rank of each occupation under every weighting rule open to it.

    Parameters
    ----------
    task_scores : DataFrame
        Table `task_scores`.
    every_weight : DataFrame
        Result of `pipelines.exposure.occupation.weights.rule_weights`.

    Returns
    -------
    DataFrame
        One row per occupation and rule, by code and in the order of `RULES`: `onet_soc_code,
        weight_rule, is_default` (the rule that `task_weights` takes), `exposure, difference`
        (from the default rule's), `max_difference` (largest less smallest exposure of the
        occupation over its rules), `rank` (1 = most exposed) and `quintile` (5 = most exposed)
        among all occupations. A rule is not open to all of them, so rank and quintile stand
        among the others under the same rule, or under their default where it is not open to
        them; `default_rank` and `default_quintile` are those with every default.
    """
    frame = every_weight.merge(task_scores[[*KEY, "exposure"]], on=KEY)
    frame["top"] = frame["weight"] * frame["exposure"]
    by = frame.groupby(["onet_soc_code", "weight_rule"], as_index=False)[["top", "weight"]].sum()
    wide = by.assign(exposure=by["top"] / by["weight"]).pivot(
        index="onet_soc_code", columns="weight_rule", values="exposure"
    )
    wide = wide.reindex(columns=list(WEIGHT_RULES))
    default = wide.bfill(axis=1).iloc[:, 0]
    chosen = wide.notna().to_numpy().argmax(axis=1)
    home_rank, home_quintile = _places(default)
    parts = []
    for place, rule in enumerate(WEIGHT_RULES):
        rank, quintile = _places(wide[rule].fillna(default))
        part = pd.DataFrame(
            {
                "onet_soc_code": wide.index.to_numpy(),
                "weight_rule": rule,
                "is_default": chosen == place,
                "exposure": wide[rule].to_numpy(),
                "difference": (wide[rule] - default).to_numpy(),
                "max_difference": (wide.max(axis=1) - wide.min(axis=1)).to_numpy(),
                "rank": rank,
                "quintile": quintile,
                "default_rank": home_rank,
                "default_quintile": home_quintile,
            }
        ).astype({"onet_soc_code": "str", "weight_rule": "str"})
        parts.append(part[part["exposure"].notna()])
    return pd.concat(parts).sort_values("onet_soc_code", kind="stable", ignore_index=True)


def _places(exposure: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    rank = exposure.rank(ascending=False, method="min").astype("int64").to_numpy()
    return rank, quintiles(exposure.to_numpy()[None, :])[0]


def sensitivity_summary(sensitivity: pd.DataFrame) -> pd.DataFrame:
    """What changing the rule changes, one row a rule.

    Parameters
    ----------
    sensitivity : DataFrame
        Result of `weight_sensitivity`.

    Returns
    -------
    DataFrame
        `weight_rule`; `n_occupations` it is open to; `n_default` of them that take it anyway; and
        over the others `n_compared, spearman` (of exposure with the default rule's),
        `mean_absolute_difference, largest_difference` and `share_other_quintile`. Missing where
        no occupation can be compared (with fewer than 3, the Spearman correlation too).
    """
    from scipy.stats import spearmanr

    rows = []
    for rule in WEIGHT_RULES:
        own = sensitivity[sensitivity["weight_rule"] == rule]
        other = own[~own["is_default"]]
        moved = other["difference"].abs()
        default = other["exposure"] - other["difference"]
        rows.append(
            {
                "weight_rule": rule,
                "n_occupations": len(own),
                "n_default": int(own["is_default"].sum()),
                "n_compared": len(other),
                "spearman": spearmanr(other["exposure"], default)[0] if len(other) > 2 else np.nan,
                "mean_absolute_difference": moved.mean(),
                "largest_difference": moved.max(),
                "share_other_quintile": (other["quintile"] != other["default_quintile"]).mean(),
            }
        )
    return pd.DataFrame(rows)


def weight_disagreement(every_weight: pd.DataFrame) -> pd.DataFrame:
    """How far two rules differ in what they give a task: the measure behind `WEIGHT_CV`.

    Parameters
    ----------
    every_weight : DataFrame
        Result of `pipelines.exposure.occupation.weights.rule_weights`.

    Returns
    -------
    DataFrame
        One row a pair of rules open to the same occupations: `weight_rule, other_rule,
        n_occupations, cv` (coefficient of variation over an occupation's tasks of the ratio of
        the two weights, mean over occupations).
    """
    wide = every_weight.pivot(index=KEY, columns="weight_rule", values="weight")
    rows = []
    for one, other in combinations([r for r in WEIGHT_RULES if r in wide], 2):
        ratio = (wide[one] / wide[other]).dropna()
        if ratio.empty:
            continue
        by = ratio.groupby("onet_soc_code")
        cv = by.std(ddof=0) / by.mean()
        rows.append((one, other, len(cv), cv.mean()))
    return pd.DataFrame(rows, columns=["weight_rule", "other_rule", "n_occupations", "cv"])
