"""What the commands share: options, opening the data, printing a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.base.errors import UsageError

if TYPE_CHECKING:
    from pipelines.answers.answer import Answer

Offline = Annotated[bool, typer.Option("--offline", help="use the embedded snapshot")]
Format = Annotated[str, typer.Option("--format", help="table, csv or json")]
Out = Annotated[Path | None, typer.Option("--out", help="write to this file instead")]
First = Annotated[int, typer.Option("-n", min=1, help="how many")]
All = Annotated[bool, typer.Option("--all", help="every occupation")]
Code = Annotated[str, typer.Argument(help="occupation: 29-2072.00, 29-2072 or its title")]
Area = Annotated[
    str | None,
    typer.Option(help='wages of a metro or nonmetro area, code or name, such as "Columbus, OH"'),
]
OneCode = Annotated[str | None, typer.Argument(help="occupation code or title")]


def one_or_all(command: str, code: str | None, all_: bool) -> None:
    if (code is None) == (not all_):
        problem = "give an occupation or --all" + (", not both" if all_ else "")
        raise UsageError(command, problem, f"See {command} --help")


def settings_said(offline: bool):
    """The settings; where they lead to the snapshot by a folder that is not there, that is said."""
    from pipelines.base.settings import load

    settings = load()
    if remark := _remark(settings, offline):
        typer.echo(f"data: embedded snapshot; {remark}", err=True)
    return settings


def open_data_said(offline: bool):
    from pipelines.base.settings import load
    from pipelines.releases.current import describe, open_data

    settings = load()
    data = open_data(settings, offline)
    remark = _remark(settings, offline)
    typer.echo(f"data: {describe(data)}" + (f"; {remark}" if remark else ""), err=True)
    return data


def _remark(settings, offline: bool) -> str | None:
    return None if offline or settings.pinned is not None else settings.remark()


def emit(answer: Answer, format: str, out: Path | None = None) -> None:
    """Print an answer, or write it to a file; its notes go to standard error."""
    from pipelines.base import tabular

    notes = list(answer.notes)
    if out is not None:
        tabular.require_folder(out)
        tabular.save(answer.frame, out)
        typer.echo(f"{len(answer.frame):,} rows written to {out}", err=True)
    elif format == "table" and answer.table is not None:
        tabular.show(answer.table, format)
        notes += answer.table_notes
    else:
        tabular.show(answer.frame, format)
    for note in notes:
        typer.echo(note, err=True)


def emit_frame(frame, format: str, out: Path | None = None) -> None:
    """Print a frame that needs no words beside it, or write it to a file."""
    from pipelines.answers.answer import Answer

    emit(Answer(frame), format, out)


def say(line: str) -> None:
    typer.echo(line, err=True)
