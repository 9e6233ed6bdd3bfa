"""The figure of the article's claims: tables of a release in, a figure and its data out."""

from __future__ import annotations

from pipelines.analysis import Analysis, source_line
from pipelines.base.errors import UsageError
from pipelines.charts import claim_percentiles as chart
from pipelines.claims.verdicts import NOT_SUPPORTED_BELOW, SUPPORTED_FROM, claims_of
from pipelines.exposure.published.meanings import meanings
from pipelines.figures import Made

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
    each = table.drop_duplicates("number")["verdict"] != "no public measure"
    if each.mean() < MIN_SHARE_MEASURED:
        raise UsageError(
            code, f"public data measure {each.sum()} of the article's {len(each)} claims for it",
            f"See outlook claims {code}",
        )  # fmt: skip
    title = analysis.occupations.set_index("onet_soc_code")["title"][code]
    studies = dict.fromkeys(m.dataset for m in meanings().values() if m.spread)
    oews = analysis.release.editions("oews_nat")
    line = source_line(analysis, "onet", "onet_18", "onet_excel", "ep_export", *oews, *studies)
    return Made(
        lambda: chart.claim_percentiles.plain(
            table, title, line, (NOT_SUPPORTED_BELOW, SUPPORTED_FROM)
        ),
        table,
    )
