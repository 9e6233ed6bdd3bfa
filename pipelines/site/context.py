"""What a page needs to know of an occupation, gathered from an analysis and its figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.base.language import ENGLISH, spoken
from pipelines.base.language import translated as _
from pipelines.figures import Made
from pipelines.market import outlook
from pipelines.site.conditions import condition_sentences
from pipelines.site.spanish import tasks_in_words, title, together


def sources(analysis: Analysis) -> list[dict[str, Any]]:
    """The datasets of the release, from its manifest: title, publisher, release, license ..."""
    return [dict(entry) for _, entry in sorted(analysis.release.manifest["sources"].items())]


def destinations(analysis: Analysis, shown: pd.DataFrame) -> pd.DataFrame:
    """The data of the chart of paths, with the titles of the stops on the way (``via_title``)."""
    titles = analysis.pathways.table["title"].to_dict()
    stops = [[s.strip() for s in v.split(",") if s.strip()] for v in shown["via_soc"].fillna("")]
    return shown.assign(via_title=["; ".join(titles.get(s, s) for s in stop) for stop in stops])


def in_words(analysis: Analysis, onet_soc_code: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """A context with the sentences and titles of its own in the language of now.

    Parameters
    ----------
    analysis : Analysis
        The release at work.
    onet_soc_code : str
        The occupation.
    context : mapping
        `page_context`.
    """
    if spoken() == ENGLISH:
        return dict(context)
    return dict(context) | {
        "title": title(onet_soc_code, context["title"]),
        "together": together(analysis.tables, analysis.published_code(onet_soc_code[:7])),
        "shared_soc": [
            _("{title} ({code})", title=title(c, name), code=c) for c, name in context["shared"]
        ],
        "tasks": tasks_in_words(context["tasks"], onet_soc_code),
        "conditions": _conditions(analysis, onet_soc_code),
    }


def _conditions(analysis: Analysis, onet_soc_code: str) -> list[str]:
    measures = analysis.measures_of(onet_soc_code)
    telework = measures.loc[measures["measure"] == "telework", "value"]
    return condition_sentences(
        analysis.work_context_of(onet_soc_code),
        onet_soc_code,
        float(telework.iloc[0]) if len(telework) else None,
    )


def page_context(
    analysis: Analysis,
    onet_soc_code: str,
    made: Mapping[str, Made],
    data_label: str,
    why: bool = True,
) -> dict[str, Any]:
    """What `pages.occupation` shows of an occupation.

    Parameters
    ----------
    analysis : Analysis
        The release at work.
    onet_soc_code : str
        The occupation.
    made : mapping
        Name of a chart (as in `figures.occupation.CHARTS`) to its figure and data; charts that
        could not be made for the occupation are left out.
    data_label : str
        One line on the data, see `pipelines.releases.current.describe`.
    why : bool
        Also say why each task has its score.
    """
    soc_code = onet_soc_code[:7]
    occupations = analysis.occupations
    own = occupations[occupations["onet_soc_code"] == onet_soc_code].iloc[0]
    shared = occupations[
        (occupations["soc_code"] == soc_code) & (occupations["onet_soc_code"] != onet_soc_code)
    ]
    exposure = analysis.occupation_exposure
    exposure = exposure[exposure["onet_soc_code"] == onet_soc_code]
    measures = analysis.measures_of(onet_soc_code)
    observed = measures[measures["measure"] == "observed_exposure"]
    decades = outlook.outlook(
        analysis.tables["projections"], analysis.published_code(soc_code, "projections")
    )

    def data(name: str, make: Any) -> pd.DataFrame:
        return made[name].data if name in made else make()

    series = data("employment_and_wages", lambda: analysis.series(soc_code))
    paths = made["advancement_paths"].data if "advancement_paths" in made else None
    return {
        "onet_soc_code": onet_soc_code,
        "soc_code": soc_code,
        "published_code": analysis.published_code(soc_code),
        "together": analysis.together(soc_code),
        "published_title": analysis.published_title(analysis.published_code(soc_code)),
        "title": own["title"],
        "conditions": _conditions(analysis, onet_soc_code),
        "data_label": data_label,
        "tasks": data("task_exposure", lambda: analysis.tasks_of(onet_soc_code)).join(
            analysis.beside_tasks(onet_soc_code)["observed_use"]
        ),
        "why": analysis.explain(onet_soc_code) if why else None,
        "exposure": None
        if exposure.empty
        else exposure.iloc[0].to_dict()
        | {
            "top_fifth": analysis.rank_intervals["top_fifth"].get(onet_soc_code),
            "automation_top_fifth": analysis.automation_ranks["top_fifth"].get(onet_soc_code),
        },
        "observed": observed.iloc[0].to_dict() if len(observed) else None,
        "series": series,
        "real_year": int(series["base_year"].max()) if len(series) else None,
        "states": data("wages_by_state", lambda: analysis.states(soc_code)),
        "outlook": decades.iloc[0].to_dict() if len(decades) else None,
        "destinations": pd.DataFrame() if paths is None else destinations(analysis, paths),
        "sources": sources(analysis),
        "shared": list(zip(shared["onet_soc_code"], shared["title"], strict=True)),
        "shared_soc": [f"{r.title} ({r.onet_soc_code})" for r in shared.itertuples()],
    }
