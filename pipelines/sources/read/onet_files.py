"""The tab-separated files of an open O*NET release."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence

import pandas as pd

from pipelines.sources.files import archives
from pipelines.sources.read import delimited

CODE = "O*NET-SOC Code"
_MISSING = ("n/a", "")


class Texts:
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
