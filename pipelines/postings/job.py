"""From sources of postings to a folder of results: parts, tables, and a manifest of all of it.

The folder has ``postings/`` and ``sentences/`` (parquet, a file a part each), the tables, and
``manifest.json``, which names every part. A run that was stopped goes on: a part is named by its
file (path, size, time of change) and by what it was worked on with, and one that is there is not
worked on again.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout
from threadpoolctl import threadpool_limits

from pipelines.base.errors import OutlookError, SourceFailed, UsageError
from pipelines.base.files import write_whole
from pipelines.exposure.scorer.model import held_scorer
from pipelines.postings import cluster, reading, reference, series, tables
from pipelines.postings.chunk import Done, Job, stored
from pipelines.postings.reading import Part, Unread
from pipelines.releases.store import Release

#: Raised when the same postings would give other results.
VERSION = 1


@dataclass
class Result:
    """What a run made.

    Attributes
    ----------
    manifest : dict
        As it is stored.
    exit_code : int
        0, or 4 where a source or a part could not be read.
    """

    manifest: dict
    exit_code: int = 0


@dataclass
class _Run:
    """What has come so far."""

    done: dict[str, Done] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    said: Counter = field(default_factory=Counter)
    again: int = 0

    def take(self, one: Done) -> None:
        if one.problem:
            self.problems.append(f"{one.source}: {one.problem}")
            return
        self.done[one.name] = one
        self.said.update(one.said)


def run_job(
    sources: list[str], out: Path, data: Release, curated: Path, *,
    columns: Mapping[str, str] | None = None, scheduler: str | None = None,
    workers: int | None = None, say: Callable[[str], None] = lambda line: None,
    progress: Callable[[int, int], None] | None = None, problems: list[str] | None = None,
    about: list[str] | None = None, tools: str | None = None,
) -> Result:  # fmt: skip
    """Score the postings of these sources and make the tables.

    Parameters
    ----------
    sources : list of str
        See `reading.files`.
    out : Path
        Folder of the results; made where it is not there. On a cluster all workers see it.
    data : Release
        Its tasks are what O*NET lists; the coder stands on it.
    curated : Path
        Folder of `series.FILE`.
    columns : mapping, optional
        Columns that the user named.
    scheduler, workers
        See `cluster.client`; without both, a worker a core of this machine.
    say : callable
        Called with lines for people.
    progress : callable, optional
        Called with postings and sentences so far.
    problems : list of str, optional
        Of fetching the sources; kept with those of reading them.
    about : list of str, optional
        What is to be known of these postings wherever they are shown.
    tools : str, optional
        See `chunk.Job`; tests put their own in.

    Raises
    ------
    UsageError
        Nothing to read, or another run works in the folder.
    OutlookError
        The scheduler was lost or the disk refuses; run again to go on.
    """
    out = out.absolute()
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = FileLock(out / ".outlook.lock", timeout=0).acquire()
    except Timeout as error:
        raise UsageError(str(out), "another run works there", "Wait, or choose another --out") \
            from error  # fmt: skip
    except OSError as error:
        raise UsageError(
            str(out), f"cannot be written ({error.strerror})", "Choose another --out"
        ) from error
    # With two threads sums differ in the last digit, and so would the name of the reference.
    with lock, threadpool_limits(1):
        return _run(sources, out, data, curated, columns or {}, scheduler, workers, say, progress,
                    problems or [], about or [], tools)  # fmt: skip


def _run(
    sources, out, data, curated, columns, scheduler, workers, say, progress, problems, about, tools
) -> Result:
    paths = reading.files(sources)
    for left in out.glob("*/.*.tmp"):
        left.unlink(missing_ok=True)
    listed = reference.of_tasks(data.table("tasks"), held_scorer(), series.load(curated))
    held = out / f"reference-{listed.digest()}.npz"
    listed.save(held)
    job = Job(str(out), str(held), str(data.path), **({"tools": tools} if tools else {}))
    told = {
        "version": VERSION, "program": cluster.version(), "columns": dict(columns),
        "release": data.id, "content": data.manifest.get("content_sha256", ""),
        "reference": listed.digest(), "tools": job.tools,
        "rows": reading.ROWS, "characters": reading.CHARACTERS, "group": reading.MAX_GROUP,
        "part": reading.PART,
    }  # fmt: skip
    # Until it is whole nobody takes an old manifest for what is in the folder.
    _write(out, told | {"state": "unfinished", "sources": sources})
    run = _Run(problems=list(problems))
    wanted = workers if workers is not None else cluster.machine()
    with cluster.client(scheduler, wanted, say) as opened:
        for one in cluster.finished(_work(paths, columns, told, out, run), job, opened):
            run.take(one)
            if progress:
                progress(*_counted(run))
        if not run.done:
            why = "; ".join(run.problems[:3] or ["none is there"])
            todo = "Correct the source and run again"
            raise SourceFailed(sources[0], f"no posting could be read: {why}", todo)
        by_workers = partial(cluster.shared, job=job, opened=opened)
        made = tables.write(out, sorted(run.done), data, listed, by_workers)
    postings, sentences = _counted(run)
    manifest = told | {
        "state": "complete", "finished_utc": datetime.now(UTC).isoformat(timespec="seconds"),
        "sources": sources, "about": about, "postings": postings, "sentences": sentences,
        "odd": dict(sorted(run.said.items())), "problems": run.problems,
        "new_task": {"threshold": listed.threshold, "share_of_onets_own": listed.own,
                     "share_of_anothers": listed.other},
        **made,
        "parts": {n: {"source": d.source, "postings": d.postings, "sentences": d.sentences}
                  for n, d in sorted(run.done.items())},
    }  # fmt: skip
    _write(out, manifest)
    _tidy(out, set(run.done), held)
    if run.again:
        say(f"{run.again:,} parts were there from an earlier run")
    return Result(manifest, SourceFailed.exit_code if run.problems else 0)


def _work(
    paths: list[str], columns: Mapping[str, str], told: dict, out: Path, run: _Run
) -> Iterator[tuple[str, Part]]:
    """The parts that are not there yet; those that are go into the run."""
    names: dict[str, str] = {}
    for part in reading.parts(paths, columns):
        if isinstance(part, Unread):
            run.problems.append(f"{part.source}: {part.problem}")
            continue
        if part.source not in names:
            names[part.source] = _digest(reading.identity(part.source), told)
        name = f"{names[part.source]}-{part.number:06d}"
        if (there := stored(out, name)) is not None:
            run.take(there)
            run.again += 1
        elif name not in run.done:
            yield name, part


def _digest(identity: list, told: dict) -> str:
    whole = json.dumps([identity, told], sort_keys=True, default=str)
    return hashlib.sha256(whole.encode()).hexdigest()[:12]


def _counted(run: _Run) -> tuple[int, int]:
    done = run.done.values()
    return sum(d.postings for d in done), sum(d.sentences for d in done)


def _write(out: Path, manifest: dict) -> None:
    try:
        write_whole(out / "manifest.json", json.dumps(manifest, indent=1).encode())
    except OSError as error:
        raise OutlookError(
            str(out), f"cannot be written ({error.strerror})",
            "Free space or correct the permissions, and run again: it goes on",
        ) from error  # fmt: skip


def _tidy(out: Path, names: set[str], held: Path) -> None:
    """Remove the parts of files that are not among the sources any more, or were changed."""
    for kind in ("postings", "sentences"):
        for file in (out / kind).glob("*.parquet"):
            if file.stem not in names:
                file.unlink(missing_ok=True)
    for file in out.glob("reference-*.npz"):
        if file != held:
            file.unlink(missing_ok=True)
