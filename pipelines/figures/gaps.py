"""The figure of what a destination asks more of."""

from __future__ import annotations

from functools import partial

from pipelines.analysis import Analysis, source_line
from pipelines.base.errors import UsageError
from pipelines.charts import skill_gap as chart
from pipelines.figures import Made
from pipelines.figures.paths import MAX_DESTINATIONS_DRAWN, usual_education
from pipelines.pathways.skills import gaps


def skill_gap_figure(analysis: Analysis, code: str, to: str | None = None) -> Made:
    """What a destination asks more of, and what carries over.

    Without a destination, the best-ranked one that O*NET's ratings can be compared with.

    Raises
    ------
    UsageError
        No such destination, or its ratings do not compare.
    """
    origin = _averaged(code)
    if to:
        ends = [_averaged(to)]
    else:
        usual = usual_education(analysis, code)
        ends = analysis.paths(code, usual, n=MAX_DESTINATIONS_DRAWN)["to_soc"]
    for place, end in enumerate(ends):
        frame = gaps.comparable(analysis.rated(origin), analysis.rated(end))
        if frame is None:
            continue
        chosen = ""
        if not to:
            chosen = "the best-ranked destination" + (" with ratings to compare" if place else "")
        start, goal = (gaps.occupation_title(analysis.tables, code) for code in (origin, end))
        line = source_line(analysis, "onet", "onet_18")
        return Made(partial(chart.skill_gap.plain, frame, start, goal, line, chosen=chosen), frame)
    raise UsageError(
        code, "O*NET's ratings of skills, knowledge and activities do not compare it with "
        + (to or "any of its best-ranked destinations"), "Give another destination with --to",
    )  # fmt: skip


def _averaged(code: str) -> str:
    """The SOC code of a general O*NET occupation; a specialty stands for itself."""
    return code.removesuffix(".00")
