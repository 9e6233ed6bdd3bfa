"""The verdicts of all occupations on all claims, once, and what counts are had by chance."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipelines.claims.measures import Measure, Measures
from pipelines.claims.standings import percentiles, speaks, verdict

if TYPE_CHECKING:
    from pipelines.analysis import Analysis

#: The verdicts that a measure gives; the others say that none does.
TESTED = ("supported", "between", "not supported")


@dataclass(frozen=True)
class Board:
    """Every occupation's verdicts.

    Attributes
    ----------
    verdicts : DataFrame
        One of `TESTED`, missing where no measure speaks; index: every O*NET-SOC 2019 code,
        columns: numbers of the claims that have a measure.
    measures : Mapping[int, Measure]
        Of those claims.
    technicians : frozenset of str
        O*NET-SOC codes of the technician occupations.
    beside : Mapping[int, Measure]
        Second measures, shown beside a claim's own; they give no verdict.
    """

    verdicts: pd.DataFrame
    measures: Mapping[int, Measure]
    technicians: frozenset[str]
    beside: Mapping[int, Measure]

    @property
    def counted(self) -> list[int]:
        """The claims whose verdict counts: no weak stand-in."""
        return [e["number"] for e in entries() if "weak" not in e and e["number"] in self.measures]

    @cached_property
    def shares(self) -> pd.DataFrame:
        """How many percent of the occupations have a verdict on each claim by the same rule.

        Index: number of the claim; ``supported, not_supported`` of all occupations that have a
        verdict, ``supported_technicians, not_supported_technicians`` of the technicians among
        them; missing where none has.
        """
        found = {}
        for ends, rows in (("", self.verdicts), ("_technicians", self.of_technicians)):
            held = rows.notna().sum().replace(0, np.nan)
            for said in ("supported", "not supported"):
                found[said.replace(" ", "_") + ends] = 100 * (rows == said).sum() / held
        return pd.DataFrame(found)

    @cached_property
    def of_technicians(self) -> pd.DataFrame:
        """`verdicts` of the technician occupations."""
        return self.verdicts[[code in self.technicians for code in self.verdicts.index]]


@cache
def entries() -> list[dict[str, Any]]:
    """The claims of claims.toml in the article's order."""
    return sorted(_file()["claim"], key=lambda entry: entry["number"])


def board_of(tables: Mapping[str, pd.DataFrame], releases: Mapping[str, str]) -> Board:
    """The verdicts of all occupations.

    Parameters
    ----------
    tables : Mapping[str, DataFrame]
        Tables of a release or of the snapshot.
    releases : Mapping[str, str]
        Dataset id -> release, for the sources.
    """
    given = Measures(tables, _file()["name"], releases)
    measures, columns = {}, {}
    for entry in entries():
        if "measure" not in entry:
            continue
        measure = given.get(entry["measure"])
        measures[entry["number"]] = measure
        found: dict[str, object] = {}
        # The first pool that has an occupation decides, also where it cannot speak.
        for pool in reversed(measure.pools):
            heard = speaks(pool)
            places = percentiles(pool, entry["direction"])
            by_code = {code: verdict(place) if heard else np.nan for code, place in places.items()}
            found |= {code: by_code[own] for code, own in pool.codes.items()}
        columns[entry["number"]] = [found.get(code, np.nan) for code in given.occupations]
    verdicts = pd.DataFrame(columns, index=given.occupations.tolist(), dtype=object)
    beside = {e["number"]: given.get(e["beside"]) for e in entries()
              if e.get("beside") and "observed_exposure" in tables}  # fmt: skip
    return Board(verdicts, measures, given.own, beside)


@lru_cache(maxsize=2)
def board(analysis: Analysis) -> Board:
    """`board_of` a release, computed once."""
    known = ("onet", "onet_18", "ep_export")
    releases = {name: analysis.release.release_of(name) for name in known}
    return board_of(analysis.tables, releases)


def by_chance(board: Board, code: str) -> pd.DataFrame:
    """The verdicts of an occupation counted, and how many one drawn at random has.

    Counted are the claims with a verdict for the occupation and no weak stand-in. Occupations are
    drawn whole from those with a verdict on all of these claims, so that claims that go together
    do so in the draws.

    Returns
    -------
    DataFrame
        A row a verdict of `TESTED` and population: ``verdict``, ``among`` ("all occupations" or
        "technicians"), ``claims`` (counted), ``found`` (of them with the verdict), ``occupations``
        (drawn from), ``mean``, ``low`` and ``high`` (at least 90 percent have a number between
        them, both included), ``as_many`` (percent with as many as found or more), ``deviation``
        (standard deviation) and ``independent`` (what it were if claims were independent); the
        last six missing where there is no one to draw from.
    """
    counted = board.verdicts.loc[code, board.counted].dropna().index
    found = []
    for among, verdicts in (
        ("all occupations", board.verdicts), ("technicians", board.of_technicians),
    ):  # fmt: skip
        drawn = verdicts[counted].dropna() if len(counted) else verdicts.iloc[:0]
        for said in TESTED:
            own = int((board.verdicts.loc[code, counted] == said).sum())
            row = {"verdict": said, "among": among, "claims": len(counted), "found": own,
                   "occupations": len(drawn)}  # fmt: skip
            found.append(row | (_draws(drawn == said, own) if len(drawn) else {}))
    numbers = ["mean", "low", "high", "as_many", "deviation", "independent"]
    columns = ["verdict", "among", "claims", "found", "occupations", *numbers]
    return pd.DataFrame(found).reindex(columns=columns)


def _draws(hits: pd.DataFrame, own: int) -> dict[str, float]:
    counts, share = hits.sum(axis=1), hits.mean()
    low, high = np.quantile(counts, [0.05, 0.95], method="inverted_cdf")
    return {
        "mean": counts.mean(), "low": low, "high": high, "as_many": 100 * (counts >= own).mean(),
        "deviation": counts.std(ddof=0), "independent": np.sqrt((share * (1 - share)).sum()),
    }  # fmt: skip


@cache
def _file() -> dict[str, Any]:
    text = resources.files("pipelines.claims").joinpath("claims.toml").read_text("utf-8")
    return tomllib.loads(text)
