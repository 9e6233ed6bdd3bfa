"""A made network of four occupations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from pipelines.pathways.routes.network import PathwayData
from pipelines.pathways.schooling.costs import tuition_matrix
from pipelines.pathways.schooling.education import EDUCATION_LEVELS, years_matrix

CODES = ["29-2001", "29-2002", "29-2003", "29-2010"]


def made(**changed):
    """Four occupations, all alike, each near the other three; pay rises with the code."""
    n = len(CODES)
    wage = np.array([40e3, 50e3, 60e3, 70e3])
    table = pd.DataFrame(
        {
            "title": [f"Made {code}" for code in CODES],
            "typical_education": EDUCATION_LEVELS[1], "work_experience": "None",
            "annual_p25_wage": wage * 0.9, "annual_p75_wage": wage * 1.2,
            "employment_change_percent": 1.0, "job_zone": 2.0, "onet_education_summary": "",
            "attainment": "", "attainment_percent": 0.0, "annual_median_wage": wage,
            "annual_p10_wage": wage * 0.8, "annual_p90_wage": wage * 1.4,
            "annual_openings": 1.0, "exposure": 0.5, "exposure_low": 0.4,
            "automation_score": 0.5, "licence": "",
        },
        index=pd.Index(CODES, name="soc_code"),
    )  # fmt: skip
    data = PathwayData(
        table=table,
        to=np.array([[j for j in range(n) if j != i] for i in range(n)]),
        score=np.full((n, n - 1), 0.5),
        zone=np.full(n, 2.0),
        level=np.ones(n, dtype=int),
        wage=wage,
        exposure=np.full(n, 0.5),
        openings=np.ones(n),
        experience_years=np.zeros(n),
        years=years_matrix(),
        tuition=tuition_matrix(),
    )
    return replace(data, **changed)
