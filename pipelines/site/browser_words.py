"""What scripts of the site say in Spanish: the catalogue "browser" as the script `app/es.js`."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

#: Context of messages that come with data and charts: scripts do not write them, they meet them.
#: Context of short words, for labels of charts.
DATA, CHART = "data", "chart"
_PLACE = re.compile(r"\{\w+\}")


def catalogue() -> Catalog:
    """The messages of ``locale/es/LC_MESSAGES/browser.po``, with their contexts."""
    own = resources.files("pipelines.site").joinpath("locale/es/LC_MESSAGES/browser.po")
    return read_po(io.BytesIO(own.read_bytes()), locale="es", domain="browser")


def spanish(
    titles: Mapping[str, str], english: Mapping[str, str], pages: Iterable[str]
) -> dict[str, Any]:
    """What `app/language.js` reads, for `facts.script("spanish", ...)`.

    Parameters
    ----------
    titles : mapping
        Code of an occupation (O*NET-SOC or SOC) to its Spanish title.
    english : mapping
        Code to English title: scripts meet titles, not codes.
    pages : iterable of str
        O*NET-SOC codes of the occupations that have a page in Spanish.

    Returns
    -------
    dict
        ``words``: English to Spanish, to a pair (one, many) where a message has a plural;
        ``patterns``: pairs of messages of data with {places}; ``charts``: short words for charts;
        ``titles``: English to Spanish; ``pages``: as given, sorted. A message without a
        translation is left out, and shown in English.
    """
    words: dict[str, str | list[str]] = {}
    patterns: list[tuple[str, str]] = []
    charts: dict[str, str] = {}
    for message in catalogue():
        asked, forms = _texts(message.id), _texts(message.string)
        if not asked[0] or not all(forms):
            continue
        text, said = asked[0], forms[0]
        if message.context == CHART:
            charts[text] = said
        elif message.context == DATA and _PLACE.search(text):
            patterns.append((text, said))
        else:
            words[text] = said if len(forms) == 1 else list(forms)
    return {
        "words": words,
        # Most words of its own first: "exposure {value}" fits longer sentences too.
        "patterns": sorted(patterns, key=lambda p: -len(_PLACE.sub("", p[0]))),
        "charts": charts,
        "titles": {
            english[code]: title for code, title in sorted(titles.items()) if code in english
        },
        "pages": sorted(pages),
    }


def _texts(message: Any) -> tuple[str, ...]:
    """A message, or the two of a plural."""
    return (message,) if isinstance(message, str) else tuple(message)
