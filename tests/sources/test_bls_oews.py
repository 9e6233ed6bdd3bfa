"""OEWS workbooks: anchors on the full files, marks and refusals on small made ones."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.base import contracts
from pipelines.base.errors import ShapeChanged, SourceFailed
from pipelines.sources.catalog import dataset_of
from pipelines.sources.read import bls_oews
from pipelines.sources.read.bls_cells import numbers

HEADER = ["AREA", "AREA_TITLE", "PRIM_STATE", "OWN_CODE", "OCC_CODE", "OCC_TITLE", "O_GROUP",
          "TOT_EMP", "EMP_PRSE", "LOC_QUOTIENT", "MEAN_PRSE", *bls_oews.WAGE_COLUMNS,
          "ANNUAL", "HOURLY"]  # fmt: skip
HOURLY = [c for c in bls_oews.WAGE_COLUMNS if c.startswith("H_")]
ANNUAL = [c for c in bls_oews.WAGE_COLUMNS if c.startswith("A_")]
FLAGS = [f"{name}_flag" for name in bls_oews.WAGE_COLUMNS.values()]


def row(**changes) -> dict:
    base = {"AREA": 1.0, "AREA_TITLE": "Alabama", "PRIM_STATE": "AL", "OWN_CODE": 1235.0,
            "OCC_CODE": "29-2072", "OCC_TITLE": "Medical Records Specialists",
            "O_GROUP": "detailed", "TOT_EMP": 2500, "EMP_PRSE": 4.1, "LOC_QUOTIENT": 0.9,
            "MEAN_PRSE": 1.2, "ANNUAL": None, "HOURLY": None}  # fmt: skip
    wages = {name: 20.5 if name in HOURLY else 42640 for name in bls_oews.WAGE_COLUMNS}
    return {**base, **wages, **changes}


def workbook(folder, rows, *, area="state", header=HEADER, sheet=None, year=2025):
    book = openpyxl.Workbook()
    book.active.title = sheet or f"{area}_M{year}_dl"
    book.active.append(header)
    for cells in rows:
        book.active.append([cells.get(name) for name in header])
    data = io.BytesIO()
    book.save(data)
    path = folder / f"oesm{year % 100}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"oesm/{area}_M{year}_dl.xlsx", data.getvalue())
    return path


def states(folder, rows, **options) -> pd.DataFrame:
    path = workbook(folder, rows, **options)
    frame = bls_oews.load_states(path, dataset_of("oews_st_2025"))["wages"]
    return contracts.check("wages", frame)


def oews(sources, name):
    dataset = dataset_of(name)
    return dataset.load()(sources / dataset.mirror_path, dataset)["wages"]


def test_states_meet_the_published_counts(sources):
    frame = oews(sources, "oews_st_2025")
    assert len(contracts.check("wages", frame)) == 37_408
    top = (frame[FLAGS] == "top-coded").sum()
    # 1,114 cells: hourly and annual together.
    assert top[[f for f in FLAGS if f.startswith("hourly")]].sum() == 556
    assert top[[f for f in FLAGS if f.startswith("annual")]].sum() == 558
    assert (frame["employment_flag"] == "suppressed").sum() == 1_318
    assert frame["area_code"].nunique() == 54
    assert "01" in set(frame["area_code"])


def test_medical_records_specialists_2025(sources):
    frame = oews(sources, "oews_nat_2025").set_index("soc_code")
    columns = ["employment", "annual_median_wage", "annual_p10_wage", "annual_p90_wage"]
    assert frame.loc["29-2072", columns].tolist() == [194_720, 51_140, 37_000, 81_150]
    assert frame.loc["29-9021", columns[:2]].tolist() == [38_100, 68_020]
    assert not (frame[FLAGS] == "top-coded").any(axis=None)


@pytest.mark.parametrize(
    ("name", "rows", "vintage"),
    [("oews_nat_2015", 1394, "2010"), ("oews_nat_2017", 1382, "2010"),
     ("oews_nat_2018", 1379, "2010"), ("oews_nat_2019", 1329, "hybrid"),
     ("oews_nat_2020", 1329, "hybrid"), ("oews_nat_2021", 1403, "2018"),
     ("oews_nat_2022", 1402, "2018"), ("oews_nat_2023", 1403, "2018"),
     ("oews_nat_2024", 1403, "2018"), ("oews_nat_2025", 1401, "2018")],
)  # fmt: skip
def test_national_years(sources, name, rows, vintage):
    frame = contracts.check("wages", oews(sources, name))
    assert len(frame) == rows
    assert set(frame["soc_vintage"]) == {vintage}
    assert set(frame["area_code"]) == {"99"}
    assert set(frame["state"]) == {"US"}
    assert set(frame["year"]) == {int(name[-4:])}


def test_every_missing_wage_says_why_and_no_present_one_does(sources):
    for name in ("oews_nat_2015", "oews_nat_2021", "oews_st_2025"):
        frame = oews(sources, name)
        for flag in [*FLAGS, "employment_flag"]:
            assert (frame[flag.removesuffix("_flag")].isna() == (frame[flag] != "")).all()


def test_seven_codes_stand_twice_as_broad_and_detailed(sources):
    for name in ("oews_nat_2021", "oews_nat_2024"):
        frame = oews(sources, name)
        twice = frame[frame.duplicated("soc_code", keep=False)]
        assert twice["soc_code"].nunique() == 7
        assert set(twice["occupation_group"]) == {"broad", "detailed"}


def test_the_unmarked_hourly_only_occupations_of_2025_are_those_that_2024_marks(sources):
    marked, unmarked = oews(sources, "oews_nat_2024"), oews(sources, "oews_nat_2025")

    def hourly_only(frame):
        return set(frame.loc[frame["wage_kind"] == "hourly only", "soc_code"])

    assert hourly_only(unmarked) == hourly_only(marked)
    assert "27-2011" in hourly_only(unmarked)


def test_marks_are_kept_apart(tmp_path):
    stars = dict.fromkeys(bls_oews.WAGE_COLUMNS, "*")
    frame = states(tmp_path, [
        row(OCC_CODE="11-1011", H_PCT90="#", A_PCT90="#"),
        row(OCC_CODE="11-1021", **stars),
        row(OCC_CODE="11-1031", **dict.fromkeys(HOURLY, "*"), ANNUAL="TRUE"),
        row(OCC_CODE="27-2011", **dict.fromkeys(ANNUAL, "*"), HOURLY=True),
        row(OCC_CODE="29-2072", TOT_EMP="**", EMP_PRSE="**", LOC_QUOTIENT="**"),
    ]).set_index("soc_code")  # fmt: skip
    assert frame.loc["11-1011", "annual_p90_wage_flag"] == "top-coded"
    assert frame.loc["11-1021", FLAGS].eq("suppressed").all()
    assert frame.loc["11-1031", "wage_kind"] == "annual only"
    assert frame.loc["11-1031", "hourly_mean_wage_flag"] == "not applicable"
    assert frame.loc["11-1031", "annual_mean_wage"] == 42_640
    assert frame.loc["27-2011", "wage_kind"] == "hourly only"
    assert frame.loc["27-2011", "annual_median_wage_flag"] == "not applicable"
    assert frame.loc["29-2072", "employment_flag"] == "suppressed"
    assert pd.isna(frame.loc["29-2072", "employment_rse"])


@pytest.mark.parametrize(
    ("area", "code"), [(1.0, "01"), ("1", "01"), ("01", "01"), (56, "56"), ("72.0", "72")]
)
def test_area_codes(tmp_path, area, code):
    assert states(tmp_path, [row(AREA=area)])["area_code"].tolist() == [code]


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"A_MEDIAN": -51140}, "A_MEDIAN"),
        ({"A_MEDIAN": "n.a."}, "A_MEDIAN"),
        ({"A_MEDIAN": None}, "A_MEDIAN"),
        ({"H_MEAN": True}, "H_MEAN"),
        ({"TOT_EMP": "#"}, "TOT_EMP"),
        ({"TOT_EMP": None}, "TOT_EMP"),
        ({"OCC_CODE": "292072"}, "OCC_CODE"),
        ({"O_GROUP": "county"}, "O_GROUP"),
        ({"AREA": 99}, "AREA"),
        ({"AREA": "Alabama"}, "AREA"),
        ({"OWN_CODE": 5}, "OWN_CODE"),
        ({"ANNUAL": "yes"}, "ANNUAL"),
        ({"ANNUAL": "TRUE", "HOURLY": "TRUE"}, "ANNUAL"),
    ],
)
def test_bad_cells_are_named_by_file_column_and_row(tmp_path, changes, column):
    with pytest.raises(ShapeChanged) as caught:
        states(tmp_path, [row(OCC_CODE="00-0000", O_GROUP="total"), row(**changes)])
    message = str(caught.value)
    assert "state_M2025_dl.xlsx" in message
    assert f"column {column}, row 3" in message


def test_a_renamed_column_a_missing_sheet_another_year_and_no_rows(tmp_path):
    renamed = ["MEDIAN" if name == "A_MEDIAN" else name for name in HEADER]
    with pytest.raises(ShapeChanged, match="A_MEDIAN"):
        states(tmp_path, [row()], header=renamed)
    with pytest.raises(ShapeChanged, match="no sheet state_M2025_dl.*Sheet1"):
        states(tmp_path, [row()], sheet="Sheet1")
    other = workbook(tmp_path, [row()], year=2023)
    with pytest.raises(ShapeChanged, match="the file is .* May 2023, May 2025 was asked for"):
        dataset_of("oews_st_2025").dated(other)
    with pytest.raises(ShapeChanged, match="no rows"):
        states(tmp_path, [])
    with pytest.raises(ShapeChanged, match="expected one workbook"):
        states(tmp_path, [row()], area="national")


def test_a_damaged_workbook_inside_a_whole_zip(tmp_path):
    path = tmp_path / "oesm25st.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("state_M2025_dl.xlsx", b"PK\x03\x04" + b"x" * 100)
    with pytest.raises(SourceFailed, match="state_M2025_dl.xlsx"):
        bls_oews.load_states(path, dataset_of("oews_st_2025"))


def test_names_of_before_2019(tmp_path):
    header = [n for n in HEADER if n not in ("AREA", "AREA_TITLE", "PRIM_STATE", "OWN_CODE")]
    header = ["OCC_GROUP" if n == "O_GROUP" else n for n in header]
    path = workbook(tmp_path, [row(OCC_GROUP="detailed")], area="national", header=header,
                    year=2018)  # fmt: skip
    dataset = dataset_of("oews_nat_2018")
    frame = contracts.check("wages", bls_oews.load_national(path, dataset)["wages"])
    assert frame.loc[0, ["soc_vintage", "area_code", "state"]].tolist() == ["2010", "99", "US"]


@given(st.floats(min_value=0, max_value=1e12), st.sampled_from(["number", "text", "commas"]))
def test_numbers_come_back_as_they_were_written(value, how):
    value = round(value, 2)
    cell = {"number": value, "text": f"{value:.2f}", "commas": f" {value:,.2f} "}[how]
    values, flags = numbers(pd.Series([cell], dtype=object), "file", {"*": "suppressed"})
    assert values[0] == pytest.approx(value)
    assert flags[0] == ""


@given(st.one_of(st.text(), st.none(), st.booleans(), st.floats(), st.integers()))
def test_a_cell_is_a_number_a_mark_or_refused(cell):
    marks = {"*": "suppressed", "#": "top-coded"}
    try:
        values, flags = numbers(pd.Series([cell], dtype=object, name="X"), "file", marks)
    except ShapeChanged:
        return
    assert (flags[0] == "") == (values[0] >= 0)
    if isinstance(cell, str) and cell.strip() in marks:
        assert flags[0] == marks[cell.strip()]
