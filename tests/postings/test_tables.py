"""Tables: every posting once, small cells suppressed, intervals that hold what they should."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from pipelines.exposure.occupation.intervals import LATENT_CORRELATION, exposure_draws
from pipelines.exposure.scorer.automation import half_widths
from pipelines.postings import new_tasks, tables

TITLES = pd.Series({"29-2072": "Medical Records Specialists"})
KNOWN = pd.DataFrame([[0.5, 0.4, 0.01]], index=["29-2072"], columns=tables.BESIDE)


def postings(n: int, **more) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({
        "part": 0, "row": range(n), "posting_id": [f"p{i}" for i in range(n)], "title": "t",
        "date": pd.Timestamp("2025-03-05").date(), "state": "OH", "series": None,
        "soc_code": "29-2072", "onet_soc_code": "29-2072.00", "occupation_basis": "words",
        "coder_soc_code": "29-2072", "occupation_probability": 0.9, "openings": 2.0,
        "exposure": rng.uniform(0.3, 0.7, n), "automation_score": rng.uniform(0.2, 0.6, n),
        "class_variance": 0.02, "class_deviation": 0.3, "sentences": 8, "compared": 8,
        "new_tasks": 2,
    })  # fmt: skip
    return frame.assign(**more)


def cell(frame, month="all", state="all"):
    rows = frame[(frame["month"] == month) & (frame["state"] == state)]
    assert len(rows) == 1
    return rows.iloc[0]


def made(frame):
    return tables.by_month(frame, TITLES, KNOWN)


def test_a_cell_has_the_counts_and_means_of_its_postings():
    given = postings(12)
    table = made(given)
    assert list(table.columns) == [*tables.KEYS, *tables.COUNTS, *tables.FIGURES, *tables.BESIDE,
                                   "suppressed"]  # fmt: skip
    for month in ("2025-03", "all"):
        for state in ("OH", "all"):
            one = cell(table, month, state)
            assert one[["postings", "openings", "sentences"]].tolist() == [12, 24, 96]
            assert one["exposure"] == pytest.approx(given["exposure"].mean(), abs=1e-4)
            assert one["automation_score"] == pytest.approx(
                given["automation_score"].mean(), abs=1e-4
            )
            assert one["new_task_share"] == 0.25
            assert one[tables.BESIDE].tolist() == [0.5, 0.4, 0.01]
            assert not one["suppressed"]
    assert len(table) == 4


def test_fewer_than_ten_are_suppressed_whole_and_said():
    table = made(pd.concat([postings(9), postings(10, state="TX")]))
    small = cell(table, "2025-03", "OH")
    assert small["suppressed"]
    assert small[[*tables.COUNTS, *tables.FIGURES]].isna().all()
    assert cell(table, "2025-03", "TX")["postings"] == 10
    assert cell(table, "2025-03")["postings"] == 19
    # Ten postings, nine of which have tasks: counted, and not scored.
    few = postings(10)
    few.loc[0, ["sentences", "compared", "new_tasks"]] = 0
    few.loc[0, ["exposure", "automation_score", "class_variance", "class_deviation"]] = np.nan
    one = cell(made(few))
    assert one["postings"] == 10
    assert one["postings_with_tasks"] == 9
    assert one[tables.FIGURES].isna().all()


def test_several_states_count_in_each_and_once_in_all_and_missing_stays_missing():
    given = postings(20)
    given.loc[:9, "state"] = "OH; TX"
    given.loc[10:, "state"] = None
    given.loc[10:, "date"] = None
    given["openings"] = [None] * 15 + [3.0] * 5
    table = made(given)
    assert cell(table, "all", "OH")["postings"] == cell(table, "all", "TX")["postings"] == 10
    assert pd.isna(cell(table, "all", "OH")["openings"])
    assert cell(table, "", "")["postings"] == 10
    assert cell(table, "", "")[["openings", "postings_with_openings"]].tolist() == [15, 5]
    assert cell(table)["postings"] == 20
    assert "29-9999" not in set(table["soc_code"])
    assert made(postings(12, soc_code=None)).empty


def test_the_interval_of_exposure_is_as_wide_as_draws_of_classes_and_postings_make_it():
    # Every posting has four sentences; the draws take the same classes with the same leaning.
    rng = np.random.default_rng(1)
    n, m = 60, 4
    p = rng.dirichlet([2, 1, 1.5], n * m)
    beta = np.array([0, 1, 0.5])
    mean = p @ beta
    variance = p @ beta**2 - mean**2
    by_posting = pd.DataFrame({"mean": mean, "v": variance, "s": variance**0.5})
    sums = by_posting.groupby(np.repeat(np.arange(n), m)).sum()
    table = made(postings(
        n, exposure=sums["mean"].to_numpy() / m, class_variance=sums["v"].to_numpy() / m**2,
        class_deviation=sums["s"].to_numpy() / m,
    ))  # fmt: skip
    one = cell(table)
    frame = pd.DataFrame(p, columns=["p_e0", "p_e1", "p_e2"]).assign(onet_soc_code="x", weight=1.0)
    drawn = exposure_draws(frame, weight_cv=0, n_draws=2000)[:, 0]
    sampling = sums["mean"].div(m).var(ddof=1) / n
    half = 1.645 * np.sqrt(drawn.var() + sampling)
    ours = (one["exposure_high"] - one["exposure_low"]) / 2
    # The correlation of the normal variables is more than that of the classes: wide, not narrow.
    assert half * 0.98 <= ours <= half * 1.25
    alone = 1.645 * np.sqrt(variance.sum() / (n * m) ** 2 + sampling)
    assert ours > alone * 1.1, LATENT_CORRELATION


def test_the_interval_of_automation_is_never_narrower_than_that_of_an_occupation():
    one = cell(made(postings(40)))
    half = (one["automation_high"] - one["automation_low"]) / 2
    assert half > half_widths()["occupation"]
    spread = postings(40)["automation_score"].std(ddof=1) / 40**0.5
    assert half == pytest.approx(
        np.hypot(half_widths()["occupation"], 1.645 * spread), abs=2e-4)  # fmt: skip


def test_the_latest_of_a_posting_stands_and_those_that_came_again_are_listed():
    frame = postings(4)
    frame["posting_id"] = ["a", "b", "a", "c"]
    frame["date"] = [pd.Timestamp("2025-05-01").date(), None, pd.Timestamp("2025-04-01").date(),
                     None]  # fmt: skip
    kept, twice = tables.latest(frame)
    assert kept["row"].tolist() == [0, 1, 3]
    assert twice.to_numpy().tolist() == [["a", 2]]
    frame["date"] = None
    assert tables.latest(frame)[0]["row"].tolist() == [1, 2, 3]


def test_new_tasks_are_those_that_most_postings_ask_for_and_small_kinds_are_left_out():
    asked = [("Validate output of language models before release", 30),
             ("Label images of lungs for training of models", 12), ("Walk the dog", 9)]  # fmt: skip
    rows = [(f"{text[:3]}{i}", text, f"2025-{1 + i % 4:02d}-01") for text, n in asked
            for i in range(n)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["posting_id", "sentence", "date"])
    frame["soc_code"] = "29-2072"
    got = new_tasks.new_tasks(frame, TITLES, 10)
    assert list(got.columns) == new_tasks.COLUMNS
    assert got["sentence"].tolist() == [text for text, n in asked[:2]]
    assert got["postings"].tolist() == [30, 12]
    assert got["rank"].tolist() == [1, 2]
    assert got[["first_month", "last_month"]].iloc[0].tolist() == ["2025-01", "2025-04"]
    assert new_tasks.new_tasks(frame.iloc[:9], TITLES, 10).empty
    assert new_tasks.new_tasks(frame.iloc[:0], TITLES, 10).columns.tolist() == new_tasks.COLUMNS


def test_without_an_error_of_the_scorer_the_interval_is_that_of_a_mean():
    given = postings(12, class_variance=0.0, class_deviation=0.0)
    one = cell(made(given))
    half = 1.645 * given["exposure"].std(ddof=1) / 12**0.5
    assert one["exposure_high"] - one["exposure"] == pytest.approx(half, abs=1e-4)
    assert one["exposure"] - one["exposure_low"] == pytest.approx(half, abs=1e-4)


def test_the_share_of_new_work_is_of_the_sentences_that_could_be_compared():
    assert cell(made(postings(12, compared=4)))["new_task_share"] == 0.5
    assert pd.isna(cell(made(postings(12, compared=0, new_tasks=0)))["new_task_share"])


def test_kinds_are_made_with_one_thread_of_every_library(monkeypatch):
    seen = []

    def looked(of_code, least):
        seen.extend(threadpool_info())
        return []

    monkeypatch.setattr(new_tasks, "_of", looked)
    frame = pd.DataFrame({"posting_id": ["a"], "sentence": ["Walk"], "date": [None]})
    with threadpool_limits(2):
        new_tasks.new_tasks(frame.assign(soc_code="29-2072"), TITLES, 1)
    assert {"blas", "openmp"} <= {one["user_api"] for one in seen}
    assert {one["num_threads"] for one in seen} == {1}


def test_a_kind_of_new_work_is_shown_by_its_middle_and_not_by_its_edge(monkeypatch):
    monkeypatch.setattr(new_tasks, "KINDS", 1)
    rows = [(f"p{i}", "Walk the dog in the park") for i in range(15)]
    rows.append(("q", "Assign diagnosis codes to charts"))
    frame = pd.DataFrame(rows, columns=["posting_id", "sentence"]).assign(
        soc_code="29-2072", date="2025-01-01"
    )
    got = new_tasks.new_tasks(frame, TITLES, 10)
    assert got[["sentence", "postings"]].to_numpy().tolist() == [["Walk the dog in the park", 16]]
