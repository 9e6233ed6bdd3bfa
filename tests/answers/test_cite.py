"""References of a release: complete, and BibTeX that a reader can take apart again."""

from __future__ import annotations

import json
import re
from importlib import metadata

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from made_releases import made

from pipelines.answers import cite
from pipelines.base.errors import UsageError
from pipelines.base.settings import load
from pipelines.cli import main
from pipelines.releases.current import open_data

SOURCE = {
    "citation": "Doe, A. and Roe, B. C. (2024). Work & wages. https://doi.org/10.1/x_y",
    "title": "Work", "publisher": "Press", "release": "1.0", "date": "2024-05",
    "url": "https://example.org/a_b?c=1&d=%20", "licence": "MIT",
}  # fmt: skip
PRINTED = {r"\textbackslash{}": "\\", r"\textbraceleft{}": "{", r"\textbraceright{}": "}",
           r"\textasciitilde{}": "~", r"\textasciicircum{}": "^", r"\&": "&", r"\%": "%",
           r"\$": "$", r"\#": "#", r"\_": "_"}  # fmt: skip


@pytest.fixture(scope="module")
def snapshot():
    return open_data(offline=True)


def parsed(text):
    """Entries of a BibTeX text by key; braces are counted as BibTeX counts them."""
    entries = {}
    at = 0
    while (at := text.find("@", at)) != -1:
        head = re.compile(r"@misc\{([A-Za-z0-9_-]+),\s*").match(text, at)
        assert head, text[at : at + 60]
        at, fields = head.end(), {}
        while text[at] != "}":
            field = re.compile(r"(\w+) = \{").match(text, at)
            assert field, text[at : at + 60]
            start = at = field.end()
            depth = 1
            while depth:
                depth += {"{": 1, "}": -1}.get(text[at], 0)
                at += 1
            fields[field[1]] = text[start : at - 1]
            at = re.compile(r",?\s*").match(text, at).end()
        assert head[1] not in entries
        entries[head[1]] = fields
    return entries


def printed(value):
    """What TeX prints of an escaped text."""
    pattern = "|".join(re.escape(command) for command in PRINTED)
    return re.sub(pattern, lambda found: PRINTED[found[0]], value)


def test_every_source_is_cited_and_the_software_last(snapshot):
    found = cite.references(snapshot)
    sources = snapshot.manifest["sources"]
    assert [entry["id"] for entry in found[:-1]] == sorted(sources)
    for entry in found[:-1]:
        for key in ("citation", "release", "date", "url", "licence"):
            assert entry[key] == sources[entry["id"]][key]
    own = found[-1]
    assert own["version"] == metadata.version("technician-outlook")
    assert snapshot.manifest["made_from_release"] in own["release"]


def test_text_names_each_citation_release_address_and_licence(snapshot):
    lines = cite.cite(snapshot, "text").splitlines()
    entries = snapshot.manifest["sources"]
    assert len(lines) == len(entries) + 1
    for line, (_, entry) in zip(lines, sorted(entries.items()), strict=False):
        for key in ("citation", "release", "date", "url", "licence"):
            assert entry[key].rstrip(".") in line


def test_bibtex_reads_back_to_the_same_references(snapshot):
    entries = parsed(cite.cite(snapshot, "bibtex"))
    found = cite.references(snapshot)
    assert len(entries) == len(found)
    for entry, fields in zip(found, entries.values(), strict=True):
        assert printed(fields["title"]) == "{" + entry["title"] + "}"
        assert entry["licence"] in printed(fields["note"])
        assert fields.get("url", "") == entry["url"]
        assert fields["year"] == entry["date"][:4]
    assert entries["gpts_labels"]["author"].split(" and ")[0] == "Eloundou, T."
    assert entries["gpts_labels"]["doi"] == "10.1126/science.adj0998"
    assert entries["economic_index"]["author"] == "Handa, K. and others"
    assert entries["economic_index"]["eprint"] == "2503.04761"
    assert entries["onet"]["author"].startswith("{")


def test_keys_stay_unique_where_ids_meet():
    names = ["a.b", "a-b", "A-B", "a-b-2", "é"]
    data = made(sources={name: SOURCE for name in names})
    assert len(parsed(cite.cite(data, "bibtex"))) == len(names) + 1


@given(st.text(max_size=40))
def test_any_text_of_a_manifest_survives_bibtex(text):
    data = made(sources={"one": {**SOURCE, "title": text or "x", "licence": f"L {text}"}})
    fields = parsed(cite.cite(data, "bibtex"))["one"]
    plain = "".join(c if c.isprintable() else " " for c in text or "x")
    assert printed(fields["title"]) == "{" + " ".join(plain.split()) + "}"
    assert not re.search(r"(?<!\\)[%&#$]", fields["note"])


def test_a_manifest_cannot_steer_the_terminal():
    data = made(sources={"one": {**SOURCE, "title": "a\x1b[2Jb\nc"}})
    for format in ("text", "bibtex"):
        text = cite.cite(data, format)
        assert "\x1b" not in text
    assert "a [2Jb c" in cite.cite(data, "text")


def test_a_source_without_a_licence_is_an_error_not_a_blank():
    data = made(sources={"one": {**SOURCE, "licence": ""}})
    with pytest.raises(UsageError, match="no licence"):
        cite.cite(data, "text")


def test_json_holds_the_same_references(snapshot):
    assert json.loads(cite.cite(snapshot, "json")) == cite.references(snapshot)


def test_the_command_prints_and_refuses(capsys, monkeypatch):
    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["outlook", "cite", "--offline", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code, capsys.readouterr()

    code, said = run("--format", "bibtex")
    assert code == 0
    assert "technician_outlook" in parsed(said.out)
    code, said = run("--format", "xml")
    assert code == 2
    assert said.out == ""
    assert "text, bibtex, json" in said.err


def test_the_citation_file_names_this_version():
    file = load().snapshot.parents[2] / "CITATION.cff"
    given_ = yaml.safe_load(file.read_text("utf-8"))
    assert given_["version"] == metadata.version("technician-outlook")
    assert given_["cff-version"] == "1.2.0"
    assert {"title", "message", "authors", "license", "date-released"} <= given_.keys()
    assert all(r["title"] and r["authors"] for r in given_["references"])
