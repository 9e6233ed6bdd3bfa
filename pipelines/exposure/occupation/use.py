"""Would software do the task, or help a person do it? A rule on two published scales.

The rule, from the study that made both scales (Eloundou, Manning, Mishkin and Rock, GPTs are
GPTs, Science 384, 2024; arXiv 2303.10130) and the words that later studies use:

automation     most likely exposed (E1 or E2) and automation level T3 or T4, the two upper steps
               of five: software could do most of the task
augmentation   most likely exposed and T0, T1 or T2: software helps a person who does the task
not exposed    most likely E0, whatever the level

The words are those of Handa et al. (Which economic tasks are performed with AI?, arXiv
2503.04761), who count conversations as automation (directive, feedback loop: the work is handed
over) or augmentation (task iteration, learning, validation: person and software work together);
Brynjolfsson, Chandar and Chen (Canaries in the coal mine, 2025) take over that split. Gmyrek, Berg
and Bescond (ILO Working Paper 96, 2023) draw the same line by whether most of the work could be
done by the software or only some. Neither defines it on T0-T4: where to cut that scale is our
reading. The level predicts what *GPT-4* answered. It says what software could do, not what anyone
does with it, and is no chance of losing a job.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

USES = ("automation", "augmentation", "not exposed")
_KEY = ["onet_soc_code", "task_id"]
#: Below this share of conversations working-with-ai counts an activity as not done with AI.
_MIN_CONVERSATION_SHARE = 0.0005
_SAMPLES = 300


def task_use(exposure_label: pd.Series, automation: pd.Series) -> pd.Series:
    """The use of each task by the rule above.

    Parameters
    ----------
    exposure_label, automation : Series of str
        E0-E2 and T0-T4.

    Returns
    -------
    Series of str
        One of `USES`; missing where either label is.
    """
    upper = automation.isin(["T3", "T4"])
    use = np.select([exposure_label == "E0", upper], ["not exposed", "automation"], "augmentation")
    known = exposure_label.notna() & automation.notna()
    return pd.Series(use, index=exposure_label.index, dtype="str").where(known)


def agreement_with_people(
    predicted: pd.DataFrame, exposure_labels: pd.DataFrame, column: str = "automation"
) -> pd.DataFrame:
    """Automation levels against the few that people gave.

    Parameters
    ----------
    predicted : DataFrame
        `onet_soc_code, task_id` and `column` (T0-T4); `exposure_label` (E0-E2) for the row on
        `use`. Held-out scores (`evaluate.out_of_sample`, protocol U) for an honest figure.
    exposure_labels : DataFrame
        Contracted table; rows with `human_automation` count.
    column : str
        The levels to compare; "gpt4_automation" (with `gpt4_label` beside it) compares GPT-4.

    Returns
    -------
    DataFrame
        `figure, n, value, low, high`: exact level, within one level, T3-T4 or not, same use (the
        people's own exposure and automation labels put through the rule), each a share with its
        exact 95% binomial interval; quadratic-weighted kappa without one.
    """
    from scipy.stats import binomtest
    from sklearn.metrics import cohen_kappa_score

    people = exposure_labels.dropna(subset=["human_automation"])
    label = "gpt4_label" if column == "gpt4_automation" else "exposure_label"
    theirs = people[[*_KEY, "human_automation", "human_label"]]
    drop = [c for c in ("human_automation", "human_label") if c in predicted]
    both = predicted.drop(columns=drop).merge(theirs, on=_KEY).dropna(subset=[column])
    human = both["human_automation"].str[1].astype(int)
    level = both[column].str[1].astype(int)
    hits = {
        "exact level": human == level,
        "within one level": (human - level).abs() <= 1,
        "T3-T4 or not": (human >= 3) == (level >= 3),
    }
    if label in both:
        own = task_use(both["human_label"], both["human_automation"])
        hits["same use"] = own == task_use(both[label], both[column])
    rows: list[tuple[str, int, float, float, float]] = []
    for figure, hit in hits.items():
        if len(hit):
            interval = binomtest(int(hit.sum()), len(hit)).proportion_ci(0.95)
            rows.append((figure, len(hit), hit.mean(), interval.low, interval.high))
    if len(both):
        kappa = cohen_kappa_score(human, level, weights="quadratic", labels=range(5))
        rows.append(("kappa, quadratic weights", len(both), kappa, np.nan, np.nan))
    return pd.DataFrame(rows, columns=["figure", "n", "value", "low", "high"])


def observed_use(
    task_scores: pd.DataFrame, tables: Mapping[str, pd.DataFrame], seed: int = 0
) -> pd.DataFrame:
    """Level and use of tasks against what was seen in conversations with AI.

    Two studies. The Economic Index: the percent of conversations on a task (its file by mode of
    collaboration is not among the sources here). working-with-ai: how often an intermediate work
    activity (IWA) was what the person wanted done (the software assists) and what the software
    did (the software performs); compared over the activities that either side covers (a share
    over .0005, the study's own bound), with the activity's tasks.

    Parameters
    ----------
    task_scores : DataFrame
        Table `task_scores` with `use` and `automation_level`.
    tables : mapping of DataFrame
        `tasks, economic_index, task_dwas, dwas, iwa_ai_metrics`; the snapshot lacks some of them.
    seed : int
        Of the bootstrap (300 samples of tasks or activities).

    Returns
    -------
    DataFrame
        `study, ours, theirs, n, spearman, low, high` (90% bootstrap interval).
    """
    scores = task_scores.assign(automated=(task_scores["use"] == "automation").astype(float))
    text = _statements(scores, tables)
    # The file lists every statement that conversations were about: one not in it had none.
    text["percent"] = text["percent"].fillna(0.0)
    linked = tables["task_dwas"].merge(tables["dwas"][["dwa_id", "iwa_id"]], on="dwa_id")
    linked = linked.drop_duplicates([*_KEY, "iwa_id"]).merge(scores, on=_KEY)
    exposed = linked[linked["use"] != "not exposed"].groupby("iwa_id")["automated"].mean()
    level = linked.groupby("iwa_id")[["automation_level", "exposure"]].mean()
    seen = tables["iwa_ai_metrics"].set_index("iwa_id").join(level, how="inner")
    seen = seen.join(exposed.rename("automated_of_exposed"))
    seen = seen[
        (seen["share_ai"] > _MIN_CONVERSATION_SHARE)
        | (seen["share_user"] > _MIN_CONVERSATION_SHARE)
    ]
    seen["performed"] = seen["share_ai"] / (seen["share_ai"] + seen["share_user"])
    rng = np.random.default_rng(seed)
    asked = [
        ("economic_index", text, "exposure", "percent"),
        ("economic_index", text, "automation_level", "percent"),
        ("wwai_iwa", seen, "exposure", "share_ai"),
        ("wwai_iwa", seen, "automation_level", "share_ai"),
        ("wwai_iwa", seen, "automation_level", "performed"),
        ("wwai_iwa", seen, "automated_of_exposed", "performed"),
    ]
    rows = [(study, x, y, *_spearman(frame[[x, y]], rng)) for study, frame, x, y in asked]
    return pd.DataFrame(rows, columns=["study", "ours", "theirs", "n", "spearman", "low", "high"])


def usage_by_use(task_scores: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Percent of the Economic Index's conversations that fall on tasks of each use.

    Parameters
    ----------
    task_scores, tables
        As for `observed_use`; of the tables, `tasks` and `economic_index`.

    Returns
    -------
    DataFrame
        `use, n_statements, share_seen` (of the statements those that occur in the index),
        `percent` (of conversations; the rest fall on statements that no task has any more).
    """
    text = _statements(task_scores, tables)
    by = text.groupby("use")["percent"]
    frame = pd.DataFrame(
        {
            "n_statements": by.size(),
            "share_seen": by.count() / by.size(),
            "percent": by.sum(),
        }
    )
    frame = frame.reindex(list(USES)).fillna({"n_statements": 0, "percent": 0.0})
    return frame.astype({"n_statements": "int64"}).rename_axis("use").reset_index()


def _statements(scores: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Scores by statement, with its percent of conversations (missing where it has none).

    A statement that several occupations share is one line of the index, and counts once.
    """
    text = tables["tasks"][[*_KEY, "task"]].dropna(subset=["task"])
    text = text.assign(task_text=text["task"].str.lower().str.strip()).merge(scores, on=_KEY)
    index = tables["economic_index"]
    index = index.assign(task_text=index["task_text"].str.lower().str.strip())
    return text.drop_duplicates("task_text").merge(
        index.drop_duplicates("task_text"), on="task_text", how="left"
    )


def _spearman(pair: pd.DataFrame, rng: np.random.Generator) -> tuple[int, float, float, float]:
    from scipy.stats import spearmanr

    values = pair.dropna().to_numpy(float)
    n = len(values)
    if n < 3:
        return n, np.nan, np.nan, np.nan
    drawn = [spearmanr(values[rng.integers(0, n, n)])[0] for _ in range(_SAMPLES)]
    low, high = np.nanquantile(drawn, [0.05, 0.95])
    return n, spearmanr(values)[0], low, high
