"""The lock of a refresh: waited for, named, kept on disk, and freed with its holder."""

from __future__ import annotations

import os
import signal
import time

import pytest

from pipelines.base import settings as _settings
from pipelines.base.errors import SourceFailed, UsageError
from pipelines.base.staged import staged
from pipelines.releases import lock


@pytest.fixture
def settings(tmp_path):
    return _settings.load({"OUTLOOK_DATA": str(tmp_path / "data")})


def in_another_process(settings, hold):
    """Hold a lock in a child until it is killed; gives its process id."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        with hold():
            os.write(into, b"x")
            time.sleep(60)
        os._exit(0)
    os.close(into)
    assert os.read(out, 1) == b"x"
    os.close(out)
    return child


def test_taking_and_leaving_the_lock_changes_neither_its_bytes_nor_its_time(settings):
    path = lock.path_of(settings)
    path.parent.mkdir(parents=True)
    path.write_text("as it was")
    os.utime(path, (0, 0))
    inode = path.stat().st_ino
    with lock.held(settings, wait=0):
        pass
    assert path.read_text() == "as it was"
    assert lock.last_checked(settings) == "1970-01-01T00:00:00+00:00"
    assert path.stat().st_ino == inode


def test_the_holder_is_waited_for_then_named(settings):
    child = in_another_process(settings, lambda: lock.held(settings))
    begun = time.monotonic()
    running = r"\.refresh\.lock: a refresh is running\. Let it end"
    hold = lock.held(settings, wait=0.5, doing="a refresh")
    with pytest.raises(SourceFailed, match=running), hold:
        pass
    assert 0.5 <= time.monotonic() - begun < 5
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with lock.held(settings, wait=0):  # freed with its holder, however that ended
        pass


def test_an_error_of_the_work_is_the_works_and_frees_the_lock(settings):
    with pytest.raises(FileNotFoundError, match="of the work"), lock.held(settings):
        raise FileNotFoundError("of the work")
    with pytest.raises(TimeoutError, match="of the work"), lock.held(settings, wait=0):
        raise TimeoutError("of the work")
    with lock.held(settings, wait=0):
        pass


def test_a_child_that_outlives_the_work_does_not_keep_the_lock(settings):
    with lock.held(settings):
        child = os.fork()
        if child == 0:
            time.sleep(60)
            os._exit(0)
    with lock.held(settings, wait=0):
        pass
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_a_folder_that_cannot_be_written_is_named(settings):
    settings.processed.parent.mkdir(parents=True)
    settings.processed.write_text("a file where the folder should be")
    closed = r"cannot be written \(.+\)\. Correct the permissions or set OUTLOOK_DATA"
    with pytest.raises(SourceFailed, match=f"refresh.lock: {closed}"), lock.held(settings, wait=0):
        pass
    with pytest.raises(UsageError, match=f"processed: {closed}"), staged(settings.processed):
        pass


def test_a_killed_build_frees_its_lock_and_its_folder_is_cleared(settings):
    child = in_another_process(settings, lambda: staged(settings.processed))
    with pytest.raises(UsageError, match="another build is running"), staged(settings.processed):
        pass
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with staged(settings.processed) as stage:
        assert [p.name for p in settings.processed.glob(".build-*")] == [stage.name]
