"""An occupation by state: intervals by hand, and no error that is taken for 0."""

import numpy as np
import pandas as pd
import pytest
from made_wages import WAGES

from pipelines.market.places import places, states


def wages(**changed):
    """Four rows: the nation and three states; `changed` gives columns by state."""
    frame = pd.DataFrame(
        {
            "state": ["US", "CA", "OH", "TX"], "area_code": ["99", "06", "39", "48"],
            "area_title": ["Nation", "California", "Ohio", "Texas"], "year": 2025,
            "soc_code": "29-2072", "occupation_group": "detailed",
            "employment": [9000.0, 4000.0, 3000.0, 2000.0], "employment_rse": [3.0, 4.0, 4.0, 12.0],
            "location_quotient": [1.0, 2.0, 1.5, 0.5],
            "annual_mean_wage": [50_000.0, 60_000.0, 50_000.0, 40_000.0],
            "mean_wage_rse": [1.0, 2.0, 2.0, 2.0], "annual_median_wage": 45_000.0,
        }
    )  # fmt: skip
    for column, values in changed.items():
        frame[column] = (
            frame["state"].map(values).where(frame["state"].isin(list(values)), frame[column])
        )
    return frame


def by_state(**changed):
    return places(wages(**changed), "29-2072.00").set_index("state")


def test_the_interval_of_a_location_quotient_has_the_error_of_area_and_nation():
    row = by_state().loc["CA"]
    reach = np.exp(1.96 * 0.05)  # 3 % and 4 %, independent: 5 %
    assert row["lq_low"] == pytest.approx(2 / reach)
    assert row["lq_high"] == pytest.approx(2 * reach)
    assert [row["wage_low"], row["wage_high"]] == pytest.approx([57_648, 62_352])
    assert row["guard"] == ""


def test_without_the_error_of_the_nation_there_is_no_interval_and_no_comparison():
    frame = by_state(employment_rse={"US": np.nan})
    assert frame["lq_low"].isna().all()
    assert frame["lq_high"].isna().all()
    assert (frame["guard"] == "error of the nation's employment not released").all()
    local = wages()
    local = places(local[local["state"] != "US"], "29-2072")
    assert local["lq_low"].isna().all()


def test_an_area_whose_error_is_not_released_is_not_compared():
    frame = by_state(employment_rse={"CA": np.nan}, mean_wage_rse={"OH": np.nan})
    assert frame.loc["CA", "guard"] == "error of employment not released"
    assert pd.isna(frame.loc["CA", "lq_low"])
    assert frame.loc["OH", "guard"] == "error of mean pay not released"
    assert pd.isna(frame.loc["OH", "wage_high"])
    assert frame.loc["TX", "guard"] == ""


@pytest.mark.parametrize(
    ("changed", "guard"),
    [
        ({"employment": {"CA": np.nan}}, "employment not released"),
        ({"employment": {"CA": 499.0}}, "fewer than 500 jobs"),
        ({"employment": {"CA": 500.0}}, ""),
        ({"employment_rse": {"CA": 20.1}}, "error of employment above 20 %"),
        ({"employment_rse": {"CA": 20.0}}, ""),
        ({"annual_mean_wage": {"CA": np.nan}}, "mean pay not released"),
        ({"mean_wage_rse": {"CA": 5.1}}, "error of mean pay above 5 %"),
        ({"mean_wage_rse": {"CA": 5.0}}, ""),
        (
            {"employment": {"CA": 10.0}, "mean_wage_rse": {"CA": 6.0}},
            "fewer than 500 jobs; error of mean pay above 5 %",
        ),
    ],
)
def test_every_reason_why_an_area_is_not_compared(changed, guard):
    assert by_state(**changed).loc["CA", "guard"] == guard


def test_places_stand_by_concentration_and_equal_ones_by_name():
    frame = by_state(location_quotient={"CA": 0.5, "OH": 2.0, "TX": 0.5})
    assert frame.index.tolist() == ["OH", "CA", "TX"]
    turned = places(wages(location_quotient={"CA": 0.5, "TX": 0.5})[::-1], "29-2072")
    assert turned["state"].tolist() == ["OH", "CA", "TX"]


def test_states_lists_every_state_and_says_which_are_published():
    table = states(WAGES, "29-2072").set_index("state")
    assert table["published"].to_dict() == {"OH": True, "TX": False}
    assert table.loc["OH", "annual_median_wage"] == 50_000
    # Every figure of the state is its own; a state without a row has none, and none is 0.
    assert table.loc["OH", "employment"] == 100
    assert pd.isna(table.loc["TX", "annual_median_wage"])
    assert table.index.tolist() == ["OH", "TX"]  # by name
    assert table.loc["OH", "guard"] == "fewer than 500 jobs"
    assert pd.isna(table.loc["TX", "guard"])
    assert states(WAGES, "29-2072", 2021).empty


def test_states_are_those_of_the_newest_year_and_of_detailed_rows():
    older = WAGES[WAGES["state"] == "OH"].assign(year=2024, annual_median_wage=1.0)
    broad = WAGES[WAGES["state"] == "OH"].assign(occupation_group="broad", annual_median_wage=2.0)
    table = states(pd.concat([older, broad, WAGES], ignore_index=True), "29-2072")
    assert table["annual_median_wage"].tolist()[0] == 50_000
    assert len(table) == 2
    asked = states(pd.concat([older, WAGES], ignore_index=True), "29-2072", 2024)
    assert asked["annual_median_wage"].tolist() == [1.0]
