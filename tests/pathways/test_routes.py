"""Routes over the embedded snapshot: sums of steps, money, states, and what must never happen."""

import numpy as np
import pandas as pd
import pytest

from pipelines.base.errors import UsageError
from pipelines.pathways.routes.enumeration import criteria, enumerate_routes, front_routes
from pipelines.pathways.routes.regional import NO_ROW, in_state, state_wages
from pipelines.pathways.routes.returns import add_returns, route_returns
from pipelines.pathways.routes.route import route_steps
from pipelines.pathways.routes.search import all_paths, find_paths, pareto_front
from pipelines.pathways.schooling.education import EDUCATION_LEVELS


@pytest.fixture(scope="module")
def data(analysis):
    return analysis.pathways


@pytest.mark.parametrize("part_time", [False, True])
@pytest.mark.parametrize("origin", ["29-2072", "15-1232", "29-2052"])
def test_a_route_is_the_sum_of_its_steps(data, origin, part_time):
    paths = find_paths(data, origin, "high school", 3, n=60, part_time=part_time, held=["CCA"])
    assert paths["steps"].max() == 3
    for _, path in paths.iterrows():
        steps = route_steps(data, origin, path, "high school", part_time, ["CCA"])
        assert len(steps) == path["steps"]
        assert steps["soc_code"].iloc[-1] == path["to_soc"]
        assert steps["from_soc"].tolist() == [origin, *steps["soc_code"].iloc[:-1]]
        for column in ("years_education", "years_experience", "tuition", "wage_gain"):
            assert steps[column].sum() == pytest.approx(path[column]), column
        if steps["exposure_change"].notna().all():
            assert steps["exposure_change"].sum() == pytest.approx(path["exposure_change"])
        assert steps["feasibility_step"].prod() == pytest.approx(path["feasibility"])
        assert steps["similarity"].min() == pytest.approx(path["similarity"])


def test_steps_say_what_is_held_before_and_asked_for(data):
    steps = route_steps(data, "29-2072.00", ["29-9021", "11-9111.00"], "high school")
    assert steps["education_before"].tolist() == [EDUCATION_LEVELS[1], EDUCATION_LEVELS[4]]
    assert steps["typical_education"].tolist() == [EDUCATION_LEVELS[4], EDUCATION_LEVELS[5]]
    assert steps["tuition"].tolist() == [2 * 4_150, 2 * 11_950]
    assert (steps["exposure_low"] <= steps["exposure"]).all()
    assert (steps["exposure"] <= steps["exposure_high"]).all()
    assert (steps["annual_p25_wage"] < steps["annual_p75_wage"]).all()


@pytest.mark.parametrize(
    "codes", [[], ["29-2072"], ["29-9021", "29-9021"], ["99-9999"], ["29-9021", "29-2072"]]
)
def test_a_route_that_goes_nowhere_or_in_a_circle_is_refused(data, codes):
    with pytest.raises(UsageError):
        route_steps(data, "29-2072", codes)


def test_a_credential_held_means_the_education_it_asks_for(data):
    steps = route_steps(data, "29-2072", ["29-9021"], "high school", held=["rhit"])
    assert steps["years_education"].tolist() == [0]
    assert steps["credentials_held"].tolist() == ["RHIT"]
    assert "RHIA" in steps["credentials"].iloc[0]
    with_it = find_paths(data, "29-2072", "high school", held=["RHIA"]).set_index("to_soc")
    assert with_it.loc["11-9111", "years_education"] == 0
    assert with_it.loc["11-9111", "credentials_held"] == "RHIA"
    doctor = find_paths(data, "29-2072", "master's", held=["RHIT"])
    assert doctor.equals(find_paths(data, "29-2072", "master's").assign(
        credentials_held=doctor["credentials_held"]))  # fmt: skip
    with pytest.raises(UsageError, match="RHIT"):
        find_paths(data, "29-2072", held=["wizard"])


@pytest.mark.parametrize("origin", ["29-2072", "29-2012", "43-9061"])
def test_who_states_no_education_starts_with_the_usual_one_of_the_job(data, origin):
    usual = data.table.loc[origin, "entry_education"]  # of 29-2012 not BLS's for 29-2010
    assert route_steps(data, origin, ["11-9111"])["education_before"].tolist() == [usual]
    assert find_paths(data, origin).equals(find_paths(data, origin, usual))


def test_worked_example_of_two_steps_to_the_dollar(data):
    """By hand; docs/METHODS.md section 8 prints it."""
    codes = ["29-9021", "11-9111"]
    row = route_returns(data, "29-2072", codes, "high school", discount=0).set_index("case")
    row = row.loc["median"]
    assert row["tuition"] == 2 * 4_150 + 2 * 11_950
    assert row["wages_forgone"] == 2 * 51_140 + 2 * 68_020
    assert (row["years"], row["years_total"], row["yearly_gain"]) == (4, 6, 72_720)
    spent = 2 * (4_150 + 51_140) - 2 * 16_880 + 2 * (11_950 + 51_140)
    assert spent == 203_000
    assert row["break_even_year"] == 9  # 3 x 72,720 = 218,160, from year 7
    assert row["net_present_value"] == 14 * 72_720 - 203_000
    at_three = route_returns(data, "29-2072", codes, "high school").set_index("case")
    assert round(at_three.loc["median", "net_present_value"]) == 505_342


def test_money_of_paths_is_that_of_their_routes_and_has_its_range(data):
    paths = add_returns(data, find_paths(data, "29-2072", "high school"), "high school")
    for _, path in paths.iterrows():
        cases = route_returns(data, "29-2072", path, "high school").set_index("case")
        assert path["tuition"] == cases.loc["median", "tuition"]
        for name in ("tuition", "wages_forgone", "net_present_value"):
            assert path[f"{name}_low"] == cases[name].min()
            assert path[f"{name}_high"] == cases[name].max()
            assert path[f"{name}_low"] <= path[name] <= path[f"{name}_high"]
    never = paths["break_even_year_high"].isna()
    assert (paths.loc[never, "net_present_value_low"] < 0).all()
    assert paths["annual_median_wage"].notna().all()


def test_a_state_s_wages_are_its_own_or_missing(analysis, data):
    wages = analysis.tables["wages"]
    texas = in_state(data, wages, "Texas")
    rows = wages[(wages["state"] == "TX") & (wages["year"] == wages["year"].max())]
    own = rows[rows["occupation_group"] == "detailed"].set_index("soc_code")
    for code in ("29-2072", "29-9021", "11-9111"):
        assert texas.wage[texas.position(code)] == own.loc[code, "annual_median_wage"]
    local = state_wages(data, wages, "wy")
    missing = local["annual_median_wage"].isna()
    assert missing.sum() > 100
    assert (local["wage_flag"].ne("") == missing).all()
    assert {NO_ROW, "suppressed"} <= set(local["wage_flag"])
    wyoming = find_paths(in_state(data, wages, "WY"), "29-2072", n=None)
    assert not wyoming["to_soc"].isin(local.index[missing]).any()
    with pytest.raises(UsageError, match="TX"):
        in_state(data, wages, "Atlantis")


@pytest.mark.parametrize("education", [None, "none", "doctoral"])
def test_nobody_advances_into_the_same_job_nor_unlearns(data, education):
    paths = all_paths(data, education, 3, None)
    assert (paths["from_soc"] != paths["to_soc"]).all()
    assert not any(a in via for a, via in zip(paths["from_soc"], paths["via_soc"], strict=True))
    assert (paths["years_education"] >= 0).all()
    assert not (paths["wage_gain"] < 0).any()
    if education == "doctoral":
        # Only another field or license asks a doctor for more: the program of its own.
        ends = [data.table.index.get_indexer(paths[name]) for name in ("from_soc", "to_soc")]
        other, direct = data.own_field(*ends) == 1, paths["via_soc"] == ""
        assert (paths.loc[~other & direct, "years_education"] == 0).all()
        asks = data.level[ends[1]] >= 3
        assert (paths.loc[other & direct & asks, "years_education"] > 0).all()


def test_allowing_longer_routes_removes_no_shorter_one(data):
    for origin in range(0, len(data.table), 4):
        held = max(int(data.level[origin]), 0)
        fronts = []
        for steps in (1, 2, 3):
            routes = front_routes(data, origin, enumerate_routes(data, origin, held, steps))
            fronts.append(set(map(tuple, criteria(data, origin, routes))))
        assert fronts[0] <= fronts[1] <= fronts[2], data.table.index[origin]


def test_more_education_never_lengthens_the_way_to_a_destination(data):
    for origin in range(1, len(data.table), 4):
        before = np.full(len(data.table), np.inf)
        for held in range(len(EDUCATION_LEVELS)):
            routes = enumerate_routes(data, origin, held, 3)
            shortest = np.full(len(data.table), np.inf)
            np.minimum.at(shortest, routes.to, routes.years)
            assert (shortest <= before).all(), (data.table.index[origin], held)
            before = shortest


def test_nurses_and_physicians_appear_only_with_their_licence_named(data):
    physician = ("29-121", "29-122", "29-124")
    seen = 0
    for origin in data.table.index[::8]:
        found = pd.concat([find_paths(data, origin, n=None), pareto_front(data, origin)])
        on_the_way = found["via_soc"] + ", " + found["to_soc"]
        nurse = on_the_way.str.contains("29-1141")
        assert found.loc[nurse, "licence"].str.contains("registered nurse").all(), origin
        doctor = on_the_way.map(lambda codes: any(c in codes for c in physician))
        assert found.loc[doctor, "licence"].str.contains("physician license").all(), origin
        seen += nurse.sum()
    assert seen > 100
    table = data.table[data.table.index.str.startswith(("29-1141", *physician))]
    assert len(table) > 10
    assert table["licence"].ne("").all()


def test_a_degree_of_another_field_does_not_open_a_licence(data):
    """A technician with an associate's degree still has a nursing program ahead."""
    paths = find_paths(data, "29-2072", "associate's", 1).set_index("to_soc")
    assert "practical or vocational nurse" in paths["licence"]["29-2061"]
    assert paths["years_education"]["29-2061"] == 1
    assert paths["tuition"]["29-2061"] == 4_150
    assert paths["years_education"]["29-9021"] == 0  # no license: the level is enough
    none = find_paths(data, "29-2072", "associate's", 1, limit="no more school")
    assert "29-2061" not in none["to_soc"].tolist()
    assert "29-9021" in none["to_soc"].tolist()
    one = find_paths(data, "29-2072", "associate's", 1, limit="one certificate")
    assert "29-2061" in one["to_soc"].tolist()


def test_a_licence_that_is_held_already_is_not_studied_for_again(data):
    at, to = data.position("29-2061"), data.position("29-1141")
    assert data.own_field(at, to) == 1
    assert data.own_field(to, to) == 0
