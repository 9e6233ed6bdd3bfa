"""Which occupations are technician occupations: the rule, in one function."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

ALWAYS_TECHNICIANS = ("29-2072", "29-9021")
#: Share of the titles that workers reported from which an occupation is called technician.
CALLED_FROM = 1 / 3
#: Called technicians by the share of titles, and no technician occupation; why.
LEFT_OUT = {
    "29-1071.01": "practitioners with a master's degree and a license, as physician assistants are",
    "39-5092.00": "personal service: nail technicians",
    "45-2021.00": "farm work: insemination technicians",
}

_TITLE = r"\b(?:Technicians?|Technologists?)\b"
_REPORTED = r"\b(?:technicians?|technologists?|techs?)\b"
_GROUPS = r"(?:29-2|17-3|19-4|15-12)"


def technicians(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Technician occupations, and why each is one.

    The rule: the title has the word Technician(s) or Technologist(s); or the SOC code is in
    29-2xxx (health technologists and technicians), 17-3xxx (drafters, engineering and mapping
    technicians), 19-4xxx (life, physical and social science technicians) or 15-12xx (computer
    occupations); or at least a third (`CALLED_FROM`) of the titles in O*NET's sample of reported
    titles say technician, technologist or tech, unless `LEFT_OUT` names the occupation. 29-2072
    and 29-9021, the two successors of the medical records technician of SOC 2010, are always in.

    Parameters
    ----------
    tables : Mapping[str, DataFrame]
        ``occupations`` (its other columns are kept) and ``alternate_titles``.

    Returns
    -------
    DataFrame
        The rows that are technicians in their order, and ``technician_rule``: "always", "title",
        "SOC group" or "reported titles", the first that applies.
    """
    occupations = tables["occupations"]
    code = occupations["onet_soc_code"]
    always = code.str[:7].isin(ALWAYS_TECHNICIANS)
    by_title = occupations["title"].str.contains(_TITLE, case=False, regex=True)
    by_group = code.str.match(_GROUPS)
    share = code.map(called_technician(tables["alternate_titles"]))  # missing is no third
    called = (share >= CALLED_FROM) & ~code.isin(list(LEFT_OUT))
    rule = pd.Series("reported titles", index=occupations.index, dtype="str")
    rule = rule.mask(by_group, "SOC group").mask(by_title, "title").mask(always, "always")
    kept = (always | by_title | by_group | called).astype(bool)
    return occupations.assign(technician_rule=rule)[kept].reset_index(drop=True)


def called_technician(alternate_titles: pd.DataFrame) -> pd.Series:
    """Share of an occupation's reported titles that say technician, technologist or tech, 0 to 1.

    Index ``onet_soc_code``; occupations without a reported title are not in it.
    """
    reported = alternate_titles[alternate_titles["kind"] == "reported"]
    says = reported["title"].str.contains(_REPORTED, case=False, regex=True)
    return says.astype(float).groupby(reported["onet_soc_code"].to_numpy()).mean()
