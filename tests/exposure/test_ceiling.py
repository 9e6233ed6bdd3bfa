"""The ceiling of agreement, on made labels whose ceiling is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipelines.base.errors import UsageError
from pipelines.exposure.scorer.classes import BETA_WEIGHTS, CLASSES
from pipelines.exposure.validation.ceiling import CEILING_COLUMNS, ceiling, most_accurate

RIGHT = 0.8  # a made rater gives the true class with this chance, else one of the others


def _noisy(truth: np.ndarray, rng, right: float = RIGHT) -> np.ndarray:
    wrong = (truth + rng.integers(1, 3, len(truth))) % 3
    return np.where(rng.random(len(truth)) < right, truth, wrong)


def _made(
    right: float = RIGHT, statements: int = 600, times: int = 4, passed_down: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`statements` texts, each labeled anew in `times` occupations by noisy raters.

    With `passed_down` the first two occupations share a DWA and the label it was given.
    """
    rng = np.random.default_rng(7)
    truth = rng.choice(3, statements, p=[0.5, 0.2, 0.3])
    frames = []
    for k in range(times):
        row = np.arange(statements)
        frames.append(
            pd.DataFrame(
                {
                    "onet_soc_code": f"1{k}-1000.00",
                    "task_id": 1 + k * statements + row,
                    "task": [("Made task %d." if k else "made TASK %d") % i for i in row],
                    "human_label": np.array(CLASSES)[_noisy(truth, rng, right)],
                    "gpt4_label": np.array(CLASSES)[_noisy(truth, rng, 0.7)],
                    "gpt4_alt_label": np.array(CLASSES)[_noisy(truth, rng, 0.75)],
                    "dwa_id": [f"d{i}.{0 if passed_down and k < 2 else k}" for i in row],
                }
            )
        )
    if passed_down:
        frames[1]["human_label"] = frames[0]["human_label"]
    labels = pd.concat(frames, ignore_index=True)
    return labels.drop(columns="dwa_id"), labels[["onet_soc_code", "task_id", "dwa_id"]]


def _figures(table: pd.DataFrame, evidence: str) -> pd.DataFrame:
    return table[table["evidence"].str.startswith(evidence)].set_index("figure")


def _known(right: float = RIGHT) -> dict[str, float]:
    prior, says = np.array([0.5, 0.2, 0.3]), np.full((3, 3), (1 - right) / 2)
    np.fill_diagonal(says, right)
    label = prior @ says
    chance = label @ prior
    mean = says @ BETA_WEIGHTS
    r = np.sqrt(
        (prior @ mean**2 - (prior @ mean) ** 2)
        / (label @ BETA_WEIGHTS**2 - (label @ BETA_WEIGHTS) ** 2)
    )
    return {"accuracy": right, "kappa": (right - chance) / (1 - chance), "r_beta": r}


@pytest.mark.parametrize("evidence", ["equal statements, other", "human and two"])
def test_the_known_ceiling_lies_within_what_is_reported(evidence):
    found = _figures(ceiling(*_made(), draws=200), evidence)
    for figure, known in _known().items():
        row = found.loc[figure]
        assert row["interval_low"] <= known <= row["interval_high"], figure
        assert row["interval_high"] - row["interval_low"] < 0.2
        assert row["ceiling_least"] - 0.03 <= known <= row["ceiling_most"] + 0.03


def test_raters_who_always_agree_leave_no_ceiling():
    found = _figures(ceiling(*_made(right=1.0), draws=50), "equal statements, other")
    assert found[["two_labels", "ceiling_least", "ceiling_most"]].to_numpy() == pytest.approx(1)


def test_labels_drawn_at_random_cannot_be_foreseen():
    found = _figures(ceiling(*_made(right=1 / 3), draws=50), "equal statements, other")
    assert found["two_labels"][["kappa", "r_beta"]].abs().max() < 0.05
    assert found["ceiling_least"]["accuracy"] < 0.4


def test_labels_passed_down_agree_too_much_and_pairs_without_a_common_dwa_do_not():
    table = ceiling(*_made(passed_down=True), draws=50)
    shared, apart = (_figures(table, f"equal statements, {x}") for x in ("other", "no DWA"))
    honest = RIGHT**2 + (1 - RIGHT) ** 2 / 2
    assert apart["two_labels"]["accuracy"] == pytest.approx(honest, abs=0.03)
    assert shared["two_labels"]["accuracy"] > honest + 0.03


def test_the_bounds_hold_for_every_mix_of_shares():
    shares = np.random.default_rng(0).dirichlet([0.4, 0.4, 0.4], size=2000)
    agree, best = (shares**2).sum(1), shares.max(1)
    assert (agree <= best + 1e-12).all()
    assert (best <= most_accurate(agree) + 1e-12).all()
    assert best.mean() <= most_accurate(agree.mean())


def test_evidence_that_is_lacking_is_missing_and_not_zero():
    labels, links = _made(times=1, statements=30)
    table = ceiling(labels, links, draws=20)
    assert list(table) == CEILING_COLUMNS
    none = table[table["evidence"].str.startswith("equal")]
    assert len(none) == 6
    assert (none["groups"] == 0).all()
    assert none[["two_labels", "ceiling_most", "interval_low"]].isna().all(axis=None)


def test_the_same_seed_gives_the_same_table():
    made = _made(statements=40)
    pd.testing.assert_frame_equal(ceiling(*made, draws=20), ceiling(*made, draws=20))


def test_no_text_and_odd_labels_are_named():
    labels, links = _made(statements=5)
    with pytest.raises(UsageError, match="outlook refresh"):
        ceiling(labels.assign(task=None), links)
    with pytest.raises(UsageError, match="human_label.*E9"):
        ceiling(labels.assign(human_label="E9"), links)
