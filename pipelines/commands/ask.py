"""Commands that ask: tasks, paths, wages, claims, charts, pages, references, scores of texts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.base.errors import UsageError
from pipelines.commands.common import (
    All,
    Area,
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
    settings_said,
)

app = typer.Typer()

# Imports stand inside the commands: `outlook --help` answers at once.


@app.command()
def score(
    file: Annotated[str, typer.Argument(help="CSV or parquet of statements; - for standard input")],
    text_column: Annotated[str, typer.Option(help="column that holds the statements")] = "task",
    out: Annotated[str | None, typer.Option(help="file to write: .csv, .csv.gz, .parquet")] = None,
) -> None:
    """Score statements of your own."""
    from pipelines.answers.score import progress_bar, score_file

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
    labels of tasks that share a detailed work activity too), automation_score, automation_low,
    automation_high (how far software could do the task by itself, with a 90% interval).

    One occupation adds, where a refresh brought them: observed_use (0 to 1, how far people bring
    the task to one company's AI), workers_wish (mean of n_workers ratings by workers, 1 to 5, of
    the wish to have it automated), experts_rating (mean of n_experts ratings, 1 to 5, of what AI
    can do of it). They are no part of any score.

    --explain adds, in CSV, JSON and parquet:

    \b
    exposure_wording   exposure (0 to 1) by the wording shown alone
    exposure_evidence  the same with the labels of related tasks
    raised_by          words and what each adds: exposure of the wording less
    lowered_by           that of the wording without the word; these do not add up
    related_e0 .. _e2  other tasks of the same work activities, by people's label
    nearest_N_...      three labeled tasks of similar wording: task_id,
                         onet_soc_code, title, cosine, human_label, task (where known)
    why                the same in a sentence or two

    Where the wording shown is not O*NET's, exposure is of the official statement,
    exposure_wording and the words are of the wording shown.
    """
    from pipelines.answers import tasks as answers

    one_or_all("outlook tasks", code, all_)
    if all_ and explain:
        problem = "--explain takes one occupation, not --all"
        raise UsageError("outlook tasks", problem, "Give a code: outlook tasks 29-2072 --explain")
    data = open_data_said(offline)
    answer = (
        answers.all_tasks_answer(data)
        if code is None
        else answers.tasks_answer(data, code, explain)
    )
    emit(answer, format, out)


@app.command()
def paths(
    origin: Annotated[str | None, typer.Argument(metavar="FROM", help="occupation")] = None,
    to: Annotated[str | None, typer.Option("--to", help="destination occupation")] = None,
    education: Annotated[
        str | None,
        typer.Option(
            help="education you have now, taken to be in the field of the present work; that "
            "which is typical of the occupation if left out"
        ),
    ] = None,
    max_steps: Annotated[int, typer.Option(min=1, max=3, help="moves in a row")] = 2,
    limit: Annotated[
        str | None,
        typer.Option(
            help="most additional education: no more school, one certificate, associate's, "
            "bachelor's, master's, or a level"
        ),
    ] = None,
    part_time: Annotated[
        bool, typer.Option("--part-time", help="study part time while working: twice the years")
    ] = False,
    credential: Annotated[
        list[str] | None, typer.Option(help="credential you hold, such as RHIT; repeatable")
    ] = None,
    state: Annotated[str | None, typer.Option(help="wages of this state, such as TX")] = None,
    area: Area = None,
    matters: Annotated[
        str, typer.Option(help="what matters most: balance, pay, exposure, automation or schooling")
    ] = "balance",
    costs: Annotated[
        str | None,
        typer.Option(
            help="TOML file of tuition, or four_year_out_of_state, four_year_private_nonprofit"
        ),
    ] = None,
    school: Annotated[
        int | None,
        typer.Option(help="number of a school (outlook programs), whose tuition is taken"),
    ] = None,
    residence: Annotated[
        str,
        typer.Option(help="for --school, --programs: in district, in state or out of state"),
    ] = "in state",
    zip_code: Annotated[
        str | None,
        typer.Option("--zip", help="wages of its state, and the nearest program of each way"),
    ] = None,
    miles: Annotated[float | None, typer.Option(min=0, help="with --zip: programs within")] = None,
    programs: Annotated[
        str | None,
        typer.Option(
            help="with --state or --zip: beside each way the first program by price, graduates, "
            "earnings or miles"
        ),
    ] = None,
    program_price: Annotated[
        bool, typer.Option("--program-price", help="with --programs: money at that price")
    ] = False,
    discount: Annotated[
        float | None, typer.Option(help="yearly rate of the net present value, 0.03 if left out")
    ] = None,
    front: Annotated[
        bool, typer.Option("--front", help="the routes that no other beats in every respect")
    ] = False,
    n: First = 20,
    all_: All = False,
    format: Format = "table",
    out: Out = None,
    offline: Offline = False,
) -> None:
    """Career paths from an occupation, and the education they require.

    Years of school, tuition, pay and the year that pays it back come with their low and high
    ends in CSV, JSON and parquet: long schooling and the 25th percentile wage there, short
    schooling and the 75th. --all gives from_soc, rank, to_soc, via_soc, steps, years_education,
    wage_gain, exposure_change, feasibility, published_code, entry_education.

    An occupation that two levels of education open stands twice, each way with its own years,
    tuition and rank (entry_education); with --all once, by the better way.
    """
    from dataclasses import replace

    from pipelines.analysis import Analysis
    from pipelines.answers import paths as answers
    from pipelines.answers import paths_programs as places

    one_or_all("outlook paths", origin, all_)
    refused = {"--to": to, "--front": front, "--costs": costs, "--school": school,
               "--discount": discount is not None, "--zip": zip_code, "--programs": programs,
               "--program-price": program_price}  # fmt: skip
    if all_ and (given := [name for name, value in refused.items() if value]):
        problem = f"{given[0]} is for one occupation, not --all"
        raise UsageError("outlook paths", problem, f"Leave {given[0]} or --all out")
    wishes = answers.Wishes(
        limit, part_time, tuple(credential or ()), matters, state, area,
        answers.read_costs(costs) if costs is not None else None,
        answers.DISCOUNT if discount is None else discount, front,
    )  # fmt: skip
    analysis = Analysis(open_data_said(offline))
    near = places.near(analysis, state, zip_code, miles, programs, residence, program_price)
    if near is not None:
        # Of an area the wages are its own; else those of the ZIP Code's state.
        wishes = replace(wishes, near=near, state=None if area is not None else near.state)
    if school is not None:
        wishes = answers.at_school(analysis, wishes, school, residence)
    if origin is None:
        answer = answers.all_paths_answer(analysis, education, max_steps, n, wishes)
    else:
        answer = answers.paths_answer(analysis, origin, to, education, max_steps, n, wishes)
    emit(answer, format, out)


@app.command()
def report(
    code: Code,
    out: Annotated[
        Path | None, typer.Option("--out", help="file to write; CODE.html here without it")
    ] = None,
    offline: Offline = False,
) -> None:
    """The page of an occupation as one file to mail: text, tables and charts, no other file."""
    from pipelines.base import files, tabular
    from pipelines.site.publish import saved_page

    code, page = saved_page(open_data_said(offline), code)
    where = out or Path(f"{code}.html")
    tabular.require_folder(where)
    files.write_whole(where, page.encode())
    typer.echo(str(where))


@app.command()
def find(
    text: Annotated[str, typer.Argument(help="a job title as people say it, or a credential")],
    n: First = 10,
    format: Format = "table",
    out: Out = None,
    offline: Offline = False,
) -> None:
    """Occupations that a job title may mean, best first."""
    from pipelines.answers.find import find_answer

    emit(find_answer(open_data_said(offline), text, n), format, out)


@app.command()
def similar(
    code: OneCode = None,
    n: First = 20,
    all_: All = False,
    format: Format = "table",
    out: Out = None,
    offline: Offline = False,
) -> None:
    """Occupations most similar to this one."""
    from pipelines.answers import similar as answers

    one_or_all("outlook similar", code, all_)
    emit(answers.similar_answer(open_data_said(offline), None if all_ else code, n), format, out)


@app.command()
def moves(
    code: OneCode = None,
    n: First = 20,
    all_: All = False,
    format: Format = "table",
    out: Out = None,
    offline: Offline = False,
) -> None:
    """Where people who leave an occupation go: the model's chance, and what was observed.

    --all gives from_soc, rank, to_soc, probability: the chance that somebody who leaves the first
    goes to the second. One occupation adds the title, the share observed in the CPS with its 95%
    interval, and its status: measured, too few to tell, not measured.
    """
    from pipelines.answers import moves as answers

    one_or_all("outlook moves", code, all_)
    data = open_data_said(offline)
    answer = (
        answers.all_moves_answer(data, n) if code is None else answers.moves_answer(data, code, n)
    )
    emit(answer, format, out)


@app.command()
def gaps(
    origin: Annotated[str, typer.Argument(metavar="FROM", help="occupation")],
    destination: Annotated[str, typer.Argument(metavar="TO", help="destination occupation")],
    n: First = 5,
    format: Format = "table",
    out: Out = None,
    offline: Offline = False,
) -> None:
    """What a destination requires more of, and what carries over.

    Skills, knowledge and activities on O*NET's scales (IM importance 1 to 5, LV level 0 to 7)
    with the 95% interval of the difference, and software by name. The table shows the first
    -n of each kind; CSV, JSON and parquet hold every row.
    """
    from pipelines.answers import gaps as answers

    emit(answers.gaps_answer(open_data_said(offline), origin, destination, n), format, out)


@app.command()
def measures(
    code: OneCode = None,
    own: Annotated[
        str | None,
        typer.Option(help="CSV of a measure of yours: task_id, onet_soc_code or soc_code, value"),
    ] = None,
    matrix: Annotated[
        bool, typer.Option("--matrix", help="rank correlations of all measures, no occupation")
    ] = False,
    labels: Annotated[
        bool, typer.Option("--labels", help="both scores by who judged the occupation's tasks")
    ] = False,
    format: Format = "table",
    out: Out = None,
    offline: Offline = False,
) -> None:
    """Published measures of an occupation next to ours: value, percentile, vintage, spread.

    --own adds a measure of yours and says how many of its rows matched. --matrix gives Spearman's
    rank correlation of every pair over SOC codes, with its 95% interval. --labels gives question,
    source, value, ours, n_tasks, tasks, percentile, n_occupations, remark: what people, GPT-4,
    experts and observed use say of the tasks that they judged.
    """
    from pipelines.analysis import Analysis
    from pipelines.answers import measures as answers

    if (code is None) == (not matrix) or (matrix and (own or labels)) or (own and labels):
        problem = "give an occupation (with --own or --labels if you like) or --matrix alone"
        raise UsageError("outlook measures", problem, "See outlook measures --help")
    analysis = Analysis(open_data_said(offline))
    answer = (
        answers.agreement_answer(analysis)
        if code is None
        else answers.judges_answer(analysis, code)
        if labels
        else answers.measures_answer(analysis, code, own)
    )
    emit(answer, format, out)


@app.command()
def claims(
    code: Code,
    format: Format = "table",
    out: Out = None,
    offline: Offline = False,
) -> None:
    """The article's claims held against public data: value, percentile, verdict.

    One measure stands for a claim, which is supported at or above percentile 67 of all occupations
    in the claim's direction, not supported below 33, and between otherwise. Beside it: how many
    percent of all occupations the same rule says so of. CSV, JSON and parquet add units, intervals,
    sources with their releases, and what is not measured.
    """
    from pipelines.answers import claims as answers

    emit(answers.claims_answer(open_data_said(offline), code), format, out)


@app.command()
def cite(
    format: Annotated[str, typer.Option("--format", help="text, bibtex or json")] = "text",
    offline: Offline = False,
) -> None:
    """References of the data in use: every source, and Technician Outlook itself."""
    from pipelines.answers.cite import FORMATS
    from pipelines.answers.cite import cite as references

    if format not in FORMATS:
        problem = f"expected one of {', '.join(FORMATS)}"
        raise UsageError(f"--format {format}", problem, "See outlook cite --help")
    typer.echo(references(open_data_said(offline), format))


@app.command()
def export(
    code: Code,
    chart: Annotated[str, typer.Option(help="name of a chart, or all")] = "all",
    format: Annotated[str, typer.Option(help="any of png,svg,pdf,html,csv")] = "png,csv",
    out: Annotated[Path, typer.Option(help="folder to write into")] = Path("."),
    to: Annotated[str | None, typer.Option("--to", help="destination of the charts of a move")] = (
        None
    ),
    matters: Annotated[
        str | None,
        typer.Option(
            help="what career paths rank by: balance, pay, exposure, automation, schooling"
        ),
    ] = None,
    state: Annotated[str | None, typer.Option(help="wages of career paths: a state's")] = None,
    area: Annotated[str | None, typer.Option(help="wages of career paths: an area's")] = None,
    offline: Offline = False,
) -> None:
    """Charts of an occupation as pictures, pages and data.

    Charts of a move take the destination of --to, or else the best-ranked one of `outlook paths`.
    With --matters automation the chart of career paths shows the automation score, not exposure.
    With --state or --area the charts of career paths have the wages of that place.
    """
    from pipelines.answers import export as answers

    data = open_data_said(offline)
    formats = format.split(",")
    for path in answers.export(data, code, chart, formats, out, say, to, matters, state, area):
        typer.echo(path)


@app.command()
def site(
    offline: Offline = False,
    force: Annotated[bool, typer.Option("--force", help="build even if nothing changed")] = False,
) -> None:
    """The advisers' pages, into data/processed/site; open index.html, or copy it to any host."""
    from pipelines.site.publish import build_site

    result = build_site(settings_said(offline), offline=offline, force=force, say=say)
    if not result.fresh:
        say("nothing changed since the site was built; it is whole")
    say(f"{result.occupations:,} occupations, {result.size / 1e6:,.0f} MB")
    typer.echo(result.index)


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8765,
    address: Annotated[str, typer.Option(help="address to listen at")] = "127.0.0.1",
    open_to_network: Annotated[
        bool, typer.Option("--open-to-network", help="let other computers look")
    ] = False,
    framed_by: Annotated[
        str, typer.Option(help="a site that may show the pages in a frame, https://host")
    ] = "",
) -> None:
    """Show the built pages in a browser, to this computer only unless told otherwise."""
    from pipelines.base.settings import load
    from pipelines.site.serve import require_pages
    from pipelines.site.serve import serve as run

    run(require_pages(load().processed), port, say, address, open_to_network, framed_by)


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
    events: Annotated[
        bool, typer.Option("--events", help="year by year, against May 2022")
    ] = False,
    robustness: Annotated[
        bool, typer.Option("--robustness", help="clustered errors and many tests, all measures")
    ] = False,
    format: Format = "table",
    out: Out = None,
    offline: Offline = False,
) -> None:
    """Did more exposed occupations lose jobs or wages? National, 2015 to now.

    The table shows what was asked first, with 95% intervals: percent per year by 0.1 of exposure.
    CSV, JSON and parquet hold every check and every published measure, also by one standard
    deviation, with standard errors and the part of them that OEWS's own errors make. --events and
    --robustness cluster errors by SOC major group.
    """
    from pipelines.answers import market as answers

    if forecasts + events + robustness > 1:
        problem = "--forecasts, --events and --robustness ask for three tables"
        raise UsageError("outlook lookback", problem, "Give one of them")
    data = open_data_said(offline)
    asked = (
        answers.forecasts_answer if forecasts
        else answers.events_answer if events
        else answers.robustness_answer if robustness
        else answers.lookback_answer
    )  # fmt: skip
    emit(asked(data), format, out)


@app.command()
def programs(
    code: OneCode = None,
    cip: Annotated[str | None, typer.Option(help="a program, such as 51.0707")] = None,
    state: Annotated[str | None, typer.Option(help="schools of this state")] = None,
    zip_code: Annotated[str | None, typer.Option("--zip", help="distance from here")] = None,
    miles: Annotated[float | None, typer.Option(min=0, help="with --zip: within")] = None,
    level: Annotated[str | None, typer.Option(help="certificate, associate's, bachelor's")] = None,
    sort: Annotated[str, typer.Option(help="price, graduates, earnings or miles")] = "price",
    n: Annotated[int | None, typer.Option("-n", min=1, help="how many; 20 in a table")] = None,
    format: Format = "table",
    out: Out = None,
    offline: Offline = False,
) -> None:
    """Schools and programs that lead to an occupation: published price, graduates' earnings, debt.

    Earnings and debt are of the school's whole 4-digit field. Closed schools are left out.
    """
    from pipelines.analysis import Analysis
    from pipelines.answers.programs import programs_answer

    first = n if n is not None or out is not None or format != "table" else 20
    analysis = Analysis(open_data_said(offline))
    answer = programs_answer(analysis, code, cip, state, zip_code, miles, level, sort, first)
    emit(answer, format, out)
