"""The tables of docs/METHODS.md by name, each a frame of text; see `pipelines.build.methods`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipelines.analysis import Analysis
from pipelines.build import methods_constants

CODE, FAMILY = "29-2072.00", ("29-2072", "29-9021")
#: A route worked through: one credential up, then a bachelor's degree.
ROUTE = ("29-9021", "11-9111")
HELD = "High school diploma or equivalent"
_PROTOCOLS = {
    "K": "K: unseen occupations, labels of related tasks known",
    "K all": "K all: the same, with the tasks that have none",
    "U": "U: unseen occupations, wording only",
    "W": "W: unseen kinds of work, wording only",
}


@dataclass(frozen=True)
class MethodsTable:
    """How a table is made, from an `Analysis` (and BLS's pairs), and what it takes."""

    make: Callable[..., pd.DataFrame]
    needs_release: bool = False
    needs_pairs: bool = False


def _share(value: float) -> str:
    return f"{value:.3f}"


def _range(low: float, high: float, form: str = ".3f") -> str:
    return f"{low:{form}} to {high:{form}}"


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def sources(analysis: Analysis) -> pd.DataFrame:
    """What tables are made from: datasets of the catalogue by work, with their editions."""
    from pipelines.sources.catalog import load_catalog

    rows: dict[str, tuple[list[str], list[str]]] = {}
    for name, entry in load_catalog().items():
        if not entry.tables:
            continue  # an address only: nothing here is made from it
        work = re.split(r"[:,]| \(|\.|\?", entry.title)[0]
        ids, editions = rows.setdefault(work, ([], []))
        ids.append(f"`{name}`")
        # A file that its authors keep on a branch has no edition: its date says what it is.
        editions.append(entry.date if entry.release in ("main", "master") else entry.release)
    return pd.DataFrame(
        [
            {"work": title, "edition or date": ", ".join(editions), "dataset": ", ".join(ids)}
            for title, (ids, editions) in rows.items()
        ]
    )


def use_counts(analysis: Analysis) -> pd.DataFrame:
    """Tasks by use, occupations that are mostly of it, and those of one occupation."""
    from pipelines.exposure.occupation.use import USES

    scores, by_code = analysis.tables["task_scores"], analysis.occupation_exposure
    rest = 1 - by_code["share_automation"] - by_code["share_augmentation"]
    shares = dict(
        zip(USES, (by_code["share_automation"], by_code["share_augmentation"], rest), strict=True)
    )
    own = scores[scores["onet_soc_code"] == CODE]["use"]
    return pd.DataFrame(
        [
            {
                "use": name, "tasks": f"{(scores['use'] == name).sum():,}",
                "share of tasks": _percent((scores["use"] == name).mean()),
                "occupations with more than half of their work in it": (shares[name] > 0.5).sum(),
                f"tasks of {CODE}": (own == name).sum(),
            }
            for name in USES
        ]
    )  # fmt: skip


def level_agreement(analysis: Analysis) -> pd.DataFrame:
    """Automation levels against the few that people gave."""
    from pipelines.exposure.validation.evaluate import stored

    found = stored()["U"]["levels"]
    rows = []
    for figure, ours in found["ours"].items():
        gpt4 = found["gpt4"][figure]
        rows.append(
            {
                "figure": figure, "tasks": f"{ours['n']:.0f}", "scorer": _share(ours["value"]),
                "95 % interval": _range(ours["low"], ours["high"]),
                "GPT-4": _share(gpt4["value"]),
                "95 % interval of GPT-4": _range(gpt4["low"], gpt4["high"]),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def observed_use(analysis: Analysis) -> pd.DataFrame:
    """Scores against what people did with AI."""
    from pipelines.exposure.occupation.use import observed_use as observed

    names = {
        "economic_index": "Economic Index", "wwai_iwa": "working-with-ai",
        "exposure": "exposure", "automation_level": "automation level",
        "automated_of_exposed": "share of exposed tasks with use automation",
        "percent": "percent of conversations on the task",
        "share_ai": "share of conversations in which software did the activity",
        "performed": "of these, share in which software did it and not the person",
    }  # fmt: skip
    frame = observed(analysis.tables["task_scores"], analysis.tables)
    return pd.DataFrame(
        [
            {
                "study": names[row["study"]], "observed": names[row["theirs"]],
                "score": names[row["ours"]], "n": f"{row['n']:,}",
                "Spearman": f"{row['spearman']:.2f}",
                "90 % interval": _range(row["low"], row["high"], ".2f"),
            }
            for row in frame.to_dict("records")
        ]
    )  # fmt: skip


def scorer_agreement(analysis: Analysis) -> pd.DataFrame:
    """Agreement with people by protocol, GPT-4's beside it."""
    from pipelines.charts.scorer_agreement import agreement_table
    from pipelines.exposure.validation.evaluate import stored

    table = agreement_table(stored())
    names = {"accuracy": "accuracy", "kappa": "kappa", "r_beta": "r of beta"}
    rows = []
    for protocol, part in table.groupby("protocol", sort=False):
        row = {"protocol": _PROTOCOLS[str(protocol)], "tasks": f"{part['n'].iloc[0]:,}"}
        for one in part.to_dict("records"):
            row[f"{names[one['measure']]}; GPT-4"] = (
                f"{one['ours']:.3f} ({_range(one['low'], one['high'])}); {one['gpt4']:.3f}"
            )
        rows.append(row)
    return pd.DataFrame(rows)


def scorer_calibration(analysis: Analysis) -> pd.DataFrame:
    """Calibration, coverage and width of the intervals of tasks, agreement of levels."""
    from pipelines.exposure.scorer.classes import CLASSES
    from pipelines.exposure.validation.evaluate import stored

    rows = []
    for protocol in _PROTOCOLS:
        found = stored()[protocol]
        groups = found["coverage_by_major_group"]
        least = min(groups, key=groups.get)
        error = found["calibration_error"]
        rows.append(
            {
                "protocol": protocol,
                "calibration error " + ", ".join(CLASSES): ", ".join(
                    _share(error[name]) for name in CLASSES
                ),
                "coverage": _share(found["coverage"]),
                "lowest major group": f"{_share(groups[least])} ({least})",
                "mean width": _share(found["width"]),
                "level: r with GPT-4's": _share(found["automation_r_gpt4"]),
                "within one level": _share(found["automation_within_one_level"]),
            }
        )
    return pd.DataFrame(rows)


def label_ceiling(analysis: Analysis) -> pd.DataFrame:
    """How far any predictor could agree with the labels."""
    from pipelines.exposure.validation.ceiling import ceiling

    frame = ceiling(analysis.tables["exposure_labels"], analysis.tables["task_dwas"])
    names = {"accuracy": "accuracy", "kappa": "kappa", "r_beta": "r of beta"}
    rows = []
    for (evidence, reading), part in frame.groupby(["evidence", "reading"], sort=False):
        first = part.iloc[0]
        row = {"evidence": evidence, "reading": reading, "tasks": f"{first['tasks']:,}"}
        for one in part.to_dict("records"):
            low, high = one["ceiling_least"], one["ceiling_most"]
            value = _share(low) if abs(high - low) < 5e-4 else _range(low, high)
            row[names[one["figure"]]] = (
                f"{value} ({_range(one['interval_low'], one['interval_high'])})"
            )
        rows.append(row)
    return pd.DataFrame(rows)


def weight_rules(analysis: Analysis) -> pd.DataFrame:
    """Rules that weigh tasks: how many occupations they are open to, and what a change moves."""
    from pipelines.exposure.occupation.sensitivity import sensitivity_summary

    frame = sensitivity_summary(analysis.weight_sensitivity)
    rows = []
    for row in frame.to_dict("records"):
        held = row["n_compared"] > 2
        rows.append(
            {
                "rule": row["weight_rule"], "open to": f"{row['n_occupations']:,}",
                "default of": f"{row['n_default']:,}", "compared": f"{row['n_compared']:,}",
                "Spearman with the default": _share(row["spearman"]) if held else "-",
                "mean difference": _share(row["mean_absolute_difference"]) if held else "-",
                "largest": _share(row["largest_difference"]) if held else "-",
                "other quintile": _percent(row["share_other_quintile"]) if held else "-",
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def occupation_intervals(analysis: Analysis) -> pd.DataFrame:
    """Intervals of occupations against people's labels on held-out occupations."""
    from pipelines.exposure.validation.evaluate import stored

    names = {
        "n_occupations": "occupations", "coverage": "coverage of the interval",
        "coverage_small": "of occupations with at most 20 labeled tasks",
        "coverage_large": "of occupations with more", "width": "mean width",
        "independent": "coverage, errors taken as independent",
        "resampled": "coverage, tasks resampled outright",
        "mean_absolute_error": "mean absolute error of exposure", "r": "r of exposure",
        "correlation": "correlation of two residuals of an occupation",
        "latent": "latent correlation that gives it",
    }  # fmt: skip
    rows = []
    for protocol in ("K all", "U", "W"):
        found = stored()[protocol]["occupations"]
        row = {"protocol": protocol}
        for key, name in names.items():
            row[name] = f"{found[key]:,.0f}" if key == "n_occupations" else _share(found[key])
        rows.append(row)
    return pd.DataFrame(rows)


def exposure_summary(analysis: Analysis) -> pd.DataFrame:
    """Exposure of occupations by quintile: range, mean width, stability of the rank."""
    frame = analysis.occupation_exposure
    width = frame["exposure_high"] - frame["exposure_low"]
    frame = frame.assign(width=width, quintile=frame["quintile"].astype(int))
    groups = [(str(q), part) for q, part in frame.groupby("quintile")] + [("all", frame)]
    return pd.DataFrame(
        [
            {
                "quintile": name, "occupations": f"{len(part):,}",
                "exposure": _range(part["exposure"].min(), part["exposure"].max()),
                "mean width of the interval": _share(part["width"].mean()),
                "draws in which an occupation stays in its quintile": _percent(
                    part["quintile_stability"].mean()
                ),
            }
            for name, part in groups
        ]
    )  # fmt: skip


def measure_correlations(analysis: Analysis) -> pd.DataFrame:
    """Published measures beside the exposure of this program."""
    from pipelines.exposure.published.agreement import OURS
    from pipelines.exposure.published.meanings import meanings

    frame = analysis.tables["measure_agreement"]
    known: Mapping[str, Any] = meanings()
    rows = []
    for row in frame.to_dict("records"):
        names = {row["measure"], row["other"]}
        if OURS not in names:
            continue
        (other,) = names - {OURS}
        if other.endswith(("_alpha", "_zeta")):
            continue  # beta stands for its study; `outlook measures --matrix` has all
        meaning = known.get(other)
        rows.append(
            {
                "measure": f"`{other}`",
                "classification": meaning.classification if meaning else "-",
                "SOC codes": f"{row['n']:,.0f}", "Spearman": f"{row['spearman']:.2f}",
                "95 % interval": _range(row["low"], row["high"], ".2f"),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def replication(analysis: Analysis) -> pd.DataFrame:
    """Published figures made again."""
    from pipelines.exposure.validation.replication import replication as replicated

    # How many occupations were held out together in the last check is not published.
    rows = [row for row in replicated(analysis.release) if row[3] is not None]
    rows = [row for row in rows if row[0] != "label of the same activities elsewhere"]
    return pd.DataFrame(
        [
            {"study": row[0], "figure": row[1], "published": f"{row[2]:,}", "here": f"{row[3]:,}"}
            for row in rows
        ]
    )


def similar_recall(analysis: Analysis, pairs: pd.DataFrame) -> pd.DataFrame:
    """Share of BLS's similar occupations among the first of a list, by seed of the folds."""
    from pipelines.pathways.similarity.ranker import evaluate_ranker

    rows = []
    for seed in (0, 1, 2):
        found = evaluate_ranker(analysis.tables, pairs, seed=seed)
        row = {"seed of the folds": seed, "pairs": f"{found['pairs']:,.0f}"}
        for k in (10, 20):
            low, high = found[f"recall_{k}_low"], found[f"recall_{k}_high"]
            row[f"among the first {k}"] = f"{found[f'recall_{k}']:.3f} ({_range(low, high)})"
        rows.append(row)
    return pd.DataFrame(rows)


def ranking_example(analysis: Analysis) -> pd.DataFrame:
    """The terms of one move, worked through."""
    from pipelines.pathways.routes import network

    data = analysis.pathways
    row = network.moves(data, CODE[:7], HELD, None).set_index("to_soc").loc[ROUTE[0]]
    i, j = data.position(CODE[:7]), data.position(ROUTE[0])
    weights = network.PRIORITIES["balance"]
    fit = row["similarity"] / (row["similarity"] + network.HALF_FIT)
    zone = network.ZONE_STEP ** max(np.nan_to_num(row["job_zone_step"]), 0)
    school = float(network.schooling_term(row["years_education"]))
    pay = data.wage[j] / (data.wage[j] + data.wage[i])
    openings = data.openings[j] / (data.openings[j] + network.HALF_OPENINGS)
    exposure = 0.5 - row["exposure_change"] / 2
    rows = [
        ("fit", f"score {row['similarity']:.3f}", fit),
        ("zone", f"{row['job_zone_step']:.0f} job zones up", zone),
        ("schooling", f"{row['years_education']:.0f} years to add", school),
        ("experience", f"BLS: {row['work_experience']}", data.experience[j]),
        ("**feasibility**", "product of the four", row["feasibility"]),
        ("pay", f"${data.wage[i]:,.0f} to ${data.wage[j]:,.0f}", pay),
        ("openings", f"{data.openings[j]:.1f} thousand per year", openings),
        ("exposure", f"change {row['exposure_change']:+.3f}", exposure),
        (
            "**benefit**",
            ", ".join(f"{weights[name]} x {name}" for name in ("pay", "openings", "exposure")),
            row["benefit"],
        ),
        ("**rank value**", "feasibility x benefit", row["feasibility"] * row["benefit"]),
    ]
    cells = {term: [made_from, _share(value)] for term, made_from, value in rows}
    return pd.DataFrame({"term": ["from", "value"], **cells})


def priorities(analysis: Analysis) -> pd.DataFrame:
    """Weights of the benefit, and the years that halve feasibility, by what matters most."""
    from pipelines.pathways.routes.network import PRIORITIES

    rows = [
        {"`--matters`": name} | {key.replace("_", " "): f"{v:g}" for key, v in weights.items()}
        for name, weights in PRIORITIES.items()
    ]
    return pd.DataFrame(rows)


def years_matrix(analysis: Analysis) -> pd.DataFrame:
    """Usual full-time years between levels of education."""
    from pipelines.pathways.schooling import education

    usual = np.asarray(education.years_matrix())[0]
    frame = pd.DataFrame(usual, columns=[str(i) for i in range(len(usual))]).map("{:g}".format)
    names = [f"{i} {level}" for i, level in enumerate(education.LEVELS)]
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
    from pipelines.market.history import through_the_split
    from pipelines.market.oews import national
    from pipelines.market.prices import cpi_may, real

    wages = national(analysis.tables["wages"])
    own = wages[wages["soc_code"] == CODE[:7]].set_index("year")["annual_median_wage"]
    family = through_the_split(analysis.tables, CODE[:7])
    family = family[family["basis"] == "family"].set_index("year")
    years = sorted(int(y) for y in wages["year"].unique())
    rows = []
    for year in years:
        wage, line = own.get(year, np.nan), family.loc[year]
        known = not np.isnan(wage)
        rows.append(
            {
                "May of": year, "CPI-U": f"{cpi_may(year):.3f}",
                f"median wage of {CODE[:7]}": f"${wage:,.0f}" if known else "not a code then",
                f"in dollars of {years[-1]}":
                    f"${real(wage, year, years[-1]):,.0f}" if known else "-",
                "family": line["codes"],
                "its employment": f"{line['employment']:,.0f} (SE {line['employment_se']:,.0f})",
                f"its mean wage, dollars of {years[-1]}":
                    f"${line['real_mean_pay']:,.0f} (SE {line['real_mean_pay_se']:,.0f})",
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def lookback(analysis: Analysis) -> pd.DataFrame:
    """The look back: the main specification and its checks, by our exposure."""
    from pipelines.figures.market import Evidence
    from pipelines.market.lookback import OURS

    frame = Evidence(analysis).lookback
    own = frame[(frame["measure"] == OURS) & frame["effect_tenth"].notna()]
    wanted = [*own["window"].drop_duplicates()[:2], "difference"]
    rows: dict[str, dict[str, str]] = {}
    for one in own[own["window"].isin(wanted)].to_dict("records"):
        short = "jobs" if one["outcome"] == "employment" else "wages"
        rows.setdefault(one["specification"], {})[f"{short}, {one['window']}"] = (
            f"{one['effect_tenth']:+.2f} ({_range(one['tenth_low'], one['tenth_high'], '.2f')})"
        )
    out = pd.DataFrame.from_dict(rows, orient="index").rename_axis("specification")
    return out[sorted(out, key=lambda name: name.split(",")[0])].reset_index()


def lookback_units(analysis: Analysis) -> pd.DataFrame:
    """What the main regression rests on."""
    from pipelines.figures.market import Evidence
    from pipelines.market.lookback import MAIN, OURS

    evidence = Evidence(analysis)
    frame = evidence.lookback
    main = frame[(frame["measure"] == OURS) & (frame["specification"] == MAIN.name)]
    main = main[main["outcome"] != "real median pay"]
    windows = list(main["window"].drop_duplicates()[:2])
    return pd.DataFrame(
        [
            {
                "outcome": one["outcome"], "years": one["window"], "groups": f"{one['n']:,}",
                "as many as equal ones (Kish)": f"{one['effective_n']:.0f}",
                "standard error, by one standard deviation of exposure": _share(one["se_sd"]),
                "of it OEWS's sampling error": _share(one["sampling_se_sd"]),
                "standard deviation of exposure": _share(one["exposure_sd"]),
            }
            for one in main[main["window"].isin(windows)].to_dict("records")
        ]
    )  # fmt: skip


def forecasts(analysis: Analysis) -> pd.DataFrame:
    """BLS's projections as forecasts, beside two simple ones."""
    from pipelines.figures.market import Evidence

    frame = Evidence(analysis).skill
    rows = []
    for (against, who), part in frame.groupby(["against", "occupations"], sort=False):
        by_name = part.set_index("forecast")
        bls, error = by_name.loc["BLS"], by_name["mean_error"]
        interval = _range(bls["spearman_low"], bls["spearman_high"], ".2f")
        rows.append(
            {
                "against": against, "occupations": f"{who}, {bls['n']:,}",
                "rank correlation of the projection": f"{bls['spearman']:.2f} ({interval})",
                **{f"mean error: {name}": f"{value:.1f}" for name, value in error.items()},
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _with_error(row: Mapping[str, Any], key: str, form: Callable[[float], str]) -> str:
    return f"{form(row[key])} (SE {form(row[key + '_se'])})"


def decomposition(analysis: Analysis) -> pd.DataFrame:
    """Change of mean exposure and mean real pay: within occupations and by their mix."""
    from pipelines.figures.market import Evidence

    rows = []
    for row in Evidence(analysis).decompositions.to_dict("records"):
        pay = row["measure"] == "pay"
        form: Callable[[float], str] = (lambda v: f"{v:,.0f}") if pay else (lambda v: f"{v:.4f}")
        rows.append(
            {
                "occupations": row["workforce"],
                "mean of": f"pay, dollars of {row['base_year']}" if pay else "exposure",
                "years": f"{row['start']}-{row['end']}", "from": form(row["mean_start"]),
                "to": form(row["mean_end"]), "change": _with_error(row, "change", form),
                "within": _with_error(row, "within", form) if pay else "0 by construction",
                "by the mix": _with_error(row, "between", form),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def claims_counts(analysis: Analysis) -> pd.DataFrame:
    """Verdicts on the claims for one occupation."""
    from pipelines.claims.verdicts import VERDICTS, claims_of

    frame = claims_of(analysis, CODE)
    first = frame.drop_duplicates("number")
    return pd.DataFrame(
        [
            {
                f"verdict for {CODE}": name,
                "claims, among all occupations": (first["verdict"] == name).sum(),
                "claims, among technicians": (first["verdict_technicians"] == name).sum(),
            }
            for name in VERDICTS
        ]
    )


TABLES: Mapping[str, MethodsTable] = {
    "sources": MethodsTable(sources),
    "use_counts": MethodsTable(use_counts),
    "level_agreement": MethodsTable(level_agreement),
    "observed_use": MethodsTable(observed_use, needs_release=True),
    "scorer_agreement": MethodsTable(scorer_agreement),
    "scorer_calibration": MethodsTable(scorer_calibration),
    "label_ceiling": MethodsTable(label_ceiling, needs_release=True),
    "weight_rules": MethodsTable(weight_rules),
    "occupation_intervals": MethodsTable(occupation_intervals),
    "exposure_summary": MethodsTable(exposure_summary),
    "measure_correlations": MethodsTable(measure_correlations),
    "replication": MethodsTable(replication, needs_release=True),
    "similar_recall": MethodsTable(similar_recall, needs_release=True, needs_pairs=True),
    "ranking_example": MethodsTable(ranking_example),
    "years_matrix": MethodsTable(years_matrix),
    "tuition": MethodsTable(tuition),
    "payback_example": MethodsTable(payback_example),
    "real_wages": MethodsTable(real_wages),
    "lookback": MethodsTable(lookback),
    "lookback_units": MethodsTable(lookback_units),
    "forecasts": MethodsTable(forecasts),
    "decomposition": MethodsTable(decomposition),
    "claims_counts": MethodsTable(claims_counts),
    "priorities": MethodsTable(priorities),
    "constants": MethodsTable(lambda analysis: methods_constants.table()),
}
