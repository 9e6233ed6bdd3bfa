"""What a page knows of programs at schools, for `app/schools.js`: one file a state, when asked."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.base.records import records
from pipelines.pathways.schooling.education import EDUCATION_LEVELS
from pipelines.pathways.schools import notes
from pipelines.pathways.schools.levels import LEVELS, OF_EDUCATION
from pipelines.pathways.schools.programs import every_program
from pipelines.site.facts import short

_SCHOOL = ("unitid", "school", "city", "control", "in_district", "in_state")
_PROGRAM = ("cip_code", "award_level", "graduates", "earnings_4yr", "earnings_1yr", "debt")


def has_schools(analysis: Analysis) -> bool:
    """Whether the data in use hold schools and their programs."""
    return analysis.release.has("completions")


def all_programs(analysis: Analysis, states: list[tuple[str, str]]) -> dict[str, Any]:
    """What the files of all states share.

    Returns
    -------
    dict
        ``titles``: of a program by its CIP code; ``leads``: CIP codes by SOC code that they lead
        to; ``occupations``: titles by SOC code; ``awards``: words by award level; ``year``: of
        the awards; ``given``: award levels by level of education that they give; ``states``: as
        given (code, name); ``notes``: what must be said.
    """
    tables = analysis.tables
    frame = every_program(tables)
    leads = tables["cip_soc"]
    leads = leads[leads["cip_code"].isin(set(frame["cip_code"]))]
    price_year = int(tables["school_charges"]["year"].max())
    said = [notes.CROSSWALK, notes.prices(price_year), notes.OUTCOMES, notes.ONLINE]
    if left := analysis.release.manifest.get("left_out", {}).get("completions"):
        said.append(f"In the embedded snapshot {left}; a refresh of the data brings all.")
    titles = frame.drop_duplicates("cip_code").sort_values("cip_code")
    return {
        "titles": dict(zip(titles["cip_code"], titles["program"], strict=True)),
        "leads": leads.groupby("soc_code")["cip_code"].apply(list).to_dict(),
        "awards": {number: level.words for number, level in LEVELS.items()},
        "given": [list(OF_EDUCATION.get(level, ())) for level in EDUCATION_LEVELS],
        "year": int(tables["completions"]["year"].max()),
        "occupations": dict(
            zip(tables["cip_soc"]["soc_code"], tables["cip_soc"]["soc_title"], strict=True)
        ),
        "states": states,
        "notes": said,
    }


def by_state(analysis: Analysis, states: list[str]) -> dict[str, dict[str, Any]]:
    """Schools and their programs by state; ``states`` without any have empty lists.

    Returns
    -------
    dict
        ``schools``: lists of number, name, city, control, price in district and in state (US
        dollars a year); ``programs``: lists of the school's position, CIP code, award level,
        awards, earnings 4 years and 1 year after completion and debt (US dollars), by name of the
        school. None where not published.
    """
    frame = every_program(analysis.tables)
    frame = frame.sort_values(["school", "unitid", "cip_code", "award_level"], kind="stable")
    found: dict[str, dict[str, Any]] = {s: {"schools": [], "programs": []} for s in states}
    for state, rows in frame.groupby("state"):
        schools = rows.drop_duplicates("unitid")
        at = {number: i for i, number in enumerate(schools["unitid"])}
        positions = rows["unitid"].map(at)
        programs = zip(positions, *(map(short, rows[name]) for name in _PROGRAM), strict=True)
        found[str(state)] = {
            "schools": list(zip(*(map(short, schools[name]) for name in _SCHOOL), strict=True)),
            "programs": list(programs),
        }
    return found


def section(analysis: Analysis, soc_code: str, paths: pd.DataFrame) -> dict[str, list[Any]]:
    """What the section of a page needs: ``codes``, the SOC codes that programs lead to, the
    occupation itself first, then its destinations. Empty where there are none."""
    if not has_schools(analysis):
        return {}
    wanted = list(dict.fromkeys([soc_code, *(paths["to_soc"] if len(paths) else [])]))
    soc = analysis.tables["cip_soc"]["soc_code"]
    taught = set(soc[soc.isin(wanted)])
    codes = [code for code in wanted if code in taught]
    return {"codes": codes} if codes else {}


def card_steps(route: pd.DataFrame | None, codes: list[str]) -> list[dict[str, Any]]:
    """The steps of a route card that add schooling, for the programs beneath it.

    Parameters
    ----------
    route : DataFrame or None
        Data of `figures.paths.route_card_figure`.
    codes : list of str
        SOC codes that programs lead to.

    Returns
    -------
    list of dict
        ``soc``, ``title``, ``entry`` (level of education), ``levels`` (award levels that give it).
    """
    if route is None:
        return []
    ahead = route[(route["step"] > 0) & (route["years_education"] > 0)]
    return [
        {
            "soc": row["soc_code"], "title": row["title"], "entry": row["entry_education"],
            "levels": list(OF_EDUCATION[row["entry_education"]]),
        }
        for row in records(ahead)
        if row["entry_education"] in OF_EDUCATION and row["soc_code"] in codes
    ]  # fmt: skip
