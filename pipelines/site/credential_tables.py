"""The credentials of an occupation, the rungs within it, and what entry asks for."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipelines.base.language import ENGLISH, curated, english, marked, spoken
from pipelines.base.language import translated as _
from pipelines.base.words import joined
from pipelines.pathways.schooling.credentials import (
    NO_CREDENTIALS,
    credentials,
    entries,
    licence_words,
    next_rungs,
)
from pipelines.site.spanish import title
from pipelines.site.tables import table


def credential_tables(soc_code: str, titles: pd.Series) -> tuple[list[dict[str, Any]], list[str]]:
    """Tables of credentials and of rungs within the occupation; what entry asks, and from where."""
    said = licence_words(soc_code)
    lines = [f"{said[0].upper()}{said[1:]}."]
    if soc_code in entries().index:
        row = entries().loc[soc_code]
        lines[0] += " " + _("Source: {address}, {month}.", address=row["sources"].split()[0],
                            month=row["checked"])  # fmt: skip
    found = credentials(soc_code)
    if found.empty:
        return [], [*lines, _(NO_CREDENTIALS)]
    names = {
        "name": marked("credential"), "full_name": marked("in full"), "body": marked("given by"),
        "asks_education": marked("education required"),
        "asks_experience": marked("experience required"),
        "builds_on": marked("usual rung below"), "link": marked("address"),
    }  # fmt: skip
    asks = [
        joined([curated(level)] * bool(level) + [english(by)] * bool(by), ", ")
        for level, by in zip(found["asks_education"], found["accreditation"], strict=True)
    ]
    frame = (
        found.assign(asks_education=pd.Series(asks, found.index, dtype="object"))[list(names)]
        .rename(columns=names)
        .replace("", "–")
    )
    said = _("Credentials of this occupation, checked {month}; – means not recorded here",
             month=found["checked"].max())  # fmt: skip
    tables = [table(said, _marked_english(frame))]
    rungs = next_rungs(soc_code)
    if len(rungs):
        codes = rungs["also_opens"].str.split(", ").explode()
        also = codes.map(lambda code: title(code, titles[code]) if code in titles else "")
        levels = [curated(level) for level in rungs["asks_education"]]
        rungs = rungs.assign(asks_education=pd.Series(levels, rungs.index, dtype="object"))
        shown = rungs.rename(columns=names | {"builds_on": marked("from"), "name": marked("to")})
        shown[marked("also opens")] = also.groupby(level=0).agg(
            lambda t: "; ".join(filter(None, t))
        )
        shown[marked("change in pay")] = _("no public figure")
        shown = shown.drop(columns="also_opens").replace("", "–")
        tables.append(table(_("Rungs within this occupation"), _marked_english(shown)))
    return tables, [*lines, _("The certifying body's own page is the authority; rules change.")]


def _marked_english(frame: pd.DataFrame) -> pd.DataFrame:
    """On a page in another language: names of credentials and bodies, which stay English."""
    if spoken() == ENGLISH:
        return frame
    said = ("change in pay", "also opens", "address", "education required")
    columns = {
        name: pd.Series(
            [
                value if value == "–" or name in said
                else curated(value) if name.endswith("required") else english(value)
                for value in frame[name]
            ],
            frame.index, dtype="object",
        )
        for name in frame
    }  # fmt: skip
    return frame.assign(**columns)
