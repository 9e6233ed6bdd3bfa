"""Postings by month: the figures of the table, gaps named, the warning always there."""

from __future__ import annotations

import pandas as pd
import pytest
from chartkit import collisions, outside

from pipelines.charts.postings_by_month import postings_by_month

WARNING = "Federal postings are not the labor market."


def table(exposures, onet=0.42):
    months = [f"2025-{i + 1:02d}" for i in range(len(exposures))]
    exposure = pd.Series(exposures, dtype=float)
    return pd.DataFrame({
        "month": months, "postings": 20, "exposure": exposure, "exposure_low": exposure - 0.1,
        "exposure_high": exposure + 0.15, "onet_exposure": onet, "suppressed": exposure.isna(),
    }).sample(frac=1, random_state=0)  # fmt: skip


def drawn(exposures, **more):
    return postings_by_month(table(exposures, **more), "Coders", WARNING, "source")


def test_points_are_those_of_the_table_in_the_order_of_months():
    figure = drawn([0.5, 0.62, 0.55])
    points, line = figure.data
    assert list(points.x) == ["2025-01", "2025-02", "2025-03"]
    assert list(points.y) == [0.5, 0.62, 0.55]
    assert list(points.error_y.array) == pytest.approx([0.15] * 3)
    assert list(points.error_y.arrayminus) == pytest.approx([0.1] * 3)
    assert set(line.y) == {0.42}
    assert figure.layout.meta["finding"] == (
        "Coders: postings ask for tasks of exposure 0.50 to 0.62 over 3 months; the tasks that "
        "O*NET lists have 0.42"
    )


def test_months_without_a_figure_are_named_and_keep_their_place():
    figure = drawn([0.5, None, 0.5])
    assert list(figure.layout.xaxis.categoryarray) == ["2025-01", "2025-02", "2025-03"]
    reading = figure.layout.meta["reading"]
    assert "Not shown, for want of postings with task sentences: 2025-02." in reading
    assert "exposure 0.50 over 2 months" in figure.layout.meta["finding"]


def test_no_month_at_all_is_said_and_the_warning_always_stands():
    for exposures in ([None, None], [0.5]):
        assert drawn(exposures).layout.meta["reading"].endswith(WARNING)
    assert "no month has enough postings" in drawn([None]).layout.meta["finding"]
    assert len(drawn([0.4], onet=None).data) == 1


def test_no_text_lies_on_another():
    figure = drawn([0.5] * 24)
    assert collisions(figure) == []
    assert outside(figure) == []
