"""Schools: IPEDS (completions, institutions, charges), College Scorecard, CIP to SOC.

Codes are text throughout: read as numbers, ``01.0999`` and ``5107`` lose what they mean.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import pandas as pd

from pipelines.base.errors import ShapeChanged
from pipelines.sources.dataset import Dataset
from pipelines.sources.files import archives
from pipelines.sources.read import delimited

#: IPEDS: the institution's total over its programs, and a first major.
_TOTAL, _FIRST_MAJOR = "99", "1"
_CONTROL = {"1": "public", "2": "private nonprofit", "3": "private for-profit"}
#: IPEDS writes an answer that it lacks or that does not apply as -1, -2 or -3.
_NONE = ("", "-1", "-2", "-3")
#: The Scorecard's words for a small group: now, and before May 2024.
_SUPPRESSED = ("PS", "PrivacySuppressed")
_SCORECARD_MISSING = ("", "NA", "NULL")
_SCORECARD = "Most-Recent-Cohorts-Field-of-Study.csv"


def edition(path: Path, dataset: Dataset) -> tuple[str, str]:
    """Release and date of an IPEDS file: the year in the name of the file in the archive."""
    year = re.search(r"(\d{4})", PurePosixPath(_member(path, dataset)).name)
    assert year is not None  # `_member` looks for a name with a year
    return year[1], year[1]


def load_cip_soc(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``cip_soc``: sheet CIP-SOC, "NO MATCH" rows (99.9999 and 99-9999) included."""
    names = {
        "CIP2020Code": "cip_code",
        "CIP2020Title": "cip_title",
        "SOC2018Code": "soc_code",
        "SOC2018Title": "soc_title",
    }
    frame = delimited.read_sheet(path, "CIP-SOC", tuple(names), dataset.url)
    frame = frame.apply(delimited.strings).rename(columns=names)
    # NCES ends each title of a program with a period.
    return {"cip_soc": frame.assign(cip_title=frame["cip_title"].str.removesuffix("."))}


def load_completions(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``completions``: awards of first majors, the institutions' totals left out.

    Second majors are left out because a person with two would count twice.
    """
    frame = _ipeds(path, dataset, ["UNITID", "CIPCODE", "MAJORNUM", "AWLEVEL", "CTOTALT"])
    frame = frame[(frame["CIPCODE"] != _TOTAL) & (frame["MAJORNUM"] == _FIRST_MAJOR)]
    frame = frame.reset_index(drop=True)
    year = int(dataset.release)
    return {
        "completions": pd.DataFrame(
            {
                "unitid": delimited.numbers(frame["UNITID"], dataset.url, whole=True),
                "cip_code": frame["CIPCODE"],
                "award_level": delimited.numbers(frame["AWLEVEL"], dataset.url, whole=True),
                "year": pd.Series(year, index=frame.index, dtype="int64"),
                "awards": delimited.numbers(frame["CTOTALT"], dataset.url),
            }
        )
    }


def load_institutions(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``schools``: where each institution is, who controls it, whether it has closed."""
    columns = ["UNITID", "INSTNM", "CITY", "STABBR", "ZIP", "CONTROL", "ICLEVEL", "CLOSEDAT",
               "CYACTIVE", "LATITUDE", "LONGITUD"]  # fmt: skip
    frame = _ipeds(path, dataset, columns)
    control = frame["CONTROL"].map(_CONTROL).astype("str")
    closed = frame["CLOSEDAT"].where(~frame["CLOSEDAT"].isin(_NONE))
    return {
        "schools": pd.DataFrame(
            {
                "unitid": delimited.numbers(frame["UNITID"], dataset.url, whole=True),
                "school": frame["INSTNM"],
                "city": frame["CITY"],
                "state": frame["STABBR"],
                "zip": frame["ZIP"].str[:5],
                "control": control,
                "closed": closed.astype("str"),
                # CYACTIVE: 1 active in the current year, 2 not, 3 not and not in the universe.
                "active": frame["CYACTIVE"].eq("1").astype(bool),
                "latitude": _number(frame["LATITUDE"], dataset),
                "longitude": _number(frame["LONGITUD"], dataset),
            }
        )
    }


def load_charges(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``school_charges``: published tuition and required fees of the file's year.

    Schools that charge by program are in another file of IPEDS and have no row, or no price.
    """
    prices = {"in_district": "CHG1AY3", "in_state": "CHG2AY3", "out_of_state": "CHG3AY3"}
    frame = _ipeds(path, dataset, ["UNITID", *prices.values()])
    year = int(dataset.release)
    table = {
        "unitid": delimited.numbers(frame["UNITID"], dataset.url, whole=True),
        "year": pd.Series(year, index=frame.index, dtype="int64"),
    }
    table |= {name: _number(frame[column], dataset) for name, column in prices.items()}
    return {"school_charges": pd.DataFrame(table)}


def load_scorecard(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``program_outcomes``: College Scorecard by field of study (4-digit CIP).

    Rows without a numeric UNITID are of foreign schools and are left out.
    """
    values = {
        "earnings_1yr": "EARN_MDN_1YR",
        "earnings_4yr": "EARN_MDN_4YR",
        "debt": "DEBT_ALL_STGP_EVAL_MDN",
    }
    keys = ["UNITID", "CIPCODE", "CREDLEV"]
    with archives.open_zip(path, dataset.url) as archive:
        data = archives.read_member(archive, _SCORECARD, dataset.url)
    frame = delimited.read_text(
        data, dataset.url, [*keys, *values.values()], delimiter=",", quoted=True,
        missing=_SCORECARD_MISSING,
    )  # fmt: skip
    frame = frame[frame["UNITID"].str.fullmatch(r"\d+").fillna(False).astype(bool)]
    frame = frame.reset_index(drop=True)
    table = {
        "unitid": delimited.numbers(frame["UNITID"], dataset.url, whole=True),
        "field": frame["CIPCODE"].str.zfill(4),
        "credential_level": delimited.numbers(frame["CREDLEV"], dataset.url, whole=True),
    }
    for name, column in values.items():
        known = frame[column].where(~frame[column].isin(_SUPPRESSED))
        table[name] = delimited.numbers(known, dataset.url)
    return {"program_outcomes": pd.DataFrame(table)}


def _number(values: pd.Series, dataset: Dataset) -> pd.Series:
    """Numbers of IPEDS; a point alone is a missing one. Longitudes may be below zero."""
    return delimited.numbers(values.where(values != "."), dataset.url)


def _member(path: Path, dataset: Dataset) -> str:
    """The data file in an archive of IPEDS: the revised one (``_rv``) where both are there."""
    pattern = dataset.url.rpartition("/")[2].removesuffix(".zip").lower()
    pattern = re.sub(r"20(\d\d|\{yy\})", r"20\\d\\d", pattern)
    with archives.open_zip(path, dataset.url) as archive:
        names = [PurePosixPath(name).name for name in archive.namelist()]
    found = [n for n in names if re.fullmatch(pattern + r"(_rv)?\.csv", n.lower())]
    if not found:
        raise ShapeChanged(
            dataset.url, f"the zip has no file {pattern}.csv; it has {names[:5]}", delimited.ADVICE
        )
    return max(found, key=len)


def _ipeds(path: Path, dataset: Dataset, columns: list[str]) -> pd.DataFrame:
    """Columns of IPEDS as text, stripped; the header's last name may end in a space."""
    name = _member(path, dataset)
    with archives.open_zip(path, dataset.url) as archive:
        data = archives.read_member(archive, name, dataset.url)
    head, line, rows = data.partition(b"\n")
    head = b",".join(cell.strip() for cell in head.split(b","))
    data = head + line + rows
    frame = delimited.read_text(data, dataset.url, columns, delimiter=",", quoted=True)
    return frame.apply(delimited.strings)
