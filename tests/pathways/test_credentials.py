"""The curated tables of credentials and ways in: whole, sourced, and said in words."""

from __future__ import annotations

from pipelines.pathways.routes.returns import add_returns
from pipelines.pathways.routes.route import route_steps
from pipelines.pathways.routes.search import all_paths, find_paths
from pipelines.pathways.schooling.costs import prices
from pipelines.pathways.schooling.credentials import (
    ENTRIES,
    credentials,
    entries,
    licence,
    licence_words,
    next_rungs,
    own_entry_level,
    shorter_way,
)
from pipelines.pathways.schooling.education import EDUCATION_LEVELS as LEVELS


def test_every_credential_has_its_body_its_page_and_its_sources():
    table = credentials()
    assert table["name"].is_unique
    assert table["full_name"].is_unique
    for column in ("name", "full_name", "body", "link", "sources", "opens", "field"):
        assert table[column].ne("").all(), column
    assert table["kind"].isin(["certification", "license", "registration"]).all()
    assert table["asks_education"].isin(["", *LEVELS]).all()
    assert table["checked"].str.fullmatch(r"20\d\d-\d\d").all()
    codes = table["opens"].str.split(", ").explode()
    assert codes.str.fullmatch(r"\d\d-\d{4}").all()
    assert table["sources"].map(lambda s: all(a.startswith("http") for a in s.split())).all()


def test_a_rung_stands_after_the_one_it_builds_on():
    table = credentials()
    place = {name: at for at, name in enumerate(table["name"])}
    for name, below in zip(table["name"], table["builds_on"], strict=True):
        assert all(place[one] < place[name] for one in below.split(", ") if one), name


def test_every_way_in_is_of_a_known_kind_with_a_source():
    table = entries()
    assert table.index.is_unique
    assert table["entry"].isin(ENTRIES).all()
    assert (table["words"].eq("") == table["entry"].eq("none named")).all()
    assert table["states"].isin(["", "all", "most", "some", "none", "federal"]).all()
    assert table["sources"].str.startswith("https://").all()
    assert not table["words"].str.contains(r"licence|\.$", regex=True).any()


def test_what_is_known_of_a_way_in_is_said_and_what_is_not_says_so():
    assert licence_words("29-1141").startswith("license: registered nurse license")
    assert licence_words("49-9021").startswith("certification: refrigerant certification (EPA")
    assert licence_words("49-9044").startswith("way in: apprenticeship")
    assert licence_words("49-9062").startswith("license: none usually asked for")
    assert licence_words("15-1252") == "license: BLS names none"
    assert licence_words("43-9041") == "license: not looked up"
    # What only helps closes nothing; what is asked for does.
    assert licence("15-1232") == ""
    assert licence("29-2034") != ""
    assert licence("29-1214").startswith("physician license")  # by its group


def test_a_rung_stays_within_the_occupation():
    assert next_rungs("29-2072")[["builds_on", "name"]].to_numpy().tolist() == [
        ["CCA", "CCS"], ["CPC-A", "CPC"],
    ]  # fmt: skip
    assert next_rungs("15-1252").empty


def test_two_ways_into_nursing_are_two(analysis):
    assert shorter_way("29-1141", "Bachelor's degree") == "Associate's degree"
    assert shorter_way("29-1141", "Associate's degree") == ""
    assert shorter_way("15-1252", "Bachelor's degree") == ""
    data = analysis.pathways
    by_length = ["Associate's degree", "Bachelor's degree"]
    for to in (None, "29-1141"):
        found = find_paths(data, "29-2061", max_steps=1, to=to, n=None)
        ways = found[found["to_soc"] == "29-1141"].sort_values("years_education")
        assert ways["entry_education"].tolist() == by_length
        assert ways["years_education"].tolist() == [2.0, 4.0]
        price = prices()["per_year"]
        # Two years at a two-year college; four years at a four-year college.
        assert ways["tuition"].tolist() == [2 * price["two_year"], 4 * price["four_year"]]
        short, long = ways["way_in"]
        assert "2 years of school, to associate's degree; BLS lists a bachelor's degree" in short
        assert "4 years of school, to bachelor's degree; the license takes an associate's" in long
    worth = add_returns(data, ways)["net_present_value"].tolist()
    assert worth[0] > worth[1] + 2 * data.wage[data.position("29-2061")]  # two years' wages saved
    # Who has a degree in the field has nothing to choose: one way. Within a limit, the short one.
    limited = find_paths(data, "29-2061", max_steps=1, to="29-1141", limit="associate's")
    assert limited["entry_education"].tolist() == by_length[:1]


def test_a_route_on_from_nursing_counts_the_schooling_of_the_way_that_it_takes(analysis):
    """A row of a route, worked step by step, gives its own totals, whichever way it takes."""
    data = analysis.pathways
    found = find_paths(data, "29-2072", "high school", 2, n=None)
    through = found[found["via_soc"].str.contains("29-1141") | (found["to_soc"] == "29-1141")]
    assert {4, 5} <= set(through["step_education"].str.split("; ").str[0].map(LEVELS.index))
    for row in through.to_dict("records"):
        steps = route_steps(data, "29-2072", row, "high school")
        assert steps["years_education"].sum() == row["years_education"]
        assert steps["tuition"].sum() == row["tuition"]
        assert "; ".join(steps["entry_education"]) == row["step_education"]


def test_a_level_published_for_several_occupations_is_not_taken_for_each_ones_own(analysis):
    """29-2010 is a bachelor's degree for BLS; technicians are certified with an associate's."""
    data = analysis.pathways
    assert own_entry_level("29-2012") == "Associate's degree"
    assert own_entry_level("29-2072") == ""
    table = data.table.loc[["29-2011", "29-2012", "29-2072"]]
    assert table["entry_education"].map(LEVELS.index).tolist() == [5, 4, 3]
    assert table["typical_education"].map(LEVELS.index).tolist() == [5, 5, 3]
    joint = data.table["figures_code"] != data.table.index
    assert joint.sum() > 20
    said = data.table["education_note"]
    assert said[joint].str.contains("for several occupations together").all()
    assert said[~joint & (said != "")].index.tolist() == ["29-1141"]
    row = find_paths(data, "29-2052", max_steps=1, n=None).set_index("to_soc").loc["29-2012"]
    assert row["way_in"].startswith(
        "2 years of school, to associate's degree; BLS states a "
        "bachelor's degree for several occupations together; "
    )
    assert row["years_education"] == 2
    sentence = data.table["education_sentence"]["29-2012"]
    assert sentence.startswith("BLS, for several occupations together: typically a bachelor's")


def test_destinations_of_the_sixty_largest_that_were_not_looked_up_are_no_more_than_said(analysis):
    """In the first tens of the 60 largest, and of all; where more are looked up, lower these."""
    frame, data = analysis.occupations, analysis.pathways
    soc = frame.loc[frame["is_technician"], "soc_code"].drop_duplicates()
    soc = soc[soc.isin(data.table.index)]
    largest = data.table["employment"].reindex(soc).sort_values(ascending=False).index[:60]
    ways = all_paths(data, None, 2, 10)
    counted = []
    for codes in (largest, soc):
        reached = ways.loc[ways["from_soc"].isin(codes), "to_soc"].unique()
        counted.append(sum("not looked up" in licence_words(code) for code in reached))
    assert counted[0] <= 1, "benchmarks/licenses.py lists them"
    assert counted[1] <= 32, "benchmarks/licenses.py lists them"
    # The occupations themselves: residual ones ("All Other") have no license of their own.
    open_ = [code for code in largest if "not looked up" in licence_words(code)]
    assert all(data.residual[data.position(code)] for code in open_), open_
