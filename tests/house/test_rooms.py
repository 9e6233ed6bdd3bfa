"""The rooms of the package: one import direction, few modules for one chart."""

from __future__ import annotations

import ast
import os
import pkgutil
import re
import subprocess
import sys

import pytest


def test_a_room_imports_only_rooms_before_it(root):
    # A process of its own: the linter sets up logging anew, and silences ours.
    asked = (
        "import sys; from importlinter.cli import lint_imports; "
        "sys.exit(lint_imports(config_filename='pyproject.toml', no_cache=True))"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_hall_holds_three_modules_and_at_most_eighteen_rooms(root):
    package = root / "pipelines"
    assert {file.name for file in package.glob("*.py")} == {"__init__.py", "cli.py", "analysis.py"}
    rooms = [folder for folder in package.iterdir() if (folder / "__init__.py").is_file()]
    assert len(rooms) <= 18


def test_nothing_that_a_command_made_is_kept_beside_the_rooms(root):
    if not (root / ".git").exists():
        pytest.skip("not a checkout: what is kept is not known")
    kept = subprocess.run(
        ["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    folders = {name.split("/")[0] for name in kept if "/" in name}
    assert folders == {
        ".ci", ".github", "benchmarks", "data", "deploy", "docs", "notebooks", "pipelines", "tests",
    }  # fmt: skip
    assert not [name for name in kept if name.startswith("data/processed/")]


def test_every_room_says_what_it_is(root):
    for file in (root / "pipelines").rglob("__init__.py"):
        assert ast.get_docstring(ast.parse(file.read_text("utf-8"))), file


def test_every_name_of_ours_leads_somewhere(root):
    # Benchmarks are run by hand, and seldom: what they name may have moved since.
    lost = []
    for folder in ("benchmarks", "docs", "notebooks", "pipelines", "tests"):
        for file in sorted((root / folder).rglob("*")):
            if file.suffix not in (".py", ".md", ".ipynb", ".toml"):
                continue
            text = file.read_text("utf-8")
            names = set(re.findall(r"\bpipelines(?:\.\w+)+", text))
            if file.suffix == ".py":
                for node in ast.walk(ast.parse(text)):
                    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pipe"):
                        names |= {f"{node.module}.{one.name}" for one in node.names}
            lost += [(str(file.relative_to(root)), n) for n in sorted(names) if not leads(n)]
    assert not lost


def leads(name: str) -> bool:
    try:
        return pkgutil.resolve_name(name) is not None
    except (ImportError, AttributeError):
        return False


def loaded(tmp_path, *arguments: str) -> tuple[set[str], set[str]]:
    """Modules of ours, and all modules, that a command loads."""
    code = (
        "import sys; sys.argv = ['outlook', *sys.argv[1:]]\n"
        "from pipelines.cli import main\n"
        "try: main()\n"
        "except SystemExit as ended: assert not ended.code\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments, "--offline"],
        env=os.environ | {"OUTLOOK_DATA": str(tmp_path)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    every = set(done.stderr.split())
    return {name for name in every if name.split(".")[0] == "pipelines"}, every


def test_one_chart_as_csv_loads_at_most_25_modules_of_ours(tmp_path):
    ours, every = loaded(tmp_path, "export", "29-2072.00", "--chart", "task_exposure",
                         "--format", "csv", "--out", str(tmp_path))  # fmt: skip
    assert len(ours) <= 25, sorted(ours)
    assert not every & {"plotly", "sklearn", "scipy", "requests"}


@pytest.mark.parametrize("command", ["tasks", "paths", "similar"])
def test_a_question_loads_no_library_that_it_does_not_use(tmp_path, command):
    _, every = loaded(tmp_path, command, "29-2072.00")
    assert not every & {"plotly", "sklearn", "scipy.stats", "requests"}
