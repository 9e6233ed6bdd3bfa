"""The tables of docs/TECHNICIANS.md: who is called technician, their first ways up, and how these
change with the weights that are set by judgment.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib import resources

import numpy as np
import pandas as pd

from pipelines.analysis import Analysis
from pipelines.base.records import records
from pipelines.build.methods_words import percent, span
from pipelines.occupations.technicians import (
    CALLED_FROM,
    LEFT_OUT,
    called_technician,
    technicians,
)
from pipelines.pathways.routes import reranking
from pipelines.pathways.routes.search import find_paths

#: Occupations whose first ways up are printed.
SHOWN = (
    "29-2072", "29-2052", "49-9062", "49-3023", "17-3023", "19-4031", "15-1232", "29-2012",
)  # fmt: skip

#: The commit whose first ten stand beside today's; see benchmarks/first_ten.py.
BEFORE = "3aaecf6"


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
    """The first ten ways up of some technicians, with what each takes, beside those before."""
    data, before = analysis.pathways, _before()
    rows = []
    for code in SHOWN:
        found = find_paths(data, code, None, 2, None, 10)
        for row in records(found):
            rows.append(
                {
                    "from": f"{code} {data.table['title'][code]}" if row["rank"] == 1 else "",
                    "rank": str(row["rank"]),
                    f"{BEFORE}": before.get((code, str(row["rank"])), "-"),
                    "now": row["title"],
                    "kind of move": row["section"],
                    "what it takes": row["way_in"],
                }
            )
    return pd.DataFrame(rows)


def _before() -> dict[tuple[str, str], str]:
    """By origin and rank, where the commit before led and what it said that takes."""
    file = resources.files("pipelines.build").joinpath("first_ten_before.csv")
    with file.open(encoding="utf-8") as lines:
        return {
            (row["from_soc"], row["rank"]): f"{row['title']} (years of school "
            f"{float(row['years_education']):g}, of work {float(row['years_experience']):g})"
            for row in csv.DictReader(lines)
        }


@lru_cache(maxsize=1)
def reranked(analysis: Analysis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`routes.reranking.reranked` of the technician occupations."""
    data = analysis.pathways
    codes = technicians(analysis.tables)["onet_soc_code"].str[:7].unique()
    return reranking.reranked(data, sorted(c for c in codes if c in data.table.index))


def weights_one_by_one(analysis: Analysis) -> pd.DataFrame:
    """How many first ways up, and places of the first ten, change with each judged weight."""
    tried, _ = reranked(analysis)
    rows = []
    for name, (value, meaning) in reranking.JUDGED.items():
        at = tried[tried["weight"] == name].set_index("factor")
        row = {"weight": meaning, "in use": f"{value:g}"}
        for column, words in (("first_moved", "first way up"), ("ten_moved", "first ten")):
            for factor, how in ((1 / reranking.RANGE, "halved"), (reranking.RANGE, "doubled")):
                row[f"{words} changed, {how}"] = percent(float(at[column][factor]))
        rows.append(row)
    return pd.DataFrame(rows)


def weights_at_once(analysis: Analysis) -> pd.DataFrame:
    """The same with all weights drawn at once, and how firm the first way up of each is."""
    tried, origins = reranked(analysis)
    drawn = tried[tried["weight"] == "all at once"]

    def middle(column: str) -> str:
        low, high = (100 * np.quantile(drawn[column], q) for q in (0.05, 0.95))
        mean = percent(float(drawn[column].mean()))
        return f"{mean} (90 % of draws: {span(low, high, '.1f')})"

    firm = origins["stays"] >= reranking.FIRM
    rows = [
        ("technician occupations (SOC codes) with a way up", f"{len(origins)}"),
        ("whose first way up stays, whichever single weight is halved or doubled",
         f"{origins['stays_one_at_a_time'].sum()}"),
        ("draws of all weights at once", f"{len(drawn)}"),
        ("first ways up that change, mean of draws", middle("first_moved")),
        ("places of the first ten that change, mean of draws", middle("ten_moved")),
        (f"whose first way up stays in {100 * reranking.FIRM:.0f} % of draws or more",
         f"{firm.sum()}"),
        ("whose first way up stays in fewer than half", f"{(origins['stays'] < 0.5).sum()}"),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["figure", "value"])
