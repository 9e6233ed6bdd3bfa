"""Programs of study at schools: worked by hand on made schools, and counted in the snapshot."""

from __future__ import annotations

import pandas as pd
import pytest

from pipelines.answers.programs import programs_answer
from pipelines.base.errors import UsageError
from pipelines.pathways.schools.levels import levels_of
from pipelines.pathways.schools.prices import school_price
from pipelines.pathways.schools.programs import every_program, place_of, programs_for


@pytest.fixture
def tables():
    schools = pd.DataFrame(
        {
            "unitid": [1, 2, 3, 4],
            "school": ["Alder", "Birch", "Cedar", "Shut"],
            "city": "Columbus",
            "state": ["OH", "OH", "MI", "OH"],
            "zip": ["43201", "43999", "48101", "43202"],
            "control": ["public", "private for-profit", "public", "public"],
            "closed": [None, None, None, "12/31/2023"],
            "active": True,
            "latitude": [40.0, 41.0, 45.0, 40.0],
            "longitude": [-83.0, -83.0, -83.0, -83.0],
        }
    )
    completions = pd.DataFrame(
        {
            "unitid": [1, 1, 2, 3, 4],
            "cip_code": ["51.0707", "51.0707", "51.0707", "51.0707", "51.0707"],
            "award_level": [3, 21, 3, 3, 3],
            "year": 2024,
            "awards": [10.0, 0.0, 30.0, 20.0, 99.0],
        }
    )
    return {
        "schools": schools,
        "completions": completions,
        "cip_soc": pd.DataFrame(
            {
                "cip_code": ["51.0707", "99.9999"],
                "cip_title": ["Health Information Technology", "NO MATCH"],
                "soc_code": ["29-2072", "11-1031"],
                "soc_title": ["a", "b"],
            }
        ),
        "school_charges": pd.DataFrame(
            {
                "unitid": [1, 3],
                "year": 2023,
                "in_district": [4000.0, 3000.0],
                "in_state": [5000.0, 3000.0],
                "out_of_state": [9000.0, 3000.0],
            }
        ),
        "program_outcomes": pd.DataFrame(
            {
                "unitid": [1, 1],
                "field": "5107",
                "credential_level": [2, 1],
                "earnings_1yr": [None, 1.0],
                "earnings_4yr": [40_000.0, 1.0],
                "debt": [9_000.0, 1.0],
            }
        ),
    }


def test_closed_schools_and_programs_without_graduates_are_left_out(tables):
    frame = programs_for(tables, "29-2072")
    assert frame["school"].tolist() == ["Cedar", "Alder", "Birch"]
    assert frame["award"].unique().tolist() == ["associate's degree"]


def test_orders_are_the_ones_asked_for_and_missing_stands_last(tables):
    by = {s: programs_for(tables, "29-2072", sort=s)["school"].tolist() for s in ("price",
          "graduates", "earnings")}  # fmt: skip
    assert by["price"] == ["Cedar", "Alder", "Birch"]
    assert by["graduates"] == ["Birch", "Cedar", "Alder"]
    assert by["earnings"][0] == "Alder"


def test_what_is_not_published_is_said_and_stays_missing(tables):
    rows = programs_for(tables, "29-2072").set_index("school")
    assert pd.isna(rows.loc["Birch", "in_state"])
    assert rows.loc["Birch", "price_note"].startswith("not published")
    assert rows.loc["Birch", "outcomes_note"] == "earnings not published"
    assert rows.loc["Alder", "earnings_4yr"] == 40_000  # the associate's, not the certificate's
    assert rows.loc["Alder", "outcomes_scope"] == "4-digit field 51.07"


def test_a_degree_of_latitude_is_69_miles(tables):
    frame = programs_for(tables, "29-2072", zip_code="43201", miles=70)
    assert frame.set_index("school")["miles"].round(1).to_dict() == {"Alder": 0.0, "Birch": 69.1}


def test_a_zip_code_without_a_school_is_the_mean_of_those_nearby_in_number(tables):
    assert place_of(tables["schools"], "43201") == (40.0, -83.0, 5, 1)
    assert place_of(tables["schools"], "43299") == (40.0, -83.0, 3, 2)


def test_a_zip_code_says_which_schools_stand_for_it(analysis):
    answer = programs_answer(analysis, cip="51.0707", zip_code="43004", miles=50)
    assert any("begin with 430 (none is in 43004): 9 here" in note for note in answer.notes)
    assert (answer.frame["miles"] <= 50).all()
    assert "Columbus State Community College" in set(answer.frame["school"])


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"zip_code": "99999"}, "begins with 999"), ({"miles": 5.0}, "Give --zip"),
     ({"zip_code": "4320"}, "five digits"), ({"sort": "best"}, "no such order")],
)  # fmt: skip
def test_bad_input_is_one_line(tables, asked, said):
    with pytest.raises(UsageError, match=said):
        programs_for(tables, "29-2072", **asked)


def test_an_occupation_without_programs_is_said(tables):
    with pytest.raises(UsageError, match="no program that leads to it"):
        programs_for(tables, "11-1031")


def test_every_program_is_what_each_occupation_is_shown(tables, analysis):
    every = every_program(tables)
    assert every.equals(programs_for(tables, "29-2072"))
    whole = every_program(analysis.tables)
    own = programs_for(analysis.tables, cip_code="51.0707")
    assert whole[whole["cip_code"] == "51.0707"].reset_index(drop=True).equals(own)


def test_levels_by_words():
    assert levels_of("Associate's degree") == (3,)
    assert levels_of("certificate") == (20, 21, 2, 4)
    with pytest.raises(UsageError, match="no such award level"):
        levels_of("diploma")


def test_the_price_of_a_program_at_its_school(tables):
    assert school_price(tables, 1, 2) == 10_000
    assert school_price(tables, 1, 1.5, "in district") == 6_000
    with pytest.raises(UsageError, match=r"Birch.*no yearly tuition"):
        school_price(tables, 2, 2)
    with pytest.raises(UsageError, match="closed"):
        school_price(tables, 4, 2)
    with pytest.raises(UsageError, match="no such school"):
        school_price(tables, 77, 2)


def test_the_snapshot_answers_for_medical_records_specialists(analysis):
    answer = programs_answer(analysis, "29-2072", cip=None, state="Ohio", sort="graduates")
    assert set(answer.frame["state"]) == {"OH"}
    assert answer.frame["graduates"].is_monotonic_decreasing
    every = programs_answer(analysis, cip="51.0707").frame
    by_level = every.groupby("award_level")["graduates"].sum()
    # 5,263, 3,354 and 3,018 awards in all, less those of schools that have closed since.
    assert 5_200 < by_level[2] <= 5_263
    assert 3_300 < by_level[3] <= 3_354
    assert 2_950 < by_level[21] <= 3_018
    assert "4-digit field" in " ".join(answer.notes)
