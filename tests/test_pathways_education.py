import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import UsageError
from pipelines.pathways.education import (
    LEVELS,
    ONET_CATEGORY_LEVEL,
    education_summary,
    parse_level,
    required_education,
    years_range,
    years_to_add,
)

level = st.sampled_from(LEVELS)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("high school", LEVELS[1]),
        ("High School Diploma or equivalent", LEVELS[1]),
        ("GED", LEVELS[1]),
        ("none", LEVELS[0]),
        ("some college", LEVELS[2]),
        ("Some college, no degree", LEVELS[2]),
        ("certificate", LEVELS[3]),
        ("associate's", LEVELS[4]),
        ("Associate’s degree", LEVELS[4]),
        ("associates degree", LEVELS[4]),
        ("bachelor", LEVELS[5]),
        ("master's degree", LEVELS[6]),
        ("PhD", LEVELS[7]),
        ("doctoral", LEVELS[7]),
    ],
)
def test_user_words_are_understood(words, expected):
    assert parse_level(words) == expected


@pytest.mark.parametrize("words", ["", "kindergarten", "degree", "42"])
def test_unknown_words_list_the_levels(words):
    with pytest.raises(UsageError) as error:
        parse_level(words)
    assert all(name in str(error.value) for name in LEVELS)


@given(level, level)
def test_years_are_never_negative_and_ordered(a, b):
    low, usual, high = years_range(a, b)
    assert 0 <= low <= usual <= high
    assert (usual > 0) == (LEVELS.index(b) > LEVELS.index(a))


@given(level, level, level)
def test_more_starting_education_never_lengthens(a, b, to):
    lower, higher = sorted((a, b), key=LEVELS.index)
    assert all(x <= y for x, y in zip(years_range(higher, to), years_range(lower, to), strict=True))


@given(level, level, level)
def test_a_higher_goal_below_the_doctorate_never_takes_less(a, b, start):
    lower, higher = sorted((a, b), key=LEVELS.index)
    assert years_to_add(start, lower) <= years_to_add(start, higher)


def test_lengths_are_the_stated_ones():
    assert years_to_add("high school", "certificate") == 1
    assert years_to_add("high school", "associate's") == 2
    assert years_to_add("high school", "bachelor's") == 4
    assert years_to_add("associate's", "bachelor's") == 2
    assert years_to_add("bachelor's", "master's") == 2
    assert years_range("bachelor's", "doctoral")[0] == 3


def test_required_education_shows_disagreement_instead_of_averaging_it():
    projections = pd.DataFrame(
        {
            "base_year": [2022, 2024],
            "soc_code": "29-2072",
            "typical_education": [LEVELS[1], LEVELS[3]],
        }
    )
    training = pd.DataFrame(
        {
            "onet_soc_code": ["29-2072.00"] * 2,
            "scale_id": "RL",
            "category": [3, 5],
            "percent": [40.0, 60.0],
            "recommend_suppress": False,
        }
    )
    people = pd.DataFrame(
        {
            "soc_code": "29-2072",
            "percent": [30.0, 70.0],
            "exact_match": True,
            "level": ["Less than high school diploma", LEVELS[2]],
        }
    )
    table = required_education(projections, training, people)
    assert set(table["view"]) == {"BLS typical", "O*NET required", "attainment"}
    row = education_summary(table).loc["29-2072"]
    assert row["typical_education"] == LEVELS[3]  # the newer decade
    assert (row["onet_education"], row["attainment"]) == (LEVELS[4], LEVELS[2])
    assert row["education_disagrees"]
    assert np.isclose(table.groupby("view")["percent"].sum(), 100).all()


def test_every_onet_category_has_a_level():
    assert set(ONET_CATEGORY_LEVEL) == set(range(1, 13))
