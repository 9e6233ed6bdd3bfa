"""Agreement of measures: correlations with intervals, spread, the sentence, the chart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from pipelines.charts import measure_ranks as chart
from pipelines.exposure.published import agreement
from pipelines.exposure.published.meanings import left_out, meanings
from pipelines.releases.current import open_data
from pipelines.sources.catalog import dataset_of

NUMBERS = st.lists(
    st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=10, max_size=60
)  # fmt: skip


def rows(**percentiles) -> pd.DataFrame:
    """Rows of ``measures`` of one occupation."""
    return pd.DataFrame(
        {
            "onet_soc_code": "29-2072.00", "measure": list(percentiles), "value": 0.5,
            "percentile": list(percentiles.values()), "n_occupations": 100.0, "ambiguous": False,
        }
    )  # fmt: skip


@given(NUMBERS)
def test_correlation_is_spearmans_and_lies_in_its_interval(pairs):
    x, y = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
    r, low, high = agreement.rank_correlation(x, y)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        assert np.isnan([r, low, high]).all()
    else:
        assert r == pytest.approx(spearmanr(x, y).statistic, abs=1e-9)
        assert -1 <= low <= r <= high <= 1


@given(NUMBERS, st.randoms())
def test_the_order_of_occupations_does_not_matter(pairs, random):
    mixed = list(pairs)
    random.shuffle(mixed)
    first, second = (
        agreement.rank_correlation(*(np.array(s, float) for s in zip(*some, strict=True)))
        for some in (pairs, mixed)
    )
    assert first == pytest.approx(second, abs=1e-9, nan_ok=True)


def test_interval_by_hand_and_too_few_occupations():
    x = np.arange(103.0)
    y = x.copy()
    y[::2] = y[::2][::-1]
    r, low, high = agreement.rank_correlation(x, y)
    half = 1.959964 * np.sqrt((1 + r * r / 2) / 100)
    assert (low, high) == pytest.approx(
        (np.tanh(np.arctanh(r) - half), np.tanh(np.arctanh(r) + half))
    )
    assert np.isnan(agreement.rank_correlation(x[:9], y[:9])).all()


def test_a_value_given_to_a_whole_soc_code_counts_once():
    codes = [f"11-10{i:02d}.0{j}" for i in range(12) for j in (0, 1, 2)]
    place = np.repeat(np.arange(12.0), 3)
    made = pd.DataFrame({"onet_soc_code": codes, "measure": "aioe", "value": place})
    ours = pd.DataFrame({"onet_soc_code": codes, "exposure": place**2})
    found = agreement.measure_agreement({"measures": made, "occupation_exposure": ours})
    assert found[["measure", "other", "n", "spearman"]].to_numpy().tolist() == [
        ["aioe", "outlook_exposure", 12.0, 1.0]
    ]


def test_a_measure_that_an_occupation_lacks_is_shown_as_missing():
    frame = agreement.side_by_side(rows(eloundou_human_beta=80.0))
    assert frame["measure"].tolist() == list(meanings())
    held = frame.set_index("measure")["percentile"]
    assert held["eloundou_human_beta"] == 80
    assert np.isnan(held["aioe"])
    figure = chart.measure_ranks(frame, "Clerks", "Sources")
    notes = [note.text for note in figure.layout.annotations]
    assert notes.count("not measured in the data in use") == len(meanings()) - 1


def test_both_of_our_scores_stand_first_and_are_never_counted(analysis):
    frame = analysis.side_by_side("29-2072.00")
    own = analysis.occupation_exposure.set_index("onet_soc_code").loc["29-2072.00"]
    assert frame["measure"].tolist()[:2] == ["outlook_exposure", "outlook_automation"]
    assert frame["value"].tolist()[:2] == [own["exposure"], own["automation_score"]]
    assert frame["percentile"].tolist()[:2] == [own["percentile"], own["automation_percentile"]]
    place = analysis.automation_ranks.loc["29-2072.00"]
    ends = ["percentile_low", "percentile_high"]
    assert frame.loc[1, ends].tolist() == place[ends].tolist()
    assert not frame["in_spread"][:2].any()
    # Data from before there was an automation score have no row of it.
    old = pd.DataFrame([{"exposure": 0.5, "percentile": 50.0, "n_occupations": 9.0}])
    assert "outlook_automation" not in set(agreement.side_by_side(rows(aioe=80.0), old)["measure"])


def test_spread_counts_measures_of_exposure_only():
    frame = agreement.side_by_side(
        rows(eloundou_human_beta=20.0, aioe=40.0, ai_applicability=60.0, telework=99.0)
    )
    of = agreement.percentile_spread(frame)
    assert (of["n"], of["lowest"], of["median"], of["highest"]) == (3, 20, 40, 60)
    assert (of["range"], of["iqr"]) == (40, 20)


@given(st.lists(st.floats(0, 100), min_size=2, max_size=6))
def test_spread_is_ordered(percentiles):
    names = [name for name, m in meanings().items() if m.spread]
    frame = agreement.side_by_side(rows(**dict(zip(names, percentiles, strict=False))))
    of = agreement.percentile_spread(frame)
    assert of["lowest"] <= of["q1"] + 1e-9
    assert of["q3"] <= of["highest"] + 1e-9
    assert 0 <= of["iqr"] <= of["range"] + 1e-9


def test_spreads_of_all_occupations_are_those_of_each():
    made = rows(eloundou_human_beta=20.0, aioe=40.0, economic_index=95.0)
    one = agreement.spreads(made).iloc[0]
    of = agreement.percentile_spread(agreement.side_by_side(made))
    assert {k: one[k] for k in of} == pytest.approx(of)
    alone = agreement.spreads(rows(aioe=40.0)).iloc[0]
    assert alone["n"] == 1
    assert np.isnan(alone["range"])


def test_sentence_names_the_two_ends_and_their_construction():
    frame = agreement.side_by_side(rows(eloundou_human_beta=90.0, aioe=70.0, economic_index=10.0))
    said = agreement.agreement_sentence(frame)
    assert "disagree" in said
    assert said.index("Tasks, labels by people") < said.index("Share of conversations")
    assert "conversations with one chatbot" in said
    close = agreement.side_by_side(rows(eloundou_human_beta=90.0, aioe=80.0))
    assert "agree within 10 percentiles" in agreement.agreement_sentence(close)
    alone = agreement.side_by_side(rows(aioe=80.0))
    assert "Fewer than two" in agreement.agreement_sentence(alone)


def test_titles_in_the_chart_are_text_not_markup():
    frame = agreement.side_by_side(rows(aioe=50.0))
    figure = chart.measure_ranks(frame, "<b>Clerks</b> $x$", "Sources")
    assert "&lt;b&gt;Clerks" in figure.layout.annotations[0].text


def test_every_measure_has_its_licence_and_address_and_the_ilos_has_its_reason():
    for meaning in meanings().values():
        assert meaning.licence
        assert meaning.citation
        assert meaning.address.startswith("https://")
    assert "never redistributed" in meanings()["aioe"].licence
    out = left_out().iloc[0]
    assert "ISCO-08" in out["reason"]
    assert out["address"] == dataset_of("ilo_2025").url


def test_measures_of_a_full_release_have_meanings_and_a_matrix(full_release):
    where, _ = full_release
    release = open_data(where)
    found = release.table("measures")
    assert set(found["measure"]) == set(meanings())
    pairs = release.table("measure_agreement")
    n = len(meanings()) + 1
    assert len(pairs) == n * (n - 1) / 2
    matrix = agreement.matrix(pairs)
    assert np.allclose(matrix, matrix.T)
    assert (np.diag(matrix) == 1).all()
    # Both AIOE share their abilities; routine manual work is the opposite of office work.
    assert matrix.at["aioe", "lm_aioe"] > 0.95
    assert matrix.at["routine_manual", "eloundou_human_beta"] < -0.5
    assert pairs["low"].le(pairs["spearman"]).all()
    assert pairs["high"].ge(pairs["spearman"]).all()
