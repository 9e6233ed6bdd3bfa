"""Where a value stands among the others: by hand, and whatever the values."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.base.percentiles import standing, whole


def test_by_hand_with_ties_and_a_missing_value():
    found = standing(pd.Series([1.0, 2.0, 2.0, 5.0, np.nan], index=list("abcde")))
    assert found[list("abcd")].tolist() == pytest.approx([0, 50, 50, 100])
    assert np.isnan(found["e"])


def test_most_occupations_at_zero_stand_in_the_middle_of_those_and_one_alone_nowhere():
    assert standing(pd.Series([0.0] * 9 + [1.0])).tolist() == pytest.approx([400 / 9] * 9 + [100])
    assert standing(pd.Series([3.0])).isna().all()


def test_each_group_by_itself():
    frame = pd.DataFrame({"measure": ["a", "b", "a", "b"], "value": [1.0, 9.0, 2.0, 4.0]})
    assert standing(frame.groupby("measure")["value"]).tolist() == [0, 100, 100, 0]


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=30))
def test_it_is_the_share_of_the_others_that_are_lower_with_half_of_the_equal(values):
    found = standing(pd.Series(values, dtype=float))
    for place, value in enumerate(values):
        others = values[:place] + values[place + 1 :]
        lower = sum(v < value for v in others) + sum(v == value for v in others) / 2
        assert found[place] == pytest.approx(100 * lower / len(others))
    assert found.mean() == pytest.approx(50)


def test_only_the_first_is_at_a_hundred():
    assert [whole(p) for p in (0.0, 0.4, 54.6, 99.4, 99.7, 100.0)] == [
        0, 0, 55, 99, 99, 100,
    ]  # fmt: skip
