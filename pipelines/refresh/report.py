"""What changed between two releases: the facts, as plain data. Their words: `changes_text`.

A release keeps the report against the one before it in ``changes.json``. A code that is new or
gone is a revision of the classification and never counts as a rise from, or a fall to, zero.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import pandas as pd

from pipelines.base import contracts
from pipelines.base.records import records
from pipelines.occupations import technicians
from pipelines.refresh import differences
from pipelines.releases.store import Release

#: A list in the report holds this many rows at most; its count is always given whole.
MAX_LISTED_ROWS = 2_000
#: Tables whose rows carry O*NET's own date, a month.
TABLES_WITH_ONET_DATES = ("tasks", "task_ratings", "job_zones", "education_training", "elements")
CHANGES_FILE = "changes.json"


def compare(old: Release, new: Release) -> dict:
    """The change report.

    Parameters
    ----------
    old, new : Release
        A table that one side lacks is compared as empty and named in ``not_compared``.

    Returns
    -------
    dict
        ``from``, ``to`` (id, created_utc); ``sources``; ``tables`` (rows old and new of those
        that differ); ``not_compared``; ``occupations`` (added, removed, retitled); ``tasks``
        (added, dropped, reworded, without_wording); ``updates`` (by table: rows surveyed anew,
        carried forward, revised under the old date, added, dropped); ``wages`` and
        ``employment`` (level, compared, beyond, rows); ``classification`` (families of codes);
        ``exposure`` and ``paths`` of the technicians. Lists are cut at `MAX_LISTED_ROWS`
        rows, counts are not. Plain data: what `json` can write.
    """
    differ = differences.changed_tables(old, new)
    names = _titles(old) | _titles(new)
    report = {
        "from": _side(old),
        "to": _side(new),
        "sources": _sources(old, new),
        "tables": {
            name: {"old": _rows(old, name), "new": _rows(new, name)} for name in sorted(differ)
        },
        "not_compared": sorted(name for name in differ if old.has(name) != new.has(name)),
        "occupations": _occupations(old, new, differ),
        "tasks": _tasks(old, new, differ, names),
        "updates": {name: _updates(name, old, new, differ) for name in TABLES_WITH_ONET_DATES
                    if old.has(name) and new.has(name)},
        "wages": _pay(old, new, differ, "annual_mean_wage"),
        "employment": _pay(old, new, differ, "employment"),
        "classification": differences.families(old, new) if "wages" in differ else [],
        "exposure": _exposure(old, new, differ, names),
        "paths": _paths(old, new, differ),
    }  # fmt: skip
    return json.loads(json.dumps(report, default=_plain))


def encode(report: dict) -> bytes:
    """The report as it lies beside a release."""
    return (json.dumps(report, indent=1, ensure_ascii=False) + "\n").encode()


def stored(release: Release) -> dict | None:
    """The report that a release keeps; None where it has none or it is damaged."""
    try:
        found = json.loads((release.path / CHANGES_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _plain(value: object) -> object:
    """A number of numpy's as Python's own."""
    return value.item() if hasattr(value, "item") else str(value)


def _side(release: Release) -> dict:
    return {"id": release.id, "created_utc": release.manifest.get("created_utc")}


def _rows(release: Release, name: str) -> int | None:
    return release.manifest["tables"].get(name, {}).get("rows")


def _records(frame: pd.DataFrame) -> list[dict]:
    """Rows as dictionaries, missing as None, numbers rounded to what a report can use."""
    cut = frame.head(MAX_LISTED_ROWS).round(6)
    return records(cut.astype(object).where(cut.notna(), None))


def _titles(release: Release) -> dict[str, str]:
    if not release.has("occupations"):
        return {}
    frame = release.table("occupations")
    return dict(zip(frame["onet_soc_code"], frame["title"], strict=True))


def _sources(old: Release, new: Release) -> list[dict]:
    before, now = old.manifest["sources"], new.manifest["sources"]
    found = []
    gone = {e["family"]: e for n, e in before.items() if n not in now and e.get("family")}
    taken_over = {e["family"] for n, e in now.items() if n not in before and e.get("family")}
    for name in sorted({*before, *now}):
        a, b = before.get(name), now.get(name)
        # Of a family, the edition that came is compared with the one that went.
        if a is None and b is not None:
            a = gone.get(b.get("family", ""))
        elif b is None and a is not None and a.get("family") in taken_over:
            continue
        if a is None or b is None:
            kind = "added" if a is None else "no longer used"
        elif (a.get("release"), a.get("date")) != (b.get("release"), b.get("date")):
            kind = "new edition"
        elif a.get("sha256") != b.get("sha256"):
            kind = "same edition, new content"
        else:
            continue
        entry = b or a or {}
        found.append({
            "id": name, "title": entry.get("title", name), "kind": kind,
            "old_release": (a or {}).get("release"), "new_release": (b or {}).get("release"),
        })  # fmt: skip
    return found


def _occupations(old: Release, new: Release, differ: set[str]) -> dict:
    empty: dict = {"added": [], "removed": [], "retitled": []}
    if "occupations" not in differ or not (old.has("occupations") and new.has("occupations")):
        return empty
    before, now = _titles(old), _titles(new)
    return {
        "added": [{"code": c, "title": now[c]} for c in sorted(now.keys() - before.keys())],
        "removed": [{"code": c, "title": before[c]} for c in sorted(before.keys() - now.keys())],
        "retitled": [
            {"code": c, "old": before[c], "new": now[c]}
            for c in sorted(before.keys() & now.keys())
            if before[c] != now[c]
        ],
    }


def _tasks(old: Release, new: Release, differ: set[str], names: dict[str, str]) -> dict:
    """Tasks by id; wording is compared only where both sides show the publisher's own."""
    found: dict = {"n_added": 0, "n_dropped": 0, "n_reworded": 0, "without_wording": 0,
                   "added": [], "dropped": [], "reworded": []}  # fmt: skip
    if "tasks" not in differ or not (old.has("tasks") and new.has("tasks")):
        return found
    key, show = ["onet_soc_code", "task_id"], ["onet_soc_code", "title", "task_id"]
    columns = [*key, "task", "task_text_source"]
    both = old.table("tasks")[columns].merge(
        new.table("tasks")[columns], on=key, how="outer", suffixes=("_old", "_new"),
        indicator="side", validate="1:1",
    )  # fmt: skip
    both["title"] = both["onet_soc_code"].map(names)
    for side, name, text in (("right_only", "added", "new"), ("left_only", "dropped", "old")):
        rows = both.loc[both["side"] == side].rename(columns={f"task_{text}": "task"})
        found[f"n_{name}"] = len(rows)
        found[name] = _records(rows[[*show, "task"]])
    held = both[both["side"] == "both"]
    official = (held["task_text_source_old"] == "O*NET") & (held["task_text_source_new"] == "O*NET")
    official = official.fillna(False).astype(bool)
    found["without_wording"] = int((~official).sum())
    held = held[official]
    reworded = held.loc[held["task_old"] != held["task_new"], [*show, "task_old", "task_new"]]
    found["n_reworded"] = len(reworded)
    found["reworded"] = _records(reworded.rename(columns={"task_old": "old", "task_new": "new"}))
    return found


def _updates(name: str, old: Release, new: Release, differ: set[str]) -> dict:
    """Rows of a dated table by what O*NET did to them."""
    kinds = ["surveyed", "carried_forward", "revised_same_date", "added", "dropped"]
    if name not in differ:
        return dict.fromkeys(kinds, 0) | {"carried_forward": _rows(new, name)}
    key = list(contracts.contracts()[name].key)
    # A text is compared as such, above; a column that a side leaves out (the snapshot's standard
    # errors) has not been revised.
    values = [
        c for c in contracts.contracts()[name].names
        if c not in {*key, "date", "task", "task_text_source"}
        and all(side.table(name)[c].notna().any() for side in (old, new))
    ]  # fmt: skip
    both = old.table(name).merge(
        new.table(name), on=key, how="outer", suffixes=("_old", "_new"), indicator="side",
        validate="1:1",
    )  # fmt: skip
    held = both[both["side"] == "both"]
    # MM/YYYY in the order of time; a row without a date is as it was.
    before, now = ((held[f"date_{side}"].str[3:] + held[f"date_{side}"].str[:2]).fillna("")
                   for side in ("old", "new"))  # fmt: skip
    same = pd.Series(True, index=held.index)
    for column in values:
        a, b = held[f"{column}_old"], held[f"{column}_new"]
        same &= ((a == b) | (a.isna() & b.isna())).fillna(False).astype(bool)
    later = now > before
    return {
        "surveyed": int(later.sum()),
        "carried_forward": int((~later & same).sum()),
        "revised_same_date": int((~later & ~same).sum()),
        "added": int((both["side"] == "right_only").sum()),
        "dropped": int((both["side"] == "left_only").sum()),
    }


def _pay(old: Release, new: Release, differ: set[str], figure: str) -> dict:
    """Figures that moved by more than chance, nation first, the largest first."""
    found: dict = {"level": differences.CONFIDENCE_LEVEL, "compared": 0, "beyond": 0, "within": 0,
                   "no_error": 0, "nation": {"compared": 0, "beyond": 0}, "years": [],
                   "rows": []}  # fmt: skip
    if "wages" not in differ:
        return found
    moves = differences.pay_moves(old, new, figure)
    # A file that is the same on both sides has been compared with nothing.
    years = ["old_year", "new_year"]
    touched = (moves["old"] != moves["new"]).groupby([moves[c] for c in years]).transform("any")
    moves = moves[(moves["old_year"] != moves["new_year"]) | touched.astype(bool)]
    if moves.empty:
        return found
    z = moves["z"].astype(float)
    beyond, nation = z.abs() > differences.Z_90, moves["area_code"] == "99"
    rows = moves[beyond].assign(size=moves["change"][beyond].abs(), states=~nation[beyond])
    rows = rows.sort_values(["states", "size", "soc_code"], ascending=[True, False, True])
    found |= {
        "compared": len(moves),
        "beyond": int(beyond.sum()),
        "within": int((z.abs() <= differences.Z_90).sum()),
        "no_error": int(z.isna().sum()),
        "nation": {"compared": int(nation.sum()), "beyond": int((beyond & nation).sum())},
        "years": sorted(moves[years].drop_duplicates().astype(int).to_numpy().tolist()),
        "rows": _records(rows.drop(columns=["size", "states"])),
    }
    return found


def _technicians(new: Release) -> pd.DataFrame:
    titles = "alternate_titles"
    held = new.table(titles) if new.has(titles) else contracts.empty(titles)
    return technicians.technicians({"occupations": new.table("occupations"), titles: held})


def _exposure(old: Release, new: Release, differ: set[str], names: dict[str, str]) -> dict:
    found: dict = {"compared": 0, "mean_change": 0.0, "largest": 0.0, "beyond": 0,
                   "other_quintile": 0, "rows": []}  # fmt: skip
    if "occupation_exposure" not in differ or not new.has("occupations"):
        return found
    moves = differences.exposure_moves(old, new)
    moves = moves[moves["onet_soc_code"].isin(_technicians(new)["onet_soc_code"])]
    if moves.empty:
        return found
    size = moves["change"].abs()
    moves = moves.assign(title=moves["onet_soc_code"].map(names), size=size)
    # A thousandth is what reports show of exposure; less is rounding of other processors.
    seen = moves[size >= 0.0005].sort_values(["size", "onet_soc_code"], ascending=[False, True])
    found |= {
        "compared": len(moves),
        "mean_change": float(size.mean()),
        "largest": float(size.max()),
        "beyond": int(moves["beyond"].sum()),
        "other_quintile": int((moves["old_quintile"] != moves["new_quintile"]).sum()),
        "rows": _records(seen.drop(columns="size")),
    }
    return found


def _paths(old: Release, new: Release, differ: set[str]) -> dict:
    found: dict = {"compared": 0, "changed": 0, "rows": []}
    if not differ or not new.has("occupations"):
        return found
    moves = differences.path_moves(old, new)
    soc = set(_technicians(new)["onet_soc_code"].str[:7])
    moves = moves[moves.index.isin(soc)]
    rows = moves[moves["changed"]].rename_axis("soc_code").reset_index()
    found |= {
        "compared": len(moves),
        "changed": len(rows),
        "rows": _records(rows.drop(columns="changed")),
    }
    return found


def clause(report: dict | None) -> str:
    """What changed, in one clause for a list of releases."""
    if report is None:
        return ""
    sources = [
        f"{s['title']} {s['new_release'] or ''}".strip() + _KIND.get(s["kind"], "")
        for s in report.get("sources", [])
    ]
    if sources:
        return _first(sources)
    if report.get("tables"):
        return "computed anew: " + _first(sorted(report["tables"]))
    return "nothing"


_KIND = {"same edition, new content": " corrected", "no longer used": " no longer used"}


def _first(names: Iterable[str], most: int = 3) -> str:
    names = list(names)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
