"""`outlook check` can fail: a figure just below what is asked fails, one just at it passes."""

from __future__ import annotations

import copy
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from pipelines.answers import check
from pipelines.base.errors import UsageError
from pipelines.market import lookback
from pipelines.releases.current import open_data

STORED = check.stored()
FIGURES = ("accuracy", "kappa", "r_beta")
#: What the issues ask of agreement with people: never less than GPT-4 + .03, and more under U, K.
FLOORS = {"U": (0.735, 0.53, 0.69), "K": (0.87, 0.79, 0.84)}
GAIN = 0.03


def _scorer(monkeypatch, protocol="U", **change):
    """Rows of the scorer where the figures of one protocol are changed; by (check, figure)."""
    found = copy.deepcopy(STORED)
    found[protocol] = {**found[protocol], **change}
    monkeypatch.setattr(check, "stored", lambda: found)
    rows = pd.DataFrame(check._scorer(), columns=check.CHECK_COLUMNS)
    return rows.set_index(["check", "figure"])


FLOORS["W"] = tuple(round(STORED["W"]["gpt4"][figure] + GAIN, 3) for figure in FIGURES)


@pytest.mark.parametrize("protocol", FLOORS)
@pytest.mark.parametrize("figure", FIGURES)
def test_agreement_below_the_floor_fails(monkeypatch, protocol, figure):
    floor = FLOORS[protocol][FIGURES.index(figure)]
    at = (f"scorer against people, protocol {protocol}", figure)
    assert _scorer(monkeypatch).at[at, "result"] == "pass"
    assert _scorer(monkeypatch, protocol, **{figure: floor}).at[at, "result"] == "pass"
    low = _scorer(monkeypatch, protocol, **{figure: floor - 0.0001}).loc[at]
    assert low["result"] == "fail"
    assert f"at least {floor} asked" in low["remark"]
    assert low["published"] == round(STORED[protocol]["gpt4"][figure], 4)
    assert low["ours"] == round(floor - 0.0001, 4)
    assert low["difference"] == pytest.approx(low["ours"] - low["published"], abs=1.1e-4)


@pytest.mark.parametrize(("protocol", "gain"), [("U", 0.03), ("K", 0.01), ("W", 0.01)])
def test_a_scorer_hardly_above_its_baseline_fails(monkeypatch, protocol, gain):
    at = (f"scorer against people, protocol {protocol}", "accuracy")
    ours = STORED[protocol]["accuracy"]
    for above, result in ((gain + 1e-6, "pass"), (gain - 1e-6, "fail")):
        plain = STORED[protocol]["baseline"] | {"accuracy": ours - above}
        assert _scorer(monkeypatch, protocol, baseline=plain).at[at, "result"] == result


def test_a_protocol_of_which_nothing_is_asked_is_reported(monkeypatch):
    rows = _scorer(monkeypatch)
    for figure in FIGURES:
        row = rows.loc[("scorer against people, protocol K all", figure)]
        assert row["result"] == "reported"
        assert "asked" not in row["remark"]
    assert rows.at[("calibration, protocol W", "error of P(E1)"), "result"] == "reported"


@pytest.mark.parametrize("protocol", ["U", "K"])
@pytest.mark.parametrize("label", ["E0", "E1", "E2"])
def test_a_calibration_error_above_three_points_fails(monkeypatch, protocol, label):
    at = (f"calibration, protocol {protocol}", f"error of P({label})")
    errors = STORED[protocol]["calibration_error"]
    for value, result in ((0.03, "pass"), (0.0301, "fail")):
        row = _scorer(monkeypatch, protocol, calibration_error={**errors, label: value}).loc[at]
        assert (row["result"], row["ours"]) == (result, value)


@pytest.mark.parametrize("protocol", list(STORED))
@pytest.mark.parametrize(("coverage", "lowest", "result"), [
    (0.90, 0.90, "pass"), (0.88, 0.85, "pass"), (0.92, 0.85, "pass"), (0.8799, 0.85, "fail"),
    (0.9201, 0.85, "fail"), (0.90, 0.8499, "fail"),
])  # fmt: skip
def test_intervals_that_hold_too_few_or_too_many_fail(
    monkeypatch, protocol, coverage, lowest, result
):
    rows = _scorer(monkeypatch, protocol, coverage=coverage, coverage_lowest_group=lowest)
    row = rows.loc[(f"90 % intervals, protocol {protocol}", "share that holds the human label")]
    assert (row["result"], row["published"], row["ours"]) == (result, 0.9, coverage)
    assert row["difference"] == pytest.approx(coverage - 0.9, abs=1e-4)
    assert f"the lowest has {lowest:.3f}" in row["remark"]


@pytest.mark.parametrize(("published", "ours", "decimals", "result", "difference"), [
    (0.43, 0.4349, 2, "pass", 0), (0.43, 0.4351, 2, "fail", 0.01), (0.43, 0.4251, 2, "pass", 0),
    (0.43, 0.4249, 2, "fail", -0.01), (194_720, 194_720, 0, "pass", 0),
    (194_720, 194_719, 0, "fail", -1),
])  # fmt: skip
def test_a_published_figure_is_met_to_its_printed_digits(
    published, ours, decimals, result, difference
):
    row = check._row("check", "figure", published, ours, decimals, "remark")
    assert row == ["check", "figure", published, round(ours, decimals), difference, result,
                   "remark"]  # fmt: skip


@pytest.mark.parametrize("nothing", [None, np.nan])
def test_a_figure_that_the_data_lack_is_not_checked_and_not_passed(nothing):
    row = check._row("check", "figure", 1.5, nothing, 1, "why")
    assert row == ["check", "figure", 1.5, None, None, "not checked", "why"]


def test_agreement_of_two_raters_is_counted_by_class():
    labels = pd.DataFrame({
        "human_label": ["E0", "E0", "E1", "E2", "E2"], "gpt4_label": ["E0", "E1", "E1", "E1", "E2"],
    })  # fmt: skip
    found = check.gpt4_agreement(labels)
    assert found["same class, %"] == pytest.approx(60)
    assert found["alpha, %"] == pytest.approx(60)
    assert found["zeta, %"] == pytest.approx(80)
    assert found["mean human alpha"] == pytest.approx(0.2)
    assert found["mean human beta"] == pytest.approx(0.4)
    assert found["mean human zeta"] == pytest.approx(0.6)
    # Chance agreement: (2x1 + 1x3 + 2x1) / 25.
    assert found["kappa"] == pytest.approx((0.6 - 7 / 25) / (1 - 7 / 25))
    assert found["r of beta"] == pytest.approx(
        np.corrcoef([0, 0, 1, 0.5, 0.5], [0, 1, 1, 1, 0.5])[0, 1]
    )


def _age(monkeypatch, cadence, published, today):
    single = SimpleNamespace(cadence=cadence, is_family=False)
    monkeypatch.setattr(check.freshness, "entry_of", lambda name: single)
    sources = {"s": {"release": "29.3", "date": published}}
    data = SimpleNamespace(manifest={"sources": sources})
    (row,) = check._freshness(data, today)
    return dict(zip(check.CHECK_COLUMNS, row, strict=True))


@pytest.mark.parametrize(("cadence", "months"), [("quarterly", 12), ("yearly", 24)])
def test_a_source_is_old_a_month_after_its_time(monkeypatch, cadence, months):
    for age, result in ((months, "pass"), (months + 1, "old")):
        today = date(2024 + age // 12, 1 + age % 12, 28)
        row = _age(monkeypatch, cadence, "2024-01", today)
        assert (row["ours"], row["result"]) == (age, result)
        assert row["figure"] == "s (29.3)"
        assert row["remark"].startswith(f"dated 2024-01, {age} months ago")
        assert ("look for a newer one" in row["remark"]) == (result == "old")


def test_a_vintage_that_is_kept_on_purpose_never_is_old(monkeypatch):
    assert _age(monkeypatch, "once", "2015-05", date(2026, 5, 1))["result"] == "pass"


@pytest.fixture(scope="module")
def looked_back():
    rows = check._lookback(open_data(offline=True))
    return pd.DataFrame(rows, columns=check.CHECK_COLUMNS).set_index(["check", "figure"])


def test_lines_of_the_look_back_are_those_of_plain_pandas(looked_back, analysis):
    """Recomputed from the units of the panel, without the regressions of the package."""
    measures = lookback.soc_measures(analysis.tables, analysis.occupation_exposure)
    units = lookback.units(analysis.tables, measures).dropna(subset=["exposure"])
    jobs = units["employment_2021"]
    mean = np.average(units["exposure"][jobs.notna()], weights=jobs.dropna())
    sd = np.sqrt(np.average((units["exposure"][jobs.notna()] - mean) ** 2, weights=jobs.dropna()))

    def slope(rows):
        y = np.log(rows["employment_2025"] / rows["employment_2021"]) / 4
        return np.polyfit(rows["exposure"], y, 1, w=np.sqrt(rows["employment_2021"]))[0]

    rows = units.dropna(subset=["employment_2021", "employment_2025"])
    left = [slope(rows[rows["major"] != g]) for g in sorted(set(rows["major"]))]
    se = np.sqrt(21 / 22 * ((np.array(left) - slope(rows)) ** 2).sum())
    line = looked_back.loc[("look back, employment, 2021-2025", "percent per year by 1 st. dev.")]
    assert line["ours"] == pytest.approx(100 * np.expm1(slope(rows) * sd), abs=1e-4)
    assert f"by major group {100 * se * sd:.3f}" in line["remark"]
    # What comes of 2022 as the break, on groups that have every year.
    found = [2015, *range(2017, 2026)]
    every = units.dropna(subset=[f"employment_{year}" for year in found])
    y = np.log(every["employment_2025"] / every["employment_2022"]) / 3
    after = np.polyfit(every["exposure"], y, 1, w=np.sqrt(every["employment_2022"]))[0]
    line = looked_back.loc[("year by year, employment, 2022-2025", "percent per year by a tenth")]
    assert line["ours"] == pytest.approx(100 * np.expm1(after / 10), abs=1e-4)
    # Error in exposure: the slope over the share of its variance that is no error.
    known = rows.dropna(subset=["exposure_se"])
    w = known["employment_2021"]
    middle = np.average(known["exposure"], weights=w)
    variance = np.average((known["exposure"] - middle) ** 2, weights=w)
    reliable = 1 - np.average(known["exposure_se"] ** 2, weights=w) / variance
    line = looked_back.loc[
        ("error in exposure, employment, 2021-2025", "percent per year by a tenth, corrected")
    ]
    assert line["ours"] == pytest.approx(100 * np.expm1(slope(known) / reliable / 10), abs=1e-4)


def test_counts_of_clear_slopes_are_reported(looked_back):
    main = [check for check, _ in looked_back.index if check.endswith("asked first")]
    # Twelve measures may be embedded: two outcomes and three windows of each.
    assert set(main) == {f"look back, {12 * 2 * 3} slopes, asked first"}
    assert len(main) == 7
    assert (looked_back["result"] == "reported").all()


def test_without_the_years_it_is_not_checked_and_says_what_is_needed(monkeypatch):
    def lacking(self):
        raise UsageError("table wages", "2022 is needed", "Run outlook refresh")

    monkeypatch.setattr("pipelines.figures.market.Evidence.every_test", property(lacking))
    (row,) = check._lookback(open_data(offline=True))
    assert row[-2:] == ["not checked", "2022 is needed"]
