"""The seed article's claims, each held against public data by a rule stated in advance.

A measure speaks for a claim where the occupation stands at or above the 67th percentile of all
occupations in the direction that the claim implies, and against it below the 33rd. A claim is
supported or not supported where all its measures say so, and mixed otherwise. The same rule
among the technician occupations stands beside it and decides nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipelines.base.percentiles import standing
from pipelines.claims.measures import Measure, Measures
from pipelines.pathways.routes.network import PathwayData

if TYPE_CHECKING:
    from pipelines.analysis import Analysis

SUPPORTED_FROM, NOT_SUPPORTED_BELOW = 67.0, 33.0
#: Fewest other technician occupations that a percentile among them is given for.
MIN_OCCUPATIONS = 10
VERDICTS = ("supported", "mixed", "not supported", "no public measure")
CLAIM_COLUMNS = ["number", "claim", "measure", "direction", "value", "unit", "percentile",
           "n_occupations", "percentile_technicians", "n_technicians", "says", "verdict",
           "verdict_technicians", "source", "remark"]  # fmt: skip


def percentile(values: pd.Series, code: str, direction: str = "more") -> float:
    """`standing` of an occupation; with "less" from the other end."""
    place = standing(values if direction == "more" else -values)
    return float(place[code])


def verdict(percentiles: list[float]) -> str:
    """Verdict on a claim from the percentiles of its measures."""
    if not percentiles:
        return "no public measure"
    if min(percentiles) >= SUPPORTED_FROM:
        return "supported"
    return "not supported" if max(percentiles) < NOT_SUPPORTED_BELOW else "mixed"


def evaluate_claims(
    tables: Mapping[str, pd.DataFrame],
    onet_soc_code: str,
    occupation_exposure: pd.DataFrame,
    pathways: PathwayData,
    releases: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Every claim with its measures, one row a measure.

    Parameters
    ----------
    tables : Mapping[str, DataFrame]
        Tables of a release or of the snapshot.
    onet_soc_code : str
        O*NET-SOC 2019 code of the occupation.
    occupation_exposure : DataFrame
        onet_soc_code, exposure.
    pathways : PathwayData
        For the career paths.
    releases : Mapping[str, str], optional
        Dataset id -> release, named in the sources.

    Returns
    -------
    DataFrame
        `CLAIM_COLUMNS`. value in `unit`; percentile among all occupations that have the measure,
        and percentile_technicians among the technician occupations, both 0 to 100 in the claim's
        direction and with the number of occupations compared; says: for, against or between, the
        rule on one measure; verdict: the rule on the claim; verdict_technicians: the same rule
        among technicians. A measure that the data do not give for the occupation has no value
        and its remark says why; it does not count in the verdict.
    """
    given = Measures(tables, onet_soc_code, occupation_exposure, pathways, releases or {})
    rows = []
    for entry in _entries()["claim"]:
        own = [
            _row(entry, measure, direction)
            for name, direction in entry.get("measures", [])
            for measure in given.get(name, _entries()["name"])
        ] or [{"number": entry["number"], "claim": entry["claim"], "remark": _unmeasured(entry)}]
        for ends in ("", "_technicians"):
            shares = [r.get(f"percentile{ends}", np.nan) for r in own]
            said = verdict([s for s in shares if not np.isnan(s)])
            own = [{**r, f"verdict{ends}": said} for r in own]
        rows += own
    frame = pd.DataFrame(rows).reindex(columns=CLAIM_COLUMNS)
    counts = ["n_occupations", "n_technicians"]
    return frame.astype(dict.fromkeys(counts, "Int64"))


def claims_of(analysis: Analysis, code: str) -> pd.DataFrame:
    """`evaluate_claims` of an occupation of a release, sources with their releases."""
    known = ("onet", "onet_excel", "onet_18", "ep_export")
    releases = {name: analysis.release.release_of(name) for name in known}
    return evaluate_claims(
        analysis.tables, code, analysis.occupation_exposure, analysis.pathways, releases
    )


def _row(entry: dict, measure: Measure, direction: str) -> dict:
    row = {
        "number": entry["number"], "claim": entry["claim"], "measure": measure.name,
        "direction": direction, "value": measure.value, "unit": measure.unit,
        "percentile": np.nan, "percentile_technicians": np.nan, "source": measure.source,
    }  # fmt: skip
    notes = [measure.remark, _unmeasured(entry)]
    row["remark"] = "; ".join(note for note in notes if note)
    if np.isnan(measure.value):
        return row
    values = measure.values.dropna()
    if measure.shares is not None:
        share, row["n_occupations"] = measure.shares
        row["percentile"] = share if direction == "more" else 100 - share
    else:
        row["percentile"] = percentile(values, measure.code, direction)
        row["n_occupations"] = len(values)
    peers = values[values.index.isin(measure.technicians | {measure.code})]
    if len(peers) > MIN_OCCUPATIONS:
        row["percentile_technicians"] = percentile(peers, measure.code, direction)
        row["n_technicians"] = len(peers)
    share = row["percentile"]
    row["says"] = (
        "for"
        if share >= SUPPORTED_FROM
        else "against"
        if share < NOT_SUPPORTED_BELOW
        else "between"
    )
    return row


def _unmeasured(entry: dict) -> str:
    return f"not measured: {entry['unmeasured']}" if "unmeasured" in entry else ""


@cache
def _entries() -> dict:
    text = resources.files("pipelines.claims").joinpath("claims.toml").read_text("utf-8")
    return tomllib.loads(text)
