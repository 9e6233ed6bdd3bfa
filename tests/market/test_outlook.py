"""Projections in hand-made tables: openings by cause, and pay and outlook side by side."""

import numpy as np
import pandas as pd
import pytest
from made_prices import CPI_MAY, PRICES

from pipelines.market.outlook import growth_openings, openings, outlook, pay_and_outlook


def projections(**columns):
    """Two decades of three occupations; only the older decade has causes."""
    older = pd.DataFrame(
        {
            "base_year": 2022, "target_year": 2032, "soc_code": ["29-2072", "29-9021", "17-3023"],
            "title": ["Records", "Registrars", "Electronics"],
            "employment_change": [20.0, -5.0, np.nan], "annual_openings": [15.0, 3.0, 9.0],
            "labor_force_exits": [6.0, 1.0, 4.0], "occupational_transfers": [7.0, 2.0, 5.0],
            "employment_change_percent": [10.0, -4.0, np.nan],
        }
    )  # fmt: skip
    newer = older.assign(
        base_year=2024, target_year=2034, annual_openings=[16.0, 4.0, 8.0],
        labor_force_exits=np.nan, occupational_transfers=np.nan,
        employment_change_percent=[11.0, -3.0, 0.0],
    )  # fmt: skip
    return pd.concat([newer, older], ignore_index=True)


def test_a_decline_opens_no_jobs_and_a_change_that_is_missing_opens_no_known_number():
    rows = projections()
    found = growth_openings(rows[rows["base_year"] == 2022])
    assert found.tolist()[:2] == [2.0, 0.0]
    assert np.isnan(found.tolist()[2])


def test_openings_by_cause_are_those_of_the_decade_that_has_causes():
    frame = openings(projections(), ["29-2072", "29-9021", "17-3023"]).set_index("soc_code")
    assert frame.index.tolist() == ["29-2072", "17-3023", "29-9021"]  # most openings first
    assert set(frame["decade"]) == {"2022-2032"}
    row = frame.loc["29-9021"]
    assert row[["growth", "exits", "transfers", "openings"]].tolist() == [0, 1000, 2000, 3000]
    assert row["replacement_percent"] == 100
    assert frame.loc["29-2072", "replacement_percent"] == pytest.approx(100 * 13 / 15)
    assert pd.isna(frame.loc["17-3023", "growth"])


def test_the_decade_without_causes_has_none_by_cause():
    new, old = outlook(projections(), "29-9021.00").itertuples()
    assert (new.base_year, old.base_year) == (2024, 2022)
    assert pd.isna(new.openings_from_growth)
    assert [old.openings_from_growth, old.openings_from_exits] == [0, 1]


def test_pay_grows_by_what_is_left_after_inflation():
    codes = ["29-2072", "17-3023"]
    wages = pd.DataFrame(
        {
            "year": [2021, 2021, 2024, 2024, 2025, 2025], "soc_vintage": "2018",
            "soc_code": codes * 3, "area_code": "99", "occupation_group": "detailed",
            "employment": [1.0, 2.0, 9.0, 9.0, 3.0, np.nan],
            "annual_mean_wage": [40_000.0, 50_000.0, 9.0, 9.0, 55_000.0, 50_000.0],
            "annual_median_wage": [1.0, 2.0, 9.0, 9.0, 3.0, np.nan],
        }
    )  # fmt: skip
    tables = {
        "wages": wages, "price_index": PRICES, "projections": projections(),
        "occupations": pd.DataFrame({"onet_soc_code": [f"{c}.00" for c in codes], "soc_code": codes,
                                     "title": ["Records Technicians", "Technicians"]}),
        "alternate_titles": pd.DataFrame(columns=["onet_soc_code", "title", "kind"], dtype="str"),
        "soc_2010_to_2018": pd.DataFrame({"soc_2010_code": codes, "soc_code": codes}),
        "onet_soc_to_soc": pd.DataFrame({"onet_soc_code": [f"{c}.00" for c in codes],
                                         "nem_code": codes}),
    }  # fmt: skip
    scores = pd.DataFrame({"onet_soc_code": ["29-2072.00"], "exposure": [0.5],
                           "exposure_low": [0.4], "exposure_high": [0.6]})  # fmt: skip
    frame = pay_and_outlook(tables, scores).set_index("soc_code")
    prices = CPI_MAY[2025] / CPI_MAY[2021]
    assert prices > 1.19
    expected = 100 * ((55_000 / (40_000 * prices)) ** (1 / 4) - 1)
    assert frame.loc["29-2072", "real_pay_change"] == pytest.approx(expected)
    assert frame.loc["17-3023", "real_pay_change"] < -4  # the same dollars buy less
    assert frame.loc["29-2072", ["employment", "annual_median_wage"]].tolist() == [3, 3]
    assert pd.isna(frame.loc["17-3023", "employment"])
    assert frame.loc["29-2072", "annual_openings"] == 16  # of the newest decade
    assert frame.loc["29-2072", "decade"] == "2024-2034"
    assert frame.loc["29-2072", "exposure"] == 0.5
    assert pd.isna(frame.loc["17-3023", "exposure"])


def test_every_technician_code_is_named_and_no_other_is_there():
    """By BLS's title, or O*NET's where BLS projects no such code."""
    codes = ["29-2072", "15-1299", "11-1011"]
    wages = pd.DataFrame(
        [(year, "2018", code, "99", "detailed", 1.0, 2.0, 3.0) for year in (2021, 2025)
         for code in codes], columns=["year", "soc_vintage", "soc_code", "area_code",
         "occupation_group", "employment", "annual_mean_wage", "annual_median_wage"],
    )  # fmt: skip
    onet = [f"{code}.00" for code in codes]
    tables = {
        "wages": wages, "price_index": PRICES, "projections": projections(),
        "occupations": pd.DataFrame({"onet_soc_code": onet, "soc_code": codes, "title": ["A", "B",
                                     "C"]}),
        "alternate_titles": pd.DataFrame(columns=["onet_soc_code", "title", "kind"], dtype="str"),
        "soc_2010_to_2018": pd.DataFrame({"soc_2010_code": codes, "soc_code": codes}),
        "onet_soc_to_soc": pd.DataFrame({"onet_soc_code": onet, "nem_code": codes}),
    }  # fmt: skip
    scores = pd.DataFrame({"onet_soc_code": [*onet, "29-2072.01"], "exposure": [0.2, 1, 1, 0.4],
                           "exposure_low": 0.1, "exposure_high": 1.0})  # fmt: skip
    frame = pay_and_outlook(tables, scores).set_index("soc_code")
    assert frame["title"].to_dict() == {"29-2072": "Records", "15-1299": "B"}
    assert frame.loc["29-2072", "exposure"] == pytest.approx(0.3)  # the mean of its parts
    assert pd.isna(frame.loc["15-1299", "annual_openings"])


def test_openings_have_the_title_and_equal_ones_stand_by_code():
    rows = projections().assign(annual_openings=5.0)
    frame = openings(rows, ["29-9021", "17-3023", "29-2072"])
    assert frame["soc_code"].tolist() == ["17-3023", "29-2072", "29-9021"]
    assert frame["title"].tolist() == ["Electronics", "Records", "Registrars"]


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
