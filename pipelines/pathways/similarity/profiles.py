"""Cosines, ranks and shared neighbors of occupations: arithmetic without tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

#: Nearest occupations that make up a neighborhood.
N_SIMILAR = 20


def cosine(x: np.ndarray) -> np.ndarray:
    """Cosines of the rows, shape (n, n); NaN where a row is all zero or missing."""
    x = np.nan_to_num(np.asarray(x, dtype=np.float64))
    norm = np.linalg.norm(x, axis=1, keepdims=True)
    empty = norm[:, 0] == 0
    x = x / np.where(norm > 0, norm, 1)
    sim = x @ x.T
    sim[empty] = np.nan
    sim[:, empty] = np.nan
    return sim


def ranks(matrix: np.ndarray) -> np.ndarray:
    """Rank of every destination in its origin's row, 0 = most similar; itself and missing last."""
    filled = np.nan_to_num(matrix, nan=-1e9).astype(np.float32)
    np.fill_diagonal(filled, -np.inf)
    order = np.argsort(-filled, axis=1, kind="stable")
    rank = np.empty(order.shape, dtype=np.float32)
    np.put_along_axis(rank, order, np.arange(len(order), dtype=np.float32)[None], axis=1)
    return rank


def ranks_back(matrix: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """Rank of every origin seen from the destination, where `rank` are those of `ranks`."""
    symmetric = np.array_equal(matrix, matrix.T, equal_nan=True)
    return (rank if symmetric else ranks(matrix.T)).T


def fuse(
    rank: Mapping[str, np.ndarray], back: Mapping[str, np.ndarray], names: Sequence[str]
) -> np.ndarray:
    """Reciprocal-rank fusion of some similarities, the view from the destination counting half."""
    return np.sum([1 / (20 + rank[f]) + 0.5 / (20 + back[f]) for f in names], axis=0)


def shared_neighbors(fused: np.ndarray) -> dict[str, np.ndarray]:
    """Whether two occupations have the same neighbors, and are neighbors of the same ones.

    Parameters
    ----------
    fused : ndarray, shape (n, n)
        Any similarity; the diagonal, and pairs not to be counted, are below all others.

    Returns
    -------
    dict of ndarray
        ``neighbours_to`` and ``neighbours_from``: cosines of the weighted lists of the
        `N_SIMILAR` nearest occupations, and of those that list the occupation.
    """
    n = len(fused)
    near = np.argsort(-fused, axis=1, kind="stable")[:, : min(N_SIMILAR, n - 1)]
    above = np.take_along_axis(fused, near, axis=1) - np.median(fused, axis=1, keepdims=True)
    weight = np.zeros((n, n))
    np.put_along_axis(weight, near, np.maximum(above, 0), axis=1)
    weight /= np.maximum(weight.sum(1, keepdims=True), 1e-12)
    # An occupation belongs to its own neighborhood, like its nearest neighbor.
    weight += np.eye(n) * weight.max(1).mean()
    return {"neighbours_to": cosine(weight), "neighbours_from": cosine(weight.T)}
