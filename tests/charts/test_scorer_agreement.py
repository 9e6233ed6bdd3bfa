"""What a reader sees of the scorer's validation: the figures, and notebook 05 around them."""

from __future__ import annotations

import copy
import shutil

import nbformat
import pandas as pd
import pytest

from pipelines.base import settings
from pipelines.base.errors import UsageError
from pipelines.build import notebooks
from pipelines.charts import calibration, scorer_agreement
from pipelines.charts.kit import theme
from pipelines.exposure.occupation.use import task_use
from pipelines.releases.current import open_data
from pipelines.releases.publish import write_tables

SOURCES = "A source, May 2025 (public domain)"
NASTY = "<script>alert(1)</script> from $1 to $2"
NOTEBOOK = "05_methods_and_validation.ipynb"


@pytest.fixture
def measured():
    """Figures as `outlook train` writes them, made up: the scorer leads everywhere by .1."""
    curve = {
        "exposure_label": ["E0", "E0", "E1", "E2"],
        "bin": [0, 9, 0, 5],
        "predicted": [0.05, 0.95, 0.04, 0.55],
        "observed": [0.10, 0.90, 0.04, 0.50],
        "n": [400, 100, 300, 200],
    }
    scale = {"accuracy": 0.7, "kappa": 0.5, "r_beta": 0.6}
    one = {
        "n": 1234,
        **scale,
        "interval": {name: [value - 0.02, value + 0.03] for name, value in scale.items()},
        "gpt4": {name: value - 0.1 for name, value in scale.items()},
        "baseline": {name: value - 0.05 for name, value in scale.items()},
        "calibration_error": {"E0": 0.02, "E1": 0.01, "E2": 0.015},
        "reliability": curve,
        "coverage_by_major_group": {"29": 0.9, "31": 0.868},
    }
    made = {name: copy.deepcopy(one) for name in ("U", "K", "K all", "W")}
    made["W"]["calibration_error"]["E2"] = 0.06
    return made


STRUCTURE = pd.DataFrame(
    {
        "code": ["29-0000", "29-1000", "31-0000"],
        "level": ["major", "minor", "major"],
        "title": ["Makers Occupations", "Others", NASTY],
    }
)


def occupations():
    return pd.DataFrame(
        {
            "onet_soc_code": ["29-2072.00", "11-1011.00", "51-1011.00"],
            "title": [NASTY, "Chiefs", "Supervisors"],
            "is_technician": [True, False, False],
            "percentile": [90.0, 50.0, 10.0],
            "quintile": [5, 3, 1],
            "quintile_stability": [0.95, 0.6, 0.7],
        }
    )


def every_figure(measured):
    return [
        scorer_agreement.scorer_agreement(scorer_agreement.agreement_table(measured), SOURCES),
        calibration.reliability_diagram(calibration.reliability_table(measured), SOURCES),
        calibration.coverage_chart(calibration.coverage_table(measured, STRUCTURE), SOURCES),
        scorer_agreement.rank_stability(occupations(), SOURCES, "29-2072.00"),
    ]


def shown(figure):
    return " ".join(str(note.text) for note in figure.layout.annotations)


def test_every_figure_says_what_it_shows_how_to_read_it_and_from_what(measured):
    for figure in every_figure(measured):
        meta = figure.layout.meta
        assert meta["finding"]
        assert meta["reading"]
        assert meta["sources"] == SOURCES
        assert SOURCES in shown(figure)
        assert any(value is not None for trace in figure.data for value in trace.x)


def test_names_from_the_data_stay_text(measured):
    for figure in every_figure(measured):
        texts = [shown(figure), *(str(trace.name) for trace in figure.data)]
        texts += [str(t) for trace in figure.data for t in (trace.hovertext or [])]
        texts += [str(t) for t in (figure.layout.yaxis.ticktext or [])]
        assert not any("$" in text or "<script>" in text for text in texts)


def test_agreement_is_drawn_with_its_interval_beside_gpt4(measured):
    figure = scorer_agreement.scorer_agreement(scorer_agreement.agreement_table(measured), SOURCES)
    ours, gpt4, baseline = figure.data[:3]
    assert list(baseline.x) == pytest.approx([0.65] * 4)
    assert list(ours.x) == [0.7] * 4
    assert list(ours.error_x.array) == pytest.approx([0.03] * 4)
    assert list(ours.error_x.arrayminus) == pytest.approx([0.02] * 4)
    assert list(gpt4.x) == pytest.approx([0.6] * 4)
    assert ours.marker.symbol != gpt4.marker.symbol
    # Each panel holds its interval and both marks.
    for axis, value in (("xaxis", 0.7), ("xaxis2", 0.5), ("xaxis3", 0.6)):
        low, high = figure.layout[axis].range
        assert low < value - 0.1
        assert value + 0.03 < high


def test_the_finding_on_agreement_counts_where_gpt4_is_ahead(measured):
    def finding():
        return scorer_agreement.scorer_agreement(
            scorer_agreement.agreement_table(measured), SOURCES
        ).layout.meta["finding"]

    assert finding() == (
        "The scorer agrees with people more than GPT-4 does in all 12 comparisons, surely in 12; "
        "than the baseline in all 12 comparisons, surely in 12"
    )
    measured["W"]["kappa"] = measured["W"]["gpt4"]["kappa"] - 0.01
    measured["W"]["interval"]["kappa"] = [0.3, 0.6]
    measured["W"]["interval"]["accuracy"] = [0.55, 0.8]
    measured["K"]["interval"]["accuracy"] = [0.64, 0.72]
    assert "in 11 of 12 comparisons, surely in 10; than" in finding()
    assert finding().endswith("in 11 of 12 comparisons, surely in 9")


def test_reliability_has_a_panel_a_protocol_and_class(measured):
    figure = calibration.reliability_diagram(calibration.reliability_table(measured), SOURCES)
    curves = {trace.name: trace for trace in figure.data if trace.name}
    assert len(curves) == 9
    first = curves["U, E0"]
    assert list(first.x) == [0.05, 0.95]
    assert list(first.y) == [0.10, 0.90]
    # Area follows the tasks of a bin: four times the tasks, twice the diameter.
    assert first.marker.size[0] == pytest.approx(2 * first.marker.size[1])
    assert shown(figure).count("error 0.02") == 3
    assert "0.020 on average for unseen occupations and 0.060" in figure.layout.meta["finding"]


def test_a_class_never_predicted_is_an_empty_panel(measured):
    curve = measured["W"]["reliability"]
    keep = [i for i, name in enumerate(curve["exposure_label"]) if name != "E1"]
    measured["W"]["reliability"] = {k: [v[i] for i in keep] for k, v in curve.items()}
    figure = calibration.reliability_diagram(calibration.reliability_table(measured), SOURCES)
    assert "no task" in shown(figure)


def test_coverage_names_the_least_group_and_never_rounds_up(measured):
    table = calibration.coverage_table(measured, STRUCTURE)
    assert table["title"].tolist() == ["Makers", NASTY]
    finding = calibration.coverage_chart(table, SOURCES).layout.meta["finding"]
    assert "at least 86% in every major group" in finding
    assert theme.escape(NASTY) not in finding
    assert NASTY in finding


def test_a_share_of_few_tasks_says_so(measured):
    measured["K"]["coverage_by_major_group"]["31"] = 0.778
    measured["K"]["n_by_major_group"] = {"29": 5000, "31": 9}
    figure = calibration.coverage_chart(calibration.coverage_table(measured, STRUCTURE), SOURCES)
    assert "at least 77%" in figure.layout.meta["finding"]
    assert figure.layout.meta["finding"].endswith("K of 9 tasks)")
    assert figure.data[1].hovertext[0].endswith("0.778 of 9 tasks")


def test_a_group_without_tasks_or_title_is_kept_and_has_no_mark(measured):
    measured["U"]["coverage_by_major_group"]["55"] = 0.7
    table = calibration.coverage_table(measured, STRUCTURE).set_index("major_group")
    assert table.loc["55", "title"] == "group 55"
    assert pd.isna(table.loc["55", "K"])
    figure = calibration.coverage_chart(table.reset_index(), SOURCES)
    assert figure.data[1].x[0] is None
    assert figure.layout.xaxis.range[0] < 0.7


def test_ranks_show_the_means_of_quintiles_and_the_marked_occupation():
    figure = scorer_agreement.rank_stability(occupations(), SOURCES, "29-2072.00")
    assert "quintile 5<br><b>mean 0.95</b>" in shown(figure)
    assert figure.data[-1].marker.symbol == "star"
    assert list(figure.data[-1].x) == [90.0]
    assert "75% of draws on average; 33% of occupations" in figure.layout.meta["finding"]
    assert len(scorer_agreement.rank_stability(occupations(), SOURCES).data) == 2
    empty = scorer_agreement.rank_stability(occupations().iloc[:0], SOURCES)
    assert empty.layout.meta["finding"] == "No occupation has an exposure"


@pytest.mark.parametrize("key", ["interval", "reliability", "coverage_by_major_group"])
def test_figures_of_another_model_are_named(measured, key):
    del measured["U"][key]
    with pytest.raises(UsageError, match=rf"scorer\.json.*{key}.*protocol U.*outlook train"):
        every_figure(measured)


def _run(root, tmp_path, occupation, release):
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(root / "notebooks" / NOTEBOOK, folder)
    environ = {"OUTLOOK_RELEASE": str(release)}
    made = notebooks.execute_all(folder, {"occupation": occupation}, tmp_path / "out", environ)
    cells = nbformat.read(made[0], 4).cells
    data = [o.get("data", {}) for c in cells if c.cell_type == "code" for o in c.outputs]
    figures = [d["application/vnd.plotly.v1+json"] for d in data if len(d) and "plotly" in str(d)]
    said = " ".join(d.get("text/markdown", "") + d.get("text/plain", "") for d in data)
    return figures, said


def test_the_notebook_runs_on_the_snapshot(tmp_path, root):
    figures, said = _run(root, tmp_path, "29-2072.00", settings.load({}).snapshot)
    assert len(figures) == 6
    assert "hold no ratings by experts" in said
    assert "labels by GPT-4 (Eloundou et al. 2023)" in said  # who judged the tasks
    assert "gain_over_baseline" in said
    assert "cannot be computed here" in said  # the ceiling needs statements
    assert "Medical Records Specialists: exposure 0." in said
    assert "CC BY 4.0" in said


def test_the_notebook_runs_on_a_release_with_statements(tmp_path, root):
    """Made statements stand in for O*NET's; the occupation has no tasks at all."""
    snapshot = open_data(settings.load({}), offline=True)
    names = ("occupations", "alternate_titles", "job_zones", "tasks", "task_ratings", "task_dwas",
             "task_scores", "exposure_labels", "soc_structure",
             "onet_walk_2010_2019")  # fmt: skip
    tables = {name: snapshot.table(name) for name in names}
    labels = tables["exposure_labels"]
    place = range(len(labels))
    tables["exposure_labels"] = labels.assign(task=[f"make thing {i // 2}" for i in place])
    scores = tables["task_scores"]
    use = task_use(scores["exposure_label"], scores["automation"])
    tables["task_scores"] = scores.assign(use=use)
    write_tables(tmp_path / "release", tables, {"sources": snapshot.manifest["sources"]})
    occupied = set(tables["tasks"]["onet_soc_code"])
    idle = next(c for c in tables["occupations"]["onet_soc_code"] if c not in occupied)
    figures, said = _run(root, tmp_path, idle, tmp_path / "release")
    assert len(figures) == 5
    assert "No tasks are published" in said
    assert "pessimistic" in said  # the ceiling
    assert "augmentation" in said
