"""The look back with error in exposure taken out, and with exposure by who labeled the tasks.

Slopes are of the specification that was asked first, in percent per year; see `robustness`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipelines.market.lookback import (
    EXPOSURE_COLUMN,
    MAIN_SPECIFICATION,
    MIN_UNITS,
    OUTCOME_NAMES,
    percent,
    sample,
    windows,
)
from pipelines.market.oews import years
from pipelines.market.prices import price_index
from pipelines.market.regression import Fit, difference, interval
from pipelines.market.robustness import DIFFERENCE, fitted, samples

_CORRECTED_COLUMNS = [
    "outcome", "window", "n", "reliability", "effect_tenth", "se_tenth", "tenth_low", "tenth_high",
    "corrected", "corrected_se", "corrected_low", "corrected_high",
]  # fmt: skip
#: The same exposure by who labeled the tasks; only ours has every occupation.
LABEL_SOURCES = (EXPOSURE_COLUMN, "eloundou_human_beta", "eloundou_gpt4_beta")


def errors_in_variables(units: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The main slopes of our exposure if its errors were classical ones.

    A regressor that is the truth plus an error independent of it pulls a slope toward 0 by the
    reliability, the share of its variance that is no error (Fuller 1987, section 1.2). The errors
    are those of the intervals of exposure (`lookback.units`), the shares weighted as the
    regression is. A score that is the expected label, as a calibrated one is, has errors
    independent of itself instead (Berkson 1950), and pulls nothing: both ends are given.

    Returns
    -------
    DataFrame
        ``outcome, window, n, reliability``; percent per year by a tenth: ``effect_tenth``,
        ``tenth_low, tenth_high`` as it comes and ``corrected``, ``corrected_se``,
        ``corrected_low, corrected_high`` (jackknife over major groups, which estimates slope and
        reliability anew; t with one degree of freedom less than groups). No row where fewer than
        `lookback.MIN_UNITS` units have an exposure with an error.
    """
    spans, prices = windows(years(tables["wages"])), price_index(tables)
    before, after = list(spans)[:2]
    known = units.dropna(subset=["exposure_se"])
    rows = []
    for outcome in MAIN_SPECIFICATION.outcomes:
        held = {
            name: sample(known, MAIN_SPECIFICATION, outcome, EXPOSURE_COLUMN, spans[name], prices)
            for name in (before, after)
        }
        for names in ((before,), (after,), (after, before)):
            parts = [held[name] for name in names]
            if min(map(len, parts)) < MIN_UNITS:
                continue
            groups = sorted(set.intersection(*(set(part["major"]) for part in parts)))
            found = _contrast(parts)
            left = np.array([_contrast([p[p["major"] != g] for p in parts]) for g in groups])
            # `found` and `left`: slope as it comes, and corrected.
            size = len(groups)
            se = np.sqrt((size - 1) / size * ((left - found) ** 2).sum(axis=0))
            ends = [interval(b, s, size - 1) for b, s in zip(found, se, strict=True)]
            tenth = [percent(value / 10) for pair in ends for value in pair]
            rows.append(
                {"outcome": OUTCOME_NAMES[outcome],
                 "window": names[0] if len(names) == 1 else DIFFERENCE,
                 "n": min(map(len, parts)),
                 "reliability": reliability(parts[0]) if len(parts) == 1 else np.nan,
                 "effect_tenth": percent(found[0] / 10), "se_tenth": 10 * se[0],
                 "tenth_low": tenth[0], "tenth_high": tenth[1],
                 "corrected": percent(found[1] / 10), "corrected_se": 10 * se[1],
                 "corrected_low": tenth[2], "corrected_high": tenth[3]}
            )  # fmt: skip
    return pd.DataFrame(rows, columns=_CORRECTED_COLUMNS)


def reliability(rows: pd.DataFrame) -> float:
    """Share of the weighted variance of exposure over rows of `lookback.sample` free of error."""
    w = rows["start_jobs"] / rows["start_jobs"].sum()
    variance = w @ rows["x"] ** 2 - (w @ rows["x"]) ** 2
    return float(1 - w @ rows["exposure_se"] ** 2 / variance)


def _contrast(parts: list[pd.DataFrame]) -> np.ndarray:
    """Slope as it comes and over its reliability, of one part or of the first less the second."""
    slopes = []
    for part in parts:
        w = part["start_jobs"] / part["start_jobs"].sum()
        x = part["x"] - w @ part["x"]
        slope = (w * x) @ part["change"] / ((w * x) @ x)
        slopes.append(np.array([slope, slope / reliability(part)]))
    return slopes[0] if len(slopes) == 1 else slopes[0] - slopes[1]


def by_label_source(units: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The main slopes with exposure as our scorer, people and GPT-4 label tasks.

    Our scorer was trained on these labels: where a task has one, ours is no independent measure.

    Returns
    -------
    DataFrame
        ``units`` ("all that have it", or "those that all three have"), ``measure`` (of
        `LABEL_SOURCES`), ``outcome, window, n``, ``effect_tenth``, ``tenth_low, tenth_high``
        (95% by major group) in percent per year; no rows of a measure that too few units have.
    """
    before, after = list(windows(years(tables["wages"])))[:2]
    common = units.dropna(subset=list(LABEL_SOURCES))
    rows = []
    for name, frame in (("all that have it", units), ("those that all three have", common)):
        held: dict[tuple[str, str], dict[str, Fit]] = {}
        sizes: dict[tuple[str, str, str], tuple[int, int]] = {}
        for one in samples(frame, tables, list(LABEL_SOURCES)):
            if one.window in (before, after):
                own = held.setdefault((one.measure, one.outcome), {})
                own[one.window] = fitted(one.rows, "major")
                key = (one.measure, one.outcome, one.window)
                sizes[key] = (len(one.rows), one.rows["major"].nunique())
        for (measure, outcome), fits in held.items():
            if len(fits) < 2:
                continue
            found = {w: (fits[w].coefficients[1], fits[w].se[1]) for w in (before, after)}
            found[DIFFERENCE] = difference(fits[after], fits[before], 1)[:2]
            for window, (slope, se) in found.items():
                asked = (before, after) if window == DIFFERENCE else (window,)
                n, majors = (min(sizes[measure, outcome, w][i] for w in asked) for i in (0, 1))
                low, high = interval(slope, se, majors - 1)
                rows.append(
                    {"units": name, "measure": measure, "outcome": OUTCOME_NAMES[outcome],
                     "window": window, "n": n, "effect_tenth": percent(slope / 10),
                     "tenth_low": percent(low / 10), "tenth_high": percent(high / 10)}
                )  # fmt: skip
    columns = ["units", "measure", "outcome", "window", "n", "effect_tenth", "tenth_low",
               "tenth_high"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
