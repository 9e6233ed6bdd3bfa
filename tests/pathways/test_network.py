"""What path queries start from: each figure under the code that its publisher gives it by."""

import numpy as np
import pandas as pd
import pytest
from made_network import CODES, made
from made_wages import wage_row

from pipelines.base.contracts import contracts
from pipelines.pathways.routes.network import REQUIRED_TABLES, moves, pathway_data
from pipelines.pathways.schooling.costs import prices
from pipelines.pathways.schooling.education import EDUCATION_LEVELS

RECORDS, PARTS, NURSE = "29-2072", ["29-2011", "29-2012"], "29-1141"
JOINT = "29-2010"  # BLS's code for both parts


def tables():
    """Records specialists, two parts of a joint code, and nurses, whom O*NET does not have."""
    own = [RECORDS, JOINT, NURSE]
    wages = [wage_row(2025, code, 100.0 * i, 1000.0 * i) for i, code in enumerate(own, 3)]
    wages += [wage_row(2024, RECORDS, 9, 9), wage_row(2025, RECORDS, 9, 9, "OH")]
    onet = [f"{RECORDS}.00", f"{RECORDS}.01", *(f"{code}.00" for code in PARTS)]
    survey = pd.DataFrame(
        [(code, "RL", 6, 60.0) for code in onet] + [(code, "RL", 5, 40.0) for code in onet],
        columns=["onet_soc_code", "scale_id", "category", "percent"],
    )
    return {
        "wages": pd.DataFrame(wages).assign(annual_p25_wage=lambda f: f["annual_median_wage"] / 2),
        "projections": pd.DataFrame(
            {
                "base_year": 2024, "soc_code": own, "title": ["R", "J", "N"],
                "typical_education": [EDUCATION_LEVELS[3], EDUCATION_LEVELS[4], None],
                "work_experience": ["Less than 5 years", "None", None],
                "job_training": ["Apprenticeship", "None", None],
                "annual_openings": [3.0, 4.0, 5.0],
                "employment_change_percent": [6.0, 7.0, 8.0],
            }
        ),
        "occupations": pd.DataFrame(
            {"onet_soc_code": onet, "soc_code": [code[:7] for code in onet],
             "title": ["Records", "Special", "Part 1", "Part 2"]}
        ),
        "job_zones": pd.DataFrame({"onet_soc_code": onet, "job_zone": [2, 3, 4, 5]}),
        "onet_soc_to_soc": pd.DataFrame(
            {"onet_soc_code": [*onet, f"{NURSE}.00"],
             "nem_code": [RECORDS, RECORDS, JOINT, JOINT, NURSE]}
        ),
        "task_dwas": pd.DataFrame({"onet_soc_code": onet, "dwa_id": ["a", "b", "c", "d"]}),
        "education_training": survey.assign(recommend_suppress=False),
        "education_attainment": pd.DataFrame(
            {"soc_code": own, "level": EDUCATION_LEVELS[2], "percent": [50.0, 60.0, 70.0],
             "exact_match": True}
        ),
    }  # fmt: skip


SIMILAR = pd.DataFrame(
    [(RECORDS, 1, PARTS[1], 0.5000004), (RECORDS, 2, NURSE, 0.25), (PARTS[0], 1, RECORDS, 0.4),
     (PARTS[1], 1, RECORDS, 0.3), (NURSE, 1, RECORDS, 0.2)],
    columns=["from_soc", "rank", "to_soc", "score"],
)  # fmt: skip


@pytest.fixture(scope="module")
def data():
    exposure = pd.DataFrame(
        {"onet_soc_code": [f"{RECORDS}.00", f"{RECORDS}.01", f"{PARTS[0]}.00"],
         "exposure": [0.2, 0.4, 0.6], "exposure_low": [0.1, 0.3, 0.5]}
    )  # fmt: skip
    return pathway_data(tables(), exposure, SIMILAR)


def test_each_occupation_has_the_figures_of_the_code_they_are_published_by(data):
    assert data.table.index.tolist() == [NURSE, *PARTS, RECORDS]
    assert data.table.index.name == "soc_code"
    frame = data.table.T
    assert frame.loc["title"].tolist() == ["N", "Part 1", "Part 2", "Records"]
    assert frame.loc["figures_code"].tolist() == [NURSE, JOINT, JOINT, RECORDS]
    assert frame.loc["wage_code"].tolist() == [NURSE, JOINT, JOINT, RECORDS]
    assert frame.loc["job_training"].tolist()[1:] == ["None", "None", "Apprenticeship"]
    np.testing.assert_array_equal(data.training[:, 3], [3, 4, 5])
    np.testing.assert_array_equal(data.training_years, [np.nan, 0, 0, 4])
    assert frame.loc["employment"].tolist() == [500, 400, 400, 300]
    assert frame.loc["annual_p25_wage"].tolist() == [2500, 2000, 2000, 1500]
    assert frame.loc["attainment_percent"].tolist() == [70, 60, 60, 50]
    assert frame.loc["attainment_exact"].tolist() == [True] * 4
    assert frame.loc["onet_education_percent"].tolist()[1:] == [60, 60, 60]
    assert frame.loc["onet_education"].tolist()[1:] == [EDUCATION_LEVELS[5]] * 3
    assert pd.isna(frame.loc["onet_education", NURSE])
    assert frame.loc["onet_education_summary", RECORDS] == (
        "Associate's degree 40 %; Bachelor's degree 60 %"
    )
    assert frame.loc["licence", NURSE].startswith("registered nurse")
    assert "education_sentence" in frame.index


def test_numbers_are_those_of_the_table_and_what_bls_does_not_say_is_not_known(data):
    assert data.level.tolist() == [-1, 4, 4, 3]
    assert data.wage.tolist() == [5000, 4000, 4000, 3000]
    assert data.openings.tolist() == [5, 4, 4, 3]
    np.testing.assert_array_equal(data.zone, [np.nan, 4, 5, 2.5])  # the mean of specialties
    np.testing.assert_array_equal(data.experience_years, [np.nan, 0, 0, 2])
    assert data.exposure == pytest.approx([np.nan, 0.6, np.nan, 0.3], nan_ok=True)
    assert data.table["exposure_low"].to_numpy() == pytest.approx(
        [np.nan, 0.5, np.nan, 0.2], nan_ok=True
    )
    assert data.table["exposure_high"].isna().all()


def test_the_most_similar_stand_by_rank_with_scores_of_six_digits(data):
    assert data.to.tolist() == [[3, -1], [3, -1], [3, -1], [2, 0]]
    assert data.score.tolist() == [[0.2, 0], [0.4, 0], [0.3, 0], [0.5, 0.25]]
    found = moves(data, f"{RECORDS}.00", "high school")
    assert found["to_soc"].tolist() == [PARTS[1], NURSE]
    assert found["employment_change_percent"].tolist() == [7, 8]


def test_a_price_of_tuition_is_that_given_and_exposure_may_stand_by_soc_code():
    asked = prices({"per_year": {"two_year": 1000}})
    priced = pathway_data(tables(), None, SIMILAR, asked)
    assert priced.tuition[0, 1, 4] == 2000
    assert priced.table["exposure"].isna().all()
    by_code = pd.DataFrame({"soc_code": [RECORDS], "exposure": [0.7], "exposure_high": [0.9]})
    found = pathway_data(tables(), by_code, SIMILAR).table.loc[RECORDS]
    assert found[["exposure", "exposure_high"]].tolist() == [0.7, 0.9]


def test_tables_that_paths_need_are_tables_of_a_release():
    assert set(REQUIRED_TABLES) <= set(contracts())


def test_a_license_is_of_one_field_whoever_gives_it():
    table = made().table.assign(
        licence=["", "technologist (state A)", "technologist that scans", "nurse"]
    )
    data = made(table=table)
    assert data.licence_field.tolist() == [0, *data.licence_field[[1, 1]], data.licence_field[3]]
    first = np.zeros(4, int)
    assert data.own_field(first, np.arange(4)).tolist() == [0, 1, 1, 1]
    assert data.own_field(first + 1, np.arange(4)).tolist() == [0, 0, 0, 1]
    assert made(table=table.drop(columns="licence")).licence_field.tolist() == [0] * len(CODES)
