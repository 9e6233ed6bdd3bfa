"""References of a release: complete, and BibTeX that a reader can take apart again."""

from __future__ import annotations

import json
import re
from importlib import metadata
from itertools import accumulate

import bibtexparser
import pytest
import yaml
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors
from hypothesis import given
from hypothesis import strategies as st
from made_releases import made

from pipelines.answers import cite
from pipelines.base.errors import UsageError
from pipelines.base.settings import load
from pipelines.cli import main
from pipelines.releases.current import open_data
from pipelines.sources.catalog import load_catalog

SOURCE = {
    "citation": "Doe, A. and Roe, B. C. (2024). Work & wages. https://doi.org/10.1/x_y",
    "title": "Work", "publisher": "Press", "release": "1.0", "date": "2024-05",
    "url": "https://example.org/a_b?c=1&d=%20", "licence": "MIT",
}  # fmt: skip


@pytest.fixture(scope="module")
def snapshot():
    return open_data(offline=True)


def read(text):
    """Entries of a BibTeX text by key, in letters again; authors as lists, addresses as written."""
    decoded = [LatexDecodingMiddleware(keep_braced_groups=True), SeparateCoAuthors()]
    library = bibtexparser.parse_string(text, append_middleware=decoded)
    assert not library.failed_blocks
    entries = {entry.key: {f.key: f.value for f in entry.fields} for entry in library.entries}
    for entry in bibtexparser.parse_string(text).entries:  # a % there begins no comment
        entries[entry.key] |= {f.key: f.value for f in entry.fields if f.key == "url"}
    return entries


def plain(value):
    """Without the braces that keep what they hold together."""
    return value.replace("{", "").replace("}", "")


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


def test_values_that_are_not_from_the_address_are_not_cited_as_retrieved_there(snapshot):
    """The snapshot's price index is from a package that repackages BLS's files."""
    prices = next(line for line in cite.cite(snapshot, "text").splitlines() if "CUUR" in line)
    assert "not from BLS's file itself" in prices
    assert "retrieved" not in prices
    entry = read(cite.cite(snapshot, "bibtex"))["cpi_u"]
    assert "urldate" not in entry
    assert "not from BLS's file itself" in plain(entry["note"])


def test_bibtex_reads_back_to_the_same_references(snapshot):
    entries = read(cite.cite(snapshot, "bibtex"))
    found = cite.references(snapshot)
    assert len(entries) == len(found)
    for entry, fields in zip(found, entries.values(), strict=True):
        assert [plain(name) for name in fields["author"]] == entry["authors"]
        assert plain(fields["title"]) == entry["title"]
        assert entry["licence"] in plain(fields["note"])
        assert fields.get("url", "") == entry["url"]
        assert fields["year"] == entry["date"][:4]
    assert entries["gpts_labels"]["author"][0] == "Eloundou, T."
    assert entries["gpts_labels"]["doi"] == "10.1126/science.adj0998"
    assert len(entries["economic_index"]["author"]) == 15
    assert entries["economic_index"]["eprint"] == "2503.04761"
    assert entries["onet_29_3"]["author"] == ["{National Center for O*NET Development}"]


def test_every_dataset_of_the_catalog_is_cited_with_its_authors():
    every = load_catalog()
    data = made(sources={name: {**SOURCE, "title": d.title, "publisher": d.publisher}
                         for name, d in every.items()})  # fmt: skip
    entries = read(cite.cite(data, "bibtex"))
    for name, dataset in every.items():
        assert [plain(author) for author in entries[name]["author"]] == list(dataset.authors)


def test_bibtex_is_the_same_each_time_and_has_only_ascii(snapshot):
    text = cite.cite(snapshot, "bibtex")
    assert text == cite.cite(snapshot, "bibtex")
    assert text.isascii()  # BibTeX 0.99 reads bytes


def test_a_source_outside_the_catalog_is_by_its_publisher():
    data = made(sources={"one": {**SOURCE, "publisher": "Office of Work, Wages and Jobs"}})
    author = read(cite.cite(data, "bibtex"))["one"]["author"]
    assert author == ["{Office of Work Wages and Jobs}"]


def test_keys_stay_unique_where_ids_meet():
    names = ["a.b", "a-b", "A-B", "a-b-2", "é"]
    data = made(sources={name: SOURCE for name in names})
    assert len(read(cite.cite(data, "bibtex"))) == len(names) + 1


@given(st.text(max_size=40))
def test_any_text_of_a_manifest_is_one_whole_field(text):
    data = made(sources={"one": {**SOURCE, "title": text or "x", "licence": f"L {text}"}})
    written = cite.cite(data, "bibtex")
    fields = bibtexparser.parse_string(written).entries_dict["one"].fields_dict
    assert set(fields) >= {"author", "title", "year", "note"}
    for field in fields.values():  # as BibTeX counts, which knows no escaped brace
        depths = list(accumulate({"{": 1, "}": -1}.get(c, 0) for c in field.value))
        assert min(depths) >= 0
        assert depths[-1] == 0
    assert not re.search(r"(?<!\\)[%&#_]", fields["note"].value)


@given(st.text(alphabet="ab Ż é ß 12 *\\&%$#_~()?", max_size=40))
def test_letters_and_what_tex_reads_as_a_command_survive(text):
    data = made(sources={"one": {**SOURCE, "title": f"x {text}"}})
    library = bibtexparser.parse_string(
        cite.cite(data, "bibtex"), append_middleware=[LatexDecodingMiddleware()]
    )
    assert library.entries_dict["one"].fields_dict["title"].value == " ".join(f"x {text}".split())


def test_a_brace_of_a_title_is_printed_and_not_counted():
    data = made(sources={"one": {**SOURCE, "title": "Work {"}})
    assert r"title = {{Work {\textbraceleft}}}" in cite.cite(data, "bibtex")


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
    assert "technician_outlook" in read(said.out)
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
