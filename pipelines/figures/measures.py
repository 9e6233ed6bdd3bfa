"""The figure of an occupation's place in the published measures of exposure."""

from __future__ import annotations

from pipelines.analysis import Analysis, source_line
from pipelines.base.errors import UsageError
from pipelines.charts import measure_ranks as chart
from pipelines.exposure.published.agreement import OWN_MEASURES
from pipelines.exposure.published.meanings import meanings
from pipelines.figures import Made, title_of


def measures_figure(analysis: Analysis, code: str) -> Made:
    """Where the occupation stands in every published measure, and in ours."""
    frame = analysis.side_by_side(code)
    if frame.loc[~frame["measure"].isin(OWN_MEASURES), "percentile"].isna().all():
        raise UsageError(
            code, "the data in use hold no published measure of it", "Run `outlook refresh`"
        )
    names = dict.fromkeys(m.dataset for m in meanings().values())
    line = source_line(analysis, "onet", *names)
    return Made(lambda: chart.measure_ranks.plain(frame, title_of(analysis, code), line), frame)
