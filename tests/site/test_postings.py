"""The section on job postings: what a run says, and nothing where there is none."""

from __future__ import annotations

import re

import pytest
from made_postings import write_run

from pipelines.base import settings, stamp
from pipelines.base.errors import UsageError
from pipelines.figures.postings import postings_figure
from pipelines.releases.current import open_data
from pipelines.site import pages
from pipelines.site.posting_tables import posting_tables
from pipelines.site.publish import saved_page


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("OUTLOOK_DATA", str(tmp_path))
    return tmp_path / "processed"


def test_a_page_says_what_postings_asked_for_and_that_they_are_not_the_market(analysis, data):
    write_run(data)
    shell = pages.Shell.of(analysis, "data")
    page = pages.occupation(analysis, "29-2072.00", shell, full=True).page
    section = re.search(r'id="postings">.*?</details>\n\n', page, re.S)[0]
    said = " ".join(re.sub(r"<[^>]+>", " ", section).split())
    assert "1,108 postings of this occupation were read, dated 2025-01 to 2025-03." in said
    assert "95 of them state how many people are wanted: 1,230 in all." in said
    assert (
        "mean exposure of the tasks that they ask for is 0.42 (90% interval 0.36 to 0.48)" in said
    )
    assert "For the tasks that O*NET lists it is 0.40." in said
    assert "25% of their task sentences are unlike anything" in said
    assert "calls 4% of O*NET's own tasks new" in said.replace("&#39;", "'")
    assert "Federal postings are not the labor market." in said
    assert "fewer than 10" in said
    assert "Feed otters in the river" in said
    assert 'data-chart="postings_by_month"' in section


def test_too_few_postings_are_said_and_no_postings_say_nothing(data):
    write_run(data)
    tables, lines = posting_tables("29-9021")
    assert not tables
    assert lines[0].startswith("Fewer than 10 of the postings")
    assert posting_tables("17-3023") == ([], [])


def test_without_a_run_there_is_no_section(data):
    _, page = saved_page(open_data(offline=True), "29-2072.00")
    assert 'id="postings"' not in page


def test_an_unfinished_run_is_not_shown(analysis, data):
    out = write_run(data)
    (out / "manifest.json").write_text('{"state": "unfinished"}', "utf-8")
    assert posting_tables("29-2072") == ([], [])
    with pytest.raises(UsageError, match="no finished run"):
        postings_figure(analysis, "29-2072.00")


@pytest.mark.parametrize("fault", ["", "soc_code,month\n29-2072,all\n"])
def test_a_broken_run_is_named(data, fault):
    out = write_run(data)
    (out / "postings_by_month.csv").write_text(fault, "utf-8")
    with pytest.raises(UsageError, match="holds no whole run of postings"):
        posting_tables("29-2072")


def test_a_new_run_makes_the_site_stale(data):
    before = stamp.fingerprint(settings.load(), True, "site")
    write_run(data)
    assert stamp.fingerprint(settings.load(), True, "site") != before
