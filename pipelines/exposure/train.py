"""Train the scorer: deterministic, from the labels and the work activities of tasks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GroupKFold

from pipelines.errors import UsageError
from pipelines.exposure import features
from pipelines.exposure.model import (
    BETA,
    CLASSES,
    GAMMA,
    Scorer,
    base_predict,
    dwa_input,
    rbf,
    softmax,
    spread,
    stack_input,
)

N_LANDMARKS = 1500
N_CELLS = 128
FOLDS = 5
#: Similarity to the nearest labelled task below which intervals are calibrated apart.
SIMILARITY_SHARES = (0.15, 0.35, 0.65)
#: Level asked of the conformal quantiles: a little above .90, for groups not seen.
LEVEL = 0.905
#: Rows of other folds closer than this to a held row are not used to predict it.
SAME_TASK = 0.95


def train(
    exposure_labels: pd.DataFrame,
    task_dwas: pd.DataFrame,
    dwas: pd.DataFrame,
    seed: int = 0,
    vectors: features.Vectors | None = None,
) -> Scorer:
    """Fit the scorer on every labelled row.

    Parameters
    ----------
    exposure_labels, task_dwas, dwas : DataFrame
        Contracted tables; labels must carry the task text.
    seed : int
        The same tables and seed give the same arrays.
    vectors : Vectors, optional
        Word vectors; the shipped ones unless given.

    Returns
    -------
    Scorer

    Raises
    ------
    UsageError
        Fewer than 200 labelled tasks have a text.
    """
    labels = exposure_labels.dropna(subset=["task"])
    labels = labels.sort_values(["onet_soc_code", "task_id"], ignore_index=True)
    if len(labels) < 200:
        raise UsageError(
            "exposure_labels",
            f"{len(labels)} rows have a text, 200 are needed",
            "Refresh the source gpts_labels first: the snapshot has no statements",
        )
    vectors = vectors or features.load_vectors()
    vocabulary = pd.Index(vectors.words)
    stems = features.stem_of(vocabulary).astype(np.int32)
    words = features.words_of(labels["task"].tolist(), vocabulary)
    z = features.dense(words, vectors)
    targets = _targets(labels)
    human = labels["human_label"].map(CLASSES.index).to_numpy()
    group = labels["onet_soc_code"].str[:7].to_numpy()

    fold = np.zeros(len(labels), int)
    splitter = GroupKFold(min(FOLDS, len(set(group))), shuffle=True, random_state=seed)
    for k, (_, held) in enumerate(splitter.split(z, groups=group)):
        fold[held] = k
    columns = np.zeros((len(labels), 2 * targets.shape[1]))
    similarity = np.zeros(len(labels))
    for k in range(fold.max() + 1):
        held, rest = np.flatnonzero(fold == k), np.flatnonzero(fold != k)
        close = _closest(z[rest], z[held])
        rest = rest[close < SAME_TASK]
        part = _fit_base(_rows(words, rest), z[rest], targets[rest], stems, seed)
        columns[held] = base_predict(part, _rows(words, held), z[held])
        similarity[held] = _closest(z[held], z[rest])

    state = _fit_base(words, z, targets, stems, seed)
    mean, scale = columns.mean(0), columns.std(0) + 1e-6
    state |= {"stack_mean": mean, "stack_scale": scale}
    p = _crossed(stack_input(columns, mean, scale), human, fold, 0.05)
    state |= _logistic("stack", stack_input(columns, mean, scale), human, 0.05)
    level = Ridge(alpha=1.0).fit(columns, labels["gpt4_automation"].str[1].fillna(1).astype(int))
    state |= {"level_coef": level.coef_, "level_intercept": np.float64(level.intercept_)}

    links = DwaLinks(labels, task_dwas, dwas)
    counts, iwa_counts, linked = links.without_group(human, group)
    x = dwa_input(p, counts, iwa_counts)
    centre, width = x[linked].mean(0), x[linked].std(0) + 1e-6
    state |= {"dwa_mean": centre, "dwa_scale": width}
    p_dwa = p.copy()
    p_dwa[linked] = _crossed(((x - centre) / width)[linked], human[linked], fold[linked], 0.05)
    state |= _logistic("dwa", ((x - centre) / width)[linked], human[linked], 0.05)
    state |= links.state(human)

    edges = np.quantile(similarity, SIMILARITY_SHARES)
    bins = np.digitize(similarity, edges)
    beta = BETA[human]
    state["similarity_edges"] = edges
    state["quantiles_text"] = _quantiles(p, beta, bins)
    state["quantiles_DWA"] = _quantiles(p_dwa[linked], beta[linked], bins[linked])
    major = labels["onet_soc_code"].str[:2].to_numpy()
    state["major_groups"] = "\n".join(sorted(set(major)))
    state["group_text"] = _by_group(p, beta, state["quantiles_text"][bins], major)
    state["group_DWA"] = _by_group(
        p_dwa[linked],
        beta[linked],
        state["quantiles_DWA"][bins[linked]],
        major[linked],
        sorted(set(major)),
    )

    rng = np.random.default_rng(seed)
    cells = z[np.sort(rng.choice(len(z), min(N_CELLS, len(z)), replace=False))]
    for _ in range(5):  # a few rounds of k-means on the sphere balance the cells
        owner = np.argmax(z @ cells.T, axis=1)
        sums = (
            sp.csr_matrix((np.ones(len(z)), (owner, np.arange(len(z)))), (len(cells), len(z))) @ z
        )
        norm = np.linalg.norm(sums, axis=1, keepdims=True)
        cells = np.where(norm > 0, sums / np.maximum(norm, 1e-9), cells).astype(np.float32)
    state |= {
        "known_z": z.astype(np.float16),
        "cells": cells,
        "known_cell": np.argmax(z @ cells.T, axis=1).astype(np.int16),
        "known_task_id": labels["task_id"].to_numpy(np.int64),
    }
    return Scorer(state, vectors)


def _targets(labels: pd.DataFrame) -> np.ndarray:
    """All label columns side by side: three times three classes and the automation level."""
    parts = [
        np.eye(3)[labels[c].fillna("E0").map(CLASSES.index).astype(int)]
        for c in ("human_label", "gpt4_label", "gpt4_alt_label")
    ]
    level = labels["gpt4_automation"].str[1].fillna(1).astype(float).to_numpy() / 4
    return np.hstack([*parts, level[:, None]]).astype(np.float32)


def _rows(words: features.Words, rows: np.ndarray) -> features.Words:
    place = np.full(words.n, -1)
    place[rows] = np.arange(len(rows))
    new = place[words.row]
    keep = new >= 0
    # Tokens must stay grouped by row, as they are when `rows` is sorted.
    return features.Words(len(rows), new[keep], words.word[keep])


def _fit_base(words, z, targets, stems, seed) -> dict:
    row, key = features.pairs_of(words, stems)
    seen = np.unique(np.stack([key, row]), axis=1)[0]
    values, times = np.unique(seen, return_counts=True)
    pairs = values[times >= 2]
    ones = np.ones(len(stems) + len(pairs), np.float32)
    present = features.ngrams(words, stems, pairs, ones)
    df = np.bincount(present.indices, minlength=len(ones))
    idf = (np.log((1 + words.n) / (1 + df)) + 1).astype(np.float16)
    x = features.ngrams(words, stems, pairs, idf.astype(np.float32))
    linear = Ridge(alpha=3.0, solver="sparse_cg", tol=1e-4).fit(x, targets)
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(z), min(N_LANDMARKS, len(z)), replace=False)
    landmarks = z[np.sort(chosen)].astype(np.float16).astype(np.float32)
    # Kernel ridge on the landmarks (subset of regressors): penalty in the kernel's own norm.
    k = rbf(z, landmarks).astype(np.float64)
    mean = targets.mean(0)
    a = k.T @ k + 0.7 * (
        np.exp(2 * GAMMA * (landmarks @ landmarks.T - 1)) + 1e-3 * np.eye(len(landmarks))
    )
    weights = np.linalg.solve(a, k.T @ (targets - mean))
    return {
        "stems": stems,
        "pairs": pairs,
        "idf": idf,
        "coef": linear.coef_.T.astype(np.float16),
        "intercept": linear.intercept_,
        "landmarks": landmarks,
        "kernel_coef": weights.astype(np.float32),
        "kernel_intercept": mean,
    }


def _closest(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Largest cosine of each row of `a` with the rows of `b`."""
    return np.concatenate([(a[i : i + 1000] @ b.T).max(1) for i in range(0, len(a), 1000)])


def _logistic(name: str, x: np.ndarray, y: np.ndarray, c: float) -> dict:
    m = LogisticRegression(C=c, max_iter=1000).fit(x, y)
    if len(m.classes_) < 3:
        raise UsageError(
            "exposure_labels",
            "a class of E0, E1, E2 has no row",
            "Train on labels of all three classes",
        )
    return {f"{name}_coef": m.coef_, f"{name}_intercept": m.intercept_}


def _crossed(x: np.ndarray, y: np.ndarray, fold: np.ndarray, c: float) -> np.ndarray:
    p = np.zeros((len(y), 3))
    for k in np.unique(fold):
        m = _logistic("m", x[fold != k], y[fold != k], c)
        p[fold == k] = softmax(x[fold == k] @ m["m_coef"].T + m["m_intercept"])
    return p


def _quantiles(p: np.ndarray, beta: np.ndarray, bins: np.ndarray) -> np.ndarray:
    """Conformal quantile of the scaled residual by bin of similarity; less familiar, no smaller."""
    score = np.abs(beta - p @ BETA) / spread(p)
    out = []
    for b in range(len(SIMILARITY_SHARES) + 1):
        s = score[bins == b] if (bins == b).sum() >= 30 else score
        n = len(s)
        out.append(np.quantile(s, min(1, LEVEL * (n + 1) / n), method="higher"))
    return np.maximum.accumulate(np.array(out)[::-1])[::-1]


def _by_group(p, beta, quantile, major, groups=None) -> np.ndarray:
    """Factor by major SOC group: what its own residuals ask of the pooled width (Mondrian)."""
    score = np.abs(beta - p @ BETA) / spread(p) / quantile
    out = []
    for g in groups or sorted(set(major)):
        s = score[major == g]
        n = len(s)
        own = np.quantile(s, min(1, LEVEL * (n + 1) / n), method="higher") if n >= 50 else 1.0
        out.append(own)
    return np.array(out)


class DwaLinks:
    """Which labelled rows stand under which DWA and IWA, with counts of human labels."""

    def __init__(self, labels: pd.DataFrame, task_dwas: pd.DataFrame, dwas: pd.DataFrame):
        key = ["onet_soc_code", "task_id"]
        rows = labels[key].reset_index(names="row").merge(task_dwas, on=key)
        self.ids = pd.Index(sorted(dwas["dwa_id"].unique()))
        iwa = dwas.drop_duplicates("dwa_id").set_index("dwa_id")["iwa_id"].loc[self.ids]
        self.iwa_of, _ = pd.factorize(iwa, sort=True)
        dwa = self.ids.get_indexer(rows["dwa_id"])
        keep = dwa >= 0
        self.row, self.dwa, self.n = rows["row"].to_numpy()[keep], dwa[keep], len(labels)

    def _sums(self, onehot: np.ndarray, code: np.ndarray, size: int) -> np.ndarray:
        out = np.zeros((size, 3))
        np.add.at(out, code, onehot)
        return out

    def without_group(self, human, group) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Counts by row from tasks of other occupations: DWA, IWA, and whether a DWA is known."""
        onehot = np.eye(3)[human[self.row]]
        owner, n_owner = pd.factorize(group)[0][self.row], len(set(group))
        result = []
        for code in (self.dwa, self.iwa_of[self.dwa]):
            size = int(code.max()) + 1
            both = pd.factorize(code.astype(np.int64) * n_owner + owner)[0]
            other = (
                self._sums(onehot, code, size)[code]
                - self._sums(onehot, both, both.max() + 1)[both]
            )
            result.append(self._sums(other, self.row, self.n))
        return result[0], result[1], np.bincount(self.row, minlength=self.n) > 0

    def state(self, human) -> dict:
        onehot = np.eye(3)[human[self.row]]
        n_iwa = int(self.iwa_of.max()) + 1
        return {
            "dwa_ids": "\n".join(self.ids),
            "dwa_iwa": self.iwa_of.astype(np.int32),
            "dwa_counts": self._sums(onehot, self.dwa, len(self.ids)),
            "iwa_counts": self._sums(onehot, self.iwa_of[self.dwa], n_iwa),
        }
