"""Whether an O*NET release is the one expected, and whole."""

from __future__ import annotations

import re
import zipfile

import pandas as pd

from pipelines.base.errors import ShapeChanged
from pipelines.sources.catalog import Dataset
from pipelines.sources.read import delimited

#: A domain must rate this share of the occupations that the widest one rates.
_MIN_COVERAGE = 0.8


def check_release(archive: zipfile.ZipFile, dataset: Dataset) -> str:
    """The edition that the folder in the zip names, "30.1"; ShapeChanged if the catalog's differs.

    A zip whose files stand in no such folder is taken for the catalog's release.
    """
    for name in archive.namelist():
        found = re.match(r"db_(\d+)_(\d+)(?=[_/])", name)
        if found and f"{found[1]}.{found[2]}" != dataset.release:
            raise ShapeChanged(
                dataset.url,
                f"the zip holds O*NET {found[1]}.{found[2]} ({name[:60]}), the catalog says "
                f"{dataset.release}",
                delimited.ADVICE,
            )
    return dataset.release


def check_domains(elements: pd.DataFrame, where: str) -> pd.DataFrame:
    """The same; ShapeChanged where one domain's file seems cut short.

    O*NET rates all domains of a release on the same occupations.
    """
    rated = elements.groupby("domain")[elements.columns[0]].nunique()
    if rated.min() < _MIN_COVERAGE * rated.max():
        raise ShapeChanged(
            where,
            f"the rows of {rated.idxmin()} rate {rated.min():,} occupations, those of "
            f"{rated.idxmax()} {rated.max():,}: the file seems cut short",
            delimited.ADVICE,
        )
    return elements
