"""The 25 claims: each has a row, the rule is applied as stated, and nothing is guessed."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.analysis import Analysis
from pipelines.answers.claims import claims_answer as answer
from pipelines.base.errors import UsageError
from pipelines.base.settings import load
from pipelines.claims import verdicts as claims
from pipelines.claims.measures import Measures
from pipelines.claims.text import claim_sentences, verdicts
from pipelines.figures.claims import claims_figure as figure
from pipelines.releases.current import open_data


@pytest.fixture(scope="module")
def analysis():
    return Analysis(open_data(offline=True))


@pytest.fixture(scope="module")
def table(analysis):
    return claims.claims_of(analysis, "29-2072.00")


def with_tables(analysis, code, **changed):
    tables = {**analysis.tables, **changed}
    releases = {n: e["release"] for n, e in analysis.release.manifest["sources"].items()}
    exposure = analysis.occupation_exposure
    return claims.evaluate_claims(
        tables, code, exposure, analysis.pathways, {**releases, "onet": "31.0"}
    )


def newer(analysis, *codes, date="08/2026"):
    """The release's elements with a Work Context of its own for these occupations."""
    rows = [
        {"onet_soc_code": code, "domain": "work_context", "element_id": "4.C.3.a.1",
         "element_name": "Consequence of Error", "scale_id": "CX", "value": 2.0 + i,
         "recommend_suppress": False, "date": date, "edition": "31.0"}
        for i, code in enumerate(codes)
    ]  # fmt: skip
    return pd.concat([analysis.tables["elements"], pd.DataFrame(rows)], ignore_index=True)


def error_row(frame):
    return frame[frame["measure"] == "Consequence of error"].iloc[0]


def test_every_claim_has_a_row_with_value_percentile_and_source(table):
    assert list(table.columns) == claims.CLAIM_COLUMNS
    assert sorted(set(table["number"])) == list(range(1, 26))
    held = table[table["value"].notna()]
    needed = ["percentile", "n_occupations", "unit", "says", "source"]
    assert held[needed].notna().all(axis=None)
    for column in ("percentile", "percentile_technicians"):
        assert held[column].dropna().between(0, 100).all()
    assert (held["n_occupations"] > 700).all()
    # Technicians are a part of all, and there are enough of them to stand among.
    among = held.dropna(subset="percentile_technicians")
    assert (among["n_technicians"] < among["n_occupations"] / 4).all()
    assert (among["n_technicians"] > 80).all()
    assert len(among) > 40


def test_what_is_not_measured_is_said_not_guessed(table):
    bare = table[table["value"].isna()]
    assert bare["remark"].str.len().gt(0).all()
    numbers = ["value", "percentile", "percentile_technicians", "n_occupations"]
    assert bare[numbers].isna().all(axis=None)
    assert bare["says"].isna().all()
    nothing = table[table["verdict"] == "no public measure"]
    assert nothing["number"].tolist() == [25]
    # SOC 2018 split the medical records technician: ten years back nothing compares.
    long = table[table["measure"].fillna("").str.contains("2015")]
    assert len(long) == 2
    assert long["remark"].str.contains("SOC 2018 changed").all()


def test_the_verdict_of_each_claim_is_the_rule_on_its_measures(table):
    for ends in ("", "_technicians"):
        for _, rows in table.groupby("number"):
            shares = rows[f"percentile{ends}"].dropna().tolist()
            assert set(rows[f"verdict{ends}"]) == {claims.verdict(shares)}


def test_the_two_measures_of_the_first_claim_disagree(table):
    first = table[table["number"] == 1]
    assert first["value"].tolist() == [4.71, 1.87]
    assert first["says"].tolist() == ["for", "against"]
    assert set(first["verdict"]) == {"mixed"}
    assert first["source"].str.contains("O.NET 18.1, 29-2071.00.*Work Context").all()


def test_percentiles_are_those_of_a_count_by_hand(analysis, table):
    rows = analysis.tables["elements_2010"]
    rows = rows[rows["element_id"] == "4.C.3.a.1"].set_index("onet_soc_2010_code")["value"]
    others = rows.drop("29-2071.00")
    expected = 100 * ((others < 1.87).sum() + 0.5 * (others == 1.87).sum()) / len(others)
    assert error_row(table)["percentile"] == pytest.approx(expected)


def test_a_newer_work_context_is_used_by_itself(analysis):
    codes = ["29-2072.00", *analysis.occupation_exposure["onet_soc_code"].head(60)]
    elements = newer(analysis, *dict.fromkeys(codes))
    row = error_row(with_tables(analysis, "29-2072.00", elements=elements))
    assert row["value"] == 2.0
    assert row["percentile"] == 0.0
    assert row["n_occupations"] == 61
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
    gone = analysis.tables["elements"].query("element_id != '1.C.4.b'")
    table = with_tables(analysis, "29-2055.00", elements=gone)
    row = table[table["measure"] == "Stress tolerance"].iloc[0]
    assert pd.isna(row["value"])
    assert row["remark"].startswith("O*NET 31.0 does not rate this occupation")


def test_a_measure_without_a_name_is_a_bug_not_a_blank(analysis):
    given_ = Measures(
        analysis.tables, "29-2072.00", analysis.occupation_exposure, analysis.pathways, {}
    )
    with pytest.raises(KeyError):
        given_.get("4.C.9.z", claims._entries()["name"])


@pytest.mark.parametrize("code", ["29-2055.00", "29-9021.00", "15-1299.08", "17-3023.00"])
def test_it_works_for_other_technicians(analysis, code):
    table = claims.claims_of(analysis, code)
    assert verdicts(table)["number"].tolist() == list(range(1, 26))
    assert table["value"].notna().sum() > 20


def test_an_occupation_without_ratings_gets_no_invented_ones(analysis):
    table = claims.claims_of(analysis, "55-3016.00")
    assert sorted(set(table["number"])) == list(range(1, 26))
    assert table["value"].notna().sum() == 0
    assert "No measure covers this occupation" in " ".join(claim_sentences(table, "Infantry"))
    with pytest.raises(UsageError, match="0 of the article's 25"):
        figure(analysis, "55-3016.00")


def test_the_findings_are_three_paragraphs_of_what_the_table_says(table):
    said = claim_sentences(table, "Clerks")
    assert len(said) == 3
    each = verdicts(table)
    count = each["verdict"].value_counts()
    assert f"data support {count['supported']}, do not support {count['not supported']}" in said[0]
    contradicted = said[1].split(".")[0]
    for row in each.to_dict("records"):
        assert (f"({row['number']})" in contradicted) == (row["verdict"] == "not supported")
    assert "O*NET 18.1, 29-2071.00" in said[2]
    assert "Work Context" in said[2]
    # Another table, other numbers: none stands in the words themselves.
    numbers = re.findall(r"\d+", " ".join(claim_sentences(table[table["number"] < 3], "Clerks")))
    assert "25" not in numbers


def test_the_findings_do_not_praise_a_measure_that_few_occupations_have(table):
    assert "Tasks of" in " ".join(table["measure"].dropna())
    assert "tasks of keeping" not in " ".join(claim_sentences(table, "Clerks"))


def test_the_command_gives_the_table_and_the_findings():
    found = answer(open_data(offline=True), "29-2072")
    table, note = found.frame, found.notes[0]
    assert len(note.split("\n\n")) == 3
    assert len(found.table) == len(table)
    with pytest.raises(UsageError):
        answer(open_data(offline=True), "no such job")


@pytest.mark.parametrize(
    ("percentiles", "said"),
    [
        ([], "no public measure"),
        ([67.0], "supported"),
        ([66.9], "mixed"),
        ([90.0, 10.0], "mixed"),
        ([32.9, 1.0], "not supported"),
        ([33.0], "mixed"),
    ],
)
def test_the_verdict_follows_the_rule(percentiles, said):
    assert claims.verdict(percentiles) == said


@given(st.lists(st.floats(0, 10), min_size=2, max_size=30))
def test_the_directions_of_a_percentile_add_up(values):
    series = pd.Series(values, index=[str(i) for i in range(len(values))])
    more = claims.percentile(series, "0", "more")
    assert 0 <= more <= 100
    assert more + claims.percentile(series, "0", "less") == pytest.approx(100)


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
    used = ("onet_29_3", "onet_18", "ep_export", "oews_nat_2021", "oews_nat_2025", "wwai_scores")
    for name in used:
        assert sources[name]["title"] in line
    assert "29.3" in line
    assert "18.1" in line
    assert len(data) == len(claims.claims_of(analysis, "29-2072.00"))


def test_falls_of_an_occupation_published_with_others_are_those_of_all(analysis):
    found = claims.claims_of(analysis, "29-2012.00")
    rows = found[found["measure"].str.startswith("Fall in employment, 2021")]
    jobs = analysis.tables["wages"].query("soc_code == '29-2010' and area_code == '99'")
    jobs = jobs[jobs["occupation_group"] == "detailed"].set_index("year")["employment"]
    end = jobs.index.max()
    assert rows["value"].iloc[0] == pytest.approx(100 * (1 - jobs[end] / jobs[2021]))
    assert rows["source"].str.endswith("published together under 29-2010").all()
    long = found[found["measure"].str.startswith("Fall in employment, 2015")]
    assert long["value"].isna().all()
