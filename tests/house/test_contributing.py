"""CONTRIBUTING.md names files and commands that exist."""

from __future__ import annotations

import re

import pytest


@pytest.fixture(scope="module")
def text(root):
    return (root / "CONTRIBUTING.md").read_text("utf-8")


def test_every_path_named_exists(root, text):
    inline = re.findall(r"`([\w.-]+(?:/[\w.-]*)+|[\w-]+\.(?:md|toml|yml|lock))`", text)
    lines = re.findall(r"\b((?:tests|benchmarks|pipelines)/[\w/.-]+\.py)\b", text)
    assert len(inline) > 20
    for path in {*inline, *lines}:
        assert (root / path).exists(), path


def test_every_command_named_exists(text):
    from typer.main import get_command

    from pipelines.cli import app

    known = get_command(app).commands
    named = set(re.findall(r"bin/outlook (\w+)", text))
    assert named
    assert named <= set(known), named - set(known)


def test_make_targets_named_exist(root, text):
    makefile = (root / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make (\w+)", text, flags=re.M):
        assert re.search(rf"^{target}:", makefile, flags=re.M), target
