"""The page on the client's phone: the QR code on the screen is read back, and leads there."""

from __future__ import annotations

import mimetypes
from importlib import resources

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from sitekit import needs_browser

pytestmark = needs_browser
ADDRESS = "http://careers.example/outlook"
CASE = "education=high-school-diploma-or-equivalent&state=OH&held=RHIT"


@pytest.fixture(scope="module")
def qr(open_tab):
    """The code of a text as ZXing reads it; None where there is no code."""
    page = open_tab("about:blank").page
    code = resources.files("pipelines.site").joinpath("app/qr.js").read_text("utf-8")
    page.add_script_tag(content=code)

    def read(text):
        rows = page.evaluate("t => window.OUTLOOK.qr(t)", text)
        if rows is None:
            return None
        version = (len(rows) - 17) // 4
        dark = np.pad(np.array(rows, dtype=np.uint8), 4).repeat(3, axis=0).repeat(3, axis=1)
        found = zxingcpp.read_barcodes(np.ascontiguousarray(255 - 255 * dark))
        return [(one.text, one.format.name, one.ec_level, version) for one in found]

    return read


def _served(open_tab, site, path, **options):
    """A page at an address that is no computer's own, from the files of the site."""
    tab = open_tab("about:blank", **options)

    def give(route):
        file = site / route.request.url.split("#")[0].removeprefix(f"{ADDRESS}/")
        kind = mimetypes.guess_type(file.name)[0] or "text/html"
        route.fulfill(body=file.read_bytes(), content_type=kind)

    tab.page.route(f"{ADDRESS}/**", give)
    tab.page.goto(f"{ADDRESS}/{path}")
    return tab


def _seen(page, element):
    """What a phone reads from a picture of an element."""
    shot = page.locator(element).screenshot()
    pixels = page.evaluate(
        "async bytes => { const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));"
        " const canvas = new OffscreenCanvas(image.width, image.height);"
        " const ink = canvas.getContext('2d'); ink.drawImage(image, 0, 0);"
        " const all = ink.getImageData(0, 0, image.width, image.height).data;"
        " return [image.height, Array.from(all).filter((_, i) => i % 4 === 1)]; }",
        list(shot),
    )
    gray = np.array(pixels[1], dtype=np.uint8).reshape(pixels[0], -1)
    return [one.text for one in zxingcpp.read_barcodes(gray)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1366])
def test_a_phone_reads_the_page_with_its_choices_from_the_screen(site, open_tab, scheme, width):
    path = f"o/29-2072.00.html#{CASE}"
    tab = _served(open_tab, site, path, color_scheme=scheme, width=width)
    tab.page.wait_for_selector("#client-found:not([hidden])")
    assert not tab.page.locator("#client-qr").is_visible()
    tab.page.click("#client-phone")
    read = _seen(tab.page, "#client-qr svg")
    assert read == [tab.page.url]
    assert "state=OH" in read[0]
    assert "held=RHIT" in read[0]
    assert "QR code" in tab.page.get_attribute("#client-qr svg", "aria-label")
    assert "camera" in tab.page.inner_text("#client-qr figcaption")
    box = tab.page.locator("#client-qr svg").bounding_box()
    assert box["x"] + box["width"] <= width
    # Another choice, another code.
    tab.page.select_option("#c-state", "TX")
    tab.page.wait_for_function("document.querySelector('#client-said').innerText.includes('Texas')")
    again = _seen(tab.page, "#client-qr svg")
    assert again == [tab.page.url]
    assert "state=TX" in again[0]
    tab.page.click("#client-phone")
    assert not tab.page.locator("#client-qr").is_visible()


def test_a_page_that_no_phone_can_open_says_so_and_draws_no_code(site, open_tab):
    tab = open_tab((site / "o" / "29-2072.00.html").as_uri() + f"#{CASE}")
    tab.page.wait_for_selector("#client-found:not([hidden])")
    tab.page.click("#client-phone")
    assert tab.page.locator("#client-qr svg").count() == 0
    assert "a phone cannot open" in tab.page.inner_text("#client-qr")
    assert tab.problems == []


#: Bytes that a code of versions 1 to 40 holds at level M (ISO/IEC 18004, table 7).
ROOM = [
    14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666,
    711, 779, 857, 911, 997, 1059, 1125, 1190, 1264, 1370, 1452, 1538, 1628, 1722, 1809, 1911, 1989,
    2099, 2213, 2331,
]  # fmt: skip


def test_a_code_of_every_size_is_read_back_when_it_is_full(qr):
    text = "https://careers.example/o/29-2072.00.html#" + "state=OH&held=RHIT,CPC&" * 110
    for version, room in enumerate(ROOM, 1):
        assert qr(text[:room]) == [(text[:room], "QRCode", "M", version)], version


def test_a_text_that_no_code_holds_has_none(qr):
    assert qr("x" * 2332) is None


@given(text=st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1))
def test_any_address_is_read_back(qr, text):
    assert [found[0] for found in qr(text)] == [text]
