"""Kitagawa's identity, and what the decomposition of the workforce says."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_prices import CPI_MAY, PRICES

from pipelines.base.errors import UsageError
from pipelines.market.bridge import bridge
from pipelines.market.decomposition import (
    decompose,
    decomposition_sentences,
    kitagawa,
    technician_groups,
    workforce,
)
from pipelines.market.published import published_as

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


def test_errors_of_pay_go_into_both_parts_as_the_delta_method_says():
    """With sizes known for certain: within by the mean share, between by the change of share."""
    known = UNITS.assign(employment_rse_2021=0.0, employment_rse_2025=0.0)
    row = decompose(known, "pay", 2021, 2025, PRICES)[0].iloc[0]
    s0, s1 = (UNITS[f"employment_{y}"] / UNITS[f"employment_{y}"].sum() for y in (2021, 2025))
    variance = {"within": 0.0, "between": 0.0, "change": 0.0}
    for year, share in ((2021, s0), (2025, s1)):
        error = 0.02 * UNITS[f"pay_{year}"] * CPI_MAY[2025] / CPI_MAY[year]
        variance["within"] += (((s0 + s1) / 2 * error) ** 2).sum()
        variance["between"] += (((s1 - s0) / 2 * error) ** 2).sum()
        variance["change"] += ((share * error) ** 2).sum()
    for part, expected in variance.items():
        assert row[f"{part}_se"] == pytest.approx(np.sqrt(expected), rel=0.12), part


def test_parts_by_major_group_stand_with_their_shares_the_largest_first():
    """The largest by what both parts come to: what grew within may have shrunk in number."""
    units = pd.DataFrame(
        {
            "major": ["11", "13", "29", "29"],
            "employment_2021": [400.0, 200.0, 300.0, 100.0],
            "employment_2025": [200.0, 200.0, 400.0, 200.0],
            "pay_2021": [80_000.0, 40_000.0, 40_000.0, 30_000.0],
            "pay_2025": [130_000.0, 80_000.0, 50_000.0, 40_000.0],
            **{f"{kind}_rse_{y}": 0.0 for kind in ("employment", "pay") for y in (2021, 2025)},
        }
    )
    _, parts = decompose(units, "pay", 2021, 2025, PRICES.assign(value=100.0))
    assert parts.columns.tolist() == ["major", "within", "between", "share_start", "share_end"]
    parts = parts.set_index("major")
    assert parts["within"].to_dict() == pytest.approx(
        {"11": 50_000 * 0.3, "13": 40_000 * 0.2, "29": 10_000 * 0.35 + 10_000 * 0.15}
    )
    sizes = (parts["within"] + parts["between"]).abs()
    assert sizes.is_monotonic_decreasing
    assert not (parts["within"] - parts["between"]).abs().is_monotonic_decreasing
    assert parts["share_start"].to_dict() == {"11": 0.4, "13": 0.2, "29": 0.4}
    assert parts["share_end"].to_dict() == pytest.approx({"11": 0.2, "13": 0.2, "29": 0.6})


def test_years_without_figures_are_refused_with_what_was_asked():
    with pytest.raises(UsageError) as error:
        decompose(UNITS.assign(pay_2025=np.nan), "pay", 2021, 2025, PRICES)
    assert str(error.value) == "pay: no unit has it in 2021 and 2025. Choose other years"


def test_each_workforce_is_decomposed_before_and_after_the_tools_in_dollars_of_today():
    def of(start, end):
        years = {2021: start, 2025: end}
        return UNITS.rename(columns=lambda name: name.replace(name[-4:], str(years[int(name[-4:])]))
                            if name[-5:-4] == "_" else name)  # fmt: skip

    frames = {"all": (of(2015, 2021), of(2021, 2025)),
              "technicians": (of(2015, 2021)[1:], of(2021, 2025)[1:])}  # fmt: skip
    totals, parts = workforce(frames, [2015, 2021, 2024, 2025], PRICES)
    assert list(parts) == list(
        totals[["workforce", "measure", "start", "end"]].itertuples(index=False, name=None)
    )
    assert set(parts) == {
        (who, what, *span) for who in frames for what in ("exposure", "pay")
        for span in ((2015, 2021), (2021, 2025))
    }  # fmt: skip
    assert (totals["base_year"] == 2025).all()
    asked = ("technicians", "pay", 2015, 2021)
    own, part = decompose(frames["technicians"][0], *asked[1:], PRICES, 2025)
    row = totals[[tuple(r) == asked for r in totals[
        ["workforce", "measure", "start", "end"]].to_numpy().tolist()]].iloc[0]  # fmt: skip
    assert row["change"] == own["change"].iloc[0]
    pd.testing.assert_frame_equal(parts[asked], part)


def test_a_group_is_of_technicians_only_where_every_code_of_it_is():
    units = UNITS.assign(group=["managers", "records", "software"])
    pairs = pd.DataFrame(
        [("managers", "11-1011"), ("records", "29-2072"), ("records", "29-9021"),
         ("software", "15-1251"), ("software", "15-1252"), ("software", None)],
        columns=["group", "soc_code"],
    )  # fmt: skip
    known = {"29-2072", "29-9021", "15-1252"}
    assert technician_groups(units, known, pairs)["group"].tolist() == ["records"]
    assert technician_groups(units, known - {"29-9021"}, pairs).empty


def test_technicians_hold_technicians_only_and_the_year_of_two_means_is_explained(evidence):
    snapshot = evidence.tables
    totals = evidence.decompositions.set_index(["workforce", "measure", "start"])
    # The same mean by hand: jobs of May 2021 in the groups that hold technicians alone.
    pairs = bridge(snapshot).dropna(subset=["soc_code"])
    technicians = evidence.technicians
    mixed = pairs.loc[~pairs["soc_code"].isin(technicians), "group"]
    own = pairs[pairs["soc_code"].isin(technicians) & ~pairs["group"].isin(mixed)]
    panel = evidence.units.loc[sorted(own["group"].unique())]
    needed = ["employment_2015", "employment_2021", "exposure"]
    panel = panel.dropna(subset=needed)
    wages = snapshot["wages"]
    may = wages[(wages["year"] == 2021) & (wages["area_code"] == "99")
                & (wages["occupation_group"] == "detailed")].set_index("soc_code")  # fmt: skip
    exposure = snapshot["occupation_exposure"]
    under = exposure["onet_soc_code"].str[:7].map(published_as(snapshot, year=2021))
    exposure = exposure.groupby(under)["exposure"].mean()
    codes = sorted(set(own.loc[own["group"].isin(panel.index), "soc_code"]) & set(may.index))
    jobs, rate = may.loc[codes, "employment"], exposure.reindex(codes)
    jobs = jobs[rate.notna()]
    mean = (rate.dropna() * jobs).sum() / jobs.sum()
    row = totals.loc["technicians", "exposure", 2015]
    assert row["mean_end"] == pytest.approx(mean, abs=1e-9)
    assert row["n"] == len(panel)
    everyone = may.loc[sorted(technicians & set(may.index)), "employment"].sum()
    share = may.loc[sorted(set(own["soc_code"]) & set(may.index)), "employment"].sum() / everyone
    assert row["population_share"] == pytest.approx(share, abs=0.01)
    assert totals.loc["technicians", "pay", 2021]["population_share"] == 1
    said = [s for s in decomposition_sentences(evidence.decompositions) if "first span" in s]
    assert any("technician occupations alone" in s and f"{100 * share:.0f} percent" in s
               for s in said)  # fmt: skip


def test_what_the_sentences_say():
    row = {
        "workforce": "all", "measure": "exposure", "start": 2015, "end": 2021, "base_year": 2025,
        "mean_start": 0.41234, "mean_end": 0.4, "change": -0.01234, "change_se": 0.00125,
        "within": 0.0, "between": -0.01234, "within_se": 0.0, "between_se": 0.00125,
        "population_share": 1.0,
    }  # fmt: skip
    pay = row | {"workforce": "technicians", "measure": "pay", "start": 2021, "end": 2025,
                 "change": -1234.4, "change_se": 321.2, "within": -2345.6, "within_se": 301.0,
                 "between": 1111.2, "between_se": 99.0}  # fmt: skip
    unknown = {"change_se": np.nan, "within_se": np.nan, "between_se": np.nan}
    said = decomposition_sentences(pd.DataFrame([row, row | unknown, pay, pay | unknown]))
    not_known = "standard error not known: OEWS does not publish that of every occupation"
    end = (
        "all of it between occupations. The part within them is 0 by construction: exposure is "
        "measured once."
    )
    head = "2015-2021, all occupations: mean exposure, weighted by jobs, went from "
    head += "0.4123 to 0.4000 (-0.0123, "
    wage = "2021-2025, technician occupations: mean real wage, weighted by jobs, "
    wage += "changed by -$1,234 "
    assert said == [
        f"{head}standard error 0.0013), {end}",
        f"{head}{not_known}), {end}",
        f"{wage}(standard error 321) in dollars of 2025: -$2,346 (301) within occupations, "
        "+$1,111 (99) by their mix.",
        f"{wage}({not_known}) in dollars of 2025: -$2,346 within occupations, +$1,111 by their "
        "mix.",
    ]
