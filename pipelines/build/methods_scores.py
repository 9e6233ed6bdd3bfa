"""Tables of docs/METHODS.md, sections 1 to 6: sources, scores, published measures, likeness."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.base.records import records
from pipelines.build.methods_words import percent, share, span

_PROTOCOLS = {
    "K": "K: unseen occupations, labels of related tasks known",
    "K all": "K all: the same, with the tasks that have none",
    "U": "U: unseen occupations, wording only",
    "W": "W: unseen kinds of work, wording only",
}


def sources(analysis: Analysis) -> pd.DataFrame:
    """What tables are made from: datasets of the catalog by work, with their editions."""
    from pipelines.sources.catalog import load_catalog

    rows: dict[str, tuple[list[str], list[str]]] = {}
    for name, entry in load_catalog().items():
        if not entry.tables:
            continue  # an address only: nothing here is made from it
        work = re.split(r"[:,]| \(|\.|\?", entry.title)[0]
        ids, editions = rows.setdefault(work, ([], []))
        ids.append(f"`{name}`")
        manifest = analysis.release.manifest["sources"]
        used = [manifest[name] for name in analysis.release.editions(name)] or [
            manifest.get(name, {"release": entry.release, "date": entry.date})
        ]
        for known in used:
            # A file that its authors keep on a branch has no edition: its date says what it is.
            branch = known["release"] in ("main", "master")
            editions.append(known["date"] if branch else known["release"])
    return pd.DataFrame(
        [
            {"work": title, "edition or date": ", ".join(editions), "dataset": ", ".join(ids)}
            for title, (ids, editions) in rows.items()
        ]
    )


def scorer_agreement(analysis: Analysis) -> pd.DataFrame:
    """Agreement with people by protocol, the baseline's and GPT-4's beside it."""
    from pipelines.charts.scorer_agreement import agreement_table
    from pipelines.exposure.validation.evaluate import stored

    table = agreement_table(stored())
    names = {"accuracy": "accuracy", "kappa": "kappa", "r_beta": "r of beta"}
    rows = []
    for protocol, part in table.groupby("protocol", sort=False):
        row = {"protocol": _PROTOCOLS[str(protocol)], "tasks": f"{part['n'].iloc[0]:,}"}
        for one in records(part):
            row[f"{names[one['measure']]}; baseline; GPT-4"] = (
                f"{one['ours']:.3f} ({span(one['low'], one['high'])}); {one['baseline']:.3f}; "
                f"{one['gpt4']:.3f}"
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
                    share(error[name]) for name in CLASSES
                ),
                "coverage": share(found["coverage"]),
                "lowest major group": f"{share(groups[least])} ({least})",
                "mean width": share(found["width"]),
                "level: r with GPT-4's": share(found["automation_r_gpt4"]),
                "within one level": share(found["automation_within_one_level"]),
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
        for one in records(part):
            low, high = one["ceiling_least"], one["ceiling_most"]
            value = share(low) if abs(high - low) < 5e-4 else span(low, high)
            row[names[one["figure"]]] = (
                f"{value} ({span(one['interval_low'], one['interval_high'])})"
            )
        rows.append(row)
    return pd.DataFrame(rows)


def weight_rules(analysis: Analysis) -> pd.DataFrame:
    """Rules that weigh tasks: how many occupations they are open to, and what a change moves."""
    from pipelines.exposure.occupation.sensitivity import sensitivity_summary

    frame = sensitivity_summary(analysis.weight_sensitivity)
    rows = []
    for row in records(frame):
        held = row["n_compared"] > 2
        moved = row["mean_absolute_difference"]
        rows.append(
            {
                "rule": row["weight_rule"], "open to": f"{row['n_occupations']:,}",
                "default of": f"{row['n_default']:,}", "compared": f"{row['n_compared']:,}",
                "Spearman with the default": share(row["spearman"]) if held else "-",
                "mean difference, unweighted": share(moved) if held else "-",
                "largest": share(row["largest_difference"]) if held else "-",
                "other quintile": percent(row["share_other_quintile"]) if held else "-",
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def occupation_intervals(analysis: Analysis) -> pd.DataFrame:
    """Intervals of occupations against people's labels on held-out occupations."""
    from pipelines.exposure.validation.evaluate import stored

    names = {
        "n_occupations": "occupations", "coverage": "coverage of the interval",
        "coverage_small": "of occupations with at most 20 labeled tasks",
        "coverage_large": "of occupations with more", "width": "mean width, unweighted",
        "independent": "coverage, errors taken as independent",
        "resampled": "coverage, tasks resampled outright",
        "mean_absolute_error": "mean absolute error of exposure, unweighted",
        "r": "r of exposure, unweighted",
        "correlation": "correlation of two residuals of an occupation",
        "latent": "latent correlation that gives it",
    }  # fmt: skip
    rows = []
    for protocol in ("K all", "U", "W"):
        found = stored()[protocol]["occupations"]
        row = {"protocol": protocol}
        for key, name in names.items():
            row[name] = f"{found[key]:,.0f}" if key == "n_occupations" else share(found[key])
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
                "exposure": span(part["exposure"].min(), part["exposure"].max()),
                "mean width of the interval, unweighted": share(part["width"].mean()),
                "draws in which an occupation stays in its quintile, unweighted mean": percent(
                    part["quintile_stability"].mean()
                ),
            }
            for name, part in groups
        ]
    )  # fmt: skip


def measure_correlations(analysis: Analysis) -> pd.DataFrame:
    """Published measures beside the exposure of this program."""
    from pipelines.exposure.published.agreement import OWN_MEASURE
    from pipelines.exposure.published.meanings import meanings

    frame = analysis.tables["measure_agreement"]
    known: Mapping[str, Any] = meanings()
    rows = []
    for row in records(frame):
        names = {row["measure"], row["other"]}
        if OWN_MEASURE not in names:
            continue
        (other,) = names - {OWN_MEASURE}
        if other.endswith(("_alpha", "_zeta")):
            continue  # beta stands for its study; `outlook measures --matrix` has all
        meaning = known.get(other)
        rows.append(
            {
                "measure": f"`{other}`",
                "classification": meaning.classification if meaning else "-",
                "SOC codes": f"{row['n']:,.0f}", "Spearman": f"{row['spearman']:.2f}",
                "95 % interval": span(row["low"], row["high"], ".2f"),
                "held out, correlation: K all, U": _held_out(other),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _held_out(measure: str) -> str:
    """What stands beside an agreement with labels that the scorer was trained on."""
    from pipelines.exposure.validation.in_sample import LABELS, held_out_correlation

    if measure != "eloundou_human_beta":
        return "in-sample; not measured" if measure.startswith(LABELS) else "-"
    found = ", ".join(f"{held_out_correlation(protocol):.2f}" for protocol in ("K all", "U"))
    return f"in-sample; {found}"


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
    """Share of BLS's similar occupations among the first of a list: ours on held-out origins, by
    seed of the folds, and two lists that need no fit.
    """
    from pipelines.pathways.similarity.ranker import baseline_lists, evaluate_ranker, list_recall

    measured = {
        f"ours, folds of seed {seed}": evaluate_ranker(analysis.tables, pairs, seed=seed)
        for seed in (0, 1, 2)
    }
    for name, listed in baseline_lists(analysis.tables).items():
        measured[name] = list_recall(listed, pairs)
    rows = []
    for name, found in measured.items():
        row = {"list": name, "pairs": f"{found['pairs']:,.0f}"}
        for k in (10, 20):
            low, high = found[f"recall_{k}_low"], found[f"recall_{k}_high"]
            row[f"among the first {k}"] = f"{found[f'recall_{k}']:.3f} ({span(low, high)})"
        rows.append(row)
    return pd.DataFrame(rows)
