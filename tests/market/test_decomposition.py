"""Kitagawa's identity, and what the decomposition of the workforce says."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_prices import PRICES

from pipelines.market.decomposition import decompose, decomposition_sentences, kitagawa

SIZES = st.floats(1, 1e6)
RATES = st.floats(-1e5, 1e5)
GROUPS = st.lists(st.tuples(SIZES, RATES, SIZES, RATES), min_size=1, max_size=12)


@settings(max_examples=200, deadline=None)
@given(GROUPS)
def test_the_two_parts_add_up_to_the_change_of_the_mean_exactly(rows):
    e0, r0, e1, r1 = (np.array(column) for column in zip(*rows, strict=True))
    within, between = kitagawa(e0, r0, e1, r1)
    change = np.average(r1, weights=e1) - np.average(r0, weights=e0)
    scale = max(np.abs(r0).max(), np.abs(r1).max(), 1.0)
    assert within.sum() + between.sum() == pytest.approx(change, abs=1e-9 * scale)


@settings(max_examples=100, deadline=None)
@given(GROUPS)
def test_a_rate_measured_once_has_no_part_within_and_an_equal_mix_none_between(rows):
    e0, r0, e1, r1 = (np.array(column) for column in zip(*rows, strict=True))
    assert (kitagawa(e0, r0, e1, r0)[0] == 0).all()
    scale = max(np.abs(r0).max(), np.abs(r1).max(), 1.0)
    assert np.abs(kitagawa(e0, r0, 3 * e0, r1)[1]).max() <= 1e-12 * scale


@settings(max_examples=60, deadline=None)
@given(GROUPS)
def test_looking_from_the_end_turns_every_sign(rows):
    e0, r0, e1, r1 = (np.array(column) for column in zip(*rows, strict=True))
    ahead, back = kitagawa(e0, r0, e1, r1), kitagawa(e1, r1, e0, r0)
    for a, b in zip(ahead, back, strict=True):
        assert a == pytest.approx(-b, rel=1e-9, abs=1e-6)


def test_by_hand():
    within, between = kitagawa(
        np.array([50.0, 50.0]), np.array([10.0, 20.0]), np.array([25.0, 75.0]),
        np.array([12.0, 20.0]),
    )  # fmt: skip
    assert within.tolist() == [0.75, 0.0]
    assert between.sum() == pytest.approx(2.25)
    assert (between > 0).all()  # fewer in the lower one, more in the higher one


UNITS = pd.DataFrame(
    {
        "major": ["11", "29", "29"],
        "exposure": [0.2, 0.6, np.nan],
        "employment_2021": [500.0, 500.0, 100.0],
        "employment_2025": [250.0, 750.0, 100.0],
        "pay_2021": [90_000.0, 40_000.0, 30_000.0],
        "pay_2025": [110_000.0, 50_000.0, 35_000.0],
        **{f"{kind}_rse_{year}": 0.02 for kind in ("employment", "pay") for year in (2021, 2025)},
    }
)


def test_exposure_has_a_part_between_only_and_says_that_within_is_not_measured():
    total, parts = decompose(UNITS, "exposure", 2021, 2025, PRICES)
    row = total.iloc[0]
    assert row["change"] == pytest.approx(0.1)
    assert row["between"] == pytest.approx(0.1)
    assert row["within"] == 0
    assert row["within_se"] == 0
    assert not row["within_measured"]
    assert row["n"] == 2
    assert row["coverage"] == pytest.approx(1000 / 1100)
    assert parts["between"].sum() == pytest.approx(0.1)
    said = decomposition_sentences(total.assign(workforce="all"))[0]
    assert "0 by construction" in said


def test_pay_is_in_real_dollars_and_its_parts_add_up_with_errors():
    total, parts = decompose(UNITS, "pay", 2021, 2025, PRICES)
    row = total.iloc[0]
    start = (500 * 90_000 + 500 * 40_000 + 100 * 30_000) / 1100 * 321.465 / 269.195
    assert row["mean_start"] == pytest.approx(start)
    assert row["within"] + row["between"] == pytest.approx(row["change"])
    assert (parts["within"] + parts["between"]).sum() == pytest.approx(row["change"])
    assert row["change_se"] > 0
    assert row["within_se"] > 0
    assert row["between_se"] > 0
    again = decompose(UNITS, "pay", 2021, 2025, PRICES)[0].iloc[0]
    assert again["change_se"] == row["change_se"]


def test_the_error_of_the_mean_exposure_is_that_of_the_delta_method():
    total, _ = decompose(UNITS, "exposure", 2021, 2025, PRICES)
    variance = 0.0
    for year in (2021, 2025):
        jobs, x = UNITS[f"employment_{year}"][:2], UNITS["exposure"][:2]
        share, mean = jobs / jobs.sum(), np.average(x, weights=jobs)
        variance += (((x - mean) * share * 0.02) ** 2).sum()
    assert total["change_se"].iloc[0] == pytest.approx(np.sqrt(variance), rel=0.12)


def test_an_error_that_is_not_published_is_not_taken_for_0():
    units = UNITS.assign(employment_rse_2025=[0.02, np.nan, 0.02])
    for measure, known in (("exposure", 0.1), ("pay", None)):
        total, _ = decompose(units, measure, 2021, 2025, PRICES)
        row = total.iloc[0]
        assert known is None or row["change"] == pytest.approx(known)
        assert np.isnan(row["change_se"])
        said = decomposition_sentences(total.assign(workforce="all"))[0]
        assert "standard error not known" in said
        assert "nan" not in said
    # A unit without an exposure is not in the mean, and neither is its error.
    gone = UNITS.assign(employment_rse_2025=[0.02, 0.02, np.nan])
    assert decompose(gone, "exposure", 2021, 2025, PRICES)[0]["change_se"].iloc[0] > 0


def test_dollars_are_those_of_the_base_year_in_both_years():
    row = decompose(UNITS, "pay", 2021, 2025, PRICES, base_year=2024)[0].iloc[0]
    end = (250 * 110_000 + 750 * 50_000 + 100 * 35_000) / 1100 * 314.069 / 321.465
    start = (500 * 90_000 + 500 * 40_000 + 100 * 30_000) / 1100 * 314.069 / 269.195
    assert [row["mean_start"], row["mean_end"]] == pytest.approx([start, end])
    assert row["base_year"] == 2024
