"""What a chart says, for its caption and its text alternative, in the language of now.

Charts are made once, in English. Their words in Spanish stand in the catalogue "browser", as whole
messages with places, and are found by what a chart says: `app/language.js` does the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from pipelines.base.language import ENGLISH, spoken
from pipelines.site.browser_words import spanish

#: Places of these names hold a number; a value of another name holds no end of a sentence.
_NUMBERS = frozenset(
    ("all", "error", "gain", "high", "low", "n", "pay", "percent", "rate", "there", "tuition",
     "value", "wage")
)  # fmt: skip
_NUMBER = r"\S+"
_WITHIN = r"(?:(?!(?<!\bSt)\. [A-Z§]).)+?"
_PLACE = re.compile(r"(\{\w+\})")


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return [(_pattern(text), other) for text, other in _words()["patterns"]]


@cache
def _words() -> dict:
    return spanish({}, {}, [])


def _pattern(text: str) -> re.Pattern[str]:
    parts = [
        f"(?P<{part[1:-1]}>{_NUMBER if part[1:-1] in _NUMBERS else _WITHIN})" if i % 2
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
        """A text sentence by sentence; "" for a sentence that has no translation."""
        if spoken() == ENGLISH or not text:
            return text
        whole = self._said(text.rstrip("."))
        if whole is not None:
            return whole
        sentences = re.split(r"(?<=[.]) (?=[A-Z0-9§])", text)
        said = (self._said(one) or self._said(one.rstrip(".")) for one in sentences)
        return " ".join(f"{one.rstrip('.')}." for one in said if one).rstrip(".")

    def _said(self, text: str) -> str | None:
        words = _words()["words"].get(text)
        if isinstance(words, str):
            return words
        if text in self._titles:
            return self._titles[text]
        for pattern, other in _patterns():
            if found := pattern.fullmatch(text):
                values = {name: self._value(part) for name, part in found.groupdict().items()}
                return "".join(values.get(p[1:-1], p) for p in _PLACE.split(other))
        return None

    def _value(self, text: str) -> str:
        whole = self._said(text)
        if whole is not None:
            return whole
        return "; ".join(self._said(part) or part for part in text.split("; "))
