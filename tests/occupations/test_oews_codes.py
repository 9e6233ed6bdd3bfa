"""Codes of OEWS's own: every code that a May lacks stands in exactly one of them."""

import pytest

from pipelines.market.oews import national
from pipelines.market.panel import panel
from pipelines.occupations import oews_codes


@pytest.fixture(scope="module")
def tables(analysis):
    return analysis.tables


@pytest.mark.parametrize(("year", "whole"), [(2017, 2015), (2018, 2015), (2019, 2021)])
def test_what_a_may_publishes_together_is_what_the_classification_has_apart(tables, year, whole):
    rows = national(tables["wages"])
    by_year = {y: set(part["soc_code"]) for y, part in rows.groupby("year")}
    held = oews_codes.held_by(year)
    assert set(held) <= by_year[year]
    members = [member for codes in held.values() for member in codes]
    assert len(members) == len(set(members))
    lacking = by_year[whole] - by_year[year]
    # A code that BLS did not release that May (fishers, 2018) is lacking and in no other.
    assert lacking - {"45-3011"} == set(members) & by_year[whole] - {"45-3011"}
    assert set(held) == by_year[year] - by_year[whole] - ({"25-3097"} - set(held))


def test_a_set_is_published_only_where_no_code_reaches_out_of_it():
    assert oews_codes.published({"15-1252", "15-1253"}, 2019) == {"15-1256"}
    assert oews_codes.published({"29-2072"}, 2019) is None
    assert oews_codes.published({"29-2072"}, 2021) == {"29-2072"}
    assert oews_codes.joint_code("29-2072", 2020) == "29-2098"


def test_groups_add_up_in_every_may(tables):
    rows = national(tables["wages"])
    units = panel(tables)
    for year, part in rows.groupby("year"):
        held = units[f"employment_{year}"].sum()
        assert held == pytest.approx(part["employment"].sum(), rel=1e-3), year
