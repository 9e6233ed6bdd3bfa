"""What people said of other tasks that share a task's detailed work activities (DWA).

O*NET links a task to one to five DWAs, each of which belongs to an intermediate work activity
(IWA). People labeled mostly DWAs and the study passed the labels down, so the labels of other
tasks under the same DWA say most of what is to be known of a task's. A label counts once for
each task, shared equally among the task's DWAs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.exposure.scorer.classes import CLASSES

_KEY = ["onet_soc_code", "task_id"]


@dataclass(frozen=True)
class Evidence:
    """Human labels of other tasks by link of a task to a DWA.

    `row` (links,): the task of each link, 0..n-1; `dwa`, `iwa` (links, 3): sums of labels E0, E1,
    E2 of other tasks under that DWA and its IWA.
    """

    n: int
    row: np.ndarray
    dwa: np.ndarray
    iwa: np.ndarray

    def known(self) -> np.ndarray:
        """Whether a label of another task under one of its DWAs is known, boolean (n,)."""
        return np.bincount(self.row, self.dwa.sum(1), self.n) > 0.05


def evidence_input(p: np.ndarray, evidence: Evidence, related: np.ndarray) -> np.ndarray:
    """Features of the regression on evidence: the text's chances, label shares shrunk toward them,
    what related tasks say, and products of these.

    `p` (n, 3) are the chances from the wording, `related` (n, 3) the label columns of
    `process`. Rows without a link are finite and meaningless.
    """
    row, n = evidence.row, evidence.n
    links = np.bincount(row, minlength=n)[:, None]
    counts, above = _summed(evidence.dwa, row, n), _summed(evidence.iwa, row, n)
    size = counts.sum(1, keepdims=True)
    up = (above + p) / (above.sum(1, keepdims=True) + 1)
    # By link: the IWA's labels shrunk toward the wording, the DWA's shrunk toward those.
    prior = (evidence.iwa + 4 * p[row]) / (evidence.iwa.sum(1, keepdims=True) + 4)
    by_link = (evidence.dwa + 0.7 * prior) / (evidence.dwa.sum(1, keepdims=True) + 0.7)
    most, least = np.zeros((n, 3)), np.ones((n, 3))
    np.maximum.at(most, row, by_link)
    np.minimum.at(least, row, by_link)
    mean = _summed(by_link, row, n) / np.maximum(links, 1)
    parts = [np.log((counts + k * (p + up) / 2 + 0.01) / (size + k + 0.03)) for k in (0.3, 2.0)]
    parts += [np.log(x + 0.01) for x in (p, up, mean, most, least)]
    parts += [
        related,
        (counts + 0.5 * up) / (size + 0.5),
        _summed(np.log(by_link + 0.02), row, n),
        links,
    ]
    # How much related tasks tell hangs on the wording, and on how many DWAs share the label.
    told = np.log(np.clip(related, 0.02, 1))
    parts += [told, told * links, np.maximum(related, 0) * p, np.log(p + 0.01) * links]
    return np.hstack(parts)


def _summed(values: np.ndarray, code: np.ndarray, size: int) -> np.ndarray:
    out = np.zeros((size, values.shape[1]))
    np.add.at(out, code, values)
    return out


class Links:
    """Which labeled rows stand under which DWA and IWA.

    `row`, `dwa`, `share` (links,): position of the labeled row and of the DWA in `ids`, and one
    divided by the number of the row's DWAs; `iwa_of` (DWAs,): position of each DWA's IWA.
    """

    def __init__(self, labels: pd.DataFrame, task_dwas: pd.DataFrame, dwas: pd.DataFrame):
        rows = labels[_KEY].reset_index(names="row").merge(task_dwas, on=_KEY)
        one = dwas.drop_duplicates("dwa_id").sort_values("dwa_id", ignore_index=True)
        self.ids = pd.Index(one["dwa_id"])
        self.titles = one["dwa_title"]
        self.iwa_of = pd.factorize(one["iwa_id"], sort=True)[0]
        dwa = self.ids.get_indexer(rows["dwa_id"])
        keep = dwa >= 0
        self.n, self.row, self.dwa = len(labels), rows["row"].to_numpy()[keep], dwa[keep]
        self.share = 1 / np.bincount(self.row, minlength=self.n)[self.row]

    def _levels(self):
        return (self.dwa, len(self.ids)), (self.iwa_of[self.dwa], int(self.iwa_of.max()) + 1)

    def without_group(self, human: np.ndarray, group: np.ndarray) -> Evidence:
        """Evidence for the labeled rows themselves from rows of other groups (occupations)."""
        labels = np.eye(3)[human[self.row]] * self.share[:, None]
        owner = pd.factorize(group)[0][self.row].astype(np.int64)
        found = []
        for code, size in self._levels():
            both = pd.factorize(owner * size + code)[0]
            own = _summed(labels, both, int(both.max()) + 1)[both]
            found.append(np.maximum(_summed(labels, code, size)[code] - own, 0))
        return Evidence(self.n, self.row, found[0], found[1])

    def means(self, rows: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Positions of the DWAs under which `rows` stand, and their mean `targets` there.

        A missing target counts for nothing: the mean is over the others, missing where none is.
        """
        used = np.isin(self.row, rows)
        mine, dwa = targets[self.row[used]], self.dwa[used]
        known = ~np.isnan(mine)
        weight = _summed(known * self.share[used, None], dwa, len(self.ids))
        total = _summed(np.where(known, mine, 0) * self.share[used, None], dwa, len(self.ids))
        there = np.flatnonzero((weight > 0).any(axis=1))
        total, weight = total[there], weight[there]
        mean = np.full(total.shape, np.nan)
        np.divide(total, weight, out=mean, where=weight > 0)
        return there, mean

    def state(self, human: np.ndarray) -> dict:
        """What the model keeps: ids, each DWA's IWA, and sums of labels by DWA and IWA."""
        labels = np.eye(3)[human[self.row]] * self.share[:, None]
        sums = [_summed(labels, code, size) for code, size in self._levels()]
        return {
            "dwa_ids": "\n".join(self.ids),
            "dwa_iwa": self.iwa_of.astype(np.int32),
            "dwa_counts": sums[0],
            "iwa_counts": sums[1],
        }


def evidence_of(
    tasks: pd.DataFrame,
    exposure_labels: pd.DataFrame,
    task_dwas: pd.DataFrame,
    dwa_ids: pd.Index,
    state: dict,
) -> Evidence:
    """Evidence for any tasks from the sums a model keeps, each task's own label taken out.

    Parameters
    ----------
    tasks, exposure_labels, task_dwas : DataFrame
        Contracted tables; `tasks` with an index of 0..n-1.
    dwa_ids, state : Index, dict
        Of the model, see `Links.state`.
    """
    rows = tasks[_KEY].reset_index(names="row").merge(task_dwas[[*_KEY, "dwa_id"]], on=_KEY)
    rows = rows.merge(exposure_labels[[*_KEY, "human_label"]], on=_KEY, how="left")
    code = dwa_ids.get_indexer(rows["dwa_id"])
    rows, code = rows[code >= 0], code[code >= 0]
    row = rows["row"].to_numpy()
    own = np.zeros((len(rows), 3))
    label = rows["human_label"].map(CLASSES.index, na_action="ignore").to_numpy(float)
    has = np.flatnonzero(~np.isnan(label))
    own[has, label[has].astype(int)] = 1
    own /= np.bincount(row, minlength=len(tasks))[row][:, None]
    # A task with two DWAs of one IWA stands in that IWA's sums twice: take all of them out.
    iwa = state["dwa_iwa"][code]
    times = rows.assign(iwa=iwa).groupby(["row", "iwa"])["dwa_id"].transform("size").to_numpy()
    return Evidence(
        len(tasks),
        row,
        np.maximum(state["dwa_counts"][code] - own, 0),
        np.maximum(state["iwa_counts"][iwa] - own * times[:, None], 0),
    )
