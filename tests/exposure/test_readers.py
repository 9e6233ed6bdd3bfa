"""What the scorer reads in a statement, and what it learns from examples."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.base.errors import UsageError
from pipelines.exposure.scorer import activities, readers, tokens
from pipelines.exposure.scorer.encoder import load_encoder
from pipelines.exposure.scorer.evidence import Evidence, Links, evidence_input
from pipelines.exposure.scorer.synonyms import Near

WORDS = ["file", "files", "inspect", "records", "repair", "the", "write"]


@pytest.fixture(scope="module")
def shipped():
    return load_encoder()


@pytest.fixture(scope="module")
def stems(shipped):
    return tokens.stem_of(shipped.vocabulary).astype(np.int32)


def _read(texts, shipped):
    return shipped.read(texts)


def test_pairs_are_neighbors_and_the_verb_with_what_follows():
    vocabulary = pd.Index(sorted(WORDS))
    words = tokens.words_of(["Write the records files repair", "inspect", ""], vocabulary)
    size = len(vocabulary)
    row, key = tokens.pairs_of(words, np.arange(size))
    spelled = [
        (
            "verb" if k >= size**2 else "near",
            vocabulary[k % size**2 // size],
            vocabulary[k % size],
        )
        for k in key
    ]
    assert set(row) == {0}
    assert spelled == [
        ("near", "write", "records"),
        ("near", "records", "files"),
        ("near", "files", "repair"),
        ("verb", "write", "files"),
        ("verb", "write", "repair"),
    ]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from([*WORDS, "zzqx"]), max_size=12).map(" ".join), max_size=8))
def test_a_batch_reads_as_its_statements_do_alone(texts):
    vocabulary = pd.Index(sorted(WORDS))
    stems = tokens.stem_of(vocabulary)
    together = tokens.words_of(texts, vocabulary)
    alone = [tokens.words_of([text], vocabulary) for text in texts]
    if alone:
        again = tokens.joined(alone)
        assert again.n == together.n
        assert again.row.tolist() == together.row.tolist()
        assert again.word.tolist() == together.word.tolist()
    row, key = tokens.pairs_of(together, stems)
    for i, one in enumerate(alone):
        assert sorted(key[row == i]) == sorted(tokens.pairs_of(one, stems)[1])
        assert together.take(np.array([i])).word.tolist() == one.word.tolist()


def test_rewording_keeps_the_statement_and_changes_words_for_near_ones(shipped, stems):
    texts = ["Repair broken pumps and valves", "Translate letters for foreign customers"] * 50
    words = _read(texts, shipped)
    near = Near(shipped.alone, stems, np.unique(words.word))
    reworded = near.reworded(words, 0.4, np.random.default_rng(0))
    changed = reworded.word != words.word
    assert 0.1 < changed.mean() < 0.4
    assert (reworded.row == words.row).all()
    assert (stems[reworded.word[changed]] != stems[words.word[changed]]).all()
    vectors = shipped.alone / np.linalg.norm(shipped.alone, axis=1, keepdims=True)
    cosine = (vectors[words.word[changed]] * vectors[reworded.word[changed]]).sum(1)
    assert cosine.min() >= 0.399
    same = near.reworded(words, 0.4, np.random.default_rng(0))
    assert (same.word == reworded.word).all()
    assert (near.reworded(words, 0.0, np.random.default_rng(0)).word == words.word).all()


def _by_activity(z, targets) -> activities.Activities:
    """The third reader, of two activities: what has the first label and what has not."""
    one = np.ones(len(z))
    return activities.fit(z, (targets[:, 0] < 0.5).astype(int), one, targets, one, np.array([0, 1]))


def test_a_larger_penalty_draws_predictions_to_the_mean(shipped, stems):
    verbs, things = ["write", "weld", "edit", "lift"], ["reports", "pipes", "letters", "beams"]
    texts = [f"{v} {t} for room {i}" for i in range(20) for v in verbs for t in things]
    words = _read(texts, shipped)
    z = shipped.encode(words)
    targets = np.array([[t.split()[0] in ("write", "edit")] * 2 for t in texts], float)
    near = Near(shipped.alone, stems, np.unique(words.word[words.word >= 0]))
    third = _by_activity(z, targets)
    fit = readers.Fit(words, z, targets, np.ones(len(texts)), stems, near, third, seed=0)
    new = _read(["write a poem", "weld a frame"], shipped)
    spreads = []
    for penalty in (0.5, 50.0, 5_000.0):
        columns = fit.readers(penalty, penalty).predict(new, shipped.encode(new))
        assert (columns[0] > columns[1]).all()
        spreads.append(columns[0] - columns[1])
    spreads = np.array(spreads)
    assert (np.diff(spreads[:, :4], axis=0) < 0).all()
    assert np.ptp(spreads[:, 4:], axis=0).max() == 0  # the third reader has no penalty
    kept = readers.Readers.of(fit.readers(2.0, 1.0).state())
    again = kept.predict(new, shipped.encode(new))
    assert again == pytest.approx(fit.readers(2.0, 1.0).predict(new, shipped.encode(new)), abs=1e-6)


@pytest.mark.filterwarnings("ignore::scipy.linalg.LinAlgWarning")
def test_a_penalty_lost_in_rounding_is_made_up_for(shipped, stems, monkeypatch):
    texts = ["write reports", "weld pipes", "file charts"] * 400
    words = _read(texts, shipped)
    z = shipped.encode(words)
    targets = np.array([[t.startswith("write")] * 2 for t in texts], float)
    near = Near(shipped.alone, stems, np.unique(words.word))
    third = _by_activity(z, targets)
    fit = readers.Fit(words, z, targets, np.ones(len(texts)), stems, near, third, seed=0)
    for penalty in (1e-12, 1e-4):  # three statements, 1,200 landmarks: hardly a definite matrix
        columns = fit.readers(2.0, penalty).predict(words.take(np.arange(3)), z[:3])
        assert columns[:, 2] == pytest.approx([1, 0, 0], abs=0.1)

    def never(*args, **options):
        raise np.linalg.LinAlgError

    monkeypatch.setattr(readers, "solve", never)
    with pytest.raises(UsageError, match="do not differ enough"):
        fit.readers(2.0, 1e-4)


def _links() -> tuple[Links, np.ndarray, np.ndarray]:
    key = {"onet_soc_code": ["11-1", "11-1", "22-2", "33-3"], "task_id": [1, 2, 3, 4]}
    labels = pd.DataFrame(key)
    task_dwas = pd.DataFrame(
        {
            "onet_soc_code": ["11-1", "11-1", "22-2", "22-2"],
            "task_id": [1, 2, 3, 3],
            "dwa_id": ["a", "a", "a", "b"],
        }
    )
    dwas = pd.DataFrame({"dwa_id": ["a", "b"], "iwa_id": ["i", "i"], "dwa_title": ["one", "two"]})
    return Links(labels, task_dwas, dwas), np.array([0, 1, 2, 2]), np.array(["x", "x", "y", "z"])


def test_evidence_leaves_out_the_own_occupation_and_shares_labels_between_activities():
    links, human, group = _links()
    found = links.without_group(human, group)
    assert found.known().tolist() == [True, True, True, False]
    by_row = dict(zip(found.row[:3], found.dwa[:3].tolist(), strict=True))
    assert by_row[0] == by_row[1] == [0, 0, 0.5]  # half of the label of the task with two DWAs
    assert by_row[2] == [1, 1, 0]
    assert found.iwa[0].tolist() == [0, 0, 1]


def test_evidence_of_more_equal_labels_moves_the_chances_more():
    p = np.full((1, 3), 1 / 3)
    rows = []
    for n in (0.0, 1.0, 10.0):
        labels = np.array([[0, n, 0]])
        rows.append(evidence_input(p, Evidence(1, np.array([0]), labels, labels), p)[0])
    assert np.isfinite(rows).all()
    for e1 in (1, 4):  # the log share of E1, shrunk a little and shrunk more
        assert rows[0][e1] < rows[1][e1] < rows[2][e1]
    nobody = Evidence(1, np.zeros(0, int), np.zeros((0, 3)), np.zeros((0, 3)))
    none = evidence_input(p, nobody, p)
    assert np.isfinite(none).all()


def test_a_missing_target_is_left_out_of_the_fit_of_its_column_only(shipped, stems):
    rng = np.random.default_rng(4)
    texts = [f"{a} {b}" for a in ("repair", "write", "inspect") for b in WORDS] * 3
    words, n = _read(texts, shipped), len(texts)
    z = shipped.encode(words)
    near = Near(shipped.alone, stems, np.unique(words.word))
    targets = rng.random((n, 2))
    known = np.arange(n) % 3 > 0
    partly = targets.copy()
    partly[~known, 1] = np.nan
    none = activities.fit(z, np.zeros(n, int), np.ones(n), targets, np.ones(n), np.zeros(1, int))
    weight = rng.uniform(0.5, 2, n)

    def fitted(targets, weight):
        return readers.Fit(words, z, targets, weight, stems, near, none, 0).readers(2.0, 0.4)

    whole, masked = fitted(targets, weight), fitted(partly, weight)
    assert whole.coef[:, 0] == pytest.approx(masked.coef[:, 0], abs=2e-3)
    assert whole._kernel(z)[:, 0] == pytest.approx(masked._kernel(z)[:, 0], abs=1e-3)
    # An example of no weight is none: column 1 is as if these had none.
    light = fitted(targets, np.where(known, weight, 0))
    assert light.coef[:, 1] == pytest.approx(masked.coef[:, 1], abs=2e-3)
    assert light._kernel(z)[:, 1] == pytest.approx(masked._kernel(z)[:, 1], abs=1e-3)
    assert np.abs(whole._kernel(z)[:, 1] - masked._kernel(z)[:, 1]).max() > 0.02
    assert np.isfinite(masked.predict(words, z)).all()


def test_the_mean_of_a_label_under_an_activity_is_that_of_the_tasks_that_have_it():
    tasks = pd.DataFrame({"onet_soc_code": "29-2072.00", "task_id": [1, 2, 3]})
    under = tasks.assign(dwa_id=["a", "a", "b"])
    dwas = pd.DataFrame({"dwa_id": ["a", "b"], "iwa_id": "i", "dwa_title": ["x", "y"]})
    links = Links(tasks, under, dwas)
    there, mean = links.means(np.arange(3), np.array([[1, np.nan], [0, 0.5], [1, np.nan]]))
    assert there.tolist() == [0, 1]
    assert mean[:, 0].tolist() == [0.5, 1.0]
    assert mean[0, 1] == 0.5
    assert np.isnan(mean[1, 1])
