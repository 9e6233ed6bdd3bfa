"""The wages of one state or area in place of the nation's, for career paths and their charts."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.analysis import Analysis
from pipelines.answers.wages import areas_in_part
from pipelines.base.errors import UsageError
from pipelines.market.areas import find_area
from pipelines.pathways.routes.network import PathwayData
from pipelines.pathways.routes.regional import in_area, in_state, state_code

#: Of a list of occupations, so many are named.
_MAX_NAMED_OCCUPATIONS = 6


def with_wages_of(
    analysis: Analysis, data: PathwayData, state: str | None, area: str | None
) -> PathwayData:
    """`data` with the wages of a state or area; as it is where neither is named.

    Raises
    ------
    UsageError
        Both are named, or one that the data do not know.
    """
    if state is not None and area is not None:
        raise UsageError("--area", "takes no --state", "Leave one of them out")
    if state is not None:
        return in_state(data, analysis.tables["wages"], state)
    if area is not None:
        part = areas_in_part(analysis) is not None
        return in_area(data, analysis.tables["area_wages"], area_code(analysis, area), part)
    return data


def area_code(analysis: Analysis, area: str) -> str:
    """Code of an area from its code or name; UsageError where there is none such."""
    return str(
        find_area(analysis.tables["area_wages"], area, analysis.tables["wages"])["area_code"]
    )


def place_name(analysis: Analysis, state: str | None, area: str | None) -> str:
    """US, the postal code of the state, or the title of the area whose wages are asked for."""
    if area is not None:
        tables = analysis.tables
        return str(find_area(tables["area_wages"], area, tables["wages"])["area_title"])
    return state_code(analysis.tables["wages"], state) if state else "US"


def in_place(analysis: Analysis, state: str | None, area: str | None) -> tuple[Analysis, str]:
    """An analysis whose career paths, and the charts of them, hold the wages of a place.

    Returns
    -------
    Analysis
        Its ``wage_place`` is the name of the state or area.
    str
        The code of the state or area.

    Raises
    ------
    UsageError
        As `with_wages_of`.
    """
    local = with_wages_of(analysis, analysis.pathways, state, area)
    if area is not None:
        name = place_name(analysis, None, area)
        return analysis.in_wages_of(name, "ma", local), area_code(analysis, area)
    code = place_name(analysis, state, None)
    wages = analysis.tables["wages"]
    name = str(wages.loc[wages["state"] == code, "area_title"].iloc[-1])
    return analysis.in_wages_of(name, "st", local), code


def unpaid(data: PathwayData, origin: str, reached: Sequence[str], area: str) -> list[str]:
    """What a place's wages leave out of the destinations reached at the nation's, in sentences.

    Parameters
    ----------
    data : PathwayData
        With the wages of the place.
    origin, reached
        SOC codes of the present occupation and of its destinations at the nation's wages.
    area : str
        The place, as it is called.
    """
    flag, title = data.table["wage_flag"], data.table["title"]
    notes = []
    if flag[origin]:
        notes.append(
            f"no wage of {origin} for {area} ({flag[origin]}): changes in wages are not known, and "
            "moves to lower wages are not left out"
        )
    lacking = [f"{code} {title[code]} ({flag[code]})" for code in reached if flag[code]]
    if lacking:
        notes.append(f"left out, no median wage for {area}: {some(lacking)}")
    return notes


def some(names: Sequence[str]) -> str:
    """The first names of a list, and how many more there are."""
    more = len(names) - _MAX_NAMED_OCCUPATIONS
    return "; ".join([*names[:_MAX_NAMED_OCCUPATIONS], *([f"and {more} more"] if more > 0 else [])])
