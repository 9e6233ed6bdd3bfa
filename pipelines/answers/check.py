"""`outlook check`: agreement of the scorer, published figures reproduced, freshness of sources."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd

from pipelines.base.errors import UsageError
from pipelines.base.records import records
from pipelines.exposure.scorer.classes import BETA_BY_CLASS
from pipelines.exposure.validation.ceiling import ceiling
from pipelines.exposure.validation.evaluate import stored
from pipelines.exposure.validation.replication import replication
from pipelines.market.oews import national
from pipelines.releases.store import Release
from pipelines.sources import freshness

CHECK_COLUMNS = ["check", "figure", "published", "ours", "difference", "result", "remark"]

# GPT-4 (first rubric) against the human label, by rows of the label file: the part that our
# mirror holds, and the whole public file (paper, Table 2, where it prints them).
_PUBLISHED_GPT4_AGREEMENT = {
    13901: {"same class, %": 64.81, "alpha, %": 80.19, "zeta, %": 81.71, "kappa": 0.4289,
            "r of beta": 0.5879, "mean human alpha": 0.1525, "mean human beta": 0.3146,
            "mean human zeta": 0.4767},
    19265: {"same class, %": 65.64, "alpha, %": 80.78, "zeta, %": 82.09, "kappa": 0.4367,
            "r of beta": 0.5908, "mean human alpha": 0.149, "mean human beta": 0.308,
            "mean human zeta": 0.468},
}  # fmt: skip
# Least agreement with people (accuracy, kappa, r of beta) that the shipped scorer must have by
# protocol of `exposure.evaluate`. Under W it is .03 above GPT-4's on the same tasks.
# The folds are drawn afresh; .88 under K was met only on those that the design was tuned on.
_MIN_AGREEMENT = {"U": (0.735, 0.53, 0.69), "K": (0.87, 0.79, 0.84), "W": (0.677, 0.46, 0.616)}
#: Least that each of the three must be above the baseline on the same tasks.
_MIN_GAIN = {"U": 0.03, "K": 0.01, "W": 0.01}
#: Largest expected calibration error of a class.
_MAX_CALIBRATION_ERROR = {"U": 0.03, "K": 0.03}
# O*NET 18, 29-2071.00: element names and means on the scale 1-5.
_PUBLISHED_WORK_CONTEXT = {
    "4.C.3.b.4": 4.71, "4.C.3.b.7": 4.55, "4.C.3.a.1": 1.87, "4.C.3.d.1": 3.89,
    "4.C.2.d.1.a": 4.36, "4.C.2.d.1.i": 3.82,
}  # fmt: skip


def checks(data: Release, today: date | None = None) -> pd.DataFrame:
    """Every check as a row.

    Returns
    -------
    DataFrame
        check, figure, published, ours, difference, result (pass, fail; "reported" where nothing
        is asked of a figure; "old"; "not checked" with the reason in remark). What the data in
        use cannot answer is named, not left out.
    """
    rows = [*_scorer(), *_ceiling(data), *_labels(data), *replication(data)]
    rows += [*_experts(data), *_anchors(data), *_lookback(data)]
    rows += _freshness(data, today or datetime.now(UTC).date())
    return pd.DataFrame(rows, columns=CHECK_COLUMNS)


def _row(check, figure, published, ours, decimals, remark=""):
    """Equal to the printed digits, or it fails."""
    if ours is None or pd.isna(ours):
        return [check, figure, published, None, None, "not checked", remark]
    ours = round(float(ours), decimals)
    difference = round(ours - published, decimals)
    result = "fail" if difference else "pass"
    return [check, figure, published, ours, difference, result, remark]


def _scorer():
    for protocol, found in stored().items():
        floors = _MIN_AGREEMENT.get(protocol, (None, None, None))
        for name, floor in zip(("accuracy", "kappa", "r_beta"), floors, strict=True):
            ours, beside, plain = found[name], found["gpt4"][name], found["baseline"][name]
            low, high = found["interval"][name]
            gain = _MIN_GAIN.get(protocol, 0.0)
            too_low = floor is not None and (ours < floor or ours - plain < gain)
            yield [
                f"scorer against people, protocol {protocol}", name, round(beside, 4),
                round(ours, 4), round(ours - beside, 4),
                "reported" if floor is None else "fail" if too_low else "pass",
                f"published = GPT-4 on the same {found['n']:,} rows; baseline {plain:.4f}, gain "
                f"over it {ours - plain:+.4f}; ours, 95 %: {low:.3f} to {high:.3f}"
                + (f"; at least {floor} asked, and {gain} above the baseline" if floor else ""),
            ]  # fmt: skip
        most = _MAX_CALIBRATION_ERROR.get(protocol)
        for name, value in found["calibration_error"].items():
            yield [f"calibration, protocol {protocol}", f"error of P({name})", None,
                   round(value, 4), None,
                   "reported" if most is None else "fail" if value > most else "pass",
                   "expected calibration error; at most .03 asked under U and K"]  # fmt: skip
        covered, lowest = found["coverage"], found["coverage_lowest_group"]
        good = 0.88 <= covered <= 0.92 and lowest >= 0.85
        yield [f"90 % intervals, protocol {protocol}", "share that holds the human label", 0.9,
               round(covered, 4), round(covered - 0.9, 4), "pass" if good else "fail",
               f".88 to .92 asked, and .85 in every major group: the lowest has {lowest:.3f}; "
               f"mean width {found['width']:.2f}"]  # fmt: skip


def _experts(data: Release):
    """The automation score against experts, beside what one would otherwise take."""
    from pipelines.exposure.validation import experts

    if not data.has("expert_ratings"):
        yield ["scores against experts", "automation score", None, None, None, "not checked",
               "the snapshot has no ratings (no license): run `outlook refresh`"]  # fmt: skip
        return
    names = ("expert_ratings", "task_scores", "exposure_labels")
    tables = {name: data.table(name) for name in names}
    most = experts.ceiling(tables["expert_ratings"])
    found = experts.against_experts(tables)
    gpt4 = found.set_index("score")["pearson"].get("gpt4_level", float("nan"))
    for row in records(found):
        own = row["score"] == "automation_score"
        good = row["pearson"] >= experts.LEAST
        yield ["scores against experts, Pearson's r", experts.SCORES[row["score"]],
               round(gpt4, 4), round(row["pearson"], 4), round(row["pearson"] - gpt4, 4),
               "reported" if not own else "pass" if good else "fail",
               f"published = GPT-4's level; ours, 95 %: {row['low']:.2f} to {row['high']:.2f}; "
               f"Spearman {row['spearman']:.2f}; {row['n_tasks']} tasks of "
               f"{row['n_occupations']} occupations; no score could exceed {most:.2f}"
               + (f"; at least {experts.LEAST} asked" if own else "")]  # fmt: skip


def _lookback(data: Release):
    """The look back with clustered errors, many tests, error in exposure and a break in trend."""
    from pipelines.analysis import Analysis
    from pipelines.figures.market import Evidence
    from pipelines.market import exposure_error, robustness

    evidence = Evidence(Analysis(data))
    try:
        tests, trend = evidence.every_test, evidence.break_in_trend
    except UsageError as error:
        yield ["look back", "our exposure", None, None, None, "not checked", error.problem]
        return
    own = tests[tests["main"] & (tests["measure"] == "exposure")]
    for row in records(own):
        yield [f"look back, {row['outcome']}, {row['window']}", "percent per year by 1 st. dev.",
               None, round(row["effect_sd"], 4), None, "reported",
               f"SE: HC3 {row['se_hc3']:.3f}, by major group {row['se_major']:.3f}, by major group "
               f"and education {row['se_two_way']:.3f}; p, wild bootstrap {row['p_wild']:.3f}",
        ]  # fmt: skip
    for row in records(robustness.counts(tests)):
        for name, said in robustness.COUNTED.items():
            yield [f"look back, {row['tests']} slopes, {row['family']}", said, None, row[name],
                   None, "reported", f"slopes that differ from 0 at {100 * robustness.LEVEL:.0f} %",
            ]  # fmt: skip
    corrected = exposure_error.errors_in_variables(evidence.units, evidence.tables)
    for row in records(corrected):
        yield [f"error in exposure, {row['outcome']}, {row['window']}",
               "percent per year by a tenth, corrected", None, round(row["corrected"], 4), None,
               "reported", f"as it comes {row['effect_tenth']:+.3f}; SE {row['corrected_se']:.3f}, "
               "by major group"]  # fmt: skip
    for row in records(trend):
        yield [f"year by year, {row['outcome']}, {row['window']}", "percent per year by a tenth",
               None, round(row["effect_tenth"], 4), None, "reported",
               f"95 %, by major group: {row['tenth_low']:+.3f} to {row['tenth_high']:+.3f}",
        ]  # fmt: skip


def _ceiling(data: Release):
    """The limit that the labels' own noise sets, from a release that has their texts."""
    labels = data.table("exposure_labels")
    if labels["task"].isna().all():
        yield ["limit set by label noise", "accuracy", None, None, None, "not checked",
               "the snapshot has no label texts: run `outlook refresh`"]  # fmt: skip
        return
    for row in records(ceiling(labels, data.table("task_dwas"))):
        least, most = row["ceiling_least"], row["ceiling_most"]
        yield ["limit set by label noise", f"{row['figure']}: {row['evidence']}", None,
               round(most, 4), None, "reported",
               f"{row['reading']}; from {least:.3f} to {most:.3f}, 95 %: {row['interval_low']:.3f} "
               f"to {row['interval_high']:.3f}; {row['groups']:,} groups"]  # fmt: skip


def gpt4_agreement(labels: pd.DataFrame) -> dict[str, float]:
    """GPT-4's first rubric against people, and means of the human label; keys as in `_GPT4`.

    Of rows with both labels: one that GPT-4 did not give is no disagreement.
    """
    from sklearn.metrics import cohen_kappa_score

    labels = labels.dropna(subset=["human_label", "gpt4_label"])
    human, gpt4 = labels["human_label"], labels["gpt4_label"]
    beta, beta4 = human.map(BETA_BY_CLASS), gpt4.map(BETA_BY_CLASS)
    return {
        "same class, %": 100 * (human == gpt4).mean(),
        "alpha, %": 100 * ((human == "E1") == (gpt4 == "E1")).mean(),
        "zeta, %": 100 * ((human == "E0") == (gpt4 == "E0")).mean(),
        "kappa": cohen_kappa_score(human, gpt4),
        "r of beta": beta.corr(beta4),
        "mean human alpha": (human == "E1").mean(),
        "mean human beta": beta.mean(),
        "mean human zeta": (human != "E0").mean(),
    }


def _labels(data: Release):
    labels = data.table("exposure_labels")
    published = _PUBLISHED_GPT4_AGREEMENT.get(len(labels))
    ours = gpt4_agreement(labels) if published else {}
    remark = (
        f"{len(labels):,} labeled tasks"
        if published
        else f"the data in use hold {len(labels):,} labels; the whole file comes with a refresh"
    )
    for name, value in (published or _PUBLISHED_GPT4_AGREEMENT[13901]).items():
        decimals = len(str(value).split(".")[1])
        yield _row("GPT-4 against people", name, value, ours.get(name), decimals, remark)


def _anchors(data: Release):
    wages = national(data.table("wages"))
    newest = wages[wages["year"] == 2025].set_index("soc_code")
    for code, column, published in [
        ("29-2072", "employment", 194_720), ("29-2072", "annual_median_wage", 51_140),
        ("29-2072", "annual_p10_wage", 37_000), ("29-2072", "annual_p90_wage", 81_150),
        ("29-9021", "employment", 38_100), ("29-9021", "annual_median_wage", 68_020),
    ]:  # fmt: skip
        ours = newest[column].get(code)
        yield _row("OEWS May 2025", f"{code} {column}", published, ours, 0)
    projections = data.table("projections")
    decade = projections[projections["base_year"] == 2024].set_index("soc_code")
    for column, thousands in [
        ("employment_base", 194.8), ("employment_target", 208.6), ("annual_openings", 14.2)
    ]:  # fmt: skip
        ours = decade[column].get("29-2072")
        yield _row("Projections 2024-34", f"29-2072 {column}, thousands", thousands, ours, 1)
    entry = decade["typical_education"].get("29-2072")
    ours = None if entry is None else float(entry == "Postsecondary nondegree award")
    name = "29-2072 enters with a postsecondary nondegree award, 1 = yes"
    yield _row("Projections 2024-34", name, 1, ours, 0, f"typical entry education: {entry}")
    context = data.table("elements_2010")
    context = context[
        (context["onet_soc_2010_code"] == "29-2071.00") & (context["scale_id"] == "CX")
    ].set_index("element_id")
    for element, mean in _PUBLISHED_WORK_CONTEXT.items():
        ours = context["value"].get(element)
        name = context["element_name"].get(element, element)
        yield _row("O*NET 18 Work Context, 29-2071.00", name, mean, ours, 2)


def _freshness(data: Release, today: date):
    for source, entry in sorted(data.manifest["sources"].items()):
        cadence = freshness.cadence(source, data.manifest["sources"])
        published = str(entry["date"])
        age = freshness.age_months(published, today)
        stale = freshness.is_old(cadence, age)
        remark = f"dated {published}, {age} months ago"
        if age is None:
            remark = f"{published!r} is no date: the manifest of the release is damaged"
        remark += "; look for a newer one at the publisher's" if stale else ""
        yield [
            "freshness", f"{source} ({entry['release']})", None, age, None,
            "not checked" if age is None else "old" if stale else "pass", remark,
        ]  # fmt: skip
