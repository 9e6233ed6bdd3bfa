"""Seven clients from search to sheet, on a desk and on a phone; each view is kept as a picture."""

from __future__ import annotations

import re

import pytest
from sitekit import browser, needs_browser

pytestmark = needs_browser
#: What is typed, the page it leads to, and what is chosen there.
CLIENTS = {
    "records": (
        "medical records", "29-2072.00", "state=OH&education=high-school-diploma-or-equivalent"
        "&held=RHIT&study=part&matters=automation",
    ),
    "biomedical": ("biomed tech", "49-9062.00", "education=associates-degree"),
    "mechanic": ("car mechanic", "49-3023.00", "state=TX"),
    "pharmacy": ("pharmacy tech", "29-2052.00", "limit=no-more-school"),
    "chemical": ("chemical technician", "19-4031.00", "matters=less-exposure"),
    "electronics": (
        "electronic engineering technologist", "17-3023.00", "education=associates-degree",
    ),
    "help desk": ("help desk", "15-1232.00", "state=CA&matters=pay"),
}  # fmt: skip


@pytest.fixture(scope="module")
def open_tab():
    with browser() as opener:
        yield opener


@pytest.mark.parametrize("width", [390, 1366])
@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_walks_from_search_to_sheet(site, open_tab, tmp_path, client, width):
    typed, code, chosen = CLIENTS[client]
    start = open_tab((site / "index.html").as_uri(), width=width)
    start.page.fill("#search", typed)
    assert start.page.locator("#found a").first.get_attribute("href") == f"o/{code}.html"

    tab = open_tab((site / "o" / f"{code}.html").as_uri() + f"#{chosen}", width=width, height=844)
    tab.page.wait_for_selector("#client-found:not([hidden])")
    tab.page.screenshot(path=tmp_path / f"{client}-{width}.png", full_page=True)
    assert tab.page.inner_text("#address-said") == ""
    assert tab.page.locator(".pictures svg").count() == 3
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
    if width == 390:
        assert tab.page.evaluate("document.documentElement.scrollHeight") <= 8 * 844
    first = tab.page.locator("#client-ways tbody th").first.inner_text()
    assert first in tab.page.inner_text("#client-said")
    assert first in tab.page.inner_text("#next-said")

    made = tab.page.evaluate("window.OUTLOOK.handout(true)") or tab.page.pdf(format="Letter")
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", made)) == 1
    tab.page.evaluate("window.OUTLOOK.handout(true)")
    assert first in tab.page.locator("#handout-ways tbody tr").nth(1).text_content()
    assert start.problems == tab.problems == []
