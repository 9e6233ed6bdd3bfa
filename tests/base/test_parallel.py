"""Work over several processes: spawned, whole, and ended at once where something fails."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from multiprocessing import active_children
from pathlib import Path

import pytest
import spawned

from pipelines.base import parallel
from pipelines.base.errors import OutlookError
from pipelines.base.settings import load

#: A technician in full and another occupation in brief.
CODES = ["29-9021.00", "11-1011.00"]


@pytest.fixture(autouse=True)
def _two(monkeypatch):
    monkeypatch.setattr(parallel, "cores", lambda: 2)


@pytest.fixture
def _no_fork(monkeypatch):
    def refused():
        raise AssertionError("a process was forked")

    monkeypatch.setattr(os, "fork", refused)


@pytest.fixture
def _thread():
    """A thread that holds and releases a lock all the time, as those of libraries do."""
    lock, over = threading.Lock(), threading.Event()

    def busy():
        while not over.is_set():
            with lock:
                time.sleep(0.001)

    thread = threading.Thread(target=busy)
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.mark.usefixtures("_no_fork", "_thread")
def test_every_code_is_done_once_and_by_two_processes(tmp_path):
    parallel.in_shares("work", spawned.note, list("abcde"), str(tmp_path))
    wrote = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert sorted(wrote) == list("abcde")
    assert len(set(wrote.values())) == 2
    assert str(os.getpid()) not in wrote.values()


def test_a_process_has_one_thread_of_linear_algebra_whenever_a_library_is_loaded(
    tmp_path, monkeypatch
):
    for name in parallel.ONE_THREAD:  # which hold all tests to one
        monkeypatch.delenv(name, raising=False)
    parallel.in_shares("work", spawned.threads, list("ab"), str(tmp_path))
    for code in "ab":
        pools = (tmp_path / code).read_text().splitlines()
        assert len(pools) > 1  # numpy's, scipy's, OpenMP's
        assert all(pool.endswith(": 1") for pool in pools), pools


@pytest.mark.usefixtures("_no_fork", "_thread")
def test_pages_beside_a_thread_are_those_of_a_single_process(tmp_path):
    from pipelines.site.static import write_occupations

    written = []
    for name in ("one", "two"):
        for part in ("o", "data"):
            (tmp_path / name / part).mkdir(parents=True)
        given = (load({}).snapshot, tmp_path / name)
        if name == "one":
            write_occupations(CODES, *given)
        else:
            parallel.in_shares("pages", write_occupations, CODES, *given)
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        written.append({str(path.relative_to(tmp_path / name)): path.read_bytes()
                        for path in files})  # fmt: skip
    # The page, and the data of charts, tables and areas; a technician's page in Spanish too.
    assert len(written[0]) == 4 * len(CODES) + 1
    assert written[0] == written[1]


def test_a_failing_process_is_named_in_one_line_and_ends_the_others():
    began = time.monotonic()
    with pytest.raises(OutlookError, match="reports: ValueError: no such page") as caught:
        parallel.in_shares("reports", spawned.fail_at_b, ["a", "b"])
    assert "\n" not in str(caught.value)
    assert time.monotonic() - began < 30
    assert not active_children()


def test_a_killed_process_is_named():
    with pytest.raises(OutlookError, match="reports: a process at work was killed"):
        parallel.in_shares("reports", spawned.die, ["a", "b"])
    assert not active_children()


def test_one_core_works_in_this_process(tmp_path, monkeypatch):
    monkeypatch.setattr(parallel, "cores", lambda: 1)
    parallel.in_shares("work", spawned.note, ["a", "b"], str(tmp_path))
    assert {path.read_text() for path in tmp_path.iterdir()} == {str(os.getpid())}


@pytest.mark.parametrize("cores", [1, 2])
def test_what_is_done_meanwhile_is_done_once_and_here(tmp_path, monkeypatch, cores):
    monkeypatch.setattr(parallel, "cores", lambda: cores)
    done = []
    parallel.in_shares("work", spawned.note, ["a", "b"], str(tmp_path),
                       meanwhile=lambda: done.append(os.getpid()))  # fmt: skip
    assert done == [os.getpid()]
    assert len(list(tmp_path.iterdir())) == 2


def test_what_fails_meanwhile_ends_the_processes(tmp_path):
    def full():
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        parallel.in_shares("work", spawned.wait, ["a", "b"], str(tmp_path), meanwhile=full)
    assert not active_children()


INTERRUPTED = """
import sys
import spawned
from pipelines.base import parallel

if __name__ == "__main__":
    parallel.cores = lambda: 2
    try:
        parallel.in_shares("work", spawned.wait, ["a", "b"], sys.argv[1])
    except KeyboardInterrupt:
        sys.exit(130)
"""


@pytest.mark.parametrize("whom", ["all", "parent"])
def test_an_interrupt_ends_every_process_without_a_traceback(tmp_path, whom):
    program, folder = tmp_path / "program.py", tmp_path / "began"
    program.write_text(INTERRUPTED)
    folder.mkdir()
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    running = subprocess.Popen(
        [sys.executable, str(program), str(folder)], env=environ, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
        # A job in the background is started deaf to interrupts, and so would its child be.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    patience = time.monotonic() + 60
    while len(list(folder.iterdir())) < 2 and time.monotonic() < patience:
        time.sleep(0.05)
    # A terminal sends it to all; a supervisor to the one it started.
    (os.killpg if whom == "all" else os.kill)(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=30)  # the processes at work hold the pipe too
    assert running.returncode == 130
    assert said == ""


def _children(number: int) -> list[str]:
    try:
        return Path(f"/proc/{number}/task/{number}/children").read_text().split()
    except OSError:
        return []


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="children are found in /proc")
@pytest.mark.parametrize("after", [0.02, 0.06, 0.1, 0.15, 0.2])
def test_an_interrupt_while_processes_start_leaves_no_traceback_of_theirs(tmp_path, after):
    program, folder = tmp_path / "program.py", tmp_path / "began"
    # The parent is deaf for now: what is said is the processes' own.
    program.write_text(INTERRUPTED.replace("import sys", "import sys, signal", 1).replace(
        "    try:", "    signal.signal(signal.SIGINT, lambda *_: None)\n    try:"))  # fmt: skip
    folder.mkdir()
    running = subprocess.Popen(
        [sys.executable, str(program), str(folder)], stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, start_new_session=True,
    )  # fmt: skip
    patience = time.monotonic() + 60
    while len(_children(running.pid)) < 3 and time.monotonic() < patience:  # and their tracker
        time.sleep(0.002)
    time.sleep(after)
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert "KeyboardInterrupt" not in said
    assert "a process at work was killed" in said


#: Reads every table of the snapshot, in both ways; prints the threads before and after.
THREADS = """
import os
import pipelines.answers.score
from pipelines.base.parquet_in import parquet_chunks
from pipelines.base.settings import load
from pipelines.releases.current import open_data

count = lambda: len(os.listdir("/proc/self/task"))
before = count()
data = open_data(load({}), offline=True)
for name in data.manifest["tables"]:
    data.table(name)
    list(parquet_chunks(str(data.path / f"{name}.parquet")))
print(before, count())
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted in /proc")
def test_reading_starts_no_thread_that_could_abort_the_program_at_its_end():
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", THREADS], env=environ, capture_output=True, text=True, check=True
    )
    before, after = done.stdout.split()
    assert before == after


def test_nothing_in_the_package_forks(root):
    for path in Path(root, "pipelines").rglob("*.py"):
        text = path.read_text("utf-8")
        assert not re.search(r"os\.fork|forkserver|context\(\"fork|context\(\)", text), path
