"""Figures of occupations and levels from made held-out scores."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipelines.answers.measures import agreement_answer, measures_answer
from pipelines.exposure.validation.evaluate import stored
from pipelines.exposure.validation.held_out import (
    class_figures,
    level_figures,
    occupation_figures,
    occupation_means,
    place_figures,
)
from pipelines.exposure.validation.in_sample import in_sample_warning


@pytest.fixture(scope="module")
def held():
    rng = np.random.default_rng(3)
    n = 600
    p = rng.dirichlet([2, 1, 2], n)
    human = (p.cumsum(1) < rng.random((n, 1))).sum(1)
    rows = pd.DataFrame({
        "onet_soc_code": [f"11-{1000 + i // 12}.00" for i in range(n)], "task_id": range(n),
        "p_e0": p[:, 0], "p_e1": p[:, 1], "p_e2": p[:, 2], "exposure": p[:, 1] + p[:, 2] / 2,
        "exposure_label": np.array(["E0", "E1", "E2"])[p.argmax(1)],
        "automation": [f"T{i % 5}" for i in range(n)],
        "human_label": np.array(["E0", "E1", "E2"])[human],
        "gpt4_label": np.array(["E0", "E1", "E2"])[rng.integers(0, 3, n)],
        "exposure_low": np.maximum(p[:, 1] + p[:, 2] / 2 - 0.4, 0),
        "exposure_high": np.minimum(p[:, 1] + p[:, 2] / 2 + 0.4, 1),
    })  # fmt: skip
    return pd.concat([rows.assign(protocol=name) for name in ("U", "K")], ignore_index=True)


def test_k_is_named_for_all_its_tasks_and_wider_draws_cover_more(held):
    weights = held.loc[held["protocol"] == "U", ["onet_soc_code", "task_id"]]
    weights = weights.assign(weight=1.0, weight_rule="equal")
    found = occupation_figures(held, weights)
    assert set(found) == {"U", "K all"}
    values = found["U"]
    assert values["n_occupations"] == 50
    assert values["independent"] <= values["coverage"] <= values["resampled"]
    assert values["correlation_low"] < values["correlation"] < values["correlation_high"]


def test_levels_are_compared_where_people_gave_one(held):
    own = held[held["protocol"] == "U"]
    labels = own[["onet_soc_code", "task_id", "human_label"]].assign(
        task="sort files", gpt4_label=own["human_label"], gpt4_automation=own["automation"],
        human_automation=own["automation"].where(own["task_id"] < 40),
    )  # fmt: skip
    found = level_figures(held, labels)
    assert found["ours"]["exact level"]["n"] == 40
    assert found["ours"]["exact level"]["value"] == 1.0
    assert found["gpt4"]["same use"]["value"] == 1.0


def test_tasks_are_counted_by_the_class_that_people_gave(held):
    """Against plain loops over the rows."""
    own = held[held["protocol"] == "U"].copy()
    own.loc[own.index[:40], "gpt4_label"] = None
    found = class_figures(own)
    beta = {"E0": 0.0, "E1": 1.0, "E2": 0.5}
    for label in beta:
        true = [r for r in own.to_dict("records") if r["human_label"] == label]
        said = [r for r in own.to_dict("records") if r["exposure_label"] == label]
        asked = [r for r in true if isinstance(r["gpt4_label"], str)]
        gpt4 = [r for r in own.to_dict("records") if r["gpt4_label"] == label]
        inside = [r["exposure_low"] <= beta[label] <= r["exposure_high"] for r in true]
        assert found[label] == pytest.approx({
            "n": len(true),
            "found": np.mean([r["exposure_label"] == label for r in true]),
            "gpt4_found": np.mean([r["gpt4_label"] == label for r in asked]),
            "right": np.mean([r["human_label"] == label for r in said]),
            "gpt4_right": np.mean([r["human_label"] == label for r in gpt4]),
            "coverage": np.mean(inside),
            "width": np.mean([r["exposure_high"] - r["exposure_low"] for r in true]),
        })  # fmt: skip


def test_occupations_stand_beside_people_by_weight_and_by_plain_means(held):
    own = held[held["protocol"] == "U"]
    weights = own[["onet_soc_code", "task_id"]].assign(
        weight=1.0 + own["task_id"] % 3, weight_rule="equal"
    )
    means = occupation_means(own, weights)
    rows = own[own["onet_soc_code"] == "11-1003.00"]
    w, beta = 1.0 + rows["task_id"] % 3, rows["human_label"].map({"E0": 0, "E1": 1, "E2": 0.5})
    assert means.loc["11-1003.00", "people"] == pytest.approx(np.average(beta, weights=w))
    assert means.loc["11-1003.00", "people_plain"] == pytest.approx(beta.mean())
    assert means.loc["11-1003.00", "exposure"] == pytest.approx(
        np.average(rows["exposure"], weights=w)
    )
    found = place_figures(means)
    ranks = means[["exposure", "people_plain"]].rank()
    assert found["soc_codes"] == len(means)
    assert found["spearman"] == pytest.approx(ranks.corr().iloc[0, 1])
    assert found["slope"] == pytest.approx(np.polyfit(means["exposure"], means["people"], 1)[0])
    x = means["exposure"] - means["exposure"].mean()
    e = means["people"] - np.polyval(np.polyfit(means["exposure"], means["people"], 1),
                                     means["exposure"])  # fmt: skip
    assert found["slope_se"] == pytest.approx(np.sqrt(((x * e) ** 2).sum()) / (x**2).sum())


def test_an_agreement_with_labels_it_was_trained_on_is_called_in_sample():
    said = in_sample_warning()
    assert "in-sample, and no test" in said
    for protocol in ("K all", "U"):
        assert f" {stored()[protocol]['occupations']['r']:.2f} " in said


def test_every_answer_that_prints_it_says_so(analysis):
    assert agreement_answer(analysis).notes[0] == in_sample_warning()
    assert in_sample_warning() in measures_answer(analysis, "29-2072").notes
    # An occupation whose labels the data in use do not hold.
    held = set(
        analysis.tables["measures"].query("measure == 'eloundou_human_beta'")["onet_soc_code"]
    )
    other = sorted(set(analysis.occupation_exposure["onet_soc_code"]) - held)[0]
    assert in_sample_warning() not in measures_answer(analysis, other).notes


def test_the_shipped_model_has_the_figures_that_methods_prints():
    for protocol in ("K all", "U", "W"):
        values = stored()[protocol]["occupations"]
        assert values["coverage"] >= 0.9
        assert values["independent"] < values["coverage"] < values["resampled"]
    assert stored()["U"]["levels"]["ours"]["within one level"]["value"] > 0.9
