"""Which releases stay: the newest, every named one, the current one and the one before it.

A name is a note in ``releases/names.json``; it is never a path.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Collection
from pathlib import Path

from pipelines.base.errors import SourceFailed, UsageError
from pipelines.base.settings import Settings
from pipelines.releases import store
from pipelines.releases.store import Release
from pipelines.sources.fetch import raw_files

_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}")
_RESERVED = ("current", "previous", "snapshot")


def names(settings: Settings) -> dict[str, str]:
    """Names by release id.

    Raises
    ------
    SourceFailed
        The list is damaged: nothing may be removed on the word of half a list.
    """
    path = settings.releases / "names.json"
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise _damaged(path) from error
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise _damaged(path)
    return found


def name(settings: Settings, id: str, label: str) -> None:
    """Keep a release for good, under a name. Call it under the lock.

    Parameters
    ----------
    settings : Settings
    id : str
        Id of a release that can be opened.
    label : str
        1 to 60 letters, digits, spaces, dots, dashes and underscores.

    Raises
    ------
    UsageError
        No such release; not a name; a name that another release has.
    """
    found = names(settings)
    if not _LABEL.fullmatch(label) or label in _RESERVED or store.is_id(label):
        raise UsageError(
            f"--as {label!r}",
            "expected 1 to 60 letters, digits, spaces, dots, dashes or underscores, and not "
            f"{', '.join(_RESERVED)} or a release's id",
            "Give a name such as thesis-2026",
        )
    _require(settings, id)
    if other := next((key for key, value in found.items() if value == label and key != id), None):
        raise UsageError(f"--as {label}", f"is the name of {other}", "Give another name")
    _write(settings, {**found, id: label})


def forget(settings: Settings, id: str) -> None:
    """Take a release's name away, so that it may be removed when it is old. Under the lock."""
    found = names(settings)
    if id not in found:
        raise UsageError(id, "has no name", "See `outlook releases`")
    del found[id]
    _write(settings, found)


def find(settings: Settings, which: str) -> Release:
    """A release by id, by name, or ``current``, ``previous``, ``snapshot``.

    Raises
    ------
    UsageError
        There is none.
    """
    if which == "snapshot":
        return store.open_release(settings.snapshot)
    by_name = {label: id for id, label in names(settings).items()}
    links = {"current": store.target(settings), "previous": store.target(settings, "previous")}
    return _require(settings, links.get(which) or by_name.get(which, which))


def prune(settings: Settings) -> tuple[list[str], int]:
    """Remove old releases and the raw files that only they were made from. Under the lock.

    Returns
    -------
    removed : list of str
        Ids of the releases that are gone.
    freed : int
        Bytes of raw files that are gone.

    Raises
    ------
    SourceFailed
        The list of names is damaged, or the disk refuses.
    """
    every = store.releases(settings)
    stay = {r.id for r in every[: settings.keep]} | set(names(settings))
    stay |= {store.target(settings), store.target(settings, "previous")} - {None}
    removed = [r.id for r in every if r.id not in stay]
    try:
        for id in removed:
            # Renamed first: a kill in between leaves a .tmp folder, which the next run clears,
            # and never half a release under a release's name.
            gone = settings.releases / f".tmp-gone-{id}"
            os.rename(settings.releases / id, gone)
            shutil.rmtree(gone, ignore_errors=True)
        folders = {folder.name for folder in store.folders(settings)}
        if folders - {r.id for r in every}:
            return removed, 0  # what a damaged manifest refers to cannot be known
        kept = [r for r in every if r.id not in removed]
        return removed, raw_files.prune(settings, _digests(kept))
    except OSError as error:
        raise SourceFailed(
            str(error.filename or settings.releases),
            f"an old release or download could not be removed ({error.strerror})",
            "Correct the permissions; nothing in use is missing",
        ) from error


def _digests(kept: Collection[Release]) -> set[str]:
    return {source.get("sha256", "") for r in kept for source in r.manifest["sources"].values()}


def _require(settings: Settings, id: str) -> Release:
    by_id = {r.id: r for r in store.releases(settings)}
    if id not in by_id:
        raise UsageError(id, f"no such release; there are {', '.join(by_id) or 'none'}",
                         "See `outlook releases`")  # fmt: skip
    return by_id[id]


def _write(settings: Settings, found: dict[str, str]) -> None:
    raw_files.write_json(settings.releases / "names.json", found)


def _damaged(path: Path) -> SourceFailed:
    return SourceFailed(
        str(path), "is damaged: expected names by release id", "Correct it, or remove the file"
    )
