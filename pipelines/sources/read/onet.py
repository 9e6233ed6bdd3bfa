"""O*NET: the text release, the workbooks of another release, and O*NET 18.

The layout of the files is in O*NET's data dictionary, https://www.onetcenter.org/dictionary/.
From release 30.3 ``Skills.txt`` is two files and ``Technology Skills.txt`` has another name.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from pipelines.base.errors import ShapeChanged
from pipelines.sources.dataset import Dataset
from pipelines.sources.files import archives
from pipelines.sources.read import delimited, onet_checks

CODE = "O*NET-SOC Code"
_MISSING = ("n/a", "")
_RATING = (CODE, "Element ID", "Element Name", "Scale ID", "Data Value")
_RATING_OPTIONAL = ("Standard Error", "Recommend Suppress", "Not Relevant", "Date")
#: Of a file with percents by category: education, and the frequency among the task ratings.
_CATEGORIES = (
    "Scale ID", "Category", "Data Value", "N", "Standard Error", "Recommend Suppress", "Date",
)  # fmt: skip
_TASKS = (CODE, "Task ID", "Task", "Task Type", "Incumbents Responding", "Date", "Domain Source")
#: Domain -> the file sets that may hold it, newest naming first.
_DOMAINS = {
    "skills": (("Essential Skills.txt", "Transferable Skills.txt"), ("Skills.txt",)),
    "knowledge": (("Knowledge.txt",),),
    "work_styles": (("Work Styles.txt",),),
    "abilities": (("Abilities.txt",),),
    "work_activities": (("Work Activities.txt",),),
    "work_context": (("Work Context.txt",),),
}
_MANDATORY = ("skills", "knowledge")
#: Means only: CXP and CTP are percents by category, several rows for one element.
_PERCENT_SCALES = ("CXP", "CTP")


class _Texts:
    """The tab-separated files of one open release."""

    def __init__(self, archive: zipfile.ZipFile, where: str) -> None:
        self.archive, self.where = archive, where

    def has(self, name: str) -> bool:
        return archives.find(self.archive, name) is not None

    def read(self, name: str, columns: Sequence[str], optional: Sequence[str] = ()) -> pd.DataFrame:
        data = archives.read_member(self.archive, name, self.where)
        return delimited.read_text(
            data, self.at(name), columns, missing=_MISSING, optional=optional
        )

    def at(self, name: str) -> str:
        return f"{self.where}, {name}"


def load_text(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Tables of an O*NET text release (``db_<v>_text.zip``).

    Returns
    -------
    dict of DataFrame
        ``occupations, tasks, task_ratings, task_dwas, dwas, job_zones, education_training,
        related_occupations, elements, technology_skills, alternate_titles`` with the columns
        of contracts.toml. Abilities, Work Activities, Work Context and Work Styles are rows of
        ``elements`` where the release has them. A release without one of the files that key
        on tasks gives no table of tasks (`holds`).

    Raises
    ------
    SourceFailed, ShapeChanged
        Not a sound zip; a mandatory file or column is missing; a value is not as documented.
    """
    with archives.open_zip(path, dataset.url) as archive:
        texts = _Texts(archive, dataset.url)
        occupations = texts.read("Occupation Data.txt", (CODE, "Title", "Description"))
        education = "Education, Training, and Experience.txt"
        by_code = {
            "occupations": _occupations(occupations),
            "job_zones": _job_zones(texts),
            "education_training": _education(
                texts.read(education, (CODE, *_CATEGORIES)), texts.at(education)
            ),
            "related_occupations": _related(texts),
            "elements": _elements(texts),
            "technology_skills": _technology(texts),
            "alternate_titles": _titles(texts),
        }
        found = {name: frame.assign(edition=dataset.release) for name, frame in by_code.items()}
        if not onet_checks.is_whole(archive):
            return found
        where = texts.at("Task Statements.txt")
        return found | {
            "tasks": _tasks(texts.read("Task Statements.txt", _TASKS), where),
            "task_ratings": _task_ratings(texts),
            "task_dwas": _task_dwas(texts),
            "dwas": _dwas(texts),
        }


def holds(path: Path, dataset: Dataset) -> tuple[str, ...]:
    """Of a dataset's tables, those that this text release can fill; see `load_text`."""
    with archives.open_zip(path, dataset.url) as archive:
        whole = onet_checks.is_whole(archive)
    of_tasks = ("tasks", "task_ratings", "task_dwas", "dwas")
    return tuple(name for name in dataset.tables if whole or name not in of_tasks)


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
        name = "Education, Training, and Experience.xlsx"
        education = _education(*read(name, (CODE, *_CATEGORIES)))
        titles = _title_rows(reported, "Reported Job Title", "reported")
        return {
            "education_training": education.assign(edition=dataset.release),
            "alternate_titles": titles.assign(edition=dataset.release),
        }


def load_18(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """``elements_2010``: Work Context, Work Activities and Abilities of O*NET 18 (means)."""
    parts = []
    with archives.open_zip(path, dataset.url) as archive:
        texts = _Texts(archive, dataset.url)
        for domain in ("abilities", "work_activities", "work_context"):
            name = _DOMAINS[domain][0][0]
            frame = texts.read(name, _RATING)
            # The full release also carries percents by category and, for two domains, levels.
            kept = frame[~frame["Scale ID"].isin([*_PERCENT_SCALES, "LV"])]
            parts.append(
                pd.DataFrame(
                    {
                        "onet_soc_2010_code": kept[CODE],
                        "domain": domain,
                        "element_id": kept["Element ID"],
                        "element_name": kept["Element Name"],
                        "scale_id": kept["Scale ID"],
                        "value": delimited.numbers(kept["Data Value"], texts.at(name)),
                    }
                )
            )
    elements = pd.concat(parts, ignore_index=True)
    return {"elements_2010": onet_checks.check_domains(elements, dataset.url)}


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


def _task_ratings(texts: _Texts) -> pd.DataFrame:
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


def _task_dwas(texts: _Texts) -> pd.DataFrame:
    name = "Tasks to DWAs.txt"
    frame = texts.read(name, (CODE, "Task ID", "DWA ID"))
    return pd.DataFrame(
        {
            "onet_soc_code": frame[CODE],
            "task_id": delimited.numbers(frame["Task ID"], texts.at(name), whole=True),
            "dwa_id": frame["DWA ID"],
        }
    )


def _dwas(texts: _Texts) -> pd.DataFrame:
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


def _job_zones(texts: _Texts) -> pd.DataFrame:
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


def _related(texts: _Texts) -> pd.DataFrame:
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


def _elements(texts: _Texts) -> pd.DataFrame:
    parts = []
    for domain, namings in _DOMAINS.items():
        files = next((files for files in namings if all(map(texts.has, files))), None)
        if files is None:
            if domain in _MANDATORY:
                wanted = " or ".join(" + ".join(files) for files in namings)
                raise ShapeChanged(texts.where, f"the zip has no file {wanted}", delimited.ADVICE)
            continue
        for name in files:
            frame = texts.read(name, _RATING, _RATING_OPTIONAL)
            frame = frame[~frame["Scale ID"].isin(_PERCENT_SCALES)].reset_index(drop=True)
            where = texts.at(name)
            parts.append(
                pd.DataFrame(
                    {
                        "onet_soc_code": frame[CODE],
                        "domain": domain,
                        "element_id": frame["Element ID"],
                        "element_name": frame["Element Name"],
                        "scale_id": frame["Scale ID"],
                        "value": delimited.numbers(frame["Data Value"], where),
                        "standard_error": delimited.numbers(frame["Standard Error"], where),
                        "recommend_suppress": delimited.yes(frame["Recommend Suppress"], where),
                        "not_relevant": delimited.yes(frame["Not Relevant"], where),
                        "date": frame["Date"],
                    }
                )
            )
    return onet_checks.check_domains(pd.concat(parts, ignore_index=True), texts.where)


def _technology(texts: _Texts) -> pd.DataFrame:
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


def _titles(texts: _Texts) -> pd.DataFrame:
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
