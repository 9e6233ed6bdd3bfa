"""The chance that somebody who leaves an occupation goes to each other one.

A conditional logit (McFadden 1974): the chance of a destination is proportional to the exponential
of the weighted sum of the move's terms. The weights are estimated from observed moves (`fit`) and
shipped in ``moves.json`` with the figures of how good they are on origins kept back (`evaluate`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd

from pipelines.base.errors import ShapeChanged, UsageError
from pipelines.pathways.moves.terms import TERMS, Moves, moves


@cache
def stored() -> dict[str, Any]:
    """What the package ships: ``weights`` by term, ``penalty``, ``figures`` (see `evaluate`)."""
    text = resources.files("pipelines.pathways.moves").joinpath("moves.json").read_text("utf-8")
    return json.loads(text)


def weights() -> np.ndarray:
    """The shipped weights in the order of `TERMS`.

    Raises
    ------
    ShapeChanged
        The file was fitted with other terms than the program has.
    """
    found = stored()["weights"]
    if tuple(found) != tuple(TERMS):
        raise ShapeChanged(
            "moves.json", "its terms are not those of the program", "Run `outlook train --moves`"
        )
    return np.array(list(found.values()))


def softmax(utility: np.ndarray) -> np.ndarray:
    """Chances of each row's destinations, shape (n, n); staying is none of them."""
    utility = np.array(utility, dtype=float)
    np.fill_diagonal(utility, -np.inf)
    utility -= utility.max(1, keepdims=True)
    chance = np.exp(utility)
    return chance / chance.sum(1, keepdims=True)


@dataclass(frozen=True)
class Chances:
    """Chances of all moves.

    Attributes
    ----------
    codes : ndarray of str, shape (n,)
        SOC 2018 codes.
    probability : ndarray, shape (n, n)
        Chance that somebody who leaves the row's occupation goes to the column's; rows sum to 1,
        the diagonal is 0.
    terms : ndarray, shape (n, n, t)
        The terms, in the order of `TERMS`.
    """

    codes: np.ndarray
    probability: np.ndarray
    terms: np.ndarray

    def position(self, soc_code: str) -> int:
        """Row of a SOC or O*NET-SOC code; UsageError where it has no data."""
        found = np.flatnonzero(self.codes == str(soc_code)[:7])
        if not len(found):
            raise UsageError(
                str(soc_code), "no moves can be compared from this occupation (the survey leaves "
                "out the military)", "Give another, such as 29-2072",
            )  # fmt: skip
        return int(found[0])

    def explain(self, from_soc: str, to_soc: str) -> pd.DataFrame:
        """Why a move has its chance: ``term``, ``meaning``, ``value``, ``mean`` (of all moves from
        the origin, weighted by their chance) and ``times``: by what the term multiplies the
        chance, against that mean."""
        i, j = self.position(from_soc), self.position(to_soc)
        mean = self.probability[i] @ self.terms[i]
        value = self.terms[i, j].astype(float)
        return pd.DataFrame(
            {
                "term": list(TERMS), "meaning": list(TERMS.values()), "value": value,
                "mean": mean, "times": np.exp(weights() * (value - mean)),
            }
        )  # fmt: skip


def chances(tables: Mapping[str, pd.DataFrame], prepared: Moves | None = None) -> Chances:
    """Chances of all moves, about two seconds.

    Parameters
    ----------
    tables : Mapping[str, DataFrame]
        Tables of a release, see `terms.moves`.
    prepared : Moves, optional
        Result of `terms.moves`, if at hand.
    """
    data = moves(tables) if prepared is None else prepared
    terms = data.stacked(data.neighbors())
    return Chances(data.codes, softmax(terms @ weights().astype(np.float32)), terms)
