"""Exposure year by year, on a made panel whose every year is known."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from made_market import CODES, oews
from scipy import stats

from pipelines.base.errors import UsageError
from pipelines.charts.exposure_by_year import event_study as chart
from pipelines.market import event_study

YEARS = (2015, 2017, 2021, 2022, 2023, 2025)


def made(trend=0.0, jump=0.0, seed=0):
    """Units and wages: log jobs rise with exposure by `trend` a year, and by `jump` after 2022."""
    rng = np.random.default_rng(seed)
    x, start = rng.beta(1.5, 3, len(CODES)), rng.normal(10, 1, len(CODES))
    units = pd.DataFrame({"exposure": x, "major": [c[:2] for c in CODES]}, index=CODES)
    for year in YEARS:
        log = start + x * (trend * (year - 2022) + jump * (year > 2022))
        units[f"employment_{year}"] = np.exp(log + rng.normal(0, 0.01, len(CODES)))
        units[f"pay_{year}"] = np.exp(11 + 0.03 * (year - 2015) + rng.normal(0, 0.01, len(CODES)))
    wages = pd.concat([oews(y, CODES, units[f"employment_{y}"], units[f"pay_{y}"]) for y in YEARS])
    return units, {"wages": wages}


def jobs(frame):
    return frame[frame["outcome"] == "employment"].set_index(
        "year" if "year" in frame else "window"
    )


def test_a_jump_shows_after_the_break_and_in_no_placebo_year():
    units, tables = made(jump=-0.2)
    rows = jobs(event_study.event_study(units, tables))
    for year in (2023, 2025):
        assert rows.loc[year, "effect_tenth"] == pytest.approx(-2, abs=0.2)
    before = rows[rows["kind"] == "placebo"]
    assert list(before.index) == [2015, 2017, 2021]
    assert (before["tenth_low"] < 0.1).all()
    assert (before["tenth_high"] > -0.1).all()
    assert rows.loc[2022, ["kind", "effect_tenth", "tenth_low"]].tolist() == ["reference", 0, 0]


def test_a_trend_that_goes_on_is_no_break():
    trend = event_study.break_in_trend(*made(trend=-0.05))
    rows = jobs(trend)
    assert rows.loc["2015-2022", "effect_tenth"] == pytest.approx(-0.5, abs=0.05)
    assert rows.loc["2022-2025", "effect_tenth"] == pytest.approx(-0.5, abs=0.1)
    assert rows.loc["difference", "tenth_low"] < 0 < rows.loc["difference", "tenth_high"]
    table = event_study.event_study(*made(trend=-0.05))
    said = event_study.event_sentences(table, trend, [])
    assert "does not differ clearly" in said[0]


def test_a_coefficient_is_that_of_the_regression_with_effects_of_unit_and_year():
    units, tables = made(trend=0.01, jump=-0.1, seed=4)
    rows = jobs(event_study.event_study(units, tables))
    w, x = units["employment_2022"].to_numpy(), units["exposure"].to_numpy()
    y = np.log(units[[f"employment_{year}" for year in YEARS]].to_numpy())
    # Means of unit, then of year by weight, taken out of outcome and of exposure x year.
    others = [year for year in YEARS if year != 2022]
    design = np.stack([np.outer(x, [float(year == t) for year in YEARS]) for t in others])

    def within(values):
        values = values - values.mean(axis=1, keepdims=True)
        return values - np.average(values, axis=0, weights=w)

    root = np.sqrt(w)[:, None]
    columns = np.stack([(within(d) * root).ravel() for d in design], axis=1)
    b = np.linalg.lstsq(columns, (within(y) * root).ravel(), rcond=None)[0]
    for year, slope in zip(others, b, strict=True):
        assert rows.loc[year, "effect_tenth"] == pytest.approx(100 * np.expm1(slope / 10))


def test_the_interval_is_by_major_group():
    units, tables = made(jump=-0.1, seed=5)
    row = jobs(event_study.event_study(units, tables)).loc[2025]
    y = np.log(units["employment_2025"] / units["employment_2022"])

    def slope(rows):
        return np.polyfit(rows["exposure"], y[rows.index], 1, w=np.sqrt(rows["employment_2022"]))[0]

    groups = sorted(set(units["major"]))
    left = np.array([slope(units[units["major"] != g]) for g in groups])
    size = len(groups)
    se = np.sqrt((size - 1) / size * ((left - slope(units)) ** 2).sum())
    assert row["se_tenth"] == pytest.approx(10 * se)
    reach = stats.t.ppf(0.975, size - 1) * se
    assert row["tenth_high"] == pytest.approx(100 * np.expm1((slope(units) + reach) / 10))


def test_panels_of_a_may_are_six_and_those_after_the_opening_are_counted():
    assert event_study.panels(2022) == [
        date(2022, 5, 12), date(2021, 11, 12), date(2021, 5, 12), date(2020, 11, 12),
        date(2020, 5, 12), date(2019, 11, 12),
    ]  # fmt: skip
    rows = jobs(event_study.event_study(*made()))
    assert rows["panels_after"].to_dict() == {
        2015: 0, 2017: 0, 2021: 0, 2022: 0, 2023: 1, 2025: 5,
    }  # fmt: skip
    assert rows["panels_shared"].to_dict() == {
        2015: 0, 2017: 0, 2021: 4, 2022: 6, 2023: 4, 2025: 0,
    }  # fmt: skip


def test_a_unit_without_one_year_is_left_out_of_all():
    units, tables = made()
    units.loc[CODES[0], "employment_2017"] = np.nan
    units.loc[CODES[1], "exposure"] = np.nan
    rows = event_study.event_study(units, tables)
    assert set(rows.loc[rows["outcome"] == "employment", "n"]) == {len(CODES) - 2}
    assert set(rows.loc[rows["outcome"] == "real mean pay", "n"]) == {len(CODES) - 1}
    with pytest.raises(UsageError, match="only 50 units"):
        event_study.event_study(units.assign(exposure=units["exposure"].iloc[2:52]), tables)


def test_without_the_year_of_the_break_it_says_so():
    units, tables = made()
    late = tables["wages"][tables["wages"]["year"] != 2022]
    with pytest.raises(UsageError, match="2022 is needed"):
        event_study.event_study(units, {"wages": late})


def test_years_that_are_missing_are_named_in_words_and_on_the_axis():
    units, tables = made()
    missing = event_study.missing_years(tables)
    assert missing == [2016, 2018, 2019, 2020, 2024]
    table, trend = event_study.event_study(units, tables), event_study.break_in_trend(units, tables)
    assert "Not in the data: 2016" in event_study.event_sentences(table, trend, missing)[-1]
    drawn = chart.plain(table, "finding", "Sources: made.")
    assert "(2016)" in drawn["layout"]["xaxis"]["ticktext"]
    assert "No data: 2016, 2018" in drawn["layout"]["meta"]["reading"]
    after = next(t for t in drawn["data"] if t["name"] == "after")
    assert after["x"] == [2023, 2025]
    assert after["error_y"]["array"][0] == pytest.approx(
        jobs(table).loc[2023, "tenth_high"] - jobs(table).loc[2023, "effect_tenth"], abs=2e-3
    )


def test_the_headline_names_what_took_another_course():
    said = event_study.event_headline(event_study.break_in_trend(*made(jump=-0.3)))
    assert said == (
        "After 2022 the jobs of more exposed occupations took a clearly different course"
    )
    assert "Neither" in event_study.event_headline(event_study.break_in_trend(*made()))
