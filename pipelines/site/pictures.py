"""Three small pictures on top of a page, one a question, as SVG that follows the page's colors.

Shapes carry the classes of `app/style.css`, so dark mode, high contrast and print change them
with the page. Each has a text alternative with the numbers that it shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from pipelines.base.language import translated as _
from pipelines.charts.kit.theme import money, number
from pipelines.site.ladder import ladder_picture, ladder_sentence
from pipelines.site.svg import SIDE, WIDTH, line, svg, text
from pipelines.site.text import own_years

#: Where a task counts as one in which software saves much time, or does most alone.
HALF = 0.5
#: Height of the tallest pile of dots, how many piles there are, and the radii that a dot may have.
PILE, PILES, RADII = 36, 24, (4.0, 3.2, 2.4, 1.8, 1.2)
#: Paper that is seen between two dots.
GAP = 0.6


def tasks_picture(row: Mapping[str, Any] | None, tasks: pd.DataFrame) -> Markup | None:
    """Each task as a dot between "a person" and "software", once for help, once for doing it alone.

    Parameters
    ----------
    row : mapping, optional
        The occupation's ``exposure`` and ``automation_score`` (0 to 1); None where not known.
    tasks : DataFrame
        ``exposure`` and, where known, ``automation_score`` (0 to 1), one row a task.
    """
    if row is None or tasks.empty:
        return None
    rows = [("exposure", _("Help: time that software could save"))]
    if number(row.get("automation_score")) is not None and "automation_score" in tasks:
        rows.append(("automation_score", _("Alone: what software could do by itself")))
    shapes, said, top = [], [], 0.0
    for column, heading in rows:
        values = [value for value in tasks[column].tolist() if pd.notna(value)]
        base = top + 18 + PILE
        shapes += [text(0, top + 12, heading, "soft")]
        shapes.append(line(SIDE, base, WIDTH - SIDE, base, "axis"))
        shapes += _piles(values, base)
        mean = float(row[column])
        shapes.append(line(_across(mean), base - PILE + 2, _across(mean), base + 5, "mean"))
        of_one = _("{score} of 1", score=f"{mean:.2f}")
        shapes.append(text(WIDTH, top + 12, of_one, "strong", "end"))
        over = sum(value > HALF for value in values)
        counted = {"score": f"{mean:.2f}", "over": over, "total": len(values)}
        said.append(
            _("exposure {score} of 1, {over} of {total} tasks above one half", **counted)
            if column == "exposure"
            else _("automation score {score} of 1, {over} of {total} tasks above one half",
                   **counted)
        )  # fmt: skip
        top = base + 8
    shapes += [
        text(0, top + 8, _("a person")),
        text(WIDTH, top + 8, _("software"), "", "end"),
    ]
    words = _("Tasks as dots between a person and software: {said}.", said="; ".join(said))
    return svg(top + 14, words, shapes)


def _piles(values: Sequence[float], base: float) -> list[str]:
    """A dot a value, piled up from the line at `base`, as large as the tallest pile allows."""
    counts = Counter(min(int(value * PILES), PILES - 1) for value in values)
    room = (WIDTH - 2 * SIDE) / PILES
    radius, beside = RADII[-1], 1
    for radius in RADII:
        beside = max(int(room / (2 * radius)), 1)
        if -(-max(counts.values()) // beside) * 2 * radius <= PILE:
            break
    # One path with round ends, not a circle a task: pages have tens of thousands of tasks.
    dots = []
    for place, count in sorted(counts.items()):
        for i in range(count):
            in_row = min(beside, count - i // beside * beside)
            x = _across((place + 0.5) / PILES) + 2 * radius * (i % beside - (in_row - 1) / 2)
            y = base - 1 - radius * (2 * (i // beside) + 1)
            dots.append(f"M{x:.4g} {y:.4g}h0")
    return [f'<path d="{"".join(dots)}" class="dots" stroke-width="{2 * radius - GAP:.3g}"/>']


def tasks_sentence(row: Mapping[str, Any] | None, tasks: pd.DataFrame) -> str:
    """What the dots show, in one sentence."""
    if row is None or tasks.empty:
        return _("O*NET lists no tasks for this job, so nothing can be said of them.")
    total = len(tasks)
    helped = sum(value > HALF for value in tasks["exposure"].tolist())
    if total == 1:
        said = (
            _("Software could save much time in 1 of the one task.") if helped
            else _("Software could save much time in none of the one task.")
        )  # fmt: skip
    elif helped:
        said = _("Software could save much time in {helped} of the {total} tasks.",
                 helped=helped, total=total)  # fmt: skip
    else:
        said = _("Software could save much time in none of the {total} tasks.", total=total)
    if number(row.get("automation_score")) is None or "automation_score" not in tasks:
        return said
    score = f"{float(row['automation_score']):.2f}"
    alone = _("How much it could do alone is less sure: {score} of 1.", score=score)
    return f"{said} {alone}"


def _across(share: float) -> float:
    return SIDE + share * (WIDTH - 2 * SIDE)


def _paid(series: pd.DataFrame, published_code: str) -> list[dict[str, Any]]:
    """The occupation's own years that have a median wage."""
    rows = own_years(series, published_code)
    return [row for row in rows if number(row["annual_median_wage"]) is not None]


def pay_picture(
    series: pd.DataFrame, published_code: str, states: pd.DataFrame, real_year: int | None
) -> Markup | None:
    """The middle of pay as a strip, the first year before and after inflation, room for a state.

    Parameters
    ----------
    series : DataFrame
        `Analysis.series`: wages by year in dollars of the year and (``real_``) of `real_year`.
    published_code : str
        SOC code of the wage.
    states : DataFrame
        `Analysis.states`; the scale of the strip covers them, because `app/state.js` draws one.
    real_year : int, optional
        Year of constant dollars.
    """
    own = _paid(series, published_code)
    if not own:
        return None
    now, first = own[-1], own[0]
    low, median, high = (number(now[f"annual_{p}_wage"]) for p in ("p10", "median", "p90"))
    wages = [f"annual_{p}_wage" for p in ("p10", "median", "p90")]
    local = [value for name in wages if name in states for value in states[name].tolist()]
    ends = [low, median, high, first["annual_median_wage"], first["real_annual_median_wage"],
            *local]  # fmt: skip
    ends = [float(v) for v in ends if pd.notna(v)]
    least, most = min(ends), max(ends)
    least, most = 0.95 * least, 1.02 * most

    def at(value: float) -> float:
        return _across((value - least) / (most - least))

    shapes: list[str] = []
    said = [_("United States, May {year}: median {wage}", year=now["year"],
              wage=money(now["annual_median_wage"]))]  # fmt: skip
    if low is not None and high is not None:
        said.append(_("one in ten earns less than {low}, one in ten more than {high}",
                      low=money(low), high=money(high)))  # fmt: skip
    where = _("United States, May {year}", year=now["year"])
    shapes += _strip(0, where, low, now["annual_median_wage"], high, at)
    top = 34.0
    real = number(first["real_annual_median_wage"])
    if first["year"] < now["year"] and real is not None:
        then = float(first["annual_median_wage"])
        words = _("{year}: {wage}, in dollars of {base}", year=first["year"], wage=money(then),
                  base=real_year)  # fmt: skip
        shapes += _strip(top, words, None, real, None, at)
        # Before inflation: the same year without what prices have done since.
        shapes.append(f'<circle cx="{at(then):.4g}" cy="{top + 22:.4g}" r="3" class="dot"/>')
        said.append(
            _("median of {year} {then}, in dollars of {base} {real}", year=first["year"],
              then=money(then), base=real_year, real=money(real))
        )  # fmt: skip
        top += 32
    shapes.append(f'<g id="pay-local" transform="translate(0 {top:.4g})"></g>')
    more = (
        f' id="pay-picture" data-low="{least:.0f}" data-high="{most:.0f}" data-side="{SIDE}" '
        f'data-tall="{top + 34:.4g}"'
    )
    return svg(top, _("Pay. {said}.", said="; ".join(said)), shapes, more)


def _strip(top: float, words: str, low: Any, median: float, high: Any, at: Any) -> list[str]:
    """A line of words with its median at the right, and below it the strip from low to high."""
    middle = top + 22
    shapes = [text(0, top + 12, words, "soft"),
              text(WIDTH, top + 12, money(median), "strong", "end"),
              line(SIDE, middle, WIDTH - SIDE, middle, "axis")]  # fmt: skip
    if low is not None and high is not None:
        shapes.append(line(at(low), middle, at(high), middle, "span"))
        shapes.append(line(at(median), middle - 7, at(median), middle + 7, "mean"))
    else:
        shapes.append(f'<circle cx="{at(median):.4g}" cy="{middle:.4g}" r="4.5" class="ring"/>')
    return shapes


def pay_sentence(series: pd.DataFrame, published_code: str, real_year: int | None) -> str:
    """What half of workers earn, and how that changed after inflation."""
    own = _paid(series, published_code)
    if not own:
        return _("BLS publishes no national wage for this job by itself.")
    now = own[-1]
    said = _("In the United States, half earn more than {wage} a year.",
             wage=money(now["annual_median_wage"]))  # fmt: skip
    paid = [row for row in own if number(row["real_annual_median_wage"]) is not None]
    if len(paid) < 2:
        return said
    first, last = (paid[i]["real_annual_median_wage"] for i in (0, -1))
    change = 100 * (last / first - 1)
    year = paid[0]["year"]
    if abs(change) < 0.5:
        then = _("Prices and pay have grown about as much since {year}.", year=year)
    elif change > 0:
        then = _("That buys {percent} percent more than pay did in {year}.",
                 percent=f"{change:.0f}", year=year)  # fmt: skip
    else:
        then = _("That buys {percent} percent less than pay did in {year}.",
                 percent=f"{-change:.0f}", year=year)  # fmt: skip
    return f"{said} {then}"


def pictures(context: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The three questions, each with its picture (None where nothing is known) and a sentence.

    Parameters
    ----------
    context : mapping
        `context.page_context`.
    """
    code = context.get("published_code", context["soc_code"])
    year = context.get("real_year")
    return [
        {
            "question": _("How much could software do?"),
            "picture": tasks_picture(context["exposure"], context["tasks"]),
            "sentence": tasks_sentence(context["exposure"], context["tasks"]),
        },
        {
            "question": _("What does this job pay?"),
            "picture": pay_picture(context["series"], code, context["states"], year),
            "sentence": pay_sentence(context["series"], code, year),
        },
        {
            "question": _("Where can I go next?"),
            "picture": ladder_picture(context["title"], context["destinations"]),
            "sentence": ladder_sentence(context["destinations"]),
        },
    ]
