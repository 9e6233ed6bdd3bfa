import pandas as pd
import pytest
from made_prices import CPI_MAY, PRICES, index
from made_wages import WAGES

from pipelines.base.errors import SourceFailed, UsageError
from pipelines.market.prices import cpi_may, price_index, real
from pipelines.releases.current import open_data


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
    with pytest.raises(UsageError) as error:
        price_index({"wages": WAGES})
    assert str(error.value) == (
        "table price_index: the release in use holds no consumer price index, so wages of "
        "different years cannot be compared. Run `outlook refresh` to make a release that does, "
        "or use --offline"
    )
    assert price_index({"price_index": PRICES}) is PRICES


def test_a_month_that_is_missing_is_named_with_where_the_table_ends():
    december = pd.concat([PRICES, index({2025: 330.0}, month=12)])
    for prices, ends in (
        (PRICES, "it ends with 05/2025"),
        (december, "it ends with 12/2025"),
        (PRICES.iloc[:0], "empty"),
    ):
        with pytest.raises(SourceFailed) as error:
            cpi_may(2016, prices)
        assert str(error.value) == (
            f"table price_index: no consumer price index for May 2016 ({ends}). Run `outlook "
            "refresh` with BLS's newest file; see dataset cpi_u of catalog.toml"
        )
