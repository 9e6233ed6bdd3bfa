"""Each chart as a list with bars: what a narrow screen shows in place of the drawing.

A list is made of the chart's own data, in its order, so the two cannot say different things.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from pipelines.base.language import curated, english, plural
from pipelines.base.language import translated as _
from pipelines.base.records import records
from pipelines.charts.kit.theme import money, number
from pipelines.charts.task_exposure import task_name
from pipelines.figures import Made
from pipelines.market.areas import largest
from pipelines.site.spanish import tasks_in_words, title

#: Most rows of a list; the table of the same chart has the rest.
MOST = 12
#: What is read of a destination or a step of a route.
_STEP = ("soc_code", "title", "annual_median_wage", "annual_p25_wage", "annual_p75_wage")


def _row(
    label: object, value: str, at: Any, low: Any = None, high: Any = None, second: Any = None
) -> dict[str, Any]:
    """A row: what it is, its number in words, and where it lies (units of the list's scale)."""
    return {"label": label if isinstance(label, str) else str(label), "value": value,
            "at": number(at), "low": number(low), "high": number(high),
            "second": number(second)}  # fmt: skip


def _placed(
    caption: str, rows: list[dict[str, Any]], ends: tuple[float, float] | None = None
) -> dict[str, Any] | None:
    """Rows with positions in percent of the width, from 0 or from the given ends."""
    rows = [row for row in rows if row["at"] is not None]
    if not rows:
        return None
    known = [row[k] for row in rows for k in ("at", "low", "high", "second") if row[k] is not None]
    least, most = ends or (min(0.0, *known), max(known))
    wide = (most - least) or 1.0

    def share(value: float) -> float:
        return round(100 * (value - least) / wide, 1)

    placed = []
    for row in rows[:MOST]:
        # With one end unknown there is no range to draw: the bar leads from 0 to the value.
        ranged = row["low"] is not None and row["high"] is not None
        span = (row["low"], row["high"]) if ranged else (0.0, row["at"])
        low, high = sorted(share(end) for end in span)
        placed.append(
            row | {"low": low, "wide": round(high - low, 1), "at": share(row["at"]),
                   "second": None if row["second"] is None else share(row["second"]),
                   "ranged": ranged}
        )  # fmt: skip
    if len(rows) > MOST:
        caption += " " + _(
            "The first {most} of {all}; the table below has all.", most=MOST, all=len(rows)
        )
    return {"caption": caption, "rows": placed}


def _tasks(frame: pd.DataFrame) -> dict[str, Any] | None:
    tasks = frame.sort_values(["exposure", "task_id"], ascending=[False, True])
    alone = tasks.get("automation_score", pd.Series(float("nan"), tasks.index))
    rows = [
        _row(
            task_name(task, place),
            _("help {score}", score=f"{helped:.2f}")
            + ("" if pd.isna(by_itself) else _(", alone {score}", score=f"{by_itself:.2f}")),
            helped, None, None, by_itself,
        )
        for task, place, helped, by_itself in zip(
            tasks["task"], tasks["task_id"], tasks["exposure"], alone, strict=True
        )
    ]  # fmt: skip
    said = _(
        "Bar: how much time software could save. Mark: how far it could do the task alone (0 to 1)."
    )
    return _placed(said, rows, (0.0, 1.0))


def _measures(frame: pd.DataFrame) -> dict[str, Any] | None:
    rows = [
        _row(curated(row["name"]),
             _("{n} of {total}", n=f"{row['percentile']:.0f}", total=100), row["percentile"])
        for row in records(frame[["name", "percentile"]]) if pd.notna(row["percentile"])
    ]  # fmt: skip
    return _placed(_("How many of 100 occupations each study finds less exposed."), rows, (0, 100))


def _years(frame: pd.DataFrame) -> dict[str, Any] | None:
    read = ["soc_code", "year", "base_year", "title", "real_annual_median_wage"]
    shown = records(frame.loc[frame["soc_vintage"] == "2018", read])
    shown.sort(key=lambda row: (row["soc_code"], row["year"]))
    base = max((row["base_year"] for row in shown), default="")
    several = len({row["soc_code"] for row in shown}) > 1
    rows = [
        _row(f"{row['year']}" + (f", {title(row['soc_code'], row['title'])}" if several else ""),
             money(row["real_annual_median_wage"]), row["real_annual_median_wage"])
        for row in shown if pd.notna(row["real_annual_median_wage"])
    ]  # fmt: skip
    return _placed(_("Median wage by year, in dollars of {base}.", base=base), rows)


def _states(frame: pd.DataFrame) -> dict[str, Any] | None:
    read = ["area_title", "annual_median_wage", "annual_p10_wage", "annual_p90_wage"]
    shown = frame[read].dropna(subset=["annual_median_wage"])
    shown = shown.sort_values("annual_median_wage", ascending=False)
    rows = [
        _row(row["area_title"], money(row["annual_median_wage"]), row["annual_median_wage"],
             row["annual_p10_wage"], row["annual_p90_wage"])
        for row in records(shown)
    ]  # fmt: skip
    said = _("Median wage by state (mark), with the middle eight of ten workers (bar).")
    return _placed(said, rows)


def _areas(frame: pd.DataFrame) -> dict[str, Any] | None:
    read = ["area_title", "annual_median_wage"]
    rows = [
        _row(row["area_title"], money(row["annual_median_wage"]), row["annual_median_wage"])
        for row in records(largest(frame).sort_values("employment", ascending=False)[read])
        if pd.notna(row["annual_median_wage"])
    ]  # fmt: skip
    return _placed(_("Median wage in the areas with most jobs."), rows)


def _moves(frame: pd.DataFrame) -> dict[str, Any] | None:
    rows = [
        _row(title(row["soc_code"], row["title"]),
             _signed(row["wage_gain"], row["annual_median_wage"]),
             row["annual_median_wage"], row["annual_p25_wage"], row["annual_p75_wage"])
        for row in records(frame[["wage_gain", *_STEP]])
    ]  # fmt: skip
    return _placed(
        _("Median wage (mark) and the middle half of pay (bar), in the order ranked."), rows
    )


def _signed(gain: Any, wage: Any) -> str:
    said = _("not published") if pd.isna(wage) else money(wage)
    if pd.notna(gain):
        said += f" ({'+' if gain >= 0 else '−'}{money(abs(gain))})"
    return said


def _front(frame: pd.DataFrame) -> dict[str, Any] | None:
    read = ["soc_code", "title", "years_to_qualify", "wage_gain"]
    shown = frame.loc[frame["on_frontier"], read].sort_values("years_to_qualify")
    rows = [
        _row(title(row["soc_code"], row["title"]),
             plural("{n:.3g} year: ", "{n:.3g} years: ", row["years_to_qualify"]) +
             f"{'+' if row['wage_gain'] >= 0 else '−'}{money(abs(row['wage_gain']))}",
             row["wage_gain"])
        for row in records(shown) if pd.notna(row["wage_gain"])
    ]  # fmt: skip
    return _placed(_("Gain in annual wage of the moves that no other beats in as few years."), rows)


def _route(frame: pd.DataFrame) -> dict[str, Any] | None:
    rows = [
        _row(_("{step}: {title}", step=row["step"] or _("Now"),
               title=title(row["soc_code"], row["title"])),
             _signed(float("nan"), row["annual_median_wage"]), row["annual_median_wage"],
             row["annual_p25_wage"], row["annual_p75_wage"])
        for row in records(frame[["step", *_STEP]])
    ]  # fmt: skip
    return _placed(_("The route step by step: median wage (mark) and the middle half (bar)."), rows)


def _gaps(frame: pd.DataFrame) -> dict[str, Any] | None:
    read = ["element_name", "scale", "from_value", "to_value"]
    gaps = frame.loc[frame["status"] == "gap", read].dropna(subset=["from_value", "to_value"])
    most = {"IM": 5.0, "LV": 7.0}
    rows = []
    for row in records(gaps):
        top = most.get(str(row["scale"])[:2], 1.0)
        rows.append(
            _row(english(row["element_name"]),
                 _("{low} to {high}", low=f"{row['from_value']:.2f}",
                   high=f"{row['to_value']:.2f}"),
                 row["to_value"] / top, row["from_value"] / top, row["to_value"] / top)
        )  # fmt: skip
    return _placed(
        _("From what is required now to what the destination requires (mark)."), rows, (0, 1)
    )


def _postings(frame: pd.DataFrame) -> dict[str, Any] | None:
    rows = [
        _row(row["month"], f"{row['exposure']:.2f}", row["exposure"], row["exposure_low"],
             row["exposure_high"])
        for row in records(frame.sort_values("month", ascending=False))
        if pd.notna(row["exposure"])
    ]  # fmt: skip
    return _placed("Exposure of what postings asked for (mark), with its interval.", rows, (0, 1))


#: Chart -> its list. The two charts of tasks share one: it has the numbers of both.
LISTS: Mapping[str, Callable[[pd.DataFrame], dict[str, Any] | None]] = {
    "task_plane": _tasks,
    "measures": _measures,
    "employment_and_wages": _years,
    "wages_by_state": _states,
    "wages_by_area": _areas,
    "advancement_paths": _moves,
    "frontier": _front,
    "route_card": _route,
    "skill_gap": _gaps,
    "postings_by_month": _postings,
}


def bar_lists(
    made: Mapping[str, Made], charts: Iterable[str], onet_soc_code: str = ""
) -> dict[str, Any]:
    """The list of each chart that was made.

    Returns
    -------
    dict
        By chart: ``caption`` and ``rows`` (label, value in words; low, wide, at, second in percent
        of the width; ranged). A chart without a list is left out.
    """
    shown = [name for name in charts if name in made]
    found = {}
    for name in shown:
        make = LISTS.get(name)
        if name == "task_exposure" and "task_plane" not in made:
            make = _tasks
        data = made[name].data
        if make is _tasks:
            data = tasks_in_words(data, onet_soc_code)
        if make and (one := make(data)):
            found[name] = one
    return found
