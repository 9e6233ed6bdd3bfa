"""What `outlook moves` answers: where people who leave an occupation go."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.analysis import Analysis
from pipelines.answers.answer import Answer, named
from pipelines.base.errors import UsageError
from pipelines.pathways.moves.observed import PEOPLE_PER_RESPONDENT, in_words
from pipelines.releases.store import Release

#: Significant digits of a chance; more than the model knows.
_DIGITS = 6
_READABLE_MOVES = {
    "rank": "rank", "to_soc": "code", "title": "occupation", "probability": "chance (model)",
    "observed": "seen (survey)", "observed_group": "seen, of the survey's group",
}  # fmt: skip
SURVEY_NOTE = (
    "chance: of somebody who leaves the occupation, estimated from observed moves; what people "
    "did is not what is advisable. Seen: share of the people who changed, with its 95% interval, "
    f"from the CPS (one respondent taken to stand for {PEOPLE_PER_RESPONDENT:,.0f} people)"
)


def _need(data: Release) -> None:
    if not data.has("observed_moves"):
        raise UsageError(
            f"release {data.id}", "has no observed moves; it was made before they were a source",
            "Run `outlook refresh`, or use --offline",
        )  # fmt: skip


def all_moves_answer(data: Release, n: int) -> Answer:
    """The n most likely destinations of every occupation: from_soc, rank, to_soc, probability."""
    from pipelines.pathways.moves.model import chances

    _need(data)
    found = chances(Analysis(data).tables)
    size = len(found.codes)
    n = min(n, size - 1)
    order = np.argsort(-found.probability, axis=1, kind="stable")[:, :n]
    chance = np.take_along_axis(found.probability, order, axis=1)
    frame = pd.DataFrame(
        {
            "from_soc": np.repeat(found.codes, n),
            "rank": np.tile(np.arange(1, n + 1), size),
            "to_soc": found.codes[order.ravel()],
            "probability": chance.ravel().round(_DIGITS),
        }
    ).astype({"from_soc": "str", "to_soc": "str"})
    return Answer(frame)


def moves_answer(data: Release, query: str, n: int) -> Answer:
    """The n most likely destinations of one occupation, and what was observed.

    Columns from_soc, rank, to_soc, probability, title; observed_share, observed_low,
    observed_high, observed_status; leavers_n (respondents who left, estimated); from_code,
    to_code, code_share, code_low, code_high (see `pathways.moves.observed.observed`).
    """
    from pipelines.pathways.moves.model import chances
    from pipelines.pathways.moves.observed import observed
    from pipelines.pathways.routes.network import titles_of

    _need(data)
    analysis = Analysis(data)
    soc = analysis.resolve(query)[:7]
    found = chances(analysis.tables)
    chance = found.probability[found.position(soc)]
    best = np.argsort(-chance, kind="stable")[: min(n, len(chance) - 1)]
    to = found.codes[best]
    frame = pd.DataFrame(
        {
            "from_soc": soc, "rank": np.arange(1, len(to) + 1), "to_soc": to,
            "probability": chance[best].round(_DIGITS),
            "title": titles_of(to, analysis.tables).to_numpy(),
        }
    ).astype({"from_soc": "str", "to_soc": "str"})  # fmt: skip
    names = {"share_of_leavers": "observed_share", "low": "observed_low", "high": "observed_high",
             "status": "observed_status"}  # fmt: skip
    seen = observed(analysis.tables, soc).rename(columns=names)
    frame = frame.merge(seen, on="to_soc", how="left", validate="1:1")
    return Answer(frame, [SURVEY_NOTE], _readable(frame))


def _readable(frame: pd.DataFrame) -> pd.DataFrame:
    columns = ("observed_share", "observed_low", "observed_high", "observed_status")
    own = [in_words(*row) for row in zip(*(frame[name] for name in columns), strict=True)]
    group = [
        "" if pd.isna(share) else f"{100 * share:.1f}% ({100 * low:.1f} to {100 * high:.1f}) {code}"
        for share, low, high, code in zip(
            frame["code_share"], frame["code_low"], frame["code_high"], frame["to_code"],
            strict=True,
        )
    ]  # fmt: skip
    shown = frame.assign(
        observed=own, observed_group=group,
        probability=[f"{100 * p:.1f}%" for p in frame["probability"]],
    )  # fmt: skip
    return named(shown, _READABLE_MOVES)
