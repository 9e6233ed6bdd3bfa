"""The sentences of a report, computed from its tables: plain words, no number typed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipelines.base.language import marked
from pipelines.base.words import listed
from pipelines.charts.kit.theme import money
from pipelines.exposure.occupation.ranks import beyond
from pipelines.exposure.scorer.automation import COLUMNS
from pipelines.pathways.routes.rules import UP_IN_FIELD, UP_OTHER_FIELD

#: Percentiles between exposure and observed use that are worth a sentence.
_APART = 25
#: Changes of field named in the summary.
_OTHER_FIELDS = 3

NOT_JOB_LOSS = marked(
    "Exposure says how much of today's work software could speed up. The automation score says "
    "how far it could do the work by itself. Neither says that a job will go away, that anyone "
    "will use such software, or that fewer people will be hired. That depends on demand, cost, "
    "law and choice. These data do not measure those."
)
WEIGHT_SENTENCES = {
    "frequency": "tasks are weighted by how important, relevant and frequent workers rate them",
    "importance": "tasks are weighted by how important and relevant workers rate them",
    "core": "core tasks count twice as much as supplemental ones, because O*NET publishes ratings "
    "of fewer than half of the tasks",
    "equal": "all tasks count the same, because O*NET publishes ratings of fewer than half of them",
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
            "How much of my work could software help with or do, and how certain is that?",
            # The two scores and what is seen of use come first: a handout has the first three.
            (said := exposure_sentences(context["exposure"], context["tasks"]))[:1]
            + automation_sentences(context["exposure"], context["tasks"])
            + observed_sentences(context["exposure"], context.get("observed"))
            + said[1:],
        ),
        (
            "What does my job pay?",
            [together] * bool(together)
            + specialty_sentences(context)
            + market_sentences(series, soc_code, context.get("outlook"), real_year),
        ),
        (
            "Where can I go next, and what education is required?",
            path_sentences(context["destinations"], soc_code),
        ),
        *([("What is the work like?", context["conditions"])] if "conditions" in context else []),
    ]


def specialty_sentences(context: Mapping[str, Any]) -> list[str]:
    """That wages are those of the whole SOC code; [] but for an O*NET specialty (not .00)."""
    if str(context.get("onet_soc_code", ".00")).endswith(".00") or not context.get(
        "published_title"
    ):
        return []
    return [
        f"BLS publishes no wage of this specialty: the figures are those of SOC "
        f"{context['published_code']}, {context['published_title']}."
    ]


def exposure_sentences(row: Mapping[str, Any] | None, tasks: pd.DataFrame) -> list[str]:
    """How much of the work is exposed, and how sure that is."""
    if row is None or tasks.empty:
        return ["O*NET publishes no tasks for this occupation, so its exposure is not known."]
    low, high = row["exposure_low"], row["exposure_high"]
    first = (
        f"Over its {len(tasks)} tasks, exposure is {row['exposure']:.2f} on a scale from 0 "
        f"(none) to 1 (all), with a 90% interval from {low:.2f} to {high:.2f}."
    )
    if (percentile := _get(row, "percentile")) is not None:
        first += f" That is {beyond(percentile)}{_in_top_fifth(_get(row, 'top_fifth'))}."
    rule = str(_get(row, "weight_rule") or "")
    how = next((text for key, text in WEIGHT_SENTENCES.items() if key in rule.lower()), None)
    above = int((tasks["exposure"] > 0.5).sum())
    second = f"{above or 'None'} of the {len(tasks)} tasks score{'s' * (above < 2)} above 0.5"
    second += f"; {how}." if how else "."
    lines = [first, second]
    if "human_label" in tasks:
        labeled = tasks.dropna(subset=["human_label"])
        if len(labeled):
            same = int((labeled["human_label"] == labeled["exposure_label"]).sum())
            lines.append(
                f"Published labels by people exist for {len(labeled)} of the tasks; our "
                f"score puts {same} of them into the same class (it learned from such "
                "labels)."
            )
    wide = int(((tasks["exposure_high"] - tasks["exposure_low"]) > 0.5).sum())
    if wide:
        lines.append(
            f"For {wide} of the tasks the interval is wider than half the scale. Be careful with "
            "single tasks: the score of the whole job is more certain."
        )
    return lines


def automation_sentences(row: Mapping[str, Any] | None, tasks: pd.DataFrame) -> list[str]:
    """How far software could do the work by itself: the other question, with its own number."""
    if row is None or _get(row, "automation_score") is None or "automation_score" not in tasks:
        return []
    score, low, high = (row[name] for name in COLUMNS)
    said = (
        "How far software could do the tasks by itself is another question: the automation score "
        f"is {score:.2f} on a scale from 0 (nothing) to 1 (all of it), with a 90% interval from "
        f"{low:.2f} to {high:.2f} for what GPT-4 would say; experts agree with it in part."
    )
    if (percentile := _get(row, "automation_percentile")) is not None:
        fifth = _in_top_fifth(_get(row, "automation_top_fifth"))
        said += f" That is {beyond(percentile)}{fifth}."
    above = int((tasks["automation_score"] > 0.5).sum())
    counted = "1 of the tasks scores" if above == 1 else f"{above or 'None'} of the tasks score"
    return [f"{said} {counted} above 0.5."]


def observed_sentences(
    row: Mapping[str, Any] | None, observed: Mapping[str, Any] | None
) -> list[str]:
    """What use of one company's AI was seen in the occupation, beside what could be."""
    if observed is None:
        return []
    value, place = observed["value"], observed["percentile"]
    said = (
        "That is what could be. What is: observed exposure, how much of the work people already "
        f"bring to one company's AI, is {value:.2f} on a scale from 0 to 1 (Massenkoff and McCrory "
        f"2026), {beyond(place)} measured."
    )
    if observed["ambiguous"]:
        said += " The study has one figure for all occupations of this SOC code."
    could = _get(row, "percentile")
    if could is not None and abs(could - place) >= _APART:
        said += (
            " Use is "
            + ("ahead of" if place > could else "behind")
            + " what exposure alone would suggest."
        )
    return [said]


def _in_top_fifth(chance: float | None) -> str:
    """The chance to be among the highest fifth, where that is neither sure nor out of reach."""
    if chance is None or not 0.05 <= chance <= 0.95:
        return ""
    return f"; the chance that it is in the highest fifth is {100 * chance:.0f} percent"


def market_sentences(
    series: pd.DataFrame,
    soc_code: str,
    outlook: Mapping[str, Any] | None,
    real_year: int | None = None,
) -> list[str]:
    """What the job pays: newest national figures, real change, projection."""
    own = series[(series["soc_code"] == soc_code) & (series["soc_vintage"] == "2018")]
    own = own.sort_values("year")
    lines = []
    if len(own):
        row = own.iloc[-1]
        if known(row["annual_median_wage"]):
            text = (
                f"The median wage was {money(row['annual_median_wage'])} per year in May {row.year}"
            )
            low, high = row.get("annual_p10_wage"), row.get("annual_p90_wage")
            if known(low) and known(high):
                text += (
                    f"; one worker in ten earned less than {money(low)}, one in ten more "
                    f"than {money(high)}"
                )
            lines.append(text + ".")
        if known(row["employment"]):
            lines.append(
                f"There were {row['employment']:,.0f} jobs, without people who work for themselves."
            )
        paid = own.dropna(subset=["real_annual_median_wage"])
        if len(paid) > 1:
            first, last = paid.iloc[0], paid.iloc[-1]
            change = 100 * (last.real_annual_median_wage / first.real_annual_median_wage - 1)
            dollars = f" (in dollars of {real_year})" if real_year else ""
            lines.append(
                f"After inflation{dollars}, the median wage {_moved(change)} between "
                f"{first.year} and {last.year}."
            )
    if not lines:
        lines.append("BLS publishes no national wage for this occupation by itself.")
    change = _get(outlook, "employment_change_percent")
    if outlook is not None and change is not None:
        size = f"{abs(change):.1f}"
        moved = f"{'growth' if change >= 0 else 'a decline'} of {size} percent"
        text = (
            f"BLS projects {moved if size != '0.0' else 'little or no change'} "
            f"from {outlook['base_year']} to {outlook['target_year']}"
        )
        if (openings := _get(outlook, "annual_openings")) is not None:
            text += f" and about {openings * 1000:,.0f} openings per year"
            added = _get(outlook, "employment_change")
            if added is not None and openings > 0:
                years = outlook["target_year"] - outlook["base_year"]
                share = 100 * (1 - max(added, 0) / years / openings)
                text += f", {share:.0f} percent of them to replace workers who leave"
        lines.append(text + ". Projections count self-employed workers too.")
    return lines


def path_sentences(destinations: pd.DataFrame, published_code: str = "") -> list[str]:
    """Where one can go at what schooling: the first ranked way up in the field at each level.

    Changes of field follow in one sentence. Rows stand in their rank, see
    `pathways.routes.search.find_paths`.
    """
    if destinations.empty:
        return ["No advancement path was found with the settings of this report."]
    columns = ["section", "title", "required_education", "annual_median_wage", "wage_gain",
               "published_code", "published_together", "education_note"]  # fmt: skip
    rows = destinations.reindex(columns=columns).to_dict("records")
    own = [row for row in rows if row["section"] == UP_IN_FIELD]
    # One that two levels of education open stands in two rows.
    others = list(dict.fromkeys(row["title"] for row in rows if row["section"] == UP_OTHER_FIELD))
    lines = [] if own else ["No way up within the field was found."]
    # The level of the first in rank comes first, as in the picture, the table and the charts.
    priced = [row for row in own if known(row["annual_median_wage"])]
    for level in dict.fromkeys(row["required_education"] for row in priced):
        part = [row for row in priced if row["required_education"] == level]
        best = part[0]
        text = f"{level}: {best['title']}, median {money(best['annual_median_wage'])}"
        shared = published_code and best.get("published_code") == published_code
        if shared:
            text += " (BLS publishes one wage for both, so the change is not known)"
        elif known(gain := best["wage_gain"]):
            text += f" ({money(abs(gain))} {'more' if gain >= 0 else 'less'} than now)"
        said = [
            "" if shared or not _get(best, "published_together")
            else "published together with other occupations",
            _get(best, "education_note"),
        ]  # fmt: skip
        if any(said):
            text += f" ({'; '.join(filter(None, said))})"
        more = len(part) - 1
        text += f"; {more} other{'s' if more > 1 else ''} at this level" if more else ""
        lines.append(text + ".")
    if others:
        named = listed(others[:_OTHER_FIELDS])
        lines.append(f"With a change of field, and what that takes (see the table): {named}.")
    return lines


def _moved(percent: float) -> str:
    if abs(percent) < 0.5:
        return "hardly changed"
    return f"went {'up' if percent > 0 else 'down'} by {abs(percent):.0f} percent"


def data_notes(tasks: pd.DataFrame, shared: list[str], soc_code: str) -> list[str]:
    """What a reader must know about this occupation's data."""
    found = []
    if len(tasks) and "task_text_source" in tasks:
        if (tasks["task_text_source"] == "own words").any():
            found.append(
                "The tasks are shown in our own short words, not in O*NET's wording; the "
                "scores were computed from the official statements. A refresh of the data "
                "(outlook refresh) brings those."
            )
        missing = int(tasks["task"].isna().sum())
        if missing:
            some = f"{missing} of {len(tasks)} tasks {'is' if missing == 1 else 'are'}"
            found.append(
                f"The {missing} tasks are scored but not listed"
                if missing == len(tasks)
                else f"{some} shown by number"
            )
            found[-1] += (
                ": their wording comes with a refresh of the data (outlook refresh). Their scores "
                "are complete."
            )
    if shared:
        found.append(
            f"Wages and employment are published for SOC {soc_code}, which this "
            f"occupation shares with {listed(shared)}: they are not those of the "
            "specialty alone."
        )
    return found
