"""What `outlook status` answers: the sources of the data in use."""

from __future__ import annotations

import pandas as pd

from pipelines.answers.answer import Answer
from pipelines.releases.store import Release


def status(data: Release) -> Answer:
    """One row a source: release, date, publisher, license, citation, digest of the file."""
    rows = [
        {
            "source": name,
            "release": entry["release"],
            "date": entry["date"],
            "licence": entry["licence"],
            "url": entry["url"],
            "sha256": entry["sha256"][:12],
        }
        for name, entry in sorted(data.manifest["sources"].items())
    ]
    return Answer(pd.DataFrame(rows))
