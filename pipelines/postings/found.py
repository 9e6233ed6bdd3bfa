"""A finished run of postings, read again: for a chart, a page, a notebook."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from pipelines.base.errors import UsageError
from pipelines.postings.new_tasks import COLUMNS
from pipelines.postings.tables import ALL, BESIDE, COUNTS, FIGURES, FILES, KEYS

#: Name of the folder, in that of processed data, whose run the pages show.
FOLDER = "postings"
#: Files that are named; of more their number is given.
_NAMED = 3


@dataclass(frozen=True)
class Found:
    """What a run says.

    Attributes
    ----------
    manifest : dict
        Sources, counts and what is to be known of these postings (``about``).
    cells : DataFrame
        ``postings_by_month.csv`` (`tables.by_month`).
    new_tasks : DataFrame
        ``new_tasks.csv`` (`new_tasks.new_tasks`).
    """

    manifest: dict
    cells: pd.DataFrame
    new_tasks: pd.DataFrame

    @property
    def about(self) -> str:
        """Sentences that stand wherever these postings are shown; "" where there are none."""
        return " ".join(self.manifest["about"])

    @property
    def sources(self) -> str:
        """The files that were read, and when, for the foot of a chart."""
        files = [Path(source).name for source in self.manifest["sources"]]
        named = ", ".join(files[:_NAMED]) + (f" and {n} more" if (n := len(files) - _NAMED) > 0
                                             else "")  # fmt: skip
        return f"job postings of {named}, read on {self.manifest['finished_utc'][:10]}"

    def months(self, soc_code: str) -> pd.DataFrame:
        """Rows of an occupation by month, over all states; those without a month left out."""
        own = self._own(soc_code)
        return own[(own["state"] == ALL) & ~own["month"].isin(["", ALL])]

    def states(self, soc_code: str) -> pd.DataFrame:
        """Rows of an occupation by state, over all months."""
        own = self._own(soc_code)
        return own[(own["month"] == ALL) & (own["state"] != ALL)]

    def whole(self, soc_code: str) -> pd.Series | None:
        """The row of an occupation over all months and states; None where it has no posting."""
        own = self._own(soc_code)
        rows = own[(own["month"] == ALL) & (own["state"] == ALL)]
        return rows.iloc[0] if len(rows) else None

    def new_work(self, soc_code: str) -> pd.DataFrame:
        """Kinds of new work of an occupation, what most postings ask for first."""
        return self.new_tasks[self.new_tasks["soc_code"] == soc_code]

    def _own(self, soc_code: str) -> pd.DataFrame:
        return self.cells[self.cells["soc_code"] == soc_code]


def found(folder: Path) -> Found | None:
    """The run in a folder; None where none is, or where it is not finished.

    Raises
    ------
    UsageError
        A file of the run is lacking or is no such table.
    """
    note = folder / "manifest.json"
    if not note.is_file():
        return None
    try:
        return _read(folder, note.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError, AttributeError) as error:
        said = str(error).split("\n")[0]
        todo = "Run outlook postings into it again, or remove it"
        raise UsageError(str(folder), f"holds no whole run of postings ({said})", todo) from error


@lru_cache(maxsize=2)
def _read(folder: Path, changed: int) -> Found | None:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    if manifest.get("state") != "complete":
        return None
    # A state or a month that postings do not state is "", which is not missing.
    numbers = [*COUNTS, *FIGURES, *BESIDE]
    cells = pd.read_csv(
        folder / FILES[0], keep_default_na=False, na_values={name: [""] for name in numbers}
    )
    new = pd.read_csv(folder / FILES[1], keep_default_na=False)
    for name, frame, needed in ((FILES[0], cells, [*KEYS, *numbers]), (FILES[1], new, COLUMNS)):
        if lacking := [column for column in needed if column not in frame]:
            raise ValueError(f"{name} has no column {lacking[0]}")
    return Found(manifest, cells, new)
