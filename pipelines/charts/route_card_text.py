"""The words of a route card: what a step asks, what the route is, what it brings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipelines.charts.kit import theme
from pipelines.pathways.schooling.education import everyday

#: Rows of text of a step: column of `steps` -> label.
FACT_LABELS = {
    "requires": "education", "school": "additional school", "tuition": "tuition",
    "experience": "experience", "credentials": "credentials", "licence_words": "license",
    "feasibility": "feasibility", "automation": "automation score",
    "note": "what BLS says",
}  # fmt: skip


def span(row: Mapping[str, Any], name: str, show: Any, bare: Any = None) -> str | None:
    """A value with its range in brackets, shown there by `bare`; None where it is missing."""
    value, low, high = (theme.number(row.get(n)) for n in (name, f"{name}_low", f"{name}_high"))
    if value is None:
        return None
    if low is None or high is None or low == high:
        return show(value)
    bare = bare or show
    return f"{show(value)} ({bare(low)} to {bare(high)})"


def _years(value: float) -> str:
    return f"{value:g} {'year' if value == 1 else 'years'}"


def _plain(value: float) -> str:
    return f"{value:g}"


def outcome(returns: pd.DataFrame) -> str:
    """What a route brings in the end, as a sentence, from `pathways.returns.route_returns`."""
    cases = returns.set_index("case")
    worth = cases["net_present_value"]
    if worth.isna().any():
        return ""

    def year(case: str) -> str:
        value = theme.number(cases.loc[case, "break_even_year"])
        return "not within 20 years" if value is None else f"in year {value:g}"

    back = f"paid back {year('median')}".replace("paid back not", "not paid back")

    # To the thousand: the range is wider by far. A loss has its sign before the dollar.
    low, mid, high = (
        f"{'−' if v < 0 else ''}{theme.money(abs(round(v, -3)))}"
        for v in worth[["low", "median", "high"]]
    )
    return (
        "Compared with staying, with full-time study and no wages meanwhile: "
        f"{back} ({year('high')} at the 75th percentile wage, {year('low')} at the "
        f"25th); worth {mid} ({low} to {high}) today over 20 years at 3%, before taxes, aid and "
        "raises."
    )


def _words(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None or pd.isna(value) else str(value).strip()


def facts(row: Mapping[str, Any]) -> dict[str, str]:
    """What a step requires, in words, by the keys of `FACT_LABELS`; "" where nothing is."""
    # The label says that it is the license.
    asks = _words(row, "licence_words").removeprefix("license: ")
    level = everyday(
        "; ".join(filter(None, (_words(row, "entry_education"), _words(row, "education_note"))))
    )
    alone = {f"automation{end}": row.get(f"automation{end or '_score'}")
             for end in ("", "_low", "_high")}  # fmt: skip
    found = dict.fromkeys(FACT_LABELS, "") | {
        "requires": level or "BLS names no level",
        "automation": span(alone, "automation", lambda v: f"{v:.2f}") or "",
    }
    if row["step"] == 0:
        return found | {"licence_words": asks}
    years, tuition = (
        span(row, "years_education", _years, _plain),
        span(row, "tuition", theme.money),
    )
    asked, feasible = _words(row, "work_experience").lower(), theme.number(row["feasibility_step"])
    experience = f"{asked} in a related job" if asked else "not known"
    return found | {
        "school": "not known" if years is None else "none" if years == "0 years" else years,
        "tuition": "not known" if tuition is None else "none" if tuition == "$0" else tuition,
        "experience": "none required" if asked == "none" else experience,
        "credentials": _words(row, "credentials") or "not looked up",
        "licence_words": asks,
        "feasibility": "not known" if feasible is None else f"{feasible:.2f} of 1",
        # The address behind the words is in the data.
        "note": _words(row, "note").split(" http")[0],
    }


def route_headline(steps: pd.DataFrame) -> str:
    """The sentence on top: from where to where, with how much school and at what pay."""
    first, last = steps.iloc[0], steps.iloc[-1]
    if len(steps) == 1:
        return f"No route from {first['title']} is open within these limits"
    n = len(steps) - 1
    sums = {
        f"{name}{end}": steps[f"{name}{end}"].iloc[1:].sum(skipna=False)
        for name in ("years_education", "tuition")
        for end in ("", "_low", "_high")
        if f"{name}{end}" in steps
    }
    parts = [f"{n} {'step' if n == 1 else 'steps'}"]
    if years := span(sums, "years_education", _years, _plain):
        parts.append("no more school" if years == "0 years" else f"{years} of school")
    if (cost := span(sums, "tuition", theme.money)) and cost != "$0":
        parts.append(f"{cost} of tuition")
    pay = [theme.number(r["annual_median_wage"]) for r in (first, last)]
    shown = ["not published" if p is None else theme.money(p) for p in pay]
    parts.append(f"median wage from {shown[0]} to {shown[1]} per year")
    return f"{first['title']} to {last['title']}: {', '.join(parts)}"
