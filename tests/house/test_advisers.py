"""The guide for advisers shows the figures that the program gives today."""

from __future__ import annotations

import tomllib
from importlib import resources

from typed import unheld

from pipelines.answers.paths import Wishes, paths_answer
from pipelines.build.methods_technicians import reranked
from pipelines.charts.kit.theme import money
from pipelines.claims.board import board, by_chance
from pipelines.figures.paths import route_card_figure
from pipelines.pathways.skills.gaps import skill_gaps

CLAIMS = resources.files("pipelines.claims").joinpath("claims.toml")
RECORDS, MANAGERS = "29-2072.00", "11-9111.00"


def test_the_table_of_the_client_is_what_the_command_prints(analysis, root):
    wishes = Wishes(state="TX", part_time=True, held=("RHIT",))
    found = paths_answer(analysis, RECORDS, education="associate's", wishes=wishes).frame
    text = (root / "docs" / "ADVISERS.md").read_text("utf-8")
    table = text.split("| career path | kind of move |")[1].split("\n\n")[0].splitlines()[2:]
    shown = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    assert len(shown) == 5
    for cells, row in zip(shown, found.to_dict("records"), strict=False):
        assert cells == [
            row["title"], row["section"], f"{row['years_education']:g}",
            f"{row['years_to_qualify']:g}", money(row["tuition"]),
            money(row["annual_median_wage"]), f"+{money(row['wage_gain'])}",
        ]  # fmt: skip


def test_every_figure_of_the_guide_is_the_programs(analysis, root):
    phrases = [
        *_of_the_occupation(analysis), *_of_the_market(analysis), *_of_the_client(analysis),
        *_of_the_moves(analysis), *_of_the_claims(analysis), *_of_the_weights(analysis),
    ]  # fmt: skip
    left = unheld((root / "docs" / "ADVISERS.md").read_text("utf-8"), phrases)
    assert left == [], "typed by hand: make its phrase in this test"


def _of_the_weights(analysis) -> list[str]:
    tried, origins = reranked(analysis)
    changed = int((~origins["stays_one_at_a_time"]).sum())
    ten = 10 * tried.loc[tried["weight"] == "all at once", "ten_moved"].mean()
    return [
        f"the first way up changes for {changed} of {len(origins)} technician occupations",
        f"moved at once, {ten:.0f} of the first ten on average gives way",
    ]


def _of_the_occupation(analysis) -> list[str]:
    exposures = analysis.occupation_exposure.set_index("onet_soc_code")

    def said(code: str) -> list[str]:
        row = exposures.loc[code]
        return [f"{row[name]:.2f}" for name in ("exposure", "exposure_low", "exposure_high")]

    own, low, high = said(RECORDS)
    other, other_low, other_high = said("29-9021.00")
    tasks = analysis.tasks_of(RECORDS).set_index("task_id")
    week = tasks.drop([22889, 22893])["exposure"].mean()  # fetches charts, types up recordings
    codes = tasks.loc[22881]  # key facts from charts, turned into codes
    technicians = int(analysis.occupations["is_technician"].sum())
    rest = len(analysis.occupations) - technicians
    percent = f"{100 * exposures.loc[RECORDS, 'exposure']:.0f} percent"
    return [
        "shows it at http://127.0.0.1:8765. ",
        f"{technicians} technician occupations have full pages, {rest} others",
        f"Medical records specialists: {own}, interval {low} to {high}",
        f"the week is {week:.2f}, against {own} in the occupation",
        f"({own} here, {other} for health information technologists, {other_low} to {other_high})",
        f"scores {codes['exposure']:.2f}, anywhere from {codes['exposure_low']:.2f} to "
        f"{codes['exposure_high']:.2f}",
        f"lists {len(tomllib.loads(CLAIMS.read_text('utf-8'))['claim'])} drawbacks",
        f"{percent} of your job",
        f"a {percent} chance",
    ]


def _of_the_market(analysis) -> list[str]:
    wages = analysis.tables["wages"].query("soc_code == '29-2072' and soc_vintage == '2018'")
    pay = wages.set_index(["year", "state"])["annual_median_wage"]
    row = (
        analysis.tables["projections"].query("soc_code == '29-2072' and base_year == 2024").iloc[0]
    )
    years = row["target_year"] - row["base_year"]
    replaced = 1 - row["employment_change"] / years / row["annual_openings"]
    index = analysis.tables["price_index"].query("month == 5").set_index("year")["value"]
    real = pay[2025, "US"] / pay[2021, "US"] * index[2021] / index[2025] - 1
    return [
        f"the median wage is {money(pay[2025, 'US'])} in the United States and "
        f"{money(pay[2025, 'TX'])} in Texas",
        f"growth of {row['employment_change_percent']:.1f} percent from 2024 to 2034 and about "
        f"{1000 * row['annual_openings']:,.0f} openings per year, {100 * replaced:.0f} percent of "
        "them to replace workers",
        f"Wages fell by {-100 * real:.0f} percent, because",
        f"the median wage fell by {-100 * real:.0f} percent from 2021 to 2025",
    ]


def _of_the_client(analysis) -> list[str]:
    wishes = Wishes(state="TX", part_time=True, held=("RHIT",))
    found = paths_answer(analysis, RECORDS, education="associate's", wishes=wishes).frame
    found = found.set_index("to_soc")
    technologists, managers = found.loc["29-9021"], found.loc["11-9111"]
    full = paths_answer(analysis, RECORDS, education="associate's").frame.set_index("to_soc")
    ends = [f"{managers[f'break_even_year_{end}']:.0f}" for end in ("low", "high")]
    rows = [
        f"| {row['years_education']:g} | {row['years_to_qualify']:g} | {money(row['tuition'])} | "
        f"{money(row['annual_median_wage'])} | +{money(row['wage_gain'])} |"
        for _, row in found.head(5).iterrows()
    ]
    _, card = route_card_figure(analysis, RECORDS, MANAGERS)
    first, last = card.iloc[0], card.iloc[-1]
    pay = [f"{row['annual_median_wage']:,.0f}" for row in (first, last)]
    years = [last[f"route_break_even_year_{end}"] for end in ("median", "high", "low")]
    return [
        *rows,
        f"a master's ({technologists['attainment_percent']:.0f} percent)",
        f"tuition of {last['tuition']:,.0f} dollars, pay from {pay[0]} to {pay[1]} dollars, "
        f"exposure from {first['exposure']:.2f} to {last['exposure']:.2f} with intervals",
        "here year {:.0f}, between {:.0f} and {:.0f}, for somebody".format(*years),
        f"needs {full.loc['11-9111', 'years_education']:g} full-time years",
        f"in year {managers['break_even_year']:.0f} ({ends[0]} to {ends[1]})",
        f"will earn {money(technologists['annual_median_wage'])}.",
        f"be {1000 * technologists['annual_openings']:,.0f} openings",
        f"between year {ends[0]} and {ends[1]}.",
    ]


def _of_the_moves(analysis) -> list[str]:
    compared = skill_gaps(analysis.tables, "29-2072", "11-9111")
    counted = compared.groupby(["kind", "status"]).size()
    areas = (compared["kind"] == "activity").sum()
    software = (compared.query("kind == 'technology'")["to_value"] == 1).sum()  # it is named there
    return [
        f"{counted['activity', 'gap']} of {areas} work activities",
        f"and {counted['activity', 'carries over']} carry over; "
        f"{counted['technology', 'carries over']} of {software} software names",
    ]


def _of_the_claims(analysis) -> list[str]:
    row = by_chance(board(analysis), RECORDS).iloc[0]
    assert row["found"] <= row["high"]  # nothing special: no more than chance gives
    said = f"{row['found']} of {row['claims']} claims are supported, of an occupation drawn at"
    return [f"{said} random {row['mean']:.1f}, so {row['found']} is nothing special"]
