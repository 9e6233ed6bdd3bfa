"""Making the tables of a release: those whose sources changed, the others taken over as bytes."""

from __future__ import annotations

import hashlib
from collections import ChainMap
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from pipelines.base import contracts
from pipelines.refresh import assemble
from pipelines.releases import publish
from pipelines.releases.store import Release

Tables = Mapping[str, pd.DataFrame]


class Kept(Tables):
    """Tables of a release that stay as they are, read when looked up."""

    def __init__(self, release: Release, names: Collection[str]) -> None:
        self.release, self.names = release, frozenset(names)

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self.names:
            raise KeyError(name)
        return self.release.table(name)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.names))

    def __len__(self) -> int:
        return len(self.names)


@dataclass
class Made:
    """The tables of a release to be.

    Attributes
    ----------
    rebuilt : dict of DataFrame
        Checked tables that differ from the last release's, or may.
    kept : dict of str to Release
        The others, by name, and whose they are.
    entries : dict
        ``rows`` and ``sha256`` of every table.
    parts : dict
        Rows that each dataset gave: ``{dataset id: {table: rows}}``.
    encoded : dict
        Bytes of each rebuilt table, as they will be written.
    """

    rebuilt: dict[str, pd.DataFrame] = field(default_factory=dict)
    kept: dict[str, Release] = field(default_factory=dict)
    entries: dict[str, dict] = field(default_factory=dict)
    parts: dict[str, dict[str, int]] = field(default_factory=dict)
    encoded: dict[str, bytes] = field(default_factory=dict)

    def entry(self, name: str, frame: pd.DataFrame) -> dict:
        """Rows and digest of a rebuilt table, whose bytes are kept: packing takes seconds."""
        if name not in self.encoded:
            self.encoded[name] = publish.encode(frame)
        return {"rows": len(frame), "sha256": hashlib.sha256(self.encoded[name]).hexdigest()}


def make(
    files: Mapping[str, Path],
    last: Release | None,
    changed: Collection[str] | None,
    enrich: Callable[[Tables], Tables] | None,
    say: Callable[[str], None],
    carried: Mapping[str, Release] | None = None,
) -> Made:
    """Assemble and compute.

    Parameters
    ----------
    files : mapping of dataset id to Path
        Every dataset's file but those of `carried`.
    last : Release or None
        Whose tables may be taken over.
    changed : collection of str or None
        Datasets that differ from those of `last`; None where every table must be made anew
        (there is no release, or other code made it).
    enrich : callable, optional
        Adds the computed tables that are not there yet.
    say : callable
        Progress.
    carried : mapping of dataset id to Release, optional
        Datasets whose file cannot be had, and the release whose rows stand for it.

    Raises
    ------
    ShapeChanged, SourceFailed
        As `assemble.assemble` and `tables.check`.
    """
    made, carried = Made(), carried or {}
    if last is None or changed is None:
        made.rebuilt = dict(assemble.assemble(files, say, made.parts, carried=carried))
        every: Mapping[str, pd.DataFrame] = made.rebuilt
    else:
        made.parts = {n: dict(e.get("rows", {})) for n, e in last.manifest["sources"].items()
                      if n in files or n in carried}  # fmt: skip
        _assemble_changed(made, files, last, changed, say, carried)
        # What is kept stands behind what is rebuilt, unread until something asks for it.
        kept = Kept(last, made.kept)
        every = ChainMap(made.rebuilt, kept)  # type: ignore[arg-type]  # nothing is written to it
    if enrich is not None and any(name not in every for name in assemble.COMPUTED):
        say("scoring tasks and joining published measures")
    if enrich is not None:
        added = enrich(every)
        new = [name for name in added if name not in made.kept]
        made.rebuilt = {name: added[name] for name in new}
    made.rebuilt = {name: contracts.check(name, frame) for name, frame in made.rebuilt.items()}
    made.entries |= {name: made.entry(name, frame) for name, frame in made.rebuilt.items()}
    made.entries |= {name: dict(r.manifest["tables"][name]) for name, r in made.kept.items()}
    return made


def _assemble_changed(
    made: Made,
    files: Mapping[str, Path],
    last: Release,
    changed: Collection[str],
    say: Callable[[str], None],
    carried: Mapping[str, Release],
) -> None:
    """Fill `made` with the tables that the changed datasets touch and with what can stay."""
    touched = assemble.affected(changed)
    there = set(last.manifest["tables"])
    if touched:
        behind = Kept(last, there - touched - set(assemble.COMPUTED))
        parts: dict[str, dict[str, int]] = {}
        found = assemble.assemble(files, say, parts, only=touched, kept=behind, carried=carried)
        for dataset, rows in parts.items():
            made.parts.setdefault(dataset, {}).update(rows)
        for name, frame in found.items():
            frame = contracts.check(name, frame)
            # A file may be packed anew, or corrected where this table does not look.
            known = last.manifest["tables"].get(name, {}).get("sha256")
            if made.entry(name, frame)["sha256"] != known:
                made.rebuilt[name] = frame
    other = set(made.rebuilt)
    for name, needs in assemble.COMPUTED.items():
        if other & set(needs):
            other.add(name)
    gone = touched - set(found) if touched else set()
    made.kept = dict.fromkeys(sorted(there - other - gone), last)
    if rest := sorted(made.kept):
        say(f"{len(rest)} tables are those of release {last.id}: their sources did not change")
