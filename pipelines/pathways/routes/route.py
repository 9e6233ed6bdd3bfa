"""One route, step by step: what each step asks, costs and brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipelines.base.errors import UsageError
from pipelines.exposure.scorer.automation import COLUMNS
from pipelines.pathways.routes.judgment import schooling_term, start_level
from pipelines.pathways.routes.network import N_SIMILAR, PathwayData
from pipelines.pathways.routes.way_in import level_note
from pipelines.pathways.schooling.credentials import (
    advancement_note,
    credentials_held,
    helping_credentials,
    licence_words,
)
from pipelines.pathways.schooling.education import EDUCATION_LEVELS

_FIGURES = [
    "annual_p25_wage", "annual_p75_wage", "exposure_low", "exposure_high",
    "employment_change_percent", "work_experience", "education_note", *COLUMNS,
]  # fmt: skip


def route_codes(route: Mapping | pd.Series | Sequence[str] | str) -> list[str]:
    """The SOC codes of a route after its origin.

    Parameters
    ----------
    route : row or codes
        A row of `search.find_paths` (its ``via_soc`` and ``to_soc``), or the codes stepped to in
        order, or one code.
    """
    if isinstance(route, str):
        codes = route.split(",")
    elif isinstance(route, pd.Series | Mapping):
        codes = [*str(route["via_soc"]).split(","), str(route["to_soc"])]
    else:
        codes = [str(code) for code in route]
    return [code.strip()[:7] for code in codes if code.strip()]


def route_levels(data: PathwayData, route: Mapping | pd.Series | Sequence[str] | str) -> list[int]:
    """Level of education by which each stop of a route is entered; -1 where none is known.

    A row of `search.find_paths` says them (``step_education``); of codes alone they are the levels
    in `PathwayData.level`.
    """
    if isinstance(route, pd.Series | Mapping) and route.get("step_education"):
        return [EDUCATION_LEVELS.index(x) for x in str(route["step_education"]).split("; ")]
    return [int(data.level[data.position(code)]) for code in route_codes(route)]


def route_steps(
    data: PathwayData,
    origin_soc: str,
    route: Mapping | pd.Series | Sequence[str] | str,
    education: str | None = None,
    part_time: bool = False,
    held: Sequence[str] = (),
) -> pd.DataFrame:
    """A route of one or more moves, a row a step; `find_paths` gives its totals.

    Parameters
    ----------
    data : PathwayData
        From `moves.pathway_data`.
    origin_soc : str
        SOC or O*NET-SOC code of the present occupation.
    route : row or codes
        See `route_codes`.
    education : str, optional
        Education held, in user words; the origin's typical level where none is stated.
    part_time : bool
        Study beside the job: twice the years.
    held : sequence of str
        Names of credentials held. One that asks for a level of education means that it is held.

    Returns
    -------
    DataFrame
        ``step`` (1, 2, ...), ``from_soc``, ``from_title``, ``soc_code``, ``title``,
        ``education_before`` (held when the step begins), ``typical_education`` (that the step
        asks for), ``years_education`` (usual years to add, doubled part time),
        ``years_experience`` (that BLS lists: 2 or 5), ``work_experience`` (BLS's words),
        ``tuition`` (dollars), ``annual_p25_wage``, ``annual_median_wage``, ``annual_p75_wage``
        (dollars, national), ``wage_gain`` (dollars per year against the step before),
        ``exposure``, ``exposure_low``, ``exposure_high`` (90% interval; missing where not
        known), ``exposure_change`` (against the step before), ``annual_openings`` (thousands),
        ``employment_change_percent``, ``similarity``, ``job_zone``, ``job_zone_step``,
        ``feasibility_step``, ``credentials`` (that help), ``credentials_held``, ``licence``,
        ``licence_words`` (what is known of it), ``note``, ``published_code``,
        ``automation_score``, ``automation_low``, ``automation_high`` (90% interval),
        ``entry_education`` (the level by which the route enters; None where none is known),
        ``education_note``. Sums of years and tuition and the product of ``feasibility_step`` are
        the route's (of `find_paths` at the priority "balance").
        ``similarity`` and ``feasibility_step`` are missing where the step is not among the most
        similar occupations of its origin; years and tuition where BLS names no level.

    Raises
    ------
    UsageError
        No or unknown codes, a step to the occupation it starts from, unknown level or credential.
    """
    codes = route_codes(route)
    origin = data.position(origin_soc)
    nodes = [origin, *(data.position(code) for code in codes)]
    if not codes or len(set(nodes)) < len(nodes):
        raise UsageError(
            "route",
            "a route needs at least one step, and visits no occupation twice",
            "Give the codes after the origin, such as 29-9021, 11-9111",
        )
    last, to = np.array(nodes[:-1]), np.array(nodes[1:])
    start = start_level(data, origin, education, held)
    asked = np.array(route_levels(data, route))
    before = np.maximum.accumulate([start, *asked])[:-1]
    known = asked >= 0
    pace = 2.0 if part_time else 1.0
    own = data.own_field(last, to)
    years = np.where(known, data.years[own, before, np.maximum(asked, 0)] * pace, np.nan)
    score, fit = np.array([_step(data, a, b) for a, b in zip(last, to, strict=True)]).T
    names = data.table.index
    pairs = [(names[a], names[b]) for a, b in zip(last, to, strict=True)]
    figures = data.table.reindex(columns=_FIGURES).iloc[to].reset_index(drop=True)
    return pd.DataFrame(
        {
            "step": np.arange(1, len(to) + 1),
            "from_soc": names[last],
            "from_title": data.table["title"].to_numpy()[last],
            "soc_code": names[to],
            "title": data.table["title"].to_numpy()[to],
            "education_before": [EDUCATION_LEVELS[level] for level in before],
            "typical_education": data.table["typical_education"].to_numpy()[to],
            "years_education": years,
            "years_experience": data.experience_years[to],
            "work_experience": figures["work_experience"],
            "tuition": np.where(known, data.tuition[own, before, np.maximum(asked, 0)], np.nan),
            "annual_p25_wage": figures["annual_p25_wage"].astype("float64"),
            "annual_median_wage": data.wage[to],
            "annual_p75_wage": figures["annual_p75_wage"].astype("float64"),
            "wage_gain": data.wage_change(last, to),
            "exposure": data.exposure[to],
            "exposure_low": figures["exposure_low"].astype("float64"),
            "exposure_high": figures["exposure_high"].astype("float64"),
            "exposure_change": data.exposure[to] - data.exposure[last],
            "annual_openings": data.openings[to],
            "employment_change_percent": figures["employment_change_percent"].astype("float64"),
            "similarity": score,
            "job_zone": data.zone[to],
            "job_zone_step": data.zone[to] - data.zone[last],
            "feasibility_step": fit * schooling_term(years),
            "credentials": [helping_credentials(a, b) for a, b in pairs],
            "credentials_held": [credentials_held(b, held) for _, b in pairs],
            "licence": data.table["licence"].to_numpy()[to],
            "licence_words": [licence_words(b) for _, b in pairs],
            "note": [advancement_note(a, b) for a, b in pairs],
            "published_code": data.wage_code.iloc[to].to_numpy(),
            **{name: figures[name].astype("float64") for name in COLUMNS},
            "entry_education": [EDUCATION_LEVELS[i] if i >= 0 else None for i in asked],
            "education_note": [
                level_note(note, EDUCATION_LEVELS[i], typical)
                for note, i, typical in zip(
                    figures["education_note"].astype("object").fillna(""),
                    asked,
                    data.table["typical_education"].to_numpy()[to],
                    strict=True,
                )
            ],
        }
    )


def _step(data: PathwayData, origin: int, to: int) -> tuple[float, float]:
    """Similarity and `step_fit` of a pair; missing where the destination is not listed."""
    where = np.flatnonzero(data.to[origin, :N_SIMILAR] == to)
    if not len(where):
        return float("nan"), float("nan")
    return float(data.score[origin, where[0]]), float(data.edges[1][origin, where[0]])
