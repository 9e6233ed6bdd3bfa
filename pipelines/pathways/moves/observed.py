"""How common each move is among people who changed occupation, with what the survey can tell.

The CPS asks each March what people worked as last year (Annual Social and Economic Supplement).
A cell is a share of the people who left an occupation; behind it stand few respondents, so every
share has an interval and small cells are guarded.

How many respondents is not published: the weights added up over all years are divided by
`PEOPLE_PER_RESPONDENT`. The Census Bureau planned about 78,000 household interviews among 108
million households, of which 90 percent respond (statement to the OMB, 0607-0354, for 2013,
https://omb.report/icr/201211-0607-001/doc/35927901): one in 1,540. One person answers for a
household and some groups are sampled more, so the sample is worth less than its size; 2,000 allows
for that. It is an assumption, not a published figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipelines.pathways.moves.crosswalk import Cells, cells, crosswalk

#: People that one respondent stands for, the survey's design allowed for.
PEOPLE_PER_RESPONDENT = 2000.0
#: Fewest respondents who left an origin, and who made one move, that a share is given for.
MIN_LEAVERS, MIN_MOVERS = 30.0, 3.0
#: Least part of a survey code's workers that is of one SOC code, and of that code's that is in
#: the survey code, for the code's share to be that SOC code's.
MIN_PART = 0.75
#: Standard errors of a 95% interval.
Z_95 = 1.959963984540054
#: What a share may be.
MEASURED, TOO_FEW, NOT_MEASURED = "measured", "too few to tell", "not measured"


def wilson(share: np.ndarray, n: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
    """Wilson's 95% interval of a share among n respondents (Wilson 1927); n need not be whole.

    Parameters
    ----------
    share : ndarray
        0 to 1.
    n : ndarray or float
        Respondents, more than 0.
    """
    share, n = np.asarray(share, float), np.asarray(n, float)
    centre = (share + Z_95**2 / (2 * n)) / (1 + Z_95**2 / n)
    half = Z_95 / (1 + Z_95**2 / n) * np.sqrt(share * (1 - share) / n + Z_95**2 / (4 * n**2))
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)


def answering(tables: Mapping[str, pd.DataFrame], merged: Cells | None = None) -> pd.DataFrame:
    """Which survey code answers for each SOC 2018 code, and whether it tells the code apart.

    Codes that share one CPS code are one here (`Cells.merged`): 15-1252 comes of 15-1132 and
    15-1133, which the CPS does not tell apart, and is told apart from all others.

    Returns
    -------
    DataFrame
        Index ``soc_code``; ``code`` (the one that holds most of it), ``share`` (of the SOC code
        in it), ``part`` (of the survey code's workers that are of the SOC code, by newest OEWS
        employment; where none is published, equal parts), ``alone`` (both at least `MIN_PART`).
    """
    names = (cells(tables).merged() if merged is None else merged).codes
    whole = {code: name for name in names for code in str(name).split("+")}
    walk = crosswalk(tables)
    walk["code"] = walk["code"].map(whole)
    walk = walk.groupby(["soc_code", "code"], as_index=False)["share"].sum()
    jobs = walk["soc_code"].map(_jobs(tables))
    size = jobs.fillna(jobs.median()) * walk["share"]
    walk["part"] = size / size.groupby(walk["code"]).transform("sum")
    most = walk.sort_values(["soc_code", "share"]).drop_duplicates("soc_code", keep="last")
    most["alone"] = (most["share"] >= MIN_PART) & (most["part"] >= MIN_PART)
    return most.set_index("soc_code")


def _jobs(tables: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Employment by SOC code; that of a code that BLS publishes for several, in equal parts."""
    from pipelines.market.published import published_as
    from pipelines.pathways.similarity.features import national_wages

    code = published_as(tables)
    parts = code.groupby(code).transform("size")
    employment = national_wages(tables["wages"])["employment"].reindex(code).to_numpy()
    return pd.Series(employment / parts.to_numpy(), index=code.index)


def observed(tables: Mapping[str, pd.DataFrame], from_soc: str) -> pd.DataFrame:
    """Where the people went who left an occupation.

    Parameters
    ----------
    tables : Mapping[str, DataFrame]
        Tables of a release: ``observed_moves``, ``move_codes``, ``soc_2010_to_2018``, ``wages``,
        ``onet_soc_to_soc``.
    from_soc : str
        SOC 2018 code; an O*NET-SOC code stands for its SOC code.

    Returns
    -------
    DataFrame
        Every other SOC 2018 code, most common move first: ``to_soc``; ``share_of_leavers`` (0 to
        1, of the people who changed occupation), ``low``, ``high`` (95% interval), ``leavers_n``
        (respondents who left, estimated), ``status``; ``from_code``, ``to_code`` and
        ``code_share``, ``code_low``, ``code_high``: the same of the survey's codes, which may
        hold several occupations (codes joined by "+" share one CPS code). Status:

        ``measured``
            The share is this occupation's.
        ``too few to tell``
            Fewer than `MIN_LEAVERS` respondents left, or fewer than `MIN_MOVERS` made the move.
            No share is given; the interval is (from none at all up, where nobody was seen).
        ``not measured``
            The origin is not in the data at hand, or a survey code holds too much besides it or
            the destination (`answering`); or both ends share one code. No share, no interval.
    """
    return Observed(tables).of(from_soc)


class Observed:
    """`observed` for many origins: the crosswalk and the cells are read once."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self.cells: Cells = cells(tables).merged()
        self.codes = answering(tables, self.cells)
        self._leavers = self.cells.leavers()

    def of(self, from_soc: str) -> pd.DataFrame:
        """See `observed`."""
        soc = str(from_soc)[:7]
        others = self.codes.index[self.codes.index != soc]
        order = ["code_share", "share_of_leavers", "to_soc"]
        frame = self.between([soc] * len(others), others).drop(columns="from_soc")
        return frame.sort_values(order, ascending=[False, False, True], ignore_index=True)

    def between(self, from_soc: Sequence[str], to_soc: Sequence[str]) -> pd.DataFrame:
        """What was seen of these moves, a row each: the columns of `observed`, with ``from_soc``.

        A SOC code that the survey does not know, at either end, is not measured.
        """
        names, cells = pd.Index(self.cells.codes), self.cells
        start, end = self.codes.reindex(from_soc), self.codes.reindex(to_soc)
        origin, to = names.get_indexer(start["code"]), names.get_indexer(end["code"])
        known = (origin >= 0) & (to >= 0) & cells.surveyed[origin].astype(bool)
        left = np.where(known, self._leavers.sum(axis=1)[origin], 0.0)
        n = left * cells.people[origin] / PEOPLE_PER_RESPONDENT
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(left > 0, self._leavers[origin, to] / left, np.nan)
        low, high = wilson(share, np.maximum(n, 1e-9))
        apart = known & (cells.twins[to] != cells.twins[origin])
        told = apart & start["alone"].eq(True).to_numpy() & end["alone"].eq(True).to_numpy()
        few = (n < MIN_LEAVERS) | ~(share * n >= MIN_MOVERS)
        status = np.where(told, np.where(few, TOO_FEW, MEASURED), NOT_MEASURED)
        surveyed = apart & (left > 0)
        return pd.DataFrame(
            {
                "from_soc": pd.Series(list(from_soc), dtype="str"),
                "to_soc": pd.Series(list(to_soc), dtype="str"),
                "share_of_leavers": np.where(status == MEASURED, share, np.nan),
                "low": np.where(told & surveyed, low, np.nan),
                "high": np.where(told & surveyed, high, np.nan),
                "leavers_n": np.where(known, n, np.nan),
                "status": pd.Series(status, dtype="str"),
                "from_code": start["code"].astype("str").to_numpy(),
                "to_code": end["code"].astype("str").to_numpy(),
                "code_share": np.where(surveyed, share, np.nan),
                "code_low": np.where(surveyed, low, np.nan),
                "code_high": np.where(surveyed, high, np.nan),
            }
        ).astype({"from_code": "str", "to_code": "str"})


def one_in(share: float) -> str:
    """A share as "1 in 12", "fewer than 1 in 1,000" or "nobody"."""
    if not share > 0:
        return "nobody"
    if share < 0.001:
        return "fewer than 1 in 1,000"
    # Above one in two a whole number would round most of the share away.
    return f"1 in {round(1 / share):,}" if share <= 0.4 else f"{round(10 * share)} in 10"


def in_words(share: float, low: float, high: float, status: str) -> str:
    """How common a move is, in plain words; see `observed` for the arguments.

    Examples
    --------
    >>> in_words(1 / 12, 0.05, 0.125, "measured")
    'about 1 in 12 of those who changed (1 in 20 to 1 in 8)'
    >>> in_words(float("nan"), 0.0, 0.09, "too few to tell")
    'too few to tell'
    """
    if status != MEASURED:
        return status
    return f"about {one_in(share)} of those who changed ({one_in(low)} to {one_in(high)})"
