"""`outlook archive`: the release behind printed figures as one zip that can be deposited.

The zip holds every table that may be passed on as CSV, parquet and Stata files, a codebook, the
description of a Frictionless data package, sources with license and attribution, what is left out
and why, the release's manifest, a citation and checksums. The same release, program and packages
give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.answers.cite import references
from pipelines.base.errors import UsageError
from pipelines.base.files import unfinished
from pipelines.base.tabular import require_folder, to_csv_text
from pipelines.build import archive_codebook as codebook
from pipelines.build import archive_tables as tables
from pipelines.build import archive_words as words
from pipelines.releases.store import MANIFEST, Release

CHECKSUMS = "SHA256SUMS"


@dataclass(frozen=True)
class Archived:
    """The file, its tables, and why others are left out, or parts of those that are in."""

    path: Path
    tables: list[str]
    left_out: dict[str, str]
    in_part: dict[str, str]


def archive(release: Release, out: Path | None = None) -> Archived:
    """Write the archive of a release.

    Parameters
    ----------
    release : Release
        A release or the embedded snapshot.
    out : Path, optional
        File to write, ending in .zip (default: ``technician-outlook-ID.zip`` here). A file of that
        name is replaced once the new one is whole.

    Returns
    -------
    Archived

    Raises
    ------
    UsageError
        Another ending, no such folder, or a release that another version of the program made.
    SourceFailed
        A table's file is missing or damaged.
    OSError
        The file cannot be written; nothing half is left.
    """
    out = out or Path(f"technician-outlook-{release.id}.zip")
    if out.suffix.lower() != ".zip":
        raise UsageError(str(out), "the name must end in .zip", "Rename the output")
    require_folder(out)
    kept, left_out = tables.choose(release)
    fresh = unfinished(out)
    try:
        with zipfile.ZipFile(fresh, "w") as file:
            _fill(_Members(file, words.dated(release)), release, kept, left_out)
        fresh.replace(out)
    except OSError as error:
        error.filename = str(out)  # a full disk names no file, and the unfinished one means nothing
        raise
    finally:
        fresh.unlink(missing_ok=True)
    parts = {one.table.name: one.left_out for one in kept if one.left_out}
    return Archived(out, [one.table.name for one in kept], left_out, parts)


class _Members:
    """Files into a zip, each with the release's date, and their digests."""

    def __init__(self, file: zipfile.ZipFile, when: datetime) -> None:
        self.file, self.when = file, when
        self.digests: dict[str, str] = {}

    def add(self, name: str, data: bytes) -> dict[str, Any]:
        """Store a file; gives its ``path``, ``bytes`` and ``hash``, as a data package says them."""
        info = zipfile.ZipInfo(name, self.when.timetuple()[:6])
        info.create_system, info.external_attr = 3, 0o644 << 16  # as on Unix, whatever runs it
        packed = name.endswith(".parquet")  # already: storing it is enough
        info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        self.file.writestr(info, data)
        self.digests[name] = hashlib.sha256(data).hexdigest()
        return {"path": name, "bytes": len(data), "hash": f"sha256:{self.digests[name]}"}


def _fill(
    members: _Members, release: Release, kept: list[tables.Kept], left_out: dict[str, str]
) -> None:
    cited = references(release)
    used = {one.table.name: words.used_by(release, one.table) for one in kept}
    resources = []
    for one in kept:
        frame, parquet = tables.rows(release, one)
        written = members.add(f"csv/{one.table.name}.csv", tables.csv(frame))
        members.add(f"parquet/{one.table.name}.parquet", parquet)
        stata = tables.stata(frame, one.table, members.when)
        members.add(f"stata/{one.table.name}.dta", stata)
        entries = [release.manifest["sources"][source] for source in used[one.table.name]]
        resources.append(codebook.resource(one.table, written, entries))
    held = [one.table for one in kept]
    lacking = words.left_out_table(kept, left_out)
    listed = words.source_table(release, cited, used)
    described = words.described(release, cited, lacking)
    for name, text in (
        ("README.md", words.render("archive_readme.md.j2", described)),
        ("CITATION.cff", words.render("archive_citation.cff.j2", described)),
        ("codebook.csv", to_csv_text(codebook.table(held, used))),
        ("codebook.schema.json", _json(codebook.json_schema(held))),
        ("sources.csv", to_csv_text(listed)),
        ("left_out.csv", to_csv_text(lacking)),
        ("datapackage.json", _json(codebook.package(described, resources))),
    ):
        members.add(name, text.encode())
    members.add(MANIFEST, (release.path / MANIFEST).read_bytes())
    # As `sha256sum --check` reads it.
    lines = [f"{digest}  {name}\n" for name, digest in sorted(members.digests.items())]
    members.add(CHECKSUMS, "".join(lines).encode())


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
