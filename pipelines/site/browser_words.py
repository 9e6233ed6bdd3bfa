"""What scripts of the site say in Spanish: the catalogue "browser" as the script `app/es.js`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pipelines.base.language import BROWSER, catalogue
from pipelines.site.chart_words import PLACES

#: Contexts of messages: those that come with data and charts, which scripts do not write but meet,
#: and short words for labels of charts.
DATA, CHART = "data", "chart"
_PLACE = re.compile(r"\{\w+\}")


def browser_titles(titles: Mapping[str, str], english: Mapping[str, str]) -> dict[str, str]:
    """English titles to Spanish ones, for `facts.script("spanishTitles", ...)`.

    They are a file of their own, which a page reads when it meets one.

    Parameters
    ----------
    titles, english : mapping
        Code of an occupation (O*NET-SOC or SOC) to its title: scripts meet titles, not codes.
    """
    return {english[code]: title for code, title in sorted(titles.items()) if code in english}


def browser_words(pages: Iterable[str], options: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What `app/language.js` reads, for `facts.script("spanish", ...)`.

    Parameters
    ----------
    pages : iterable of str
        O*NET-SOC codes of the occupations that have a page in Spanish.
    options : mapping
        Name of a choice of the client's form to its options in English, by value: the address of a
        page says them so in every language.

    Returns
    -------
    dict
        ``words``: English to Spanish, to a pair (one, many) where a message has a plural;
        ``patterns``: pairs of messages of data with {places}, which hold what ``places`` says
        (`chart_words.PLACES`); ``charts``: short words for charts;
        ``pages``: as given, sorted; ``options``: as given. A message without a translation is
        left out, and shown in English.
    """
    words: dict[str, str | list[str]] = {}
    patterns: list[tuple[str, str]] = []
    charts: dict[str, str] = {}
    for message in catalogue("es", BROWSER):
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
        "places": PLACES,
        "words": words,
        # Most words of its own first: "exposure {value}" fits longer sentences too.
        "patterns": sorted(patterns, key=lambda p: -len(_PLACE.sub("", p[0]))),
        "charts": charts,
        "pages": sorted(pages),
        "options": options,
    }


def _texts(message: Any) -> tuple[str, ...]:
    """A message, or the two of a plural."""
    return (message,) if isinstance(message, str) else tuple(message)
