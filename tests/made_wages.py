"""Rows of the table `wages`, made by hand: medical records before and after 2018."""

from __future__ import annotations

import pandas as pd

KINDS = [
    f"{unit}_{k}_wage"
    for unit in ("annual", "hourly")
    for k in ("mean", "p10", "p25", "median", "p75", "p90")
]


def wage_row(year, code, jobs, median, state="US", vintage="2018", group="detailed"):
    row = {
        "year": year,
        "soc_vintage": vintage,
        "soc_code": code,
        "title": code,
        "state": state,
        "area_code": "99" if state == "US" else state,
        "area_title": state,
        "occupation_group": group,
        "employment": jobs,
        "employment_flag": "",
        "location_quotient": 1.0,
        "employment_rse": 3.0,
        "mean_wage_rse": 1.0,
        "wage_kind": "both",
    }
    return row | {k: median for k in KINDS} | {f"{k}_flag": "" for k in KINDS}


WAGES = pd.DataFrame(
    [
        wage_row(2015, "29-2071", 189_930, 37_110, vintage="2010"),
        wage_row(2021, "29-2072", 180_000, 46_660),
        wage_row(2021, "29-9021", 36_000, 55_560),
        wage_row(2025, "29-2072", 194_720, 51_140),
        wage_row(2025, "29-9021", 38_100, 68_020),
        wage_row(2025, "29-2072", 999_999, 1, group="broad"),
        wage_row(2025, "29-2072", 100, 50_000, state="OH"),
        wage_row(2025, "29-9021", 100, 60_000, state="TX"),
    ]
)
WALK = pd.DataFrame({"soc_2010_code": ["29-2071"] * 2, "soc_code": ["29-2072", "29-9021"]})
