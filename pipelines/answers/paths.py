"""What `outlook paths` asks: routes with their terms, money and education, and what to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipelines.analysis import Analysis
from pipelines.answers.answer import Answer, named
from pipelines.answers.paths_programs import Near, add_programs, program_notes
from pipelines.answers.place import place_name, some, unpaid, with_wages_of
from pipelines.answers.wages import areas_in_part
from pipelines.base.errors import UsageError
from pipelines.market.areas import BORDER_NOTE
from pipelines.pathways.routes.network import N_SIMILAR, PathwayData
from pipelines.pathways.routes.returns import DISCOUNT, add_returns, paid_back
from pipelines.pathways.routes.search import all_paths, find_paths, pareto_front, sideways
from pipelines.pathways.schooling.costs import parse_prices, prices, tuition_matrix
from pipelines.pathways.schooling.credentials import licence_words, next_rungs
from pipelines.pathways.schools.prices import school_price

_READABLE_PATHS = {
    "to_soc": "code", "title": "occupation", "via_soc": "by way of", "steps": "moves",
    "section": "kind of move", "way_in": "what it takes", "years_to_qualify": "years to qualify",
    "observed_moves": "seen among people who left",
    "annual_median_wage": "median wage", "wage_gain": "wage change",
    "annual_openings": "openings, 1000 per year", "employment_change_percent": "growth %",
    "exposure_change": "exposure change", "automation_change": "automation change",
    "feasibility": "feasibility",
    "paid_back": "paid back in year",
}  # fmt: skip
_READABLE_PROGRAMS = {
    "program_school": "program at", "program_award": "award", "program_price": "price a year",
    "program_earnings_4yr": "graduates' earnings, 4 years",
}  # fmt: skip
_PROGRAM_DOLLARS = ("program_price", "program_earnings_4yr")
#: Stands where a table of licenses or credentials has nothing: no one looked.
NOT_LOOKED_UP = "not looked up"
#: What is said where nothing is open.
NO_PATH_NOTE = (
    "no career path found; a larger --max-steps, more --education, another --limit, "
    "--state, --area or --to may show one"
)
#: Means "what is typical of the occupation one comes from".
TYPICAL_EDUCATION = "typical"
_EDUCATION_COLUMNS = ["onet_education_summary", "attainment", "attainment_percent"]
_EDUCATION_SENTENCE_COLUMNS = [
    "education_levels_apart",
    "education_disagrees",
    "education_sentence",
]
#: Sideways moves shown where all ways up are.
MAX_SIDEWAYS = 5
#: Of the most similar occupations, so many are looked at for codes left out, and parts named.
N_NAMED, MOST_PARTS = 20, 4
#: How schooling is counted.
FIELD_OF_STUDY_NOTE = (
    "schooling held is taken to be in the field of the present work; where a destination asks for "
    "an award or degree in another field (CIP-SOC crosswalk) or a license, its own program is "
    "counted, and what is held shortens the general education only. Years to qualify are "
    "schooling, related work and training after hiring; trainees and apprentices are paid"
)


@dataclass(frozen=True)
class Wishes:
    """What a worker wants and brings, beside education and number of steps.

    Attributes
    ----------
    limit : str, optional
        Most schooling wanted, see `search.PRESETS`.
    part_time : bool
        Study beside the job.
    held : sequence of str
        Credentials held.
    matters : str
        Key of `moves.PRIORITIES`.
    state : str, optional
        Postal code or name; the nation's wages without it.
    area : str, optional
        Code or name of a metropolitan or nonmetropolitan area, in place of a state.
    price : dict, optional
        See `costs.prices`.
    discount : float
        Yearly rate of the net present value.
    front : bool
        Routes that no other beats in every respect, instead of the best to each destination.
    near : Near, optional
        Which program stands beside each way; see `paths_programs`.
    """

    limit: str | None = None
    part_time: bool = False
    held: Sequence[str] = ()
    matters: str = "balance"
    state: str | None = None
    area: str | None = None
    price: dict[str, Any] | None = None
    discount: float = DISCOUNT
    front: bool = False
    near: Near | None = None


def read_costs(given: str) -> dict[str, Any]:
    """Prices from a user's TOML, or from the name of a published average.

    Raises
    ------
    UsageError
        No such file or name, or what `costs.parse_prices` raises.
    """
    choices = prices()["choices"]
    if given in choices:
        return prices({"per_year": {"four_year": given}})
    try:
        text = Path(given).read_text("utf-8")
    except (OSError, ValueError) as error:
        problem = f"cannot be read as text ({type(error).__name__})"
        todo = f"Give a TOML file, or one of: {', '.join(choices)}"
        raise UsageError(given, problem, todo) from error
    return parse_prices(text, given)


def at_school(analysis: Analysis, wishes: Wishes, unitid: int, residence: str) -> Wishes:
    """The wishes with one school's published tuition and fees in place of the nation's mean.

    Raises
    ------
    UsageError
        Prices given twice, or what `prices.school_price` raises.
    """
    if wishes.price is not None:
        raise UsageError("--school", "takes no --costs", "Leave one of them out")
    if "school_charges" not in set(analysis.tables):
        raise UsageError("--school", "the data in use have no schools", "Run `outlook refresh`")
    yearly = school_price(analysis.tables, unitid, 1.0, residence)
    names = analysis.tables["schools"].set_index("unitid")["school"]
    source = f"published tuition and fees of {names[unitid]}, {residence}: ${yearly:,.0f} a year"
    price = prices({"source": source, "per_year": {"two_year": yearly, "four_year": yearly}})
    return replace(wishes, price=price)


def _data(analysis: Analysis, wishes: Wishes) -> PathwayData:
    data = analysis.pathways
    if wishes.price is not None:
        data = replace(data, tuition=tuition_matrix(wishes.price))
    return with_wages_of(analysis, data, wishes.state, wishes.area)


def _education(education: str | None) -> str | None:
    return (
        None if education is None or education.strip().lower() == TYPICAL_EDUCATION else education
    )


def paths_answer(
    analysis: Analysis,
    query: str,
    to: str | None = None,
    education: str | None = None,
    max_steps: int = 2,
    n: int | None = 20,
    wishes: Wishes | None = None,
) -> Answer:
    """Ways on from an occupation, best first, and what must be said beside them.

    Returns
    -------
    DataFrame
        Columns of `search.find_paths`, the three views of the destination's education, what
        `returns.add_returns` adds, ``annual_median_wage_now`` and ``wage_area`` (US, or the state
        or area whose wages all pay columns hold), and with ``wishes.near`` those of
        `paths_programs.add_programs`. Empty with these columns where nothing is open.
    list of str
        What levels leave out, which destinations are left out and why, and how education is judged
        where one destination is asked for.

    Raises
    ------
    UsageError
        Unknown code, level, limit, state, area, credential or priority; ``front`` with ``to``.
    """
    wishes = wishes or Wishes()
    education = _education(education)
    origin = analysis.resolve(query)[:7]
    goal = analysis.resolve(to)[:7] if to else None
    data = _data(analysis, wishes)
    own: dict[str, Any] = {
        "limit": wishes.limit, "part_time": wishes.part_time,
        "held": wishes.held, "matters": wishes.matters,
    }  # fmt: skip
    if wishes.front and goal:
        raise UsageError("--front", "takes no --to", "Leave one of them out")
    if wishes.front:
        frame = pareto_front(data, origin, education, max_steps, n=n, **own)
    elif goal:
        frame = find_paths(data, origin, education, max_steps, goal, n, **own)
    else:
        frame = _with_sideways(data, origin, education, max_steps, n, own)
    old = list(frame.columns[: frame.columns.get_loc("note") + 1])
    table = data.table
    out = frame[old].join(table[_EDUCATION_COLUMNS], on="to_soc").join(frame.drop(columns=old))
    out = out.join(table[_EDUCATION_SENTENCE_COLUMNS], on="to_soc")
    out = add_returns(
        data, out, education, wishes.part_time, wishes.held, wishes.discount, price=wishes.price
    )
    out = _looked_up(out)
    out["annual_median_wage_now"] = data.wage[data.position(origin)]
    area = place_name(analysis, wishes.state, wishes.area)
    out["wage_area"] = pd.Series([area] * len(out), index=out.index, dtype="str")
    notes = [FIELD_OF_STUDY_NOTE] if len(out) else []
    if wishes.near is not None:
        out = add_programs(
            analysis, data, out, wishes.near, education, wishes.part_time, wishes.held,
            wishes.discount,
        )  # fmt: skip
        notes += program_notes(analysis, wishes.near)
    if wishes.price is not None and len(out):
        notes.append(f"tuition: {wishes.price['source']}")
    if wishes.area and (part := areas_in_part(analysis)):
        notes.append(part)
    if wishes.state or wishes.area:
        every = find_paths(analysis.pathways, origin, education, max_steps, goal, None, **own)
        notes += unpaid(data, origin, every["to_soc"].drop_duplicates().tolist(), area)
    if wishes.area:
        notes.append(BORDER_NOTE)
    notes += _unknown_experience(data, origin)
    notes += _published_together(data, [origin, *out["to_soc"]])
    if out.empty:
        notes.append(NO_PATH_NOTE)
    if not goal:
        notes += [*_rungs(origin), *_left_out(analysis, origin)]
    if goal:
        notes.append(f"education for {goal}: {table['education_sentence'][goal]}")
    return Answer(out, notes, _readable(out))


def _looked_up(paths: pd.DataFrame) -> pd.DataFrame:
    """`paths` where an empty cell would read as "none is asked for": what is known instead.

    Without a license on the way it is what is known of the destination: an apprenticeship, a
    certification, that BLS names none, or that nobody looked.
    """
    known = [licence_words(code).removeprefix("license: ") for code in paths["to_soc"]]
    known = pd.Series(known, index=paths.index, dtype="str")
    return paths.assign(
        credentials=paths["credentials"].where(paths["credentials"] != "", NOT_LOOKED_UP),
        licence=paths["licence"].where(paths["licence"] != "", known),
    )


def _rungs(origin: str) -> list[str]:
    """Credentials that are a step up under the same code, which no route shows."""
    rungs = next_rungs(origin)
    if rungs.empty:
        return []
    steps = ", ".join(f"{a} to {b}" for a, b in zip(rungs["builds_on"], rungs["name"], strict=True))
    return [f"rungs within this occupation: {steps}; pay by credential: no public figure"]


def _left_out(analysis: Analysis, origin: str) -> list[str]:
    """Residual codes among the most similar occupations, and what O*NET has data on within."""
    data, similar = analysis.pathways, analysis.tables["similar_occupations"]
    near = similar.loc[(similar["from_soc"] == origin) & (similar["rank"] <= N_NAMED), "to_soc"]
    notes = []
    own = analysis.tables["occupations"]
    for code in (c for c in near if c in data.table.index and data.residual[data.position(c)]):
        parts = own[(own["soc_code"] == code) & ~own["onet_soc_code"].str.endswith(".00")]
        within = "; within it: " + ", ".join(parts["title"][:MOST_PARTS]) if len(parts) else ""
        notes.append(f"left out, many occupations in one code: {data.table['title'][code]}{within}")
    return notes


def _with_sideways(
    data: PathwayData,
    origin: str,
    education: str | None,
    max_steps: int,
    n: int | None,
    own: dict[str, Any],
) -> pd.DataFrame:
    """Ways up, and below them the best sideways moves: n rows in all, up to a fifth sideways."""
    rest = {name: value for name, value in own.items() if name != "matters"}
    aside = sideways(data, origin, education, MAX_SIDEWAYS if n is None else n // 5, **rest)
    up = find_paths(
        data, origin, education, max_steps, None, None if n is None else n - len(aside), **own
    )
    aside = aside[~aside["to_soc"].isin(up["to_soc"])]
    aside["rank"] = len(up) + np.arange(1, len(aside) + 1)
    return pd.concat([up, aside], ignore_index=True) if len(aside) else up


def _published_together(data: PathwayData, shown: Sequence[str]) -> list[str]:
    """Which wages of the origin and the destinations BLS publishes for several occupations."""
    if "published_together" not in data.table:
        return []
    said = data.table["published_together"].reindex(pd.unique(pd.Series(shown, dtype="str")))
    origin = data.position(shown[0])
    both = data.wage_shared(origin, data.table.index.get_indexer(list(said.index)))
    codes = list(said.index[both])
    pay = [f"no change in pay is given from {shown[0]} to {', '.join(codes)}: BLS publishes one "
           "wage for both"]  # fmt: skip
    return [*dict.fromkeys(said[said != ""]), *(pay if codes else [])]


def _unknown_experience(data: PathwayData, origin: str) -> list[str]:
    """Which similar occupations are no destination because BLS does not state the experience."""
    near = data.to[data.position(origin), :N_SIMILAR]
    lacking = [place for place in near if place >= 0 and np.isnan(data.experience_years[place])]
    if not lacking:
        return []
    codes, titles = data.table.index, data.table["title"]
    names = [f"{codes[place]} {titles.iloc[place]}" for place in lacking]
    return [f"left out, BLS does not state the work experience required: {some(names)}"]


def all_paths_answer(
    analysis: Analysis,
    education: str | None = None,
    max_steps: int = 2,
    n: int | None = 20,
    wishes: Wishes | None = None,
) -> Answer:
    """The n best ways on from every occupation; see `search.all_paths`."""
    wishes = wishes or Wishes()
    frame = all_paths(
        _data(analysis, wishes), _education(education), max_steps, n, wishes.limit,
        wishes.part_time, wishes.held, wishes.matters,
    )  # fmt: skip
    return Answer(frame, [] if len(frame) else [NO_PATH_NOTE])


def _published(dollars: pd.Series, there: pd.Series) -> list[str]:
    """Dollars of programs in words; "" where there is no program."""
    pairs = zip(dollars, there, strict=True)
    return ["" if not is_there else "not published" if pd.isna(value) else f"{value:,.0f}"
            for value, is_there in pairs]  # fmt: skip


def _readable(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns of `paths` that a person reads, in plain words."""
    frame = frame.assign(paid_back=paid_back(frame))
    columns = _READABLE_PATHS
    if "program_note" in frame:
        # Of a program that is not there, why: a dash would say that it costs nothing.
        school = frame["program_school"].where(frame["program_school"] != "", frame["program_note"])
        there = frame["program_school"] != ""
        shown = {name: _published(frame[name], there) for name in _PROGRAM_DOLLARS}
        frame = frame.assign(program_school=school, **shown)
        columns = columns | _READABLE_PROGRAMS
    return named(frame, columns)
