"""The messages of the pages: collected from code and templates, merged into the catalogues.

``python -m pipelines.site.messages`` brings every catalogue up to date with the code and prints
how much of it is translated. Translations are kept, messages that nobody says any more are left
out, new ones wait without a translation: until they have one, pages say them in English.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import write_po

from pipelines.base.files import write_whole
from pipelines.base.language import CATALOGUES, DOMAIN, catalogue
from pipelines.exposure.published import meanings

#: What messages are said by: `base.language`, `_` being `translated` there and in templates.
SAYERS: dict[str, Any] = {"_": None, "translated": None, "marked": None, "plural": (1, 2)}
_ROOT = Path(str(resources.files("pipelines")))
#: Letters of a line in a catalogue.
_WIDTH = 100


def _files() -> Iterator[tuple[Path, Any]]:
    for path in sorted(_ROOT.rglob("*.py")):
        if "base.language import" in path.read_text("utf-8"):
            yield path, "python"
    for path in sorted(_ROOT.joinpath("site/templates").glob("*.j2")):
        yield path, _jinja


def collected() -> Catalog:
    """Every message that the pages can say, with the files that say it, and no translation."""
    found = Catalog(domain=DOMAIN)
    for path, method in _files():
        place = path.relative_to(_ROOT.parent).as_posix()
        options = {"trim_blocks": "true", "lstrip_blocks": "true"}
        for _, message, _, _ in extract_from_file(method, path, SAYERS, options=options):
            found.add(message, None, [(place, None)])
    for text in meanings.phrases():
        found.add(text, None, [("curated", None)])
    return found


def _jinja(file: Any, keywords: Any, tags: Any, options: Any) -> Any:
    from jinja2.ext import babel_extract

    return babel_extract(file, keywords, tags, options)


def merged(language: str) -> Catalog:
    """A catalogue with the messages of today: kept translations, and new messages without one."""
    kept = catalogue(language)
    made = kept.creation_date
    kept.update(collected(), no_fuzzy_matching=True)
    # The head says when the catalogue was begun, not when it was last merged.
    kept.creation_date, kept.msgid_bugs_address = made, ""
    kept.obsolete.clear()
    return kept


def share(language: str) -> tuple[int, int]:
    """How many messages of a catalogue are translated, and how many it has."""
    messages = [m for m in catalogue(language) if m.id]
    done = [m for m in messages if all(m.string if m.pluralizable else [m.string])]
    return len(done), len(messages)


def as_po(found: Catalog) -> bytes:
    """A catalogue as its file: without line numbers, which every edit would change."""
    written = io.BytesIO()
    write_po(written, found, width=_WIDTH, include_lineno=False, sort_by_file=True,
             omit_header=False)  # fmt: skip
    return written.getvalue()


def main() -> None:
    """Bring the catalogues up to date, and say how much of each is translated."""
    for language in CATALOGUES:
        place = _ROOT / f"site/locale/{language}/LC_MESSAGES/{DOMAIN}.po"
        write_whole(place, as_po(merged(language)))
        done, total = share(language)
        print(f"{language}, {DOMAIN}: {done} of {total} messages translated ({done / total:.0%})")


if __name__ == "__main__":
    main()
