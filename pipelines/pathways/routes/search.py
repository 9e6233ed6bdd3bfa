"""Where a worker can go: the best routes, the routes to one goal, and the front of all of them.

Routes are enumerated exactly (`enumeration`), judged by the terms of `moves`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipelines.base.errors import UsageError
from pipelines.base.language import marked
from pipelines.pathways.moves.observed import in_words
from pipelines.pathways.routes.enumeration import (
    Routes,
    enumerate_routes,
    front_routes,
    joined,
)
from pipelines.pathways.routes.judgment import (
    LOWERED,
    PRIORITY_WEIGHTS,
    benefit,
    rank_value,
    schooling_open,
    schooling_term,
    start_level,
)
from pipelines.pathways.routes.network import N_SIMILAR, OBSERVED_COLUMNS, PathwayData
from pipelines.pathways.routes.rules import (
    SIDEWAYS,
    UP_SECTIONS,
    section_of,
    shown,
    sideways_steps,
)
from pipelines.pathways.routes.way_in import level_note, way_in
from pipelines.pathways.schooling.credentials import (
    advancement_note,
    credentials_held,
    helping_credentials,
    known_credentials,
)
from pipelines.pathways.schooling.education import EDUCATION_LEVELS, level_index

#: What `way_in` reads of a row.
_WAY_IN = (
    "to_soc", "via_soc", "years_education", "years_experience", "job_training", "licence",
    "entry_education", "education_note",
)  # fmt: skip
#: What an adviser may ask for: the most additional schooling, as a level; None = no more school.
PRESETS = {
    marked("no more school"): None,
    marked("one certificate"): EDUCATION_LEVELS[3],
    marked("associate's"): EDUCATION_LEVELS[4],
    marked("bachelor's"): EDUCATION_LEVELS[5],
    marked("master's"): EDUCATION_LEVELS[6],
}


def education_cap(limit: str | None) -> int | None:
    """Position of the most schooling wanted in `EDUCATION_LEVELS`; -1 for none, None: no limit.

    Parameters
    ----------
    limit : str, optional
        A key of `PRESETS` or a level, in user words.

    Raises
    ------
    UsageError
        Unknown words; the message lists those that are known.
    """
    if limit is None:
        return None
    words = " ".join(str(limit).lower().replace("’", "'").split())
    if words in PRESETS:
        top = PRESETS[words]
        return -1 if top is None else EDUCATION_LEVELS.index(top)
    try:
        return level_index(limit)
    except UsageError as error:
        raise UsageError(
            "limit",
            f"unknown limit {limit!r}",
            "Use one of: " + ", ".join(PRESETS) + "; or a level: " + "; ".join(EDUCATION_LEVELS),
        ) from error


def _routes(
    data: PathwayData,
    origin: int,
    education: str | None,
    max_steps: int,
    limit: str | None,
    part_time: bool,
    held: Sequence[str],
    matters: str,
) -> Routes:
    if max_steps not in (1, 2, 3):
        raise UsageError("max-steps", f"{max_steps} steps requested", "Give 1, 2 or 3")
    if matters not in PRIORITY_WEIGHTS:
        raise UsageError(
            "matters", f"unknown priority {matters!r}", "Use one of: " + ", ".join(PRIORITY_WEIGHTS)
        )
    level = start_level(data, origin, education, held)
    half_years = PRIORITY_WEIGHTS[matters]["half_years"]
    cap = education_cap(limit)
    return enumerate_routes(data, origin, level, max_steps, cap, part_time, half_years)


def _ranked(
    data: PathwayData,
    origin: int,
    routes: Routes,
    matters: str,
    once: bool,
    n: int | None,
    ways: bool = True,
) -> tuple[Routes, np.ndarray, np.ndarray]:
    """The first n routes, their benefit and section: section by section, best first.

    `once`: the best route to each destination, by each level of education that opens it, or with
    `ways` False by any.
    """
    worth = benefit(data, np.full(len(routes.to), origin), routes.to, matters)
    if matters in LOWERED:
        # Who wants less exposure or automation is shown nothing that does not lower it.
        routes, worth = routes.take(worth > 0), worth[worth > 0]
    # The order of positions is that of codes; among equals the shorter route comes first.
    # Two ways into one occupation are two, the lower level first among equals.
    entry = routes.entry
    order = np.lexsort((entry, routes.steps, routes.to, -rank_value(routes.feasibility, worth)))
    if once:
        way = routes.to * len(EDUCATION_LEVELS) + (entry if ways else 0)
        first = np.unique(way[order], return_index=True)[1]
        order = order[np.sort(first)]
    own = routes.in_field & ((routes.steps == 1) | data.studied_alike(origin, routes.to))
    section = section_of(data, origin, routes.to[order], own[order])
    by_section = np.argsort(section, kind="stable")
    order, section = order[by_section], section[by_section]
    kept = shown(section, n)
    return routes.take(order[kept]), worth[order[kept]], section[kept]


def _text(values: list[str]) -> pd.api.extensions.ExtensionArray:
    return pd.array(values, dtype="str")


def _via(codes: np.ndarray, routes: Routes) -> list[str]:
    pairs = zip(routes.nodes.tolist(), routes.steps.tolist(), strict=True)
    return [", ".join(codes[path[: steps - 1]]) for path, steps in pairs]


def _licences(data: PathwayData, routes: Routes) -> list[str]:
    """The licenses of every step, also of those on the way: without them the route is closed."""
    known = data.table["licence"].tolist()
    pairs = zip(routes.nodes.tolist(), routes.steps.tolist(), strict=True)
    return [
        "; ".join(dict.fromkeys(known[node] for node in path[:steps] if known[node]))
        for path, steps in pairs
    ]


def _frame(
    data: PathwayData,
    origin: int,
    r: Routes,
    worth: np.ndarray,
    section: Sequence[str],
    held: Sequence[str],
) -> pd.DataFrame:
    codes = data.table.index.to_numpy()
    start = codes[origin]
    at = np.arange(len(r.to))
    previous = np.where(r.steps > 1, r.nodes[at, np.maximum(r.steps - 2, 0)], origin)
    to = codes[r.to]
    columns = {name: values.take(r.to) for name, values in data.read_of_ends.items()}
    held = known_credentials(held) if held else []
    typical = columns["typical_education"]
    entry = [EDUCATION_LEVELS[level] for level in r.entry.tolist()]
    notes = [
        level_note("" if pd.isna(note) else note, level, usual)
        for note, level, usual in zip(columns["education_note"], entry, typical, strict=True)
    ]
    via, licences = _via(codes, r), _licences(data, r)
    numbers, status = data.observed_of(start, to)
    # What `way_in` reads of each row.
    said = zip(
        to, via, r.years.tolist(), r.experience.tolist(), columns["job_training"], licences, entry,
        notes, strict=True,
    )  # fmt: skip
    return pd.DataFrame(
        {
            "from_soc": _text([start] * len(to)),
            "rank": at + 1,
            "to_soc": _text(list(to)),
            "title": columns["title"],
            "via_soc": _text(via),
            "steps": r.steps,
            "typical_education": typical,
            "years_education": r.years,
            "years_experience": r.experience,
            "tuition": r.cost,
            "annual_median_wage": data.wage[r.to],
            "wage_gain": data.wage_change(origin, r.to),
            "exposure_change": data.exposure[r.to] - data.exposure[origin],
            "annual_openings": data.openings[r.to],
            "employment_change_percent": columns["employment_change_percent"],
            "feasibility": r.feasibility,
            "benefit": worth,
            "credentials": _text([helping_credentials(start, c) for c in to]),
            "licence": _text(licences),
            "note": _text(
                [advancement_note(codes[p], c) for p, c in zip(previous, to, strict=True)]
            ),
            "section": _text(list(section)),
            "years_training": r.training,
            "years_to_qualify": r.years + r.experience + r.training,
            "job_training": columns["job_training"],
            "similarity": r.similarity,
            "job_zone_step": data.zone[r.to] - data.zone[origin],
            "work_experience": columns["work_experience"],
            "exposure": data.exposure[r.to],
            "exposure_low": columns["exposure_low"],
            "exposure_high": columns["exposure_high"],
            "credentials_held": _text([credentials_held(c, held) for c in to]),
            "published_code": data.wage_code.iloc[r.to].to_numpy(),
            "automation_change": data.automation[r.to] - data.automation[origin],
            "entry_education": _text(entry),
            "education_note": _text(notes),
            "step_education": _text(
                ["; ".join(EDUCATION_LEVELS[i] for i in row if i >= 0) for row in r.levels.tolist()]
            ),
            **dict(
                zip(OBSERVED_COLUMNS, (*numbers.T, np.array(status, dtype=object)), strict=True)
            ),
            "observed_moves": _text(
                [
                    in_words(share, low, high, how)
                    for (share, low, high), how in zip(numbers.tolist(), status, strict=True)
                ]
            ),
            "way_in": _text([way_in(dict(zip(_WAY_IN, row, strict=True))) for row in said]),
        }
    )


def find_paths(
    data: PathwayData,
    origin_soc: str,
    education: str | None = None,
    max_steps: int = 3,
    to: str | None = None,
    n: int | None = 20,
    limit: str | None = None,
    part_time: bool = False,
    held: Sequence[str] = (),
    matters: str = "balance",
) -> pd.DataFrame:
    """The best ways up of a worker: those of the field first, each section ranked.

    Sections (`rules.UP_SECTIONS`) are ranked by feasibility x benefit, and some of the `n` rows are
    kept for each. See `rules` for what is a way up and what is of the field.

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
        feasibility, by each level of education that opens it; otherwise the best route to each
        destination by each of these levels.
    n : int or None
        Rows.
    limit : str, optional
        Most schooling wanted: a key of `PRESETS` or a level.
    part_time : bool
        Study beside the job: twice the years.
    held : sequence of str
        Names of credentials held; see `credentials.credential_level`.
    matters : str
        What matters most: a key of `moves.PRIORITIES`.

    Returns
    -------
    DataFrame
        ``from_soc``, ``rank``, ``to_soc``, ``title``, ``via_soc`` (codes between, comma-separated,
        "" for a direct move), ``steps``, ``typical_education`` (of the destination),
        ``years_education`` (usual years of schooling in all), ``years_experience`` (that BLS
        lists for the steps: 2 for "less than 5 years", 5 for "5 years or more"), ``tuition``
        (dollars, see `costs`), ``annual_median_wage``, ``wage_gain`` (dollars per year against the
        origin), ``exposure_change``, ``annual_openings`` (thousands),
        ``employment_change_percent``, ``feasibility`` (product over steps, 0 to 1), ``benefit``,
        ``credentials`` (that help there), ``licence`` (of every step), ``note``, ``section``
        (of `rules.UP_SECTIONS`), ``years_training`` (after hiring, paid; missing
        where not known), ``years_to_qualify`` (schooling, experience and training),
        ``job_training`` (of the destination, BLS's words), ``similarity``
        (of the least similar of the steps), ``job_zone_step`` (destination less origin),
        ``work_experience`` (that the destination asks for, in BLS's words), ``exposure``,
        ``exposure_low``, ``exposure_high`` (90% interval, missing where not known),
        ``credentials_held`` (those of ``held`` that help), ``published_code`` (under which BLS
        publishes the wage; ``wage_gain`` is missing where the origin has the same),
        ``automation_change`` (of the automation score against the origin), ``way_in``
        (what it takes, in words), ``observed_share``, ``observed_low``, ``observed_high``,
        ``observed_status``, ``observed_moves`` (how many of those who left the origin went straight
        there, and in words; see `moves.observed`), ``entry_education`` (the level by which this
        route enters the destination: where a license takes a lower one than BLS's typical level,
        that is a route of its own), ``education_note`` (what must be said of that level) and
        ``step_education`` (of every step, with "; " between). Empty with these columns where
        nothing is open. `route.route_steps` gives a route step by step.

    Raises
    ------
    UsageError
        Unknown code, level, preset, priority or credential; `max_steps` outside 1 to 3.
    """
    origin = data.position(origin_soc)
    routes = _routes(data, origin, education, max_steps, limit, part_time, held, matters)
    if to is not None:
        there, entry = routes.to == data.position(to), routes.entry
        # A longer way in is beaten in time and cost by a shorter one, and is a way in nonetheless.
        ways = [routes.take(there & (entry == level)) for level in np.unique(entry[there])]
        routes = joined([front_routes(data, origin, way) for way in ways] or [routes.take(there)])
    routes, worth, section = _ranked(data, origin, routes, matters, to is None, n)
    return _frame(data, origin, routes, worth, [UP_SECTIONS[s] for s in section], held)


def sideways(
    data: PathwayData,
    origin_soc: str,
    education: str | None = None,
    n: int = 5,
    limit: str | None = None,
    part_time: bool = False,
    held: Sequence[str] = (),
) -> pd.DataFrame:
    """Moves that lower exposure at about the same pay; see `rules.sideways_steps`.

    Returns
    -------
    DataFrame
        Columns of `find_paths`, ``section`` `rules.SIDEWAYS`, by feasibility times the share of
        exposure taken away. ``rank`` counts within the section.
    """
    origin = data.position(origin_soc)
    start = start_level(data, origin, education, held)
    to = data.to[origin, :N_SIMILAR]
    asked, own = data.level[to], data.own_field(np.full(len(to), origin), to)
    cap = education_cap(limit)
    wanted = sideways_steps(data, origin, to) & ~data.edges[0][origin]
    wanted &= schooling_open(data.years, start, cap)[own, start, asked]
    place = np.flatnonzero(wanted)
    to, asked, own = to[place], asked[place], own[place]
    years = data.years[own, start, asked] * (2.0 if part_time else 1.0)
    routes = Routes(
        to[:, None], to, np.ones(len(to), dtype=int), years, data.experience_years[to],
        data.training_years[to], data.tuition[own, start, asked],
        data.edges[1][origin, place] * schooling_term(years), data.score[origin, place],
        data.stays[origin, place], asked[:, None],
    )  # fmt: skip
    worth = benefit(data, np.full(len(to), origin), to, "exposure")
    order = np.lexsort((to, -rank_value(routes.feasibility, worth)))[:n]
    return _frame(data, origin, routes.take(order), worth[order], [SIDEWAYS] * len(order), held)


def pareto_front(
    data: PathwayData,
    origin_soc: str,
    education: str | None = None,
    max_steps: int = 3,
    limit: str | None = None,
    part_time: bool = False,
    held: Sequence[str] = (),
    matters: str = "balance",
    n: int | None = None,
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
    origin = data.position(origin_soc)
    routes = _routes(data, origin, education, max_steps, limit, part_time, held, matters)
    front = front_routes(data, origin, routes)
    routes, worth, section = _ranked(data, origin, front, matters, False, n)
    return _frame(data, origin, routes, worth, [UP_SECTIONS[s] for s in section], held)


def all_paths(
    data: PathwayData,
    education: str | None = None,
    max_steps: int = 2,
    n: int | None = 20,
    limit: str | None = None,
    part_time: bool = False,
    held: Sequence[str] = (),
    matters: str = "balance",
) -> pd.DataFrame:
    """`find_paths` for every origin, one frame, a row a destination: by the best way into it.

    Returns
    -------
    DataFrame
        ``from_soc``, ``rank``, ``to_soc``, ``via_soc``, ``steps``, ``years_education``,
        ``wage_gain``, ``exposure_change``, ``feasibility``, ``published_code``,
        ``entry_education``; as `find_paths` gives them.
    """
    codes = data.table.index.to_numpy()
    found = []
    for origin in range(len(codes)):
        routes = _routes(data, origin, education, max_steps, limit, part_time, held, matters)
        found.append(_ranked(data, origin, routes, matters, True, n, ways=False)[0])
    start = np.repeat(np.arange(len(codes)), [len(r.to) for r in found])
    rank = np.concatenate([np.arange(1, len(r.to) + 1) for r in found])
    r = joined(found)
    return pd.DataFrame(
        {
            "from_soc": _text(list(codes[start])),
            "rank": rank,
            "to_soc": _text(list(codes[r.to])),
            "via_soc": _text(_via(codes, r)),
            "steps": r.steps,
            "years_education": r.years,
            "wage_gain": data.wage_change(start, r.to),
            "exposure_change": data.exposure[r.to] - data.exposure[start],
            "feasibility": r.feasibility,
            "published_code": data.wage_code.iloc[r.to].to_numpy(),
            "entry_education": _text([EDUCATION_LEVELS[level] for level in r.entry]),
        }
    )
