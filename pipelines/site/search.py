"""What the search box of the site looks through: every occupation under every name it has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipelines.pathways.schooling.credentials import credentials

#: Letters of a name that is looked through; longer ones are lists of titles, not titles.
_LONGEST = 80


def search_entries(tables: Mapping[str, pd.DataFrame], technicians: set[str]) -> list[list[Any]]:
    """Names by occupation, for `app/search.js`.

    Parameters
    ----------
    tables : Mapping[str, DataFrame]
        occupations and alternate_titles of a release.
    technicians : set of str
        O*NET-SOC codes of technician occupations.

    Returns
    -------
    list of [code, title, 1 for a technician occupation else 0, other names]
        By code. The other names are O*NET's alternate and reported titles and, for the field
        they are curated for, the credentials that open the occupation; each once, whatever its
        capitals.
    """
    occupations = tables["occupations"].sort_values("onet_soc_code")
    alternate = tables["alternate_titles"]
    names = alternate.groupby("onet_soc_code")["title"].apply(list).to_dict()
    marks: dict[str, list[str]] = {}
    for row in credentials().to_dict("records"):
        for soc in row["opens"].split(", "):
            marks.setdefault(soc, []).extend([row["name"], row["full_name"]])
    entries = []
    for row in occupations.to_dict("records"):
        code, title = row["onet_soc_code"], row["title"]
        seen = {_key(title)}
        others = []
        for name in [*names.get(code, []), *marks.get(row["soc_code"], [])]:
            key = _key(name)
            if key and key not in seen and len(name) <= _LONGEST:
                seen.add(key)
                others.append(name)
        entries.append([code, title, int(code in technicians), others])
    return entries


def _key(name: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", name.lower()))
