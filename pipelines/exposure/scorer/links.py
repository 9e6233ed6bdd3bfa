"""Which labeled tasks stand under which detailed work activity (DWA).

O*NET links a task to one to five DWAs, each of which belongs to an intermediate work activity
(IWA). People labeled mostly DWAs and the study passed the labels down, so the labels of other
tasks under the same DWA say most of what is to be known of a task's.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

KEY = ["onet_soc_code", "task_id"]


class Links:
    """Links of n labeled rows to DWAs.

    `row`, `dwa`, `share` (links,): position of the labeled row and of the DWA in `ids`, and one
    divided by the number of the row's DWAs; `titles`, `iwa_of` (DWAs,): each DWA's title and the
    position of its IWA.

    Parameters
    ----------
    labels, task_dwas, dwas : DataFrame
        Contracted tables.
    """

    def __init__(self, labels: pd.DataFrame, task_dwas: pd.DataFrame, dwas: pd.DataFrame):
        rows = labels[KEY].reset_index(names="row").merge(task_dwas, on=KEY)
        one = dwas.drop_duplicates("dwa_id").sort_values("dwa_id", ignore_index=True)
        self.ids = pd.Index(one["dwa_id"])
        self.titles = one["dwa_title"]
        self.iwa_of = pd.factorize(one["iwa_id"], sort=True)[0]
        dwa = self.ids.get_indexer(rows["dwa_id"])
        keep = dwa >= 0
        self.n, self.row, self.dwa = len(labels), rows["row"].to_numpy()[keep], dwa[keep]
        self.share = 1 / np.bincount(self.row, minlength=self.n)[self.row]

    def shared(self, group: np.ndarray) -> np.ndarray:
        """Whether a row of another group stands under one of a row's DWAs, boolean (n,).

        `group` (n,) are occupations, or the rows themselves.
        """
        pairs = pd.DataFrame({"dwa": self.dwa, "group": group[self.row]}).drop_duplicates()
        groups = np.bincount(pairs["dwa"], minlength=len(self.ids))
        return np.bincount(self.row, groups[self.dwa] > 1, self.n) > 0

    def means(self, rows: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Positions of the DWAs under which `rows` stand, and their mean `targets` there.

        A label counts once for each row, shared equally among its DWAs. A missing target counts
        for nothing: the mean is over the others, missing where none is.
        """
        used = np.isin(self.row, rows)
        mine, dwa, share = targets[self.row[used]], self.dwa[used], self.share[used, None]
        known = ~np.isnan(mine)
        weight = _summed(known * share, dwa, len(self.ids))
        total = _summed(np.where(known, mine, 0) * share, dwa, len(self.ids))
        there = np.flatnonzero((weight > 0).any(axis=1))
        total, weight = total[there], weight[there]
        mean = np.full(total.shape, np.nan)
        np.divide(total, weight, out=mean, where=weight > 0)
        return there, mean


def _summed(values: np.ndarray, code: np.ndarray, size: int) -> np.ndarray:
    out = np.zeros((size, values.shape[1]))
    np.add.at(out, code, values)
    return out
