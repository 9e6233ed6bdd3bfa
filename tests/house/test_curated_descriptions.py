"""The hand-written task descriptions: whole, readable and in our own words."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest

TASKS = {
    "29-2072.00": 17, "29-9021.00": 16, "31-9094.00": 15, "43-6013.00": 15, "43-3021.00": 28,
    "43-4071.00": 19, "43-9021.00": 9, "43-9041.00": 25, "15-1211.01": 17, "15-2051.02": 21,
    "11-9111.00": 18, "31-9092.00": 20, "29-2099.08": 13,
}  # fmt: skip
ONET = "www.onetcenter.org/dl_files/database/db_29_3_text.zip"
Key = tuple[str, str]


def _runs(text: str, length: int = 4) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+(?:[-'][a-z0-9]+)*", text.lower())
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


@pytest.fixture(scope="module")
def rows(root: Path) -> list[dict[str, str]]:
    path = root / "data" / "raw" / "curated" / "task_descriptions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@pytest.fixture(scope="module")
def official(sources: Path) -> dict[Key, str]:
    """The official statements of the 13 occupations by code and task id."""
    with zipfile.ZipFile(sources / ONET) as archive:
        text = archive.read("db_29_3_text/Task Statements.txt").decode("utf-8")
    reader = csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {
        (row["O*NET-SOC Code"], row["Task ID"]): row["Task"]
        for row in reader
        if row["O*NET-SOC Code"] in TASKS
    }


def test_every_occupation_has_all_its_tasks(rows):
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["onet_soc_code"]] = counts.get(row["onet_soc_code"], 0) + 1
    assert counts == TASKS
    assert len(rows) == 233


def test_header_and_keys_are_valid_and_unique(rows):
    assert list(rows[0]) == ["onet_soc_code", "task_id", "description"]
    keys = [(row["onet_soc_code"], row["task_id"]) for row in rows]
    assert len(set(keys)) == len(keys)
    assert [k for k in keys if not re.fullmatch(r"\d\d-\d{4}\.\d\d", k[0])] == []
    assert [k for k in keys if not re.fullmatch(r"[1-9]\d*", k[1])] == []


def test_descriptions_have_6_to_18_words(rows):
    odd = [r for r in rows if not 6 <= len(r["description"].split()) <= 18]
    assert odd == []


def test_descriptions_start_with_a_capital_and_end_without_a_stop(rows):
    odd = [r for r in rows if not re.fullmatch(r"[A-Z][a-z].*[^.\s]", r["description"])]
    assert odd == []


def test_no_description_repeats_within_an_occupation(rows):
    seen = {(row["onet_soc_code"], row["description"].casefold()) for row in rows}
    assert len(seen) == len(rows)


def test_keys_equal_the_official_task_list(rows, official):
    assert {(row["onet_soc_code"], row["task_id"]) for row in rows} == set(official)


def test_no_description_shares_four_words_in_a_row_with_its_statement(rows, official):
    copied = [
        row
        for row in rows
        if _runs(row["description"]) & _runs(official[row["onet_soc_code"], row["task_id"]])
    ]
    assert copied == []
