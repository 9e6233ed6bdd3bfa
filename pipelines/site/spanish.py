"""The words of occupations and tasks in Spanish: curated tables, and what stays English."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.base import settings
from pipelines.base.language import ENGLISH, curated, english, marked, spoken, translated
from pipelines.base.records import records
from pipelines.base.words import joined
from pipelines.market.published import together_sentence
from pipelines.pathways.routes.way_in import way_in
from pipelines.pathways.schooling.credentials import licence_words
from pipelines.pathways.schooling.education import EDUCATION_LEVELS, NOTES, with_article

#: How `moves.observed` says how common a move is, and its parts.
CHANGED = marked("about {share} of those who changed ({low} to {high})")
_OBSERVED = re.compile(r"about (.+) of those who changed \((.+) to (.+)\)")
#: Other words of the tables of moves; each is said as it stands.
WORDS = (
    marked("nobody"), marked("fewer than 1 in 1,000"), marked("too few to tell"),
    marked("not measured"), marked("by way of others"),
)  # fmt: skip
#: What `in_spanish` reads: frames of moves are wide.
_READ = (
    "soc_code", "title", "via_soc", "via_title", "section", "required_education",
    "entry_education", "education_note", "observed_moves", "way_in", "credentials",
    "licence_words", "element_name", "years_education", "years_experience", "job_training",
    "licence", "work_experience",
)  # fmt: skip


def _folder() -> Path:
    return settings.load().curated / "es"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def titles() -> dict[str, str]:
    """Spanish titles by code (O*NET-SOC, and 7 characters of SOC): ``titles.csv``."""
    path = _folder() / "titles.csv"
    return {r["code"]: r["title_es"] for r in _rows(path)} if path.exists() else {}


@cache
def task_words() -> dict[str, dict[int, str]]:
    """Spanish words of tasks by O*NET-SOC code, then task id: ``task_words_NN.csv``."""
    found: dict[str, dict[int, str]] = {}
    for path in sorted(_folder().glob("task_words_*.csv")):
        for row in _rows(path):
            found.setdefault(row["onet_soc_code"], {})[int(row["task_id"])] = row["words_es"]
    return found


def tasks_in_words(tasks: pd.DataFrame, onet_soc_code: str) -> pd.DataFrame:
    """Tasks with their words in the language of now; what has none stays English, marked.

    Parameters
    ----------
    tasks : DataFrame
        ``task_id`` and ``task``, of one occupation.
    onet_soc_code : str
        The occupation.
    """
    if spoken() == ENGLISH:
        return tasks
    said = [
        words if pd.isna(words) else task_in(onet_soc_code, number, words)
        for number, words in zip(tasks["task_id"], tasks["task"], strict=True)
    ]
    return tasks.assign(task=pd.Series(said, tasks.index, dtype="object"))


def task_in(onet_soc_code: str, task_id: Any, words: str) -> str:
    """One task in the language of now; in English, marked, where it has no words there."""
    if spoken() == ENGLISH:
        return words
    return task_words().get(onet_soc_code, {}).get(int(task_id)) or english(words)


def title(code: str, otherwise: object) -> str:
    """The title of an occupation in the language of now, or else the English one, marked."""
    if spoken() == ENGLISH:
        return str(otherwise)
    held = titles()
    found = held.get(code) or held.get(code.removesuffix(".00")) or held.get(f"{code}.00")
    return found or english(otherwise)


def spanish_titles(analysis: Analysis) -> dict[str, str]:
    """Spanish title by English title, of occupations (O*NET-SOC) and SOC codes."""
    if spoken() == ENGLISH:
        return {}
    held, table = titles(), analysis.pathways.table
    names = dict(zip(table.index, table["title"], strict=True)) | analysis.title_by_code
    return {name: held[code] for code, name in names.items() if code in held}


def said_note(note: str) -> str:
    """What must be said of a level of education (`education.NOTES`), in the language of now."""
    if spoken() == ENGLISH or not note:
        return note
    for message in NOTES:
        for level in EDUCATION_LEVELS:
            if note == message.format(level=with_article(level)):
                return translated(message, level=translated(with_article(level)))
    return english(note)


def said_moves(words: str) -> str:
    """How common a move is (`moves.observed.in_words`), in the language of now."""
    if spoken() == ENGLISH:
        return words
    found = _OBSERVED.fullmatch(words)
    if not found:
        return curated(words)
    share, low, high = (_one_in(part) for part in found.groups())
    return translated(CHANGED, share=share, low=low, high=high)


def _one_in(words: str) -> str:
    found = re.fullmatch(r"(\d[\d,]*) in (\d+[\d,]*)", words)
    return translated("{n} in {of}", n=found[1], of=found[2]) if found else translated(words)


def together(analysis: Analysis, code: str) -> str:
    """What to say where a figure is that of several occupations; "" where it is of one."""
    members = analysis.joint_members.get(code, [])
    if not members:
        return ""
    said = [(c, title(c, name)) for c, name in members]
    return together_sentence(code, said, title(code, analysis.published_title(code)))


def in_spanish(frame: pd.DataFrame) -> pd.DataFrame:
    """Texts of a table of moves in the language of now; in English the frame itself.

    Parameters
    ----------
    frame : DataFrame
        Data of a chart of moves; columns that it lacks are left out.
    """
    if spoken() == ENGLISH or frame.empty:
        return frame
    rows = records(frame[[name for name in _READ if name in frame]])
    changed: dict[str, list[Any]] = {}

    def put(name: str, say: Any) -> None:
        if name in frame:
            changed[name] = [None if _missing(row[name]) else say(row) for row in rows]

    if "soc_code" in frame:
        put("title", lambda row: title(row["soc_code"], row["title"]))
        put("licence_words", lambda row: licence_words(row["soc_code"]))
    put("via_title", _stops)
    for name in ("section", "required_education", "entry_education"):
        put(name, lambda row, name=name: curated(row[name]))
    put("education_note", lambda row: said_note(row["education_note"]))
    put("observed_moves", lambda row: said_moves(row["observed_moves"]))
    if "job_training" in frame:
        put("way_in", _way_in)
    put("credentials", _credentials)
    put("element_name", lambda row: english(row["element_name"]))
    return frame.assign(
        **{n: pd.Series(v, frame.index, dtype="object") for n, v in changed.items()}
    )


def _way_in(row: dict[str, Any]) -> str:
    note = "" if _missing(row["education_note"]) else said_note(row["education_note"])
    return way_in(row | {"education_note": note, "to_soc": row["soc_code"]})


def _missing(value: object) -> bool:
    return value is None or value == "" or bool(pd.isna(value))  # type: ignore[call-overload]


def _stops(row: Mapping[str, Any]) -> str:
    codes = [s.strip() for s in str(row["via_soc"]).split(",") if s.strip()]
    return joined([title(c, n) for c, n in zip(codes, row["via_title"].split("; "), strict=False)],
                  "; ")  # fmt: skip


def _credentials(row: Mapping[str, Any]) -> str:
    words = str(row["credentials"])
    return translated("not looked up") if words == "not looked up" else english(words)
