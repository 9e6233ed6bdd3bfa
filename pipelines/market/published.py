"""Under which code BLS publishes an occupation: its own, or one that it shares with others.

BLS publishes some detailed occupations only together (29-2011 and 29-2012 under 29-2010). Which
ones follows from the data: a code without a row in a table and year stands under the code that
BLS's matrix crosswalk names, where that has a row there. Everything that looks up a wage, a count,
a projection or a series asks here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from pipelines.base.language import translated
from pipelines.base.words import listed
from pipelines.market.oews import national
from pipelines.occupations.oews_codes import held_by


def joint_codes(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """The matrix code of each SOC 2018 code that BLS's crosswalk puts under another one."""
    if "onet_soc_to_soc" not in tables:
        return {}
    walk = tables["onet_soc_to_soc"]
    pairs = zip(walk["onet_soc_code"].str[:7], walk["nem_code"], strict=True)
    return {soc: code for soc, code in pairs if soc != code}


def published_as(
    tables: Mapping[str, pd.DataFrame], table: str = "wages", year: int | None = None
) -> pd.Series:
    """Code under which BLS publishes each occupation in a table and a year.

    Parameters
    ----------
    tables : mapping
        The table asked for, and onet_soc_to_soc.
    table : str
        "wages" (the nation's detailed occupations) or "projections".
    year : int, optional
        OEWS year, or base year of a decade. By default the newest OEWS year, and of projections
        every decade.

    Returns
    -------
    Series
        Index soc_code, in order; codes that are not published there (the armed forces) are absent.
    """
    if table == "projections":
        rows = tables[table]
        rows = rows if year is None else rows[rows["base_year"] == year]
    else:
        rows = national(tables[table][["area_code", "occupation_group", "soc_code", "year"]])
        rows = rows[rows["year"] == (rows["year"].max() if year is None else year)]
    held = set(rows["soc_code"])
    joint = joint_codes(tables)
    if table == "wages" and year is not None:
        # Codes of OEWS's own, which the matrix does not have.
        own = held_by(year)
        joint = joint | {member: code for code, members in own.items() for member in members}
    found = {code: code for code in held}
    found |= {c: target for c, target in joint.items() if c not in held and target in held}
    return pd.Series(dict(sorted(found.items())), dtype="str")


def joint_members(tables: Mapping[str, pd.DataFrame]) -> dict[str, list[tuple[str, str]]]:
    """Code and title of the occupations that BLS publishes under each joint code, in order."""
    own = tables["occupations"][["onet_soc_code", "soc_code", "title"]].sort_values("onet_soc_code")
    title = own.drop_duplicates("soc_code").set_index("soc_code")["title"].to_dict()
    members: dict[str, list[tuple[str, str]]] = {}
    for code, target in sorted(joint_codes(tables).items()):
        members.setdefault(target, []).append((code, title.get(code, code)))
    return members


def published_titles(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """BLS's newest title of each code that it publishes the nation's wages under."""
    columns = ["area_code", "occupation_group", "soc_code", "year", "title"]
    rows = national(tables["wages"][columns]).sort_values("year")
    return rows.drop_duplicates("soc_code", keep="last").set_index("soc_code")["title"].to_dict()


def published_together(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """What to say where a figure is that of several occupations, by the code they share."""
    titles = published_titles(tables)
    return {
        code: together_sentence(code, members, titles.get(code, ""))
        for code, members in joint_members(tables).items()
    }


def together_sentence(code: str, members: Sequence[tuple[str, str]], title: str) -> str:
    """That a wage is that of several occupations.

    Parameters
    ----------
    code, title : str
        Under which BLS publishes the wage.
    members : sequence of (str, str)
        Code and title of each occupation.
    """
    return translated(
        "BLS publishes one wage for {members} together, under {code} ({title}); wages, "
        "employment and projections shown are those of all of them.",
        members=listed([translated("{title} ({code})", title=t, code=c) for c, t in members]),
        code=code, title=title,
    )  # fmt: skip
