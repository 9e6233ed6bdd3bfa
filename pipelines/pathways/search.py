"""Routes of up to three steps: exact enumeration over the network of moves, and its Pareto front.

The network: from each occupation to its 20 most similar ones (`NEIGHBOURS`) for which BLS gives
a wage and a typical education, where a step must not pay less than the one before, nor ask for
less education than was added on the way (such schooling would be wasted). Every simple path in it
is looked at; nothing is sampled or pruned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.errors import UsageError
from pipelines.pathways.credentials import advancement_note, helping_credentials
from pipelines.pathways.education import LEVELS, level_index
from pipelines.pathways.moves import PathwayData, benefit, schooling_term, start_level, step_fit

NEIGHBOURS = 20

#: What an adviser may ask for: the most schooling to add, as a level; None = no more school.
PRESETS = {
    "no more school": None,
    "one certificate": LEVELS[3],
    "associate's": LEVELS[4],
    "bachelor's": LEVELS[5],
    "master's": LEVELS[6],
}


@dataclass(frozen=True)
class Routes:
    """All routes from one origin; arrays over routes.

    Attributes
    ----------
    nodes : ndarray of int, shape (m, max_steps)
        Positions of the occupations stepped to, -1 after the last.
    to, steps : ndarray of int
        Destination and number of steps.
    years, experience, cost, feasibility : ndarray of float
        Schooling in years, experience asked on the way in years, tuition in dollars, 0 to 1.
    """

    nodes: np.ndarray
    to: np.ndarray
    steps: np.ndarray
    years: np.ndarray
    experience: np.ndarray
    cost: np.ndarray
    feasibility: np.ndarray

    def take(self, which: np.ndarray) -> Routes:
        return Routes(*(getattr(self, f)[which] for f in self.__dataclass_fields__))


def enumerate_routes(
    data: PathwayData,
    origin: int,
    held: int,
    max_steps: int = 3,
    cap: int | None = None,
    part_time: bool = False,
) -> Routes:
    """Every simple route of up to `max_steps` steps; see the head of this module.

    Parameters
    ----------
    origin, held : int
        Position of the origin; position of the education held in LEVELS.
    cap : int, optional
        Highest level of education that the route may ask for beyond what is held.
    part_time : bool
        Doubles the years of schooling.
    """
    pace = 2.0 if part_time else 1.0
    last, level = np.array([origin]), np.array([held])
    nodes = np.full((1, max_steps), -1)
    years, experience, cost, feasibility = np.zeros(1), np.zeros(1), np.zeros(1), np.ones(1)
    found = []
    for step in range(max_steps):
        to, score = data.to[last, :NEIGHBOURS], data.score[last, :NEIGHBOURS]
        with np.errstate(invalid="ignore"):
            ok = (
                (to >= 0)
                & (data.level[to] >= 0)
                & ~np.isnan(data.wage[to])
                & (to != origin)
                & ~(data.wage[to] < data.wage[last][:, None])
            )
        if cap is not None:
            ok &= (data.level[to] <= cap) | (data.level[to] <= level[:, None])
        ok &= (level[:, None] <= held) | (data.level[to] >= level[:, None])
        for earlier in range(step):
            ok &= to != nodes[:, earlier, None]
        row, column = np.nonzero(ok)
        to, score, before = to[row, column], score[row, column], level[row]
        asked = data.level[to]
        added = data.years[before, asked] * pace
        nodes = nodes[row]
        nodes[:, step] = to
        cost = cost[row] + data.tuition[before, asked]
        years = years[row] + added
        experience = experience[row] + data.experience_years[to]
        feasibility = (
            feasibility[row] * step_fit(data, last[row], to, score) * schooling_term(added)
        )
        last, level = to, np.maximum(before, asked)
        found.append(
            Routes(
                nodes.copy(), to, np.full(len(to), step + 1), years, experience, cost, feasibility
            )
        )
    return Routes(
        *(np.concatenate([getattr(f, name) for f in found]) for name in Routes.__dataclass_fields__)
    )


def pareto_mask(points: np.ndarray) -> np.ndarray:
    """Which points no other point dominates; every column is minimised.

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


def _criteria(data: PathwayData, origin: int, routes: Routes) -> np.ndarray:
    change = np.nan_to_num(data.exposure[routes.to] - data.exposure[origin])
    return np.column_stack(
        [
            routes.steps,
            routes.years + routes.experience,
            routes.cost,
            -data.wage[routes.to],
            change,
            -routes.feasibility,
        ]
    )


def _thin(routes: Routes) -> Routes:
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


def _cap(held: int, limit: str | None) -> int | None:
    if limit is None:
        return None
    if limit in PRESETS:
        return held if PRESETS[limit] is None else level_index(PRESETS[limit])
    return level_index(limit)


def _frame(data: PathwayData, origin: int, r: Routes, worth: np.ndarray) -> pd.DataFrame:
    codes = data.table.index.to_numpy()
    start = codes[origin]
    via = [
        ", ".join(codes[p] for p in path[: s - 1]) for path, s in zip(r.nodes, r.steps, strict=True)
    ]
    previous = [
        codes[path[s - 2]] if s > 1 else start for path, s in zip(r.nodes, r.steps, strict=True)
    ]
    to = codes[r.to]
    table = data.table.iloc[r.to]
    return pd.DataFrame(
        {
            "from_soc": start,
            "rank": np.arange(1, len(to) + 1),
            "to_soc": to,
            "title": table["title"].to_numpy(),
            "via_soc": via,
            "steps": r.steps,
            "typical_education": table["typical_education"].to_numpy(),
            "years_education": r.years,
            "years_experience": r.experience,
            "tuition": r.cost,
            "annual_median_wage": data.wage[r.to],
            "wage_gain": data.wage[r.to] - data.wage[origin],
            "exposure_change": data.exposure[r.to] - data.exposure[origin],
            "annual_openings": data.openings[r.to],
            "employment_change_percent": table["employment_change_percent"].to_numpy(),
            "feasibility": r.feasibility,
            "benefit": worth,
            "credentials": [helping_credentials(start, c) for c in to],
            "licence": table["licence"].to_numpy(),
            "note": [advancement_note(p, c) for p, c in zip(previous, to, strict=True)],
        }
    ).astype({"from_soc": "str", "to_soc": "str", "via_soc": "str"})


def find_paths(
    data: PathwayData,
    origin_soc: str,
    education: str | None = None,
    max_steps: int = 3,
    to: str | None = None,
    n: int | None = 20,
    limit: str | None = None,
    part_time: bool = False,
) -> pd.DataFrame:
    """The best routes of a worker, ranked by feasibility x benefit.

    Parameters
    ----------
    data : PathwayData
        From `moves.pathway_data`.
    origin_soc : str
        SOC or O*NET-SOC code of the present occupation.
    education : str, optional
        Education held, in user words; the origin's typical level where none is stated.
    max_steps : int
        1 to 3.
    to : str, optional
        Destination. Then every route to it that no other beats in steps, time, cost and
        feasibility; otherwise the best route to each destination.
    n : int or None
        Rows.
    limit : str, optional
        Most schooling wanted: a key of `PRESETS` or a level.
    part_time : bool
        Study beside the job: twice the years.

    Returns
    -------
    DataFrame
        ``from_soc``, ``rank``, ``to_soc``, ``title``, ``via_soc`` (codes between, comma-separated,
        "" for a direct move), ``steps``, ``typical_education`` (of the destination),
        ``years_education`` (usual years of schooling in all), ``years_experience`` (that BLS
        lists for the steps: 2 for "less than 5 years", 5 for "5 years or more"), ``tuition``
        (dollars, see `costs`), ``annual_median_wage``, ``wage_gain`` (dollars a year against the
        origin), ``exposure_change``, ``annual_openings`` (thousands),
        ``employment_change_percent``, ``feasibility`` (product over steps, 0 to 1), ``benefit``,
        ``credentials``, ``licence``, ``note``. Empty with these columns where nothing is open.

    Raises
    ------
    UsageError
        Unknown code, level or preset; `max_steps` outside 1 to 3.
    """
    origin, held, routes = _routes(data, origin_soc, education, max_steps, limit, part_time)
    goal = None if to is None else data.position(to)
    if goal is not None:
        routes = _thin(routes.take(routes.to == goal))
        routes = routes.take(pareto_mask(_criteria(data, origin, routes)))
    worth = benefit(data, np.full(len(routes.to), origin), routes.to)
    value = routes.feasibility * worth
    order = np.lexsort((routes.steps, routes.to, -value))
    if goal is None:
        first = np.unique(routes.to[order], return_index=True)[1]
        order = order[np.sort(first)]
    order = order[:n]
    return _frame(data, origin, routes.take(order), worth[order])


def _routes(
    data: PathwayData,
    origin_soc: str,
    education: str | None,
    max_steps: int,
    limit: str | None,
    part_time: bool,
) -> tuple[int, int, Routes]:
    if max_steps not in (1, 2, 3):
        raise UsageError("max-steps", f"{max_steps} steps asked for", "Give 1, 2 or 3")
    origin = data.position(origin_soc)
    held = start_level(data, origin, education)
    routes = enumerate_routes(data, origin, held, max_steps, _cap(held, limit), part_time)
    return origin, held, routes


def pareto_front(
    data: PathwayData,
    origin_soc: str,
    education: str | None = None,
    max_steps: int = 3,
    limit: str | None = None,
    part_time: bool = False,
) -> pd.DataFrame:
    """Routes that no other route from the same origin beats in every respect.

    Respects: fewer steps, shorter time (schooling and experience), lower tuition, higher wage,
    lower exposure, higher feasibility. As the number of steps is one of them, allowing longer
    routes never removes a shorter one.

    Returns
    -------
    DataFrame
        Columns of `find_paths`, ranked by feasibility x benefit.
    """
    origin, _, routes = _routes(data, origin_soc, education, max_steps, limit, part_time)
    routes = front_routes(data, origin, routes)
    worth = benefit(data, np.full(len(routes.to), origin), routes.to)
    order = np.lexsort((routes.steps, routes.to, -routes.feasibility * worth))
    return _frame(data, origin, routes.take(order), worth[order])


def front_routes(data: PathwayData, origin: int, routes: Routes) -> Routes:
    """The Pareto front of enumerated routes; one of those equal in destination, time and cost."""
    routes = _thin(routes)
    return routes.take(pareto_mask(_criteria(data, origin, routes)))


def all_paths(
    data: PathwayData, education: str | None = None, max_steps: int = 2, n: int = 20
) -> pd.DataFrame:
    """`find_paths` for every origin, one frame, columns from_soc, rank, to_soc, via_soc, steps,
    years_education, wage_gain, exposure_change, feasibility."""
    keep = [
        "from_soc",
        "rank",
        "to_soc",
        "via_soc",
        "steps",
        "years_education",
        "wage_gain",
        "exposure_change",
        "feasibility",
    ]
    frames = [find_paths(data, code, education, max_steps, n=n)[keep] for code in data.table.index]
    return pd.concat(frames, ignore_index=True)
