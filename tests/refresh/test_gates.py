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
