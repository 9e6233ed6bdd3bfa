"""Why a score is as it is: words left out, similar labeled tasks, related tasks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipelines.analysis import Analysis
from pipelines.base.errors import SourceFailed
from pipelines.exposure.scorer.classes import BETA_WEIGHTS
from pipelines.exposure.scorer.explain import (
    explain_tasks,
    nearest_task_lines,
    nearest_tasks,
    related_labels,
    related_sentence,
    without,
    word_effects,
    words_in,
    words_sentence,
)
from pipelines.exposure.scorer.model import Scorer
from pipelines.exposure.scorer.score import score_tasks
from pipelines.exposure.scorer.train import train
from pipelines.releases.current import open_data

VERBS = {"write": "E1", "edit": "E1", "lift": "E0", "weld": "E0", "rank": "E2", "predict": "E2"}
THINGS = ["reports", "steel", "records", "budgets", "crates", "letters", "trends", "pipes"]
KEY = ["onet_soc_code", "task_id"]


@pytest.fixture(scope="module")
def made():
    """Labels that follow the verb; one activity a verb, and one that every tenth task shares."""
    rng = np.random.default_rng(1)
    n = 400
    verb = rng.choice(list(VERBS), n)
    verb[:2] = "write"
    pair = [" and ".join(rng.choice(THINGS, 2, replace=False)) for _ in range(n)]
    label = [VERBS[v] for v in verb]
    labels = pd.DataFrame(
        {
            "onet_soc_code": [f"{11 + i % 5}-{1000 + i % 40}.00" for i in range(n)],
            "task_id": np.arange(n) + 1,
            "task": [f"{v} {things}" for v, things in zip(verb, pair, strict=True)],
            "human_label": label,
            "gpt4_label": label,
            "gpt4_alt_label": label,
            "gpt4_automation": ["T3" if x == "E1" else "T0" for x in label],
        }
    )
    # Two tasks of different occupations with the same words.
    labels.loc[[0, 1], "task"] = "write letters to the pipe makers"
    labels.loc[[0, 1], "human_label"] = ["E1", "E2"]
    links = labels[KEY].assign(dwa_id=[f"d{v}" for v in verb])
    links = pd.concat([links, labels[KEY][::10].assign(dwa_id="dshared")], ignore_index=True)
    ids = [f"d{v}" for v in VERBS] + ["dshared"]
    dwas = pd.DataFrame({"dwa_id": ids, "iwa_id": "i1", "dwa_title": None}, dtype="str")
    return labels, links, dwas


@pytest.fixture(scope="module")
def scorer(made):
    return train(*made)


@pytest.fixture(scope="module")
def occupations(made):
    codes = made[0]["onet_soc_code"].drop_duplicates()
    return pd.DataFrame({"onet_soc_code": codes, "title": "Workers " + codes})


def _exposure(scorer, text: str) -> float:
    return float((scorer.predict([text]).to_numpy() @ BETA_WEIGHTS)[0])


STATEMENTS = [
    "Write reports and edit letters",
    "LIFT crates, lift pipes; then lift steel.",
    "Follow-up on the shop's records (weld/lift) and pr\u00e9dict trends",
    "\u2022 weld\tsteel\u2026",
    "write",
    " ".join(f"{verb} {thing} " for verb in VERBS for thing in THINGS) * 8,
]


@pytest.mark.parametrize("text", STATEMENTS)
def test_an_effect_is_the_score_less_that_of_the_text_without_the_word(scorer, text):
    effects = word_effects([text], scorer)
    assert effects["word"].tolist() != []
    whole = _exposure(scorer, text)
    for word, effect in zip(effects["word"], effects["effect"], strict=True):
        assert effect == pytest.approx(whole - _exposure(scorer, without(text, word)), abs=2e-5)


def test_without_a_word_only_that_word_is_gone(scorer):
    effects = word_effects(["Write long reports"], scorer).set_index("word")["effect"]
    by_hand = {"Write": "long reports", "long": "Write reports", "reports": "Write long"}
    whole = _exposure(scorer, "Write long reports")
    for word, rest in by_hand.items():
        assert effects[word] == pytest.approx(whole - _exposure(scorer, rest), abs=2e-5)
    assert without("Lift it; lift THE Lifts.", "lift") == " it;  THE Lifts."
    for text in STATEMENTS:
        for word in words_in(text):
            kept = [w for w in words_in(text) if w != word]
            assert [w.casefold() for w in words_in(without(text, word))] == [
                w.casefold() for w in kept
            ]


def test_words_that_carry_the_label_come_first(scorer):
    effects = word_effects(["write steel pipes", "weld reports"], scorer)
    first = effects.groupby("row").first()
    assert first["word"].tolist() == ["write", "weld"]
    assert first["effect"][0] > 0.1
    assert first["effect"][1] < -0.1
    size = effects["effect"].abs()
    assert all(part.is_monotonic_decreasing for _, part in size.groupby(effects["row"]))


def test_odd_statements_have_no_words_or_effects_but_never_fail(scorer):
    odd = [None, float("nan"), "", " \n", "\U0001f600", "...", 7, "\ud800 x"]
    effects = word_effects(odd, scorer)
    assert set(effects["row"]) <= {6, 7}
    assert nearest_tasks(odd, scorer)["row"].isin([6, 7]).all()
    assert word_effects([], scorer).columns.tolist() == ["row", "word", "effect"]
    assert nearest_tasks([], scorer).empty


def test_the_nearest_tasks_come_with_the_labels_of_people(made, scorer):
    labels = made[0].set_index("task_id")
    near = nearest_tasks(["write letters to the pipe makers", "weld steel and pipes"], scorer, k=4)
    assert near.groupby("row")["rank"].agg(list).tolist() == [[1, 2, 3, 4]] * 2
    assert near["cosine"].between(-1, 1).all()
    assert near["cosine"].groupby(near["row"]).is_monotonic_decreasing.all()
    assert near["human_label"].tolist() == labels.loc[near["task_id"], "human_label"].tolist()
    assert near["onet_soc_code"].tolist() == labels.loc[near["task_id"], "onet_soc_code"].tolist()
    same = near[near["row"] == 0].iloc[:2]
    assert same["task_id"].tolist() == [1, 2]
    assert same["human_label"].tolist() == ["E1", "E2"]
    assert same["cosine"].tolist() == pytest.approx([1, 1], abs=1e-3)


def test_no_other_labeled_task_is_nearer(made, scorer):
    text = "edit budgets and pipes"
    z = scorer.encode([text, *made[0]["task"]])
    cosines = np.sort(z[1:] @ z[0])[::-1][:5]
    found = nearest_tasks([text], scorer, k=5)["cosine"]
    assert found.tolist() == pytest.approx(cosines.tolist(), abs=2e-3)


def test_a_task_is_not_its_own_neighbor_but_its_twin_elsewhere_is(made, scorer):
    labels = made[0]
    near = nearest_tasks(labels["task"], scorer, own_task_id=labels["task_id"])
    assert len(near) == 3 * len(labels)
    own = labels["task_id"].to_numpy()[near["row"]]
    assert not (near["task_id"] == own).any()
    first = near[near["rank"] == 1].set_index("row")
    assert first["task_id"][0] == 2
    assert first["task_id"][1] == 1


def test_related_labels_are_counted_once_a_task_and_never_the_own(made, scorer):
    labels, links, _ = made
    counts = related_labels(labels, links, scorer)
    for row in (0, 3, 10, 20):
        task = labels["task_id"][row]
        shared = set(links.loc[links["task_id"] == task, "dwa_id"])
        others = set(links.loc[links["dwa_id"].isin(shared), "task_id"]) - {task}
        by_hand = labels.loc[labels["task_id"].isin(others), "human_label"].value_counts()
        by_hand = by_hand.reindex(["E0", "E1", "E2"], fill_value=0)
        assert counts.loc[row].tolist() == by_hand.tolist()


def test_the_two_exposures_are_those_of_the_scorer(made, scorer, occupations):
    labels, links, _ = made
    tasks = labels.assign(task_text_source="O*NET")
    lone = links[links["task_id"] != 5]
    found = explain_tasks(tasks, lone, scorer, tasks, occupations)
    assert found[KEY].equals(labels[KEY])
    wording = scorer.predict(labels["task"]).to_numpy() @ BETA_WEIGHTS
    assert found["exposure_wording"].to_numpy() == pytest.approx(wording, abs=2e-5)
    scores = score_tasks(labels, lone, scorer)
    assert found["exposure_evidence"].to_numpy() == pytest.approx(scores["exposure"], abs=2e-5)
    alone = found[found["task_id"] == 5].iloc[0]
    assert alone["exposure_evidence"] == pytest.approx(alone["exposure_wording"], abs=2e-5)
    assert alone["why"].endswith("No related task has a label by people.")
    assert (found["exposure_evidence"] - found["exposure_wording"]).abs().max() > 0.01


def test_a_task_without_wording_keeps_what_is_known_of_it(made, scorer, occupations):
    labels, links, _ = made
    tasks = labels[:3].assign(task_text_source=["O*NET", None, "own words"])
    tasks["task"] = [tasks["task"][0], None, "scribble some letters"]
    found = explain_tasks(tasks, links, scorer, labels, occupations)
    blank = found.loc[1]
    assert pd.isna(blank[["exposure_wording", "raised_by", "lowered_by"]]).all()
    assert blank["related_e1"] > 0
    assert blank["why"].startswith("The wording of this task comes with a refresh. ")
    # The model holds the vector of the official statement: its twin is found without words.
    assert blank["nearest_1_task_id"] == 1
    assert blank["nearest_1_title"] == f"Workers {labels['onet_soc_code'][0]}"
    assert blank["nearest_1_task"] == labels["task"][0]
    assert found["why"][2].startswith("In our own wording, ")
    assert found["why"][0].startswith("Raised by “write”")
    assert "write 0." in found["raised_by"][0]


def test_neighbors_in_words_with_and_without_their_text(made, scorer, occupations):
    labels, links, _ = made
    tasks = labels[:1].assign(task_text_source="O*NET")
    known = explain_tasks(tasks, links, scorer, labels, occupations).iloc[0].to_dict()
    title = f"Workers {labels['onet_soc_code'][1]}"
    lines = nearest_task_lines(known)
    assert len(lines) == 3
    assert lines[0] == f"E2: {labels['task'][1]} ({title}; similarity 1.00)"
    bare = explain_tasks(tasks, links, scorer, labels, occupations.iloc[:0], k=1)
    code, task = labels["onet_soc_code"][1], labels["task"][1]
    assert nearest_task_lines(bare.iloc[0].to_dict()) == [f"E2: {task} ({code}; similarity 1.00)"]
    assert nearest_task_lines({}) == []


def test_neighbors_are_tasks_that_a_person_can_read(made, scorer, occupations):
    labels, links, _ = made
    tasks = labels[:1].assign(task_text_source="O*NET")
    nearest = explain_tasks(tasks, links, scorer, labels, occupations).iloc[0]["nearest_1_task_id"]
    worded = labels.assign(task=labels["task"].where(labels["task_id"] != nearest))
    found = explain_tasks(tasks, links, scorer, worded, occupations).iloc[0].to_dict()
    shown = [found[f"nearest_{rank}_task_id"] for rank in (1, 2, 3)]
    assert nearest not in shown
    assert len(nearest_task_lines(found)) == 3
    none = explain_tasks(tasks, links, scorer, labels.iloc[:0], occupations).iloc[0].to_dict()
    assert nearest_task_lines(none) == []


def test_no_tasks_and_no_wording_keep_the_columns(made, scorer, occupations):
    labels, links, _ = made
    tasks = labels[:4].assign(task_text_source="O*NET")
    whole = explain_tasks(tasks, links, scorer, labels, occupations)
    none = explain_tasks(tasks.iloc[:0], links, scorer, labels, occupations)
    blank = explain_tasks(tasks.assign(task=None), links, scorer, labels, occupations)
    assert none.dtypes.equals(whole.dtypes)
    assert blank.dtypes.equals(whole.dtypes)
    assert none.empty


def test_all_variants_of_an_occupation_are_scored_in_one_call(
    made, scorer, occupations, monkeypatch
):
    calls = []
    predict = Scorer.predict
    monkeypatch.setattr(
        Scorer, "predict", lambda self, texts: (calls.append(len(texts)), predict(self, texts))[1]
    )
    tasks = made[0][:30].assign(task_text_source="O*NET")
    explain_tasks(tasks, made[1], scorer, made[0], occupations)
    assert len(calls) <= 3
    assert max(calls) > 90


def test_a_model_that_keeps_no_labels_says_what_to_do(scorer):
    old = {k: v for k, v in scorer.state.items() if k != "known_human"}
    with pytest.raises(SourceFailed, match="outlook train"):
        nearest_tasks(["weld steel"], Scorer(old, scorer.encoder))


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ((1, 14, 1), "14 of 16 related tasks were rated E1 by people."),
        ((0, 0, 1), "The one related task with a label was rated E2 by people."),
        ((2, 1, 2), "Of 5 related tasks, people rated 2 E0, 1 E1 and 2 E2."),
        ((1, 1, 0), "Of 2 related tasks, people rated 1 E0 and 1 E1."),
        ((0, 0, 0), "No related task has a label by people."),
    ],
)
def test_the_labels_of_related_tasks_in_words(counts, says):
    assert related_sentence(counts) == says


@pytest.mark.parametrize(
    ("raised", "lowered", "own", "says"),
    [
        (["enter", "data"], ["patients"], False,
         "Raised by “enter”, “data”; lowered by “patients”."),
        ([], ["lift"], True, "In our own wording, lowered by “lift”."),
        ([], [], False, "No single word changes the score much."),
    ],
)  # fmt: skip
def test_the_words_in_words(raised, lowered, own, says):
    assert words_sentence(raised, lowered, own) == says


def test_occupations_explained_together_are_explained_as_each_alone():
    one, many = (Analysis(open_data(offline=True)) for _ in range(2))
    many.explain_ahead(["29-2072.00", "31-9094.00", "17-3023.00"])
    for code in ("31-9094.00", "17-3023.00"):
        alone, together = one.explain(code), many.explain(code)
        assert len(alone) == len(one.tasks_of(code))
        assert alone["task_id"].tolist() == one.tasks_of(code)["task_id"].tolist()
        pd.testing.assert_frame_equal(alone, together, atol=1e-4)


def test_scores_of_the_full_release_are_explained_to_the_digit(full_release):
    analysis = Analysis(open_data(full_release[0]))
    tasks = analysis.tasks_of("29-2072.00")
    scores = score_tasks(tasks, analysis.tables["task_dwas"], analysis.scorer)
    found = analysis.explain("29-2072.00")
    assert found["exposure_evidence"].tolist() == pytest.approx(scores["exposure"], abs=2e-5)


def test_every_score_of_the_full_release_is_written_and_is_that_of_the_snapshot(full_release):
    """The snapshot's scores were made by the model that is shipped, on all tasks."""
    full = open_data(full_release[0]).table("task_scores")
    kept = open_data(offline=True).table("task_scores")
    assert len(full) == 18_796
    # Scores are sums in single precision: another processor adds up in another order.
    for name in [name for name in full if name.startswith("automation_")]:
        # Kept to the third decimal, which a last bit may turn.
        pd.testing.assert_series_equal(full.pop(name), kept.pop(name), rtol=0, atol=1.1e-3)
    pd.testing.assert_frame_equal(full, kept, rtol=0, atol=2e-5)
