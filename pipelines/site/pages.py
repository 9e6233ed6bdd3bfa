"""The pages of the site: one function a page, an analysis in, the text of files out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from markupsafe import Markup

from pipelines.analysis import Analysis
from pipelines.base.language import ENGLISH, day, marked, speaking, spoken, translated
from pipelines.base.records import records, records_of
from pipelines.base.tabular import to_csv_text
from pipelines.charts.kit.theme import money
from pipelines.charts.task_exposure import task_name
from pipelines.exposure.scorer.automation import COLUMNS
from pipelines.exposure.validation.evaluate import stored
from pipelines.figures import Made
from pipelines.pathways.schooling.education import everyday
from pipelines.releases.current import describe
from pipelines.site import text
from pipelines.site.areas import in_areas
from pipelines.site.choices import choices
from pipelines.site.context import in_words, sources
from pipelines.site.facts import packed, script, short
from pipelines.site.inline import inlined
from pipelines.site.pictures import pictures
from pipelines.site.sections import Known, gathered, sections
from pipelines.site.spanish import task_words, title
from pipelines.site.tables import (
    ALONE_HEAD,
    HELP_HEAD,
    attributions,
    environment,
    source_table,
)

#: Scripts of an occupation's page in their order; the last draws figures, and reads plotly.js then.
SCRIPTS = (
    "app/language.js", "app/save.js", "app/places.js", "app/fold.js", "app/address.js",
    "app/routes.js", "app/area.js", "app/case.js", "app/ladder.js", "app/qr.js", "app/phone.js",
    "app/takeaway.js", "app/client.js", "app/week.js", "app/state.js", "app/near.js",
    "app/handout.js", "app/sort.js", "app/charts.js",
)  # fmt: skip
#: Of an occupation in a state: `app/state.js` takes them by their place.
_OF_STATE = (
    "annual_p10_wage", "annual_median_wage", "annual_p90_wage", "annual_median_wage_flag",
    "employment", "location_quotient",
)  # fmt: skip
#: Of a task: what `app/week.js` works with is made of these.
_OF_TASK = (
    "task_id", "task", "exposure", "exposure_low", "exposure_high", "automation_score", "weight",
)  # fmt: skip
#: Of an occupation on the start page.
_SCORES = ["exposure", "exposure_low", "exposure_high", *COLUMNS]
#: How the scorer was tried (`exposure.evaluate`), in words.
PROTOCOLS = (
    ("K", "the tasks of an occupation that the scorer had not seen, their work activities known"),
    ("U", "a statement of your own, of an occupation that the scorer had not seen"),
    ("W", "a statement of your own, of a kind of work that the scorer had not seen"),
)


#: On a page in another language: what its reader meets in English, and why.
NOT_TRANSLATED = marked(
    "Not translated: names of credentials, schools, places, work activities and data sources, and "
    "the page on methods. Pieces without a translation are shown in English."
)


#: What `releases.current.describe` says on every page.
_LABELS = (marked("embedded snapshot"), marked("release {id}"), marked("Employment Projections"))


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

    def said(self, analysis: Analysis) -> Shell:
        """The same in the language of now."""
        label = describe(analysis.release, translated)
        return replace(self, data_label=label, built=day(self.built))

    def render(
        self, template: str, root: str, saved: Mapping[str, Any] | None = None, **values: Any
    ) -> str:
        """A page from its template; `root` is the way to the folder of its language ("", "../").

        `saved` holds style and scripts of a page that stands alone, see `inline.inlined`.
        """
        page = environment().get_template(template)
        home = spoken() == ENGLISH
        words = page.render(
            own=root, root=root if home else f"{root}../", language=spoken(), saved=saved,
            data_label=self.data_label, built=self.built, attributions=self.attributions,
            not_job_loss=translated(text.NOT_JOB_LOSS),
            untranslated=None if home else translated(NOT_TRANSLATED),
            in_english=Markup("" if home else ' lang="en"'),
            to_english=Markup("" if home else ' hreflang="en"'),
            **{"other": None} | values,
        )  # fmt: skip
        # Here once, so that no table or sentence of a page can forget it.
        return everyday(words) if home else words


@dataclass(frozen=True)
class Occupation:
    """The files of one occupation: its page, figures and facts, charts' data, areas; its page in
    Spanish, where it is shown in full."""

    page: str
    data: str
    csv: str
    areas: str
    spanish: str = ""


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
    known = gathered(analysis, code, shell.data_label, full, alone)
    made, context = known.made, known.context
    data = (
        script("code", code)
        + script("tasks", _week(analysis, code) if known.named else [])
        + script("states", _states(context["states"]))
        + _figures_script(made)
    )
    csv = packed("packedCsv", json.dumps({n: to_csv_text(one.data) for n, one in made.items()}))
    # English first: what an analysis keeps is in English.
    page, spanish = _page(known, shell, inlined(data + csv) if alone else None), ""
    if full and not alone:
        with speaking("es"):
            spanish = _page(known, shell.said(analysis), None)
    areas = script("inAreas", in_areas(analysis, code[:7]))
    return Occupation(page, data, csv, areas, spanish)


def _page(known: Known, shell: Shell, saved: Mapping[str, Any] | None) -> str:
    """The page of an occupation in the language of now."""
    code, context = known.code, in_words(known.analysis, known.code, known.context)
    said = replace(known, context=context)
    return shell.render(
        "occupation.html.j2", "../", title=context["title"], onet_soc_code=code,
        soc_code=code[:7], pictures=pictures(context), answers=text.question_answers(context),
        notes=text.data_notes(context["tasks"], context["shared_soc"], context["published_code"]),
        sections=sections(said), sources=source_table(context["sources"]),
        publishers=sorted({s["publisher"] for s in context["sources"]}),
        client=None if saved else choices(known.analysis, code[:7]),
        areas=shell.areas, schools=known.schools, saved=saved,
        other=other_language("../", f"o/{code}.html") if known.full and not saved else None,
        scripts=[f"data/{code}.js", *_scripts(bool(known.made))], week_words=_week_words(code),
    )  # fmt: skip


def _scripts(charts: bool) -> list[str]:
    """Scripts of a page in the language of now: words go before what says them."""
    own = [*SCRIPTS[:-1]]
    if spoken() != ENGLISH:
        own = [f"app/{spoken()}.js", *own, "app/figure-words.js"]
    return [*own, SCRIPTS[-1]] if charts else own


def _week_words(code: str) -> dict[int, str]:
    """Tasks in the language of now by id, for `app/week.js`; English ones are in the data."""
    if spoken() == ENGLISH:
        return {}
    return task_words().get(code, {})


def other_language(root: str, page: str) -> dict[str, str]:
    """The link from a page to itself in the other language.

    Parameters
    ----------
    root : str
        The way to the folder of the page's own language.
    page : str
        Where the page stands in that folder, the same in both.
    """
    if spoken() == ENGLISH:
        return {"href": f"{root}es/{page}", "language": "es", "name": "Español"}
    return {"href": f"{root}../{page}", "language": ENGLISH, "name": "English"}


def _week(analysis: Analysis, code: str) -> list[dict[str, Any]]:
    """The tasks that `app/week.js` weighs anew."""
    return [
        {
            "id": row["task_id"], "name": task_name(row["task"], row["task_id"]),
            "exposure": row["exposure"], "low": row["exposure_low"],
            "high": row["exposure_high"], "automation": row["automation_score"],
            "weight": row["weight"],
        }
        for row in records_of(analysis.tasks_of(code), _OF_TASK)
        if not pd.isna(row["weight"])
    ]  # fmt: skip


def _states(states: pd.DataFrame) -> dict[str, list[Any]]:
    """Wages and jobs by state, by their place (`app/state.js`); None where not published."""
    rows = records_of(states, ["state", "published", *_OF_STATE])
    return {
        row["state"]: [short(row[name]) for name in _OF_STATE]
        for row in rows
        if row["published"] in (True, None)
    }


def _figures_script(made: Mapping[str, Made]) -> str:
    from plotly.io.json import to_json_plotly

    figures_of = {name: one.plain for name, one in made.items()}
    return packed("packedFigures", to_json_plotly(figures_of)) if made else ""


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
            "title": title(r["onet_soc_code"], r["title"]),
            "code": r["onet_soc_code"],
            "href": _page_of(r["onet_soc_code"], r["is_technician"]),
            "technician": r["is_technician"],
            "help": _with_interval(r, "exposure", "exposure"),
            "alone": _with_interval(r, "automation_score", "automation"),
            "wage": shown(r["wage"], money),
        }
        for r in records(rows)
    ]
    full = [e for e in entries if e["technician"]]
    brief = [e for e in entries if not e["technician"]]
    return shell.render(
        "home.html.j2", "", rows=full, brief=brief, technicians=len(full), others=len(brief),
        head=(HELP_HEAD, ALONE_HEAD), other=other_language("", "index.html"),
    )  # fmt: skip


def _page_of(code: str, technician: bool) -> str:
    """From the start page to an occupation: its page in the language of now, or in English."""
    return f"o/{code}.html" if technician or spoken() == ENGLISH else f"../o/{code}.html"


def _with_interval(row: Mapping[Any, Any], name: str, ends: str) -> str:
    """A score with its 90% interval; a dash where it is not known."""
    value, low, high = (row[n] for n in (name, f"{ends}_low", f"{ends}_high"))
    if pd.isna(value):
        return "–"
    return f"{value:.2f}" + ("" if pd.isna(low) else f" ({low:.2f} to {high:.2f})")


def compare(shell: Shell) -> str:
    """The page that sets up to four occupations side by side."""
    return shell.render("compare.html.j2", "", other=other_language("", "compare.html"))


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
