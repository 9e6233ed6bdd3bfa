"""Why a statement has its score: its words, the labeled tasks like it, the related tasks.

Everything here asks the scorer and nothing else, so it holds whatever the model is made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipelines.base.errors import SourceFailed
from pipelines.base.words import listed
from pipelines.exposure.scorer import tokens
from pipelines.exposure.scorer.classes import BETA_WEIGHTS, CLASSES
from pipelines.exposure.scorer.links import KEY
from pipelines.exposure.scorer.model import Scorer
from pipelines.exposure.scorer.score import score_tasks

#: Labeled tasks shown beside a statement.
N_NEAREST_TASKS = 3
#: A word is listed from this effect on, and named in the sentence from the larger one on.
MIN_EFFECT_LISTED, MIN_EFFECT_NAMED = 0.01, 0.02
#: Words named in the sentence, in each direction.
MAX_NAMED_WORDS = 3
#: A published score further than this from the installed model's is another model's.
SAME_SCORE = 0.005
_RELATED = [f"related_{name.lower()}" for name in CLASSES]
# Letters and digits, joined within by hyphens and apostrophes: "follow-up" is one word.
_WORD = re.compile(r"\w(?:[\w\u0300-\u036f'\u2019-]*\w)?")
# Named in the sentence they would tell a reader nothing; the list of words holds them all.
_FUNCTION_WORDS = frozenset(
    _WORD.findall(
        "a an and any are as at be both but by each either for from if in into is it its nor not "
        "of off on onto or other out over per such than that the their them then these this those "
        "to under up upon using when where whether which while who with within without"
    )
)
# Statements scored, or compared with all labeled tasks, in one call: more would cost memory.
_BATCH, _BLOCK = 5_000, 500


def words_in(text: str) -> list[str]:
    """The distinct words of a statement, in order, each as first spelled.

    Only the part that the scorer reads is split (`tokens.MAX_CHARS`).
    """
    found = _WORD.findall(text[: tokens.MAX_CHARS])
    return list({word.casefold(): word for word in reversed(found)}.values())[::-1]


def without(text: str, word: str) -> str:
    """The part of the statement that is read, less every occurrence of a word (any case)."""
    folded = word.casefold()
    return _WORD.sub(lambda m: "" if m[0].casefold() == folded else m[0], text[: tokens.MAX_CHARS])


def word_effects(texts: Iterable, scorer: Scorer) -> pd.DataFrame:
    """What each word does to the exposure that the wording alone gives (occlusion).

    The effect of a word is the exposure of the whole statement minus that of the statement
    without the word (all its occurrences), both scored by the model itself: exact, whatever
    the model is. It answers "what if this word were not there". It is not a share of the
    score: effects do not add up to it (two words that say the same hide each other, a pair of
    words may matter as a pair), and it says nothing about what a word means to people.

    Parameters
    ----------
    texts : iterable
        Statements; odd values are read as `score_statements` reads them.
    scorer : Scorer
        All variants are scored together: a statement costs as many scorings as it has words.

    Returns
    -------
    DataFrame
        `row` (position of the statement), `word` (as first spelled), `effect` (-1 to 1, on
        exposure); largest effect first within a statement, words of equal effect in order.
    """
    strings = tokens.as_strings(texts)
    pairs = [(row, word) for row, text in enumerate(strings) for word in words_in(text)]
    whole = _exposure(strings, scorer)
    less = _exposure([without(strings[row], word) for row, word in pairs], scorer)
    frame = pd.DataFrame(pairs, columns=["row", "word"]).astype({"row": "int64", "word": "str"})
    frame["effect"] = whole[frame["row"].to_numpy()] - less
    order = np.lexsort((-frame["effect"].abs(), frame["row"]))
    return frame.iloc[order].reset_index(drop=True)


def _exposure(texts: Sequence[str], scorer: Scorer) -> np.ndarray:
    parts = [
        scorer.predict(texts[start : start + _BATCH]).to_numpy() @ BETA_WEIGHTS
        for start in range(0, len(texts), _BATCH)
    ]
    return np.concatenate(parts) if parts else np.zeros(0)


def known_labels(scorer: Scorer) -> pd.DataFrame:
    """The labeled tasks that the scorer learned from: `onet_soc_code, task_id, human_label`.

    Raises
    ------
    SourceFailed
        The model was trained before it kept them.
    """
    state = scorer.state
    if "known_human" not in state or "known_soc" not in state:
        raise SourceFailed(
            "scorer.npz", "the model holds no labels of its tasks", "Run outlook train"
        )
    return pd.DataFrame(
        {
            "onet_soc_code": pd.Series(state["known_soc"].split("\n"), dtype="str"),
            "task_id": state["known_task_id"],
            "human_label": pd.Series(np.array(CLASSES)[state["known_human"]], dtype="str"),
        }
    )


def nearest_tasks(
    texts: Iterable,
    scorer: Scorer,
    k: int = N_NEAREST_TASKS,
    own_task_id: Sequence[int] | None = None,
) -> pd.DataFrame:
    """The labeled tasks whose wording is most like each statement's.

    Parameters
    ----------
    texts : iterable
        Statements.
    scorer : Scorer
        Holds the vectors and human labels of the tasks it was trained on.
    k : int
        Tasks a statement.
    own_task_id : sequence of int, optional
        O*NET task id of each statement: a task is not its own neighbor.

    Returns
    -------
    DataFrame
        `row` (position of the statement), `rank` (1 to k), `task_id`, `onet_soc_code`,
        `cosine` (-1 to 1, of the statements' vectors), `human_label`. A statement of which the
        model knows no word has no rows.
    """
    z = scorer.encode(texts)
    own = np.full(len(z), -1) if own_task_id is None else np.asarray(own_task_id)
    return _nearest(z, own, known_labels(scorer), scorer, k)


def _nearest(z, own, known, scorer, k: int, shown: np.ndarray | None = None) -> pd.DataFrame:
    """`nearest_tasks` of vectors; `shown` marks the labeled tasks to choose from (default: all)."""
    held = scorer.state["known_z"]
    if shown is not None:
        held, known = held[shown], known[shown]
    held, ids = held.astype(np.float32), known["task_id"].to_numpy()
    k = max(min(k, len(ids) - 1), 0)
    if not k:
        z = z[:0]
    places, cosines = np.zeros((len(z), k), np.int64), np.zeros((len(z), k), np.float32)
    for start in range(0, len(z), _BLOCK):
        part = slice(start, start + _BLOCK)
        # Rounded, so that what is alike to five digits stays in the order of the labeled tasks,
        # however the sums of a block are added up.
        cosine = (z[part] @ held.T).round(5)
        cosine[own[part, None] == ids] = -np.inf
        near = np.argpartition(-cosine, k - 1, axis=1)[:, :k]
        near.sort(axis=1)  # so that equal cosines keep the order of the labeled tasks
        order = np.argsort(-np.take_along_axis(cosine, near, 1), axis=1, kind="stable")
        places[part] = np.take_along_axis(near, order, 1)
        cosines[part] = np.take_along_axis(cosine, places[part], 1)
    rows = np.flatnonzero(z.any(axis=1))
    frame = known.iloc[places[rows].ravel()].reset_index(drop=True)
    frame["row"], frame["rank"] = np.repeat(rows, k), np.tile(np.arange(1, k + 1), len(rows))
    # Vectors are kept with half precision: the cosine of equal texts may exceed 1 a little.
    frame["cosine"] = np.clip(cosines[rows].ravel().astype(float), -1, 1)
    return frame[["row", "rank", "task_id", "onet_soc_code", "cosine", "human_label"]]


def related_labels(tasks: pd.DataFrame, task_dwas: pd.DataFrame, scorer: Scorer) -> pd.DataFrame:
    """How people rated the other tasks that share a detailed work activity with each task.

    Parameters
    ----------
    tasks, task_dwas : DataFrame
        Contracted tables.
    scorer : Scorer
        Holds the labels.

    Returns
    -------
    DataFrame
        `related_e0, related_e1, related_e2`, one row a task in the order given: distinct
        labeled tasks, the task itself not counted. (A task that shares two activities weighs
        twice in the score.)
    """
    return _related(tasks, task_dwas, known_labels(scorer))


def _related(tasks, task_dwas, known) -> pd.DataFrame:
    own = tasks[KEY].reset_index(drop=True).reset_index(names="row")
    own = own.merge(task_dwas[task_dwas["task_id"].isin(own["task_id"])], on=KEY)
    other = task_dwas[task_dwas["dwa_id"].isin(own["dwa_id"])].merge(known, on=KEY)
    both = own.merge(other, on="dwa_id", suffixes=("", "_other"))
    both = both[both["task_id"] != both["task_id_other"]]
    both = both.drop_duplicates(["row", "task_id_other"])
    counts = pd.crosstab(both["row"], both["human_label"])
    counts = counts.reindex(index=range(len(tasks)), columns=list(CLASSES), fill_value=0)
    return counts.set_axis(_RELATED, axis=1).rename_axis(index=None).astype("int64")


def explain_tasks(
    tasks: pd.DataFrame,
    task_dwas: pd.DataFrame,
    scorer: Scorer,
    statements: pd.DataFrame,
    occupations: pd.DataFrame,
    k: int = N_NEAREST_TASKS,
) -> pd.DataFrame:
    """Why O*NET tasks have their scores.

    Parameters
    ----------
    tasks : DataFrame
        `onet_soc_code, task_id, task, task_text_source`; a missing text is not explained by
        words.
    task_dwas, occupations : DataFrame
        Contracted tables.
    scorer : Scorer
    statements : DataFrame
        `task_id, task`: the neighbors are chosen among labeled tasks that have a text here, so
        that each can be read.
    k : int
        Neighbors a task.

    Returns
    -------
    DataFrame
        One row a task, in the order given: `onet_soc_code, task_id`;
        `exposure_wording` (0 to 1, of the text alone), `exposure_evidence` (with the labels of
        related tasks; the same where there are none), both missing without a text;
        `raised_by`, `lowered_by` ("word 0.12; word -0.03 ...", see `word_effects`);
        `related_e0, related_e1, related_e2` (see `related_labels`);
        `nearest_1_task_id, nearest_1_onet_soc_code, nearest_1_title, nearest_1_cosine,
        nearest_1_human_label, nearest_1_task` ... to k (like the official statement, where the
        task is one the model learned from; else like the text given); `why`, one sentence
        or two.
    """
    tasks = tasks.reset_index(drop=True)
    texts = tasks["task"].fillna("").tolist()
    has = np.array([bool(text.strip()) for text in texts], bool)
    out = tasks[KEY].copy()
    known = known_labels(scorer)
    out["exposure_wording"] = np.where(has, _exposure(texts, scorer), np.nan)
    scores = score_tasks(tasks[has], task_dwas, scorer)
    out["exposure_evidence"] = pd.Series(scores["exposure"].array, out.index[has])
    effects = word_effects(texts, scorer)
    out["raised_by"] = _listed(effects[effects["effect"] >= MIN_EFFECT_LISTED], len(tasks))
    out["lowered_by"] = _listed(effects[effects["effect"] <= -MIN_EFFECT_LISTED], len(tasks))
    related = _related(tasks, task_dwas, known)
    out = out.join(related)
    official = (tasks["task_text_source"] == "O*NET").to_numpy(bool)
    z = _official_vectors(tasks["task_id"], texts, official, known, scorer)
    worded = statements.dropna(subset=["task"])["task_id"]
    shown = known["task_id"].isin(worded).to_numpy(bool)
    near = _nearest(z, tasks["task_id"].to_numpy(), known, scorer, k, shown)
    out = out.join(_wide(near, statements, occupations, k))
    telling = effects[~effects["word"].str.casefold().isin(_FUNCTION_WORDS)]
    up = _named(telling[telling["effect"] >= MIN_EFFECT_NAMED])
    down = _named(telling[telling["effect"] <= -MIN_EFFECT_NAMED])
    counts = related.to_numpy().tolist()
    why = []
    for i, known in enumerate(has):
        words = words_sentence(up.get(i, []), down.get(i, []), not official[i])
        words = words if known else "The wording of this task comes with a refresh."
        why.append(f"{words} {related_sentence(counts[i])}")
    out["why"] = pd.Series(why, dtype="str")
    digits = {c: 6 for c in out if c.startswith("exposure_") or c.endswith("_cosine")}
    return out.round(digits)


def _official_vectors(task_id, texts, official, known, scorer) -> np.ndarray:
    """Vectors of the tasks: of the official statement also where only other wording is shown.

    The model keeps the vectors (not the sentences) of the tasks that it learned from.
    """
    z = scorer.encode(texts)
    place = pd.Index(known["task_id"]).get_indexer(task_id)
    held = (place >= 0) & ~official
    z[held] = scorer.state["known_z"][place[held]]
    return z


def _listed(effects: pd.DataFrame, n: int) -> pd.Series:
    said = effects["word"] + effects["effect"].map(" {:.2f}".format).astype("str")
    return said.groupby(effects["row"]).agg("; ".join).reindex(range(n)).astype("str")


def _wide(near, statements, occupations, k: int) -> pd.DataFrame:
    """The neighbors side by side, with titles and texts, indexed by row."""
    titles = occupations.set_index("onet_soc_code")["title"]
    texts = statements[statements["task_id"].isin(near["task_id"])].dropna(subset=["task"])
    texts = texts.drop_duplicates("task_id").set_index("task_id")["task"]
    near = near.assign(
        title=near["onet_soc_code"].map(titles).astype("str"),
        task=near["task_id"].map(texts).astype("str"),
    )
    names = ["task_id", "onet_soc_code", "title", "cosine", "human_label", "task"]
    wide = near.set_index(["row", "rank"])[names].unstack("rank")
    order = [(name, rank) for rank in range(1, k + 1) for name in names]
    wide = wide.reindex(columns=pd.MultiIndex.from_tuples(order))
    wide.columns = [f"nearest_{rank}_{name}" for name, rank in order]
    # A rank that no task has (no wording, no known word) keeps its types all the same.
    kinds = {"task_id": "Int64", "cosine": "float64"}
    return wide.astype({n: kinds.get(n.split("_", 2)[2], "str") for n in wide})


def _named(effects: pd.DataFrame) -> dict[int, list[str]]:
    return effects.groupby("row")["word"].agg(lambda words: list(words[:MAX_NAMED_WORDS])).to_dict()


def words_sentence(raised: Sequence[str], lowered: Sequence[str], own_words: bool) -> str:
    """The words that move the score, as a sentence; `own_words`: of our description."""
    parts = [
        f"{how} by " + ", ".join(f"“{word}”" for word in words)
        for how, words in (("raised", raised), ("lowered", lowered))
        if words
    ]
    said = "; ".join(parts) or "no single word changes the score much"
    said = f"in our own wording, {said}" if own_words else said
    return f"{said[0].upper()}{said[1:]}."


def related_sentence(counts: Sequence[int]) -> str:
    """The labels of related tasks in words; `counts` of E0, E1, E2."""
    total, most = sum(counts), max(counts)
    if not total:
        return "No related task has a label by people."
    leading = [name for name, n in zip(CLASSES, counts, strict=True) if n == most]
    if total == 1:
        return f"The one related task with a label was rated {leading[0]} by people."
    if len(leading) == 1:
        return f"{most} of {total} related tasks were rated {leading[0]} by people."
    parts = [f"{n} {name}" for name, n in zip(CLASSES, counts, strict=True) if n]
    return f"Of {total} related tasks, people rated {listed(parts)}."


def nearest_task_lines(row: Mapping[str, Any]) -> list[str]:
    """The labeled tasks most like one task, a line each, from a row of `explain_tasks`."""
    lines = []
    rank = 1
    while not pd.isna(row.get(f"nearest_{rank}_task_id")):
        title, task = row[f"nearest_{rank}_title"], row[f"nearest_{rank}_task"]
        where = row[f"nearest_{rank}_onet_soc_code"] if pd.isna(title) else title
        cosine = row[f"nearest_{rank}_cosine"]
        lines.append(
            f"{row[f'nearest_{rank}_human_label']}: {task} ({where}; similarity {cosine:.2f})"
        )
        rank += 1
    return lines
