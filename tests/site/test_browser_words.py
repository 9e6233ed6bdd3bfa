"""The Spanish of scripts and charts: nothing that is said lacks words, and no place is lost."""

from __future__ import annotations

import io
import re
from importlib import resources

import pytest
from babel.messages.extract import extract
from plotly.io.json import to_json_plotly
from sitekit import browser, needs_browser

from pipelines.base.language import catalogue, speaking
from pipelines.figures.occupation import CHARTS, MOVE_CHARTS
from pipelines.pathways.schooling.education import EDUCATION_LEVELS, everyday
from pipelines.site.browser_words import browser_titles, browser_words
from pipelines.site.chart_words import ChartWords
from pipelines.site.facts import script
from pipelines.site.network import network

APP = resources.files("pipelines.site").joinpath("app")
TEXT = r'"(?:[^"\\]|\\.)*"'
PLACES = re.compile(r"\{\w+\}")


def _texts(message):
    return (message,) if isinstance(message, str) else tuple(message)


@pytest.fixture(scope="module")
def scripts():
    return {f.name: f.read_text("utf-8") for f in APP.iterdir() if f.name.endswith(".js")}


@pytest.fixture(scope="module")
def said(scripts):
    """What scripts say: messages, a plural by its first form."""
    found = set()
    for text in scripts.values():
        lines = extract(
            "javascript", io.BytesIO(text.encode()), keywords={"t": None, "plural": (1, 2)},
            options={"parse_template_string": "true"},
        )  # fmt: skip
        found |= {_texts(message)[0] for _, message, _, _ in lines}
    return found


def test_every_sentence_of_scripts_has_spanish_and_no_spanish_is_left_over(said):
    own = {_texts(m.id)[0]: m for m in catalogue("es", "browser") if m.id and m.context is None}
    assert said - set(own) == set()
    assert set(own) - said == set()


def test_babel_sees_every_message_that_stands_in_the_code(scripts, said):
    written = set()
    for text in scripts.values():
        for call in re.finditer(rf"(?<!\w)(?:t|plural)\(\s*({TEXT}(?:\s*\+\s*{TEXT})*)", text):
            parts = re.findall(TEXT, call[1])
            written.add("".join(part[1:-1].replace('\\"', '"') for part in parts))
    assert len(written) > 150
    assert written == said


def test_translations_keep_their_places():
    for message in catalogue("es", "browser"):
        if not message.id:
            continue
        one = _texts(message.id)[0]
        for text in _texts(message.string):
            assert text, f"no Spanish: {one}"
            assert sorted(PLACES.findall(text)) == sorted(PLACES.findall(one)), one


def _page(open_tab, lang, words):
    tab = open_tab("about:blank")
    tab.page.set_content(f"<html lang={lang}><body></body></html>")
    for code in (words, *(APP.joinpath(f"{n}.js").read_text("utf-8") for n in PARTS)):
        tab.page.add_script_tag(content=code)
    return tab


PARTS = ("language", "figure-words")
NAMES = {
    "Medical Records Specialists": "Especialista en expedientes médicos",
    "Registered Nurses": "Enfermero/a",
}


@pytest.fixture(scope="module")
def tabs():
    codes = {str(at): english for at, english in enumerate(NAMES)}
    spanish = dict(zip(codes, NAMES.values(), strict=True))
    words = script("spanish", browser_words(["29-2072.00"], {}))
    words += script("spanishTitles", browser_titles(spanish, codes))
    with browser() as opener:
        yield {lang: _page(opener, lang, words) for lang in ("es", "en")}


pytestmark = needs_browser


def test_an_english_page_says_english_though_spanish_is_there(tabs):
    for text in ("no more school", "up, in your field", "Registered Nurses"):
        assert tabs["en"].page.evaluate("t => window.OUTLOOK.t(t)", text) == text
        assert tabs["en"].page.evaluate("t => window.OUTLOOK.said(t)", text) == text
    assert tabs["en"].page.evaluate("window.OUTLOOK.page('29-2072.00')") == "o/29-2072.00.html"


def test_a_spanish_page_fills_sentences_counts_and_links(tabs):
    page = tabs["es"].page
    assert page.evaluate(
        "window.OUTLOOK.t('No more than {most}: remove one first.', {most: 4})"
    ) == ("No más de 4: quite una primero.")
    count = "n => window.OUTLOOK.plural('{n} occupation found', '{n} occupations found', n)"
    assert page.evaluate(count, 1) == "Se encontró 1 ocupación"
    assert page.evaluate(count, 2) == "Se encontraron 2 ocupaciones"
    assert (
        page.evaluate("window.OUTLOOK.t('what nobody wrote {x}', {x: 1})") == "what nobody wrote 1"
    )
    assert page.evaluate("window.OUTLOOK.page('29-2072.00')") == "es/o/29-2072.00.html"
    assert page.evaluate("window.OUTLOOK.page('11-1011.00')") == "o/11-1011.00.html"
    assert tabs["es"].problems == []


def test_what_the_data_say_of_school_training_and_licenses_has_spanish(tabs, analysis):
    net = network(analysis)
    words = {
        *map(everyday, EDUCATION_LEVELS), *net["sections"], *net["training"], *net["licence_words"],
        *net["area_notes"], *(w for w in net["licence"] if w),
    }  # fmt: skip
    assert len(words) > 200
    left = tabs["es"].page.evaluate(
        "all => all.filter(w => window.OUTLOOK.said(w) === w)", [*words]
    )
    assert left == []
    said = tabs["es"].page.evaluate("all => all.map(window.OUTLOOK.said)", [*words])
    english = re.compile(r"\b(?:the|of|and|with|for|is|are|not|or|in)\b")
    assert [text for text in said if english.search(text)] == []


#: What a reader meets first in each chart.
TITLES = {
    "task_plane": "tareas están por encima de 0.5 en exposición",
    "task_exposure": "en exposición al software de modelos de lenguaje",
    "measures": "mediciones publicadas de exposición",
    "employment_and_wages": "sueldo mediano",
    "wages_by_state": "el sueldo mediano va de",
    "wages_by_area": "el sueldo promedio es más alto en",
    "advancement_paths": "cambios que se muestran desde Especialista en expedientes médicos",
    "frontier": "Desde Especialista en expedientes médicos",
    "route_card": "De Especialista en expedientes médicos a",
    "skill_gap": "pide claramente más que Especialista en expedientes médicos",
}


@pytest.mark.parametrize("name", TITLES)
def test_a_chart_s_title_axes_and_legend_are_spanish_and_its_numbers_stay(tabs, analysis, name):
    made = {**CHARTS, **MOVE_CHARTS}[name](analysis, "29-2072.00").plain
    figure = tabs["es"].page.evaluate(
        "text => { const f = JSON.parse(text); return [f, window.OUTLOOK.inWords(f)]; }",
        to_json_plotly(made),
    )
    before, after = figure
    meta = before["layout"]["meta"]
    sentences = [
        one for key in ("finding", "reading") for one in re.split(r"(?<=[.]) (?=[A-Z])", meta[key])
    ]
    with speaking("es"):
        ours = [ChartWords(NAMES)._said(one) or one for one in sentences]
    assert tabs["es"].page.evaluate("all => all.map(window.OUTLOOK.said)", sentences) == ours
    notes = [
        [" ".join(a.get("text", "").split("<br>")) for a in f["layout"]["annotations"]]
        for f in figure
    ]
    assert any(TITLES[name] in text for text in notes[1])
    for old, new in zip(*notes, strict=True):
        digits = [re.findall(r"\d[\d,.]*\d|\d", text.replace("&#36;", "$")) for text in (old, new)]
        assert sorted(digits[0]) == sorted(digits[1]), old
    for axis in ("xaxis", "yaxis", "xaxis2", "yaxis2"):
        old = before["layout"].get(axis, {}).get("title", {}).get("text")
        if old:
            assert after["layout"][axis]["title"]["text"] != old
    for old, new in zip(before["data"], after["data"], strict=True):
        assert old.get("x") == new.get("x")
        if old.get("showlegend") and re.search("[a-z]", old.get("name", "")):
            assert new["name"] != old["name"]
