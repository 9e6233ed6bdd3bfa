"""O*NET: the counts of the real releases, and the file names of releases to come."""

from __future__ import annotations

import zipfile
from dataclasses import replace

import pytest

from pipelines.base import contracts
from pipelines.base.errors import ShapeChanged
from pipelines.sources.catalog import dataset_of
from pipelines.sources.read import onet

RATED = "O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\tRecommend Suppress\tDate"
OPENING = "29-2072.00\t"
#: The made release names its files as 30.3 does.
MADE = replace(dataset_of("onet_29_3"), release="30.3")


def release(path, rename=None, without=()):
    """A made text release of one occupation, named as 30.3 names its files."""
    files = {
        "Occupation Data": ["O*NET-SOC Code\tTitle\tDescription", OPENING + "Records\tMade up"],
        "Task Statements": [
            "O*NET-SOC Code\tTask ID\tTask\tTask Type\tIncumbents Responding\tDate\tDomain Source",
            OPENING + '7\tSay "hello" to None\tn/a\tn/a\t08/2023\tAnalyst',
        ],
        "Task Ratings": [
            "O*NET-SOC Code\tTask ID\tScale ID\tCategory\tData Value\tN\tStandard Error"
            "\tRecommend Suppress\tDate",
            OPENING + "7\tIM\tn/a\t4.5\t20\t0.1\tN\t08/2023",
            OPENING + "7\tFT\t7\t61.5\t20\t0.1\tY\t08/2023",
        ],
        "Tasks to DWAs": ["O*NET-SOC Code\tTask ID\tDWA ID", OPENING + "7\t4.A.1.a.1.I01.D01"],
        "DWA Reference": [
            "Element ID\tIWA ID\tDWA ID\tDWA Title",
            "4.A.1.a.1\t4.A.1.a.1.I01\t4.A.1.a.1.I01.D01\tGreet",
        ],
        "IWA Reference": ["Element ID\tIWA ID\tIWA Title", "4.A.1.a.1\t4.A.1.a.1.I01\tMeet"],
        "Job Zones": ["O*NET-SOC Code\tJob Zone\tDate", OPENING + "3\t08/2023"],
        "Education, Training, and Experience": [
            "O*NET-SOC Code\tScale ID\tCategory\tData Value\tN\tStandard Error"
            "\tRecommend Suppress\tDate",
            OPENING + "RL\t3\t40\t20\tn/a\tN\t08/2023",
            OPENING + "IM\tn/a\t2\t20\tn/a\tN\tn/a",
        ],
        "Related Occupations": [
            "O*NET-SOC Code\tRelated O*NET-SOC Code\tRelatedness Tier\tIndex",
            OPENING + "29-9021.00\tPrimary-Short\t1",
        ],
        "Essential Skills": [RATED, OPENING + "2.A.1.a\tReading\tIM\t4\tN\t08/2023"],
        "Transferable Skills": [RATED, OPENING + "2.B.1.a\tMeeting\tIM\t3\tn/a\t08/2023"],
        "Knowledge": [RATED, OPENING + "2.C.1.a\tClerical\tLV\t5\tY\t08/2023"],
        "Work Context": [
            RATED,
            OPENING + "4.C.1.a\tTelephone\tCX\t5\tN\t08/2023",
            OPENING + "4.C.1.a\tTelephone\tCXP\t50\tN\t08/2023",
            OPENING + "4.C.1.a\tTelephone\tCXP\t50\tN\t08/2023",
        ],
        "Alternate Titles": [
            "O*NET-SOC Code\tAlternate Title\tShort Title",
            OPENING + "Coding Clerk\tCC",
            OPENING + "Code Clerk\tCC",
        ],
        "Software Skills": [
            "O*NET-SOC Code\tExample\tCommodity Code\tCommodity Title\tHot Technology\tIn Demand",
            OPENING + "None\t432\tOffice\tY\tN",
        ],
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, lines in files.items():
            if name not in without:
                name = (rename or {}).get(name, name)
                archive.writestr(f"db_30_3_text/{name}.txt", "\r\n".join([*lines, ""]))
    return path


def test_a_release_with_the_new_file_names_loads_into_the_contracts(tmp_path):
    loaded = onet.load_text(release(tmp_path / "db_30_3_text.zip"), MADE)
    checked = {name: contracts.check(name, frame) for name, frame in loaded.items()}
    assert checked["elements"]["domain"].tolist() == [
        "skills",
        "skills",
        "knowledge",
        "work_context",
    ]
    assert checked["technology_skills"]["example"].tolist() == ["None"]  # a word, not a gap
    assert checked["tasks"]["task"].tolist() == ['Say "hello" to None']
    assert checked["tasks"]["task_type"].isna().all()
    assert checked["task_ratings"]["category"].tolist() == [7, 0]
    assert checked["education_training"]["scale_id"].tolist() == ["RL"]
    assert sorted(checked["alternate_titles"]["kind"]) == ["alternate", "alternate", "short"]


def test_the_old_file_names_load_the_same(tmp_path):
    path = release(
        tmp_path / "db.zip",
        {"Essential Skills": "Skills", "Software Skills": "Technology Skills"},
        without=["Transferable Skills"],
    )
    loaded = onet.load_text(path, MADE)
    assert loaded["elements"]["domain"].tolist() == ["skills", "knowledge", "work_context"]
    assert len(loaded["technology_skills"]) == 1


@pytest.mark.parametrize(
    ("file", "table"),
    [
        ("Task Statements", "tasks"),
        ("Task Ratings", "task_ratings"),
        ("Tasks to DWAs", "task_dwas"),
    ],
)
def test_an_edition_without_a_file_of_tasks_gives_its_other_tables(tmp_path, file, table):
    path = release(tmp_path / "db.zip", without=[file])
    loaded = onet.load_text(path, MADE)
    assert table not in loaded
    assert loaded["occupations"]["edition"].tolist() == ["30.3"]
    assert set(loaded["elements"]["edition"]) == {"30.3"}


def test_another_release_under_the_address_is_named(tmp_path):
    with pytest.raises(ShapeChanged, match=r"the file is O\*NET .* 30\.3, 29\.3 was asked for"):
        dataset_of("onet_29_3").dated(release(tmp_path / "db.zip"))


@pytest.mark.parametrize(
    "name", ["Knowledge", "Essential Skills", "Software Skills", "IWA Reference"]
)
def test_a_missing_mandatory_file_is_named(tmp_path, name):
    path = release(tmp_path / "db.zip", without=[name])
    with pytest.raises(ShapeChanged, match=name.replace("Software", "Technology")):
        onet.load_text(path, MADE)


@pytest.fixture(scope="module")
def text_release(sources):
    dataset = dataset_of("onet_29_3")
    return onet.load_text(sources / dataset.mirror_path, dataset)


def test_counts_of_29_3_to_the_row(text_release):
    rows = {name: len(frame) for name, frame in text_release.items()}
    assert rows["occupations"] == 1016
    assert text_release["tasks"]["onet_soc_code"].nunique() == 923
    assert (rows["tasks"], rows["task_ratings"]) == (18796, 35278)
    assert (rows["task_dwas"], rows["dwas"]) == (23233, 2087)
    assert (rows["job_zones"], rows["related_occupations"]) == (923, 18460)
    assert text_release["dwas"]["iwa_id"].nunique() == 332
    assert text_release["task_ratings"]["task_id"].nunique() == 17639
    assert text_release["elements"].groupby("domain").size().to_dict() == {
        "knowledge": 58014,
        "skills": 61530,
        "work_styles": 14064,
    }


def test_the_medical_records_specialist_has_tasks_and_no_ratings(text_release):
    tasks, ratings = text_release["tasks"], text_release["task_ratings"]
    assert (tasks["onet_soc_code"] == "29-2072.00").any()
    assert not (ratings["onet_soc_code"] == "29-2072.00").any()


def test_required_education_adds_up_to_a_hundred(text_release):
    frame = text_release["education_training"]
    sums = frame.groupby(["onet_soc_code", "scale_id"])["percent"].sum()
    assert sums.between(99.5, 100.5).all()


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ("Importance of Being Exact or Accurate", 4.71),
        ("Importance of Repeating Same Tasks", 4.55),
        ("Consequence of Error", 1.87),
        ("Time Pressure", 3.89),
        ("Spend Time Sitting", 4.36),
        ("Spend Time Making Repetitive Motions", 3.82),
    ],
)
def test_work_context_of_the_old_code_meets_the_published_means(elements_2010, element, value):
    row = elements_2010[
        (elements_2010["onet_soc_2010_code"] == "29-2071.00")
        & (elements_2010["element_name"] == element)
    ]
    assert row["value"].tolist() == [value]


@pytest.fixture(scope="module")
def elements_2010(sources):
    dataset = dataset_of("onet_18")
    return onet.load_18(sources / dataset.mirror_path, dataset)["elements_2010"]


def test_counts_of_18(elements_2010):
    assert elements_2010.groupby("domain").size().to_dict() == {
        "abilities": 47996,
        "work_activities": 37843,
        "work_context": 52592,
    }
    assert set(elements_2010["scale_id"]) == {"IM", "CX", "CT"}
