"""Shared fixtures. Tests on the full sources run where ../shared stands beside the checkout."""

# ruff: noqa: E402
from __future__ import annotations

import os

# Before numpy is loaded: one thread of linear algebra. Two that wait for each other take longer,
# and add up in another order.
os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

import pickle
import sys
from collections import Counter
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings as hypothesis_settings
from netserver import get, server, web_settings  # noqa: F401
from tlsproxy import Publishers, publishers  # noqa: F401

from pipelines.analysis import Analysis
from pipelines.base import settings
from pipelines.refresh.compute import enrich
from pipelines.refresh.run import RefreshResult, refresh
from pipelines.releases.current import open_data

ROOT = Path(__file__).resolve().parent.parent
# No test is timed: how long an example takes says more of the machine than of the code.
# Fewer examples than the hundred of the library: many properties share the suite's twenty minutes.
hypothesis_settings.register_profile("untimed", deadline=None, max_examples=50)
hypothesis_settings.load_profile("untimed")


def pytest_runtest_makereport(item, call):
    """Note the kind of a fault case in its report, for the tally below."""
    mark = item.get_closest_marker("fault")
    if mark is not None and (call.when == "call" or call.excinfo):
        kind = mark.args[0] if mark.args else item.module.__name__.removeprefix("test_")
        item.user_properties.append(("fault", kind))


def pytest_terminal_summary(terminalreporter):
    """With `-m fault`: how many cases of each kind there are, and how many passed."""
    if "fault" not in terminalreporter.config.option.markexpr:
        return
    tally: dict[str, Counter] = {"passed": Counter(), "failed": Counter()}
    for outcome in ("passed", "failed", "error"):
        kinds = tally["passed" if outcome == "passed" else "failed"]
        for report in terminalreporter.stats.get(outcome, []):
            kinds.update(kind for name, kind in report.user_properties if name == "fault")
    passed, failed = tally["passed"], tally["failed"]
    cases = passed + failed
    by_kind = ", ".join(f"{kind} {passed[kind]}/{cases[kind]}" for kind in sorted(cases))
    terminalreporter.write_line(
        f"faults: {cases.total()} cases, {passed.total()} passed ({by_kind})"
    )


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def sources() -> Path:
    """The copy of the public sources, under their real host and path."""
    folder = ROOT.parent / "shared" / "sources"
    if not folder.is_dir():
        pytest.skip("the full public sources (../shared/sources) are not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def full_release(sources, tmp_path_factory, worker_id) -> tuple[settings.Settings, RefreshResult]:
    """A release of all sources, each from its real address, and what the refresh said.

    Made once, whichever worker needs it first; no test writes into it.
    """
    base = tmp_path_factory.getbasetemp()
    data = (base if worker_id == "master" else base.parent) / "shared-release"
    said = data.with_suffix(".pickle")
    with FileLock(f"{data}.lock"):
        if not said.is_file():
            said.write_bytes(pickle.dumps(_fetched(sources, data)))
        return pickle.loads(said.read_bytes())


def _fetched(sources: Path, data: Path) -> tuple[settings.Settings, RefreshResult]:
    held = Publishers(sources, data.parent)
    where = settings.load({"OUTLOOK_DATA": str(data), "OUTLOOK_CONTACT": "tester@example.org"})
    try:
        with pytest.MonkeyPatch.context() as patch:
            held.lead(patch)
            return where, refresh(where, enrich=enrich)
    finally:
        held.close()


@pytest.fixture(scope="session")
def analysis() -> Analysis:
    """What is computed from the embedded snapshot, once for all tests of a worker.

    A test that replaces constants makes an analysis of its own: what is computed is kept.
    """
    return Analysis(open_data(offline=True))


@pytest.fixture(scope="session")
def whole_build(tmp_path_factory, worker_id) -> tuple[settings.Settings, list[str]]:
    """The main job on the embedded snapshot, and what it said.

    Made once, whichever worker needs it first; no test writes into it.
    """
    from pipelines.build.run import build_all

    base = tmp_path_factory.getbasetemp()
    data = (base if worker_id == "master" else base.parent) / "shared-build"
    said = data.with_suffix(".pickle")
    where = settings.load({"OUTLOOK_DATA": str(data)})
    with FileLock(f"{data}.lock"):
        if not said.is_file():
            lines: list[str] = []
            build_all(where, offline=True, occupation="29-2072.00", force=False, say=lines.append)
            said.write_bytes(pickle.dumps(lines))
        return where, pickle.loads(said.read_bytes())


@pytest.fixture(scope="session")
def site(whole_build) -> Path:
    """The whole site of the embedded snapshot."""
    return whole_build[0].processed / "site"


@pytest.fixture
def outlook(monkeypatch, tmp_path, capsys):
    """Run a command on the embedded snapshot; gives exit code, standard output and error."""
    from pipelines import cli

    monkeypatch.setenv("OUTLOOK_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("OUTLOOK_MIRROR", raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["outlook", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return run
