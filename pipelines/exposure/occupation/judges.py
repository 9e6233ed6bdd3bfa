"""How much an occupation's scores hang on who judged its tasks.

The same weighted mean over the same tasks, once from each source of labels: people, GPT-4, experts
and what is seen of use. A source that did not look at a task says nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipelines.base.language import marked
from pipelines.base.percentiles import standing
from pipelines.base.records import records
from pipelines.exposure.occupation.aggregate import quintiles
from pipelines.exposure.scorer.automation import ALONE, HELP, level_share
from pipelines.exposure.scorer.classes import BETA_BY_CLASS

#: Fewest tasks of an occupation that a source must have judged for a percentile.
MIN_TASKS = 5
IN_USE = marked("people use one company's AI for it")
#: Source -> question that it answers, its name, and our score of the same question.
JUDGES = {
    "people": (HELP, marked("labels by people (Eloundou et al. 2023)"), "exposure"),
    "gpt4": (HELP, marked("labels by GPT-4 (Eloundou et al. 2023)"), "exposure"),
    "gpt4_level": (ALONE, marked("levels by GPT-4 (Eloundou et al. 2023)"), "automation_score"),
    "experts": (
        ALONE,
        marked("ratings by experts (WORKBank, Shao et al. 2025)"),
        "automation_score",
    ),
    "use": (IN_USE, marked("observed use (Massenkoff and McCrory 2026)"), ""),
}
COLUMNS = [
    "question", "source", "value", "ours", "n_tasks", "tasks", "percentile", "n_occupations",
    "remark",
]  # fmt: skip


def judged(tasks: pd.DataFrame) -> pd.DataFrame:
    """The mean of every occupation from every source that judged any of its tasks.

    Parameters
    ----------
    tasks : DataFrame
        One row a task: onet_soc_code, weight, exposure, automation_score, human_label,
        gpt4_label, gpt4_automation, experts_rating, observed_use.

    Returns
    -------
    DataFrame
        A row an occupation and source: `onet_soc_code, judge` (key of `JUDGES`), `value` (0 to
        1), `ours` (our score over the same tasks with the same weights; missing for use), `n_tasks`
        judged, `percentile` among the `n_occupations` with at least `MIN_TASKS` judged tasks
        (missing below).
    """
    values = {
        "people": tasks["human_label"].map(BETA_BY_CLASS),
        "gpt4": tasks["gpt4_label"].map(BETA_BY_CLASS),
        "gpt4_level": level_share(tasks["gpt4_automation"]),
        "experts": (tasks["experts_rating"] - 1) / 4,  # of 1 to 5
        "use": tasks["observed_use"],
    }
    parts = []
    for judge, value in values.items():
        ours = JUDGES[judge][2]
        frame = pd.DataFrame({
            "onet_soc_code": tasks["onet_soc_code"], "weight": tasks["weight"],
            "value": tasks["weight"] * value.astype("float64"),
            "ours": tasks["weight"] * tasks[ours] if ours else np.nan,
        })  # fmt: skip
        by = frame[value.notna() & tasks["weight"].notna()].groupby("onet_soc_code")
        sums = by[["value", "ours", "weight"]].sum(min_count=1)
        part = sums[["value", "ours"]].div(sums["weight"], axis=0).assign(n_tasks=by.size())
        enough = part["value"].where(part["n_tasks"] >= MIN_TASKS)
        part = part.assign(percentile=standing(enough), n_occupations=int(enough.notna().sum()))
        parts.append(part.reset_index().assign(judge=judge))
    return pd.concat(parts, ignore_index=True)


def agreement(judged_rows: pd.DataFrame) -> pd.DataFrame:
    """How far each source would move occupations from where our score puts them.

    Parameters
    ----------
    judged_rows : DataFrame
        Result of `judged`; occupations with fewer than `MIN_TASKS` judged tasks are left out.

    Returns
    -------
    DataFrame
        `judge`, `n` (occupations), `spearman` (with our score over the same tasks),
        `mean_absolute_difference`, `share_other_fifth` (of occupations that stand in another fifth
        of these); of use only `judge` and `n`.
    """
    rows = []
    kept = judged_rows[judged_rows["n_tasks"] >= MIN_TASKS]
    for judge in JUDGES:
        part = kept[kept["judge"] == judge]
        row = {"judge": judge, "n": len(part)}
        both = part.dropna(subset=["ours"])
        if len(both) > 2:
            fifths = quintiles(both[["value", "ours"]].to_numpy().T)
            row |= {
                "spearman": both["value"].corr(both["ours"], method="spearman"),
                "mean_absolute_difference": (both["value"] - both["ours"]).abs().mean(),
                "share_other_fifth": (fifths[0] != fifths[1]).mean(),
            }
        rows.append(row)
    return pd.DataFrame(rows)


def judges_of(judged_rows: pd.DataFrame, own: pd.Series) -> pd.DataFrame:
    """The small table of one occupation: every source, missing ones too.

    Parameters
    ----------
    judged_rows : DataFrame
        Its rows of `judged`.
    own : Series
        The occupation's row of ``occupation_exposure``.

    Returns
    -------
    DataFrame
        `COLUMNS`: `source` judged `n_tasks` of the occupation's `tasks`; `value` and `ours` are
        means over these, 0 to 1; `remark` says why a number is missing.
    """
    rows = judge_rows({row["judge"]: row for row in records(judged_rows)}, int(own["n_tasks"]))
    out = pd.DataFrame(rows).reindex(columns=COLUMNS)
    return out.astype({"n_tasks": "Int64", "n_occupations": "Int64"})


def judge_rows(held: Mapping[str, Mapping[str, Any]], total: int) -> list[dict[str, Any]]:
    """`judges_of` as rows; what is missing is None. `held` is its rows of `judged` by judge."""
    rows = []
    for judge, (question, name, _) in JUDGES.items():
        row = dict.fromkeys(COLUMNS) | {"question": question, "source": name, "tasks": total}
        if judge not in held:
            rows.append(row | {"n_tasks": 0, "remark": "judged none of its tasks in these data"})
            continue
        found = held[judge]
        few = found["n_tasks"] < MIN_TASKS
        names = ("value", "ours", "n_tasks", "percentile", "n_occupations")
        rows.append(
            row
            | {name: found[name] for name in names}
            | {"remark": f"fewer than {MIN_TASKS} tasks: no percentile" if few else ""}
        )
    return rows
