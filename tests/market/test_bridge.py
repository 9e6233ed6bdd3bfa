"""Bridging 2010 to 2018: nothing is lost, nothing is invented."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_prices import PRICES

from pipelines.market import bridge as comparable
from pipelines.market import lookback
from pipelines.market.outlook import openings
from pipelines.market.panel import panel
from pipelines.market.places import places
from pipelines.market.split import split_sentences, through_the_split


def tables(links, old, new):
    """Tables of a made classification: links of codes, (jobs, pay) by code before and after."""
    rows = [
        {"year": year, "soc_vintage": vintage, "soc_code": code, "employment": jobs,
         "annual_mean_wage": pay}
        for years, vintage, codes in (((2015,), "2010", old), ((2021, 2025), "2018", new))
        for year in years for code, (jobs, pay) in codes.items()
    ]  # fmt: skip
    wages = pd.DataFrame(rows).assign(
        area_code="99", state="US", occupation_group="detailed", employment_rse=2.0,
        mean_wage_rse=1.0,
    )  # fmt: skip
    wages["annual_median_wage"] = wages["annual_mean_wage"]
    wages["title"] = wages["soc_code"]
    walk = pd.DataFrame(links, columns=["soc_2010_code", "soc_code"])
    walk["weight"] = 1 / walk.groupby("soc_2010_code")["soc_code"].transform("size")
    codes = sorted(new)
    nem = pd.DataFrame({"onet_soc_code": [f"{c}.00" for c in codes], "nem_code": codes})
    return {
        "wages": wages, "price_index": PRICES, "soc_2010_to_2018": walk, "onet_soc_to_soc": nem,
    }  # fmt: skip


SPLIT = tables(
    [("29-2071", "29-2072"), ("29-2071", "29-9021"), ("11-1011", "11-1011")],
    {"29-2071": (1000.0, 40_000.0), "11-1011": (100.0, 90_000.0)},
    {"29-2072": (900.0, 44_000.0), "29-9021": (300.0, 60_000.0), "11-1011": (110.0, 95_000.0)},
)


def test_a_split_becomes_one_group_whose_jobs_and_payroll_add_up():
    units = panel(SPLIT)
    assert units.index.tolist() == ["11-1011", "29-2072"]
    row = units.loc["29-2072"]
    assert row["employment_2015"] == 1000
    assert row["employment_2021"] == 1200
    assert row["pay_2021"] == pytest.approx((900 * 44_000 + 300 * 60_000) / 1200)
    assert row["kind"] == "changed"
    assert units.loc["11-1011", "kind"] == "same"
    # Errors of two independent codes: 2% of 900 and of 300.
    assert row["employment_rse_2021"] == pytest.approx(0.02 * np.hypot(900, 300) / 1200)


def test_single_codes_share_the_jobs_of_before_and_have_no_pay_of_before():
    units = panel(SPLIT, "soc_code")
    assert units.loc["29-2072", "employment_2015"] == 500
    assert units["employment_2015"].sum() == 1100
    assert pd.isna(units.loc["29-2072", "pay_2015"])
    assert pd.isna(units.loc["29-2072", "pay_rse_2015"])
    assert pd.isna(units.loc["29-2072", "median_pay_2015"])
    assert units.loc["11-1011", "pay_2015"] == 90_000
    assert units.loc["29-9021", "pay_2021"] == 60_000


def test_a_group_with_a_missing_member_is_missing_and_not_a_partial_sum():
    wages = SPLIT["wages"].copy()
    wages.loc[(wages["soc_code"] == "29-9021") & (wages["year"] == 2025), "employment"] = np.nan
    row = panel({**SPLIT, "wages": wages}).loc["29-2072"]
    assert pd.isna(row["employment_2025"])
    assert pd.isna(row["pay_2025"])
    assert row["employment_2021"] == 1200
    gone = SPLIT["wages"][~((SPLIT["wages"]["soc_code"] == "29-9021")
                            & (SPLIT["wages"]["year"] == 2025))]  # fmt: skip
    assert pd.isna(panel({**SPLIT, "wages": gone}).loc["29-2072", "employment_2025"])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=1, max_size=16, unique=True),
    st.integers(0, 1000),
)
def test_any_crosswalk_conserves_employment_both_ways_of_bridging(pairs, seed):
    rng = np.random.default_rng(seed)
    links = [(f"10-{a:04d}", f"20-{b:04d}") for a, b in pairs]
    old = {a: (float(rng.integers(1, 999)), 1000.0) for a, _ in links}
    new = {b: (float(rng.integers(1, 999)), 1000.0) for _, b in links}
    made = tables(links, old, new)
    for unit in ("group", "soc_code"):
        units = panel(made, unit)
        assert units["employment_2015"].sum() == pytest.approx(sum(v for v, _ in old.values()))
        assert units["employment_2021"].sum() == pytest.approx(sum(v for v, _ in new.values()))
        # Equal pay stays equal whatever is joined.
        assert units["pay_2021"].dropna().to_numpy() == pytest.approx(1000.0)
    bridge = comparable.bridge(made)
    assert bridge.groupby("soc_2010_code")["weight"].sum().to_numpy() == pytest.approx(1.0)
    # No code of either side is in two groups.
    for side in ("soc_2010_code", "soc_code"):
        assert (bridge.groupby(side)["group"].nunique() == 1).all()


def test_the_family_through_the_split_combines_means_and_names_what_else_fed_it():
    made = tables(
        [("29-2071", "29-2072"), ("29-2071", "29-9021"), ("29-9099", "29-9021"),
         ("29-9099", "29-9099")],
        {"29-2071": (1000.0, 40_000.0), "29-9099": (500.0, 50_000.0)},
        {"29-2072": (900.0, 44_000.0), "29-9021": (300.0, 60_000.0), "29-9099": (350.0, 50_000.0)},
    )  # fmt: skip
    frame = through_the_split(made, "29-2072.00")
    family = frame[frame["basis"] == "family"].set_index("year")
    assert family.loc[2015, "employment"] == 1000
    assert family.loc[2025, "employment"] == 1200
    assert family.loc[2025, "mean_pay"] == pytest.approx(48_000)
    assert family.loc[2015, "real_mean_pay"] == pytest.approx(40_000 * 321.465 / 237.805)
    assert set(family["also_fed_by"]) == {"29-9099"}
    group = frame[frame["basis"] == "comparable group"].set_index("year")
    assert group.loc[2015, "employment"] == 1500
    assert set(group["also_fed_by"]) == {""}
    said = split_sentences(frame)
    assert "29-9099" in said[0]
    assert "+20.0 percent" in said[0]
    assert "29-9099" not in said[1]
    assert "+3.3 percent" in said[1]


def test_a_code_that_is_not_published_has_no_rows_and_a_sentence():
    frame = through_the_split(SPLIT, "55-1011")
    assert frame.empty
    assert "basis" in frame
    assert "does not publish" in split_sentences(frame)[0]


def test_the_two_codes_of_2015_for_one_of_soc_2010_are_one_group():
    made = tables(
        [("25-3099", "25-3031"), ("25-3099", "25-3099")],
        {"25-3097": (700.0, 40_000.0), "25-3098": (300.0, 50_000.0)},
        {"25-3031": (600.0, 40_000.0), "25-3099": (500.0, 50_000.0)},
    )
    pairs = comparable.bridge(made)
    assert set(pairs["group"]) == {"25-3031"}
    assert panel(made).loc["25-3031", ["employment_2015", "employment_2021"]].tolist() == [
        1000, 1100,
    ]  # fmt: skip


def test_a_code_is_a_technician_by_its_general_title_or_else_by_all_of_its_parts():
    rows = {
        "47-2152.00": "Plumbers", "47-2152.04": "Solar Thermal Technicians",
        "49-9099.01": "Geothermal Technicians", "49-9099.02": "Signal Technicians",
        "43-9199.01": "Proof Technicians", "43-9199.02": "Clerks",
        "43-4199.00": "Records Technicians", "43-4199.01": "Clerks",
    }  # fmt: skip
    made = {
        **SPLIT,
        "occupations": pd.DataFrame(rows.items(), columns=["onet_soc_code", "title"]),
        "alternate_titles": pd.DataFrame(columns=["onet_soc_code", "title", "kind"], dtype="str"),
    }
    assert comparable.technician_codes(made) == {"49-9099", "43-4199"}


@pytest.fixture(scope="module")
def snapshot(analysis):
    return analysis.tables


def test_medical_records_through_the_split_of_2018(snapshot):
    frame = through_the_split(snapshot, "29-2072")
    family = frame[frame["basis"] == "family"].set_index("year")
    assert family.loc[2015, ["codes", "employment"]].tolist() == ["29-2071", 189_930]
    assert family.loc[2025, ["codes", "employment"]].tolist() == ["29-2072 + 29-9021", 232_820]


def test_technicians_as_a_whole_leave_out_codes_with_one_technician_specialty(snapshot):
    codes = comparable.technician_codes(snapshot)
    # OEWS merges 29-2011 and 29-2012.
    assert {"29-2072", "29-9021", "17-3023", "29-2010"} <= codes
    assert "29-2012" not in codes
    assert "47-2152" not in codes  # plumbers, with the specialty of solar thermal technicians


def test_small_and_uncertain_states_are_marked_with_every_reason_and_none_is_dropped(snapshot):
    frame = places(snapshot["wages"], "29-2072").set_index("state")
    wages = snapshot["wages"]
    held = wages[(wages["soc_code"] == "29-2072") & (wages["state"] != "US")]
    assert len(frame) == held["state"].nunique()
    assert frame.loc["CA", "guard"] == ""
    assert "fewer than 500 jobs" in frame.loc["DC", "guard"]
    assert "error of mean pay" in frame.loc["DC", "guard"]
    assert frame.loc["VT", "guard"] == "employment not released"
    known = frame.dropna(subset=["location_quotient"])
    assert (known["lq_low"] <= known["location_quotient"]).all()
    assert (known["location_quotient"] <= known["lq_high"]).all()
    strict = places(wages, "29-2072", floor=1e9)
    assert (strict["guard"] != "").all()


def test_openings_by_cause_add_up_to_all_openings(snapshot):
    frame = openings(snapshot["projections"], ["29-2072", "29-9021", "17-3023"])
    row = frame.set_index("soc_code").loc["29-2072"]
    assert row[["growth", "exits", "transfers"]].tolist() == [1650.0, 7600.0, 5800.0]
    parts = frame[["growth", "exits", "transfers"]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(frame["openings"].to_numpy(), abs=150)


def test_the_error_of_a_sum_is_missing_where_one_part_has_none():
    """A sum over the errors that are published would take the others for 0."""
    wages = SPLIT["wages"].copy()
    here = (wages["soc_code"] == "29-9021") & (wages["year"] == 2025)
    wages.loc[here, "employment_rse"] = np.nan
    row = panel({**SPLIT, "wages": wages}).loc["29-2072"]
    assert row["employment_2025"] == 1200
    assert pd.isna(row["employment_rse_2025"])
    assert pd.isna(row["pay_rse_2025"])
    assert row["employment_rse_2021"] > 0


def test_a_measure_needs_half_of_the_employment_of_a_unit_and_all_of_it_known():
    """Two codes of one group, one without the measure."""
    tables = {**SPLIT, "projections": pd.DataFrame(
        {"base_year": 2024, "soc_code": ["29-2072"], "typical_education": ["None"]})}  # fmt: skip
    measures = pd.DataFrame(
        {"exposure": [0.4, np.nan], "exposure_se": [0.1, np.nan], "aioe": [np.nan, 2.0]},
        index=["29-2072", "29-9021"],
    )
    # 900 jobs of 1,200 have an exposure, 300 have the other measure.
    row = lookback.units(tables, measures).loc["29-2072"]
    assert row["exposure"] == pytest.approx(0.4)
    assert row["exposure_se"] == pytest.approx(0.1)
    assert pd.isna(row["aioe"])
    assert row["n_codes"] == 2
    wages = SPLIT["wages"].copy()
    here = (wages["soc_code"] == "29-9021") & (wages["year"] == 2021)
    half = wages.assign(employment=wages["employment"].mask(here, 900.0))
    assert lookback.units({**tables, "wages": half}, measures).loc["29-2072", "aioe"] == 2.0
    unknown = wages.assign(employment=wages["employment"].mask(here))
    row = lookback.units({**tables, "wages": unknown}, measures).loc["29-2072"]
    assert pd.isna(row["exposure"])
    assert pd.isna(row["exposure_se"])
    both = measures.assign(exposure=0.4)
    row = lookback.units(tables, both).loc["29-2072"]
    assert row["exposure"] == pytest.approx(0.4)
    assert pd.isna(row["exposure_se"])


def test_the_error_of_a_group_s_pay_has_that_of_pay_and_that_of_the_mix():
    """Both terms of the delta method, by hand."""
    row = panel(SPLIT).loc["29-2072"]
    mean = 48_000
    own = np.hypot(900 * 44_000, 300 * 60_000) * 0.01
    mix = np.hypot(900 * (44_000 - mean), 300 * (60_000 - mean)) * 0.02
    assert mix > own / 5  # it counts
    assert row["pay_rse_2021"] == pytest.approx(np.hypot(own, mix) / 1200 / mean)
    assert pd.isna(row["median_pay_2021"])
    assert panel(SPLIT).loc["11-1011", "median_pay_2021"] == 95_000


def test_each_code_is_in_the_group_that_all_its_links_lead_to():
    made = tables(
        [("10-1", "20-1"), ("10-1", "20-2"), ("10-2", "20-2"), ("10-3", "20-3")],
        {"10-1": (10.0, 1.0), "10-2": (20.0, 1.0), "10-3": (5.0, 1.0)},
        {"20-1": (10.0, 1.0), "20-2": (20.0, 1.0), "20-3": (5.0, 1.0), "20-4": (1.0, 1.0)},
    )
    pairs = comparable.bridge(made)
    held = pairs.set_index(["soc_2010_code", "soc_code"])
    assert held.loc[("10-1", "20-1"), "group"] == held.loc[("10-2", "20-2"), "group"] == "20-1"
    assert held.loc[("10-3", "20-3"), "group"] == "20-3"
    assert pairs.loc[pairs["soc_code"] == "20-4", "group"].tolist() == ["20-4"]
    assert held.loc[("10-1", "20-1"), "weight"] == 0.5
    row = panel(made).loc["20-1"]
    assert (row["employment_2015"], row["soc_code"], row["kind"]) == (30, "20-2", "changed")
    # A weight of zero everywhere (no employment is published) leaves equal shares.
    none = made["soc_2010_to_2018"].assign(weight=0.0)
    held = comparable.bridge({**made, "soc_2010_to_2018": none})
    held = held.set_index(["soc_2010_code", "soc_code"])["weight"]
    assert held[("10-1", "20-1")] == held[("10-1", "20-2")] == 0.5
    uneven = made["soc_2010_to_2018"].assign(weight=[3.0, 1.0, 1.0, 1.0])
    held = comparable.bridge({**made, "soc_2010_to_2018": uneven})
    assert held.set_index(["soc_2010_code", "soc_code"])["weight"][("10-1", "20-1")] == 0.75
