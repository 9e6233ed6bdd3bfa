"""Has anything changed since the last build? Answered from digests, without reading a table."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pipelines.base.settings import Settings

#: Code and templates whose change makes a build stale.
_CODE = ("*.py", "*.toml", "*.csv", "*.j2", "*.css", "*.js", "*.npz", "*.json")


def data_folder(settings: Settings, offline: bool) -> Path:
    """The folder of tables that a build reads: the current release or the snapshot."""
    if offline:
        return settings.snapshot
    settings.require_data()
    current = settings.releases / "current"
    return current.resolve() if current.exists() else settings.snapshot


def fingerprint(settings: Settings, offline: bool, occupation: str) -> str:
    """A digest of everything a build depends on: data, code, notebooks, options."""
    digest = hashlib.sha256()
    digest.update((data_folder(settings, offline) / "manifest.json").read_bytes())
    digest.update(occupation.encode())
    postings = settings.processed / "postings" / "manifest.json"  # its run is shown on pages
    if postings.is_file():
        digest.update(postings.read_bytes())
    code = settings.root / "pipelines"
    files = [file for pattern in _CODE for file in code.rglob(pattern)]
    for file in sorted({*files, *settings.notebooks.glob("*.ipynb")}):
        digest.update(str(file.relative_to(settings.root)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def read(processed: Path) -> dict:
    """What the last build wrote, or {} where there is none or its note is damaged."""
    try:
        return json.loads((processed / "build.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def is_whole(processed: Path, note: dict) -> bool:
    """Every file of the last build is there with the size it was written with."""
    files = note.get("files", {})
    try:
        return bool(files) and all(
            (processed / name).stat().st_size == size for name, size in files.items()
        )
    except OSError:
        return False
