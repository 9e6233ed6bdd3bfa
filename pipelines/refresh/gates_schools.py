"""Gates of the tables of schools and of observed moves; see `gates`."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pipelines.refresh import differences
from pipelines.refresh.finding import Finding, limits, outside
from pipelines.releases.store import Release

SCHOOL_TABLES = ("cip_soc", "completions", "schools", "school_charges", "program_outcomes")
#: Fewer schools than this move too much by chance to be held to a share.
_MIN_SCHOOLS = 20
_WHOSE = {"completions": "awards", "program_outcomes": "earnings and debt"}


def schools(new: Release, last: Release | None, rebuilt: set[str]) -> Iterator[Finding]:
    """Do the tables of schools fit together, and did awards, prices and earnings move too far?"""
    if not (set(SCHOOL_TABLES) & rebuilt and all(new.has(name) for name in SCHOOL_TABLES)):
        return
    limit = limits()["schools"]
    known = set(new.table("schools")["unitid"])
    programs = set(new.table("cip_soc")["cip_code"])
    for name, words in _WHOSE.items():
        frame = new.table(name)
        if len(frame) >= _MIN_SCHOOLS:
            share = float(frame["unitid"].isin(known).mean())
            said = f"{{:.1%}} of the rows of {words} are of a school that table schools has"
            yield from outside(f"table {name}", share, limit["known_low"], 1.0, said, "schools")
    awards = new.table("completions")
    if len(awards) >= _MIN_SCHOOLS:
        share = float(awards["cip_code"].isin(programs).mean())
        said = "{:.1%} of the rows of awards are of a program that the CIP-SOC crosswalk has"
        yield from outside("table completions", share, limit["known_low"], 1.0, said, "schools")
    if last is None or not all(last.has(name) for name in SCHOOL_TABLES):
        return
    before, now = (float(r.table("completions")["awards"].sum()) for r in (last, new))
    years = _years(last.table("completions"), new.table("completions"))
    if before and len(awards) >= _MIN_SCHOOLS:
        low, high = limit["awards_low"] ** years, limit["awards_high"] ** years
        said = "there are {:.1%} of the awards of the last release"
        yield from outside("table completions, awards", now / before, low, high, said, "schools")
    for name, column, key in (
        ("school_charges", "in_state", ["unitid"]),
        ("program_outcomes", "earnings_4yr", ["unitid", "field", "credential_level"]),
    ):
        both = new.table(name).merge(last.table(name), on=key, suffixes=("", "_before"))
        both = both[both[f"{column}_before"] > 0].dropna(subset=[column])
        if len(both) < _MIN_SCHOOLS:
            continue
        change = (both[column] / both[f"{column}_before"] - 1).abs().astype(float)
        same = differences.same_edition(last, new, {name})
        most = limit["same_edition"] if same else limit["new_edition"]
        moved = float(change.median())
        if moved > most:
            text = (
                f"the median {'school' if len(key) == 1 else 'program'} moved by {moved:.1%} "
                f"against the last release; at most {most:.1%} for "
                f"{'the same edition' if same else 'a new edition'}"
            )
            yield Finding("schools", f"table {name}, {column}", 0.0, moved, most, text)


def _years(before: pd.DataFrame, now: pd.DataFrame) -> int:
    return max(1, int(now["year"].max() - before["year"].max()))


def moves(new: Release, last: Release | None, rebuilt: set[str]) -> Iterator[Finding]:
    """Do shares of observed moves sum to one, and are steps of paths mostly those before?"""
    limit = limits()["moves"]
    if "observed_moves" in rebuilt and new.has("observed_moves"):
        sums = new.table("observed_moves").groupby("from_code")["share"].sum()
        for code, total in sums[~sums.between(limit["sum_low"], limit["sum_high"])].items():
            text = (
                f"the shares of workers of {code} sum to {total:.3f}, expected "
                f"{limit['sum_low']} to {limit['sum_high']}"
            )
            bound = limit["sum_low"] if total < 1 else limit["sum_high"]
            yield Finding("moves", "table observed_moves", None, float(total), bound, text)
            return  # one is enough to say what is wrong
    name = "route_steps"
    if last is None or name not in rebuilt or not (new.has(name) and last.has(name)):
        return
    pairs = [
        pd.MultiIndex.from_frame(release.table(name)[["from_soc", "to_soc"]])
        for release in (last, new)
    ]
    if len(pairs[0]) < _MIN_SCHOOLS:
        return
    lost = 1 - float(pairs[0].isin(pairs[1]).mean())
    same_code = new.manifest.get("code_sha256") == last.manifest.get("code_sha256")
    same = same_code and differences.same_edition(last, new, None)
    most = limit["same_edition"] if same else limit["new_edition"]
    if lost > most:
        text = (
            f"{lost:.1%} of the steps of the last release are gone; at most {most:.0%} for "
            f"{'the same editions' if same else 'new editions or new code'}"
        )
        yield Finding("moves", "table route_steps", 0.0, lost, most, text)
