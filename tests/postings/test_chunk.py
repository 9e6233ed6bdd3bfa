"""The seam: the same scores as `outlook score`, occupations, new work, nothing personal kept."""

from __future__ import annotations

from collections import Counter

import made_postings
import numpy as np
import pandas as pd
import pytest

from pipelines.exposure.scorer.classes import BETA_WEIGHTS
from pipelines.exposure.scorer.score import score_statements
from pipelines.postings import cells, chunk, columns, reference


def schema(frame: pd.DataFrame) -> pd.DataFrame:
    found = columns.found(list(frame.columns), "made", {})
    return cells.schema(frame, found, "made", 1, Counter())


@pytest.fixture(scope="module")
def results(held):
    return chunk.process(schema(made_postings.postings(30)), held)


def test_sentences_have_the_scores_of_outlook_score(results, held):
    postings, sentences = results
    assert list(sentences.columns) == chunk.SENTENCES.names
    assert len(sentences) == sum(1 + i % 4 for i in range(30))
    alone = score_statements(sentences["sentence"], held.scorer)
    for name in alone.columns:
        if alone[name].dtype == float:
            # In single precision the sums depend on how many rows are added up together.
            assert sentences[name].to_numpy() == pytest.approx(alone[name].to_numpy(), abs=2e-5)
        else:
            assert sentences[name].tolist() == alone[name].tolist(), name


def test_a_posting_has_its_own_sentences_means_and_occupation(results):
    postings, sentences = results
    assert list(postings.columns) == chunk.POSTINGS.names
    assert postings["soc_code"].tolist()[:2] == ["29-2072", "29-1141"]
    assert postings["soc_code"].isna().tolist()[:3] == [False, False, True]
    assert postings["occupation_basis"].tolist()[:2] == ["words", "words"]
    assert postings["sentences"].tolist() == [1 + i % 4 for i in range(30)]
    of_seven = sentences[sentences["row"] == 7]
    assert (of_seven["posting_id"] == "id7").all()
    assert postings["exposure"][7] == pytest.approx(of_seven["exposure"].mean(), abs=1e-5)
    assert postings["automation_score"][7] == pytest.approx(
        of_seven["automation_score"].mean(), abs=1e-5
    )
    p = of_seven[["p_e0", "p_e1", "p_e2"]].to_numpy()
    beta = np.array([0, 1, 0.5])
    variance = (p * (beta - (p @ BETA_WEIGHTS)[:, None]) ** 2).sum(1)
    assert postings["class_variance"][7] == pytest.approx(variance.sum() / 16, abs=1e-5)
    assert postings["class_deviation"][7] == pytest.approx((variance**0.5).mean(), abs=1e-5)


def test_new_work_is_what_no_task_of_the_occupation_is_like(results):
    postings, sentences = results
    coders = sentences[sentences["soc_code"] == "29-2072"]
    assert coders["new_task"].notna().all()
    said = coders.set_index("sentence")["new_task"]
    assert not said[said.index.str.startswith(("Assign", "File"))].any()
    assert said[said.index.str.startswith("Feed otters")].all()
    assigned = coders[coders["sentence"].str.startswith("Assign")]
    assert (assigned["own_task_id"] == 11).all()
    # Of nurses O*NET's tasks are not held here, and of none there is no occupation.
    others = sentences[sentences["soc_code"] != "29-2072"]
    assert others[["new_task", "own_task_id", "own_task_cosine"]].isna().all(axis=None)
    rows = postings["soc_code"] == "29-2072"
    assert (postings.loc[rows, "compared"] == postings.loc[rows, "sentences"]).all()
    assert (postings.loc[~rows, ["compared", "new_tasks"]] == 0).all(axis=None)
    assert postings["new_tasks"].sum() == said.sum() > 0


def test_names_and_numbers_are_masked_in_all_that_is_given_back(results):
    text = "".join(frame.to_csv() for frame in results)
    assert "Ann Lee" not in text
    assert "555-1234" not in text
    assert "[NAME]" in text


def test_postings_without_text_and_no_postings_at_all_are_no_fault(held):
    frame = schema(pd.DataFrame({"title": ["Coder", None], "text": [None, " "]}))
    postings, sentences = chunk.process(frame, held)
    assert len(sentences) == 0
    assert postings["exposure"].isna().all()
    assert postings["sentences"].tolist() == [0, 0]
    postings, sentences = chunk.process(frame.iloc[:0], held)
    assert (len(postings), len(sentences)) == (0, 0)
    for frame, shape in ((postings, chunk.POSTINGS), (sentences, chunk.SENTENCES)):
        assert chunk._table(frame, shape).schema == shape


def test_a_series_that_the_posting_states_decides(held):
    frame = schema(pd.DataFrame({"title": ["Wizard"], "text": ["File charts"], "series": [675]}))
    postings, sentences = chunk.process(frame, held)
    assert postings.loc[0, ["soc_code", "occupation_basis"]].tolist() == ["29-2072", "series"]
    assert sentences["new_task"].tolist() == [False]


def test_the_rule_for_new_work_calls_few_of_onets_own_tasks_new_and_many_of_anothers(held):
    from pipelines.releases.current import open_data

    tasks = open_data(offline=True).table("tasks")
    made = reference.of_tasks(tasks, held.scorer, {})
    assert 0.005 <= made.own <= reference.OWN_SHARE + 0.001
    assert made.other > 0.4
    assert np.allclose(np.linalg.norm(made.z, axis=1), 1, atol=1e-2)
    known = pd.Series(made.task_id).isin(tasks["task_id"])
    assert known.all()
    assert "29-2072" in made.soc_code
    # Its own tasks are like themselves, whatever the order of the sentences.
    rows = np.flatnonzero(made.soc_code == "29-2072")[::-1]
    cosine, task = made.nearest(made.z[rows], pd.Series(["29-2072"] * len(rows)))
    assert task.tolist() == made.task_id[rows].tolist()
    assert (cosine > 0.99).all()


def test_a_reference_is_read_as_it_was_written_and_a_bad_one_named(held, tmp_path):
    from pipelines.base.errors import SourceFailed

    path = tmp_path / "reference.npz"
    held.reference.save(path)
    read = reference.load(path)
    assert read.digest() == held.reference.digest()
    assert read.series == held.reference.series
    assert read.threshold == held.reference.threshold
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(SourceFailed, match="every worker sees"):
        reference.load(path)


def test_an_occupation_of_which_most_tasks_are_unknown_is_not_compared(held):
    known = ["Assign codes to diagnoses", "File charts", "Sort letters", "Weld beams"]
    tasks = pd.DataFrame({
        "onet_soc_code": ["11-1011.00"] * 2 + ["29-2072.00"] * 2 + ["51-4121.00"] * 3,
        "task_id": range(900_001, 900_008),
        "task": [*known[:2], known[2], None, known[3], None, None], "task_text_source": "O*NET",
    })  # fmt: skip
    made = reference.of_tasks(tasks, held.scorer, {})
    assert made.soc_code.tolist() == ["11-1011", "11-1011", "29-2072"]


def test_the_same_task_under_two_specialties_does_not_make_either_look_known(held):
    z = held.scorer.encode(["File charts", "File charts", "Weld beams", "Weld steel beams"])
    codes = np.array(["29-2072", "29-2072", "51-4121", "51-4121"])
    own, other = reference._own_and_other(codes, z)
    assert own[:2].tolist() == [-1, -1]
    assert (own[2:] > 0.5).all()
    assert (other < own.max()).all()
