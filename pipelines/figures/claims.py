"""The figure of the article's claims: tables of a release in, a figure and its data out."""

from __future__ import annotations

from pipelines.analysis import Analysis, source_line
from pipelines.base.errors import UsageError
from pipelines.charts import claim_percentiles as chart
from pipelines.claims.board import TESTED, board, by_chance
from pipelines.claims.standings import NOT_SUPPORTED_BELOW, SUPPORTED_FROM
from pipelines.claims.text import headline, rule_by_chance
from pipelines.claims.verdicts import claims_of
from pipelines.figures import Made
from pipelines.market import oews

#: Share of the claims that must be measured: a picture of empty rows tells nothing.
MIN_SHARE_MEASURED = 0.5


def claims_figure(analysis: Analysis, code: str) -> Made:
    """Where the occupation stands on each claim, and the table behind it.

    Raises
    ------
    UsageError
        Fewer than half of the claims have a verdict.
    """
    table = claims_of(analysis, code)
    tested = int(table["verdict"].isin(TESTED).sum())
    if tested < MIN_SHARE_MEASURED * len(table):
        raise UsageError(
            code, f"public data measure {tested} of the article's {len(table)} claims for it",
            f"See outlook claims {code}",
        )  # fmt: skip
    title = analysis.occupations.set_index("onet_soc_code")["title"][code]
    counts = by_chance(board(analysis), code)
    years = (str(oews.REFERENCE_YEAR), str(oews.years(analysis.tables["wages"])[-1]))
    wages = [name for name in analysis.release.editions("oews_nat") if name.endswith(years)]
    ids = ["onet", "onet_18", "ep_export", *wages]
    finding = headline(table, counts, title, code)
    bounds = (NOT_SUPPORTED_BELOW, SUPPORTED_FROM)
    line, said = source_line(analysis, *ids), rule_by_chance(table)
    return Made(lambda: chart.claim_percentiles.plain(table, finding, said, line, bounds), table)
