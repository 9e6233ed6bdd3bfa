"""What `outlook similar` answers: occupations whose work is most like that of one, or of each."""

from __future__ import annotations

from pipelines.analysis import Analysis
from pipelines.answers.answer import Answer
from pipelines.base.errors import UsageError
from pipelines.releases.store import Release


def similar_answer(data: Release, query: str | None, n: int) -> Answer:
    """The n most similar occupations.

    Columns rank, soc_code, title, score; from_soc, rank, to_soc, score where query is None.
    """
    table = data.table("similar_occupations")
    table = table[table["rank"] <= n]
    if query is None:
        return Answer(table[["from_soc", "rank", "to_soc", "score"]])
    analysis = Analysis(data)
    soc = analysis.resolve(query)[:7]
    found = table[table["from_soc"] == soc].rename(columns={"to_soc": "soc_code"})
    if found.empty:
        raise UsageError(
            soc, "there are no data to compare this occupation by (military and some 'all other' "
            "occupations have none)", "Give another, such as 29-2072",
        )  # fmt: skip
    from pipelines.pathways.routes.network import titles_of

    titles = titles_of(found["soc_code"].to_numpy(), analysis.tables)
    found = found.assign(title=titles.to_numpy())
    return Answer(found[["rank", "soc_code", "title", "score"]])
