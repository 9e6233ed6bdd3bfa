"""The change report for people: sentences, a page, a table."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from jinja2 import Template

#: Rows that a sentence or a list of the page names.
MAX_NAMED, MAX_LISTED = 3, 50


def sentences(report: dict) -> list[str]:
    """The report in words, the most important first; figures that moved carry both values."""
    said = [*_sources(report), *_occupations(report["occupations"]), *_tasks(report["tasks"])]
    said += _updates(report["updates"])
    for name, words in (("wages", "mean annual wage"), ("employment", "employment")):
        said += _pay(report[name], words)
    said += _classification(report["classification"])
    said += [*_exposure(report["exposure"]), *_paths(report["paths"])]
    if report["not_compared"]:
        names = ", ".join(report["not_compared"])
        said.append(f"Only one of the two holds {names}: not compared.")
    return said or [f"Nothing differs between {report['from']['id']} and {report['to']['id']}."]


def table(report: dict) -> pd.DataFrame:
    """The rows that moved, one a line: subject, kind, code, title, old, new."""
    rows: list[list] = []
    for source in report["sources"]:
        rows.append(["source", source["kind"], source["id"], source["title"],
                     source["old_release"], source["new_release"]])  # fmt: skip
    for kind in ("added", "removed", "retitled"):
        for o in report["occupations"][kind]:
            rows.append(["occupation", kind, o["code"], o.get("title") or o["new"],
                         o.get("old"), o.get("new")])  # fmt: skip
    for kind in ("added", "dropped", "reworded"):
        for t in report["tasks"][kind]:
            code = f"{t['onet_soc_code']} task {t['task_id']}"
            old = t["old"] if kind == "reworded" else t["task"] if kind == "dropped" else None
            new = t["new"] if kind == "reworded" else t["task"] if kind == "added" else None
            rows.append(["task", kind, code, t["title"], old, new])
    for name in ("wages", "employment"):
        for r in report[name]["rows"]:
            rows.append([name, f"beyond its standard error, {r['area_title']}", r["soc_code"],
                         r["title"], r["old"], r["new"]])  # fmt: skip
    for family in report["classification"]:
        code = ", ".join(c for c, _ in family["old"] or family["new"])
        title = "; ".join(t for _, t in family["old"] or family["new"])
        rows.append(["classification", _kind(family), code, title,
                     ", ".join(c for c, _ in family["old"]),
                     ", ".join(c for c, _ in family["new"])])  # fmt: skip
    for r in report["exposure"]["rows"]:
        rows.append(["exposure", "technician", r["onet_soc_code"], r["title"], r["old"], r["new"]])
    for r in report["paths"]["rows"]:
        rows.append(["path", "best next occupation", r["soc_code"], r["title"], r["old_title"],
                     r["new_title"]])  # fmt: skip
    return pd.DataFrame(rows, columns=["subject", "kind", "code", "title", "old", "new"])


def page(report: dict) -> str:
    """The report as one HTML page without scripts; every text from a source is escaped."""
    return _template().render(
        report=report, sentences=sentences(report), listed=MAX_LISTED, kind=_kind
    )


@cache
def _template() -> Template:
    from jinja2 import Environment

    text = resources.files("pipelines.refresh").joinpath("report.html.j2").read_text("utf-8")
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(text)


def _sources(report: dict) -> list[str]:
    said = []
    for s in report["sources"]:
        if s["kind"] == "new edition":
            said.append(f"{s['title']}: {s['new_release']} in place of {s['old_release']}.")
        elif s["kind"] == "added":
            said.append(f"{s['title']} {s['new_release']} is new among the sources.")
        elif s["kind"] == "no longer used":
            said.append(f"{s['title']} {s['old_release']} is no longer among the sources.")
        else:
            said.append(f"{s['title']} {s['new_release']}: same edition, other content.")
    if not said and report["tables"]:
        said.append("No source changed; " + ", ".join(report["tables"]) + " were computed anew.")
    return said


def _occupations(found: dict) -> list[str]:
    said = []
    for kind, words in (("added", "new"), ("removed", "gone")):
        if rows := found[kind]:
            named = _named(f"{r['code']} {r['title']}" for r in rows)
            said.append(f"Occupations {words}: {len(rows):,} ({named}).")
    if rows := found["retitled"]:
        named = _named(f"{r['code']} {r['old']}, now {r['new']}" for r in rows)
        said.append(f"Occupations with another title: {len(rows):,} ({named}).")
    return said


def _tasks(found: dict) -> list[str]:
    counts = {k: found[f"n_{k}"] for k in ("added", "dropped", "reworded")}
    said = []
    if any(counts.values()):
        said.append("Tasks: " + ", ".join(f"{n:,} {kind}" for kind, n in counts.items()) + ".")
    if found["without_wording"]:
        said.append(
            f"The wording of {found['without_wording']:,} tasks is not compared: one side does "
            "not hold O*NET's own."
        )
    return said


def _updates(found: dict) -> list[str]:
    said = []
    for name, kinds in found.items():
        if any(n for kind, n in kinds.items() if kind != "carried_forward"):
            said.append(
                f"O*NET's dates in {name}: {kinds['surveyed']:,} rows surveyed anew, "
                f"{kinds['carried_forward']:,} carried forward, {kinds['revised_same_date']:,} "
                f"revised under their old date, {kinds['added']:,} added, "
                f"{kinds['dropped']:,} dropped."
            )
    return said


def _pay(found: dict, words: str) -> list[str]:
    nation = found["nation"]
    if not found["compared"]:
        return []
    years = " and ".join(
        f"{new} against {old}" if old != new else f"{new}, revised" for old, new in found["years"]
    )
    text = (
        f"{words.capitalize()} ({years}): beyond the standard errors at {found['level']:.0%} for "
        f"{nation['beyond']:,} of {nation['compared']:,} occupations in the nation and "
        f"{found['beyond'] - nation['beyond']:,} of {found['compared'] - nation['compared']:,} "
        "in the states"
    )
    if found["no_error"]:
        text += f"; {found['no_error']:,} have no published standard error"
    if found["rows"]:
        named = _named(
            f"{r['soc_code']} {r['title']}"
            + ("" if r["area_code"] == "99" else f", {r['area_title']}")
            + f": {r['old']:,.0f} to {r['new']:,.0f}"
            for r in found["rows"]
        )
        text += f"; the largest: {named}"
    return [text + "."]


def _kind(family: dict) -> str:
    """What happened to a family of codes."""
    old, new = len(family["old"]), len(family["new"])
    if not new:
        return "no longer published"
    if not old:
        return "newly published"
    if old == 1:
        return "renumbered" if new == 1 else "split"
    return "merged" if new == 1 else "recut"


def _classification(families: list[dict]) -> list[str]:
    said = []
    cut = [f for f in families if f["old"] and f["new"]]
    if cut:
        gone = [
            f"{code} {title} is now "
            + " and ".join(sorted({b for a, b in family["pairs"] if a == code}))
            for family in cut
            for code, title in family["old"]
            if code not in {c for c, _ in family["new"]}
        ]
        more = f": {_named(gone)}" if gone else ""
        said.append(
            f"Classification: {len(cut):,} groups of codes were split, merged or renumbered and "
            f"are not compared code by code{more}."
        )
    for kind in ("no longer published", "newly published"):
        rows = [c for f in families if _kind(f) == kind for c in f["old"] or f["new"]]
        if rows:
            named = _named(f"{code} {title}" for code, title in rows)
            said.append(
                f"Codes {kind} nationally, without a counterpart in the crosswalk: {len(rows):,} "
                f"({named}). That is no rise from, or fall to, zero."
            )
    return said


def _exposure(found: dict) -> list[str]:
    if not found["rows"]:
        return []
    named = _named(
        f"{r['onet_soc_code']} {r['title']}: {r['old']:.3f} to {r['new']:.3f}"
        for r in found["rows"]
    )
    return [
        f"Exposure of technicians: {len(found['rows']):,} of {found['compared']:,} moved by a "
        f"thousandth or more, {found['mean_change']:.4f} on average of all (unweighted), "
        f"{found['beyond']:,} beyond their old 90% interval, {found['other_quintile']:,} to "
        f"another fifth; most: {named}."
    ]


def _paths(found: dict) -> list[str]:
    if not found["rows"]:
        return []
    named = _named(
        f"{r['soc_code']} {r['title']}: {r['old_title'] or 'none'}, now {r['new_title'] or 'none'}"
        for r in found["rows"]
    )
    return [
        f"Paths of technicians: another best next occupation for {found['changed']:,} of "
        f"{found['compared']:,}; {named}."
    ]


def _named(items) -> str:
    items = list(items)
    more = f"; and {len(items) - MAX_NAMED:,} more" if len(items) > MAX_NAMED else ""
    return "; ".join(items[:MAX_NAMED]) + more
