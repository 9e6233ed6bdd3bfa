"""What `outlook claims` answers: the article's claims held against public data."""

from __future__ import annotations

from pipelines.analysis import Analysis
from pipelines.answers.answer import Answer, named
from pipelines.claims.text import claim_sentences
from pipelines.claims.verdicts import claims_of
from pipelines.releases.store import Release

_READABLE_CLAIMS = {
    "number": "no.", "claim": "claim", "measure": "measure", "direction": "claimed",
    "value": "value", "percentile": "percentile of all",
    "percentile_technicians": "of technicians", "verdict": "verdict", "source": "source",
}  # fmt: skip


def claims_answer(data: Release, query: str) -> Answer:
    """The article's claims held against public data, and the same in words; see `claims.claims`."""
    analysis = Analysis(data)
    code = analysis.resolve(query)
    table = claims_of(analysis, code)
    title = analysis.occupations.set_index("onet_soc_code")["title"][code]
    said = ["\n\n".join(claim_sentences(table, title))]
    return Answer(table, said, named(table, _READABLE_CLAIMS))
