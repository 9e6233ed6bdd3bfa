"""What an archive says of itself: sources, what is left out, README and citation."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import jinja2
import pandas as pd

from pipelines.base.contracts import Table
from pipelines.build.archive_tables import Kept
from pipelines.releases.store import Release
from pipelines.sources.catalog import entry_of, withheld

#: Date of the files of a release whose date is not known: the first that a zip can hold.
_NO_DATE = datetime(1980, 1, 1, tzinfo=UTC)


def dated(release: Release) -> datetime:
    """When a release was made; of the snapshot, the day of the release that it was made from."""
    if created := release.manifest.get("created_utc"):
        return datetime.fromisoformat(created).astimezone(UTC)
    day = re.match(r"\d{8}", release.manifest.get("made_from_release", ""))
    return datetime.strptime(day[0], "%Y%m%d").replace(tzinfo=UTC) if day else _NO_DATE


def used_by(release: Release, table: Table) -> list[str]:
    """Ids of the sources of a table in the release's manifest, those that may be passed on."""
    open_to_all = [source for source in table.source if source not in withheld()]
    held = release.manifest["sources"]
    return [
        name
        for source in open_to_all
        for name in ([source] if source in held else release.editions(source))
    ]


def source_table(
    release: Release, cited: list[dict[str, Any]], used: dict[str, list[str]]
) -> pd.DataFrame:
    """A row a source of the release: where from, which edition, under which license.

    Returns
    -------
    DataFrame
        id, title, publisher, release, date, fetched, url, sha256 (of the file that was read),
        license, may_be_passed_on (yes or no), tables (separated by a space), attribution,
        citation, made_from.
    """
    rows = []
    for one in cited[:-1]:
        entry, known = release.manifest["sources"][one["id"]], entry_of(one["id"])
        rows.append(
            {key: one[key] for key in ("id", "title", "publisher", "release", "date", "fetched")}
            | {
                "url": one["url"],
                "sha256": entry.get("sha256"),
                "license": one["licence"],
                "may_be_passed_on": "yes" if known and known.may_be_passed_on else "no",
                "tables": " ".join(name for name, ids in used.items() if one["id"] in ids),
                "attribution": entry.get("attribution", ""),
                "citation": one["citation"],
                "made_from": one.get("made_from", ""),
            }
        )
    return pd.DataFrame(rows)


def left_out_table(kept: list[Kept], left_out: dict[str, str]) -> pd.DataFrame:
    """What is left out: columns table, how ("whole" or "in part"), why."""
    rows = [(name, "whole", why) for name, why in left_out.items()]
    rows += [(one.table.name, "in part", one.left_out) for one in kept if one.left_out]
    return pd.DataFrame(rows, columns=["table", "how", "why"])


def described(
    release: Release, cited: list[dict[str, Any]], lacking: pd.DataFrame
) -> dict[str, Any]:
    """What the templates and the data package say of the release.

    ``cited`` is that of `cite.references`, ``lacking`` that of `left_out_table`.
    """
    own, when = cited[-1], dated(release)
    sources = release.manifest["sources"]
    attributions = {e["attribution"] for e in sources.values() if e.get("attribution")}
    return {
        "id": release.id,
        "release": own["release"],
        "program": own["version"],
        "author": own["authors"][0],
        "citation": own["citation"],
        "date": "" if when == _NO_DATE else f"{when:%Y-%m-%d}",
        "sources": cited[:-1],
        "attributions": sorted(attributions),
        "left_out": list(lacking.itertuples(index=False, name=None)),
        "deflator": sources.get("cpi_u") if release.has("price_index") else None,
        "again": not release.is_snapshot,
    }


def render(template: str, described: dict[str, Any]) -> str:
    """A text of the archive from its template and `described`."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pipelines.build", "templates"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False,
    )  # fmt: skip
    # A JSON string is a YAML string: nothing in it can end it early.
    environment.filters["quoted"] = lambda text: json.dumps(str(text), ensure_ascii=False)
    return environment.get_template(template).render(described)
