"""The credentials of an occupation, the rungs within it, and what entry asks for."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipelines.pathways.schooling.credentials import (
    NO_CREDENTIALS,
    credentials,
    entries,
    licence_words,
    next_rungs,
)
from pipelines.site.tables import table


def credential_tables(soc_code: str, titles: pd.Series) -> tuple[list[dict[str, Any]], list[str]]:
    """Tables of credentials and of rungs within the occupation; what entry asks, and from where."""
    said = licence_words(soc_code)
    lines = [f"{said[0].upper()}{said[1:]}."]
    if soc_code in entries().index:
        row = entries().loc[soc_code]
        lines[0] += f" Source: {row['sources'].split()[0]}, {row['checked']}."
    found = credentials(soc_code)
    if found.empty:
        return [], [*lines, NO_CREDENTIALS]
    names = {
        "name": "credential", "full_name": "in full", "body": "given by",
        "asks_education": "education required", "asks_experience": "experience required",
        "builds_on": "usual rung below", "link": "address",
    }  # fmt: skip
    program = found["accreditation"].mask(
        found["accreditation"] != "", ", " + found["accreditation"]
    )
    asks = (found["asks_education"] + program).str.removeprefix(", ")
    frame = found.assign(asks_education=asks)[list(names)].rename(columns=names).replace("", "–")
    said = f"Credentials of this occupation, checked {found['checked'].max()}"
    tables = [table(f"{said}; – means not recorded here", frame)]
    rungs = next_rungs(soc_code)
    if len(rungs):
        also = rungs["also_opens"].str.split(", ").explode().map(titles).fillna("")
        shown = rungs.rename(columns=names | {"builds_on": "from", "name": "to"})
        shown["also opens"] = also.groupby(level=0).agg(lambda t: "; ".join(filter(None, t)))
        shown["change in pay"] = "no public figure"
        shown = shown.drop(columns="also_opens").replace("", "–")
        tables.append(table("Rungs within this occupation", shown))
    return tables, [*lines, "The certifying body's own page is the authority; rules change."]
