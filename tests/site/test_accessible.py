"""The site for people who use a keyboard, a screen reader, large type or paper."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from sitekit import needs_browser

pytestmark = needs_browser
RECORDS = "o/29-2072.00.html"


#: Ten pages of every kind, in both languages, on a desk or a phone, light or dark; the page of an
#: occupation in full both ways.
AXE = [
    ("index.html#q=medical", 390, "light"),
    (f"{RECORDS}#state=TX&held=RHIT", 390, "light"),
    (f"{RECORDS}#state=TX&held=RHIT", 1280, "dark"),
    ("o/49-3023.00.html#state=OH", 1280, "light"),
    ("o/11-9111.00.html", 390, "dark"),
    ("compare.html#o=29-2072.00,29-9021.00", 1280, "dark"),
    ("methods.html", 390, "light"),
    ("es/index.html#q=expedientes", 390, "dark"),
    (f"es/{RECORDS}#state=TX&held=RHIT", 390, "dark"),
    (f"es/{RECORDS}#state=TX&held=RHIT", 1280, "light"),
    ("es/o/29-2052.00.html#state=CA", 1280, "dark"),
    ("es/compare.html#o=29-2072.00,29-9021.00", 390, "light"),
]


@pytest.mark.parametrize(("name", "width", "scheme"), AXE)
def test_axe_finds_nothing(site, open_tab, name, width, scheme):
    path, _, fragment = name.partition("#")
    url = (site / path).as_uri() + f"#{fragment}"
    tab = open_tab(url, width=width, color_scheme=scheme)
    tab.page.wait_for_timeout(400)
    tab.page.evaluate(
        "document.querySelectorAll('details').forEach(d => { d.open = true });"
        # The rows of a table are made alike: of a thousand, axe need not look at every one.
        "document.querySelectorAll('tbody')"
        ".forEach(b => [...b.rows].slice(8, -2).forEach(r => r.remove()));"
        "document.getElementById('client-phone')?.click();"
        "window.OUTLOOK?.drawAll?.()"
    )
    tab.page.wait_for_timeout(400)
    found = Axe().run(
        tab.page,
        options={
            "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
            "resultTypes": ["violations"],  # not each place that passes: half the time
        },
    )
    assert found.violations_count == 0, found.generate_report()


def test_axe_would_find_something(open_tab):
    tab = open_tab("about:blank")
    tab.page.set_content("<html><body><img src='data:,'><input></body></html>")
    assert Axe().run(tab.page).violations_count > 0


def test_a_keyboard_reaches_every_control_and_focus_is_seen(site, open_tab):
    tab = open_tab((site / RECORDS).as_uri())
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.activeElement.className") == "skip"
    seen = set()
    for _ in range(80):
        tab.page.keyboard.press("Tab")
        who = tab.page.evaluate(
            "(e => [e.id || e.name || e.textContent.trim().slice(0, 30),"
            " getComputedStyle(e).outlineStyle])(document.activeElement)"
        )
        if who[0].startswith("Skip to"):  # past the last control: the page itself
            break
        assert who[1] != "none", who
        seen.add(who[0])
    assert {"c-education", "c-state", "c-matters", "Rank the career paths"} <= seen


def test_large_type_needs_no_sideways_scrolling(site, open_tab):
    """200% zoom of a window of 1280 pixels is a window of 640."""
    for name in ("index.html", RECORDS, "compare.html#o=29-2072.00", "methods.html"):
        path, _, fragment = name.partition("#")
        tab = open_tab((site / path).as_uri() + f"#{fragment}", width=640, device_scale_factor=2)
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= 640


def test_who_asks_for_less_motion_gets_none(site, open_tab):
    tab = open_tab((site / RECORDS).as_uri(), reduced_motion="reduce")
    assert tab.page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_a_printed_page_shows_its_figures_and_leaves_controls_out(site, open_tab):
    tab = open_tab((site / RECORDS).as_uri())
    tab.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    tab.page.wait_for_selector("#plot-advancement_paths .main-svg", state="attached")
    tab.page.emulate_media(media="print")
    assert not tab.page.locator("#client-form").is_visible()
    assert not tab.page.locator("header.top").is_visible()
    assert tab.page.locator("#plot-advancement_paths").is_visible()


def test_a_phone_shows_the_answers_first_in_few_screens(site, open_tab):
    tab = open_tab((site / RECORDS).as_uri(), width=390, height=844)
    bottoms = tab.page.evaluate(
        "[...document.querySelectorAll('.pictures section')]"
        ".map(s => s.getBoundingClientRect().bottom)"
    )
    assert len(bottoms) == 3
    assert bottoms[1] < 600  # two answers and the begin of the third are seen without scrolling
    assert bottoms[2] < 900
    tab = open_tab((site / RECORDS).as_uri() + "#state=TX&held=RHIT", width=390, height=844)
    tab.page.wait_for_selector("#client-found:not([hidden])")
    assert tab.page.evaluate("document.documentElement.scrollHeight") <= 8 * 844
    # The client's ways are cards: nothing is wider than the screen, and the first stand open.
    inside = (
        "[...document.querySelectorAll('#client-ways :is(th, td)')]"
        ".every(c => c.getBoundingClientRect().right <= 390)"
    )
    assert tab.page.evaluate(inside)
    assert tab.page.locator("#client-ways tbody tr:visible").count() == 2
    tab.page.click("#client-all")
    assert tab.page.locator("#client-ways tbody tr:visible").count() > 10


def test_a_phone_has_bars_for_every_chart_and_scrolls_tables_inside(site, open_tab):
    tab = open_tab((site / RECORDS).as_uri(), width=390, height=844)
    tab.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert tab.page.locator(".drawn:visible").count() == 0
    assert tab.page.locator(".bars:visible").count() == tab.page.locator(".plotted").count() - 1
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390
    # No word is broken: the widest of any cell or line fits, or scrolls with its table.
    broken = (
        "[...document.querySelectorAll('main :is(p, li, h1, h2, h3, th, td, summary)')].filter(e =>"
        " ['anywhere', 'break-all'].includes(getComputedStyle(e).overflowWrap) ||"
        " getComputedStyle(e).wordBreak === 'break-all').length"
    )
    assert tab.page.evaluate(broken) == 0
    # The first column stays while the others scroll by.
    still = tab.page.evaluate(
        "(() => { const box = [...document.querySelectorAll('.numbers .scroll')]"
        ".find(b => b.scrollWidth > b.clientWidth + 50); box.scrollLeft = 60;"
        " const cell = box.querySelector('tbody tr > :first-child');"
        " const left = (e) => e.getBoundingClientRect().left;"
        " return [box.scrollLeft, left(cell) - left(box)]; })()"
    )
    assert still[0] == 60
    assert abs(still[1]) < 1


def test_dark_mode_reaches_pictures_and_charts_and_paper_stays_white(site, open_tab):
    tab = open_tab((site / RECORDS).as_uri() + "#career-paths", color_scheme="dark")
    tab.page.wait_for_selector("#plot-advancement_paths .main-svg")
    look = (
        "[getComputedStyle(document.body).backgroundColor,"
        " getComputedStyle(document.querySelector('.picture .strong')).fill,"
        " getComputedStyle(document.querySelector('.plot .main-svg')).filter]"
    )
    paper, words, turned = tab.page.evaluate(look)
    assert paper == "rgb(18, 18, 18)"
    assert words == "rgb(236, 236, 236)"
    assert turned.startswith("invert")
    tab.page.emulate_media(forced_colors="active")
    inks = tab.page.evaluate(
        "[getComputedStyle(document.querySelector('.picture .mean')).stroke,"
        " getComputedStyle(document.body).color]"
    )
    assert inks[0] == inks[1]
    tab.page.emulate_media(media="print", color_scheme="dark", forced_colors="none")
    assert tab.page.evaluate(look) == ["rgb(255, 255, 255)", "rgb(27, 27, 27)", "none"]
