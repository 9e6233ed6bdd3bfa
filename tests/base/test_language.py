"""Sentences in another language: English as written, a catalogue's words, and what is missing."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from pipelines.base import language
from pipelines.base.language import day, marked, plain, plural, speaking, spoken, translated


def test_english_is_what_stands_in_the_code():
    assert spoken() == "en"
    assert translated("{share} of it, {share}", share="half") == "half of it, half"
    # Without values braces are text, as a percent sign is.
    assert translated("{as} it stands, 90%") == "{as} it stands, 90%"
    assert marked("later") == "later"
    assert [plural("{n} task", "{n} tasks", n) for n in (0, 1, 2, 0.5)] == [
        "0 tasks", "1 task", "2 tasks", "0.5 tasks"
    ]  # fmt: skip


def test_a_message_is_said_in_the_language_of_now_and_only_there():
    with speaking("es"):
        assert translated("Sources") == "Fuentes"
        assert translated("Release of {day}.", day=day("2026-11-27")) == (
            "Edición del 27 de noviembre de 2026."
        )
        with speaking("en"):
            assert translated("Sources") == "Sources"
        assert spoken() == "es"
    assert translated("Sources") == "Sources"
    assert day("2026-11-27") == "2026-11-27"
    assert day("") == ""


def test_the_language_is_given_back_when_a_page_fails():
    with pytest.raises(ZeroDivisionError), speaking("es"):
        1 / 0  # noqa: B018
    assert spoken() == "en"


def test_a_message_without_translation_is_english_and_counted():
    said = "Nobody has written this in Spanish {where}."
    with speaking("es"):
        assert translated(said, where="yet") == "Nobody has written this in Spanish yet."
        assert plural("one untold thing", "{n} untold things", 3) == "3 untold things"
        assert translated("") == ""
    missed = language.untranslated("es")
    assert said in missed
    assert "one untold thing" in missed
    assert "Sources" not in missed


def test_a_part_marked_as_english_stays_marked_and_the_rest_is_text():
    title = Markup('<span lang="en">Bakers</span>')
    with speaking("es"):
        said = translated("{title}: tasks, wages and career paths", title=title)
    assert said.startswith('<span lang="en">Bakers</span>: tareas')
    assert translated("{a} < {b}", a=title, b="<i>") == (
        '<span lang="en">Bakers</span> &lt; &lt;i&gt;'
    )
    assert plain(said).startswith("Bakers: tareas")
    assert plain("a < b") == "a < b"


def test_a_language_without_a_catalogue_is_refused():
    with pytest.raises(KeyError, match="no catalogue of 'xx'"), speaking("xx"):
        pass
