"""The language that sentences are said in: English, or one that has a catalogue of messages.

A message is written in English where it is said, with ``{named}`` places, and is its own key:
``translated("{n} of the tasks", n=3)``. Catalogues are gettext's, read as they were edited (.po).
Nothing else depends on the language: numbers and money are written as in the United States.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import resources
from typing import Any

from markupsafe import Markup, escape

#: Language of the messages in the code, and those that have a catalogue.
ENGLISH, CATALOGUES = "en", ("es",)
#: The catalogue of what Python and templates say.
DOMAIN = "pages"
#: The catalogue of what scripts say; its context "data" is what comes to them with the data.
BROWSER = "browser"
_MONTHS = {
    "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
           "octubre", "noviembre", "diciembre"),
}  # fmt: skip
_DAYS = {"es": "{day} de {month} de {year}"}
_spoken: ContextVar[str] = ContextVar("spoken", default=ENGLISH)
#: Messages said in English for want of a translation, by language.
_missed: dict[str, set[str]] = {}


class _Missed(gettext.NullTranslations):
    """What a catalogue asks for messages that it does not have: they stay English, and count."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.found = _missed.setdefault(language, set())

    def gettext(self, message: str) -> str:
        self.found.add(message)
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.found.add(msgid1)
        return msgid1 if n == 1 else msgid2


def catalogue(language: str, domain: str = DOMAIN) -> Any:
    """A catalogue as it was edited: `babel.messages.Catalog`.

    Parameters
    ----------
    language : str
        One of `CATALOGUES`.
    domain : str
        Name of the file.
    """
    from babel.messages.pofile import read_po

    place = f"site/locale/{language}/LC_MESSAGES/{domain}.po"
    text = resources.files("pipelines").joinpath(place).read_bytes()
    return read_po(io.BytesIO(text), locale=language, domain=domain)


@cache
def _messages(language: str) -> gettext.GNUTranslations:
    from babel.messages.mofile import write_mo

    compiled = io.BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    found = gettext.GNUTranslations(compiled)
    found.add_fallback(_Missed(language))
    return found


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Sentences made within are said in this language.

    Raises
    ------
    KeyError
        A language without a catalogue.
    """
    if language not in (ENGLISH, *CATALOGUES):
        raise KeyError(f"no catalogue of {language!r}: one of {ENGLISH}, {', '.join(CATALOGUES)}")
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def spoken() -> str:
    """The language of now: "en", or one of `CATALOGUES`."""
    return _spoken.get()


def untranslated(language: str) -> frozenset[str]:
    """Messages that were said in English so far, because the catalogue lacks them."""
    return frozenset(_missed.get(language, ()))


def _filled(message: str, values: dict[str, Any]) -> str:
    if any(hasattr(value, "__html__") for value in values.values()):
        # A part marked as English stays marked; the rest is text.
        return Markup(escape(message)).format(**values)
    return message.format(**values) if values else message


def translated(text: str, /, **values: Any) -> str:
    """A message in the language of now, its places filled.

    Parameters
    ----------
    text : str
        English, written where it is said: catalogues are collected from the code.
    **values
        By the name of their place. Where one is `Markup`, so is the result.
    """
    language = _spoken.get()
    # The empty message is the head of a catalogue.
    said = text if language == ENGLISH or not text else _messages(language).gettext(text)
    return _filled(said, values)


def plural(one: str, many: str, n: float, /, **values: Any) -> str:
    """As `translated`, of a number of things: ``{n}`` is filled with it.

    Parameters
    ----------
    one, many : str
        English for 1, and for any other number.
    n : float
        How many; what is not whole takes the form of many.
    """
    language = _spoken.get()
    count = int(n) if n == int(n) else 2
    if language == ENGLISH:
        said = one if count == 1 else many
    else:
        said = _messages(language).ngettext(one, many, count)
    return _filled(said, {"n": n} | values)


@cache
def _curated(language: str) -> dict[str, str]:
    """Messages without places of every catalogue: what scripts are told of, pages say too."""
    return {
        message.id: message.string
        for domain in (BROWSER, DOMAIN)
        for message in catalogue(language, domain)
        if isinstance(message.id, str) and message.id and message.string
        and (domain == DOMAIN or message.context == "data")
    }  # fmt: skip


def english(text: object) -> str:
    """A text that is shown in English; marked as such on a page in another language."""
    if _spoken.get() == ENGLISH:
        return str(text)
    return text if isinstance(text, Markup) else Markup('<span lang="en">{}</span>').format(text)


def curated(text: str) -> str:
    """A text of a curated table in the language of now, or else in English, marked."""
    language = _spoken.get()
    if language == ENGLISH or not text:
        return text
    said = _curated(language).get(text)
    return english(text) if said is None else said


def marked(text: str) -> str:
    """A message that is said later by `translated`; here it is only collected."""
    return text


def plain(text: str) -> str:
    """A text for a place that holds no marks, as an attribute: `Markup` without its tags."""
    return text.striptags() if isinstance(text, Markup) else text


def day(iso: str) -> str:
    """A day as the language writes it ("27 de noviembre de 2026"); in English as it is."""
    language = _spoken.get()
    if language == ENGLISH or not iso:
        return iso
    year, month, number = (int(part) for part in iso.split("-"))
    return _DAYS[language].format(day=number, month=_MONTHS[language][month - 1], year=year)
