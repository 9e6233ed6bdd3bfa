"""Spanish titles and tasks: complete, spelled right, told apart, and whole Spanish."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path

import pytest
import simplemma

#: Words of trades, and names left in English because schools and employers use them, that the
#: Spanish word list does not have.
TRADE_WORDS = Path(__file__).with_name("trade_words_es.txt")
#: Words of English grammar that no Spanish sentence has.
ENGLISH_GRAMMAR = {
    "the", "of", "and", "or", "for", "with", "to", "in", "on", "at", "by", "from", "is", "are",
    "be", "an", "it", "that", "this", "not", "all", "other", "except",
}  # fmt: skip


PLAIN = str.maketrans("áéíóú", "aeiou")
#: Words that are right with the accent and without it.
BOTH = set()


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def _words(text: str) -> list[str]:
    return re.findall(r"[a-záéíóúüñ]+", text.lower())


@pytest.fixture(scope="module")
def folder(root: Path) -> Path:
    return root / "data" / "raw" / "curated" / "es"


@pytest.fixture(scope="module")
def titles(folder) -> dict[str, str]:
    rows = _read(folder / "titles.csv")
    assert list(rows[0]) == ["code", "title_es"]
    codes = [row["code"] for row in rows]
    assert codes == sorted(set(codes))
    return {row["code"]: row["title_es"] for row in rows}


@pytest.fixture(scope="module")
def texts(titles) -> list[str]:
    """All that is written, with the endings of the other form taken off."""
    return [re.sub(r"/as?\b", "", title) for title in titles.values()]


@pytest.fixture(scope="module")
def english(analysis) -> dict[str, str]:
    """Titles in English by O*NET-SOC code, by SOC code, and of groups that are destinations."""
    occupations = analysis.occupations
    wages = analysis.tables["wages"].sort_values("year").drop_duplicates("soc_code", keep="last")
    found = dict(zip(occupations["onet_soc_code"], occupations["title"], strict=True))
    own = {code[:7]: title for code, title in found.items() if code.endswith(".00")}
    routes = analysis.tables["route_steps"]
    ends = {*routes["from_soc"], *routes["to_soc"], *analysis.pathways.table.index}
    named = wages[wages["soc_code"].isin(ends)]
    return dict(zip(named["soc_code"], named["title"], strict=True)) | found | own


def test_every_occupation_and_every_destination_has_a_title_and_no_other_code(titles, english):
    assert set(english) - set(titles) == set()
    assert set(titles) - set(english) == set()
    assert len(titles) > 1_800


def test_titles_are_alike_only_where_they_are_in_english(titles, english):
    by_title = defaultdict(set)
    for code, title in titles.items():
        by_title[title.lower()].add(english[code])
    assert [(title, names) for title, names in by_title.items() if len(names) > 1] == []
    own = {c[:7]: t for c, t in titles.items() if c.endswith(".00")}
    assert [c for c, t in own.items() if titles[c] != t] == []


def test_titles_start_with_a_capital_and_fit_a_table(titles):
    assert [t for t in titles.values() if not re.fullmatch(r"[A-ZÁÉÍÓÚ]\S.*[^.,;:\s]", t)] == []
    assert [t for t in titles.values() if len(t) > 100 or "  " in t] == []


def test_titles_of_people_have_both_forms(titles):
    """A first noun in -o or -or has "/a" after it, but for nouns that serve for all."""
    both = {"Piloto", "Buzo", "Soldado", "Modelo", "Actor", "Personal"}
    first = {title.split()[0].rstrip(",") for title in titles.values()}
    assert {w for w in first if re.fullmatch(r"\w+(o|or)", w)} - both == set()
    assert "Técnico/a" in first


def test_what_is_left_over_is_said_in_one_way(titles, english):
    said = {code for code, title in titles.items() if title.endswith(", otras especialidades")}
    assert said == {code for code, title in english.items() if ", All Other" in title}


def test_every_word_is_spelled_as_in_a_word_list_or_a_trade(texts):
    trade = TRADE_WORDS.read_text("utf-8").split()
    assert trade == sorted(set(trade))
    used = {word for text in texts for word in _words(text)}
    assert set(trade) <= used
    assert {w for w in used if not simplemma.is_known(w, lang="es")} - set(trade) == set()


def test_no_accent_is_left_out(texts):
    """The word list knows *medico* and *maquina*, of *medicar* and *maquinar*: a word that stands
    here with an accent has it everywhere."""
    used = {word for text in texts for word in _words(text)}
    bare = {word.translate(PLAIN) for word in used if word != word.translate(PLAIN)}
    assert len(bare) > 100
    assert bare & used == BOTH
    assert [w for w in used if re.search(r"(?:[cs]ion|logia|grafia)$", w)] == []


def test_no_english_grammar_is_left(texts):
    assert [text for text in texts if set(_words(text)) & ENGLISH_GRAMMAR] == []
