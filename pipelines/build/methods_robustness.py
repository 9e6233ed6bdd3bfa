"""The tables of docs/ROBUSTNESS.md: other errors, many tests, error in exposure, labels, years."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.base.records import records
from pipelines.build.methods_words import share, span
from pipelines.figures.market import Evidence
from pipelines.market import exposure_error, robustness
from pipelines.market.lookback import EXPOSURE_COLUMN, MEASURE_NAMES


@lru_cache(maxsize=2)
def _evidence(analysis: Analysis) -> Evidence:
    """One for all tables of a release: the tests of all slopes take most of a minute."""
    return Evidence(analysis)


def _p(value: float) -> str:
    return "-" if pd.isna(value) else "< .001" if value < 0.001 else f"{value:.3f}"


def _effect(row: dict, name: str = "effect_tenth", low: str = "tenth_low") -> str:
    high = low.replace("low", "high")
    return f"{row[name]:+.2f} ({span(row[low], row[high], '.2f')})"


def clustered_errors(analysis: Analysis) -> pd.DataFrame:
    """Our exposure, as asked first, with errors clustered in several ways."""
    evidence = _evidence(analysis)
    tests = robustness.every_test(evidence.units, evidence.tables, [EXPOSURE_COLUMN])
    return pd.DataFrame(
        [
            {
                "outcome": row["outcome"], "years": row["window"], "groups": f"{row['n']:,}",
                "by one standard deviation": _effect(row, "effect_sd", "sd_low"),
                "SE, HC3": share(row["se_hc3"]),
                f"SE by major group ({row['n_major']})": share(row["se_major"]),
                f"SE by major group and education ({row['n_education']})":
                    share(row["se_two_way"]),
                "p, HC3": _p(row["p_hc3"]), "p by major group": _p(row["p_major"]),
                "p, two-way": _p(row["p_two_way"]), "p, wild bootstrap": _p(row["p_wild"]),
            }
            for row in records(tests[tests["main"]])
        ]
    )  # fmt: skip


def many_tests(analysis: Analysis) -> pd.DataFrame:
    """How many slopes differ from 0 before and after adjusting for their number."""
    frame = robustness.counts(_evidence(analysis).every_test)
    return pd.DataFrame(
        [
            {"slopes": row["family"], "tests": row["tests"], "by chance": f"{row['by_chance']:g}"}
            | {name: row[key] for key, name in robustness.COUNTED.items()}
            for row in records(frame)
        ]
    )


def every_measure(analysis: Analysis) -> pd.DataFrame:
    """The windows asked first by all measures, with p before and after adjusting."""
    tests = _evidence(analysis).every_test
    return pd.DataFrame(
        [
            {
                "measure": MEASURE_NAMES.get(row["measure"], row["measure"]),
                "outcome": row["outcome"], "years": row["window"], "groups": f"{row['n']:,}",
                "by one standard deviation": _effect(row, "effect_sd", "sd_low"),
                "p, HC3": _p(row["p_hc3"]), "p by major group": _p(row["p_major"]),
                "p, wild bootstrap": _p(row["p_wild"]),
                "p by major group, Holm": _p(row["holm_major_main"]),
                "p, Romano-Wolf": _p(row["romano_wolf_main"]),
            }
            for row in records(tests[tests["main"]])
        ]
    )  # fmt: skip


def errors_in_variables(analysis: Analysis) -> pd.DataFrame:
    """The main slopes as they come, and over the reliability of exposure."""
    evidence = _evidence(analysis)
    frame = exposure_error.errors_in_variables(evidence.units, evidence.tables)
    return pd.DataFrame(
        [
            {
                "outcome": row["outcome"], "years": row["window"], "groups": f"{row['n']:,}",
                "reliability": "-" if pd.isna(row["reliability"]) else share(row["reliability"]),
                "as it comes, by a tenth": _effect(row), "SE": share(row["se_tenth"]),
                "corrected": _effect(row, "corrected", "corrected_low"),
                "SE of the corrected": share(row["corrected_se"]),
            }
            for row in records(frame)
        ]
    )  # fmt: skip


def label_sources(analysis: Analysis) -> pd.DataFrame:
    """The main slopes by who labeled the tasks, side by side."""
    evidence = _evidence(analysis)
    frame = exposure_error.by_label_source(evidence.units, evidence.tables)
    rows: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in records(frame):
        name = MEASURE_NAMES[row["measure"]]
        rows.setdefault((row["units"], row["outcome"], row["window"]), {})[name] = (
            f"{_effect(row)}; {row['n']:,}"
        )
    return pd.DataFrame(
        [
            {"groups": units, "outcome": outcome, "years": window, **cells}
            for (units, outcome, window), cells in rows.items()
        ]
    )


def event_study(analysis: Analysis) -> pd.DataFrame:
    """The coefficient of exposure by year, and the change of its trend."""
    evidence = _evidence(analysis)
    rows = [
        {
            "outcome": row["outcome"], "May of": str(row["year"]), "kind": row["kind"],
            "groups": f"{row['n']:,}",
            "percent by a tenth, since the break":
                "0" if row["kind"] == "reference" else _effect(row),
            "panels shared with the break": str(row["panels_shared"]),
            "panels after": str(row["panels_after"]),
        }
        for row in records(evidence.events)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def break_in_trend(analysis: Analysis) -> pd.DataFrame:
    """Yearly coefficients before and after the break, and their difference."""
    return pd.DataFrame(
        [
            {
                "outcome": row["outcome"], "years": row["window"], "groups": f"{row['n']:,}",
                "percent per year by a tenth": _effect(row), "SE": share(row["se_tenth"]),
            }
            for row in records(_evidence(analysis).break_in_trend)
        ]
    )  # fmt: skip


def held_out_classes(analysis: Analysis) -> pd.DataFrame:
    """Held-out tasks by true class, of technicians and of others."""
    from pipelines.exposure.validation.evaluate import stored

    rows = []
    for protocol in ("K", "K all", "U", "W"):
        found = stored()[protocol]
        for who, part in (
            ("all", found), ("technicians", found["technicians"]), ("others", found["others"]),
        ):  # fmt: skip
            for label, own in part["by_class"].items():
                rows.append(
                    {
                        "protocol": protocol, "occupations": who, "true class": label,
                        "tasks": f"{own['n']:,.0f}", "found": share(own["found"]),
                        "GPT-4": share(own["gpt4_found"]), "right when said": share(own["right"]),
                        "GPT-4's": share(own["gpt4_right"]), "coverage": share(own["coverage"]),
                        "mean width": share(own["width"]),
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def held_out_technicians(analysis: Analysis) -> pd.DataFrame:
    """Agreement and coverage on held-out tasks of technicians alone, and of others."""
    from pipelines.exposure.validation.evaluate import stored

    rows = []
    for protocol in ("K", "K all", "U", "W"):
        found = stored()[protocol]
        for who in ("technicians", "others"):
            part = found[who]
            row = {
                "protocol": protocol, "occupations": f"{who}, {part['n_occupations']:,}",
                "tasks": f"{part['n']:,}",
            }  # fmt: skip
            for key, name in (("accuracy", "accuracy"), ("kappa", "kappa"), ("r_beta", "r")):
                low, high = part["interval"][key]
                row[f"{name}; baseline; GPT-4"] = (
                    f"{part[key]:.3f} ({span(low, high)}); {part['baseline'][key]:.3f}; "
                    f"{part['gpt4'][key]:.3f}"
                )
            rows.append(
                row | {"coverage": share(part["coverage"]), "mean width": share(part["width"])}
            )
    return pd.DataFrame(rows)


def held_out_places(analysis: Analysis) -> pd.DataFrame:
    """Agreement with people in-sample and held out; slope; coverage of the intervals of ranks."""
    from pipelines.exposure.published.agreement import OWN_MEASURE
    from pipelines.exposure.validation.evaluate import stored

    pairs = analysis.tables["measure_agreement"]
    own = pairs[(pairs["measure"] == "eloundou_human_beta") & (pairs["other"] == OWN_MEASURE)]
    row = own.iloc[0]
    rows = [
        {"scores": "in-sample, as published", "SOC codes": f"{row['n']:,.0f}",
         "Spearman with people's beta":
             f"{row['spearman']:.3f} ({span(row['low'], row['high'])})"}
    ]  # fmt: skip
    for protocol in ("K all", "U", "W"):
        found = stored()[protocol]["occupations"]
        ends = span(found["spearman_low"], found["spearman_high"])
        rows.append(
            {
                "scores": f"held out, {protocol}", "SOC codes": f"{found['soc_codes']:,.0f}",
                "Spearman with people's beta": f"{found['spearman']:.3f} ({ends})",
                "slope of people's beta on ours":
                    f"{found['slope']:.3f} (SE {found['slope_se']:.3f})",
                "coverage of the interval of a percentile": share(found["rank_coverage"]),
                "mean width, percentiles": f"{found['rank_width']:.1f}",
                "mean distance, percentiles": f"{found['rank_off']:.1f}",
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def rank_intervals(analysis: Analysis) -> pd.DataFrame:
    """Width of the intervals of percentiles, by quintile, and of technicians."""
    places = analysis.rank_intervals.reset_index()
    frame = analysis.occupation_exposure[["onet_soc_code", "quintile"]].merge(
        places, on="onet_soc_code"
    )
    names = analysis.occupations[["onet_soc_code", "is_technician"]]
    frame = frame.merge(names, on="onet_soc_code")
    frame["width"] = frame["percentile_high"] - frame["percentile_low"]
    groups = [(f"quintile {q:.0f}", part) for q, part in frame.groupby("quintile")]
    groups += [("technicians", frame[frame["is_technician"]]), ("all", frame)]
    return pd.DataFrame(
        [
            {
                "occupations": f"{name}, {len(part):,}",
                "mean width of the interval, percentiles": f"{part['width'].mean():.1f}",
                "narrowest": f"{part['width'].min():.1f}", "widest": f"{part['width'].max():.1f}",
                "median width, ranks": f"{(part['rank_high'] - part['rank_low']).median():.0f}",
            }
            for name, part in groups
        ]
    )  # fmt: skip
