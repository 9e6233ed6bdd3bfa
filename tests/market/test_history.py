"""Occupations over the years: sums of codes, their errors, and what a change of codes brought."""

import numpy as np
import pandas as pd
import pytest
from made_prices import CPI_MAY, PRICES
from made_split import split
from made_wages import WAGES, WALK

from pipelines.charts import series as series_chart
from pipelines.market import history
from pipelines.market.history import NationalRows, employment_total, series
from pipelines.market.split import split_sentences, through_the_split
from pipelines.releases.current import open_data


def family(tables):
    frame = through_the_split(tables, "29-2072")
    return frame[frame["basis"] == "family"].set_index("year")


def test_the_error_of_mean_pay_has_that_of_pay_and_that_of_the_mix():
    """Both terms of the delta method, checked by redrawing the four estimates."""
    row = family(split()).loc[2025]
    assert row["employment_se"] == pytest.approx(np.hypot(900 * 0.02, 300 * 0.05))
    mean = (900 * 44_000 + 300 * 60_000) / 1200
    own = np.hypot(900 * 44_000 * 0.01, 300 * 60_000 * 0.03)
    mix = np.hypot(900 * 0.02 * (44_000 - mean), 300 * 0.05 * (60_000 - mean))
    assert row["real_mean_pay_se"] == pytest.approx(np.hypot(own, mix) / 1200)
    rng = np.random.default_rng(0)
    z = rng.normal(size=(4, 20_000))
    e = np.array([900 * (1 + 0.02 * z[0]), 300 * (1 + 0.05 * z[1])])
    pay = np.array([44_000 * (1 + 0.01 * z[2]), 60_000 * (1 + 0.03 * z[3])])
    redrawn = (e * pay).sum(0) / e.sum(0)
    assert row["real_mean_pay_se"] == pytest.approx(redrawn.std(), rel=0.03)


def test_dollars_of_the_past_become_more_dollars_of_today():
    row = family(split()).loc[2015]
    grown = CPI_MAY[2025] / CPI_MAY[2015]
    assert grown == pytest.approx(1.3518, abs=1e-4)
    assert row["mean_pay"] == 40_000
    assert row["real_mean_pay"] == pytest.approx(40_000 * grown)
    assert row["real_mean_pay_se"] == pytest.approx(800 * grown)
    assert row["base_year"] == 2025


def test_sentences_give_the_change_with_its_error_or_say_that_it_is_not_known():
    said = split_sentences(through_the_split(split(), "29-2072"))[0]
    jobs_se = 120 * np.hypot(0.03, np.hypot(18, 15) / 1200)
    assert said.startswith(
        f"Family, May 2015 to 2025: jobs +20.0 percent (standard error {jobs_se:.1f})"
    )
    real = 100 * (48_000 / (40_000 * CPI_MAY[2025] / CPI_MAY[2015]) - 1)
    assert f"mean wage after inflation {real:+.1f} percent" in said
    new = {"29-9021": (300.0, np.nan, 60_000.0, 3.0)}
    said = split_sentences(through_the_split(split(new=new), "29-2072"))[0]
    assert "jobs +20.0 percent (standard error not known)" in said
    assert "(not known)." in said
    assert "nan" not in said


def test_a_whole_sentence_has_both_errors_and_what_else_became_part_of_it():
    old = {"29-2071": (1000.0, 3.0, 30_000.0, 2.0)}
    said = split_sentences(through_the_split(split(old=old), "29-2072"))
    real = 100 * 48_000 / (30_000 * CPI_MAY[2025] / CPI_MAY[2015])
    own = np.hypot(900 * 44_000 * 0.01, 300 * 60_000 * 0.03)
    mix = np.hypot(900 * 0.02 * 4_000, 300 * 0.05 * 12_000)
    pay_se = real * np.hypot(0.02, np.hypot(own, mix) / 1200 / 48_000)
    jobs_se = 120 * np.hypot(0.03, np.hypot(18, 15) / 1200)
    assert said[0] == (
        f"Family, May 2015 to 2025: jobs +20.0 percent (standard error {jobs_se:.1f}), mean wage "
        f"after inflation {real - 100:+.1f} percent ({pay_se:.1f}). Codes that also became part "
        "of the later figure and are not in the earlier one: 29-9099. The change in employment is "
        "too high by what came from there."
    )
    assert said[1].startswith("Comparable group, May 2015 to 2025: jobs +3.3 percent ")
    assert len(said) == 2
    not_there = through_the_split(split(), "55-1011")
    assert not_there.empty
    assert not_there.columns.equals(through_the_split(split(), "29-2072").columns)
    assert split_sentences(not_there) == [
        "OEWS does not publish this occupation in two or more years."
    ]


def test_mean_pay_of_a_sum_is_missing_where_one_part_has_none():
    """A payroll over the part that is known, divided by all jobs, would be too low."""
    row = family(split(new={"29-9021": (300.0, 5.0, np.nan, 3.0)})).loc[2025]
    assert row["employment"] == 1200
    assert row[["mean_pay", "real_mean_pay", "real_mean_pay_se"]].isna().all()


def test_what_became_of_a_code_of_2010():
    walk = pd.DataFrame(
        [("10-1", "10-1"), ("10-2", "10-9"), ("10-3", "10-3"), ("10-3", "10-4"), ("10-5", "10-6"),
         ("10-6", "10-6")], columns=["soc_2010_code", "soc_code"],
    )  # fmt: skip
    asked = ["10-1", "10-9", "10-4", "10-6"]
    found = history.Walk(walk).predecessors(asked)
    assert {code: kind for code, (_, kind) in found.items()} == {
        "10-1": "same", "10-2": "renamed", "10-3": "split", "10-5": "split", "10-6": "split",
    }  # fmt: skip
    assert found["10-3"][0] == ["10-3", "10-4"]


def test_a_year_is_counted_once_however_many_years_have_the_old_codes():
    tables = split(old={"29-2071": (1.0, 3.0, 40_000.0, 2.0)})
    wages, walk = tables["wages"], tables["soc_2010_to_2018"]
    more = pd.concat([wages, wages[wages["year"] == 2015].assign(year=2016)])
    assert history.outside_share(more, walk, "29-2072") == pytest.approx(0.4 * 500)


def test_jobs_from_outside_are_not_known_where_those_of_a_code_are_not_released():
    walk = split()["soc_2010_to_2018"]
    assert history.outside_share(split()["wages"], walk, "29-2072") == pytest.approx(
        0.4 * 500 / 1000
    )
    for code, jobs in (("29-9099", 500.0), ("29-2071", 1000.0)):
        made = split(old={code: (np.nan, 4.0, 50_000.0, 2.0)})["wages"]
        assert np.isnan(history.outside_share(made, walk, "29-2072")), jobs
    # The armed forces have no row in OEWS: it counts none of their jobs on either side.
    more = pd.concat([walk, pd.DataFrame({"soc_2010_code": ["55-3017"], "soc_code": ["29-9021"],
                                          "weight": [1.0]})])  # fmt: skip
    assert history.outside_share(split()["wages"], more, "29-2072") == pytest.approx(0.2)


def test_a_split_occupation_keeps_three_lines_and_only_employment_is_summed():
    lines = series(NationalRows(WAGES, PRICES), "29-2072.00", WALK)
    assert set(lines["line"]) == {"29-2071 (SOC 2010)", "29-2072 (SOC 2018)", "29-9021 (SOC 2018)"}
    assert set(lines.loc[lines["year"] == 2015, "break_kind"]) == {"split"}
    total = employment_total(lines).set_index("year")["employment"]
    assert total[2015] == 189_930
    assert total[2025] == 194_720 + 38_100
    codes = employment_total(lines).set_index("year")["codes"].to_dict()
    assert codes == {2015: "29-2071", 2021: "29-2072 + 29-9021", 2025: "29-2072 + 29-9021"}
    medians = lines.loc[lines["year"] == 2025, "annual_median_wage"]
    assert sorted(medians) == [51_140, 68_020]
    old = lines[lines["year"] == 2015].iloc[0]
    assert old["real_annual_median_wage"] == pytest.approx(37_110 * 321.465 / 237.805)


def test_an_unknown_code_gives_an_empty_series_with_its_columns():
    assert series(NationalRows(WAGES, PRICES), "11-1111", WALK).empty
    assert series(NationalRows(WAGES, PRICES), "11-1111", WALK).columns.equals(
        series(NationalRows(WAGES, PRICES), "29-2072", WALK).columns
    )


def test_jobs_from_outside_a_family_are_counted_by_the_weights():
    """A sum over the change of codes compares the same jobs, or says how many came from outside."""
    release = open_data(offline=True)
    wages, walk = release.table("wages"), release.table("soc_2010_to_2018")
    assert history.outside_share(wages, walk, "29-1141") == 0  # kept its code and its jobs
    jobs = wages[(wages["state"] == "US") & (wages["year"] == 2015)].set_index("soc_code")
    came = walk[(walk["soc_2010_code"] == "29-9099") & (walk["soc_code"] == "29-9021")]
    expected = jobs["employment"]["29-9099"] * came["weight"].sum() / jobs["employment"]["29-2071"]
    assert history.outside_share(wages, walk, "29-2072.00") == pytest.approx(expected)
    assert history.outside_share(wages, walk, "17-3023") > series_chart.MAX_OUTSIDE_SHARE
    assert pd.isna(history.outside_share(wages.iloc[:0], walk, "29-2072"))
