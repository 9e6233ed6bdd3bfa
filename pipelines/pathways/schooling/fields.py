"""Fields of study: which occupations one field of study prepares for (CIP-SOC crosswalk).

The crosswalk says what a program prepares for, not where its graduates work. Two occupations are of
one field of study where a family of programs (four digits of CIP, 51.07) leads to both. What was
studied in another field counts as general education only; see `education.years_asked`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

#: A family of programs that leads to more occupations than this (business administration: 43) says
#: what people studied, and not which work they know.
MOST_OCCUPATIONS = 25
#: First level of `EDUCATION_LEVELS` with a field: below it schooling is general.
FIRST_LEVEL = 3


def families(
    tables: Mapping[str, pd.DataFrame], soc_codes: np.ndarray, whole: bool = False
) -> np.ndarray:
    """Which families of programs lead to which occupations; `whole`: which programs.

    Parameters
    ----------
    tables : Mapping
        ``cip_soc`` (cip_code, soc_code), where a release holds it.
    soc_codes : ndarray of str, shape (n,)

    Returns
    -------
    ndarray of bool, shape (n, number of families)
        A row without any: the crosswalk has no program for the occupation.
    """
    if "cip_soc" not in tables:
        return np.zeros((len(soc_codes), 0), dtype=bool)
    walk = tables["cip_soc"]
    walk = walk[~walk["cip_code"].str.startswith("99.")]  # no program leads to the occupation
    family = walk["cip_code"] if whole else walk["cip_code"].str[:5]
    at = pd.Index(soc_codes).get_indexer(walk["soc_code"])
    known, place = at >= 0, pd.factorize(family, sort=True)[0]
    leads = np.zeros((len(soc_codes), int(place.max(initial=-1)) + 1), dtype=bool)
    leads[at[known], place[known]] = True
    return leads


def shared(leads: np.ndarray, most: int | None = None) -> np.ndarray:
    """Which occupations one family leads to, shape (n, n); `most`: leave out wider families."""
    if most is not None:
        leads = leads[:, leads.sum(axis=0) <= most]
    links = leads.astype(np.float32)
    return (links @ links.T) > 0
