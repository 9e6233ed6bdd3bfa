"""Which edition of O*NET the tables that key on task ids come from: the newest whole one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from pipelines.base.errors import SourceFailed
from pipelines.sources.catalog import loadable
from pipelines.sources.read import onet

_NEEDED = {
    "tasks": "Task Statements", "task_ratings": "Task Ratings", "task_dwas": "Tasks to DWAs",
}  # fmt: skip
#: Tables of one edition only: task ids and links of two editions are two codings.
OF_TASKS = (*_NEEDED, "dwas")


def one_edition(
    parts: Mapping[str, dict[str, pd.DataFrame]], say: Callable[[str], None]
) -> dict[str, dict[str, pd.DataFrame]]:
    """The same parts, those of `OF_TASKS` from one edition.

    An edition is whole if it has Task Statements, Task Ratings and Tasks to DWAs. Of an edition
    newer than the one that is used, one line says what it lacks and how its tasks differ.

    Parameters
    ----------
    parts : mapping
        ``{table: {dataset id: DataFrame}}``, oldest dataset first.
    say : callable
        Takes one line of text.

    Raises
    ------
    SourceFailed
        There are tasks, and no edition has all three.
    """
    kept = dict(parts)
    having = parts.get("tasks", {})
    if not having:
        return kept
    given = {table for dataset in loadable().values() for table in dataset.tables}
    needed = {name: file for name, file in _NEEDED.items() if name in given}
    lacks = {
        dataset: [file for name, file in needed.items() if dataset not in parts.get(name, {})]
        for dataset in parts.get("occupations", having)
    }
    whole = [dataset for dataset, files in lacks.items() if not files]
    if not whole:
        known = "; ".join(f"{_name(parts, d)} lacks {', '.join(f)}" for d, f in lacks.items())
        raise SourceFailed(
            "O*NET", f"no edition has tasks, ratings and activities ({known})",
            "Fetch an edition's text files whole",
        )  # fmt: skip
    used = whole[-1]
    for dataset in list(lacks)[list(lacks).index(used) + 1 :]:
        line = f"O*NET {_name(parts, dataset)} lacks {', '.join(lacks[dataset])}"
        if dataset in having:
            counts = onet.compare_tasks(having[used], having[dataset])
            line += "; its tasks: " + ", ".join(f"{n:,} {kind}" for kind, n in counts.items())
        say(f"{line}. Tasks, ratings and activities are those of {_name(parts, used)}")
    for name in OF_TASKS:
        if used in parts.get(name, {}):
            kept[name] = {used: parts[name][used]}
    return kept


def _name(parts: Mapping[str, dict[str, pd.DataFrame]], dataset: str) -> str:
    frame = parts.get("occupations", {}).get(dataset)
    return dataset if frame is None or frame.empty else str(frame["edition"].iloc[0])
