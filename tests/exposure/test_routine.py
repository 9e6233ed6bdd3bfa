"""Routine-task intensity from O*NET elements."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipelines.exposure.published.routine import (
    ELEMENTS,
    SCALES,
    _employment,
    routine,
    scales,
    standardized,
)
from pipelines.releases.current import open_data

VALUES = st.lists(
    st.tuples(st.floats(1, 5), st.floats(1, 1000)), min_size=3, max_size=40
)  # fmt: skip


@given(VALUES)
def test_standardized_has_weighted_mean_0_and_deviation_1(pairs):
    x, w = (pd.Series(side) for side in zip(*pairs, strict=True))
    assume(x.std() > 1e-3)
    z = standardized(x, w)
    assert np.average(z, weights=w) == pytest.approx(0, abs=1e-6)
    assert np.average(z**2, weights=w) == pytest.approx(1, abs=1e-6)


def test_what_is_missing_or_has_no_jobs_does_not_shape_the_mean():
    x, w = pd.Series([1.0, 3.0, np.nan, 9.0]), pd.Series([1.0, 1.0, 5.0, 0.0])
    z = standardized(x, w)
    assert z[:2].tolist() == [-1, 1]
    assert np.isnan(z[2])
    assert z[3] == 7
    assert standardized(pd.Series([2.0, 2.0]), pd.Series([1.0, 1.0])).isna().all()


def ratings(n: int = 8, seed: int = 1) -> pd.DataFrame:
    draw = np.random.default_rng(seed).uniform(1, 5, (n, len(ELEMENTS)))
    return pd.DataFrame(draw, columns=list(ELEMENTS), index=[f"11-10{i:02d}.00" for i in range(n)])


@pytest.mark.parametrize("element", ["4.C.3.b.7", "4.C.3.b.8", "4.A.2.a.4", "4.A.3.a.4"])
def test_more_of_an_element_moves_the_index_its_own_way(element):
    frame, weights = ratings(), pd.Series(1.0, index=ratings().index)
    more = frame.copy()
    more.iloc[0, more.columns.get_loc(element)] += 3
    gain = (
        scales(more, weights)["routine_task_intensity"]
        - scales(frame, weights)["routine_task_intensity"]
    ).iloc[0]
    # Repetition is routine; freedom to decide, analysis and steering are not.
    assert gain > 0 if element == "4.C.3.b.7" else gain < 0


def test_a_missing_element_makes_its_scale_missing_and_no_other():
    frame = ratings()
    frame.iloc[2, frame.columns.get_loc("4.C.3.b.8")] = np.nan
    found = scales(frame, pd.Series(1.0, index=frame.index)).iloc[2]
    assert np.isnan(found["routine_cognitive"])
    assert np.isnan(found["routine_task_intensity"])
    assert found.drop(["routine_cognitive", "routine_task_intensity"]).notna().all()


def test_snapshot_has_every_element_and_medical_records_work_is_routine():
    release = open_data(offline=True)
    assert set(ELEMENTS) <= set(release.table("elements_2010")["element_id"])
    assert sum(map(len, SCALES.values())) == len(set(ELEMENTS)) == 16
    tables = {
        name: release.table(name)
        for name in ("elements", "elements_2010", "onet_walk_2010_2019", "wages")
    }
    found = routine(tables).set_index(["measure", "onet_soc_code"])
    rank = found["value"]["routine_cognitive"].rank(pct=True)
    assert rank["29-2072.00"] > 0.9
    # Rated as one occupation in 2013: the two that it was split into share its ratings.
    assert found.loc[("routine_cognitive", "29-2072.00"), "ambiguous"]
    whole = found.xs("routine_task_intensity")
    assert len(whole) > 800
    assert not whole.index.duplicated().any()


def test_newer_ratings_take_over_once_all_elements_are_there():
    release = open_data(offline=True)
    codes = release.table("occupations")["onet_soc_code"].head(30)
    newer = pd.DataFrame(
        [(c, e, "CX" if e[:3] == "4.C" else "IM") for c in codes for e in ELEMENTS],
        columns=["onet_soc_code", "element_id", "scale_id"],
    )
    newer["domain"] = newer["element_id"].map(
        lambda e: {"1.A": "abilities", "4.A": "work_activities", "4.C": "work_context"}[e[:3]]
    )
    newer = newer.assign(edition="30.3", recommend_suppress=False, not_relevant=False)
    newer["value"] = np.random.default_rng(2).uniform(1, 5, len(newer))
    tables = {n: release.table(n) for n in ("elements_2010", "onet_walk_2010_2019", "wages")}
    found = routine({**tables, "elements": newer})
    own = found[found["onet_soc_code"].isin(codes)]
    assert set(own["onet_soc_code"]) == set(codes)
    assert not own["ambiguous"].any()
    # What nothing newer rates keeps its ratings of 2014.
    assert len(found) > len(own)


def test_employment_that_is_not_published_is_missing_and_shapes_no_scale():
    frame = ratings()
    wages = pd.DataFrame(
        {"year": 2021, "area_code": "99", "occupation_group": "detailed",
         "soc_code": frame.index.str[:7], "employment": 100.0}
    )  # fmt: skip
    wages.loc[0, "employment"] = np.nan
    jobs = _employment(wages[wages["soc_code"] != frame.index[1][:7]], frame.index)
    assert jobs.isna().tolist() == [True, True] + [False] * 6
    whole = scales(frame, jobs)["routine_task_intensity"]
    assert whole.notna().all()
    assert np.average(whole[2:]) == pytest.approx(0, abs=1e-9)
