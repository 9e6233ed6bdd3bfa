import pandas as pd
import pytest
from made_prices import CPI_MAY, PRICES, index

from pipelines.base.errors import SourceFailed, UsageError
from pipelines.charts import series as series_chart
from pipelines.market import history
from pipelines.market.history import employment_total, series
from pipelines.market.outlook import outlook, profile
from pipelines.market.places import states
from pipelines.market.prices import cpi_may, price_index, real
from pipelines.releases.current import open_data

KINDS = [
    f"{unit}_{k}_wage"
    for unit in ("annual", "hourly")
    for k in ("mean", "p10", "p25", "median", "p75", "p90")
]


def wage_row(year, code, jobs, median, state="US", vintage="2018", group="detailed"):
    row = {
        "year": year,
        "soc_vintage": vintage,
        "soc_code": code,
        "title": code,
        "state": state,
        "area_code": "99" if state == "US" else state,
        "area_title": state,
        "occupation_group": group,
        "employment": jobs,
        "employment_flag": "",
        "location_quotient": 1.0,
        "wage_kind": "both",
    }
    return row | {k: median for k in KINDS} | {f"{k}_flag": "" for k in KINDS}


WAGES = pd.DataFrame(
    [
        wage_row(2015, "29-2071", 189_930, 37_110, vintage="2010"),
        wage_row(2021, "29-2072", 180_000, 46_660),
        wage_row(2021, "29-9021", 36_000, 55_560),
        wage_row(2025, "29-2072", 194_720, 51_140),
        wage_row(2025, "29-9021", 38_100, 68_020),
        wage_row(2025, "29-2072", 999_999, 1, group="broad"),
        wage_row(2025, "29-2072", 100, 50_000, state="OH"),
        wage_row(2025, "29-9021", 100, 60_000, state="TX"),
    ]
)
WALK = pd.DataFrame({"soc_2010_code": ["29-2071"] * 2, "soc_code": ["29-2072", "29-9021"]})


def test_consumer_prices_of_may():
    """The release's own table against BLS's published figures."""
    prices = open_data(offline=True).table("price_index")
    assert {year: cpi_may(year, prices) for year in CPI_MAY} == CPI_MAY
    assert real(100.0, 2015, 2025, prices) == pytest.approx(135.18, abs=0.01)


def test_an_old_wage_is_worth_more_dollars_of_today_and_todays_fewer_of_then():
    assert real(100.0, 2021, 2025, PRICES) == pytest.approx(100 * 321.465 / 269.195)
    assert real(100.0, 2025, 2021, PRICES) == pytest.approx(100 * 269.195 / 321.465)
    assert real(100.0, 2024, 2024, PRICES) == 100.0
    wages, years = pd.Series([100.0, 100.0, None]), pd.Series([2015, 2025, 2025])
    found = real(wages, years, 2025, PRICES)
    assert found.tolist()[:2] == pytest.approx([135.180, 100.0], abs=0.001)
    assert pd.isna(found[2])


@pytest.mark.parametrize(("year", "base", "lacking"), [(2016, 2025, 2016), (2015, 2026, 2026)])
def test_a_year_without_a_value_of_may_is_refused_and_never_guessed(year, base, lacking):
    """Not by a neighboring year, nor by another month of the same year."""
    prices = pd.concat([PRICES, index({2016: 240.0, 2026: 330.0}, month=4)])
    with pytest.raises(SourceFailed, match=f"May {lacking} .*ends with 04/2026"):
        real(100.0, year, base, prices)
    with pytest.raises(SourceFailed, match=f"May {lacking}"):
        real(pd.Series([1.0]), pd.Series([year]), base, prices)
    with pytest.raises(SourceFailed, match="May 2016"):
        cpi_may(2016, pd.concat([prices, index({2016: float("nan")})]))


def test_a_release_made_before_the_index_was_a_table_is_told_how_to_get_it():
    with pytest.raises(UsageError, match="outlook refresh"):
        price_index({"wages": WAGES})


def test_a_split_occupation_keeps_three_lines_and_only_employment_is_summed():
    lines = series(WAGES, "29-2072.00", PRICES, WALK)
    assert set(lines["line"]) == {"29-2071 (SOC 2010)", "29-2072 (SOC 2018)", "29-9021 (SOC 2018)"}
    assert set(lines.loc[lines["year"] == 2015, "break_kind"]) == {"split"}
    total = employment_total(lines).set_index("year")["employment"]
    assert total[2015] == 189_930
    assert total[2025] == 194_720 + 38_100
    medians = lines.loc[lines["year"] == 2025, "annual_median_wage"]
    assert sorted(medians) == [51_140, 68_020]
    old = lines[lines["year"] == 2015].iloc[0]
    assert old["real_annual_median_wage"] == pytest.approx(37_110 * 321.465 / 237.805)


def test_states_lists_every_state_and_says_which_are_published():
    table = states(WAGES, "29-2072").set_index("state")
    assert table["published"].to_dict() == {"OH": True, "TX": False}
    assert table.loc["OH", "annual_median_wage"] == 50_000


def test_outlook_divides_openings_only_where_bls_does():
    rows = pd.DataFrame(
        {
            "base_year": [2022, 2024],
            "target_year": [2032, 2034],
            "soc_code": "29-2072",
            "employment_change": [20.0, 13.8],
            "annual_openings": [15.0, 14.2],
            "labor_force_exits": [6.0, None],
            "occupational_transfers": [7.0, None],
        }
    )
    new, old = outlook(rows, "29-2072").itertuples()
    assert pd.isna(new.openings_from_growth)
    assert old.openings_from_growth + old.openings_from_exits + old.openings_from_transfers == 15.0


def test_unknown_code_is_a_usage_error_and_an_empty_series_keeps_its_columns():
    assert series(WAGES, "11-1111", PRICES, WALK).columns.equals(
        series(WAGES, "29-2072", PRICES, WALK).columns
    )
    projections = pd.DataFrame(
        columns=[
            "base_year",
            "target_year",
            "soc_code",
            "employment_change",
            "labor_force_exits",
            "occupational_transfers",
        ]
    )
    with pytest.raises(UsageError):
        profile({"wages": WAGES, "projections": projections}, "11-1111")


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
