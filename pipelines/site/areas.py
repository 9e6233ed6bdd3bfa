"""What a page knows of metropolitan and nonmetropolitan areas, for `app/area.js`."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.base.language import marked
from pipelines.base.language import translated as _
from pipelines.base.records import records_of
from pipelines.charts.kit.theme import money
from pipelines.market.areas import area_list, largest
from pipelines.site.tables import table

#: What `in_areas` reads.
_IN_AREAS = [
    "area_code", "annual_median_wage", "employment", "location_quotient",
    "annual_median_wage_flag", "guard",
]  # fmt: skip


def every_area(analysis: Analysis) -> dict[str, str]:
    """Title by code of every area that the release has, by title; one file for all pages."""
    if not analysis.release.has("area_wages"):
        return {}
    rows = area_list(analysis.tables["area_wages"])
    return dict(zip(rows["area_code"], rows["area_title"], strict=True))


def in_areas(analysis: Analysis, soc_code: str) -> dict[str, Any] | None:
    """An occupation's figures by area; None where the data in use hold none of it.

    Returns
    -------
    dict
        ``words``: texts; ``areas``: by code a list of annual median wage, employment, location
        quotient (None where not published), and positions in ``words`` of why the median is
        missing and of why the area is not to be compared ("" where it may be).
    """
    frame = analysis.areas(soc_code)
    if frame.empty:
        return None
    words: list[str] = [""]

    def at(text: str) -> int:
        if text not in words:
            words.append(text)
        return words.index(text)

    def number(value: float) -> float | None:
        return None if pd.isna(value) else int(value) if value == int(value) else float(value)

    found = {
        row["area_code"]: [
            number(row["annual_median_wage"]), number(row["employment"]),
            number(row["location_quotient"]), at(row["annual_median_wage_flag"]), at(row["guard"]),
        ]
        for row in records_of(frame, _IN_AREAS)
    }  # fmt: skip
    return {"words": words, "areas": found}


def area_table(frame: pd.DataFrame) -> dict[str, Any]:
    """The areas that `wages_by_area` draws, in a table; `frame` is of `areas.areas`."""
    rows = largest(frame)

    def dollars(value: float) -> str:
        return _("not published") if pd.isna(value) else money(value)

    shown = pd.DataFrame(
        {
            marked("area"): rows["area_title"],
            marked("employment"): rows["employment"].map("{:,.0f}".format),
            marked("location quotient"): rows["location_quotient"].map("{:.2f}".format),
            marked("median wage"): rows["annual_median_wage"].map(dollars),
            marked("mean wage"): rows["annual_mean_wage"].map(dollars),
        }
    )
    caption = _("Largest areas that can be compared (US $ per year)")
    return table(caption, shown, list(shown.columns[1:]))
