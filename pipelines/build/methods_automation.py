"""Tables of docs/AUTOMATION.md: the automation score, experts, use."""

from __future__ import annotations

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.base.records import records
from pipelines.build.methods_words import CODE, percent, share, span


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
                "share of tasks": percent((scores["use"] == name).mean()),
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
                "figure": figure, "tasks": f"{ours['n']:.0f}", "scorer": share(ours["value"]),
                "95 % interval": span(ours["low"], ours["high"]),
                "GPT-4": share(gpt4["value"]),
                "95 % interval of GPT-4": span(gpt4["low"], gpt4["high"]),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def automation_intervals(analysis: Analysis) -> pd.DataFrame:
    """The automation score against GPT-4's levels of held-out tasks."""
    from pipelines.exposure.validation.evaluate import stored

    found = stored()["U"]["automation"]
    names = {
        "text": "statement alone", "task": "task with its occupation",
        "occupation": "occupation with at least five of them",
    }  # fmt: skip
    return pd.DataFrame(
        [
            {
                "score of": name,
                "held out": f"{found['n_occupations' if key == 'occupation' else 'n_tasks']:,.0f}",
                "r with GPT-4's level": share(found[f"r_{key}"]),
                "half width of the 90 % interval": share(found[key]),
            }
            for key, name in names.items()
        ]
    )  # fmt: skip


def expert_agreement(analysis: Analysis) -> pd.DataFrame:
    """Scores against the ratings of experts, what one would otherwise take beside ours."""
    from pipelines.exposure.validation import experts

    frame = experts.against_experts(analysis.tables)
    most = experts.ceiling(analysis.tables["expert_ratings"])
    rows = [
        {
            "score": experts.SCORES[row["score"]], "tasks": f"{row['n_tasks']:,}",
            "occupations": f"{row['n_occupations']:,}", "Pearson": f"{row['pearson']:.2f}",
            "95 % interval": span(row["low"], row["high"], ".2f"),
            "Spearman": f"{row['spearman']:.2f}",
            "mean absolute error": "-" if pd.isna(row["mean_absolute_error"])
            else f"{row['mean_absolute_error']:.2f}",
        }
        for row in records(frame)
    ]  # fmt: skip
    return pd.DataFrame(
        [*rows, {"score": "most that any score can reach", "Pearson": f"{most:.2f}"}]
    )


def own_shares(analysis: Analysis) -> pd.DataFrame:
    """The automation score with other shares of a task's own level, against experts."""
    from pipelines.exposure.scorer.automation import OWN_SHARE, pooled
    from pipelines.exposure.validation import experts

    scores = analysis.tables["task_scores"]
    rated = experts.rated(analysis.tables)[["onet_soc_code", "task_id", "rating"]]
    rows = []
    for own in (0.0, 0.25, OWN_SHARE, 0.75, 1.0):
        score = pooled(scores["automation_level"], scores["onet_soc_code"], own)
        both = rated.merge(scores.assign(score=score), on=["onet_soc_code", "task_id"])
        r = both["score"].corr(both["rating"])
        used = " (in use)" if own == OWN_SHARE else ""
        rows.append({"share of the task's own level": f"{own:.2f}{used}", "Pearson": f"{r:.2f}"})
    return pd.DataFrame(rows)


def experts_learned(analysis: Analysis) -> pd.DataFrame:
    """What regressions reach that may learn from experts, on occupations they did not see."""
    from pipelines.exposure.validation.experts_learned import VARIANTS, learned_from_experts

    frame = learned_from_experts(analysis.tables, analysis.scorer.encoder)
    return pd.DataFrame(
        [
            {
                "learned from experts of other occupations": VARIANTS[row["score"]],
                "Pearson": f"{row['pearson']:.2f}",
                "95 % interval": span(row["low"], row["high"], ".2f"),
                "Spearman": f"{row['spearman']:.2f}",
                "mean absolute error": f"{row['mean_absolute_error']:.2f}",
            }
            for row in records(frame)
        ]
    )  # fmt: skip


def judges_example(analysis: Analysis) -> pd.DataFrame:
    """One occupation's scores by who judged its tasks."""
    from pipelines.base.percentiles import whole

    def shown(value: float) -> str | None:
        return None if pd.isna(value) else f"{value:.2f}"

    return pd.DataFrame(
        [
            {
                f"of {CODE}": row["question"], "judged by": row["source"],
                "value": shown(row["value"]), "our score, same tasks": shown(row["ours"]),
                "tasks judged": f"{row['n_tasks']} of {row['tasks']}",
                "percentile": None if pd.isna(row["percentile"])
                else f"{whole(row['percentile'])} of {row['n_occupations']:,}",
            }
            for row in records(analysis.judges_of(CODE))
        ]
    )  # fmt: skip


def judges(analysis: Analysis) -> pd.DataFrame:
    """How far another source of labels would move the occupations."""
    from pipelines.exposure.occupation.judges import IN_USE, JUDGES, agreement

    frame = agreement(analysis.judged)
    return pd.DataFrame(
        [
            {
                "question": JUDGES[row["judge"]][0], "judged by": JUDGES[row["judge"]][1],
                "occupations": f"{row['n']:,}", "Spearman with our score": f"{row['spearman']:.2f}",
                "mean absolute difference": f"{row['mean_absolute_difference']:.2f}",
                "in another fifth": percent(row["share_other_fifth"]),
            }
            for row in records(frame)
            if JUDGES[row["judge"]][0] != IN_USE
        ]
    )  # fmt: skip


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
                "90 % interval": span(row["low"], row["high"], ".2f"),
            }
            for row in records(frame)
        ]
    )  # fmt: skip
