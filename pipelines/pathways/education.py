"""Levels of education, the years between them, and what an occupation asks for.

Three publishers answer "what education does it take" differently: BLS names one typical level,
O*NET asks workers and experts what is required, and the census survey (BLS table 5.3) counts
what people in the job have. They are put side by side here, never averaged.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from pipelines.errors import UsageError

#: BLS's eight levels, lowest first.
LEVELS = (
    "No formal educational credential",
    "High school diploma or equivalent",
    "Some college, no degree",
    "Postsecondary nondegree award",
    "Associate's degree",
    "Bachelor's degree",
    "Master's degree",
    "Doctoral or professional degree",
)

#: O*NET's twelve categories of required education as BLS levels. Certificates after a degree
#: count as that degree, because BLS has no level for them.
ONET_CATEGORY_LEVEL = {
    1: LEVELS[0],
    2: LEVELS[1],
    3: LEVELS[3],
    4: LEVELS[2],
    5: LEVELS[4],
    6: LEVELS[5],
    7: LEVELS[5],
    8: LEVELS[6],
    9: LEVELS[6],
    10: LEVELS[7],
    11: LEVELS[7],
    12: LEVELS[7],
}

_WORDS = {
    "none": 0,
    "no formal": 0,
    "less than high school": 0,
    "less than high school diploma": 0,
    "no diploma": 0,
    "high school": 1,
    "highschool": 1,
    "hs": 1,
    "ged": 1,
    "high school diploma": 1,
    "diploma": 1,
    "some college": 2,
    "college courses": 2,
    "certificate": 3,
    "postsecondary certificate": 3,
    "postsecondary award": 3,
    "post secondary certificate": 3,
    "nondegree award": 3,
    "associate": 4,
    "associates": 4,
    "associate degree": 4,
    "aa": 4,
    "as": 4,
    "bachelor": 5,
    "bachelors": 5,
    "bachelor degree": 5,
    "ba": 5,
    "bs": 5,
    "college degree": 5,
    "master": 6,
    "masters": 6,
    "master degree": 6,
    "ma": 6,
    "ms": 6,
    "doctorate": 7,
    "doctoral": 7,
    "doctoral degree": 7,
    "phd": 7,
    "professional degree": 7,
    "professional": 7,
}

# Full-time years (low, usual, high) from one level to a higher one. Lengths: certificate 1,
# associate's 2, bachelor's 4 or 2 after an associate's that transfers, master's 2 more,
# doctoral or professional 3 to 4 after a bachelor's. Credits may carry over (low) or not (high);
# the usual value assumes that only an associate's carries over.
_AFTER_HIGH_SCHOOL = {2: (0, 1, 1), 3: (1, 1, 1), 4: (2, 2, 2), 5: (4, 4, 4)}
_CARRIED = {
    (2, 3): (0, 1, 1),
    (2, 4): (1, 2, 2),
    (2, 5): (3, 4, 4),
    (3, 4): (1, 2, 2),
    (3, 5): (3, 4, 4),
    (4, 5): (2, 2, 4),
}


def level_index(level: str) -> int:
    """Position of a level in `LEVELS`, from a level's name or from user words.

    Parameters
    ----------
    level : str
        "high school", "associate's", "bachelor", "PhD" or a BLS level.

    Raises
    ------
    UsageError
        Unknown words; the message lists the levels.
    """
    words = re.sub(r"[^a-z ]", "", str(level).lower().replace("-", " ").replace("’", "'"))
    words = " ".join(words.replace("'", "").split())
    for i, name in enumerate(LEVELS):
        if words == " ".join(re.sub(r"[^a-z ]", "", name.lower()).split()):
            return i
    if words in _WORDS:
        return _WORDS[words]
    stem = re.sub(r"s? degrees?$", "", words)
    if stem in _WORDS:
        return _WORDS[stem]
    raise UsageError(
        "education",
        f"unknown level {level!r}",
        "Use one of: " + "; ".join(LEVELS) + " (or: high school, certificate, "
        "associate's, bachelor's, master's, doctoral)",
    )


def parse_level(text: str) -> str:
    """The BLS level that user words mean; see `level_index`."""
    return LEVELS[level_index(text)]


def years_range(from_level: str, to_level: str) -> tuple[float, float, float]:
    """Full-time years of schooling between two levels: (low, usual, high), never negative.

    The doctoral level is counted after a bachelor's (3 to 4 years, usual 4): a professional
    degree does not ask for a master's and gives no credit for one.
    """
    start, end = level_index(from_level), level_index(to_level)
    years = np.zeros(3)
    if end <= start:
        return 0.0, 0.0, 0.0
    if start == 0:
        years += (0, 1, 1)  # an equivalency test takes months, a diploma longer
        start = 1
    if start < 5 and end > 1:
        stop = min(end, 5)
        years += _AFTER_HIGH_SCHOOL[stop] if start == 1 else _CARRIED[start, stop]
        start = stop
    if start >= 5 and end == 6:
        years += (2, 2, 2)
    elif start >= 5 and end == 7:
        years += (3, 4, 4)
    low, usual, high = (float(y) for y in years)
    return low, usual, high


def years_to_add(from_level: str, to_level: str) -> float:
    """Usual full-time years of schooling from one level to another; 0 where nothing is missing.

    Examples
    --------
    >>> years_to_add("high school", "associate's")
    2.0
    >>> years_to_add("associate's", "bachelor's")
    2.0
    """
    return years_range(from_level, to_level)[1]


def years_matrix() -> np.ndarray:
    """Usual years between all levels, array of shape (8, 8): row from, column to."""
    return np.array([[years_to_add(a, b) for b in LEVELS] for a in LEVELS])


def latest_projections(projections: pd.DataFrame) -> pd.DataFrame:
    """The newest decade's row of each occupation, index ``soc_code``."""
    return (
        projections.sort_values("base_year")
        .drop_duplicates("soc_code", keep="last")
        .set_index("soc_code")
    )


def required_education(
    projections: pd.DataFrame, education_training: pd.DataFrame, education_attainment: pd.DataFrame
) -> pd.DataFrame:
    """What three publishers say about the education of an occupation, side by side.

    Parameters
    ----------
    projections, education_training, education_attainment : DataFrame
        Tables of a release. Several O*NET codes of one SOC code are averaged with equal weight.

    Returns
    -------
    DataFrame
        ``soc_code``, ``view`` ("BLS typical", "O*NET required" or "attainment"), ``level`` (one
        of `LEVELS`), ``percent`` (100 for the one typical level; percent of respondents; percent
        of workers aged 25 and over), ``suppress`` (O*NET recommends suppression of a part),
        ``exact_match`` (False where the survey's occupation is broader). Attainment has no
        nondegree award: the survey counts such people under high school or some college.
    """
    latest = latest_projections(projections)["typical_education"].dropna()
    typical = pd.DataFrame(
        {
            "soc_code": latest.index,
            "view": "BLS typical",
            "level": latest.values,
            "percent": 100.0,
            "suppress": False,
            "exact_match": True,
        }
    )
    rows = education_training[education_training["scale_id"] == "RL"]
    rows = rows.assign(
        soc_code=rows["onet_soc_code"].str[:7], level=rows["category"].map(ONET_CATEGORY_LEVEL)
    )
    each = rows.groupby(["soc_code", "onet_soc_code", "level"], as_index=False).agg(
        percent=("percent", "sum"), suppress=("recommend_suppress", "any")
    )
    codes = each.groupby("soc_code")["onet_soc_code"].nunique()
    onet = each.groupby(["soc_code", "level"], as_index=False).agg(
        percent=("percent", "sum"), suppress=("suppress", "any")
    )
    onet["percent"] /= onet["soc_code"].map(codes)
    onet = onet.assign(view="O*NET required", exact_match=True)
    people = education_attainment.assign(
        level=education_attainment["level"].replace({"Less than high school diploma": LEVELS[0]}),
        view="attainment",
        suppress=False,
    )
    columns = ["soc_code", "view", "level", "percent", "suppress", "exact_match"]
    table = pd.concat([typical, onet[columns], people[columns]], ignore_index=True)
    order = table["level"].map({name: i for i, name in enumerate(LEVELS)})
    return table.assign(order=order).sort_values(["soc_code", "view", "order"], ignore_index=True)[
        columns
    ]


def education_summary(required: pd.DataFrame) -> pd.DataFrame:
    """One row an occupation from `required_education`.

    Returns
    -------
    DataFrame
        Index ``soc_code``; ``typical_education``; ``onet_education`` (level named most often) and
        ``onet_education_percent``; ``onet_education_summary`` (levels named by 10 % or more, in
        words); ``attainment`` and ``attainment_percent`` (most frequent level of workers);
        ``education_disagrees`` (the three do not name the same level).
    """

    def modal(view: str) -> pd.DataFrame:
        rows = required[required["view"] == view].sort_values("percent", kind="stable")
        return rows.drop_duplicates("soc_code", keep="last").set_index("soc_code")

    typical, onet, people = (modal(v) for v in ("BLS typical", "O*NET required", "attainment"))
    out = pd.DataFrame(index=pd.Index(sorted(required["soc_code"].unique()), name="soc_code"))
    out["typical_education"] = typical["level"]
    out["onet_education"], out["onet_education_percent"] = onet["level"], onet["percent"]
    big = required[(required["view"] == "O*NET required") & (required["percent"] >= 10)]
    words = big["level"] + " " + big["percent"].round().astype(int).astype(str) + " %"
    out["onet_education_summary"] = words.groupby(big["soc_code"]).agg("; ".join)
    out["attainment"], out["attainment_percent"] = people["level"], people["percent"]
    named = out[["typical_education", "onet_education", "attainment"]]
    out["education_disagrees"] = named.nunique(axis=1) > 1
    return out
