"""The task scorer: a statement in, the chances of E0, E1 and E2 out.

Two light models read the statement (`readers`), each predicting every label column at once. A
multinomial logistic regression fitted on their out-of-fold predictions gives the chances of the
human label; a second one adds what the labels of related tasks say (`gaussian_process`). All of
it is numpy arrays, kept as `.npz`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.base.errors import SourceFailed
from pipelines.exposure.scorer import readers, store, tokens
from pipelines.exposure.scorer.classes import BETA_WEIGHTS
from pipelines.exposure.scorer.conformal import spread
from pipelines.exposure.scorer.encoder import Encoder, load_encoder


@dataclass(frozen=True)
class Text:
    """What the text part says of n statements."""

    p: np.ndarray  # (n, 3) chances of E0, E1, E2
    level: np.ndarray  # (n,) expected automation level 0..4
    similarity: np.ndarray  # (n,) cosine to the nearest labeled task
    nearest_task_id: np.ndarray  # (n,)
    n_words: np.ndarray
    known: np.ndarray  # share of words in the vocabulary
    z: np.ndarray  # (n, dims) unit vector of each, float32


@dataclass(frozen=True)
class Scorer:
    """The shipped model: `state` holds numpy arrays and joined strings only."""

    state: dict
    encoder: Encoder = field(repr=False)

    @cached_property
    def _readers(self) -> readers.Readers:
        return readers.Readers.of(self.state)

    @cached_property
    def _search(self) -> list[tuple[np.ndarray, np.ndarray]]:
        z = self.state["known_z"].astype(np.float32)
        cell = self.state["known_cell"]
        places = [np.flatnonzero(cell == c) for c in range(len(self.state["cells"]))]
        return [(p, z[p]) for p in places]

    def read(self, texts, neighbors: bool = True) -> Text:
        """Everything the text part knows of the statements (see `Text`)."""
        s = self.state
        words = self.encoder.read(tokens.as_strings(texts))
        z = self.encoder.encode(words)
        columns = self._readers.predict(words, z)
        p = logistic(s, "text", columns)
        level = np.clip(columns @ s["level_coef"] + s["level_intercept"], 0, 4)
        total, known = words.known_share()
        if neighbors:
            place, similarity = self.nearest(z)
            task_id = s["known_task_id"][place]
        else:
            similarity = np.zeros(words.n, np.float32)
            task_id = np.zeros(words.n, np.int64)
        return Text(p, level, similarity, task_id, total, known, z)

    def encode(self, texts) -> np.ndarray:
        """Unit vector of each statement, as kept in `known_z`; float32 (n, dims)."""
        words = self.encoder.read(tokens.as_strings(texts))
        return self.encoder.encode(words)

    def nearest(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Position and cosine of the nearest labeled task among those of the nearest cell."""
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
        return pd.DataFrame(self.read(texts, neighbors=False).p, columns=["p_e0", "p_e1", "p_e2"])

    def interval(
        self, p: np.ndarray, similarity: np.ndarray, basis: str, major: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """90% conformal interval of the human beta, (low, high), within 0 and 1.

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
        centre = p @ BETA_WEIGHTS
        return np.clip(centre - width, 0, 1), np.clip(centre + width, 0, 1)

    def with_related(self, p: np.ndarray, related: np.ndarray) -> np.ndarray:
        """Chances from the text's, `p`, and what related tasks say (`gaussian_process.related`)."""
        return logistic(self.state, "dwa", related_input(p, related))

    def save(self, path: Path) -> None:
        """Write the model (see `store`): the same model gives the same bytes."""
        path.write_bytes(store.dumps(self.state))


def load_scorer(path: Path | None = None) -> Scorer:
    """The shipped model, or the one in `path`.

    Raises
    ------
    SourceFailed
        The file is missing, damaged, or holds anything but arrays and strings.
    """
    where = path or resources.files("pipelines.exposure.scorer").joinpath("scorer.npz")
    try:
        state = store.loads(where.read_bytes())
    except store.DAMAGED as error:
        raise SourceFailed(
            str(where), f"not a readable model ({error})", "Run outlook train, or restore the file"
        ) from error
    return Scorer(state, load_encoder())


@cache
def held_scorer() -> Scorer:
    """The shipped model as a process that scores chunk after chunk holds it: loaded once."""
    return load_scorer()


def related_input(p: np.ndarray, related: np.ndarray) -> np.ndarray:
    """Features of the second regression: what related tasks say, and the text's chances (n, 9)."""
    return np.hstack([related, np.log(np.clip(related, 0.02, 1)), np.log(p + 0.01)])


def logistic(state: dict, name: str, x: np.ndarray) -> np.ndarray:
    """Chances (n, 3) by the multinomial logistic regression `name` of a model's state."""
    z = (x - state[f"{name}_mean"]) / state[f"{name}_scale"] @ state[f"{name}_coef"].T
    e = z + state[f"{name}_intercept"]
    e = np.exp(e - e.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
