"""Train the scorer: deterministic, from the labels and the work activities of tasks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp

from pipelines.base.errors import UsageError
from pipelines.exposure.scorer import conformal, gaussian_process, readers, tokens
from pipelines.exposure.scorer.classes import BETA_WEIGHTS, CLASSES
from pipelines.exposure.scorer.encoder import Encoder, load_encoder
from pipelines.exposure.scorer.links import KEY, Links
from pipelines.exposure.scorer.model import Scorer, logistic, related_input

N_CELLS = 128
FOLDS = 5
#: Labels that the readers learn beside people's, which every row has.
GPT4_LABELS = ("gpt4_label", "gpt4_alt_label", "gpt4_automation")
#: Labeled statements below which there is nothing to learn from.
MIN_LABELED_ROWS = 200
#: Examples closer than this to a held row are not used to predict it.
SAME_TASK = 0.95
#: Inverse strength of the penalty of each combination. Of a new kind of work the readers know less
#: than of what they were combined on: a strong penalty keeps the text's chances from saying more.
TEXT_C, RELATED_C = 0.005, 0.05
#: Weight of an activity's title beside a labeled task's 1: it speaks for all its tasks.
TITLE_WEIGHT = 2.0


def train(
    exposure_labels: pd.DataFrame,
    task_dwas: pd.DataFrame,
    dwas: pd.DataFrame,
    seed: int = 0,
    encoder: Encoder | None = None,
) -> Scorer:
    """Fit the scorer on every labeled row.

    Parameters
    ----------
    exposure_labels, task_dwas, dwas : DataFrame
        Contracted tables; labels must carry the task text. A label that GPT-4 did not give is
        missing: nothing is learned of that label from the row, the others count. The titles of
        DWAs are examples too, with the mean label of their labeled tasks; a missing title is
        none.
    seed : int
        The same tables and seed give the same arrays.
    encoder : Encoder, optional
        The shipped one unless given.

    Returns
    -------
    Scorer

    Raises
    ------
    UsageError
        Fewer than 200 labeled tasks have a text, or one of GPT-4's labels.
    """
    from sklearn.linear_model import Ridge

    labels = exposure_labels.dropna(subset=["task"])
    labels = labels.sort_values(KEY, ignore_index=True)
    if len(labels) < MIN_LABELED_ROWS:
        raise UsageError(
            "exposure_labels",
            f"{len(labels)} rows have a text, {MIN_LABELED_ROWS} are needed",
            "Refresh the source gpts_labels first: the snapshot has no statements",
        )
    for name in GPT4_LABELS:
        if (known := int(labels[name].notna().sum())) < MIN_LABELED_ROWS:
            raise UsageError(
                "exposure_labels",
                f"{known} rows with a text have {name}, {MIN_LABELED_ROWS} are needed",
                "Train on labels that have it",
            )
    encoder = encoder or load_encoder()
    links = Links(labels, task_dwas, dwas)
    examples = _Examples.of(labels, links, encoder)
    human = labels["human_label"].map(CLASSES.index).to_numpy()
    group = labels["onet_soc_code"].str[:7].to_numpy()
    fold = _folds(group, seed)

    columns, similarity = _held_out(examples, fold, seed)
    read, _ = examples.fit(np.arange(len(labels)), np.zeros(0, int), seed)
    text, p = _stacked("text", columns, human, fold, TEXT_C)
    asked = labels["gpt4_automation"].str[1].dropna().astype(int)
    level = Ridge(alpha=1.0).fit(columns[asked.index], asked)
    z = examples.z[: len(labels)]
    related = gaussian_process.Fit(
        gaussian_process.placed(z, links.row, links.dwa, links.iwa_of), human
    )
    linked = links.shared(group)
    x = related_input(p, related.held_out(group, SAME_TASK))[linked]
    second, p_dwa = _stacked("dwa", x, human[linked], fold[linked], RELATED_C)
    state = read.state() | text | second | gaussian_process.state(related, links)
    state |= {"level_coef": level.coef_, "level_intercept": np.float64(level.intercept_)}

    edges = np.quantile(similarity, conformal.SIMILARITY_SHARES)
    bins = np.digitize(similarity, edges)
    major = labels["onet_soc_code"].str[:2].to_numpy()
    groups = sorted(set(major))
    state |= {"similarity_edges": edges, "major_groups": "\n".join(groups)}
    for basis, chances, rows in (("text", p, np.full(len(p), True)), ("DWA", p_dwa, linked)):
        beta = BETA_WEIGHTS[human[rows]]
        width = conformal.quantiles(chances, beta, bins[rows])
        state[f"quantiles_{basis}"] = width
        state[f"group_{basis}"] = conformal.by_group(
            chances, beta, width[bins[rows]], major[rows], groups
        )

    cells = _cells(z, seed)
    state |= {
        "known_z": z.astype(np.float16),
        "cells": cells,
        "known_cell": np.argmax(z @ cells.T, axis=1).astype(np.int16),
        "known_task_id": labels["task_id"].to_numpy(np.int64),
        "known_human": human.astype(np.int8),
        "known_soc": "\n".join(labels["onet_soc_code"]),
    }
    return Scorer(state, encoder)


@dataclass(frozen=True)
class _Examples:
    """Statements to learn from: the n labeled tasks, then the titles of all DWAs."""

    words: tokens.Words
    z: np.ndarray
    stems: np.ndarray
    targets: np.ndarray  # (n, label columns)
    links: Links
    titled: np.ndarray  # whether each DWA has a title

    @classmethod
    def of(cls, labels: pd.DataFrame, links: Links, encoder: Encoder) -> _Examples:
        texts = [*labels["task"], *links.titles.fillna("")]
        words = encoder.read(texts)
        stems = tokens.stem_of(encoder.vocabulary).astype(np.int32)
        titled = links.titles.notna().to_numpy()
        return cls(words, encoder.encode(words), stems, _targets(labels), links, titled)

    def of_rows(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Places, targets and weights of labeled rows and of the titles of their DWAs."""
        dwa, means = self.links.means(rows, self.targets)
        means, dwa = means[self.titled[dwa]], dwa[self.titled[dwa]]
        return (
            np.concatenate([rows, len(self.targets) + dwa]),
            np.vstack([self.targets[rows], means]),
            np.concatenate([np.ones(len(rows)), np.full(len(dwa), TITLE_WEIGHT)]),
        )

    def fit(
        self, rows: np.ndarray, held: np.ndarray, seed: int
    ) -> tuple[readers.Readers, np.ndarray]:
        """The readers fitted to labeled `rows` and titles, none the same as a `held` row.

        Also the places used.
        """
        places, targets, weight = self.of_rows(rows)
        if len(held):
            use = _closest(self.z[places], self.z[held]) < SAME_TASK
            places, targets, weight = places[use], targets[use], weight[use]
        return readers.fit(*self.take(places), targets, weight, self.stems, seed), places

    def take(self, places: np.ndarray) -> tuple[tokens.Words, np.ndarray]:
        """Words and vectors of some places, which must ascend."""
        return self.words.take(places), self.z[places]


def _targets(labels: pd.DataFrame) -> np.ndarray:
    """All label columns side by side: three times three classes and the automation level.

    Missing where a label is: one that nobody gave is not an E0 or a T1.
    """
    parts = []
    for name in ("human_label", "gpt4_label", "gpt4_alt_label"):
        known = labels[name].notna().to_numpy()
        part = np.full((len(labels), 3), np.nan)
        part[known] = np.eye(3)[labels[name][known].map(CLASSES.index).astype(int)]
        parts.append(part)
    level = labels["gpt4_automation"].str[1].astype(float).to_numpy() / 4
    return np.hstack([*parts, level[:, None]]).astype(np.float32)


def _folds(group: np.ndarray, seed: int) -> np.ndarray:
    from sklearn.model_selection import GroupKFold

    fold = np.zeros(len(group), int)
    splitter = GroupKFold(min(FOLDS, len(set(group))), shuffle=True, random_state=seed)
    for k, (_, held) in enumerate(splitter.split(group, groups=group)):
        fold[held] = k
    return fold


def _held_out(examples: _Examples, fold: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Label columns of tasks out of fold, and similarity to the nearest used row."""
    parts, similarity = [], np.zeros(len(fold))
    for k in range(fold.max() + 1):
        held = np.flatnonzero(fold == k)
        read, places = examples.fit(np.flatnonzero(fold != k), held, seed)
        parts.append(read.predict(*examples.take(held)))
        labeled = places[places < len(fold)]
        similarity[held] = _closest(examples.z[held], examples.z[labeled])
    columns = np.empty((len(fold), parts[0].shape[1]))
    columns[np.argsort(fold, kind="stable")] = np.vstack(parts)
    return columns, similarity


def _closest(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Largest cosine of each row of `a` with the rows of `b`."""
    return np.concatenate([(a[i : i + 1000] @ b.T).max(1) for i in range(0, len(a), 1000)])


def _stacked(name: str, x, y, fold, c: float) -> tuple[dict, np.ndarray]:
    """A logistic regression as `model.logistic` reads it, and its out-of-fold chances."""
    scaled = {f"{name}_mean": x.mean(0), f"{name}_scale": x.std(0) + 1e-6}
    z = (x - scaled[f"{name}_mean"]) / scaled[f"{name}_scale"]
    p = np.zeros((len(y), 3))
    for k in np.unique(fold):
        rest = fold != k
        part = scaled | _fitted(name, z[rest], y[rest], c)
        p[~rest] = logistic(part, name, x[~rest])
    return scaled | _fitted(name, z, y, c), p


def _fitted(name: str, z, y, c: float) -> dict:
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=c, max_iter=1000).fit(z, y)
    if len(fitted.classes_) < 3:
        raise UsageError(
            "exposure_labels",
            "a class of E0, E1, E2 has no row",
            "Train on labels of all three classes",
        )
    return {f"{name}_coef": fitted.coef_, f"{name}_intercept": fitted.intercept_}


def _cells(z: np.ndarray, seed: int) -> np.ndarray:
    """Centres that part the labeled tasks, for the search of the nearest."""
    rng = np.random.default_rng(seed)
    cells = z[np.sort(rng.choice(len(z), min(N_CELLS, len(z)), replace=False))]
    for _ in range(5):  # a few rounds of k-means on the sphere balance the cells
        owner = np.argmax(z @ cells.T, axis=1)
        member = sp.csr_matrix((np.ones(len(z)), (owner, np.arange(len(z)))), (len(cells), len(z)))
        sums = member @ z
        norm = np.linalg.norm(sums, axis=1, keepdims=True)
        cells = np.where(norm > 0, sums / np.maximum(norm, 1e-9), cells).astype(np.float32)
    return cells
