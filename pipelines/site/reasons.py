"""Why a task has its score, in sentences: first the one that a client follows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pipelines.base.language import ENGLISH, plural, spoken
from pipelines.base.language import translated as _
from pipelines.base.words import joined
from pipelines.charts.task_exposure import CLASS_WORDS
from pipelines.exposure.scorer.explain import SAME_SCORE, nearest_task_lines
from pipelines.site.spanish import task_in
from pipelines.site.spanish import title as titled
from pipelines.site.text import known


def why(row: Mapping[Any, Any]) -> list[str]:
    """Why a task has its score: a row of tasks with the columns of `Analysis.explain`."""
    if spoken() != ENGLISH:
        # The evidence in detail is for readers of the methods, which are in English.
        return [plain_why(row)]
    lines = [plain_why(row), str(row["why"])]
    wording, evidence = row["exposure_wording"], row["exposure_evidence"]
    if known(wording):
        by_words = f"By its wording alone {wording:.2f}"
        related = sum(row[f"related_{name}"] for name in ("e0", "e1", "e2"))
        both = f"{by_words}; with the labels of related tasks {evidence:.2f}"
        if row["task_text_source"] != "O*NET":
            lines.append(f"{both}. The score in the table is that of the official statement.")
        elif abs(evidence - row["exposure"]) > SAME_SCORE:
            lines.append(
                f"{both}. The score in the table was made by another version of the model."
            )
        else:
            lines.append(f"{both}." if related else f"{by_words}: nothing else is known of it.")
    words = [row[name] for name in ("raised_by", "lowered_by") if known(row[name])]
    if words:
        lines.append(
            f"How much each word changes the score (these do not add up): {'; '.join(words)}."
        )
    if near := nearest_task_lines(row):
        lines.append("Tasks with the most similar wording, and how people rated them:")
        lines += near
    return [_in_words(line) for line in lines]


def plain_why(row: Mapping[Any, Any]) -> str:
    """The reason in a sentence a client follows, with an example of the same field of work.

    How people rated the tasks that share a work activity, and the most similar rated task whose
    occupation is of the same major group and whose wording is known, if there is one.
    """
    counts = {name: int(row.get(f"related_{name.lower()}") or 0) for name in CLASS_WORDS}
    total = sum(counts.values())
    if total:
        name = max(counts, key=lambda one: counts[one])
        said = plural(
            "Of the one rated task with the same kind of work, people rated {count} “{label}”.",
            "Of the {n} rated tasks with the same kind of work, people rated {count} “{label}”.",
            total, count=counts[name], label=_(CLASS_WORDS[name]),
        )  # fmt: skip
    else:
        said = _("People rated no task with the same kind of work: the score comes from the words.")
    group = str(row.get("onet_soc_code") or "")[:2]
    for rank in (1, 2, 3):
        task, where = row.get(f"nearest_{rank}_task"), row.get(f"nearest_{rank}_onet_soc_code")
        label, title = row.get(f"nearest_{rank}_human_label"), row.get(f"nearest_{rank}_title")
        if group and str(where)[:2] == group and known(task) and known(title):
            example = _(
                "One of the same field: “{task}” ({title}), rated “{label}”.",
                task=task_in(str(where), row.get(f"nearest_{rank}_task_id"), task),
                title=titled(str(where), title),
                label=_(CLASS_WORDS.get(str(label), str(label))),
            )  # fmt: skip
            return joined([said, example], " ")
    return said


def _in_words(line: str) -> str:
    """A line with the codes of the classes in everyday words."""
    return re.sub(r"\bE[012]\b", lambda code: f"“{CLASS_WORDS[code[0]]}”", line)
