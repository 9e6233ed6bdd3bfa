"""The 25 claims: each has a row, the rule is applied as stated, and nothing is guessed."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import claims
from pipelines.analysis import Analysis
from pipelines.data import open_data


@pytest.fixture(scope="module")
def analysis():
    return Analysis(open_data(offline=True))


def of(analysis, code):
    return claims.claims(analysis.tables, code, analysis.occupation_exposure, analysis.pathways)


def test_every_claim_has_a_row_with_value_percentile_and_source(analysis):
    table = of(analysis, "29-2072.00")
    assert list(table.columns) == claims.COLUMNS
    assert sorted(set(table["number"])) == list(range(1, 26))
    measured = table[table["measure"].notna()]
    assert measured[["value", "percentile", "n_occupations", "source"]].notna().all(axis=None)
    assert measured["percentile"].between(0, 100).all()
    assert (measured["n_occupations"] > 700).all()
    # What no public data measure is said, not guessed.
    bare = table[table["measure"].isna()]
    assert set(bare["verdict"]) == {"no public measure"}
    assert bare["remark"].str.len().gt(0).all()


def test_the_two_measures_of_the_first_claim_disagree(analysis):
    first = of(analysis, "29-2072.00").query("number == 1").set_index("measure")
    assert first["value"].tolist() == [4.71, 1.87]
    assert first["percentile"].iloc[0] >= claims.SUPPORTED
    assert first["percentile"].iloc[1] < claims.AGAINST
    assert set(first["verdict"]) == {"mixed"}
    assert first["source"].str.contains("O.NET 18.1, 29-2071.00").all()


def test_an_occupation_without_ratings_gets_no_invented_ones(analysis):
    table = of(analysis, "55-3016.00")
    assert sorted(set(table["number"])) == list(range(1, 26))
    assert table["value"].notna().sum() == 0


@pytest.mark.parametrize(
    ("percentiles", "said"),
    [
        ([], "no public measure"),
        ([67.0], "supported"),
        ([66.9], "mixed"),
        ([90.0, 10.0], "mixed"),
        ([32.9, 1.0], "not supported"),
        ([33.0], "mixed"),
    ],
)
def test_the_verdict_follows_the_rule(percentiles, said):
    assert claims.verdict(percentiles) == said


@given(st.lists(st.floats(0, 10), min_size=2, max_size=30))
def test_the_directions_of_a_percentile_add_up(values):
    series = pd.Series(values, index=[str(i) for i in range(len(values))])
    more = claims.percentile(series, "0", "more")
    assert 0 <= more <= 100
    assert more + claims.percentile(series, "0", "less") == pytest.approx(100)
