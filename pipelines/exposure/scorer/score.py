"""Score statements (any text) and tasks (with their work activities)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from pipelines.exposure.scorer import gaussian_process, tokens
from pipelines.exposure.scorer.automation import COLUMNS, automation_columns
from pipelines.exposure.scorer.classes import AUTOMATION_LEVELS, BETA_WEIGHTS, CLASSES
from pipelines.exposure.scorer.model import Scorer, Text
from pipelines.exposure.scorer.notes import notes

PROBABILITIES = ["p_e0", "p_e1", "p_e2"]


def score_statements(texts: Iterable, scorer: Scorer) -> pd.DataFrame:
    """Score any list of statements from the wording alone; no row ever fails.

    Parameters
    ----------
    texts : iterable
        Statements; missing values, numbers and odd text are scored as they are and noted.
    scorer : Scorer
        See `pipelines.exposure.scorer.model.load_scorer`.

    Returns
    -------
    DataFrame
        One row a statement, index 0..n-1: `p_e0, p_e1, p_e2` (sum 1), `exposure`
        (= p_e1 + p_e2 / 2), `exposure_low`, `exposure_high` (90% conformal interval of the
        human rating), `exposure_label` (E0-E2), `automation` (T0-T4), `nearest_task_id`
        (nearest labeled task; missing where no word is known), `note` (empty, or what is odd),
        `automation_score`, `automation_low`, `automation_high` (`automation.automation_columns`).
    """
    strings = tokens.as_strings(texts)
    return scored(strings, scorer.read(strings), scorer)


def scored(strings: list[str], said: Text, scorer: Scorer) -> pd.DataFrame:
    """`score_statements` of statements that were read already (`Scorer.read`)."""
    frame = _columns(said.p, *scorer.interval(said.p, said.similarity, "text"), said.level)
    unknown = (said.known * said.n_words) < 0.5
    # Nothing was read: the answer is the labels' average, and the interval says anything goes.
    frame.loc[unknown, "exposure_low"] = 0.0
    frame.loc[unknown, "exposure_high"] = 1.0
    frame["nearest_task_id"] = pd.array(said.nearest_task_id, "Int64")
    frame.loc[unknown, "nearest_task_id"] = pd.NA
    frame["note"] = notes(strings, said.n_words, said.known)
    frame[COLUMNS] = automation_columns(said.level).to_numpy()
    frame.loc[unknown, "automation_low"] = 0.0
    frame.loc[unknown, "automation_high"] = 1.0
    return frame


def _columns(p, low, high, level) -> pd.DataFrame:
    frame = pd.DataFrame(p, columns=PROBABILITIES)
    frame["exposure"] = p @ BETA_WEIGHTS
    frame["exposure_low"], frame["exposure_high"] = low, high
    frame["exposure_label"] = np.array(CLASSES, object)[p.argmax(1)]
    frame["automation"] = np.array(AUTOMATION_LEVELS, object)[np.rint(level).astype(int)]
    return frame.astype({"exposure_label": "str", "automation": "str"})


def score_tasks(tasks: pd.DataFrame, task_dwas: pd.DataFrame, scorer: Scorer) -> pd.DataFrame:
    """Score O*NET tasks, with the labels of other tasks of the same DWAs where there are any.

    Parameters
    ----------
    tasks, task_dwas : DataFrame
        Contracted tables. Tasks without a text are left out.
    scorer : Scorer
        Holds what the labels it was trained with say of related tasks; a task's own label says
        nothing of itself there. The text part learned from all labeled tasks, so a labeled
        task's score is not blind to its label; `outlook check` prints the agreement on tasks the
        scorer had not seen.

    Returns
    -------
    DataFrame
        Table `task_scores` without `use`; `basis` is "DWA" where at least one other labeled task
        shares a DWA with the task, else "text". The automation score of a task takes the tasks
        given of its occupation for the whole occupation.
    """
    tasks = tasks.dropna(subset=["task"]).reset_index(drop=True)
    said = scorer.read(tasks["task"].tolist())
    related = gaussian_process.related(tasks, task_dwas, said.z, scorer.state)
    linked = ~np.isnan(related[:, 0])
    p = said.p.copy()
    p[linked] = scorer.with_related(p[linked], related[linked])
    major = tasks["onet_soc_code"].str[:2].to_numpy()
    text = scorer.interval(p, said.similarity, "text", major)
    dwa = scorer.interval(p, said.similarity, "DWA", major)
    low, high = (np.where(linked, d, t) for d, t in zip(dwa, text, strict=True))
    frame = _columns(p, low, high, said.level)
    frame.insert(0, "task_id", tasks["task_id"])
    frame.insert(0, "onet_soc_code", tasks["onet_soc_code"])
    frame["basis"] = pd.Series(np.where(linked, "DWA", "text"), dtype="str")
    frame["automation_level"] = said.level
    frame[COLUMNS] = automation_columns(said.level, tasks["onet_soc_code"]).to_numpy()
    # Sums differ in the seventh digit with the number of threads; a release must not.
    return frame.round(6)
