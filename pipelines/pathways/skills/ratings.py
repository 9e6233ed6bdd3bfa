"""O*NET's ratings of two occupations compared on its own scales, with their standard errors."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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


def averaged(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of `ratings` of one end of a move with their ``weight`` in its mean."""
    return rows.assign(weight=1 / rows.groupby(_KEYS)["value"].transform("size"))


@cache
def _editions(named: frozenset[str]) -> str:
    """The editions of the values that are compared, newest first: O*NET 30.1 and 18.1."""
    parts = sorted(named, key=lambda v: [int(n) for n in v.split(".")], reverse=True)
    return "O*NET " + " and ".join(parts)


def compare(origin: pd.DataFrame, destination: pd.DataFrame) -> pd.DataFrame:
    """One row an element and scale that is rated at either end.

    Parameters
    ----------
    origin, destination : DataFrame
        Results of `averaged`.

    Returns
    -------
    DataFrame
        The columns of `pathways.gaps.skill_gaps` on ratings.
    """
    rows = pd.concat([origin.assign(weight=-origin["weight"]), destination], ignore_index=True)
    if rows.empty:
        return rows
    # An occupation that stands at both ends cancels, and so does its error.
    units = rows.groupby([*_KEYS, "unit", "edition"], as_index=False).agg(
        weight=("weight", "sum"), error=("error", "first")
    )
    units["variance"] = (units["weight"] * units["error"]) ** 2
    table = units.groupby(_KEYS).agg(variance=("variance", "sum"))
    about = rows.groupby(_KEYS)
    table = table.join(
        about.agg(
            element_name=("element_name", "first"),
            source=("edition", frozenset),
            published=("published", "all"),
            suppressed=("recommend_suppress", "any"),
        )
    )
    table["source"] = table["source"].map(_editions)
    for end, part in (("from", origin), ("to", destination)):
        own = part.groupby(_KEYS)
        mean = own["value"].mean()
        table[f"{end}_value"] = mean.reindex(table.index)
        table[f"{end}_rated"] = own["month"].min().dt.strftime("%Y-%m").reindex(table.index)
        flag = own["not_relevant"].all().reindex(table.index)
        table[f"{end}_irrelevant"] = flag.fillna(False).astype(bool)
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
    suppressed = table["suppressed"].astype(bool)
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
