"""Read a word that the vocabulary lacks as the known word that it is another spelling of.

Only for unknown words, one change away, and only changes that seldom lead from one real word to
another: many unknown words are real words, and reading "interval" as "internal" would be worse
than leaving it out.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator

#: From this length on, any one letter may be wrong; the first is always trusted.
LONG_WORD_LETTERS = 9
_SHORTEST = 5
_BRITISH = (("our", "or"), ("ise", "ize"), ("isa", "iza"), ("yse", "yze"), ("ence", "ense"),
            ("ogue", "og"), ("lled", "led"), ("lling", "ling"), ("tre", "ter"))  # fmt: skip


def respelled(word: str, known: Callable[[str], bool]) -> str | None:
    """The known word that `word` is taken for, or None.

    In this order: its plural, its American spelling, two neighbouring letters changed about, a
    letter doubled or not; for long words one letter too many, missing or wrong. Two different
    candidates of the last kind are an ambiguity: none is taken.

    >>> vocabulary = {"technicians", "color", "patients", "receiver", "documents"}
    >>> [respelled(w, vocabulary.__contains__) for w in ("technician", "colour", "pateints")]
    ['technicians', 'color', 'patients']
    >>> [respelled(w, vocabulary.__contains__) for w in ("documants", "docments", "recever")]
    ['documents', None, None]
    """
    if len(word) < _SHORTEST or not (word.isascii() and word.isalpha()):
        return None
    for candidate in _near(word):
        if known(candidate):
            return candidate
    if len(word) < LONG_WORD_LETTERS:
        return None
    found = {w for w in _one_letter(word) if known(w)}
    # "patiens" may be patient or patients: one word in two forms.
    stems = {w.removesuffix("s") for w in found}
    return min(found, key=lambda w: (-len(w), w)) if len(stems) == 1 else None


def _near(word: str) -> Iterator[str]:
    yield word + "s"
    yield word + "es"
    for british, american in _BRITISH:
        if british in word[1:]:
            yield word[0] + word[1:].replace(british, american, 1)
    for i in range(1, len(word) - 1):
        yield word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    for i in range(1, len(word)):
        if word[i] == word[i - 1]:
            yield word[:i] + word[i + 1 :]
        yield word[:i] + word[i] + word[i:]


def _one_letter(word: str) -> Iterator[str]:
    for i in range(1, len(word)):
        yield word[:i] + word[i + 1 :]
        for letter in string.ascii_lowercase:
            yield word[:i] + letter + word[i + 1 :]
            yield word[:i] + letter + word[i:]
    for letter in string.ascii_lowercase:
        yield word + letter
