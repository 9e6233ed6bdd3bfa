"""Agreement figures: published ones to the digit, ours above the floors."""

from __future__ import annotations

import importlib.util

import numpy as np
import pandas as pd
import pytest

from pipelines.answers.check import gpt4_agreement
from pipelines.exposure.published.measures import label_means
from pipelines.exposure.validation import evaluate

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


def test_a_label_that_gpt4_did_not_give_is_no_disagreement():
    human = ["E0", "E1", "E2", "E0", "E1", "E0"]
    frame = pd.DataFrame({"human_label": human, "gpt4_label": [*human[:5], None]})
    assert evaluate.label_agreement(frame)["accuracy"] == 1
    assert gpt4_agreement(frame)["same class, %"] == 100
    assert gpt4_agreement(frame)["mean human alpha"] == 0.4


def test_stored_figures_are_above_the_floor_and_above_gpt4():
    found = evaluate.stored()
    least = {"U": (0.735, 0.53, 0.69), "K": (0.87, 0.79, 0.84)}
    for name, floors in least.items():
        for figure, floor in zip(("accuracy", "kappa", "r_beta"), floors, strict=True):
            assert found[name][figure] >= floor, (name, figure)
    for figure, low in found["W"]["gpt4"].items():
        assert found["W"][figure] >= low + 0.03, figure
    for figures in found.values():
        for figure, low_high in figures["interval"].items():
            assert low_high[0] < figures[figure] < low_high[1]
            assert low_high[0] > figures["gpt4"][figure]
            assert low_high[0] > figures["baseline"][figure]
        assert figures["coverage_lowest_group"] >= 0.85
    for name in "UK":
        assert 0.88 <= found[name]["coverage"] <= 0.92
        assert max(found[name]["calibration_error"].values()) <= 0.03
    assert found["W"]["width"] > found["U"]["width"]


def test_the_curve_of_the_stored_figures_gives_their_calibration_error():
    for figures in evaluate.stored().values():
        curve = pd.DataFrame(figures["reliability"])
        gap = (curve["predicted"] - curve["observed"]).abs() * curve["n"]
        for label, error in figures["calibration_error"].items():
            own = curve["exposure_label"] == label
            assert curve["n"][own].sum() == figures["n"]
            assert gap[own].sum() / figures["n"] == pytest.approx(error, abs=2e-4)


def test_intervals_of_agreement_hold_the_share_and_are_narrow_for_many_rows():
    rng = np.random.default_rng(1)
    human = rng.integers(0, 3, 1200)
    p = np.eye(3)[np.where(rng.random(1200) < 0.7, human, 0)]
    few = evaluate.agreement_interval(p, human, np.arange(1200) % 8)["accuracy"]
    many = evaluate.agreement_interval(p, human, np.arange(1200))["accuracy"]
    share = (p.argmax(1) == human).mean()
    assert many[0] < share < many[1]
    assert 0.03 < many[1] - many[0] < 0.08
    assert few[1] - few[0] < 0.2


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


def _labeled(n: int = 480) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Made tasks whose verb decides the label; each verb is a DWA and an IWA."""
    verbs = ["write", "edit", "lift", "weld", "rank", "predict", "file", "drive"]
    classes = ["E1", "E1", "E0", "E0", "E2", "E2", "E1", "E0"]
    things = ["reports", "letters", "crates", "pipes", "trends", "charts", "plans"]
    verb = [(i + i // 8) % 8 for i in range(n)]
    text = [f"{verbs[v]} {things[i % 7]} of customer group {i} in {things[(i + v) % 7]}"
            for i, v in enumerate(verb)]  # fmt: skip
    label = [classes[v] for v in verb]
    labels = pd.DataFrame({
        "onet_soc_code": [f"{11 + 2 * (i % 3)}-{1000 + i // 8}.00" for i in range(n)],
        "task_id": range(n), "task": text, "human_label": label, "gpt4_label": label,
        "gpt4_alt_label": label, "gpt4_automation": [f"T{v % 5}" for v in verb],
    })  # fmt: skip
    links = labels[["onet_soc_code", "task_id"]].assign(dwa_id=[f"d{v}" for v in verb])
    dwas = pd.DataFrame({
        "dwa_id": [f"d{v}" for v in range(8)], "iwa_id": [f"i{v}" for v in range(8)],
        "dwa_title": [f"{v.capitalize()} things." for v in verbs],
    })  # fmt: skip
    return labels, links, dwas


def test_held_out_scores_come_by_protocol_and_only_k_knows_the_activities():
    labels, links, dwas = _labeled()
    held = evaluate.out_of_sample(labels, links, dwas, n_folds=1)
    assert set(held["protocol"]) == {"U", "K", "W"}
    basis = held.groupby("protocol")["basis"].agg(set)
    assert basis.to_dict() == {"U": {"text"}, "W": {"text"}, "K": {"DWA"}}
    new = held[held["protocol"] == "W"]  # one verb, which no example has
    assert (
        new["exposure"].sub(new["human_label"].map({"E0": 0, "E1": 1, "E2": 0.5})).abs().max() > 0.3
    )
    found = evaluate.summary(held[held["protocol"] != "W"])
    assert found["K"]["accuracy"] > 0.95  # every DWA has one label
    assert found["U"]["accuracy"] > 0.9  # the verbs are known
    assert found["K"]["n"] == found["K all"]["n"] == found["U"]["n"]


def test_an_ablation_takes_away_what_is_there_and_leaves_the_published_folds_alone(root):
    spec = importlib.util.spec_from_file_location("ablation", root / "benchmarks" / "ablation.py")
    ablation = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(ablation)
    assert ablation.DESIGN_SEED != evaluate.SEED
    for part in ablation.VARIANTS.values():
        with part():  # an attribute that the scorer lacks is an error
            pass
