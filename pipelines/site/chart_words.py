"""What a chart says, for its caption and its text alternative, in the language of now.

Charts are made once, in English. Their words in Spanish stand in the catalogue "browser", as whole
messages with places, and are found by what a chart says. `app/language.js` does the same, with the
patterns of `PLACES`, which `browser_words` hands it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from pipelines.base.language import BROWSER, ENGLISH, catalogue, spoken

#: What a place in a message may hold, as patterns that Python and browsers read alike: places of
#: these names a ``number``, another no end of a sentence (``within``; "St. Louis" has none).
PLACES = {
    "numbers": (
        "all", "error", "gain", "high", "low", "n", "pay", "percent", "rate", "there", "tuition",
        "value", "wage",
    ),
    "number": r"\S+",
    "within": r"(?:(?!(?<!\bSt)\. [A-Z§]).)+?",
}  # fmt: skip
_PLACE = re.compile(r"(\{\w+\})")
#: The mark of a license behind a title.
_MARK = re.compile(r"(.*?)([\s\u00a0]§)", re.DOTALL)
#: Words that tell a sentence of which a part has stayed English: it is left out.
_ENGLISH = re.compile(r"\b(?:the|of|and|with|within|after|for|not)\b", re.IGNORECASE)


@cache
def _words(language: str) -> dict[str, str]:
    """Messages of one form, those that scripts are told with the data among them."""
    found = catalogue(language, BROWSER)
    return {
        m.id: m.string for m in found
        if isinstance(m.id, str) and m.id and m.string and m.context in (None, "data")
    }  # fmt: skip


@cache
def _patterns(language: str) -> list[tuple[re.Pattern[str], str]]:
    """Messages with places, most words of its own first: a short one fits longer sentences too."""
    pairs = [pair for pair in _words(language).items() if _PLACE.search(pair[0])]
    pairs.sort(key=lambda pair: -len(_PLACE.sub("", pair[0])))
    return [(_pattern(text), other) for text, other in pairs]


@cache
def _starting(language: str, letter: str) -> list[tuple[re.Pattern[str], str]]:
    """Those of `_patterns` that a text with this first letter can fit."""
    return [
        (pattern, other)
        for pattern, other in _patterns(language)
        if pattern.pattern.startswith(("(?P<", re.escape(letter)))
    ]


def _pattern(text: str) -> re.Pattern[str]:
    parts = [
        f"(?P<{part[1:-1]}>{PLACES['number' if part[1:-1] in PLACES['numbers'] else 'within']})"
        if i % 2
        else re.escape(part)
        for i, part in enumerate(_PLACE.split(text))
    ]  # fmt: skip
    return re.compile("".join(parts), re.DOTALL)


class ChartWords:
    """The words of charts in the language of now.

    Parameters
    ----------
    titles : mapping
        English title of an occupation to its title in that language.
    """

    def __init__(self, titles: Mapping[str, str]) -> None:
        self._titles = titles

    def __call__(self, text: str) -> str:
        """A text sentence by sentence, without those that are not translated in every part."""
        if spoken() == ENGLISH or not text:
            return text
        whole = self._said(text.rstrip("."))
        if whole is not None and not _ENGLISH.search(whole):
            return whole
        sentences = re.split(r"(?<=[.]) (?=[A-Z0-9§])", text)
        said = (self._said(one) or self._said(one.rstrip(".")) for one in sentences)
        return " ".join(
            f"{one.rstrip('.')}." for one in said if one and not _ENGLISH.search(one)
        ).rstrip(".")

    def _said(self, text: str) -> str | None:
        words = _words(spoken()).get(text)
        if words is not None and not _PLACE.search(text):
            return words
        if text in self._titles:
            return self._titles[text]
        for pattern, other in _starting(spoken(), text[:1]):
            if found := pattern.fullmatch(text):
                values = {name: self._value(part) for name, part in found.groupdict().items()}
                return "".join(values.get(p[1:-1], p) for p in _PLACE.split(other))
        return None

    def _value(self, text: str) -> str:
        if marked := _MARK.fullmatch(text):
            return self._value(marked[1]) + marked[2]
        whole = self._said(text)
        if whole is not None:
            return whole
        return "; ".join(self._said(part) or part for part in text.split("; "))
