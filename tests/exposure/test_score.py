"""Scoring statements and tasks with the shipped model."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.base import contracts
from pipelines.base.errors import SourceFailed, UsageError
from pipelines.exposure.occupation.use import task_use
from pipelines.exposure.scorer.classes import BETA_WEIGHTS
from pipelines.exposure.scorer.model import load_scorer
from pipelines.exposure.scorer.score import score_statements, score_tasks
from pipelines.exposure.scorer.train import train

PLAIN = [
    "Type letters and reports from dictation",
    "Lift heavy crates onto the truck by hand",
    "Check patient charts for missing signatures",
    "Teach children to swim in small groups",
    "Write computer programs for hospital billing",
    "Weld steel beams on building sites",
]


@cache
def loaded():
    """The scorer once: a property is tried on many examples."""
    return load_scorer()


@pytest.fixture(scope="module")
def scorer():
    return loaded()


def _sane(scores: pd.DataFrame) -> None:
    p = scores[["p_e0", "p_e1", "p_e2"]].to_numpy()
    assert np.allclose(p.sum(1), 1)
    assert np.allclose(scores["exposure"], p @ BETA_WEIGHTS)
    assert (scores["exposure_low"] <= scores["exposure"]).all()
    assert (scores["exposure"] <= scores["exposure_high"]).all()
    assert scores[["exposure_low", "exposure_high"]].stack().between(0, 1).all()
    assert scores["exposure_label"].isin(["E0", "E1", "E2"]).all()
    assert scores["automation"].isin([f"T{i}" for i in range(5)]).all()


def test_office_work_is_more_exposed_than_manual_work(scorer):
    exposure = score_statements(PLAIN, scorer)["exposure"]
    assert exposure[[0, 4]].min() > 0.4
    assert exposure[[1, 3, 5]].max() < 0.2


ODD = [
    None,
    float("nan"),
    pd.NA,
    7,
    "",
    " \n",
    "\U0001f600\U0001f600",
    "x" * 10_000,
    "word " * 4_000,
    "=SUM(A1:A9)",
    "\x00\x01",
    "Revisar los expedientes de la clínica",
    "ok",
    "\ud800",
    [1, 2],
    b"bytes",
]


def test_odd_rows_are_scored_and_noted(scorer):
    scores = score_statements(ODD, scorer)
    assert len(scores) == len(ODD)
    _sane(scores)
    assert (scores["note"] != "").all()
    assert (score_statements(PLAIN, scorer)["note"] == "").all()


def test_text_nobody_can_read_gets_the_widest_interval(scorer):
    row = score_statements(["\U0001f600"], scorer).iloc[0]
    assert (row["exposure_low"], row["exposure_high"]) == (0, 1)
    assert pd.isna(row["nearest_task_id"])


def test_no_rows_keep_the_columns(scorer):
    assert list(score_statements([], scorer)) == list(score_statements(PLAIN, scorer))


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        str.lower,
        lambda t: t + ".",
        lambda t: "the " + t,
        lambda t: "\u2022 " + t,
        lambda t: t.replace(" ", "  "),
        lambda t: "The " + t.replace(" for ", " for the "),
    ],
)
def test_small_changes_of_form_do_not_move_exposure(scorer, change):
    before = score_statements(PLAIN, scorer)["exposure"]
    after = score_statements([change(t) for t in PLAIN], scorer)["exposure"]
    assert (before - after).abs().max() < 0.02


def test_a_score_does_not_depend_on_its_neighbors_in_the_file(scorer):
    together = score_statements(PLAIN, scorer)
    alone = pd.concat([score_statements([t], scorer) for t in PLAIN], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone, rtol=1e-4, atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.text(max_size=200), st.integers(), st.floats()), max_size=8)
)
def test_any_list_is_scored(texts):
    scores = score_statements(texts, loaded())
    assert len(scores) == len(texts)
    _sane(scores)


def _made(n: int = 400) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Labels made by a rule, so that a scorer can learn them: the verb decides."""
    rng = np.random.default_rng(0)
    verbs = {
        "write": "E1",
        "edit": "E1",
        "lift": "E0",
        "weld": "E0",
        "analyze": "E2",
        "forecast": "E2",
    }
    things = ["reports", "steel", "records", "budgets", "crates", "letters", "trends", "pipes"]
    verb = rng.choice(list(verbs), n)
    label = [verbs[v] for v in verb]
    labels = pd.DataFrame(
        {
            "onet_soc_code": [f"{11 + i % 5}-{1000 + i % 40}.00" for i in range(n)],
            "task_id": np.arange(n) + 1,
            "task": [
                f"{v} {a} and {b}"
                for v, a, b in zip(verb, rng.choice(things, n), rng.choice(things, n), strict=True)
            ],
            "human_label": label,
            "gpt4_label": label,
            "gpt4_alt_label": label,
            "gpt4_automation": ["T3" if x == "E1" else "T0" for x in label],
        }
    )
    links = labels[["onet_soc_code", "task_id"]].assign(dwa_id=[f"d{v}" for v in verb])
    titles = [f"{v.capitalize()} things for others." for v in verbs]
    dwas = pd.DataFrame({"dwa_id": [f"d{v}" for v in verbs], "iwa_id": "i1", "dwa_title": titles})
    return labels, links, dwas


def test_training_twice_gives_the_same_model_and_it_learns():
    labels, links, dwas = _made()
    one, two = train(labels, links, dwas), train(labels, links, dwas)
    assert one.state.keys() == two.state.keys()
    for name, value in one.state.items():
        assert np.array_equal(value, two.state[name]), name
    said = score_statements(["write letters", "weld steel", "forecast trends"], one)
    assert list(said["exposure_label"]) == ["E1", "E0", "E2"]


def test_training_needs_texts():
    labels, links, dwas = _made()
    with pytest.raises(UsageError, match="200 are needed"):
        train(labels.assign(task=None), links, dwas)


def test_a_label_that_gpt4_did_not_give_is_not_learned_as_e0_or_t1():
    """Rows without one teach nothing of it: the model is as if it stood there as in the others."""
    labels, links, dwas = _made()
    whole = train(labels, links, dwas)
    gone = np.random.default_rng(3).random(len(labels)) < 0.15
    missing = {"gpt4_alt_label": None, "gpt4_automation": None}
    partly = train(labels.assign(**{c: labels[c].mask(gone) for c in missing}), links, dwas)
    text = ["write letters", "weld steel", "forecast trends", "analyze records", "write budgets"]
    one, two = score_statements(text, whole), score_statements(text, partly)
    assert list(one["automation"]) == list(two["automation"])
    assert one["exposure"].to_numpy() == pytest.approx(two["exposure"].to_numpy(), abs=0.05)
    # The mean of each label column over the examples that have it; E0 and T1 would be in all.
    shares = labels.loc[~gone, "gpt4_alt_label"].value_counts(normalize=True)
    assert partly.state["kernel_intercept"][6] == pytest.approx(shares["E0"], abs=0.02)
    level = labels.loc[~gone, "gpt4_automation"].str[1].astype(int).mean() / 4
    assert partly.state["kernel_intercept"][9] == pytest.approx(level, abs=0.02)


def test_training_needs_labels_of_each_kind():
    labels, links, dwas = _made()
    few = labels.assign(gpt4_automation=labels["gpt4_automation"].where(labels["task_id"] < 150))
    with pytest.raises(UsageError, match="149 rows with a text have gpt4_automation, 200"):
        train(few, links, dwas)


def test_task_scores_meet_the_contract_and_ignore_the_own_label():
    labels, links, dwas = _made()
    scorer = train(labels, links, dwas)
    scores = score_tasks(labels, links, scorer)
    used = task_use(scores["exposure_label"], scores["automation"])
    contracts.check("task_scores", scores.assign(automation_level=1.0, use=used))
    assert set(scores["basis"]) == {"DWA"}
    # Nothing is known of a DWA whose only labeled task is the task itself.
    lone = links.assign(dwa_id=links["dwa_id"].where(links["task_id"] != 1, "dlone"))
    more = pd.concat([dwas, pd.DataFrame({"dwa_id": ["dlone"], "iwa_id": ["i2"]})])
    scores = score_tasks(labels, lone, train(labels, lone, more))
    assert scores.set_index("task_id")["basis"][1] == "text"


def test_saved_model_is_the_same_model(tmp_path):
    scorer = train(*_made())
    scorer.save(tmp_path / "m.npz")
    back = load_scorer(tmp_path / "m.npz")
    pd.testing.assert_frame_equal(back.predict(PLAIN), scorer.predict(PLAIN))


def test_a_file_that_is_no_model_is_named(tmp_path):
    path = tmp_path / "bad.npz"
    path.write_bytes(b"<html>")
    with pytest.raises(SourceFailed, match="bad.npz"):
        load_scorer(path)
