"""The 25 claims: each has a row, nothing is guessed, and no sentence says what is not so."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest
from claims_twin import WEAK

from pipelines.answers.claims import claims_answer as answer
from pipelines.base.errors import UsageError
from pipelines.base.settings import load
from pipelines.claims import board as boards
from pipelines.claims import verdicts as claims
from pipelines.claims.measures import Measures
from pipelines.claims.text import claim_sentences, headline, verdicts
from pipelines.figures.claims import claims_figure as figure
from pipelines.releases.current import open_data

TESTED = {"supported", "between", "not supported"}


@pytest.fixture(scope="module")
def table(analysis):
    return claims.claims_of(analysis, "29-2072.00")


def sentences(analysis, code, title="Clerks"):
    counts = boards.by_chance(boards.board(analysis), code)
    found = claims.claims_of(analysis, code)
    return [headline(found, counts, title, code), *claim_sentences(found, counts, title, code)]


def with_tables(analysis, code, **changed):
    releases = {n: e["release"] for n, e in analysis.release.manifest["sources"].items()}
    board = boards.board_of({**analysis.tables, **changed}, {**releases, "onet": "31.0"})
    return claims.claims_table(board, code)


def newer(analysis, *codes, date="08/2026"):
    """The release's elements with a Work Context of its own for these occupations."""
    rows = [
        {"onet_soc_code": code, "domain": "work_context", "element_id": "4.C.3.a.1",
         "element_name": "Consequence of Error", "scale_id": "CX", "value": 2.0 + i,
         "standard_error": 0.2, "recommend_suppress": False, "date": date, "edition": "31.0"}
        for i, code in enumerate(codes)
    ]  # fmt: skip
    return pd.concat([analysis.tables["elements"], pd.DataFrame(rows)], ignore_index=True)


def error_row(frame):
    return frame[frame["measure"] == "Consequence of error"].iloc[0]


def test_every_claim_has_one_row_with_value_percentile_and_source(table):
    assert list(table.columns) == claims.CLAIM_COLUMNS
    assert table["number"].tolist() == list(range(1, 26))
    held = table[table["verdict"].isin(TESTED)]
    needed = ["value", "percentile", "n_occupations", "unit", "says", "source",
              "chance_supported", "chance_not_supported"]  # fmt: skip
    assert held[needed].notna().all(axis=None)
    for column in ("percentile", "percentile_technicians"):
        assert held[column].between(0, 100).all()
    assert (held["n_occupations"] > 700).all()
    # Technicians are a part of all, and there are enough of them to stand among.
    assert (held["n_technicians"] < held["n_occupations"] / 4).all()
    assert (held["n_technicians"] > 80).all()
    assert len(held) == 21


def test_what_is_not_measured_is_said_not_guessed(table):
    bare = table[~table["verdict"].isin(TESTED)].set_index("number")
    assert bare["remark"].str.len().gt(0).all()
    assert bare[["percentile", "percentile_technicians", "n_occupations"]].isna().all(axis=None)
    assert bare["says"].isna().all()
    assert bare["verdict"].to_dict() == {
        3: "cannot be tested", 21: "cannot be tested", 22: "cannot be tested",
        25: "no public measure",
    }  # fmt: skip
    assert bare["remark"][3].startswith("O*NET 30.1, 29.3 does not rate this occupation")


def test_weak_stand_ins_say_what_they_measure_and_are_not_counted(analysis, table):
    weak = table[table["stand_in"] == "weak"]
    assert set(weak["number"]) == WEAK
    assert weak["remark"].str.contains(", not |whatever").all()
    counts = boards.by_chance(boards.board(analysis), "29-2072.00")
    strong = table[(table["stand_in"] != "weak") & table["verdict"].isin(TESTED)]
    assert set(counts["claims"]) == {len(strong)}
    found = counts[counts["among"] == "all occupations"].set_index("verdict")["found"]
    assert found.to_dict() == strong["verdict"].value_counts().to_dict()


def test_observed_exposure_stands_beside_claim_17_and_decides_nothing(analysis, table):
    use = analysis.tables["observed_exposure"].set_index("soc_code")["observed_exposure"]
    kept = use[use.index.isin(analysis.occupations["soc_code"])]
    row = table.set_index("number").loc[17]
    own = kept["29-2072"]
    lower = (kept < own).sum() + ((kept == own).sum() - 1) / 2
    assert row["beside_value"] == own
    assert row["beside_percentile"] == pytest.approx(100 * lower / (len(kept) - 1))
    assert row["beside_n_occupations"] == len(kept)
    third = [100 * ((kept < v).sum() + ((kept == v).sum() - 1) / 2) / (len(kept) - 1) for v in kept]
    high = 100 * sum(place >= 67 for place in third) / len(kept)
    assert row["beside_chance"] == pytest.approx(high)
    assert row["measure"] == "Projected decline in employment"
    assert table["beside"].notna().sum() == 1
    said = sentences(analysis, "29-2072.00")[2]
    assert f"observed exposure of {own:.2f}" in said
    assert f"{high:.0f} percent of these stand at or above percentile 67" in said
    # Military occupations are not in the study: nothing is said of them.
    assert "observed exposure" not in " ".join(sentences(analysis, "55-3011.00"))
    gone = {name: frame for name, frame in analysis.tables.items() if name != "observed_exposure"}
    assert boards.board_of(gone, {}).beside == {}


def test_a_newer_work_context_is_used_by_itself(analysis):
    codes = ["29-2072.00", *analysis.occupation_exposure["onet_soc_code"].head(60)]
    elements = newer(analysis, *dict.fromkeys(codes))
    row = error_row(with_tables(analysis, "29-2072.00", elements=elements))
    assert row["value"] == 2.0
    assert row["percentile"] == 0.0
    assert row["n_occupations"] == 61
    # With its standard error there is an interval.
    assert (row["percentile_low"], row["percentile_high"]) == (0.0, 0.0)
    assert row["source"] == "O*NET 31.0, 29-2072.00, Work Context, rated 08/2026"


def test_a_newer_work_context_of_others_leaves_the_old_rating(analysis):
    row = error_row(with_tables(analysis, "29-2072.00", elements=newer(analysis, "11-1011.00")))
    assert row["value"] == 1.87
    assert "O*NET 18.1" in row["source"]


def test_a_rating_that_onet_advises_against_is_not_used(analysis):
    elements = newer(analysis, "29-2072.00").assign(recommend_suppress=True)
    row = error_row(with_tables(analysis, "29-2072.00", elements=elements))
    assert row["value"] == 1.87


def test_an_element_that_a_release_drops_is_said(analysis):
    gone = analysis.tables["elements"].query("element_id != '1.D.4.a'")
    table = with_tables(analysis, "29-2055.00", elements=gone)
    row = table[table["measure"] == "Stress tolerance"].iloc[0]
    assert row["verdict"] == "cannot be tested"
    assert row["remark"].startswith("O*NET 31.0 does not rate this occupation")
    assert pd.isna(row["chance_supported"])


def test_a_rating_of_one_occupation_alone_says_nothing(analysis):
    row = error_row(with_tables(analysis, "29-2072.00", elements=newer(analysis, "29-2072.00")))
    assert row["verdict"] == "cannot be tested"
    assert pd.isna(row["percentile"])


def test_a_measure_without_a_name_is_a_bug_not_a_blank(analysis):
    with pytest.raises(KeyError):
        Measures(analysis.tables, {}, {}).get("4.C.9.z")


def test_no_verdict_of_any_occupation_rests_on_nothing(analysis):
    """All technicians and some others: what has a verdict has a percentile that gives it."""
    codes = analysis.occupations["onet_soc_code"]
    some = [*codes[analysis.occupations["is_technician"]], *codes[::25]]
    for code in some:
        found = claims.claims_of(analysis, code)
        tested = found["verdict"].isin(TESTED)
        assert (tested == found["percentile"].notna()).all(), code
        assert (tested == found["says"].notna()).all(), code
        assert (found["percentile"] >= 67).eq(found["verdict"] == "supported").all(), code
        assert (found["percentile"] < 33).eq(found["verdict"] == "not supported").all(), code
        assert (found.loc[~tested, "remark"].str.len() > 0).all(), code
        assert set(found.loc[~tested, "verdict"]) <= {"cannot be tested", "no public measure"}
        low, high = found["percentile_low"], found["percentile_high"]
        assert (low.isna() | ((low <= found["percentile"]) & (found["percentile"] <= high))).all()


def test_only_of_the_article_s_occupation_is_the_article_said_to_be_right_or_wrong(analysis):
    titles = analysis.occupations.set_index("onet_soc_code")["title"]
    codes = analysis.occupations["onet_soc_code"]
    board = boards.board(analysis)
    few = board.verdicts[board.counted].notna().sum(axis=1)
    # Where one claim or two can be tested, and where none can, the words are rarest.
    rare = [code for number in range(5) for code in few.index[few == number][:4]]
    some = ["29-2072.00", "29-9021.00", *codes[analysis.occupations["is_technician"]][::4]]
    some += [*codes[::50], *rare]
    for code in some:
        said = " ".join(sentences(analysis, code, titles[code]))
        own = code == "29-2072.00"
        assert ("the article's" in said) == own, code
        assert not re.search(r"contradict|the data|mixed|\bnan\b|[a-z]_[a-z]", said), code
        assert ("hold here" in said) != own, code
        assert not re.search(
            r"(?i)\b1 (?:claims|measures)|\b(\d+) to \1 percent|, 1 hold\b|[2-9] holds", said
        ), code


def test_the_counts_said_are_those_of_the_table_with_chance_beside_each(analysis, table):
    head, first, second, third = sentences(analysis, "29-2072.00")
    counts = boards.by_chance(boards.board(analysis), "29-2072.00")
    counts = counts[counts["among"] == "all occupations"].set_index("verdict")
    for verdict, name in (("supported", "Supported"), ("not supported", "Not supported"),
                          ("between", "In between")):  # fmt: skip
        part = re.search(rf"{name}, (\d+) \((.*?)\): (.*?)\.( |$)", first)
        kept = table[(table["verdict"] == verdict) & (table["stand_in"] != "weak")]
        assert int(part[1]) == len(kept)
        assert [int(n) for n in re.findall(r"\((\d+)\)", part[3])] == kept["number"].tolist()
        row = counts.loc[verdict]
        assert f"{row['mean']:.1f} on average, 90 percent between {row['low']:.0f} and" in part[2]
        assert "technicians" in part[2]
    assert f"support {counts['found']['supported']} of the {counts['claims'].iloc[0]}" in head
    assert f"{counts['mean']['supported']:.1f} on average" in head
    for number in WEAK:
        assert re.search(rf"\({number}, (supported|not supported|between)\)", second)
    assert "O*NET 18.1, 29-2071.00" in third
    assert "Work Context" in third
    assert f"the {counts['occupations'].iloc[0]} with all" in third
    assert "1 of 21, of which 1 reaches into another verdict" in third


def test_claims_that_share_a_measure_are_said_to(analysis, table):
    counts = boards.by_chance(boards.board(analysis), "29-2072.00")
    same = table.assign(measure=table["measure"].replace("Time pressure", "Time spent sitting"))
    third = claim_sentences(same, counts, "Clerks", "29-2072.00")[2]
    assert re.search(
        r"rest on one measure, so they are .*: “vol[^”]*” \(8\); and “desk[^”]*” \(13\)\.", third
    )
    assert "rest on one measure" not in claim_sentences(table, counts, "C", "29-2072.00")[2]


def test_an_occupation_without_ratings_gets_no_invented_ones(analysis):
    found = claims.claims_of(analysis, "55-3016.00")
    assert found["value"].notna().sum() == 0
    said = sentences(analysis, "55-3016.00", "Infantry")
    assert "No measure covers this occupation" in " ".join(said)
    with pytest.raises(UsageError, match="0 of the article's 25"):
        figure(analysis, "55-3016.00")


def test_the_command_gives_the_table_and_the_findings():
    found = answer(open_data(offline=True), "29-2072")
    assert len(found.notes[0].split("\n\n")) == 3
    assert len(found.table) == len(found.frame) == 25
    with pytest.raises(UsageError):
        answer(open_data(offline=True), "no such job")


def test_one_row_a_claim_for_the_notebook(table):
    each = verdicts(table)
    assert each["number"].tolist() == list(range(1, 26))
    assert {"verdict", "stand_in", "chance_supported", "chance_not_supported"} <= set(each)


def test_the_prose_of_the_notebook_has_no_number_typed_by_hand():
    path = load().notebooks / "04_claims_check.ipynb"
    cells = json.loads(path.read_text("utf-8"))["cells"]
    prose = "".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    assert len(prose) > 200
    assert not re.search(r"\d", prose)


def test_the_figure_names_every_source_with_its_release(analysis):
    made, data = figure(analysis, "29-2072.00")
    line = made.layout.meta["sources"]
    sources = analysis.release.manifest["sources"]
    for name in ("onet_29_3", "onet_18", "ep_export", "oews_nat_2021", "oews_nat_2025"):
        assert sources[name]["title"] in line
    assert "29.3" in line
    assert "18.1" in line
    assert "2019" not in line  # a year that no claim uses
    assert len(data) == 25


def test_falls_of_an_occupation_published_with_others_are_those_of_all(analysis):
    found = claims.claims_of(analysis, "29-2012.00")
    row = found[found["measure"].fillna("").str.startswith("Fall in employment, 2021")].iloc[0]
    jobs = analysis.tables["wages"].query("soc_code == '29-2010' and area_code == '99'")
    jobs = jobs[jobs["occupation_group"] == "detailed"].set_index("year")["employment"]
    end = jobs.index.max()
    assert row["value"] == pytest.approx(100 * (1 - jobs[end] / jobs[2021]))
    assert row["source"].endswith("published together under 29-2010")


def test_education_of_better_paid_related_work_is_a_mean_of_levels(analysis, twin):
    levels = ["No formal educational credential", "High school diploma or equivalent",
              "Some college, no degree", "Postsecondary nondegree award", "Associate's degree",
              "Bachelor's degree", "Master's degree",
              "Doctoral or professional degree"]  # fmt: skip
    rows = twin.read("projections")
    rows = rows[rows["base_year"] == rows["base_year"].max()].set_index("soc_code")
    wages = twin.read("wages").query(
        "year == 2025 and area_code == '99' and occupation_group == 'detailed'"
    )
    pay = wages.set_index("soc_code")["annual_median_wage"]
    related = twin.read("related_occupations").query("onet_soc_code == '29-2072.00'")
    beyond = []
    for other in related["related_onet_soc_code"].str[:7]:
        if other in pay.index and other in rows.index and pay[other] > pay["29-2072"]:
            asked = [levels.index(rows["typical_education"][c]) for c in (other, "29-2072")]
            beyond.append(asked[0] - asked[1])
    row = claims.claims_of(analysis, "29-2072.00").set_index("number").loc[20]
    assert row["value"] == pytest.approx(sum(beyond) / len(beyond))
