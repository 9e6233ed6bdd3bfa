"""How a move is judged: feasibility and benefit, with every term visible.

feasibility = fit x schooling, each 0 to 1:
  fit         the root of likeness x commonness: s / (s + 0.05) with s = the ranker's probability
              that the two are alike (0.002 where it does not list the pair), and c / (c + 0.005)
              with c = the chance that somebody who leaves goes there, fitted to observed moves
              (`moves.model`: size, likeness, what neighbors did, profiles, job zones, schooling,
              pay, experience, license)
  schooling   1 / (1 + years / 4), years = usual full-time years of additional schooling; in
              another field, at least those of the destination's own program
benefit = 0.7 x pay + 0.15 x openings + 0.15 x exposure, each 0 to 1:
  pay         wage gain over twice the present wage plus gain: 0.5 = the same wage
  openings    yearly openings / (openings + 10 thousand)
  exposure    0.5 - change of exposure / 2
The chance is estimated; that likeness and commonness count alike, and the weights of the benefit,
are judgments, stated here and in docs/METHODS.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipelines.pathways.schooling.credentials import credential_level
from pipelines.pathways.schooling.education import level_index

if TYPE_CHECKING:
    from pipelines.pathways.routes.network import PathwayData

HALF_FIT, HALF_CHANCE, HALF_YEARS, HALF_OPENINGS = 0.05, 0.005, 4.0, 10.0
#: Likeness of a pair that is not among the 50 most similar.
LEAST_LIKENESS = 0.002
#: What matters most to a worker: weights of the benefit, and the years of schooling that halve
#: feasibility.
PRIORITY_WEIGHTS = {
    "balance": {"pay": 0.7, "openings": 0.15, "exposure": 0.15, "half_years": HALF_YEARS},
    "pay": {"pay": 0.9, "openings": 0.05, "exposure": 0.05, "half_years": HALF_YEARS},
    "exposure": {"pay": 0.0, "openings": 0.0, "exposure": 1.0, "half_years": HALF_YEARS},
    "automation": {"pay": 0.0, "openings": 0.0, "exposure": 0.0, "half_years": HALF_YEARS},
    "schooling": {"pay": 0.7, "openings": 0.15, "exposure": 0.15, "half_years": 1.0},
}
#: Priorities of which the benefit is the share of a present score that the move takes away; what
#: does not lower the score is not listed.
LOWERED = ("exposure", "automation")


def step_fit(similarity: np.ndarray, chance: np.ndarray | None = None) -> np.ndarray:
    """Feasibility of a step without its schooling: the root of likeness x commonness.

    Parameters
    ----------
    similarity, chance : ndarray of one shape
        See `PathwayData`; without a chance the likeness alone counts.
    """
    alike = np.maximum(similarity, LEAST_LIKENESS)
    alike = alike / (alike + HALF_FIT)
    common = alike if chance is None else chance / (chance + HALF_CHANCE)
    # Twelve digits, so that a browser, which is sent the number, ranks alike.
    return np.round(np.sqrt(alike * common), 12)


def schooling_term(years: np.ndarray, half_years: float | np.ndarray = HALF_YEARS) -> np.ndarray:
    """The schooling term of feasibility."""
    return 1 / (1 + np.asarray(years) / half_years)


def benefit(
    data: PathwayData, origin: np.ndarray, to: np.ndarray, matters: str = "balance"
) -> np.ndarray:
    """Benefit of ending in `to` for someone from `origin`, 0 to 1, by `PRIORITY_WEIGHTS`.

    Where exposure or the automation score matters most (`LOWERED`) it is the share of the present
    score that the move takes away: 0 where it takes none or either is not known.
    """
    if matters in LOWERED:
        score = data.exposure if matters == "exposure" else data.automation
        with np.errstate(invalid="ignore", divide="ignore"):
            falls = (score[origin] - score[to]) / score[origin]
        return np.nan_to_num(np.maximum(falls, 0.0), posinf=0.0)
    weights = PRIORITY_WEIGHTS[matters]
    pay = data.wage[to] / (data.wage[to] + data.wage[origin])
    openings = data.openings[to] / (data.openings[to] + HALF_OPENINGS)
    change = data.exposure[to] - data.exposure[origin]
    return (
        weights["pay"] * np.nan_to_num(pay, nan=0.5)
        + weights["openings"] * np.nan_to_num(openings)
        + weights["exposure"] * (0.5 - np.nan_to_num(change) / 2)
    )


def rank_value(
    feasibility: np.ndarray | pd.Series, benefit: np.ndarray | pd.Series
) -> np.ndarray | pd.Series:
    """What routes are ranked by, everywhere: feasibility x benefit, the largest first."""
    return feasibility * benefit


def schooling_open(years: np.ndarray, held: int, cap: int | None = None) -> np.ndarray:
    """Between which levels of education a step is open to a worker; this is the only place.

    Open: what has to be added is within the limit, and schooling that was added on the way is not
    wasted on an occupation that asks for less.

    Parameters
    ----------
    years : ndarray, shape (2, 8, 8)
        Of schooling to add: `PathwayData.years`.
    held : int
        Position in `EDUCATION_LEVELS` of the education that the worker starts with.
    cap : int, optional
        Highest level that a step may ask for where schooling has to be added; -1 for none at all.

    Returns
    -------
    ndarray of bool
        Shape of `years`: own field (see `own_field`), level before the step, level asked for.
    """
    level = np.arange(years.shape[1])
    before, asked = level[:, None], level[None, :]
    wasted = (before > held) & (asked < before)
    within = np.ones_like(years, dtype=bool) if cap is None else (asked <= cap) | (years == 0)
    return within & ~wasted


def most_years(years: np.ndarray, cap: int | None = None) -> float:
    """Years of schooling that a route may add in all: those from a diploma to the limit.

    So that "one certificate" is one. `years` and `cap` as in `schooling_open`.
    """
    return np.inf if cap is None else float(years[0, 1, cap]) if cap > 1 else 0.0


def start_level(
    data: PathwayData, origin: int, education: str | None, held: Sequence[str] = ()
) -> int:
    """Position of the stated education, or of the origin's typical one where none is stated.

    Credentials held that ask for a higher level lift it to that level.
    """
    stated = int(data.level[origin]) if education is None else level_index(education)
    return max(stated, credential_level(held))
