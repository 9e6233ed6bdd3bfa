"""O*NET: the text release, the workbooks of another release, and O*NET 18.

The layout of the files is in O*NET's data dictionary, https://www.onetcenter.org/dictionary/.
From release 30.3 ``Skills.txt`` is two files and ``Technology Skills.txt`` has another name.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from pipelines.base import contracts
from pipelines.sources.dataset import Dataset
from pipelines.sources.files import archives
from pipelines.sources.read import delimited, onet_checks, onet_elements
from pipelines.sources.read.onet_files import CODE, Texts

#: Of a file with percents by category: education, and the frequency among the task ratings.
_CATEGORIES = (
    "Scale ID", "Category", "Data Value", "N", "Standard Error", "Recommend Suppress", "Date",
)  # fmt: skip
_TASKS = (CODE, "Task ID", "Task", "Task Type", "Incumbents Responding", "Date", "Domain Source")


def load_text(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Tables of an O*NET text release (``db_<v>_text.zip``).

    Returns
    -------
    dict of DataFrame
        ``occupations, tasks, task_ratings, task_dwas, dwas, job_zones, education_training,
        related_occupations, elements, technology_skills, alternate_titles`` with the columns
        of contracts.toml. Abilities, Work Activities, Work Context and Work Styles are rows of
        ``elements`` where the release has them. A release without one of the files that key on
        tasks gives no table of tasks: another, whole one does.

    Raises
    ------
    SourceFailed, ShapeChanged
        Not a sound zip; a mandatory file or column is missing; a value is not as documented.
    """
    with archives.open_zip(path, dataset.url) as archive:
        texts = Texts(archive, dataset.url)
        occupations = texts.read("Occupation Data.txt", (CODE, "Title", "Description"))
        education = "Education, Training, and Experience.txt"
        tables = {
            "occupations": _occupations(occupations),
            "job_zones": _job_zones(texts),
            "education_training": _education(
                texts.read(education, (CODE, *_CATEGORIES)), texts.at(education)
            ),
            "related_occupations": _related(texts),
            "elements": onet_elements.ratings(texts),
            "technology_skills": _technology(texts),
            "alternate_titles": _titles(texts),
        }
        if onet_checks.is_whole(archive):
            tables |= {table: read(texts) for table, read in _OF_TASKS.items()}
    return _marked(tables, dataset.release)


def holds(path: Path, dataset: Dataset) -> tuple[str, ...]:
    """Of a dataset's tables, those that this text release can fill; see `load_text`."""
    with archives.open_zip(path, dataset.url) as archive:
        whole = onet_checks.is_whole(archive)
    return tuple(name for name in dataset.tables if whole or name not in _OF_TASKS)


def load_workbooks(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Tables of an O*NET workbook release (``db_<v>_excel.zip``).

    Returns
    -------
    dict of DataFrame
        ``education_training, alternate_titles`` (reported titles only).

    Raises
    ------
    SourceFailed, ShapeChanged
        As `load_text`.
    """
    with archives.open_zip(path, dataset.url) as archive:

        def read(name: str, columns: Sequence[str]) -> tuple[pd.DataFrame, str]:
            where = f"{dataset.url}, {name}"
            data = archives.read_member(archive, name, dataset.url)
            sheet = delimited.read_sheet(data, 0, columns, where)
            # The workbooks leave empty what the text files call n/a.
            return sheet.where(sheet != "n/a", ""), where

        reported, _ = read("Sample of Reported Titles.xlsx", (CODE, "Reported Job Title"))
        tables = {
            "education_training": _education(
                *read("Education, Training, and Experience.xlsx", (CODE, *_CATEGORIES))
            ),
            "alternate_titles": _title_rows(reported, "Reported Job Title", "reported"),
        }
    return _marked(tables, dataset.release)


def load_18(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """``elements_2010``: Work Context, Work Activities and Abilities of O*NET 18 (means)."""
    with archives.open_zip(path, dataset.url) as archive:
        means = onet_elements.means_2010(Texts(archive, dataset.url))
        return _marked({"elements_2010": means}, dataset.release)


def _marked(tables: dict[str, pd.DataFrame], edition: str) -> dict[str, pd.DataFrame]:
    """The same, with the edition beside every row of the tables that name it."""
    named = {name for name, table in contracts.contracts().items() if "edition" in table.names}
    return {
        name: frame.assign(edition=edition) if name in named else frame
        for name, frame in tables.items()
    }


def _occupations(frame: pd.DataFrame) -> pd.DataFrame:
    code = delimited.strings(frame[CODE])
    return pd.DataFrame(
        {
            "onet_soc_code": code,
            "soc_code": code.str[:7],
            "title": delimited.strings(frame["Title"]),
            "description": delimited.strings(frame["Description"]),
            "has_tasks": False,  # told when the release whose tasks are used is joined
        }
    )


def _tasks(frame: pd.DataFrame, where: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "onet_soc_code": delimited.strings(frame[CODE]),
            "task_id": delimited.numbers(frame["Task ID"], where, whole=True),
            "task": delimited.strings(frame["Task"]),
            "task_text_source": "O*NET",
            "task_type": delimited.strings(frame["Task Type"]),
            "incumbents_responding": delimited.numbers(frame["Incumbents Responding"], where),
            "date": delimited.strings(frame["Date"]),
            "domain_source": delimited.strings(frame["Domain Source"]),
        }
    )


def _task_statements(texts: Texts) -> pd.DataFrame:
    name = "Task Statements.txt"
    return _tasks(texts.read(name, _TASKS), texts.at(name))


def _task_ratings(texts: Texts) -> pd.DataFrame:
    name = "Task Ratings.txt"
    where = texts.at(name)
    frame = texts.read(name, (CODE, "Task ID", *_CATEGORIES))
    return pd.DataFrame(
        {
            "onet_soc_code": frame[CODE],
            "task_id": delimited.numbers(frame["Task ID"], where, whole=True),
            "scale_id": frame["Scale ID"],
            # Only FT has categories; 0 keeps the column whole in the key.
            "category": delimited.numbers(frame["Category"].fillna("0"), where, whole=True),
            "value": delimited.numbers(frame["Data Value"], where),
            "n": delimited.numbers(frame["N"], where),
            "standard_error": delimited.numbers(frame["Standard Error"], where),
            "recommend_suppress": delimited.yes(frame["Recommend Suppress"], where),
            "date": frame["Date"],
        }
    )


def _task_dwas(texts: Texts) -> pd.DataFrame:
    name = "Tasks to DWAs.txt"
    frame = texts.read(name, (CODE, "Task ID", "DWA ID"))
    return pd.DataFrame(
        {
            "onet_soc_code": frame[CODE],
            "task_id": delimited.numbers(frame["Task ID"], texts.at(name), whole=True),
            "dwa_id": frame["DWA ID"],
        }
    )


def _dwas(texts: Texts) -> pd.DataFrame:
    dwas = texts.read("DWA Reference.txt", ("Element ID", "IWA ID", "DWA ID", "DWA Title"))
    iwas = texts.read("IWA Reference.txt", ("IWA ID", "IWA Title"))
    titles = iwas.drop_duplicates("IWA ID").set_index("IWA ID")["IWA Title"]
    return pd.DataFrame(
        {
            "dwa_id": dwas["DWA ID"],
            "dwa_title": dwas["DWA Title"],
            "iwa_id": dwas["IWA ID"],
            "iwa_title": dwas["IWA ID"].map(titles).astype("str"),
            "gwa_id": dwas["Element ID"],
        }
    )


def _job_zones(texts: Texts) -> pd.DataFrame:
    frame = texts.read("Job Zones.txt", (CODE, "Job Zone", "Date"))
    return pd.DataFrame(
        {
            "onet_soc_code": frame[CODE],
            "job_zone": delimited.numbers(frame["Job Zone"], texts.at("Job Zones.txt"), whole=True),
            "date": frame["Date"],
        }
    )


def _education(frame: pd.DataFrame, where: str) -> pd.DataFrame:
    # IM rows (certification, apprenticeship) rate importance and have no categories.
    frame = frame[frame["Scale ID"] != "IM"].reset_index(drop=True)
    return pd.DataFrame(
        {
            "onet_soc_code": delimited.strings(frame[CODE]),
            "scale_id": delimited.strings(frame["Scale ID"]),
            "category": delimited.numbers(frame["Category"], where, whole=True),
            "percent": delimited.numbers(frame["Data Value"], where),
            "n": delimited.numbers(frame["N"], where),
            "standard_error": delimited.numbers(frame["Standard Error"], where),
            "recommend_suppress": delimited.yes(frame["Recommend Suppress"], where),
            "date": delimited.strings(frame["Date"]),
        }
    )


def _related(texts: Texts) -> pd.DataFrame:
    name = "Related Occupations.txt"
    frame = texts.read(name, (CODE, "Related O*NET-SOC Code", "Relatedness Tier", "Index"))
    return pd.DataFrame(
        {
            "onet_soc_code": frame[CODE],
            "related_onet_soc_code": frame["Related O*NET-SOC Code"],
            "tier": frame["Relatedness Tier"],
            "rank": delimited.numbers(frame["Index"], texts.at(name), whole=True),
        }
    )


def _technology(texts: Texts) -> pd.DataFrame:
    name = "Software Skills.txt" if texts.has("Software Skills.txt") else "Technology Skills.txt"
    where = texts.at(name)
    frame = texts.read(
        name,
        (CODE, "Example", "Commodity Code", "Commodity Title", "Hot Technology"),
        ("In Demand",),
    )
    return pd.DataFrame(
        {
            "onet_soc_code": frame[CODE],
            "example": delimited.strings(frame["Example"]),
            "commodity_code": delimited.numbers(frame["Commodity Code"], where, whole=True),
            "commodity_title": frame["Commodity Title"],
            "hot_technology": delimited.yes(frame["Hot Technology"], where),
            "in_demand": delimited.yes(frame["In Demand"], where),
        }
    )


def _titles(texts: Texts) -> pd.DataFrame:
    frame = texts.read("Alternate Titles.txt", (CODE, "Alternate Title"), ("Short Title",))
    parts = [
        _title_rows(frame, "Alternate Title", "alternate"),
        _title_rows(frame, "Short Title", "short"),
    ]
    if texts.has("Sample of Reported Titles.txt"):
        reported = texts.read("Sample of Reported Titles.txt", (CODE, "Reported Job Title"))
        parts.append(_title_rows(reported, "Reported Job Title", "reported"))
    return pd.concat(parts, ignore_index=True)


def _title_rows(frame: pd.DataFrame, column: str, kind: str) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "onet_soc_code": delimited.strings(frame[CODE]),
            "title": delimited.strings(frame[column]),
            "kind": kind,
        }
    )
    # One abbreviation may stand for several alternate titles of an occupation.
    return rows.dropna(subset="title").drop_duplicates(ignore_index=True)


#: What reads the tables that key on task ids, or on the activities that tasks are linked to.
_OF_TASKS = {
    "tasks": _task_statements,
    "task_ratings": _task_ratings,
    "task_dwas": _task_dwas,
    "dwas": _dwas,
}
