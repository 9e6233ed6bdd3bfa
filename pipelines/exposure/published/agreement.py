"""Where measures of exposure agree: rank correlations with intervals, spread, reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from pipelines.base.language import curated, marked
from pipelines.base.language import translated as _
from pipelines.base.records import records
from pipelines.base.words import joined, listed
from pipelines.exposure.published.meanings import meanings

#: Our own scores among the measures; the first is compared with all of them.
OWN_MEASURE, OWN_AUTOMATION = "outlook_exposure", "outlook_automation"
OWN_MEASURES = (OWN_MEASURE, OWN_AUTOMATION)
OWN_MEASURE_NAME = marked("Task exposure, our scorer (software could help)")
OWN_AUTOMATION_NAME = marked("Automation score, our scorer (software could do it by itself)")
#: Percentiles apart from which measures are said to disagree: more than a quarter of occupations.
DISAGREEMENT_PERCENTILES = 25.0
#: Fewest occupations that a correlation is given for.
MIN_OCCUPATIONS = 10
#: Why a measure has no value.
NOT_MEASURED = "not measured in the data in use"
NO_LICENSE = "not in the snapshot: no license is stated"
_Z_95 = 1.959963984540054
_COLUMNS = [
    "measure", "name", "short", "value", "percentile", "n_occupations", "ambiguous", "unit",
    "vintage", "classification", "licence", "address", "in_spread", "percentile_low",
    "percentile_high", "missing",
]  # fmt: skip


def rank_correlation(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float]:
    """Spearman's correlation with its 95% interval.

    The interval is Fisher's transform with the variance (1 + r² / 2) / (n − 3) of Bonett and
    Wright (2000), Psychometrika 65. Missing (nan) for fewer than `MIN_OCCUPATIONS` pairs, or
    where a side does not vary.
    """
    n = len(x)
    if n < MIN_OCCUPATIONS or np.ptp(x) == 0 or np.ptp(y) == 0:
        return (np.nan,) * 3
    ranks = pd.DataFrame({"x": x, "y": y}).rank()
    r = float(np.clip(np.corrcoef(ranks["x"], ranks["y"])[0, 1], -1, 1))
    if abs(r) > 1 - 1e-12:
        return r, r, r
    half = _Z_95 * np.sqrt((1 + r * r / 2) / (n - 3))
    return r, float(np.tanh(np.arctanh(r) - half)), float(np.tanh(np.arctanh(r) + half))


def measure_agreement(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Table ``measure_agreement``: every pair of measures, over SOC codes that have both.

    Means over the O*NET occupations of a SOC code: a study that rates SOC codes gives them all
    one value, and to count it several times would make the intervals too narrow.

    Returns
    -------
    DataFrame
        measure, other (in alphabetical order), n (SOC codes), spearman, low, high.
    """
    ours = tables["occupation_exposure"][["onet_soc_code", "exposure"]]
    ours = ours.rename(columns={"exposure": "value"}).assign(measure=OWN_MEASURE)
    rows = pd.concat([tables["measures"][["onet_soc_code", "measure", "value"]], ours])
    soc = rows["onet_soc_code"].str[:7]
    wide = rows.groupby([soc, "measure"])["value"].mean().unstack("measure")
    found = []
    for one, other in combinations(sorted(wide.columns), 2):
        both = wide[[one, other]].dropna()
        r, low, high = rank_correlation(both[one].to_numpy(), both[other].to_numpy())
        found.append((one, other, float(len(both)), r, low, high))
    columns = ["measure", "other", "n", "spearman", "low", "high"]
    return pd.DataFrame(found, columns=columns)


def matrix(agreement: pd.DataFrame) -> pd.DataFrame:
    """The pairs as a symmetric matrix of correlations, ones on the diagonal."""
    names = sorted({*agreement["measure"], *agreement["other"]})
    flipped = agreement.rename(columns={"measure": "other", "other": "measure"})
    both = pd.concat([agreement, flipped])
    wide = both.pivot(index="measure", columns="other", values="spearman")
    wide = wide.reindex(index=names, columns=names)
    return wide.where(~np.eye(len(names), dtype=bool), 1.0)


def side_by_side(
    rows: pd.DataFrame, exposure: pd.DataFrame | None = None, snapshot: bool = False
) -> pd.DataFrame:
    """Every measure of one occupation, missing ones too.

    Parameters
    ----------
    rows : DataFrame
        The occupation's rows of ``measures``.
    exposure : DataFrame, optional
        Its row of ``occupation_exposure``, for our own scores; with the columns n_occupations and
        percentile_low, percentile_high (`exposure.occupation.ranks`), and for the automation score
        place_low, place_high. Without an automation score it has no row.
    snapshot : bool
        Whether the rows are the embedded snapshot's, which no measure without a license is in.

    Returns
    -------
    DataFrame
        measure, name, short, value, percentile, n_occupations, ambiguous, unit, vintage,
        classification, licence, address, in_spread, percentile_low, percentile_high, missing;
        value and percentile are missing where the release has no such measure of the occupation,
        and ``missing`` says why ("" else). percentile_low and percentile_high, the 90% interval
        of the place, are ours alone: the data hold no errors of the others.
    """
    own = None if exposure is None or exposure.empty else records(exposure)[0]
    out = measure_rows({row["measure"]: row for row in records(rows)}, own, snapshot)
    return pd.DataFrame(out, columns=_COLUMNS)


def measure_rows(
    held: Mapping[str, Mapping[str, Any]],
    own: Mapping[str, Any] | None = None,
    snapshot: bool = False,
) -> list[dict[str, Any]]:
    """`side_by_side` as rows. `held` is its rows by measure, `own` the row of our own scores."""
    out: list[tuple[Any, ...]] = []
    if own is not None:
        out.append(
            (OWN_MEASURE, OWN_MEASURE_NAME, "Tasks, our scorer", own["exposure"], own["percentile"],
             own["n_occupations"], False, "0 to 1", "this release", "O*NET task", "MIT", "", False,
             own.get("percentile_low", np.nan), own.get("percentile_high", np.nan), "")
        )  # fmt: skip
        if pd.notna(own.get("automation_score")):
            out.append(
                (OWN_AUTOMATION, OWN_AUTOMATION_NAME, "By itself, our scorer",
                 own["automation_score"], own["automation_percentile"], own["n_occupations"], False,
                 "0 to 1", "this release", "O*NET task", "MIT", "", False,
                 own.get("place_low", np.nan), own.get("place_high", np.nan), "")
            )  # fmt: skip
    for name, m in meanings().items():
        row = held.get(name)
        figures = (
            (np.nan, np.nan, np.nan, False)
            if row is None
            else (row["value"], row["percentile"], row["n_occupations"], bool(row["ambiguous"]))
        )
        why = NO_LICENSE if snapshot and not m.may_be_passed_on else NOT_MEASURED
        out.append(
            (name, m.name, m.short, *figures, m.unit, m.vintage, m.classification, m.licence,
             m.address, m.spread, np.nan, np.nan, why if row is None else "")
        )  # fmt: skip
    return [dict(zip(_COLUMNS, row, strict=True)) for row in out]


def percentile_spread(frame: pd.DataFrame) -> dict[str, float]:
    """Of the percentiles in the spread: n, lowest, highest, range, q1, median, q3, iqr.

    `frame` as from `side_by_side`. All but n are missing where fewer than two measures exist.
    """
    return _spread([row["percentile"] for row in _in_spread(records(frame))])


def _in_spread(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [row for row in rows if row["in_spread"] and pd.notna(row["percentile"])]


def _spread(values: Sequence[float]) -> dict[str, float]:
    names = ("lowest", "q1", "median", "q3", "highest")
    n = float(len(values))
    if len(values) < 2:
        return {"n": n} | dict.fromkeys((*names, "range", "iqr"), np.nan)
    points = dict(zip(names, np.percentile(values, [0, 25, 50, 75, 100]), strict=True))
    return {
        "n": n, **points,
        "range": points["highest"] - points["lowest"], "iqr": points["q3"] - points["q1"],
    }  # fmt: skip


def agreement_sentence(frame: pd.DataFrame) -> str:
    """In plain words whether the measures agree on an occupation, and if not, why.

    `frame` as from `side_by_side`.
    """
    return said_agreement(records(frame))


def said_agreement(rows: Iterable[Mapping[str, Any]]) -> str:
    """`agreement_sentence` of the rows of `measure_rows`."""
    held = sorted(_in_spread(rows), key=lambda row: (row["percentile"], row["measure"]))
    of = _spread([row["percentile"] for row in held])
    if of["n"] < 2:
        return _("Fewer than two published measures of exposure cover this occupation here.")
    low, high = held[0], held[-1]
    found = {"n": f"{of['n']:.0f}", "low": f"{of['lowest']:.0f}", "high": f"{of['highest']:.0f}"}
    if of["range"] <= DISAGREEMENT_PERCENTILES:
        return _(
            "{n} published measures put this occupation above {low} to {high} percent of "
            "occupations: they agree within {range} percentiles.",
            range=f"{of['range']:.0f}", **found,
        )  # fmt: skip
    why = meanings()
    first = _(
        "{n} published measures put this occupation above {low} to {high} percent of "
        "occupations: they disagree.", **found,
    )  # fmt: skip
    highest = _(
        "The highest, “{name}”, looks at {what}; it is high where {where}.",
        name=curated(high["short"]), what=curated(why[high["measure"]].looks_at),
        where=curated(why[high["measure"]].rises_with),
    )  # fmt: skip
    lowest = _(
        "The lowest, “{name}”, looks at {what}; it is high where {where}.",
        name=curated(low["short"]), what=curated(why[low["measure"]].looks_at),
        where=curated(why[low["measure"]].rises_with),
    )  # fmt: skip
    text = joined([first, highest, lowest], " ")
    coarse = [row["short"] for row in (high, low) if row["ambiguous"]]
    if coarse:
        names = listed([_("“{name}”", name=curated(name)) for name in coarse])
        more = _("The codes of {names} do not match one to one with this occupation's.",
                 names=names)  # fmt: skip
        text = joined([text, more], " ")
    return text


def spreads(measures: pd.DataFrame) -> pd.DataFrame:
    """Spread of every occupation: onet_soc_code, n, lowest, q1, median, q3, highest, range, iqr."""
    counted = [name for name, m in meanings().items() if m.spread]
    by = measures[measures["measure"].isin(counted)].groupby("onet_soc_code")["percentile"]
    out = by.quantile([0, 0.25, 0.5, 0.75, 1]).unstack()
    out.columns = pd.Index(["lowest", "q1", "median", "q3", "highest"])
    out.insert(0, "n", by.size().astype(float))
    out = out.assign(range=out["highest"] - out["lowest"], iqr=out["q3"] - out["q1"])
    out.loc[out["n"] < 2, out.columns[1:]] = np.nan
    return out.reset_index()
