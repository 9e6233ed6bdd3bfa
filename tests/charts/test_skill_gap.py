"""The gap chart: what a reader sees of a move, on a page and on a phone, and the commands to it."""

from __future__ import annotations

import io
import re

import pandas as pd
import pytest

from pipelines.charts import skill_gap as chart
from pipelines.charts.kit import theme
from pipelines.pathways.skills.gaps import skill_gaps
from pipelines.releases.current import open_data

SOURCES = "A source, May 2025 (public domain)"
NASTY = "<script>alert(1)</script> from $1 to $2"
TITLES = ("Medical Records Specialists", "Medical and Health Services Managers")


@pytest.fixture(scope="module")
def snapshot():
    held = open_data(offline=True)
    names = ["occupations", "elements", "elements_2010", "onet_walk_2010_2019",
             "technology_skills", "onet_soc_to_soc"]  # fmt: skip
    return {name: held.table(name) for name in names}


@pytest.fixture(scope="module")
def frame(snapshot):
    return skill_gaps(snapshot, "29-2072", "11-9111")


@pytest.fixture(scope="module")
def nurses(snapshot):
    return skill_gaps(snapshot, "29-2061", "29-1141")


def words(figure):
    """The notes between the marks, top to bottom, without markup."""
    placed = [note for note in figure.layout.annotations if note.yref == "y"]
    return [re.sub("<[^>]+>", " ", note.text) for note in sorted(placed, key=lambda n: n.y)]


def points(figure):
    """The marks of the two ends."""
    return [trace for trace in figure.data if trace.mode == "markers+text"]


def test_gaps_come_first_and_largest_first_then_what_carries_over(frame):
    figure = chart.skill_gap(frame, *TITLES, SOURCES)
    here, there = points(figure)
    gaps = frame[(frame["status"] == "gap") & (frame["scale"] == "IM")]
    shown = gaps.nlargest(chart.ROWS_BY_STATUS["gap"], "difference")
    assert list(here.x)[: len(shown)] == shown["from_value"].round(3).tolist()
    assert list(there.x)[: len(shown)] == shown["to_value"].round(3).tolist()
    said = words(figure)
    assert said[0].strip() == f"Higher in the destination (10 of {len(gaps)})"
    heads = [said.index(text) for text in said if text.startswith((" Carries", " Asked"))]
    assert heads == sorted(heads)
    assert f"in {len(gaps)} of 41 areas by importance" in figure.layout.meta["finding"]


def test_what_the_origin_was_not_rated_in_has_one_mark_and_is_said(frame):
    figure = chart.skill_gap(frame, *TITLES, SOURCES)
    here, there = points(figure)
    assert len(there.x) - len(here.x) == chart.ROWS_BY_STATUS["not comparable"]
    assert any("the origin is not rated" in text for text in words(figure))
    reading = figure.layout.meta["reading"]
    assert "has not rated the skills and the knowledge of Medical Records" in reading
    assert "a large one stands in" in reading
    assert "rated by 2014" in reading


def test_print_without_color_tells_the_ends_apart(frame):
    here, there = points(chart.skill_gap(frame, *TITLES, SOURCES))
    assert here.marker.symbol != there.marker.symbol
    assert here.marker.color == "#ffffff"
    # Where both have one value, the ring still shows around the diamond.
    assert here.marker.size > there.marker.size


@pytest.mark.parametrize("width", [340, 390, 720])
@pytest.mark.parametrize("scale", ["IM", "LV"])
def test_no_text_is_cut_off_or_on_another_at_any_width(frame, nurses, width, scale):
    for rows in (frame, nurses):
        figure = chart.skill_gap(rows, *TITLES, SOURCES, width=width, scale=scale)
        assert figure.layout.width == width
        plot = width - figure.layout.margin.l - figure.layout.margin.r
        boxes = []
        for note in (n for n in figure.layout.annotations if n.yref == "y"):
            lines = re.sub("</?b>", "", note.text).split("<br>")
            size = note.font.size
            assert max(len(line) for line in lines) * size * theme.LETTER <= plot + 1
            boxes.append((note.y, note.y + len(lines) * (size + 3)))
        marks = sorted({y for trace in points(figure) for y in trace.y})
        boxes += [(y - 7, y + 7) for y in marks]
        boxes.sort()
        for above, below in zip(boxes, boxes[1:], strict=False):
            assert above[1] <= below[0] + 1
        assert boxes[-1][1] <= figure.layout.yaxis.range[0]
        low, high = figure.layout.xaxis.range
        for trace in points(figure):
            for x, side in zip(trace.x, trace.textposition, strict=True):
                room = (high - x if side == "middle right" else x - low) / (high - low) * plot
                assert room >= 4 * 12 * theme.LETTER


def test_numbers_stand_on_the_outer_sides_of_a_pair(nurses):
    here, there = points(chart.skill_gap(nurses, *TITLES, SOURCES))
    ends = {y: (x, side) for x, y, side in zip(there.x, there.y, there.textposition, strict=True)}
    for x, y, side in zip(here.x, here.y, here.textposition, strict=True):
        other, other_side = ends[y]
        assert {side, other_side} == {"middle left", "middle right"}
        if x != other:
            assert side == ("middle right" if x > other else "middle left")


def test_markup_in_a_title_or_a_name_stays_text(frame):
    software = frame["kind"].eq("technology") & frame["hot_technology"].fillna(False)
    named = frame["element_name"].where(~software, NASTY)
    named = named.where(frame["kind"] != "activity", NASTY)
    figure = chart.skill_gap(frame.assign(element_name=named), NASTY, NASTY, SOURCES)
    texts = [note.text for note in figure.layout.annotations]
    texts += [trace.name for trace in points(figure)]
    texts += [text for trace in points(figure) for text in trace.hovertext]
    assert any("&lt;script" in text for text in texts)
    assert not any("<script" in text or "$" in text for text in texts)


def test_a_move_that_asks_nothing_more_says_so(frame):
    kept = frame[frame["status"] != "gap"]
    figure = chart.skill_gap(kept, *TITLES, SOURCES)
    assert "in none of 26 areas" in figure.layout.meta["finding"]
    assert not any("Higher in the destination" in text for text in words(figure))


def test_the_chart_of_a_named_destination_and_its_data(outlook, tmp_path):
    code, out, _ = outlook(
        "export", "29-2072", "--chart", "skill_gap", "--to", "11-9111", "--format", "csv,json",
        "--out", str(tmp_path),
    )  # fmt: skip
    assert code == 0
    stem = tmp_path / "skill_gap_29-2072.00_11-9111.00"
    assert sorted(out.split()) == [f"{stem}.csv", f"{stem}.json"]
    assert set(pd.read_csv(f"{stem}.csv")["to_code"]) == {"11-9111"}
    assert "best-ranked" not in stem.with_name(stem.name + ".json").read_text()


def test_without_a_destination_the_best_ranked_one_is_drawn_and_named_so(outlook, tmp_path):
    code, _, _ = outlook(
        "export", "29-2072", "--chart", "skill_gap", "--format", "csv,json", "--out", str(tmp_path)
    )
    assert code == 0
    drawn = set(pd.read_csv(tmp_path / "skill_gap_29-2072.00.csv")["to_code"])
    _, listed, _ = outlook("paths", "29-2072", "--format", "csv")
    ranked = pd.read_csv(io.StringIO(listed))["to_soc"].tolist()
    # Not 29-9021, whose activities O*NET rated together with those of 29-2072.
    assert "29-9021" in ranked[:3]
    assert drawn == {next(code for code in ranked if code != "29-9021")}
    text = (tmp_path / "skill_gap_29-2072.00.json").read_text()
    assert "the best-ranked destination" in text


def test_a_destination_for_a_chart_that_shows_none_is_refused(outlook, tmp_path):
    code, _, err = outlook(
        "export", "29-2072", "--chart", "task_exposure", "--to", "11-9111", "--out", str(tmp_path)
    )
    assert code == 2
    assert "shows no destination" in err
    assert "skill_gap" in err


def test_a_pair_without_ratings_to_compare_says_why_there_is_no_chart(outlook, tmp_path):
    code, _, err = outlook(
        "export", "29-2072", "--chart", "skill_gap", "--to", "29-9021", "--out", str(tmp_path)
    )
    assert code == 2
    assert "do not compare it with 29-9021" in err
    assert not list(tmp_path.glob("*.png"))


def test_gaps_are_listed_in_plain_words_and_whole_as_csv(outlook):
    code, out, err = outlook("gaps", "29-2072", "11-9111", "-n", "3")
    assert code == 0
    assert "Monitoring and Controlling Resources" in out
    assert "not comparable" not in out
    assert "ask clearly more than Medical Records Specialists" in err
    assert "all with --format csv" in err
    code, out, _ = outlook("gaps", "medical records specialists", "11-9111.00", "--format", "csv")
    assert code == 0
    whole = pd.read_csv(io.StringIO(out))
    assert set(whole["kind"]) == {"skill", "knowledge", "activity", "technology"}
    assert set(whole["source"]) == {"O*NET 30.1", "O*NET 30.1 and 18.1"}


@pytest.mark.parametrize(
    ("pair", "says"),
    [(("29-2072", "29-2072"), "one occupation"), (("29-2072", "99-1234"), "no such occupation")],
)
def test_a_pair_that_is_none_is_one_line_and_exit_code_2(outlook, pair, says):
    code, out, err = outlook("gaps", *pair)
    assert code == 2
    assert out == ""
    assert says in err.splitlines()[-1]
