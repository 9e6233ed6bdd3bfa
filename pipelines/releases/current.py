"""Which data a command works on: the current release, else the embedded snapshot."""

from __future__ import annotations

from collections.abc import Callable

from pipelines.base import settings as _settings
from pipelines.releases import store
from pipelines.releases.store import Release

#: What `describe` says of the data, and the sources whose release it names.
SNAPSHOT, RELEASE = "embedded snapshot", "release {id}"
NAMED = (("onet", "O*NET"), ("oews_nat", "OEWS"), ("ep_export", "Employment Projections"))


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


def describe(data: Release, say: Callable[..., str] = str.format) -> str:
    """One line for people: what kind of data, and of which releases.

    `say` gives a text with {named} places its values, in another language where it is
    `base.language.translated` (which a command has no need to load).
    """
    kind = say(SNAPSHOT) if data.is_snapshot else say(RELEASE, id=data.id)
    newest = ((title, data.release_of(source).partition(", ")[0]) for source, title in NAMED)
    parts = [f"{say(title)} {release}" for title, release in newest if release]
    return f"{kind} ({', '.join(parts)})"
