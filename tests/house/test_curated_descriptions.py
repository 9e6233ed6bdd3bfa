"""Our own words for tasks: whole, readable, ours, and of the same meaning."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from spellchecker import SpellChecker

from pipelines.exposure.scorer.model import load_scorer
from pipelines.exposure.scorer.score import score_statements

#: The occupations of the health-information field beside the technicians.
FIELD = {
    "31-9094.00", "43-6013.00", "43-3021.00", "43-4071.00", "43-9021.00", "43-9041.00",
    "11-9111.00", "31-9092.00",
}  # fmt: skip
ONET = "www.onetcenter.org/dl_files/database/db_{}_text.zip"
#: Words of trades that the word list does not have.
TRADE_WORDS = Path(__file__).with_name("trade_words.txt")
Key = tuple[str, str]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+(?:[-'][a-z0-9]+)*", text.lower())


def _runs(text: str, length: int) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


@pytest.fixture(scope="module")
def files(root: Path) -> dict[str, list[dict[str, str]]]:
    found = {}
    for path in sorted((root / "data" / "raw" / "curated" / "task_words").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem] = list(csv.DictReader(file, strict=True))
    return found


@pytest.fixture(scope="module")
def rows(files) -> list[dict[str, str]]:
    return [row for part in files.values() for row in part]


@pytest.fixture(scope="module")
def official(sources: Path) -> dict[Key, str]:
    """The official statements of both editions by code and task id, the newer one's where both
    have it."""
    found: dict[Key, str] = {}
    for edition in ("29_3", "30_1"):
        with zipfile.ZipFile(sources / ONET.format(edition)) as archive:
            text = archive.read(f"db_{edition}_text/Task Statements.txt").decode("utf-8")
        reader = csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
        found |= {(row["O*NET-SOC Code"], row["Task ID"]): row["Task"] for row in reader}
    return found


def test_every_task_of_every_technician_and_of_the_field_has_words(rows, analysis):
    frame = analysis.occupations
    wanted = set(frame.loc[frame["is_technician"], "onet_soc_code"]) | FIELD
    tasks = analysis.tables["tasks"]
    tasks = tasks[tasks["onet_soc_code"].isin(wanted)]
    keys = {(c, str(i)) for c, i in zip(tasks["onet_soc_code"], tasks["task_id"], strict=True)}
    assert keys - {(row["onet_soc_code"], row["task_id"]) for row in rows} == set()
    assert tasks["task"].notna().all()
    assert tasks["task_text_source"].eq("own words").all()
    assert len(keys) > 3_400


def test_a_file_holds_one_major_group_in_order(files):
    for name, part in files.items():
        assert list(part[0]) == ["onet_soc_code", "task_id", "description"]
        keys = [(row["onet_soc_code"], int(row["task_id"])) for row in part]
        assert keys == sorted(set(keys)), name
        assert all(re.fullmatch(name + r"-\d{4}\.\d\d", code) for code, _ in keys)


def test_descriptions_have_6_to_18_words(rows):
    assert [r for r in rows if not 6 <= len(r["description"].split()) <= 18] == []


def test_descriptions_start_with_a_capital_and_end_without_a_stop(rows):
    assert [r for r in rows if not re.fullmatch(r"[A-Z].*[^.\s]", r["description"])] == []


def test_no_two_tasks_of_an_occupation_are_alike(rows):
    seen = {(row["onet_soc_code"], " ".join(_words(row["description"]))) for row in rows}
    assert len(seen) == len(rows)


def test_every_word_is_spelled_as_in_a_word_list_or_a_trade(rows):
    trade = TRADE_WORDS.read_text("utf-8").split()
    assert trade == sorted(set(trade))
    used = {
        word.lower()
        for row in rows
        for word in re.findall(r"[A-Za-z]+(?:'[a-z]+)?", row["description"])
    }
    assert set(trade) <= used
    assert SpellChecker().unknown(used) - set(trade) == set()


def test_every_description_is_of_an_official_task(rows, official):
    assert {(row["onet_soc_code"], row["task_id"]) for row in rows} <= set(official)


def test_no_description_shares_four_words_in_a_row_with_its_statement(rows, official):
    copied = [
        row
        for row in rows
        if _runs(row["description"], 4) & _runs(official[row["onet_soc_code"], row["task_id"]], 4)
    ]
    assert copied == []


def test_a_description_is_not_made_of_its_statements_words(rows, official):
    def share(row):
        own = set(_words(row["description"]))
        return len(own & set(_words(official[row["onet_soc_code"], row["task_id"]]))) / len(own)

    shares = np.array([share(row) for row in rows])
    assert shares.max() <= 0.75
    assert shares.mean() < 0.5


def test_the_scorer_reads_the_same_meaning_in_our_words(rows, official):
    scorer = load_scorer()
    ours = score_statements([row["description"] for row in rows], scorer)["exposure"]
    statements = [official[row["onet_soc_code"], row["task_id"]] for row in rows]
    moved = (ours - score_statements(statements, scorer)["exposure"]).abs()
    assert moved.mean() < 0.12


def test_a_second_reader_found_the_same_meaning_in_what_was_drawn(root, rows):
    """200 drawn at random and read beside the official sentences; what was not the same was mended.

    The verdicts are those before mending.
    """
    path = root / "data" / "raw" / "curated" / "second_reading.csv"
    with path.open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file, strict=True))
    keys = {(row["onet_soc_code"], row["task_id"]) for row in rows}
    assert {(row["onet_soc_code"], row["task_id"]) for row in read} <= keys
    assert len(read) == 200
    assert sum(row["verdict"] == "same" for row in read) / len(read) >= 0.97
