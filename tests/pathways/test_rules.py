"""Ways up, fields, sideways moves and training, by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_network import CODES, made

from pipelines.pathways.routes import rules
from pipelines.pathways.routes.search import find_paths, sideways
from pipelines.pathways.routes.way_in import way_in
from pipelines.pathways.schooling import fields
from pipelines.pathways.schooling.costs import Step, route_payback
from pipelines.pathways.schooling.training import TRAINING_YEARS, training_words, training_years

CIP = pd.DataFrame(
    {"cip_code": ["51.0707", "51.0706", "51.0707", "01.0101", "99.9999", "99.9999"],
     "soc_code": ["29-2001", "29-2002", "99-9999", "29-2010", "29-2001", "29-2003"]}
)  # fmt: skip


def test_a_family_of_programs_joins_its_occupations():
    codes = np.array(CODES)
    leads = fields.families({"cip_soc": CIP}, codes)
    assert leads.sum(axis=1).tolist() == [1, 1, 0, 1]
    both = fields.shared(leads)
    assert both[0].tolist() == [True, True, False, False]
    assert not both[2].any()  # no program: of no field
    assert fields.shared(leads, most=1)[0].tolist() == [False] * 4  # a wide family tells nothing
    assert not fields.families({}, codes).any()


def other_field(**changed):
    """The first and second of one field, the fourth of another, the third of none known."""
    leads = fields.families({"cip_soc": CIP}, np.array(CODES))
    level = np.array([3, 4, 5, 5])
    return made(same_study=fields.shared(leads), level=level, **changed)


def test_what_was_studied_in_another_field_is_general_education_only():
    data = other_field()
    to = np.arange(4)
    assert data.own_field(np.zeros(4, int), to).tolist() == [0, 0, 0, 1]
    paths = find_paths(data, CODES[0], "bachelor's", 1).set_index("to_soc")["years_education"]
    # No more school within the field or where no field is known; a second bachelor's elsewhere.
    assert paths[CODES[2]] == 0
    assert paths[CODES[3]] == 2
    low = replace(data, level=np.array([3, 4, 5, 1]))
    assert not low.own_field(np.zeros(4, int), to).any()  # a diploma is of no field


def test_one_license_is_one_field_whatever_was_studied():
    data = other_field()
    table = data.table.assign(licence=["nurse (a)", "", "", "nurse (b)"])
    assert replace(data, table=table).own_field(np.array([0]), np.array([3])).tolist() == [0]


@pytest.mark.parametrize(("codes", "inside"), [
    (["29-2072", "29-2079"], True),   # one broad occupation
    (["29-2072", "29-2081"], False),
    (["49-9062", "49-1011"], True),   # first-line supervisors of the group
    (["49-9062", "51-1011"], False),
    (["29-2072", "29-1141"], False),  # a group without supervisors of its own
])  # fmt: skip
def test_what_is_of_the_field_by_the_classification(codes, inside):
    none = np.zeros((2, 2), bool)
    dwas = pd.DataFrame({"onet_soc_code": ["11-1011.00"], "dwa_id": ["a"]})
    found = rules.one_field(np.array(codes), none, none, dwas)
    assert found[0, 1] == inside


def test_what_is_of_the_field_by_programs_activities_and_what_bls_says():
    codes = np.array(["29-2001", "31-2002", "43-2003", "17-2004"])
    leads = np.array([[1], [1], [0], [0]], bool)
    dwas = pd.DataFrame(
        {"onet_soc_code": ["29-2001.00", "29-2001.00", "43-2003.00", "17-2004.00", "17-2004.01"],
         "dwa_id": ["a", "b", "a", "c", "c"]}
    )  # fmt: skip
    program, family = fields.shared(leads), np.zeros((4, 4), bool)
    family[0, 3] = True
    advances = [("31-2002", "17-2004"), ("29-2001", "99-9999")]
    found = rules.one_field(codes, program, family, dwas, advances)
    assert found[0].tolist() == [True, True, True, True]
    assert found[1].tolist() == [True, True, False, True]
    assert found[3].tolist() == [False, False, False, True]
    # Activities: ln(4/2) in common over the root of (ln 2 + ln 4) x ln 2 is .577.
    overlap = np.log(2) / np.sqrt((np.log(2) + np.log(4)) * np.log(2))
    for least, expected in ((overlap - 1e-6, True), (overlap + 1e-6, False)):
        assert rules.related_activities(dwas, codes, least)[0, 2] == expected


def test_teaching_a_subject_is_another_field_than_the_subject():
    """One program leads to the chemist, the technician and the teacher of chemistry (25-2031)."""
    codes = np.array(["19-2031", "19-4031", "25-2031", "25-2022"])
    every, none = np.ones((4, 4), dtype=bool), np.zeros((4, 4), dtype=bool)
    dwas = pd.DataFrame({"onet_soc_code": pd.Series([], dtype="str"), "dwa_id": []})
    found = rules.one_field(codes, every, none, dwas)
    assert found[:2].tolist() == [[True, True, False, False]] * 2
    assert found[2:].all()  # teachers stay teachers, and a teacher's subject is the teacher's field


def test_sections_stand_in_order_and_keep_their_rows():
    section = np.array([0] * 30 + [1] * 10 + [2] * 10)
    kept = section[rules.shown(section, 20)]
    assert np.bincount(kept).tolist() == [13, 5, 2]
    assert rules.shown(section, 20)[:3].tolist() == [0, 1, 2]
    assert np.bincount(np.array([0, 1, 2])[rules.shown(np.array([0, 1, 2]), 2)]).sum() == 2
    few = np.array([0] * 3 + [1] * 30)
    assert np.bincount(few[rules.shown(few, 20)]).tolist() == [3, 17]
    assert len(rules.shown(section, None)) == 50


def test_a_clear_rise_of_exposure_stands_apart():
    data = made(exposure=np.array([0.3, 0.39, 0.41, 0.2]))
    assert data.median_exposure == pytest.approx(0.345)
    to = np.arange(1, 4)

    def more(*low):
        with_ends = replace(data, table=data.table.assign(exposure_low=[0.2, *low]))
        return rules.more_exposed(with_ends, 0, to).tolist(), with_ends

    found, with_ends = more(0.35, 0.35, 0.1)
    assert found == [False, True, False]  # of the first the rise is comparable
    section = rules.section_of(with_ends, 0, to, np.array([True, True, False]))
    assert section.tolist() == [0, 2, 1]
    # An interval that reaches the median of all is not clearly above most; nor is one not known.
    assert more(0.35, 0.34, 0.1)[0] == more(0.35, np.nan, 0.1)[0] == [False] * 3


def test_nurses_and_plumbers_advance_first_where_people_in_the_trade_do(analysis):
    """Steps that anyone in the trade would name, each well within the field and feasible."""
    for origin, end in (("29-2061", "29-1141"), ("47-2152", "47-1011"), ("29-2043", "29-1141")):
        first = find_paths(analysis.pathways, origin).iloc[0]
        assert first["to_soc"] == end, origin
        assert first["section"] == rules.UP_IN_FIELD


@pytest.mark.parametrize(("pay", "exposure", "open_"), [
    (47_500, 0.4, True), (47_400, 0.4, False), (50_000, 0.46, False), (50_000, 0.44, True),
    (60_000, 0.4, False),  # a way up is no sideways move
])  # fmt: skip
def test_sideways_pays_nearly_the_same_and_is_less_exposed(pay, exposure, open_):
    data = made(wage=np.array([50e3, pay, 20e3, 20e3]),
                exposure=np.array([0.5, exposure, 0.5, 0.5]))  # fmt: skip
    found = sideways(data, CODES[0])
    assert (CODES[1] in set(found["to_soc"])) == open_
    assert set(found["section"]) <= {rules.SIDEWAYS}


def test_training_has_bls_s_lengths_and_what_it_does_not_say_is_not_known():
    years = training_years(pd.Series(["None", "Apprenticeship", "Internship/residency", None]))
    np.testing.assert_array_equal(years[:, :2], [[0, 3], [0, 4], [0, 5]])
    assert np.isnan(years[:, 2:]).all()
    assert all(low <= usual <= high for low, usual, high in TRAINING_YEARS.values() if low == low)
    assert training_words("Apprenticeship") == "paid apprenticeship, usually 3 to 5 years"
    assert training_words(np.nan) == training_words("New word") == "training not known"


def test_an_apprenticeship_is_paid_and_counts_to_the_years(monkeypatch):
    """Four years at $30,000 in place of $40,000, then $60,000: paid back in the sixth year."""
    wage = dict.fromkeys(("low", "median", "high"), 60e3)
    step = Step("high school", "high school", 0.0, wage, False, (3.0, 4.0, 5.0), 30e3)
    low, median, high = route_payback([step], 40e3, discount=0)
    assert (median["years_total"], median["years"], median["tuition"]) == (4, 0, 0)
    assert median["wages_forgone"] == 0
    assert (high["break_even_year"], median["break_even_year"], low["break_even_year"]) == (5, 6, 8)
    assert median["net_present_value"] == 4 * -10e3 + 16 * 20e3
    unknown = Step("high school", "high school", 0.0, wage, False, (np.nan,) * 3, 30e3)
    assert np.isnan(route_payback([unknown], 40e3)[1]["net_present_value"])


@pytest.mark.parametrize(("training", "experience", "words"), [
    ("Apprenticeship", 0.0, "no more school (bachelor's degree); paid apprenticeship, usually 3 to "
     "5 years; license: not looked up"),
    ("None", 5.0, "no more school (bachelor's degree); 5 years of related work first; no further "
     "training; license: not looked up"),
    ("Internship/residency", 0.0, "no more school (bachelor's degree); internship or residency, "
     "length not known; license: not looked up"),
])  # fmt: skip
def test_a_way_in_never_reads_as_nothing(training, experience, words):
    row = {
        "years_education": 0.0,
        "entry_education": "Bachelor's degree",
        "education_note": "",
        "licence": "",
        "years_experience": experience,
        "job_training": training,
        "to_soc": "17-9999",
    }
    assert way_in(row) == words
    assert way_in(row | {"years_education": 1.0, "licence": "x"}).startswith(
        "1 year of school, to bachelor's degree; "
    )
    assert way_in(row | {"years_education": 1.5}).startswith("1.5 years of school")
    # A stop on the way may ask for more school than the end does.
    stopped = row | {"years_education": 1.0, "via_soc": "49-3011"}
    assert way_in(stopped).startswith("1 year of school in all (bachelor's degree at the end)")
