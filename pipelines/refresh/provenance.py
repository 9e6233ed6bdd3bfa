"""What a release was made from, and whether that has changed: answered from digests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

from pipelines.base.settings import Settings
from pipelines.releases.store import Release
from pipelines.sources.fetch import raw_files

#: Code, contracts and models that tables are made with. Pages, charts and commands are not among
#: them: by the rule of the house nothing here imports them.
CODE = ("__init__.py", "base/**/*", "occupations/**/*", "sources/**/*", "releases/**/*",
        "market/**/*", "exposure/**/*", "pathways/**/*", "refresh/__init__.py",
        "refresh/assemble.py", "refresh/compute.py")  # fmt: skip
_KINDS = (".py", ".toml", ".csv", ".npz", ".json")
#: Libraries whose versions can change a table's values or bytes.
_LIBRARIES = ("numpy", "scipy", "scikit-learn", "pandas", "pyarrow", "python-calamine",
              "fastexcel", "pandera")  # fmt: skip

Inputs = dict[str, list]


def of_entries(sources: Mapping[str, Mapping]) -> Inputs:
    """Digest and edition of every source, by dataset id, from the entries of a manifest."""
    return {
        name: [entry.get("sha256"), entry.get("release"), entry.get("date")]
        for name, entry in sources.items()
    }


def changed(now: Inputs, before: Inputs) -> set[str]:
    """Datasets that differ, are new or are gone."""
    return {name for name in {*now, *before} if now.get(name) != before.get(name)}


def code_files() -> Iterator[Path]:
    """Files of `CODE`, in order."""
    root = Path(__file__).resolve().parents[1]
    found = {file for pattern in CODE for file in root.glob(pattern)}
    return (file for file in sorted(found) if file.suffix in _KINDS and file.is_file())


@cache
def code_digest() -> str:
    """A digest of the code, the contracts, the models and the libraries that make tables."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for name in _LIBRARIES:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    for file in code_files():
        digest.update(f"{file.relative_to(root)}\n".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def remember_equal(settings: Settings, release: str, now: Inputs, code: str) -> None:
    """Note that these inputs gave the tables of a release that was made from others.

    Else a publisher's re-packed file would be worked through again at every run.
    """
    note = {"release": release, "code_sha256": code, "sources": now}
    if _read(settings) != note:
        raw_files.write_json(_path(settings), note)


def of(settings: Settings, release: Release) -> tuple[Inputs, str | None]:
    """Inputs and code known to give a release's tables: those noted last, else its own."""
    note = _read(settings)
    if isinstance(note, dict) and note.get("release") == release.id:
        sources, code = note.get("sources"), note.get("code_sha256")
        if isinstance(sources, dict) and isinstance(code, str):
            return sources, code
    return of_entries(release.manifest["sources"]), release.manifest.get("code_sha256")


def _path(settings: Settings) -> Path:
    return settings.processed / "inputs.json"


def _read(settings: Settings) -> object:
    try:
        return json.loads(_path(settings).read_text("utf-8"))
    except (OSError, ValueError):
        return None
