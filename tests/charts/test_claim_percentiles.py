"""The chart of the claims: one row a claim, nothing lost, nothing on top of another."""

from __future__ import annotations

import pandas as pd
import pytest
from chartkit import collisions, outside

from pipelines.charts import claim_percentiles as chart
from pipelines.charts.kit import theme

BOUNDS = (33.0, 67.0)
NONE = float("nan")
FINDING = "Clerks: 1 of 2 claims; an occupation drawn at random has 0.7"
CHANCE = "By the same rule each claim is supported for 33 percent."


def table(*rows):
    columns = ["number", "claim", "measure", "direction", "value", "percentile", "percentile_low",
               "percentile_high", "percentile_technicians", "verdict", "stand_in"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(
        unit="1 to 5", n_occupations=900, n_technicians=110, source="O*NET",
        percentile_technicians_low=NONE, percentile_technicians_high=NONE,
    )  # fmt: skip


@pytest.fixture
def rows():
    exact = "Exact <b>work</b> & $x$ errors"
    return table(
        (1, exact, "Errors", "less", 1.9, 4.0, 1.0, 20.0, 8.0, "not supported", ""),
        (
            2,
            "Learning never ends",
            "Learning",
            "more",
            4.0,
            70.0,
            NONE,
            NONE,
            60.0,
            "supported",
            "",
        ),
        (3, "Overtime", "Hours", "more", 1.0, 2.0, NONE, NONE, NONE, "not supported", "weak"),
        (4, "Billing", "Tasks", "more", NONE, NONE, NONE, NONE, NONE, "cannot be tested", "weak"),
        (5, "Exchange", None, None, NONE, NONE, NONE, NONE, NONE, "no public measure", ""),
    )


@pytest.fixture
def figure(rows):
    made = chart.claim_percentiles(rows, FINDING, CHANCE, "Sources: none.", BOUNDS)
    return made.update_layout(width=theme.WIDTH)


def dots(figure):
    return {t.name: t for t in figure.data if t.mode == "markers"}


def test_every_percentile_is_drawn_in_the_row_of_its_claim(figure):
    drawn = dots(figure)
    every = drawn["among all occupations (decides)"]
    assert list(every.x) == [4.0, 70.0, 2.0]
    assert [round(y) for y in every.y] == [0, 1, 2]
    technicians = drawn["among technicians"]
    assert list(technicians.x) == [8.0, 60.0]
    # Told apart by shape, not by color alone.
    assert every.marker.symbol != technicians.marker.symbol


def test_a_line_is_drawn_where_there_is_an_interval_and_only_there(figure):
    (line,) = [t for t in figure.data if t.mode == "lines"]
    assert list(line.x) == [1.0, 20.0, None]
    assert {round(y) for y in line.y if y is not None} == {0}


def test_a_verdict_is_a_shape_and_a_word_beside_its_row(figure):
    said = {note.y: note.text for note in figure.layout.annotations
            if note.xref == "paper" and note.xshift == 14}  # fmt: skip
    assert said == {
        0: "▼ not supported", 1: "▲ supported", 2: "▼ not supported, weak stand-in",
        3: "– cannot be tested", 4: "– no public measure",
    }  # fmt: skip


def test_a_claim_without_a_verdict_keeps_its_row_and_says_so(figure):
    assert figure.layout.yaxis.ticktext[4] == "5  Exchange"
    notes = {note.y: note.text for note in figure.layout.annotations if note.x == 50}
    assert notes == {3: "no measure speaks for this occupation", 4: "nothing public measures it"}


def test_the_bands_are_those_of_the_rule(figure):
    assert [(s.x0, s.x1) for s in figure.layout.shapes] == [(-2, 33.0), (67.0, 102)]


def test_the_finding_and_what_chance_gives_are_said(rows, figure):
    assert figure.layout.meta["finding"] == FINDING
    assert CHANCE in figure.layout.meta["reading"]
    bare = rows[rows["number"] == 5]
    assert len(chart.claim_percentiles(bare, FINDING, CHANCE, "none", BOUNDS).data) == 0


def test_text_is_escaped_and_says_where_little_is_claimed(figure):
    assert "<b>" not in figure.layout.yaxis.ticktext[0]
    assert "$" not in figure.layout.yaxis.ticktext[0]
    hover = dots(figure)["among all occupations (decides)"].hovertext
    assert "the claim expects little" in hover[0]
    assert "percentile 4 of 900, 95% interval 1 to 20" in hover[0]
    assert "interval" not in hover[1]


def test_no_text_lies_on_another_or_over_the_edge(figure):
    assert collisions(figure) == []
    assert outside(figure) == []
