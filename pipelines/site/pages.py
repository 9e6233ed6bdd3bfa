"""The pages of the site: one function a page, an analysis in, the text of files out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.base.errors import UsageError
from pipelines.base.tabular import to_csv_text
from pipelines.charts.kit.theme import money
from pipelines.charts.task_exposure import task_name
from pipelines.exposure.scorer.automation import COLUMNS
from pipelines.exposure.validation.evaluate import stored
from pipelines.figures import Made
from pipelines.figures import occupation as figures
from pipelines.figures.paths import destinations as best_destinations
from pipelines.pathways.schooling.education import everyday
from pipelines.site import schools as near
from pipelines.site import text
from pipelines.site.areas import area_table, in_areas
from pipelines.site.bars import bar_lists
from pipelines.site.choices import choices
from pipelines.site.context import destinations, page_context, sources
from pipelines.site.credential_tables import credential_tables
from pipelines.site.facts import packed, script, short
from pipelines.site.inline import inlined
from pipelines.site.measure_tables import judge_tables, measure_lines, measure_tables
from pipelines.site.move_tables import move_tables
from pipelines.site.pictures import pictures
from pipelines.site.posting_tables import posting_tables
from pipelines.site.tables import (
    ALONE_HEAD,
    HELP_HEAD,
    attributions,
    environment,
    figure_place,
    page_tables,
    source_table,
)

#: Section of a page: id, heading, short name, charts.
SECTIONS = (
    ("tasks", "Tasks and their exposure", "Tasks", ("task_plane", "task_exposure")),
    ("measures", "What other studies measured", "Other measures", ("measures",)),
    (
        "pay",
        "Wages and jobs, over time and by place",
        "Wages and jobs",
        ("employment_and_wages", "wages_by_state", "wages_by_area"),
    ),
    (
        "career-paths",
        "Career paths, by education required",
        "Career paths",
        ("advancement_paths", "frontier", "route_card", "skill_gap"),
    ),
    ("postings", "What job postings ask for", "Job postings", ("postings_by_month",)),
    ("schools", "Schools near you", "Schools", ()),
    ("credentials", "Credentials", "Credentials", ()),
)
#: Scripts of an occupation's page in their order; the last draws figures, and reads plotly.js then.
SCRIPTS = (
    "app/save.js", "app/places.js", "app/fold.js", "app/address.js", "app/routes.js", "app/area.js",
    "app/case.js", "app/client.js", "app/week.js", "app/state.js", "app/near.js", "app/handout.js",
    "app/takeaway.js", "app/sort.js", "app/charts.js",
)  # fmt: skip
#: Of an occupation in a state: `app/state.js` takes them by their place.
_OF_STATE = (
    "annual_p10_wage", "annual_median_wage", "annual_p90_wage", "annual_median_wage_flag",
    "employment", "location_quotient",
)  # fmt: skip
#: Of an occupation on the start page.
_SCORES = ["exposure", "exposure_low", "exposure_high", *COLUMNS]
#: How the scorer was tried (`exposure.evaluate`), in words.
PROTOCOLS = (
    ("K", "the tasks of an occupation that the scorer had not seen, their work activities known"),
    ("U", "a statement of your own, of an occupation that the scorer had not seen"),
    ("W", "a statement of your own, of a kind of work that the scorer had not seen"),
)


@dataclass(frozen=True)
class Shell:
    """What the pages of a site share: data in use and its day, attributions, states by name."""

    data_label: str
    built: str
    attributions: list[str]
    areas: list[tuple[str, str]]

    @classmethod
    def of(cls, analysis: Analysis, data_label: str) -> Shell:
        """The release's own day: a site built again from it is the same, byte for byte."""
        day = str(analysis.release.manifest.get("created_utc", ""))[:10]
        local = analysis.tables["wages"].query("state != 'US'").drop_duplicates("state")
        areas = sorted(zip(local["state"], local["area_title"], strict=True), key=lambda a: a[1])
        return cls(data_label, day, attributions(sources(analysis)), areas)

    def render(
        self, template: str, root: str, saved: Mapping[str, Any] | None = None, **values: Any
    ) -> str:
        """A page from its template; `root` is the way to the top folder ("" or "../").

        `saved` holds style and scripts of a page that stands alone, see `inline.inlined`.
        """
        page = environment().get_template(template)
        words = page.render(
            root=root, saved=saved, data_label=self.data_label, built=self.built,
            attributions=self.attributions, not_job_loss=text.NOT_JOB_LOSS, **values,
        )  # fmt: skip
        # Here once, so that no table or sentence of a page can forget it.
        return everyday(words)


@dataclass(frozen=True)
class Occupation:
    """The files of one occupation: its page, figures and facts, charts' data, areas."""

    page: str
    data: str
    csv: str
    areas: str


def occupation(
    analysis: Analysis, code: str, shell: Shell, full: bool, alone: bool = False
) -> Occupation:
    """The page of an occupation and the two scripts beside it.

    Parameters
    ----------
    analysis : Analysis
        The release at work.
    code : str
        O*NET-SOC code.
    shell : Shell
        What all pages share.
    full : bool
        With charts and reasons; in brief otherwise: sentences and tables.
    alone : bool
        As one file: without what other files of the site answer (the client, places, schools).
    """
    made: dict[str, Made] = {}
    if full:
        charts_by_name = {**figures.CHARTS, **figures.MOVE_CHARTS}
        for name in [n for _, _, _, charts in SECTIONS for n in charts if n in charts_by_name]:
            try:
                drawn = charts_by_name[name](analysis, code)
            except UsageError:
                continue  # not published for this occupation; the page says what is
            if len(drawn.data):
                made[name] = drawn
    context = page_context(analysis, code, made, shell.data_label, why=full)
    if not full:
        context["destinations"] = _brief_destinations(analysis, code)
    # In brief, the wages of a state are asked for by name: the page reads them from its data.
    tables = page_tables(context if full else context | {"states": context["states"].iloc[:0]})
    tables["career-paths"] += move_tables(made)
    if "wages_by_area" in made:
        tables["pay"].append(area_table(made["wages_by_area"].data))
    named = bool(context["tasks"]["task"].notna().any())
    if not named:  # numbers of tasks that nobody can read say nothing
        tables.pop("tasks", None)
    # In brief, the spread of the measures is a sentence: their table is for technicians.
    tables["measures"] = measure_tables(analysis, code) if full else []
    tables["measures"] += judge_tables(analysis, code)
    tables["credentials"], credential_lines = credential_tables(
        code[:7], analysis.pathways.table["title"]
    )
    tables["postings"], posting_lines = posting_tables(code[:7])
    schools = None if alone else near.section(analysis, code[:7], context["destinations"])
    if schools:
        card = made["route_card"].data if "route_card" in made else None
        schools["card"] = near.card_steps(card, schools["codes"])
    lines = {
        "pay": [context["together"]] * bool(context["together"]),
        "career-paths": _wages_together(context["destinations"]),
        "credentials": credential_lines,
        "postings": posting_lines,
        "measures": measure_lines(analysis, code, full, tables["measures"]),
    }
    sections = []
    bars = bar_lists(made, made)
    for name, heading, nav, charts in SECTIONS:
        shown = [
            figure_place(n, made[n].plain["layout"])
            | {"label": n.replace("_", " "), "bars": bars.get(n)}
            for n in charts
            if n in made
        ]
        one = {
            "id": name, "heading": heading, "nav": nav, "figures": shown,
            "tables": [t | {"open": not shown} for t in tables.get(name, [])],
            "lines": lines.get(name, []),
        }  # fmt: skip
        if one["figures"] or one["tables"] or one["lines"] or (name == "schools" and schools):
            sections.append(one)
    data = (
        script("code", code)
        + script("tasks", _week(analysis, code) if named else [])
        + script("states", _states(context["states"]))
        + _figures_script(made)
    )
    csv = packed("packedCsv", json.dumps({n: to_csv_text(one.data) for n, one in made.items()}))
    page = shell.render(
        "occupation.html.j2", "../", title=context["title"], onet_soc_code=code,
        soc_code=code[:7], pictures=pictures(context), answers=text.question_answers(context),
        notes=text.data_notes(context["tasks"], context["shared_soc"], context["published_code"]),
        sections=sections, sources=source_table(context["sources"]),
        publishers=sorted({s["publisher"] for s in context["sources"]}),
        client=None if alone else choices(analysis, code[:7]),
        areas=shell.areas, schools=schools, saved=inlined(data + csv) if alone else None,
        scripts=[f"data/{code}.js", *(SCRIPTS if made else SCRIPTS[:-1])],
    )  # fmt: skip
    return Occupation(page, data, csv, script("inAreas", in_areas(analysis, code[:7])))


def _week(analysis: Analysis, code: str) -> list[dict[str, Any]]:
    """The tasks that `app/week.js` weighs anew."""
    tasks = analysis.tasks_of(code).dropna(subset=["weight"])
    return [
        {
            "id": row["task_id"], "name": task_name(row["task"], row["task_id"]),
            "exposure": row["exposure"], "low": row["exposure_low"],
            "high": row["exposure_high"], "automation": row["automation_score"],
            "weight": row["weight"],
        }
        for row in tasks.to_dict("records")
    ]  # fmt: skip


def _states(states: pd.DataFrame) -> dict[str, list[Any]]:
    """Wages and jobs by state, by their place (`app/state.js`); None where not published."""
    published = states[states["published"]] if "published" in states else states
    return {
        row["state"]: [short(row[name]) for name in _OF_STATE]
        for row in published.to_dict("records")
    }


def _figures_script(made: Mapping[str, Made]) -> str:
    from plotly.io.json import to_json_plotly

    figures_of = {name: one.plain for name, one in made.items()}
    return packed("packedFigures", to_json_plotly(figures_of)) if made else ""


def _wages_together(destinations: pd.DataFrame) -> list[str]:
    """Which destinations' wages BLS publishes for several occupations."""
    if "published_together" not in destinations:
        return []
    return [said for said in destinations["published_together"].unique() if said]


def _brief_destinations(analysis: Analysis, code: str) -> pd.DataFrame:
    try:
        return destinations(analysis, best_destinations(analysis, code))
    except UsageError:
        return pd.DataFrame()


def home(analysis: Analysis, shell: Shell) -> str:
    """The start page: search, and every occupation with both scores and its wage."""
    wage = analysis.pathways.table["annual_median_wage"]
    rows = analysis.occupations.merge(
        analysis.occupation_exposure.reindex(columns=["onet_soc_code", *_SCORES]),
        on="onet_soc_code",
        how="left",
    ).sort_values(["title", "onet_soc_code"])
    rows = rows.assign(wage=rows["soc_code"].map(wage).astype("float64"))

    def shown(value: object, how: Any) -> str:
        return "–" if pd.isna(value) else how(value)  # type: ignore[call-overload]

    entries = [
        {
            "title": r["title"],
            "code": r["onet_soc_code"],
            "technician": r["is_technician"],
            "help": _with_interval(r, "exposure", "exposure"),
            "alone": _with_interval(r, "automation_score", "automation"),
            "wage": shown(r["wage"], money),
        }
        for r in rows.to_dict("records")
    ]
    full = [e for e in entries if e["technician"]]
    brief = [e for e in entries if not e["technician"]]
    return shell.render(
        "home.html.j2", "", rows=full, brief=brief, technicians=len(full), others=len(brief),
        head=(HELP_HEAD, ALONE_HEAD),
    )  # fmt: skip


def _with_interval(row: Mapping[Any, Any], name: str, ends: str) -> str:
    """A score with its 90% interval; a dash where it is not known."""
    value, low, high = (row[n] for n in (name, f"{ends}_low", f"{ends}_high"))
    if pd.isna(value):
        return "–"
    return f"{value:.2f}" + ("" if pd.isna(low) else f" ({low:.2f} to {high:.2f})")


def compare(shell: Shell) -> str:
    """The page that sets up to four occupations side by side."""
    return shell.render("compare.html.j2", "")


def methods(analysis: Analysis, shell: Shell) -> str:
    """Methods and limits in plain words, with the sources of the release."""
    figures_of = stored()
    agreement = [
        {
            "name": name,
            **{k: figures_of[protocol][k] for k in ("accuracy", "kappa", "gpt4", "baseline")},
        }
        for protocol, name in PROTOCOLS
    ]
    return shell.render(
        "methods.html.j2", "", agreement=agreement,
        tasks=f"{len(analysis.tables['tasks']):,}",
        occupations=f"{len(analysis.occupation_exposure):,}",
        sources=source_table(sources(analysis)),
    )  # fmt: skip
