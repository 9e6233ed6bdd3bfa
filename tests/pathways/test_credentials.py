"""The curated tables of credentials and ways in: whole, sourced, and said in words."""

from __future__ import annotations

from pipelines.pathways.routes.search import all_paths, find_paths
from pipelines.pathways.schooling.credentials import (
    ENTRIES,
    credentials,
    entries,
    licence,
    licence_words,
    next_rungs,
    shorter_way,
)
from pipelines.pathways.schooling.education import EDUCATION_LEVELS


def test_every_credential_has_its_body_its_page_and_its_sources():
    table = credentials()
    assert table["name"].is_unique
    assert table["full_name"].is_unique
    for column in ("name", "full_name", "body", "link", "sources", "opens", "field"):
        assert table[column].ne("").all(), column
    assert table["kind"].isin(["certification", "license", "registration"]).all()
    assert table["asks_education"].isin(["", *EDUCATION_LEVELS]).all()
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
    found = find_paths(analysis.pathways, "29-2061", max_steps=1, n=None).set_index("to_soc")
    assert "the license takes an associate's degree too" in found["way_in"]["29-1141"]


def test_most_of_the_sixty_largest_and_of_the_first_ways_up_were_looked_up(analysis):
    frame, data = analysis.occupations, analysis.pathways
    soc = frame.loc[frame["is_technician"], "soc_code"].drop_duplicates()
    soc = soc[soc.isin(data.table.index)]
    jobs = data.table["employment"].reindex(soc).sort_values(ascending=False)
    ways = all_paths(data, None, 2, 10)
    reached = ways.loc[ways["from_soc"].isin(soc), "to_soc"].unique()
    for codes, least in ((jobs.index[:60], 0.85), (reached, 0.55)):
        known = [code for code in codes if licence_words(code) != "license: not looked up"]
        assert len(known) / len(codes) > least, set(codes) - set(known)
