"""Commands that ask about the job market: wages by year and place, and the look back."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.commands.common import Area, Code, Format, Offline, Out, emit, open_data_said

app = typer.Typer()

# Imports stand inside the commands: `outlook --help` answers at once.


@app.command()
def wages(
    code: Code,
    state: Annotated[str | None, typer.Option(help="a state, such as TX")] = None,
    area: Area = None,
    by: Annotated[str | None, typer.Option(help="every state or every area: state, area")] = None,
    format: Format = "table",
    out: Out = None,
    offline: Offline = False,
) -> None:
    """Wages, employment and location quotient: the nation by year, or a state or area.

    Of places the newest OEWS; `guard` says why one is too small or uncertain to compare ("" where
    it is not). --area takes a code or a name; an area that crosses a state line counts whole under
    its first state.
    """
    from pipelines.analysis import Analysis
    from pipelines.answers import wages as answers

    analysis = Analysis(open_data_said(offline))
    emit(answers.wages_answer(analysis, code, state, area, by), format, out)


@app.command()
def lookback(
    forecasts: Annotated[
        bool, typer.Option("--forecasts", help="BLS's projections against what happened")
    ] = False,
    format: Format = "table",
    out: Out = None,
    offline: Offline = False,
) -> None:
    """Did more exposed occupations lose jobs or wages? National, 2015 to now.

    The table shows what was asked first, with 95% intervals: percent per year by 0.1 of exposure.
    CSV, JSON and parquet hold every check and every published measure, also by one standard
    deviation, with standard errors and the part of them that OEWS's own errors make.
    """
    from pipelines.answers import market as answers

    data = open_data_said(offline)
    emit(
        answers.forecasts_answer(data) if forecasts else answers.lookback_answer(data), format, out
    )
