"""Published figures made again from their inputs."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.answers.check import CHECK_COLUMNS, checks
from pipelines.exposure.validation.replication import (
    ai_applicability,
    majority_label,
    replication,
    same_label_share,
    workforce_shares,
)
from pipelines.releases.current import open_data


def metrics(**changed) -> pd.DataFrame:
    row = {"share_user": 0.1, "share_ai": 0.1, "completion_user": 0.8, "completion_ai": 0.5,
           "impact_scope_user": 0.5, "impact_scope_ai": 0.2, **changed}  # fmt: skip
    return pd.DataFrame([{"iwa_id": "a", **row}, {"iwa_id": "b", **dict.fromkeys(row, 0.0)}])


def weights(a: float, b: float) -> pd.DataFrame:
    return pd.DataFrame({"soc_code": "11-1011", "iwa_id": ["a", "b"], "weight": [a, b]})


def test_applicability_by_hand():
    assert ai_applicability(weights(3, 1), metrics())["11-1011"] == pytest.approx(
        0.75 * (0.8 * 0.5 + 0.5 * 0.2) / 2
    )


def test_a_rare_activity_counts_for_nothing_on_its_side():
    rare = ai_applicability(weights(1, 0), metrics(share_ai=0.0005))["11-1011"]
    assert rare == pytest.approx(0.8 * 0.5 / 2)


@given(st.floats(0.01, 100), st.floats(0.01, 100), st.floats(0.1, 1000))
def test_only_the_proportions_of_weights_matter(a, b, factor):
    first, second = (
        ai_applicability(weights(a * k, b * k), metrics())["11-1011"] for k in (1, factor)
    )
    assert first == pytest.approx(second)
    assert 0 <= first <= 1


def test_workers_at_exactly_half_are_told_from_those_above():
    labels = pd.DataFrame(
        {"onet_soc_code": ["11-1011.00", "11-1021.00"], "human_label": ["E2", "E1"]}
    )
    wages = pd.DataFrame(
        {"year": 2021, "area_code": "99", "occupation_group": "detailed",
         "soc_code": ["11-1011", "11-1021", "11-9999"], "employment": [30.0, 10.0, 40.0]}
    )  # fmt: skip
    shares, covered = workforce_shares(labels, wages, "human")
    assert shares.loc[("beta", 50)].tolist() == [100.0, 25.0]
    assert shares.loc[("alpha", 50)].tolist() == [25.0, 25.0]
    assert covered == 50


def test_a_task_does_not_vote_for_itself():
    labels = pd.DataFrame(
        {"onet_soc_code": ["1", "2", "3"], "task_id": [1, 2, 3], "human_label": ["E0", "E1", "E1"]}
    )
    links = labels[["onet_soc_code", "task_id"]].assign(dwa_id="d")
    assert same_label_share(labels, links, "human_label") == pytest.approx(200 / 3)
    found = majority_label(labels, links)
    # The first is outvoted; the two others see one vote each way, and a tie goes to E0.
    assert found["n"] == 3
    assert found["accuracy"] == 0


def test_the_full_release_reproduces_what_was_printed(full_release):
    where, _ = full_release
    found = pd.DataFrame(replication(open_data(where)), columns=CHECK_COLUMNS).set_index("figure")
    assert found.at["scores reproduced", "ours"] == 785
    assert found.at["scores reproduced", "result"] == "pass"
    assert found.at["share one label, people, %", "result"] == "pass"
    assert found.at["share one label, GPT-4, %", "result"] == "pass"
    assert found.at["accuracy", "result"].tolist()[0] == "pass"
    ten, half = (found.loc[f"at least {cut} % of tasks, % of workers (people)"] for cut in (10, 50))
    assert "strictly above 10 %: 82.1 %" in ten["remark"]
    assert (half["ours"], half["difference"]) == (24.3, 5.3)
    assert "strictly above 50 %: 19.1 %" in half["remark"]
    assert not (found["result"] == "fail").any()


def test_the_snapshot_says_what_it_cannot_check():
    found = checks(open_data(offline=True))
    assert not (found["result"] == "fail").any()
    left = found[found["check"] == "working-with-ai, equation 1"].iloc[0]
    assert left["result"] == "not checked"
    assert "outlook refresh" in left["remark"]
    unchecked = found[found["result"] == "not checked"]
    assert unchecked["remark"].str.len().gt(5).all()
    entry = found[found["figure"].str.contains("nondegree")]
    assert entry["result"].tolist() == ["pass"]
