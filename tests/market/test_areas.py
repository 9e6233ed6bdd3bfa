"""Metropolitan and nonmetropolitan areas: forgiving names, the guard, and what is not published."""

import pandas as pd
import pytest

from pipelines.answers.wages import wages_answer
from pipelines.base.errors import UsageError
from pipelines.market.areas import areas, find_area


@pytest.fixture(scope="module")
def snapshot(analysis):
    return analysis


@pytest.fixture(scope="module")
def tables(snapshot):
    return snapshot.tables["area_wages"], snapshot.tables["wages"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("18140", "18140"),
        ("Columbus, OH", "18140"),
        ("  columbus oh", "18140"),
        ("COLUMBUS, Ohio", "18140"),
        ("dayton", "19430"),
        ("Portland, OR", "38900"),
        ("fort worth", "19100"),
        ("san fran", "41860"),
        ("0100001", "0100001"),
        ("northwest alabama", "0100001"),
    ],
)
def test_an_area_is_found_by_code_or_by_words_of_its_name(tables, text, code):
    assert find_area(tables[0], text, tables[1])["area_code"] == code


def test_an_ambiguous_name_is_refused_with_its_candidates(tables):
    with pytest.raises(UsageError, match="3 areas fit 'columbus'") as error:
        find_area(tables[0], "columbus", tables[1])
    for name in ("Columbus, GA-AL (17980)", "Columbus, IN (18020)", "Columbus, OH (18140)"):
        assert name in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["", "xyz", "00000"])
def test_what_is_no_area_is_refused(tables, text):
    with pytest.raises(UsageError, match="no metropolitan or nonmetropolitan area fits"):
        find_area(tables[0], text, tables[1])


def test_figures_of_an_area_are_its_own_and_small_ones_are_marked(tables):
    frame = areas(*tables, "29-2072").set_index("area_code")
    assert len(frame) == 507
    row = frame.loc["18140"]
    assert [row["employment"], row["location_quotient"], row["annual_median_wage"]] == [
        1380, 1.0, 51_230,
    ]  # fmt: skip
    assert row["guard"] == ""
    assert (frame["guard"] == "").sum() == 66
    assert frame.loc[frame["employment"] < 500, "guard"].str.contains("fewer than 500 jobs").all()
    assert len(areas(*tables, "29-9021")) == 175


def test_the_snapshot_says_what_it_lacks_and_invents_no_percentile(snapshot):
    held = snapshot.tables["area_wages"]
    assert held["annual_p90_wage"].isna().all()
    assert set(held["annual_p90_wage_flag"]) == {"left out"}
    answer = wages_answer(snapshot, "11-9111", area="18140")
    assert answer.frame.empty
    assert "only technician occupations" in answer.notes[0]


def test_an_occupation_without_a_row_in_an_area_is_said(snapshot):
    held = snapshot.tables["area_wages"]
    here = set(held.loc[held["soc_code"] == "29-9021", "area_code"])
    code = sorted(set(held["area_code"]) - here)[0]
    answer = wages_answer(snapshot, "29-9021", area=code)
    assert answer.frame.empty
    assert "published nothing of 29-9021" in answer.notes[0]


def test_one_place_is_asked_at_a_time(snapshot):
    with pytest.raises(UsageError, match="give one of them"):
        wages_answer(snapshot, "29-2072", state="OH", area="18140")
    state = wages_answer(snapshot, "29-2072", state="ohio").frame
    assert state[["state", "employment"]].to_numpy().tolist() == [["OH", 7440]]


def test_the_nation_by_year_keeps_hybrid_codes_apart(snapshot):
    frame = wages_answer(snapshot, "29-2072").frame
    years = frame.groupby("soc_code")["year"].apply(list).to_dict()
    assert years == {
        "29-2071": [2015, 2017, 2018], "29-2098": [2019, 2020], "29-9098": [2019, 2020],
        "29-2072": [2021, 2022, 2023, 2024, 2025], "29-9021": [2021, 2022, 2023, 2024, 2025],
    }  # fmt: skip
    own = frame[frame["soc_code"] == "29-2072"].set_index("year")
    assert own["employment"].to_dict() == {
        2021: 180_570, 2022: 187_720, 2023: 185_690, 2024: 187_910, 2025: 194_720,
    }  # fmt: skip
    assert pd.notna(frame["annual_median_wage"]).all()
