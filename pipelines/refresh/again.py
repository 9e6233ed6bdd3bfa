"""A release made again from its manifest: the same files, the same tables, byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from pipelines.base.errors import ShapeChanged, SourceFailed, UsageError
from pipelines.base.settings import Settings
from pipelines.refresh import provenance
from pipelines.refresh.make import Tables, make
from pipelines.refresh.result import RefreshResult
from pipelines.releases import lock, publish, store
from pipelines.releases.store import Release
from pipelines.sources.catalog import dataset_of
from pipelines.sources.fetch import download, raw_files
from pipelines.sources.fetch.session import Session


def again(
    settings: Settings,
    like: str,
    *,
    enrich: Callable[[Tables], Tables] | None = None,
    progress: Callable[[str], None] | None = None,
    wait: float = 60,
) -> RefreshResult:
    """Make a release again and make it the current one.

    Parameters
    ----------
    settings : Settings
    like : str
        Id of a release that is kept here, or path of a manifest, or of the folder that holds it.
    enrich, progress, wait
        As for `refresh.run.refresh`.

    Returns
    -------
    RefreshResult
        ``published`` is the release's id.

    Raises
    ------
    UsageError
        No such manifest, or one that this version of the program cannot follow.
    SourceFailed
        A publisher does not serve the bytes any more that the release was made from, and they
        are not kept here.
    ShapeChanged
        The files are the same and the tables are not: other code made the release.
    """
    say = progress or (lambda line: None)
    with lock.held(settings, wait):
        publish.clean(settings)
        download.clean(settings)
        release = _manifest(settings, like)
        sources = release.manifest["sources"]
        files, carried = _files(settings, sources, say)
        made = make(files, None, None, enrich, say, carried)
        differ = [
            name
            for name, entry in release.manifest["tables"].items()
            if made.entries.get(name, {}).get("sha256") != entry["sha256"]
        ]
        if differ:
            same_code = provenance.code_digest() == release.manifest.get("code_sha256")
            why = "" if same_code else ", and other code or libraries than these made that release"
            raise ShapeChanged(
                f"release {release.id}",
                f"from the same files {len(differ)} tables come out otherwise: "
                f"{', '.join(differ)}{why}",
                "Use the version of the program that made it",
            )
        kept = ("sources", "code_sha256", "accepted", "pins")
        manifest = {k: release.manifest[k] for k in kept if k in release.manifest}
        say("publishing")
        name = publish.publish(made.rebuilt, manifest, settings, made.kept)
        result = RefreshResult(published=name)
        result.sources = dict.fromkeys(sources, "unchanged")
        result.ended(
            f"Release {name} is current: made again from the files of {release.id}, "
            f"{len(made.entries)} tables, byte for byte the same."
        )
        return result


def _manifest(settings: Settings, like: str) -> Release:
    if store.is_id(like):
        known = {release.id: release for release in store.releases(settings)}
        if like not in known:
            raise UsageError(
                like, "no such release is kept here", "See `outlook releases`, or give the path "
                "of its manifest.json",
            )  # fmt: skip
        return known[like]
    path = Path(like).expanduser()
    return store.open_release(path.parent if path.name == store.MANIFEST else path)


def _files(
    settings: Settings, sources: Mapping[str, Mapping], say: Callable[[str], None]
) -> tuple[dict[str, Path], dict[str, Release]]:
    """Files by dataset id with the digests of a manifest, and what was carried on."""
    files, carried, gone = {}, {}, []
    snapshot = store.open_release(settings.snapshot)
    with download.session() as session:
        for name, entry in sources.items():
            if entry.get("carried_on"):
                if snapshot.manifest["sources"].get(name, {}).get("date") != entry["date"]:
                    gone.append(f"{name}: its rows were carried on from elsewhere")
                else:
                    carried[name] = snapshot
                continue
            try:
                files[name] = _file(settings, session, name, entry["sha256"])
                say(f"{name}: the same {entry['bytes']:,} bytes")
            except SourceFailed as error:
                gone.append(str(error))
                say(f"{name}: failed")
    if gone:
        raise SourceFailed(
            "the release cannot be made again", "; ".join(gone),
            "The manifest and its figures can still be cited",
        )  # fmt: skip
    return files, carried


def _file(settings: Settings, session: Session, name: str, sha256: str) -> Path:
    """The file with a digest: of those kept here, else from its publisher."""
    if (kept := raw_files.of_digest(sha256, settings)) is not None:
        return kept
    dataset = dataset_of(name)
    file = download.fetch_file(dataset, settings, session)
    if file.sha256 != sha256:
        raise SourceFailed(
            dataset.url, f"serves other bytes now than the release was made from ({name})",
            "Nothing can be done here",
        )  # fmt: skip
    return file.path
