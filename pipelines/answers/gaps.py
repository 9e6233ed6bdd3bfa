"""What `outlook gaps` answers: what a destination asks more of, and what carries over."""

from __future__ import annotations

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.answers.answer import Answer, named
from pipelines.pathways.skills import gaps as compare
from pipelines.releases.store import Release

_READABLE_GAPS = {
    "status": "status", "kind": "kind", "element_name": "what", "scale": "scale",
    "from_value": "now", "to_value": "there", "difference": "difference",
    "difference_low": "95% from", "difference_high": "to", "note": "note",
}  # fmt: skip


def gaps_answer(data: Release, origin: str, destination: str, n: int) -> Answer:
    """What a destination asks more of, and the same in words; see `gaps.skill_gaps`.

    The table has the first n of each kind. A SOC code means all of its O*NET occupations, an
    O*NET-SOC code or a title one of them.
    """
    analysis = Analysis(data)
    tables = analysis.tables
    soc = set(compare.members(tables)["soc_code"])
    queries = (" ".join(query.split()) for query in (origin, destination))
    codes = [query if query in soc else analysis.resolve(query) for query in queries]
    frame = compare.skill_gaps(tables, codes[0], codes[1])
    titles = [compare.occupation_title(tables, code) for code in codes]
    table = _readable(frame, n)
    shown = f"{len(table)} of {len(frame)} rows; all with --format csv, or a larger -n"
    summary = compare.gap_summary(frame, titles[0], titles[1])
    return Answer(frame, [summary], table, [shown])


def _readable(frame: pd.DataFrame, n: int) -> pd.DataFrame:
    """The first n gaps and the first n that carry over of each kind, in plain words."""
    frame = frame[frame["status"].isin(["gap", "carries over"])]
    shown = frame.groupby(["status", "kind", "scale"], sort=False).head(n)
    return named(shown, _READABLE_GAPS)
