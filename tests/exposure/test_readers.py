"""What the scorer reads in a statement, and what it learns from examples."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.base.errors import UsageError
from pipelines.exposure.scorer import readers, tokens
from pipelines.exposure.scorer.encoder import load_encoder
from pipelines.exposure.scorer.links import Links
from pipelines.exposure.scorer.model import related_input

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
    row, key = tokens.pairs_of(together, stems)
    for i, one in enumerate(alone):
        assert sorted(key[row == i]) == sorted(tokens.pairs_of(one, stems)[1])
        assert together.take(np.array([i])).word.tolist() == one.word.tolist()


def test_a_larger_penalty_draws_predictions_to_the_mean(shipped, stems):
    verbs, things = ["write", "weld", "edit", "lift"], ["reports", "pipes", "letters", "beams"]
    texts = [f"{v} {t} for room {i}" for i in range(20) for v in verbs for t in things]
    words = _read(texts, shipped)
    z = shipped.encode(words)
    targets = np.array([[t.split()[0] in ("write", "edit")] * 2 for t in texts], float)
    one = np.ones(len(texts))

    def fitted(penalty):
        return readers.fit(words, z, targets, one, stems, 0, (penalty, penalty))

    new = _read(["write a poem", "weld a frame"], shipped)
    spreads = []
    for penalty in (0.5, 50.0, 5_000.0):
        columns = fitted(penalty).predict(new, shipped.encode(new))
        assert (columns[0] > columns[1]).all()
        spreads.append(columns[0] - columns[1])
    spreads = np.array(spreads)
    assert spreads.shape == (3, 4)
    assert (np.diff(spreads, axis=0) < 0).all()
    kept = readers.Readers.of(fitted(2.0).state())
    again = kept.predict(new, shipped.encode(new))
    assert again == pytest.approx(fitted(2.0).predict(new, shipped.encode(new)), abs=1e-6)


@pytest.mark.filterwarnings("ignore::scipy.linalg.LinAlgWarning")
def test_a_penalty_lost_in_rounding_is_made_up_for(shipped, stems, monkeypatch):
    texts = ["write reports", "weld pipes", "file charts"] * 400
    words = _read(texts, shipped)
    z = shipped.encode(words)
    targets = np.array([[t.startswith("write")] * 2 for t in texts], float)
    one = np.ones(len(texts))
    for penalty in (1e-12, 1e-4):  # three statements, 1,200 landmarks: hardly a definite matrix
        fitted = readers.fit(words, z, targets, one, stems, 0, (2.0, penalty))
        columns = fitted.predict(words.take(np.arange(3)), z[:3])
        assert columns[:, 2] == pytest.approx([1, 0, 0], abs=0.1)

    def never(*args, **options):
        raise np.linalg.LinAlgError

    monkeypatch.setattr(readers, "solve", never)
    with pytest.raises(UsageError, match="do not differ enough"):
        readers.fit(words, z, targets, one, stems, 0)


def test_a_label_is_known_of_other_occupations_or_of_other_tasks():
    key = {"onet_soc_code": ["11-1", "11-1", "22-2", "33-3", "44-4"], "task_id": [1, 2, 3, 4, 5]}
    codes = ["11-1", "11-1", "22-2", "22-2", "44-4", "44-4"]
    dwa_ids = ["a", "c", "a", "b", "c", "gone"]
    under = {"onet_soc_code": codes, "task_id": [1, 2, 3, 3, 5, 5], "dwa_id": dwa_ids}
    dwas = pd.DataFrame({"dwa_id": ["a", "b", "c"], "iwa_id": "i", "dwa_title": "title"})
    links = Links(pd.DataFrame(key), pd.DataFrame(under), dwas)
    assert links.shared(np.arange(5)).tolist() == [True, True, True, False, True]
    group = np.array(["x", "y", "x", "y", "y"])
    assert links.shared(group).tolist() == [False, False, False, False, False]
    assert links.shared(np.array(["x", "y", "y", "y", "z"])).tolist() == [True] * 3 + [False, True]


def test_chances_follow_what_related_tasks_say_and_the_wording():
    low, high = np.array([[0.8, 0.1, 0.1]]), np.array([[0.1, 0.8, 0.1]])
    x = related_input(low, high)
    assert x.shape == (1, 9)
    assert x[0, :3].tolist() == high[0].tolist()
    assert x[0, 3:6] == pytest.approx(np.log(high[0]))
    assert x[0, 6:] == pytest.approx(np.log(low[0] + 0.01))
    # A regression to label columns may leave 0 to 1; its logarithm may not.
    assert np.isfinite(related_input(low, np.array([[-0.2, 1.2, 0.0]]))).all()


def test_a_missing_target_is_left_out_of_the_fit_of_its_column_only(shipped, stems):
    rng = np.random.default_rng(4)
    texts = [f"{a} {b}" for a in ("repair", "write", "inspect") for b in WORDS] * 3
    words, n = _read(texts, shipped), len(texts)
    z = shipped.encode(words)
    targets = rng.random((n, 2))
    known = np.arange(n) % 3 > 0
    partly = targets.copy()
    partly[~known, 1] = np.nan
    weight = rng.uniform(0.5, 2, n)

    def fitted(targets, weight):
        return readers.fit(words, z, targets, weight, stems, 0, (2.0, 0.4))

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
