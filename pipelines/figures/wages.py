"""The figures of an occupation's wages and employment, over the years, by state and by area."""

from __future__ import annotations

from pipelines.analysis import Analysis, source_line
from pipelines.base.errors import UsageError
from pipelines.charts import geography, series
from pipelines.figures import Made, title_of
from pipelines.market import history


def employment_and_wages_figure(analysis: Analysis, code: str) -> Made:
    """Employment, nominal and real wages over the OEWS years."""
    frame = analysis.series(code[:7])
    if frame.empty:
        raise UsageError(
            code, "OEWS publishes no wages of this occupation", "Give another, such as 29-2072"
        )
    line = source_line(analysis, *analysis.release.editions("oews_nat"))
    outside = history.outside_share(
        analysis.national_rows.rows, analysis.tables["soc_2010_to_2018"], code
    )
    newest = int(frame["year"].max())
    return Made(
        lambda: series.employment_and_wages.plain(
            frame,
            _published_title(analysis, code),
            analysis.published_code(code),
            newest,
            line,
            outside,
        ),
        frame,
    )


def wages_by_area_figure(analysis: Analysis, code: str) -> Made:
    """Concentration and mean wage in the largest areas that may be compared.

    The data hold every area.

    Raises
    ------
    UsageError
        OEWS publishes the occupation in no area that may be compared, or the data in use hold
        no areas of it.
    """
    # Imported here: the other charts of this module need neither.
    from pipelines.charts.job_market import largest_areas
    from pipelines.market import areas

    frame = analysis.areas(code[:7])
    shown, sure = areas.largest(frame), int((frame["guard"] == "").sum())
    if shown.empty:
        raise UsageError(code, "no area of this occupation can be compared", "See outlook wages")
    line = source_line(analysis, *analysis.release.editions("oews_ma"))
    title = _published_title(analysis, code)
    return Made(lambda: largest_areas.plain(shown, sure, len(frame), title, line), frame)


def wages_by_state_figure(analysis: Analysis, code: str) -> Made:
    """Median wage by state, as a tile map."""
    states = analysis.states(code[:7])
    line = source_line(analysis, *analysis.release.editions("oews_st"))
    title = _published_title(analysis, code)
    return Made(lambda: geography.wages_by_state.plain(states, title, line), states)


def _published_title(analysis: Analysis, code: str) -> str:
    """Title of an occupation; of the joint code, marked, where BLS publishes it with others."""
    title = title_of(analysis, code)
    if not analysis.together(code):
        return title
    shared = analysis.published_code(code)
    joint = analysis.published_title(shared)
    return f"{joint} ({shared}: published together, with {title})"
