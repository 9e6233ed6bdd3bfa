"""Change of a mean between two years: within occupations, and between them.

Kitagawa (1955), known in economics as the Oaxaca-Blinder decomposition with averaged weights:
with shares s and rates r, S1 - S0 = sum of (r1 - r0)(s0 + s1)/2, what occupations themselves
changed by, plus sum of (s1 - s0)(r0 + r1)/2, what the mix of occupations changed by. The two
add up exactly, without a remainder.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipelines.base.errors import UsageError
from pipelines.base.records import records
from pipelines.market.lookback import EXPOSURE_COLUMN
from pipelines.market.oews import REFERENCE_YEAR
from pipelines.market.prices import cpi_may

#: Redraws of the published estimates for standard errors.
N_DRAWS = 400
_NO_ERROR = "standard error not known: OEWS does not publish that of every occupation"


def kitagawa(
    size0: np.ndarray, rate0: np.ndarray, size1: np.ndarray, rate1: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Contribution of each group to the change of the weighted mean rate.

    Parameters
    ----------
    size0, size1 : ndarray, (..., n)
        Sizes (workers) at the start and the end; each row has a positive sum.
    rate0, rate1 : ndarray, (..., n)
        Rates at the start and the end.

    Returns
    -------
    within, between : ndarray, (..., n)
        Their sums over the last axis add up to the change of the mean. ``between`` is measured
        from the mean of both years, so that a group that grew counts as raising the mean only
        where its rate is above it; that changes no sum, because shares add up to 1.
    """
    s0 = size0 / size0.sum(axis=-1, keepdims=True)
    s1 = size1 / size1.sum(axis=-1, keepdims=True)
    middle = (rate0 + rate1) / 2
    mean = ((s0 + s1) / 2 * middle).sum(axis=-1, keepdims=True)
    return (rate1 - rate0) * (s0 + s1) / 2, (s1 - s0) * (middle - mean)


def _draw(rng: np.random.Generator, value: np.ndarray, relative: np.ndarray) -> np.ndarray:
    """Estimates as they might have come out, by their relative standard errors; above 0.

    Missing where the error is: without one nobody knows how else they might have come out.
    """
    noise = rng.standard_normal((N_DRAWS, len(value))) * relative
    return np.maximum(value * (1 + noise), 1e-9)


def decompose(
    units: pd.DataFrame,
    measure: str,
    start: int,
    end: int,
    prices: pd.DataFrame,
    base_year: int | None = None,
    seed: int = 0,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The change of the workforce's mean exposure or mean real wage, in two parts.

    Parameters
    ----------
    units : DataFrame
        From `lookback.units`.
    measure : str
        "exposure": the rate is one number a unit, measured once, so that the part within
        occupations is 0 by construction: these data cannot see how the work itself changed.
        "pay": annual mean wage in dollars of `base_year`, measured in both years. What changes
        inside a unit of several codes counts as within.
    start, end : int
        OEWS years.
    prices : DataFrame
        Table ``price_index``.
    base_year : int, optional
        Year of the dollars (default: `end`).
    seed : int
        Of the redraws for standard errors.

    Returns
    -------
    total : DataFrame
        One row: ``measure``, ``start``, ``end``, ``base_year``, ``mean_start``, ``mean_end``;
        ``change``, ``within``, ``between`` with ``_se`` each (OEWS's errors carried through by
        redrawing the estimates; exposure is taken as given; missing where a unit has no published
        error, which is not an error of 0); ``within_measured``; ``coverage``
        (share of the employment of `end` that the units with figures hold); ``n``.
    parts : DataFrame
        ``major``, ``within``, ``between``, ``share_start``, ``share_end`` by SOC major group,
        largest contribution first.

    Raises
    ------
    UsageError
        No unit has figures in both years.
    """
    held = units.assign(e0=units[f"employment_{start}"], e1=units[f"employment_{end}"])
    if measure == "pay":
        dollars = cpi_may(base_year or end, prices)
        held = held.assign(
            r0=held[f"pay_{start}"] * dollars / cpi_may(start, prices),
            r1=held[f"pay_{end}"] * dollars / cpi_may(end, prices),
        )
    else:
        held = held.assign(r0=held[measure], r1=held[measure])
    held = held.dropna(subset=["e0", "e1", "r0", "r1"])
    if held.empty:
        raise UsageError(measure, f"no unit has it in {start} and {end}", "Choose other years")
    e0, e1, r0, r1 = (held[c].to_numpy(float) for c in ("e0", "e1", "r0", "r1"))
    within, between = kitagawa(e0, r0, e1, r1)
    rng = np.random.default_rng(seed)
    d0, d1 = (
        _draw(rng, e, held[f"employment_rse_{y}"].to_numpy()) for e, y in ((e0, start), (e1, end))
    )
    if measure == "pay":
        q0, q1 = (
            _draw(rng, r, held[f"pay_rse_{y}"].to_numpy()) for r, y in ((r0, start), (r1, end))
        )
    else:
        q0, q1 = (np.broadcast_to(r, d0.shape) for r in (r0, r1))
    drawn = [part.sum(axis=1) for part in kitagawa(d0, q0, d1, q1)]
    mean0, mean1 = float(np.average(r0, weights=e0)), float(np.average(r1, weights=e1))
    total = {
        "measure": measure,
        "start": start,
        "end": end,
        "base_year": base_year or end,
        "mean_start": mean0,
        "mean_end": mean1,
        "change": mean1 - mean0,
        "change_se": float(np.std(drawn[0] + drawn[1], ddof=1)),
        "within": float(within.sum()),
        "within_se": float(np.std(drawn[0], ddof=1)),
        "between": float(between.sum()),
        "between_se": float(np.std(drawn[1], ddof=1)),
        "within_measured": measure == "pay",
        "coverage": float(e1.sum() / units[f"employment_{end}"].sum()),
        "n": len(held),
    }
    parts = pd.DataFrame(
        {
            "major": held["major"].to_numpy(),
            "within": within,
            "between": between,
            "share_start": e0 / e0.sum(),
            "share_end": e1 / e1.sum(),
        }
    )
    parts = parts.groupby("major", as_index=False).sum()
    size = (parts["within"] + parts["between"]).abs()
    order = size.sort_values(ascending=False, kind="stable").index
    return pd.DataFrame([total]), parts.loc[order].reset_index(drop=True)


def workforce(
    frames: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]],
    found: list[int],
    prices: pd.DataFrame,
) -> tuple[pd.DataFrame, dict[tuple[str, str, int, int], pd.DataFrame]]:
    """The decompositions of exposure and of pay, before and after the tools, for each workforce.

    Parameters
    ----------
    frames : mapping
        Name of a workforce ("all", "technicians") to its units: groups, for the years across
        2018, and single codes, for the years after.
    found : list of int
        OEWS years, from `comparable.years`.
    prices : DataFrame
        Table ``price_index``.

    Returns
    -------
    totals : DataFrame
        Rows of `decompose` with ``workforce`` and ``population_share``: the share of the
        workforce's jobs in `REFERENCE_YEAR`, single codes, that the units of the span hold.
    parts : dict
        (workforce, measure, start, end) -> contributions by major group.
    """
    rows, parts = [], {}
    spans = ((found[0], REFERENCE_YEAR), (REFERENCE_YEAR, found[-1]))
    for name, both in frames.items():
        jobs = [units[f"employment_{REFERENCE_YEAR}"].sum() for units in both]
        for measure in (EXPOSURE_COLUMN, "pay"):
            for units, held, (start, end) in zip(both, jobs, spans, strict=True):
                total, part = decompose(units, measure, start, end, prices, found[-1])
                share = float(held / jobs[-1])
                rows.append(total.assign(workforce=name, population_share=share))
                parts[name, measure, start, end] = part
    return pd.concat(rows, ignore_index=True), parts


def technician_groups(
    units: pd.DataFrame, technicians: set[str], pairs: pd.DataFrame
) -> pd.DataFrame:
    """The comparable groups all of whose codes are technician occupations.

    A group whose largest code is one may hold far more of others: that of software developers
    holds millions. Nothing is taken for a technician that is none; what that leaves out is
    `workforce`'s ``population_share``.

    Parameters
    ----------
    units : DataFrame
        From `lookback.units` by group.
    technicians : set of str
        SOC codes, from `bridge.technician_codes`.
    pairs : DataFrame
        From `bridge.bridge`.
    """
    codes = pairs.dropna(subset=["soc_code"])
    whole = codes["soc_code"].isin(sorted(technicians)).groupby(codes["group"]).all()
    return units[units["group"].map(whole).eq(True)]


def decomposition_sentences(totals: pd.DataFrame) -> list[str]:
    """The decompositions in sentences."""
    lines = []
    for row in records(totals):
        who = "all occupations" if row["workforce"] == "all" else "technician occupations"
        span = f"{row['start']}-{row['end']}"
        known = np.isfinite(row["change_se"])
        if row["measure"] == EXPOSURE_COLUMN:
            error = f"standard error {row['change_se']:.4f}" if known else _NO_ERROR
            lines.append(
                f"{span}, {who}: mean exposure, weighted by jobs, went from "
                f"{row['mean_start']:.4f} to {row['mean_end']:.4f} ({row['change']:+.4f}, "
                f"{error}), all of it between occupations. The part within them is 0 by "
                "construction: exposure is measured once."
            )
        else:
            error = f"standard error {row['change_se']:,.0f}" if known else _NO_ERROR
            within, between = (
                f"${row[part]:+,.0f}" + (f" ({row[f'{part}_se']:,.0f})" if known else "")
                for part in ("within", "between")
            )
            lines.append(
                f"{span}, {who}: mean real wage, weighted by jobs, changed by "
                f"${row['change']:+,.0f} ({error}) in dollars of {row['base_year']}: {within} "
                f"within occupations, {between} by their mix."
            )
    lines += _populations(totals)
    return [line.replace("$+", "+$").replace("$-", "-$") for line in lines]


def _populations(totals: pd.DataFrame) -> list[str]:
    """Why the year that two spans share has two means, where they differ."""
    lines = []
    for (who, measure), rows in totals.groupby(["workforce", "measure"], sort=False):
        if measure != EXPOSURE_COLUMN or rows["start"].nunique() != 2:
            continue
        before, after = records(rows.sort_values("start"))
        first, second = (f"{v:.4f}" for v in (before["mean_end"], after["mean_start"]))
        if first == second:
            continue
        why = (
            "across the change of classification only groups of technician occupations alone can "
            f"be followed, which hold {100 * before['population_share']:.0f} percent of the jobs "
            "that the second span starts with"
            if who == "technicians"
            else "the first span holds groups of codes, and a group has a figure only where its "
            "codes have"
        )
        lines.append(
            f"The mean exposure of {before['end']} is {first} at the end of the first span and "
            f"{second} at the start of the second, because they do not hold quite the same jobs: "
            f"{why}. Wages differ for this reason too."
        )
    return lines
