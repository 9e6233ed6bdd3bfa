"""The machine fails: killed, full, closed, set back, crowded. Readers keep a whole release."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import resource
import signal
from pathlib import Path

import pytest
from faults import mirror, spoil
from faults.bench import TRIP, Bench, in_child, lost, narrow, outcome

NAMES = ["ep_export", "telework", "wwai_scores"]
CHANGED = "ep_export"
KILLS = 48
FULL = 16


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        narrow(patch, NAMES)
        here = Bench(tmp_path_factory.mktemp("bench"), NAMES).fill()
        put_next_edition(here)
        # How many operations a good run has, so that the faults fall on all its stages.
        trial = here.copy(tmp_path_factory.mktemp("trial"))
        with TRIP.set(trial.settings.raw.parent) as all_of_them:
            assert trial.refresh().published
        every = all_of_them.count
        trial = here.copy(tmp_path_factory.mktemp("making"))
        with TRIP.set(trial.settings.raw.parent, makes_only=True) as making:
            assert trial.refresh().published
        return here, every, making.count


@pytest.fixture
def bench(made, monkeypatch, tmp_path):
    """A release, and the next edition of a source waiting to be fetched."""
    narrow(monkeypatch, NAMES)
    return made[0].copy(tmp_path)


def put_next_edition(here, tail=" II"):
    source = spoil.amended(mirror.SOURCES[CHANGED](), spoil.TARGETS[CHANGED])
    row = source.tables[""].rows[0]
    row[0] = f"New{tail} {row[0]}"
    here.put(CHANGED, mirror.encode(source))


def spread(n, of, operations):
    return 1 + n * (operations - 1) // (of - 1)


def assert_as_before(here, id, kept):
    assert here.current.id == id
    assert not lost(kept, here.kept())


def assert_next_run_publishes(here, id):
    result = here.refresh(wait=0)
    assert result.exit_code == 0, result.sentences
    assert here.current.id != id
    assert not here.rubbish()


@pytest.mark.fault("killed")
@pytest.mark.parametrize("n", range(KILLS))
def test_killed_at_any_file_operation(made, bench, n):
    """SIGKILL at points spread from the first file operation of a run to its last."""
    assert made[1] >= KILLS
    id, kept = bench.current.id, bench.kept()

    def work():
        with TRIP.set(
            bench.settings.raw.parent,
            at=spread(n, KILLS, made[1]),
            act=lambda path: os.kill(os.getpid(), signal.SIGKILL),
        ):
            return outcome(bench.refresh)

    assert in_child(work)()[0] == -signal.SIGKILL
    now = bench.current.id  # the last operations come after the link was swapped
    assert now == id or n > KILLS / 2
    assert not lost(kept, bench.kept())
    if now == id:
        assert_next_run_publishes(bench, id)
    else:
        assert bench.refresh(wait=0, if_changed=True).exit_code == 3
        assert bench.current.id == now
        assert not bench.rubbish()


def refuse(number):
    def act(path):
        raise OSError(number, os.strerror(number), path)

    return act


@pytest.mark.fault("disk full or closed")
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO],
                         ids=errno.errorcode.get)  # fmt: skip
@pytest.mark.parametrize("n", range(FULL))
def test_the_disk_refuses_at_any_write(made, bench, n, number):
    """The system's own error at the opening, naming or flushing of a file."""
    id, kept = bench.current.id, bench.kept()
    at = spread(n, FULL, made[2])
    root = bench.settings.raw.parent
    with TRIP.set(root, at=at, act=refuse(number), makes_only=True) as trip:
        code, said = outcome(bench.refresh)
    assert trip.count >= at
    assert os.strerror(number) in said
    assert str(root) in said
    assert "\n" not in said
    if bench.current.id == id:
        assert code == 4, (said, trip.seen[-1])
        assert not lost(kept, bench.kept())
        assert_next_run_publishes(bench, id)
    else:  # the link was swapped: what is written after it is said, and costs no release
        assert n > FULL / 2
        assert code in (0, 4)
        assert not lost(kept, bench.kept())
        assert bench.refresh(if_changed=True).exit_code == 3


@pytest.mark.fault("disk full or closed")
@pytest.mark.parametrize("limit", [0, 100, 1_000, 3_000, 5_000])
def test_the_disk_is_full_in_the_middle_of_a_file(bench, limit):
    id, kept = bench.current.id, bench.kept()

    def work():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        return outcome(bench.refresh)

    code, said = in_child(work)()
    assert (code, os.strerror(errno.EFBIG) in said) == (4, True), said
    assert_as_before(bench, id, kept)
    assert_next_run_publishes(bench, id)


def without_privilege():
    """Give up root's right to pass over permissions, in this process alone."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    bits = (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.capget(header, bits) == 0
    bits[0] &= ~0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    assert libc.capset(header, bits) == 0


CLOSED = {
    "the data folder": (lambda b: b.settings.processed, 0o500, 4),
    "the downloads": (lambda b: b.settings.downloads, 0o500, 4),
    "the releases": (lambda b: b.settings.releases, 0o500, 4),
    "the source file": (lambda b: mirror.place(b.mirror, CHANGED), 0o000, 4),
    "the folder of the source": (lambda b: mirror.place(b.mirror, CHANGED).parent, 0o000, 4),
    "the lock": (lambda b: b.settings.processed / ".refresh.lock", 0o400, 4),
}


@pytest.mark.fault("disk full or closed")
@pytest.mark.parametrize("place", CLOSED)
def test_no_permission(bench, place):
    where, mode, expected = CLOSED[place]
    path = where(bench)
    id, kept = bench.current.id, bench.kept()
    before = path.stat().st_mode
    path.chmod(mode)
    if place == "the data folder":
        (path / ".refresh.lock").unlink()

    def work():
        without_privilege()
        return outcome(bench.refresh)

    code, said = in_child(work)()
    path.chmod(before)
    assert code == expected, said
    assert "ermission" in said
    assert path.name in said
    assert_as_before(bench, id, kept)
    assert_next_run_publishes(bench, id)


@pytest.mark.fault("disk full or closed")
@pytest.mark.parametrize("place", ["downloads", "releases"])
def test_a_file_stands_where_a_folder_should(bench, place):
    """As after a restore that went wrong."""
    folder = getattr(bench.settings, place)
    aside = folder.rename(folder.with_name("aside"))
    folder.write_text("not a folder")
    code, said = outcome(bench.refresh)
    assert code == 4, said
    assert place in said
    folder.unlink()
    aside.rename(folder)
    assert_next_run_publishes(bench, bench.current.id)


# ----------------------------------------------------------------------------------- time
FUTURE = "2099-01-01T00:00:00+00:00"


def move_release(here):
    """The last release was made by a clock that ran ahead."""
    old = here.current
    new = old.path.with_name("20990101-" + old.id.partition("-")[2])
    old.path.rename(new)
    manifest = json.loads((new / "manifest.json").read_text())
    manifest["created_utc"] = FUTURE
    if "id" in manifest:
        manifest["id"] = new.name
    for source in manifest["sources"].values():
        source["fetched_utc"] = FUTURE
    (new / "manifest.json").write_text(json.dumps(manifest))
    link = here.settings.releases / "current"
    link.unlink()
    link.symlink_to(new.name)


def move_downloads(here):
    index = here.settings.downloads / "index.json"
    entries = json.loads(index.read_text())
    for entry in entries.values():
        entry["fetched_utc"] = FUTURE
    index.write_text(json.dumps(entries))


def move_files(here):
    for file in here.folder.rglob("*"):
        if not file.is_symlink():
            os.utime(file, (4_070_908_800, 4_070_908_800))


MOVED = {"release": [move_release], "downloads": [move_downloads], "files": [move_files],
         "all": [move_release, move_downloads, move_files]}  # fmt: skip


@pytest.mark.fault("clock moved back")
@pytest.mark.parametrize("what", MOVED)
def test_the_clock_was_moved_back(bench, what):
    """What is on the disk has dates after now; the next editions are published all the same."""
    for move in MOVED[what]:
        move(bench)
    kept = bench.kept()
    seen = [bench.current.id]
    for edition in range(3):
        put_next_edition(bench, f" {edition}")
        result = bench.refresh()
        assert result.exit_code == 0, result.sentences
        assert bench.current.id == result.published not in seen
        seen.append(bench.current.id)
    assert not lost(kept, bench.kept())
    assert bench.refresh(if_changed=True).exit_code == 3


# -------------------------------------------------------------------------------- company
@pytest.mark.fault("several at once")
@pytest.mark.parametrize("several", [2, 4])
@pytest.mark.parametrize("if_changed", [False, True])
def test_refreshes_at_once(bench, several, if_changed):
    id, kept = bench.current.id, bench.kept()

    def work():
        return outcome(lambda: bench.refresh(if_changed=if_changed))

    waits = [in_child(work) for _ in range(several)]
    found = [wait() for wait in waits]
    assert sorted({code for code, _ in found}) == ([0, 3] if if_changed else [0]), found
    assert sum("Published release" in said for _, said in found) == 1
    assert bench.current.id != id
    assert not lost(kept, bench.kept())
    assert not bench.rubbish()


@pytest.mark.fault("several at once")
def test_one_that_does_not_wait_leaves(bench):
    """With no time to wait, the second ends with 4 and says why; the first is not disturbed."""
    id = bench.current.id
    out, into = os.pipe()

    def slow():
        def tell(line):
            os.write(into, b"x")
            signal.pause()

        return outcome(lambda: bench.refresh(progress=tell))

    signal.signal(signal.SIGUSR1, signal.SIG_DFL)
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGUSR1, lambda *_: None)
        os.close(out)
        slow()
        os._exit(0)
    os.close(into)
    os.read(out, 1)
    code, said = outcome(lambda: bench.refresh(wait=0))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(out)
    assert code == 4
    assert "another refresh is running" in said
    assert bench.current.id == id
    assert_next_run_publishes(bench, id)  # the lock went with its holder


@pytest.mark.fault("several at once")
def test_a_reader_never_sees_half_a_release(bench):
    """A process that reads all the while, as editions come and the link is swapped back."""
    stop = Path(bench.folder / "stop")

    def read():
        seen = set()
        while not stop.exists():
            seen.add(bench.current.id)
        return 0, str(len(seen))

    wait = in_child(read)
    try:
        for edition in range(4):
            put_next_edition(bench, f" {edition}")
            assert bench.refresh().published
    finally:
        stop.touch()
    code, seen = wait()
    assert code == 0, seen
    assert int(seen) >= 2


@pytest.mark.fault("same name, new content")
@pytest.mark.parametrize("name", NAMES)
def test_new_content_under_the_same_name_size_and_date(bench, name):
    file = mirror.place(bench.mirror, name)
    old, times = file.read_bytes(), file.stat().st_mtime_ns
    assert bench.refresh().exit_code == 0
    id, kept = bench.current.id, bench.kept()
    old = file.read_bytes()
    file.write_bytes(old.replace(b"Made occupation", b"Mode occupation"))
    os.utime(file, ns=(times, times))
    result = bench.refresh(if_changed=True)
    assert result.sources[name] == "changed"
    assert bench.current.id == result.published != id
    assert not lost(kept, bench.kept())
