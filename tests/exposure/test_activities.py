"""The third reader: which detailed work activities a statement speaks of."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from pipelines.exposure.scorer import activities

DIMS, N_DWAS = 12, 6
IWA_OF = np.array([0, 0, 1, 1, 2, 2, 2])  # the last DWA has no member


def _members(n: int, seed: int = 0):
    """Unit vectors around the centres of six DWAs, each with a label of its own."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(N_DWAS, DIMS))
    dwa = np.arange(n) % N_DWAS
    z = centres[dwa] + 0.4 * rng.normal(size=(n, DIMS))
    z /= np.linalg.norm(z, axis=1, keepdims=True)
    return z.astype(np.float32), dwa, np.eye(N_DWAS)[dwa]


def _fit(n: int = 240, **changed):
    z, dwa, targets = _members(n)
    arguments = {"weight": np.ones(n), "label_weight": np.ones(n)} | changed
    weight, label_weight = arguments["weight"], arguments["label_weight"]
    return activities.fit(z, dwa, weight, targets, label_weight, IWA_OF), z, dwa


def test_a_statement_is_known_by_its_activity_and_told_its_labels():
    reader, z, dwa = _fit()
    chances = reader.chances(z)
    assert chances.sum(1) == pytest.approx(1, abs=1e-5)
    assert (chances.argmax(1) == dwa).mean() > 0.95
    assert (reader.predict(z).argmax(1) == dwa).mean() > 0.95


def test_it_ranks_activities_as_scikit_learns_discriminant_analysis(monkeypatch):
    monkeypatch.setattr(activities, "ISOTROPIC_SHARE", 0.0)
    reader, z, dwa = _fit()
    known = LinearDiscriminantAnalysis(priors=np.full(N_DWAS, 1 / N_DWAS)).fit(z.astype(float), dwa)
    other = _members(60, seed=5)[0]
    ours = np.log(reader.chances(other)) / activities.POSTERIOR_EXPONENT
    theirs = known.decision_function(other)
    ours -= ours[:, :1]
    theirs = theirs - theirs[:, :1]
    # scikit-learn divides the scatter by n, we by n less the classes; centres keep one byte.
    assert np.corrcoef(ours[:, 1:].ravel(), theirs[:, 1:].ravel())[0, 1] > 0.999


def test_what_a_model_keeps_says_the_same():
    reader, z, _ = _fit()
    state = reader.state()
    assert state["activity_centres"].dtype == np.int8
    assert np.array_equal(activities.Activities.of(state).predict(z), reader.predict(z))


def test_an_activity_with_few_tasks_leans_on_the_one_above():
    z, dwa, targets = _members(240)
    few = np.flatnonzero(dwa == 0)[1:]
    label_weight = np.ones(len(z))
    label_weight[few] = 0  # one labeled task of DWA 0, forty of its neighbor, DWA 1
    reader = activities.fit(z, dwa, np.ones(len(z)), targets, label_weight, IWA_OF)
    assert reader.labels[0, 1] > reader.labels[0, 0] > 0.3
    assert reader.labels[1, 1] > 0.9
    assert reader.labels[0, 2:].max() < 0.1


@settings(max_examples=25, deadline=None)
@given(st.integers(8, 60), st.integers(0, 1000), st.floats(0.01, 100))
def test_labels_stay_within_those_given_whatever_the_members(n, seed, scale):
    z, dwa, targets = _members(n, seed)
    weight = np.random.default_rng(seed).uniform(0.1, 1, n) * scale
    reader = activities.fit(z, dwa, weight, targets, weight, IWA_OF)
    said = reader.predict(np.vstack([z, np.zeros((1, DIMS), np.float32)]))
    assert np.isfinite(said).all()
    assert said.min() >= -1e-3
    assert said.max() <= 1 + 1e-3
    assert said.sum(1) == pytest.approx(1, abs=5e-3)


def test_a_label_that_is_missing_counts_for_nothing():
    z, dwa, targets = _members(240)
    some = targets.copy()
    gone = np.arange(240) % 4 == 0
    some[gone, 0] = np.nan
    ones = np.ones(240)
    labels = activities.fit(z, dwa, ones, some, ones, IWA_OF).labels
    light = activities.fit(z, dwa, ones, targets, (~gone).astype(float), IWA_OF).labels
    assert labels[:, 0] == pytest.approx(light[:, 0])
    assert labels[:, 1:] == pytest.approx(
        activities.fit(z, dwa, ones, targets, ones, IWA_OF).labels[:, 1:]
    )
