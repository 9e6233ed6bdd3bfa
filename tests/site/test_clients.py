"""Seven clients from search to sheet, on a desk and on a phone; each view is kept as a picture."""

from __future__ import annotations

import re

import pytest
from sitekit import needs_browser

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


LADDER = ".pictures section:nth-child(3) svg"


@pytest.mark.parametrize(("client", "place"), [("records", "Ohio"), ("help desk", "California")])
def test_the_ladder_follows_the_clients_table(site, open_tab, client, place):
    """Same first rows in their order, with pay of the client's place."""
    _, code, chosen = CLIENTS[client]
    page = (site / "o" / f"{code}.html").as_uri()
    nation = open_tab(page).page.locator(LADDER).get_attribute("aria-label")
    tab = open_tab(f"{page}#{chosen}")
    tab.page.wait_for_selector("#client-found:not([hidden])")
    heads = tab.page.locator("#client-ways thead th").all_text_contents()
    rows = [
        dict(zip(heads, row.locator("th, td").all_text_contents(), strict=True))
        for row in tab.page.locator("#client-ways tbody tr").all()
    ]
    drawn = " ".join(tab.page.locator(f"{LADDER} text").all_text_contents())
    said = tab.page.locator(LADDER).get_attribute("aria-label")
    assert f"wages of {place}" in said
    assert said != nation
    assert re.findall(r"(\d)\. ", drawn) == ["1", "2", "3"]
    for rank, row in enumerate(rows[:3], 1):
        own = re.split(r" (?:\d\. |Now: )", drawn.split(f"{rank}. ", 1)[1])[0]
        assert own.startswith(row["occupation"])
        years, gain = row["additional years of school"], row["change in median wage"]
        assert ("no more school" if years == "0" else f"{years} year") in own
        assert (gain in own) == ("$" in gain)
        assert own.removeprefix(row["occupation"]).strip() in said
    sentence = tab.page.locator(".pictures section:nth-child(3) p").inner_text()
    assert sentence.startswith(f"For this client: {rows[0]['occupation']}, ")
    assert sentence.endswith(f"Pay is that of {place}.")
    # Without choices it is the page's own again.
    tab.page.evaluate("location.hash = ''")
    tab.page.wait_for_function(
        "selector => document.querySelector(selector).getAttribute('aria-label')"
        ".includes('United States')",
        arg=LADDER,
    )
    again = tab.page.locator(LADDER).get_attribute("aria-label")
    assert again.split(". ", 1)[1] == nation.split(". ", 1)[1]
    assert tab.problems == []
