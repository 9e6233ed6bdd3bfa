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
#: Words that are right with the accent and without it: *como* and *cómo*, *el* and *él*.
BOTH = {
    "cambio", "como", "cuando", "donde", "el", "interprete", "pago", "paso", "que", "quien", "si",
}  # fmt: skip


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def _known(word: str) -> bool:
    """In the word list, or there without the pronoun of a verb (*corregirlo*, *usándolo*)."""
    form = re.fullmatch(r"(\w+(?:[aei]r|[áé]ndo))(?:se|me)?(?:l[aeo]s?)?", word)
    verb = re.sub(r"[áé](?=ndo$)", lambda m: m[0].translate(PLAIN), form[1]) if form else word
    return any(simplemma.is_known(w, lang="es") for w in (word, verb))


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
def files(folder) -> dict[str, list[dict[str, str]]]:
    return {path.stem[-2:]: _read(path) for path in sorted(folder.glob("task_words_*.csv"))}


@pytest.fixture(scope="module")
def tasks(files) -> list[dict[str, str]]:
    return [row for part in files.values() for row in part]


@pytest.fixture(scope="module")
def texts(titles, tasks) -> list[str]:
    """All that is written, with the endings of the other form taken off."""
    return [re.sub(r"/as?\b", "", t) for t in titles.values()] + [r["words_es"] for r in tasks]


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
    assert not any(map(_known, trade))
    assert {word for word in used if not _known(word)} - set(trade) == set()
    assert _known("pacientes")
    assert all(map(_known, ["corregirlos", "colocándolo"]))
    assert not any(map(_known, ["computer", "tecnico", "revicar", "analisis"]))


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


def test_every_task_of_every_technician_has_spanish_words(analysis, tasks):
    frame = analysis.occupations
    wanted = set(frame.loc[frame["is_technician"], "onet_soc_code"])
    there = analysis.tables["tasks"]
    there = there[there["onet_soc_code"].isin(wanted)]
    keys = {(c, str(i)) for c, i in zip(there["onet_soc_code"], there["task_id"], strict=True)}
    assert keys - {(row["onet_soc_code"], row["task_id"]) for row in tasks} == set()
    assert len(keys) > 3_000


def test_an_occupation_has_spanish_words_for_all_tasks_or_none(root, tasks):
    ours = [
        row
        for path in (root / "data" / "raw" / "curated" / "task_words").glob("*.csv")
        for row in _read(path)
    ]
    codes = {row["onet_soc_code"] for row in tasks}
    keys = {(r["onet_soc_code"], r["task_id"]) for r in ours if r["onet_soc_code"] in codes}
    assert {(row["onet_soc_code"], row["task_id"]) for row in tasks} == keys


def test_a_file_holds_one_major_group_in_order(files):
    for name, part in files.items():
        assert list(part[0]) == ["onet_soc_code", "task_id", "words_es"]
        keys = [(row["onet_soc_code"], int(row["task_id"])) for row in part]
        assert keys == sorted(set(keys)), name
        assert all(re.fullmatch(name + r"-\d{4}\.\d\d", code) for code, _ in keys)


def test_tasks_have_5_to_22_words_and_begin_with_an_infinitive(tasks):
    texts = [row["words_es"] for row in tasks]
    assert [text for text in texts if not 5 <= len(text.split()) <= 22] == []
    form = r"(?:Ir|[A-ZÁÉÍÓÚ][a-záéíóúñ]*[aeií]r)(?:se|le)?,? .*[^.,;:\s]"
    assert [text for text in texts if not re.fullmatch(form, text) or "  " in text] == []


def test_no_two_tasks_of_an_occupation_are_alike(tasks):
    seen = {(row["onet_soc_code"], " ".join(_words(row["words_es"]))) for row in tasks}
    assert len(seen) == len(tasks)


def test_a_second_reading_found_the_same_meaning_in_what_was_drawn(folder, tasks):
    """200 drawn at random and read again beside the English by who wrote them; what said less was
    mended. The verdicts are those before mending."""
    read = _read(folder / "second_reading.csv")
    keys = {(row["onet_soc_code"], row["task_id"]) for row in tasks}
    assert {(row["onet_soc_code"], row["task_id"]) for row in read} <= keys
    assert len(read) == 200
    assert {row["verdict"] for row in read} == {"same", "less"}
    assert sum(row["verdict"] == "same" for row in read) / len(read) >= 0.97
