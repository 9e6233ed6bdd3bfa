"""Percentiles, intervals and chance rates against a twin; the rule's properties."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from claims_twin import WEAK, said
from hypothesis import given
from hypothesis import strategies as st

from pipelines.claims import board as boards
from pipelines.claims import standings
from pipelines.claims.measures import Measure, Pool
from pipelines.claims.verdicts import claims_table

TWINNED = sorted(set(range(1, 25)) - {20, 21})


def pool(values, errors=None):
    index = [str(i) for i in range(len(values))]
    series = pd.Series(list(values), index, dtype=float)
    given_errors = None if errors is None else pd.Series(list(errors), index, dtype=float)
    return Pool(series, pd.Series(index, index), frozenset(index[:3]), "1 to 5", str, given_errors)


@pytest.mark.parametrize("number", TWINNED)
def test_the_verdicts_of_all_occupations_are_those_of_the_twin(board, twin, number):
    own = board.verdicts[number].dropna()
    expected = {code: said(p) for code, p in twin.percentile[number].items()}
    assert own.to_dict() == {c: expected[c] for c in own.index}
    assert set(own.index) == set(expected) & set(twin.occupations)


@pytest.mark.parametrize("code", ["29-2072.00", "49-9062.00"])
def test_percentiles_are_those_of_the_twin(board, twin, code):
    table = claims_table(board, code).set_index("number")
    for number in TWINNED:
        expected = twin.percentile[number].get(code, math.nan)
        assert table["percentile"][number] == pytest.approx(expected, nan_ok=True), number


@pytest.mark.parametrize("code", ["29-2012.00", "49-9062.00"])
@pytest.mark.parametrize("number", [3, 16, 22])
def test_intervals_are_those_of_a_count_pair_by_pair(board, twin, code, number):
    values, errors = twin.error[number]
    low = high = 0
    for other in set(values) - {code}:
        a, b = max(errors[code], 0.125), max(errors[other], 0.125)  # a missing one stays missing
        if math.isnan(errors[other]):
            continue
        sure = 1.96 * (a**2 + b**2) ** 0.5
        low += values[other] < values[code] - sure
        high += values[other] > values[code] + sure
    row = claims_table(board, code).set_index("number").loc[number]
    n = len(values) - 1
    expected = (100 * low / n, 100 - 100 * high / n)
    assert (row["percentile_low"], row["percentile_high"]) == pytest.approx(expected)
    assert row["percentile_low"] <= row["percentile"] <= row["percentile_high"]


def test_the_interval_of_a_fall_in_employment_is_from_both_years(board, twin):
    jobs = twin.read("wages").query("area_code == '99' and occupation_group == 'detailed'")
    jobs = jobs[jobs["soc_code"] == "29-2072"].set_index("year")
    ratio = jobs["employment"][2025] / jobs["employment"][2021]
    relative = math.hypot(jobs["employment_rse"][2021], jobs["employment_rse"][2025])
    row = claims_table(board, "29-2072.00").set_index("number").loc[23]
    assert row["standard_error"] == pytest.approx(ratio * relative)
    assert row["percentile_low"] < row["percentile"] < row["percentile_high"]


def test_without_standard_errors_there_is_no_interval(board):
    table = claims_table(board, "29-2072.00")
    bare = table["standard_error"].isna()
    ends = [c for c in table if c.endswith(("_low", "_high"))]
    assert table.loc[bare, ends].isna().all(axis=None)
    assert table.loc[~bare & table["percentile"].notna(), "percentile_low"].notna().all()
    assert (table["standard_error"].dropna() > 0).all()


def test_one_without_a_standard_error_could_be_on_either_side():
    ends = standings.interval(pool([1, 2, 3, 4, 5], [0.1, math.nan, 0.1, math.nan, 0.1]), "2")
    assert ends == (25.0, 75.0)
    assert np.isnan(standings.interval(pool([1, 2], [0.1, math.nan]), "1")).all()


def test_intervals_hold_the_true_place_at_least_as_often_as_they_say():
    rng = np.random.default_rng(18)
    held = asked = 0
    for _ in range(20):
        true, errors = rng.normal(3, 0.6, 120), rng.uniform(0.13, 0.45, 120)
        seen = pool(true + rng.normal(0, errors), errors)
        place = 100 * (true.argsort().argsort()) / 119
        for i in range(120):
            low, high = standings.interval(seen, str(i))
            held += low <= place[i] <= high
            asked += 1
    assert held / asked >= 0.95


@pytest.mark.parametrize("code", ["29-2072.00", "49-9062.00"])
@pytest.mark.parametrize("among", ["all occupations", "technicians"])
def test_chance_is_counted_over_real_occupations(board, twin, code, among):
    mine = {n for n in TWINNED if n not in WEAK and code in twin.percentile[n]}
    drawn = [c for c in twin.occupations if all(c in twin.percentile[n] for n in mine)]
    if among == "technicians":
        drawn = [c for c in drawn if c in board.technicians]
    rows = boards.by_chance(board, code)
    rows = rows[rows["among"] == among].set_index("verdict")
    assert set(rows["claims"]) == {len(mine)}
    for verdict, row in rows.iterrows():
        counts = sorted(sum(said(twin.percentile[n][c]) == verdict for n in mine) for c in drawn)
        assert row["occupations"] == len(drawn)
        assert row["found"] == sum(said(twin.percentile[n][code]) == verdict for n in mine)
        assert row["mean"] == pytest.approx(sum(counts) / len(counts))
        between = sum(row["low"] <= c <= row["high"] for c in counts) / len(counts)
        assert between >= 0.9
        above = sum(c >= row["found"] for c in counts) / len(counts)
        assert row["as_many"] == pytest.approx(100 * above)
        # Claims go together: real occupations spread wider than independent claims would.
        assert row["deviation"] == pytest.approx(np.std(counts))
        shares = [np.mean([said(twin.percentile[n][c]) == verdict for c in drawn]) for n in mine]
        alone = math.sqrt(sum(s * (1 - s) for s in shares))
        assert row["independent"] == pytest.approx(alone)
        if verdict != "between":
            assert row["deviation"] > row["independent"]


def test_base_rates_stand_beside_each_claim(board, twin):
    table = claims_table(board, "29-2072.00").set_index("number")
    for number in TWINNED:
        for ends, codes in (("", twin.occupations), ("_technicians", board.technicians)):
            held = [twin.percentile[number][c] for c in codes if c in twin.percentile[number]]
            for verdict in ("supported", "not supported"):
                share = 100 * np.mean([said(p) == verdict for p in held])
                column = f"chance_{verdict.replace(' ', '_')}{ends}"
                assert table[column][number] == pytest.approx(share), (number, column)


def test_a_measure_that_most_occupations_share_a_value_of_cannot_speak(board, twin):
    assert board.verdicts[21].isna().all()
    tasks, links = twin.read("tasks"), twin.read("task_dwas")
    billing = set(links.loc[links["dwa_id"] == "4.A.4.c.1.I03.D03", "onet_soc_code"])
    every = set(tasks["onet_soc_code"])
    none = 100 * (1 - len(billing) / len(every))
    row = claims_table(board, "49-9062.00").set_index("number").loc[21]
    assert row["verdict"] == "cannot be tested"
    assert f"{none:.0f} percent of all occupations have the same value, 0" in row["remark"]
    shares = [p.most_equal[0] for n, m in board.measures.items() if n != 21 for p in m.pools]
    assert max(shares) < standings.MOST_EQUAL


def test_a_measure_serves_one_claim():
    names = [e["measure"] for e in boards.entries() if "measure" in e]
    assert len(names) == len(set(names))


@given(st.lists(st.integers(0, 6), min_size=2, max_size=40), st.data())
def test_the_rule_is_bounded_monotone_and_turns_with_the_direction(values, data):
    order = ["not supported", "between", "supported"]
    given_ = pool(values)
    more = standings.percentiles(given_)
    less = standings.percentiles(given_, "less")
    assert more.between(0, 100).all()
    assert np.allclose(more + less, 100)
    i, j = (data.draw(st.sampled_from(list(given_.values.index))) for _ in range(2))
    if given_.values[i] <= given_.values[j]:
        i, j = j, i
    rank = [order.index(standings.verdict(more[k])) for k in (i, j)]
    turned = [order.index(standings.verdict(less[k])) for k in (i, j)]
    assert rank[0] >= rank[1]
    assert turned[0] <= turned[1]
    # A verdict is never supported both ways.
    assert rank[0] + turned[0] <= 3


@given(st.floats(0, 100))
def test_the_rule_gives_one_verdict_for_any_percentile(percentile):
    verdict = standings.verdict(percentile)
    assert (verdict == "supported") == (percentile >= 67)
    assert (verdict == "not supported") == (percentile < 33)


@given(
    st.lists(st.tuples(st.floats(0, 5), st.floats(0.125, 2)), min_size=2, max_size=25),
    st.sampled_from(["more", "less"]),
)
def test_an_interval_holds_its_percentile(rated, direction):
    given_ = pool([v for v, _ in rated], [e for _, e in rated])
    for code in given_.values.index:
        low, high = standings.interval(given_, code, direction)
        place = standings.percentiles(given_, direction)[code]
        assert -1e-9 <= low <= place + 1e-9
        assert place - 1e-9 <= high <= 100 + 1e-9


def test_an_occupation_that_a_newer_edition_rates_is_placed_in_it_alone():
    new, old = pool([1, 2]), pool([1, 2, 3])
    named = Measure("m", (new, old), "none")
    assert named.pool("1") is new
    assert named.pool("2") is old
    assert named.pool("9") is None
