"""What people's labels of related tasks say of a task: Gaussian process regression."""

import numpy as np
import pandas as pd
import pytest
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel

from pipelines.exposure.scorer import gaussian_process
from pipelines.exposure.scorer.links import Links

IWA_OF = np.array([0, 0, 1, 1, 2])


def _tasks(n: int = 40, seed: int = 0):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(n, 8))
    z /= np.linalg.norm(z, axis=1, keepdims=True)
    row = np.concatenate([np.arange(n), np.arange(0, n, 3)])  # every third task has two DWAs
    dwa = np.concatenate([np.arange(n) % 4, 1 + np.arange(0, n, 3) % 4])
    keep = ~pd.DataFrame({"row": row, "dwa": dwa}).duplicated().to_numpy()
    human = rng.integers(0, 3, n)
    return z, row[keep], dwa[keep], human


def _anew(z, row, dwa, human, left_out):
    """Label columns of the rows left out, by fitting to the others outright."""
    tasks = gaussian_process.placed(z, row, dwa, IWA_OF)
    rest = np.setdiff1d(np.arange(len(z)), left_out)
    known = tasks.take(rest)
    labels, mean = np.eye(3)[human[rest]], np.eye(3)[human].mean(0)
    covariance = gaussian_process.kernel(known, known) + gaussian_process.NOISE * np.eye(len(rest))
    return gaussian_process.predict(
        tasks.take(left_out), known, np.linalg.solve(covariance, labels - mean), mean
    )


def test_each_task_is_told_what_a_fit_to_all_others_says():
    z, row, dwa, human = _tasks()
    own = gaussian_process.Fit(gaussian_process.placed(z, row, dwa, IWA_OF), human).own()
    for i in (0, 3, 7, 39):
        assert own[[i]] == pytest.approx(_anew(z, row, dwa, human, np.array([i])), abs=1e-6)


def test_a_group_is_held_out_with_its_twins():
    z, row, dwa, human = _tasks()
    z[20] = z[1]  # the same statement under another occupation
    group = np.array([f"1{i % 10}-1" for i in range(len(z))])
    held = gaussian_process.Fit(gaussian_process.placed(z, row, dwa, IWA_OF), human).held_out(
        group, 0.95
    )
    rows = np.flatnonzero(group == "11-1")
    gone = np.append(rows, 20)
    expected = _anew(z, row, dwa, human, gone)[: len(rows)]
    assert held[rows] == pytest.approx(expected, abs=1e-6)
    with_twin = _anew(z, row, dwa, human, rows)
    assert np.abs(held[rows] - with_twin).max() > 0.01


def test_without_activities_it_is_scikit_learns_process(monkeypatch):
    z, row, dwa, human = _tasks()
    alone = gaussian_process.placed(z, np.zeros(0, int), np.zeros(0, int), IWA_OF)
    fit = gaussian_process.Fit(alone, human)
    labels = np.eye(3)[human]
    rbf = ConstantKernel(gaussian_process.WORDING) * RBF(
        np.sqrt(1 / (2 * gaussian_process.SHARPNESS))
    )
    theirs = GaussianProcessRegressor(rbf, alpha=gaussian_process.NOISE, optimizer=None)
    theirs.fit(z, labels - labels.mean(0))
    new = _tasks(seed=4)[0]
    asked = gaussian_process.placed(new, np.zeros(0, int), np.zeros(0, int), IWA_OF)
    ours = gaussian_process.predict(asked, alone, fit.alpha, fit.mean)
    assert ours == pytest.approx(theirs.predict(new) + labels.mean(0), abs=1e-8)


def test_a_label_pulls_most_where_most_is_shared():
    z, *_ = _tasks(6)
    z[:] = z[0]
    z[1] = -z[1]
    # one labeled task under DWA 0; asked: same DWA and wording, same DWA, same IWA, neither
    known = gaussian_process.placed(z[:1], np.array([0]), np.array([0]), IWA_OF)
    fit = gaussian_process.Fit(
        gaussian_process.placed(z[:2], np.array([0, 1]), np.array([0, 4]), IWA_OF), [1, 0]
    )
    asked = gaussian_process.placed(
        np.vstack([z[:1], -z[:1], -z[:1], -z[:1]]), np.arange(4), np.array([0, 0, 1, 2]), IWA_OF
    )
    pull = gaussian_process.predict(asked, known, fit.alpha[:1], fit.mean)[:, 1]
    assert pull[0] > pull[1] > pull[2] > pull[3]


def test_of_two_activities_the_one_that_others_explain_is_not_blamed_twice():
    # Ten tasks under DWA 0 are E0; one under DWAs 0 and 2 is E1: so DWA 2 must be the cause.
    n = 11
    z = np.tile(np.eye(8)[:1], (n, 1))
    row, dwa = np.append(np.arange(n), 10), np.append(np.zeros(n, int), 2)
    human = np.array([0] * 10 + [1])
    fit = gaussian_process.Fit(gaussian_process.placed(z, row, dwa, IWA_OF), human)
    asked = gaussian_process.placed(z[:2], np.array([0, 1]), np.array([0, 2]), IWA_OF)
    known = gaussian_process.placed(z, row, dwa, IWA_OF)
    first, second = gaussian_process.predict(asked, known, fit.alpha, fit.mean)[:, 1]
    assert first < 0.15 < 0.3 < second


def test_a_task_of_the_training_is_told_what_others_said_and_a_new_one_is_reckoned():
    z, row, dwa, human = _tasks()
    fit = gaussian_process.Fit(gaussian_process.placed(z, row, dwa, IWA_OF), human)
    labels = pd.DataFrame({"onet_soc_code": "11-1", "task_id": range(len(z))})
    ids = np.array([f"d{i}" for i in range(6)])  # one more than tasks stand under
    under = labels.iloc[row].assign(dwa_id=ids[dwa])
    links = Links(
        labels, under, pd.DataFrame({"dwa_id": ids, "iwa_id": [*IWA_OF, 2], "dwa_title": "t"})
    )
    state = gaussian_process.state(fit, links) | {
        "known_soc": "\n".join(["11-1"] * len(z)),
        "known_task_id": np.arange(len(z)),
        "known_z": z,
    }
    tasks = pd.DataFrame(
        {"onet_soc_code": ["22-2", "11-1", "22-2", "22-2"], "task_id": [3, 3, 4, 5]}
    )
    under = pd.DataFrame(
        {
            "onet_soc_code": ["22-2", "22-2", "11-1"],
            "task_id": [3, 4, 3],
            "dwa_id": ["d1", "d5", "d0"],
        }
    )
    said = gaussian_process.related(tasks, under, z[[0, 1, 0, 0]], state)
    assert said[1] == pytest.approx(fit.own()[3], abs=2e-3)  # kept with half precision
    # Nobody was asked about a task of activity 5; task 5 has no activity.
    assert np.isnan(said[2:]).all()
    # Nor is a task told anything whose activities are gone.
    assert np.isnan(gaussian_process.related(tasks, under[:2], z[[0, 1, 0, 0]], state)[1]).all()
    known = gaussian_process.placed(z, row, dwa, IWA_OF)
    asked = gaussian_process.placed(z[:1], np.array([0]), np.array([1]), IWA_OF)
    assert said[0] == pytest.approx(
        gaussian_process.predict(asked, known, fit.alpha, fit.mean)[0], abs=2e-3
    )
    # Another label of task 3 changes what is said of others, and nothing said of itself.
    human[3] = (human[3] + 1) % 3
    other = gaussian_process.Fit(gaussian_process.placed(z, row, dwa, IWA_OF), human)
    gap = (other.own() - other.mean) - (fit.own() - fit.mean)
    apart = np.abs(gap).max(1)
    assert apart[3] == pytest.approx(np.abs(other.mean - fit.mean).max(), abs=0.03)
    assert apart[7] > 0.001


def test_the_same_activities_relate_tasks_more_than_one_of_them():
    z = np.eye(8)[[0, 1, 2, 3, 4]]
    row, dwa = np.array([0, 0, 1, 1, 2, 3, 4]), np.array([0, 2, 0, 2, 0, 0, 4])
    k = gaussian_process.kernel(*[gaussian_process.placed(z, row, dwa, IWA_OF)] * 2)
    both, one_of_two, single, none = k[0, 1], k[0, 2], k[2, 3], k[0, 4]
    assert both > one_of_two > none
    # As single activities do: people judged a combination as they judged one.
    assert both == pytest.approx(single - gaussian_process.IWA / 2, abs=1e-6)
