"""Schools, programs, prices and graduates' earnings: read to the row, and counted by hand."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest

from pipelines.base import contracts
from pipelines.base.errors import ShapeChanged
from pipelines.sources.catalog import dataset_of

SOURCES = Path(__file__).parents[3] / "shared" / "sources"
full = pytest.mark.skipif(not SOURCES.is_dir(), reason="no copy of the public sources")


def read(name, file=None):
    dataset = dataset_of(name)
    file = file or SOURCES / dataset.mirror_path
    dataset = dataset.dated(file)
    ((table, frame),) = dataset.load()(file, dataset).items()
    return contracts.check(table, frame)


def packed(folder, name, text):
    file = folder / "made.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, text)
    return file


def test_totals_and_second_majors_are_left_out_and_codes_keep_their_zeros(tmp_path):
    text = "UNITID,CIPCODE,MAJORNUM,AWLEVEL,CTOTALT\n1,01.0999,1,3,4\n1,01.0999,2,3,2\n1,99,1,3,4\n"
    frame = read("ipeds_completions_2024", packed(tmp_path, "c2024_a.csv", text))
    assert frame[["cip_code", "award_level", "awards"]].values.tolist() == [["01.0999", 3, 4.0]]


def test_the_revised_file_is_taken_where_both_are_there(tmp_path):
    head = "UNITID,CIPCODE,MAJORNUM,AWLEVEL,CTOTALT\n"
    file = packed(tmp_path, "c2024_a.csv", head + "1,01.0999,1,3,4\n")
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("c2024_a_rv.csv", head + "1,01.0999,1,3,5\n")
    assert read("ipeds_completions_2024", file)["awards"].tolist() == [5.0]


def test_another_years_file_is_refused(tmp_path):
    text = "UNITID,CIPCODE,MAJORNUM,AWLEVEL,CTOTALT\n1,01.0999,1,3,4\n"
    with pytest.raises(ShapeChanged, match="2024 was asked for"):
        read("ipeds_completions_2024", packed(tmp_path, "c2023_a.csv", text))


def test_suppressed_and_not_available_are_missing_and_foreign_schools_left_out(tmp_path):
    text = (
        "UNITID,CIPCODE,CREDLEV,EARN_MDN_1YR,EARN_MDN_4YR,DEBT_ALL_STGP_EVAL_MDN\n"
        "5,0109,1,PS,NA,PrivacySuppressed\n6,5107,2,30000,NULL,9500\nNULL,5107,2,1,1,1\n"
    )
    file = packed(tmp_path, "Most-Recent-Cohorts-Field-of-Study.csv", text)
    frame = read("scorecard_fields", file)
    assert frame["field"].tolist() == ["0109", "5107"]
    assert frame.loc[0, ["earnings_1yr", "earnings_4yr", "debt"]].isna().all()
    assert frame.loc[1, "earnings_1yr"] == 30000
    assert pd.isna(frame.loc[1, "earnings_4yr"])


@full
def test_the_crosswalk_has_its_rows_and_its_two_occupations_of_51_0707():
    frame = read("cip_soc")
    assert len(frame) == 6_097
    assert frame["cip_code"].nunique() == 2_143
    assert frame["soc_code"].nunique() == 868
    leads = frame.loc[frame["cip_code"] == "51.0707", "soc_code"]
    assert leads.tolist() == ["29-2072", "29-9021"]


@full
@pytest.mark.parametrize(
    ("year", "awards", "schools"),
    [(2020, 8_607, 465), (2021, 9_664, None), (2022, 10_010, None), (2023, 10_461, None),
     (2024, 11_827, 419)],
)  # fmt: skip
def test_awards_in_health_information_technology_by_year(year, awards, schools):
    name = f"ipeds_completions_{year}"
    frame = read(name)
    of_field = frame[frame["cip_code"] == "51.0707"]
    assert of_field["awards"].sum() == awards
    if schools:  # with those that report the program and no award
        assert of_field["unitid"].nunique() == schools
    if year == 2024:
        by_level = of_field.groupby("award_level")["awards"].sum()
        assert by_level[[2, 3, 21]].tolist() == [5_263, 3_354, 3_018]


@full
def test_institutions_and_prices_to_the_row_and_in_the_median():
    schools, charges = read("ipeds_institutions_2024"), read("ipeds_charges_2023")
    assert (len(schools), len(charges)) == (6_072, 3_825)
    public = charges.merge(schools[schools["control"] == "public"], on="unitid")
    priced = public.dropna(subset=["in_district", "in_state"])
    assert int((priced["in_district"] != priced["in_state"]).sum()) == 267
    devry = charges[charges["unitid"] == 482477]
    assert devry["in_state"].tolist() == [17_488]


@full
def test_earnings_of_field_5107_to_the_row():
    frame = read("scorecard_fields")
    assert len(frame) == 220_960
    assert frame["earnings_1yr"].notna().sum() == 4_754
    assert frame["earnings_4yr"].notna().sum() == 57_172
    assert frame["debt"].notna().sum() == 46_131
    field = frame[frame["field"] == "5107"]
    for level, rows, known, median in ((1, 1_413, 558, 35_310), (2, 868, 321, 39_604)):
        cell = field[field["credential_level"] == level]
        assert (len(cell), int(cell["earnings_4yr"].notna().sum())) == (rows, known)
        assert cell["earnings_4yr"].median() == pytest.approx(median, abs=1)


@full
def test_median_published_prices_of_public_schools():
    """Prices are those published for the file's year (CHGnAY3), not the averages that students
    are charged (TUITIONn and FEEn), which differ: 15,032 and 17,488 at DeVry."""
    institutions = dataset_of("ipeds_institutions_2024")
    with zipfile.ZipFile(SOURCES / institutions.mirror_path) as archive:
        raw = pd.read_csv(archive.open("hd2024.csv"), encoding="utf-8-sig", low_memory=False)
    levels = raw.rename(columns={"UNITID": "unitid"})[["unitid", "CONTROL", "ICLEVEL"]]
    charges = read("ipeds_charges_2023").merge(levels, on="unitid")
    public = charges[charges["CONTROL"] == 1]
    assert len(public) == 1_634
    two_years, four_years = public[public["ICLEVEL"] == 2], public[public["ICLEVEL"] == 1]
    assert two_years["in_district"].median() == 4_320
    assert four_years["in_state"].median() == 8_454
