"""Programs beside the ways of `outlook paths`: the place, the price, and what cannot be said."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from pipelines.answers import paths, paths_programs
from pipelines.base.errors import UsageError
from pipelines.pathways.schools.programs import programs_for, state_of

COLUMBUS = "43004"


@pytest.fixture(scope="module")
def ways(analysis):
    """By order asked for, and whether money takes the program's price: the ways of a specialist."""

    def ask(sort=None, own_price=False, part_time=False):
        near = paths_programs.near(analysis, None, COLUMBUS, None, sort, own_price=own_price)
        wishes = paths.Wishes(near=near, state=near.state, part_time=part_time)
        return paths.paths_answer(analysis, "29-2072", max_steps=1, n=10, wishes=wishes)

    return ask


def test_beside_each_way_stands_the_first_program_in_the_order_asked_for(analysis, ways):
    for sort in ("miles", "price", "graduates", "earnings"):
        frame = ways(sort).frame.set_index(["to_soc", "entry_education"])
        row = frame.loc[("29-1141", "Associate's degree")]
        asked = {"zip_code": COLUMBUS, "levels": (3,), "sort": sort}
        every = programs_for(analysis.tables, "29-1141", state="OH", **asked)
        if sort == "price":
            every = every.sort_values("in_state", kind="stable")  # the residence asked for
        first = every.iloc[0]
        assert (row["program_school"], row["program_cip"]) == (first["school"], first["cip_code"])
        assert row["program_price"] == pytest.approx(first["in_state"], nan_ok=True)
        assert row["program_earnings_4yr"] == pytest.approx(first["earnings_4yr"], nan_ok=True)
        assert row["programs_there"] == len(every)
    frame = ways().frame.set_index(["to_soc", "entry_education"])
    assert frame["program_miles"].max() > 0
    assert (frame["wage_area"] == "OH").all()
    # What is not there says why: no school, or programs that the embedded data leave out.
    assert frame.loc[("15-1232", "Some college, no degree"), "program_note"] == (
        "no program asked for"
    )
    managers = frame.loc[("11-9111", "Bachelor's degree")]
    assert managers["program_note"] == "not in the embedded data"
    assert managers["program_school"] == ""
    assert pd.isna(managers["programs_there"])


def test_the_table_shows_the_program_and_the_notes_what_its_place_is(ways):
    answer = ways()
    assert "program at" in answer.table
    assert "price a year" in answer.table
    assert (answer.table["program at"] != "").all()
    # A price that is not published is no dash, which would read as nothing to pay.
    assert set(answer.table["graduates' earnings, 4 years"]) & {"not published"}
    said = " ".join(answer.notes)
    assert "9 schools here that share its first 3 digits, not of a table of ZIP Codes" in said
    assert "the fewest miles" in said
    assert "not what a student pays after grants" in said


@pytest.mark.parametrize("part_time", [False, True])
def test_money_takes_the_price_of_the_program_to_the_dollar(ways, part_time):
    """Two years at the price of the nearest school in place of two at the national average."""
    nation, own = (ways(None, own, part_time).frame for own in (False, True))
    is_nurse = (own["to_soc"] == "29-1141") & (own["entry_education"] == "Associate's degree")
    before, after = nation[is_nurse].iloc[0], own[is_nurse].iloc[0]
    assert after["tuition"] == 2 * after["program_price"] != before["tuition"]
    assert after["tuition_source"].startswith(after["program_school"])
    years = 4 if part_time else 2  # part time the same tuition is spread over twice the years
    dearer = (after["tuition"] - before["tuition"]) / years
    today = sum(dearer / 1.03**year for year in range(1, years + 1))
    worth = before["net_present_value"] - after["net_present_value"]
    assert worth == pytest.approx(today, abs=0.01)
    assert before["tuition_source"] == paths_programs.NATION
    # A way without a published price keeps the nation's average, and says so.
    rest = own[own["program_price"].isna()]
    kept = nation.loc[rest.index]
    assert (rest["tuition_source"] == paths_programs.NATION).all()
    assert rest["tuition"].tolist() == kept["tuition"].tolist()
    assert own["wages_forgone"].tolist() == nation["wages_forgone"].tolist()


def test_a_zip_code_names_the_state_of_the_schools_that_share_three_digits(analysis):
    schools = analysis.tables["schools"]
    assert state_of(schools, COLUMBUS) == "OH"
    with pytest.raises(UsageError, match="lie in GA and TN, and no table of ZIP Codes is at hand"):
        state_of(schools, "30101")
    with pytest.raises(UsageError, match="no school has a ZIP Code that begins with 000"):
        state_of(schools, "00099")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"state": "MI", "zip_code": COLUMBUS}, "is in OH, not in MI"),
        ({"sort": "price"}, "programs where is not said"),
        ({"state": "OH", "sort": "miles"}, "miles from where is not said"),
        ({"state": "OH", "sort": "best"}, "no such order"),
        ({"state": "OH", "miles": 5.0}, "no program is asked for"),
        ({"own_price": True}, "no program is asked for"),
        ({"zip_code": "4300"}, "five digits"),
        ({"zip_code": COLUMBUS, "residence": "abroad"}, "no such price"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(analysis, asked, said):
    with pytest.raises(UsageError, match=said):
        paths_programs.near(
            analysis, asked.pop("state", None), asked.pop("zip_code", None), **asked
        )


def test_nothing_is_added_where_nothing_is_asked(analysis):
    assert paths_programs.near(analysis, "OH", None) is None
    plain = paths.Wishes(state="OH")
    assert "program_school" not in paths.paths_answer(analysis, "29-2072", wishes=plain).frame
    assert replace(plain).near is None
