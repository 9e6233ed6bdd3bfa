"""What a new release must pass before it is published. Limits and reasons: ``gates.toml``."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

import pandas as pd
import pyarrow.parquet as pq

from pipelines.base import contracts
from pipelines.base.errors import UsageError
from pipelines.occupations import oews_codes
from pipelines.occupations.oews_codes import HYBRID, HYBRID_YEARS, MERGED_YEAR
from pipelines.refresh import differences, gates_schools
from pipelines.refresh.finding import Finding, limits, outside
from pipelines.releases.store import Release

#: A part of a table with fewer rows than this moves too much by chance to be held to a share.
_MIN_ROWS = 20
#: So many areas make a whole file of states.
_MIN_STATES = 50
#: So many areas make a whole file of metropolitan and nonmetropolitan areas (528 in May 2025).
_MIN_AREAS = 400


def require_known(names: Sequence[str]) -> None:
    """UsageError where a name is no gate's; it lists the gates."""
    unknown = sorted(set(names) - set(limits()))
    if unknown:
        gates = "; ".join(f"{name} ({gate['about']})" for name, gate in limits().items())
        raise UsageError(f"--accept {', '.join(unknown)}", "no such gate", f"Gates: {gates}")


def check(new: Release, last: Release | None, rebuilt: set[str] | None = None) -> list[Finding]:
    """Ask every gate.

    Parameters
    ----------
    new : Release
        What would be published.
    last : Release or None
        The current release; without one only the gates that compare with none are asked.
    rebuilt : set of str, optional
        Tables that are not the last release's (default: all). Gates of others are not asked
        again.

    Returns
    -------
    list of Finding
        What breaks a limit, in the order of ``gates.toml``; empty where all is well.
    """
    rebuilt = set(new.manifest["tables"]) if rebuilt is None else rebuilt
    found: list[Finding] = []
    if last is not None:
        found += [*_rows(new, last), *_parts(new, last), *_values(new, last, rebuilt)]
    if "wages" in rebuilt:
        found += [*_totals(new), *_growth(new)]
    if {"wages", "area_wages"} & rebuilt:
        found += _areas(new)
    found += [*gates_schools.schools(new, last, rebuilt), *gates_schools.moves(new, last, rebuilt)]
    if found:
        return found  # half a table moves every figure below: say what is wrong, not what follows
    if last is not None and rebuilt:
        found += [*_pay(new, last, rebuilt), *_exposure(new, last, rebuilt)]
        found += _paths(new, last)
    if rebuilt:
        found += _crosswalk(new)
    return found


def _rows(new: Release, last: Release) -> Iterator[Finding]:
    least = limits()["rows"]["least_share"]
    for name, entry in last.manifest["tables"].items():
        old, now = entry["rows"], new.manifest["tables"].get(name, {}).get("rows", 0)
        if now < least * old:
            text = f"{now:,} rows, the last release has {old:,}; at least {least:.0%} are expected"
            yield Finding("rows", f"table {name}", old, now, least * old, text)


def _parts(new: Release, last: Release) -> Iterator[Finding]:
    least = limits()["parts"]["least_share"]
    for source, entry in new.manifest["sources"].items():
        before = _before(source, entry, last).get("rows", {})
        for table, old in before.items():
            if source not in last.manifest["sources"] and table not in entry.get("rows", {}):
                continue  # a new edition without a table; the one before gives it still
            now = entry.get("rows", {}).get(table, 0)
            if now < least * old:
                text = (
                    f"{now:,} rows for table {table}, the last release has {old:,} from this "
                    f"source; at least {least:.0%} are expected"
                )
                yield Finding("parts", entry.get("url", source), old, now, least * old, text)


def _before(source: str, entry: dict, last: Release) -> dict:
    """What the last release records of a source; of a new edition, of the newest before it."""
    known = last.manifest["sources"]
    editions = last.editions(entry.get("family", ""))
    return known.get(source) or (known[editions[-1]] if editions else {})


def _values(new: Release, last: Release, rebuilt: set[str]) -> Iterator[Finding]:
    lost = limits()["values"]["most_lost"]
    for name in sorted(rebuilt & set(contracts.contracts())):
        if not (last.has(name) and new.has(name)):
            continue
        frame, before = new.table(name), _filled(last, name)
        if len(frame) < _MIN_ROWS:
            continue
        for column in contracts.contracts()[name].columns:
            if not column.nullable or column.name not in before:
                continue
            old, now = before[column.name], float(frame[column.name].notna().mean())
            if now < old - lost:
                text = (
                    f"{now:.1%} of the values are there, {old:.1%} in the last release; it may "
                    f"lose {lost:.0%} points"
                ).replace("% points", " points")
                figure = f"table {name}, column {column.name}"
                yield Finding("values", figure, old, now, old - lost, text)


def _filled(release: Release, name: str) -> dict[str, float]:
    """Share of filled values by column, from the file's statistics: no table is read."""
    if name in release._read:
        return release._read[name].notna().mean().to_dict()
    about = pq.read_metadata(release.path / f"{name}.parquet")
    missing: dict[str, int] = {}
    for group in range(about.num_row_groups):
        for position in range(about.num_columns):
            column = about.row_group(group).column(position)
            statistics = column.statistics
            if statistics is not None and statistics.has_null_count:
                path = column.path_in_schema
                missing[path] = missing.get(path, 0) + statistics.null_count
    return {column: 1 - n / max(about.num_rows, 1) for column, n in missing.items()}


def _totals(new: Release) -> Iterator[Finding]:
    if not new.has("wages"):
        return
    limit, frame = limits()["totals"], new.table("wages")
    keys = ["year", "area_code"]
    part = frame[frame["occupation_group"] == "detailed"].groupby(keys)["employment"].sum()
    whole = frame[frame["occupation_group"] == "total"].groupby(keys)["employment"].sum(min_count=1)
    share = (part / whole).dropna()
    for (year, area), ratio in share.items():
        kind = "nation" if area == "99" else "states"
        where = f"table wages, {year}, {'the nation' if area == '99' else f'area {area}'}"
        words = "the detailed occupations have {:.2%} of the published total"
        low, high = limit[f"{kind}_low"], limit[f"{kind}_high"]
        yield from outside(where, float(ratio), low, high, words)
    states = whole[whole.index.get_level_values("area_code") != "99"]
    for year, jobs in states.groupby("year").sum().items():
        if (year, "99") in whole.index and states[year].size >= _MIN_STATES:
            ratio = float(jobs / whole[year, "99"])
            where, words = (
                f"table wages, {year}, all states",
                "they have {:.2%} of the nation's jobs",
            )
            yield from outside(where, ratio, limit["sum_low"], limit["sum_high"], words)


def _total(frame: pd.DataFrame, nation: bool) -> pd.Series:
    """Employment of all occupations by year; ``nation`` or else summed over areas."""
    rows = frame[(frame["occupation_group"] == "total") & ((frame["area_code"] == "99") == nation)]
    return rows.groupby("year")["employment"].sum(min_count=1).dropna()


def _growth(new: Release) -> Iterator[Finding]:
    """A file with half of the jobs everywhere has right shares: only another year tells."""
    jobs = _total(new.table("wages"), nation=True) if new.has("wages") else pd.Series(dtype=float)
    limit = limits()["nation"]
    for before, year in itertools.pairwise(jobs.index):
        ratio = float((jobs[year] / jobs[before]) ** (1 / (year - before)))
        words = f"the nation has {{:.1%}} of the jobs of {before}, a year"
        where = f"table wages, {year}, the nation's employment"
        low, high = limit["yearly_low"], limit["yearly_high"]
        yield from outside(where, ratio, low, high, words, "nation")


def _areas(new: Release) -> Iterator[Finding]:
    if not (new.has("area_wages") and new.has("wages")):
        return
    nation, areas, limit = (_total(new.table("wages"), nation=True), new.table("area_wages"),
                            limits()["nation"])  # fmt: skip
    counts = areas[areas["occupation_group"] == "total"].groupby("year")["area_code"].nunique()
    for year, jobs in _total(areas, nation=False).items():
        if year in nation.index and counts[year] >= _MIN_AREAS:
            words = "they have {:.2%} of the nation's jobs"
            where, ratio = f"table area_wages, {year}, all areas", float(jobs / nation[year])
            yield from outside(
                where, ratio, limit["areas_low"], limit["areas_high"], words, "nation"
            )


def _pay(new: Release, last: Release, rebuilt: set[str]) -> Iterator[Finding]:
    if "wages" not in rebuilt:
        return
    same = differences.same_edition(last, new, {"wages"})
    for gate, figure in (("wages", "annual_mean_wage"), ("employment", "employment")):
        limit = limits()[gate]
        every = differences.pay_moves(last, new, figure)
        for place, rows in (("the nation", every["area_code"] == "99"),
                            ("the states", every["area_code"] != "99")):  # fmt: skip
            moves = every[rows]
            if len(moves) < _MIN_ROWS:
                continue
            change = moves["change"].abs().astype(float)
            years = max(1, int((moves["new_year"] - moves["old_year"]).max()))
            if same:
                median, beyond = limit["same_edition_median"], limit["same_edition_beyond"]
            else:
                median, beyond = (limit[f"new_edition_{k}"] * years for k in ("median", "beyond"))
            edition = "the same edition" if same else f"new editions, {years} year(s)"
            where = f"table wages, {figure}, {place}"
            now = float(change.median())
            if now > median:
                text = (
                    f"the median occupation moved by {now:.1%} against the last release; at most "
                    f"{median:.1%} for {edition}; {_most(moves, change)}"
                )
                yield Finding(gate, where, 0.0, now, median, text)
            share = float((change > limit["beyond"]).mean())
            if share > beyond:
                text = (
                    f"{share:.1%} of the occupations moved by more than {limit['beyond']:.0%}; at "
                    f"most {beyond:.1%} for {edition}; {_most(moves, change)}"
                )
                yield Finding(gate, where, 0.0, share, beyond, text)


def _most(moves: pd.DataFrame, change: pd.Series) -> str:
    row = moves.loc[change.idxmax()]
    return (
        f"most of all {row['soc_code']} {row['title']} ({row['area_title']}): "
        f"{row['old']:,.0f} before, {row['new']:,.0f} now"
    )


def _exposure(new: Release, last: Release, rebuilt: set[str]) -> Iterator[Finding]:
    if "occupation_exposure" not in rebuilt:
        return
    moves = differences.exposure_moves(last, new)
    if len(moves) < _MIN_ROWS:
        return
    limit, name = _limit_of("exposure", new, last, {"tasks", "task_ratings", "exposure_labels"})
    now = float(moves["change"].abs().mean())
    if now > limit:
        row = moves.loc[moves["change"].abs().idxmax()]
        text = (
            f"exposure moved by {now:.4f} on average (unweighted); at most {limit} for {name}; "
            f"most of all {row['onet_soc_code']}: {row['old']:.3f} before, {row['new']:.3f} now"
        )
        yield Finding("exposure", "table occupation_exposure", 0.0, now, limit, text)


def _paths(new: Release, last: Release) -> Iterator[Finding]:
    moves = differences.path_moves(last, new)
    if len(moves) < _MIN_ROWS:
        return
    limit, name = _limit_of("paths", new, last, None)
    now = float(moves["changed"].mean())
    if now > limit:
        row = moves[moves["changed"]].iloc[0]
        text = (
            f"the best next occupation of {now:.1%} of {len(moves):,} occupations changed; at "
            f"most {limit:.0%} for {name}; the first is {row.name} {row['title']}: "
            f"{row['old_title'] or 'none'} before, {row['new_title'] or 'none'} now"
        )
        yield Finding("paths", "advancement paths", 0.0, now, limit, text)


def _limit_of(gate: str, new: Release, last: Release, tables: set[str] | None) -> tuple[float, str]:
    """The limit that applies, and to what; other code counts as another edition."""
    same_code = new.manifest.get("code_sha256") == last.manifest.get("code_sha256")
    if same_code and differences.same_edition(last, new, tables):
        return limits()[gate]["same_edition"], "the same editions"
    return limits()[gate]["new_edition"], "new editions or new code"


def _crosswalk(new: Release) -> Iterator[Finding]:
    """Codes of each classification that neither crosswalk nor list knows."""
    if not (new.has("soc_2010_to_2018") and new.has("onet_walk_2010_2019")):
        return
    walk, onet_walk = new.table("soc_2010_to_2018"), new.table("onet_walk_2010_2019")
    listed = {code for code, _ in limits()["crosswalk"]["listed"]}
    matrix = new.table("onet_soc_to_soc")["nem_code"] if new.has("onet_soc_to_soc") else []
    known = {
        "2010": {*walk["soc_2010_code"], *oews_codes.held_by(MERGED_YEAR), *listed},
        "2018": {*walk["soc_code"], *matrix, *listed},
        HYBRID: {*walk["soc_code"], *matrix, *oews_codes.held_by(HYBRID_YEARS[0])},
        "O*NET-SOC 2010": set(onet_walk["onet_soc_2010_code"]),
    }
    uses: list[tuple[str, str, Callable[[pd.DataFrame], pd.Series]]] = [
        ("wages", "2010", lambda f: _detailed(f, "2010")),
        ("wages", "2018", lambda f: _detailed(f, "2018")),
        ("wages", HYBRID, lambda f: _detailed(f, HYBRID)),
        ("area_wages", "2018", lambda f: _detailed(f, "2018")),
        ("projections", "2018", lambda f: f.loc[f["occupation_type"] == "Line item", "soc_code"]),
        ("occupations", "2018", lambda f: f["soc_code"]),
        ("ai_applicability", "2018", lambda f: f["soc_code"]),
        ("aioe", "2010", lambda f: f["soc_2010_code"]),
        ("telework", "O*NET-SOC 2010", lambda f: f["onet_soc_2010_code"]),
        ("elements_2010", "O*NET-SOC 2010", lambda f: f["onet_soc_2010_code"]),
    ]
    most = limits()["crosswalk"]["most"]
    for table, kind, codes in uses:
        if not new.has(table):
            continue
        lost = sorted(set(codes(new.table(table))) - known[kind])
        if len(lost) > most:
            text = (
                f"{len(lost)} codes have no counterpart in the other classification and are not "
                f"listed in gates.toml, first {lost[:5]}; at most {most}"
            )
            yield Finding("crosswalk", f"table {table}", None, len(lost), most, text)


def _detailed(wages: pd.DataFrame, vintage: str) -> pd.Series:
    kept = (wages["occupation_group"] == "detailed") & (wages["soc_vintage"] == vintage)
    return wages.loc[kept, "soc_code"]
