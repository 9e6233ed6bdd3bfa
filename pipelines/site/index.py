"""The list of the reports: one plain page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipelines.charts.kit.theme import money
from pipelines.site import text
from pipelines.site.report import asset, attributions, environment


def render_index(
    reports: pd.DataFrame, data_label: str, sources: Sequence[Mapping[str, Any]] = ()
) -> str:
    """The page that links to every report.

    Parameters
    ----------
    reports : DataFrame
        title, onet_soc_code, href (relative address), and where known exposure (0 to 1) and
        annual_median_wage (US dollars per year).
    data_label : str
        The data the reports were made from.
    sources : sequence of mappings
        With the ``attribution`` that licenses require.
    """

    def shown(row: dict[str, Any], name: str, how: Any) -> str:
        value = row.get(name)
        return "–" if value is None or pd.isna(value) else how(value)

    rows = [
        {
            "title": r["title"],
            "code": r["onet_soc_code"],
            "href": r["href"],
            "exposure": shown(r, "exposure", "{:.2f}".format),
            "wage": shown(r, "annual_median_wage", money),
        }
        for r in reports.sort_values(["title", "onet_soc_code"]).to_dict("records")
    ]
    return (
        environment()
        .get_template("index.html.j2")
        .render(
            css=asset("style.css"),
            rows=rows,
            data_label=data_label,
            not_job_loss=text.NOT_JOB_LOSS,
            attributions=attributions(sources),
        )
    )
