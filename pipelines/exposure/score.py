"""Score statements (any text) and tasks (with their work activities)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from pipelines.exposure import features
from pipelines.exposure.model import BETA, CLASSES, LEVELS, Scorer

PROBABILITIES = ["p_e0", "p_e1", "p_e2"]
_SPANISH = {"de", "la", "el", "los", "las", "del", "para", "por", "una", "con", "y", "que", "en"}
_ENGLISH = {"the", "a", "an", "of", "to", "and", "or", "for", "with", "in", "on", "by", "from"}
_SENSIBLE = 3


def score_statements(texts: Iterable, scorer: Scorer) -> pd.DataFrame:
    """Score any list of statements from the wording alone; no row ever fails.

    Parameters
    ----------
    texts : iterable
        Statements; missing values, numbers and odd text are scored as they are and noted.
    scorer : Scorer
        See `pipelines.exposure.model.load_scorer`.

    Returns
    -------
    DataFrame
        One row a statement, index 0..n-1: `p_e0, p_e1, p_e2` (sum 1), `exposure`
        (= p_e1 + p_e2 / 2), `exposure_low`, `exposure_high` (90 % conformal interval of the
        human rating), `exposure_label` (E0-E2), `automation` (T0-T4), `nearest_task_id`
        (nearest labelled task; missing where no word is known), `note` (empty, or what is odd).
    """
    strings = features.as_strings(texts)
    said = scorer.read(strings)
    frame = _columns(said.p, *scorer.interval(said.p, said.similarity, "text"), said.level)
    unknown = (said.known * said.n_words) < 0.5
    # Nothing was read: the answer is the labels' average, and the interval says anything goes.
    frame.loc[unknown, "exposure_low"] = 0.0
    frame.loc[unknown, "exposure_high"] = 1.0
    frame["nearest_task_id"] = pd.array(said.nearest_task_id, "Int64")
    frame.loc[unknown, "nearest_task_id"] = pd.NA
    frame["note"] = _notes(strings, said.n_words, said.known)
    return frame


def _columns(p, low, high, level) -> pd.DataFrame:
    frame = pd.DataFrame(p, columns=PROBABILITIES)
    frame["exposure"] = p @ BETA
    frame["exposure_low"], frame["exposure_high"] = low, high
    frame["exposure_label"] = np.array(CLASSES, object)[p.argmax(1)]
    frame["automation"] = np.array(LEVELS, object)[np.rint(level).astype(int)]
    return frame.astype({"exposure_label": "str", "automation": "str"})


def _notes(strings: list[str], n_words: np.ndarray, known: np.ndarray) -> pd.Series:
    notes = np.full(len(strings), "", object)
    odd = (n_words < _SENSIBLE) | (known < 0.6)
    odd |= np.fromiter(
        (len(t) > features.MAX_CHARS or t[:1] in "=+@" for t in strings), bool, len(strings)
    )
    odd |= np.fromiter((not t.isascii() for t in strings), bool, len(strings))
    for i in np.flatnonzero(odd):
        notes[i] = _note(strings[i], int(n_words[i]), float(known[i]))
    return pd.Series(notes, dtype="str")


def _note(text: str, n_words: int, known: float) -> str:
    if not text.strip():
        return "empty: no statement to score"
    said = []
    words = text[: features.MAX_CHARS].lower().split()
    foreign = sum(w in _SPANISH for w in words) > sum(w in _ENGLISH for w in words)
    if n_words == 0:
        said.append("no words: not a task")
    elif foreign or known < 0.6:
        said.append("not English, or mostly words the model does not know")
    elif n_words < _SENSIBLE:
        said.append("very short: may not be a task")
    if text.startswith(("=", "+", "@")):
        said.append("looks like a formula: not a task")
    if len(text) > features.MAX_CHARS:
        said.append(f"only the first {features.MAX_CHARS:,} characters were read")
    return "; ".join(said)


def score_tasks(
    tasks: pd.DataFrame, exposure_labels: pd.DataFrame, task_dwas: pd.DataFrame, scorer: Scorer
) -> pd.DataFrame:
    """Score O*NET tasks, with the labels of other tasks of the same DWAs where there are any.

    Parameters
    ----------
    tasks, exposure_labels, task_dwas : DataFrame
        Contracted tables. Tasks without a text are left out.
    scorer : Scorer
        Holds the counts of human labels by DWA and IWA it was trained with; a task's own
        published label is taken out of them. The text part learned from all labelled tasks,
        so a labelled task's score is not blind to its label; `outlook check` prints the
        agreement on tasks the scorer had not seen.

    Returns
    -------
    DataFrame
        Table `task_scores`; `basis` is "DWA" where at least one other labelled task shares a
        DWA with the task, else "text".
    """
    tasks = tasks.dropna(subset=["task"]).reset_index(drop=True)
    said = scorer.read(tasks["task"].tolist())
    p = said.p.copy()
    counts, iwa_counts = _evidence(tasks, exposure_labels, task_dwas, scorer)
    linked = counts.sum(1) > 0.5
    major = tasks["onet_soc_code"].str[:2].to_numpy()
    low, high = scorer.interval(p, said.similarity, "text", major)
    if linked.any():
        p[linked] = scorer.with_dwas(said.p[linked], counts[linked], iwa_counts[linked])
        low[linked], high[linked] = scorer.interval(
            p[linked], said.similarity[linked], "DWA", major[linked]
        )
    frame = _columns(p, low, high, said.level)
    frame.insert(0, "task_id", tasks["task_id"])
    frame.insert(0, "onet_soc_code", tasks["onet_soc_code"])
    frame["basis"] = pd.Series(np.where(linked, "DWA", "text"), dtype="str")
    # Sums differ in the seventh digit with the number of threads; a release must not.
    return frame.round(6)


def _evidence(tasks, exposure_labels, task_dwas, scorer) -> tuple[np.ndarray, np.ndarray]:
    """Human labels of other tasks by DWA and by IWA, summed over each task's DWAs, (n, 3)."""
    state, key = scorer.state, ["onet_soc_code", "task_id"]
    rows = tasks[key].reset_index(names="row").merge(task_dwas[[*key, "dwa_id"]], on=key)
    rows = rows.merge(exposure_labels[[*key, "human_label"]], on=key, how="left")
    code = scorer.dwa_ids.get_indexer(rows["dwa_id"])
    rows, code = rows[code >= 0], code[code >= 0]
    own = np.zeros((len(rows), 3))
    label = rows["human_label"].map(CLASSES.index, na_action="ignore").to_numpy(float)
    has = ~np.isnan(label)
    own[has, label[has].astype(int)] = 1
    # A task with two DWAs of one IWA stands in that IWA's counts twice: take all of them out.
    iwa = state["dwa_iwa"][code]
    times = rows.assign(iwa=iwa).groupby(["row", "iwa"])["dwa_id"].transform("size").to_numpy()
    out = np.zeros((2, len(tasks), 3))
    row = rows["row"].to_numpy()
    np.add.at(out[0], row, np.maximum(state["dwa_counts"][code] - own, 0))
    np.add.at(out[1], row, np.maximum(state["iwa_counts"][iwa] - own * times[:, None], 0))
    return out[0], out[1]
