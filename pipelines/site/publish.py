"""The site in data/processed/site, the old one there until the new one is whole; a saved page."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.base import stamp
from pipelines.base.settings import Settings
from pipelines.base.staged import staged

if TYPE_CHECKING:
    from pipelines.analysis import Analysis
    from pipelines.releases.store import Release

SITE_NOTE_FILE = "site.json"


@dataclass(frozen=True)
class SiteResult:
    """Where the site starts, its number of occupations and bytes, and if it was made anew."""

    index: Path
    occupations: int
    size: int
    fresh: bool


def build_site(
    settings: Settings, *, offline: bool, force: bool, say: Callable[[str], None]
) -> SiteResult:
    """Build the site, or nothing where the last one is whole and nothing changed.

    Parameters
    ----------
    settings : Settings
        Folders.
    offline : bool
        Use the embedded snapshot even where a release was published.
    force : bool
        Build even if nothing changed.
    say : callable
        Called with one line a stage.
    """
    processed, folder = settings.processed, settings.processed / "site"
    key = stamp.fingerprint(settings, offline, "site")
    if not force and (note := whole_site(folder, key)):
        return _result(folder, note, fresh=False)

    analysis = _opened(settings, offline, say)
    with staged(processed) as stage:
        note = make_site(analysis, key, stage / "site", say)
        if folder.exists():
            folder.rename(stage / "old-site")
        (stage / "site").rename(folder)
    return _result(folder, note, fresh=True)


def whole_site(folder: Path, key: str) -> dict:
    """What `make_site` returned for the site in a folder; {} where it is not whole, or is of
    another `key`."""
    note = _read(folder)
    return note if note.get("fingerprint") == key and stamp.is_whole(folder, note) else {}


def make_site(analysis: Analysis, key: str, folder: Path, say: Callable[[str], None]) -> dict:
    """Write the site into a new folder, and beside it what it is made of, which is returned.

    Parameters
    ----------
    analysis : Analysis
        The release at work.
    key : str
        What the site depends on: `stamp.fingerprint(settings, offline, "site")`.
    folder : Path
        Made.
    say : callable
        Called with one line a stage.
    """
    from pipelines.site.static import write_site

    count = write_site(analysis, folder, say)
    files = {
        str(path.relative_to(folder)): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    note = {"fingerprint": key, "occupations": count, "files": files}
    (folder / SITE_NOTE_FILE).write_text(json.dumps(note, sort_keys=True), "utf-8")
    return note


def _opened(settings: Settings, offline: bool, say: Callable[[str], None]) -> Analysis:
    from pipelines.analysis import Analysis
    from pipelines.releases.current import describe, open_data

    data = open_data(settings, offline=offline)
    say(f"data: {describe(data)}")
    return Analysis(data)


def saved_page(data: Release, query: str) -> tuple[str, str]:
    """The page of an occupation as one file that asks nothing of a network: its code, its HTML.

    Raises
    ------
    UsageError
        No such occupation.
    """
    from pipelines.analysis import Analysis
    from pipelines.releases.current import describe
    from pipelines.site import pages

    analysis = Analysis(data)
    code = analysis.resolve(query)
    shell = pages.Shell.of(analysis, describe(data))
    scored = code in set(analysis.occupation_exposure["onet_soc_code"])
    return code, pages.occupation(analysis, code, shell, full=scored, alone=True).page


def _read(folder: Path) -> dict:
    try:
        return json.loads((folder / SITE_NOTE_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _result(folder: Path, note: dict, fresh: bool) -> SiteResult:
    return SiteResult(
        folder / "index.html", note["occupations"], sum(note["files"].values()), fresh
    )
