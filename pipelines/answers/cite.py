"""References of a release: every source of its manifest, and Technician Outlook itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from importlib import metadata
from itertools import count
from typing import Any

import bibtexparser
from bibtexparser.middlewares import MergeCoAuthors
from bibtexparser.model import Entry, Field
from pylatexenc.latexencode import (
    RULE_DICT,
    UnicodeToLatexConversionRule,
    UnicodeToLatexEncoder,
)

from pipelines.base.errors import UsageError
from pipelines.releases.store import Release
from pipelines.sources.catalog import entry_of

FORMATS = ("text", "bibtex", "json")
#: Of an entry of the manifest, what a reference needs; the rest is about the file.
_WANTED = ("citation", "title", "publisher", "release", "date", "url", "licence")
TITLE = "Technician Outlook"
AUTHORS = "The Technician Outlook authors"
_DOI = re.compile(r"https://doi\.org/(\S+)")
_ARXIV = re.compile(r"arXiv:(\d{4}\.\d{4,5})")
#: BibTeX counts braces even where TeX would not, so none may stand alone; the encoder's own rules
#: write them as \\{ and \\}.
_BRACES = {ord("{"): r"\textbraceleft", ord("}"): r"\textbraceright"}


def references(data: Release) -> list[dict[str, Any]]:
    """One reference a source of a release, in order of its id, and last the software.

    Parameters
    ----------
    data : Release

    Returns
    -------
    list of dict
        id, authors (list of "Family, Given" or a body's name, from the catalog; of a source
        that is not in it, the publisher), citation, title, publisher, release, date (YYYY or
        YYYY-MM of what the release is of), fetched (day of the copy, "" where unknown), url,
        license; ``pinned`` where a newer edition was left out on purpose; ``made_from`` where the
        rows are not from that address. The software has ``version`` and, as its release, the
        id of the data release in use.

    Raises
    ------
    UsageError
        The manifest of the release lacks a part of a reference.
    """
    found = []
    for name, entry in sorted(data.manifest["sources"].items()):
        if lacking := [key for key in _WANTED if not entry.get(key)]:
            raise UsageError(
                f"release {data.id}, source {name}", f"its manifest has no {lacking[0]}",
                "Run `outlook refresh`, or use --offline",
            )  # fmt: skip
        fetched = str(entry.get("fetched_utc") or "")[:10]
        known = entry_of(name)
        # A publisher's name may have a comma of its own, which no author's may.
        authors = list(known.authors) if known else [str(entry["publisher"]).replace(",", "")]
        parts = {key: str(entry[key]) for key in _WANTED}
        if pinned := data.manifest.get("pins", {}).get(entry.get("family", name)):
            parts["pinned"] = pinned
        if made_from := entry.get("made_from"):  # the publisher's values, not from its address
            parts["made_from"], fetched = str(made_from), ""
        found.append({"id": name, "authors": authors, **parts, "fetched": fetched})
    return [*found, _own(data)]


def _own(data: Release) -> dict[str, Any]:
    version = metadata.version("technician-outlook")
    release = data.id if not data.is_snapshot else (
        f"snapshot {data.manifest.get('made_from_release', data.id)}"
    )  # fmt: skip
    digest = str(data.manifest.get("content_sha256", ""))[:12]
    made = re.search(r"\b(\d{4})(\d{2})\d{2}-", release)
    return {
        "id": "technician_outlook", "authors": [AUTHORS],
        "citation": f"{AUTHORS}. {TITLE}, version {version}, data release {release}"
        + (f", content {digest}" if digest else ""),
        "title": TITLE, "publisher": AUTHORS, "version": version, "release": release,
        "date": f"{made[1]}-{made[2]}" if made else "", "url": "", "licence": "MIT",
        "fetched": "",
    }  # fmt: skip


def cite(data: Release, format: str) -> str:
    """The references of a release as one text.

    Parameters
    ----------
    data : Release
    format : str
        "text" (a paragraph a reference), "bibtex" or "json".

    Raises
    ------
    UsageError
        No such format; or as `references`.
    """
    if format not in FORMATS:
        raise UsageError(
            f"--format {format}", f"expected one of {', '.join(FORMATS)}", "Give one of them"
        )
    every = references(data)
    if format == "json":
        return json.dumps(every, indent=1, ensure_ascii=False)
    if format == "text":
        return "\n".join(map(_text, every))
    keys = _keys([entry["id"] for entry in every])
    encoder = UnicodeToLatexEncoder(
        conversion_rules=[UnicodeToLatexConversionRule(RULE_DICT, _BRACES), "defaults"],
        unknown_char_policy="keep",
        unknown_char_warning=False,
    )
    library = bibtexparser.Library(
        [_entry(e, k, encoder.unicode_to_latex) for e, k in zip(every, keys, strict=True)]
    )
    layout = bibtexparser.BibtexFormat()
    layout.indent, layout.block_separator = "  ", "\n"
    merged = MergeCoAuthors(allow_inplace_modification=True).transform(library)
    return bibtexparser.write_string(merged, bibtex_format=layout).rstrip("\n")


def _text(entry: Mapping[str, Any]) -> str:
    """The citation, and in brackets which copy of it was used."""
    parts = [f"{entry['title']}, {entry['release']}"]
    parts += [f"pinned to {entry['pinned']}"] if entry.get("pinned") else []
    parts += [entry["date"]] if entry["date"] else []
    # The citation of a study may hold its address; that of the file stands beside it.
    parts += [entry["url"]] if entry["url"] else []
    parts += [f"retrieved {entry['fetched']}"] if entry["fetched"] else []
    citation = _one_line(_citation(entry)).rstrip(".")
    return f"{citation}. [{_one_line('; '.join(parts))}; license: {_one_line(entry['licence'])}]"


def _citation(entry: Mapping[str, Any]) -> str:
    """The citation, and what the rows were made from where that is not the publisher's file."""
    made_from = entry.get("made_from")
    return f"{entry['citation'].rstrip('.')}. {made_from}" if made_from else entry["citation"]


def _entry(entry: Mapping[str, Any], key: str, encoded: Callable[[str], str]) -> Entry:
    """An @misc entry: each style prints its fields, and a reader of BibTeX 0.99 knows it."""

    def tex(text: str) -> str:
        return encoded(_one_line(text))

    citation = _one_line(_citation(entry))
    doi, arxiv = _DOI.search(citation), _ARXIV.search(citation)
    # A body stands in braces of its own, or BibTeX would take its last word for a family name.
    people = [tex(a) if ", " in a else f"{{{tex(a)}}}" for a in entry["authors"]]
    fields = {
        "author": people,
        "title": f"{{{tex(entry['title'])}}}",
        "year": entry["date"][:4],
        "howpublished": tex(f"{entry['publisher']}, {entry['release']}"),
        "version": tex(entry.get("version", "")),
        "doi": doi[1].rstrip(".") if doi else "",
        "eprint": arxiv[1] if arxiv else "",
        "archiveprefix": "arXiv" if arxiv else "",
        "url": _address(entry["url"]),
        "urldate": entry["fetched"],
        "note": tex(f"{citation.rstrip('.')}. License: {entry['licence']}"),
    }
    return Entry("misc", key, [Field(name, value) for name, value in fields.items() if value])


def _keys(ids: list[str]) -> list[str]:
    """The ids of the sources in letters that every tool takes, numbered where they would meet."""
    keys: list[str] = []
    for name in ids:
        plain = re.sub(r"[^A-Za-z0-9_-]", "-", name)
        taken, unique = {key.casefold() for key in keys}, plain
        for n in count(2):
            if unique.casefold() not in taken:
                break
            unique = f"{plain}-{n}"
        keys.append(unique)
    return keys


def _one_line(text: str) -> str:
    """Text of a manifest on one line, without characters that steer a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _address(url: str) -> str:
    """An address is printed as it stands; what would end the field early is percent-encoded."""
    swap = {"{": "%7B", "}": "%7D", "\\": "%5C"}
    return "".join(swap.get(c, c) for c in _one_line(url)).replace(" ", "%20")
