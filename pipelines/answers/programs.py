"""What `outlook programs` answers: schools and programs that lead to an occupation."""

from __future__ import annotations

from pipelines.analysis import Analysis, source_line
from pipelines.answers.answer import Answer, named
from pipelines.base.errors import UsageError
from pipelines.pathways.routes.regional import state_code
from pipelines.pathways.schools import notes as said
from pipelines.pathways.schools.levels import levels_of
from pipelines.pathways.schools.programs import place_of, programs_for

SOURCES = (
    "cip_soc", "ipeds_completions", "ipeds_institutions", "ipeds_charges", "scorecard_fields",
)  # fmt: skip
_READABLE = {
    "school": "school", "city": "city", "state": "state", "control": "control",
    "award": "award", "cip_code": "CIP", "graduates": "awards a year",
    "in_district": "price a year, in district", "in_state": "in state",
    "earnings_4yr": "earnings, 4 years", "earnings_1yr": "1 year", "debt": "debt",
    "outcomes_scope": "earnings and debt are of", "unitid": "school number",
}  # fmt: skip


def programs_answer(
    analysis: Analysis,
    query: str | None = None,
    cip: str | None = None,
    state: str | None = None,
    zip_code: str | None = None,
    miles: float | None = None,
    level: str | None = None,
    sort: str = "price",
    first: int | None = None,
) -> Answer:
    """Programs that lead to an occupation, or of one CIP code.

    Parameters
    ----------
    query, cip : str
        One of the two: occupation (code or title), or CIP code.
    state, zip_code, miles, sort
        As `programs.programs_for`; a state by code or name.
    level : str, optional
        As `levels.levels_of`.
    first : int, optional
        So many rows; totals in the notes are of all.

    Raises
    ------
    UsageError
        As `programs.programs_for` and `levels.levels_of`; data in use without schools.
    """
    tables = analysis.tables
    if "completions" not in set(tables):
        raise UsageError(
            "outlook programs", "the data in use have no schools", "Run `outlook refresh`"
        )
    code = analysis.resolve(query)[:7] if query is not None else None
    if state is not None:
        # Territories have schools and no wages.
        territory = state.strip().upper()
        known = set(tables["schools"]["state"])
        state = territory if territory in known else state_code(tables["wages"], state)
    frame = programs_for(
        tables, code, cip_code=cip, state=state, zip_code=zip_code, miles=miles,
        levels=levels_of(level) if level else (), sort=sort,
    )  # fmt: skip
    shown = frame if first is None else frame.head(first)
    columns = _READABLE | ({"miles": "miles"} if zip_code else {})
    return Answer(shown, _notes(analysis, frame, len(shown), zip_code), named(shown, columns))


def _notes(analysis: Analysis, frame, shown: int, zip_code: str | None) -> list[str]:
    notes = [said.CROSSWALK]
    if len(frame):
        counts = frame["control"].value_counts()
        by_control = ", ".join(f"{number:,} {name}" for name, number in counts.items())
        year = int(frame["graduates_year"].iloc[0])
        earning = int(frame["earnings_4yr"].notna().sum())
        priced = int(frame["in_state"].notna().sum())
        notes = [
            f"Programs: {shown:,} of {len(frame):,} ({by_control}). "
            f"Schools: {frame['unitid'].nunique():,}. Awards: {frame['graduates'].sum():,.0f}, "
            f"July {year - 1} to June {year}. Programs with a published price: {priced:,}; with "
            f"earnings 4 years after completion: {earning:,}. A dash: not published.",
            *notes,
        ]
        if priced:
            price = int(frame["price_year"].dropna().iloc[0])
            notes.append(said.prices(price))
    else:
        notes.insert(0, "No program with awards is reported there.")
    notes += [said.OUTCOMES, said.ONLINE]
    if zip_code:
        place = place_of(analysis.tables["schools"], zip_code)
        whose = (
            f"in ZIP Code {zip_code}"
            if place.digits == len(zip_code)
            else f"whose ZIP Codes begin with {zip_code[: place.digits]} (none is in {zip_code})"
        )
        notes.append(
            f"Miles are in a straight line from the mean place of the schools {whose}: "
            f"{place.schools} here. No table of ZIP Codes is at hand: the place may be miles off."
        )
    if left := analysis.release.manifest.get("left_out", {}).get("completions"):
        notes.append(f"In the embedded snapshot {left}; `outlook refresh` brings all.")
    return [*notes, source_line(analysis, *SOURCES)]
