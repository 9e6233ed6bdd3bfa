"""The tables of docs/TECHNICIANS.md: who is called technician, and their first ways up."""

from __future__ import annotations

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.occupations.technicians import (
    CALLED_FROM,
    LEFT_OUT,
    called_technician,
    technicians,
)
from pipelines.pathways.routes.search import find_paths

#: Occupations whose first ways up are printed.
SHOWN = (
    "29-2072", "29-2052", "49-9062", "49-3023", "17-3023", "19-4031", "15-1232", "29-2012",
)  # fmt: skip


def rules(analysis: Analysis) -> pd.DataFrame:
    """How many occupations each part of the rule brings in, in its order."""
    found = technicians(analysis.tables)["technician_rule"].value_counts()
    order = ["always", "title", "SOC group", "reported titles"]
    return pd.DataFrame(
        {
            "rule": [*order, "in all"],
            "occupations": [*(str(found[name]) for name in order), str(found.sum())],
        }
    )


def called(analysis: Analysis) -> pd.DataFrame:
    """Occupations that are technicians by their reported titles alone, and those left out."""
    frame, titles = analysis.occupations, analysis.tables["alternate_titles"]
    reported = titles[titles["kind"] == "reported"]
    counts = reported["onet_soc_code"].value_counts()
    share = called_technician(titles)
    by_rule = technicians(analysis.tables).set_index("onet_soc_code")["technician_rule"]
    names = frame.set_index("onet_soc_code")["title"]
    codes = [c for c in share.index[share >= CALLED_FROM]
             if by_rule.get(c, "reported titles") == "reported titles"]  # fmt: skip
    return pd.DataFrame(
        [
            {
                "code": code,
                "occupation": names[code],
                "titles that say technician": f"{share[code] * counts[code]:.0f} of {counts[code]}",
                "taken": f"no: {LEFT_OUT[code]}" if code in LEFT_OUT else "yes",
            }
            for code in sorted(codes)
        ]
    )


def first_ten(analysis: Analysis) -> pd.DataFrame:
    """The first ten ways up of some technicians, with what each takes."""
    data = analysis.pathways
    rows = []
    for code in SHOWN:
        found = find_paths(data, code, None, 2, None, 10)
        for row in found.to_dict("records"):
            rows.append(
                {
                    "from": f"{code} {data.table['title'][code]}" if row["rank"] == 1 else "",
                    "rank": str(row["rank"]),
                    "to": row["title"],
                    "kind of move": row["section"],
                    "what it takes": row["way_in"],
                }
            )
    return pd.DataFrame(rows)
