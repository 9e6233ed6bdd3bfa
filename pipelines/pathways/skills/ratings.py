"""O*NET's ratings of two occupations compared on its own scales, with their standard errors."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from pipelines.occupations.elements import ratings as element_ratings

#: Domain of O*NET -> what it is called here.
ELEMENT_KINDS = {"skills": "skill", "knowledge": "knowledge", "work_activities": "activity"}
#: Ends of O*NET's scales.
SCALES = {"IM": (1.0, 5.0), "LV": (0.0, 7.0)}
#: Status of a row, in the order in which rows are listed.
GAP, CARRIED, LESS, UNCLEAR, NOT_COMPARABLE = STATUSES = (
    "gap", "carries over", "less", "no clear difference", "not comparable",
)  # fmt: skip
#: Both ask much: this share of the scale or more, importance 3 of 5 or level 3.5 of 7.
HIGH_RATING_SHARE = 0.5
#: Half-width of a 95% interval in standard errors.
Z_95 = 1.96
#: The least standard error that counts. Where all raters agree, O*NET publishes 0; one of the
#: usual eight who is off by a point gives this.
MIN_STANDARD_ERROR = 0.125
#: Stands for an error that is not published: the 90th percentile of those in O*NET 29.3, so that
#: too little is claimed rather than too much. Workers rate activities as they rate knowledge.
DEFAULT_STANDARD_ERRORS = {
    ("skill", "IM"): 0.227, ("skill", "LV"): 0.313,
    ("knowledge", "IM"): 0.426, ("knowledge", "LV"): 0.671,
    ("activity", "IM"): 0.426, ("activity", "LV"): 0.671,
}  # fmt: skip
_KEYS = ["kind", "element_id", "scale"]


def ratings(
    tables: Mapping[str, pd.DataFrame], codes: Collection[str] | None = None
) -> pd.DataFrame:
    """The ratings of some O*NET occupations with their errors; `averaged` weighs them.

    Parameters
    ----------
    tables : Mapping[str, DataFrame]
        elements, elements_2010, onet_walk_2010_2019.
    codes : collection of str, optional
        O*NET-SOC codes; all unless given.

    Returns
    -------
    DataFrame
        One row a rating: ``kind, element_id, element_name, scale``, ``unit`` (code of the rated
        occupation, in SOC 2010 for O*NET 18), ``value``, ``error`` (its standard error or what
        stands for it), ``published`` (whether the error is O*NET's), ``month`` and the
        contract's columns.
    """
    frame = element_ratings(tables, ELEMENT_KINDS, codes)
    frame = frame[frame["scale_id"].isin(list(SCALES))]
    frame = frame.assign(kind=frame["domain"].map(ELEMENT_KINDS)).rename(
        columns={"scale_id": "scale"}
    )
    stand_in = [
        DEFAULT_STANDARD_ERRORS[pair] for pair in zip(frame["kind"], frame["scale"], strict=True)
    ]
    frame["published"] = frame["standard_error"].notna()
    frame["error"] = (
        frame["standard_error"]
        .clip(lower=MIN_STANDARD_ERROR)
        .where(frame["published"], pd.Series(stand_in, frame.index, dtype=float))
    )
    frame["month"] = pd.to_datetime(frame["date"], format="%m/%Y")
    return frame


@dataclass(frozen=True)
class Averaged:
    """The ratings of one end of a move, averaged over its O*NET occupations.

    Attributes
    ----------
    table : DataFrame
        Index ``kind, element_id, scale``; ``value`` (mean), ``variance`` (of the mean),
        ``rated`` (oldest month), ``irrelevant`` (in all), ``suppressed`` (in any), ``published``
        (all errors), ``element_name``, ``editions`` (a set).
    units : DataFrame
        Index the same with ``unit, edition``; ``weight`` in the mean, ``error``.
    """

    table: pd.DataFrame
    units: pd.DataFrame


def averaged(rows: pd.DataFrame) -> Averaged:
    """Rows of `ratings` of one end of a move, averaged."""
    rows = rows.assign(weight=1 / rows.groupby(_KEYS)["value"].transform("size"))
    units = rows.groupby([*_KEYS, "unit", "edition"]).agg(
        weight=("weight", "sum"), error=("error", "first")
    )
    about = rows.groupby(_KEYS)
    table = about.agg(
        value=("value", "mean"),
        rated=("month", "min"),
        irrelevant=("not_relevant", "all"),
        suppressed=("recommend_suppress", "any"),
        published=("published", "all"),
        element_name=("element_name", "first"),
        editions=("edition", frozenset),
    )
    variance = ((units["weight"] * units["error"]) ** 2).groupby(level=_KEYS).sum()
    table = table.assign(variance=variance, rated=table["rated"].dt.strftime("%Y-%m"))
    return Averaged(table, units)


@cache
def _editions(named: frozenset[str]) -> str:
    """The editions of the values that are compared, newest first: O*NET 30.1 and 18.1."""
    parts = sorted(named, key=lambda v: [int(n) for n in v.split(".")], reverse=True)
    return "O*NET " + " and ".join(parts)


def compare(origin: Averaged, destination: Averaged) -> pd.DataFrame:
    """One row an element and scale that is rated at either end.

    Returns
    -------
    DataFrame
        The columns of `pathways.gaps.skill_gaps` on ratings.
    """
    keys = origin.table.index.union(destination.table.index)
    here, there = origin.table.reindex(keys), destination.table.reindex(keys)
    if keys.empty:
        return pd.DataFrame(columns=[*_KEYS, "status"])
    editions = [
        _editions(frozenset().union(*(part for part in both if isinstance(part, frozenset))))
        for both in zip(here["editions"], there["editions"], strict=True)
    ]
    table = pd.DataFrame(
        {
            "variance": here["variance"].fillna(0).add(there["variance"].fillna(0)),
            "element_name": here["element_name"].combine_first(there["element_name"]),
            "source": editions,
            "published": _true(here["published"], True) & _true(there["published"], True),
            "suppressed": _true(here["suppressed"]) | _true(there["suppressed"]),
        },
        index=keys,
    )
    # An occupation that stands at both ends cancels, and so does its error.
    both = origin.units.join(destination.units, how="inner", suffixes=("", "_there"))
    if len(both):
        shared = 2 * both["weight"] * both["weight_there"] * both["error"] ** 2
        shared = shared.groupby(level=_KEYS).sum().reindex(keys, fill_value=0)
        table["variance"] = (table["variance"] - shared).clip(lower=0)
    for end, part in (("from", here), ("to", there)):
        table[f"{end}_value"] = part["value"]
        table[f"{end}_rated"] = part["rated"]
        table[f"{end}_irrelevant"] = _true(part["irrelevant"])
    table = table.reset_index()
    low, high = np.array([SCALES[s] for s in table["scale"]]).T
    gap = (table["to_value"] - table["from_value"]).round(9)
    known = gap.notna()
    same = known & (table["variance"] < 1e-12)
    # The ratings cancel to nothing: no difference was seen, and none could have been.
    gap = gap.mask(same)
    error = np.sqrt(table["variance"]).where(gap.notna())
    basis = table["published"].map({True: "published", False: "stand-in"})
    much = (np.minimum(table["from_value"], table["to_value"]) - low) / (
        high - low
    ) >= HIGH_RATING_SHARE
    suppressed = table["suppressed"]
    clear = gap.abs() > Z_95 * error
    status = np.select(
        [~known | same | suppressed, clear & (gap > 0), much, clear],
        [NOT_COMPARABLE, GAP, CARRIED, LESS],
        UNCLEAR,
    )
    return table.assign(
        difference=gap,
        standard_error=error,
        error_basis=basis.where(gap.notna()),
        difference_low=gap - Z_95 * error,
        difference_high=gap + Z_95 * error,
        status=status,
        note=_notes(table, same, suppressed),
    )


def _true(flags: pd.Series, unrated: bool = False) -> pd.Series:
    """Flags of one end; `unrated` where it has no rating."""
    return flags.map({True: True, False: False}).fillna(unrated).astype(bool)


def _notes(table: pd.DataFrame, same: pd.Series, suppressed: pd.Series) -> list[str | None]:
    causes = [
        (table["from_value"].isna(), "not rated in the origin"),
        (table["to_value"].isna(), "not rated in the destination"),
        (same, "rated as one occupation"),
        (suppressed, "low precision: O*NET advises against using a rating"),
        (table["from_irrelevant"], "rated not relevant in the origin"),
        (table["to_irrelevant"], "rated not relevant in the destination"),
    ]
    lines = zip(*(np.where(mask, text, "") for mask, text in causes), strict=True)
    return ["; ".join(part for part in line if part) or None for line in lines]
