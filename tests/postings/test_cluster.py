"""Many workers give what one process gives; a killed worker loses and doubles nothing."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from concurrent.futures import CancelledError
from unittest.mock import Mock

import dask
import made_postings
import pandas as pd
import pytest
from made_postings import run
from threadpoolctl import threadpool_info, threadpool_limits

from pipelines.base.errors import OutlookError, UsageError
from pipelines.postings import chunk, cluster, reading, reference, tables


def results(out, kind: str) -> pd.DataFrame:
    named = json.loads((out / "manifest.json").read_text())["parts"]
    files = sorted(path.stem for path in (out / kind).iterdir())
    assert files == sorted(named)
    return pd.concat([pd.read_parquet(out / kind / f"{name}.parquet") for name in sorted(named)])


def test_two_workers_give_row_for_row_what_one_process_gives(ads, alone, tmp_path):
    said: list[str] = []
    seen: list[tuple[int, int]] = []
    made = run(ads, tmp_path, workers=2, say=said.append,
               progress=lambda *counts: seen.append(counts))  # fmt: skip
    assert "2 workers; Dask dashboard" in said[0]
    assert seen[-1] == (240, 600)
    assert made.exit_code == 0
    for kind in ("postings", "sentences"):
        pd.testing.assert_frame_equal(results(tmp_path, kind), results(alone, kind))
    for name in tables.FILES:
        assert (tmp_path / name).read_bytes() == (alone / name).read_bytes()
    assert len(pd.read_csv(tmp_path / "new_tasks.csv")) > 1


def test_workers_share_the_tables_and_their_death_is_named(tmp_path, monkeypatch):
    job = chunk.Job(str(tmp_path), "", "")
    given = ["b" * n for n in (3, 9, 1, 5, 7, 2, 8)]  # long ones go first; each has its place
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        cluster.client(None, 2, lambda line: None) as opened,
    ):
        found = cluster.shared(made_postings.doubled, given, job, opened)
        assert [one for one, _ in found] == [one * 2 for one in given]
        assert os.getpid() not in {process for _, process in found}
        assert cluster.shared(made_postings.doubled, [], job, opened) == []
        # One thread each; memory that is freed is kept, as in any other process.
        names = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MALLOC_TRIM_THRESHOLD_"]
        assert cluster.shared(made_postings.environment, names, job, opened) == ["1", "1", None]
        here = cluster.shared(made_postings.doubled, given, job, None)
        assert here == [(one * 2, os.getpid()) for one in given]
        with pytest.raises(OutlookError, match="that made its tables was killed.*run again"):
            cluster.shared(made_postings.dies, given, job, opened)
        monkeypatch.setattr(opened, "gather", Mock(side_effect=CancelledError))
        with pytest.raises(OutlookError, match="the scheduler was lost"):
            cluster.shared(made_postings.doubled, given, job, opened)


def test_sums_have_one_thread_from_the_start(ads, tmp_path, monkeypatch):
    """Two threads add up in another order: the reference, too, must be that of the workers."""
    seen = []

    def watched(original):
        def called(*arguments):
            seen.extend(one["num_threads"] for one in threadpool_info())
            return original(*arguments)

        return called

    monkeypatch.setattr(reference, "of_tasks", watched(reference.of_tasks))
    monkeypatch.setattr(chunk, "process", watched(chunk.process))
    with threadpool_limits(2):
        run(ads, tmp_path)
    assert len(seen) > 2
    assert set(seen) == {1}
    # A library that comes with the tools of a run begins with as many threads as it likes.
    loaded = chunk.held
    monkeypatch.setattr(chunk, "held", lambda job: threadpool_limits(2) and loaded(job))
    seen.clear()
    run(ads, tmp_path / "again")
    assert set(seen) == {1}


def test_a_killed_worker_loses_nothing_and_doubles_nothing(ads, alone, tmp_path, monkeypatch):
    mark = tmp_path / "killed"
    monkeypatch.setenv("MADE_POSTINGS_MARK", str(mark))
    made = run(ads, tmp_path / "out", workers=2, tools="made_postings:tools_that_kill_once")
    assert mark.exists()  # a worker was killed over a text
    assert made.exit_code == 0
    assert made.manifest["problems"] == []
    for kind in ("postings", "sentences"):
        pd.testing.assert_frame_equal(
            results(tmp_path / "out", kind).drop(columns="row").sort_values(
                ["posting_id"], kind="stable", ignore_index=True),
            results(alone, kind).drop(columns="row").sort_values(
                ["posting_id"], kind="stable", ignore_index=True),
        )  # fmt: skip
    assert not list((tmp_path / "out").rglob("*.tmp"))


def test_a_stopped_run_goes_on_where_it_was(ads, alone, tmp_path, monkeypatch):
    out = tmp_path / "out"

    def stop(postings, sentences):
        if postings >= 80:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(ads, out, progress=stop)
    assert json.loads((out / "manifest.json").read_text())["state"] == "unfinished"
    there = {path: path.stat().st_mtime_ns for path in (out / "postings").iterdir()}
    assert len(there) == 2
    # Half of a part, as a killed process leaves it: sentences without postings, and a bad file.
    lost = sorted(there)[0]
    lost.write_bytes(lost.read_bytes()[:50])
    (out / "postings" / ".x.parquet.1.tmp").write_bytes(b"half")
    said: list[str] = []
    made = run(ads, out, say=said.append)
    assert said == ["1 parts were there from an earlier run"]
    assert made.manifest["state"] == "complete"
    kept = sorted(there)[1]
    assert kept.stat().st_mtime_ns == there[kept]
    for kind in ("postings", "sentences"):
        pd.testing.assert_frame_equal(results(out, kind), results(alone, kind))


def test_a_file_that_changed_is_worked_on_again_and_its_old_parts_go(ads, alone, tmp_path):
    import shutil

    copy, out = tmp_path / "ads", tmp_path / "out"
    shutil.copytree(ads, copy)
    run(copy, out)
    made_postings.postings(9).to_csv(copy / "ads0.csv", index=False)
    said: list[str] = []
    made = run(copy, out, say=said.append)
    assert said == ["5 parts were there from an earlier run"]
    assert made.manifest["postings"] == 209
    assert len(results(out, "postings")) == 209
    assert len(list(out.glob("reference-*.npz"))) == 1


def test_a_broken_part_and_a_fault_of_ours_are_named_and_the_rest_is_finished(ads, tmp_path):
    folder = tmp_path / "ads"
    folder.mkdir()
    frame = made_postings.postings(30)
    frame.to_csv(folder / "a.csv", index=False)
    frame.to_parquet(folder / "b.parquet")
    (folder / "b.parquet").write_bytes((folder / "b.parquet").read_bytes()[:-9])
    frame.assign(text="FAIL").to_csv(folder / "c.csv", index=False)
    (folder / "d.csv").write_text("wages\n5\n")
    made = run(folder, tmp_path / "out", tools="made_postings:tools_that_fail_once_asked")
    assert made.exit_code == 4
    assert made.manifest["postings"] == 30
    told = sorted(
        line.removeprefix(f"{folder}/").split(":")[0] for line in made.manifest["problems"]
    )
    assert told == ["b.parquet", "c.csv", "d.csv"]
    assert any("unexpected RuntimeError: no such page" in p for p in made.manifest["problems"])
    with pytest.raises(OutlookError, match="no posting could be read: .*RuntimeError"):
        run(folder / "c.csv", tmp_path / "out2", tools="made_postings:tools_that_fail_once_asked")


def test_a_full_disk_ends_the_run_and_leaves_nothing_half_written(
    ads, alone, tmp_path, monkeypatch
):
    import errno

    whole = chunk.pq.write_table

    def full(table, path, **options):
        if table.num_rows and "sentences" in str(path) and list(tmp_path.glob("postings/*")):
            path.write_bytes(b"PAR1half")
            raise OSError(errno.ENOSPC, "No space left on device")
        whole(table, path, **options)

    monkeypatch.setattr(chunk.pq, "write_table", full)
    with pytest.raises(OutlookError, match="No space left on device.*run again: it goes on"):
        run(ads, tmp_path)
    assert not list(tmp_path.rglob("*.tmp"))
    assert json.loads((tmp_path / "manifest.json").read_text())["state"] == "unfinished"
    monkeypatch.undo()
    run(ads, tmp_path)
    for kind in ("postings", "sentences"):
        pd.testing.assert_frame_equal(results(tmp_path, kind), results(alone, kind))


def test_two_runs_do_not_share_a_folder(ads, tmp_path):
    from filelock import FileLock

    with FileLock(tmp_path / ".outlook.lock"), pytest.raises(UsageError, match="another run"):
        run(ads, tmp_path)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_a_running_scheduler_is_used_and_its_loss_is_named(ads, alone, tmp_path, monkeypatch):
    address = f"tcp://127.0.0.1:{_free_port()}"
    monkeypatch.setattr(cluster, "_PATIENCE", 1)
    with pytest.raises(UsageError, match="no Dask scheduler answers there"):
        run(ads, tmp_path / "none", scheduler=address)
    monkeypatch.setattr(cluster, "_PATIENCE", 8)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    dask = [sys.executable, "-m", "dask"]
    options = {"env": environment, "stderr": subprocess.DEVNULL}
    port = address.rpartition(":")[2]
    scheduler = subprocess.Popen(
        [*dask, "scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"], **options
    )
    worker = subprocess.Popen(
        [*dask, "worker", address, "--nthreads", "2", "--no-dashboard", "--local-directory",
         str(tmp_path)], **options,
    )  # fmt: skip
    try:
        made = run(ads, tmp_path / "out", scheduler=address)
        assert made.exit_code == 0
        for kind in ("postings", "sentences"):
            pd.testing.assert_frame_equal(results(tmp_path / "out", kind), results(alone, kind))

        def lose(postings, sentences):
            scheduler.kill()
            scheduler.wait()
            time.sleep(0.5)

        with pytest.raises(OutlookError, match="the scheduler was lost; .*run the same command"):
            run(ads, tmp_path / "lost", scheduler=address, progress=lose)
        made = run(ads, tmp_path / "lost")
        assert made.exit_code == 0
        pd.testing.assert_frame_equal(
            results(tmp_path / "lost", "postings"), results(alone, "postings")
        )
    finally:
        for one in (scheduler, worker):
            one.terminate()
        for one in (scheduler, worker):
            one.wait(30)


def test_without_dask_one_process_works_and_that_is_said(ads, alone, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster.importlib.util, "find_spec", lambda name: None)
    said: list[str] = []
    with cluster.client(None, 4, said.append) as opened:
        assert opened is None
    assert "Dask is not installed: one process works, in place of 4" in said[0]
    with pytest.raises(UsageError, match=r"technician-outlook\[scale\]"), \
            cluster.client("tcp://127.0.0.1:1", 4, said.append):  # fmt: skip
        pass


def test_a_part_of_several_frames_counts_its_rows_on(ads, alone, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "CHARACTERS", 500)
    run(ads, tmp_path)
    whole = results(tmp_path, "postings")
    assert sorted(whole["posting_id"]) == sorted(results(alone, "postings")["posting_id"])
    for path in (tmp_path / "postings").iterdir():
        rows = pd.read_parquet(path)["row"].tolist()
        assert rows == list(range(len(rows)))
        sentences = pd.read_parquet(tmp_path / "sentences" / path.name)
        ids = pd.read_parquet(path).set_index("row")["posting_id"]
        assert (sentences["row"].map(ids) == sentences["posting_id"]).all()
