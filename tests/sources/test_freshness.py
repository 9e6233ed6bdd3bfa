"""The age of a source's data, in the one way that `outlook check` and the health file use."""

from dataclasses import replace
from datetime import date

import pytest

from pipelines.answers import check
from pipelines.base import settings as base_settings
from pipelines.refresh import health
from pipelines.releases.current import open_data
from pipelines.sources.fetch import raw_files
from pipelines.sources.freshness import age_months, cadence, is_old

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("published", "age"),
    [
        ("2026-11", 0), ("2026-10", 1), ("2025-11", 12), ("2025-11-30", 12), ("2024", 23),
        ("2023", 35), ("2026", 0), ("2027-01", 0), ("", None), ("soon", None), ("2024-13", None),
        ("2024-x", None),
    ],
)  # fmt: skip
def test_whole_months_and_a_year_alone_from_its_end(published, age):
    assert age_months(published, TODAY) == age


@pytest.mark.parametrize(
    ("cadence", "last_good"), [("quarterly", 12), ("yearly", 24), ("once", 999), (None, 999)]
)
def test_data_are_old_past_the_limit_of_their_cadence(cadence, last_good):
    assert not is_old(cadence, last_good)
    assert is_old(cadence, last_good + 1) == (cadence in ("quarterly", "yearly"))
    assert not is_old(cadence, None)


@pytest.mark.parametrize(("published", "old"), [("2024", False), ("2023", True), ("?", None)])
def test_check_and_health_say_the_same_of_a_year_without_a_month(tmp_path, published, old):
    data = open_data(offline=True)
    entry = {**data.manifest["sources"]["ep_export"], "date": published}
    release = replace(data, manifest={**data.manifest, "sources": {"ep_export": entry}})
    (row,) = check._freshness(release, TODAY)
    settings = base_settings.load({"OUTLOOK_DATA": str(tmp_path)})
    settings.processed.mkdir(parents=True)
    raw_files.write_json(
        health.path_of(settings),
        {"release": "x", "sources": {"ep_export": {"date": published, "cadence": "yearly"}}},
    )
    held = health.health(settings, TODAY)["sources"]["ep_export"]
    row = dict(zip(check.CHECK_COLUMNS, row, strict=True))
    assert row["ours"] == held["age_months"]
    assert row["result"] == {True: "old", False: "pass", None: "not checked"}[old]
    assert held["old"] == bool(old)


def test_of_a_family_only_the_newest_edition_can_be_old():
    sources = {
        f"oews_nat_{year}": {"family": "oews_nat", "date": f"{year}-05"} for year in (2015, 2025)
    }
    assert cadence("oews_nat_2015", sources) == "once"
    assert cadence("oews_nat_2025", sources) == "yearly"
    assert cadence("telework", {}) == "once"
    assert cadence("a_stranger", {}) is None
