"""From SOC 2018 to the codes of the observed moves, with shares.

A SOC 2018 code goes back to SOC 2010 first, by the O*NET-SOC walk (table ``soc_2010_to_2018``): of
several origins each counts by its OEWS employment of May 2018 times the weight with which it goes
to the code. Where both codes of a link stand in both editions, a specialty changed codes and the
occupation did not (customer service representatives are not 29-2099 because O*NET's patient
representatives are): such a link does not count. A SOC 2010 code then lands on itself, else on
OEWS's own code for it, else on its broad, minor or major group, whichever the survey's list has
first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.market.oews import national
from pipelines.occupations.oews_codes import joint_code

#: May whose codes and employment the moves are in.
CODES_OF = 2018
#: Two columns of inflow that agree to this relative difference are one CPS code's: sizes are
#: rounded to whole persons, the smallest is 849.
_SAME = 1e-3


def landing(soc_2010_code: str, codes: set[str]) -> str | None:
    """The survey's code that holds a SOC 2010 code; None where none does (the armed forces).

    Examples
    --------
    >>> landing("29-2071", {"29-2070", "29-2000"})
    '29-2070'
    """
    steps = (
        soc_2010_code,
        joint_code(soc_2010_code, CODES_OF),
        f"{soc_2010_code[:6]}0",
        f"{soc_2010_code[:5]}00",
        f"{soc_2010_code[:4]}000",
        f"{soc_2010_code[:2]}-0000",
    )
    return next((step for step in steps if step in codes), None)


def crosswalk(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Shares of each SOC 2018 code by code of the survey.

    Returns
    -------
    DataFrame
        ``soc_code``, ``code``, ``share`` (of the SOC code's workers; sums to 1 over a SOC code),
        sorted by both. SOC codes that land nowhere are absent.
    """
    walk = tables["soc_2010_to_2018"]
    codes = set(tables["move_codes"]["code"])
    rows = national(tables["wages"])
    jobs = rows[rows["year"] == CODES_OF].drop_duplicates("soc_code").set_index("soc_code")
    where = {c: landing(c, codes) for c in walk["soc_2010_code"].unique()}
    own = set(walk.loc[walk["soc_2010_code"] == walk["soc_code"], "soc_code"])
    both = walk["soc_2010_code"].isin(own) & walk["soc_code"].isin(own)
    walk = walk[~both | (walk["soc_2010_code"] == walk["soc_code"])]
    frame = walk.assign(code=walk["soc_2010_code"].map(where)).dropna(subset=["code"])
    mass = frame["weight"] * frame["soc_2010_code"].map(jobs["employment"])
    by = frame["soc_code"]
    total = mass.groupby(by).transform(lambda part: part.sum(skipna=False))
    # Where OEWS does not publish an origin alone (it merges some), the origins weigh the same.
    parts = by.groupby(by).transform("size")
    frame["share"] = (mass / total).where(total > 0, 1 / parts)
    return frame.groupby(["soc_code", "code"], as_index=False)["share"].sum()


@dataclass(frozen=True)
class Cells:
    """The observed moves as matrices over the survey's codes.

    Attributes
    ----------
    codes : ndarray of str, shape (k,)
        The codes, sorted.
    share : ndarray, shape (k, k)
        Share of each origin's workers (rows) by code now; zero rows where not surveyed.
    people : ndarray, shape (k,)
        Survey weights of the origin, added up over all years; 0 where it is not surveyed.
    surveyed : ndarray of bool, shape (k,)
        Whether the moves of the origin are in the table.
    twins : ndarray of int, shape (k,)
        Codes with the same number share one CPS code: moves between them are an artefact of
        splitting it by employment.
    """

    codes: np.ndarray
    share: np.ndarray
    people: np.ndarray
    surveyed: np.ndarray
    twins: np.ndarray

    def leavers(self) -> np.ndarray:
        """Shares of each origin's workers who changed occupation, by destination, shape (k, k).

        Staying, and moves within one CPS code, count as no change.
        """
        return np.where(self.twins[:, None] == self.twins[None], 0.0, self.share)

    def merged(self) -> Cells:
        """The same with codes that share one CPS code as one, its name theirs joined by "+".

        The parts' rows repeat each other, so the row of the whole is their mean by size; columns
        and sizes add up.
        """
        part = (self.twins[:, None] == np.unique(self.twins)[None]).astype(float)
        people = part.T @ self.people
        weight = part * np.where(self.people > 0, self.people, 0)[:, None]
        share = weight.T @ self.share @ part / np.where(people > 0, people, 1)[:, None]
        names = np.array(["+".join(self.codes[one > 0]) for one in part.T], dtype=object)
        surveyed = part.T @ self.surveyed > 0
        return Cells(names, share, people, surveyed, np.arange(len(names)))


def cells(tables: Mapping[str, pd.DataFrame]) -> Cells:
    """The table ``observed_moves`` as matrices; see `Cells`."""
    moves = tables["observed_moves"]
    codes = np.array(sorted(tables["move_codes"]["code"]), dtype=object)
    k = len(codes)
    row = pd.Index(codes).get_indexer(moves["from_code"])
    column = pd.Index(codes).get_indexer(moves["to_code"])
    known = (row >= 0) & (column >= 0)
    row, column, moves = row[known], column[known], moves[known]
    share, people, now = np.zeros((k, k)), np.zeros(k), np.zeros(k)
    share[row, column] = moves["share"]
    people[row], now[column] = moves["from_people"], moves["to_people"]
    surveyed = np.zeros(k, dtype=bool)
    surveyed[row] = True
    return Cells(codes, share, people, surveyed, _twins(share, people, now, surveyed))


def _twins(
    share: np.ndarray, people: np.ndarray, now: np.ndarray, surveyed: np.ndarray
) -> np.ndarray:
    """Numbers of the CPS codes, by rows that repeat each other or columns that do.

    One CPS code that was split by employment gives its parts the same shares of outflow, and
    the same shares of inflow over their own size.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    inflow = share * people[:, None] / np.where(now > 0, now, np.inf)
    links = [_equal_rows(inflow.T), _equal_rows(np.where(surveyed[:, None], share, 0))]
    pairs = np.array(sum(links, [])).reshape(-1, 2)
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), (len(share),) * 2)
    return connected_components(graph, directed=False)[1]


def _equal_rows(matrix: np.ndarray) -> list[tuple[int, int]]:
    """Pairs of rows that are the same, and not all zero; by their sums first."""
    total = matrix.sum(1)
    order = np.argsort(total, kind="stable")
    found = []
    for a, b in zip(order[:-1], order[1:], strict=True):
        if total[a] > 0 and np.allclose(matrix[a], matrix[b], rtol=_SAME, atol=0):
            found.append((int(a), int(b)))
    return found
