"""The guide for advisers shows the figures that the program gives today."""

from __future__ import annotations

import re

import pytest

from pipelines.analysis import Analysis
from pipelines.answers.paths import Wishes, paths_answer
from pipelines.charts.kit.theme import money
from pipelines.claims.board import board, by_chance
from pipelines.figures.paths import route_card_figure
from pipelines.releases.current import open_data

RECORDS, MANAGERS = "29-2072.00", "11-9111.00"


@pytest.fixture(scope="module")
def analysis():
    return Analysis(open_data(offline=True))


@pytest.fixture(scope="module")
def guide(root):
    return " ".join((root / "docs" / "ADVISERS.md").read_text("utf-8").split())


def test_the_table_of_the_client_is_what_the_command_prints(analysis, root):
    wishes = Wishes(state="TX", part_time=True, held=("RHIT",))
    found = paths_answer(analysis, RECORDS, education="associate's", wishes=wishes).frame
    text = (root / "docs" / "ADVISERS.md").read_text("utf-8")
    table = text.split("| career path | kind of move |")[1].split("\n\n")[0].splitlines()[2:]
    shown = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    assert len(shown) == 4
    for cells, row in zip(shown, found.to_dict("records"), strict=False):
        assert cells == [
            row["title"], row["section"], f"{row['years_education']:g}",
            f"{row['years_to_qualify']:g}", money(row["tuition"]),
            money(row["annual_median_wage"]), f"+{money(row['wage_gain'])}",
        ]  # fmt: skip


def test_what_the_guide_says_of_the_occupation_is_so(analysis, guide):
    exposure = analysis.occupation_exposure.set_index("onet_soc_code").loc[RECORDS]
    ends = f"{exposure['exposure_low']:.2f} to {exposure['exposure_high']:.2f}"
    assert f"Medical records specialists: {exposure['exposure']:.2f}, interval {ends}" in guide
    tasks = analysis.tasks_of(RECORDS)
    left = tasks[~tasks["task_id"].isin([22889, 22893])]  # fetches charts, types up recordings
    assert f"the week is {left['exposure'].mean():.2f}, against {exposure['exposure']:.2f}" in guide
    technicians = int(analysis.occupations["is_technician"].sum())
    rest = len(analysis.occupations) - technicians
    assert f"{technicians} technician occupations have full pages, {rest} others" in guide


def test_the_card_of_the_guide_is_the_one_that_is_drawn(analysis, guide):
    _, card = route_card_figure(analysis, RECORDS, MANAGERS)
    first, last = card.iloc[0], card.iloc[-1]
    said = re.search(r"!\[Route card from (.*?)\]", guide)[1]
    assert f"tuition of {last['tuition']:,.0f} dollars" in said
    assert (
        f"from {first['annual_median_wage']:,.0f} to {last['annual_median_wage']:,.0f} dollars"
    ) in said
    assert f"exposure from {first['exposure']:.2f} to {last['exposure']:.2f}" in said
    years = [last[f"route_break_even_year_{end}"] for end in ("median", "high", "low")]
    assert "here year {:.0f}, between {:.0f} and {:.0f}".format(*years) in guide


def test_the_claims_counted_in_the_guide_stand_beside_chance(analysis, guide):
    row = by_chance(board(analysis), RECORDS).iloc[0]
    said = f"{row['found']} of {row['claims']} claims are supported, of an occupation drawn at"
    assert f"{said} random {row['mean']:.1f}, so {row['found']} is nothing special" in guide
    assert row["found"] <= row["high"]
