"""`outlook paths` as a person or a script calls it, on the embedded snapshot."""

import io
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipelines.answers.paths import paths_answer
from pipelines.pathways.routes.rules import UP_SECTIONS
from pipelines.pathways.routes.search import find_paths

#: The columns that scripts have read since the first release, in this order.
FIRST = [
    "from_soc", "rank", "to_soc", "title", "via_soc", "steps", "typical_education",
    "years_education", "years_experience", "tuition", "annual_median_wage", "wage_gain",
    "exposure_change", "annual_openings", "employment_change_percent", "feasibility", "benefit",
    "credentials", "licence", "note", "onet_education_summary", "attainment",
    "attainment_percent",
]  # fmt: skip


def rows(outlook, *arguments: str) -> pd.DataFrame:
    code, out, err = outlook("paths", *arguments, "--format", "csv")
    assert code == 0, err
    text = ["from_soc", "to_soc", "via_soc", "licence", "credentials", "credentials_held"]
    frame = pd.read_csv(io.StringIO(out), dtype=dict.fromkeys(text, "str"))
    return frame.fillna(dict.fromkeys(text, ""))


def test_new_columns_stand_behind_those_that_scripts_read(outlook):
    frame = rows(outlook, "29-2072")
    assert frame.columns[: len(FIRST)].tolist() == FIRST
    terms = {"similarity", "job_zone_step", "work_experience", "education_sentence"}
    assert terms <= set(frame.columns[len(FIRST) :])
    assert (frame["wage_area"] == "US").all()
    for name in ("tuition", "wage_gain", "net_present_value", "years_education"):
        assert (frame[f"{name}_low"] <= frame[name]).all()
        assert (frame[name] <= frame[f"{name}_high"]).all()


def test_json_says_how_education_is_judged(outlook):
    code, out, _ = outlook("paths", "29-2072", "--format", "json", "-n", "3")
    assert code == 0
    for row in json.loads(out):
        assert row["education_sentence"].startswith("BLS: typically")
        assert row["education_disagrees"] == ("differ" in row["education_sentence"])


def test_all_has_the_contracted_columns_and_ranks(outlook, tmp_path):
    file = tmp_path / "all.csv"
    code, _, err = outlook("paths", "--all", "-n", "20", "--out", str(file))
    assert code == 0, err
    frame = pd.read_csv(file, dtype={"via_soc": "str"})
    assert frame.columns.tolist() == [
        "from_soc", "rank", "to_soc", "via_soc", "steps", "years_education", "wage_gain",
        "exposure_change", "feasibility", "published_code", "entry_education",
    ]  # fmt: skip
    assert frame["from_soc"].nunique() > 750
    assert (
        frame.groupby("from_soc")["rank"]
        .apply(lambda r: r.tolist() == [*range(1, len(r) + 1)])
        .all()
    )
    assert frame["steps"].max() == 2
    assert not frame.duplicated(["from_soc", "to_soc"]).any()
    # A nurse holds what nurses typically hold: none need school to become one again.
    code, out, _ = outlook("paths", "29-1141", "--education", "typical", "--format", "csv")
    own = pd.read_csv(io.StringIO(out)).head(20)
    listed = frame[frame["from_soc"] == "29-1141"]
    assert listed["to_soc"].tolist() == own["to_soc"].tolist()
    assert listed["years_education"].tolist() == own["years_education"].tolist()


def test_limits_part_time_and_front(outlook):
    plain = rows(outlook, "29-2072", "-n", "400")
    short = rows(outlook, "29-2072", "--limit", "one certificate", "-n", "400")
    assert set(short["to_soc"]) < set(plain["to_soc"])
    assert short["years_education"].max() == 1
    none = rows(outlook, "29-2072", "--limit", "no more school")
    assert none["tuition"].eq(0).all()
    part = rows(outlook, "29-2072", "--part-time", "-n", "400").set_index("to_soc")
    assert part.loc["29-9021", "years_education"] == 4
    assert part["wages_forgone"].eq(0).all()
    front = rows(outlook, "29-2072", "--front", "-n", "400")
    assert front.duplicated("to_soc").any()  # several ways to one goal, each better in something


def test_credentials_held_count_as_the_education_they_ask_for(outlook):
    frame = rows(outlook, "29-2072", "--credential", "rhit", "--credential", "CCS")
    frame = frame.set_index("to_soc")
    assert frame.loc["29-9021", "years_education"] == 0
    assert frame.loc["29-9021", "credentials_held"] == "RHIT"
    assert frame.loc["11-9111", "credentials_held"] == ""
    assert "RHIA" in frame.loc["11-9111", "credentials"]


def test_a_state_s_wages_are_said_to_be_its_own(outlook):
    nation = rows(outlook, "29-2072").set_index("to_soc")
    texas = rows(outlook, "29-2072", "--state", "Texas").set_index("to_soc")
    assert (texas["wage_area"] == "TX").all()
    assert texas["annual_median_wage_now"].iloc[0] != nation["annual_median_wage_now"].iloc[0]
    code, _, err = outlook("paths", "29-2072", "--state", "WY", "--format", "csv")
    assert code == 0
    assert "no median wage for WY" in err
    assert "(suppressed)" in err or "(not published)" in err


def test_own_costs_change_tuition_and_nothing_else(outlook, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text("[per_year]\ntwo_year = 100\n", encoding="utf-8")
    usual = rows(outlook, "29-2072").set_index("to_soc")
    own = rows(outlook, "29-2072", "--costs", str(file)).set_index("to_soc")
    assert own.loc["29-9021", "tuition"] == 200
    assert own.index.tolist() == usual.index.tolist()
    gain = own.loc["29-9021", "net_present_value"] - usual.loc["29-9021", "net_present_value"]
    assert gain == pytest.approx((4_150 - 100) * (1 / 1.03 + 1 / 1.03**2))
    private = rows(outlook, "29-2072", "--costs", "four_year_private_nonprofit")
    assert private.set_index("to_soc").loc["11-9111", "tuition"] == 4 * 45_000


def test_without_a_license_it_is_said_what_is_known_of_the_destination(outlook):
    found = pd.concat([rows(outlook, "49-9062"), rows(outlook, "19-4031")])
    said = found.groupby("to_soc")["licence"].first()
    # Line installers come by an apprenticeship and drive heavy vehicles: that is not "none".
    assert said["49-9051"].startswith("way in: apprenticeship")
    assert said["51-8091"] == "not looked up"
    assert said["17-3026"] == "BLS names none"
    assert said["49-3011"].startswith("aircraft mechanic certificate")
    assert not found["licence"].isna().any()


def test_a_higher_discount_rate_lowers_the_present_value(outlook):
    plain, dear = (rows(outlook, "29-2072", "--discount", rate) for rate in ("0", "0.1"))
    up = plain["section"].str.startswith("up")  # sideways costs come early and gains never
    assert (dear["net_present_value"] < plain["net_present_value"])[up].all()


def test_the_table_for_people_has_the_year_that_pays_it_back(outlook):
    code, out, err = outlook("paths", "29-2072", "--to", "11-9111")
    assert code == 0
    assert "paid back" in out
    assert "education for 11-9111: BLS: typically a bachelor's degree" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["29-2072", "--limit", "a little"], "one certificate"),
        (["29-2072", "--credential", "wizard"], "RHIT"),
        (["29-2072", "--state", "Atlantis"], "TX"),
        (["29-2072", "--costs", "none.toml"], "none.toml"),
        (["29-2072", "--discount", "3"], "0.03"),
        (["29-2072", "--discount", "-0.5"], "-50 %"),
        (["29-2072", "--matters", "fame"], "schooling"),
        (["29-2072", "--front", "--to", "11-9111"], "--front"),
        (["--all", "--to", "11-9111"], "--to"),
        (["--all", "--discount", "0"], "--discount"),
    ],
)
def test_bad_questions_exit_2_and_say_what_to_do(outlook, arguments, said):
    code, out, err = outlook("paths", *arguments)
    assert code == 2
    assert said in err
    assert not out
    assert "Traceback" not in err


def test_a_file_of_costs_with_a_byte_order_mark_is_read(outlook, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_bytes(b"\xef\xbb\xbf[per_year]\r\ntwo_year = 1000\r\n")
    code, _, err = outlook("paths", "29-2072", "-n", "1", "--costs", str(file))
    assert code == 0, err


def test_a_broken_file_of_costs_is_named_with_its_line(outlook, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text("[per_year]\ntwo_year = cheap\n", encoding="utf-8")
    code, _, err = outlook("paths", "29-2072", "--costs", str(file))
    assert code == 2
    assert "mine.toml" in err
    assert "line 2" in err


def test_a_destination_whose_experience_is_not_stated_is_left_out_and_named(analysis, monkeypatch):
    data = analysis.pathways
    unknown = data.experience_years.copy()
    unknown[data.position("29-9021")] = np.nan
    assert not any("work experience" in note for note in paths_answer(analysis, "29-2072").notes)
    # Undone afterwards: the analysis is shared by all tests of a worker.
    monkeypatch.setattr(analysis, "pathways", replace(data, experience_years=unknown))
    answer = paths_answer(analysis, "29-2072")
    assert "29-9021" not in set(answer.frame["to_soc"])
    (note,) = [note for note in answer.notes if "work experience" in note]
    assert note.startswith("left out, BLS does not state the work experience required: 29-9021 ")


def test_a_route_at_a_real_school_to_the_dollar(outlook):
    """Sinclair Community College, 2023-24, in state: 4,569 dollars a year, two years."""
    found = rows(outlook, "29-2072", "--to", "29-9021", "--school", "205470", "--discount", "0")
    row = found.iloc[0]
    assert row["tuition"] == 2 * 4_569
    assert row["wages_forgone"] == 2 * 51_140
    assert row["wage_gain"] == 68_020 - 51_140
    # 9,138 + 102,280 over 16,880 a year is 6.6: paid back in the seventh year at work.
    assert row["break_even_year"] == 2 + 7
    assert row["net_present_value"] == 18 * 16_880 - 9_138 - 102_280
    near = rows(outlook, "29-2072", "--to", "29-9021", "--school", "205470", "--residence",
                "in district")  # fmt: skip
    assert near["tuition"].iloc[0] == 2 * 3_435


def test_a_route_with_paid_training_to_the_dollar(outlook, analysis):
    """Two years of training at the lowest tenth of wages there, then the median."""
    found = rows(outlook, "49-3023", "--to", "49-3031", "--discount", "0")
    row = found[found["steps"] == 1].iloc[0]
    table = analysis.pathways.table
    now, there = (table.loc[code, "annual_median_wage"] for code in ("49-3023", "49-3031"))
    trainee = table.loc["49-3031", "annual_p10_wage"]
    assert (row["tuition"], row["years_education"], row["years_to_qualify"]) == (0, 0, 2)
    assert row["net_present_value"] == pytest.approx(2 * (trainee - now) + 18 * (there - now))
    assert row["way_in"].startswith("no more school (high school diploma or equivalent); paid "
                                    "training on the job, more than a year")  # fmt: skip


@pytest.mark.parametrize(("given", "said"), [
    (("--school", "1"), "no such school"),
    (("--school", "205470", "--residence", "abroad"), "in district, in state, out of state"),
    (("--school", "205470", "--costs", "four_year_out_of_state"), "Leave one of them out"),
])  # fmt: skip
def test_a_school_that_gives_no_price_is_refused(outlook, given, said):
    code, _, err = outlook("paths", "29-2072", *given)
    assert code == 2
    assert said in err


def test_nothing_that_asks_for_training_or_a_license_reads_as_nothing(analysis):
    """Every way up of every technician names what it takes; what is not known says so."""
    data = analysis.pathways
    frame = analysis.occupations
    technicians = set(frame.loc[frame["is_technician"], "soc_code"]) & set(data.table.index)
    for soc in sorted(technicians):
        found = find_paths(data, soc, max_steps=2)
        asks = found["job_training"].isin(["Apprenticeship", "Long-term on-the-job training"])
        asks |= found["work_experience"].eq("5 years or more")
        assert (found.loc[asks, "years_to_qualify"] >= 1).all(), soc
        assert not found["title"].str.contains("All Other").any(), soc
        assert found["way_in"].str.contains("license: |certification: |way in: ").all(), soc
        assert found["section"].isin(UP_SECTIONS).all(), soc
