"""What `outlook claims` answers: the article's claims held against public data."""

from __future__ import annotations

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.answers.answer import Answer, named
from pipelines.claims.board import board, by_chance
from pipelines.claims.text import claim_sentences
from pipelines.claims.verdicts import claims_of
from pipelines.releases.store import Release

_READABLE_CLAIMS = {
    "number": "no.", "claim": "claim", "measure": "measure", "direction": "claimed",
    "value": "value", "percentile": "percentile of all", "interval": "95% interval",
    "percentile_technicians": "of technicians", "verdict": "verdict", "stand_in": "stand-in",
    "chance_supported": "% supported by the rule", "chance_not_supported": "% not supported",
    "source": "source",
}  # fmt: skip


def claims_answer(data: Release, query: str) -> Answer:
    """The article's claims held against public data, and the same in words; see `claims_of`."""
    analysis = Analysis(data)
    code = analysis.resolve(query)
    table = claims_of(analysis, code)
    title = analysis.occupations.set_index("onet_soc_code")["title"][code]
    counts = by_chance(board(analysis), code)
    said = ["\n\n".join(claim_sentences(table, counts, title, code))]
    return Answer(table, said, named(_rounded(table), _READABLE_CLAIMS))


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    """The table for a terminal: whole percentiles, and an interval as one text."""
    ends = table[["percentile_low", "percentile_high"]].round()
    interval = [
        f"{low:.0f} to {high:.0f}" if pd.notna(low) else None
        for low, high in ends.itertuples(index=False)
    ]
    whole = ["percentile", "percentile_technicians", "chance_supported", "chance_not_supported"]
    return table.assign(interval=interval, **{name: table[name].round() for name in whole})
