"""What tables of paths, routes and moves say of an occupation, column by column, by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_network import made

from pipelines.base.errors import UsageError
from pipelines.pathways.routes.network import moves
from pipelines.pathways.routes.route import route_codes, route_steps
from pipelines.pathways.routes.rules import UP_IN_FIELD
from pipelines.pathways.routes.search import (
    PRESETS,
    all_paths,
    education_cap,
    find_paths,
    pareto_front,
)
from pipelines.pathways.schooling.credentials import advancement_note, licence_words
from pipelines.pathways.schooling.education import EDUCATION_LEVELS
from pipelines.pathways.schooling.training import training_years

RECORDS, REGISTRAR, MANAGER, NURSE = "29-2072", "29-9021", "11-9111", "29-1141"
ROUTE = [REGISTRAR, MANAGER]


@pytest.fixture(scope="module")
def data():
    """One way: records to registrar to manager; the fourth has neither level nor exposure."""
    levels = [1, 4, 5, -1]
    plain = made(
        to=np.array([[1, 3, -1], [2, -1, -1], [1, -1, -1], [-1, -1, -1]]),
        score=np.array([[0.5, 0.3, 0], [0.4, 0, 0], [0.2, 0, 0], [0, 0, 0]]),
        zone=np.array([2.0, 3.0, 4.0, 2.0]),
        level=np.array(levels),
        exposure=np.array([0.5, 0.4, 0.6, np.nan]),
        openings=np.array([1.0, 2.0, 3.0, 4.0]),
        experience_years=np.array([0, 2.0, 5.0, 0]),
    )
    table = plain.table.set_axis(pd.Index([RECORDS, *ROUTE, NURSE], name="soc_code")).assign(
        typical_education=[EDUCATION_LEVELS[x] if x >= 0 else None for x in levels],
        work_experience=["None", "Less than 5 years", "5 years or more", "None"],
        employment_change_percent=[1.0, 2.0, 3.0, 4.0], job_zone=plain.zone,
        annual_openings=plain.openings, exposure=plain.exposure,
        exposure_low=plain.exposure - 0.1, exposure_high=plain.exposure + 0.2,
        automation_score=1 - plain.exposure,
        licence=["", "license of registrars", "license of managers", "nurse"],
        job_training=["None", "Long-term on-the-job training", "Apprenticeship", None],
    )  # fmt: skip
    return replace(plain, table=table, training=training_years(table["job_training"]))


def feasibility(steps):
    """Likeness and schooling of each step, as METHODS states them; no chance is known here."""
    out = 1.0
    for score, years in steps:
        out *= score / (score + 0.05) / (1 + years / 4)
    return pytest.approx(out)


def benefit(wage, openings, change, pay=0.7, jobs=0.15, exposure=0.15):
    return pytest.approx(
        pay * wage / (wage + 40e3)
        + jobs * openings / (openings + 10)
        + exposure * (0.5 - change / 2)
    )


FIRST, SECOND = (0.5, 2), (0.4, 2)


def test_a_path_of_two_steps_column_by_column(data):
    """In the same field: the license of each step is another's, so each asks its own program."""
    data = replace(data, table=data.table.assign(licence=""))
    row = find_paths(data, RECORDS, "high school", held=["CCA"]).set_index("to_soc").loc[MANAGER]
    assert row.to_dict() == {
        "from_soc": RECORDS, "rank": 2, "title": "Made 29-2003", "via_soc": REGISTRAR, "steps": 2,
        "published_code": MANAGER,
        "typical_education": EDUCATION_LEVELS[5], "years_education": 4, "years_experience": 7,
        "tuition": 2 * 4_150 + 2 * 11_950, "annual_median_wage": 60_000, "wage_gain": 20_000,
        "exposure_change": pytest.approx(0.1), "automation_change": pytest.approx(-0.1),
        "annual_openings": 3,
        "employment_change_percent": 3, "feasibility": feasibility([FIRST, SECOND]),
        "benefit": benefit(60e3, 3, 0.1), "credentials": "RHIA, CHPS, CPHIMS, CPHQ",
        "licence": "", "note": advancement_note(REGISTRAR, MANAGER), "similarity": 0.4,
        "job_zone_step": 2, "work_experience": "5 years or more", "exposure": 0.6,
        "exposure_low": pytest.approx(0.5), "exposure_high": pytest.approx(0.8),
        "observed_share": pytest.approx(np.nan, nan_ok=True), "observed_status": "by way of others",
        "observed_low": pytest.approx(np.nan, nan_ok=True), "observed_moves": "by way of others",
        "observed_high": pytest.approx(np.nan, nan_ok=True),
        "credentials_held": "", "section": UP_IN_FIELD, "years_training": 2 + 4,
        "entry_education": EDUCATION_LEVELS[5], "education_note": "",
        "step_education": f"{EDUCATION_LEVELS[4]}; {EDUCATION_LEVELS[5]}",
        "years_to_qualify": 4 + 7 + 6, "job_training": "Apprenticeship",
        "way_in": "4 years of school in all (bachelor's degree at the end); 7 years of related "
        f"work first; paid apprenticeship, usually 3 to 5 years; {licence_words(MANAGER)}",
    }  # fmt: skip
    assert row["note"].startswith("BLS names this move for registrars")
    with_it = find_paths(data, RECORDS, "high school", held=["rhia"]).set_index("to_soc")
    assert with_it["credentials_held"].tolist() == ["RHIA", "RHIA"]
    assert with_it["years_education"].tolist() == [0, 0]


def test_education_that_is_held_is_not_asked_for_again(data):
    data = replace(data, table=data.table.assign(licence=""))
    assert find_paths(data, RECORDS, "bachelor's")["years_education"].tolist() == [0, 0]
    assert pareto_front(data, RECORDS, "bachelor's")["years_education"].tolist() == [0, 0]
    assert moves(data, RECORDS, "bachelor's")["years_education"].iloc[0] == 0
    # Where none is stated, it is the one that is typical of the origin.
    assert find_paths(data, REGISTRAR)["years_education"].tolist() == [2]


def test_a_path_names_the_licenses_of_all_its_steps(data):
    found = find_paths(data, RECORDS, "high school").set_index("to_soc")
    assert found["licence"].to_dict() == {
        REGISTRAR: "license of registrars", MANAGER: "license of registrars; license of managers",
    }  # fmt: skip
    assert found["via_soc"].to_dict() == {REGISTRAR: "", MANAGER: REGISTRAR}


def test_a_route_step_by_step_column_by_column(data):
    data = replace(data, table=data.table.assign(licence=["", "", "l", ""]))
    steps = route_steps(data, f"{RECORDS}.00", ROUTE, "high school", held=["CDIP"])
    second = steps.iloc[1]
    assert steps["step"].tolist() == [1, 2]
    assert second["automation_score"] == 0.4
    apart = ["years_education", "tuition", "feasibility_step", "automation_score",
             "automation_low", "automation_high"]  # fmt: skip
    assert second.drop(apart).to_dict() == {
        "published_code": MANAGER,
        "step": 2, "from_soc": REGISTRAR, "from_title": "Made 29-2002", "soc_code": MANAGER,
        "title": "Made 29-2003", "education_before": EDUCATION_LEVELS[4],
        "typical_education": EDUCATION_LEVELS[5], "years_experience": 5,
        "work_experience": "5 years or more", "annual_p25_wage": pytest.approx(54_000),
        "annual_median_wage": 60_000, "annual_p75_wage": pytest.approx(72_000),
        "wage_gain": 10_000, "exposure": 0.6, "exposure_low": pytest.approx(0.5),
        "exposure_high": pytest.approx(0.8), "exposure_change": pytest.approx(0.2),
        "annual_openings": 3, "employment_change_percent": 3, "similarity": 0.4, "job_zone": 4,
        "job_zone_step": 1, "credentials": "RHIA, CHPS, CPHIMS, CPHQ", "credentials_held": "",
        "licence": "l", "licence_words": licence_words(MANAGER),
        "note": advancement_note(REGISTRAR, MANAGER), "education_note": "",
        "entry_education": EDUCATION_LEVELS[5],
    }  # fmt: skip
    first = steps.iloc[0]
    assert first["credentials_held"] == "CDIP"
    assert first["credentials"].startswith("RHIT, RHIA, CDIP")
    assert (first["years_education"], first["tuition"]) == (2, 2 * 4_150)
    assert first["feasibility_step"] == feasibility([FIRST])


def test_a_step_to_where_nothing_is_known_has_no_years_no_cost_and_no_feasibility(data):
    low = replace(data, level=np.array([0, 0, 5, -1]))
    steps = route_steps(low, RECORDS, [REGISTRAR, NURSE])
    assert steps["education_before"].tolist() == [EDUCATION_LEVELS[0]] * 2
    # The lowest level is a level: nothing is to be added. No level is none.
    assert steps["years_education"].iloc[0] == steps["tuition"].iloc[0] == 0
    assert (
        steps[["years_education", "tuition", "similarity", "feasibility_step"]].iloc[1].isna().all()
    )
    assert route_steps(data, RECORDS, [NURSE])["similarity"].tolist() == [0.3]


def test_a_route_doubles_its_years_part_time_and_starts_from_what_is_held(data):
    data = replace(data, table=data.table.assign(licence="").drop(columns="annual_p25_wage"))
    full = route_steps(data, RECORDS, ROUTE, "high school")
    assert full["years_education"].tolist() == [2, 2]
    assert full["annual_p25_wage"].isna().all()  # tables without a figure have none
    part = route_steps(data, RECORDS, ROUTE, "high school", part_time=True)
    assert part["years_education"].tolist() == [4, 4]
    assert part["tuition"].tolist() == full["tuition"].tolist()
    assert (
        route_steps(data, RECORDS, ROUTE, "master's")["education_before"].tolist()
        == [EDUCATION_LEVELS[6]] * 2
    )


def test_a_route_is_codes_or_a_row_of_paths():
    row = {"via_soc": f"{REGISTRAR}, {NURSE}", "to_soc": MANAGER}
    codes = [REGISTRAR, NURSE, MANAGER]
    for route in (row, pd.Series(row), ", ".join(codes), [f"{code}.00" for code in codes]):
        assert route_codes(route) == codes
    assert route_codes({"via_soc": "", "to_soc": MANAGER}) == route_codes(MANAGER) == [MANAGER]


def test_moves_column_by_column(data):
    data = replace(data, table=data.table.assign(licence="", attainment="a", attainment_percent=5.0,
                                                 onet_education_summary="o"))  # fmt: skip
    found = moves(data, RECORDS, "high school")
    assert found["rank"].tolist() == [1, 2]
    assert found.iloc[0].to_dict() == {
        "published_code": REGISTRAR,
        "rank": 1, "from_soc": RECORDS, "to_soc": REGISTRAR, "title": "Made 29-2002",
        "similarity": 0.5, "job_zone": 3, "job_zone_step": 1,
        "typical_education": EDUCATION_LEVELS[4], "years_education": 2,
        "onet_education_summary": "o", "attainment": "a", "attainment_percent": 5,
        "work_experience": "Less than 5 years", "annual_median_wage": 50_000,
        "wage_gain": 10_000, "annual_p10_wage": 40_000, "annual_p90_wage": 70_000,
        "annual_openings": 2, "employment_change_percent": 2, "exposure": 0.4,
        "exposure_change": pytest.approx(-0.1), "feasibility": feasibility([FIRST]),
        "benefit": benefit(50e3, 2, -0.1), "credentials": found["credentials"][0], "licence": "",
        "note": advancement_note(RECORDS, REGISTRAR),
    }  # fmt: skip
    assert found["credentials"][0].startswith("RHIT, RHIA, CDIP")
    unknown = found.iloc[1]
    assert unknown[["years_education", "feasibility", "exposure_change"]].isna().all()
    assert unknown["benefit"] == benefit(70e3, 4, 0)  # no change of exposure counts for or against
    assert moves(data, RECORDS, n=1)["to_soc"].tolist() == [REGISTRAR]
    lowest = replace(data, level=np.array([1, 0, 5, -1]))
    assert moves(lowest, RECORDS, "high school")["years_education"][0] == 0


@pytest.mark.parametrize(
    ("matters", "weights", "half"),
    [
        ("balance", (0.7, 0.15, 0.15), 4),
        ("pay", (0.9, 0.05, 0.05), 4),
        ("schooling", (0.7, 0.15, 0.15), 1),
    ],
)
def test_what_matters_weighs_as_stated(data, matters, weights, half):
    data = replace(data, table=data.table.assign(licence=""))
    row = find_paths(data, RECORDS, "high school", 1, matters=matters).iloc[0]
    assert row["benefit"] == benefit(50e3, 2, -0.1, *weights)
    assert row["feasibility"] == pytest.approx(0.5 / 0.55 / (1 + 2 / half))


def test_who_wants_less_exposure_sees_what_lowers_it_by_its_share(data):
    """The manager's exposure is higher than the records specialist's, the registrar's is lower."""
    row = find_paths(data, RECORDS, "high school", matters="exposure").set_index("to_soc")
    assert row.index.tolist() == [REGISTRAR]
    assert row["benefit"].tolist() == pytest.approx([(0.5 - 0.4) / 0.5])


def test_who_wants_less_automation_sees_what_lowers_it_by_its_share(data):
    scores = {RECORDS: 0.8, MANAGER: 0.6, REGISTRAR: 0.9}
    table = data.table.assign(automation_score=data.table.index.map(scores))
    row = find_paths(replace(data, table=table), RECORDS, "high school", matters="automation")
    row = row.set_index("to_soc")
    assert row.index.tolist() == [MANAGER]
    assert row["benefit"].tolist() == pytest.approx([(0.8 - 0.6) / 0.8])
    assert row["automation_change"].tolist() == pytest.approx([0.6 - 0.8])


def test_paths_of_all_occupations_are_those_of_each(data):
    asked = ("high school", 2, 1, "bachelor's", True, ["CCA"], "schooling")
    education, steps, n, limit, part_time, held, matters = asked
    for frame, each in (
        (all_paths(data, *asked),
         lambda code: find_paths(data, code, education, steps, None, n, limit, part_time, held,
                                 matters)),
        (all_paths(data), lambda code: find_paths(data, code, max_steps=2)),
        (all_paths(data, limit="no more school"),
         lambda code: find_paths(data, code, max_steps=2, limit="no more school")),
    ):  # fmt: skip
        expected = pd.concat([each(code) for code in data.table.index], ignore_index=True)
        pd.testing.assert_frame_equal(frame, expected[frame.columns], check_dtype=False)
    assert frame.columns.tolist() == [
        "from_soc", "rank", "to_soc", "via_soc", "steps", "years_education", "wage_gain",
        "exposure_change", "feasibility", "published_code", "entry_education",
    ]  # fmt: skip
    half = all_paths(data, "high school", 1, None)["years_education"]
    assert all_paths(data, "high school", 1, None, part_time=True)["years_education"].tolist() == [
        2 * years for years in half
    ]


def test_the_front_holds_several_routes_to_one_end():
    """A stop that asks for less experience but is less alike: neither beats the other."""
    data = made(
        to=np.array([[1, 2, -1], [3, -1, -1], [3, -1, -1], [-1, -1, -1]]),
        score=np.array([[0.5, 0.3, 0], [0.5, 0, 0], [0.5, 0, 0], [0, 0, 0]]),
        experience_years=np.array([0, 2, 0, 0.0]),
    )
    start, end = data.table.index[[0, 3]]
    front = pareto_front(data, start, "high school")
    assert front["to_soc"].tolist().count(end) == 2
    assert front["rank"].tolist() == [1, 2, 3, 4]
    assert (front["feasibility"] * front["benefit"]).is_monotonic_decreasing
    pd.testing.assert_frame_equal(pareto_front(data, start, "high school", n=2), front.head(2))
    to_end = find_paths(data, start, "high school", to=end)
    assert sorted(to_end["via_soc"]) == sorted(front.loc[front["to_soc"] == end, "via_soc"])
    assert len(find_paths(data, start, "high school", to=end, n=1)) == 1


def test_a_path_has_up_to_three_steps_unless_fewer_are_asked_for():
    data = made(to=np.array([[1, -1, -1], [2, -1, -1], [3, -1, -1], [-1, -1, -1]]))
    steps = [frame["steps"].tolist() for frame in (
        find_paths(data, data.table.index[0]), pareto_front(data, data.table.index[0]),
        find_paths(data, data.table.index[0], max_steps=2), all_paths(data)[:2],
    )]  # fmt: skip
    assert [sorted(found) for found in steps] == [[1, 2, 3], [1, 2, 3], [1, 2], [1, 2]]


def test_presets_are_levels_and_errors_say_what_there_is(data):
    assert PRESETS == {
        "no more school": None, "one certificate": "Postsecondary nondegree award",
        "associate's": "Associate's degree", "bachelor's": "Bachelor's degree",
        "master's": "Master's degree",
    }  # fmt: skip
    assert [education_cap(limit) for limit in (*PRESETS, None)] == [-1, 3, 4, 5, 6, None]
    words = (
        "no more school, one certificate, associate's, bachelor's, master's; or a level: "
        + "; ".join(EDUCATION_LEVELS)
    )
    for asked, said in (
        ({"limit": "two"}, f"limit: unknown limit 'two'. Use one of: {words}"),
        ({"max_steps": 4}, "max-steps: 4 steps requested. Give 1, 2 or 3"),
        ({"matters": "fame"}, "matters: unknown priority 'fame'. Use one of: balance, pay, "
         "exposure, automation, schooling"),
        ({"to": "99-9999.00"}, "99-9999.00: there are no data to compare this occupation by "
         "(military and some 'all other' occupations have none). Give another, such as 29-2072"),
    ):  # fmt: skip
        with pytest.raises(UsageError) as error:
            find_paths(data, RECORDS, **asked)
        assert str(error.value) == said
    for codes in ([], [REGISTRAR, REGISTRAR], [RECORDS]):
        with pytest.raises(UsageError) as error:
            route_steps(data, RECORDS, codes)
        assert str(error.value) == (
            "route: a route needs at least one step, and visits no occupation twice. Give the "
            "codes after the origin, such as 29-9021, 11-9111"
        )
