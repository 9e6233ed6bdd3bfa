"""Charts of career paths in the wages of one place."""

import pandas as pd
import pytest

from pipelines.answers.export import export
from pipelines.answers.paths import Wishes, paths_answer
from pipelines.answers.place import in_place
from pipelines.base.errors import UsageError
from pipelines.figures import occupation as figures


@pytest.mark.parametrize("chart", figures.PLACED_CHARTS)
def test_a_chart_of_paths_has_the_wages_of_the_state_and_says_whose_they_are(analysis, chart):
    local, code = in_place(analysis, "texas", None)
    made = figures.CHARTS[chart](local, "29-2072.00")
    wages = analysis.tables["wages"]
    here = wages[(wages["state"] == "TX") & (wages["year"] == wages["year"].max())]
    here = here.set_index("soc_code")["annual_median_wage"]
    shown = made.data.set_index("soc_code")["annual_median_wage"]
    assert code == "TX"
    assert len(shown) > 1
    own = analysis.pathways.table["wage_code"].reindex(shown.index)
    assert shown.tolist() == here.reindex(own).tolist()
    meta = made.figure.layout.meta
    assert "Texas" in meta["reading"]
    assert "states, May" in meta["sources"]
    assert "Wages: Texas; jobs and openings: United States." in meta["sources"]


def test_the_gain_of_a_chart_in_a_place_is_of_wages_of_the_place(analysis):
    local, _ = in_place(analysis, "TX", None)
    data = figures.CHARTS["frontier"](local, "29-2072.00").data
    now = local.pathways.wage[local.pathways.position("29-2072")]
    known = data.dropna(subset=["wage_gain"])
    assert len(known)
    assert (known["annual_median_wage"] - now - known["wage_gain"]).abs().max() < 0.5
    nation = figures.CHARTS["frontier"](analysis, "29-2072.00")
    assert nation.data["wage_gain"].tolist() != data["wage_gain"].tolist()
    assert "Wages:" not in nation.figure.layout.meta["sources"]


def test_files_of_a_place_are_named_after_it_and_other_charts_are_the_nations(analysis, tmp_path):
    said = []
    paths = export(analysis.release, "29-2072", "all", ["csv"], tmp_path, said.append, state="TX")
    names = {path.name for path in paths}
    assert {f"{name}_29-2072.00_TX.csv" for name in figures.PLACED_CHARTS} <= names
    assert "wages_by_state_29-2072.00.csv" in names
    assert not any(name.startswith("wages_by_state") and "TX" in name for name in names)
    assert "wages of Texas in advancement_paths, frontier, route_card" in said[0]
    assert len(pd.read_csv(tmp_path / "route_card_29-2072.00_TX.csv"))


def test_destinations_without_a_wage_in_the_place_are_named_as_outlook_paths_names_them(
    analysis, tmp_path
):
    said = []
    export(analysis.release, "29-2072", "frontier", ["csv"], tmp_path, said.append, state="WY")
    answer = paths_answer(analysis, "29-2072", wishes=Wishes(state="WY"))
    named = [note for note in answer.notes if note.startswith("left out, no median wage for")]
    assert len(named) == 1
    assert named[0].replace("for WY", "for Wyoming") in said


@pytest.mark.parametrize(
    ("chart", "place", "problem"),
    [
        ("measures", {"state": "TX"}, "has no wages of one place"),
        ("frontier", {"state": "TX", "area": "41700"}, "takes no --state"),
        ("frontier", {"state": "Atlantis"}, "no wages for"),
    ],
)
def test_a_place_that_cannot_be_is_refused(analysis, tmp_path, chart, place, problem):
    with pytest.raises(UsageError, match=problem):
        export(analysis.release, "29-2072", chart, ["csv"], tmp_path, print, **place)
    assert not list(tmp_path.iterdir())
