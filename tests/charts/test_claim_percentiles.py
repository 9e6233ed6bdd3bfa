"""The chart of the claims: one row a claim, nothing lost, nothing on top of another."""

from __future__ import annotations

import pandas as pd
import pytest
from chartkit import collisions, outside

from pipelines.charts import claim_percentiles as chart
from pipelines.charts.kit import theme

BOUNDS = (33.0, 67.0)


def table(*rows):
    columns = ["number", "claim", "measure", "direction", "value", "percentile",
               "percentile_technicians", "verdict"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(unit="1 to 5", n_occupations=900, n_technicians=110, source="O*NET")


@pytest.fixture
def rows():
    none = float("nan")
    return table(
        (1, "Exact <b>work</b> & $x$ errors", "Exact", "more", 4.7, 90.0, 80.0, "mixed"),
        (1, "Exact <b>work</b> & $x$ errors", "Errors", "less", 1.9, 4.0, none, "mixed"),
        (2, "Learning never ends", "Learning", "more", 4.0, 70.0, 60.0, "supported"),
        (2, "Learning never ends", "Training", "more", none, none, none, "supported"),
        (3, "Overtime", "Hours", "more", 1.0, 2.0, 3.0, "not supported"),
        (4, "Exchange", None, None, none, none, none, "no public measure"),
    )


@pytest.fixture
def figure(rows):
    made = chart.claim_percentiles(rows, "Clerks", "Sources: none.", BOUNDS)
    return made.update_layout(width=theme.WIDTH)


def dots(figure):
    return {t.name: t for t in figure.data if t.mode == "markers"}


def test_every_percentile_is_drawn_in_the_row_of_its_claim(figure):
    drawn = dots(figure)
    every = drawn["among all occupations (decides)"]
    assert list(every.x) == [90.0, 4.0, 70.0, 2.0]
    assert [round(y) for y in every.y] == [0, 0, 1, 2]
    technicians = drawn["among technicians"]
    assert list(technicians.x) == [80.0, 60.0, 3.0]
    # Told apart by shape, not by color alone.
    assert every.marker.symbol != technicians.marker.symbol


def test_a_verdict_is_a_shape_and_a_word_beside_its_row(figure):
    said = {note.y: note.text for note in figure.layout.annotations
            if note.xref == "paper" and note.xshift == 14}  # fmt: skip
    assert said == {
        0: "◆ mixed", 1: "▲ supported, 1 of 2 measured", 2: "▼ not supported",
        3: "– no public measure",
    }  # fmt: skip


def test_a_claim_without_a_measure_keeps_its_row_and_says_so(figure):
    assert figure.layout.yaxis.ticktext[3] == "4  Exchange"
    notes = [note for note in figure.layout.annotations if "nothing public" in note.text]
    assert [note.y for note in notes] == [3]


def test_the_bands_are_those_of_the_rule(figure):
    assert [(s.x0, s.x1) for s in figure.layout.shapes] == [(-2, 33.0), (67.0, 102)]


def test_the_finding_counts_verdicts(rows, figure):
    assert figure.layout.meta["finding"] == (
        "Clerks: public data support 1 of the article's 4 claims, contradict 1 and are mixed on 1"
    )
    bare = rows[rows["number"] == 4]
    assert "measure none" in chart.claims_headline(bare, "Clerks")
    assert len(chart.claim_percentiles(bare, "Clerks", "none", BOUNDS).data) == 0


def test_text_is_escaped_and_says_where_little_is_claimed(figure):
    assert "<b>" not in figure.layout.yaxis.ticktext[0]
    assert "$" not in figure.layout.yaxis.ticktext[0]
    hover = dots(figure)["among all occupations (decides)"].hovertext
    assert "the claim expects little" in hover[1]
    assert "percentile 4 of 900" in hover[1]


def test_no_text_lies_on_another_or_over_the_edge(figure):
    assert collisions(figure) == []
    assert outside(figure) == []
