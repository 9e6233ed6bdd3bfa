"""Each way of asking the look back, by hand: who is asked, how they are weighted, what is held."""

import itertools

import numpy as np
import pandas as pd
import pytest
from made_market import CODES, market
from made_prices import PRICES
from scipy import stats

from pipelines.exposure.published.meanings import meanings
from pipelines.market import lookback


def recoded(tables, scores):
    """The made market with food and personal services, a code that split in two, and gaps."""
    major = {"16-": "35-", "17-": "39-"}
    for frame in (*tables.values(), scores):
        for column in frame.columns.intersection(
            ["soc_code", "soc_2010_code", "onet_soc_code", "nem_code"]
        ):
            frame[column] = frame[column].replace(
                {f"^{a}": b for a, b in major.items()}, regex=True
            )
    first, second = CODES[:2]
    wages, walk = tables["wages"], tables["soc_2010_to_2018"]
    past = (wages["year"] == 2015) & (wages["soc_code"] == second)
    walk.loc[walk["soc_2010_code"] == second, "soc_2010_code"] = first
    walk.loc[walk["soc_2010_code"] == first, "weight"] = 0.5
    wages = wages[~past].copy()
    for code, column, value in (
        (CODES[2], "employment", 0.0), (CODES[3], "annual_mean_wage", np.nan)
    ):  # fmt: skip
        wages.loc[(wages["year"] == 2015) & (wages["soc_code"] == code), column] = value
    education = tables["projections"][~tables["projections"]["soc_code"].isin(CODES[4:7])]
    return {**tables, "wages": wages, "projections": education}, scores


@pytest.fixture(scope="module")
def asked():
    tables, scores = recoded(*market(14, jobs_effect=(0.0, -0.05), pay_effect=(0.01, -0.02)))
    return tables, scores, lookback.lookback(tables, scores)


def rows_of(table, outcome="employment", window="2021-2025"):
    own = table[(table["outcome"] == outcome) & (table["window"] == window)]
    return own.set_index("specification")


def test_each_check_asks_the_units_that_its_name_says(asked):
    rows = rows_of(asked[2])
    assert rows["n"].to_dict() == {
        "as asked first": 319,
        "every unit counts the same": 319,
        "weights by precision": 319,
        "same typical education and starting pay": 319 - 3,
        "within major groups": 319,
        "codes that kept their meaning": 318,
        "single codes, 2015 split by weights": 320,
        "without food and personal services": 319 - 80,
    }
    assert rows["unit"].value_counts().to_dict() == {"group": 7, "soc_code": 1}
    median = rows_of(asked[2], "real median pay")
    assert median["n"].to_dict() == {"median pay": 318}
    assert median["sampling_se_sd"].isna().all()
    # Means and medians are the same here.
    kept = rows_of(asked[2], "real mean pay").loc["codes that kept their meaning"]
    assert median["effect_sd"].iloc[0] == pytest.approx(kept["effect_sd"])
    assert asked[2]["specification"].iloc[0] == "as asked first"


@pytest.mark.parametrize(
    ("name", "weighted", "controls"),
    [
        ("as asked first", True, []),
        ("every unit counts the same", False, []),
        ("same typical education and starting pay", True, ["education", "pay"]),
        ("within major groups", True, ["major"]),
    ],
)
@pytest.mark.parametrize(("outcome", "column"), [("employment", "employment"),
                                                 ("real mean pay", "pay")])  # fmt: skip
def test_the_effect_is_the_slope_of_least_squares(asked, name, weighted, controls, outcome, column):
    tables, scores, table = asked
    units = lookback.units(tables, lookback.soc_measures(tables, scores))
    frame = units.dropna(subset=[c for c in controls if c == "education"])
    y = lookback.changes(frame, column, 2021, 2025, PRICES)["change"]
    x = [np.ones(len(frame)), frame["exposure"]]
    for control in controls:
        if control == "pay":
            x.append(np.log(frame["pay_2021"]))
        else:
            x += [frame[control] == level for level in sorted(frame[control].unique())[1:]]
    jobs = frame["employment_2021"].to_numpy()
    root = np.sqrt(jobs if weighted else np.ones(len(frame)))
    slope = np.linalg.lstsq(np.column_stack(x) * root[:, None], y * root, rcond=None)[0][1]
    row = rows_of(table, outcome).loc[name]
    sd = np.sqrt(np.cov(units["exposure"], aweights=units["employment_2021"], ddof=0))
    assert row["effect_tenth"] == pytest.approx(100 * (np.exp(slope / 10) - 1))
    assert row["effect_sd"] == pytest.approx(100 * (np.exp(slope * sd) - 1))
    assert row["exposure_sd"] == pytest.approx(sd)
    kish = jobs.sum() ** 2 / (jobs**2).sum() if weighted else len(frame)
    assert row["effective_n"] == pytest.approx(kish)
    # The error and the interval are those of one slope, and OEWS's own error is a part of it.
    reach = 100 * np.log1p(row["sd_high"] / 100) - 100 * np.log1p(row["effect_sd"] / 100)
    t = stats.t.ppf(0.975, len(frame) - len(x))
    assert reach == pytest.approx(t * row["se_sd"], rel=1e-6)
    assert 0 < row["sampling_se_sd"] < row["se_sd"]


def test_the_difference_is_after_less_before_and_as_large_as_the_smaller_sample(asked):
    rows = asked[2][asked[2]["specification"] == "codes that kept their meaning"]
    rows = rows[rows["outcome"] == "employment"].set_index("window")
    logs = np.log1p(rows["effect_tenth"] / 100)
    assert logs["difference"] == pytest.approx(logs["2021-2025"] - logs["2015-2021"])
    both = rows.loc[["2015-2021", "2021-2025"]]
    assert rows.loc["difference", "n"] == both["n"].min()
    assert rows.loc["difference", "effective_n"] == both["effective_n"].min()
    assert both["effective_n"].nunique() == 2


def test_weights_by_precision_are_one_over_all_that_units_differ_by():
    """What they differ by beyond OEWS's error is found from the residuals."""
    rng = np.random.default_rng(3)
    n = 4000
    se = np.where(np.arange(n) % 2, 0.005, 0.05)
    sample = pd.DataFrame(
        {
            "x": rng.uniform(size=n), "se": se, "group": np.arange(n), "start_jobs": 1.0,
            "change": rng.normal(0, np.hypot(0.02, se)),
        }
    )  # fmt: skip
    spec = next(s for s in lookback.ROBUSTNESS_CHECKS if s.weights == "precision")
    weight = 1 / (0.02**2 + se**2)
    expected = weight.sum() ** 2 / (weight**2).sum()
    assert expected < 0.7 * n
    assert lookback._fit(sample, spec).effective_n == pytest.approx(expected, rel=0.03)


def test_units_without_what_a_check_needs_are_not_in_it(asked):
    n = {name: rows_of(asked[2], *name)["n"] for name in itertools.product(
        ("employment", "real mean pay"), ("2015-2021", "2021-2025"))}  # fmt: skip
    held = "same typical education and starting pay"
    # In 2015 one code had no jobs to grow from, and of another no pay is published.
    assert n["employment", "2015-2021"]["as asked first"] == 318
    assert n["employment", "2015-2021"][held] == 318 - 3 - 1
    assert n["real mean pay", "2015-2021"]["as asked first"] == 317
    # Of three BLS names no typical education.
    assert n["real mean pay", "2021-2025"][held] == n["employment", "2021-2025"][held] == 319 - 3


def test_every_published_measure_has_a_name_that_readers_know():
    names = lookback.MEASURE_NAMES
    # Use that was seen after the years looked back on explains none of them.
    assert set(meanings()) | {"exposure"} == set(names) | set(lookback.SEEN_AFTERWARDS)
    plain = {names[key] for key in names if not key.startswith("eloundou")}
    assert plain == {
        "our exposure", "AI applicability (working-with-ai)", "AIOE", "AIOE, language models",
        "Economic Index, share of conversations", "teleworkability", "routine cognitive work",
        "routine manual work", "routine-task intensity",
    }  # fmt: skip
    assert names["eloundou_human_beta"] == "people's labels, beta"
    assert names["eloundou_gpt4_zeta"] == "GPT-4's labels, zeta"
