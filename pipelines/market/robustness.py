"""What a referee asks of the look back: clustered errors and many tests.

All of it is the specification that was asked first (`lookback.MAIN_SPECIFICATION`) with other
errors or another regressor. Effects are percent per year, as in `lookback.lookback`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipelines.market import clusters
from pipelines.market.clusters import Score
from pipelines.market.lookback import (
    EXPOSURE_COLUMN,
    MAIN_SPECIFICATION,
    MIN_HELD,
    MIN_UNITS,
    OUTCOME_NAMES,
    percent,
    sample,
    spread,
    windows,
)
from pipelines.market.oews import years
from pipelines.market.prices import price_index
from pipelines.market.regression import Fit, difference, fit, interval

#: Where a slope counts as found.
LEVEL = 0.05
DIFFERENCE = "difference"
#: How significance is counted: column of `every_test` and what it takes.
COUNTED = {
    "p_hc3": "HC3, each test by itself",
    "p_major": "by major group (CR3)",
    "p_two_way": "by major group and education",
    "p_wild": "wild cluster bootstrap",
    "holm_hc3": "HC3, after Holm",
    "holm_major": "by major group, after Holm",
    "romano_wolf": "Romano-Wolf",
}


@dataclass(frozen=True)
class Sample:
    """The rows of one regression: `measure`, `outcome` (key of `OUTCOME_NAMES`), `window`."""

    measure: str
    outcome: str
    window: str
    rows: pd.DataFrame


def samples(
    units: pd.DataFrame, tables: Mapping[str, pd.DataFrame], measures: Sequence[str]
) -> Iterator[Sample]:
    """The rows of every regression by the main specification that these data can fit.

    Parameters
    ----------
    units : DataFrame
        From `lookback.units`.
    tables : mapping
        wages, price_index.
    measures : sequence of str
        Columns of `units`.
    """
    spans, prices = windows(years(tables["wages"])), price_index(tables)
    for measure in measures:
        if units[measure].notna().sum() < MIN_HELD * units[EXPOSURE_COLUMN].notna().sum():
            continue
        for outcome in MAIN_SPECIFICATION.outcomes:
            for name, window in spans.items():
                rows = sample(units, MAIN_SPECIFICATION, outcome, measure, window, prices)
                if len(rows) >= MIN_UNITS:
                    yield Sample(measure, outcome, name, rows)


def fitted(rows: pd.DataFrame, cluster: str) -> Fit:
    """The main regression of rows of `lookback.sample`, with errors clustered by a column."""
    x = np.column_stack([np.ones(len(rows)), rows["x"]])
    columns = (rows[name].to_numpy(float) for name in ("change", "start_jobs"))
    y, weights = columns
    return fit(y, x, weights, rows[cluster].to_numpy())


def every_test(
    units: pd.DataFrame, tables: Mapping[str, pd.DataFrame], measures: Sequence[str], seed: int = 0
) -> pd.DataFrame:
    """Slopes of all measures, outcomes and windows by the main specification, tested every way.

    Parameters
    ----------
    units, tables, measures
        See `samples`.
    seed : int
        Of the wild cluster bootstrap.

    Returns
    -------
    DataFrame
        ``outcome, measure, window`` ("difference": the second window less the first), ``main``
        (the two windows that were asked for first, and their difference), ``n``, ``n_major``
        (major groups), ``n_education`` (levels of typical education); percent per year by one
        standard deviation of the measure: ``effect_sd``, ``se_hc3``, ``se_major``,
        ``se_two_way`` (missing where its variance is not positive), ``sd_low, sd_high`` (95% by
        major group, t with one degree of freedom less than groups); p by `COUNTED`.
    """
    levels = pd.Index(sorted(units["major"].dropna().unique()))
    education = units["education"].fillna("not published")
    codes = pd.DataFrame(
        {
            "major_code": levels.get_indexer(units["major"]),
            "education_code": pd.factorize(education, sort=True)[0],
        },
        index=units.index,
    )
    held: dict[tuple[str, str], dict[str, Sample]] = {}
    for one in samples(units, tables, measures):
        held.setdefault((one.measure, one.outcome), {})[one.window] = one
    found = years(tables["wages"])
    before, after = list(windows(found))[:2]
    weights = clusters.draws(len(levels), seed=seed)
    rows, ts, drawn = [], [], []
    for (measure, outcome), by_window in held.items():
        asked: list[tuple[str, ...]] = [(name,) for name in by_window]
        if {before, after} <= by_window.keys():
            asked.append((after, before))
        for names in asked:
            parts = [by_window[name].rows.join(codes) for name in names]
            row, score = _tested(parts, len(levels))
            window = names[0] if len(names) == 1 else DIFFERENCE
            scale = spread(units, measure)
            rows.append(
                {"outcome": OUTCOME_NAMES[outcome], "measure": measure, "window": window,
                 "main": window in (before, after, DIFFERENCE), **_scaled(row, scale)}
            )  # fmt: skip
            t, t_drawn = clusters.bootstrap_t(score, weights)
            ts.append(t)
            drawn.append(t_drawn)
    out = pd.DataFrame(rows)
    t_found, t_drawn = np.array(ts), np.array(drawn)
    out["p_wild"] = clusters.bootstrap_p(t_found, t_drawn)
    for name in ("hc3", "major"):
        out[f"holm_{name}"] = clusters.holm(out[f"p_{name}"].to_numpy())
    out["romano_wolf"] = clusters.romano_wolf(t_found, t_drawn)
    # Of the three columns that stand for one question, the adjustment is over that question alone.
    main = out["main"].to_numpy()
    for name in ("hc3", "major"):
        out.loc[main, f"holm_{name}_main"] = clusters.holm(out.loc[main, f"p_{name}"].to_numpy())
    out.loc[main, "romano_wolf_main"] = clusters.romano_wolf(t_found[main], t_drawn[main])
    return out


def _tested(parts: list[pd.DataFrame], n_clusters: int) -> tuple[dict[str, float], Score]:
    """One slope, or the first part's less the second's, with its errors, and its `Score`."""
    single = [fitted(part, "group") for part in parts]
    major = [fitted(part, "major") for part in parts]
    n_major = min(part["major"].nunique() for part in parts)
    n_education = min(part["education_code"].nunique() for part in parts)
    if len(parts) == 1:
        slope, hc3, df = single[0].coefficients[1], single[0].se[1], single[0].df
        se = major[0].se[1]
    else:
        slope, hc3, df = difference(single[0], single[1], 1)
        se = difference(major[0], major[1], 1)[1]
    arrays = [
        clusters.Part(
            part["change"].to_numpy(float), part["x"].to_numpy(float),
            part["start_jobs"].to_numpy(float), part["major_code"].to_numpy(),
            part["education_code"].to_numpy(),
        )
        for part in parts
    ]  # fmt: skip
    two_way = clusters.two_way_se(arrays)
    low, high = interval(slope, se, n_major - 1)
    row = {
        "n": min(len(part) for part in parts), "n_major": n_major, "n_education": n_education,
        "slope": slope, "hc3": hc3, "major": se, "two_way": two_way, "low": low, "high": high,
        "p_hc3": p_value(slope, hc3, df), "p_major": p_value(slope, se, n_major - 1),
        "p_two_way": p_value(slope, two_way, min(n_major, n_education) - 1),
    }  # fmt: skip
    if len(arrays) == 1:
        return row, clusters.score(arrays[0], n_clusters)
    return row, clusters.difference_score(arrays[0], arrays[1], n_clusters)


def _scaled(row: dict[str, float], sd: float) -> dict[str, float]:
    """Slopes and errors of `_tested` by one standard deviation, in percent."""
    kept = ("n", "n_major", "n_education", "p_hc3", "p_major", "p_two_way")
    return {
        "effect_sd": percent(row["slope"] * sd),
        "sd_low": percent(row["low"] * sd), "sd_high": percent(row["high"] * sd),
        **{f"se_{name}": 100 * row[name] * sd for name in ("hc3", "major", "two_way")},
        "measure_sd": sd, **{name: row[name] for name in kept},
    }  # fmt: skip


def p_value(estimate: float, se: float, df: int) -> float:
    """Two-sided p by Student's t; missing where the error is."""
    from scipy import stats

    return float(2 * stats.t.sf(abs(estimate) / se, df))


def counts(tests: pd.DataFrame) -> pd.DataFrame:
    """How many slopes differ from 0 at 5%, before and after adjusting for their number.

    Parameters
    ----------
    tests : DataFrame
        From `every_test`.

    Returns
    -------
    DataFrame
        ``family``, ``tests``, ``by_chance`` (what 5% of them are), and a column each of
        `COUNTED`.
    """
    main = tests[tests["main"]]
    adjusted = [name for name in COUNTED if f"{name}_main" in tests]
    main = main.assign(**{name: main[f"{name}_main"] for name in adjusted})
    rows = [
        {"family": family, "tests": len(part), "by_chance": LEVEL * len(part)}
        | {name: int((part[name] < LEVEL).sum()) for name in COUNTED}
        for family, part in (("asked first", main), ("all windows", tests))
    ]
    return pd.DataFrame(rows)


def counts_sentence(row: Mapping[str, Any]) -> str:
    """A row of `counts` in words."""
    found = ", ".join(f"{row[name]:.0f} {said}" for name, said in COUNTED.items())
    return (
        f"Of {row['tests']:.0f} slopes ({row['family']}) these differ from 0 at "
        f"{100 * LEVEL:.0f} percent, {row['by_chance']:.1f} expected by chance: {found}."
    )
