"""Settings: the environment as people and cron write it, or one line that names the value."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.base.errors import UsageError
from pipelines.base.settings import load
from pipelines.base.stamp import data_folder
from pipelines.cli import app
from pipelines.releases.current import open_data


@pytest.mark.parametrize(
    "text", ["/srv/o", " /srv/o", "/srv/o \r", "/srv/o\r\n", '"/srv/o"', "'/srv/o' ", "/srv/o/"]
)
def test_a_path_is_read_without_what_stands_around_it(text):
    names = ("OUTLOOK_DATA", "OUTLOOK_HOME", "OUTLOOK_MIRROR", "OUTLOOK_RELEASE")
    found = load(dict.fromkeys(names, text))
    assert found.processed == Path("/srv/o/processed")
    assert found.root == found.pinned == Path(str(found.mirror)) == Path("/srv/o")


def test_a_tilde_is_the_home_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    found = load({"OUTLOOK_DATA": "~/data", "OUTLOOK_MIRROR": "~", "OUTLOOK_RELEASE": "~/r"})
    assert found.raw == tmp_path / "data" / "raw"
    assert found.mirror == str(tmp_path)
    assert found.pinned == tmp_path / "r"


def test_a_path_is_the_same_folder_wherever_a_process_starts(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    found = load({"OUTLOOK_DATA": "here", "OUTLOOK_HOME": "there"})
    assert found.raw == tmp_path / "here" / "raw"
    assert found.root == tmp_path / "there"


@pytest.mark.parametrize("text", ["", " ", "\r\n", '""'])
def test_nothing_is_as_if_unset(text):
    names = ("DATA", "HOME", "MIRROR", "RELEASE", "CONTACT", "KEEP")
    assert load({f"OUTLOOK_{name}": text for name in names}) == load({})


@pytest.mark.parametrize("text", ["$HOME/data", "${HOME}/data", "/srv/$(id -un)", "~nobodyhere/x"])
@pytest.mark.parametrize("name", ["OUTLOOK_DATA", "OUTLOOK_HOME", "OUTLOOK_MIRROR"])
def test_a_path_that_nothing_expanded_is_refused_by_name(name, text):
    with pytest.raises(UsageError) as error:
        load({name: text})
    assert f"{name}={text}" in str(error.value)


@pytest.mark.parametrize(
    "text",
    ["me@host.org", " me@host.org\r\n", "Ann Lee <me@host.org>", '"Lee, Ann" <me@host.org>',
     "<me@host.org>", "Ann <mailto:me@host.org> ", '"me@host.org"', "'Ann < me@host.org >'"],
)  # fmt: skip
def test_of_a_name_and_an_address_the_address_is_taken(text):
    assert load({"OUTLOOK_CONTACT": text}).contact == "me@host.org"


def test_a_number_of_releases_is_read_and_another_word_named():
    assert load({"OUTLOOK_KEEP": " 3\r"}).keep == 3
    with pytest.raises(UsageError, match="OUTLOOK_KEEP=three"):
        load({"OUTLOOK_KEEP": "three "})


def test_a_file_in_place_of_the_folder_is_no_silent_snapshot(tmp_path):
    place = tmp_path / "data"
    place.touch()
    settings = load({"OUTLOOK_DATA": str(place)})
    for read in (open_data, lambda settings: data_folder(settings, False)):
        with pytest.raises(UsageError, match=f"OUTLOOK_DATA={place}: is not a folder"):
            read(settings)
    assert open_data(settings, offline=True).id == "snapshot"


def test_a_folder_that_is_not_there_is_named_before_the_snapshot_is_read(tmp_path, monkeypatch):
    place = tmp_path / "data"
    monkeypatch.setenv("OUTLOOK_DATA", f"{place} \r")
    shown = CliRunner().invoke(app, ["status"])
    assert f"OUTLOOK_DATA={place}: there is no such folder" in shown.stderr
    assert "data: embedded snapshot" in shown.stderr
    assert "no such folder" not in CliRunner().invoke(app, ["status", "--offline"]).stderr
    place.mkdir()
    assert "no such folder" not in CliRunner().invoke(app, ["status"]).stderr
