"""The sections of an occupation's page: gathered once, said in each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.base.errors import UsageError
from pipelines.base.language import ENGLISH, marked, spoken, translated
from pipelines.figures import Made
from pipelines.figures import occupation as figures
from pipelines.figures.paths import destinations as best_destinations
from pipelines.site import schools as near
from pipelines.site.areas import area_table
from pipelines.site.bars import bar_lists
from pipelines.site.chart_words import ChartWords
from pipelines.site.context import destinations, page_context
from pipelines.site.credential_tables import credential_tables
from pipelines.site.measure_tables import judge_tables, measure_lines, measure_tables
from pipelines.site.move_tables import move_tables
from pipelines.site.posting_tables import posting_tables
from pipelines.site.spanish import spanish_titles, together
from pipelines.site.tables import figure_place, page_tables

#: Section of a page: id, heading, short name, charts.
SECTIONS = (
    ("tasks", marked("Tasks and their exposure"), ("task_plane", "task_exposure")),
    ("measures", marked("What other studies measured"), ("measures",)),
    (
        "pay",
        marked("Wages and jobs, over time and by place"),
        ("employment_and_wages", "wages_by_state", "wages_by_area"),
    ),
    (
        "career-paths",
        marked("Career paths, by education required"),
        ("advancement_paths", "frontier", "route_card", "skill_gap"),
    ),
    ("postings", marked("What job postings ask for"), ("postings_by_month",)),
    ("schools", marked("Schools near you"), ()),
    ("credentials", marked("Credentials"), ()),
)
#: How a chart is called on a button and to a screen reader.
CHART_NAMES = {
    "task_plane": marked("task plane"),
    "task_exposure": marked("task exposure"),
    "measures": marked("measures"),
    "employment_and_wages": marked("employment and wages"),
    "wages_by_state": marked("wages by state"),
    "wages_by_area": marked("wages by area"),
    "advancement_paths": marked("advancement paths"),
    "frontier": marked("frontier"),
    "route_card": marked("route card"),
    "skill_gap": marked("skill gap"),
    "postings_by_month": marked("postings by month"),
}
#: Sections that have more tables in English: a page in Spanish has no room for all and says so.
LONGER = frozenset({"measures", "pay", "career-paths"})
#: The tables of moves that a page in Spanish has too; its lists of bars have the others' numbers.
_ROUTE = frozenset({"route_card"})


@dataclass(frozen=True)
class Known:
    """What the page of an occupation knows, in no language: charts, context, schools.

    Attributes
    ----------
    full : bool
        With charts and reasons; in brief otherwise.
    named : bool
        Whether the wording of a task is known: numbers of tasks that nobody can read say nothing.
    """

    analysis: Analysis
    code: str
    full: bool
    made: Mapping[str, Made]
    context: dict[str, Any]
    schools: dict[str, list[Any]] | None
    named: bool


def gathered(analysis: Analysis, code: str, data_label: str, full: bool, alone: bool) -> Known:
    """Charts, context and schools of an occupation; see `pages.occupation` for the parameters."""
    made: dict[str, Made] = {}
    if full:
        charts_by_name = {**figures.CHARTS, **figures.MOVE_CHARTS}
        for name in [n for _, _, charts in SECTIONS for n in charts if n in charts_by_name]:
            try:
                drawn = charts_by_name[name](analysis, code)
            except UsageError:
                continue  # not published for this occupation; the page says what is
            if len(drawn.data):
                made[name] = drawn
    context = page_context(analysis, code, made, data_label, why=full)
    if not full:
        context["destinations"] = _brief_destinations(analysis, code)
    schools = None if alone else near.section(analysis, code[:7], context["destinations"])
    if schools:
        card = made["route_card"].data if "route_card" in made else None
        schools["card"] = near.card_steps(card, schools["codes"])
    named = bool(context["tasks"]["task"].notna().any())
    return Known(analysis, code, full, made, context, schools, named)


def sections(known: Known) -> list[dict[str, Any]]:
    """The sections of a page in the language of now: heading, lines, charts, tables."""
    context, made, analysis, code = known.context, known.made, known.analysis, known.code
    tables = _tables(known)
    tables["credentials"], credential_lines = credential_tables(
        code[:7], analysis.pathways.table["title"]
    )
    tables["postings"], posting_lines = posting_tables(code[:7])
    lines = {
        "pay": [context["together"]] * bool(context["together"]),
        "career-paths": _wages_together(analysis, context["destinations"]),
        "credentials": credential_lines,
        "postings": posting_lines,
        "measures": measure_lines(analysis, code, known.full, tables["measures"]),
    }
    found = []
    say = ChartWords(spanish_titles(analysis))
    bars = bar_lists(made, made, code)
    for name, heading, charts in SECTIONS:
        shown = [
            figure_place(n, made[n].plain["layout"], say)
            | {"label": translated(CHART_NAMES[n]), "bars": bars.get(n)}
            for n in charts
            if n in made
        ]
        one = {
            "id": name, "heading": translated(heading), "figures": shown,
            "tables": [t | {"open": not shown} for t in tables.get(name, [])],
            "lines": lines.get(name, []), "more": spoken() != ENGLISH and name in LONGER,
        }  # fmt: skip
        if one["figures"] or one["tables"] or one["lines"] or (name == "schools" and known.schools):
            found.append(one)
    return found


def _tables(known: Known) -> dict[str, list[dict[str, Any]]]:
    context, made, analysis, code = known.context, known.made, known.analysis, known.code
    # In brief, the wages of a state are asked for by name: the page reads them from its data.
    english = spoken() == ENGLISH
    whole = context if known.full and english else context | {"states": context["states"].iloc[:0]}
    tables = page_tables(whole)
    moves = made if english else {name: one for name, one in made.items() if name in _ROUTE}
    tables["career-paths"] += move_tables(moves)
    if "wages_by_area" in made and english:
        tables["pay"].append(area_table(made["wages_by_area"].data))
    if not known.named:
        tables.pop("tasks", None)
    if not english:
        return tables | {"measures": judge_tables(analysis, code)}
    # In brief, the spread of the measures is a sentence: their table is for technicians.
    tables["measures"] = measure_tables(analysis, code) if known.full else []
    tables["measures"] += judge_tables(analysis, code)
    return tables


def _wages_together(analysis: Analysis, found: pd.DataFrame) -> list[str]:
    """Which destinations' wages BLS publishes for several occupations."""
    if "published_together" not in found:
        return []
    said: dict[str, str] = {}
    for words, code in zip(found["published_together"], found["wage_code"], strict=True):
        if words != "":
            said.setdefault(words, code)
    if spoken() == ENGLISH:
        return list(said)
    return [together(analysis, code) for code in said.values()]


def _brief_destinations(analysis: Analysis, code: str) -> pd.DataFrame:
    try:
        return destinations(analysis, best_destinations(analysis, code))
    except UsageError:
        return pd.DataFrame()
