"""The funnel of ranks: intervals of places, against plain draws."""

import numpy as np
import pandas as pd
import pytest

from pipelines.exposure.occupation import intervals, ranks


def made(n=60, width=0.1, seed=0):
    x = np.random.default_rng(seed).uniform(0.1, 0.9, n)
    return pd.DataFrame({"exposure": x, "exposure_low": x - width, "exposure_high": x + width},
                        index=[f"o{i}" for i in range(n)])  # fmt: skip


def test_a_rank_and_its_percentile_are_those_of_the_exposure():
    frame = pd.DataFrame({"exposure": [0.2, 0.9, 0.5, 0.5]})
    frame = frame.assign(exposure_low=frame["exposure"], exposure_high=frame["exposure"])
    found = ranks.rank_intervals(frame)
    assert found["rank"].tolist() == [4, 1, 2.5, 2.5]
    assert found["percentile"].tolist() == pytest.approx([0, 100, 50, 50])


def test_without_an_error_a_place_is_certain():
    found = ranks.rank_intervals(made(width=0))
    for name in ("rank", "percentile"):
        for end in ("low", "high"):
            assert found[f"{name}_{end}"].to_numpy() == pytest.approx(found[name].to_numpy())


def test_the_interval_is_that_of_draws_from_a_normal_of_that_interval():
    frame = made(seed=1)
    drawn = np.random.default_rng(9).normal(
        frame["exposure"].to_numpy(), 0.1 / 1.645, (20_000, len(frame))
    )
    place = (drawn[:, :, None] < drawn[:, None, 5:6]).sum(axis=1)[:, 0]  # others that are lower
    low, high = np.quantile(100 * place / (len(frame) - 1), [0.05, 0.95])
    own = ranks.rank_intervals(frame).iloc[5]
    assert own["percentile_low"] == pytest.approx(min(low, own["percentile"]), abs=3.5)
    assert own["percentile_high"] == pytest.approx(max(high, own["percentile"]), abs=3.5)
    # The same places, counted from the other end.
    n = len(frame)
    assert own["rank_high"] == pytest.approx(n - own["percentile_low"] * (n - 1) / 100)


def test_a_wider_interval_of_exposure_makes_a_wider_one_of_the_rank():
    narrow, wide = (ranks.rank_intervals(made(width=w)) for w in (0.02, 0.2))
    gap = [(f["percentile_high"] - f["percentile_low"]).mean() for f in (narrow, wide)]
    assert gap[1] > 3 * gap[0]
    for found in (narrow, wide):
        assert (found["percentile_low"] <= found["percentile"]).all()
        assert (found["percentile"] <= found["percentile_high"]).all()
        assert found["percentile_low"].min() >= 0
        assert found["percentile_high"].max() <= 100


def test_an_interval_wider_below_reaches_further_below():
    frame = made()
    lopsided = frame.assign(exposure_low=frame["exposure"] - 0.3)
    even, found = ranks.rank_intervals(frame), ranks.rank_intervals(lopsided)
    middle = frame["exposure"].between(0.4, 0.6)
    assert (found["percentile_low"] < even["percentile_low"])[middle].all()


def test_one_occupation_has_no_place_and_a_missing_one_none():
    assert ranks.rank_intervals(made(1))[list(ranks.RANK_COLUMNS)].isna().all(axis=None)
    frame = made(5)
    frame.loc["o2", "exposure"] = np.nan
    found = ranks.rank_intervals(frame)
    assert found.loc["o2"].isna().all()
    assert found["rank"].max() == 4


def test_coverage_counts_the_places_that_people_give():
    frame = made(200, seed=3)
    rng = np.random.default_rng(4)
    people = frame["exposure"] + rng.normal(0, 0.1 / 1.645, len(frame))
    found = ranks.coverage(people, frame)
    assert found["rank_coverage"] == pytest.approx(0.9, abs=0.07)
    assert ranks.coverage(people, made(200, 0.01, seed=3))["rank_coverage"] < 0.5
    order, mine = people.rank(), frame["exposure"].rank()
    assert found["rank_off"] == pytest.approx((100 * (order - mine) / 199).abs().mean())
    assert ranks.coverage(frame["exposure"], frame)["rank_coverage"] == 1


def test_on_the_embedded_data_they_are_near_those_of_the_tasks_own_draws(analysis):
    """Draws of every task's class and weight give the same funnel as those of the intervals."""
    key = ["onet_soc_code", "task_id"]
    tasks = analysis.tables["task_scores"].merge(analysis.weights, on=key)
    drawn = intervals.exposure_draws(tasks.sort_values(key, ignore_index=True), n_draws=300)
    place = pd.DataFrame(drawn).rank(axis=1, ascending=False).to_numpy()
    low, high = np.quantile(place, [0.05, 0.95], axis=0)
    found = analysis.rank_intervals
    assert np.corrcoef(high - low, found["rank_high"] - found["rank_low"])[0, 1] > 0.97
    assert np.abs(low - found["rank_low"]).mean() < 12
    assert np.abs(high - found["rank_high"]).mean() < 12
    exposure = analysis.occupation_exposure["percentile"]
    assert found["percentile"].to_numpy() == pytest.approx(exposure.to_numpy(), abs=1e-6)


def test_the_chance_of_the_top_fifth_is_the_share_of_draws_in_it():
    frame = pd.DataFrame({"exposure": np.linspace(0, 1, 10)})
    sure = frame.assign(exposure_low=frame["exposure"], exposure_high=frame["exposure"])
    assert ranks.rank_intervals(sure)["top_fifth"].tolist() == [0.0] * 8 + [1.0] * 2
    wide = frame.assign(exposure_low=frame["exposure"] - 0.2, exposure_high=frame["exposure"] + 0.2)
    found = ranks.rank_intervals(wide)["top_fifth"]
    drawn = ranks.draws(wide, 0, ranks.N_DRAWS)
    for place in (6, 8, 9):  # of each draw, the two largest
        second = np.sort(drawn, axis=1)[:, -2]
        assert found[place] == pytest.approx((drawn[:, place] >= second).mean())
    assert found.sum() == pytest.approx(2)
