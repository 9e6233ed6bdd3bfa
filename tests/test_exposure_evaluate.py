"""Agreement figures: published ones to the digit, ours above the floors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipelines.exposure import evaluate
from pipelines.exposure.measures import label_means

LABELS = "raw.githubusercontent.com/openai/GPTs-are-GPTs/main/data/full_labelset.tsv"


@pytest.fixture(scope="module")
def labels(sources):
    frame = pd.read_csv(sources / LABELS, sep="\t", usecols=["human_labels", "gpt4_exposure"])
    return frame.rename(columns={"human_labels": "human_label", "gpt4_exposure": "gpt4_label"})


def test_published_agreement_of_gpt4_is_met_to_the_digit(labels):
    found = evaluate.label_agreement(labels)
    assert [round(found[k], 4) for k in ("accuracy", "kappa", "r_beta")] == [0.6481, 0.4289, 0.5879]
    people, model = label_means(labels["human_label"]), label_means(labels["gpt4_label"])
    same = (people == model).mean()
    assert (round(100 * same["alpha"], 2), round(100 * same["zeta"], 2)) == (80.19, 81.71)
    assert people.mean().round(4).tolist() == [0.1525, 0.3146, 0.4767]


def test_stored_figures_are_above_the_floor_and_above_gpt4():
    found = evaluate.stored()
    assert all(
        found["U"][k] >= least
        for k, least in (("accuracy", 0.70), ("kappa", 0.49), ("r_beta", 0.64))
    )
    for figures in found.values():
        assert all(figures[k] > figures["gpt4"][k] for k in figures["gpt4"])
    for name in "UK":
        assert 0.88 <= found[name]["coverage"] <= 0.92
        assert max(found[name]["calibration_error"].values()) <= 0.03
    assert found["W"]["width"] > found["U"]["width"]


def test_calibration_error_of_true_chances_is_small_and_of_boasts_large():
    rng = np.random.default_rng(0)
    p = rng.dirichlet([1, 1, 1], 20_000)
    drawn = (p.cumsum(1) < rng.random((len(p), 1))).sum(1)
    assert evaluate.calibration_error(p, drawn).max() < 0.02
    assert (
        evaluate.calibration_error(
            np.eye(3)[rng.integers(0, 3, 500)], rng.integers(0, 3, 500)
        ).max()
        > 0.3
    )


def test_folds_keep_occupations_kinds_of_work_and_twins_apart():
    n = 60
    labels = pd.DataFrame(
        {
            "onet_soc_code": [f"11-{1000 + i // 3}.00" for i in range(n)],
            "task_id": range(n),
            "task": [f"sort item {i % 7} carefully into bin {i}" for i in range(n)],
        }
    )
    links = labels[["onet_soc_code", "task_id"]].assign(dwa_id=[f"d{i % 12}" for i in range(n)])
    dwas = pd.DataFrame(
        {"dwa_id": [f"d{i}" for i in range(12)], "iwa_id": [f"i{i // 2}" for i in range(12)]}
    )
    near = evaluate.near_duplicates(labels["task"])
    iwa = links.merge(dwas, on="dwa_id")["iwa_id"]
    for protocol, kind in (("U", labels["onet_soc_code"]), ("W", iwa)):
        for rest, test in evaluate.folds(labels, links, dwas, protocol, near):
            assert not set(kind.iloc[rest]) & set(kind.iloc[test])
            assert near[rest][:, test].nnz == 0
