"""`outlook site`: the site in data/processed/site, the old one there until the new one is whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines.base import stamp
from pipelines.base.settings import Settings
from pipelines.base.staged import staged

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
    note = _read(folder)
    if not force and note.get("fingerprint") == key and stamp.is_whole(folder, note):
        return _result(folder, note, fresh=False)

    from pipelines.analysis import Analysis
    from pipelines.releases.current import describe, open_data
    from pipelines.site.static import write_site

    data = open_data(settings, offline=offline)
    say(f"data: {describe(data)}")
    with staged(processed) as stage:
        made = stage / "site"
        count = write_site(Analysis(data), made, say)
        files = {
            str(path.relative_to(made)): path.stat().st_size
            for path in sorted(made.rglob("*"))
            if path.is_file()
        }
        note = {"fingerprint": key, "occupations": count, "files": files}
        (made / SITE_NOTE_FILE).write_text(json.dumps(note, sort_keys=True), "utf-8")
        if folder.exists():
            folder.rename(stage / "old-site")
        made.rename(folder)
    return _result(folder, note, fresh=True)


def _read(folder: Path) -> dict:
    try:
        return json.loads((folder / SITE_NOTE_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _result(folder: Path, note: dict, fresh: bool) -> SiteResult:
    return SiteResult(
        folder / "index.html", note["occupations"], sum(note["files"].values()), fresh
    )
