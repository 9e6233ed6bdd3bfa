"""docs/METHODS.md says what the code does: its tables are generated, its paths exist."""

from __future__ import annotations

import importlib
import re
import shutil

import pandas as pd
import pytest

from pipelines.analysis import Analysis
from pipelines.base.errors import UsageError
from pipelines.build import methods, methods_constants, methods_tables, methods_words
from pipelines.releases.store import open_release

#: Numbers that prose may hold: they define something, and no figure is among them.
ALLOWED = {
    "0", "1", "2",  # ends of a scale, terms of a formula
    "3",  # n - 3 of Bonett and Wright's variance
    "4", "5", "7",  # ends of the scales of automation and of O*NET; the highest quintile
    "90", "95", "5th", "95th",  # levels of intervals
    "25", "25th", "75th",  # percentiles of BLS's wages; age in BLS's table 5.3
    "100",  # percent
}  # fmt: skip


@pytest.fixture(scope="module")
def text(root):
    return (root / "docs" / "METHODS.md").read_text("utf-8")


@pytest.fixture(scope="module")
def snapshot(analysis):
    return analysis


@pytest.fixture(scope="module")
def filled(root, snapshot):
    """Every document with the tables of the snapshot, by name."""
    documents = {path.name: path.read_text("utf-8") for path in methods.documents(root)}
    return {name: methods.fill(text, snapshot) for name, text in documents.items()}


def _prose(text: str) -> str:
    """The document without generated blocks."""
    return re.sub(r"<!-- table: .*?<!-- end -->", "", text, flags=re.S)


def test_tables_of_the_snapshot_are_those_that_the_command_makes(filled):
    assert len(filled) >= 3
    assert {name: one.changed for name, one in filled.items() if one.changed} == {}
    assert filled["METHODS.md"].left == ["label_ceiling", "replication", "similar_recall"]


def test_tables_of_a_release_are_those_that_the_command_makes(root, snapshot, full_release):
    where, result = full_release
    release = Analysis(open_release(where.releases / result.published))
    needed = [name for name, table in methods_tables.TABLES.items() if table.needs_release]
    filled = 0
    for path in methods.documents(root):
        blocks = _with_blocks(path.read_text("utf-8"), *needed)
        filled += blocks.count("<!-- table: ")
        assert (path.name, methods.fill(blocks, snapshot, release).changed) == (path.name, [])
    assert filled == len(needed)


def test_every_table_stands_in_a_document_once(root):
    names = [
        name
        for path in methods.documents(root)
        for name in re.findall(r"<!-- table: ([a-z_]+)", path.read_text("utf-8"))
    ]
    assert sorted(names) == sorted(methods_tables.TABLES)


def test_the_document_of_moves_names_what_exists(root):
    moves = (root / "docs" / "MOVES.md").read_text("utf-8")
    assert len(moves.splitlines()) < 400
    for path in re.findall(r"`((?:pipelines|docs)/[\w./]+)`", moves):
        assert (root / path).exists(), path
    named = set(re.findall(r"`([A-Z_]{4,})`", _prose(moves)))
    assert named
    assert all(f".{name}`" in moves for name in named)


def test_the_document_of_robustness_leaves_what_needs_a_release(root, filled):
    text = (root / "docs" / "ROBUSTNESS.md").read_text("utf-8")
    assert filled["ROBUSTNESS.md"].left == ["many_tests", "every_measure", "label_sources"]
    assert len(text.splitlines()) < 400
    for path in re.findall(r"`((?:pipelines|docs)/[\w./]+)`", text):
        assert (root / path).exists(), path


def test_the_document_is_short_and_numbered_once(text):
    assert len(text.splitlines()) < 500
    numbers = re.findall(r"^## (\d+)\. ", text, flags=re.M)
    assert numbers == [str(i + 1) for i in range(len(numbers))]
    assert len(re.findall(r"^#", text, flags=re.M)) == len(numbers) + 1
    for number in re.findall(r"[Ss]ection (\d+)(?![\d.])", text):
        assert number in numbers


def test_paths_and_modules_in_backticks_exist(root, text):
    quoted = re.findall(r"`([^`\n]+)`", text)
    paths = [q for q in quoted if re.fullmatch(r"[\w.]+(/[\w.]*)+", q)]
    assert len(paths) > 20
    for path in paths:
        assert (root / path).exists(), path
    dotted = [q for q in quoted if re.fullmatch(r"pipelines(\.\w+)+", q)]
    assert dotted
    for name in dotted:
        importlib.import_module(name)


def test_prose_types_no_figure(text):
    prose = re.sub(r"`[^`]*`", " ", _prose(text))
    places = r"^## \d+\. |[Ss]ections? \d+(\.\d+)*|claim \d+|chapter \d+|table \d+\.\d+"
    prose = re.sub(places, " ", prose, flags=re.M)
    prose = re.sub(r"arXiv \d{4}\.\d{5}|Science \d+|Working Paper \d+|[KU]?CUUR\w+", " ", prose)
    # Codes and names: 29-2072, ISCO-08, GPT-4, E0, T4, CR3, HC3, mpnet's name, licenses.
    prose = re.sub(r"\b\d{2}-\d{4}\b|\(\.00\)|[A-Za-z]+-\d+(\s\d{4})?|\b[A-Z]{1,2}\d\b", " ", prose)
    prose = re.sub(r"CC BY 4\.0|SOC 20\d\d|equation \d|Core 2|Supplemental 1|v2", " ", prose)
    prose = re.sub(r"\b(19|20)\d{2}\b", " ", prose)  # years of studies, labels, classifications
    prose = re.sub(r"^\d\. ", " ", prose, flags=re.M)  # list numbers
    typed = re.findall(r"(?<![\w.])\d[\d,.]*(?:th)?", prose)
    # A number that may define something is a figure where it counts something.
    counts = (
        r"\d+ of (?:the |all )?\d+|\$ ?\d+|\d+ (?:jobs|occupations|tasks|workers|people|claims)"
    )
    assert re.findall(counts, prose) == []
    odd = sorted({number.rstrip(".,") for number in typed} - ALLOWED)
    assert not odd, f"figures typed in prose: {odd}; give them a table or a constant"


def test_constants_in_capitals_stand_in_the_table(text):
    named = set(re.findall(r"\b[A-Z]+_[A-Z_]+\b", re.sub(r"`[^`]*`", " ", _prose(text))))
    assert named
    assert named <= {name for _, name, _ in methods_constants.CONSTANTS}


def _with_blocks(text: str, *names: str) -> str:
    """The document with these blocks alone: what fills the others is not computed again."""
    return re.sub(
        r"<!-- table: ([a-z_]+).*?<!-- end -->",
        lambda found: found[0] if found[1] in names else "",
        text,
        flags=re.S,
    )


def test_a_changed_figure_is_named_and_mended(tmp_path, text, snapshot):
    own = _with_blocks(text, "tuition", "priorities")
    path = tmp_path / "METHODS.md"
    path.write_text(own.replace("| two-year college", "| two-week college"), "utf-8")
    assert methods.update(path, snapshot, check=True).changed == ["tuition"]
    assert "two-week" in path.read_text("utf-8")
    methods.update(path, snapshot)
    assert path.read_text("utf-8") == own


def test_an_unknown_table_and_a_lost_marker_are_refused(snapshot):
    with pytest.raises(UsageError, match="no table is called nonsense"):
        methods.fill("<!-- table: nonsense -->\n<!-- end -->\n", snapshot)
    with pytest.raises(UsageError, match="without its other"):
        methods.fill("<!-- table: tuition -->\n| a |\n", snapshot)


def test_the_command_checks_and_says_what_it_cannot_fill(outlook, monkeypatch, root, tmp_path):
    assert outlook("methods", "--offline", "--release", "current")[0] == 2
    shutil.copytree(root / "data" / "raw" / "snapshot", tmp_path / "data" / "raw" / "snapshot")
    (tmp_path / "docs").mkdir()
    own = _with_blocks((root / "docs" / "METHODS.md").read_text("utf-8"), "tuition", "priorities")
    broken = own.replace("| balance |", "| even |")
    (tmp_path / "docs" / "METHODS.md").write_text(broken, "utf-8")
    monkeypatch.setenv("OUTLOOK_HOME", str(tmp_path))
    code, out, _ = outlook("methods", "--check")
    assert (code, out) == (1, "priorities: is out of date\n")
    asks = own + "<!-- table: replication -->\n<!-- end -->\n"
    (tmp_path / "docs" / "METHODS.md").write_text(asks, "utf-8")
    code, out, err = outlook("methods", "--check")
    assert (code, out) == (0, "every block agrees\n")
    assert "--release" in err


def test_a_table_cell_that_is_missing_is_a_dash():
    frame = pd.DataFrame({"a": ["x", None], "b": ["1", "2"]})
    assert methods_words.markdown(frame) == "| a | b |\n|---|---|\n| x | 1 |\n| - | 2 |\n"
