import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.base.errors import UsageError
from pipelines.pathways.schooling.costs import (
    Step,
    parse_prices,
    payback,
    prices,
    route_payback,
    tuition,
    tuition_matrix,
)
from pipelines.pathways.schooling.credentials import (
    advancement_note,
    credential_level,
    credentials,
    credentials_held,
    known_credentials,
    licence,
)
from pipelines.pathways.schooling.education import EDUCATION_LEVELS, years_range

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


@pytest.mark.parametrize("text", ["3.200", "12.500", "999.000"])
def test_a_price_that_may_be_thousands_is_refused_by_name(text):
    whole, part = text.split(".")
    with pytest.raises(UsageError) as error:
        parse_prices(f"[per_year]\ntwo_year = {text}\n", "mine.toml")
    assert f"mine.toml: two_year = {text} may be {whole},{part} dollars" in str(error.value)
    assert f"Write {whole}{part}, or {float(text):.2f}" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "price"),
    [("3200", 3200), ("3200.00", 3200), ("3_200", 3200), ("3.20", 3.2), ("0.500", 0.5),
     ("3200.125", 3200.125), ("3.2e3", 3200)],
)  # fmt: skip
def test_a_price_that_can_be_read_one_way_is_read(text, price):
    for mark in ("", "\ufeff"):  # some editors begin a file with a byte-order mark
        own = parse_prices(f"{mark}[per_year]\r\ntwo_year = {text}\r\n", "mine.toml")
        assert own["per_year"]["two_year"] == price


@pytest.mark.parametrize("rate", [-0.5, -0.01, 1, 3, float("nan")])
def test_a_rate_out_of_range_is_named(rate):
    with pytest.raises(UsageError, match=f"discount rate: {rate:g} .*Give 0.03 for 3 %"):
        payback("high school", "associate's", {"median": 40_000}, WAGE, discount=rate)


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
    assert credentials("43-9041").empty
    assert list(credentials("43-9041").columns) == list(table.columns)
    assert advancement_note("29-2072", "11-9111")
    assert advancement_note("29-2072", "15-1211") == ""


def by_the_year(steps, now, part_time, discount, horizon):
    """The median case of `route_payback`, year after year."""
    price, wage, flows = prices(), now, []
    for step in steps:
        flows += [wage - now] * int(step.experience)
        years = int(years_range(step.from_level, step.to_level)[1])
        fee = tuition(step.from_level, step.to_level, price)
        if part_time:
            flows += [wage - now - fee / (2 * years)] * (2 * years) if years else []
        else:
            flows += [-now - fee / years] * years if years else []
        wage = step.wage["median"]
    flows = (flows + [wage - now] * horizon)[:horizon]
    total, even = 0.0, 1
    for year, flow in enumerate(flows, 1):
        total += flow
        if total < -1e-6:
            even = year + 1
    value = sum(flow / (1 + discount) ** year for year, flow in enumerate(flows, 1))
    return even if even <= horizon else math.nan, value


wages = st.integers(20_000, 200_000)
asked_steps = st.lists(
    st.tuples(st.integers(0, 7), st.sampled_from([0, 2, 5]), wages), min_size=1, max_size=3
)


@given(asked_steps, st.integers(0, 7), wages, st.booleans(), st.sampled_from([0.0, 0.03, 0.1]))
def test_money_of_a_route_is_that_of_its_years_one_by_one(asked, held, now, part_time, discount):
    steps = []
    for level, experience, wage in asked:
        then = dict.fromkeys(("low", "median", "high"), wage)
        steps.append(Step(EDUCATION_LEVELS[held], EDUCATION_LEVELS[level], experience, then))
        held = max(held, level)
    row = route_payback(steps, now, part_time, discount, 25)[1]
    even, value = by_the_year(steps, now, part_time, discount, 25)
    assert row["net_present_value"] == pytest.approx(value, abs=0.01)
    assert row["break_even_year"] == pytest.approx(even, nan_ok=True)


def test_a_wage_that_is_missing_leaves_the_result_missing():
    then = {"low": math.nan, "median": math.nan, "high": 60_000.0}
    rows = payback("high school", "associate's", {"median": 40_000}, then).set_index("case")
    lacking = rows.loc[["low", "median"], ["break_even_year", "net_present_value"]]
    assert lacking.isna().to_numpy().all()
    assert rows.loc["high", "net_present_value"] == rows.loc["high", "net_present_value"]
    assert rows.loc["median", "tuition"] == 8_300  # known without the wage


def test_a_user_s_file_names_published_averages_or_dollars():
    text = '[per_year]\ntwo_year = 1000\nfour_year = "four_year_private_nonprofit"\n'
    own = parse_prices(text, "mine.toml")
    assert tuition_matrix(own)[0, 1, 4] == 2_000
    assert tuition("associate's", "bachelor's", own) == 2 * 45_000
    assert own["source"] == "stated by the user"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[per_year]\ntwo_year = = 1", "line 2"),
        ("per_year = 5", "per_year"),
        ("[per_year]\ntwo_year = inf", "two_year"),
        ("[per_year]\ntwo_year = nan", "two_year"),
        ('[per_year]\nfour_year = "cheap"', "four_year_out_of_state"),
        ("[choices]\nfour_year = 1", "choices"),
    ],
)
def test_a_bad_file_of_costs_says_where_and_what(text, said):
    with pytest.raises(UsageError, match=said) as error:
        parse_prices(text, "mine.toml")
    assert "mine.toml" in str(error.value)


def test_credentials_held_mean_the_education_they_ask_for():
    assert known_credentials([" rhit ", "Registered Health Information Technician"]) == ["RHIT"]
    assert EDUCATION_LEVELS[credential_level(["RHIT"])] == "Associate's degree"
    assert EDUCATION_LEVELS[credential_level(["RHIT", "rhia"])] == "Bachelor's degree"
    assert credential_level(["CPHQ"]) == credential_level([]) == 0
    assert credentials_held("11-9111", ["RHIT", "RHIA"]) == "RHIA"
    with pytest.raises(UsageError, match="RHIT, RHIA"):
        known_credentials(["RHIT", "astronaut"])
