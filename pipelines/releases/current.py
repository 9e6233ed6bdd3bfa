"""Which data a command works on: the current release, else the embedded snapshot."""

from __future__ import annotations

from pipelines.base import settings as _settings
from pipelines.base.language import marked, translated
from pipelines.releases import store
from pipelines.releases.store import Release


def open_data(settings: _settings.Settings | None = None, offline: bool = False) -> Release:
    """The release to read from.

    Parameters
    ----------
    settings : Settings, optional
        Directories (default: from the environment).
    offline : bool
        Take the embedded snapshot even where a release has been published.

    Returns
    -------
    Release
        ``.table(name)`` reads a contracted table; ``.manifest`` names its sources.

    Raises
    ------
    UsageError
        OUTLOOK_DATA names a file.
    """
    settings = settings or _settings.load()
    if settings.pinned:
        return store.open_release(settings.pinned)
    if not offline:
        settings.require_data()
        if (current := store.current(settings)) is not None:
            return current
    return store.open_release(settings.snapshot)


def describe(data: Release) -> str:
    """One line for people: what kind of data, and of which releases."""
    kind = (
        translated("embedded snapshot") if data.is_snapshot
        else translated("release {id}", id=data.id)
    )  # fmt: skip
    named = (
        ("onet", "O*NET"), ("oews_nat", "OEWS"),
        ("ep_export", marked("Employment Projections")),
    )  # fmt: skip
    newest = ((title, data.release_of(source).partition(", ")[0]) for source, title in named)
    parts = [f"{translated(title)} {release}" for title, release in newest if release]
    return f"{kind} ({', '.join(parts)})"
