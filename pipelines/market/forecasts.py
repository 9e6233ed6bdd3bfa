"""BLS's projections as forecasts: what was foreseen for an occupation, and what came so far.

Two yardsticks, neither perfect. OEWS has standard errors but counts wage and salary jobs only; its
window starts in the reference year, a year before 2022-32. BLS's own next base year counts what
the projection counts, self-employed included, but has no published error.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipelines.base.records import records
from pipelines.market.bridge import technician_codes
from pipelines.market.oews import REFERENCE_YEAR, national, years
from pipelines.market.outlook import latest_projections

#: Resamplings of occupations for the intervals of a correlation.
N_DRAWS = 1000


def _yearly(ratio: pd.Series, span: float | pd.Series) -> pd.Series:
    """Percent a year, compounded."""
    return 100 * (ratio ** (1 / span) - 1)


def projected(projections: pd.DataFrame) -> pd.DataFrame:
    """Projected growth by decade.

    Returns
    -------
    DataFrame
        Index soc_code; for each decade D ("2022-32"): ``projected_D`` (percent per year,
        compounded); ``base_D`` (thousand jobs at its start).
    """
    rows = projections[projections["occupation_type"] == "Line item"]
    parts = []
    for (base, target), part in rows.groupby(["base_year", "target_year"]):
        own = part.drop_duplicates("soc_code").set_index("soc_code")
        name = f"{base}-{target % 100:02d}"
        ratio = own["employment_target"] / own["employment_base"]
        parts.append(_yearly(ratio, target - base).rename(f"projected_{name}"))
        parts.append(own["employment_base"].rename(f"base_{name}"))
    return pd.concat(parts, axis=1)


def forecasts(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Projected growth beside what happened, for every occupation that BLS projects.

    Parameters
    ----------
    tables : mapping
        projections, wages, occupations, soc_2010_to_2018, onet_soc_to_soc.

    Returns
    -------
    DataFrame
        ``soc_code``, ``title``, ``is_technician``, ``employment`` (newest OEWS); columns of
        `projected`; for OEWS windows W ("2021-2025", and "2024-2025" from the last but one year):
        ``actual_W`` (percent per year), ``actual_se_W``; ``difference`` (the older decade's
        projection taken from OEWS since the reference year), ``difference_low`` and ``_high``
        (95%, OEWS's errors only); ``matrix_actual`` (percent per year between the base years of
        the two newest decades, BLS's own count) and ``matrix_difference``. All growth in percent
        a year. The error of the last year alone takes its two estimates as independent; they
        share two thirds of their panels, so it is rather too wide.
    """
    from scipy import stats

    out = projected(tables["projections"])
    detailed = national(tables["wages"])
    by_year = {
        year: rows.drop_duplicates("soc_code").set_index("soc_code")
        for year, rows in detailed[detailed["soc_vintage"] == "2018"].groupby("year")
    }
    found = [y for y in years(tables["wages"]) if y >= REFERENCE_YEAR]
    spans = list(dict.fromkeys([(found[0], found[-1]), (found[-2], found[-1])]))
    for start, end in spans:
        first, last = by_year[start].reindex(out.index), by_year[end].reindex(out.index)
        growth = _yearly(last["employment"] / first["employment"], end - start)
        relative = np.hypot(first["employment_rse"], last["employment_rse"]) / 100
        out[f"actual_{start}-{end}"] = growth
        out[f"actual_se_{start}-{end}"] = (100 + growth) * relative / (end - start)
    decades = [c.removeprefix("projected_") for c in out if c.startswith("projected_")]
    window = f"{spans[0][0]}-{spans[0][1]}"
    older = out[f"projected_{decades[0]}"]
    out["difference"] = out[f"actual_{window}"] - older
    reach = stats.norm.ppf(0.975) * out[f"actual_se_{window}"]
    out["difference_low"], out["difference_high"] = (
        out["difference"] - reach,
        out["difference"] + reach,
    )
    out["matrix_actual"] = np.nan
    if len(decades) > 1:
        a, b = decades[-2:]
        span = int(b[:4]) - int(a[:4])
        out["matrix_actual"] = _yearly(out[f"base_{b}"] / out[f"base_{a}"], span)
    out["matrix_difference"] = out["matrix_actual"] - older
    titles = latest_projections(tables["projections"])["title"]
    codes = technician_codes(tables)
    out.insert(0, "title", titles.reindex(out.index))
    out.insert(1, "is_technician", out.index.isin(sorted(codes)))
    out.insert(2, "employment", by_year[found[-1]]["employment"].reindex(out.index))
    return out.rename_axis("soc_code").reset_index()


def forecast_accuracy(
    frame: pd.DataFrame, tables: Mapping[str, pd.DataFrame], seed: int = 0
) -> pd.DataFrame:
    """How good the older decade's projection has been, beside two simple forecasts.

    Parameters
    ----------
    frame : DataFrame
        From `forecasts`.
    tables : mapping
        wages: for the trend of the years before.
    seed : int
        Of the resampling.

    Returns
    -------
    DataFrame
        ``against`` ("OEWS 2021-2025" or "BLS's own base years 2022-2024"), ``occupations`` (all
        or technicians), ``forecast`` ("BLS", "the trend before" or "the same for all"), ``n``,
        ``pearson``, ``spearman`` (unweighted: every occupation counts alike) with 95% intervals
        from resampling occupations, ``mean_error`` (mean absolute error weighted by jobs,
        percentage points per year) and ``mean_error_unweighted``. The same for all is the mean of
        what happened, weighted by jobs: a forecast that nobody had, and so a hard one to beat.
    """
    found = years(tables["wages"])
    detailed = national(tables["wages"])
    before = detailed[detailed["year"] == found[0]].set_index("soc_code")["employment"]
    after = detailed[detailed["year"] == REFERENCE_YEAR].set_index("soc_code")["employment"]
    trend = _yearly(after / before, REFERENCE_YEAR - found[0])
    decades = [c.removeprefix("projected_") for c in frame if c.startswith("projected_")]
    window = f"{REFERENCE_YEAR}-{found[-1]}"
    own = f"BLS's own base years {'-'.join(d[:4] for d in decades[-2:])}"
    yardsticks = {f"OEWS {window}": f"actual_{window}", own: "matrix_actual"}
    rows = []
    rng = np.random.default_rng(seed)
    for against, column in yardsticks.items():
        for who, part in (("all", frame), ("technicians", frame[frame["is_technician"]])):
            part = part.assign(trend=part["soc_code"].map(trend))
            held = part.dropna(subset=[column, f"projected_{decades[0]}", "trend", "employment"])
            if len(held) < 10:
                continue
            weight, actual = held["employment"].to_numpy(), held[column].to_numpy()
            pick = rng.integers(0, len(held), (N_DRAWS, len(held)))
            for name, values in (
                ("BLS", held[f"projected_{decades[0]}"].to_numpy()),
                ("the trend before", held["trend"].to_numpy()),
                ("the same for all", np.full(len(held), np.average(actual, weights=weight))),
            ):
                row = {"against": against, "occupations": who, "forecast": name, "n": len(held)}
                if values.std() > 1e-12:
                    row |= _correlations(values, actual, pick)
                error = np.abs(values - actual)
                row["mean_error"] = float(np.average(error, weights=weight))
                row["mean_error_unweighted"] = float(error.mean())
                rows.append(row)
    return pd.DataFrame(rows)


def _correlations(x: np.ndarray, y: np.ndarray, pick: np.ndarray) -> dict[str, float]:
    from scipy import stats

    out: dict[str, float] = {}
    ranks = (stats.rankdata(x), stats.rankdata(y))
    for name, (a, b) in {"pearson": (x, y), "spearman": ranks}.items():
        # Ranks of the whole sample serve every resampling: ranking each anew changes little.
        draws = _rowwise(a[pick], b[pick])
        low, high = np.quantile(draws, [0.025, 0.975])
        out |= {name: float(_rowwise(a[None], b[None])[0])}
        out |= {f"{name}_low": float(low), f"{name}_high": float(high)}
    return out


def _rowwise(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    a, b = a - a.mean(axis=1, keepdims=True), b - b.mean(axis=1, keepdims=True)
    return (a * b).sum(axis=1) / np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))


def forecast_sentences(frame: pd.DataFrame, quality: pd.DataFrame) -> list[str]:
    """The forecasts in sentences, technicians first."""
    window = next(c.removeprefix("actual_") for c in frame if c.startswith("actual_2"))
    decade = next(c.removeprefix("projected_") for c in frame if c.startswith("projected_"))
    # Without an error nobody can say whether it is beyond it.
    held = frame[frame["is_technician"]].dropna(subset=["difference_low"])
    above, below = held["difference_low"] > 0, held["difference_high"] < 0
    lines = [
        f"Of {len(held)} technician occupations, {int(above.sum())} grew faster and "
        f"{int(below.sum())} slower in {window} than BLS's projection for {decade} says, beyond "
        "OEWS's own 95% error; the others do not differ clearly from it. A decade is not over "
        "after these years, and the window starts a year before the projection's."
    ]
    for row in records(quality[quality["forecast"] == "BLS"]):
        both = quality[
            (quality["against"] == row["against"]) & (quality["occupations"] == row["occupations"])
        ].set_index("forecast")
        rest, alike = both["mean_error"], both["mean_error_unweighted"]
        who = "all occupations" if row["occupations"] == "all" else "technician occupations"
        lines.append(
            f"Against {row['against']}, {who} (n = {row['n']}): the projection's rank correlation "
            f"with what happened is {row['spearman']:.2f} ({row['spearman_low']:.2f} to "
            f"{row['spearman_high']:.2f}); weighted by jobs, it was off by {rest['BLS']:.1f} "
            "points per year on average, continuing the trend before by "
            f"{rest['the trend before']:.1f}, the same growth for all by "
            f"{rest['the same for all']:.1f}; unweighted, where a small occupation counts as "
            f"much as a large one, {alike['BLS']:.1f}, {alike['the trend before']:.1f} and "
            f"{alike['the same for all']:.1f}."
        )
    return lines
