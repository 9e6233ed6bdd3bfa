"""What the table of claims says in plain sentences; every number comes from the tables."""

from __future__ import annotations

import pandas as pd

from pipelines.base.records import records
from pipelines.base.words import listed
from pipelines.claims.board import TESTED
from pipelines.claims.measures import OLD_CODES
from pipelines.claims.standings import NOT_SUPPORTED_BELOW, SUPPORTED_FROM
from pipelines.claims.verdicts import ARTICLE, UNTESTED
from pipelines.exposure.occupation.ranks import beyond

#: Verdict -> how a list of claims begins, of the article's own occupation and of another one.
_HEADS = {
    "supported": ("Supported", "Holding here"),
    "not supported": ("Not supported", "Not holding here"),
    "between": ("In between", "In between"),
}


def verdicts(table: pd.DataFrame) -> pd.DataFrame:
    """One row a claim: its verdicts, whether they count, and how often the rule says so."""
    chance = [c for c in table if c.startswith("chance_")]
    kept = ["number", "claim", "verdict", "verdict_technicians", "stand_in", *chance]
    return table[kept].assign(stand_in=table["stand_in"].fillna(""))


def counted(table: pd.DataFrame) -> pd.DataFrame:
    """The claims that have a verdict which counts: one by a measure, and no weak stand-in."""
    return table[table["verdict"].isin(TESTED) & (table["stand_in"] != "weak")]


def headline(table: pd.DataFrame, counts: pd.DataFrame, title: str, code: str) -> str:
    """The sentence over a picture: how many claims are supported, and how many by chance.

    Parameters
    ----------
    table, counts : DataFrame
        As from `verdicts.claims_of` and `board.by_chance`.
    title, code : str
        Of the occupation. Only of the article's own does the sentence say "the article's claims".
    """
    row = counts.iloc[0]
    if not row["claims"]:
        return f"{title}: public data test none of the {len(table)} claims by a measure of its own"
    if code == ARTICLE:
        said = (
            f"{title}: public data support {row['found']} of the {row['claims']} claims that they "
            "can test"
        )
    else:
        noun = "claim" if row["claims"] == 1 else "claims"
        holds = "holds" if row["found"] == 1 else "hold"
        said = (
            f"{title}: of {row['claims']} {noun} about medical records technicians that can be "
            f"tested, {row['found']} {holds} here"
        )
    return (
        f"{said}; an occupation drawn at random has {row['mean']:.1f} on average, 90 percent "
        f"between {row['low']:.0f} and {row['high']:.0f}"
    )


def claim_sentences(table: pd.DataFrame, counts: pd.DataFrame, title: str, code: str) -> list[str]:
    """Three paragraphs: the verdicts that count, what does not count, how far to trust it.

    Parameters
    ----------
    table, counts : DataFrame
        As from `verdicts.claims_of` and `board.by_chance`.
    title, code : str
        Of the occupation.
    """
    return [_overall(table, counts, title, code), _not_counted(table), _caution(table, counts)]


def _overall(table: pd.DataFrame, counts: pd.DataFrame, title: str, code: str) -> str:
    tested = counts["claims"].iloc[0]
    if code == ARTICLE:
        text = f"{title}: public data can test {tested} of the article's {len(table)} claims."
    else:
        text = (
            f"{title}: does what an article says of medical records technicians hold here? Public "
            f"data can test {tested} of its {len(table)} claims."
        )
    held = counted(table)
    for said in ("supported", "not supported", "between"):
        rows = held[held["verdict"] == said]
        head = _HEADS[said][code != ARTICLE]
        if tested:
            text += f" {head}, {len(rows)} ({_chance(counts, said)})"
            text += f": {_claims(rows)}." if len(rows) else "."
    return text


def _chance(counts: pd.DataFrame, said: str) -> str:
    """What an occupation drawn at random has, and a technician occupation."""
    rows = counts[counts["verdict"] == said].set_index("among")
    every, own = rows.loc["all occupations"], rows.loc["technicians"]
    drawn = "an occupation drawn at random" if said == "supported" else "at random"
    text = f"{drawn} {'has ' if said == 'supported' else ''}{every['mean']:.1f} on average, "
    text += f"90 percent between {every['low']:.0f} and {every['high']:.0f}"
    if own["occupations"]:
        text += f"; technicians {own['mean']:.1f}, {own['low']:.0f} to {own['high']:.0f}"
    return text


def _not_counted(table: pd.DataFrame) -> str:
    held = table["verdict"].isin(TESTED)
    if not held.any():
        return "No measure covers this occupation, so no claim can be tested."
    weak = table[held & (table["stand_in"] == "weak")]
    parts = []
    if len(weak):
        said = [f"{_claim(n, c)[:-1]}, {v})" for n, c, v in
                zip(weak["number"], weak["claim"], weak["verdict"], strict=True)]  # fmt: skip
        parts.append(f"Not counted, because only a weak stand-in measures them: {listed(said)}.")
    cannot = table[table["verdict"] == UNTESTED[0]]
    for reason, rows in cannot.groupby(cannot["remark"].str.split("; ").str[0], sort=False):
        parts.append(f"Cannot be tested: {_claims(rows)}; {reason}.")
    if len(none := table[table["verdict"] == UNTESTED[1]]):
        parts.append(f"Without any public measure: {_claims(none)}.")
    return " ".join([*parts, *_beside(table)])


def _beside(table: pd.DataFrame) -> list[str]:
    """What a second measure of a claim says, which gives no verdict."""
    rows = table.dropna(subset=["beside_percentile"])
    return [
        f"Beside {_claim(row['number'], row['claim'])}, without a verdict: "
        f"{row['beside'].lower()} of {row['beside_value']:.2f} (0 to 1; {row['beside_source']}), "
        f"{beyond(row['beside_percentile'])} measured; {row['beside_chance']:.0f} percent of these "
        f"stand at or above percentile {SUPPORTED_FROM:.0f}. It says {row['beside_remark']}."
        for row in records(rows)
    ]


def _caution(table: pd.DataFrame, counts: pd.DataFrame) -> str:
    text = (
        "One measure stands for a claim. The claim is supported where the occupation stands at or "
        f"above percentile {SUPPORTED_FROM:.0f} of all occupations in the claim's direction, and "
        f"not supported below {NOT_SUPPORTED_BELOW:.0f}. A verdict is on the measure, not on all "
        "that the claim says."
    )
    held = table[table["verdict"].isin(TESTED)]
    if held.empty:
        return text
    if len(counted(table)):
        text += f" {rule_by_chance(table)}"
    every = counts.iloc[0]
    if every["occupations"]:
        which = {1: "this measure", 2: "both measures"}.get(
            every["claims"], f"all {every['claims']} measures"
        )
        text += (
            " Claims go together, so what chance gives is counted over real occupations, each "
            f"taken whole: the {every['occupations']:,} with {which}."
        )
    if shared := _shared(table):
        text += f" These claims rest on one measure, so they are one piece of evidence: {shared}."
    text += f" {_intervals(held)}"
    old = held.loc[held["source"].str.contains(OLD_CODES, regex=False), "source"]
    if len(old):
        edition = old.iloc[0].rsplit(", ", 1)[0]
        parts = sorted(old.str.rsplit(", ", n=1).str[1].unique())
        text += (
            f" {len(old)} of the {len(held)} values, those of {listed(parts)}, are from "
            f"{edition}, the newest in use that rate this occupation: the work may have changed "
            "since."
        )
    both = held[held["verdict_technicians"].isin(TESTED)]
    if len(both):
        moved = int((both["verdict"] != both["verdict_technicians"]).sum())
        text += (
            f" Among technician occupations only, {moved} of {len(both)} verdicts would be another."
        )
    return text


def rule_by_chance(table: pd.DataFrame) -> str:
    """How many of all occupations the rule calls supported, and not supported, claim by claim."""
    rows = counted(table)
    for_, against = (
        " to ".join(dict.fromkeys(f"{v:.0f}" for v in (rows[name].min(), rows[name].max())))
        for name in ("chance_supported", "chance_not_supported")
    )
    return (
        f"By the same rule each claim is supported for {for_} percent of all occupations and not "
        f"for {against} percent."
    )


def _intervals(held: pd.DataFrame) -> str:
    """For how many percentiles an interval can be given, and how many are sure of their band."""
    given = held[held["percentile_low"].notna()]
    if given.empty:
        return (
            "No percentile has an interval: the sources in use publish no standard errors of "
            "these values."
        )
    low, high = given["percentile_low"], given["percentile_high"]
    inside = pd.Series(
        {"supported": SUPPORTED_FROM, "between": NOT_SUPPORTED_BELOW, "not supported": 0.0}
    )
    outside = {"supported": 100.0, "between": SUPPORTED_FROM, "not supported": NOT_SUPPORTED_BELOW}
    wide = (low < given["verdict"].map(inside)) | (high > given["verdict"].map(outside))
    return (
        f"Percentiles with a 95% interval from published standard errors: {len(given)} of "
        f"{len(held)}, of which {int(wide.sum())} {'reaches' if wide.sum() == 1 else 'reach'} into "
        "another verdict; for the others the sources in use publish none."
    )


def _shared(table: pd.DataFrame) -> str:
    """Claims that rest on the same measure; "" where each has its own."""
    groups = table.dropna(subset=["measure"]).groupby("measure", sort=False)
    return "; ".join(_claims(rows) for _, rows in groups if len(rows) > 1)


def _claims(rows: pd.DataFrame) -> str:
    return listed([_claim(n, c) for n, c in zip(rows["number"], rows["claim"], strict=True)])


def _claim(number: int, claim: str) -> str:
    return f"“{claim[0].lower()}{claim[1:]}” ({number})"
