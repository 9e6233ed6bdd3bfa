"""What the table of claims says in plain sentences; every number comes from the table."""

from __future__ import annotations

import pandas as pd

from pipelines.base.words import listed
from pipelines.claims.measures import OLD_CODES, SHARE_OF_TASKS
from pipelines.claims.verdicts import NOT_SUPPORTED_BELOW, SUPPORTED_FROM, VERDICTS

#: Measures that a sentence names at most; the table holds them all.
MAX_NAMED_MEASURES = 4


def verdicts(table: pd.DataFrame) -> pd.DataFrame:
    """One row per claim: number, claim, verdict, verdict_technicians; in the article's order."""
    kept = ["number", "claim", "verdict", "verdict_technicians"]
    return table.drop_duplicates("number")[kept].sort_values("number", ignore_index=True)


def claim_sentences(table: pd.DataFrame, title: str) -> list[str]:
    """Three paragraphs: what the verdicts are, what contradicts the article, how far to trust it.

    Parameters
    ----------
    table : DataFrame
        As from `pipelines.claims.verdicts.evaluate_claims`.
    title : str
        Title of the occupation.
    """
    return [_overall(table, title), _against(table), _caution(table)]


def _overall(table: pd.DataFrame, title: str) -> str:
    each = verdicts(table)
    count = each["verdict"].value_counts().reindex(VERDICTS, fill_value=0)
    text = (
        f"{title}: of the article's {len(each)} claims, public data support {count['supported']}, "
        f"do not support {count['not supported']}, are mixed on {count['mixed']} and say nothing "
        f"on {count['no public measure']}."
    )
    if names := _claims(each[each["verdict"] == "supported"]):
        text += f" Supported: {names}."
    best = _strongest(table, "for", ascending=False)
    if best:
        text += f" The strongest support: {best}."
    return text


def _against(table: pd.DataFrame) -> str:
    each = verdicts(table)
    if table["value"].isna().all():
        return "No measure covers this occupation, so no claim is supported or contradicted."
    names = _claims(each[each["verdict"] == "not supported"])
    text = "On no claim do all measures contradict the article."
    if names:
        text = f"The data contradict the article on {names}."
    measures = _strongest(table, "against", ascending=True)
    if measures:
        text += f" The measures most contrary to the article: {measures}."
    split = table[table["verdict"] == "mixed"].groupby("number")["says"].agg(set)
    both = each[each["number"].isin(split[[{"for", "against"} <= s for s in split]].index)]
    if names := _claims(both):
        text += f" Measures point both ways on {names}."
    return text


def _caution(table: pd.DataFrame) -> str:
    held = table[table["value"].notna()]
    text = (
        f"A measure speaks for a claim at or above percentile {SUPPORTED_FROM:.0f} of all "
        f"occupations in the claim's direction, and against it below {NOT_SUPPORTED_BELOW:.0f}. "
        "A verdict is on the measures, which often stand in for what the claim says."
    )
    if held.empty:
        return text
    old = held.loc[held["source"].str.contains(OLD_CODES, regex=False), "source"]
    if len(old):
        edition = old.iloc[0].rsplit(", ", 1)[0]
        parts = sorted(old.str.rsplit(", ", n=1).str[1].unique())
        text += (
            f" {len(old)} of the {len(held)} values, those of {_listed(parts)}, are from "
            f"{edition}, the newest in use that rate this occupation: the work may have changed "
            "since."
        )
    absent = int((table["measure"].notna() & table["value"].isna()).sum())
    if absent:
        text += f" {absent} other measures are not published for this occupation."
    each = verdicts(table)
    given = each[each["verdict_technicians"] != "no public measure"]
    if len(given):
        moved = int((given["verdict"] != given["verdict_technicians"]).sum())
        noun = "verdict" if moved == 1 else "verdicts"
        text += f" Compared with technician occupations only, {moved} {noun} would differ."
    if names := _claims(each[each["verdict"] == "no public measure"]):
        text += f" Without any public measure: {names}."
    return text


def _claims(rows: pd.DataFrame) -> str:
    return _listed([f"“{claim[0].lower()}{claim[1:]}” ({n})" for n, claim in
                    zip(rows["number"], rows["claim"], strict=True)])  # fmt: skip


def _strongest(table: pd.DataFrame, says: str, ascending: bool) -> str:
    """The measures furthest out, each once however many claims it speaks to."""
    rows = table[(table["says"] == says) & (table["unit"] != SHARE_OF_TASKS)]
    rows = rows.sort_values(["percentile", "number"], ascending=[ascending, True])
    parts = []
    for row in rows.to_dict("records"):
        name, share = row["measure"], row["percentile"]
        if row["direction"] == "less":
            name, share = f"{name} (the claim expects little)", 100 - share
        parts.append(f"{name[0].lower()}{name[1:]}, percentile {share:.0f}")
    return _listed(parts, MAX_NAMED_MEASURES, "; ")


def _listed(parts: list[str], most: int | None = None, mark: str = ", ") -> str:
    return listed(list(dict.fromkeys(parts))[:most], mark, "; " if mark == "; " else " and ")
