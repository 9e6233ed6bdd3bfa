"""Directories, mirror and contact: the only module that reads the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.base.errors import UsageError

#: Releases that stay: two months of weekly refreshes, some 10 MB each.
RELEASES_KEPT = 8


@dataclass(frozen=True)
class Settings:
    """Where things are.

    Attributes
    ----------
    root : Path
        The checkout (``OUTLOOK_HOME``, else the folder that holds ``pipelines``).
    raw, processed : Path
        ``data/raw`` and ``data/processed`` under the root (``OUTLOOK_DATA`` moves both).
    mirror : str or None
        ``OUTLOOK_MIRROR``: directory or base address read instead of ``https://``.
    contact : str or None
        ``OUTLOOK_CONTACT``: e-mail sent to publishers in the User-Agent.
    pinned : Path or None
        ``OUTLOOK_RELEASE``: folder of the release to read, whatever is current; a build gives
        it to its notebooks so that all of it speaks of the same data.
    keep : int
        ``OUTLOOK_KEEP``: how many of the newest releases stay (8).
    """

    root: Path
    raw: Path
    processed: Path
    mirror: str | None = None
    contact: str | None = None
    pinned: Path | None = None
    keep: int = RELEASES_KEPT

    @property
    def snapshot(self) -> Path:
        # The snapshot belongs to the code: it stays with the checkout when data move elsewhere.
        return self.root / "data" / "raw" / "snapshot"

    @property
    def curated(self) -> Path:
        return self.root / "data" / "raw" / "curated"

    @property
    def downloads(self) -> Path:
        return self.raw / "downloads"

    @property
    def dropbox(self) -> Path:
        return self.raw / "dropbox"

    @property
    def releases(self) -> Path:
        return self.processed / "releases"

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment (``os.environ`` unless given)."""
    env = os.environ if environ is None else environ
    root = Path(env.get("OUTLOOK_HOME") or Path(__file__).resolve().parents[2])
    data = Path(env.get("OUTLOOK_DATA") or root / "data")
    return Settings(
        root=root,
        raw=data / "raw",
        processed=data / "processed",
        mirror=env.get("OUTLOOK_MIRROR") or None,
        contact=env.get("OUTLOOK_CONTACT") or None,
        pinned=Path(env["OUTLOOK_RELEASE"]) if env.get("OUTLOOK_RELEASE") else None,
        keep=_keep(env.get("OUTLOOK_KEEP") or str(RELEASES_KEPT)),
    )


def first_set(*names: str) -> tuple[str, str] | None:
    """The first of these environment variables that is set and not empty, and its value."""
    return next(((name, os.environ[name]) for name in names if os.environ.get(name)), None)


def _keep(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) < 1:
        raise UsageError(
            f"OUTLOOK_KEEP={text}", "expected how many releases stay: 1 or more", "Correct it"
        )
    return int(text)
