"""On the embedded snapshot: what advisers see offline."""

import pandas as pd
import pytest

from pipelines import settings
from pipelines.pathways.moves import TABLES, moves, pathway_data
from pipelines.pathways.ranker import load_ranker
from pipelines.pathways.search import find_paths, pareto_front
from pipelines.pathways.similarity import similarity


@pytest.fixture(scope="module")
def tables():
    from pipelines.release import open_release

    folder = settings.load().snapshot
    if not folder.is_dir():
        pytest.skip("the embedded snapshot is not built")
    release = open_release(folder)
    return {name: release.table(name) for name in TABLES}


@pytest.fixture(scope="module")
def similar(tables):
    return similarity(tables)


@pytest.fixture(scope="module")
def data(tables, similar):
    return pathway_data(tables, similar=similar)


def test_similarity_is_complete_ordered_and_never_of_itself(similar):
    assert similar["from_soc"].nunique() > 780
    assert (similar["from_soc"] != similar["to_soc"]).all()
    assert not similar.duplicated(["from_soc", "to_soc"]).any()
    assert (similar.groupby("from_soc")["rank"].max() == 50).all()
    assert similar["score"].between(0, 1).all()
    assert (similar.groupby("from_soc")["score"].diff().dropna() <= 0).all()


def test_similarity_is_the_same_whatever_the_order_of_rows(tables, similar):
    shuffled = {k: v.sample(frac=1, random_state=1) for k, v in tables.items()}
    pd.testing.assert_frame_equal(similarity(shuffled), similar, atol=1e-5)


def test_the_ranker_names_no_occupation():
    names = load_ranker().names
    assert len(set(names)) == len(names)
    assert not any(any(c.isdigit() for c in name) for name in names)


def test_medical_records_specialists_reach_registrars_and_managers(data):
    paths = find_paths(data, "29-2072.00", "high school").set_index("to_soc")
    assert paths.loc["29-9021", "typical_education"] == "Associate's degree"
    assert paths.loc["29-9021", "years_education"] == 2
    assert paths.loc["29-9021", "wage_gain"] == 68_020 - 51_140
    assert paths.loc["11-9111", "typical_education"] == "Bachelor's degree"
    assert paths.loc["11-9111", "years_education"] == 4
    assert paths.loc["29-9021", "credentials"]


def test_two_degrees_in_turn_cost_less_than_one(data):
    routes = find_paths(data, "29-2072", "high school", to="11-9111").set_index("via_soc")
    assert routes.loc["29-9021", "tuition"] == 2 * 4_150 + 2 * 11_950
    assert routes.loc["", "tuition"] == 4 * 11_950


def test_licensed_occupations_name_their_licence_wherever_they_appear(data):
    nurses_and_physicians = data.table[data.table.index.str.startswith(("29-1141", "29-12"))]
    assert len(nurses_and_physicians) > 5
    doctors = nurses_and_physicians[~nurses_and_physicians.index.str.startswith("29-129")]
    assert doctors["licence"].ne("").all()
    for origin in ("29-2072", "31-1131", "29-1071"):
        found = pareto_front(data, origin)
        nurses = found[found["to_soc"].str.startswith(("29-1141", "29-121", "29-122", "29-124"))]
        assert nurses["licence"].ne("").all()


def test_moves_show_every_term(data):
    table = moves(data, "29-2072", "high school")
    assert table["rank"].tolist() == list(range(1, 21))
    assert (table["years_education"].dropna() >= 0).all()
    assert table["feasibility"].between(0, 1).all()
    assert table["onet_education_summary"].notna().sum() > 15
