"""The catalog: complete, honest about licenses, and pointing at code and tables that exist."""

from __future__ import annotations

import pytest
from real_files import editions

from pipelines.base import contracts
from pipelines.base.errors import UsageError
from pipelines.refresh.assemble import COMPUTED
from pipelines.sources.catalog import dataset_of, load_catalog, loadable, parse

GOOD = """
[made]
publisher = "P"
title = "T"
url = "https://example.org/a%20b.csv"
release = "1"
date = "2025"
licence = "MIT"
citation = "C"
authors = ["Doe, A."]
cadence = "once"
media = "csv"
loader = "crosswalks.load_walk"
tables = ["onet_walk_2010_2019"]
max_bytes = 1
signature = ["A", "B"]
"""


def test_every_loader_exists_and_every_table_has_a_contract():
    for dataset in loadable().values():
        assert callable(dataset.load()), dataset.id
        assert set(dataset.tables) <= set(contracts.contracts()), dataset.id


def test_every_contracted_table_has_a_dataset_or_is_derived():
    made = {name for dataset in loadable().values() for name in dataset.tables}
    assert set(contracts.contracts()) - made == {"soc_2010_to_2018", *COMPUTED}


def test_sources_named_in_the_contracts_are_cataloged():
    for table in contracts.contracts().values():
        assert set(table.source) <= set(load_catalog()), table.name


def test_datasets_without_a_loader_say_what_they_are_for():
    idle = {d.id for d in load_catalog().values() if not d.loader}
    assert {"cps_11", "ilo_2025", "wwai_soc_iwas"} <= idle
    assert all(dataset_of(name).used_by for name in idle)


def test_every_onet_release_carries_the_attribution_its_licence_requires():
    for name in ("onet_29_3", "onet_excel_30_2", "onet_18"):
        dataset = dataset_of(name)
        for words in (
            "O*NET {release} Database",
            "USDOL/ETA",
            "CC BY 4.0",
            "trademark of USDOL/ETA",
            "has not approved, endorsed, or tested",
        ):
            assert words in dataset.attribution


#: What the mirror holds beside the cataloged files: nothing here reads it yet, but for USAJOBS,
#: which is asked (sources/fetch/usajobs) and is no file.
NOT_USED_YET = (
    "data.usajobs.gov/",
    "nces.ed.gov/ipeds/datacenter/data/C2024_A_Dict.zip",
    "nces.ed.gov/ipeds/datacenter/data/C202",
    "nces.ed.gov/ipeds/datacenter/data/IC2022_AY.zip",
    "www2.census.gov/",
    "huggingface.co/datasets/Anthropic/EconomicIndex/resolve/main/release_2025_03_27/",
    "huggingface.co/datasets/SALT-NLP/WORKBank/",
    "raw.githubusercontent.com/abigailhaddad/",
)


def test_every_file_of_the_mirror_is_cataloged_and_fits_its_limit(sources):
    every = [d for entry in load_catalog().values() for d in editions(entry, sources)]
    expected = {d.mirror_path: d for d in every}
    found = {
        str(p.relative_to(sources)): p
        for p in sources.rglob("*")
        if p.is_file() and p.parent != sources
    }
    # What a mirror lacks must be what a refresh can carry on.
    lacking = set(expected) - set(found)
    assert all(expected[path].keep_last for path in lacking)
    assert [name for name in set(found) - set(expected) if not name.startswith(NOT_USED_YET)] == []
    sizes = {path: found[path].stat().st_size for path in set(expected) - lacking}
    assert all(size <= expected[path].max_bytes for path, size in sizes.items())


FAMILY = (
    GOOD.replace("a%20b", "db_{major}_{minor}")
    .replace('"1"', '"{major}.{minor}"')
    .replace(
        'cadence = "once"',
        """cadence = "yearly"
since = "29.3"
take = "newest"
page = "https://example.org/"
edition = "onet_checks.edition\"""",
    )
)


def test_a_family_gives_each_edition_its_address_release_and_id():
    family = parse(FAMILY)["made"]
    there = family.at((30, 1))
    assert (there.id, there.family) == ("made_30_1", "made")
    assert (there.url, there.release) == ("https://example.org/db_30_1.csv", "30.1")
    assert family.edition_of("30.1") == (30, 1)
    assert family.edition_of("May 2025") is None
    years = load_catalog()["oews_nat"]
    assert years.edition_of("2024") == years.edition_of("may 2024") == (24,)
    assert (years.at((24,)).id, years.at((24,)).date) == ("oews_nat_2024", "2024-05")


@pytest.mark.parametrize(
    ("old", "new"),
    [("29.3", "May 2025"), ('"newest"', '"some"'), ('since = "29.3"\n', ""),
     ("_{major}_{minor}", "")],
)  # fmt: skip
def test_a_family_that_could_not_be_searched_is_named(old, new):
    with pytest.raises(ValueError, match=r"\[made\].*a family needs"):
        parse(FAMILY.replace(old, new))


@pytest.mark.parametrize("name", ["made_1", "onet", "oews_nat_2", "onet_29", "telework_3", ""])
def test_an_id_that_is_no_dataset_of_the_catalog_is_named(name):
    with pytest.raises(UsageError, match="no such dataset"):
        dataset_of(name)


def test_rows_are_carried_on_only_where_one_dataset_fills_the_table():
    kept = GOOD.replace('cadence = "once"', 'cadence = "once"\nkeep_last = true')
    assert parse(kept)["made"].keep_last
    twice = kept + GOOD.replace("[made]", "[other]")
    with pytest.raises(ValueError, match=r"\[made\] keep_last"):
        parse(twice)


def test_percent_signs_of_an_address_are_decoded_for_the_mirror():
    assert parse(GOOD)["made"].mirror_path == "example.org/a b.csv"


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("https:", "http:", "https"),
        ('"once"', '"daily"', "cadence"),
        ('"csv"', '"pdf"', "media"),
        ('"2025"', '"May 2025"', "date"),
        ('publisher = "P"\n', "", "publisher"),
        ('"MIT"', '"MIT"\ncolor = "red"', "color"),
        ('"MIT"', '"See the repository; used and cited"', "licence"),
        ('"MIT"', '"CC BY-NC 4.0"', "licence"),
        ('"MIT"', '""', "licence"),
        ('"crosswalks.load_walk"', '""', "loader"),
        ('["A", "B"]', "[]", "signature"),
        ('["A", "B"]', '["A"]\npage = "https://example.org/"', "a family needs"),
    ],
)
def test_a_wrong_entry_is_named(old, new, named):
    with pytest.raises(ValueError, match=rf"\[made\].*{named}"):
        parse(GOOD.replace(old, new))


@pytest.mark.parametrize(
    "authors", ["", '""', '"Doe,"', '"Doe, A., Roe, B."', '"Doe, A. and Roe, B."', "3"]
)
def test_authors_are_names_one_by_one(authors):
    with pytest.raises(ValueError, match="author"):
        parse(GOOD.replace('authors = ["Doe, A."]', f"authors = [{authors}]"))
