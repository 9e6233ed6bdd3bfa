"""Gates: each lets a good release pass, stops a bad one, and says how to accept it."""

from __future__ import annotations

import pandas as pd
import pytest
from made_releases import OEWS, made, many, wages

from pipelines.base.errors import UsageError
from pipelines.refresh import gates


def found(new, last=None, rebuilt=None):
    return {f.gate: f for f in gates.check(new, last, rebuilt)}


def scaled(factor, n=40):
    return {code: jobs * factor for code, jobs in many(n).items()}


def edition(year):
    return {"oews": {**OEWS["oews_nat_2025"], "release": f"May {year}", "date": f"{year}-05"}}


def test_every_limit_has_a_reason():
    for name, gate in gates.limits().items():
        assert gate["reason"], name
        assert gate["about"], name


def test_the_same_tables_pass():
    assert gates.check(made(wages=wages(many())), made(wages=wages(many()))) == []
    assert gates.check(made(wages=wages(many())), None) == []


def test_the_error_names_figure_old_new_limit_and_the_way_out():
    last = made(wages=wages(many(40)))
    found_ = gates.check(made(wages=wages(many(20))), last)
    text = str(found_[0].error())
    assert "table wages" in text
    assert "21 rows, the last release has 41; at least 80% are expected" in text
    assert "outlook refresh --accept rows" in text
    assert found_[0].error().exit_code == 5
    assert (found_[0].old, found_[0].new) == (41, 21)


def test_a_table_that_is_gone():
    last = made(wages=wages(many()), job_zones=pd.DataFrame({
        "onet_soc_code": ["29-2072.00"], "job_zone": [3], "date": ["05/2025"]}))  # fmt: skip
    finding = found(made(wages=wages(many())), last)["rows"]
    assert finding.figure == "table job_zones"
    assert finding.new == 0


def test_an_emptied_column():
    frame = wages(many()).assign(annual_mean_wage=float("nan"))
    finding = found(made(wages=frame), made(wages=wages(many())))["values"]
    assert "annual_mean_wage" in finding.figure
    assert "0.0% of the values are there, 100.0% in the last release" in finding.text


def test_columns_of_a_published_release_are_counted_without_reading_it(tmp_path):
    from pipelines.releases import publish, store

    frames = {"wages": made(wages=wages(many())).table("wages")}
    publish.write_tables(tmp_path, frames, {"sources": OEWS})
    shares = gates._filled(store.open_release(tmp_path), "wages")
    assert shares["annual_mean_wage"] == 1.0
    assert shares["annual_median_wage"] == 0.0


@pytest.mark.parametrize(("share", "area", "stopped"), [
    (1.0, "99", False), (0.98, "99", False), (0.96, "99", True), (1.01, "99", True),
    (0.80, "06", False), (0.70, "06", True),
])  # fmt: skip
def test_detailed_occupations_against_the_published_total(share, area, stopped):
    frame = wages(many(), total=sum(many().values()) / share, area=area)
    assert ("totals" in found(made(wages=frame))) == stopped


def test_states_that_do_not_sum_to_the_nation():
    states = [wages({"29-2072": 10.0}, area=f"{i:02d}") for i in range(1, 52)]
    for jobs, stopped in ((510.0, False), (400.0, True)):
        frame = pd.concat([wages({"29-2072": jobs}), *states], ignore_index=True)
        finding = found(made(wages=frame)).get("totals")
        assert (finding is not None) == stopped
    assert "all states" in finding.figure


@pytest.mark.parametrize(("inside", "outside"), [(0.901, 0.899), (1.099, 1.101)])
@pytest.mark.parametrize("gap", [1, 2])
def test_the_nation_gains_or_loses_a_tenth_of_its_jobs_a_year(inside, outside, gap):
    def at(ratio):
        now = wages({"29-2072": 1000.0 * ratio**gap})
        before = wages({"29-2072": 1000.0}).assign(year=2025 - gap)
        return made(wages=pd.concat([now, before], ignore_index=True))

    finding = both("nation", at(inside), at(outside))
    assert finding.figure == "table wages, 2025, the nation's employment"
    assert finding.new == pytest.approx(outside)
    assert f"{outside:.1%} of the jobs of {2025 - gap}, a year" in finding.text


@pytest.mark.parametrize(("inside", "outside"), [(0.931, 0.929), (1.009, 1.011)])
def test_all_areas_together_are_nearly_the_nation(inside, outside):
    def at(ratio, n=400):
        jobs = 100.0 * ratio
        codes = [f"{i:05d}" for i in range(n)]
        areas = pd.DataFrame({"area_code": codes}).assign(
            year=2025, soc_code="00-0000", occupation_group="total", employment=jobs
        )
        return made(wages=wages({"29-2072": 100.0 * n}), area_wages=areas)

    finding = both("nation", at(inside), at(outside))
    assert finding.figure == "table area_wages, 2025, all areas"
    assert "nation" not in found(at(0.5, 399))  # a file of some areas is no whole


def test_wages_of_the_same_edition_may_only_be_corrected():
    last = made(wages=wages(many(), dict.fromkeys(many(), 50_000)))
    corrected = {**dict.fromkeys(many(), 50_000), "29-2001": 51_000}
    assert found(made(wages=wages(many(), corrected)), last) == {}
    moved = dict.fromkeys(many(), 50_500)
    finding = found(made(wages=wages(many(), moved)), last)["wages"]
    assert "moved by 1.0%" in finding.text
    assert "50,000 before, 50,500 now" in finding.text


def test_one_wage_out_of_reach_is_found_among_many():
    last = made(wages=wages(many(), dict.fromkeys(many(), 50_000)))
    wrong = {**dict.fromkeys(many(), 50_000), "29-2001": 500_000}
    assert "29-2001" in found(made(wages=wages(many(), wrong)), last)["wages"].text


def test_a_new_edition_has_wider_limits_and_still_has_limits():
    last = made(sources=edition(2024), wages=wages(many(), year=2024))
    for factor, stopped in ((1.04, False), (1.2, True)):
        pay = dict.fromkeys(many(), 50_000 * factor)
        new = made(sources=edition(2025), wages=wages(many(), pay, year=2025))
        assert ("wages" in found(new, last)) == stopped
    two_years = dict.fromkeys(many(), 50_000 * 1.12)
    new = made(sources=edition(2026), wages=wages(many(), two_years, year=2026))
    assert found(new, last) == {}


def test_employment_is_held_as_wages_are():
    last = made(wages=wages(many()))
    assert "employment" in found(made(wages=wages(scaled(1.02))), last)


def exposures(values):
    return pd.DataFrame({
        "onet_soc_code": [f"29-{2001 + i}.00" for i in range(len(values))],
        "exposure": values, "quintile": 1, "exposure_low": 0.0, "exposure_high": 1.0,
    })  # fmt: skip


def test_exposure_that_moved_without_a_reason():
    last = made(occupation_exposure=exposures([0.50] * 30))
    moved = made(occupation_exposure=exposures([0.52] * 30))
    assert "0.500 before, 0.520 now" in found(moved, last)["exposure"].text
    # Another model is a reason, within its own limit.
    moved.manifest["code_sha256"] = "other"
    assert found(moved, last) == {}
    far = made(occupation_exposure=exposures([0.60] * 30))
    far.manifest["code_sha256"] = "other"
    assert "exposure" in found(far, last)


def walk(*pairs):
    codes = pd.DataFrame(pairs, columns=["soc_2010_code", "soc_code"])
    onet = pd.DataFrame({
        "onet_soc_2010_code": codes["soc_2010_code"] + ".00",
        "onet_soc_code": codes["soc_code"] + ".00",
    })  # fmt: skip
    return {"soc_2010_to_2018": codes.assign(weight=1.0), "onet_walk_2010_2019": onet}


def test_a_code_that_the_crosswalk_does_not_know():
    jobs = {"29-2072": 10.0, "29-9021": 5.0}
    good = walk(("29-2071", "29-2072"), ("29-2071", "29-9021"))
    assert found(made(wages=wages(jobs), **good)) == {}
    finding = found(made(wages=wages(jobs), **walk(("29-2071", "29-2072"))))["crosswalk"]
    assert "29-9021" in finding.text


def test_listed_codes_and_matrix_codes_pass():
    pairs = walk(("29-2071", "29-2072"))
    matrix = pd.DataFrame({"onet_soc_code": ["13-1021.00"], "nem_code": ["13-1020"]})
    frame = pd.concat([
        wages({"13-1020": 10.0}),
        wages({"25-3097": 10.0, "29-2071": 1.0}, year=2015, vintage="2010"),
    ])  # fmt: skip
    assert found(made(wages=frame, onet_soc_to_soc=matrix, **pairs)) == {}
    assert "crosswalk" in found(made(wages=frame, **pairs))


def test_half_a_table_is_named_and_not_what_follows_from_it():
    last = made(wages=wages(many(40)))
    assert set(found(made(wages=wages(scaled(3, 20))), last)) == {"rows"}


def test_gates_of_tables_that_stay_are_not_asked_again():
    bad = made(wages=wages(many(), total=1.0))
    assert "totals" in found(bad, made(wages=wages(many(), total=1.0)))
    assert gates.check(bad, bad, set()) == []


def test_an_unknown_gate_is_answered_with_the_list():
    gates.require_known(["wages", "rows"])
    with pytest.raises(UsageError, match=r"wage: no such gate.*crosswalk \(") as raised:
        gates.require_known(["wage"])
    assert raised.value.exit_code == 2


#: Every limit, written out a second time: one that is changed in gates.toml is changed here too.
LIMITS = {
    "rows": {"least_share": 0.80},
    "parts": {"least_share": 0.80},
    "values": {"most_lost": 0.05},
    "totals": {"nation_low": 0.97, "nation_high": 1.005, "states_low": 0.75, "states_high": 1.01,
               "sum_low": 0.97, "sum_high": 1.03},
    "nation": {"yearly_low": 0.90, "yearly_high": 1.10, "areas_low": 0.93, "areas_high": 1.01},
    "wages": {"same_edition_median": 0.005, "same_edition_beyond": 0.005,
              "new_edition_median": 0.08, "new_edition_beyond": 0.02, "beyond": 0.30},
    "employment": {"same_edition_median": 0.005, "same_edition_beyond": 0.005,
                   "new_edition_median": 0.12, "new_edition_beyond": 0.04, "beyond": 0.50},
    "exposure": {"same_edition": 0.005, "new_edition": 0.05},
    "paths": {"same_edition": 0.02, "new_edition": 0.35},
    "schools": {
        "known_low": 0.95, "awards_low": 0.93, "awards_high": 1.08, "same_edition": 0.005,
        "new_edition": 0.1,
    },
    "moves": {"sum_low": 0.99, "sum_high": 1.01, "same_edition": 0.02, "new_edition": 0.35},
    "crosswalk": {"most": 0},
}  # fmt: skip


def test_the_limits_are_these():
    kept = {
        name: {k: v for k, v in gate.items() if isinstance(v, (int, float))}
        for name, gate in gates.limits().items()
    }
    assert kept == LIMITS
    assert list(kept) == list(LIMITS)


def both(gate, good, bad, last=None):
    """The finding of a gate for `bad`; none for `good`."""
    assert gate not in found(good, last)
    return found(bad, last)[gate]


def test_rows_may_fall_to_four_fifths():
    last = made(wages=wages(many(49)))  # 50 rows with the total
    finding = both("rows", made(wages=wages(many(39))), made(wages=wages(many(38))), last)
    assert (finding.old, finding.new, finding.limit) == (50, 39, 40)
    assert finding.text == "39 rows, the last release has 50; at least 80% are expected"


def _from(source, rows):
    return made(
        sources={"oews": {**OEWS["oews_nat_2025"], "url": "https://a/b.zip", "rows": rows}},
        wages=wages(many()),
    )


def test_each_source_may_fall_to_four_fifths_of_its_rows():
    last = _from("oews", {"wages": 50})
    finding = both("parts", _from("oews", {"wages": 40}), _from("oews", {"wages": 39}), last)
    assert finding.figure == "https://a/b.zip"
    assert (finding.old, finding.new, finding.limit) == (50, 39, 40)
    assert finding.text == (
        "39 rows for table wages, the last release has 50 from this source; at least 80% are "
        "expected"
    )
    assert found(_from("oews", {}), last)["parts"].new == 0
    bare = _from("oews", {})
    del bare.manifest["sources"]["oews"]["rows"]
    assert found(bare, last)["parts"].new == 0
    # A source that the last release did not have is compared with none.
    assert found(last, made(sources={}, wages=wages(many()))) == {}


def _emptied(n, rows=40):
    frame = wages(many(rows - 1))
    frame.loc[: n - 1, "annual_mean_wage"] = float("nan")
    return made(wages=frame)


def test_a_column_may_lose_a_twentieth_of_its_values():
    last = _emptied(0, 100)
    finding = both("values", _emptied(5, 100), _emptied(6, 100), last)
    assert finding.figure == "table wages, column annual_mean_wage"
    assert finding.new == pytest.approx(0.94)
    assert finding.old == 1
    assert finding.limit == pytest.approx(0.95)
    assert finding.text == (
        "94.0% of the values are there, 100.0% in the last release; it may lose 5 points"
    )


def test_a_table_that_the_last_release_did_not_have_is_compared_with_none():
    new = made(wages=wages(many()), aioe=pd.DataFrame({"soc_2010_code": list(many())}))
    assert found(new, made(wages=wages(many()))) == {}


@pytest.mark.parametrize(("rows", "asked"), [(20, True), (19, False)])
def test_a_table_of_fewer_than_twenty_rows_may_lose_any(rows, asked):
    assert ("values" in found(_emptied(rows, rows), _emptied(0, rows))) == asked


@pytest.mark.parametrize(("area", "inside", "outside"), [
    ("99", 0.9701, 0.9699), ("99", 1.0049, 1.0051), ("06", 0.7501, 0.7499), ("06", 1.0099, 1.0101),
])  # fmt: skip
def test_totals_just_within_and_just_beyond(area, inside, outside):
    def at(ratio):
        return made(wages=wages(many(), total=sum(many().values()) / ratio, area=area))

    finding = both("totals", at(inside), at(outside))
    edge = LIMITS["totals"][f"{'nation' if area == '99' else 'states'}_"
                            f"{'low' if outside < 0.98 else 'high'}"]  # fmt: skip
    assert finding.limit == edge
    assert finding.old is None
    assert finding.new == pytest.approx(outside)
    place = "the nation" if area == "99" else "area 06"
    assert finding.figure == f"table wages, 2025, {place}"
    assert finding.text.startswith("the detailed occupations have ")


@pytest.mark.parametrize(("inside", "outside"), [(0.9701, 0.9699), (1.0299, 1.0301)])
def test_states_just_within_and_just_beyond_the_nation(inside, outside):
    def at(ratio, n=50):
        states = [wages({"29-2072": 10.0}, area=f"{i:02d}") for i in range(1, n + 1)]
        nation = wages({"29-2072": 10.0 * n / ratio})
        return made(wages=pd.concat([nation, *states], ignore_index=True))

    finding = both("totals", at(inside), at(outside))
    assert finding.figure == "table wages, 2025, all states"
    assert finding.limit == LIMITS["totals"]["sum_low" if outside < 1 else "sum_high"]
    assert finding.text == (
        f"they have {outside:.2%} of the nation's jobs, expected 97.0% to 103.0%"
    )
    assert found(at(0.5, 49)) == {}  # a file of some states is no whole


def _pay(factor, year=2025, beyond=0, far=3.0, n=1000, figure="wages"):
    """1,000 occupations whose pay (or jobs) are `factor` of 50,000; `beyond` of them `far`."""
    codes = [f"{29 + i // 9000}-{1001 + i % 9000}" for i in range(n)]
    value = {c: 50_000.0 * (far if i < beyond else factor) for i, c in enumerate(codes)}
    same = dict.fromkeys(codes, 50_000.0)
    frame = wages(same, value, year=year) if figure == "wages" else wages(value, year=year)
    return made(sources=edition(year), wages=frame)


@pytest.mark.parametrize("figure", ["wages", "employment"])
@pytest.mark.parametrize(("years", "kind"), [(0, "same"), (1, "new"), (2, "new")])
def test_the_median_occupation_moves_to_its_limit_and_no_further(figure, years, kind):
    limit = LIMITS[figure][f"{kind}_edition_median"] * max(1, years)
    last = _pay(1, figure=figure)
    for sign in (1, -1):
        good = _pay(1 + sign * (limit - 0.0001), 2025 + years, figure=figure)
        bad = _pay(1 + sign * (limit + 0.0001), 2025 + years, figure=figure)
        finding = both(figure, good, bad, last)
        assert finding.limit == pytest.approx(limit)
        assert finding.new == pytest.approx(limit + 0.0001)
        assert finding.old == 0
        assert "the median occupation moved by" in finding.text
        edition_ = "the same edition" if kind == "same" else f"new editions, {years} year(s)"
        assert f"at most {limit:.1%} for {edition_}; most of all 29-1" in finding.text
        name = "annual_mean_wage" if figure == "wages" else "employment"
        assert finding.figure == f"table wages, {name}, the nation"


@pytest.mark.parametrize("figure", ["wages", "employment"])
@pytest.mark.parametrize(("years", "kind"), [(0, "same"), (1, "new"), (2, "new")])
def test_so_many_occupations_may_move_far_and_no_more(figure, years, kind):
    share = LIMITS[figure][f"{kind}_edition_beyond"] * max(1, years)
    last, far = _pay(1, figure=figure), 1 + LIMITS[figure]["beyond"]
    most = round(1000 * share)

    def moved(n, far=far + 0.001):
        return _pay(1, 2025 + years, n, far, figure=figure)

    finding = both(figure, moved(most), moved(most + 1), last)
    assert finding.limit == pytest.approx(share)
    assert finding.new == pytest.approx((most + 1) / 1000)
    assert f"moved by more than {far - 1:.0%}; at most {share:.1%} for" in finding.text
    assert figure not in found(moved(most + 1, far - 0.001), last)


@pytest.mark.parametrize(("n", "asked"), [(20, True), (19, False)])
def test_fewer_than_twenty_occupations_move_by_chance(n, asked):
    assert ("wages" in found(_pay(2, n=n), _pay(1, n=n))) == asked


def test_states_are_held_apart_from_the_nation():
    def at(pay):
        state = wages(many(), dict.fromkeys(many(), pay), area="06")
        return made(wages=pd.concat([wages(many()), state], ignore_index=True))

    assert found(at(50_000), at(50_000)) == {}
    median, beyond = gates.check(at(70_000), at(50_000))
    assert median.figure == beyond.figure == "table wages, annual_mean_wage, the states"
    most = "most of all 29-2001 Title of 29-2001 (State 06): 50,000 before, 70,000 now"
    assert median.text == (
        "the median occupation moved by 40.0% against the last release; at most 0.5% for the "
        f"same edition; {most}"
    )
    assert beyond.text == (
        "100.0% of the occupations moved by more than 30%; at most 0.5% for the same edition; "
        f"{most}"
    )


@pytest.mark.parametrize(("code", "limit"), [("same", 0.005), ("other", 0.05)])
def test_exposure_moves_to_its_limit_and_no_further(code, limit):
    last = made(occupation_exposure=exposures([0.5] * 30))

    def moved(by):
        new = made(occupation_exposure=exposures([0.5 + by, 0.5 - by] * 15))
        if code == "other":
            new.manifest["code_sha256"] = code
        return new

    finding = both("exposure", moved(limit - 0.0001), moved(limit + 0.0001), last)
    assert (finding.limit, finding.old) == (limit, 0)
    assert finding.new == pytest.approx(limit + 0.0001)
    name = "the same editions" if code == "same" else "new editions or new code"
    assert f"on average (unweighted); at most {limit} for {name}; most of all 29-2" in finding.text
    few = exposures([0.5] * 19), exposures([0.9] * 19)
    few = [made(occupation_exposure=frame) for frame in few]
    assert found(few[1], few[0]) == {}


@pytest.mark.parametrize(("code", "limit"), [("same", 0.02), ("other", 0.35)])
def test_best_next_occupations_change_to_the_limit_and_no_further(monkeypatch, code, limit):
    last, new = made(wages=wages(many())), made(wages=wages(many()))
    if code == "other":
        new.manifest["code_sha256"] = code

    def changed(n, of=100):
        moves = pd.DataFrame({
            "title": [f"Title {i}" for i in range(of)], "changed": [i < n for i in range(of)],
            "old_title": "Before", "new_title": None,
        })  # fmt: skip
        monkeypatch.setattr(gates.differences, "path_moves", lambda *_: moves)
        return found(new, last).get("paths")

    most = round(100 * limit)
    assert changed(most) is None
    finding = changed(most + 1)
    assert (finding.old, finding.new, finding.limit) == (0, (most + 1) / 100, limit)
    name = "the same editions" if code == "same" else "new editions or new code"
    assert finding.figure == "advancement paths"
    assert finding.text == (
        f"the best next occupation of {most + 1}.0% of 100 occupations changed; at most "
        f"{limit:.0%} for {name}; the first is 0 Title 0: Before before, none now"
    )
    assert changed(19, of=19) is None
    assert changed(20, of=20) is not None


def test_not_one_code_may_be_unknown_in_any_table():
    pairs = walk(("29-2071", "29-2072"))
    tables = {
        "wages": wages({"29-2071": 1.0}, year=2015, vintage="2010"),
        "projections": pd.DataFrame({
            "base_year": 2024, "soc_code": ["29-2072"], "occupation_type": "Line item"}),
        "ai_applicability": pd.DataFrame({"soc_code": ["29-2072"]}),
        "aioe": pd.DataFrame({"soc_2010_code": ["29-2071"]}),
        "telework": pd.DataFrame({"onet_soc_2010_code": ["29-2071.00"]}),
    }  # fmt: skip
    for table, frame in tables.items():
        column = next(c for c in frame if c.startswith(("soc_", "onet_")) and c.endswith("code"))
        other = frame.assign(**{column: frame[column].str.replace("2", "3")})
        if "base_year" in frame:
            other["base_year"] = 2024
            group = other.assign(occupation_type="Summary")
            assert found(_filled(table, group, pairs)) == {}
        if table == "wages":
            other = wages({"39-3071": 1.0}, year=2015, vintage="2010")
        assert found(_filled(table, frame, pairs)) == {}
        finding = found(_filled(table, other, pairs))["crosswalk"]
        assert finding.figure == f"table {table}"
        assert (finding.old, finding.new, finding.limit) == (None, 1, 0)
        assert finding.text.startswith("1 codes have no counterpart in the other classification")


def _filled(table, frame, pairs):
    if "year" in frame or "base_year" not in frame:
        return made(**{table: frame}, **pairs)
    return made(**{table: frame.assign(target_year=2034)}, **pairs)


def test_a_finding_goes_into_the_manifest_whole():
    finding = found(made(wages=wages(many(20))), made(wages=wages(many(40))))["rows"]
    assert finding.record() == {
        "gate": "rows", "figure": "table wages", "old": 41, "new": 21, "limit": 32.8,
        "text": finding.text,
    } | {"limit": pytest.approx(32.8)}  # fmt: skip
    assert str(finding.error()) == (
        f"table wages: {finding.text} (gate rows). See whether the source is complete and right; "
        "if it is, run `outlook refresh --accept rows`"
    )


def schools(n=40, known=40, awards=10.0, price=4_000.0, earned=40_000.0, year=2024, programs=40):
    """The tables of `n` schools with a program each; `known` of them in table schools."""
    numbers = list(range(1, n + 1))
    one = {"unitid": numbers, "year": year}
    cips = [f"51.{i:04d}" for i in numbers]
    return {
        "schools": pd.DataFrame({"unitid": numbers[:known], "state": "OH"}),
        # The programs that it lacks stand under other codes: the table keeps its size.
        "cip_soc": pd.DataFrame(
            {
                "cip_code": cips[:programs] + [f"01.{i:04d}" for i in range(n - programs)],
                "soc_code": "29-2072",
            }
        ),
        "completions": pd.DataFrame(
            one | {"cip_code": cips, "award_level": 3, "awards": float(awards)}
        ),
        "school_charges": pd.DataFrame(one | {"in_state": price}),
        "program_outcomes": pd.DataFrame(
            {"unitid": numbers, "field": "5107", "credential_level": 2, "earnings_4yr": earned}
        ),
    }


def source(date):
    tables = {"completions": 40, "school_charges": 40, "program_outcomes": 40, "schools": 40}
    return {"ipeds": {"title": "IPEDS", "release": date, "date": date, "rows": tables}}


@pytest.mark.parametrize(("changed", "figure", "said"), [
    ({}, None, ""),
    ({"known": 38}, None, ""),
    ({"known": 37}, "table completions", "92.5% of the rows of awards are of a school"),
    ({"programs": 30}, "table completions", "75.0% of the rows of awards are of a program"),
    ({"awards": 10.7}, None, ""),
    ({"awards": 10.9}, "table completions, awards", "109.0% of the awards of the last release"),
    ({"awards": 9.2}, "table completions, awards", "92.0% of the awards"),
    ({"price": 4_300.0}, None, ""),
    ({"price": 4_500.0}, "table school_charges, in_state", "the median school moved by 12.5%"),
    ({"earned": 30_000.0}, "table program_outcomes, earnings_4yr", "program moved by 25.0%"),
])  # fmt: skip
def test_tables_of_schools_fit_together_and_move_little(changed, figure, said):
    last = made(sources=source("2024"), **schools(year=2023))
    new = made(sources=source("2025"), **schools(**changed))
    findings = gates.check(new, last)
    assert [f.gate for f in findings[:1]] == ["schools"] * (figure is not None)
    if figure is not None:
        assert findings[0].figure == figure
        assert said in findings[0].text
        assert "outlook refresh --accept schools" in str(findings[0].error())


def test_the_same_edition_of_prices_stays_and_more_years_allow_more():
    last = made(sources=source("2024"), **schools())
    same = gates.check(made(sources=source("2024"), **schools(price=4_100.0)), last)
    assert "2.5% against the last release; at most 0.5% for the same edition" in same[0].text
    for year, stopped in ((2025, True), (2027, False)):  # 15% in one year, in three
        new = made(sources=source(str(year)), **schools(awards=11.5, year=year))
        assert ("schools" in found(new, last)) == stopped
    without = schools()
    without.pop("school_charges")
    assert gates.check(made(**without), None) == []


def test_shares_of_observed_moves_sum_to_one_and_steps_of_paths_mostly_stay():
    def observed(share):
        return made(observed_moves=pd.DataFrame({
            "from_code": ["29-2070", "29-2070"], "to_code": ["29-2070", "43-6010"],
            "share": [0.9, share]}))  # fmt: skip

    assert gates.check(observed(0.0967), None) == []
    finding = found(observed(0.05))["moves"]
    assert "shares of workers of 29-2070 sum to 0.950, expected 0.99 to 1.01" in finding.text

    def steps(*ends):
        frame = pd.DataFrame({"from_soc": "29-2072", "to_soc": [f"11-{i:04d}" for i in ends]})
        return made(route_steps=frame.assign(rank=range(1, len(ends) + 1)))

    last = steps(*range(1000, 1040))
    same = found(steps(*range(1012, 1052)), last)["moves"]
    assert same.text.endswith("at most 2% for the same editions")
    last.manifest["code_sha256"] = "of other code"
    assert gates.check(steps(*range(1012, 1052)), last) == []  # which may change a third
    finding = found(steps(*range(1016, 1056)), last)["moves"]
    assert finding.text.startswith("40.0% of the steps of the last release are gone; at most 35%")
