"""What people's labels of related tasks say of a task: Gaussian process regression.

Two tasks are related as far as they share detailed work activities (DWA), the intermediate ones
above (IWA) and wording; the kernel says how far. With it every labeled task pulls the chances of
those related to it, and where a task has several DWAs, what the other tasks under each explain
is not counted twice (Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, ch.
2). Labels are taken as numbers, one column a class: a least-squares classifier. Leaving tasks
out has a closed form (section 5.4.2 there), so each is predicted without its own label.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.linalg import cho_factor, cho_solve, get_lapack_funcs

from pipelines.exposure.scorer.links import KEY, Links

#: Variances of the parts of the kernel, of a label column that is 0 or 1, and of what no part
#: explains: wording alone; sharing DWAs; sharing DWAs and their wording; having the same DWAs and
#: no other; sharing an IWA.
WORDING, DWA, DWA_WORDING, SAME_DWAS, IWA, NOISE = 0.07, 0.2, 0.1, 0.1, 0.15, 0.15
#: Sharpness of exp(-g |a - b|^2) of unit vectors, alone and within a DWA.
SHARPNESS, SHARPNESS_WITHIN = 1.0, 2.0
_BLOCK = 1_000


@dataclass(frozen=True)
class Placed:
    """Tasks and where they stand: `z` (n, dims) unit vectors; `shares` (n, DWAs), unit vectors
    with equal parts for a task's DWAs, so that their product is 1 for tasks with the same DWAs;
    `above` (n, IWAs), parts of its IWAs that add up to one."""

    z: np.ndarray
    shares: sp.csr_matrix
    above: sp.csr_matrix

    def take(self, rows) -> Placed:
        return Placed(self.z[rows], self.shares[rows], self.above[rows])


def placed(z: np.ndarray, row: np.ndarray, dwa: np.ndarray, iwa_of: np.ndarray) -> Placed:
    """Tasks with the vectors `z`, from the links of task `row` to DWA `dwa` (positions)."""
    n = len(z)
    share = (1 / np.bincount(row, minlength=n)[row]).astype(z.dtype)
    shares = sp.csr_matrix((np.sqrt(share), (row, dwa)), (n, len(iwa_of)))
    above = sp.csr_matrix((share, (row, iwa_of[dwa])), (n, int(iwa_of.max()) + 1))
    return Placed(z, shares, above)


def kernel(a: Placed, b: Placed) -> np.ndarray:
    """Covariance of the label columns of tasks `a` and `b`, (tasks a, tasks b)."""
    out = a.z @ b.z.T
    out -= 1
    shared, above = (a.shares @ b.shares.T).tocoo(), (a.above @ b.above.T).tocoo()
    within = np.exp(2 * SHARPNESS_WITHIN * out[shared.row, shared.col])
    out *= 2 * SHARPNESS
    np.exp(out, out=out)
    out *= WORDING
    same = shared.data > 0.999
    out[shared.row, shared.col] += shared.data * (DWA + DWA_WORDING * within) + SAME_DWAS * same
    out[above.row, above.col] += IWA * above.data
    return out


class Fit:
    """The process, given labeled tasks.

    Parameters
    ----------
    tasks : Placed
    human : array (n,)
        Labels 0-2.

    Notes
    -----
    Holds a matrix of n by n numbers in single precision, for 13,901 tasks .8 GB, and inverts it
    in place; another as large comes and goes while it is made.
    """

    def __init__(self, tasks: Placed, human: np.ndarray) -> None:
        labels = np.eye(3)[human]
        self._tasks = tasks
        self.mean = labels.mean(0)
        self._rest = labels - self.mean
        matrix = kernel(tasks, tasks).T  # symmetric: transposed it has the order LAPACK wants
        matrix[np.diag_indices_from(matrix)] += NOISE
        factor, lower = cho_factor(matrix, lower=True, overwrite_a=True)
        self.alpha = cho_solve((factor, lower), self._rest.astype(factor.dtype)).astype(float)
        (invert,) = get_lapack_funcs(("potri",), (factor,))
        self._inverse, failed = invert(factor, lower=lower, overwrite_c=True)
        if failed:
            raise np.linalg.LinAlgError(f"potri says {failed}")

    def own(self) -> np.ndarray:
        """Label columns of each task from the labels of all others, (n, 3)."""
        precision = np.diagonal(self._inverse).astype(float)[:, None]
        return self.mean + self._rest - self.alpha / precision

    def held_out(self, group: np.ndarray, same: float) -> np.ndarray:
        """Label columns of each task without the labels of its group, (n, 3).

        Labels of tasks of other groups whose wording has a cosine of `same` or more with one
        of the group's are left out too.
        """
        out = np.zeros_like(self._rest)
        group = np.unique(group, return_inverse=True)[1]
        order = np.argsort(group, kind="stable")
        for rows in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
            twin = (self._tasks.z[rows] @ self._tasks.z.T).max(0) >= same
            gone = np.union1d(rows, np.flatnonzero(twin))
            low, high = np.minimum.outer(gone, gone), np.maximum.outer(gone, gone)
            block = self._inverse[high, low].astype(float)  # the lower triangle is the inverse
            left = self._rest[gone] - np.linalg.solve(block, self.alpha[gone])
            out[rows] = left[np.searchsorted(gone, rows)]
        return out + self.mean


def predict(tasks: Placed, known: Placed, alpha: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Label columns of `tasks` from labeled tasks `known` and the fit's `alpha`, (n, 3)."""
    parts = [
        kernel(tasks.take(slice(start, start + _BLOCK)), known) @ alpha
        for start in range(0, tasks.z.shape[0], _BLOCK)
    ]
    return mean + (np.vstack(parts) if parts else np.zeros((0, 3)))


def state(fit: Fit, links: Links) -> dict:
    """What a model keeps of a fit, and of the links of its tasks to DWAs."""
    own = fit.own()
    own[~links.shared(np.arange(links.n))] = np.nan
    return {
        "dwa_ids": "\n".join(links.ids),
        "dwa_iwa": links.iwa_of.astype(np.int32),
        "process_alpha": fit.alpha.astype(np.float16),
        "process_mean": fit.mean,
        "process_own": own.astype(np.float16),
        "process_row": links.row.astype(np.int32),
        "process_dwa": links.dwa.astype(np.int32),
    }


def related(
    tasks: pd.DataFrame, task_dwas: pd.DataFrame, z: np.ndarray, state: Mapping
) -> np.ndarray:
    """What the labels a model was trained on say of any tasks.

    Parameters
    ----------
    tasks, task_dwas : DataFrame
        Contracted tables. A task that the model was trained on is told what the labels of all
        others said of it then, whatever its wording is now.
    z : array (n, dims)
        Unit vectors of the tasks.
    state : mapping
        Of the model.

    Returns
    -------
    array (n, 3)
        Label columns; missing where no other labeled task shares a DWA with the task.
    """
    known = pd.MultiIndex.from_arrays([state["known_soc"].split("\n"), state["known_task_id"]])
    place = known.get_indexer(pd.MultiIndex.from_frame(tasks[KEY]))
    rows = tasks[KEY].assign(row=np.arange(len(tasks))).merge(task_dwas[[*KEY, "dwa_id"]], on=KEY)
    dwa = pd.Index(state["dwa_ids"].split("\n")).get_indexer(rows["dwa_id"])
    row, dwa = rows["row"].to_numpy()[dwa >= 0], dwa[dwa >= 0]
    linked = np.unique(row[np.isin(dwa, state["process_dwa"])])
    out = np.full((len(tasks), 3), np.nan)
    new, old = linked[place[linked] < 0], linked[place[linked] >= 0]
    out[old] = state["process_own"][place[old]]
    if len(new):
        mine = np.isin(row, new)
        # In double precision: sums keep their six digits whatever the number of threads.
        iwa_of = state["dwa_iwa"]
        labeled = placed(
            state["known_z"].astype(float), state["process_row"], state["process_dwa"], iwa_of
        )
        alpha = state["process_alpha"].astype(float)
        asked = placed(z[new].astype(float), np.searchsorted(new, row[mine]), dwa[mine], iwa_of)
        out[new] = predict(asked, labeled, alpha, state["process_mean"])
    return out
