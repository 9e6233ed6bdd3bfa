import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.base.errors import UsageError
from pipelines.pathways.schooling.education import (
    EDUCATION_LEVELS,
    ONET_CATEGORY_LEVEL,
    education_summary,
    education_views,
    level_index,
    required_education,
    years_range,
    years_to_add,
)

level = st.sampled_from(EDUCATION_LEVELS)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("high school", EDUCATION_LEVELS[1]),
        ("High School Diploma or equivalent", EDUCATION_LEVELS[1]),
        ("GED", EDUCATION_LEVELS[1]),
        ("none", EDUCATION_LEVELS[0]),
        ("some college", EDUCATION_LEVELS[2]),
        ("Some college, no degree", EDUCATION_LEVELS[2]),
        ("certificate", EDUCATION_LEVELS[3]),
        ("associate's", EDUCATION_LEVELS[4]),
        ("Associate’s degree", EDUCATION_LEVELS[4]),
        ("associates degree", EDUCATION_LEVELS[4]),
        ("bachelor", EDUCATION_LEVELS[5]),
        ("master's degree", EDUCATION_LEVELS[6]),
        ("PhD", EDUCATION_LEVELS[7]),
        ("doctoral", EDUCATION_LEVELS[7]),
    ],
)
def test_user_words_are_understood(words, expected):
    assert EDUCATION_LEVELS[level_index(words)] == expected


@pytest.mark.parametrize("words", ["", "kindergarten", "degree", "42"])
def test_unknown_words_list_the_levels(words):
    with pytest.raises(UsageError) as error:
        level_index(words)
    assert all(name in str(error.value) for name in EDUCATION_LEVELS)


@given(level, level)
def test_years_are_never_negative_and_ordered(a, b):
    low, usual, high = years_range(a, b)
    assert 0 <= low <= usual <= high
    assert (usual > 0) == (EDUCATION_LEVELS.index(b) > EDUCATION_LEVELS.index(a))


@given(level, level, level)
def test_more_starting_education_never_lengthens(a, b, to):
    lower, higher = sorted((a, b), key=EDUCATION_LEVELS.index)
    assert all(x <= y for x, y in zip(years_range(higher, to), years_range(lower, to), strict=True))


@given(level, level, level)
def test_a_higher_goal_below_the_doctorate_never_takes_less(a, b, start):
    lower, higher = sorted((a, b), key=EDUCATION_LEVELS.index)
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
            "typical_education": [EDUCATION_LEVELS[1], EDUCATION_LEVELS[3]],
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
            "level": ["Less than high school diploma", EDUCATION_LEVELS[2]],
        }
    )
    table = required_education(projections, training, people)
    assert set(table["view"]) == {"BLS typical", "O*NET required", "attainment"}
    row = education_summary(table).loc["29-2072"]
    assert row["typical_education"] == EDUCATION_LEVELS[3]  # the newer decade
    assert (row["onet_education"], row["attainment"]) == (EDUCATION_LEVELS[4], EDUCATION_LEVELS[2])
    assert np.isclose(table.groupby("view")["percent"].sum(), 100).all()


def test_every_onet_category_has_a_level():
    assert set(ONET_CATEGORY_LEVEL) == set(range(1, 13))


def views(typical, onet, people, exact=True):
    return pd.DataFrame(
        {
            "typical_education": [typical],
            "onet_education": [onet],
            "onet_education_percent": [46.4 if onet else np.nan],
            "attainment": [people],
            "attainment_percent": [29.6 if people else np.nan],
            "attainment_exact": pd.array([exact if people else None], dtype="boolean"),
        }
    )


@pytest.mark.parametrize(
    ("typical", "onet", "people", "apart"),
    [
        (EDUCATION_LEVELS[4], EDUCATION_LEVELS[4], EDUCATION_LEVELS[4], 0),
        (EDUCATION_LEVELS[4], EDUCATION_LEVELS[5], EDUCATION_LEVELS[5], 1),
        (EDUCATION_LEVELS[2], EDUCATION_LEVELS[5], EDUCATION_LEVELS[1], 4),
        (
            EDUCATION_LEVELS[3],
            EDUCATION_LEVELS[3],
            EDUCATION_LEVELS[2],
            0,
        ),  # the survey has no nondegree award
        (EDUCATION_LEVELS[3], None, EDUCATION_LEVELS[1], 0),
        (EDUCATION_LEVELS[3], EDUCATION_LEVELS[4], EDUCATION_LEVELS[1], 1),
        (EDUCATION_LEVELS[3], None, EDUCATION_LEVELS[4], 1),
        (EDUCATION_LEVELS[5], None, None, None),
    ],
)
def test_three_views_that_differ_say_by_how_much(typical, onet, people, apart):
    row = education_views(views(typical, onet, people)).iloc[0]
    assert row["education_disagrees"] == bool(apart)
    if apart is None:
        assert np.isnan(row["education_levels_apart"])
    else:
        assert row["education_levels_apart"] == apart
    assert ("differ" in row["education_sentence"]) == bool(apart)


def test_the_sentence_gives_each_view_with_its_number():
    sentence = education_views(
        views(EDUCATION_LEVELS[3], EDUCATION_LEVELS[5], EDUCATION_LEVELS[4])
    ).iloc[0]["education_sentence"]
    assert sentence == (
        "BLS: typically a postsecondary nondegree award; workers: most often an associate's degree "
        "(30%); O*NET: required level most often a bachelor's degree (46% of answers); they "
        "differ by 2 levels."
    )
    levels = (EDUCATION_LEVELS[3], EDUCATION_LEVELS[5], EDUCATION_LEVELS[4])
    wider = education_views(views(*levels, exact=False)).iloc[0]["education_sentence"]
    assert wider == sentence.replace("workers:", "workers of a wider group of occupations:")
    silent = education_views(views(None, None, None)).iloc[0]["education_sentence"]
    assert silent.count("published") == 3


def test_the_general_code_speaks_for_an_occupation_with_specialties():
    training = pd.DataFrame(
        {
            "onet_soc_code": ["29-1141.00", "29-1141.01", "29-9099.01", "29-9099.02"],
            "scale_id": "RL",
            "category": [6, 8, 5, 6],
            "percent": 100.0,
            "recommend_suppress": False,
        }
    )
    empty = pd.DataFrame(
        {"base_year": [2024], "soc_code": ["29-1141"], "typical_education": [EDUCATION_LEVELS[5]]}
    )
    people = pd.DataFrame(
        {
            "soc_code": ["29-1141"],
            "percent": [60.0],
            "exact_match": True,
            "level": [EDUCATION_LEVELS[5]],
        }
    )
    table = required_education(empty, training, people)
    onet = table[table["view"] == "O*NET required"].set_index(["soc_code", "level"])["percent"]
    assert onet.to_dict() == {
        ("29-1141", EDUCATION_LEVELS[5]): 100.0,
        ("29-9099", EDUCATION_LEVELS[4]): 50.0,
        ("29-9099", EDUCATION_LEVELS[5]): 50.0,
    }
