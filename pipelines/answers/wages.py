"""What `outlook wages` answers: an occupation's wages and jobs by year, and by place."""

from __future__ import annotations

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.answers.answer import Answer, named
from pipelines.base.errors import UsageError
from pipelines.market.areas import BORDER_NOTE, areas, find_area, newest
from pipelines.market.places import places
from pipelines.pathways.routes.regional import state_code

SERIES_NOTE = (
    "OEWS is not designed as a time series (BLS): each year pools three years of samples, and "
    "codes of SOC 2010, SOC 2018 and the hybrid codes of 2019 and 2020 do not hold the same jobs."
)
_READABLE_SERIES = {
    "line": "code", "title": "occupation", "year": "May of", "employment": "employment",
    "annual_median_wage": "median wage", "real_annual_median_wage": "in dollars of the last year",
}  # fmt: skip
_READABLE_PLACES = {
    "area_title": "place", "employment": "employment", "location_quotient": "location quotient",
    "annual_median_wage": "median wage", "annual_mean_wage": "mean wage", "guard": "do not compare",
}  # fmt: skip


def areas_in_part(analysis: Analysis) -> str | None:
    """What the data in use lack of the areas, in a sentence; None where they have all."""
    left = analysis.release.manifest.get("left_out", {}).get("area_wages")
    return f"areas: {left}; `outlook refresh` brings all" if left else None


def wages_answer(
    analysis: Analysis,
    query: str,
    state: str | None = None,
    area: str | None = None,
    by: str | None = None,
) -> Answer:
    """Wages and employment of an occupation.

    Parameters
    ----------
    query : str
        Code or title.
    state, area : str, optional
        One place: postal code or name of a state; code or name of an area (`areas.find_area`).
    by : str, optional
        "state" or "area": every place.

    Returns
    -------
    DataFrame
        Without a place, rows of `history.series`; else the columns of `places.places` (for areas
        `areas.areas`) with ``soc_code`` and ``year``.
    list of str
        Cautions, and what is not published or not in the data in use.

    Raises
    ------
    UsageError
        Unknown occupation, state or area; an ambiguous area; more than one of the three.
    """
    code = analysis.resolve(query)[:7]
    given = [f"--{n}" for n, v in (("state", state), ("area", area), ("by", by)) if v is not None]
    if len(given) > 1:
        raise UsageError(" ".join(given), "give one of them", "Leave the others out")
    if by not in (None, "state", "area"):
        raise UsageError(f"--by {by}", "expected state or area", "See outlook wages --help")
    if not given:
        return _by_year(analysis, code)
    if area is not None or by == "area":
        return _of_areas(analysis, code, area)
    wages = analysis.tables["wages"]
    local = wages[wages["state"] != "US"]
    frame = places(wages, code)
    place = ""
    if state is not None:
        short = state_code(wages, state)
        frame, place = frame[frame["state"] == short], short
    return _said(frame, code, int(local["year"].max()), place, [])


def _by_year(analysis: Analysis, code: str) -> Answer:
    from pipelines.market.history import series

    frame = series(analysis.national_rows, code, analysis.tables["soc_2010_to_2018"])
    notes = [SERIES_NOTE] if len(frame) else [f"OEWS does not publish {code} by itself"]
    return Answer(frame, notes, named(frame, _READABLE_SERIES))


def _of_areas(analysis: Analysis, code: str, area: str | None) -> Answer:
    held = analysis.tables["area_wages"]
    frame, place, notes = areas(held, analysis.tables["wages"], code), "", [BORDER_NOTE]
    if area is not None:
        one = find_area(held, area, analysis.tables["wages"])
        place = f"{one['area_title']} ({one['area_code']})"
        frame = frame[frame["area_code"] == one["area_code"]]
    if (part := areas_in_part(analysis)) and code not in set(held["soc_code"]):
        frame, notes = frame.iloc[:0], [f"not known here: {part}"]
        return Answer(frame, notes, named(frame, _READABLE_PLACES))
    return _said(frame, code, int(newest(held)["year"].max()), place, notes)


def _said(frame: pd.DataFrame, code: str, year: int, place: str, notes: list[str]) -> Answer:
    frame = frame.reset_index(drop=True)
    frame.insert(0, "soc_code", pd.Series([code] * len(frame), dtype="str"))
    frame.insert(1, "year", pd.Series([year] * len(frame), dtype="int64"))
    if frame.empty:
        where = f" for {place}" if place else " by place"
        notes = [f"OEWS published nothing of {code}{where} in May {year}", *notes]
    elif int((frame["guard"] != "").sum()):
        notes = ["`guard` says why a place is too small or uncertain to compare", *notes]
    return Answer(frame, notes, named(frame, _READABLE_PLACES))
