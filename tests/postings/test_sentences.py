"""Duties out of postings, and texts without persons."""

from __future__ import annotations

import re
from unittest import mock

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.postings import labeled
from pipelines.postings import plain as _plain
from pipelines.postings import sentences as _sentences
from pipelines.postings.plain import plain, sentences
from pipelines.postings.sentences import duties, mask

# Made up: no posting says this.
BENCH = """Equipment Technician
About the company
We are a family firm in Ohio and have fixed pumps since 1970.
Responsibilities:
• Repair infusion pumps and write down what was replaced
• Calibrates scales with test weights.
2) Test alarms before a pump goes back to the ward; Keep the parts shelf in order
You will teach nurses how to clear a blocked line.
Other duties as assigned.
Requirements:
Two years of experience with pumps
Ability to lift a crate
Associate degree preferred
Benefits
Health insurance, dental and a 401(k)
Pay is $24.50 per hour.
We are an equal opportunity employer and decide without regard to race, color or religion.
Apply now at www.example.org"""
WORK = [
    "Repair infusion pumps and write down what was replaced",
    "Calibrates scales with test weights.",
    "Test alarms before a pump goes back to the ward",
    "Keep the parts shelf in order",
    "You will teach nurses how to clear a blocked line.",
]


def test_duties_come_without_requirements_pay_and_the_employer():
    assert duties(BENCH) == WORK


def test_html_is_read_as_its_text():
    html = (
        "<style>p {color: red}</style><h3>Duties</h3><ul><li>Sort mail &amp; parcels by room</li>"
        "<li>Carries <b>samples</b> to the test&nbsp;bench</li></ul>"
        "<p>Qualifications</p><p>Must have a valid driver&#39;s license</p>"
    )
    assert duties(html) == [
        "Sort mail & parcels by room",
        "Carries samples to the test bench",
    ]
    assert "color" not in plain(html)
    assert plain("a &amp;nbsp; b") == "a  b"
    assert plain("pressure < 5 bar and > 2") == "pressure < 5 bar and > 2"


def test_a_heading_speaks_for_what_follows():
    listed = "Managing a team of porters\nOrdering gowns and gloves for the ward"
    assert duties(f"Duties:\n{listed}") == listed.split("\n")
    assert duties(f"Specialized experience:\n{listed}") == []


def test_a_heading_on_the_same_line_is_left_out():
    assert duties("Duties include: Files charts of patients by number") == [
        "Files charts of patients by number"
    ]


def test_a_sentence_is_given_once():
    assert duties("Clean the tanks every day. Clean the tanks every day.") == [
        "Clean the tanks every day."
    ]


def test_whom_to_reach_is_no_duty():
    assert duties("Call Ann Lee at 555-123-4567. Send a letter to ann@example.org") == []


def test_an_abbreviation_ends_no_sentence():
    assert sentences("Uses tools, e.g. Torque wrenches. Reports to Dr. Low") == [
        "Uses tools, e.g. Torque wrenches.", "Reports to Dr. Low"]  # fmt: skip


ODD = st.lists(st.sampled_from([
    "<p>", "</p>", "<LI>", "</li>", "<br/>", "<B>", "</b>", '<a href="x>y">', "<a href='q'>", "<p",
    "<!-- c -->", "<script>", "</script>", "<", "> ", "<3", "</ p>", "&amp;nbsp;", "&lt;b&gt;", "•",
    "• ", " ", "  ", "\t", "\n", ". ", "; ", ";", "1. ", "(2) ", "a) ", "- ", "– ", ": ", "?", "!",
    "e.g. ", "Do it.", "Works with", "Word", ".Word", "word", "Reports to Jane Doe", "Dr. Ann Poe",
    "call 555-123-4567", "(614) 555-0100 x5", "x@y.org", " joe (at) ex.com", " ann [at] ex.com",
    "http://a.b/?q=me%40x.com", "e-mail Jo Roe", "Recruiter: Jo Roe",
    "Attention Jo Roe", "Resumes to Jo Roe", "ATTN: Bo Lee", "c/o Bo Lee", "\xa0", "\u2028",
]), max_size=25).map("".join)  # fmt: skip


@settings(max_examples=500)
@given(ODD)
def test_what_is_passed_over_quickly_holds_nothing(text):
    """Quick looks save most of the time; whoever leaves them out gets the same."""
    quick = plain.__wrapped__(text)
    with mock.patch.object(_plain, "_untagged", _plain._parsed):
        assert plain.__wrapped__(text) == quick
    read, duty, masked = sentences(text), duties(text), mask(text)
    always = re.compile("")
    with (
        mock.patch.object(_plain, "_MAY_END", always),
        mock.patch.multiple(_sentences, _DIGITS=always, _CUES=("",), _may_hold_mail=bool),
    ):
        assert sentences(text) == read
        assert duties(text) == duty
        assert mask(text) == masked


@given(st.text(max_size=400) | st.text("<>&;ab .•\n:-A1)", max_size=80))
def test_any_text_gives_duties_that_are_not_empty(text):
    found = duties(text)
    assert all(one.strip() for one in found)
    assert len(set(found)) == len(found)
    assert all(one.strip() for one in sentences(text))


def test_a_very_long_text_is_cut_not_refused():
    assert duties("Files charts by number.\n" * 400_000) == ["Files charts by number."]


@pytest.mark.parametrize(
    "text",
    [
        "a",
        " ",
        "<a ",
        "A ",
        "\t-",
        "a.",
        "http://",
        "contact A",
        "1",
        "a@b.c+",
        "a@b.c",
        "<p>a",
        "a. ",
    ],
)
def test_long_runs_do_not_hang(text):
    duties(text * 50_000)
    mask(text * 50_000)


MASKED = [
    ("Contact: Ann B. Lee at 555-123-4567", "Contact: [NAME] at [PHONE]"),
    ("attn Jo O'Neil, HR", "attn [NAME], HR"),
    ("Call (555) 123-4567 ext. 12 today", "Call [PHONE] today"),
    ("Write to ann.lee+jobs@mail.example.org.", "Write to [EMAIL]."),
    ("<a href='mailto:ann@example.org'>ask</a>", "<a href='[EMAIL]'>ask</a>"),
    ("See https://example.org/apply?to=ann@example.org&x=1 now", "See [LINK] now"),
    ("Ask Dr. Mary Low about it", "Ask [NAME] about it"),
    ("+1 555.123.4567", "[PHONE]"),
    ("Ask ann@example.org+jo@example.com", "Ask [EMAIL]"),
]


@pytest.mark.parametrize(("text", "expected"), MASKED)
def test_persons_are_masked(text, expected):
    assert mask(text) == expected


@pytest.mark.parametrize("text", [
    "Series 0675, grade GS-0675-07, job 2025-123456", "Contact the supply room for gloves",
    "Reports to the head nurse", "Room 555-A, 1560 hours, $24.50", "See www.example.org/jobs",
])  # fmt: skip
def test_what_is_no_person_stays(text):
    assert mask(text) == text


@example("0@0.0.@0.0")
@given(st.text(max_size=200) | st.lists(st.sampled_from(
    [text for text, _ in MASKED] + ["contact", "A", "\n", "@", " a@b.org", "Dr.", "://"]
)).map("".join))  # fmt: skip
def test_masking_again_changes_nothing(text):
    once = mask(text)
    assert mask(once) == once


@pytest.fixture(scope="module")
def labels(root) -> pd.DataFrame:
    return pd.read_csv(root / "tests" / "postings" / "labels.csv", dtype={"posting": str})


def test_the_labels_hold_no_sentence(labels):
    assert len(labels) == 300
    assert labels["sha256"].str.fullmatch("[0-9a-f]{64}").all()
    assert not labels.duplicated("sha256").any()


def test_duties_are_found_among_labeled_sentences(labels, sources):
    said = labeled.said(labels, labeled.texts(sources.parent))
    for reading in ("first_reading", "second_reading"):
        duty = labels[reading] == 1
        assert (said & duty).sum() / said.sum() >= 0.88
        assert (said & duty).sum() / duty.sum() >= 0.85


def test_a_label_whose_sentence_is_gone_is_an_error(labels):
    row = labels.head(1)
    key = (row["source"].iloc[0], row["posting"].iloc[0])
    with pytest.raises(KeyError):
        labeled.said(row, {key: "Another text."})
