"""Which occupations are technician occupations: the rule, in one function."""

from __future__ import annotations

import pandas as pd

ALWAYS_TECHNICIANS = ("29-2072", "29-9021")


_TITLE = r"\b(?:Technicians?|Technologists?)\b"


_GROUPS = r"(?:29-2|17-3|19-4|15-12)"


def is_technician(onet_soc_code: str, title: str) -> bool:
    """Whether an occupation counts as a technician occupation; the rule is in `technicians`."""
    one = pd.DataFrame({"onet_soc_code": [onet_soc_code], "title": [title]})
    return not technicians(one).empty


def technicians(occupations: pd.DataFrame) -> pd.DataFrame:
    """Technician occupations, and why each is one.

    The rule: the title has the word Technician(s) or Technologist(s); or the SOC code is in
    29-2xxx (health technologists and technicians), 17-3xxx (drafters, engineering and mapping
    technicians), 19-4xxx (life, physical and social science technicians) or 15-12xx (computer
    occupations). 29-2072 and 29-9021, the two successors of the medical records technician of
    SOC 2010, are always in.

    Parameters
    ----------
    occupations : DataFrame
        Columns onet_soc_code, title (others are kept).

    Returns
    -------
    DataFrame
        The rows that are technicians in their order, and ``technician_rule``: "always", "title"
        or "SOC group", the first that applies.
    """
    soc = occupations["onet_soc_code"].str[:7]
    always = soc.isin(ALWAYS_TECHNICIANS)
    by_title = occupations["title"].str.contains(_TITLE, case=False, regex=True)
    by_group = soc.str.match(_GROUPS)
    rule = pd.Series("SOC group", index=occupations.index, dtype="str")
    rule = rule.mask(by_title, "title").mask(always, "always")
    kept = (always | by_title | by_group).astype(bool)
    return occupations.assign(technician_rule=rule)[kept].reset_index(drop=True)
