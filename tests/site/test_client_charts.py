"""The charts of a client's career paths: wages of their place, the same first as the table."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from sitekit import needs_browser

from pipelines.answers.place import with_wages_of
from pipelines.answers.programs import programs_answer
from pipelines.charts.frontier import on_frontier
from pipelines.figures.paths import usual_education
from pipelines.pathways.routes.search import find_paths

pytestmark = needs_browser
RECORDS = "29-2072.00"
TEXT = "[...document.querySelectorAll(`#${id} .annotation-text`)].map((one) => one.textContent)"


def _opened(open_tab, site: Path, page: str, width: int = 1366):
    tab = open_tab(f"{site.as_uri()}/{page}", width=width)
    tab.page.wait_for_selector("#client-found:not([hidden])")
    tab.page.evaluate("document.getElementById('career-paths').open = true")
    return tab


@pytest.mark.parametrize("page", [f"o/{RECORDS}.html", f"es/o/{RECORDS}.html"])
@pytest.mark.parametrize("late", ["handout.js", "charts.js"])
def test_choices_in_the_address_wait_for_every_script(site, open_tab, page, late):
    """A script that is read slowly came too late for the choices: seen on a busy machine."""
    tab = open_tab("about:blank")
    held = []
    tab.page.route(f"**/app/{late}", lambda route: held.append(route))
    tab.page.goto(f"{site.as_uri()}/{page}#state=TX", wait_until="commit")
    tab.page.wait_for_function("window.OUTLOOK?.clientSteps !== undefined")
    tab.page.wait_for_timeout(400)  # what comes too early comes now
    held[0].continue_()
    tab.page.wait_for_selector("#client-found:not([hidden])")
    tab.page.wait_for_selector("#plot-client_paths", state="attached")
    assert tab.page.locator("#client-charts ~ details.numbers").count() == 1  # the nation's
    assert _table(tab)[0][0] in tab.page.inner_text("#next-said")
    assert tab.problems == []


def _table(tab) -> list[list[str]]:
    lines = tab.page.locator("#client-ways tbody tr").all()
    return [line.locator("th, td").all_text_contents() for line in lines]


@pytest.mark.parametrize("place", ["state=TX", "area=18140"])
def test_charts_have_the_wages_of_the_place_and_the_tables_order(site, open_tab, analysis, place):
    kind, code = place.split("=")
    data = with_wages_of(analysis, analysis.pathways, **{"state": None, "area": None, kind: code})
    ours = find_paths(data, RECORDS[:7], usual_education(analysis, RECORDS), 2)
    tab = _opened(open_tab, site, f"o/{RECORDS}.html#{place}")
    name = {"TX": "Texas", "18140": "Columbus, OH"}[code]
    tab.page.locator("#plot-client_paths").scroll_into_view_if_needed()
    tab.page.wait_for_selector("#plot-client_paths .annotation-text", state="attached")
    drawn = " ".join(tab.page.evaluate(f"(id) => {TEXT}", "plot-client_paths"))
    table = _table(tab)[:12]
    assert f"{name}: {len(table)} of {len(table)} career paths" in drawn
    assert f"Wages: {name}." in drawn
    figure = tab.page.evaluate(
        "(async () => JSON.stringify((await window.OUTLOOK.shown()).client_paths.data[0]))()"
    )
    points = json.loads(figure)
    wages = ours["annual_median_wage"].head(12).tolist()
    assert points["x"] == wages
    for rank, (row, wage) in enumerate(zip(table, wages, strict=True), 1):
        assert f"{rank}. {row[0]}" in drawn
        assert f"${wage:,.0f} ({row[9]})" in drawn
    low = data.table.loc[ours["to_soc"].head(12), "annual_p25_wage"].astype(float)
    bars = [
        x - below for x, below in zip(points["x"], points["error_x"]["arrayminus"], strict=True)
    ]
    if kind == "state":
        assert bars == low.tolist()
    else:  # the files of areas hold medians alone: no bar is made up
        assert bars == points["x"]
    assert tab.problems == []


def test_the_whole_country_folds_away_and_nothing_outside_contradicts(site, open_tab):
    tab = _opened(open_tab, site, f"o/{RECORDS}.html#state=TX")
    tab.page.wait_for_selector("#national", state="attached")
    assert not tab.page.evaluate("document.getElementById('national').open")
    inside = (
        "[...document.querySelectorAll('#national [data-chart]')].map((one) => one.dataset.chart)"
    )
    assert tab.page.evaluate(inside) == ["advancement_paths", "frontier", "route_card", "skill_gap"]
    outside = tab.page.locator("#career-paths > figure, #career-paths > details:not(#national)")
    assert outside.count() == 0
    # A second choice draws the same two charts again, and folds nothing twice.
    tab.page.select_option("#c-state", "OH")
    tab.page.wait_for_function(
        "document.querySelector('#plot-client_paths').getAttribute('aria-label').startsWith('Ohio')"
    )
    assert tab.page.locator("#client-charts figure").count() == 2
    assert tab.page.locator("#national").count() == 1
    assert tab.problems == []


def test_a_diamond_marks_what_no_other_path_beats(site, open_tab):
    tab = _opened(open_tab, site, f"o/{RECORDS}.html#state=TX")
    names = tab.page.locator("#client-charts figure:first-child .bars li")
    marked = {
        int(re.search(r"(\d+)\. ", text).group(1))
        for text in names.all_text_contents()
        if text.startswith("◆")
    }
    moves = pd.DataFrame(
        [(float(row[5]), float(re.sub(r"[+$,]", "", row[9]))) for row in _table(tab)[:12]],
        columns=["years_to_qualify", "wage_gain"],
    )
    best = on_frontier(moves)
    assert marked == {rank for rank, own in enumerate(best, 1) if own}
    assert 1 < len(marked) < len(moves)


def test_the_first_path_is_drawn_step_by_step_with_programs_for_it(site, open_tab, analysis):
    chosen = "state=OH&education=high-school-diploma-or-equivalent&matters=pay"
    tab = _opened(open_tab, site, f"o/{RECORDS}.html#{chosen}")
    first = _table(tab)[0]
    lines = tab.page.locator("#client-charts figure").nth(1).locator(".bars li").all_text_contents()
    stops = [] if first[2] == "–" else first[2].split("; ")
    assert [re.match(r"(?:Now: |\d+\. )(.*?) \$", one).group(1) for one in lines] == [
        "Medical Records Specialists", *stops, first[0],
    ]  # fmt: skip
    assert first[8] in lines[-1]
    added = sum(float(n) for one in lines for n in re.findall(r"; ([\d.]+) years? of school", one))
    assert added == float(first[4])
    tuition = sum(
        int(n.replace(",", "")) for one in lines for n in re.findall(r"tuition \$([\d,]+)", one)
    )
    assert tuition == int(first[7].strip("$").replace(",", ""))
    tab.page.locator("#card-programs").scroll_into_view_if_needed()
    tab.page.wait_for_selector("#card-found li")
    said = tab.page.inner_text("#card-programs")
    assert "Programs in Ohio for the first path of this client" in said
    soc = analysis.occupations.set_index("title")["soc_code"][first[0]]
    level = {"Associate's degree": "associate", "Bachelor's degree": "bachelor"}[first[3]]
    every = programs_answer(analysis, soc, state="OH", level=level).frame
    assert f"{first[0]}, {first[3]}: {len(every):,} programs" in said
    assert tab.problems == []


def test_a_phone_and_a_page_in_brief_have_lists_with_bars(site, open_tab):
    phone = _opened(open_tab, site, f"o/{RECORDS}.html#state=TX", width=390)
    rows = phone.page.locator("#client-charts figure:first-child .bars li")
    assert rows.count() == 12
    assert rows.first.is_visible()
    assert not phone.page.locator("#plot-client_paths").is_visible()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.page.evaluate("window.Plotly === undefined")
    brief = _opened(open_tab, site, "o/43-6013.00.html#state=TX")
    assert brief.page.locator("#client-charts .bars li").first.is_visible()
    assert brief.page.locator("#client-charts .plot").count() == 0
    assert "Texas" in brief.page.inner_text("#client-charts")
    nation = _opened(open_tab, site, f"o/{RECORDS}.html#limit=no-more-school", width=390)
    said = nation.page.locator("#client-charts figcaption strong").first.inner_text()
    assert said.startswith("The United States: ")
    assert phone.problems == brief.problems == []


def test_the_charts_can_be_taken_away(site, open_tab):
    tab = _opened(open_tab, site, f"o/{RECORDS}.html#state=TX")
    buttons = tab.page.locator("#client-charts figure:first-child .takeaway button")
    assert buttons.all_inner_texts() == ["PNG", "SVG", "PDF", "CSV"]
    with tab.page.expect_download() as download:
        buttons.nth(3).click()
    text = Path(download.value.path()).read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    median = "median wage in Texas (US $ per year)"
    wages = [re.sub(r"\D", "", row[8].split(" (")[0]) for row in _table(tab)[:12]]
    assert [row[median].removesuffix(".0") for row in rows] == wages
    with tab.page.expect_download() as download:
        buttons.nth(1).click()
    drawn = Path(download.value.path()).read_text("utf-8")
    assert "Wages: Texas." in drawn
    assert tab.problems == []


def test_a_path_whose_change_in_pay_is_not_known_is_not_counted_as_paying_less(site, open_tab):
    tab = _opened(open_tab, site, "o/29-2012.00.html#state=TX")
    gains = [row[9] for row in _table(tab)[:12]]
    unknown = sum("$" not in gain for gain in gains)
    more = sum(gain.startswith("+$") for gain in gains)
    said = tab.page.locator("#client-charts figcaption strong").first.text_content()
    assert unknown
    assert more
    assert f": {more} of {len(gains) - unknown} career paths shown" in said
    assert said.endswith(f"; for {unknown} more the change in pay is not known.")
