"""What a page needs to know of an occupation, gathered from an analysis and its figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.base.language import ENGLISH, spoken
from pipelines.base.language import translated as _
from pipelines.figures import Made
from pipelines.site.conditions import condition_sentences
from pipelines.site.spanish import tasks_in_words, title, together


def sources(analysis: Analysis) -> list[dict[str, Any]]:
    """The datasets of the release, from its manifest: title, publisher, release, license ..."""
    return [dict(entry) for _, entry in sorted(analysis.release.manifest["sources"].items())]


def destinations(analysis: Analysis, shown: pd.DataFrame) -> pd.DataFrame:
    """The data of the chart of paths, with the titles of the stops on the way (``via_title``)."""
    titles = analysis.soc_titles
    via = ["" if pd.isna(v) else v for v in shown["via_soc"].tolist()]
    stops = [[s.strip() for s in v.split(",") if s.strip()] for v in via]
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
        "together": together(analysis, analysis.published_code(onet_soc_code[:7])),
        "shared_soc": [
            _("{title} ({code})", title=title(c, name), code=c) for c, name in context["shared"]
        ],
        "tasks": tasks_in_words(context["tasks"], onet_soc_code),
        "conditions": _conditions(analysis, onet_soc_code),
    }


def _conditions(analysis: Analysis, onet_soc_code: str) -> list[str]:
    telework = analysis.measured.get(onet_soc_code, {}).get("telework", {}).get("value")
    return condition_sentences(analysis.work_context_of(onet_soc_code), onet_soc_code, telework)


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
    titles = analysis.titles_by_soc[soc_code]
    shared = [(code, name) for code, name in titles.items() if code != onet_soc_code]
    exposure = analysis.scored.get(onet_soc_code)

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
        "title": titles[onet_soc_code],
        "conditions": _conditions(analysis, onet_soc_code),
        "data_label": data_label,
        "tasks": made["task_exposure"].data.join(
            analysis.beside_tasks(onet_soc_code)["observed_use"]
        )
        if "task_exposure" in made
        else analysis.used_tasks_of(onet_soc_code),
        "why": analysis.explain(onet_soc_code) if why else None,
        "exposure": None
        if exposure is None
        else exposure
        | {
            "top_fifth": analysis.rank_intervals["top_fifth"].get(onet_soc_code),
            "automation_top_fifth": analysis.automation_ranks["top_fifth"].get(onet_soc_code),
        },
        "observed": analysis.measured.get(onet_soc_code, {}).get("observed_exposure"),
        "series": series,
        "real_year": int(series["base_year"].max()) if len(series) else None,
        "states": data("wages_by_state", lambda: analysis.states(soc_code)),
        "outlook": analysis.projected(soc_code),
        "destinations": pd.DataFrame() if paths is None else destinations(analysis, paths),
        "sources": sources(analysis),
        "shared": shared,
        "shared_soc": [f"{name} ({code})" for code, name in shared],
    }
