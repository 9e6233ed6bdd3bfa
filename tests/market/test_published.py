"""Under which code BLS publishes an occupation, and that a move inside one has no change in pay."""

import pandas as pd

from pipelines.answers.own_measure import own_measure
from pipelines.figures import wages as wages_figure
from pipelines.market import published
from pipelines.pathways.routes.network import moves
from pipelines.pathways.routes.search import all_paths, find_paths


def wages(year: int, *codes: str) -> pd.DataFrame:
    rows = {"year": year, "area_code": "99", "occupation_group": "detailed", "soc_code": codes}
    return pd.DataFrame(rows)


def test_a_code_stands_under_the_joint_one_only_where_it_has_no_row_of_its_own():
    walk = pd.DataFrame(
        [("29-2011.00", "29-2010"), ("29-2012.00", "29-2010"), ("55-1011.00", "55-1010")],
        columns=["onet_soc_code", "nem_code"],
    )
    both = pd.concat([wages(2015, "29-2011", "29-2012"), wages(2025, "29-2010")])
    tables = {"wages": both, "onet_soc_to_soc": walk}
    joint = {"29-2010": "29-2010", "29-2011": "29-2010", "29-2012": "29-2010"}
    assert published.published_as(tables).to_dict() == joint
    own = {"29-2011": "29-2011", "29-2012": "29-2012"}
    assert published.published_as(tables, year=2015).to_dict() == own


def test_no_move_between_occupations_that_share_a_code_has_a_change_in_pay(analysis):
    code = analysis.published_as["wages"]
    every = all_paths(analysis.pathways, max_steps=2, n=20)
    shared = every["from_soc"].map(code) == every["to_soc"].map(code)
    assert shared.any()  # a higher level makes a way up where the pay is one
    assert every.loc[shared, "wage_gain"].isna().all()
    assert (every["published_code"] == every["to_soc"].map(code)).all()
    paths = find_paths(analysis.pathways, "29-2012").set_index("to_soc")
    assert pd.isna(paths["wage_gain"]["29-2011"])
    assert paths["published_code"]["29-2011"] == "29-2010"
    assert paths["wage_gain"].drop("29-2011").notna().all()
    near = moves(analysis.pathways, "29-2012", n=None).set_index("to_soc")
    assert pd.isna(near["wage_gain"]["29-2011"])


def test_every_joint_code_says_which_occupations_it_holds(analysis):
    said = analysis.together("29-2012.00")
    assert "(29-2011) and" in said
    assert "(29-2012) together, under 29-2010" in said
    assert [analysis.together(c) for c in ("29-2072.00", "47-2231.00")] == ["", ""]
    assert "Segmental Pavers (47-4091)" in analysis.together("47-4099.03")


def test_the_series_and_the_states_of_a_part_are_those_of_the_joint_code(analysis):
    rows = wages_figure.employment_and_wages_figure(analysis, "29-2012.00").data
    assert rows["published_code"][rows["year"] == 2025].tolist() == ["29-2010"]
    joint = rows["published_together"]
    assert rows.loc[joint, "year"].min() == 2017
    assert joint.any()
    local = wages_figure.wages_by_state_figure(analysis, "29-2012.00").data
    assert set(local["published_code"]) == {"29-2010"}
    assert local["published"].sum() > 45
    alone = wages_figure.employment_and_wages_figure(analysis, "29-2072.00").data
    assert alone.loc[alone["published_together"], "year"].isin([2019, 2020]).all()


def test_a_measure_of_the_user_keyed_by_a_joint_code_reaches_every_part(analysis, tmp_path):
    file = tmp_path / "own.csv"
    file.write_text("soc_code,risk\n29-2010,0.4\n29-2072,0.2\n")
    found = own_measure(str(file), analysis.tables)
    value = found.values.set_index("onet_soc_code")
    assert found.unmatched == ()
    assert value["value"][["29-2011.00", "29-2012.00", "29-2072.00"]].tolist() == [0.4, 0.4, 0.2]
    assert value["ambiguous"]["29-2012.00"]
    assert not value["ambiguous"]["29-2072.00"]
