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
    stated : Path or None
        The folder of ``OUTLOOK_DATA`` where it is set.
    """

    root: Path
    raw: Path
    processed: Path
    mirror: str | None = None
    contact: str | None = None
    pinned: Path | None = None
    keep: int = RELEASES_KEPT
    stated: Path | None = None

    def require_data(self) -> None:
        """UsageError where ``OUTLOOK_DATA`` names something that is no folder."""
        if self.stated is not None and self.stated.exists() and not self.stated.is_dir():
            problem = "is not a folder"
            raise UsageError(f"OUTLOOK_DATA={self.stated}", problem, "Name a folder, or unset it")

    def remark(self) -> str | None:
        """What to say where the embedded snapshot is read because no folder is there."""
        if self.stated is None or self.stated.exists():
            return None
        return f"OUTLOOK_DATA={self.stated}: there is no such folder, and so no release in it"

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
    """Settings from the environment (``os.environ`` unless given).

    Values are read as people and cron write them: without blanks and carriage returns around
    them, without quotes, ``~`` as the home folder, and of ``Name <name@host.org>`` the address.
    Paths are made absolute: a kernel or a process that starts elsewhere finds the same folder.

    Raises
    ------
    UsageError
        A path with a variable in it that nothing expanded, or OUTLOOK_KEEP is no number.
    """
    env = os.environ if environ is None else environ
    root = _folder(env, "OUTLOOK_HOME") or Path(__file__).resolve().parents[2]
    stated = _folder(env, "OUTLOOK_DATA")
    data = stated or root / "data"
    mirror = _value(env, "OUTLOOK_MIRROR")
    if mirror and "://" not in mirror:
        mirror = str(_path(mirror, "OUTLOOK_MIRROR"))
    return Settings(
        root=root,
        raw=data / "raw",
        processed=data / "processed",
        mirror=mirror or None,
        contact=_address(_value(env, "OUTLOOK_CONTACT")) or None,
        pinned=_folder(env, "OUTLOOK_RELEASE"),
        keep=_keep(_value(env, "OUTLOOK_KEEP") or str(RELEASES_KEPT)),
        stated=stated,
    )


def first_set(*names: str) -> tuple[str, str] | None:
    """The first of these environment variables that is set and not empty, and its value."""
    return next(((name, os.environ[name]) for name in names if os.environ.get(name)), None)


def _value(env: Mapping[str, str], name: str) -> str:
    text = env.get(name, "").strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1].strip()
    return text


def _folder(env: Mapping[str, str], name: str) -> Path | None:
    text = _value(env, name)
    return _path(text, name).absolute() if text else None


def _path(text: str, name: str) -> Path:
    if re.search(r"\$[A-Za-z_{(]", text):
        # cron and env files expand nothing: the folder would be one named "$HOME".
        raise UsageError(
            f"{name}={text}", "nothing has put a value in place of the variable in it",
            "Write the path in full, or with ~",
        )  # fmt: skip
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise UsageError(f"{name}={text}", "there is no such user", "Correct it") from error


def _address(text: str) -> str:
    named = re.fullmatch(r"[^<>]*<\s*(?:mailto:)?([^<>]*?)\s*>", text)
    return named[1] if named else text


def _keep(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) < 1:
        raise UsageError(
            f"OUTLOOK_KEEP={text}", "expected how many releases stay: 1 or more", "Correct it"
        )
    return int(text)
