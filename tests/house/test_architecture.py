"""docs/ARCHITECTURE.md is the map: every room and module is named, every named one exists."""

from __future__ import annotations

import re
import tomllib

import pytest


@pytest.fixture(scope="module")
def text(root):
    return (root / "docs" / "ARCHITECTURE.md").read_text("utf-8")


def test_the_table_names_every_room_and_module_and_no_other(root, text):
    rows = re.findall(r"^\| `([a-z/_]+)` \| ([^|]+) \| ([^|]+) \|([^|]*)\|$", text, flags=re.M)
    named = {room: set(re.findall(r"`(\w+)`", modules)) for room, _, _, modules in rows}
    package = root / "pipelines"
    found = {
        file.parent.relative_to(package).as_posix(): {
            module.stem for module in file.parent.glob("*.py") if module.stem != "__init__"
        }
        for file in package.rglob("__init__.py")
        if file.parent != package
    }
    assert named == found
    for room, question, rule, _ in rows:
        assert question.strip(), room
        assert rule.strip(), room


def test_the_import_order_is_that_of_the_contract(root, text):
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    (order,) = re.findall(r"^`(base < [^`]+)`$", text, flags=re.M)
    assert order.split(" < ") == layers[::-1]


def test_every_chosen_package_has_its_sentence(root, text):
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *sum(project["optional-dependencies"].values(), [])]
    said = text[text.index("## Dependencies") :]
    lacking = [name for name in (w.split("==")[0] for w in wanted) if name not in said]
    assert lacking == []


def test_every_path_named_exists(root, text):
    for path in re.findall(r"`((?:[a-z_]+/)+[\w.-]+\.\w+)`", text):
        assert (root / path).exists() or (root / "pipelines" / path).exists(), path
