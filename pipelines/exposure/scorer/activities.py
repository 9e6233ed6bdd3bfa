"""The third light reader: which detailed work activities (DWA) a statement speaks of.

Linear discriminant analysis (Fisher 1936) of sentence vectors with DWAs as classes: every DWA has
a centre, and vectors scatter about all centres alike. A statement's chances of belonging to each
DWA weigh what was said of the tasks under it. The other two readers pass from words to labels
directly; this one goes through O*NET's own division of work, as the labels did.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

#: Power to which the chances of DWAs are raised: one cannot tell 2,087 classes apart as surely
#: as the normal densities claim.
POSTERIOR_EXPONENT = 0.2
#: Share of the scatter taken as equal in all directions.
ISOTROPIC_SHARE = 0.1
#: Tasks' worth of the labels of its intermediate work activity (IWA) that a DWA's labels get,
#: and of all labels that an IWA's get.
IWA_PRIOR_TASKS, OVERALL_PRIOR_TASKS = 2.0, 4.0
#: Statements compared with all centres at once: what a processor's cache holds.
_BLOCK = 256
#: Centres are kept in steps of this part of the largest coordinate: one byte each.
_STEPS = 127


@dataclass(frozen=True)
class Activities:
    """The reader, fitted.

    `axes` (dims, dims): to coordinates in which statements scatter alike in every direction;
    `centres` (DWAs, dims) in them, whole numbers of `step`; `offset` (DWAs,): what a DWA's
    centre alone adds to its log chances; `labels` (DWAs, columns): mean label columns.
    """

    axes: np.ndarray
    centres: np.ndarray
    step: np.float32
    offset: np.ndarray
    labels: np.ndarray

    @classmethod
    def of(cls, state: dict) -> Activities:
        """From a model's state."""
        wide = ("axes", "labels")
        held = {n: state[f"activity_{n}"] for n in cls.__dataclass_fields__}
        return cls(**{n: v.astype(np.float32) if n in wide else v for n, v in held.items()})

    def state(self) -> dict:
        """What a model keeps: the same values, some in half precision, which they fit."""
        half = {n: getattr(self, n).astype(np.float16) for n in ("axes", "labels")}
        return {f"activity_{n}": half.get(n, getattr(self, n)) for n in self.__dataclass_fields__}

    @cached_property
    def _towards(self) -> np.ndarray:
        """From a unit vector, and a 1 beside it, to the log chances of DWAs, (dims + 1, DWAs).

        Distances from every centre share the statement's own square: it cancels out.
        """
        toward = self.axes @ (self.centres * self.step).T
        return (POSTERIOR_EXPONENT * np.vstack([toward, self.offset])).astype(np.float32)

    def _weights(self, z: np.ndarray) -> np.ndarray:
        """Chances of each DWA times a number of the statement's own, float32 (n, DWAs)."""
        log = np.hstack([z, np.ones((len(z), 1), np.float32)]) @ self._towards
        log -= log.max(axis=1, keepdims=True)
        return np.exp(log, out=log)

    def chances(self, z: np.ndarray) -> np.ndarray:
        """Chances of each DWA, float32 (n, DWAs); `z` (n, dims) are unit vectors, or zeros."""
        weights = self._weights(z)
        return weights / weights.sum(1, keepdims=True)

    def predict(self, z: np.ndarray) -> np.ndarray:
        """Label columns (n, columns) of statements with the unit vectors `z` (n, dims)."""
        # The sum of the weights comes with the same product, as the label of everything.
        labels = np.hstack([self.labels, np.ones((len(self.labels), 1), np.float32)])
        out = np.empty((len(z), labels.shape[1]), np.float32)
        for start in range(0, len(z), _BLOCK):
            part = slice(start, start + _BLOCK)
            out[part] = self._weights(z[part]) @ labels
        return out[:, :-1] / out[:, -1:]


def fit(
    z: np.ndarray,
    dwa: np.ndarray,
    weight: np.ndarray,
    targets: np.ndarray,
    label_weight: np.ndarray,
    iwa_of: np.ndarray,
) -> Activities:
    """Centres, scatter and labels of the DWAs that have a member.

    Parameters
    ----------
    z, dwa, weight : array (members, dims), (members,), (members,)
        Statements of a DWA (its tasks, its title): unit vectors, position of the DWA, weight.
    targets, label_weight : array (members, columns), (members,)
        Label columns 0 to 1 (missing where nobody gave that label: it then says nothing of that
        column), and how much each member counts; 0 for a title, which nobody rated.
    iwa_of : array (all DWAs,)
        Position of each DWA's IWA.
    """
    there, member = np.unique(dwa, return_inverse=True)
    size = np.bincount(member, weight)
    centres = _summed(z * weight[:, None], member, len(there)) / size[:, None]
    apart = (z - centres[member]).astype(np.float64)
    scatter = (apart * weight[:, None]).T @ apart / max(size.sum() - len(there), 1.0)
    even = np.trace(scatter) / len(scatter)
    scatter = (1 - ISOTROPIC_SHARE) * scatter + ISOTROPIC_SHARE * even * np.eye(len(scatter))
    spread, directions = np.linalg.eigh(scatter)
    axes = _half(directions / np.sqrt(np.maximum(spread, 1e-9)))
    # About their mean the centres round with less loss.
    middle = np.average(centres, axis=0, weights=size) @ axes
    apart = centres @ axes - middle
    step = np.float32(max(np.abs(apart).max(), 1e-9) / _STEPS)
    rounded = np.rint(apart / step).astype(np.int8)
    apart = rounded * step
    return Activities(
        axes,
        rounded,
        step,
        (-(apart**2).sum(1) / 2 - apart @ middle).astype(np.float32),
        _half(_labels(targets, label_weight, dwa, iwa_of)[there]),
    )


def _labels(targets, weight, dwa, iwa_of) -> np.ndarray:
    """Mean label columns of each DWA, leaning on its IWA's, and those on the mean of all."""
    known = ~np.isnan(targets)
    weights = known * weight[:, None]
    total = _summed(np.where(known, targets, 0) * weights, dwa, len(iwa_of))
    n = _summed(weights, dwa, len(iwa_of))
    above = _summed(total, iwa_of, int(iwa_of.max()) + 1)
    n_above = _summed(n, iwa_of, len(above))
    above += OVERALL_PRIOR_TASKS * total.sum(0) / np.maximum(n.sum(0), 1e-9)
    above /= n_above + OVERALL_PRIOR_TASKS
    return (total + IWA_PRIOR_TASKS * above[iwa_of]) / (n + IWA_PRIOR_TASKS)


def _summed(values: np.ndarray, code: np.ndarray, size: int) -> np.ndarray:
    out = np.zeros((size, values.shape[1]))
    np.add.at(out, code, values)
    return out


def _half(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float16).astype(np.float32)
