"""What monitoring reads: ``processed/status.json``, how the last refresh and each source fared.

The file is written when something in it changes, in one rename. A run that finds nothing new
writes no byte; that it ran shows in the time of the lock file (`lock.last_checked`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from pipelines.base.errors import SourceFailed
from pipelines.base.settings import Settings
from pipelines.releases import lock, store
from pipelines.sources import freshness
from pipelines.sources.fetch import raw_files


def path_of(settings: Settings) -> Path:
    """The health file."""
    return settings.processed / "status.json"


def record(
    settings: Settings, exit_code: int, message: str, problems: Mapping[str, str] | None = None
) -> None:
    """Write the health file, if it says anything new. Call it under the lock.

    Parameters
    ----------
    settings : Settings
    exit_code : int
        Of the refresh. 3, nothing new, is as healthy as 0 and changes nothing after a 0.
    message : str
        Its last words.
    problems : mapping of str to str, optional
        What was wrong with each source that failed.

    Raises
    ------
    SourceFailed
        The disk refuses.
    """
    found = {
        "healthy": exit_code in (0, 3),
        "exit_code": exit_code,
        "message": message,
        "release": store.target(settings),
        "sources": _sources(settings, problems or {}),
    }
    before = read(settings) or {}
    told = ("healthy", "release", "sources") if found["healthy"] else tuple(found)
    if any(before.get(key) != found[key] for key in told):
        now = datetime.now(UTC).isoformat(timespec="seconds")
        raw_files.write_json(path_of(settings), {**found, "since_utc": now})


def read(settings: Settings) -> dict | None:
    """The health file; None where there is none or it is damaged."""
    try:
        found = json.loads(path_of(settings).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def health(settings: Settings, today: date | None = None) -> dict:
    """The health file with what depends on the clock.

    Returns
    -------
    dict
        ``healthy``, ``exit_code``, ``message``, ``since_utc``, ``release`` as recorded (None
        before the first refresh), ``checked_utc`` (when a refresh last ran to its end), and
        ``sources`` with ``age_months`` and ``old`` for each.
    """
    today = today or datetime.now(UTC).date()
    found = {
        "healthy": None, "exit_code": None, "message": "no refresh has run here",
        "since_utc": None, "release": None, "sources": {}, **(read(settings) or {}),
    }  # fmt: skip
    known = found["release"] is not None or found["exit_code"] is not None
    found["checked_utc"] = lock.last_checked(settings) if known else None
    for entry in found["sources"].values():
        age = freshness.age_months(entry.get("date") or "", today)
        entry["age_months"] = age
        entry["old"] = freshness.is_old(entry.get("cadence"), age)
    return found


def table(found: Mapping) -> pd.DataFrame:
    """`health` as one row a source: source, release, date, months, old, fetched, outcome."""
    rows = [
        {
            "source": name,
            "release": entry.get("release"),
            "date": entry.get("date"),
            "age_months": entry.get("age_months"),
            "old": entry.get("old"),
            "fetched_utc": entry.get("fetched_utc"),
            "outcome": entry.get("outcome"),
            "problem": entry.get("problem"),
        }
        for name, entry in sorted(found["sources"].items())
    ]
    columns = ["source", "release", "date", "age_months", "old", "fetched_utc", "outcome",
               "problem"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _sources(settings: Settings, problems: Mapping[str, str]) -> dict[str, dict]:
    """Every source of the current release and every one that failed."""
    try:
        now = store.current(settings)
    except SourceFailed:
        now = None
    used = now.manifest["sources"] if now else {}
    found = {}
    for name in sorted({*used, *problems}):
        entry = used.get(name, {})
        found[name] = {
            **{key: entry.get(key) for key in ("release", "date", "fetched_utc", "sha256")},
            "cadence": freshness.cadence(name, used),
            "outcome": _outcome(name, entry, problems),
            "problem": problems.get(name, ""),
        }
    return found


def _outcome(name: str, entry: Mapping, problems: Mapping[str, str]) -> str:
    if name in problems:
        return "failed"
    return "carried on" if entry.get("carried_on") else "good"
