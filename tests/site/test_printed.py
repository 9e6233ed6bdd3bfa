"""What a browser prints: text to select, lines instead of pictures, one page for the sheet."""

from __future__ import annotations

import io

import pypdf
import pytest
from sitekit import needs_browser

pytestmark = needs_browser
RECORDS = "29-2072.00"
CASE = "education=high-school-diploma-or-equivalent&state=OH&held=RHIT&matters=automation"
#: Language, its page, and words of the client's case that its sheet must say.
SHEETS = {
    "en": (f"o/{RECORDS}.html", ("Medical Records Specialists", "Ohio", "RHIT", "Notes")),
    "es": (
        f"es/o/{RECORDS}.html",
        ("Especialista en expedientes médicos", "Ohio", "RHIT", "Notas"),
    ),
}


def _pictures(page):
    """Pictures on a printed page, also those that stand in its forms."""
    return page.images.keys()


def _words(text):
    return " ".join(text.split())


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("language", SHEETS)
def test_the_sheet_is_one_page_of_text_without_a_picture(site, open_tab, language, paper):
    path, words = SHEETS[language]
    tab = open_tab((site / path).as_uri() + f"#{CASE}")
    tab.page.wait_for_selector("#client-found:not([hidden])")
    first = tab.page.locator("#client-ways tbody th").first.inner_text()
    tab.page.evaluate("window.OUTLOOK.handout(true)")
    pages = pypdf.PdfReader(io.BytesIO(tab.page.pdf(format=paper))).pages
    assert len(pages) == 1
    assert _pictures(pages[0]) == []
    text = _words(pages[0].extract_text())
    for word in (*words, _words(first)):
        assert word in text, word
    # Each wage of the sheet can be copied from it.
    cells = tab.page.locator("#handout-ways tbody td:nth-child(2)").all_text_contents()
    wages = [cell.split(" (")[0] for cell in cells]
    assert len(wages) > 2
    for wage in wages:
        assert wage in text, wage
    assert tab.problems == []


def test_a_printed_page_has_its_charts_as_lines_and_their_words_as_text(site, open_tab):
    tab = open_tab((site / "o" / f"{RECORDS}.html").as_uri())
    tab.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    tab.page.evaluate("window.OUTLOOK.drawAll().then(() => 1)")
    tab.page.wait_for_selector("#plot-skill_gap .main-svg", state="attached")
    pages = pypdf.PdfReader(io.BytesIO(tab.page.pdf(format="Letter"))).pages
    assert [name for page in pages for name in _pictures(page)] == []
    text = _words(" ".join(page.extract_text() for page in pages))
    for words in ("Medical Records Specialists", "software could help", "annual wage (US $)"):
        assert words in text, words


def test_a_chart_s_button_gives_one_page_of_its_size_with_lines_and_text(site, open_tab):
    tab = open_tab((site / "o" / f"{RECORDS}.html").as_uri())
    tab.page.evaluate("window.OUTLOOK.drawAll().then(() => 1)")
    for name, layout in tab.page.evaluate(
        "window.OUTLOOK.shown().then(all => Object.entries(all).map(([n, f]) => [n, f.layout]))"
    ):
        sheet = open_tab("about:blank").page
        sheet.set_content(tab.page.evaluate("n => window.OUTLOOK.sheetOf(n)", name))
        (only,) = pypdf.PdfReader(io.BytesIO(sheet.pdf(prefer_css_page_size=True))).pages
        assert list(_pictures(only)) == []
        # Points are three quarters of a pixel of CSS.
        assert float(only.mediabox.width) == pytest.approx(0.75 * layout.get("width", 1000), abs=1)
        assert float(only.mediabox.height) == pytest.approx(0.75 * layout["height"], abs=1)
        assert layout["meta"]["finding"].split(":")[0].split(" (")[0] in _words(only.extract_text())
        sheet.close()
    tab.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    tools = tab.page.locator('.takeaway[data-for="frontier"]')
    tools.locator("[data-kind=pdf]").click()
    tab.page.wait_for_selector("iframe[title='chart to print']", state="attached")
    assert "Save as PDF" in tools.locator("[role=status]").inner_text()
    assert tab.problems == []


def test_the_check_would_see_a_picture(open_tab):
    page = open_tab("about:blank").page
    dot = (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5E"
        "rkJggg=="
    )
    page.set_content(f"<p>text</p><img width=40 height=40 src='data:image/png;base64,{dot}'>")
    (only,) = pypdf.PdfReader(io.BytesIO(page.pdf())).pages
    assert len(_pictures(only)) == 1
