"""Similarity on the embedded snapshot with made texts; moves and paths as advisers see them."""

import numpy as np
import pandas as pd
import pytest
from made_wording import worded

from pipelines.base import settings
from pipelines.base.errors import UsageError
from pipelines.pathways.routes.network import REQUIRED_TABLES, moves, pathway_data
from pipelines.pathways.routes.search import find_paths, pareto_front
from pipelines.pathways.similarity.profiles import shared_neighbors
from pipelines.pathways.similarity.ranker import (
    baseline_lists,
    evaluate_ranker,
    list_recall,
    load_ranker,
    train_ranker,
)
from pipelines.pathways.similarity.similarity import similarity


@pytest.fixture(scope="module")
def snapshot():
    from pipelines.releases.store import open_release

    release = open_release(settings.load().snapshot)
    return {
        name: release.table(name) for name in (*REQUIRED_TABLES, "tasks", "similar_occupations")
    }


@pytest.fixture(scope="module")
def tables(snapshot):
    return {name: worded(name, table) for name, table in snapshot.items()}


@pytest.fixture(scope="module")
def similar(tables):
    return similarity(tables)


@pytest.fixture(scope="module")
def shipped(snapshot):
    return snapshot["similar_occupations"]


@pytest.fixture(scope="module")
def data(snapshot, shipped):
    return pathway_data(snapshot, similar=shipped)


@pytest.fixture(scope="module")
def healthcare(tables):
    """The same without other fields than healthcare, which is enough to train on."""
    occupations = tables["occupations"]
    own = occupations["soc_code"].str.startswith(("29-", "31-"))
    return tables | {"occupations": occupations[own]}


@pytest.fixture(scope="module")
def pairs(healthcare, shipped):
    """Pairs as experts might list them: some origins, and every other of their first ten."""
    codes = set(healthcare["occupations"]["soc_code"])
    listed = shipped[shipped["from_soc"].isin(codes) & shipped["to_soc"].isin(codes)]
    listed = listed[listed["rank"] % 2 == 1]
    detailed = ~(listed["from_soc"].str.endswith("0") | listed["to_soc"].str.endswith("0"))
    return listed.loc[detailed & (listed["rank"] < 10), ["from_soc", "to_soc"]]


@pytest.mark.parametrize("which", ["similar", "shipped"])
def test_similarity_is_complete_ordered_and_never_of_itself(which, request):
    similar = request.getfixturevalue(which)
    assert similar["from_soc"].nunique() > 780
    assert (similar["from_soc"] != similar["to_soc"]).all()
    assert not similar.duplicated(["from_soc", "to_soc"]).any()
    assert (similar.groupby("from_soc")["rank"].max() == 50).all()
    assert similar["score"].between(0, 1).all()
    assert (similar.groupby("from_soc")["score"].diff().dropna() <= 0).all()


def test_similarity_is_the_same_whatever_the_order_of_rows(healthcare):
    shuffled = {k: v.sample(frac=1, random_state=1) for k, v in healthcare.items()}
    pd.testing.assert_frame_equal(similarity(shuffled), similarity(healthcare), atol=1e-5)


def test_without_texts_it_says_so_and_where_the_finished_table_is(snapshot):
    with pytest.raises(UsageError, match="similar_occupations") as caught:
        similarity(snapshot)
    assert "outlook refresh" in str(caught.value)


def test_the_same_definition_brings_two_occupations_nearer(healthcare):
    similar = similarity(healthcare)
    first = similar[similar["from_soc"] == "29-2072"].set_index("to_soc")
    far = first.index[30]
    occupations = healthcare["occupations"].copy()
    own = occupations.loc[occupations["soc_code"] == "29-2072", "description"].iloc[0]
    occupations.loc[occupations["soc_code"] == far, "description"] = own
    after = similarity(healthcare | {"occupations": occupations})
    after = after[after["from_soc"] == "29-2072"].set_index("to_soc")
    assert after.loc[far, "score"] > first.loc[far, "score"]


def test_shared_neighbors_are_those_of_both():
    near = np.zeros((60, 60))
    near[0, 2:22] = near[1, 2:22] = near[22, 30:50] = 1
    found = shared_neighbors(near)
    assert found["neighbours_to"][0, 1] > 0.5 > found["neighbours_to"][0, 22]
    assert found["neighbours_from"][2, 3] > found["neighbours_from"][2, 30]


def test_training_twice_gives_the_same_file_and_learns_its_pairs(healthcare, pairs):
    ranker = train_ranker(healthcare, pairs)
    assert train_ranker(healthcare, pairs).to_json() == ranker.to_json()
    found = similarity(healthcare, top=10, ranker=ranker)
    hit = pairs.merge(found, on=["from_soc", "to_soc"])
    assert len(hit) > 0.6 * len(pairs)


def test_recall_counts_a_pair_without_data_as_missed(healthcare, pairs):
    figures = evaluate_ranker(healthcare, pairs)
    assert figures["recall_10_low"] <= figures["recall_10"] <= figures["recall_10_high"]
    assert figures["recall_10"] <= figures["recall_20"] <= 1
    unknown = pairs.assign(from_soc="55-9999").drop_duplicates()
    more = evaluate_ranker(healthcare, pd.concat([pairs, unknown]))
    share = len(pairs) / (len(pairs) + len(unknown))
    assert more["recall_20"] == pytest.approx(figures["recall_20"] * share)


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


def test_a_list_that_needs_no_fit_is_counted_as_ours_is():
    """Three usable pairs of two origins; a code of several occupations is none."""
    pairs = pd.DataFrame(
        [("a-1", "b-1"), ("a-1", "c-1"), ("d-1", "b-1"), ("d-1", "x-0")],
        columns=["from_soc", "to_soc"],
    )
    lists = pd.DataFrame(
        [("a-1", "b-1", 1), ("a-1", "c-1", 2), ("d-1", "c-1", 1)],
        columns=["from_soc", "to_soc", "rank"],
    )
    found = list_recall(lists, pairs, tops=(1, 2))
    assert (found["pairs"], found["recall_1"], found["recall_2"]) == (3, 1 / 3, 2 / 3)
    assert found["recall_2_low"] <= found["recall_2"] <= found["recall_2_high"]


def test_baselines_are_o_nets_list_by_its_best_rank_and_the_largest_occupations(snapshot):
    lists = baseline_lists(snapshot)
    related, size = lists["O*NET's related occupations"], lists["the largest occupations"]
    own = snapshot["related_occupations"]
    own = own[own["onet_soc_code"] == "29-2072.00"].sort_values("rank")
    first = own["related_onet_soc_code"].str[:7].drop_duplicates().tolist()
    assert related[related["from_soc"] == "29-2072"]["to_soc"].tolist() == first
    jobs = snapshot["projections"].query("occupation_type == 'Line item' and target_year == 2034")
    jobs = jobs[~jobs["soc_code"].str.endswith("0")].set_index("soc_code")["employment_base"]
    mine = size[size["from_soc"] == "29-2072"].sort_values("rank")["to_soc"]
    assert mine.tolist()[:20] == jobs.nlargest(20).index.tolist()
    for listed in (related, size):
        assert (listed["from_soc"] != listed["to_soc"]).all()
        assert listed.groupby("from_soc")["rank"].agg(lambda r: sorted(r)[0]).eq(1).all()
