"""Commands that make, fetch, keep and check data."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.commands.common import Format, Offline, emit, open_data_said, say

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
    """Tables, charts, notebooks and reports into data/processed."""
    from pipelines.build import build_all
    from pipelines.settings import load

    result = build_all(load(), offline=offline, occupation=occupation, force=force, say=say)
    if not result.fresh:
        typer.echo("nothing changed since the last build; it is whole")
    typer.echo(f"report: {result.report}\nindex: {result.index}")
    for figure in result.figures:
        typer.echo(f"figure: {figure}")


@app.command()
def refresh(
    source: Annotated[list[str] | None, typer.Option("--source", help="only this source")] = None,
    if_changed: Annotated[bool, typer.Option("--if-changed", help="exit 3 if nothing new")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="check, publish nothing")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print the summary as JSON")] = False,
) -> None:
    """Fetch the sources, check them, publish a new release."""
    from pipelines.enrich import enrich
    from pipelines.refresh import refresh as run
    from pipelines.settings import load

    result = run(
        load(), sources=source, if_changed=if_changed, dry_run=dry_run, enrich=enrich,
        progress=None if as_json else say,
    )  # fmt: skip
    if as_json:
        typer.echo(result.to_json())
    else:
        # What went wrong belongs on standard error, in one line each.
        failed = result.exit_code in (4, 5)
        typer.echo("\n".join(result.sentences), err=failed)
    raise typer.Exit(result.exit_code)


@app.command()
def snapshot() -> None:
    """Make the embedded snapshot anew from the current release."""
    from pipelines.data import open_data
    from pipelines.settings import load
    from pipelines.snapshot import write_snapshot

    settings = load()
    manifest = write_snapshot(open_data(settings), settings)
    size = sum(file.stat().st_size for file in settings.snapshot.iterdir())
    typer.echo(f"{settings.snapshot}: {len(manifest['tables'])} tables, {size:,} bytes")


@app.command()
def check(format: Format = "table", offline: Offline = False) -> None:
    """Agreement of the scorer, published figures reproduced, freshness; exit 1 where one fails."""
    from pipelines.check import checks

    frame = checks(open_data_said(offline))
    emit(frame, format, None)
    raise typer.Exit(1 if (frame["result"] == "fail").any() else 0)


@app.command()
def status(format: Format = "table", offline: Offline = False) -> None:
    """What data are in use, of which releases and dates."""
    from pipelines import queries

    emit(queries.status(open_data_said(offline)), format, None)


@app.command()
def releases(format: Format = "table") -> None:
    """The published releases, newest first."""
    import pandas as pd

    from pipelines import release
    from pipelines.settings import load

    settings = load()
    now = release.current(settings)
    rows = [
        {
            "id": r.id,
            "created_utc": r.manifest.get("created_utc"),
            "current": now and r.id == now.id,
        }
        for r in release.releases(settings)
    ]
    emit(pd.DataFrame(rows, columns=["id", "created_utc", "current"]), format, None)


@app.command()
def rollback(id: Annotated[str, typer.Argument(help="release to make current")]) -> None:
    """Make an earlier release the current one."""
    from pipelines import release
    from pipelines.settings import load

    release.rollback(load(), id)
    typer.echo(f"current release: {id}")


@app.command()
def train() -> None:
    """Train the task scorer anew from the current release's labels."""
    from pipelines.training import retrain

    typer.echo(retrain(open_data_said(False), say))


@app.command()
def dictionary() -> None:
    """Print the data dictionary (docs/DATA.md) from the table contracts."""
    from pipelines.tables import dictionary as text

    typer.echo(text(), nl=False)
