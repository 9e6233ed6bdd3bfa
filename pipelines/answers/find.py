"""What `outlook find` answers: the occupations that a job title may mean."""

from __future__ import annotations

from pipelines.analysis import Analysis
from pipelines.answers.answer import Answer
from pipelines.base.errors import UsageError
from pipelines.occupations.titles import clear
from pipelines.releases.store import Release


def find_answer(data: Release, text: str, n: int) -> Answer:
    """The occupations that a title may mean, best first.

    Columns rank, onet_soc_code, title, known_as (the occupation's name that fits best), technician
    (yes or no), score (of no unit: comparable within one answer).

    Raises
    ------
    UsageError
        No word of the title is a word of any name.
    """
    analysis = Analysis(data)
    found = analysis.titles.find(text, max(n, 2))
    if found.empty:
        raise UsageError(
            repr(text[:80]),
            "no occupation has a name like this",
            "Try another word for the job, or a part of it",
        )
    rows = found.head(n).merge(analysis.occupations[["onet_soc_code", "title", "is_technician"]])
    rows["technician"] = rows["is_technician"].map({True: "yes", False: "no"})
    notes = [] if clear(found) else ["Not sure which is meant: look at the first few."]
    columns = ["rank", "onet_soc_code", "title", "known_as", "technician", "score"]
    return Answer(rows[columns], notes=notes)
