"""Published figures of the exposure studies, made again from their published inputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from pipelines.exposure.published.measures import label_means
from pipelines.exposure.scorer.classes import BETA_BY_CLASS
from pipelines.market.oews import national
from pipelines.releases.store import Release

#: Activities in a smaller share of conversations do not count (Tomlinson et al. 2025, eq. 1).
MIN_CONVERSATION_SHARE = 0.0005
#: Of the 785 scores: how far a replicated one may be off. They are printed to 15 digits.
TOLERANCE = 1e-9
#: Year of the employment in Eloundou et al.'s shares of workers.
EMPLOYMENT_YEAR = 2021
#: Occupations with labels below which the release is a snapshot's part.
_MIN_LABELED_OCCUPATIONS = 500
_SNAPSHOT_ONLY_NOTE = "the snapshot has the labels of its own field only: run `outlook refresh`"
Row = list[Any]


def ai_applicability(weights: pd.DataFrame, metrics: pd.DataFrame) -> pd.Series:
    """AI applicability by SOC code, by equation 1 of Tomlinson et al. (2025), arXiv:2507.07935.

    The mean of the user's and the AI's side; a side is the sum over activities of weight x
    completion x impact scope where the activity's share is above `MIN_CONVERSATION_SHARE`, and
    the weights of an occupation add up to one.

    Parameters
    ----------
    weights : DataFrame
        Table ``soc_iwa_weights``.
    metrics : DataFrame
        Table ``iwa_ai_metrics``.
    """
    rows = weights.join(metrics.set_index("iwa_id"), on="iwa_id")
    share = rows["weight"] / rows.groupby("soc_code")["weight"].transform("sum")
    total = pd.Series(0.0, index=rows.index)
    for side in ("user", "ai"):
        part = rows[f"completion_{side}"] * rows[f"impact_scope_{side}"]
        total += (share * part).where(rows[f"share_{side}"] > MIN_CONVERSATION_SHARE, 0.0) / 2
    return total.groupby(rows["soc_code"]).sum()


def workforce_shares(
    labels: pd.DataFrame, wages: pd.DataFrame, rater: str
) -> tuple[pd.DataFrame, float]:
    """Percent of employment in occupations whose mean reaches 10% and 50%.

    Parameters
    ----------
    labels, wages : DataFrame
        Tables ``exposure_labels`` and ``wages``.
    rater : str
        "human" or "gpt4".

    Returns
    -------
    DataFrame
        Index measure (alpha, beta, zeta) and cut (10, 50); columns ``at_least`` and ``above``
        the cut, in percent of the employment of occupations that have labels, OEWS May 2021.
        Plain mean over tasks, then over the O*NET codes of a SOC code.
    float
        Percent of all employment that those occupations have.
    """
    means = label_means(labels[f"{rater}_label"]).groupby(labels["onet_soc_code"]).mean()
    soc = means.groupby(means.index.str[:7]).mean()
    rows = national(wages[wages["year"] == EMPLOYMENT_YEAR])
    jobs = rows.drop_duplicates("soc_code").set_index("soc_code")["employment"]
    held = jobs.reindex(soc.index).dropna()
    # Sums of halves over a number of tasks: rounded, so that a mean of one half is one half.
    means_held = soc.loc[held.index].round(9)
    found = {
        (name, cut): [
            100 * held[means_held[name] >= cut / 100].sum() / held.sum(),
            100 * held[means_held[name] > cut / 100].sum() / held.sum(),
        ]
        for name in soc
        for cut in (10, 50)
    }
    frame = pd.DataFrame.from_dict(found, orient="index", columns=["at_least", "above"])
    frame.index = pd.MultiIndex.from_tuples(frame.index, names=["measure", "cut"])
    return frame, 100 * held.sum() / jobs.sum()


def same_label_share(labels: pd.DataFrame, task_dwas: pd.DataFrame, column: str) -> float:
    """Percent of tasks with the commonest label of their detailed work activity."""
    joined = task_dwas.merge(labels, on=["onet_soc_code", "task_id"])
    counts = joined.groupby(["dwa_id", column]).size()
    return 100 * counts.groupby(level=0).max().sum() / len(joined)


def majority_label(labels: pd.DataFrame, task_dwas: pd.DataFrame) -> dict[str, float]:
    """People's label from the commonest one of the same work activities in other occupations.

    Accuracy and kappa of the commonest label (a tie goes to the lower class), r of the beta that
    the shares of the labels imply, and n, over tasks whose activities have labels elsewhere.
    """
    from sklearn.metrics import cohen_kappa_score

    key = ["onet_soc_code", "task_id"]
    joined = task_dwas.merge(labels[[*key, "human_label"]], on=key)
    classes = pd.get_dummies(joined["human_label"]).reindex(
        columns=list(BETA_BY_CLASS), fill_value=False
    )
    counts = pd.concat([joined[[*key, "dwa_id"]], classes.astype(float)], axis=1)
    names = list(BETA_BY_CLASS)
    every = counts.groupby("dwa_id")[names].transform("sum")
    own = counts.groupby(["dwa_id", "onet_soc_code"])[names].transform("sum")
    others = (every - own).groupby([counts[k] for k in key]).sum()
    others = others[others.sum(axis=1) > 0]
    truth = labels.set_index(key)["human_label"].reindex(others.index)
    guess = others.idxmax(axis=1)
    return {
        "accuracy": (guess == truth).mean(),
        "kappa": cohen_kappa_score(truth, guess),
        "r of beta": others.div(others.sum(axis=1), axis=0)
        .mul(pd.Series(BETA_BY_CLASS))
        .sum(axis=1)
        .corr(truth.map(BETA_BY_CLASS)),
        "n": float(len(truth)),
    }


def replication(data: Release) -> Iterator[Row]:
    """Rows of `pipelines.answers.check.checks`: check, figure, published, ours, difference, result,
    remark."""
    yield from _applicability(data)
    yield from _workforce(data)
    yield from _clusters(data)
    yield from _baselines()


def _applicability(data: Release) -> Iterator[Row]:
    check = "working-with-ai, equation 1"
    published = data.table("ai_applicability")
    if not (data.has("soc_iwa_weights") and data.has("iwa_ai_metrics")):
        yield [check, "scores reproduced", 785, None, None, "not checked",
               "the snapshot has no weights of work activities: run `outlook refresh`"]  # fmt: skip
        return
    ours = ai_applicability(data.table("soc_iwa_weights"), data.table("iwa_ai_metrics"))
    both = published.set_index("soc_code")["ai_applicability"].to_frame("published").join(
        ours.rename("ours")
    )  # fmt: skip
    off = (both["ours"] - both["published"]).abs()
    good = int((off <= TOLERANCE).sum())
    yield [check, "scores reproduced", len(both), good, good - len(both),
           "pass" if good == len(both) == 785 else "fail",
           f"largest difference {off.max():.1e}; {TOLERANCE:.0e} allowed"]  # fmt: skip


def _workforce(data: Release) -> Iterator[Row]:
    """The abstract does not print its rule at the cut: ours are reported, the difference said."""
    labels = data.table("exposure_labels")
    check = "workers exposed, Eloundou et al., abstract"
    printed = {10: 80, 50: 19}
    if labels["onet_soc_code"].nunique() < _MIN_LABELED_OCCUPATIONS:
        for cut, share in printed.items():
            name = f"at least {cut} % of tasks, % of workers"
            yield [check, name, share, None, None, "not checked", _SNAPSHOT_ONLY_NOTE]
        return
    for rater, who in (("human", "people"), ("gpt4", "GPT-4")):
        shares, covered = workforce_shares(labels, data.table("wages"), rater)
        for cut, share in printed.items():
            beta = shares.loc[("beta", cut)]
            ours, above = round(beta["at_least"], 1), round(beta["above"], 1)
            remark = (
                f"means of beta over tasks, labels by {who}; strictly above {cut} %: {above} %, "
                f"so {ours - above:.1f} % of workers are in occupations at exactly {cut} %; with "
                f"alpha {shares.at[('alpha', cut), 'at_least']:.1f} %, with zeta "
                f"{shares.at[('zeta', cut), 'at_least']:.1f} %; the occupations with labels here "
                f"have {covered:.0f} % of employment"
            )
            yield [check, f"at least {cut} % of tasks, % of workers ({who})", share, ours,
                   round(ours - share, 1), "reported", remark]  # fmt: skip


def _clusters(data: Release) -> Iterator[Row]:
    labels, links = data.table("exposure_labels"), data.table("task_dwas")
    enough = labels["onet_soc_code"].nunique() >= _MIN_LABELED_OCCUPATIONS
    same_file = len(labels) == 13_901
    check, other = "labels within a work activity", "label of the same activities elsewhere"
    for column, who, printed in (("human_label", "people", 87), ("gpt4_label", "GPT-4", 81)):
        figure = f"share one label, {who}, %"
        if not enough:
            yield [check, figure, printed, None, None, "not checked", _SNAPSHOT_ONLY_NOTE]
            continue
        share = round(same_label_share(labels, links, column))
        yield [check, figure, printed, share, share - printed,
               "pass" if share == printed else "fail" if same_file else "reported",
               "" if same_file else "another edition of the label file"]  # fmt: skip
    found = majority_label(labels, links) if enough else {}
    for figure, value in (("accuracy", 0.87), ("kappa", 0.77), ("r of beta", 0.81)):
        if not enough:
            yield [other, figure, value, None, None, "not checked", _SNAPSHOT_ONLY_NOTE]
            continue
        ours = round(found[figure], 2)
        difference = round(ours - value, 2)
        yield [other, figure, value, ours, difference,
               "pass" if difference == 0 else "reported",
               f"{found['n']:,.0f} tasks, one occupation held out at a time; how many are held "
               "out together moves the second digit and is not published"]  # fmt: skip


def _baselines() -> Iterator[Row]:
    why = "another model than ours; the scorer's own figures stand above (protocol U)"
    for figure, printed in (("accuracy", 0.72), ("kappa", 0.51), ("r of beta", 0.66)):
        yield ["plain n-gram regression", figure, printed, None, None, "not checked", why]
    yield ["O*NET's related occupations", "first ten hold BLS's similar ones, %", 43, None, None,
           "not checked", "BLS's pairs are not a source of a release"]  # fmt: skip
