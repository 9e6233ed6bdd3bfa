"""Every route of up to three steps, and which of them no other beats: exact, nothing sampled.

The network: from each occupation to those of its `N_SIMILAR` most similar ones that are a way up
(`rules.open_steps`), where a step must not ask for less education than was added on the way (such
schooling would be wasted). An occupation that a lower level opens too (`PathwayData.shorter`) is
stepped to in two ways where the lower level saves time or money. A route changes field at most
once: two changes lead anywhere (power plant operator, nuclear technician, physician assistant).
Every simple path that keeps these rules is looked at; nothing is sampled or pruned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.pathways.routes.judgment import (
    HALF_YEARS,
    most_years,
    schooling_open,
    schooling_term,
)
from pipelines.pathways.routes.network import N_SIMILAR, PathwayData


@dataclass(frozen=True)
class Routes:
    """All routes from one origin; arrays over routes.

    Attributes
    ----------
    nodes : ndarray of int, shape (m, max_steps)
        Positions of the occupations stepped to, -1 after the last.
    to, steps : ndarray of int
        Destination and number of steps.
    years, experience, training, cost, feasibility : ndarray of float
        Schooling, experience asked on the way and training after hiring in years (training
        missing where a step's is not known), tuition in dollars, 0 to 1.
    in_field : ndarray of bool
        Whether every step stays in the field of the one before; see `rules.one_field`.
    similarity : ndarray of float
        Of the least similar of the steps, 0 to 1.
    levels : ndarray of int, shape (m, max_steps)
        Level of education by which each occupation is entered, -1 after the last.
    """

    nodes: np.ndarray
    to: np.ndarray
    steps: np.ndarray
    years: np.ndarray
    experience: np.ndarray
    training: np.ndarray
    cost: np.ndarray
    feasibility: np.ndarray
    similarity: np.ndarray
    in_field: np.ndarray
    levels: np.ndarray

    @property
    def entry(self) -> np.ndarray:
        """Level of education by which the destination is entered."""
        return self.levels[np.arange(len(self.to)), self.steps - 1]

    def take(self, which: np.ndarray | slice) -> Routes:
        return Routes(*(getattr(self, f)[which] for f in self.__dataclass_fields__))


def enumerate_routes(
    data: PathwayData,
    origin: int,
    held: int,
    max_steps: int = 3,
    cap: int | None = None,
    part_time: bool = False,
    half_years: float = HALF_YEARS,
) -> Routes:
    """Every simple route of up to `max_steps` steps; see the head of this module.

    Parameters
    ----------
    origin, held : int
        Position of the origin; position of the education held in LEVELS.
    cap : int, optional
        Highest level of education that the route may ask for where schooling has to be added, and
        by `most_years` how much in all; -1 for none at all.
    part_time : bool
        Doubles the years of schooling.
    half_years : float
        Years of schooling that halve feasibility.
    """
    open_, fit = data.edges
    wanted = schooling_open(data.years, held, cap)
    pace = 2.0 if part_time else 1.0
    added_years, most = data.years * pace, most_years(data.years, cap) * pace
    schooling = schooling_term(added_years, half_years)
    last, level = np.array([origin]), np.array([held])
    nodes, levels = np.full((1, max_steps), -1), np.full((1, max_steps), -1)
    years, experience, training, cost = np.zeros(1), np.zeros(1), np.zeros(1), np.zeros(1)
    feasibility, similarity, in_field = np.ones(1), np.ones(1), np.ones(1, dtype=bool)
    found = []
    for step in range(max_steps):
        to = data.to[last, :N_SIMILAR]
        own = data.own_field(last[:, None], to)
        ok = open_[last] & (to != origin)
        # Who has changed field once stays in the new one.
        ok &= in_field[:, None] | data.stays[last]
        # The step before differs from its own neighbors; those before it may not.
        for earlier in range(step - 1):
            ok &= to != nodes[:, earlier, None]
        row, column = np.nonzero(ok)
        to, own = to[row, column], own[row, column]
        asked, before = data.level[to], level[row]
        second = np.flatnonzero(data.shorter_level[to] >= 0)
        lower = data.shorter_level[to[second]]
        saves = tuple(
            of[own[second], before[second], lower] < of[own[second], before[second], asked[second]]
            for of in (added_years, data.tuition)
        )
        second, lower = (x[saves[0] | saves[1]] for x in (second, lower))
        row, column, to, own, before = (
            np.concatenate([x, x[second]]) for x in (row, column, to, own, before)
        )
        asked = np.concatenate([asked, lower])
        ok = wanted[own, before, asked] & (years[row] + added_years[own, before, asked] <= most)
        row, column, to, own, before, asked = (x[ok] for x in (row, column, to, own, before, asked))
        from_ = last[row]
        nodes, levels = nodes[row], levels[row]
        nodes[:, step], levels[:, step] = to, asked
        years = years[row] + added_years[own, before, asked]
        cost = cost[row] + data.tuition[own, before, asked]
        experience = experience[row] + data.experience_years[to]
        training = training[row] + data.training_years[to]
        in_field = in_field[row] & data.stays[from_, column]
        feasibility = feasibility[row] * fit[from_, column] * schooling[own, before, asked]
        similarity = np.minimum(similarity[row], data.score[from_, column])
        last, level = to, np.maximum(before, asked)
        found.append(
            Routes(
                nodes.copy(), to, np.full(len(to), step + 1), years, experience, training, cost,
                feasibility, similarity, in_field, levels.copy(),
            )
        )  # fmt: skip
    return joined(found)


def joined(found: Sequence[Routes]) -> Routes:
    """Routes of one `max_steps`, one after another."""
    return Routes(
        *(np.concatenate([getattr(f, name) for f in found]) for name in Routes.__dataclass_fields__)
    )


def pareto_mask(points: np.ndarray) -> np.ndarray:
    """Which points no other point dominates; every column is minimized.

    A point dominates another if it is nowhere worse and somewhere better; equal points stay.

    Parameters
    ----------
    points : ndarray, shape (m, d)
        Finite numbers.

    Returns
    -------
    ndarray of bool, shape (m,)
    """
    points = np.asarray(points, dtype=float)
    if not len(points):
        return np.zeros(0, dtype=bool)
    # Points that dominate many come first; any order gives the same front.
    low, spread = points.min(0), np.ptp(points, axis=0)
    order = np.argsort(((points - low) / np.where(spread > 0, spread, 1)).sum(1), kind="stable")
    left, at = points[order], 0
    while at < len(left):
        point = left[at]
        keep = (left < point).any(1) | (left == point).all(1)
        at = int(keep[:at].sum()) + 1
        left, order = left[keep], order[keep]
    mask = np.zeros(len(points), dtype=bool)
    mask[order] = True
    return mask


def criteria(data: PathwayData, origin: int, routes: Routes) -> np.ndarray:
    """What routes are compared by, shape (m, 6), less is better.

    Steps, years of schooling, experience and training (training of a length that is not known is
    compared as none), tuition, wage (negative), change of exposure (0 where unknown), feasibility
    (negative).
    """
    change = np.nan_to_num(data.exposure[routes.to] - data.exposure[origin])
    return np.column_stack(
        [
            routes.steps,
            routes.years + routes.experience + np.nan_to_num(routes.training),
            routes.cost,
            -data.wage[routes.to],
            change,
            -routes.feasibility,
        ]
    )


def thin(routes: Routes) -> Routes:
    """The most feasible of the routes that agree in destination, steps, time and cost."""
    order = np.lexsort(
        (-routes.feasibility, routes.cost, routes.experience, routes.years, routes.steps, routes.to)
    )
    r = routes.take(order)
    new = np.ones(len(r.to), dtype=bool)
    for key in (r.to, r.steps, r.years, r.experience, r.cost):
        new[1:] &= key[1:] == key[:-1]
    new[1:] = ~new[1:]
    return r.take(new)


def front_routes(data: PathwayData, origin: int, routes: Routes) -> Routes:
    """The Pareto front of enumerated routes; one of those equal in destination, time and cost."""
    routes = thin(routes)
    return routes.take(pareto_mask(criteria(data, origin, routes)))
