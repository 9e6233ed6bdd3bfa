"""The route card: every step with what it asks, the figures of the table, no collisions."""

import pandas as pd
import pytest
from chartkit import collisions, outside, text_boxes

from pipelines.charts import route_card, route_card_text
from pipelines.figures import paths
from pipelines.pathways.routes.returns import route_returns

WAYS = (
    ("29-2072", "11-9111"), ("29-2072", "15-1252"), ("29-2034", "29-1171"), ("15-1232", None),
    ("17-3023", "49-2095"), ("29-2012", "29-1151"), ("29-2061", "29-1141"),
)  # fmt: skip


def printed(figure):
    return " | ".join(text for text, _ in text_boxes(figure))


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize(("code", "to"), WAYS)
def test_no_text_of_a_card_lies_on_another(analysis, code, to, phone):
    figure, _ = paths.route_card_figure(analysis, code, to, phone=phone)
    assert collisions(figure) == []
    assert outside(figure) == []


@pytest.mark.parametrize("phone", [False, True])
def test_a_card_shows_each_step_with_its_pay_exposure_and_licence(analysis, phone):
    figure, data = paths.route_card_figure(analysis, "29-2061", "29-1141", phone=phone)
    text = printed(figure)
    assert data["step"].tolist() == list(range(len(data)))
    for row in data.to_dict("records"):
        for name in ("annual_p25_wage", "annual_median_wage", "annual_p75_wage"):
            assert f"${row[name]:,.0f}" in text
        low, high = row["exposure_low"], row["exposure_high"]
        assert f"{row['exposure']:.2f} ({low:.2f} to {high:.2f})" in text
    assert "registered nurse license" in text
    values = {t.name: t for t in figure.data}
    pay = values["median wage"]
    assert list(pay.x if phone else pay.y) == data["annual_median_wage"].tolist()
    shown = values["exposure"]
    assert list(shown.x if phone else shown.y) == data["exposure"].tolist()


def test_credentials_are_named_where_they_are_curated(analysis):
    figure, data = paths.route_card_figure(analysis, "29-2072", "29-9021")
    assert "RHIT" in data["credentials"].iloc[-1]
    assert "RHIT" in printed(figure)
    other, _ = paths.route_card_figure(analysis, "17-3023")
    assert "not looked up" in printed(other)


def test_steps_run_from_left_to_right_and_on_a_phone_from_top_to_bottom(analysis):
    stops = ["29-9021", "15-1211", "15-1252"]
    wide, data = paths.route_card_figure(analysis, "29-2072", route=stops)
    assert len(data) == 4
    assert list(wide.data[1].x) == sorted(wide.data[1].x)
    tall, _ = paths.route_card_figure(analysis, "29-2072", route=stops, phone=True)
    assert list(tall.data[1].y) == sorted(tall.data[1].y, reverse=True)
    assert tall.layout.width == 390


def test_what_the_route_brings_stands_in_the_text_and_in_the_data(analysis):
    figure, data = paths.route_card_figure(analysis, "29-2072", "11-9111")
    stops = paths.best_route(analysis, "29-2072", to="11-9111")
    cases = route_returns(analysis.pathways, "29-2072", stops)
    cases = cases.set_index("case")
    reading = figure.layout.meta["reading"]
    assert f"in year {cases.loc['median', 'break_even_year']:g}" in reading
    worth = cases["net_present_value"]
    assert f"worth ${round(worth['median'], -3):,.0f}" in reading
    last = data.iloc[-1]
    for case in ("low", "median", "high"):
        assert last[f"route_net_present_value_{case}"] == worth[case]


def test_a_route_that_is_not_paid_back_says_so_and_a_loss_has_its_sign():
    cases = pd.DataFrame(
        {
            "case": ["low", "median", "high"],
            "break_even_year": [float("nan"), 15.0, 9.0],
            "net_present_value": [-90_400.0, -1_600.0, 70_000.0],
        }
    )
    text = route_card_text.outcome(cases)
    assert "paid back in year 15 (in year 9" in text
    assert "not within 20 years at the 25th" in text
    never = route_card_text.outcome(cases.assign(break_even_year=float("nan")))
    assert "not paid back within 20 years" in never
    assert "worth −$2,000 (−$90,000 to $70,000)" in text
    assert route_card_text.outcome(cases.assign(net_present_value=float("nan"))) == ""


def test_ranges_of_schooling_and_tuition_are_summed_over_the_steps(analysis):
    figure, data = paths.route_card_figure(analysis, "29-2072", route=["29-9021", "11-9111"])
    steps = data.iloc[1:]
    years = [steps[f"years_education{end}"].sum() for end in ("", "_low", "_high")]
    assert years[2] > years[0]
    finding = figure.layout.meta["finding"]
    assert f"{years[0]:g} years ({years[1]:g} to {years[2]:g}) of school" in finding


@pytest.mark.parametrize("phone", [False, True])
def test_markup_in_titles_and_credentials_stays_text(analysis, phone):
    steps = paths.route_table(analysis, "29-2072", ["29-9021"])
    bad = "<img src=x> $x^2$"
    steps[["title", "licence_words"]] = bad
    steps["credentials"] = bad
    figure = route_card.route_card(steps, "source", phone=phone)
    shown = [n.text for n in figure.layout.annotations] + list(figure.data[1].hovertext)
    assert any("&lt;img" in text for text in shown)
    assert not any("<img" in text or "$x" in text for text in shown)


@pytest.mark.parametrize("phone", [False, True])
def test_without_a_route_the_card_says_so_and_has_no_data(analysis, phone):
    figure, data = paths.route_card_figure(analysis, "29-2072", route=[], phone=phone)
    assert "No route from Medical Records Specialists is open" in figure.layout.meta["finding"]
    assert data.empty
    assert collisions(figure) == []


@pytest.mark.parametrize("phone", [False, True])
def test_missing_pay_and_exposure_are_said(analysis, phone):
    steps = paths.route_table(analysis, "29-2072", ["29-9021"])
    wages = ["annual_p25_wage", "annual_median_wage", "annual_p75_wage"]
    steps.loc[1, [*wages, "exposure", "exposure_low", "exposure_high"]] = float("nan")
    figure = route_card.route_card(steps, "source", phone=phone)
    assert "wage not published" in printed(figure)
    assert "not known" in printed(figure)
    assert "median wage from $51,140 to not published" in figure.layout.meta["finding"]


def test_a_card_says_by_which_of_two_levels_the_route_enters(analysis):
    """The first way is the shorter: two years to the license that four years lead to too."""
    _, steps = paths.route_card_figure(analysis, "29-2061", to="29-1141")
    last = steps.iloc[-1]
    assert (last["entry_education"], last["years_education"]) == ("Associate's degree", 2)
    asked = route_card_text.facts(last)["requires"]
    assert asked == "Associate's degree; BLS lists a bachelor's degree as typical"
    by_codes = paths.route_table(analysis, "29-2061", ["29-1141"]).iloc[-1]
    asked = route_card_text.facts(by_codes)["requires"]
    assert asked == "Bachelor's degree; the license takes an associate's degree too"
