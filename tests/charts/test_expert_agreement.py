"""The picture of agreement with experts says what its table says."""

import pandas as pd
import pytest

from pipelines.charts.expert_agreement import expert_agreement

NAMES = {"automation_score": "automation score", "exposure": "exposure"}
TABLE = pd.DataFrame({
    "score": ["automation_score", "exposure"], "n_tasks": [40, 40], "n_occupations": [5, 5],
    "pearson": [0.5, -0.1], "low": [0.3, -0.2], "high": [0.65, 0.05],
})  # fmt: skip


def test_each_score_stands_with_its_interval_and_what_could_be_reached():
    figure = expert_agreement(TABLE, NAMES, 0.86, 0.45, "A source")
    (points,) = figure.data
    assert list(points.x) == [0.5, -0.1]
    assert list(points.error_x.array) == pytest.approx([0.15, 0.15])
    assert list(points.error_x.arrayminus) == pytest.approx([0.2, 0.1])
    assert list(figure.layout.yaxis.ticktext) == ["automation score", "exposure"]
    assert [shape.x0 for shape in figure.layout.shapes] == [0, 0.45, 0.86]
    said = figure.layout.meta["finding"]
    assert "automation score agrees with experts by r 0.50" in said
    assert "exposure by -0.10" in said
    assert "more than 0.86" in said
