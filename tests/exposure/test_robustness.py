"""What must not move a score, and what is said of a text that is no task.

Metamorphic tests: the same work in another form keeps its exposure. The pairs of
tests/data/paraphrases.csv were written by hand, without looking at scores.
"""

from __future__ import annotations

import string
import zipfile
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.exposure.scorer.model import load_scorer
from pipelines.exposure.scorer.score import score_statements
from pipelines.exposure.scorer.spelling import respelled

#: A change of form may move exposure by less than this.
FORM = 0.02
#: Another wording of the same work may move it by less than this on average.
WORDING = 0.10


@pytest.fixture(scope="module")
def scorer():
    return loaded()


@pytest.fixture(scope="module")
def pairs(root) -> pd.DataFrame:
    return pd.read_csv(root / "tests" / "data" / "paraphrases.csv")


def _onet(sources, name: str) -> pd.DataFrame:
    """A table of the O*NET text files of the sources."""
    path = next(sources.rglob("db_29_3_text.zip"))
    with zipfile.ZipFile(path) as archive, archive.open(f"db_29_3_text/{name}.txt") as file:
        return pd.read_csv(file, sep="\t")


@pytest.fixture(scope="module")
def official(sources) -> list[str]:
    """One in four official statements: those of O*NET and those that were labeled."""
    labels = pd.read_csv(next(sources.rglob("full_labelset.tsv")), sep="\t")
    return sorted({*labels["Task"], *_onet(sources, "Task Statements")["Task"]})[::4]


@cache
def loaded():
    """The scorer once: a property is tried on many examples."""
    return load_scorer()


def exposure(texts, scorer) -> np.ndarray:
    return score_statements(texts, scorer)["exposure"].to_numpy()


def _the(text: str) -> str:
    """An article before a word in the middle, where a hurried writer may put one."""
    words = text.split()
    return " ".join([*words[: len(words) // 2], "the", *words[len(words) // 2 :]])


FORMS = {
    "all capitals": str.upper,
    "lower case": str.lower,
    "title case": string.capwords,
    "final full stop": lambda t: t.removesuffix(".") if t.endswith(".") else t + ".",
    "the in front": lambda t: "The " + t,
    "the in the middle": _the,
    "round bullet": lambda t: "\u2022 " + t,
    "dash": lambda t: "- " + t,
    "dash of a word processor": lambda t: "\u2013\t" + t,
    "star": lambda t: "* " + t,
    "number": lambda t: "1) " + t,
    "number and stop": lambda t: "2. " + t,
    "letter": lambda t: "(a) " + t,
    "number of a section": lambda t: "12.3 " + t,
    "Roman number": lambda t: "iv. " + t,
    "bullet and number": lambda t: "\u2022 10) " + t,
    "arrow": lambda t: "\u27a2 " + t,
    "spaces": lambda t: "  " + t.replace(" ", " \u00a0") + "\n",
    "semicolon at the end": lambda t: t.removesuffix(".") + ";",
    "quotes": lambda t: f"\u201c{t}\u201d",
}

MARKS = {
    "round bullet", "dash", "dash of a word processor", "star", "number", "number and stop",
    "letter", "number of a section", "Roman number", "bullet and number", "arrow",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_form_does_not_move_own_statements(scorer, pairs, form):
    texts = [*pairs["statement"], *pairs["paraphrase"]]
    moved = np.abs(exposure(texts, scorer) - exposure([FORMS[form](t) for t in texts], scorer))
    assert moved.max() < FORM, texts[moved.argmax()]


@pytest.mark.parametrize(
    "form", ["all capitals", "final full stop", "the in front", "round bullet"]
)
def test_form_does_not_move_any_official_statement(scorer, official, form):
    before = exposure(official, scorer)
    after = exposure([FORMS[form](t) for t in official], scorer)
    assert np.abs(before - after).max() < FORM


VERBS = ["Enter", "Weld", "Explain", "Inspect", "Draw", "File", "Repair", "Teach", "Summarize"]
THINGS = ["charts", "steel pipes", "blood samples", "invoices", "new software", "patients", "roads"]
ENDS = ["for the physician", "by hand", "in a database", "at the clinic", "before shipping", ""]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(VERBS), st.sampled_from(THINGS), st.sampled_from(ENDS),
    st.lists(st.sampled_from(sorted(FORMS)), min_size=1, max_size=3, unique=True),
)  # fmt: skip
def test_forms_together_do_not_move_made_statements(verb, thing, end, forms):
    scorer = loaded()
    text = other = f"{verb} {thing} {end}".strip()
    # Marks of a list stand before everything else, or they are none.
    for form in sorted(forms, key=MARKS.__contains__):
        other = FORMS[form](other)
    before, after = exposure([text, other], scorer)
    assert abs(before - after) < FORM, other


def test_pairs_are_a_hundred_different_tasks(pairs):
    assert pairs["pair_id"].tolist() == list(range(1, 101))
    both = pd.concat([pairs["statement"], pairs["paraphrase"]])
    assert both.is_unique
    assert both.str.split().str.len().between(6, 25).all()
    assert pairs["field"].nunique() >= 40


def test_no_statement_of_the_pairs_is_an_official_one(pairs, official):
    def plain(texts):
        return pd.Series(texts).str.lower().str.replace(r"[^a-z]+", " ", regex=True).str.strip()

    known = set(plain(official))
    assert not known & set(plain(pairs["statement"]))
    assert not known & set(plain(pairs["paraphrase"]))


def test_another_wording_moves_exposure_little_on_average(scorer, pairs):
    before = exposure(pairs["statement"], scorer)
    after = exposure(pairs["paraphrase"], scorer)
    assert np.abs(before - after).mean() < WORDING
    # The scores must differ between tasks, or nothing is shown.
    assert np.std(before) > 2 * WORDING
    # First person, past tense and so on have no direction.
    assert abs((after - before).mean()) < WORDING / 2


def _mistyped(text: str, place: int) -> str:
    """Two letters of the longest word changed about."""
    word = max(text.split(), key=len)
    at = 1 + place % (len(word) - 2)
    return text.replace(word, word[:at] + word[at + 1] + word[at] + word[at + 2 :], 1)


def test_one_typing_error_moves_exposure_little_on_average(scorer, pairs):
    texts = pairs["statement"].tolist()
    after = exposure([_mistyped(t, i) for i, t in enumerate(texts)], scorer)
    assert np.abs(exposure(texts, scorer) - after).mean() < WORDING / 4


VOCABULARY = {
    "technicians", "colors", "patients", "receiver", "documentation", "table", "authorize", "form",
    "records", "committee", "organizations", "organization", "internal", "changes",
}  # fmt: skip


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("technician", "technicians"), ("authorise", "authorize"), ("pateints", "patients"),
        ("reciever", "receiver"), ("commitee", "committee"), ("recrods", "records"),
        ("documantation", "documentation"), ("documentatin", "documentation"),
        ("documenttation", "documentation"), ("orgnization", "organization"),
        # Real words that the vocabulary lacks are not bent into others.
        ("stable", None), ("from", None), ("interval", None), ("chances", None), ("forum", None),
        ("x-ray", None), ("12345678", None), ("\u00e9tudiants", None), ("", None),
    ],
)  # fmt: skip
def test_only_safe_respellings_are_made(written, read):
    assert respelled(written, VOCABULARY.__contains__) == read


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_any_word_is_respelled_to_a_known_one_or_none(word):
    assert respelled(word, VOCABULARY.__contains__) in {*VOCABULARY, None}


NOT_TASKS = {
    "": "empty",
    " \n\t": "empty",
    "\U0001f600 \U0001f680": "no words",
    "\u2022": "no words",
    "---": "no words",
    "42 17 2024": "numbers",
    "555-123-4567": "numbers",
    "$18.50 per hour": "pay",
    "Salary range: 40,000 - 50,000 a year": "pay",
    "Pay is $25/hr plus 401(k)": "pay",
    "1200 North Main Street, Springfield, IL 62701": "address",
    "https://jobs.example.com/apply?id=7": "web or mail",
    "Send your CV to jobs@clinic.example": "web or mail",
    "We are an equal opportunity employer": "advertisement",
    "APPLY TODAY!": "advertisement",
    "We are looking for a friendly nurse": "advertisement",
    "Join our growing team": "advertisement",
    "Competitive pay and benefits": "advertisement",
    "2+ years of experience in a hospital": "requirement",
    "High school diploma required": "requirement",
    "Must be able to lift 50 pounds": "requirement",
    "Responsibilities:": "heading",
    "KEY DUTIES": "heading",
    "Full time, Monday to Friday": "hours",
    "Medical Records Technician": "job title",
    "medical records technician": "job title",
    "Health Information Technologist II (RHIT)": "job title",
    "Brush Filler, Hand": "job title",
    "charts": "short",
    "Revisar los expedientes de los pacientes": "English",
    "Registra datos del paciente en el sistema de la clinica": "English",
    "Revisar expedientes m\u00e9dicos antes de facturar": "English",
    "Pr\u00fcft die Akten der Patienten vor der Abrechnung": "English",
    "=SUM(A1:A9)": "formula",
    "+1+1": "formula",
    "\x00\x01\x02": "no words",
    "code charts " * 850: "2,000 characters",
}


@pytest.mark.parametrize("text", NOT_TASKS, ids=range(len(NOT_TASKS)))
def test_what_is_no_task_is_scored_and_flagged_for_what_it_is(scorer, text):
    row = score_statements([text], scorer).iloc[0]
    assert NOT_TASKS[text] in row["note"]
    assert 0 <= row["exposure_low"] <= row["exposure"] <= row["exposure_high"] <= 1


TASKS = [
    "I code every discharge summary before it is billed",
    "Coded charts of patients who had gone home",
    "Codes and abstracts charts; answers queries of physicians",
    "\u2022 Review charts for missing signatures",
    "1) REVIEW CHARTS FOR MISSING SIGNATURES",
    "Keep track of charts that doctors haven\u2019t signed yet \U0001f600",
    "Revise the r\u00e9sum\u00e9s of applicants",
    "Supervise technicians and clerks",
    "Train new nurses",
    "Determine what pay is due to each employee",
    "Investigate complaints about equal opportunity",
    "Check that every applicant has the degree that the post asks for",
    "We code charts and audit bills",
    "You will help patients get dressed",
    "Greet visitors at the street entrance of the clinic",
    "Clean up 12 rooms a day",
    "Interview each job seeker and advise them",
    "Reply to e-mails about bills",
]


def test_real_tasks_in_anybodys_words_are_not_flagged(scorer, pairs):
    texts = [*TASKS, *pairs["statement"], *pairs["paraphrase"]]
    noted = score_statements(texts, scorer)["note"]
    assert not (noted != "").any(), noted[noted != ""].to_dict()


def test_official_statements_are_hardly_ever_flagged(scorer, official):
    noted = score_statements(official, scorer)["note"] != ""
    assert noted.mean() < 0.002


def test_most_official_names_of_jobs_are_told_from_tasks(scorer, sources):
    titles = _onet(sources, "Alternate Titles")["Alternate Title"].drop_duplicates()
    noted = score_statements(titles.sample(2_000, random_state=0), scorer)["note"]
    assert noted.str.contains("job title").mean() > 0.7
    assert (noted != "").mean() > 0.85


HOSTILE = st.one_of(
    st.text(max_size=300),
    st.text(alphabet=st.characters(categories=["Cc", "Cf", "Cs", "So", "Zs"]), max_size=60),
    st.sampled_from(sorted(NOT_TASKS)),
    st.builds(lambda a, b: a + b, st.sampled_from(["=", "@", "-", "\u202e", "\ufeff"]), st.text()),
    st.builds(lambda t, n: t * n, st.text(min_size=1, max_size=20), st.just(500)),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(HOSTILE, max_size=6))
def test_no_text_fails_and_every_row_comes_back(texts):
    scores = score_statements(texts, loaded())
    assert len(scores) == len(texts)
    p = scores[["p_e0", "p_e1", "p_e2"]].to_numpy()
    assert np.allclose(p.sum(1), 1)
    assert scores["note"].notna().all()


def test_a_paragraph_of_10_000_characters_is_read_as_its_beginning(scorer):
    start = "Enter patient data into the records system. "
    long = (start * 300)[:10_000]
    cut, whole = score_statements([long[:2_000], long], scorer).to_dict("records")
    assert whole["exposure"] == pytest.approx(cut["exposure"])
    assert "2,000 characters" in whole["note"]
    assert cut["note"] == ""
