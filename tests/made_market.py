"""A made labor market: occupations whose growth depends on their exposure as told."""

from __future__ import annotations

import numpy as np
import pandas as pd
from made_prices import CPI_MAY, PRICES

YEARS = (2015, 2021, 2024, 2025)
CODES = [f"{10 + i // 40:02d}-{1000 + i % 40 * 10 + 1}" for i in range(320)]


def oews(year, codes, jobs, pay):
    return pd.DataFrame(
        {
            "year": year,
            "soc_vintage": "2010" if year == 2015 else "2018",
            "area_code": "99",
            "state": "US",
            "soc_code": list(codes),
            "title": [f"Job {c}" for c in codes],
            "occupation_group": "detailed",
            "employment": np.asarray(jobs, float),
            "employment_rse": 1.0,
            "mean_wage_rse": 0.5,
            "annual_mean_wage": np.asarray(pay, float),
            "annual_median_wage": np.asarray(pay, float),
        }
    )


def market(seed=0, jobs_effect=(0.0, 0.0), pay_effect=(0.0, 0.0)):
    """320 occupations whose yearly growth before and after 2021 depends on exposure as told."""
    rng = np.random.default_rng(seed)
    x = rng.beta(1.5, 2.5, len(CODES))
    jobs, pay = np.exp(rng.normal(10, 1.2, len(CODES))), np.exp(rng.normal(11, 0.3, len(CODES)))
    wages = [oews(2015, CODES, jobs, pay)]
    for start, end, late in ((2015, 2021, 0), (2021, 2024, 1), (2024, 2025, 1)):
        span = end - start
        noise = rng.normal(0, 0.01, (2, len(CODES)))
        jobs = jobs * np.exp(span * (jobs_effect[late] * x + noise[0]))
        real = np.exp(span * (pay_effect[late] * x + noise[1] / 3))
        pay = pay * real * CPI_MAY[end] / CPI_MAY[start]
        wages.append(oews(end, CODES, jobs, pay))
    tables = {
        "wages": pd.concat(wages, ignore_index=True),
        "price_index": PRICES,
        "soc_2010_to_2018": pd.DataFrame(
            {"soc_2010_code": CODES, "soc_code": CODES, "weight": 1.0, "weight_rule": "only"}
        ),
        "onet_soc_to_soc": pd.DataFrame(
            {"onet_soc_code": [f"{c}.00" for c in CODES], "nem_code": CODES}
        ),
        "projections": pd.DataFrame(
            {
                "base_year": 2024,
                "soc_code": CODES,
                "typical_education": np.where(x > np.median(x), "Bachelor's degree", "None"),
            }
        ),
    }
    scores = pd.DataFrame(
        {
            "onet_soc_code": [f"{c}.00" for c in CODES],
            "exposure": x,
            "exposure_low": x - 0.05,
            "exposure_high": x + 0.05,
        }
    )
    return tables, scores
