"""The seed article's claims, each held against one public measure by a rule stated in advance.

A claim is supported where the occupation stands at or above the 67th percentile of all occupations
on the claim's measure in the direction that the claim implies, not supported below the 33rd, and
between otherwise. The same rule among the technician occupations stands beside it and decides
nothing. How often the rule says so by chance stands beside every verdict; see `board`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pipelines.claims.board import TESTED, Board, board, entries
from pipelines.claims.measures import Measure, Pool
from pipelines.claims.standings import (
    MIN_OCCUPATIONS,
    SUPPORTED_FROM,
    interval,
    percentiles,
    speaks,
    verdict,
)

if TYPE_CHECKING:
    from pipelines.analysis import Analysis

#: The occupation that the article speaks of, under today's code.
ARTICLE = "29-2072.00"
#: Where no measure gives a verdict: the claim has one that does not speak here, or has none.
UNTESTED = ("cannot be tested", "no public measure")
VERDICTS = (*TESTED, *UNTESTED)
CLAIM_COLUMNS = ["number", "claim", "measure", "direction", "stand_in", "value", "unit",
           "standard_error", "percentile", "percentile_low", "percentile_high", "n_occupations",
           "percentile_technicians", "percentile_technicians_low", "percentile_technicians_high",
           "n_technicians", "says", "verdict", "verdict_technicians", "chance_supported",
           "chance_not_supported", "chance_supported_technicians",
           "chance_not_supported_technicians", "source", "remark", "beside", "beside_value",
           "beside_percentile", "beside_n_occupations", "beside_chance", "beside_source",
           "beside_remark"]  # fmt: skip
#: Column among all occupations -> the same among technicians.
_TECHNICIANS = {
    "percentile": "percentile_technicians", "percentile_low": "percentile_technicians_low",
    "percentile_high": "percentile_technicians_high", "n_occupations": "n_technicians",
    "verdict": "verdict_technicians",
}  # fmt: skip
_SAYS = {"supported": "for", "not supported": "against", "between": "between"}


def claims_table(board: Board, onet_soc_code: str) -> pd.DataFrame:
    """Every claim with its measure, one row a claim, in the article's order.

    Parameters
    ----------
    board : Board
        The verdicts of all occupations.
    onet_soc_code : str
        O*NET-SOC 2019 code of the occupation.

    Returns
    -------
    DataFrame
        `CLAIM_COLUMNS`. stand_in: "weak" where the measure is of something that only goes with
        the claim, whose verdict does not count; value in `unit` with its standard_error;
        percentile among all occupations that have the measure, and percentile_technicians among
        the technician occupations, both 0 to 100 in the claim's direction, with the 95% interval
        (_low, _high; see `standings.interval`) where standard errors are published, and the
        number of occupations compared; says: for, against or between; verdict: the rule among
        all, verdict_technicians: among technicians; chance_: percent of all occupations, and of
        the technicians, with that verdict on the claim. A claim that cannot be tested has no
        percentile and its remark says why. beside: name of a second measure that gives no
        verdict, with its value, percentile (missing where the study has no value), number of
        occupations and beside_chance, percent of these at or above the percentile from which a
        claim is supported; beside_remark says what it is of.
    """
    by_chance = board.shares.add_prefix("chance_")
    rows = []
    for entry in entries():
        measure = board.measures.get(entry["number"])
        row = {"number": entry["number"], "claim": entry["claim"], "verdict": UNTESTED[1]}
        if measure is not None:
            row |= _row(entry, measure, onet_soc_code) | by_chance.loc[entry["number"]].to_dict()
        if entry["number"] in board.beside:
            row |= _beside(entry, board.beside[entry["number"]], onet_soc_code)
        row["verdict_technicians"] = row.get("verdict_technicians", row["verdict"])
        notes = [row.get("remark", ""), entry.get("weak", "")]
        if "unmeasured" in entry:
            notes.append(f"not measured: {entry['unmeasured']}")
        rows.append(row | {"remark": "; ".join(filter(None, notes))})
    frame = pd.DataFrame(rows).reindex(columns=CLAIM_COLUMNS)
    counts = ["n_occupations", "n_technicians", "beside_n_occupations"]
    return frame.astype(dict.fromkeys(counts, "Int64"))


def claims_of(analysis: Analysis, code: str) -> pd.DataFrame:
    """`claims_table` of an occupation of a release."""
    return claims_table(board(analysis), code)


def _row(entry: dict[str, Any], measure: Measure, code: str) -> dict[str, Any]:
    row = {
        "measure": measure.name, "direction": entry["direction"],
        "stand_in": "weak" if "weak" in entry else "", "verdict": UNTESTED[0],
    }  # fmt: skip
    pool = measure.pool(code)
    if pool is None:
        return row | {"remark": measure.missing}
    own = pool.codes[code]
    row |= {"value": pool.values[own], "unit": pool.unit, "source": pool.source(own)}
    if pool.errors is not None:
        row["standard_error"] = pool.errors[own]
    if not speaks(pool):
        percent, value = pool.most_equal
        why = f"the measure cannot speak, because {percent:.0f} percent of all occupations have"
        return row | {"remark": f"{why} the same value, {value:g}"}
    row |= _standing(pool, own, entry["direction"])
    row["says"] = _SAYS[row["verdict"]]
    peers = pool.peers if own in pool.technicians else pool.among(pool.technicians | {own})
    if len(peers.values) > MIN_OCCUPATIONS:
        found = _standing(peers, own, entry["direction"])
        return row | {_TECHNICIANS[name]: value for name, value in found.items()}
    return row | {"verdict_technicians": UNTESTED[0]}


def _beside(entry: dict[str, Any], measure: Measure, code: str) -> dict[str, Any]:
    """A second measure: where the occupation stands on it, and how often others stand high."""
    row = {"beside": measure.name, "beside_remark": entry["beside_says"]}
    pool = measure.pool(code)
    if pool is None:
        return row | {"beside_remark": f"{entry['beside_says']}; {measure.missing}"}
    own, places = pool.codes[code], percentiles(pool, entry["direction"])
    return row | {
        "beside_value": pool.values[own], "beside_percentile": float(places[own]),
        "beside_n_occupations": len(pool.values),
        "beside_chance": 100 * float((places >= SUPPORTED_FROM).mean()),
        "beside_source": pool.source(own),
    }  # fmt: skip


def _standing(pool: Pool, code: str, direction: str) -> dict[str, Any]:
    place = float(percentiles(pool, direction)[code])
    low, high = interval(pool, code, direction)
    return {
        "percentile": place, "percentile_low": low, "percentile_high": high,
        "n_occupations": len(pool.values), "verdict": verdict(place),
    }  # fmt: skip
