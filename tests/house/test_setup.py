"""The ways to install the project name the same packages, and no registry by address."""

from __future__ import annotations

import re
import subprocess
import tomllib
from fnmatch import fnmatch

import yaml


def _project(root):
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]


def _pins(lines):
    names = (re.match(r"([A-Za-z0-9_.-]+)(?:\[[a-z,]+\])?==(\S+)$", line.strip()) for line in lines)
    return {m[1].lower().replace("_", "-"): m[2] for m in names if m}


def test_environment_names_the_packages_of_pyproject(root):
    project = _project(root)
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    environment = yaml.safe_load((root / "environment.yml").read_text("utf-8"))
    (pip,) = (d["pip"] for d in environment["dependencies"] if isinstance(d, dict))
    assert sorted(pip) == sorted(wanted)
    assert any(str(d).startswith("python>=3.11") for d in environment["dependencies"])


def test_lock_files_pin_what_pyproject_asks(root):
    project = _project(root)
    lock = _pins((root / "requirements.lock").read_text("utf-8").splitlines())
    test_lock = _pins((root / "requirements-test.lock").read_text("utf-8").splitlines())
    for name, version in _pins(project["dependencies"]).items():
        assert lock[name] == version
    for name, version in _pins(project["optional-dependencies"]["test"]).items():
        assert test_lock[name] == version
    # The tests run on the cluster that users get.
    assert set(project["optional-dependencies"]["scale"]) <= set(
        project["optional-dependencies"]["test"]
    )
    assert len(_pins(project["dependencies"])) == len(project["dependencies"])


def test_what_a_notebook_writes_beside_itself_is_not_untracked(root):
    written = set()
    for file in (root / "notebooks").glob("*.ipynb"):
        source = file.read_text("utf-8")
        written |= set(re.findall(r'Path\(f?\\?"([A-Za-z_]+)', source))
        assert "mkdir" not in source
    assert written == {"advancement_"}
    for name in written:
        place = f"notebooks/{name}29-2072.00/chart.csv"
        asked = subprocess.run(["git", "check-ignore", "-q", place], cwd=root, check=False)
        assert asked.returncode in (0, 128), place  # 128: not a checkout


def test_no_lock_file_names_an_address(root):
    for name in ("requirements.lock", "requirements-test.lock", "environment.yml"):
        assert "://" not in (root / name).read_text("utf-8")


def test_readme_names_the_two_commands_and_the_attribution(root):
    readme = (root / "README.md").read_text("utf-8")
    assert "make report" in readme
    assert "make test" in readme
    assert "USDOL/ETA has not approved, endorsed, or tested these modifications" in readme
    assert "make test" in (root / ".ci" / "run").read_text("utf-8")


def test_every_file_of_tests_is_run(root, pytestconfig):
    left_out = pytestconfig.getini("norecursedirs")
    folders = {
        part
        for path in (root / "tests").rglob("test_*.py")
        for part in path.relative_to(root).parts[:-1]
    }
    assert "build" in folders
    # Pytest goes past a folder of such a name without a word.
    assert not [f for f in folders for pattern in left_out if fnmatch(f, pattern)]
