"""The advancement chart: education in order, nothing on top of each other, the route in sight."""

import pandas as pd
import pytest
from chartkit import collisions, outside, text_boxes

from pipelines.base.errors import UsageError
from pipelines.charts import advancement
from pipelines.charts.kit import ladder, marks, theme
from pipelines.figures import paths
from pipelines.pathways.schooling.education import EDUCATION_LEVELS, everyday

SOURCES = "A source, May 2025 (public domain)"
#: Technician occupations of several fields, with short and with very long titles around them.
TECHNICIANS = ("29-2072", "29-2034", "15-1232", "17-3023", "19-4031", "49-2091", "27-4012")
ORIGIN = {
    "soc_code": "29-2072",
    "title": "Medical Records Specialists",
    "required_education": EDUCATION_LEVELS[3],
    "annual_p25_wage": 43_000.0,
    "annual_median_wage": 51_000.0,
    "annual_p75_wage": 64_000.0,
    "exposure": 0.6,
    "annual_openings": 14_200.0,
}
HOSTILE = "<img src=x onerror=alert(1)> & <b>$x^2$</b>"


def destinations(n):
    return pd.DataFrame(
        {
            "soc_code": [f"11-{i:04d}" for i in range(n)],
            "title": [f"Specialists of Kind {i} and Health Services Managers" for i in range(n)],
            "required_education": [
                EDUCATION_LEVELS[5] if i % 3 else EDUCATION_LEVELS[i % 8] for i in range(n)
            ],
            "annual_p25_wage": [40_000.0 + 4_000 * i for i in range(n)],
            "annual_median_wage": [45_000.0 + 4_000 * i for i in range(n)],
            "annual_p75_wage": [60_000.0 + 4_000 * i for i in range(n)],
            "exposure": [i / 20 for i in range(n)],
            "annual_openings": [10_000.0 * i for i in range(n)],
            "years_education": [float(i % 5) for i in range(n)],
            "steps": [1 + i % 2 for i in range(n)],
        }
    )


def moves(frame):
    share = [0.9 - 0.05 * i for i in range(len(frame))]
    codes = {"from_soc": "29-2072", "to_soc": frame["soc_code"], "step": frame["steps"]}
    return pd.DataFrame({**codes, "feasibility": share})


def draw(frame, origin=ORIGIN, **more):
    return advancement.advancement_paths(origin, frame, moves(frame), SOURCES, **more)


def points(figure):
    return next(t for t in figure.data if t.name == "median wage")


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("code", TECHNICIANS)
def test_no_text_of_fifteen_destinations_lies_on_another(analysis, code, phone):
    figure, data = paths.advancement_paths_figure(analysis, code, phone=phone)
    assert len(data) == 15
    assert collisions(figure) == []
    assert outside(figure) == []
    assert figure.layout.width == (390 if phone else 1080)


def test_a_collision_would_be_seen():
    figure = draw(destinations(3))
    figure.layout.annotations[-1].update(
        {k: figure.layout.annotations[-2][k] for k in ("x", "y", "xshift", "yshift", "xanchor")}
    )
    assert collisions(figure)


@pytest.mark.parametrize("phone", [False, True])
def test_every_level_of_education_is_named_in_order_from_low_to_high(phone):
    figure = draw(destinations(6), phone=phone)
    names = [n for n in figure.layout.annotations if n.name == "level"]
    shown = [n.text.replace("<br>", " ") for n in sorted(names, key=lambda n: n.y)]
    assert len(shown) == 8
    for level, text in zip(EDUCATION_LEVELS, shown, strict=True):
        assert everyday(level) in text


def test_an_occupation_stands_in_the_band_of_its_level_and_more_pay_is_higher():
    heights, bands = ladder.bands([1, 3, 3, 5], ladder.DESKTOP)
    for y, level in zip(heights, [1, 3, 3, 5], strict=True):
        assert bands[level].bottom < y < bands[level].top
    assert heights[1] < heights[2]
    assert [b.top for b in bands[:-1]] == [b.bottom for b in bands[1:]]


def test_the_figures_drawn_are_those_of_the_table(analysis):
    figure, data = paths.advancement_paths_figure(analysis, "29-2072")
    drawn = dict(zip(points(figure).customdata, points(figure).x, strict=True))
    drawn.pop("29-2072")
    assert drawn == dict(zip(data["soc_code"], data["annual_median_wage"], strict=True))
    bars = next(t for t in figure.data if t.name == "wage range")
    lows, highs = set(bars.x[::3]), set(bars.x[1::3])
    assert set(data["annual_p25_wage"]) <= lows
    assert set(data["annual_p75_wage"]) <= highs
    printed = " ".join(text for text, _ in text_boxes(figure))
    for value in data["annual_openings"]:
        assert f"{value:,.0f}" in printed
    for value in data["exposure"].dropna():
        assert f"{value:.2f}" in printed


def test_exposure_has_a_length_beside_its_color():
    figure = draw(destinations(4))
    values = dict(zip(points(figure).customdata, points(figure).y, strict=True))
    bars = {
        (s.y0 + s.y1) / 2: s.x1 - s.x0 for s in figure.layout.shapes if s.fillcolor and s.x0 == 88
    }
    long, short = bars[values["11-0003"]], bars[values["11-0001"]]
    assert long == pytest.approx(3 * short)


def test_the_automation_score_is_drawn_where_it_is_what_matters(analysis):
    made = paths.advancement_paths_figure(analysis, "29-2072.00", matters="automation")
    text = str(made.plain)
    assert "automation<br>score, 0 to 1" in text
    assert "task exposure" not in text
    scores = analysis.pathways.table["automation_score"]
    shown = {note["text"] for note in made.plain["layout"]["annotations"]}
    assert {f"{scores[code]:.2f}" for code in made.data["soc_code"]} <= shown
    assert (made.data["automation_change"] < 0).all()
    ranked = analysis.paths("29-2072", education=None, n=15, matters="automation")
    assert set(made.data["soc_code"]) == set(ranked["to_soc"])


def test_a_more_feasible_move_is_thicker_and_darker():
    assert marks.arrow_width(0.6) > marks.arrow_width(0.2) + 2
    assert int(marks.arrow_gray(0.6)[4:].split(",")[0]) < int(
        marks.arrow_gray(0.2)[4:].split(",")[0]
    )
    widths = [t.line.width for t in draw(destinations(6)).data if t.name == "move"]
    assert widths == sorted(widths)


def test_the_highlighted_route_lies_over_the_other_arrows_and_under_the_points():
    frame = destinations(6)
    figure = draw(frame, route=["11-0001", "11-0004"])
    order = [t.name for t in figure.data]
    last_move = max(i for i, name in enumerate(order) if name == "move")
    route = [i for i, name in enumerate(order) if name == "route"]
    assert last_move < min(route)
    assert max(route) < order.index("median wage")
    heights = dict(zip(points(figure).customdata, points(figure).y, strict=True))
    ends = [figure.data[i].y[-1] for i in route[-2:]]
    assert ends == pytest.approx([heights["11-0001"], heights["11-0004"]], abs=30)
    assert "Highlighted: Specialists of Kind 4" in figure.layout.meta["finding"]
    assert "over Specialists of Kind 1" in figure.layout.meta["finding"]


def test_without_a_route_the_best_ranked_one_is_highlighted(analysis):
    _, data = paths.advancement_paths_figure(analysis, "29-2072")
    first = paths.best_route(analysis, "29-2072")
    assert data.loc[data["highlighted"], "soc_code"].tolist() == first


def test_a_named_destination_that_is_not_among_the_best_is_added_with_its_stops(analysis):
    best = set(paths.destinations(analysis, "29-2072")["soc_code"])
    ways = paths.find_paths(analysis.pathways, "29-2072", "high school", n=None)
    goal = next(c for c in ways["to_soc"] if c not in best)
    figure, data = paths.advancement_paths_figure(analysis, "29-2072", to=goal)
    assert goal in set(points(figure).customdata)
    chosen = set(data.loc[data["highlighted"], "soc_code"])
    assert chosen == set(paths.best_route(analysis, "29-2072", to=goal))
    assert [t.name for t in figure.data].count("route") == 2 * len(chosen)


def test_a_destination_that_no_route_leads_to_is_refused(analysis):
    with pytest.raises(UsageError, match="no route"):
        paths.advancement_paths_figure(analysis, "29-1215", to="35-3023")


@pytest.mark.parametrize("phone", [False, True])
def test_markup_and_dollar_signs_in_titles_stay_text(phone):
    frame = destinations(3)
    frame["title"] = HOSTILE
    figure = draw(frame, {**ORIGIN, "title": HOSTILE}, phone=phone, route=["11-0001"])
    shown = [n.text for n in figure.layout.annotations] + list(points(figure).hovertext)
    assert any("&lt;img" in text for text in shown)
    assert not any("<img" in text or "$" in text for text in shown)


def test_licensed_occupations_name_their_licence_in_the_foot():
    frame = destinations(2).assign(licence=["", "registered nurse license (state)"])
    texts = " ".join(text for text, _ in text_boxes(draw(frame)))
    assert "Kind 1 and Health Services Managers §" in " ".join(texts.replace("\u00a0", " ").split())
    assert "registered nurse license (state)" in texts


@pytest.mark.parametrize("phone", [False, True])
def test_where_nothing_is_open_the_chart_says_so(phone):
    figure = draw(destinations(1).iloc[:0], phone=phone)
    assert "No move from Medical Records Specialists is open" in figure.layout.meta["finding"]
    assert any("Nothing is open" in text for text, _ in text_boxes(figure))
    assert collisions(figure) == []


def test_the_education_that_schooling_is_counted_from_is_said(analysis):
    for make in (paths.advancement_paths_figure, paths.route_card_figure, paths.frontier_figure):
        figure, _ = make(analysis, "29-2072", education="Associate's degree")
        assert "counted from: associate's degree" in figure.layout.meta["reading"]


def test_what_is_missing_is_said():
    frame = destinations(4)
    frame.loc[1, "required_education"] = None
    frame.loc[2, "annual_p75_wage"] = float("nan")
    frame.loc[3, ["annual_median_wage", "annual_p25_wage", "annual_p75_wage"]] = float("nan")
    figure = draw(frame)
    reading = figure.layout.meta["reading"]
    assert "because BLS names no typical education: 1" in reading
    assert "lacks an end" in reading
    assert any(text == "wage not published" for text, _ in text_boxes(figure))
    assert collisions(figure) == []


def test_an_origin_without_a_wage_still_has_a_chart():
    origin = {**ORIGIN, "annual_median_wage": float("nan")}
    figure = draw(destinations(3), origin)
    assert "not published" in figure.layout.meta["finding"]
    assert not [t for t in figure.data if t.name == "move"]


def test_a_step_to_nearly_the_same_pay_ends_below_its_point():
    xs, ys = marks.elbow((50_000.0, 0.0), (50_100.0, 300.0), (9.0, 5.0), 100.0)
    assert xs[:2] == [50_000.0, 50_000.0]
    assert 270 < ys[1] < ys[2] < 300


def test_gray_print_keeps_the_order_of_exposure():
    def luminance(color):
        red, green, blue = (float(c) for c in color[4:-1].split(","))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    shades = [luminance(theme.shade(v / 10)) for v in range(11)]
    assert shades == sorted(shades, reverse=True)
