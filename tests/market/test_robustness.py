"""The look back under a referee's questions, on made markets and against plain numpy."""

import numpy as np
import pandas as pd
import pytest
from made_market import CODES, market
from scipy import stats

from pipelines.market import exposure_error, lookback, robustness


@pytest.fixture(scope="module")
def made():
    """A market with an effect on jobs after the tools, people's labels and an unrelated measure."""
    tables, scores = market(21, jobs_effect=(0.0, -0.05))
    rng = np.random.default_rng(3)
    code = scores["onet_soc_code"]
    people = pd.DataFrame(
        {
            "onet_soc_code": code,
            "measure": "eloundou_human_beta",
            "value": scores["exposure"] + rng.normal(0, 0.02, len(code)),
        }
    )
    gpt4 = people.assign(measure="eloundou_gpt4_beta", value=scores["exposure"] * 0.9)
    noise = people.assign(measure="telework", value=rng.random(len(code)))
    tables = {**tables, "measures": pd.concat([people, gpt4.iloc[:250], noise])}  # fmt: skip
    measures = lookback.soc_measures(tables, scores)
    return tables, lookback.units(tables, measures), [c for c in measures if c != "exposure_se"]


@pytest.fixture(scope="module")
def tests(made):
    tables, units, measures = made
    return robustness.every_test(units, tables, measures)


def plain(units, measure, start, end, outcome="employment"):
    """x, yearly log change (nominal: prices move the intercept alone), weights, major group."""
    rows = units.dropna(subset=[measure])
    y = np.log(rows[f"{outcome}_{end}"] / rows[f"{outcome}_{start}"]) / (end - start)
    return rows[measure], y, rows[f"employment_{start}"], rows["major"]


def slope(x, y, w):
    return np.polyfit(x, y, 1, w=np.sqrt(w))[0]


def jackknife(x, y, w, major, of=slope):
    left = [of(x[major != g], y[major != g], w[major != g]) for g in sorted(set(major))]
    whole, g = of(x, y, w), len(left)
    return whole, np.sqrt((g - 1) / g * np.sum((np.array(left) - whole) ** 2)), g


@pytest.mark.parametrize("measure", ["exposure", "eloundou_human_beta", "eloundou_gpt4_beta"])
@pytest.mark.parametrize(("outcome", "name"), [("employment", "employment"),
                                               ("pay", "real mean pay")])  # fmt: skip
def test_a_slope_and_its_clustered_interval_are_those_of_plain_numpy(
    made, tests, measure, outcome, name
):
    _, units, _ = made
    x, y, w, major = plain(units, measure, 2021, 2025, outcome)
    b, se, g = jackknife(x, y, w, major)
    row = tests[(tests["measure"] == measure) & (tests["outcome"] == name)]
    row = row.set_index("window").loc["2021-2025"]
    held = units.dropna(subset=[measure])
    jobs = held["employment_2021"]
    mean = np.average(held[measure], weights=jobs)
    sd = np.sqrt(np.average((held[measure] - mean) ** 2, weights=jobs))
    assert row["n_major"] == g
    assert row["effect_sd"] == pytest.approx(100 * np.expm1(b * sd))
    assert row["se_major"] == pytest.approx(100 * se * sd)
    reach = stats.t.ppf(0.975, g - 1) * se
    assert row["sd_low"] == pytest.approx(100 * np.expm1((b - reach) * sd))
    assert row["p_major"] == pytest.approx(2 * stats.t.sf(abs(b) / se, g - 1))


def test_the_difference_is_jackknifed_with_both_windows_at_once(made, tests):
    _, units, _ = made
    groups = sorted(set(units["major"]))

    def gap(rows):
        later, earlier = (
            slope(*plain(rows, "exposure", *span)[:3]) for span in ((2021, 2025), (2015, 2021))
        )
        return later - earlier

    left = np.array([gap(units[units["major"] != g]) for g in groups])
    se = np.sqrt((len(groups) - 1) / len(groups) * ((left - gap(units)) ** 2).sum())
    row = tests[(tests["measure"] == "exposure") & (tests["outcome"] == "employment")]
    row = row.set_index("window").loc["difference"]
    assert row["effect_sd"] == pytest.approx(100 * np.expm1(gap(units) * row["measure_sd"]))
    assert row["se_major"] == pytest.approx(100 * se * row["measure_sd"])


def test_a_true_effect_survives_every_adjustment_and_noise_does_not(tests):
    after = tests[(tests["window"] == "2021-2025") & (tests["outcome"] == "employment")]
    after = after.set_index("measure")
    for column in robustness.COUNTED:
        assert after.loc["exposure", column] < 0.05, column
    noise = tests[tests["measure"] == "telework"]
    for column in ("holm_hc3", "holm_major", "romano_wolf"):
        assert (noise[column] > 0.05).all()
    assert (tests["romano_wolf"] >= tests["p_wild"] - 1e-12).all()


def test_counts_are_those_of_the_columns(tests):
    rows = robustness.counts(tests).set_index("family")
    assert rows.loc["all windows", "tests"] == len(tests)
    assert rows.loc["all windows", "p_hc3"] == (tests["p_hc3"] < 0.05).sum()
    main = tests[tests["window"].isin(["2015-2021", "2021-2025", "difference"])]
    assert rows.loc["asked first", "tests"] == len(main)
    ranked = np.sort(main["p_major"])
    # Holm by hand: how many in a row stay below .05 over what is left.
    kept = ranked < 0.05 / np.arange(len(ranked), 0, -1)
    first = len(ranked) if kept.all() else int(np.argmin(kept))
    assert rows.loc["asked first", "holm_major"] == first
    said = robustness.counts_sentence(rows.reset_index().iloc[0].to_dict())
    assert f"Of {len(main)} slopes" in said


def test_an_error_that_is_known_is_taken_out_of_the_slope_and_its_error_grows():
    tables, scores = market(22, jobs_effect=(0.0, -0.05))
    rng, sd = np.random.default_rng(5), 0.1
    noisy = scores["exposure"] + rng.normal(0, sd, len(CODES))
    scores = scores.assign(exposure=noisy, exposure_low=noisy - 1.645 * sd,
                           exposure_high=noisy + 1.645 * sd)  # fmt: skip
    units = lookback.units(tables, lookback.soc_measures(tables, scores))
    found = exposure_error.errors_in_variables(units, tables)
    row = found[found["outcome"] == "employment"].set_index("window").loc["2021-2025"]
    x, y, w, major = plain(units, "exposure", 2021, 2025)

    def corrected(x, y, w):
        mean = np.average(x, weights=w)
        true = np.average((x - mean) ** 2, weights=w) - sd**2
        return np.average((x - mean) * y, weights=w) / true

    b, se, _ = jackknife(x, y, w, major, corrected)
    assert row["corrected"] == pytest.approx(100 * np.expm1(b / 10))
    assert row["corrected_se"] == pytest.approx(10 * se)
    assert row["corrected"] == pytest.approx(-0.5, abs=0.12)
    assert row["effect_tenth"] / row["corrected"] == pytest.approx(row["reliability"], rel=0.01)
    assert row["corrected_se"] > row["se_tenth"]
    assert row["corrected_low"] < row["corrected"] < row["corrected_high"]


def test_label_sources_stand_on_their_own_groups_and_on_common_ones(made):
    tables, units, _ = made
    found = exposure_error.by_label_source(units, tables)
    jobs = found[(found["outcome"] == "employment") & (found["window"] == "2021-2025")]
    own = jobs[jobs["units"] == "all that have it"].set_index("measure")
    common = jobs[jobs["units"] == "those that all three have"].set_index("measure")
    assert own["n"].to_dict() == {
        "exposure": 320, "eloundou_human_beta": 320, "eloundou_gpt4_beta": 250,
    }  # fmt: skip
    assert set(common["n"]) == {250}
    rows = units.dropna(subset=["eloundou_gpt4_beta"])
    b = slope(*plain(rows, "eloundou_human_beta", 2021, 2025)[:3])
    assert common.loc["eloundou_human_beta", "effect_tenth"] == pytest.approx(
        100 * np.expm1(b / 10)
    )
    few = units.assign(eloundou_gpt4_beta=units["eloundou_gpt4_beta"].iloc[:50])
    assert "eloundou_gpt4_beta" not in set(exposure_error.by_label_source(few, tables)["measure"])


def test_reliability_is_the_share_of_the_variance_that_is_not_error():
    rows = pd.DataFrame({"x": [0.0, 1.0], "exposure_se": [0.1, 0.3], "start_jobs": [300.0, 100.0]})
    # Weighted: variance .25 * .75, mean square of the errors (3 * .01 + .09) / 4.
    assert exposure_error.reliability(rows) == pytest.approx(1 - 0.03 / 0.1875)


def test_our_exposure_is_measured_well_enough_to_regress_on(evidence):
    found = exposure_error.errors_in_variables(evidence.units, evidence.tables)
    assert found["reliability"].dropna().between(0.85, 1).all()
    assert found["reliability"].notna().sum() == 4
    nothing = exposure_error.errors_in_variables(
        evidence.units.assign(exposure_se=np.nan), evidence.tables
    )
    assert nothing.empty
    assert nothing.columns.equals(found.columns)
