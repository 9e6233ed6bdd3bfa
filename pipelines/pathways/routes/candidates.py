"""Which occupations a step may lead to: the table ``route_steps`` of a release.

Of every occupation up to `N_CANDIDATES` destinations: the best of its field, of changes of field
and of sideways moves, by `judgment.step_fit` at the nation's wages; all of them among the 50 most
similar, or of a program or family of programs that leads to both. Made when a release is made,
because the chances of all moves take seconds and a question must not.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipelines.pathways.moves.model import chances
from pipelines.pathways.moves.observed import Observed
from pipelines.pathways.routes.judgment import HALF_FIT, step_fit
from pipelines.pathways.routes.network import OBSERVED_COLUMNS, PathwayData, pathway_data
from pipelines.pathways.routes.rules import one_field, open_steps, sideways_steps
from pipelines.pathways.schooling.credentials import advancement_pairs
from pipelines.pathways.schooling.fields import MOST_OCCUPATIONS, families, shared

#: Destinations of an occupation; a browser reads which are open from the bits of one number.
N_CANDIDATES = 30
#: Of these, how many are kept for ways up in the field, changes of field, and sideways moves.
QUOTAS = (14, 10, 6)
#: Significant digits of a chance: more than the model knows.
_DIGITS = 3


def route_steps(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The table ``route_steps``.

    Returns
    -------
    DataFrame
        ``from_soc``, ``rank`` (by `judgment.step_fit`), ``to_soc``, ``similarity`` (0 to 1; 0 for
        an occupation that is not among the 50 most similar), ``chance`` (that somebody who leaves
        goes there, `moves.model`), ``in_field`` (`rules.one_field`); ``observed_share``,
        ``observed_low``, ``observed_high``, ``observed_status`` (`moves.observed`).
    """
    data = pathway_data(tables, tables["occupation_exposure"], tables["similar_occupations"])
    codes = data.table.index.to_numpy()
    similarity, chance = _similarities(data), _chances(tables, codes)
    fit = step_fit(similarity, chance)
    every = np.tile(np.arange(len(codes)), (len(codes), 1))
    up = open_steps(data, every)
    program, family = (families(tables, codes, whole=whole) for whole in (True, False))
    in_field = one_field(
        codes,
        shared(program, MOST_OCCUPATIONS),
        shared(family, MOST_OCCUPATIONS) & (similarity >= HALF_FIT),
        tables["task_dwas"],
        advancement_pairs(),
    )
    near = in_field | shared(family, MOST_OCCUPATIONS) | (similarity > 0)
    aside = np.array([sideways_steps(data, i, every[i]) for i in range(len(codes))]) & ~up
    order = np.argsort(-fit, axis=1, kind="stable")
    kind = np.select([up & in_field, up & near, aside & near], [0, 1, 2], default=3)
    kind = np.take_along_axis(kind, order, axis=1)
    kept = np.zeros(kind.shape, dtype=bool)
    for section, quota in enumerate(QUOTAS):
        own = kind == section
        kept |= own & (np.cumsum(own, axis=1) <= quota)
    # What a quota leaves free goes to the best of the others; what is no move at all is left out.
    rank = np.where(kept, 0, 1) + np.where(kind == 3, 2, 0)
    first = np.argsort(rank, axis=1, kind="stable")[:, :N_CANDIDATES]
    first = np.sort(first, axis=1)  # back in the order of fit
    to = np.take_along_axis(order, first, axis=1)
    real = np.take_along_axis(kind, first, axis=1) < 3
    row, column = np.nonzero(real)
    place = to[row, column]
    digits = 10 ** (_DIGITS - 1 - np.floor(np.log10(np.maximum(chance[row, place], 1e-12))))
    found = pd.DataFrame(
        {
            "from_soc": codes[row],
            "rank": np.cumsum(real, axis=1)[row, column],
            "to_soc": codes[place],
            "similarity": similarity[row, place].round(4),
            "chance": np.round(chance[row, place] * digits) / digits,
            "in_field": in_field[row, place],
        }
    ).astype({"from_soc": "str", "to_soc": "str"})
    return found.merge(_observed(tables, found), on=["from_soc", "to_soc"], validate="1:1")


def _observed(tables: Mapping[str, pd.DataFrame], steps: pd.DataFrame) -> pd.DataFrame:
    """What the survey says of each step; a code that it does not know is not measured."""
    columns = ["share_of_leavers", "low", "high", "status"]
    keys = ["from_soc", "to_soc"]
    seen = Observed(tables).between(steps["from_soc"], steps["to_soc"])[[*keys, *columns]]
    numbers = seen[columns[:3]].astype("float64").round(4)
    return seen.assign(**numbers).rename(columns=dict(zip(columns, OBSERVED_COLUMNS, strict=True)))


def _similarities(data: PathwayData) -> np.ndarray:
    found = np.zeros((len(data.to), len(data.to)))
    row, column = np.nonzero(data.to >= 0)
    found[row, data.to[row, column]] = data.score[row, column]
    return found


def _chances(tables: Mapping[str, pd.DataFrame], codes: np.ndarray) -> np.ndarray:
    """Chances between the occupations; 0 from and to codes that hold several."""
    found = chances(tables)
    at = pd.Index(found.codes).get_indexer(codes)
    known = np.flatnonzero(at >= 0)
    out = np.zeros((len(codes), len(codes)))
    out[np.ix_(known, known)] = found.probability[np.ix_(at[known], at[known])]
    return out
