"""OEWS by area: to the row, with marks as flags, and refused where it is not as contracted."""

from pathlib import Path

import pytest
from faults import mirror

from pipelines.base.errors import ShapeChanged
from pipelines.sources.catalog import dataset_of
from pipelines.sources.read.bls_areas import load_areas

DATASET = dataset_of("oews_ma_2025")


@pytest.fixture(scope="module")
def frame(sources):
    return load_areas(Path(sources) / DATASET.mirror_path, DATASET)["area_wages"]


def test_every_row_and_every_mark_is_there(frame):
    kinds = frame["area_type"].value_counts().to_dict()
    assert kinds == {"metropolitan": 150_023, "nonmetropolitan": 48_264}
    areas = frame.drop_duplicates("area_code")["area_type"].value_counts().to_dict()
    assert areas == {"metropolitan": 393, "nonmetropolitan": 135}
    assert (frame["employment_flag"] == "suppressed").sum() == 3_692
    assert (frame["annual_mean_wage_flag"] == "suppressed").sum() == 1_942
    assert frame["wage_kind"].value_counts().to_dict() == {
        "both": 187_802, "annual only": 10_285, "hourly only": 200,
    }  # fmt: skip
    assert (frame["soc_code"] == "29-2072").sum() == 507


def test_codes_keep_their_zeros(frame):
    assert frame.loc[frame["state"] == "AL", "area_code"].isin(["0100001"]).any()


def changed(tmp_path, column, value):
    made = mirror.SOURCES["oews_ma_2025"]()
    table = made.tables["MSA_M2025_dl.xlsx"]
    table.rows[1][table.header.index(column)] = value
    path = tmp_path / "oesm25ma.zip"
    path.write_bytes(mirror.encode(made))
    return path


def test_the_made_file_is_read(tmp_path):
    path = changed(tmp_path, "TOT_EMP", "**")
    frame = load_areas(path, DATASET)["area_wages"]
    assert frame["employment_flag"].tolist().count("suppressed") == 1
    assert set(frame["area_code"]) == {"18140", "0100001"}


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("TOT_EMP", "n/a", "column TOT_EMP, row 3: 'n/a' is neither a number"),
        ("A_MEDIAN", 0, "column A_MEDIAN, row 3: '0' is 0, which is no wage"),
        ("AREA", "1814", "column AREA, row 3: '1814' is not a metropolitan area's code"),
        ("OWN_CODE", "5", "column OWN_CODE, row 3"),
    ],
)
def test_a_wrong_cell_is_named_by_column_and_row(tmp_path, column, value, said):
    with pytest.raises(ShapeChanged, match=said):
        load_areas(changed(tmp_path, column, value), DATASET)
