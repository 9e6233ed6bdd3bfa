"""The figures of every occupation that scripts of the site work with, as plain numbers."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipelines.analysis import Analysis
from pipelines.base.records import records
from pipelines.charts.kit.theme import number
from pipelines.pathways.schooling.credentials import licence_words
from pipelines.pathways.schooling.education import everyday

#: Figures of `occupation_facts`: name -> column of `PathwayData.table`.
WAGES = {
    "p10": "annual_p10_wage",
    "p25": "annual_p25_wage",
    "median": "annual_median_wage",
    "p75": "annual_p75_wage",
    "p90": "annual_p90_wage",
}


def zipped(content: bytes) -> str:
    """gzip as base64, the same each time; `app/save.js` unpacks it."""
    return base64.b64encode(gzip.compress(content, mtime=0)).decode("ascii")


def packed(name: str, text: str) -> str:
    """A script that sets ``OUTLOOK[name]`` to a text, packed."""
    return f'(window.OUTLOOK ??= {{}})["{name}"] = "{zipped(text.encode())}";\n'


def script(name: str, value: Any) -> str:
    """A value as a script that puts it under ``window.OUTLOOK[name]``.

    A page opened from a folder may not read other files but by a script element.
    """
    text = json.dumps(clean(value), separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return f"(window.OUTLOOK ??= {{}})[{json.dumps(name)}] = {text};\n"


def short(value: Any) -> Any:
    """A number without a fraction as one: half the bytes of a file of dollars and counts."""
    return int(value) if isinstance(value, float) and value == value // 1 else value


def clean(value: Any) -> Any:
    """Numbers, texts, lists and mappings that JSON can hold; a missing value is None."""
    if isinstance(value, Mapping):
        return {str(k): clean(v) for k, v in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [clean(v) for v in value]
    if isinstance(value, np.integer | np.bool_ | bool):
        return int(value)
    if isinstance(value, int | str):
        return value
    if isinstance(value, float | np.floating):
        found = number(value)
        # Six digits are more than any published figure has.
        return None if found is None else float(f"{found:.6g}")
    return None if value is None or value is pd.NA or pd.isna(value) else str(value)


def _plain(value: Any) -> Any:
    """A text in everyday words; anything else as it is."""
    return everyday(value) if isinstance(value, str) else value


def occupation_facts(analysis: Analysis) -> dict[str, dict[str, Any]]:
    """The figures that a comparison shows, by O*NET-SOC code.

    Returns
    -------
    dict
        title, soc, technician (0, 1), exposure, low, high, tasks (number), percentile; automation,
        automation_low, automation_high, automation_percentile; observed (exposure); wage
        (p10 .. p90, dollars per year), published (code of the wage), together (what to say where
        it holds several
        occupations), employment, education (BLS's typical level),
        education_views (three publishers' in a sentence), attainment (level most held, percent,
        1 where the survey counts this occupation alone),
        zone, openings (jobs a year), growth (percent), license.
        A figure that is not published is None.
    """
    scored = analysis.occupation_exposure.set_index("onet_soc_code").to_dict("index")
    people = analysis.pathways.table.to_dict("index")
    measures = analysis.tables["measures"]
    measures = measures[measures["measure"] == "observed_exposure"]
    observed = measures.set_index("onet_soc_code")["value"].to_dict()
    facts = {}
    for row in records(analysis.occupations.sort_values("onet_soc_code")):
        own = scored.get(row["onet_soc_code"], {})
        shared = people.get(row["soc_code"], {})
        openings = number(shared.get("annual_openings"))
        facts[row["onet_soc_code"]] = {
            "title": row["title"],
            "soc": row["soc_code"],
            "technician": int(row["is_technician"]),
            "exposure": own.get("exposure"),
            "low": own.get("exposure_low"),
            "high": own.get("exposure_high"),
            "percentile": own.get("percentile"),
            "tasks": own.get("n_tasks"),
            "automation": own.get("automation_score"),
            "automation_low": own.get("automation_low"),
            "automation_high": own.get("automation_high"),
            "automation_percentile": own.get("automation_percentile"),
            "observed": observed.get(row["onet_soc_code"]),
            "wage": {name: shared.get(column) for name, column in WAGES.items()},
            "published": shared.get("wage_code"),
            "together": shared.get("published_together") or None,
            "employment": shared.get("employment"),
            "education": _plain(shared.get("typical_education")),
            "education_views": _plain(shared.get("education_sentence")),
            "attainment": [
                _plain(shared.get(name))
                for name in ("attainment", "attainment_percent", "attainment_exact")
            ],
            "zone": row["job_zone"],
            "openings": None if openings is None else 1000 * openings,
            "growth": shared.get("employment_change_percent"),
            "license": licence_words(row["soc_code"]).removeprefix("license: "),
        }
    return facts
