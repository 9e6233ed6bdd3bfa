"""The three small pictures and the lists with bars: where each mark stands, by hand."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from pipelines.site import bars, pictures, reasons

EVIL = "<script>hit()</script>"


def tasks(*pairs):
    return pd.DataFrame(pairs, columns=["exposure", "automation_score"])


def series(**more):
    row = {
        "soc_code": "1", "soc_vintage": "2018", "year": 2025, "annual_median_wage": 50_000.0,
        "real_annual_median_wage": 50_000.0, "annual_p10_wage": 30_000.0,
        "annual_p90_wage": 80_000.0,
    }  # fmt: skip
    first = {**row, "year": 2021, "annual_median_wage": 40_000.0,
             "real_annual_median_wage": 48_000.0}  # fmt: skip
    return pd.DataFrame([first, {**row, **more}])


STATES = pd.DataFrame({"annual_p10_wage": [20_000.0], "annual_p90_wage": [100_000.0]})


def marks(svg, kind, attribute="x1"):
    return [float(v) for v in re.findall(rf'<line {attribute}="([\d.]+)"[^>]*class="{kind}"', svg)]


def test_each_task_is_a_dot_in_either_row_and_the_line_stands_at_the_score():
    frame = tasks((0.0, 0.5), (0.51, 0.5), (1.0, 0.9))
    row = {"exposure": 0.5, "automation_score": 0.25}
    svg = str(pictures.tasks_picture(row, frame))
    assert svg.count("h0") == 6
    left, wide = pictures.SIDE, pictures.WIDTH - 2 * pictures.SIDE
    assert marks(svg, "mean") == [left + wide / 2, left + wide / 4]
    assert "exposure 0.50 of 1, 2 of 3 tasks above one half" in svg
    assert "automation score 0.25 of 1, 1 of 3 tasks above one half" in svg
    assert str(pictures.tasks_picture({"exposure": 0.5}, frame)).count("h0") == 3
    assert pictures.tasks_picture(None, frame) is None


@pytest.mark.parametrize("count", [1, 12, 60, 400])
def test_a_pile_stays_inside_its_row_however_many_tasks_are_alike(count):
    svg = str(pictures.tasks_picture({"exposure": 0.0}, tasks(*[(0.0, None)] * count)))
    spots = np.array(re.findall(r"M([\d.]+) ([-\d.]+)h0", svg), float)
    assert len(spots) == count
    wide = float(re.search(r'stroke-width="([\d.]+)"', svg)[1]) + pictures.GAP
    # No dot lies on another, and the pile stands in the middle of its place.
    apart = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1)) + 1e9 * np.eye(count)
    assert apart.min() >= wide - 0.06
    rows = [spots[spots[:, 1] == y, 0] for y in np.unique(spots[:, 1])]
    middle = pictures.SIDE + (pictures.WIDTH - 2 * pictures.SIDE) / pictures.PILES / 2
    assert [row.mean() for row in rows] == pytest.approx([middle] * len(rows), abs=0.06)
    assert count > 100 or spots[:, 1].min() > 18  # below the words of the row


def test_the_sentence_counts_tasks_above_one_half():
    said = pictures.tasks_sentence(
        {"exposure": 0.4, "automation_score": 0.3}, tasks((0.5, 0.1), (0.6, 0.2))
    )
    assert said.startswith("Software could save much time in 1 of the 2 tasks.")
    assert "0.30 of 1" in said
    assert "none of the one task" in pictures.tasks_sentence({"exposure": 0.1}, tasks((0.1, None)))


def test_pay_stands_on_one_scale_before_and_after_inflation():
    svg = str(pictures.pay_picture(series(), "1", STATES, 2025))
    low, high = (float(re.search(rf'data-{k}="(\d+)"', svg)[1]) for k in ("low", "high"))
    assert (low, high) == (19_000, 102_000)

    def at(value):
        return pytest.approx(pictures.SIDE + (value - low) / (high - low) * 332, abs=0.1)

    assert marks(svg, "span") == [at(30_000)]
    assert marks(svg, "span", 'x1="[^"]+" y1="[^"]+" x2') == [at(80_000)]
    assert marks(svg, "mean") == [at(50_000)]
    assert [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', svg)] == [at(48_000), at(40_000)]
    assert "2021: $40,000, in dollars of 2025" in svg
    said = pictures.pay_sentence(series(), "1", 2025)
    assert said.endswith("That buys 4 percent more than pay did in 2021.")


def test_what_is_not_published_is_not_drawn():
    top = series(annual_p90_wage=None)
    assert marks(str(pictures.pay_picture(top, "1", STATES, 2025)), "span") == []
    assert pictures.pay_picture(series(), "2", STATES, 2025) is None
    assert "no national wage" in pictures.pay_sentence(series(), "2", 2025)


def test_the_ladder_names_the_first_in_rank_first_and_hostile_titles_stay_text():
    ways = pd.DataFrame(
        {
            "soc_code": ["29-2061", "11-9111"], "title": [EVIL, "Managers"],
            "required_education": ["Postsecondary nondegree award", "Bachelor's degree"],
            "years_education": [1.0, 0.0], "years_experience": [0.0, 5.0],
            "job_training": ["None", "Apprenticeship"], "licence": ["nurse license", ""],
            "wage_gain": [-1_000.0, None],
        }
    )  # fmt: skip
    svg = str(pictures.ladder_picture("Records", ways))
    assert "<script" not in svg
    assert svg.index("1. ") < svg.index("2. Managers") < svg.index("Now: Records")
    assert "−$1,000 a year; 1 year of school; license" in svg
    assert "nondegree" not in svg
    assert "no more school; 5 years of related work; paid apprenticeship" in svg
    assert pictures.ladder_sentence(ways).endswith(
        "with 1 more year of school, for $1,000 a year less."
    )
    assert pictures.ladder_picture("Records", ways.iloc[:0]) is None


def test_bars_stand_in_percent_of_the_longest_and_say_what_they_leave_out():
    frame = pd.DataFrame(
        {
            "area_title": [f"State {i}" for i in range(14)],
            "annual_median_wage": [50_000.0 - 1_000 * i for i in range(13)] + [None],
            "annual_p10_wage": 20_000.0, "annual_p90_wage": 100_000.0,
        }
    )  # fmt: skip
    made = bars.LISTS["wages_by_state"](frame)
    assert len(made["rows"]) == bars.MOST
    assert f"The first {bars.MOST} of 13" in made["caption"]
    first = made["rows"][0]
    assert (first["low"], first["wide"], first["at"]) == (20.0, 80.0, 50.0)
    assert first["value"] == "$50,000"


def test_bars_of_losses_and_gains_stand_on_one_scale():
    rows = [bars._row("a", "-10", -10.0), bars._row("b", "30", 30.0)]
    made = bars._placed("Change.", rows)["rows"]
    assert [(row["low"], row["wide"], row["at"]) for row in made] == [(0, 25, 0), (25, 75, 100)]


@pytest.mark.parametrize("end", ["annual_p10_wage", "annual_p90_wage"])
def test_a_bar_with_one_end_unknown_is_no_range(end):
    wages = {"annual_median_wage": 5e4, "annual_p10_wage": 2e4, "annual_p90_wage": 1e5}
    frame = pd.DataFrame([{"area_title": "A", **wages, end: float("nan")}])
    (row,) = bars.LISTS["wages_by_state"](frame)["rows"]
    assert not row["ranged"]
    assert (row["low"], row["wide"]) == (0.0, row["at"])


def test_a_reason_begins_with_a_sentence_and_an_example_of_the_same_field():
    row = {
        "onet_soc_code": "29-2072.00", "related_e0": 1, "related_e1": 8, "related_e2": 1,
        "nearest_1_task": "Fix pumps", "nearest_1_onet_soc_code": "49-9041.00",
        "nearest_1_title": "Mechanics", "nearest_1_human_label": "E0",
        "nearest_2_task": "File charts", "nearest_2_onet_soc_code": "29-9021.00",
        "nearest_2_title": "Registrars", "nearest_2_human_label": "E2",
    }  # fmt: skip
    assert reasons.plain_why(row) == (
        "Of the 10 rated tasks with the same kind of work, people rated 8 “direct help”. "
        "One of the same field: “File charts” (Registrars), rated “help with added tools”."
    )
    assert reasons.plain_why({"related_e0": 0}).startswith("People rated no task")
