"""Commands that make, fetch, keep and check data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.base.errors import UsageError
from pipelines.commands.common import (
    Format,
    Offline,
    Out,
    emit,
    emit_frame,
    open_data_said,
    say,
    settings_said,
)

app = typer.Typer()

# Imports stand inside the commands: `outlook --help` and an idle `outlook build` answer at once.


@app.command()
def build(
    offline: Offline = False,
    occupation: Annotated[
        str, typer.Option(help="occupation of the notebooks and figures")
    ] = "29-2072.00",
    force: Annotated[bool, typer.Option("--force", help="build even if nothing changed")] = False,
) -> None:
    """Tables, charts, notebooks and the site into data/processed."""
    from pipelines.build.run import build_all

    result = build_all(
        settings_said(offline), offline=offline, occupation=occupation, force=force, say=say
    )
    if not result.fresh:
        typer.echo("nothing changed since the last build; it is whole")
    typer.echo(f"first page: {result.index}\npage of the occupation: {result.page}")
    for figure in result.figures:
        typer.echo(f"figure: {figure}")


@app.command()
def refresh(
    source: Annotated[list[str] | None, typer.Option("--source", help="only this source")] = None,
    if_changed: Annotated[bool, typer.Option("--if-changed", help="exit 3 if nothing new")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="check, publish nothing")] = False,
    accept: Annotated[
        list[str] | None, typer.Option("--accept", help="let this gate's findings pass, this once")
    ] = None,
    edition: Annotated[
        list[str] | None,
        typer.Option("--edition", help="newest edition of a source to take, as onet=29.3"),
    ] = None,
    like: Annotated[
        str | None,
        typer.Option("--like", help="make this release (id or manifest.json) again, byte for byte"),
    ] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="make every table anew")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print the summary as JSON")] = False,
) -> None:
    """Fetch the sources, check them, publish a new release."""
    from pipelines.base.settings import load
    from pipelines.refresh.again import again
    from pipelines.refresh.run import refresh as run

    chosen = {"--source": source, "--edition": edition, "--accept": accept, "--dry-run": dry_run,
              "--if-changed": if_changed, "--rebuild": rebuild}  # fmt: skip
    if like is not None and any(chosen.values()):
        given = ", ".join(name for name, value in chosen.items() if value)
        raise UsageError(f"--like with {given}", "the manifest says all of it", "Leave it out")

    def enrich(tables):
        # Where nothing has to be computed, scikit-learn is not loaded.
        from pipelines.refresh.compute import enrich

        return enrich(tables)

    progress = None if as_json else say
    result = again(load(), like, enrich=enrich, progress=progress) if like is not None else run(
        load(), sources=source, if_changed=if_changed, dry_run=dry_run, accept=accept or (),
        editions=edition or (), rebuild=rebuild, enrich=enrich, progress=progress,
    )  # fmt: skip
    if as_json:
        typer.echo(result.to_json())
    else:
        # What went wrong belongs on standard error, in one line each.
        failed = result.exit_code in (4, 5)
        typer.echo("\n".join(result.sentences), err=failed)
    raise typer.Exit(result.exit_code)


@app.command()
def postings(
    source: Annotated[
        list[str], typer.Argument(help="CSV, JSON lines, parquet: file, folder, glob; or usajobs")
    ],
    out: Annotated[Path, typer.Option("--out", help="folder of the results")],
    columns: Annotated[
        str | None,
        typer.Option(help="title=COLUMN,text=...,date=...,state=...,openings=...,id=..."),
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="address of a Dask scheduler, as tcp://host:8786")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="processes here (all cores); 1 works without Dask")
    ] = None,
    series: Annotated[str | None, typer.Option(help="of usajobs: series, as 0675,0649")] = None,
    first: Annotated[str | None, typer.Option("--from", help="of usajobs: month, 2024-02")] = None,
    last: Annotated[str | None, typer.Option("--to", help="of usajobs: the last month")] = None,
    offline: Offline = False,
) -> None:
    """Occupation, task sentences and both scores of postings, and tables by month and state.

    --out gets postings/ and sentences/ (parquet), postings_by_month.csv, new_tasks.csv,
    duplicates.csv and manifest.json. A run that was stopped goes on when it is started again.
    Exit code 4: something could not be read; it is named, and the rest is finished.
    """
    from pipelines.postings.asked import lines, run_asked

    result = run_asked(
        source, out, open_data_said(offline), say, columns=columns, scheduler=scheduler,
        workers=workers, series=series, first=first, last=last,
    )  # fmt: skip
    typer.echo("\n".join([*lines(result.manifest), f"written to {out}"]), err=True)
    raise typer.Exit(result.exit_code)


@app.command()
def snapshot() -> None:
    """Make the embedded snapshot anew from the current release."""
    from pipelines.base.settings import load
    from pipelines.refresh.snapshot import write_snapshot
    from pipelines.releases.current import open_data

    settings = load()
    manifest = write_snapshot(open_data(settings), settings)
    size = sum(file.stat().st_size for file in settings.snapshot.iterdir())
    typer.echo(f"{settings.snapshot}: {len(manifest['tables'])} tables, {size:,} bytes")


@app.command()
def check(format: Format = "table", offline: Offline = False) -> None:
    """Agreement of the scorer, published figures reproduced, freshness; exit 1 where one fails."""
    from pipelines.answers.check import checks

    frame = checks(open_data_said(offline))
    emit_frame(frame, format)
    raise typer.Exit(1 if (frame["result"] == "fail").any() else 0)


@app.command()
def status(
    format: Format = "table",
    offline: Offline = False,
    health: Annotated[
        bool, typer.Option("--health", help="how refreshes fared; exit 1 if the last one failed")
    ] = False,
) -> None:
    """What data are in use, of which releases and dates."""
    if health:
        _health(format)
    from pipelines.answers.status import status as answer
    from pipelines.base.settings import load
    from pipelines.sources.fetch.discover import remembered

    data = open_data_said(offline)
    emit(answer(data), format)
    for line in remembered(load(), data.manifest["sources"]).sentences():
        typer.echo(line, err=True)


@app.command()
def discover(
    as_json: Annotated[bool, typer.Option("--json", help="print the findings as JSON")] = False,
) -> None:
    """Ask the publishers for newer editions than those in use; downloads nothing."""
    import json
    from dataclasses import asdict

    from pipelines.base.settings import load
    from pipelines.releases import store
    from pipelines.sources.fetch import discover as discovery
    from pipelines.sources.fetch.download import session

    settings = load()
    current = store.current(settings)
    with session() as opened:
        seen = discovery.discover(
            settings, opened, sources=current.manifest["sources"] if current else None
        )
    discovery.remember(settings, seen)
    if as_json:
        typer.echo(json.dumps(asdict(seen), indent=2, ensure_ascii=False))
        return
    typer.echo("\n".join(map(str, seen.found)) or "no newer edition was found")
    for line in seen.problems:
        typer.echo(line, err=True)


def _health(format: str) -> None:
    import json

    from pipelines.base.settings import load
    from pipelines.refresh import health

    found = health.health(load())
    if format == "json":
        typer.echo(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        emit_frame(health.table(found), format)
        state = {True: "well", False: "failed", None: "none yet"}[found["healthy"]]
        typer.echo(f"last refresh: {state}, since {found['since_utc'] or '-'}, last run "
                   f"{found['checked_utc'] or '-'}: {found['message']}", err=True)  # fmt: skip
    raise typer.Exit(1 if found["healthy"] is False else 0)


@app.command()
def releases(format: Format = "table") -> None:
    """The published releases, newest first, and what changed with each."""
    import pandas as pd

    from pipelines.base.settings import load
    from pipelines.refresh import report as changes
    from pipelines.releases import retention, store

    settings = load()
    now, names = store.target(settings), retention.names(settings)
    rows = [
        {
            "id": r.id,
            "created_utc": r.manifest.get("created_utc"),
            "current": r.id == now,
            "name": names.get(r.id),
            "changed": changes.clause(changes.stored(r)),
        }
        for r in store.releases(settings)
    ]
    columns = ["id", "created_utc", "current", "name", "changed"]
    emit_frame(pd.DataFrame(rows, columns=columns), format)


@app.command()
def keep(
    id: Annotated[str, typer.Argument(help="release to keep for good")],
    label: Annotated[str | None, typer.Option("--as", help="its name")] = None,
    forget: Annotated[bool, typer.Option("--forget", help="take its name away")] = False,
) -> None:
    """Name a release, so that no refresh removes it; --forget takes the name away."""
    from pipelines.base.settings import load
    from pipelines.releases import lock, retention

    if (label is None) == (not forget):
        raise UsageError("keep", "give --as NAME or --forget", "See outlook keep --help")
    settings = load()
    with lock.held(settings, doing="a refresh"):
        id = retention.find(settings, id).id
        if label is None:
            retention.forget(settings, id)
        else:
            retention.name(settings, id, label)
    typer.echo(f"{id}: " + ("no longer named" if label is None else f"kept as {label}"))


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="release id, name, current, previous or snapshot")],
    new: Annotated[str, typer.Argument(help="the same, compared with the first")] = "current",
    format: Annotated[
        str, typer.Option("--format", help="words, table, csv, json or html")
    ] = "words",
    out: Out = None,
) -> None:
    """What changed between two releases."""
    from pipelines.base import files, tabular
    from pipelines.base.settings import load
    from pipelines.refresh import report as changes
    from pipelines.refresh import report_text
    from pipelines.releases import retention

    if format not in ("words", "table", "csv", "json", "html"):
        raise UsageError(
            "--format", f"{format!r} is none of words, table, csv, json, html", "Pick one"
        )
    settings = load()
    report = changes.compare(retention.find(settings, old), retention.find(settings, new))
    if format in ("table", "csv"):
        emit_frame(report_text.table(report), format, out)
        return
    text = {
        "words": lambda: "\n".join(report_text.sentences(report)) + "\n",
        "json": lambda: changes.encode(report).decode(),
        "html": lambda: report_text.page(report),
    }[format]()
    if out is None:
        typer.echo(text, nl=False)
    else:
        tabular.require_folder(out)
        files.write_whole(out, text.encode())
        typer.echo(f"written to {out}", err=True)


@app.command()
def archive(
    release: Annotated[str, typer.Argument(help="release id, name, current, previous or snapshot")],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="zip to write; technician-outlook-ID.zip here without it"),
    ] = None,
) -> None:
    """A release as one zip to deposit: tables, codebook, sources, licenses, checksums."""
    from pipelines.base.settings import load
    from pipelines.build.archive import archive as write
    from pipelines.releases import retention

    made = write(retention.find(load(), release), out)
    for name, why in made.left_out.items():
        say(f"{name} is left out: {why}")
    for name, why in made.in_part.items():
        say(f"{name} is there in part; left out: {why}")
    typer.echo(f"{made.path}: {len(made.tables)} tables, {made.path.stat().st_size:,} bytes")


@app.command()
def rollback(id: Annotated[str, typer.Argument(help="release to make current")]) -> None:
    """Make an earlier release the current one."""
    from pipelines.base.settings import load
    from pipelines.releases import lock, publish, retention

    settings = load()
    with lock.held(settings, doing="a refresh"):
        # A refresh removes old releases: not while one of them becomes the current one.
        found = publish.rollback(settings, retention.find(settings, id).id)
    typer.echo(f"current release: {found.id}")


@app.command()
def train(
    moves: Annotated[
        bool, typer.Option("--moves", help="the model of moves between occupations instead")
    ] = False,
    measure: Annotated[
        bool, typer.Option("--measure", help="keep the shipped scorer, measure its design anew")
    ] = False,
    offline: Offline = False,
) -> None:
    """Train the task scorer anew from the current release's labels, or the model of moves."""
    from pipelines.build.train import retrain, retrain_moves

    if moves and measure:
        raise UsageError("train", "--moves and --measure exclude each other", "Give one")
    if offline and not moves:
        raise UsageError("train --offline", "the snapshot holds no label texts", "Add --moves")
    data = open_data_said(offline)
    typer.echo(retrain_moves(data, say) if moves else retrain(data, say, fit=not measure))


@app.command()
def dictionary() -> None:
    """Print the data dictionary (docs/DATA.md) from the table contracts."""
    from pipelines.base.contracts import dictionary as text

    typer.echo(text(), nl=False)


@app.command()
def methods(
    offline: Annotated[
        bool, typer.Option("--offline", help="the embedded snapshot alone, as without --release")
    ] = False,
    release: Annotated[
        str | None, typer.Option("--release", help="fill the blocks that need this release too")
    ] = None,
    pairs: Annotated[
        Path | None,
        typer.Option("--pairs", help="CSV with from_soc, to_soc: BLS's similar occupations"),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="change nothing; exit 1 where a block is out of date")
    ] = False,
) -> None:
    """Fill the tables of docs/METHODS.md and the documents beside it from models, snapshot and,
    if named, a release."""
    from pipelines.analysis import Analysis
    from pipelines.base.settings import load
    from pipelines.build import methods as document
    from pipelines.releases.retention import find

    if offline and release is not None:
        raise UsageError("methods", "--offline and --release exclude each other", "Give one")
    if pairs is not None and release is None:
        raise UsageError("methods", "--pairs needs a release", "Give --release ID too")
    settings = load()
    snapshot = Analysis(find(settings, "snapshot"))
    named = None if release is None else Analysis(find(settings, release))
    listed = None if pairs is None else document.read_pairs(pairs)
    filled = [
        document.update(path, snapshot, named, listed, check)
        for path in document.documents(settings.root)
    ]
    changed, left = ([name for one in filled for name in getattr(one, kind)]
                     for kind in ("changed", "left"))  # fmt: skip
    word = "is out of date" if check else "written"
    typer.echo("\n".join(f"{name}: {word}" for name in changed) or "every block agrees")
    if left:
        typer.echo(f"left as they are (they need --release): {', '.join(left)}", err=True)
    raise typer.Exit(1 if check and changed else 0)
