"""Tables of docs/METHODS.md, sections 7 to 11: routes, schooling, wages, the look back, claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipelines.analysis import Analysis
from pipelines.base.records import records
from pipelines.build.methods_words import CODE, share, span

#: A route worked through: one credential up, then a bachelor's degree.
ROUTE = ("29-9021", "11-9111")
HELD = "High school diploma or equivalent"


def ranking_example(analysis: Analysis) -> pd.DataFrame:
    """The terms of one move, worked through."""
    from pipelines.pathways.routes import judgment, network

    data = analysis.pathways
    row = network.moves(data, CODE[:7], HELD, None).set_index("to_soc").loc[ROUTE[0]]
    i, j = data.position(CODE[:7]), data.position(ROUTE[0])
    weights = judgment.PRIORITY_WEIGHTS["balance"]
    chance = float(data.chance[i, np.flatnonzero(data.to[i] == j)[0]])
    alike = row["similarity"] / (row["similarity"] + judgment.HALF_FIT)
    common = chance / (chance + judgment.HALF_CHANCE)
    school = float(judgment.schooling_term(row["years_education"]))
    pay = data.wage[j] / (data.wage[j] + data.wage[i])
    openings = data.openings[j] / (data.openings[j] + judgment.HALF_OPENINGS)
    exposure = 0.5 - row["exposure_change"] / 2
    rows = [
        ("likeness", f"score {row['similarity']:.3f}", alike),
        ("commonness", f"chance {chance:.5f}", common),
        ("schooling", f"{row['years_education']:.0f} years to add", school),
        ("**feasibility**", "root of likeness x commonness, x schooling", row["feasibility"]),
        ("pay", f"${data.wage[i]:,.0f} to ${data.wage[j]:,.0f}", pay),
        ("openings", f"{data.openings[j]:.1f} thousand per year", openings),
        ("exposure", f"change {row['exposure_change']:+.3f}", exposure),
        (
            "**benefit**",
            ", ".join(f"{weights[name]} x {name}" for name in ("pay", "openings", "exposure")),
            row["benefit"],
        ),
        (
            "**rank value**",
            "feasibility x benefit",
            judgment.rank_value(row["feasibility"], row["benefit"]),
        ),
    ]
    cells = {term: [made_from, share(value)] for term, made_from, value in rows}
    return pd.DataFrame({"term": ["from", "value"], **cells})


def priorities(analysis: Analysis) -> pd.DataFrame:
    """Weights of the benefit, and the years that halve feasibility, by what matters most."""
    from pipelines.pathways.routes.judgment import PRIORITY_WEIGHTS

    rows = [
        {"`--matters`": name} | {key.replace("_", " "): f"{v:g}" for key, v in weights.items()}
        for name, weights in PRIORITY_WEIGHTS.items()
    ]
    return pd.DataFrame(rows)


def years_matrix(analysis: Analysis) -> pd.DataFrame:
    """Usual full-time years between levels of education."""
    from pipelines.pathways.schooling import education

    usual = np.asarray(education.years_matrix())[0]
    frame = pd.DataFrame(usual, columns=[str(i) for i in range(len(usual))]).map("{:g}".format)
    names = [f"{i} {level}" for i, level in enumerate(education.EDUCATION_LEVELS)]
    frame.insert(0, "from \\ to", names)
    return frame


def tuition(analysis: Analysis) -> pd.DataFrame:
    """Tuition defaults."""
    from pipelines.pathways.schooling.costs import prices

    price = prices()
    rows = [
        ("two-year college, in district", "default up to an associate's", "two_year"),
        ("four-year college, in State", "default of all later years", "four_year"),
    ]
    listed = [(a, b, price["per_year"][key]) for a, b, key in rows]
    listed += [
        (name.replace("_", " "), "with `--costs`", v) for name, v in price["choices"].items()
    ]
    source = f"{price['source']}, {price['year']}"
    return pd.DataFrame(
        [(a, b, f"${v:,.0f}", source) for a, b, v in listed],
        columns=["college", "used", "dollars per year", "source"],
    )


def payback_example(analysis: Analysis) -> pd.DataFrame:
    """A route of one and of two steps, undiscounted and at the default rate."""
    from pipelines.pathways.routes.returns import DISCOUNT, HORIZON, route_returns

    rows: dict[str, list[str]] = {}
    titles = []
    for codes in (ROUTE[:1], ROUTE):
        for case in ("low", "median", "high") if len(codes) > 1 else ("median",):
            titles.append(" then ".join(codes) + f", {case}")
            plain, priced = (
                route_returns(analysis.pathways, CODE[:7], list(codes), HELD, discount=rate)
                .set_index("case")
                .loc[case]
                for rate in (0.0, DISCOUNT)
            )
            even = plain["break_even_year"]
            for name, value in (
                ("years of schooling", f"{plain['years']:g}"),
                ("years in all, with experience", f"{plain['years_total']:g}"),
                ("tuition", f"${plain['tuition']:,.0f}"),
                ("wages forgone", f"${plain['wages_forgone']:,.0f}"),
                ("gain per year at the end", f"${plain['yearly_gain']:,.0f}"),
                ("break-even year", "-" if np.isnan(even) else f"{even:.0f}"),
                (f"sum over {HORIZON} years", f"${plain['net_present_value']:,.0f}"),
                (f"net present value at {100 * DISCOUNT:g} %",
                 f"${priced['net_present_value']:,.0f}"),
            ):  # fmt: skip
                rows.setdefault(name, []).append(value)
    return pd.DataFrame({"route, case": titles, **rows})


def real_wages(analysis: Analysis) -> pd.DataFrame:
    """CPI-U of each OEWS year; one median wage, and one family of codes across the break."""
    from pipelines.market.oews import national
    from pipelines.market.prices import cpi_may, price_index, real
    from pipelines.market.split import through_the_split

    wages, index = national(analysis.tables["wages"]), price_index(analysis.tables)
    own = wages[wages["soc_code"] == CODE[:7]].set_index("year")["annual_median_wage"]
    family = through_the_split(analysis.tables, CODE[:7])
    family = family[family["basis"] == "family"].set_index("year")
    years = sorted(int(y) for y in wages["year"].unique())
    rows = []
    # In May 2019 and 2020 hybrid codes may hold it with others: there is nothing to show.
    for year in (y for y in years if y in family.index):
        wage, line = own.get(year, np.nan), family.loc[year]
        known = not np.isnan(wage)
        rows.append(
            {
                "May of": year, "CPI-U": f"{cpi_may(year, index):.3f}",
                f"median wage of {CODE[:7]}": f"${wage:,.0f}" if known else "not a code then",
                f"in dollars of {years[-1]}":
                    f"${real(wage, year, years[-1], index):,.0f}" if known else "-",
                "family": line["codes"],
                "its employment":
                    f"{line['employment']:,.0f} (SE {line['employment_se']:,.0f})",
                f"its mean wage, dollars of {years[-1]}":
                    f"${line['real_mean_pay']:,.0f} (SE {line['real_mean_pay_se']:,.0f})",
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def lookback(analysis: Analysis) -> pd.DataFrame:
    """The look back: the main specification and its checks, by our exposure."""
    from pipelines.figures.market import Evidence
    from pipelines.market.lookback import EXPOSURE_COLUMN

    frame = Evidence(analysis).lookback
    own = frame[(frame["measure"] == EXPOSURE_COLUMN) & frame["effect_tenth"].notna()]
    wanted = [*own["window"].drop_duplicates()[:2], "difference"]
    rows: dict[str, dict[str, str]] = {}
    for one in records(own[own["window"].isin(wanted)]):
        short = "jobs" if one["outcome"] == "employment" else "wages"
        rows.setdefault(one["specification"], {})[f"{short}, {one['window']}"] = (
            f"{one['effect_tenth']:+.2f} ({span(one['tenth_low'], one['tenth_high'], '.2f')})"
        )
    out = pd.DataFrame.from_dict(rows, orient="index").rename_axis("specification")
    return out[sorted(out, key=lambda name: name.split(",")[0])].reset_index()


def lookback_units(analysis: Analysis) -> pd.DataFrame:
    """What the main regression rests on."""
    from pipelines.figures.market import Evidence
    from pipelines.market.lookback import EXPOSURE_COLUMN, MAIN_SPECIFICATION

    evidence = Evidence(analysis)
    frame = evidence.lookback
    main = frame[
        (frame["measure"] == EXPOSURE_COLUMN) & (frame["specification"] == MAIN_SPECIFICATION.name)
    ]
    main = main[main["outcome"] != "real median pay"]
    windows = list(main["window"].drop_duplicates()[:2])
    return pd.DataFrame(
        [
            {
                "outcome": one["outcome"], "years": one["window"], "groups": f"{one['n']:,}",
                "as many as equal ones (Kish)": f"{one['effective_n']:.0f}",
                "standard error, by one standard deviation of exposure": share(one["se_sd"]),
                "of it OEWS's sampling error": share(one["sampling_se_sd"]),
                "standard deviation of exposure, weighted by jobs": share(one["exposure_sd"]),
            }
            for one in records(main[main["window"].isin(windows)])
        ]
    )  # fmt: skip


def forecasts(analysis: Analysis) -> pd.DataFrame:
    """BLS's projections as forecasts, beside two simple ones."""
    from pipelines.figures.market import Evidence

    frame = Evidence(analysis).skill
    rows = []
    for (against, who), part in frame.groupby(["against", "occupations"], sort=False):
        by_name = part.set_index("forecast")
        bls = by_name.loc["BLS"]
        interval = span(bls["spearman_low"], bls["spearman_high"], ".2f")
        rows.append(
            {
                "against": against, "occupations": f"{who}, {bls['n']:,}",
                "rank correlation of the projection, unweighted":
                    f"{bls['spearman']:.2f} ({interval})",
                **{
                    f"mean error, {how}: {name}": f"{value:.1f}"
                    for column, how in (
                        ("mean_error", "weighted by jobs"),
                        ("mean_error_unweighted", "unweighted"),
                    )
                    for name, value in by_name[column].items()
                },
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _with_error(row: Mapping[str, Any], key: str, form: Callable[[float], str]) -> str:
    return f"{form(row[key])} (SE {form(row[key + '_se'])})"


def decomposition(analysis: Analysis) -> pd.DataFrame:
    """Change of mean exposure and mean real pay: within occupations and by their mix."""
    from pipelines.figures.market import Evidence
    from pipelines.market.oews import REFERENCE_YEAR

    rows = []
    for row in records(Evidence(analysis).decompositions):
        pay = row["measure"] == "pay"
        form: Callable[[float], str] = (lambda v: f"{v:,.0f}") if pay else (lambda v: f"{v:.4f}")
        rows.append(
            {
                "occupations": row["workforce"],
                "mean, weighted by jobs, of":
                    f"pay, dollars of {row['base_year']}" if pay else "exposure",
                "years": f"{row['start']}-{row['end']}", "from": form(row["mean_start"]),
                "to": form(row["mean_end"]), "change": _with_error(row, "change", form),
                "within": _with_error(row, "within", form) if pay else "0 by construction",
                "by the mix": _with_error(row, "between", form),
                f"of the jobs of {REFERENCE_YEAR}": f"{100 * row['population_share']:.0f} %",
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def claims_counts(analysis: Analysis) -> pd.DataFrame:
    """Verdicts on the claims for one occupation, and for one drawn at random."""
    from pipelines.claims.board import board, by_chance

    counts = by_chance(board(analysis), CODE).set_index(["verdict", "among"])
    rows = []
    for verdict in counts.index.unique("verdict"):
        every, own = (counts.loc[(verdict, among)] for among in ("all occupations", "technicians"))
        rows.append(
            {
                f"verdict on {every['claims']:.0f} claims": verdict,
                CODE: int(every["found"]),
                f"one of {every['occupations']:.0f} occupations": _drawn(every),
                f"one of {own['occupations']:.0f} technicians": _drawn(own),
                "as many or more": f"{every['as_many']:.0f} % of all",
                "spread (SD)": f"{every['deviation']:.2f}",
                "were claims independent": f"{every['independent']:.2f}",
            }
        )
    return pd.DataFrame(rows)


def _drawn(row: pd.Series) -> str:
    return f"{row['mean']:.1f} (90 %: {row['low']:.0f} to {row['high']:.0f})"
