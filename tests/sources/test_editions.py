"""Editions to come: the loaders read what they must read, and refuse the rest in one line."""

from __future__ import annotations

import editions
import pandas as pd
import pytest
from faults import mirror

from pipelines.base.errors import ShapeChanged, SourceFailed
from pipelines.sources.catalog import dataset_of, entry_of, load_catalog
from pipelines.sources.fetch import discover

CATALOG = load_catalog()


def made(name):
    return mirror.encode(mirror.SOURCES[name]())


def load(data, name, release, folder):
    """The tables of an edition's file, as the loader of its dataset gives them."""
    file = folder / "edition.zip"
    file.write_bytes(data)
    family = CATALOG[name]
    edition = family.at(family.edition_of(release)).dated(file)
    return edition.load()(file, edition)


def unmarked(frame):
    """Rows without the edition that they are from."""
    return frame.drop(columns="edition", errors="ignore")


def by_content(frame):
    """Rows without an order and an edition, for frames of which only these differ."""
    return unmarked(frame).sort_values(list(unmarked(frame).columns)).reset_index(drop=True)


def test_30_3_gives_the_skills_and_the_software_of_the_release_before(tmp_path):
    old = load(made("onet_29_3"), "onet", "29.3", tmp_path)
    new = load(editions.next_onet(made("onet_29_3"), "30.3"), "onet", "30.3", tmp_path)
    assert set(new) == set(old)
    for name in old:
        pd.testing.assert_frame_equal(
            by_content(unmarked(new[name])), by_content(unmarked(old[name]))
        )


@pytest.mark.parametrize("release", ["29.3", "30.1"])
def test_30_3_from_a_full_file(sources, tmp_path, release):
    folder = sources / "www.onetcenter.org" / "dl_files" / "database"
    data = (folder / f"db_{release.replace('.', '_')}_text.zip").read_bytes()
    if release == "30.1":  # the copy lacks this file
        older = (folder / "db_29_3_text.zip").read_bytes()
        data = editions.completed(data, older, "Task Ratings.txt")
    old = load(data, "onet", release, tmp_path)
    new = load(editions.next_onet(data, "30.3", month="08/2026"), "onet", "30.3", tmp_path)
    assert new["tasks"]["date"].iloc[-1] == "08/2026"
    for name in ("elements", "technology_skills", "task_ratings"):
        pd.testing.assert_frame_equal(
            by_content(unmarked(new[name])), by_content(unmarked(old[name]))
        )


def test_a_new_column_is_passed_over(tmp_path):
    old = load(made("onet_29_3"), "onet", "29.3", tmp_path)
    new = load(
        editions.next_onet(made("onet_29_3"), "30.1", new_column="Notes"), "onet", "30.1", tmp_path
    )
    for name in old:
        pd.testing.assert_frame_equal(unmarked(new[name]), unmarked(old[name]))


@pytest.mark.fault("edition")
@pytest.mark.parametrize("file", ["Job Zones.txt", "Occupation Data.txt", "Knowledge.txt"])
def test_a_release_without_a_file_is_refused_by_its_name(tmp_path, file):
    with pytest.raises((ShapeChanged, SourceFailed)) as error:
        load(editions.next_onet(made("onet_29_3"), "30.1", without=file), "onet", "30.1", tmp_path)
    assert error.value.exit_code in (4, 5)
    assert file in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.fault("edition")
@pytest.mark.parametrize(
    ("name", "release"), [("onet_29_3", "29.3"), ("oews_nat_2025", "May 2025")]
)
def test_a_broken_archive_is_refused(tmp_path, name, release):
    with pytest.raises(SourceFailed) as error:
        load(editions.broken(made(name)), entry_of(name).id, release, tmp_path)
    assert error.value.exit_code == 4
    assert "zip" in str(error.value)


@pytest.mark.parametrize("name", ["oews_nat_2025", "oews_st_2025"])
def test_oews_of_the_next_year_has_its_year_and_the_figures_asked_for(tmp_path, name):
    family = entry_of(name).id
    old = load(made(name), family, "May 2025", tmp_path)["wages"]
    same = load(editions.next_oews(made(name), 2026), family, "May 2026", tmp_path)["wages"]
    assert set(same["year"]) == {2026}
    pd.testing.assert_frame_equal(same.drop(columns="year"), old.drop(columns="year"))
    grown = editions.next_oews(made(name), 2026, 1.1)
    more = load(grown, family, "May 2026", tmp_path)["wages"]
    assert more["employment"].to_numpy() == pytest.approx(old["employment"] * 1.1, abs=5)


def test_oews_of_the_next_year_from_the_full_file(sources, tmp_path):
    data = (sources / dataset_of("oews_nat_2025").mirror_path).read_bytes()
    old = load(data, "oews_nat", "May 2025", tmp_path)["wages"]
    new = load(editions.next_oews(data, 2026), "oews_nat", "May 2026", tmp_path)["wages"]
    pd.testing.assert_frame_equal(new.drop(columns="year"), old.drop(columns="year"))


def test_the_publishers_pages_are_found_to_name_editions_over_https(
    publishers, tmp_path, monkeypatch
):
    """The live pages are asked through the proxy; whether a file is there is asked of its host."""
    from pipelines.base import settings

    publishers.lead(monkeypatch)
    publishers.answers |= {
        editions.ONET_PAGE: editions.onet_page("30.3"),
        editions.OEWS_PAGE: editions.oews_page(2025, 2026),
    }
    oews = "https://www.bls.gov/oes/special-requests/oesm26nat.zip"
    file = publishers.files / oews.removeprefix("https://")
    file.parent.mkdir(parents=True)
    file.write_bytes(editions.next_oews(made("oews_nat_2025"), 2026))
    where = settings.load({"OUTLOOK_DATA": str(tmp_path), "OUTLOOK_CONTACT": "a@example.org"})
    found = {f.url: f for f in discover.discover(where).found}
    assert found[oews].release == "May 2026"
    assert "HTTP 200" in found[oews].evidence
    # What a page names and no server has is not an edition.
    assert not any(f.release == "30.3" for f in found.values())
    assert publishers.times(oews, "HEAD") == 1
    assert publishers.times(editions.OEWS_PAGE) == 1
