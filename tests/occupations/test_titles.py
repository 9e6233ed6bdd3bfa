"""A job title as people type it finds its occupation; what is unsure is not taken for sure."""

from __future__ import annotations

import logging

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.base.errors import UsageError
from pipelines.occupations import titles

NAMES = pd.DataFrame(
    [
        ("29-2052.00", "Pharmacy Technicians"), ("29-2052.00", "CPhT"),
        ("29-1051.00", "Pharmacists"), ("29-1051.00", "Staff Pharmacist"),
        ("49-9062.00", "Medical Equipment Repairers"), ("49-9062.00", "Biomedical Technician"),
        ("15-1232.00", "Computer User Support Specialists"), ("15-1232.00", "Help Desk Analyst"),
        ("43-4081.00", "Hotel Desk Clerks"), ("43-4081.00", "Front Desk Clerk"),
    ],
    columns=["onet_soc_code", "name"],
)  # fmt: skip
JOBS = pd.Series({"29-2052.00": 490.0, "29-1051.00": 340.0, "15-1232.00": 700.0})
MADE = titles.Titles(NAMES, JOBS)


@pytest.fixture(scope="module")
def held(analysis):
    return analysis.titles


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("pharm tech", "29-2052.00"),
        ("TECHNICIAN, pharmacy", "29-2052.00"),
        ("Sr. Pharmacy Technician II", "29-2052.00"),
        ("pharmacy technicain", "29-2052.00"),
        ("cpht", "29-2052.00"),
        ("biomed techs", "49-9062.00"),
        ("helpdesk", "15-1232.00"),
        ("pharmacist", "29-1051.00"),
    ],
)
def test_short_forms_order_spelling_and_plurals_are_forgiven(title, code):
    assert MADE.find(title)["onet_soc_code"].iloc[0] == code


def test_words_after_a_dash_or_a_comma_count_less_but_count():
    first = MADE.find("Clerk - Biomedical")
    assert first["onet_soc_code"].iloc[0] == "43-4081.00"
    assert "49-9062.00" in set(first["onet_soc_code"])
    assert MADE.find("(Biomedical)")["onet_soc_code"].tolist() == ["49-9062.00"]
    assert titles.asked_words("Nurse, ICU nurse") == {"nurse": 1.0, "icu": titles.LATER}


@pytest.mark.parametrize(
    ("title", "answered", "sure"),
    [("cpht", 1, True), ("pharmacy technicain", 1, True), ("qqqq cpht", 0.5, False),
     ("pharm", 0, False), ("pharm tech", 0.5, False)],
)  # fmt: skip
def test_what_lacks_a_word_or_is_unfinished_is_not_sure(title, answered, sure):
    found = MADE.find(title)
    assert found["answered"].iloc[0] == answered
    assert titles.clear(found) == sure


def test_the_score_is_the_formula_worked_by_hand():
    # "desk clerk": both words stand in both names of 43-4081, one of 15-1232 in one of two.
    import numpy as np

    worth = {"desk": np.log(6 / 2.5), "clerk": np.log(6 / 1.5)}
    total = sum(worth.values())
    hotel = np.log(6 / 1.5)
    best = total / np.sqrt(total * (total + hotel)) * 1.0
    share = 2 / (2 + titles.FEW_NAMES)
    held = sum(w * np.log1p(30 * share) for w in worth.values()) / total
    jobs = titles.WEIGHT_JOBS * round(float(np.log(490.0)), 4)  # not known: the middling one
    found = MADE.find("desk clerk")
    assert found["onet_soc_code"].iloc[0] == "43-4081.00"
    assert found["known_as"].iloc[0] == "Hotel Desk Clerks"
    score = best + titles.WEIGHT_NAMES * held + jobs
    assert found["score"].iloc[0] == pytest.approx(score, abs=1e-4)


@given(st.text(max_size=40))
def test_any_text_is_answered_in_order_or_not_at_all(text):
    found = MADE.find(text)
    assert found["score"].is_monotonic_decreasing
    assert found["onet_soc_code"].is_unique
    assert found["rank"].tolist() == list(range(1, len(found) + 1))


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("biomed tech", "49-9062.00"), ("car mechanic", "49-3023.00"), ("help desk", "15-1232.00"),
        ("phlebotomist", "31-9097.00"), ("RHIT", "29-2072.00"), ("xray tech", "29-2034.00"),
        ("medical cder", "29-2072.00"), ("dental hygenist", "29-1292.00"),
        ("hvac tech", "49-9021.00"), ("MRI tech", "29-2035.00"),
    ],
)  # fmt: skip
def test_what_people_say_finds_its_occupation_in_the_snapshot(held, title, code):
    found = held.find(title)
    assert found["onet_soc_code"].iloc[0] == code
    assert titles.clear(found)


def test_a_title_that_is_not_exact_is_taken_when_clear_and_said(caplog, analysis):
    with caplog.at_level(logging.WARNING):
        assert analysis.resolve("dental hygenist") == "29-1292.00"
    assert "'dental hygenist' is taken for 29-1292.00 Dental Hygienists" in caplog.text


def test_a_title_of_several_occupations_names_them_and_one_of_none_says_so(analysis):
    with pytest.raises(UsageError, match="is a title of 3 occupations") as error:
        analysis.resolve("electronics technician")
    assert "17-3023.00" in str(error.value)
    with pytest.raises(UsageError, match="may mean several occupations") as error:
        analysis.resolve("medical technican")
    assert "29-2042.00" in str(error.value)
    with pytest.raises(UsageError, match="no such occupation"):
        analysis.resolve("qqqq zzzz")


def test_names_hold_titles_reported_titles_and_credentials_each_once(held):
    assert held.codes.size == 1016
    own = [n for c, n in zip(held.codes_of_names, held.names, strict=True) if c == "29-2072.00"]
    assert own[0] == "Medical Records Specialists"
    assert "RHIT" in own
    assert len({n.lower() for n in own}) == len(own)
    assert all(len(n) <= titles.LONGEST for n in own[1:])


def test_titles_of_real_ads_find_their_occupations_as_the_document_says(held, sources, root):
    ads = pd.read_parquet(sources.parent / "eval" / "ads_with_onet_codes.parquet")
    answers = {
        title: list(dict.fromkeys(c[:7] for c in held.find(title, 30)["onet_soc_code"]))
        for title in ads["title"].unique()
    }
    soc = ads["onet_soc_code"].str[:7]
    first = [answers[t][:1] == [c] for t, c in zip(ads["title"], soc, strict=True)]
    five = [c in answers[t][:5] for t, c in zip(ads["title"], soc, strict=True)]
    shown = [f"{sum(hits) / len(ads):.3f}".removeprefix("0") for hits in (first, five)]
    row = (root / "docs" / "EXPERIMENTS.md").read_text("utf-8").split("| `outlook find` |")[1]
    assert [cell.strip() for cell in row.split("|")[2:4]] == shown
    assert sum(first) / len(ads) >= 0.55
    assert sum(five) / len(ads) >= 0.80
