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
from pipelines.pathways.routes.network import PathwayData

#: Points that `pareto_mask` compares with all that are left, at a time.
BLOCK = 16


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
    steps, n_levels = data.steps, data.years.shape[1]
    pace = 2.0 if part_time else 1.0
    most = most_years(data.years, cap) * pace
    wanted, added_years, tuition = (
        table.ravel()
        for table in (schooling_open(data.years, held, cap), data.years * pace, data.tuition)
    )
    schooling = schooling_term(added_years, half_years)
    last, level = np.array([origin]), np.array([held])
    nodes, levels = np.full((1, max_steps), -1), np.full((1, max_steps), -1)
    years, experience, training, cost = np.zeros(1), np.zeros(1), np.zeros(1), np.zeros(1)
    feasibility, similarity, in_field = np.ones(1), np.ones(1), np.ones(1, dtype=bool)
    found = []
    for step in range(max_steps):
        to = steps.to[last]
        ok = steps.open[last] & (to != origin)
        # Who has changed field once stays in the new one.
        ok &= in_field[:, None] | steps.stays[last]
        # The step before differs from its own neighbors; those before it may not.
        for earlier in range(step - 1):
            ok &= to != nodes[:, earlier, None]
        row, column = np.divmod(np.flatnonzero(ok), to.shape[1])
        # Where the flat tables hold a step, and those by own field, level before and level asked.
        edge = last[row] * to.shape[1] + column
        start = (steps.own_field.ravel()[edge] * n_levels + level[row]) * n_levels
        asked = steps.asked.ravel()[edge]
        lower = steps.lower.ravel()[edge]
        second = np.flatnonzero(lower >= 0)
        lower = lower[second]
        at, long = start[second] + lower, start[second] + asked[second]
        saves = (added_years[at] < added_years[long]) | (tuition[at] < tuition[long])
        if saves.any():
            second = second[saves]
            row, edge, start = (np.append(x, x[second]) for x in (row, edge, start))
            asked = np.append(asked, lower[saves])
        at = start + asked
        after = years[row] + added_years[at]
        ok = np.flatnonzero(wanted[at] & (after <= most))
        row, edge, asked, at, years = (x[ok] for x in (row, edge, asked, at, after))
        to = steps.to.ravel()[edge]
        nodes, levels = nodes[row], levels[row]
        nodes[:, step], levels[:, step] = to, asked
        cost = cost[row] + tuition[at]
        experience = experience[row] + data.experience_years[to]
        training = training[row] + data.training_years[to]
        in_field = in_field[row] & steps.stays.ravel()[edge]
        feasibility = feasibility[row] * steps.fit.ravel()[edge] * schooling[at]
        similarity = np.minimum(similarity[row], steps.score.ravel()[edge])
        last, level = to, np.maximum(level[row], asked)
        found.append(
            Routes(
                nodes, to, np.full(len(to), step + 1), years, experience, training, cost,
                feasibility, similarity, in_field, levels,
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
    columns, at = np.ascontiguousarray(points[order].T), 0
    while at < len(order):
        shape = (min(BLOCK, len(order) - at), len(order))
        no_worse, better = np.ones(shape, dtype=bool), np.zeros(shape, dtype=bool)
        every = np.empty(shape)
        for column in columns:
            # Of one shape and in one piece: numpy compares those many times as fast.
            block = np.repeat(column[at : at + BLOCK], len(order)).reshape(shape)
            every[:] = column
            no_worse &= block <= every
            better |= block < every
        keep = np.logical_not((no_worse & better).any(0))
        at = int(keep[: at + BLOCK].sum())
        columns, order = columns[:, keep], order[keep]
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
    place = routes.to * (routes.nodes.shape[1] + 1) + routes.steps
    keys = (place, routes.years, routes.experience, routes.cost)
    order = np.lexsort((-routes.feasibility, *reversed(keys)))
    new = np.zeros(len(order), dtype=bool)
    new[:1] = True
    for key in keys:
        new[1:] |= np.diff(key[order]) != 0
    return routes.take(order[new])


def front_routes(data: PathwayData, origin: int, routes: Routes) -> Routes:
    """The Pareto front of enumerated routes; one of those equal in destination, time and cost."""
    routes = thin(routes)
    return routes.take(pareto_mask(criteria(data, origin, routes)))
