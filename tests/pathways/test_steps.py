"""The terms of a step and the criteria of a route, one by one, on small made networks."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_network import CODES, made

from pipelines.charts.route_card_text import facts
from pipelines.pathways.routes.enumeration import criteria, enumerate_routes, front_routes
from pipelines.pathways.routes.judgment import schooling_open, step_fit
from pipelines.pathways.routes.network import moves
from pipelines.pathways.routes.returns import HORIZON, add_returns, paid_back
from pipelines.pathways.routes.search import find_paths
from pipelines.pathways.schooling.costs import tuition
from pipelines.pathways.schooling.education import EDUCATION_LEVELS, years_asked, years_matrix


def ends(data):
    return find_paths(data, CODES[0], "high school", 1, n=None)["to_soc"].tolist()


def test_a_combined_code_is_no_destination_but_a_code_in_0_with_data_of_its_own_is():
    data = made()
    assert sorted(ends(data)) == CODES[1:]
    # BLS's combined codes end in 0 and have no job zone: their parts stand beside them.
    assert sorted(ends(made(zone=np.array([2, 2, 2, np.nan])))) == CODES[1:3]
    assert sorted(ends(made(zone=np.array([2, 2, np.nan, 2])))) == CODES[1:]


@pytest.mark.parametrize("lacking", ["level", "wage", "experience_years"])
def test_what_is_not_known_of_an_occupation_closes_the_step(lacking):
    data = made()
    values = getattr(data, lacking).copy()
    values[2] = -1 if lacking == "level" else np.nan
    assert CODES[2] not in ends(replace(data, **{lacking: values}))


@pytest.mark.parametrize(("pay", "level", "zone", "open_"), [
    (51_000, 1, 2, True), (50_900, 1, 2, False),  # a fiftieth more is a gain
    (50_000, 2, 2, True), (50_000, 1, 2.5, True), (49_999, 2, 3, False),  # or a higher level
    (55_000, 0, 2, True), (54_900, 0, 2, False), (54_900, 1, 1, False), (55_000, 1, 1, True),
])  # fmt: skip
def test_a_way_up_pays_more_or_asks_for_a_higher_level(pay, level, zone, open_):
    data = made(wage=np.array([50e3, pay, 60e3, 70e3]), level=np.array([1, level, 1, 1]),
                zone=np.array([2.0, zone, 2, 2]))  # fmt: skip
    assert (CODES[1] in ends(data)) == open_


@pytest.mark.parametrize(
    ("title", "open_"),
    [("Made, All Other", False), ("Miscellaneous Made", False), ("Overall Otherness", True)],
)
def test_a_residual_is_no_destination(title, open_):
    data = made()
    table = data.table.assign(title=["x", title, "y", "z"])
    assert (CODES[1] in ends(replace(data, table=table))) == open_


def test_likeness_and_commonness_count_alike():
    """A score of .05 and a chance of .005 are one half each."""
    assert step_fit(np.array([0.5]))[0] == pytest.approx(0.5 / 0.55)
    found = step_fit(np.array([0.05, 0.5, 0.05, 0.0]), np.array([0.005, 0.005, 0.5, 0.005]))
    likeness = np.array([0.5, 0.5 / 0.55, 0.5, 0.002 / 0.052])
    common = np.array([0.5, 0.5, 0.5 / 0.505, 0.5])
    assert found == pytest.approx(np.sqrt(likeness * common))
    data = made(chance=np.array([[0.005, 0.005, 0.0]] * 4))
    first = moves(data, CODES[0], "high school").set_index("to_soc")["feasibility"]
    assert first[CODES[1]] == pytest.approx(np.sqrt(0.5 / 0.55 * 0.5))
    assert first[CODES[3]] == 0  # nobody goes there


def test_a_single_move_with_unknown_terms_has_no_feasibility():
    unknown = made(level=np.array([1, 1, -1, 1]))
    found = moves(unknown, CODES[0], "high school").set_index("to_soc")
    assert found["feasibility"].isna().tolist() == [False, True, False]
    assert np.isnan(found["years_education"][CODES[2]])


def test_experience_is_time_in_the_comparison_of_routes():
    """Two ways to the same end, alike but for the experience that the stop asks for."""
    data = made(
        to=np.array([[1, 2], [3, 0], [3, 0], [0, 1]]),
        score=np.full((4, 2), 0.5),
        experience_years=np.array([0, 5, 2, 0.0]),
    )
    routes = enumerate_routes(data, 0, 1, 2)
    to_end = routes.take(routes.to == 3)
    assert sorted(to_end.experience) == [2, 5]
    time = criteria(data, 0, to_end)[:, 1]
    assert sorted(time) == [2, 5]
    assert front_routes(data, 0, to_end).experience.tolist() == [2]


def test_a_route_changes_field_at_most_once():
    """From the first to the last by one stop: neither, one or both of the steps leave the field."""
    for first, second, open_ in (
        (True, True, True), (True, False, True), (False, True, True), (False, False, False),
    ):  # fmt: skip
        data = made(
            to=np.array([[1, -1], [3, -1], [-1, -1], [-1, -1]]),
            score=np.full((4, 2), 0.5),
            in_field=np.array([[first, False], [second, False], [False] * 2, [False] * 2]),
        )
        ends = enumerate_routes(data, 0, 1, 2).to.tolist()
        assert ends == ([1, 3] if open_ else [1])


def test_a_lower_level_that_opens_the_end_is_a_way_of_its_own_where_it_saves():
    """An associate's degree (4) or a bachelor's (5) opens the end; who holds either has one way."""
    data = made(
        to=np.array([[3], [-1], [-1], [-1]]), score=np.full((4, 1), 0.5),
        level=np.array([1, 1, 1, 5]), shorter=np.array([-1, -1, -1, 4]),
    )  # fmt: skip

    def ways(held, **more):
        found = enumerate_routes(data, 0, held, 1, **more)
        return sorted(zip(found.entry.tolist(), found.years.tolist(), strict=True))

    assert ways(1) == [(4, 2.0), (5, 4.0)]
    assert ways(1, part_time=True) == [(4, 4.0), (5, 8.0)]
    assert ways(1, cap=4) == [(4, 2.0)]
    assert ways(4) == [(4, 0.0), (5, 2.0)]
    assert ways(5) == [(5, 0.0)]  # nothing to add: nothing to choose


def test_break_even_comes_early_at_the_high_end_of_pay():
    data = made(level=np.array([1, 4, 4, 4]))
    paths = find_paths(data, CODES[0], "high school", 1, n=None)
    money = add_returns(data, paths, "high school").set_index("to_soc").loc[CODES[3]]
    # Two years at $4,150 and $40,000 forgone; then $70,000 a year, or $63,000, or $84,000.
    assert money["break_even_year"] == 5  # 88,300 / 30,000 = 2.9 years after school
    assert money["break_even_year_low"] == 5  # 88,300 / 44,000 = 2.01
    assert money["break_even_year_high"] == 6  # 88,300 / 23,000 = 3.8


def test_a_second_degree_takes_the_program_of_its_own_field():
    """Nobody starts a license's program of another field with all of it behind them."""
    bachelor, master = EDUCATION_LEVELS[5], EDUCATION_LEVELS[6]
    assert years_asked(bachelor, bachelor, own_field=True) == (1, 2, 4)
    assert years_asked(master, bachelor, own_field=True) == (1, 2, 4)
    assert years_asked(bachelor, bachelor) == (0, 0, 0)
    assert tuition(bachelor, bachelor, own_field=True) == 2 * 11_950
    five = years_matrix()[:, 5, 5]
    assert five.tolist() == [0, 2]


def test_schooling_is_open_up_to_the_limit_and_never_wasted():
    years = years_matrix()
    free = schooling_open(years, held=1)
    assert free[0, 1].all()
    assert free[0, 4].tolist() == [False] * 4 + [True] * 4  # an associate's added on the way
    assert schooling_open(years, held=4)[0, 4].all()  # it was there at the start
    none = schooling_open(years, held=5, cap=-1)
    assert none[0, 5].tolist() == [True] * 6 + [False] * 2
    assert none[1, 5].tolist() == [True] * 3 + [False] * 5  # a license of another field
    assert schooling_open(years, held=1, cap=4)[0, 1].tolist() == [True] * 5 + [False] * 3


def test_a_route_card_does_not_take_unknown_experience_for_none():
    row = {"step": 1, "feasibility_step": np.nan, "years_education": 0.0, "tuition": 0.0}
    assert facts(row | {"work_experience": None})["experience"] == "not known"
    assert facts(row | {"work_experience": "None"})["experience"] == "none required"


def test_the_year_that_pays_back_is_said_with_its_range():
    frame = pd.DataFrame(
        {
            "break_even_year": [6.0, np.nan, 3.0], "break_even_year_low": [4.0, 9.0, 2.0],
            "break_even_year_high": [9.0, np.nan, 5.0],
            "net_present_value": [1.0, -1.0, np.nan],
        },
        index=["a", "b", "c"],
    )  # fmt: skip
    said = paid_back(frame)
    assert said.to_dict() == {
        "a": "6 (4 to 9)", "b": f"over {HORIZON} (9 to over {HORIZON})", "c": "",
    }  # fmt: skip
