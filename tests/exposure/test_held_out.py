"""Figures of occupations and levels from made held-out scores."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipelines.exposure.validation.evaluate import stored
from pipelines.exposure.validation.held_out import level_figures, occupation_figures


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
    })  # fmt: skip
    return pd.concat([rows.assign(protocol=name) for name in ("U", "K")], ignore_index=True)


def test_k_is_named_for_all_its_tasks_and_wider_draws_cover_more(held):
    weights = held.loc[held["protocol"] == "U", ["onet_soc_code", "task_id"]].assign(weight=1.0)
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


def test_the_shipped_model_has_the_figures_that_methods_prints():
    for protocol in ("K all", "U", "W"):
        values = stored()[protocol]["occupations"]
        assert values["coverage"] >= 0.9
        assert values["independent"] < values["coverage"] < values["resampled"]
    assert stored()["U"]["levels"]["ours"]["within one level"]["value"] > 0.9
