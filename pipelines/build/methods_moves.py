"""Tables of docs/MOVES.md: observed moves, their crosswalk, and the model of where people go."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pipelines.analysis import Analysis
from pipelines.base.records import records
from pipelines.build.methods_words import CODE, percent, share, span

#: SOC 2018 codes whose way to the survey's codes is printed.
CROSSWALKED = ("29-2072", "29-9021", "15-1252", "15-1232", "29-2012")


def _figures() -> dict[str, Any]:
    from pipelines.pathways.moves.model import stored

    return stored()["figures"]


def constants(analysis: Analysis) -> pd.DataFrame:
    """Constants of `pathways.moves`, read from the modules."""
    from pipelines.pathways.moves import evaluate, fit, observed, terms

    rows = [
        (observed, "PEOPLE_PER_RESPONDENT", "people that one respondent stands for"),
        (observed, "MIN_LEAVERS", "fewest respondents who left an origin"),
        (observed, "MIN_MOVERS", "fewest respondents who made one move"),
        (observed, "MIN_PART", "least part of a code's workers that is of one occupation"),
        (terms, "LIKENESS_FLOOR", "added to the similar score"),
        (terms, "NEIGHBOR_FLOOR", "added to the neighbors' share"),
        (terms, "NEIGHBOR_BASE", "weight of every surveyed origin as a neighbor"),
        (fit, "LEAST_PART", "least part of an origin that counts in the fit"),
        (fit, "FREE", "penalty on the weight of jobs, as a part of the others'"),
        (evaluate, "PENALTIES", "strengths of the penalty tried"),
        (evaluate, "FOLDS", "outer folds"),
        (evaluate, "INNER_FOLDS", "inner folds"),
        (evaluate, "N_BOOTSTRAP_SAMPLES", "samples of origins for an interval"),
    ]

    def words(value: object) -> str:
        return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)

    return pd.DataFrame(
        [{"constant": f"`{module.__name__.rsplit('.', 1)[1]}.{name}`", "meaning": meaning,
          "value": words(getattr(module, name))} for module, name, meaning in rows]
    )  # fmt: skip


def coverage(analysis: Analysis) -> pd.DataFrame:
    """What the table at hand holds, and how far it tells SOC 2018 codes apart."""
    from pipelines.pathways.moves.crosswalk import cells as survey_cells
    from pipelines.pathways.moves.observed import PEOPLE_PER_RESPONDENT, Observed

    seen = Observed(analysis.tables)
    cells, codes, single = seen.cells, seen.codes, survey_cells(analysis.tables)
    left = cells.leavers().sum(1)
    n = (left * cells.people / PEOPLE_PER_RESPONDENT)[cells.surveyed]
    sizes = np.bincount(single.twins)
    surveyed = codes["code"].isin(cells.codes[cells.surveyed])
    rows = [
        ("codes of the survey", f"{len(single.codes):,}"),
        ("of them origins at hand", f"{single.surveyed.sum():,}"),
        ("codes that share one CPS code with another", f"{sizes[sizes > 1].sum():,}"),
        ("CPS codes that are origins at hand", f"{cells.surveyed.sum():,}"),
        ("of them those that nobody was seen to leave", f"{(left[cells.surveyed] == 0).sum():,}"),
        ("respondents who left, median of origins (estimated)", f"{np.median(n):,.0f}"),
        ("SOC 2018 codes with a survey code", f"{len(codes):,}"),
        ("of them told apart from others", f"{codes['alone'].sum():,}"),
        ("of these with moves at hand", f"{(codes['alone'] & surveyed).sum():,}"),
    ]
    return pd.DataFrame(rows, columns=["figure", "value"])


def crosswalked(analysis: Analysis) -> pd.DataFrame:
    """The way of some codes to the survey's, with shares."""
    from pipelines.pathways.moves.crosswalk import crosswalk
    from pipelines.pathways.moves.observed import answering

    walk = crosswalk(analysis.tables)
    told = answering(analysis.tables)
    titles = _titles(analysis)
    rows = []
    for code in CROSSWALKED:
        own, parts = told.loc[code], walk[walk["soc_code"] == code]
        rows.append(
            {
                "SOC 2018": code,
                "codes of the survey, with shares": "; ".join(
                    f"{row['code']} {titles[row['code']]} {share(row['share'])}"
                    for row in records(parts)
                ),
                "CPS code that answers": own["code"], "holds of it": share(own["share"]),
                "its part of that": share(own["part"]), "told apart": _yes(own["alone"]),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _yes(value: object) -> str:
    return "yes" if value else "no"


def _titles(analysis: Analysis) -> dict[str, str]:
    codes = analysis.tables["move_codes"]
    return dict(zip(codes["code"], codes["title"], strict=True))


def lists(analysis: Analysis) -> pd.DataFrame:
    """What the first of each list hold, on origins kept back."""
    rows = []
    for name, found in _figures()["lists"].items():
        row = {"list": name}
        for kind, suffix in (("all", ""), ("technicians", "_technicians")):
            for key, words in (("recall", "ten commonest in the first ten"),
                               ("share", "movers in the first twenty")):  # fmt: skip
                field = f"{key}{suffix}"
                interval = span(found[f"{field}_low"], found[f"{field}_high"])
                row[f"{words}, {kind}"] = f"{share(found[field])} ({interval})"
        rows.append(row)
    return pd.DataFrame(rows)


def weights(analysis: Analysis) -> pd.DataFrame:
    """The fitted weights."""
    from pipelines.pathways.moves.model import stored
    from pipelines.pathways.moves.terms import TERMS

    return pd.DataFrame(
        [{"term": f"`{name}`", "what it is": TERMS[name], "weight": f"{weight:+.3f}"}
         for name, weight in stored()["weights"].items()]
    )  # fmt: skip


def worth(analysis: Analysis) -> pd.DataFrame:
    """What is lost on origins kept back when terms are left out."""
    figures = _figures()
    whole = figures["whole"]
    rows = [{"without": "nothing"} | _of(whole, 0.0)]
    dropped = sorted(figures["dropped"].items(), key=lambda item: -item[1]["lost"])
    rows += [{"without": name} | _of(found, found["lost"]) for name, found in dropped]
    return pd.DataFrame(rows)


def _of(found: dict[str, float], lost: float) -> dict[str, str]:
    return {
        "log likelihood lost, per leaver": f"{lost:.4f}", "recall in ten": share(found["recall"]),
        "movers in twenty": share(found["share"]),
        "movers in twenty, technicians": share(found["share_technicians"]),
    }  # fmt: skip


def calibration(analysis: Analysis) -> pd.DataFrame:
    """Observed shares by bin of predicted chance, on origins kept back."""
    found = _figures()["calibration"]
    rows = [
        {
            "predicted chance": f"{percent(row['low'])} to {percent(row['high'])}",
            "moves": f"{row['moves']:,}",
            "mean predicted": f"{100 * row['predicted']:.3f} %",
            "mean observed": f"{100 * row['observed']:.3f} % "
            f"({span(100 * row['observed_low'], 100 * row['observed_high'])})",
            "observed / predicted": f"{row['observed'] / row['predicted']:.2f}",
        }
        for row in found["rows"]
    ]
    rows.append({"predicted chance": "calibration error: the model",
                 "observed / predicted": share(found["error"])})  # fmt: skip
    rows.append({"predicted chance": "calibration error: size alone, fitted",
                 "observed / predicted": share(found["error_of_size"])})  # fmt: skip
    return pd.DataFrame(rows)


def example(analysis: Analysis) -> pd.DataFrame:
    """The first ten destinations of one occupation, beside what was observed."""
    from pipelines.answers.moves import moves_answer

    frame = moves_answer(analysis.release, CODE, 10).frame
    titles = _titles(analysis)
    return pd.DataFrame(
        [
            {
                "destination": f"{row['to_soc']} {row['title']}",
                "chance": percent(row["probability"]),
                "observed": row["observed_status"]
                if row["observed_status"] != "measured"
                else f"{percent(row['observed_share'])} "
                f"({span(100 * row['observed_low'], 100 * row['observed_high'], '.1f')})",
                "of the survey's code": f"{row['to_code']} {titles[row['to_code'].split('+')[0]]}: "
                f"{percent(row['code_share'])} "
                f"({span(100 * row['code_low'], 100 * row['code_high'], '.1f')})",
            }
            for row in records(frame)
        ]
    )


def explained(analysis: Analysis) -> pd.DataFrame:
    """The terms of the likeliest move of one occupation."""
    from pipelines.pathways.moves.model import chances

    found = chances(analysis.tables)
    i = found.position(CODE)
    j = int(found.probability[i].argmax())
    frame = found.explain(CODE, str(found.codes[j]))
    frame = frame[(frame["times"] - 1).abs() >= 0.005].sort_values("times", ascending=False)
    return pd.DataFrame(
        {
            f"{CODE[:7]} to {found.codes[j]}": [f"`{term}`" for term in frame["term"]],
            "value": [share(value) for value in frame["value"]],
            "mean of moves from here": [share(value) for value in frame["mean"]],
            "times": [f"{value:.2f}" for value in frame["times"]],
        }
    )
