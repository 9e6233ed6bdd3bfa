"""The network of moves for the browser: the numbers and rules of `outlook paths`, nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from pipelines.analysis import Analysis
from pipelines.base.records import records
from pipelines.market.areas import BORDER_NOTE
from pipelines.market.oews import detailed
from pipelines.pathways.routes import judgment, rules
from pipelines.pathways.routes.network import N_SIMILAR
from pipelines.pathways.routes.regional import state_wages
from pipelines.pathways.routes.search import PRESETS, education_cap
from pipelines.pathways.schooling.credentials import credentials, licence_words
from pipelines.pathways.schooling.education import EDUCATION_LEVELS, everyday
from pipelines.pathways.schooling.fields import families
from pipelines.pathways.schooling.training import training_words


def network(analysis: Analysis) -> dict[str, Any]:
    """What `app/routes.js` needs to rank the career paths as `pathways.search.find_paths` does.

    Returns
    -------
    dict
        - codes, titles, pages : SOC code, title and page (an O*NET-SOC code) of each occupation
        - families : of programs that lead to it, by position in codes
        - open, own_field, in_field : to which of its most similar occupations each has an open
          step at the nation's wages, for which of them schooling held is of another field, and
          which are in its own field; bit i is place i of to
        - level, shorter (a lower level that opens it too; -1: not known, none), wage (median; low
          and high: the 25th and 75th percentile; US dollars a year), exposure,
          openings (thousands a year), experience_years,
          training_years, training, license, license_words : by position in codes; a missing
          number is None
        - published, together : code under which BLS publishes the wage, and whether (1) that
          holds several occupations; two ends with one code have no known change in pay
        - to, fit : the `N_SIMILAR` most similar occupations by position, and the feasibility of
          the step without its schooling
        - years, tuition : 2 x 8 x 8, from one level of education to another; the second for a
          license of another field
        - levels, sections : their names
        - schooling : by limit ("" for none), education held at the start, own field and level
          before a step, the levels of education that the step may ask for; bit i is level i
        - most_years : by limit, the years of schooling that a route may add
        - rules : the constants of feasibility and benefit
        - credentials : name, level it asks for (-1: not recorded), codes it opens
        - area_notes : what must be said where the wages are an area's

    Numbers are not rounded: the browser must rank as the command line does.
    """
    data = analysis.pathways
    table, near = data.table, data.to[:, :N_SIMILAR]
    own = np.arange(len(table))[:, None]
    position = {soc: i for i, soc in enumerate(table.index)}
    held = credentials()
    return {
        "codes": list(table.index),
        "titles": table["title"].tolist(),
        "pages": _pages(analysis, list(table.index)),
        "level": data.level.tolist(),
        "shorter": data.shorter_level.tolist(),
        "open": _bits(data.edges[0]),
        "own_field": _bits(data.own_field(own, near)),
        "in_field": _bits(data.stays),
        "families": _families(analysis, list(table.index)),
        "wage": _numbers(data.wage),
        "low": _numbers(table["annual_p25_wage"].to_numpy(float)),
        "high": _numbers(table["annual_p75_wage"].to_numpy(float)),
        "published": [None if pd.isna(c) else c for c in data.wage_code],
        "together": data.table["published_together"].ne("").astype(int).tolist(),
        "exposure": _numbers(data.exposure),
        "more_than_most": data.more_than_most.astype(int).tolist(),
        "automation": _numbers(data.automation),
        "openings": _numbers(data.openings),
        "experience_years": _numbers(data.experience_years),
        "training_years": _numbers(data.training_years),
        "training": [training_words(t) for t in table["job_training"]],
        "licence": table["licence"].tolist(),
        "licence_words": [licence_words(code) for code in table.index],
        "to": near.tolist(),
        "fit": [_numbers(row) for row in data.edges[1]],
        "years": data.years.tolist(),
        "tuition": data.tuition.tolist(),
        "levels": [everyday(level) for level in EDUCATION_LEVELS],
        "schooling": {
            limit or "": [
                _bits(judgment.schooling_open(data.years, start, education_cap(limit)))
                for start in range(len(EDUCATION_LEVELS))
            ]
            for limit in (None, *PRESETS)
        },
        "sections": list(rules.UP_SECTIONS),
        "most_years": {
            limit: judgment.most_years(data.years, education_cap(limit)) for limit in PRESETS
        },
        "rules": {
            "comparable": rules.COMPARABLE_EXPOSURE,
            "kept": [rules.KEPT_ROWS.get(section, 0) for section in rules.UP_SECTIONS],
            "half_years": judgment.HALF_YEARS,
            "half_openings": judgment.HALF_OPENINGS,
            "weights": judgment.PRIORITY_WEIGHTS,
            "lowered": list(judgment.LOWERED),
        },
        "credentials": [
            {
                "name": row["name"],
                "level": EDUCATION_LEVELS.index(row["asks_education"])
                if row["asks_education"]
                else -1,
                "opens": [position[c] for c in row["opens"].split(", ") if c in position],
            }
            for row in records(held)
        ],
        "area_notes": [
            f"{BORDER_NOTE[0].upper()}{BORDER_NOTE[1:].rstrip('.')}.",
            *_areas_left(analysis),
        ],
    }


def _areas_left(analysis: Analysis) -> list[str]:
    if "area_wages" not in analysis.release.manifest.get("left_out", {}):
        return []
    return ["The embedded data hold wages of areas for technician occupations only: other "
            "destinations are left out; a refresh of the data brings all."]  # fmt: skip


def states(analysis: Analysis) -> dict[str, dict[str, Any]]:
    """What a state's wages change of the network, by state, as `outlook paths --state` does.

    Returns
    -------
    dict
        By postal code: ``wages`` (SOC code to annual 25th percentile, median and 75th, None where
        missing; a code without a median is left out) and ``open`` as in `network`.
    """
    wages = analysis.tables["wages"]
    local = wages[wages["year"] == wages["year"].max()]
    columns = ["annual_p25_wage", "annual_median_wage", "annual_p75_wage"]
    found = {}
    near = analysis.pathways.to[:, :N_SIMILAR]
    for state in sorted(local.loc[local["state"] != "US", "state"].unique()):
        frame = state_wages(analysis.pathways, local, state)[columns]
        there = replace(analysis.pathways, wage=frame["annual_median_wage"].to_numpy(float))
        frame = frame[frame["annual_median_wage"].notna()]
        found[state] = {
            "wages": dict(zip(frame.index, map(_numbers, frame.to_numpy()), strict=True)),
            "open": _bits(rules.open_steps(there, near)),
        }
    return found


def areas(analysis: Analysis) -> Iterator[tuple[str, dict[str, Any]]]:
    """What an area's wages change of the network, area by area, as `outlook paths --area` does.

    Yields
    ------
    str, dict
        Code of the area; ``wages`` (annual median by position in `network`'s codes) and ``open``
        (as in `network`, by position, where any is). Keys are text, as JSON has them.
    """
    if not analysis.release.has("area_wages"):
        return
    data, every = analysis.pathways, detailed(analysis.tables["area_wages"])
    every = every[every["year"] == every["year"].max()]
    near = data.to[:, :N_SIMILAR]
    once = every.drop_duplicates(["area_code", "soc_code"])
    wages = once.pivot(index="area_code", columns="soc_code", values="annual_median_wage")
    # As `regional.in_area` takes them, for some five hundred areas at once.
    by_area = wages.reindex(columns=data.wage_code.to_numpy()).to_numpy(float)
    for area, wage in zip(wages.index, by_area, strict=True):
        local = replace(data, wage=wage)
        known = np.flatnonzero(~np.isnan(local.wage))
        bits = _bits(rules.open_steps(local, near))
        yield (
            str(area),
            {
                "wages": {str(i): _numbers(local.wage[i : i + 1])[0] for i in known},
                "open": {str(i): b for i, b in enumerate(bits) if b},
            },
        )


def exact(name: str, value: Any) -> str:
    """As `facts.script`, with every digit."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return f"(window.OUTLOOK ??= {{}})[{json.dumps(name)}] = {text};\n"


def _bits(mask: np.ndarray) -> list[Any]:
    """The last axis of a mask as whole numbers: bit i is its place i."""
    found: list[Any] = (mask * (1 << np.arange(mask.shape[-1], dtype=np.int64))).sum(-1).tolist()
    return found


def _numbers(values: np.ndarray) -> list[float | None]:
    return [None if pd.isna(v) else float(v) for v in np.asarray(values, dtype=float)]


def _families(analysis: Analysis, codes: list[str]) -> list[list[int]]:
    leads = families(analysis.tables, np.array(codes, dtype=object))
    return [np.flatnonzero(row).tolist() for row in leads]


def _pages(analysis: Analysis, codes: list[str]) -> list[str | None]:
    """The page of each SOC code: its first O*NET occupation (.00 where there is one), or None."""
    first = analysis.occupations.sort_values("onet_soc_code").drop_duplicates("soc_code")
    page = first.set_index("soc_code")["onet_soc_code"].to_dict()
    return [page.get(code) for code in codes]
