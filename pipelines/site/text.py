"""The sentences of a report, computed from its tables: plain words, no number typed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipelines.base.language import marked, plural
from pipelines.base.language import translated as _
from pipelines.base.records import records_of
from pipelines.base.words import listed
from pipelines.charts.kit.theme import money
from pipelines.exposure.occupation.ranks import beyond
from pipelines.exposure.scorer.automation import COLUMNS
from pipelines.pathways.routes.rules import UP_IN_FIELD, UP_OTHER_FIELD
from pipelines.site.spanish import said_note, title

#: Percentiles between exposure and observed use that are worth a sentence.
_APART = 25
#: What `own_years` reads.
_OWN_YEARS = [
    "soc_code", "soc_vintage", "year", "employment", "annual_median_wage", "annual_p10_wage",
    "annual_p90_wage", "real_annual_median_wage",
]  # fmt: skip
#: Changes of field named in the summary.
_OTHER_FIELDS = 3

NOT_JOB_LOSS = marked(
    "Exposure says how much of today's work software could speed up. The automation score says "
    "how far it could do the work by itself. Neither says that a job will go away, that anyone "
    "will use such software, or that fewer people will be hired. That depends on demand, cost, "
    "law and choice. These data do not measure those."
)
WEIGHT_SENTENCES = {
    "frequency": marked(
        "tasks are weighted by how important, relevant and frequent workers rate them"
    ),
    "importance": marked("tasks are weighted by how important and relevant workers rate them"),
    "core": marked(
        "core tasks count twice as much as supplemental ones, because O*NET publishes ratings "
        "of fewer than half of the tasks"
    ),
    "equal": marked(
        "all tasks count the same, because O*NET publishes ratings of fewer than half of them"
    ),
}


def known(value: object) -> bool:
    """Whether a value of a table is there."""
    return value is not None and not pd.isna(value)  # type: ignore[call-overload]


def _get(row: Mapping[str, Any] | None, name: str) -> Any:
    value = None if row is None else row.get(name)
    return value if known(value) else None


def question_answers(context: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """The three questions and their answers, then the work itself; from `context.page_context`."""
    series, real_year = context["series"], context.get("real_year")
    soc_code = context.get("published_code", context["soc_code"])
    together = context.get("together", "")
    return [
        (
            _("How much of my work could software help with or do, and how certain is that?"),
            # The two scores and what is seen of use come first: a handout has the first three.
            (said := exposure_sentences(context["exposure"], context["tasks"]))[:1]
            + automation_sentences(context["exposure"], context["tasks"])
            + observed_sentences(context["exposure"], context.get("observed"))
            + said[1:],
        ),
        (
            _("What does my job pay?"),
            [together] * bool(together)
            + specialty_sentences(context)
            + market_sentences(series, soc_code, context.get("outlook"), real_year),
        ),
        (
            _("Where can I go next, and what education is required?"),
            path_sentences(context["destinations"], soc_code),
        ),
        *(
            [(_("What is the work like?"), context["conditions"])]
            if "conditions" in context
            else []
        ),
    ]


def specialty_sentences(context: Mapping[str, Any]) -> list[str]:
    """That wages are those of the whole SOC code; [] but for an O*NET specialty (not .00)."""
    if str(context.get("onet_soc_code", ".00")).endswith(".00") or not context.get(
        "published_title"
    ):
        return []
    return [
        _("BLS publishes no wage of this specialty: the figures are those of SOC {code}, {title}.",
          code=context["published_code"],
          title=title(context["published_code"], context["published_title"]))
    ]  # fmt: skip


def exposure_sentences(row: Mapping[str, Any] | None, tasks: pd.DataFrame) -> list[str]:
    """How much of the work is exposed, and how sure that is."""
    if row is None or tasks.empty:
        return [_("O*NET publishes no tasks for this occupation, so its exposure is not known.")]
    first = _(
        "Over its {n} tasks, exposure is {score} on a scale from 0 (none) to 1 (all), with a 90% "
        "interval from {low} to {high}.",
        n=len(tasks), score=f"{row['exposure']:.2f}", low=f"{row['exposure_low']:.2f}",
        high=f"{row['exposure_high']:.2f}",
    )  # fmt: skip
    if (percentile := _get(row, "percentile")) is not None:
        first += " " + _standing(percentile, _get(row, "top_fifth"))
    rule = str(_get(row, "weight_rule") or "")
    how = next((text for key, text in WEIGHT_SENTENCES.items() if key in rule.lower()), None)
    above = sum(value > 0.5 for value in tasks["exposure"].tolist())
    second = (
        plural("{n} of the {total} tasks scores above 0.5",
               "{n} of the {total} tasks score above 0.5", above, total=len(tasks))
        if above else _("None of the {total} tasks scores above 0.5", total=len(tasks))
    )  # fmt: skip
    second += f"; {_(how)}." if how else "."
    lines = [first, second]
    if "human_label" in tasks:
        pairs = zip(tasks["human_label"], tasks["exposure_label"], strict=True)
        if labeled := [(people, ours) for people, ours in pairs if known(people)]:
            same = sum(people == ours for people, ours in labeled)
            lines.append(
                _("Published labels by people exist for {n} of the tasks; our score puts {same} of "
                  "them into the same class (it learned from such labels).",
                  n=len(labeled), same=same)
            )  # fmt: skip
    ends = zip(tasks["exposure_high"].tolist(), tasks["exposure_low"].tolist(), strict=True)
    wide = sum(high - low > 0.5 for high, low in ends)
    if wide:
        lines.append(
            _("For {n} of the tasks the interval is wider than half the scale. Be careful with "
              "single tasks: the score of the whole job is more certain.", n=wide)
        )  # fmt: skip
    return lines


def automation_sentences(row: Mapping[str, Any] | None, tasks: pd.DataFrame) -> list[str]:
    """How far software could do the work by itself: the other question, with its own number."""
    if row is None or _get(row, "automation_score") is None or "automation_score" not in tasks:
        return []
    score, low, high = (row[name] for name in COLUMNS)
    said = _(
        "How far software could do the tasks by itself is another question: the automation score "
        "is {score} on a scale from 0 (nothing) to 1 (all of it), with a 90% interval from "
        "{low} to {high} for what GPT-4 would say; experts agree with it in part.",
        score=f"{score:.2f}", low=f"{low:.2f}", high=f"{high:.2f}",
    )  # fmt: skip
    if (percentile := _get(row, "automation_percentile")) is not None:
        said += " " + _standing(percentile, _get(row, "automation_top_fifth"))
    above = sum(value > 0.5 for value in tasks["automation_score"].tolist())
    counted = (
        plural("{n} of the tasks scores above 0.5.", "{n} of the tasks score above 0.5.", above)
        if above else _("None of the tasks score above 0.5.")
    )  # fmt: skip
    return [f"{said} {counted}"]


def observed_sentences(
    row: Mapping[str, Any] | None, observed: Mapping[str, Any] | None
) -> list[str]:
    """What use of one company's AI was seen in the occupation, beside what could be."""
    if observed is None:
        return []
    value, place = observed["value"], observed["percentile"]
    said = _(
        "That is what could be. What is: observed exposure, how much of the work people already "
        "bring to one company's AI, is {score} on a scale from 0 to 1 (Massenkoff and McCrory "
        "2026), {beyond} measured.",
        score=f"{value:.2f}", beyond=beyond(place),
    )  # fmt: skip
    if observed["ambiguous"]:
        said += " " + _("The study has one figure for all occupations of this SOC code.")
    could = _get(row, "percentile")
    if could is not None and abs(could - place) >= _APART:
        said += " " + (
            _("Use is ahead of what exposure alone would suggest.") if place > could
            else _("Use is behind what exposure alone would suggest.")
        )  # fmt: skip
    return [said]


def _standing(percentile: float, chance: float | None) -> str:
    """Where a score stands among the others, and the chance to be among the highest fifth where
    that is neither sure nor out of reach."""
    if chance is None or not 0.05 <= chance <= 0.95:
        return _("That is {beyond}.", beyond=beyond(percentile))
    return _("That is {beyond}; the chance that it is in the highest fifth is {chance} percent.",
             beyond=beyond(percentile), chance=f"{100 * chance:.0f}")  # fmt: skip


def own_years(series: pd.DataFrame, published_code: str) -> list[dict[str, Any]]:
    """The occupation's own rows of today's classification (`Analysis.series`), oldest first."""
    own = [
        row for row in records_of(series, _OWN_YEARS)
        if row["soc_code"] == published_code and row["soc_vintage"] == "2018"
    ]  # fmt: skip
    return sorted(own, key=lambda row: row["year"])


def market_sentences(
    series: pd.DataFrame,
    soc_code: str,
    outlook: Mapping[str, Any] | None,
    real_year: int | None = None,
) -> list[str]:
    """What the job pays: newest national figures, real change, projection."""
    own = own_years(series, soc_code)
    lines = []
    if own:
        row = own[-1]
        if known(row["annual_median_wage"]):
            wage, low, high = (row.get(f"annual_{p}_wage") for p in ("median", "p10", "p90"))
            lines.append(
                _("The median wage was {wage} per year in May {year}; one worker in ten earned "
                  "less than {low}, one in ten more than {high}.", wage=money(wage),
                  year=row["year"], low=money(low), high=money(high))
                if known(low) and known(high)
                else _("The median wage was {wage} per year in May {year}.", wage=money(wage),
                       year=row["year"])
            )  # fmt: skip
        if known(row["employment"]):
            lines.append(
                _("There were {jobs} jobs, without people who work for themselves.",
                  jobs=f"{row['employment']:,.0f}")
            )  # fmt: skip
        paid = [row for row in own if known(row["real_annual_median_wage"])]
        if len(paid) > 1:
            (first, then), (last, now) = (
                (row["year"], row["real_annual_median_wage"]) for row in (paid[0], paid[-1])
            )
            lines.append(_real_change(100 * (now / then - 1), first, last, real_year))
    if not lines:
        lines.append(_("BLS publishes no national wage for this occupation by itself."))
    change = _get(outlook, "employment_change_percent")
    if outlook is not None and change is not None:
        lines.append(_projected(outlook, change))
    return lines


def _real_change(percent: float, first: int, last: int, real_year: int | None) -> str:
    """How the median wage moved after inflation."""
    after = (
        _("After inflation (in dollars of {year})", year=real_year) if real_year
        else _("After inflation")
    )  # fmt: skip
    places = {"after": after, "first": first, "last": last, "percent": f"{abs(percent):.0f}"}
    if abs(percent) < 0.5:
        return _("{after}, the median wage hardly changed between {first} and {last}.", **places)
    if percent > 0:
        return _("{after}, the median wage went up by {percent} percent between {first} and "
                 "{last}.", **places)  # fmt: skip
    return _("{after}, the median wage went down by {percent} percent between {first} and {last}.",
             **places)  # fmt: skip


def _projected(outlook: Mapping[str, Any], change: float) -> str:
    """Growth that BLS projects, openings, and why there are openings."""
    size = f"{abs(change):.1f}"
    years = {"base": outlook["base_year"], "target": outlook["target_year"]}
    if size == "0.0":
        text = _("BLS projects little or no change from {base} to {target}", **years)
    elif change >= 0:
        text = _("BLS projects growth of {size} percent from {base} to {target}", size=size,
                 **years)  # fmt: skip
    else:
        text = _("BLS projects a decline of {size} percent from {base} to {target}", size=size,
                 **years)  # fmt: skip
    if (openings := _get(outlook, "annual_openings")) is not None:
        text += _(" and about {openings} openings per year", openings=f"{openings * 1000:,.0f}")
        added = _get(outlook, "employment_change")
        if added is not None and openings > 0:
            share = 100 * (1 - max(added, 0) / (years["target"] - years["base"]) / openings)
            text += _(", {share} percent of them to replace workers who leave",
                      share=f"{share:.0f}")  # fmt: skip
    more = _("Projections count self-employed workers too.")
    return f"{text}. {more}"


def path_sentences(destinations: pd.DataFrame, published_code: str = "") -> list[str]:
    """Where one can go at what schooling: the first ranked way up in the field at each level.

    Changes of field follow in one sentence. Rows stand in their rank, see
    `pathways.routes.search.find_paths`.
    """
    if destinations.empty:
        return [_("No advancement path was found with the settings of this report.")]
    columns = ["section", "to_soc", "title", "required_education", "annual_median_wage",
               "wage_gain", "published_code", "published_together", "education_note"]  # fmt: skip
    rows = records_of(destinations, columns)
    own = [row for row in rows if row["section"] == UP_IN_FIELD]
    # One that two levels of education open stands in two rows.
    others = list(dict.fromkeys(_title(r) for r in rows if r["section"] == UP_OTHER_FIELD))
    lines = [] if own else [_("No way up within the field was found.")]
    # The level of the first in rank comes first, as in the picture, the table and the charts.
    priced = [row for row in own if known(row["annual_median_wage"])]
    for level in dict.fromkeys(row["required_education"] for row in priced):
        part = [row for row in priced if row["required_education"] == level]
        best = part[0]
        text = _("{level}: {title}, median {wage}", level=_(level), title=_title(best),
                 wage=money(best["annual_median_wage"]))  # fmt: skip
        shared = published_code and best.get("published_code") == published_code
        if shared:
            text += " " + _("(BLS publishes one wage for both, so the change is not known)")
        elif known(gain := best["wage_gain"]):
            dollars = money(abs(gain))
            text += " " + (
                _("({dollars} more than now)", dollars=dollars) if gain >= 0
                else _("({dollars} less than now)", dollars=dollars)
            )  # fmt: skip
        said = [
            "" if shared or not _get(best, "published_together")
            else _("published together with other occupations"),
            said_note(str(_get(best, "education_note") or "")),
        ]  # fmt: skip
        if any(said):
            text += f" ({'; '.join(filter(None, said))})"
        if more := len(part) - 1:
            text += plural("; {n} other at this level", "; {n} others at this level", more)
        lines.append(text + ".")
    if others:
        named = listed(others[:_OTHER_FIELDS])
        lines.append(
            _("With a change of field, and what that takes (see the table): {named}.", named=named)
        )
    return lines


def _title(row: Mapping[str, Any]) -> str:
    return title(str(row.get("to_soc")), row["title"])


def data_notes(tasks: pd.DataFrame, shared: list[str], soc_code: str) -> list[str]:
    """What a reader must know about this occupation's data."""
    found = []
    if len(tasks) and "task_text_source" in tasks:
        if (tasks["task_text_source"] == "own words").any():
            found.append(
                _("The tasks are shown in our own short words, not in O*NET's wording; the "
                  "scores were computed from the official statements. A refresh of the data "
                  "(outlook refresh) brings those.")
            )  # fmt: skip
        missing = int(tasks["task"].isna().sum())
        if missing:
            found.append(
                _("The {n} tasks are scored but not listed: their wording comes with a refresh of "
                  "the data (outlook refresh). Their scores are complete.", n=missing)
                if missing == len(tasks)
                else plural(
                    "{n} of {total} tasks is shown by number: their wording comes with a refresh "
                    "of the data (outlook refresh). Their scores are complete.",
                    "{n} of {total} tasks are shown by number: their wording comes with a refresh "
                    "of the data (outlook refresh). Their scores are complete.",
                    missing, total=len(tasks))
            )  # fmt: skip
    if shared:
        found.append(
            _("Wages and employment are published for SOC {code}, which this occupation shares "
              "with {others}: they are not those of the specialty alone.", code=soc_code,
              others=listed(shared))
        )  # fmt: skip
    return found
