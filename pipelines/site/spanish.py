"""The words of occupations and tasks in Spanish: curated tables, and what stays English."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from markupsafe import Markup, escape

from pipelines.base import settings
from pipelines.base.language import ENGLISH, spoken


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
def task_words() -> dict[tuple[str, int], str]:
    """Spanish words of tasks by O*NET-SOC code and task id: ``task_words_NN.csv``."""
    return {
        (row["onet_soc_code"], int(row["task_id"])): row["words_es"]
        for path in sorted(_folder().glob("task_words_*.csv"))
        for row in _rows(path)
    }


def english(text: object) -> str:
    """A text that is shown in English; marked as such on a page in another language."""
    if spoken() == ENGLISH:
        return str(text)
    return Markup('<span lang="en">{}</span>').format(escape(str(text)))


def title(code: str, otherwise: object) -> str:
    """The title of an occupation in the language of now, or else the English one, marked."""
    if spoken() == ENGLISH:
        return str(otherwise)
    held = titles()
    found = held.get(code) or held.get(code.removesuffix(".00")) or held.get(f"{code}.00")
    return found or english(otherwise)
