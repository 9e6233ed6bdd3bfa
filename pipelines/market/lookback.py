"""The look back: did more exposed occupations lose jobs or pay, and was that so before the tools?

Yearly log changes of employment and of real mean pay are regressed on exposure over comparable
units (`pipelines.market.bridge`), in windows before and after language models could be used by all.
Nothing here says why a change came about: exposed occupations differ from others in much else.

What is asked first was settled before looking: our exposure, groups of codes weighted by their
employment at the start, no controls, 2021 to the newest year beside 2015 to 2021. Everything
else is a check of that, and is shown whatever it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.market.bridge import bridge
from pipelines.market.oews import REFERENCE_YEAR, national, years
from pipelines.market.outlook import latest_projections
from pipelines.market.panel import panel
from pipelines.market.prices import cpi_may, price_index
from pipelines.market.published import published_as
from pipelines.market.regression import Fit, difference, fit, interval

EXPOSURE_COLUMN = "exposure"
#: Columns of `units` that a regression reads beside its measure and the figures of two years.
_OF_A_UNIT = ("group", "kind", "major", "education", "exposure_se")
OUTCOME_NAMES = {
    "employment": "employment",
    "pay": "real mean pay",
    "median_pay": "real median pay",
}
#: Measures from 0 to 1 whose effect is given per tenth; all have one per standard deviation.
UNIT_SCALE_MEASURES = (EXPOSURE_COLUMN, "eloundou_human_beta", "eloundou_gpt4_beta")
#: The measures as a reader knows them; another keeps its name.
MEASURE_NAMES = {
    EXPOSURE_COLUMN: "our exposure",
    "ai_applicability": "AI applicability (working-with-ai)",
    "aioe": "AIOE",
    "lm_aioe": "AIOE, language models",
    "economic_index": "Economic Index, share of conversations",
    "telework": "teleworkability",
    "routine_cognitive": "routine cognitive work",
    "routine_manual": "routine manual work",
    "routine_task_intensity": "routine-task intensity",
} | {
    f"eloundou_{who}_{part}": f"{name}, {part}"
    for who, name in (("human", "people's labels"), ("gpt4", "GPT-4's labels"))
    for part in ("alpha", "beta", "zeta")
}
#: Use of AI that was seen after the years looked back on: it may follow what it would explain.
SEEN_AFTERWARDS = ("observed_exposure",)
#: Fewer units than this are not a sample of the labor market.
MIN_UNITS = 100
#: Share of the units with our exposure that a measure must be held for: the snapshot holds other
#: studies for technicians alone, and those say nothing of all occupations.
MIN_HELD = 0.5
#: Years between two estimates that share no panel.
MIN_SPAN = 3
#: Services that closures of 2020 and 2021 shut: food service, personal care.
SHUTDOWN_MAJOR_GROUPS = ("35", "39")
LOOKBACK_COLUMNS = (
    "outcome", "measure", "window", "specification", "unit", "n", "effective_n", "effect_tenth",
    "tenth_low", "tenth_high", "effect_sd", "sd_low", "sd_high", "se_sd", "sampling_se_sd",
    "exposure_sd", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Specification:
    """One way to ask: units, weights, controls, and which units are left out."""

    name: str
    unit: str = "group"
    weights: str = "employment"
    controls: tuple[str, ...] = ()
    only: str = ""
    outcomes: tuple[str, ...] = ("employment", "pay")


MAIN_SPECIFICATION = Specification("as asked first")
ROBUSTNESS_CHECKS = (
    Specification("every unit counts the same", weights="equal"),
    Specification("weights by precision", weights="precision"),
    Specification("same typical education and starting pay", controls=("education", "pay")),
    Specification("within major groups", controls=("major",)),
    Specification("codes that kept their meaning", only="same"),
    Specification("single codes, 2015 split by weights", unit="soc_code"),
    Specification("without food and personal services", only="open"),
    Specification("median pay", only="same", outcomes=("median_pay",)),
)


def windows(found: list[int]) -> dict[str, tuple[int, int]]:
    """Windows by name: before and after the tools, year by year around May 2021, and those that
    leave it out.

    Each year's estimate pools three years of panels, so estimates that are nearer than
    `MIN_SPAN` years share samples: no window is shorter.
    """
    first, last = found[0], found[-1]
    earlier = [year for year in found[1:] if year <= REFERENCE_YEAR - MIN_SPAN]
    later = [year for year in found if year >= REFERENCE_YEAR + MIN_SPAN]
    out = {
        f"{first}-{REFERENCE_YEAR}": (first, REFERENCE_YEAR),
        f"{REFERENCE_YEAR}-{last}": (REFERENCE_YEAR, last),
    }
    around = [(year, REFERENCE_YEAR) for year in earlier] + [
        (REFERENCE_YEAR, year) for year in later
    ]
    past = [(first, year) for year in found if year > REFERENCE_YEAR]
    return out | {f"{start}-{end}": (start, end) for start, end in around + past}


def soc_measures(
    tables: Mapping[str, pd.DataFrame], occupation_exposure: pd.DataFrame
) -> pd.DataFrame:
    """Ours and the published measures by published OEWS code: plain means over O*NET codes.

    Returns
    -------
    DataFrame
        Index soc_code; a column a measure (`exposure` is ours), and ``exposure_se``: standard
        error of ours from its 90% interval.
    """
    width = occupation_exposure["exposure_high"] - occupation_exposure["exposure_low"]
    ours = occupation_exposure[["onet_soc_code", EXPOSURE_COLUMN]].assign(
        exposure_se=width / (2 * 1.645)
    )
    wide = ours.set_index("onet_soc_code")
    if "measures" in tables:
        known = tables["measures"]
        known = known[~known["measure"].isin(SEEN_AFTERWARDS)]
        others = known.pivot(index="onet_soc_code", columns="measure", values="value")
        wide = wide.join(others, how="outer")
    code = wide.index.str[:7].map(published_as(tables, year=REFERENCE_YEAR))
    return wide.groupby(code).mean().rename_axis("soc_code")


def units(
    tables: Mapping[str, pd.DataFrame], measures: pd.DataFrame, unit: str = "group"
) -> pd.DataFrame:
    """The panel of `comparable.panel` with measures and controls of each unit.

    Returns
    -------
    DataFrame
        Columns of `panel`; each column of `measures`, the mean over a unit's codes weighted by
        their employment in the reference year, missing where less than half of that employment
        has the measure or the employment of one code is not published; ``exposure_se`` of that
        mean, missing where a code with an exposure has no error; ``major`` (SOC major group) and
        ``education`` (BLS's typical level) of its largest code; ``title`` and ``n_codes``.
    """
    out = panel(tables, unit)
    rows = national(tables["wages"])
    rows = rows[rows["year"] == REFERENCE_YEAR].set_index("soc_code")
    if unit == "group":
        member = bridge(tables).dropna(subset=["soc_code"]).drop_duplicates("soc_code")
        home = member.set_index("soc_code")["group"].reindex(rows.index).to_numpy()
    else:
        home = rows.index.to_numpy()
    jobs = rows["employment"]
    values = measures.reindex(rows.index)
    weight = values.notna().mul(jobs, axis=0)
    top = values.mul(jobs, axis=0).groupby(home).sum(min_count=1)
    held = weight.groupby(home).sum()
    by_home = jobs.groupby(home)
    whole = by_home.sum().where(by_home.count() == by_home.size())
    mean = (top / held).where(held.ge(whole / 2, axis=0))
    if "exposure_se" in mean:
        # Errors of occupations are independent: the mean of several is better known.
        square = (values["exposure_se"] * jobs) ** 2
        known = mean[EXPOSURE_COLUMN].notna() & (held["exposure_se"] == held[EXPOSURE_COLUMN])
        mean["exposure_se"] = (np.sqrt(square.groupby(home).sum()) / held[EXPOSURE_COLUMN]).where(
            known
        )
    education = latest_projections(tables["projections"])["typical_education"]
    out = out.join(mean)
    # A count: a unit without a code in the reference year has none.
    out["n_codes"] = pd.Series(home).value_counts().reindex(out.index).fillna(0).astype(int)
    return out.assign(
        major=out["soc_code"].str[:2],
        education=out["soc_code"].map(education),
        title=out["soc_code"].map(rows["title"]),
    )


def changes(
    frame: pd.DataFrame, outcome: str, start: int, end: int, prices: pd.DataFrame
) -> pd.DataFrame:
    """Yearly log change of an outcome with its sampling error.

    Parameters
    ----------
    frame : DataFrame
        From `units`.
    outcome : str
        "employment", "pay" or "median_pay".
    start, end : int
        OEWS years.
    prices : DataFrame
        Table ``price_index``.

    Returns
    -------
    DataFrame
        ``change`` (log points a year; pay after inflation) and ``se``, from OEWS's relative
        standard errors of both years taken as independent, which estimates three or more years
        apart are: they share no panel. Missing where one of the two is; OEWS publishes no error
        of a median.
    """
    span = end - start
    change = np.log(frame[f"{outcome}_{end}"] / frame[f"{outcome}_{start}"])
    if outcome != "employment":
        change = change - np.log(cpi_may(end, prices) / cpi_may(start, prices))
    if outcome == "median_pay":
        se = pd.Series(np.nan, frame.index)
    else:
        se = np.hypot(frame[f"{outcome}_rse_{start}"], frame[f"{outcome}_rse_{end}"])
    return pd.DataFrame({"change": change / span, "se": se / span})


def sample(
    frame: pd.DataFrame,
    spec: Specification,
    outcome: str,
    measure: str,
    window: tuple[int, int],
    prices: pd.DataFrame,
) -> pd.DataFrame:
    """The rows of `units` that a regression uses: group, kind, major, education, exposure_se;
    `changes`, ``x`` (the measure), ``start_jobs`` (its weight, unless the specification says
    otherwise) and ``start_pay`` (log)."""
    start, end = window
    # Hundreds of samples are drawn from one frame: each takes what a regression reads.
    out = frame[[name for name in _OF_A_UNIT if name in frame]]
    out = out.join(changes(frame, outcome, start, end, prices))
    out["x"], out["start_jobs"] = frame[measure], frame[f"employment_{start}"]
    out["start_pay"] = np.log(frame[f"pay_{start}"])
    if spec.only == "same":
        out = out[out["kind"] == "same"]
    elif spec.only == "open":
        out = out[~out["major"].isin(SHUTDOWN_MAJOR_GROUPS)]
    need = ["change", "x", "start_jobs"]
    need += ["education"] * ("education" in spec.controls) + ["start_pay"] * (
        "pay" in spec.controls
    )
    out = out.dropna(subset=need)
    return out[np.isfinite(out["change"]) & (out["start_jobs"] > 0)]


def _without_error(rows: pd.DataFrame, spec: Specification, outcome: str) -> tuple:
    """The sample that can be fitted, and what to say of the units without a published error.

    Weights by precision need the error of each unit; other weights do not, but the part of the
    result's error that sampling makes is then not known.
    """
    n = int(rows["se"].isna().sum())
    if outcome == "median_pay" or not n:
        return rows, ""
    if spec.weights == "precision":
        return rows.dropna(subset=["se"]), f"{n} units left out: no sampling error is published"
    return rows, f"sampling_se_sd is not known: no sampling error is published for {n} units"


def _fit(rows: pd.DataFrame, spec: Specification) -> Fit:
    columns = [np.ones(len(rows)), rows["x"].to_numpy(float)]
    for control in spec.controls:
        if control == "pay":
            columns.append(rows["start_pay"].to_numpy(float))
        else:
            dummies = pd.get_dummies(rows[control], drop_first=True, dtype=float)
            columns += list(dummies.to_numpy().T)
    x = np.column_stack(columns)
    y, se = rows["change"].to_numpy(float), rows["se"].to_numpy(float)
    cluster = rows["group"].to_numpy()
    weights = rows["start_jobs"].to_numpy(float)
    if spec.weights != "employment":
        weights = np.ones(len(rows))
    if spec.weights == "precision":
        # What units differ by beyond sampling error, by the method of moments.
        first = fit(y, x, weights, cluster)
        between = max(first.residual_sd**2 * first.n / first.df - (se**2).mean(), 0.0)
        # OEWS publishes an error of 0 where it counts every job (the postal service).
        weights = 1 / (between + np.maximum(se, 1e-6) ** 2)
    return fit(y, x, weights, cluster, se)


def lookback(
    tables: Mapping[str, pd.DataFrame],
    occupation_exposure: pd.DataFrame,
    frames: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Every regression of the look back.

    Parameters
    ----------
    tables : mapping
        wages, price_index, soc_2010_to_2018, onet_soc_to_soc, projections, and measures where
        held.
    occupation_exposure : DataFrame
        onet_soc_code, exposure, exposure_low, exposure_high.
    frames : mapping, optional
        `units` of these data by unit, "group" and "soc_code", where they are at hand.

    Returns
    -------
    DataFrame
        `LOOKBACK_COLUMNS`, the main rows first. ``window`` is "2015-2021" and so on, or
        "difference": after the tools less before them. Effects are percent per year: the growth
        of a unit with more exposure less that of one with less, by a tenth of the scale
        (``effect_tenth``; only measures from 0 to 1) or by one employment-weighted standard
        deviation (``effect_sd``), with 95% intervals. ``sampling_se_sd`` is the part of ``se_sd``
        that OEWS's own errors would make. Where fewer than `MIN_UNITS` units, or than `MIN_HELD`
        of them, have the measure, no effect, and ``note`` says so; it also says for how many units
        OEWS publishes no sampling error, and whether that leaves them out (weights by precision)
        or ``sampling_se_sd`` unknown.

    Raises
    ------
    UsageError
        The data lack national years before, at or after the reference year.
    """
    spans, prices = windows(years(tables["wages"])), price_index(tables)
    measures = soc_measures(tables, occupation_exposure)
    frames = frames or {unit: units(tables, measures, unit) for unit in ("group", "soc_code")}
    others = [name for name in measures if name not in (EXPOSURE_COLUMN, "exposure_se")]
    asked = [(EXPOSURE_COLUMN, spec) for spec in (MAIN_SPECIFICATION, *ROBUSTNESS_CHECKS)] + [
        (name, MAIN_SPECIFICATION) for name in others
    ]
    rows = []
    for measure, spec in asked:
        frame = frames[spec.unit]
        # One yardstick for all windows: otherwise their effects would differ by it.
        sd = spread(frame, measure)
        part = frame[measure].notna().sum() < MIN_HELD * frame[EXPOSURE_COLUMN].notna().sum()
        for outcome in spec.outcomes:
            fits: dict[str, Fit] = {}
            head = [OUTCOME_NAMES[outcome], measure]
            tail = [spec.name, spec.unit]
            for name, window in spans.items():
                used = sample(frame, spec, outcome, measure, window, prices)
                used, note = _without_error(used, spec, outcome)
                if part or len(used) < MIN_UNITS:
                    note = f"only {len(used)} units have it in these data; outlook refresh"
                    rows.append([*head, name, *tail, len(used), *[np.nan] * 10, note])
                    continue
                fits[name] = found = _fit(used, spec)
                values = (found.coefficients[1], found.se[1], found.df)
                effect = _effects(*values, sd, measure, found.sampling_se[1])
                rows.append([*head, name, *tail, found.n, found.effective_n, *effect, note])
            placebo, after = list(spans)[:2]
            if placebo in fits and after in fits:
                new = difference(fits[after], fits[placebo], 1)
                n, effective = (
                    min(getattr(fits[w], k) for w in (placebo, after)) for k in ("n", "effective_n")
                )
                effect = _effects(*new, sd, measure, np.nan)
                rows.append([*head, "difference", *tail, n, effective, *effect, ""])
    out = pd.DataFrame(rows, columns=list(LOOKBACK_COLUMNS))
    order = (out["measure"] != EXPOSURE_COLUMN).astype(int) * 2 + (
        out["specification"] != MAIN_SPECIFICATION.name
    )
    return out.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)


def spread(frame: pd.DataFrame, measure: str) -> float:
    """Employment-weighted standard deviation of a measure over units, reference year."""
    held = frame.dropna(subset=[measure, f"employment_{REFERENCE_YEAR}"])
    if held.empty:
        return np.nan
    w, x = held[f"employment_{REFERENCE_YEAR}"], held[measure]
    return float(np.sqrt(np.average((x - np.average(x, weights=w)) ** 2, weights=w)))


def _effects(
    slope: float, se: float, df: int, sd: float, measure: str, sampling: float
) -> list[float]:
    low, high = interval(slope, se, df)
    tenth = 0.1 if measure in UNIT_SCALE_MEASURES else np.nan
    return [
        *(percent(v * tenth) for v in (slope, low, high)),
        *(percent(v * sd) for v in (slope, low, high)),
        100 * se * sd,
        100 * sampling * sd,
        sd,
    ]


def percent(log_points: float) -> float:
    """A log change as percent."""
    return float(100 * np.expm1(log_points))
