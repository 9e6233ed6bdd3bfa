"""The search of routes written plainly: slower, without tables made in advance.

`test_search.py` compares `pipelines.pathways.routes.enumeration` with it, for every occupation.
"""

from __future__ import annotations

import numpy as np

from pipelines.pathways.routes.enumeration import Routes, criteria, joined
from pipelines.pathways.routes.judgment import (
    HALF_YEARS,
    most_years,
    schooling_open,
    schooling_term,
)
from pipelines.pathways.routes.network import N_SIMILAR, PathwayData


def enumerate_routes(
    data: PathwayData,
    origin: int,
    held: int,
    max_steps: int = 3,
    cap: int | None = None,
    part_time: bool = False,
    half_years: float = HALF_YEARS,
) -> Routes:
    """What `enumeration.enumerate_routes` gives, step by step from the data themselves."""
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


def pareto_mask(points: np.ndarray) -> np.ndarray:
    """What `enumeration.pareto_mask` gives, one point after another."""
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
