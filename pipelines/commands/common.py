"""What the commands share: options, opening the data, printing a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.base.errors import UsageError

Offline = Annotated[bool, typer.Option("--offline", help="use the embedded snapshot")]
Format = Annotated[str, typer.Option("--format", help="table, csv or json")]
Out = Annotated[Path | None, typer.Option("--out", help="write to this file instead")]
First = Annotated[int, typer.Option("-n", min=1, help="how many")]
All = Annotated[bool, typer.Option("--all", help="every occupation")]
Code = Annotated[str, typer.Argument(help="occupation: 29-2072.00, 29-2072 or its title")]
OneCode = Annotated[str | None, typer.Argument(help="occupation code or title")]


def one_or_all(command: str, code: str | None, all_: bool) -> None:
    if (code is None) == (not all_):
        problem = "give an occupation or --all" + (", not both" if all_ else "")
        raise UsageError(command, problem, f"See {command} --help")


def open_data_said(offline: bool):
    from pipelines.releases.current import describe, open_data

    data = open_data(offline=offline)
    typer.echo(f"data: {describe(data)}", err=True)
    return data


def emit(frame, format: str, out: Path | None, note: str | None = None) -> None:
    from pipelines.base import tabular

    if out is not None:
        tabular.require_folder(out)
        tabular.save(frame, out)
        typer.echo(f"{len(frame):,} rows written to {out}", err=True)
    else:
        tabular.show(frame, format)
    if note:
        typer.echo(note, err=True)


def say(line: str) -> None:
    typer.echo(line, err=True)
