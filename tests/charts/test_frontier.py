"""The frontier: no move on it is beaten, its names are readable, its ranges those of the table."""

import pandas as pd
import pytest
from chartkit import collisions, outside, text_boxes
from hypothesis import given
from hypothesis import strategies as st

from pipelines.charts import frontier
from pipelines.figures import paths

TECHNICIANS = ("29-2072", "29-2034", "15-1232", "17-3023", "19-4031", "49-2091")


def frame(rows):
    years, gains = zip(*rows, strict=True) if rows else ((), ())
    table = pd.DataFrame({"years_to_qualify": years, "wage_gain": gains}, dtype="float64")
    return table.assign(
        soc_code=[f"11-{i:04d}" for i in range(len(table))],
        title=[f"Specialists of Kind {i}" for i in range(len(table))],
        wage_gain_low=table["wage_gain"] - 5_000,
        wage_gain_high=table["wage_gain"] + 9_000,
        licence="",
    )


def named(figure, name):
    return next(t for t in figure.data if t.name == name)


moves = st.lists(st.tuples(st.sampled_from([0, 1, 2, 4, 6]), st.integers(-9, 90)), max_size=30)


@given(moves)
def test_a_move_is_on_the_frontier_unless_another_beats_it(rows):
    table = frame(rows)
    front = frontier.on_frontier(table).tolist()
    for (years, gain), on in zip(rows, front, strict=True):
        beaten = any(y <= years and g >= gain and (y, g) != (years, gain) for y, g in rows)
        assert on == (not beaten)


def test_a_move_without_years_or_gain_is_never_on_it():
    table = frame([(0, 5), (1, 9)])
    table.loc[1, "wage_gain"] = float("nan")
    assert frontier.on_frontier(table).tolist() == [True, False]
    figure = frontier.frontier("Clerks", table, "source")
    assert (
        "because the wage is not published or the years are not known: 1"
        in figure.layout.meta["reading"]
    )


@given(st.lists(st.sampled_from([0.0, 1.0, 2.0, 4.0, 8.0]), min_size=1, max_size=40))
def test_columns_are_in_order_and_hold_their_points(years):
    xs, distinct, borders = frontier.columns(years, 900)
    assert distinct == sorted(set(years))
    assert borders == sorted(borders)
    assert borders[-1] == pytest.approx(900)
    for x, y in zip(xs, years, strict=True):
        i = distinct.index(y)
        assert borders[i] < x < borders[i + 1]


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("code", TECHNICIANS)
def test_names_do_not_collide_and_every_move_of_the_front_has_one(analysis, code, phone):
    figure, data = paths.frontier_figure(analysis, code, phone=phone)
    assert collisions(figure) == []
    assert outside(figure) == []
    printed = " | ".join(text for text, _ in text_boxes(figure))
    for gain in data.loc[data["on_frontier"], "wage_gain"]:
        assert f"+${gain:,.0f}" in printed


def test_the_points_and_their_ranges_are_those_of_the_table(analysis):
    figure, data = paths.frontier_figure(analysis, "29-2072")
    seen = []
    for name in ("frontier", "others"):
        trace = named(figure, name)
        # An occupation that two levels open has a point each, one of them on the frontier.
        part = data[data["on_frontier"] == (name == "frontier")].set_index("soc_code")
        own = part.loc[list(trace.customdata)]
        assert list(trace.y) == own["wage_gain"].tolist()
        high = own["wage_gain"] + list(trace.error_y.array)
        low = own["wage_gain"] - list(trace.error_y.arrayminus)
        assert high.tolist() == own["wage_gain_high"].tolist()
        assert low.tolist() == own["wage_gain_low"].tolist()
        seen += list(trace.customdata)
    assert sorted(seen) == sorted(data["soc_code"])
    assert seen.count("29-1141") == 2


def test_the_staircase_runs_through_the_points_of_the_front_above_the_pale_ones():
    figure = frontier.frontier("Clerks", frame([(0, 5), (0, 3), (2, 9), (4, 7)]), "source")
    order = [t.name for t in figure.data]
    assert order == ["others", "highest wage gain for the years", "frontier"]
    assert sorted(set(figure.data[1].y)) == [5, 9]
    assert figure.data[1].x[-1] == pytest.approx(900)


@pytest.mark.parametrize("phone", [False, True])
def test_markup_in_titles_stays_text(phone):
    table = frame([(0, 5), (2, 9)]).assign(title="<img src=x> $x^2$")
    figure = frontier.frontier("<b>Clerks</b>", table, "source", phone)
    shown = [n.text for n in figure.layout.annotations]
    shown += [text for t in figure.data for text in (t.hovertext or ())]
    assert any("&lt;img" in text for text in shown)
    assert not any("<img" in text or "$x" in text for text in shown)


@pytest.mark.parametrize("phone", [False, True])
def test_where_nothing_is_open_the_chart_says_so(phone):
    figure = frontier.frontier("Clerks", frame([]), "source", phone)
    assert "No move from Clerks is open" in figure.layout.meta["finding"]
    assert any("Nothing is open" in text for text, _ in text_boxes(figure))


def test_licences_are_named_below(analysis):
    figure, data = paths.frontier_figure(analysis, "29-2034")
    printed = " ".join(text for text, _ in text_boxes(figure))
    printed = printed.replace("- ", "-")  # a line may break after a hyphen
    for licence in data["licence"].str.split("; ").explode():
        assert licence in printed
