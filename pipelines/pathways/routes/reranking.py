"""How far the ranks of routes rest on the weights that are set by judgment.

Every judged weight of `judgment` and the bound of `rules` that sorts routes into sections is halved
and doubled, one at a time, and all of them at once in seeded draws. The routes stay: which steps
are open, and which thirty an occupation has (`candidates`), are not drawn anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.pathways.routes.enumeration import Routes, enumerate_routes
from pipelines.pathways.routes.judgment import (
    HALF_CHANCE,
    HALF_FIT,
    HALF_OPENINGS,
    LEAST_LIKENESS,
    PRIORITY_WEIGHTS,
    schooling_term,
)
from pipelines.pathways.routes.network import N_SIMILAR, PathwayData
from pipelines.pathways.routes.rules import COMPARABLE_EXPOSURE, shown
from pipelines.pathways.schooling.education import EDUCATION_LEVELS

_BALANCE = PRIORITY_WEIGHTS["balance"]
#: What is varied: the value in use, and what it is. The two ratios say how much the first of two
#: counts against the second.
JUDGED = {
    "half_likeness": (HALF_FIT, "score at which likeness is one half"),
    "least_likeness": (LEAST_LIKENESS, "score of a pair that is not listed"),
    "half_chance": (HALF_CHANCE, "chance at which commonness is one half"),
    "likeness": (1.0, "likeness against commonness"),
    "half_years": (_BALANCE["half_years"], "years of schooling that halve feasibility"),
    "pay": (_BALANCE["pay"], "weight of pay in the benefit"),
    "openings": (_BALANCE["openings"], "weight of openings in the benefit"),
    "exposure": (_BALANCE["exposure"], "weight of exposure in the benefit"),
    "half_openings": (HALF_OPENINGS, "thousand openings at which their term is one half"),
    "feasibility": (1.0, "feasibility against benefit"),
    "comparable": (COMPARABLE_EXPOSURE, "rise of exposure that is comparable"),
}
IN_USE: Mapping[str, float] = {name: value for name, (value, _) in JUDGED.items()}
#: A weight is multiplied by no less than 1 / RANGE and no more than RANGE.
RANGE = 2.0
#: Draws in which all weights move at once, and their seed.
N_DRAWS, SEED = 200, 0
#: Ranks that a list shows first.
FIRST = 10
#: Share of the draws in which a first rank that stays is called firm.
FIRM = 0.9


@dataclass(frozen=True)
class Terms:
    """What the ranks of one origin's routes are made of; arrays over routes, by destination.

    Attributes
    ----------
    to, way, steps : ndarray of int
        Position of the destination, a number for it and the level of education that it is entered
        by, number of steps.
    similarity, chance, years : ndarray, shape (m, max_steps)
        Of each step; missing after the last.
    pay, openings, change : ndarray
        Wage there over both wages (0.5 where unknown), openings in thousands (0 where unknown),
        change of exposure (0 where unknown).
    in_field, may_rise : ndarray of bool
        Whether the route stays in the field, and whether its end is more exposed than most.
    """

    to: np.ndarray
    way: np.ndarray
    steps: np.ndarray
    similarity: np.ndarray
    chance: np.ndarray
    years: np.ndarray
    pay: np.ndarray
    openings: np.ndarray
    change: np.ndarray
    in_field: np.ndarray
    may_rise: np.ndarray


def terms(data: PathwayData, origin: int, max_steps: int = 2) -> Terms:
    """The terms of every route of up to `max_steps` from the origin's usual education."""
    held = int(data.level[origin])
    routes = enumerate_routes(data, origin, held, max_steps)
    similarity, chance, years = _by_step(data, origin, held, routes)
    to = routes.to
    pay = data.wage[to] / (data.wage[to] + data.wage[origin])
    own = routes.in_field & ((routes.steps == 1) | data.studied_alike(origin, to))
    change = data.exposure[to] - data.exposure[origin]
    parts = (
        to, to * len(EDUCATION_LEVELS) + routes.entry, routes.steps, similarity, chance, years,
        np.nan_to_num(pay, nan=0.5),
        np.nan_to_num(data.openings[to]), np.nan_to_num(change), own,
        data.more_than_most[to],
    )  # fmt: skip
    order = np.lexsort((routes.steps, parts[1]))
    return Terms(*(part[order] for part in parts))


def _by_step(
    data: PathwayData, origin: int, held: int, routes: Routes
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    nodes = routes.nodes
    similarity, chance, years = (np.full(nodes.shape, np.nan) for _ in range(3))
    from_ = np.full(len(nodes), origin)
    level = np.full(len(nodes), held)
    for step in range(nodes.shape[1]):
        there = np.flatnonzero(nodes[:, step] >= 0)
        at, to = from_[there], nodes[there, step]
        place = (data.to[at, :N_SIMILAR] == to[:, None]).argmax(axis=1)
        similarity[there, step] = data.score[at, place]
        if data.chance is None:
            raise ValueError("these data have no table route_steps")
        chance[there, step] = data.chance[at, place]
        asked = routes.levels[there, step]
        years[there, step] = data.years[data.own_field(at, to), level[there], asked]
        from_[there], level[there] = to, np.maximum(level[there], asked)
    return similarity, chance, years


def first_ranks(
    found: Terms, weights: Mapping[str, np.ndarray], n: int = FIRST
) -> list[np.ndarray]:
    """Positions of the first `n` destinations by each of some settings of the weights.

    They are ranked as by `search.find_paths`: the best route to each destination by each level of
    education that opens it, by feasibility x benefit, section by section.

    Parameters
    ----------
    found : Terms
    weights : mapping
        Keys of `JUDGED`; arrays over settings.
    """
    w = {name: np.asarray(values, float)[:, None] for name, values in weights.items()}
    feasibility = np.ones((len(w["pay"]), len(found.to)))
    for step in range(found.years.shape[1]):
        is_step = ~np.isnan(found.years[:, step])
        alike = np.maximum(found.similarity[is_step, step], w["least_likeness"])
        alike = alike / (alike + w["half_likeness"])
        common = found.chance[is_step, step]
        common = common / (common + w["half_chance"])
        part = w["likeness"] / (1 + w["likeness"])
        fit = np.round(alike**part * common ** (1 - part), 12)
        feasibility[:, is_step] *= fit * schooling_term(found.years[is_step, step], w["half_years"])
    benefit = (
        w["pay"] * found.pay
        + w["openings"] * (found.openings / (found.openings + w["half_openings"]))
        + w["exposure"] * (0.5 - found.change / 2)
    )
    value = feasibility ** w["feasibility"] * benefit
    # Routes of one way into a destination stand together, the shorter first: the first best is
    # taken.
    bounds = [*np.unique(found.way, return_index=True)[1], len(found.way)]
    best = np.column_stack(
        [value[:, i:j].argmax(axis=1) + i for i, j in zip(bounds, bounds[1:], strict=False)]
    )
    rises = (found.change[best] > w["comparable"]) & found.may_rise[best]
    section = np.where(rises, 2, np.where(found.in_field[best], 0, 1))
    order = np.argsort(-np.take_along_axis(value, best, axis=1), axis=1, kind="stable")
    by_section = np.argsort(np.take_along_axis(section, order, axis=1), axis=1, kind="stable")
    order = np.take_along_axis(order, by_section, axis=1)
    section, to = np.take_along_axis(section, order, axis=1), found.to[best]
    return [to[i, order[i][shown(section[i], n)]] for i in range(len(to))]


def settings(n: int = N_DRAWS, seed: int = SEED) -> pd.DataFrame:
    """Every setting of the weights that is tried, the one in use first.

    Returns
    -------
    DataFrame
        ``weight`` (key of `JUDGED` that is moved, "" in the first row, "all at once" in draws),
        ``factor`` (0.5 or 2; missing for others), and a column a weight. In a draw each is
        multiplied by 2^u, u uniform from -1 to 1, independently.
    """
    rows = [{"weight": "", "factor": np.nan, **IN_USE}]
    rows += [
        {"weight": name, "factor": by, **IN_USE, name: IN_USE[name] * by}
        for name in JUDGED
        for by in (1 / RANGE, RANGE)
    ]
    factor = RANGE ** np.random.default_rng(seed).uniform(-1, 1, (n, len(JUDGED)))
    drawn = pd.DataFrame(factor * np.array(list(IN_USE.values())), columns=list(JUDGED))
    return pd.concat([pd.DataFrame(rows), drawn.assign(weight="all at once")], ignore_index=True)


def reranked(
    data: PathwayData, soc_codes: Sequence[str], n: int = N_DRAWS, max_steps: int = 2
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How first ranks move when judged weights do.

    Parameters
    ----------
    data : PathwayData
    soc_codes : sequence of str
        Origins, each counted once; those without a way up are left out.
    n : int
        Draws.

    Returns
    -------
    tried : DataFrame
        A row a setting but the one in use: ``weight`` and ``factor`` as in `settings`,
        ``first_moved`` (share of origins whose first way up is another), ``ten_moved`` (share of
        the first ten that are no longer among them, mean over origins, unweighted).
    origins : DataFrame
        ``soc_code``, ``ways`` (destinations, at most ten), ``stays_one_at_a_time`` (whether the
        first stays the first whichever single weight is halved or doubled), ``stays`` (share of
        the draws in which it stays).
    """
    made = [(code, terms(data, data.position(code), max_steps)) for code in soc_codes]
    made = [(code, found) for code, found in made if len(found.to)]
    tried = settings(n)
    weights = {name: tried[name].to_numpy() for name in JUDGED}
    first, ten = np.zeros((len(tried), len(made)), dtype=bool), np.zeros((len(tried), len(made)))
    ways = []
    for column, (_, found) in enumerate(made):
        ranks = first_ranks(found, weights)
        in_use = ranks[0]
        first[:, column] = [now[0] != in_use[0] for now in ranks]
        ten[:, column] = [1 - np.isin(in_use, now).mean() for now in ranks]
        ways.append(len(in_use))
    single = tried["factor"].notna().to_numpy()
    drawn = tried["weight"].eq("all at once").to_numpy()
    origins = pd.DataFrame(
        {
            "soc_code": [code for code, _ in made],
            "ways": ways,
            "stays_one_at_a_time": ~first[single].any(axis=0),
            "stays": 1 - first[drawn].mean(axis=0),
        }
    )
    moved = tried[["weight", "factor"]].assign(
        first_moved=first.mean(axis=1), ten_moved=ten.mean(axis=1)
    )
    return moved.iloc[1:].reset_index(drop=True), origins
