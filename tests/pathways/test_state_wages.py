"""Pathways at a state's wages: each is the state's own or missing with what OEWS says of it."""

import numpy as np
import pandas as pd
import pytest
from made_network import CODES, made
from made_wages import wage_row

from pipelines.base.errors import UsageError
from pipelines.pathways.routes.regional import in_state, state_code, state_wages
from pipelines.pathways.routes.search import find_paths

#: BLS publishes the last occupation under another code.
WAGE_CODES = [*CODES[:3], "29-2099"]


def rows():
    """Ohio's rows: a wage, one top-coded, no row for the third; the last under another code."""
    frame = pd.DataFrame(
        [
            wage_row(2025, CODES[0], 1000, 40_000, "OH"),
            wage_row(2025, CODES[1], 10, np.nan, "OH"),
            wage_row(2025, WAGE_CODES[3], 30, 61_000, "OH"),
            wage_row(2024, CODES[2], 9, 9, "OH"),
            wage_row(2025, CODES[2], 9, 9, "OH", group="broad"),
            wage_row(2025, CODES[2], 9, 9, "TX"),
            wage_row(2025, CODES[2], 9, 9),
        ]
    )
    frame.loc[1, "annual_median_wage_flag"] = "top-coded"
    frame["area_title"] = frame["state"].map({"OH": "Ohio", "TX": "Texas", "US": "U.S."})
    return frame


@pytest.fixture
def data():
    plain = made()
    plain.table["wage_code"] = WAGE_CODES
    return plain


def test_wages_of_a_state_stand_under_the_code_that_bls_publishes(data):
    found = state_wages(data, rows(), " ohio ")
    assert found.index.tolist() == CODES
    assert found["wage_flag"].tolist() == ["", "top-coded", "not published", ""]
    assert found["employment"].tolist()[::3] == [1000, 30]
    for column in [f"annual_{k}_wage" for k in ("p10", "p25", "median", "p75", "p90")]:
        assert found[column].dropna().to_dict() == {CODES[0]: 40_000, CODES[3]: 61_000}


def test_paths_are_those_of_the_state_and_the_table_says_why_a_wage_is_missing(data):
    ohio = in_state(data, rows(), "OH")
    assert ohio.table["wage_flag"].tolist() == ["", "top-coded", "not published", ""]
    assert ohio.table["annual_p25_wage"].tolist()[::3] == [40_000, 61_000]
    paths = find_paths(ohio, CODES[0], "high school")
    assert paths[["to_soc", "wage_gain"]].to_numpy().tolist() == [[CODES[3], 21_000]]
    assert (data.table["annual_p25_wage"] == data.wage * 0.9).all()  # the nation's stay as they are


def test_without_a_table_of_codes_an_occupation_stands_under_its_own(data):
    del data.table["wage_code"]
    found = state_wages(data, rows(), "OH")["wage_flag"]
    assert found.tolist() == ["", "top-coded", "not published", "not published"]


def test_a_wage_that_is_missing_without_a_reason_is_said_to_be_missing(data):
    frame = rows()
    frame.loc[1, "annual_median_wage_flag"] = None
    assert state_wages(data, frame, "OH")["wage_flag"].iloc[1] == "missing"


def test_a_state_is_known_by_code_or_name_and_others_are_listed():
    assert state_code(rows(), "texas") == state_code(rows(), "tx") == "TX"
    for asked in ("US", "Atlantis"):
        with pytest.raises(UsageError) as error:
            state_code(rows(), asked)
        assert str(error.value) == (
            f"state: no wages for {asked!r}. Use a state's name or one of: OH, TX"
        )
