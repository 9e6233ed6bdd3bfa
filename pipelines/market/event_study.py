"""Exposure and what came of jobs and pay year by year, against the year of the break.

ChatGPT was opened on 30 November 2022. The coefficient of exposure in each OEWS year, on the
change since May 2022, shows when a relation appears: before the break there should be none, and a
trend that was there before goes on through it. OEWS blurs this: each May's estimate pools six
panels, one every half year, so neighboring years share four of six, the first May with a panel
after the break has one of six, and a sudden change looks like a ramp of three years.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from pipelines.base.errors import UsageError
from pipelines.market.lookback import (
    EXPOSURE_COLUMN,
    MAIN_SPECIFICATION,
    MIN_UNITS,
    OUTCOME_NAMES,
    percent,
)
from pipelines.market.oews import years
from pipelines.market.regression import fit, interval

#: The last OEWS year before the tools could be used by all.
BREAK_YEAR = 2022
#: When ChatGPT was opened to all.
OPENED = date(2022, 11, 30)
#: Panels that an estimate pools: this May's and the five before it, half a year apart.
N_PANELS = 6
PLACEBO, REFERENCE, AFTER = "placebo", "reference", "after"
EVENT_COLUMNS = (
    "outcome", "year", "kind", "n", "n_major", "effect_tenth", "tenth_low", "tenth_high",
    "se_tenth", "panels_shared", "panels_after",
)  # fmt: skip


def panels(year: int) -> list[date]:
    """The panels behind the estimate of a May, newest first (the 12th stands for the month)."""
    return [date(year - k // 2 - (k % 2), 11 if k % 2 else 5, 12) for k in range(N_PANELS)]


def balanced(units: pd.DataFrame, outcome: str, found: list[int]) -> pd.DataFrame:
    """Units with exposure and the outcome in every year, and jobs in the year of the break.

    The same units in every year: otherwise a coefficient could move with who is counted.
    """
    need = [EXPOSURE_COLUMN, "major", f"employment_{BREAK_YEAR}"]
    rows = units.dropna(subset=[*need, *(f"{outcome}_{year}" for year in found)])
    positive = (rows[[f"{outcome}_{year}" for year in found]] > 0).all(axis=1)
    return rows[positive & (rows[f"employment_{BREAK_YEAR}"] > 0)]


def event_study(units: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Coefficient of our exposure by year, relative to the year of the break.

    For each year t: ln Y_t - ln Y_break = a + b × exposure + error, over units that have every
    year, weighted by jobs in the year of the break; with the same units and weights throughout
    this is the regression with effects of unit and year. Inflation moves a, and not b.

    Parameters
    ----------
    units : DataFrame
        From `lookback.units`.
    tables : mapping
        wages.

    Returns
    -------
    DataFrame
        `EVENT_COLUMNS`: ``outcome, year``, ``kind`` ("placebo": before the break, "reference":
        0 by construction, "after"), ``n`` units, ``n_major`` groups; percent by a tenth of
        exposure since the break (before it: until then, with the sign turned), with 95%
        intervals by major group (CR3, t with one degree of freedom less than groups) and
        ``se_tenth``; ``panels_shared`` with the year of the break and ``panels_after`` the
        opening, each of `N_PANELS`. Years that the data lack have no row.

    Raises
    ------
    UsageError
        The data lack the year of the break, years before or after it, or have too few units.
    """
    found = years(tables["wages"])
    if BREAK_YEAR not in found[1:-1]:
        raise UsageError(
            "table wages", f"national OEWS years are {found}; {BREAK_YEAR} is needed, and years "
            "before and after it", "Run outlook refresh, or use --offline",
        )  # fmt: skip
    rows = []
    for outcome in MAIN_SPECIFICATION.outcomes:
        held = _enough(balanced(units, outcome, found))
        base = np.log(held[f"{outcome}_{BREAK_YEAR}"])
        for year in found:
            shared = len(set(panels(year)) & set(panels(BREAK_YEAR)))
            after = sum(panel > OPENED for panel in panels(year))
            kind = PLACEBO if year < BREAK_YEAR else REFERENCE if year == BREAK_YEAR else AFTER
            values = [0.0] * 4
            if year != BREAK_YEAR:
                values = _slope(held, np.log(held[f"{outcome}_{year}"]) - base)
            rows.append(
                [OUTCOME_NAMES[outcome], year, kind, len(held), held["major"].nunique(), *values,
                 shared, after]
            )  # fmt: skip
    return pd.DataFrame(rows, columns=list(EVENT_COLUMNS))


def break_in_trend(units: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Yearly coefficient of exposure after the break less that before it, units of `event_study`.

    Returns
    -------
    DataFrame
        ``outcome``, ``window`` ("2015-2022" and so on, "difference"), ``n``, ``effect_tenth``,
        ``tenth_low, tenth_high``, ``se_tenth``: percent per year by a tenth, 95% by major group.
    """
    found = years(tables["wages"])
    first, last = found[0], found[-1]
    rows = []
    for outcome in MAIN_SPECIFICATION.outcomes:
        held = _enough(balanced(units, outcome, found))
        start, mid, end = (np.log(held[f"{outcome}_{y}"]) for y in (first, BREAK_YEAR, last))
        before, after = (mid - start) / (BREAK_YEAR - first), (end - mid) / (last - BREAK_YEAR)
        for name, change in (
            (f"{first}-{BREAK_YEAR}", before), (f"{BREAK_YEAR}-{last}", after),
            ("difference", after - before),
        ):  # fmt: skip
            rows.append([OUTCOME_NAMES[outcome], name, len(held), *_slope(held, change)])
    columns = ["outcome", "window", "n", "effect_tenth", "tenth_low", "tenth_high", "se_tenth"]
    return pd.DataFrame(rows, columns=columns)


def _enough(held: pd.DataFrame) -> pd.DataFrame:
    if len(held) < MIN_UNITS:
        raise UsageError(
            "event study", f"only {len(held)} units have exposure and every year",
            "Run outlook refresh, or use --offline",
        )  # fmt: skip
    return held


def _slope(held: pd.DataFrame, change: pd.Series) -> list[float]:
    """Slope of a change on exposure by a tenth in percent, its 95% interval and its error."""
    x = np.column_stack([np.ones(len(held)), held[EXPOSURE_COLUMN]])
    weights = held[f"employment_{BREAK_YEAR}"].to_numpy(float)
    found = fit(change.to_numpy(float), x, weights, held["major"].to_numpy())
    slope, se = found.coefficients[1], found.se[1]
    low, high = interval(slope, se, held["major"].nunique() - 1)
    return [*(percent(value / 10) for value in (slope, low, high)), 10 * se]


def missing_years(tables: Mapping[str, pd.DataFrame]) -> list[int]:
    """Years between the first and the last that the data have no national figures of."""
    found = years(tables["wages"])
    return [year for year in range(found[0], found[-1]) if year not in found]


def event_headline(trend: pd.DataFrame) -> str:
    """One sentence on both outcomes for the head of the figure."""
    new = trend[trend["window"] == "difference"].set_index("outcome")
    clear = [
        word
        for outcome, word in (("employment", "jobs"), ("real mean pay", "wages"))
        if new.loc[outcome, "tenth_low"] > 0 or new.loc[outcome, "tenth_high"] < 0
    ]
    if not clear:
        return (
            f"Neither jobs nor wages of more exposed occupations took a clearly different course "
            f"after {BREAK_YEAR}"
        )
    return (
        f"After {BREAK_YEAR} the {' and the '.join(clear)} of more exposed occupations took a "
        "clearly different course"
    )


def event_sentences(table: pd.DataFrame, trend: pd.DataFrame, missing: list[int]) -> list[str]:
    """What `event_study` and `break_in_trend` found; an interval that holds 0 is said to."""
    lines = []
    for outcome, rows in table.groupby("outcome", sort=False):
        word = "Jobs" if outcome == "employment" else "Wages"
        parts = []
        for kind, name in ((PLACEBO, "placebo years"), (AFTER, "years after")):
            own = rows[rows["kind"] == kind]
            clear = own[(own["tenth_low"] > 0) | (own["tenth_high"] < 0)]
            said = f" ({', '.join(map(str, clear['year']))})" if len(clear) else ""
            parts.append(f"{len(clear)} of {len(own)} {name}{said}")
        new = trend[(trend["outcome"] == outcome) & (trend["window"] == "difference")].iloc[0]
        clear_break = new["tenth_low"] > 0 or new["tenth_high"] < 0
        verdict = "differs clearly from" if clear_break else "does not differ clearly from"
        lines.append(
            f"{word}: the interval excludes 0 in {' and '.join(parts)}. By a tenth more exposure "
            f"the trend after {BREAK_YEAR} {verdict} the one before: "
            f"{new['effect_tenth']:+.2f} percent per year ({new['tenth_low']:+.2f} to "
            f"{new['tenth_high']:+.2f})."
        )
    lines.append(
        f"Each estimate pools {N_PANELS} panels of three years: of those of "
        + "; ".join(
            f"{year}, {after}"
            for year, after in table.loc[table["kind"] == AFTER, ["year", "panels_after"]]
            .drop_duplicates()
            .itertuples(index=False)
        )
        + " came after the tools. A sudden change would look like a ramp."
    )
    if missing:
        lines.append(f"Not in the data: {', '.join(map(str, missing))}.")
    return lines
