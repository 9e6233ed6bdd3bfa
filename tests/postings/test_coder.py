"""The occupation of a posting."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.postings import coder, text_evidence
from pipelines.postings.plain import plain
from pipelines.postings.reading import ROWS
from pipelines.postings.sentences import duties
from pipelines.releases.current import open_data

TITLES = ["Registered Nurse (RN), Renal Unit - Nights", "Senior Web Developer",
          "Medical Records Technician (Coder)", "Phlebotomist", "Janitor"]  # fmt: skip
CODES = ["29-1141.00", "15-1254.00", "29-2072.00", "31-9097.00", "37-2011.00"]


@pytest.fixture(scope="module")
def held() -> coder.Coder:
    return coder.load(open_data(offline=True))


def test_titles_of_postings_are_coded(held):
    found = held.code(pd.Series(TITLES))
    assert list(found.columns) == ["onet_soc_code", "soc_code", "occupation_probability"]
    assert found["soc_code"].tolist() == [code[:7] for code in CODES]
    assert (found["onet_soc_code"].str[:7] == found["soc_code"]).all()
    assert found["occupation_probability"].between(coder.LEAST, 1).all()


def test_nothing_known_is_no_code_and_no_probability(held):
    found = held.code(pd.Series(["", None, "xqzw", np.nan]), pd.Series([None, "", "12 34", "…"]))
    assert found.isna().all().all()


def test_a_doubtful_code_is_not_given_and_its_probability_is(held):
    found = held.code(pd.Series(["Associate II", "Manager of all Things"]))
    assert found["soc_code"].isna().all()
    assert found["onet_soc_code"].isna().all()
    assert found["occupation_probability"].lt(coder.LEAST).all()


def test_a_title_that_only_names_know_is_coded(held):
    found = held.code(pd.Series(["RHIT", "BMET"]))
    assert found["soc_code"].tolist() == ["29-2072", "49-9062"]


def test_the_text_decides_where_the_title_does_not(held):
    # Made up, in plain words.
    farm = "Feed hens, collect eggs, clean barns, mend fences, and load crops and livestock."
    office = "Code diagnoses in the health record, process patient records and release of charts."
    found = held.code(pd.Series(["Worker", "Worker"]), pd.Series([farm, office]))
    both = held.probabilities(["Worker", "Worker"], [farm, office])[0]
    place = held.codes.tolist().index("29-2072.00")
    assert both[1, place] > 10 * both[0, place]
    assert found["occupation_probability"].notna().all()


def test_html_is_the_same_as_its_text(held):
    title = pd.Series(["Clerk"] * 2)
    html = "<p>Sort mail &amp; parcels</p><ul><li>Weigh letters</li></ul>"
    both = held.code(title, pd.Series([html, "Sort mail & parcels\nWeigh letters"]))
    pd.testing.assert_series_equal(both.iloc[0], both.iloc[1], check_names=False)


def test_the_index_stays_and_order_and_company_do_not_matter(held):
    titles = pd.Series([*TITLES, TITLES[0]], index=[9, 7, 7, 3, 1, 0])
    texts = pd.Series(["", "Builds pages.", None, "Draws blood.", "", "Dialysis."], titles.index)
    whole = held.code(titles, texts)
    assert whole.index.tolist() == titles.index.tolist()
    for i in range(len(titles)):
        alone = held.code(titles.iloc[[i]], texts.iloc[[i]])
        assert alone["onet_soc_code"].iloc[0] == whole["onet_soc_code"].iloc[i]
        assert alone["occupation_probability"].iloc[0] == pytest.approx(
            whole["occupation_probability"].iloc[i], abs=1e-6
        )


def test_no_posting_gives_no_row(held):
    found = held.code(pd.Series([], dtype="str"), pd.Series([], dtype="str"))
    assert found.shape == (0, 3)


def test_probabilities_sum_to_one_and_six_digits_add_up(held):
    p, known = held.probabilities(TITLES, [""] * len(TITLES))
    assert known.all()
    assert p.sum(axis=1) == pytest.approx(np.ones(len(TITLES)))
    at = held.soc_codes.tolist().index("29-1141")
    of = [code.startswith("29-1141") for code in held.codes]
    assert held.by_soc(p)[:, at] == pytest.approx(p[:, of].sum(axis=1))


@settings(max_examples=20)
@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=60)), max_size=3))
def test_any_title_and_text_is_coded_or_left(held, postings):
    frame = pd.DataFrame(postings, columns=["title", "text"])
    found = held.code(frame["title"], frame["text"])
    assert len(found) == len(frame)
    assert found["occupation_probability"].dropna().between(0, 1).all()


def test_it_says_what_it_stands_on(held):
    assert "embedded snapshot" in held.stands_on
    assert "29.3" in held.stands_on


def test_ads_with_codes_are_coded_as_well_as_the_documents_say(held, sources):
    ads = pd.read_parquet(sources.parent / "eval" / "ads_with_onet_codes.parquet")
    soc = ads["onet_soc_code"].str[:7].to_numpy()
    for texts, bar in ((None, 0.54), (ads["text"], 0.56)):
        p = held.probabilities(
            ads["title"].tolist(), ["" if texts is None else t for t in ads["text"]]
        )[0]
        by_soc = held.by_soc(p)
        first = held.soc_codes[by_soc.argmax(axis=1)] == soc
        assert first.mean() >= bar
        assert abs(by_soc.max(axis=1).mean() - first.mean()) < 0.06


def test_profiles_count_the_words_of_the_work():
    tables = {
        "tasks": pd.DataFrame({"onet_soc_code": ["a", "a", "b"],
                               "task": ["Weigh eagles", "Feed eagles", "Weigh letters"]}),
        "occupations": pd.DataFrame({"onet_soc_code": ["a", "b", "c", "d"],
                                     "description": ["Keep eagles", "Sort mail", "Eagles", None]}),
        "task_dwas": pd.DataFrame({"onet_soc_code": ["a", "a"], "dwa_id": ["1", "1"]}),
        "dwas": pd.DataFrame({"dwa_id": ["1", "1"], "dwa_title": ["Feed animals."] * 2}),
    }  # fmt: skip
    counts = text_evidence.work_counts(tables)
    found = counts.set_index(["onet_soc_code", "word"])["count"].to_dict()
    assert found == {}  # three occupations: every shared word is in more than half of them
    tables["occupations"].loc[3, "description"] = "Drives trucks"
    found = text_evidence.work_counts(tables).set_index(["onet_soc_code", "word"])["count"]
    assert found.to_dict() == {("a", "eagle"): 3, ("c", "eagle"): 1, ("a", "weigh"): 1,
                               ("b", "weigh"): 1}  # fmt: skip


def test_shipped_profiles_are_counts_and_no_sentences():
    counts, edition = text_evidence.shipped()
    assert edition == "29.3"
    assert counts["onet_soc_code"].nunique() > 900
    assert not counts["word"].str.contains(r"\s").any()
    again = text_evidence.dumps(counts, edition)
    assert len(again) < 1_000_000


def test_html_of_a_posting_is_read_once_for_coder_and_duties(held):
    texts = [f"<p>Duties:</p><ul><li>Sort mail of room {i}</li></ul>" for i in range(ROWS)]
    plain.cache_clear()
    held.code(pd.Series(["Clerk"] * ROWS), pd.Series(texts))
    assert all(len(duties(text)) == 1 for text in texts)
    assert plain.cache_info().misses == ROWS
