"""The Spanish catalogue: what the code says, no more and no less, with the same places."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from pipelines.base.language import catalogue
from pipelines.site import messages


def _strings(message):
    ids = message.id if message.pluralizable else (message.id,)
    said = message.string if message.pluralizable else (message.string,)
    return ids, tuple(s for s in said if s)


def _places(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.fixture(scope="module")
def spanish():
    return [m for m in catalogue("es") if m.id]


def test_the_catalogue_has_the_messages_of_the_code_and_no_other(spanish):
    said = {m.id for m in messages.collected() if m.id}
    held = {m.id for m in spanish}
    lacking, dead = said - held, held - said
    assert (lacking, dead) == (set(), set()), "python -m pipelines.site.messages"
    assert len(said) > 100


def test_merging_again_changes_no_byte(root):
    file = root / "pipelines/site/locale/es/LC_MESSAGES/pages.po"
    assert messages.as_po(messages.merged("es")) == file.read_bytes()


def test_a_translation_has_the_places_of_its_message(spanish):
    wrong = [
        (ids[0], said)
        for ids, strings in map(_strings, spanish)
        for said in strings
        if _places(said) - {"n"} != set().union(*map(_places, ids)) - {"n"}
    ]
    assert wrong == []


def test_a_translation_is_text_without_marks(spanish):
    """Templates put messages onto the page as they are."""
    for ids, strings in map(_strings, spanish):
        for said in strings:
            assert not re.search(r"[<>&]|  ", said), said
            assert (said[0] == " ", said[-1] == " ") == (ids[0][0] == " ", ids[0][-1] == " "), said


def test_nine_of_ten_messages_are_translated(capsys):
    done, total = messages.share("es")
    with capsys.disabled():
        print(f"\nSpanish: {done} of {total} messages translated ({done / total:.0%})")
    assert done / total >= 0.9
