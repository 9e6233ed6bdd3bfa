"""The figures of a worker's ways on: a release in, a figure and the data behind it out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipelines.analysis import Analysis, source_line
from pipelines.base.errors import UsageError
from pipelines.base.records import records
from pipelines.charts import advancement
from pipelines.charts import frontier as frontier_chart
from pipelines.charts import route_card as route_chart
from pipelines.charts.kit.theme import money
from pipelines.charts.route_card_text import outcome
from pipelines.figures import Made
from pipelines.pathways.routes.judgment import rank_value, start_level
from pipelines.pathways.routes.returns import paid_back, route_returns
from pipelines.pathways.routes.route import route_steps
from pipelines.pathways.routes.search import find_paths
from pipelines.pathways.schooling.costs import prices, tuition
from pipelines.pathways.schooling.credentials import licence_words
from pipelines.pathways.schooling.education import EDUCATION_LEVELS, years_asked

#: Destinations drawn in one chart: a page holds so many rows.
MAX_DESTINATIONS_DRAWN = 15
USUAL_PRIORITY = "balance"
#: Destinations among which the frontier is sought.
MAX_DESTINATIONS_COMPARED = 24
_PATH_COLUMNS = [
    "to_soc", "via_soc", "steps", "years_education", "wage_gain", "exposure_change",
    "feasibility", "benefit", "credentials", "published_code", "section", "years_training",
    "years_experience", "years_to_qualify", "way_in", "observed_moves", "automation_change",
    "entry_education", "step_education", "education_note",
]  # fmt: skip


def usual_education(analysis: Analysis, code: str, education: str | None = None) -> str:
    """The education that is stated, or the usual one of the occupation (BLS typical)."""
    data = analysis.pathways
    return education or EDUCATION_LEVELS[start_level(data, data.position(code), None)]


def destinations(
    analysis: Analysis,
    code: str,
    education: str | None = None,
    also: Sequence[str] = (),
    matters: str = USUAL_PRIORITY,
) -> pd.DataFrame:
    """The best ways on in the order of `outlook paths`, with what a chart and a page show of each.

    Columns of `pathways.search.find_paths` and of `PathwayData.table`; ``soc_code`` is the
    destination, ``rank_value`` what it is ranked by, ``required_education`` the level by which the
    way enters it (an occupation that two levels open stands twice); openings are jobs a year.
    `also` names occupations that are added where they are not among the best; `matters` is a key
    of `judgment.PRIORITY_WEIGHTS`.
    """
    usual = usual_education(analysis, code, education)
    paths = analysis.paths(code, usual, n=MAX_DESTINATIONS_DRAWN, matters=matters)
    missing = [soc for soc in also if soc not in set(paths["to_soc"])]
    if missing:
        every = find_paths(analysis.pathways, code[:7], education, max_steps=3, n=None)
        paths = pd.concat([paths, every[every["to_soc"].isin(missing)]], ignore_index=True)
    # A way's note on its level of education stands for the occupation's.
    people = analysis.people_at(paths["to_soc"].tolist())
    shown = pd.concat([paths[_PATH_COLUMNS], people], axis=1)
    shown["required_education"] = shown["entry_education"]
    shown["credentials"] = shown["credentials"].where(shown["credentials"] != "", "not looked up")
    return shown.assign(rank_value=rank_value(shown["feasibility"], shown["benefit"]))


def _source_line(analysis: Analysis, *also: str) -> str:
    """The sources of a chart of paths: the survey's national table, or that of the place."""
    kind = f"oews_{analysis.wage_table}"
    newest = analysis.release.editions(kind)[-1:]
    line = source_line(analysis, "onet", *newest, "ep_export", *also)
    if not analysis.wage_place:
        return line
    return f"{line} Wages: {analysis.wage_place}; jobs and openings: United States."


def _present(analysis: Analysis, code: str) -> dict:
    return analysis.people.iloc[analysis.pathways.position(code)].to_dict()


def best_route(
    analysis: Analysis,
    code: str,
    education: str | None = None,
    to: str | None = None,
    matters: str = USUAL_PRIORITY,
) -> list[str]:
    """SOC codes of the stops of the best-ranked route, to `to` if named; [] where none is open.

    Raises
    ------
    UsageError
        No route of up to three steps leads to `to`.
    """
    path = _best_path(analysis, code, education, to, matters)
    return [] if path is None else stops(path)


def _best_path(
    analysis: Analysis,
    code: str,
    education: str | None = None,
    to: str | None = None,
    matters: str = USUAL_PRIORITY,
) -> pd.Series | None:
    """The row of `find_paths` of `best_route`; None where no route is open."""
    if to is None:
        usual = usual_education(analysis, code, education)
        found = analysis.paths(code, usual, n=1, matters=matters)
        return None if found.empty else found.iloc[0]
    found = find_paths(analysis.pathways, code[:7], education, max_steps=3, to=to[:7], n=1)
    if found.empty:
        raise UsageError(
            code,
            f"no route of up to three steps to {to} was found: each step must pay no less than "
            "the one before and lead to similar work, and a route changes field once at most",
            f"See which destinations are open: outlook paths {code}",
        )
    return found.iloc[0]


def stops(path: pd.Series) -> list[str]:
    """SOC codes of a row of `find_paths`, from the first stop to the destination."""
    via = [v.strip() for v in str(path["via_soc"]).split(",") if v.strip()]
    return [*via, path["to_soc"]]


def advancement_paths_figure(
    analysis: Analysis,
    code: str,
    education: str | None = None,
    to: str | None = None,
    route: Sequence[str] | None = None,
    phone: bool = False,
    matters: str = USUAL_PRIORITY,
) -> Made:
    """Where to go from here, by required education and pay.

    `route`, SOC codes of its stops, is pointed out; without it the best-ranked route, to the
    destination `to` where one is named. `matters` ranks as `outlook paths --matters` does; where
    it is "automation" the automation score is drawn in place of exposure.
    """
    education = usual_education(analysis, code, education)
    chosen = (
        list(route) if route is not None else best_route(analysis, code, education, to, matters)
    )
    shown = destinations(analysis, code, education, chosen, matters)
    shown["highlighted"] = shown["soc_code"].isin(chosen)
    # A destination has one place in the chart, that of its best way; the data have every way.
    once = shown.drop_duplicates("soc_code", ignore_index=True)
    through = once["via_soc"].fillna("").str.split(",").str[-1].str.strip()
    drawn = set(once["soc_code"])
    moves = pd.DataFrame(
        {
            # A way by an occupation that is not drawn starts at the origin, dashed as step 2.
            "from_soc": [v if v in drawn else code[:7] for v in through],
            "to_soc": once["soc_code"],
            "step": once["steps"],
            "feasibility": once["feasibility"],
        }
    )
    present, line = _present(analysis, code), _source_line(analysis, "gpts_labels")
    score = "automation_score" if matters == "automation" else "exposure"
    return Made(
        lambda: advancement.advancement_paths.plain(
            present,
            once,
            moves,
            line,
            chosen,
            phone,
            education,
            score,
            analysis.wage_place,
        ),
        shown,
    )


def route_table(
    analysis: Analysis,
    code: str,
    route: Sequence[str] | pd.Series | None,
    education: str | None = None,
) -> pd.DataFrame:
    """A route with its origin as step 0: what `charts.route.route_card` draws.

    `route`: codes stepped to, or a row of `find_paths`, which says by which education each step is
    entered; empty or None where none is open.

    Columns of `pathways.route.route_steps` and ``years_education_low``,
    ``years_education_high``, ``tuition_low``, ``tuition_high`` (shortest and longest usual
    course).
    """
    soc = code[:7]
    own = analysis.pathways.table.loc[[soc]].reset_index()
    own = own.assign(step=0, licence_words=licence_words(soc))
    if route is None or not len(route):
        steps = own
    else:
        ahead = route_steps(analysis.pathways, soc, route, education)
        columns = [c for c in own if c in ahead]
        steps = pd.concat([own[columns], ahead], ignore_index=True)[list(ahead)]
    price, data = prices(), analysis.pathways
    asked_of = []
    if "education_before" in steps:  # as in a route of one step or more
        asked_of = records(steps[["education_before", "entry_education", "from_soc", "soc_code"]])
    for end, place in (("low", 0), ("high", 2)):
        years, cost = [float("nan")] * len(steps), [float("nan")] * len(steps)
        for i, row in enumerate(asked_of):
            before, asked = row["education_before"], row["entry_education"]
            if pd.isna(before) or pd.isna(asked):
                continue
            last, to = (np.array(data.position(row[name])) for name in ("from_soc", "soc_code"))
            own_field = bool(data.own_field(last, to))
            years[i] = years_asked(before, asked, own_field)[place]
            cost[i] = tuition(before, asked, price, end, own_field)
        steps[f"years_education_{end}"], steps[f"tuition_{end}"] = years, cost
    return steps


def route_card_figure(
    analysis: Analysis,
    code: str,
    to: str | None = None,
    education: str | None = None,
    route: Sequence[str] | None = None,
    phone: bool = False,
) -> Made:
    """One route step by step: the one named, or the best-ranked one, to `to` where named.

    What the whole route brings stands in the last row, columns ``route_break_even_year_`` and
    ``route_net_present_value_`` low, median and high. Empty where no route is open.
    """
    education = usual_education(analysis, code, education)
    path = _best_path(analysis, code, education, to) if route is None else None
    chosen = list(route) if route is not None else [] if path is None else stops(path)
    way = path if route is None else chosen
    steps = route_table(analysis, code, way, education)
    line = _source_line(analysis, "gpts_labels") + f" Tuition: {prices()['source']}."
    gain = ""
    if chosen:
        returns = route_returns(analysis.pathways, code[:7], way, education)
        gain = outcome(returns)
        last = steps.index[-1]
        for row in records(returns):
            for name in ("break_even_year", "net_present_value"):
                steps.loc[last, f"route_{name}_{row['case']}"] = row[name]
    return Made(
        lambda: route_chart.route_card.plain(
            steps, line, gain, phone, education, analysis.wage_place
        ),
        steps if chosen else steps.iloc[:0],
    )


def frontier_figure(
    analysis: Analysis, code: str, education: str | None = None, phone: bool = False
) -> Made:
    """Years to qualify against gain in pay, over the best-ranked ways of up to two steps."""
    table, education = analysis.pathways.table, usual_education(analysis, code, education)
    own = table.loc[analysis.pathways.table.index[analysis.pathways.position(code)]]
    moves = analysis.paths(code, education, n=MAX_DESTINATIONS_COMPARED)
    moves = moves.rename(columns={"to_soc": "soc_code"})
    beside = table.loc[moves["soc_code"], ["annual_p25_wage", "annual_p75_wage"]].astype("float64")
    for end, name in (("low", "annual_p25_wage"), ("high", "annual_p75_wage")):
        moves[name] = beside[name].to_numpy()
        change = moves[name] - own["annual_median_wage"]
        # Missing where the median's is: both ends share one published wage.
        moves[f"wage_gain_{end}"] = change.where(moves["wage_gain"].notna())
    moves["on_frontier"] = frontier_chart.on_frontier(moves)
    line = _source_line(analysis)
    return Made(
        lambda: frontier_chart.frontier.plain(
            own["title"], moves, line, phone, education, analysis.wage_place
        ),
        moves,
    )


def money_table(paths: pd.DataFrame) -> pd.DataFrame:
    """What ways cost and bring, each number with its range, in words.

    Parameters
    ----------
    paths : DataFrame
        From `outlook paths`, or with the columns of `pathways.returns.add_returns`.

    Returns
    -------
    DataFrame
        ``title``, ``tuition``, ``wages forgone``, ``gain in annual wage``, ``paid back in year``,
        ``worth today``: text, "" where a number is not known.
    """

    def ranged(name: str) -> list[str]:
        ends = (paths[name], paths[f"{name}_low"], paths[f"{name}_high"])
        return [
            "" if pd.isna(mid) else f"{_signed(mid)} ({_signed(low)} to {_signed(high)})"
            for mid, low, high in zip(*ends, strict=True)
        ]

    return pd.DataFrame(
        {
            "title": paths["title"],
            "tuition": ranged("tuition"),
            "wages forgone": ranged("wages_forgone"),
            "gain in annual wage": ranged("wage_gain"),
            "paid back in year": paid_back(paths),
            "worth today": ranged("net_present_value"),
        },
        index=paths.index,
    )


def _signed(value: float) -> str:
    return "not known" if pd.isna(value) else f"{'−' if value < 0 else ''}{money(abs(value))}"
