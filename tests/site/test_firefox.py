"""The main steps of a client's walk in Firefox, which reads the same files with another engine."""

from __future__ import annotations

import json

import pytest
from firefoxkit import firefox, needs_firefox

pytestmark = needs_firefox
#: Page, what is chosen there (education by its place in the list, state), words of the result.
WALKS = {
    "records": ("29-2072.00", "1", "OH", "Ohio"),
    "help desk": ("15-1232.00", "5", "CA", "California"),
}


@pytest.fixture(scope="module")
def open_tab():
    with firefox() as opener:
        yield opener


@pytest.mark.parametrize("width", [390, 1366])
@pytest.mark.parametrize("client", WALKS)
def test_a_client_s_choices_lead_to_a_first_way_up_and_to_its_page(site, open_tab, client, width):
    code, education, state, place = WALKS[client]
    tab = open_tab((site / "o" / f"{code}.html").as_uri(), width=width)
    assert tab.value("navigator.userAgent.includes('Firefox')")
    tab.choose("#c-education", education)
    tab.choose("#c-state", state)
    said = tab.wait_for(
        "(t => t.includes(" + json.dumps(f"wages of {place}") + ") && t)"
        "(document.getElementById('client-said').textContent)"
    )
    first = tab.value("document.querySelector('#client-ways tbody th').textContent")
    assert f"First: {first}." in said
    assert first in tab.value("document.getElementById('next-said').textContent")
    assert f"state={state}" in tab.value("location.hash")
    assert tab.value("document.documentElement.scrollWidth") <= width
    # The handout has the same first destination.
    tab.value("window.OUTLOOK.handout(true)")
    assert first in tab.value("document.querySelectorAll('#handout-ways tbody tr')[1].textContent")
    tab.value("window.OUTLOOK.handout(false)")
    # Its page opens with the same choices.
    where = tab.value("document.querySelector('#client-ways tbody th a').href")
    tab.goto(where)
    assert tab.value("document.querySelector('h1').textContent") == first
    assert tab.wait_for("document.getElementById('c-state').value") == state
    assert tab.problems == []


def test_a_chart_is_drawn_and_can_be_taken_away(site, open_tab):
    tab = open_tab((site / "o" / "29-2072.00.html").as_uri())
    tab.value("document.querySelectorAll('details').forEach(d => { d.open = true })")
    tab.value("window.OUTLOOK.drawAll().then(() => 1)")
    tab.wait_for("document.querySelector('#plot-advancement_paths .main-svg') !== null")
    size, kind = tab.value(
        "window.OUTLOOK.takeaway('advancement_paths', 'png').then(b => [b.size, b.type])"
    )
    assert size > 20_000
    assert kind == "image/png"
    assert tab.problems == []


def test_the_search_box_finds_and_enter_leads_to_the_page(site, open_tab):
    tab = open_tab((site / "index.html").as_uri())
    tab.type("#search", "farmacy tech")
    found = tab.wait_for("document.querySelector('#found a')?.textContent")
    assert found == "Pharmacy Technicians"
    tab.press_enter("#search")
    tab.wait_for("location.href.endsWith('/o/29-2052.00.html')")
    assert tab.problems == []
