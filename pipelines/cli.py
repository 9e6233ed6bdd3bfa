"""The command line: parse, call, print. What each command does lives elsewhere."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.errors import OutlookError, UsageError

app = typer.Typer(
    name="outlook",
    help="Automation exposure, job market and advancement paths of technicians, from public data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Offline = Annotated[bool, typer.Option("--offline", help="use the embedded snapshot")]
Format = Annotated[str, typer.Option("--format", help="table, csv or json")]
Out = Annotated[Path | None, typer.Option("--out", help="write to this file instead")]
First = Annotated[int, typer.Option("-n", min=1, help="how many")]
All = Annotated[bool, typer.Option("--all", help="every occupation")]
Code = Annotated[str, typer.Argument(help="occupation: 29-2072.00, 29-2072 or its title")]
OneCode = Annotated[str | None, typer.Argument(help="occupation code or title")]

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

    result = build_all(load(), offline=offline, occupation=occupation, force=force, say=_say)
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
        progress=None if as_json else _say,
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
def score(
    file: Annotated[str, typer.Argument(help="CSV or parquet of statements; - for standard input")],
    text_column: Annotated[str, typer.Option(help="column that holds the statements")] = "task",
    out: Annotated[str | None, typer.Option(help="CSV or parquet to write")] = None,
) -> None:
    """Score statements of your own."""
    from pipelines.score_files import progress_bar, score_file

    with progress_bar(file) as progress:
        rows = score_file(file, text_column, out, progress, _say)
    if out not in (None, "-"):
        typer.echo(f"{rows:,} rows scored into {out}", err=True)


@app.command()
def tasks(
    code: OneCode = None,
    all_: Annotated[bool, typer.Option("--all", help="every scored task, scores only")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="say why, task by task")] = False,
    format: Format = "table",
    out: Out = None,
    offline: Offline = False,
) -> None:
    """Scored tasks of an occupation, and with --explain why they have their scores.

    --all (best with --out or --format csv) gives onet_soc_code, task_id, p_e0, p_e1, p_e2,
    exposure, exposure_low, exposure_high, automation, basis (text: the wording alone; DWA: the
    labels of tasks that share a detailed work activity too).

    --explain adds, in CSV, JSON and parquet:

    \b
    exposure_wording   exposure (0 to 1) by the wording shown alone
    exposure_evidence  the same with the labels of related tasks
    raised_by          words and what each adds: exposure of the wording less
    lowered_by           that of the wording without the word; these do not add up
    related_e0 .. _e2  other tasks of the same work activities, by people's label
    nearest_N_...      three labelled tasks of similar wording: task_id,
                         onet_soc_code, title, cosine, human_label, task (where known)
    why                the same in a sentence or two

    Where the wording shown is not O*NET's, exposure is of the official statement,
    exposure_wording and the words are of the wording shown.
    """
    from pipelines import queries

    _one_or_all("outlook tasks", code, all_)
    if all_ and explain:
        problem = "--explain takes one occupation, not --all"
        raise UsageError("outlook tasks", problem, "Give a code: outlook tasks 29-2072 --explain")
    data = _data(offline)
    if code is None:
        _emit(queries.all_tasks(data), format, out)
        return
    frame = queries.tasks(data, code, explain)
    notes = [queries.text_note(data), queries.model_note(frame) if explain else None]
    if format == "table" and out is None:
        frame = queries.readable_tasks(frame)
    _emit(frame, format, out, "\n".join(note for note in notes if note))


@app.command()
def paths(
    origin: Annotated[str | None, typer.Argument(metavar="FROM", help="occupation")] = None,
    to: Annotated[str | None, typer.Option("--to", help="destination occupation")] = None,
    education: Annotated[str, typer.Option(help="education you have now")] = "high school",
    max_steps: Annotated[int, typer.Option(min=1, max=3, help="moves in a row")] = 2,
    n: First = 20,
    all_: All = False,
    format: Format = "table",
    out: Out = None,
    offline: Offline = False,
) -> None:
    """Where a worker can go from here, at what schooling."""
    from pipelines import queries

    _one_or_all("outlook paths", origin, all_)
    data = _data(offline)
    if origin is None:
        frame = queries.all_paths(data, education, max_steps, n)
    else:
        frame = queries.paths(data, origin, to, education, max_steps, n)
        if format == "table" and out is None:
            frame = queries.readable_paths(frame)
    nothing = "no way found; a larger --max-steps, more --education or another --to may show one"
    _emit(frame, format, out, nothing if frame.empty else None)


@app.command()
def similar(
    code: OneCode = None,
    n: First = 20,
    all_: All = False,
    format: Format = "table",
    out: Out = None,
    offline: Offline = False,
) -> None:
    """Occupations most like this one."""
    from pipelines import queries

    _one_or_all("outlook similar", code, all_)
    _emit(queries.similar(_data(offline), None if all_ else code, n), format, out)


@app.command()
def export(
    code: Code,
    chart: Annotated[str, typer.Option(help="name of a chart, or all")] = "all",
    format: Annotated[str, typer.Option(help="any of png,svg,pdf,html,csv")] = "png,csv",
    out: Annotated[Path, typer.Option(help="folder to write into")] = Path("."),
    offline: Offline = False,
) -> None:
    """Charts of an occupation as pictures, pages and data."""
    from pipelines import queries

    for path in queries.export(_data(offline), code, chart, format.split(","), out, _say):
        typer.echo(path)


@app.command()
def site() -> None:
    """The index page of the built reports."""
    from pipelines.settings import load
    from pipelines.site.serve import require_site

    typer.echo(require_site(load().processed / "reports") / "index.html")


@app.command()
def serve(port: Annotated[int, typer.Option(min=1, max=65535)] = 8765) -> None:
    """Show the built reports at http://127.0.0.1, to this computer only."""
    from pipelines.settings import load
    from pipelines.site.serve import serve as run

    run(load().processed / "reports", port, _say)


@app.command()
def check(format: Format = "table", offline: Offline = False) -> None:
    """Agreement of the scorer, published figures reproduced, freshness; exit 1 where one fails."""
    from pipelines.check import checks

    frame = checks(_data(offline))
    _emit(frame, format, None)
    raise typer.Exit(1 if (frame["result"] == "fail").any() else 0)


@app.command()
def status(format: Format = "table", offline: Offline = False) -> None:
    """What data are in use, of which releases and dates."""
    from pipelines import queries

    _emit(queries.status(_data(offline)), format, None)


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
    _emit(pd.DataFrame(rows, columns=["id", "created_utc", "current"]), format, None)


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

    typer.echo(retrain(_data(False), _say))


@app.command()
def dictionary() -> None:
    """Print the data dictionary (docs/DATA.md) from the table contracts."""
    from pipelines.tables import dictionary as text

    typer.echo(text(), nl=False)


def _one_or_all(command: str, code: str | None, all_: bool) -> None:
    if (code is None) == (not all_):
        problem = "give an occupation or --all" + (", not both" if all_ else "")
        raise UsageError(command, problem, f"See {command} --help")


def _data(offline: bool):
    from pipelines.data import describe, open_data

    data = open_data(offline=offline)
    typer.echo(f"data: {describe(data)}", err=True)
    return data


def _emit(frame, format: str, out: Path | None, note: str | None = None) -> None:
    from pipelines import output

    if out is not None:
        output.require_folder(out)
        output.save(frame, out)
        typer.echo(f"{len(frame):,} rows written to {out}", err=True)
    else:
        output.show(frame, format)
    if note:
        typer.echo(note, err=True)


def _say(line: str) -> None:
    typer.echo(line, err=True)


def main() -> None:
    """Run `outlook`; every failure is one line and an exit code, a traceback with --debug."""
    arguments = [a for a in sys.argv[1:] if a != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    try:
        code = app(args=arguments, standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except OutlookError as error:
        if debug:
            raise
        typer.echo(f"outlook: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader (head, less) has seen enough; Python's own flush at exit would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        if debug:
            raise
        # A full disk, a folder that may not be written: the user's to mend, not a bug of ours.
        where = error.filename or arguments[0]
        typer.echo(
            f"outlook: {where}: cannot be read or written ({error.strerror or error}). "
            "Free space, correct the permissions or choose another place",
            err=True,
        )
        sys.exit(1)
    except Exception as error:
        if debug:
            raise
        if hasattr(error, "exit_code") and hasattr(error, "format_message"):
            typer.echo(f"outlook: {error.format_message()} See outlook --help.", err=True)
            sys.exit(error.exit_code)
        problem = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        typer.echo(
            f"outlook: unexpected {problem}. Run again with --debug and report what it prints",
            err=True,
        )
        sys.exit(1)
