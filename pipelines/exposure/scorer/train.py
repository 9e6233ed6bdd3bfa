"""Train the scorer: deterministic, from the labels and the work activities of tasks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp

from pipelines.base.errors import UsageError
from pipelines.exposure.scorer import activities, conformal, gaussian_process, readers, tokens
from pipelines.exposure.scorer.classes import BETA_WEIGHTS, CLASSES
from pipelines.exposure.scorer.encoder import Encoder, load_encoder
from pipelines.exposure.scorer.evidence import Links, evidence_input
from pipelines.exposure.scorer.model import Scorer, logistic, stacked_columns
from pipelines.exposure.scorer.synonyms import Near

N_CELLS = 128
FOLDS = 5
#: Labels that the readers learn beside people's, which every row has.
GPT4_LABELS = ("gpt4_label", "gpt4_alt_label", "gpt4_automation")
#: Labeled statements below which there is nothing to learn from.
MIN_LABELED_ROWS = 200
#: Examples closer than this to a held row are not used to predict it.
SAME_TASK = 0.95
FAR_FOLDS = 4
#: The combinations of readers (`model.stacked_columns`), and the weight that each gives to
#: held-back kinds of work beside held-back occupations.
FAR_SHARE = {"stack": 0.4, "plain": 0.5}
#: Models that read a statement, each predicting all label columns.
N_READERS = 3
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
    labels = labels.sort_values(["onet_soc_code", "task_id"], ignore_index=True)
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

    far_rows, far_columns, penalties = _held_out_far(examples, human, seed)
    columns, similarity = _held_out(examples, penalties, fold, seed)
    fit, _ = examples.fit(np.arange(len(labels)), np.zeros(0, int), seed)
    state = fit.readers(*penalties).state()

    both = np.concatenate([np.arange(len(labels)), far_rows])
    said, p = np.vstack([columns, far_columns]), np.zeros((len(labels), 3))
    for name, share in FAR_SHARE.items():
        far = np.where(np.arange(len(both)) < len(labels), 1 - share, share)
        part, q = _stacked(name, stacked_columns(name, said), human[both], fold[both], far)
        state |= part
        p += q[: len(labels)] / len(FAR_SHARE)
    asked = labels["gpt4_automation"].str[1].dropna().astype(int)
    level = Ridge(alpha=1.0).fit(columns[asked.index], asked)
    evidence = links.without_group(human, group)
    linked = evidence.known()
    z = examples.z[: len(labels)]
    related = gaussian_process.Fit(
        gaussian_process.placed(z, links.row, links.dwa, links.iwa_of), human
    )
    x = evidence_input(p, evidence, related.held_out(group, SAME_TASK))[linked]
    second, p_dwa = _stacked("dwa", x, human[linked], fold[linked])
    state |= second | links.state(human) | gaussian_process.state(related, links.row, links.dwa)
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
    near: Near
    targets: np.ndarray  # (n, label columns)
    links: Links
    titled: np.ndarray  # whether each DWA has a title

    @classmethod
    def of(cls, labels: pd.DataFrame, links: Links, encoder: Encoder) -> _Examples:
        texts = [*labels["task"], *links.titles.fillna("")]
        words = encoder.read(texts)
        stems = tokens.stem_of(encoder.vocabulary).astype(np.int32)
        return cls(
            words,
            encoder.encode(words),
            stems,
            Near(encoder.alone, stems, np.unique(words.word[words.word >= 0])),
            _targets(labels),
            links,
            links.titles.notna().to_numpy(),
        )

    def of_rows(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Places, targets and weights of labeled rows and of the titles of their DWAs."""
        dwa, means = self.links.means(rows, self.targets)
        means, dwa = means[self.titled[dwa]], dwa[self.titled[dwa]]
        return (
            np.concatenate([rows, len(self.targets) + dwa]),
            np.vstack([self.targets[rows], means]),
            np.concatenate([np.ones(len(rows)), np.full(len(dwa), TITLE_WEIGHT)]),
        )

    def fit(self, rows: np.ndarray, held: np.ndarray, seed: int) -> tuple[readers.Fit, np.ndarray]:
        """The readers fitted to labeled `rows` and titles, none the same as a `held` row.

        Also the places used.
        """
        places, targets, weight = self.of_rows(rows)
        if len(held):
            use = _closest(self.z[places], self.z[held]) < SAME_TASK
            places, targets, weight = places[use], targets[use], weight[use]
        read = self._activities(places)
        fit = readers.Fit(*self.take(places), targets, weight, self.stems, self.near, read, seed)
        return fit, places

    def _activities(self, places: np.ndarray) -> activities.Activities:
        """The third reader, from the labeled tasks and titles at some places."""
        n, links = len(self.targets), self.links
        titled = places[places >= n] - n
        used = np.isin(links.row, places)
        row, none = links.row[used], np.zeros(len(titled))
        return activities.fit(
            np.concatenate([self.z[row], self.z[n + titled]]),
            np.concatenate([links.dwa[used], titled]),
            np.concatenate([links.share[used], none + TITLE_WEIGHT]),
            np.concatenate([self.targets[row], np.zeros((len(titled), self.targets.shape[1]))]),
            np.concatenate([links.share[used], none]),
            links.iwa_of,
        )

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


def _held_out(
    examples: _Examples, penalties: tuple[float, float], fold: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Label columns of tasks out of fold, and similarity to the nearest used row."""
    columns = np.zeros((len(fold), N_READERS * examples.targets.shape[1]))
    similarity = np.zeros(len(fold))
    for k in range(fold.max() + 1):
        held = np.flatnonzero(fold == k)
        fit, places = examples.fit(np.flatnonzero(fold != k), held, seed)
        columns[held] = fit.readers(*penalties).predict(*examples.take(held))
        labeled = places[places < len(fold)]
        similarity[held] = _closest(examples.z[held], examples.z[labeled])
    return columns, similarity


def _held_out_far(
    examples: _Examples, human: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray, tuple[float, float]]:
    """Rows and label columns of tasks none of whose kinds of work (IWA) the readers had seen.

    A statement of a new kind of work needs the readers combined otherwise than one of a new
    occupation; the stack learns from both. The penalties are those of least squared error of
    the human label here, where a reader that follows single words too closely goes wrong
    first; also returned.
    """
    links, n = examples.links, len(examples.targets)
    tried = list(zip(readers.WORD_PENALTIES, readers.KERNEL_PENALTIES, strict=True))
    order = np.random.default_rng(seed).permutation(int(links.iwa_of.max()) + 1)
    rows, parts = [], []
    for k in range(FAR_FOLDS):
        away = np.isin(links.iwa_of[links.dwa], order[k::FAR_FOLDS])
        touched = np.bincount(links.row, away, n) > 0
        held = np.flatnonzero(touched & (np.bincount(links.row, ~away, n) == 0))
        rest = np.flatnonzero(~touched)
        if len(held) and len(rest) >= MIN_LABELED_ROWS // 2:
            fit, _ = examples.fit(rest, held, seed)
            asked = examples.take(held)
            rows.append(held)
            parts.append(np.stack([fit.readers(*p).predict(*asked) for p in tried]))
    width = examples.targets.shape[1]
    if not rows:
        return np.zeros(0, int), np.zeros((0, N_READERS * width)), tried[-1]
    held, columns = np.concatenate(rows), np.concatenate(parts, axis=1)
    truth = np.eye(3)[human[held]]
    word, kernel = (
        int(((columns[:, :, start : start + 3] - truth) ** 2).mean((1, 2)).argmin())
        for start in (0, width)
    )
    # The third reader has no penalty: it says the same whichever was tried.
    chosen = np.hstack([columns[word][:, :width], columns[kernel][:, width:]])
    return held, chosen, (tried[word][0], tried[kernel][1])


def _closest(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Largest cosine of each row of `a` with the rows of `b`."""
    return np.concatenate([(a[i : i + 1000] @ b.T).max(1) for i in range(0, len(a), 1000)])


def _stacked(name: str, x, y, fold, weight=None) -> tuple[dict, np.ndarray]:
    """A logistic regression as `model.logistic` reads it, and its out-of-fold chances."""
    weight = np.ones(len(y)) if weight is None else weight
    scaled = {f"{name}_mean": x.mean(0), f"{name}_scale": x.std(0) + 1e-6}
    z = (x - scaled[f"{name}_mean"]) / scaled[f"{name}_scale"]
    p = np.zeros((len(y), 3))
    for k in np.unique(fold):
        rest = fold != k
        part = scaled | _fitted(name, z[rest], y[rest], weight[rest])
        p[~rest] = logistic(part, name, x[~rest])
    return scaled | _fitted(name, z, y, weight), p


def _fitted(name: str, z, y, weight) -> dict:
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=0.05, max_iter=1000).fit(z, y, sample_weight=weight)
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
