"""The variant that learns from experts: it must not see the occupation that it is tried on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.exposure.validation import experts_learned as learned


def _frame(n: int = 120) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(4)
    code = np.array([f"{11 + i % 20}-1011.00" for i in range(n)])
    level = rng.random(n)
    # An occupation's own share of its ratings, which no other occupation tells of.
    own = pd.Series(rng.normal(size=20), sorted(set(code)))
    frame = pd.DataFrame({
        "onet_soc_code": code, "task": [f"word{c[:2]} task" for c in code], "own_level": level,
        "mean_level": 0.5, "exposure": rng.random(n), "observed_use": 0.0,
        "rating": np.clip(0.2 + 0.6 * level, 0, 1),
    })  # fmt: skip
    return frame.assign(own=own[code].to_numpy()), rng.normal(size=(n, 4))


def test_what_levels_say_is_learned_and_what_only_the_occupation_says_is_not():
    frame, vectors = _frame()
    found = learned.held_out(frame, "levels", vectors)
    assert np.corrcoef(found, frame["rating"])[0, 1] > 0.99
    assert ((found >= 0) & (found <= 1)).all()
    # Ratings that are the occupation's alone: its word is in no other occupation's task.
    alone = frame.assign(rating=(frame["own"] - frame["own"].min()) / np.ptp(frame["own"]))
    words = learned.held_out(alone, "words", vectors)
    assert np.corrcoef(words, alone["rating"])[0, 1] < 0.2


def test_the_vector_is_read_where_it_is_asked_for():
    frame, vectors = _frame()
    told = frame.assign(rating=np.clip(0.5 + 0.2 * vectors[:, 0], 0, 1))
    without = learned.held_out(told, "levels", vectors)
    with_it = learned.held_out(told, "vector", vectors)
    assert np.corrcoef(with_it, told["rating"])[0, 1] > 0.95
    assert abs(np.corrcoef(without, told["rating"])[0, 1]) < 0.5


def test_use_that_is_not_known_is_not_taken_for_none():
    frame, vectors = _frame()
    use = np.where(np.arange(len(frame)) % 2, 0.6, 1.0)
    unknown = np.arange(len(frame)) % 3 == 0
    told = frame.assign(rating=use, observed_use=np.where(unknown, np.nan, use))
    found = learned.held_out(told, "levels", vectors)
    assert np.abs(found - use)[~unknown].max() < 0.1
    # They are what the others are in the mean; as tasks that nobody uses AI for they would be 0.
    assert np.abs(found[unknown] - 0.8).max() < 0.1
