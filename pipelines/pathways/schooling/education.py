"""Levels of education, the years between them, and what an occupation asks for.

Three publishers answer "what education does it take" differently: BLS names one typical level,
O*NET asks workers and experts what is required, and the American Community Survey (BLS table 5.3)
counts what people in the job have. They are put side by side here, never averaged.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pandas as pd

from pipelines.base.errors import UsageError
from pipelines.base.language import marked
from pipelines.market.outlook import latest_projections

#: BLS's eight levels, lowest first.
EDUCATION_LEVELS = (
    marked("No formal educational credential"),
    marked("High school diploma or equivalent"),
    marked("Some college, no degree"),
    marked("Postsecondary nondegree award"),
    marked("Associate's degree"),
    marked("Bachelor's degree"),
    marked("Master's degree"),
    marked("Doctoral or professional degree"),
)
#: What must be said of the level by which an occupation is entered.
NOTES = (
    marked("the license takes {level} too"),
    marked("BLS states {level} for several occupations together"),
    marked("BLS states this level for several occupations together"),
    marked("BLS lists {level} as typical"),
)

#: What people say for a level that nobody outside knows. Data and CSV files keep BLS's term.
EVERYDAY = {
    "Postsecondary nondegree award": "Certificate or diploma after high school",
    "postsecondary nondegree award": "certificate or diploma after high school",
}

#: O*NET's twelve categories of required education as BLS levels. Certificates after a degree
#: count as that degree, because BLS has no level for them.
ONET_CATEGORY_LEVEL = {
    1: EDUCATION_LEVELS[0],
    2: EDUCATION_LEVELS[1],
    3: EDUCATION_LEVELS[3],
    4: EDUCATION_LEVELS[2],
    5: EDUCATION_LEVELS[4],
    6: EDUCATION_LEVELS[5],
    7: EDUCATION_LEVELS[5],
    8: EDUCATION_LEVELS[6],
    9: EDUCATION_LEVELS[6],
    10: EDUCATION_LEVELS[7],
    11: EDUCATION_LEVELS[7],
    12: EDUCATION_LEVELS[7],
}

_WITH_ARTICLE: dict[object, str] = dict(
    zip(
        EDUCATION_LEVELS,
        (
            marked("no formal credential"),
            marked("a high school diploma"),
            marked("some college without a degree"),
            marked("a postsecondary nondegree award"),
            marked("an associate's degree"),
            marked("a bachelor's degree"),
            marked("a master's degree"),
            marked("a doctoral or professional degree"),
        ),
        strict=True,
    )
)

_LEVEL_SYNONYMS = {
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
_YEARS_CREDITED = {
    (2, 3): (0, 1, 1),
    (2, 4): (1, 2, 2),
    (2, 5): (3, 4, 4),
    (3, 4): (1, 2, 2),
    (3, 5): (3, 4, 4),
    (4, 5): (2, 2, 4),
}
# Years of a level's own program for somebody with as much schooling in another field: a license
# asks for its field's program, whatever else was studied. A second bachelor's takes 1 to 2 years.
_PROGRAM_YEARS = {3: (1, 1, 1), 4: (1, 2, 2), 5: (1, 2, 4), 6: (2, 2, 2), 7: (3, 4, 4)}


def everyday(words: str) -> str:
    """A text with the publishers' terms for levels of education in everyday words."""
    for term, said in EVERYDAY.items():
        words = words.replace(term, said)
    return words


def with_article(level: str) -> str:
    """A level of `EDUCATION_LEVELS` within a sentence: an associate's degree."""
    return _WITH_ARTICLE[level]


@cache
def level_index(level: str) -> int:
    """Position of a level in `EDUCATION_LEVELS`, from a level's name or from user words.

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
    for i, name in enumerate(EDUCATION_LEVELS):
        if words == " ".join(re.sub(r"[^a-z ]", "", name.lower()).split()):
            return i
    if words in _LEVEL_SYNONYMS:
        return _LEVEL_SYNONYMS[words]
    stem = re.sub(r"s? degrees?$", "", words)
    if stem in _LEVEL_SYNONYMS:
        return _LEVEL_SYNONYMS[stem]
    raise UsageError(
        "education",
        f"unknown level {level!r}",
        "Use one of: " + "; ".join(EDUCATION_LEVELS) + " (or: high school, certificate, "
        "associate's, bachelor's, master's, doctoral)",
    )


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
        years += _AFTER_HIGH_SCHOOL[stop] if start == 1 else _YEARS_CREDITED[start, stop]
        start = stop
    if start >= 5 and end == 6:
        years += (2, 2, 2)
    elif start >= 5 and end == 7:
        years += (3, 4, 4)
    low, usual, high = (float(y) for y in years)
    return low, usual, high


def years_asked(
    from_level: str, to_level: str, own_field: bool = False
) -> tuple[float, float, float]:
    """As `years_range`; with `own_field` at least the years of the level's own program.

    Parameters
    ----------
    from_level, to_level : str
        Education held and asked for.
    own_field : bool
        What is held is of another field than what is asked for: a license does not take it.
    """
    years = years_range(from_level, to_level)
    if not own_field:
        return years
    program = _PROGRAM_YEARS.get(level_index(to_level), (0, 0, 0))
    low, usual, high = (float(max(pair)) for pair in zip(years, program, strict=True))
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
    """Usual years between all levels, shape (2, 8, 8): own field (see `years_asked`), from, to."""
    return np.array(
        [
            [[years_asked(a, b, own)[1] for b in EDUCATION_LEVELS] for a in EDUCATION_LEVELS]
            for own in (False, True)
        ]
    )


def required_education(
    projections: pd.DataFrame, education_training: pd.DataFrame, education_attainment: pd.DataFrame
) -> pd.DataFrame:
    """What three publishers say about the education of an occupation, side by side.

    Parameters
    ----------
    projections, education_training, education_attainment : DataFrame
        Tables of a release. Of several O*NET codes of one SOC code the general one (.00) speaks,
        and where it has no answers the others are averaged with equal weight: a few specialists
        must not set the level of a whole occupation.

    Returns
    -------
    DataFrame
        ``soc_code``, ``view`` ("BLS typical", "O*NET required" or "attainment"), ``level`` (one
        of `EDUCATION_LEVELS`), ``percent`` (100 for the one typical level; percent of
        respondents; percent of workers aged 25 and over), ``suppress`` (O*NET recommends
        suppression of a part), ``exact_match`` (False where the survey's occupation is broader).
        Attainment has no nondegree award: the survey counts such people under high school or
        some college.
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
    columns = ["onet_soc_code", "category", "percent", "recommend_suppress"]
    rows = education_training.loc[education_training["scale_id"] == "RL", columns]
    rows = rows.assign(
        soc_code=rows["onet_soc_code"].str[:7], level=rows["category"].map(ONET_CATEGORY_LEVEL)
    )
    general = rows["onet_soc_code"].str.endswith(".00")
    rows = rows[general | ~rows["soc_code"].isin(rows.loc[general, "soc_code"].unique())]
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
        level=education_attainment["level"].replace(
            {"Less than high school diploma": EDUCATION_LEVELS[0]}
        ),
        view="attainment",
        suppress=False,
    )
    columns = ["soc_code", "view", "level", "percent", "suppress", "exact_match"]
    table = pd.concat([typical, onet[columns], people[columns]], ignore_index=True)
    order = table["level"].map({name: i for i, name in enumerate(EDUCATION_LEVELS)})
    return table.assign(order=order).sort_values(["soc_code", "view", "order"], ignore_index=True)[
        columns
    ]


def education_summary(required: pd.DataFrame) -> pd.DataFrame:
    """One row per occupation from `required_education`.

    Returns
    -------
    DataFrame
        Index ``soc_code``; ``typical_education``; ``onet_education`` (level named most often) and
        ``onet_education_percent``; ``onet_education_summary`` (levels named by 10% or more, in
        words); ``attainment`` and ``attainment_percent`` (most frequent level of workers),
        ``attainment_exact`` (False where the survey counts a wider group of occupations).
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
    # Missing where the survey has nothing: neither exact nor not.
    out["attainment_exact"] = people["exact_match"].astype("boolean")
    return out


def education_views(frame: pd.DataFrame) -> pd.DataFrame:
    """How far the three views lie apart, and all three in a sentence.

    Parameters
    ----------
    frame : DataFrame
        ``typical_education``, ``onet_education``, ``onet_education_percent``, ``attainment``,
        ``attainment_percent``; missing where a view has nothing; ``attainment_exact``; where given,
        ``education_note``: says that BLS's level is of several occupations together.

    Returns
    -------
    DataFrame
        Index of `frame`; ``education_levels_apart`` (steps of `EDUCATION_LEVELS` between the lowest
        and the highest of the levels named; missing where fewer than two views name one),
        ``education_disagrees`` (one level or more), ``education_sentence``. A typical nondegree
        award agrees with workers who most often have a diploma or some college: the survey has no
        such level and counts its holders there.
    """
    place = {name: i for i, name in enumerate(EDUCATION_LEVELS)}
    views = frame[["typical_education", "onet_education", "attainment"]]
    levels = views.apply(lambda column: column.map(place)).astype("float64")
    for other in ("typical_education", "onet_education"):
        award = (levels[other] == 3) & levels["attainment"].between(1, 2)
        # Where one view names the award, the survey's level stands for it.
        levels["attainment"] = levels["attainment"].mask(award, 3.0)
    apart = levels.max(axis=1) - levels.min(axis=1)
    apart = apart.where(levels.notna().sum(axis=1) > 1)
    shares = frame[["onet_education_percent", "attainment_percent"]].astype("float64")
    rows = zip(
        *(views[name] for name in views), *(shares[name] for name in shares),
        frame["attainment_exact"].fillna(True), apart,
        frame.get("education_note", pd.Series("", frame.index)).str.contains("together"),
        strict=True,
    )  # fmt: skip
    sentences = [_sentence(*row) for row in rows]
    return pd.DataFrame(
        {
            "education_levels_apart": apart,
            "education_disagrees": apart >= 1,
            "education_sentence": pd.Series(sentences, frame.index, dtype="str"),
        },
        index=frame.index,
    )


def _sentence(
    typical: object,
    onet: object,
    people: object,
    named: float,
    hold: float,
    exact: bool,
    apart: float,
    together: bool,
) -> str:
    who = "workers" if exact else "workers of a wider group of occupations"
    parts = [
        f"BLS{', for several occupations together' if together else ''}: typically "
        f"{_WITH_ARTICLE[typical]}"
        if typical in _WITH_ARTICLE
        else "BLS: no typical level published",
        f"{who}: most often {_WITH_ARTICLE[people]} ({hold:.0f}%)"
        if people in _WITH_ARTICLE
        else "workers: no figures published",
        f"O*NET: required level most often {_WITH_ARTICLE[onet]} ({named:.0f}% of answers)"
        if onet in _WITH_ARTICLE
        else "O*NET: no answers published",
    ]
    if apart >= 1:
        parts.append(f"they differ by {apart:.0f} level{'s' if apart > 1 else ''}")
    return "; ".join(parts) + "."
