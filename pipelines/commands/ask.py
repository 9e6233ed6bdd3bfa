"""Commands that ask: tasks, paths, similar occupations, charts, pages, scores of your own text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.common import (
    All,
    Code,
    First,
    Format,
    Offline,
    OneCode,
    Out,
    emit,
    one_or_all,
    open_data_said,
    say,
)
from pipelines.errors import UsageError

app = typer.Typer()

# Imports stand inside the commands: `outlook --help` answers at once.


@app.command()
def score(
    file: Annotated[str, typer.Argument(help="CSV or parquet of statements; - for standard input")],
    text_column: Annotated[str, typer.Option(help="column that holds the statements")] = "task",
    out: Annotated[str | None, typer.Option(help="CSV or parquet to write")] = None,
) -> None:
    """Score statements of your own."""
    from pipelines.score_files import progress_bar, score_file

    with progress_bar(file) as progress:
        rows = score_file(file, text_column, out, progress, say)
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

    one_or_all("outlook tasks", code, all_)
    if all_ and explain:
        problem = "--explain takes one occupation, not --all"
        raise UsageError("outlook tasks", problem, "Give a code: outlook tasks 29-2072 --explain")
    data = open_data_said(offline)
    if code is None:
        emit(queries.all_tasks(data), format, out)
        return
    frame = queries.tasks(data, code, explain)
    notes = [queries.text_note(data), queries.model_note(frame) if explain else None]
    if format == "table" and out is None:
        frame = queries.readable_tasks(frame)
    emit(frame, format, out, "\n".join(note for note in notes if note))


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

    one_or_all("outlook paths", origin, all_)
    data = open_data_said(offline)
    if origin is None:
        frame = queries.all_paths(data, education, max_steps, n)
    else:
        frame = queries.paths(data, origin, to, education, max_steps, n)
        if format == "table" and out is None:
            frame = queries.readable_paths(frame)
    nothing = "no way found; a larger --max-steps, more --education or another --to may show one"
    emit(frame, format, out, nothing if frame.empty else None)


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

    one_or_all("outlook similar", code, all_)
    emit(queries.similar(open_data_said(offline), None if all_ else code, n), format, out)


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

    for path in queries.export(open_data_said(offline), code, chart, format.split(","), out, say):
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

    run(load().processed / "reports", port, say)
