"""The task scorer: a statement in, the chances of E0, E1 and E2 out.

Two light models read the statement, each predicting every label column at once (people, GPT-4
under two rubrics, automation level): a ridge on stems and word pairs, and a kernel ridge
(Nystroem) on the dense vector. A multinomial logistic regression fitted on their out-of-fold
predictions gives the chances of the human label; a second one adds the labels that other tasks
of the same detailed work activities (DWA) received. All of it is numpy arrays, kept with skops.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.errors import SourceFailed
from pipelines.exposure import features

CLASSES = ("E0", "E1", "E2")
LEVELS = ("T0", "T1", "T2", "T3", "T4")
#: beta of each class: E1 counts whole, E2 half (Eloundou et al. 2024).
BETA = np.array([0.0, 1.0, 0.5])
#: Residuals are divided by the spread of beta under the chances, plus this floor.
SPREAD_FLOOR = 0.15
GAMMA = 1.5


@dataclass(frozen=True)
class Text:
    """What the text part says of n statements."""

    p: np.ndarray  # (n, 3) chances of E0, E1, E2
    level: np.ndarray  # (n,) expected automation level 0..4
    similarity: np.ndarray  # (n,) cosine to the nearest labelled task
    nearest_task_id: np.ndarray  # (n,)
    n_words: np.ndarray
    known: np.ndarray  # share of words in the vocabulary


@dataclass(frozen=True)
class Scorer:
    """The shipped model: `state` holds numpy arrays and joined strings only."""

    state: dict
    vectors: features.Vectors = field(repr=False)

    @cached_property
    def vocabulary(self) -> pd.Index:
        return pd.Index(self.vectors.words)

    @cached_property
    def dwa_ids(self) -> pd.Index:
        return pd.Index(self.state["dwa_ids"].split("\n"))

    @cached_property
    def _search(self) -> list[tuple[np.ndarray, np.ndarray]]:
        z = self.state["known_z"].astype(np.float32)
        cell = self.state["known_cell"]
        places = [np.flatnonzero(cell == c) for c in range(len(self.state["cells"]))]
        return [(p, z[p]) for p in places]

    def read(self, texts, neighbours: bool = True) -> Text:
        """Everything the text part knows of the statements (see `Text`)."""
        s = self.state
        words = features.words_of(features.as_strings(texts), self.vocabulary)
        z = features.dense(words, self.vectors)
        columns = base_predict(s, words, z)
        p = softmax(
            stack_input(columns, s["stack_mean"], s["stack_scale"]) @ s["stack_coef"].T
            + s["stack_intercept"]
        )
        level = np.clip(columns @ s["level_coef"] + s["level_intercept"], 0, 4)
        total, known = words.known_share()
        if neighbours:
            place, similarity = self.nearest(z)
            task_id = s["known_task_id"][place]
        else:
            similarity = np.zeros(words.n, np.float32)
            task_id = np.zeros(words.n, np.int64)
        return Text(p, level, similarity, task_id, total, known)

    def nearest(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Position and cosine of the nearest labelled task among those of the nearest cell."""
        cell = np.argmax(z @ self.state["cells"].T, axis=1)
        place = np.zeros(len(z), np.int64)
        similarity = np.zeros(len(z), np.float32)
        order = np.argsort(cell, kind="stable")
        for rows in np.split(order, np.flatnonzero(np.diff(cell[order])) + 1):
            if not len(rows):
                continue
            members, held = self._search[cell[rows[0]]]
            if not len(members):
                continue
            for part in np.array_split(rows, len(rows) // 4096 + 1):
                close = z[part] @ held.T
                best = close.argmax(1)
                place[part] = members[best]
                similarity[part] = close[np.arange(len(part)), best]
        return place, similarity

    def predict(self, texts) -> pd.DataFrame:
        """Chances from the wording alone: columns `p_e0, p_e1, p_e2`, one row a statement."""
        return pd.DataFrame(self.read(texts, neighbours=False).p, columns=["p_e0", "p_e1", "p_e2"])

    def interval(
        self, p: np.ndarray, similarity: np.ndarray, basis: str, major: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """90 % conformal interval of the human beta, (low, high), within 0 and 1.

        `major`, the first two digits of the SOC code where known, scales it to the
        residuals of that group.
        """
        bins = np.digitize(similarity, self.state["similarity_edges"])
        width = self.state[f"quantiles_{basis}"][bins] * spread(p)
        if major is not None:
            groups = pd.Index(self.state["major_groups"].split("\n")).get_indexer(major)
            # A group without labels takes the widest factor: nothing vouches for it.
            factors = self.state[f"group_{basis}"]
            width = width * np.append(factors, factors.max())[groups]
        centre = p @ BETA
        return np.clip(centre - width, 0, 1), np.clip(centre + width, 0, 1)

    def with_dwas(self, p: np.ndarray, counts: np.ndarray, iwa_counts: np.ndarray) -> np.ndarray:
        """Chances from the text's and the labels of other tasks with the same DWAs and IWAs."""
        s = self.state
        x = dwa_input(p, counts, iwa_counts)
        return softmax((x - s["dwa_mean"]) / s["dwa_scale"] @ s["dwa_coef"].T + s["dwa_intercept"])

    def save(self, path: Path) -> None:
        """Write the model with skops (zip of arrays and JSON; nothing executable)."""
        import skops.io

        skops.io.dump(self.state, path, compression=zipfile.ZIP_DEFLATED, compresslevel=6)


def load_scorer(path: Path | None = None) -> Scorer:
    """The shipped model, or the one in `path`.

    Raises
    ------
    SourceFailed
        The file is missing, damaged, or holds anything but arrays and strings.
    """
    import skops.io

    where = path or resources.files("pipelines.exposure").joinpath("scorer.skops")
    try:
        # An empty list of trusted types: skops then accepts numpy arrays and plain values only.
        state = skops.io.loads(where.read_bytes(), trusted=[])
    except Exception as error:
        raise SourceFailed(
            str(where), f"not a readable model ({error})", "Run outlook train, or restore the file"
        ) from error
    return Scorer(state, features.load_vectors())


def base_predict(state: dict, words: features.Words, z: np.ndarray) -> np.ndarray:
    """Columns predicted by both light models, (n, 2 * label columns)."""
    x = features.ngrams(words, state["stems"], state["pairs"], state["idf"].astype(np.float32))
    linear = x @ state["coef"].astype(np.float32) + state["intercept"]
    kernel = rbf(z, state["landmarks"]) @ state["kernel_coef"] + state["kernel_intercept"]
    return np.hstack([linear, kernel])


def rbf(z: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
    """Gaussian kernel of unit vectors, float32."""
    k = z @ landmarks.T
    k -= 1
    k *= 2 * GAMMA
    return np.exp(k, out=k)


def stack_input(columns: np.ndarray, mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
    return (columns - mean) / scale


def softmax(x: np.ndarray) -> np.ndarray:
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def spread(p: np.ndarray) -> np.ndarray:
    """Standard deviation of beta under the chances, plus the floor."""
    mean = p @ BETA
    return np.sqrt(np.maximum(p @ BETA**2 - mean**2, 0)) + SPREAD_FLOOR


def dwa_input(p: np.ndarray, counts: np.ndarray, iwa_counts: np.ndarray) -> np.ndarray:
    """Features of the DWA part: the text's chances and label shares shrunk toward them."""
    n, m = counts.sum(1, keepdims=True), iwa_counts.sum(1, keepdims=True)
    up = (iwa_counts + 4 * p) / (m + 4)
    parts = [np.log(p + 0.01), np.log(up)]
    parts += [np.log((counts + k * (p + up) / 2 + 0.01) / (n + k + 0.03)) for k in (0.3, 2.0)]
    parts += [(counts + 0.5 * up) / (n + 0.5)]
    return np.hstack(parts)
