"""What O*NET lists for an occupation, as vectors; how unlike it a sentence must be to be new.

A sentence is *unlike anything that O*NET lists* where its cosine to the nearest task of its
occupation (of all O*NET specialties of the SOC code) is under the threshold. The threshold is
not chosen by looking at postings: it is the cosine under which one in a hundred (`OWN_SHARE`) of
O*NET's own tasks lies from the other tasks of its occupation. Beside every share stand two of
O*NET's tasks by the same rule: of the occupation's own, each held against the others, and of
another occupation's. Postings are worded otherwise than O*NET, so that some old work looks new.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.base.errors import SourceFailed
from pipelines.base.files import write_whole
from pipelines.exposure.scorer import store
from pipelines.exposure.scorer.model import Scorer

#: Share of O*NET's own tasks that the rule may call unlike the rest of their occupation.
OWN_SHARE = 0.01
#: Share of an occupation's tasks that must be known for its postings to be compared.
MIN_KNOWN = 0.5
#: Wordings closer than this are the same task under two specialties of a SOC code.
_SAME = 0.999


@dataclass(frozen=True)
class Reference:
    """The tasks of every occupation, in the order of their SOC codes.

    Attributes
    ----------
    soc_code : array of str (n,)
        Sorted.
    task_id : array (n,)
    z : array (n, dims)
        Unit vectors, float32.
    threshold : float
        Cosine under which a sentence is unlike.
    own, other : float
        Share of O*NET's own tasks that the rule calls unlike, and of another occupation's.
    series : dict
        SOC codes by federal series (`series.load`).
    """

    soc_code: np.ndarray
    task_id: np.ndarray
    z: np.ndarray
    threshold: float
    own: float
    other: float
    series: dict[str, list[str]]

    @cached_property
    def _places(self) -> dict[str, slice]:
        codes, start = np.unique(self.soc_code, return_index=True)
        ends = [*start[1:], len(self.soc_code)]
        return {str(c): slice(a, b) for c, a, b in zip(codes, start, ends, strict=True)}

    def nearest(self, z: np.ndarray, soc_code: pd.Series) -> tuple[np.ndarray, np.ndarray]:
        """Cosine to the nearest task of each sentence's occupation, and that task's id.

        Missing (nan, -1) where the occupation is, or has too few known tasks.
        """
        cosine = np.full(len(z), np.nan, np.float32)
        task = np.full(len(z), -1, np.int64)
        for code, rows in (
            soc_code.reset_index(drop=True).groupby(soc_code.to_numpy()).groups.items()
        ):
            if (place := self._places.get(str(code))) is None:
                continue
            at = np.asarray(rows)
            close = z[at] @ self.z[place].T
            best = close.argmax(1)
            cosine[at] = close[np.arange(len(at)), best]
            task[at] = self.task_id[place][best]
        return cosine, task

    def own_share(self) -> pd.Series:
        """By SOC code: of O*NET's own tasks, each held against the others, the share called new.

        Missing where an occupation has no two tasks that differ.
        """
        own, _ = _own_and_other(self.soc_code, self.z)
        new = pd.Series(np.where(own > -1, own < self.threshold, np.nan))
        return new.groupby(self.soc_code).mean()

    def dumps(self) -> bytes:
        """Bytes for `load`: arrays and text alone, the same for the same reference."""
        state = {
            "soc_code": "\n".join(self.soc_code), "task_id": self.task_id, "z": self.z,
            "numbers": np.array([self.threshold, self.own, self.other]),
            "series": json.dumps(self.series, sort_keys=True),
        }  # fmt: skip
        return store.dumps(state, packed=False)

    def digest(self) -> str:
        """What tells it from another reference."""
        whole = hashlib.sha256(self.z.tobytes() + self.task_id.tobytes())
        whole.update("".join(self.soc_code).encode())
        whole.update(json.dumps([self.threshold, self.series], sort_keys=True).encode())
        return whole.hexdigest()[:12]

    def save(self, path: Path) -> None:
        write_whole(path, self.dumps())


def load(path: Path) -> Reference:
    """What `Reference.save` wrote.

    Raises
    ------
    SourceFailed
        It is not there (a worker does not see the folder of results), or damaged.
    """
    try:
        state = store.loads(path.read_bytes())
        threshold, own, other = state["numbers"].tolist()
        codes = np.array(state["soc_code"].split("\n"))
        series = json.loads(state["series"])
        return Reference(codes, state["task_id"], state["z"], threshold, own, other, series)
    except store.DAMAGED as error:
        raise SourceFailed(
            str(path), f"cannot be read by this worker ({error})",
            "Give an --out that every worker sees under the same path",
        ) from error  # fmt: skip


def of_tasks(tasks: pd.DataFrame, scorer: Scorer, series: Mapping[str, list[str]]) -> Reference:
    """The reference of a release's tasks.

    Parameters
    ----------
    tasks : DataFrame
        Table tasks: `onet_soc_code`, `task_id`, `task`, `task_text_source`. O*NET's wording is
        read; where the table does not hold it (the embedded snapshot), the scorer's vector of the
        task, else our own words; else the task is not known.
    scorer : Scorer
    series : mapping
        Kept beside (`series.load`).
    """
    soc = tasks["onet_soc_code"].str[:7]
    place = pd.Index(scorer.state["known_task_id"]).get_indexer(tasks["task_id"])
    official = tasks["task"].notna() & (tasks["task_text_source"] == "O*NET")
    kept = (place >= 0) & ~official.to_numpy()
    worded = tasks["task"].notna().to_numpy() & ~kept
    known = kept | worded
    z = np.zeros((len(tasks), scorer.encoder.dims), np.float32)
    z[kept] = scorer.state["known_z"][place[kept]]
    if worded.any():
        z[worded] = scorer.encode(tasks.loc[worded, "task"])
    enough = pd.Series(known).groupby(soc.to_numpy()).transform("mean").to_numpy() >= MIN_KNOWN
    rows = np.flatnonzero(known & enough)
    rows = rows[np.lexsort((tasks["task_id"].to_numpy()[rows], soc.to_numpy()[rows]))]
    codes, vectors = soc.to_numpy().astype("U7")[rows], z[rows]
    own, other = _own_and_other(codes, vectors)
    # A task alone in its occupation, or with its like under two specialties only, says nothing.
    own, other = own[own > -1], other[~np.isnan(other)]
    threshold = float(np.quantile(own, OWN_SHARE))
    return Reference(
        codes, tasks["task_id"].to_numpy(np.int64)[rows], vectors, threshold,
        float((own < threshold).mean()), float((other < threshold).mean()), dict(series),
    )  # fmt: skip


def _own_and_other(codes: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cosine of each task to the nearest other task of its occupation, and to the nearest of
    the occupation half of the list away, which has nothing to do with it; own is -1 where there
    is no other task."""
    names, start, size = np.unique(codes, return_index=True, return_counts=True)
    own, other = np.full(len(z), np.nan), np.full(len(z), np.nan)
    for i in range(len(names)):
        rows = slice(start[i], start[i] + size[i])
        j = (i + len(names) // 2) % len(names)
        close = z[rows] @ z[rows].T
        close[close > _SAME] = -1
        own[rows] = close.max(1)
        if j != i:
            other[rows] = (z[rows] @ z[start[j] : start[j] + size[j]].T).max(1)
    return own, other
