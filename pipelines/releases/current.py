"""Which data a command works on: the current release, else the embedded snapshot."""

from __future__ import annotations

from pipelines.base import settings as _settings
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
    kind = "embedded snapshot" if data.manifest.get("kind") == "snapshot" else f"release {data.id}"
    sources = data.manifest["sources"]
    named = [("onet", "O*NET"), *((k, "OEWS") for k in data.editions("oews_nat")[-1:]),
             ("ep_export", "Employment Projections")]  # fmt: skip
    parts = [f"{name} {sources[k]['release']}" for k, name in named if k in sources]
    return f"{kind} ({', '.join(parts)})"
