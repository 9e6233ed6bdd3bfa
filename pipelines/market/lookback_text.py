"""The look back in sentences, made from its table: no number typed by hand, no cause claimed."""

from __future__ import annotations

import pandas as pd

from pipelines.market.lookback import EXPOSURE_COLUMN, MAIN_SPECIFICATION, MEASURE_NAMES

_VERB_BY_OUTCOME = {"employment": "grew", "real mean pay": "saw real wages grow"}
_SUBJECT_BY_OUTCOME = {"employment": "Jobs", "real mean pay": "Wages"}


def interval_excludes_zero(row: pd.Series) -> bool:
    """Whether the 95% interval excludes 0."""
    return bool(row["sd_low"] > 0 or row["sd_high"] < 0)


def _effect(row: pd.Series) -> str:
    low, high = row["tenth_low"], row["tenth_high"]
    return f"{row['effect_tenth']:+.2f} percent per year ({low:+.2f} to {high:+.2f})"


def _named(rows: pd.DataFrame, column: str) -> str:
    signs = ["more" if effect > 0 else "less" for effect in rows["effect_sd"]]
    names = [MEASURE_NAMES.get(name, name) for name in rows[column]]
    return "; ".join(f"{name} ({sign})" for name, sign in zip(names, signs, strict=True))


def headline(table: pd.DataFrame, outcome: str) -> str:
    """One sentence on an outcome ("employment" or "real mean pay") for the head of a figure."""
    rows = table[
        (table["measure"] == EXPOSURE_COLUMN)
        & (table["specification"] == MAIN_SPECIFICATION.name)
        & (table["outcome"] == outcome)
    ].set_index("window")
    before, after = list(rows.index)[:2]
    new = rows.loc["difference"]
    parts = []
    for window in (after, before):
        row = rows.loc[window]
        said = "" if interval_excludes_zero(row) else ", no clear difference from 0"
        parts.append(f"{window}: {_effect(row)}{said}")
    end = "the two differ" if interval_excludes_zero(new) else "the two do not differ clearly"
    return f"{_SUBJECT_BY_OUTCOME[outcome]} by a tenth more exposure, {'; '.join(parts)}; {end}"


def lookback_sentences(table: pd.DataFrame) -> list[str]:
    """What `lookback.lookback` found, outcome by outcome.

    The rule: where the interval of the years after the tools came holds 0, nothing is there that
    these data can tell from nothing, and the sentence says so. Where it does not, the same
    regression of the years before decides: a relation that was there before is not new.
    """
    known = table.dropna(subset=["effect_sd"])
    ours = known[known["measure"] == EXPOSURE_COLUMN]
    main = ours[ours["specification"] == MAIN_SPECIFICATION.name]
    lines = [
        "Effects are the yearly growth of an occupation whose exposure is higher by 0.1 less that "
        "of one without the difference, weighted by jobs unless a check says otherwise, with 95% "
        "intervals. They show association and explain nothing."
    ]
    for outcome, verb in _VERB_BY_OUTCOME.items():
        rows = main[main["outcome"] == outcome].set_index("window")
        before, after = list(rows.index)[:2]
        lines.append(
            f"{_SUBJECT_BY_OUTCOME[outcome]}: {_main(rows, before, after, verb)} "
            f"{_checks(ours[ours['outcome'] == outcome], before, after)}"
        )
        lines.append(_others(known[known["outcome"] == outcome], after, outcome))
    return [line for line in lines if line]


def _main(rows: pd.DataFrame, before: str, after: str, verb: str) -> str:
    now, then, new = rows.loc[after], rows.loc[before], rows.loc["difference"]
    if interval_excludes_zero(now):
        way = "more" if now["effect_tenth"] > 0 else "less"
        text = f"In {after} more exposed occupations {verb} {way}: {_effect(now)}. "
    else:
        text = (
            f"In {after} no difference can be distinguished from zero: {_effect(now)}. "
            "Differences outside the interval are not consistent with the data; those inside "
            "it are. "
        )
    if interval_excludes_zero(then):
        way = "more" if then["effect_tenth"] > 0 else "less"
        text += f"In {before}, before the tools, they {verb} {way}: {_effect(then)}. "
    else:
        said = (
            "no such difference shows"
            if interval_excludes_zero(now)
            else "no difference could be distinguished from zero either"
        )
        text += f"In {before}, before the tools, {said}: {_effect(then)}. "
    if not interval_excludes_zero(new):
        return text + f"The two do not differ clearly: {_effect(new)}."
    toward = abs(now["effect_sd"]) < abs(then["effect_sd"])
    word = "weaker" if toward else "stronger"
    if interval_excludes_zero(then) and (now["effect_sd"] > 0) == (then["effect_sd"] > 0):
        return text + f"The relation is older than the tools and has become {word}: {_effect(new)}."
    return text + f"The two differ: {_effect(new)}."


def _checks(rows: pd.DataFrame, before: str, after: str) -> str:
    checks = rows[rows["specification"] != MAIN_SPECIFICATION.name]
    if checks.empty:
        return ""
    parts = []
    for window, name in ((after, after), (before, before), ("difference", "the difference")):
        here = checks[checks["window"] == window]
        moved = here[[interval_excludes_zero(row) for _, row in here.iterrows()]]
        said = f" ({_named(moved, 'specification')})" if len(moved) else ""
        parts.append(f"{len(moved)} of {len(here)} for {name}{said}")
    text = f"Checks whose interval excludes 0: {'; '.join(parts)}."
    now = checks[checks["window"] == after]
    signs = {row["sd_low"] > 0 for _, row in now.iterrows() if interval_excludes_zero(row)}
    if len(signs) > 1:
        text += f" Those of {after} disagree in sign: the result depends on the specification."
    new = rows[rows["window"] == "difference"]
    first = new[new["specification"] == MAIN_SPECIFICATION.name].iloc[0]
    rest = [
        interval_excludes_zero(row)
        for _, row in new[new["specification"] != MAIN_SPECIFICATION.name].iterrows()
    ]
    if interval_excludes_zero(first) and 2 * sum(rest) < len(rest):
        text += " Most checks do not show that the two differ, so this is not settled."
    return text


def _others(rows: pd.DataFrame, after: str, outcome: str) -> str:
    others = rows[(rows["measure"] != EXPOSURE_COLUMN) & rows["window"].isin([after, "difference"])]
    if others.empty:
        return (
            f"{_SUBJECT_BY_OUTCOME[outcome]}, other measures: these data hold too few occupations "
            "with them (outlook refresh brings the files)."
        )
    parts = []
    for window, name in ((after, after), ("difference", "the difference")):
        here = others[others["window"] == window]
        moved = here[[interval_excludes_zero(row) for _, row in here.iterrows()]]
        said = f" ({_named(moved, 'measure')})" if len(moved) else ""
        parts.append(f"{len(moved)} of {len(here)} for {name}{said}")
    return (
        f"{_SUBJECT_BY_OUTCOME[outcome]}, published measures instead of ours, intervals that "
        f"exclude 0: {'; '.join(parts)}."
    )
