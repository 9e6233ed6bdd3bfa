"""The look back on made labor markets: what was put in comes out, and words follow the numbers."""

import re

import numpy as np
import pandas as pd
import pytest
from made_market import CODES, YEARS, market
from made_prices import PRICES

from pipelines.base.errors import UsageError
from pipelines.market import lookback, lookback_text
from pipelines.market.oews import national
from pipelines.market.panel import panel


def asked_first(table, outcome):
    rows = table[
        (table["specification"] == lookback.MAIN_SPECIFICATION.name) & (table["outcome"] == outcome)
    ]
    return rows.set_index("window")


def test_a_known_effect_on_jobs_and_pay_is_recovered_in_its_window():
    table = lookback.lookback(*market(1, jobs_effect=(0.0, -0.05), pay_effect=(-0.02, -0.02)))
    jobs, pay = asked_first(table, "employment"), asked_first(table, "real mean pay")
    assert jobs.loc["2021-2025", "effect_tenth"] == pytest.approx(-0.5, abs=0.12)
    assert jobs.loc["2021-2025", "tenth_high"] < 0
    assert jobs.loc["2015-2021", "tenth_low"] < 0 < jobs.loc["2015-2021", "tenth_high"]
    assert jobs.loc["difference", "effect_tenth"] == pytest.approx(-0.5, abs=0.15)
    assert pay.loc["2015-2021", "effect_tenth"] == pytest.approx(-0.2, abs=0.05)
    assert pay.loc["2021-2025", "effect_tenth"] == pytest.approx(-0.2, abs=0.05)
    assert pay.loc["difference", "tenth_low"] < 0 < pay.loc["difference", "tenth_high"]


def test_every_check_sees_the_same_effect_where_nothing_else_differs():
    table = lookback.lookback(*market(2, jobs_effect=(0.03, 0.03)))
    rows = table[(table["outcome"] == "employment") & (table["window"] == "2021-2025")]
    rows = rows.dropna(subset=["effect_tenth"])
    assert len(rows) == 1 + len(lookback.ROBUSTNESS_CHECKS) - 1  # median wage asks for pay only
    assert ((rows["tenth_low"] < 0.301) & (rows["tenth_high"] > 0.299)).sum() >= len(rows) - 1


def test_one_standard_deviation_and_a_tenth_are_the_same_slope():
    table = lookback.lookback(*market(3, jobs_effect=(0.0, -0.04)))
    row = table.iloc[1]
    slope_tenth = np.log1p(row["effect_tenth"] / 100) / 0.1
    assert slope_tenth == pytest.approx(np.log1p(row["effect_sd"] / 100) / row["exposure_sd"])


def test_a_null_says_that_nothing_is_there_and_an_effect_that_it_is_new():
    nothing = lookback_text.lookback_sentences(lookback.lookback(*market(4)))
    jobs = next(line for line in nothing if line.startswith("Jobs:"))
    assert "no difference can be distinguished from zero" in jobs
    assert "no difference could be distinguished from zero either" in jobs
    new = lookback_text.lookback_sentences(lookback.lookback(*market(5, jobs_effect=(0.0, -0.05))))
    jobs = next(line for line in new if line.startswith("Jobs:"))
    assert "grew less" in jobs
    assert "no such difference shows" in jobs
    assert "The two differ" in jobs


def test_what_was_there_before_the_tools_is_not_called_new():
    table = lookback.lookback(*market(6, pay_effect=(-0.03, -0.03)))
    said = next(
        line for line in lookback_text.lookback_sentences(table) if line.startswith("Wages:")
    )
    assert said.count("saw real wages grow less") == 2
    assert "do not differ clearly" in said


def test_no_sentence_claims_a_cause():
    table = lookback.lookback(*market(7, jobs_effect=(0.0, -0.05), pay_effect=(-0.03, 0.02)))
    said = " ".join(lookback_text.lookback_sentences(table)).lower()
    assert not re.search(r"\b(cause[sd]?|because|due to|effect of|led to|impact|result of)\b", said)


def test_a_measure_held_for_few_occupations_is_not_estimated_and_says_so():
    tables, scores = market(8)
    few = scores[["onet_soc_code"]].head(13).assign(measure="aioe", value=1.0)
    few["value"] = np.arange(13.0)
    table = lookback.lookback({**tables, "measures": few}, scores)
    rows = table[(table["measure"] == "aioe") & (table["window"] == "2021-2025")]
    assert rows["effect_sd"].isna().all()
    assert rows["note"].str.contains("only 13 units").all()
    assert any("too few" in line for line in lookback_text.lookback_sentences(table))


def test_another_measure_gets_its_effect_by_standard_deviation_only():
    tables, scores = market(9, jobs_effect=(0.0, -0.05))
    other = scores[["onet_soc_code"]].assign(measure="aioe", value=scores["exposure"] * 8 - 3)
    table = lookback.lookback({**tables, "measures": other}, scores)
    rows = table[(table["window"] == "2021-2025") & (table["outcome"] == "employment")]
    ours = rows[
        (rows["measure"] == "exposure")
        & (rows["specification"] == lookback.MAIN_SPECIFICATION.name)
    ]
    theirs = rows[rows["measure"] == "aioe"]
    assert theirs["effect_tenth"].isna().all()
    assert theirs["effect_sd"].iloc[0] == pytest.approx(ours["effect_sd"].iloc[0])


def test_without_the_years_around_2021_it_says_what_is_missing():
    tables, scores = market(10)
    late = tables["wages"][tables["wages"]["year"] > 2021]
    with pytest.raises(UsageError, match="2021 is needed"):
        lookback.lookback({**tables, "wages": late}, scores)


def test_no_window_runs_between_years_that_share_panels_or_leaves_2021_in_all():
    spans = lookback.windows(list(YEARS))
    assert list(spans)[:2] == ["2015-2021", "2021-2025"]
    assert (2024, 2025) not in spans.values()
    assert any(2021 not in span for span in spans.values())


@pytest.fixture(scope="module")
def snapshot(analysis):
    return analysis


def test_on_the_embedded_data_every_row_is_filled_or_says_why(snapshot):
    table = lookback.lookback(snapshot.tables, snapshot.occupation_exposure)
    empty = table["effect_sd"].isna()
    assert (empty == (table["note"] != "")).all()
    assert (table.loc[~empty, "sd_low"] <= table.loc[~empty, "effect_sd"]).all()
    # Labels by people and by GPT-4 are of fewer occupations than the others.
    labels = table["measure"].str.startswith("eloundou_")
    assert (table.loc[~empty & ~labels, "n"] >= 600).all()
    assert (table.loc[~empty & labels, "n"] >= 560).all()
    known = table.dropna(subset=["sampling_se_sd"])
    assert (known["sampling_se_sd"] < known["se_sd"]).all()


def test_units_that_changed_keep_every_job(snapshot):
    detailed = national(snapshot.tables["wages"])
    held = detailed.groupby("year")["employment"].sum()
    units = panel(snapshot.tables)
    for year in YEARS:
        assert units[f"employment_{year}"].sum() == pytest.approx(held[year], rel=5e-4)
    assert units["employment_2015"].sum() == held[2015]


def test_a_change_of_pay_that_most_checks_do_not_show_is_called_unsettled():
    table = lookback.lookback(*market(11, pay_effect=(0.0, -0.03)))
    said = next(
        line for line in lookback_text.lookback_sentences(table) if line.startswith("Wages:")
    )
    assert "not settled" not in said
    own = (table["window"] == "difference") & (
        table["specification"] != lookback.MAIN_SPECIFICATION.name
    )
    table.loc[own, ["sd_low", "sd_high"]] = [-1.0, 1.0]
    said = next(
        line for line in lookback_text.lookback_sentences(table) if line.startswith("Wages:")
    )
    assert "so this is not settled" in said


def test_a_unit_without_a_sampling_error_is_not_taken_for_one_known_for_certain():
    """Under weights by precision it would weigh more than any other."""
    tables, scores = market(12, jobs_effect=(0.0, -0.05))
    wages = tables["wages"]
    odd = CODES[0]
    gone = (wages["soc_code"] == odd) & (wages["year"] == 2025)
    wages.loc[gone, "employment"] *= 50  # would turn the line if it weighed most
    wages["employment_rse"] = wages["employment_rse"].mask(gone)
    table = lookback.lookback(tables, scores)
    rows = table[(table["outcome"] == "employment") & (table["window"] == "2021-2025")]
    rows = rows.set_index("specification")
    precise = rows.loc["weights by precision"]
    assert precise["n"] == len(CODES) - 1
    assert "1 units left out" in precise["note"]
    assert precise["effect_tenth"] == pytest.approx(-0.5, abs=0.12)
    main = rows.loc[lookback.MAIN_SPECIFICATION.name]
    assert main["n"] == len(CODES)
    assert pd.isna(main["sampling_se_sd"])
    assert "no sampling error is published for 1 units" in main["note"]
    before = asked_first(table, "employment").loc["2015-2021"]
    assert before["sampling_se_sd"] > 0
    assert before["note"] == ""


def test_pay_is_compared_after_inflation_and_by_the_year():
    frame = pd.DataFrame(
        {
            "pay_2021": [100.0], "pay_2025": [100.0], "employment_2021": [100.0],
            "employment_2025": [121.0], "pay_rse_2021": [0.03], "pay_rse_2025": [0.04],
            "employment_rse_2021": [0.06], "employment_rse_2025": [np.nan],
            "median_pay_2021": [100.0], "median_pay_2025": [150.0],
        }
    )  # fmt: skip
    pay = lookback.changes(frame, "pay", 2021, 2025, PRICES).iloc[0]
    # Prices rose from 269.195 to 321.465: the same dollars are worth less.
    assert pay["change"] == pytest.approx(-np.log(321.465 / 269.195) / 4)
    assert pay["change"] < -0.04
    assert pay["se"] == pytest.approx(0.05 / 4)
    jobs = lookback.changes(frame, "employment", 2021, 2025, PRICES).iloc[0]
    assert jobs["change"] == pytest.approx(2 * np.log(1.1) / 4)
    assert pd.isna(jobs["se"])
    median = lookback.changes(frame, "median_pay", 2021, 2025, PRICES).iloc[0]
    assert median["change"] == pytest.approx((np.log(1.5) - np.log(321.465 / 269.195)) / 4)
    assert pd.isna(median["se"])


def test_the_error_of_an_exposure_is_read_from_its_90_percent_interval():
    tables, scores = market(13)
    measures = lookback.soc_measures(tables, scores)
    # 0.05 on either side is 1.645 standard errors.
    assert measures["exposure_se"].to_numpy() == pytest.approx(0.05 / 1.645)
    assert measures.loc[CODES[3], "exposure"] == pytest.approx(scores["exposure"][3])
