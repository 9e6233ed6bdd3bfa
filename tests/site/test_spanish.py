"""The Spanish pages: the same figures as the English ones, and no English that is not marked."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from pipelines.base.language import speaking
from pipelines.releases.current import describe
from pipelines.site import pages
from pipelines.site.chart_words import ChartWords
from pipelines.site.parts import packed_page, whole_page

CODE = "29-2072.00"
#: English words that no Spanish sentence has.
ENGLISH_WORDS = re.compile(r"\b(?:the|of|and|with|to|for|is|are|not|or)\b", re.IGNORECASE)
#: Attributes that people are told.
TOLD = ("aria-label", "alt", "placeholder", "title")
_VOID = {"meta", "link", "input", "br", "line", "path", "circle", "img"}


class Words(HTMLParser):
    """Texts of a page by their language, attributes that are read aloud among them."""

    def __init__(self, text):
        super().__init__()
        self.languages, self.said = ["en"], {"en": [], "es": []}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        language = found.get("lang") or self.languages[-1]
        if tag in ("script", "style"):
            language = "code"
        for name in TOLD:
            if found.get(name) and language in self.said:
                self.said[language].append(found[name])
        if tag not in _VOID:
            self.languages.append(language)

    def handle_endtag(self, tag):
        if tag not in _VOID:
            self.languages.pop()

    def handle_data(self, data):
        if data.strip() and self.languages[-1] in self.said:
            self.said[self.languages[-1]].append(" ".join(data.split()))


@pytest.fixture(scope="module")
def both(analysis):
    shell = pages.Shell.of(analysis, describe(analysis.release))
    made = pages.occupation(analysis, CODE, shell, full=True)
    return made.page, made.spanish


def test_each_page_says_its_language_and_links_to_the_other(both):
    english, spanish = both
    assert '<html lang="en">' in english
    assert '<html lang="es">' in spanish
    assert f'<a href="../es/o/{CODE}.html" hreflang="es" lang="es">Español</a>' in english
    assert f'<a href="../../o/{CODE}.html" hreflang="en" lang="en">English</a>' in spanish
    assert 'src="../../data/29-2072.00.js"' in spanish
    assert 'href="../../app/site.css"' in spanish


def test_pages_in_brief_and_saved_pages_have_no_other_language(analysis):
    shell = pages.Shell.of(analysis, describe(analysis.release))
    brief = pages.occupation(analysis, "11-1011.00", shell, full=False)
    assert brief.spanish == ""
    assert "hreflang" not in brief.page


def test_start_page_and_comparison_are_in_spanish(analysis):
    shell = pages.Shell.of(analysis, describe(analysis.release))
    with speaking("es"):
        said = shell.said(analysis)
        home, compare = pages.home(analysis, said), pages.compare(said)
    assert "¿Qué le espera a este trabajo?" in home
    assert f'href="o/{CODE}.html"' in home
    assert 'href="../o/11-1011.00.html" hreflang="en"' in home
    assert "Compare hasta cuatro ocupaciones" in compare
    assert 'src="../app/compare.js"' in compare


def test_the_frame_of_a_page_is_spanish(both):
    _, spanish = both
    for said in ("Ir al contenido", "Para esta persona", "Fuentes", "No están traducidos"):
        assert said in spanish, said


#: Names of places are what they are, and an address is no sentence.
_NAMES = re.compile(r"\bDistrict of Columbia\b|-The Woodlands|\bOR\b|https?://\S+")


def _untranslated(page):
    said = (_NAMES.sub("", text) for text in Words(page).said["es"])
    return [text for text in said if ENGLISH_WORDS.search(text)]


@pytest.mark.parametrize("code", [CODE, "49-9062.00", "29-2052.00"])
def test_no_english_sentence_stands_unmarked(analysis, code):
    shell = pages.Shell.of(analysis, describe(analysis.release))
    spanish = pages.occupation(analysis, code, shell, full=True).spanish
    assert _untranslated(spanish) == []
    assert "&lt;span" not in spanish


def test_the_check_sees_an_english_sentence(both):
    _, spanish = both
    said = "Para esta persona"
    assert _untranslated(spanish.replace(said, "For one of the clients", 1)) != []


def _numbers(texts):
    return {n.rstrip(".,") for text in texts for n in re.findall(r"\d[\d,.]*", text)}


def test_no_figure_of_the_spanish_page_is_another_than_the_english(both):
    english, spanish = (Words(page).said for page in both)
    ours, theirs = (_numbers(said["en"] + said["es"]) for said in (spanish, english))
    # What Spanish writes with a number, and English with a word: "1 de cada 10".
    assert ours - theirs <= {"1,000"}
    assert len(ours) > 200


def test_pictures_answers_and_client_have_the_same_figures(both):
    def part(page):
        return page[page.index("<h1>") : page.index('id="tasks"')]

    english, spanish = (Words(part(page)).said["en"] for page in both)
    assert _numbers(english) == _numbers(spanish)


def test_a_packed_page_is_small_and_whole_again(both):
    english, spanish = both
    packed = packed_page(spanish)
    assert whole_page(packed) == spanish
    assert len(packed.encode()) < 0.62 * len(english.encode())
    assert packed.count("data-part=") >= 10
    # What is first seen needs no unpacking: pictures, the client's form, answers.
    assert packed[: packed.index('id="tasks"')] == spanish[: spanish.index('id="tasks"')]
    assert "app/parts.js" in spanish
    assert "app/parts.js" not in english


def test_lists_beside_charts_have_the_same_rows(both):
    """Their bars lie where the English ones do: translating must not lose a row."""

    def bars(page):
        return [
            re.findall(r'style="[^"]+"', one)
            for one in re.findall(r'<ul class="bars">(.*?)</ul>', page, re.DOTALL)
        ]

    english, spanish = both
    assert bars(english) == bars(spanish)
    assert len(bars(spanish)) >= 7


def test_texts_read_aloud_are_spanish(both):
    """Every label and text alternative of the English page has another wording in Spanish."""
    english, spanish = (
        re.findall(r'(?:aria-label|alt|placeholder)="([^"]+)"', page) for page in both
    )
    assert set(english) & set(spanish) == set()
    assert len(spanish) > 30


def test_a_chart_says_what_is_translated_in_every_part_and_no_more():
    words = ChartWords({"Bakers": "Panadero/a", "Cooks": "Cocinero/a"})
    whole = (
        "From Bakers, the highest wage gain for the years it takes: +$7,350 as {}\u00a0§ after 0.5 "
        "years; +$50,300 as Cooks after 4 years"
    )
    with speaking("es"):
        said = words(whole.format("Cooks"))
        assert said.startswith("Desde Panadero/a, ")
        assert "+$7,350 como Cocinero/a\u00a0§ después de 0.5 años" in said
        assert words(whole.format("Painters and Decorators")) == ""
        two = "Across: exposure, how much time software could save a person. Nobody knows the rest."
        assert (
            words(two)
            == "Horizontal: exposición, cuánto tiempo podría ahorrarle el software a una persona"
        )
    assert words(two) == two
