"""A Spanish page in use: its scripts say Spanish, and the client's case crosses languages."""

from __future__ import annotations

import re

import pytest
from sitekit import needs_browser

pytestmark = needs_browser
RECORDS = "29-2072.00"
CASE = (
    "education=high-school-diploma-or-equivalent&state=OH&held=RHIT&study=part"
    "&matters=less-exposure"
)
#: English words that no Spanish sentence has.
ENGLISH = re.compile(r"\b(?:the|of|and|with|to|for|is|are|not|or|by|school|wage|year|years)\b")


@pytest.fixture
def page_of(site, open_tab):
    def opened(name, **options):
        path, _, fragment = name.partition("#")
        tab = open_tab((site / path).as_uri() + (f"#{fragment}" if fragment else ""), **options)
        tab.page.evaluate("document.querySelectorAll('.fold').forEach(d => { d.open = true })")
        return tab

    return opened


def _shown(page, element):
    """Text of an element without what is marked as English."""
    return page.evaluate(
        "e => { const copy = document.querySelector(e).cloneNode(true);"
        " copy.querySelectorAll('[lang=en]').forEach(x => x.remove());"
        " return copy.textContent.replaceAll(\"(associate's degree)\", '')"
        ".replaceAll(\"(bachelor's degree)\", '').replaceAll('(high school)', ''); }",
        element,
    )


def test_what_scripts_say_of_the_client_is_spanish(page_of):
    tab = page_of(f"es/o/{RECORDS}.html#{CASE}")
    tab.page.wait_for_selector("#client-found:not([hidden])")
    first = tab.page.locator("#client-ways tbody th").first.inner_text()
    said = tab.page.inner_text("#client-said")
    assert re.fullmatch(
        rf"\d+ trayectorias laborales, con sueldos de Ohio\. La primera: {re.escape(first)}\.", said
    )
    assert tab.page.inner_text("#next-said").startswith(f"Para esta persona: {first}, ")
    assert "En Ohio, la mitad gana más de $" in tab.page.inner_text("#pay-local-said")
    assert "RHIT cuenta como un título de asociado" in tab.page.inner_text("#client-assumed")
    tab.page.evaluate("window.OUTLOOK.handout(true)")
    tab.page.evaluate("document.getElementById('week').open = true")
    for element in (
        "#client-ways tbody", "#client-assumed", "#handout-ways tbody", "#handout-assumed",
        "#state-said", "#week-said", "#week tbody", "#next-said",
    ):  # fmt: skip
        text = _shown(tab.page, element)
        assert text.strip(), element
        assert ENGLISH.findall(text) == [], (element, text[:300])
    assert tab.problems == []


def test_the_case_reads_the_same_in_both_languages_and_the_link_takes_it_along(page_of):
    spanish = page_of(f"es/o/{RECORDS}.html#{CASE}")
    spanish.page.wait_for_selector("#client-found:not([hidden])")
    assert spanish.page.inner_text("#address-said") == ""
    # Chosen in Spanish, the address is in the same words as in English.
    spanish.page.select_option("#c-education", "4")
    spanish.page.wait_for_function("location.hash.includes('associates-degree')")
    link = spanish.page.locator("header a[hreflang=en][lang=en]")
    assert "associates-degree" in link.get_attribute("href")
    found = [
        row.inner_text() for row in spanish.page.locator("#client-ways tbody td:nth-child(9)").all()
    ]
    link.click()
    spanish.page.wait_for_selector("#client-found:not([hidden])")
    assert spanish.page.get_attribute("html", "lang") == "en"
    assert spanish.page.inner_text("#address-said") == ""
    assert spanish.page.input_value("#c-education") == "4"
    assert spanish.page.input_value("#c-matters") == "exposure"
    money = lambda texts: [re.search(r"\$[\d,]+", t)[0] for t in texts]  # noqa: E731
    english = [
        row.inner_text() for row in spanish.page.locator("#client-ways tbody td:nth-child(9)").all()
    ]
    assert money(found) == money(english)
    spanish.page.locator("header a[hreflang=es]").click()
    spanish.page.wait_for_selector("#client-found:not([hidden])")
    assert spanish.page.get_attribute("html", "lang") == "es"
    assert spanish.page.input_value("#c-education") == "4"
    assert spanish.problems == []


def test_nonsense_and_too_much_are_refused_in_spanish(page_of):
    tab = page_of(f"es/o/{RECORDS}.html#education=99&state=TX")
    said = tab.page.inner_text("#address-said")
    assert (
        "La dirección de esta página contiene algo que aquí no es una opción: estudios “99”" in said
    )
    tab.page.evaluate("document.getElementById('week').open = true")
    tab.page.locator("#week tbody input[type=number]").first.fill("250")
    assert tab.page.inner_text("#week-said").startswith("250 no es una parte de la semana")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("técnico de farmacia", "29-2052.00"),
        ("tecnico de rayos x", "29-2034.00"),
        ("expedientes medicos", "29-2072.00"),
        ("pharmacy tech", "29-2052.00"),
        ("RHIT", "29-2072.00"),
    ],
)
def test_the_search_box_takes_spanish_and_english_and_shows_spanish_titles(page_of, typed, code):
    tab = page_of("es/index.html")
    tab.page.fill("#search", typed)
    first = tab.page.locator("#found a").first
    assert first.get_attribute("href").endswith(f"es/o/{code}.html")
    assert not ENGLISH.findall(first.inner_text())
    assert re.search(
        r"Se encontr(ó|aron) \d+ ocupaci(ón|ones)", tab.page.inner_text("#search-status")
    )
    tab.page.fill("#search", "qqqqzzzz")
    assert tab.page.inner_text("#search-status").startswith("No se encontró nada")
    assert tab.problems == []


def test_a_spanish_title_typed_without_accents_finds_its_technician(page_of, analysis):
    tab = page_of("es/index.html")
    codes = analysis.occupations.query("is_technician")["onet_soc_code"].tolist()
    found = tab.page.evaluate(
        "codes => codes.map(code => {"
        " const entry = window.OUTLOOK.search.entries.find(e => e[0] === code);"
        " const title = window.OUTLOOK.said(entry[1]).replace(/\\/as?\\b/g, '');"
        " const typed = title.normalize('NFD').replace(/\\p{M}/gu, '').toLowerCase();"
        " return [code, entry[1], window.OUTLOOK.find(typed).slice(0, 3).map(f => f.entry[0])]; })",
        codes,
    )
    # What is left over of a group never stands first.
    assert [title for code, title, hits in found if code not in hits] == []
    later = [title for code, title, hits in found if hits[0] != code and "All Other" not in title]
    assert later == []


def test_the_comparison_is_said_in_spanish(page_of):
    tab = page_of(f"es/compare.html#o={RECORDS},29-2052.00&state=TX")
    tab.page.wait_for_function("document.querySelector('#comparison').innerText.includes('TX')")
    text = _shown(tab.page, "#comparison")
    assert "Especialista en expedientes médicos" in text
    assert ENGLISH.findall(text) == []
    tab.page.fill("#occupation", "rayos x")
    tab.page.keyboard.press("Enter")
    assert tab.page.inner_text("#pick-status").startswith("Se agregó ")
    assert tab.problems == []


def test_a_chart_on_the_page_is_drawn_with_spanish_words(page_of):
    tab = page_of(f"es/o/{RECORDS}.html")
    tab.page.locator("#plot-advancement_paths").scroll_into_view_if_needed()
    tab.page.wait_for_selector("#plot-advancement_paths .main-svg")
    drawn = tab.page.locator("#plot-advancement_paths").text_content()
    for words in ("usted está aquí", "sueldo anual (US $)", "años de estudio", "Licenciatura"):
        assert words in drawn, words
    assert "you are here" not in drawn
    assert tab.problems == []
