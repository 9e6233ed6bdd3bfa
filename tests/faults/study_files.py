"""Files of the exposure studies in their layouts, of the made occupations."""

from __future__ import annotations

from collections.abc import Callable

from .onet_files import tasks
from .tables import CODES, TITLES, Source, Table, onet


def labels() -> Source:
    head = ["O*NET-SOC Code", "Task ID", "Task", "Task Type", "Title", "human_exposure_agg",
            "gpt4_exposure", "gpt4_exposure_alt_rubric", "gpt4_automation",
            "human_labels"]  # fmt: skip
    rows = []
    for n, (code, task, text, *_) in enumerate(tasks().rows):
        label, level = f"E{n % 3}", f"T{n % 5}"
        rows.append([code, f"{task}.0", text, "Core", TITLES[code[:7]], label, label, label, level,
                     label])  # fmt: skip
    return Source("text", {"": Table(head, rows)}, "\t")


def automation() -> Source:
    head = ["gpt4_automation", "O*NET-SOC Code", "Task ID", "human_automation"]
    rows = [["T1", code, task, "T2" if n % 4 == 0 else ""]
            for n, (code, task, *_) in enumerate(tasks().rows)]  # fmt: skip
    return Source("text", {"": Table(head, rows)}, "\t")


_IWAS = [f"4.A.1.a.1.I{k:02}" for k in range(1, 11)]


def iwa() -> Source:
    head = ["IWA", "title", *(f"{name}_{side}" for name in ("share", "completion", "impact_scope")
                              for side in ("user", "ai"))]  # fmt: skip
    return Source("text", {"": Table(head, [[i, f"Do {i}", *["0.25"] * 6] for i in _IWAS])})


def weights() -> Source:
    return Source("text", {"": Table(["SOC Code", *_IWAS],
                                     [[c, *["8.5"] * len(_IWAS)] for c in CODES])})  # fmt: skip


#: The made occupations in SOC 2010, in which older studies are.
_OLD = ["29-2071" if c == "29-2072" else c for c in CODES if c != "29-9021"]


def applicability() -> Source:
    return Source("text", {"": Table(["SOC Code", "title", "ai_applicability_score"],
                                     [[c, TITLES[c], "0.25"] for c in CODES])})  # fmt: skip


def telework() -> Source:
    return Source("text", {"": Table(["onetsoccode", "title", "teleworkable"],
                                     [[onet(c), f"Made occupation {c}", "1"] 
                                      for c in _OLD])})  # fmt: skip


def aioe(sheet: str, column: str) -> Callable[[], Source]:
    return lambda: Source("book", {sheet: Table(
        ["SOC Code", "Occupation Title", column],
        [[c, f"Made {c}", round(n / 10 - 0.5, 2)] for n, c in enumerate(_OLD)])})  # fmt: skip


def index() -> Source:
    rows = [[row[2].lower(), "2.5"] for row in tasks().rows]
    return Source("text", {"": Table(["task_name", "pct"], rows)})


def observed() -> Source:
    return Source("text", {"": Table(["occ_code", "title", "observed_exposure"],
                                     [[c, TITLES[c], "0.125"] for c in CODES])})  # fmt: skip


def penetration() -> Source:
    rows = [[row[2], str(n % 5 / 4)] for n, row in enumerate(tasks().rows)]
    return Source("text", {"": Table(["task", "penetration"], rows)})


def ratings(column: str) -> Callable[[], Source]:
    head = ["Task ID", "Occupation (O*NET-SOC Title)", "Task", "User ID", "Date", column]
    return lambda: Source("text", {"": Table(
        head, [[row[1], TITLES[row[0][:7]], row[2], str(n), "2025/3/16", str(1 + n % 5)]
               for n, row in enumerate(tasks().rows) if n % 3 == 0])})  # fmt: skip


def moves() -> Source:
    """Of 100 who worked in the first of two occupations, 90 stay and 10 move to the other."""
    head = ["OCC_source", "OCC_target", "transition_prob_BLS_ASECnorm_corr",
            "EMPOCCLY_unadj_BLS", "EMPOCC_unadj_BLS"]  # fmt: skip
    pairs = zip(_OLD, [*_OLD[1:], _OLD[0]], strict=True)
    rows = [[a, b, share, "800000.0", "800000.0"] for a, next_ in pairs
            for b, share in ((a, "0.9"), (next_, "0.1"))]  # fmt: skip
    return Source("text", {"": Table(head, rows)})


def move_codes() -> Source:
    head = ["OCC_CODE", "OCC_TITLE", "TOT_EMP", "class_minor", "OCC_CODE_minor"]
    rows = [[c, f"Made {c}", "100000", f"{c[:4]}000", f"{c[:4]}000"] for c in _OLD]
    return Source("text", {"": Table(head, rows)})
