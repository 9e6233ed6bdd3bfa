import pytest

from pipelines.errors import UsageError
from pipelines.pathways.costs import payback, prices, study_time, tuition
from pipelines.pathways.credentials import advancement_note, credentials, licence

WAGE = {"low": 50_000.0, "median": 60_000.0, "high": 80_000.0}


def test_worked_example_to_the_dollar():
    then = dict.fromkeys(("low", "median", "high"), 68_020)
    row = (
        payback("high school", "associate's", {"median": 51_140}, then, discount=0, horizon=20)
        .set_index("case")
        .loc["median"]
    )
    assert row["tuition"] == 2 * 4_150
    assert row["wages_forgone"] == 2 * 51_140
    # 110,580 spent; 16,880 more a year from year 3: paid back in the seventh year after school
    assert row["break_even_year"] == 9
    assert row["net_present_value"] == 18 * 16_880 - 110_580


def test_part_time_takes_twice_as_long_and_keeps_the_wage():
    full = payback("high school", "associate's", {"median": 40_000}, WAGE)
    part = payback("high school", "associate's", {"median": 40_000}, WAGE, part_time=True)
    assert (part["years"] == 2 * full["years"]).all()
    assert (part["wages_forgone"] == 0).all()
    assert study_time("high school", "associate's", part_time=True) == 4


def test_a_move_that_never_pays_back_says_so():
    row = payback("high school", "bachelor's", {"median": 60_000}, WAGE).set_index("case")
    assert row.loc["low", "break_even_year"] != row.loc["low", "break_even_year"]  # missing
    assert (row["net_present_value"].diff().dropna() > 0).all()


def test_user_prices_replace_the_defaults_and_their_source():
    own = prices({"per_year": {"two_year": 1000}})
    assert tuition("high school", "associate's", own) == 2000
    assert own["source"] == "stated by the user"
    assert "College Board" in prices()["source"]
    for bad in ({"per_year": {"two_year": -1}}, {"per_year": {"three_year": 1}}, {"tuition": 5}):
        with pytest.raises(UsageError):
            prices(bad)


def test_no_schooling_costs_nothing():
    assert tuition("bachelor's", "associate's") == 0
    row = payback("bachelor's", "associate's", {"median": 40_000}, WAGE)
    assert (row["tuition"] == 0).all()
    assert (row["break_even_year"] == 1).all()


def test_nurses_and_physicians_name_their_licence():
    assert "nurse" in licence("29-1141")
    assert "physician" in licence("29-1216")
    assert licence("29-2072") == ""


def test_credentials_of_the_field_and_none_elsewhere():
    table = credentials("29-9021")
    assert {"RHIT", "RHIA", "ODS-C"} <= set(table["name"])
    assert credentials("49-9071").empty
    assert list(credentials("49-9071").columns) == list(table.columns)
    assert table["link"].str.startswith("https://").all()
    assert advancement_note("29-2072", "11-9111")
    assert advancement_note("29-2072", "15-1211") == ""
