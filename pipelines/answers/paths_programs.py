"""Programs beside the ways of `outlook paths`: where each could be studied, at what price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.base.errors import UsageError
from pipelines.base.records import records
from pipelines.pathways.routes.network import PathwayData
from pipelines.pathways.routes.regional import state_code
from pipelines.pathways.routes.returns import DISCOUNT, add_returns
from pipelines.pathways.routes.route import route_steps
from pipelines.pathways.schooling.costs import prices, tuition_matrix
from pipelines.pathways.schools import notes as said
from pipelines.pathways.schools.levels import OF_EDUCATION
from pipelines.pathways.schools.prices import RESIDENCE
from pipelines.pathways.schools.programs import SORTS, every_program, place_of, state_of

#: Column of a program -> column beside a way.
_COLUMNS = {
    "school": "program_school", "unitid": "program_unitid", "city": "program_city",
    "control": "program_control", "award": "program_award", "cip_code": "program_cip",
    "miles": "program_miles", "earnings_4yr": "program_earnings_4yr",
    "earnings_1yr": "program_earnings_1yr", "debt": "program_debt",
    "outcomes_scope": "program_outcomes_scope",
}  # fmt: skip
_TEXT = ("program_school", "program_city", "program_control", "program_award", "program_cip",
         "program_outcomes_scope")  # fmt: skip
NATION = "national average"


@dataclass(frozen=True)
class Near:
    """Which programs are looked for.

    Attributes
    ----------
    state : str
        Postal code; prices in state are those of its residents.
    zip_code : str, optional
        From where miles are counted.
    miles : float, optional
        Within so many.
    sort : str
        One of `programs.SORTS`: the first in this order stands beside each way.
    residence : str
        Key of `prices.RESIDENCE`: whose price.
    own_price : bool
        Money takes the price of the program in place of the national average.
    """

    state: str
    zip_code: str | None = None
    miles: float | None = None
    sort: str = "price"
    residence: str = "in state"
    own_price: bool = False


def near(
    analysis: Analysis,
    state: str | None,
    zip_code: str | None,
    miles: float | None = None,
    sort: str | None = None,
    residence: str = "in state",
    own_price: bool = False,
) -> Near | None:
    """What is asked about programs; None where nothing is.

    A ZIP Code names its state (`programs.state_of`), and asks for the nearest program unless
    another order is asked for.

    Raises
    ------
    UsageError
        An order without a place, or the other way round; a ZIP Code of another state, or what
        `programs.state_of` raises; no schools in the data in use.
    """
    if zip_code is None and sort is None:
        for name, given in (("--miles", miles is not None), ("--program-price", own_price)):
            if given:
                todo = "Give --programs and --state, or --zip"
                raise UsageError(name, "no program is asked for", todo)
        return None
    if zip_code is None and state is None:
        todo = "Give --state or --zip"
        raise UsageError(f"--programs {sort}", "programs where is not said", todo)
    sort = sort or "miles"
    if sort not in SORTS:
        raise UsageError(f"--programs {sort}", "no such order", f"Use one of: {', '.join(SORTS)}")
    if zip_code is None and (sort == "miles" or miles is not None):
        name = "--miles" if miles is not None else "--programs miles"
        raise UsageError(name, "miles from where is not said", "Give --zip too")
    if residence not in RESIDENCE:
        todo = f"Use one of: {', '.join(RESIDENCE)}"
        raise UsageError(f"--residence {residence!r}", "no such price", todo)
    if "completions" not in set(analysis.tables):
        raise UsageError("--programs", "the data in use have no schools", "Run `outlook refresh`")
    asked = None if state is None else state_code(analysis.tables["wages"], state)
    there = asked if zip_code is None else state_of(analysis.tables["schools"], zip_code)
    if asked is not None and there != asked:
        problem = f"is in {there}, not in {asked}"
        raise UsageError(f"--zip {zip_code}", problem, "Leave --state or --zip out")
    return Near(str(there), zip_code, miles, sort, residence, own_price)


def add_programs(
    analysis: Analysis,
    data: PathwayData,
    paths: pd.DataFrame,
    near: Near,
    education: str | None = None,
    part_time: bool = False,
    held: Sequence[str] = (),
    discount: float = DISCOUNT,
) -> pd.DataFrame:
    """The answer of `outlook paths` with one program beside each way that adds schooling.

    Parameters
    ----------
    data : PathwayData
        With the wages that `paths` was made with.
    paths : DataFrame
        Of `answers.paths.paths_answer`, with the same education, pace, credentials and discount.

    Returns
    -------
    DataFrame
        `paths` and, of the first program in the order asked for that leads to the destination and
        gives the award that the way enters by: ``program_school``, ``program_unitid``,
        ``program_city``, ``program_control``, ``program_award``, ``program_cip``,
        ``program_miles``, ``program_price`` (published tuition and fees, dollars a year),
        ``program_earnings_4yr``, ``program_earnings_1yr``, ``program_debt`` (dollars),
        ``program_outcomes_scope``; ``programs_there`` (how many there are), ``program_note`` (why
        there is none). ``tuition_source``: `NATION` or the school whose price the money takes; with
        ``near.own_price`` that of the program, where it is published and the way is one move (the
        schooling of a longer one is for several occupations).
    """
    tables = analysis.tables
    every = every_program(tables, near.state, near.zip_code, near.miles, near.sort)
    if near.sort == "price":  # of the residence asked for; what is not published stands last
        every = every.sort_values(RESIDENCE[near.residence], kind="stable", na_position="last")
    leads = tables["cip_soc"].groupby("soc_code")["cip_code"].agg(set).to_dict()
    partly = "completions" in analysis.release.manifest.get("left_out", {})
    held_levels = set(tables["completions"]["award_level"].unique())
    rows: list[dict[str, object]] = []
    for way in records(paths[["to_soc", "years_education", "entry_education"]]):
        levels = OF_EDUCATION.get(way["entry_education"], ())
        if not way["years_education"] or not levels:
            rows.append({"program_note": "no program asked for"})
            continue
        found = every[
            every["cip_code"].isin(leads.get(way["to_soc"], ())) & every["award_level"].isin(levels)
        ]
        if found.empty:
            missing = partly and not held_levels & set(levels)
            note = "not in the embedded data" if missing else "none reported there"
            rows.append({"programs_there": None if missing else 0, "program_note": note})
            continue
        first = found.iloc[0]
        rows.append(
            {new: first[old] for old, new in _COLUMNS.items()}
            | {
                "program_price": first[RESIDENCE[near.residence]],
                "programs_there": len(found),
                "program_note": first["price_note"] if pd.isna(first["in_state"]) else "",
            }
        )
    names = [*_COLUMNS.values(), "program_price", "programs_there", "program_note"]
    beside = pd.DataFrame(rows, columns=names, index=paths.index)
    numbers = [name for name in names if name not in (*_TEXT, "program_note")]
    beside = beside.astype(dict.fromkeys(numbers, "float64") | {"program_note": "str"})
    beside[["program_unitid", "programs_there"]] = beside[
        ["program_unitid", "programs_there"]
    ].astype("Int64")
    for name in _TEXT:
        beside[name] = beside[name].astype("object").fillna("").astype("str")
    out = pd.concat([paths, beside], axis=1).assign(tuition_source=NATION)
    if near.own_price:
        own = out["program_price"].notna() & (out["steps"] == 1)
        for row in out.index[own]:
            _take_price(data, out, row, education, part_time, held, discount)
    return out


def _take_price(
    data: PathwayData,
    out: pd.DataFrame,
    row: int,
    education: str | None,
    part_time: bool,
    held: Sequence[str],
    discount: float,
) -> None:
    """Money of one way at the yearly price of its program, in place."""
    yearly = float(out.at[row, "program_price"])
    price = prices({"source": "", "per_year": {"two_year": yearly, "four_year": yearly}})
    way = out.loc[row]
    priced = replace(data, tuition=tuition_matrix(price))
    steps = route_steps(priced, way["from_soc"], way, education, part_time, held)
    out.at[row, "tuition"] = float(steps["tuition"].sum())
    names = list(out.columns[: out.columns.get_loc("years_total")])
    again = add_returns(
        priced, out.loc[[row], names], education, part_time, held, discount, price=price
    )
    made = [name for name in again.columns if name not in names]
    out.loc[row, made] = again.loc[row, made]
    out.at[row, "tuition_source"] = f"{out.at[row, 'program_school']}, a year ${yearly:,.0f}"


def program_notes(analysis: Analysis, near: Near) -> list[str]:
    """What must be said beside the programs."""
    schools, charges = analysis.tables["schools"], analysis.tables["school_charges"]
    order = {
        "price": "the lowest published price", "graduates": "the most awards a year",
        "earnings": "the highest earnings of graduates", "miles": "the fewest miles",
    }[near.sort]  # fmt: skip
    lines = [
        f"programs: of each destination the one in {near.state} with {order}, at the level that "
        f"the way enters by, price {near.residence}; all: `outlook programs CODE --state "
        f"{near.state}`",
        said.CROSSWALK, said.prices(int(charges["year"].max())), said.OUTCOMES,
    ]  # fmt: skip
    if near.zip_code:
        place = place_of(schools, near.zip_code)
        lines.append(
            f"ZIP Code {near.zip_code}: its state, {near.state}, and its place are those of the "
            f"{place.schools} schools here that share its first {place.digits} digits, not of a "
            "table of ZIP Codes; miles may be off by some"
        )
    return lines
