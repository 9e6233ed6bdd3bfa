"""What a reader sees in the figures: findings from the data, and nothing on top of each other."""

import pandas as pd
import pytest

from pipelines.charts import geography, series, task_exposure, task_plane
from pipelines.charts.kit import labels, theme
from pipelines.charts.kit.tiles import tiles

SOURCES = "A source, May 2025 (public domain)"


def texts(figure):
    return " ".join(str(a.text) for a in figure.layout.annotations)


def task_frame():
    return pd.DataFrame(
        {
            "task_id": [1, 2, 3],
            "task": ["<b>file</b> things", None, "greet people"],
            "exposure": [0.2, 0.9, 0.6],
            "exposure_low": [0.1, 0.7, 0.3],
            "exposure_high": [0.5, 1.0, 0.8],
            "human_label": ["E0", "E1", None],
            "gpt4_label": ["E2", "E1", "E0"],
        }
    )


def test_tasks_stand_in_order_with_intervals_and_labels():
    figure = task_exposure.task_exposure(task_frame(), "Clerks", SOURCES)
    score, people, gpt4 = figure.data
    assert list(score.x) == [0.2, 0.6, 0.9]
    assert list(score.error_x.arrayminus) == [0.1, 0.3, 0.2]
    assert list(people.x) == [0.0, 1.0]
    assert list(gpt4.x) == [0.5, 0.0, 1.0]
    assert figure.layout.meta["finding"].startswith("Clerks: 2 of 3 tasks")
    assert SOURCES in texts(figure)


def test_a_task_without_words_shows_its_number_and_markup_stays_text():
    ticks = task_exposure.task_exposure(task_frame(), "Clerks", SOURCES).layout.yaxis.ticktext
    assert ticks[2] == "task 2 (wording after a refresh)"
    assert ticks[0] == "&lt;b&gt;file&lt;/b&gt; things"


def test_no_tasks_still_make_a_figure():
    figure = task_exposure.task_exposure(task_frame().iloc[:0], "Clerks", SOURCES)
    assert "0 tasks" in figure.layout.meta["finding"]


def series_frame():
    rows = [
        (2015, "29-2071", "2010", 100.0, 30e3, 40e3),
        (2021, "29-2072", "2018", 90.0, 40e3, 50e3),
        (2021, "29-9021", "2018", 20.0, 50e3, 60e3),
        (2025, "29-2072", "2018", 99.0, 55e3, 55e3),
        (2025, "29-9021", "2018", None, 60e3, 60e3),
    ]
    columns = [
        "year",
        "soc_code",
        "soc_vintage",
        "employment",
        "annual_median_wage",
        "real_annual_median_wage",
    ]
    return pd.DataFrame(rows, columns=columns).assign(title="x")


def test_the_break_is_drawn_and_only_whole_sums_are_shown():
    frame = series_frame()
    total = series.combined_employment(frame)
    assert total["year"].tolist() == [2015, 2021]
    assert total["employment"].tolist() == [100.0, 110.0]
    figure = series.employment_and_wages(frame, "Records", "29-2072", 2025, SOURCES)
    assert figure.layout.shapes[0].x0 == series.SOC_2018_BREAK
    assert "not joined" in figure.layout.meta["reading"]
    assert "up 10% since 2021" in figure.layout.meta["finding"]
    for trace in figure.data:
        if trace.legendgroup:
            assert not (2015 in trace.x and 2021 in trace.x)


def test_every_state_has_its_own_tile():
    assert len(tiles()) == 51
    assert len(set(tiles().values())) == 51


def test_missing_wages_are_told_apart_on_the_map_and_in_the_table():
    states = pd.DataFrame(
        {
            "state": ["TX", "CA", "WY", "PR"],
            "area_title": ["Texas", "California", "Wyoming", "P. R."],
            "annual_median_wage": [50_000.0, None, None, 30_000.0],
            "employment": [5.0, 6.0, None, 1.0],
            "annual_median_wage_flag": ["", "top-coded", "suppressed", ""],
            "guard": "",
        }
    )
    figure = geography.wages_by_state(states, "Clerks", SOURCES)
    shown = {a.text for a in figure.layout.annotations}
    assert {
        "<b>TX</b><br>50.0",
        "<b>CA</b><br>top +",
        "<b>WY</b><br>n/r",
        "<b>NY</b><br>–",
    } <= shown
    table = geography.state_table(states).set_index("state")["median_wage"]
    assert table["CA"] == "at or above the top code"
    assert table["WY"] == "not released by BLS"
    assert table["PR"] == "$30,000"


def test_a_state_with_few_jobs_or_a_large_error_is_no_extreme_of_the_headline():
    states = pd.DataFrame(
        {
            "state": ["TX", "CA", "WY", "OH"],
            "area_title": ["Texas", "California", "Wyoming", "Ohio"],
            "annual_median_wage": [50_000.0, 60_000.0, 90_000.0, 55_000.0],
            "guard": ["", "", "fewer than 500 jobs", ""],
        }
    )
    assert geography.state_wages_headline(states, "Clerks") == (
        "Clerks: median wage runs from $50,000 in Texas to $60,000 in California among the 3 "
        "states that can be compared"
    )
    every = geography.state_wages_headline(states.drop(index=2), "Clerks")
    assert every.endswith("to $60,000 in California")
    assert "too few states" in geography.state_wages_headline(states[1:3], "Clerks")


def test_dollar_signs_are_never_read_as_tex():
    assert "$" not in theme.escape("from $1 to $2")


@pytest.mark.parametrize("value", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_text_on_a_shade_can_be_read(value):
    def luminance(color):
        rgb = (
            [int(c) / 255 for c in color[4:-1].split(",")]
            if color[0] == "r"
            else [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        )
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    fill = theme.shade(value)
    a, b = sorted([luminance(fill), luminance(theme.ink_on(fill))])
    assert (b + 0.05) / (a + 0.05) >= 4.5


def test_long_titles_are_shortened():
    assert labels.short_title("Registered Nurses") == "Registered Nurses"
    assert len(labels.short_title("First-Line Supervisors of Very Many " * 3)) <= 44


def test_the_plane_puts_each_task_between_help_and_automation():
    frame = pd.DataFrame({
        "task_id": [1, 2, 3], "task": ["File charts", "Greet people", None],
        "exposure": [0.9, 0.2, 0.7], "exposure_low": [0.8, 0.1, 0.6],
        "exposure_high": [1.0, 0.3, 0.8], "automation_score": [0.8, 0.1, 0.4],
        "automation_low": [0.6, 0.0, 0.2], "automation_high": [1.0, 0.3, 0.6],
    })  # fmt: skip
    figure = task_plane.task_plane(frame, "Clerks", SOURCES)
    (points,) = figure.data
    # Numbered as the list of tasks, most exposed first.
    assert list(points.x) == [0.9, 0.7, 0.2]
    assert list(points.y) == [0.8, 0.4, 0.1]
    assert list(points.text) == ["1", "2", "3"]
    assert "File charts" in points.hovertext[0]
    assert figure.layout.meta["finding"] == (
        "Clerks: 2 of 3 tasks score above 0.5 in exposure, 1 in automation"
    )
    names = " ".join(str(note.text) for note in figure.layout.annotations)
    assert "mostly a person's work" in names
    assert "job loss" in figure.layout.meta["reading"]
    assert len(task_plane.task_plane(frame.iloc[:0], "Clerks", SOURCES).data[0].x) == 0


def test_numbers_of_dots_stand_clear_of_other_dots():
    # Three in a column close together: the one in the middle has dots above and below.
    places = task_plane.number_places([0.5, 0.5, 0.5], [0.54, 0.5, 0.46])
    assert places[1].startswith("middle")
    assert task_plane.number_places([], []) == []
    assert task_plane.number_places([0.2], [0.2]) == ["top center"]


@pytest.mark.parametrize(
    ("last", "said"),
    [(50_200.0, "hardly changed since 2021"), (49_900.0, "hardly changed since 2021"),
     (50_300.0, "up 1% since 2021"), (45_000.0, "down 10% since 2021")],
)  # fmt: skip
def test_a_wage_that_hardly_moved_has_no_direction(last, said):
    frame = pd.DataFrame({
        "soc_code": "29-2072", "soc_vintage": "2018", "year": [2021, 2025],
        "employment": [1000.0, 1100.0], "annual_median_wage": [44_000.0, last],
        "real_annual_median_wage": [50_000.0, last],
    })  # fmt: skip
    text = series.wage_trend_headline(frame, "Clerks", "29-2072")
    assert text.endswith(f"{said} after inflation")
