"""What a person asks of postings on the command line, and what the run tells them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.base.errors import SourceFailed, UsageError
from pipelines.base.settings import load
from pipelines.postings import columns as _columns
from pipelines.postings import usajobs
from pipelines.postings.job import Result, run_job
from pipelines.releases.store import Release
from pipelines.sources.fetch.download import session
from pipelines.sources.fetch.usajobs import Asking

#: The word that stands for the federal postings.
USAJOBS = "usajobs"


def run_asked(
    sources: list[str], out: Path, data: Release, say: Callable[[str], None], *,
    columns: str | None, scheduler: str | None, workers: int | None,
    series: str | None, first: str | None, last: str | None,
) -> Result:  # fmt: skip
    """Run what the options ask for; see `job.run_job`.

    Raises
    ------
    UsageError
        Options that exclude or need each other.
    """
    if scheduler is not None and workers is not None:
        raise UsageError(
            "postings", "--scheduler and --workers exclude each other", "A scheduler has its own"
        )
    federal = USAJOBS in sources
    asked = {"--series": series, "--from": first, "--to": last}
    if federal and (len(sources) > 1 or not all(asked.values())):
        raise UsageError(
            "postings usajobs", "it stands alone, with --series, --from and --to",
            "See outlook postings --help",
        )  # fmt: skip
    if not federal and any(asked.values()):
        given = ", ".join(name for name, value in asked.items() if value)
        raise UsageError("postings", f"{given} is for usajobs", "Leave it out")
    named = _columns.told(columns)
    problems: list[str] = []
    if federal:
        sources, problems = _federal(str(series), str(first), str(last), out, say)
    with _bar() as progress:
        return run_job(
            sources, out, data, load().curated, columns=named, scheduler=scheduler,
            workers=workers, say=say, progress=progress, problems=problems,
            about=[usajobs.NOT_THE_MARKET] if federal else [],
        )  # fmt: skip


def _federal(
    series: str, first: str, last: str, out: Path, say: Callable[[str], None]
) -> tuple[list[str], list[str]]:
    from pipelines.postings import sentences

    codes, months = usajobs.series_told(series), usajobs.months(first, last)
    with session() as opened:
        files, problems = usajobs.collect(
            codes, months, out / USAJOBS, Asking(load(), opened), sentences.mask, say
        )
    if not files:
        raise SourceFailed("usajobs", "; ".join(problems[:2]), "Run again later")
    return files, problems


def lines(manifest: dict) -> Iterator[str]:
    """What a person is told of a run: what was odd, what failed, what is where."""
    for what, n in manifest["odd"].items():
        yield f"{what}: {n:,}"
    for problem in manifest["problems"]:
        yield f"not read: {problem}"
    if n := manifest["came_again"]:
        yield f"postings that came again, of which the latest counts: {n:,} (duplicates.csv)"
    yield (
        f"{manifest['counted']:,} postings with {manifest['sentences']:,} task sentences; "
        f"{manifest['without_occupation']:,} without an occupation, "
        f"{manifest['without_task_sentences']:,} without a task sentence"
    )
    yield (
        f"{manifest['cells']:,} cells, {manifest['cells_suppressed']:,} of fewer than "
        f"{manifest['postings_in_a_cell_at_least']} postings suppressed"
    )
    new = manifest["new_task"]
    yield (
        "new work by the same rule among O*NET's own tasks: "
        f"{new['share_of_onets_own']:.0%} of an occupation's own, "
        f"{new['share_of_anothers']:.0%} of another's"
    )
    yield from manifest["about"]


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None] | None]:
    """Postings and sentences so far, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description}"), TimeElapsedColumn(), console=Console(stderr=True)
    ) as bar:
        task = bar.add_task("postings")

        def show(postings: int, sentences: int) -> None:
            bar.update(task, description=f"{postings:,} postings, {sentences:,} task sentences")

        yield show
