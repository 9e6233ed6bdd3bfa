"""Wages and employment of an occupation over the OEWS years: one line a code, never joined.

`pipelines.market.split` adds codes up across the change of 2018.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipelines.base.language import marked
from pipelines.market.oews import national
from pipelines.market.prices import real
from pipelines.occupations import oews_codes
from pipelines.occupations.oews_codes import HYBRID, HYBRID_YEARS, MERGED_YEAR

_WAGES = [f"annual_{k}_wage" for k in ("mean", "p10", "p25", "median", "p75", "p90")]


#: Classifications of a line in words.
VINTAGES = {"2010": "SOC 2010", "2018": "SOC 2018", HYBRID: marked("OEWS hybrid of 2019-20")}


def _meaning(rows: pd.DataFrame) -> pd.Series:
    """What a row's code means: in May 2019 and 2020 that of SOC 2018, but for the hybrid codes."""
    own = rows["soc_code"].isin(oews_codes.held_by(HYBRID_YEARS[0]))
    return rows["soc_vintage"].mask((rows["soc_vintage"] == HYBRID) & ~own, "2018")


def _soc(code: str) -> str:
    return str(code)[:7]


class NationalRows:
    """The nation's rows of all occupations, made ready for `series` once.

    Parameters
    ----------
    wages : DataFrame
        Table ``wages``.
    price_index : DataFrame
        Table ``price_index``.
    base_year : int, optional
        Year of the real dollars (default: the newest year in `wages`).

    Raises
    ------
    SourceFailed
        The price index lacks May of a year.
    """

    def __init__(
        self, wages: pd.DataFrame, price_index: pd.DataFrame, base_year: int | None = None
    ) -> None:
        # Of all rows: an occupation that OEWS does not publish has none of its own.
        self.base_year = int(wages["year"].max()) if base_year is None else base_year
        rows = national(wages)
        rows = rows.assign(
            soc_vintage=_meaning(rows), published_code=rows["soc_code"], base_year=self.base_year
        )
        in_base = real(rows[_WAGES], rows["year"], self.base_year, price_index)
        # A row may stand twice under one index: it is added by position.
        rows[[f"real_{column}" for column in _WAGES]] = np.asarray(in_base)
        rows["line"] = rows["soc_code"] + " (" + rows["soc_vintage"].map(VINTAGES) + ")"
        self.rows = rows.sort_values(["soc_vintage", "soc_code", "year"], ignore_index=True)
        self._at = self.rows.groupby(["soc_vintage", "soc_code"]).indices

    def has(self, vintage: str, code: str) -> bool:
        """Whether OEWS publishes a code of this classification."""
        return (vintage, code) in self._at

    def of(self, wanted: Mapping[str, Sequence[str]]) -> list[int]:
        """Positions of the rows of codes by classification, in their order in `rows`."""
        pairs = {(vintage, code) for vintage, codes in wanted.items() for code in codes}
        return sorted(at for pair in pairs if pair in self._at for at in self._at[pair].tolist())


class Walk:
    """Table ``soc_2010_to_2018``, looked up from either side."""

    def __init__(self, table: pd.DataFrame) -> None:
        self._after: dict[str, list[str]] = {}
        self._before: dict[str, list[str]] = {}
        for old, new in sorted(set(zip(table["soc_2010_code"], table["soc_code"], strict=True))):
            self._after.setdefault(old, []).append(new)
            self._before.setdefault(new, []).append(old)

    def predecessors(self, soc_codes: Sequence[str]) -> dict[str, tuple[list[str], str]]:
        """2010 codes that became the given 2018 codes.

        Returns
        -------
        dict
            By 2010 code: all 2018 codes it became, and "same" (one to one, the same jobs under the
            same code), "renamed" (one to one, another code) or "split" (one to several, or several
            to one).
        """
        found = {}
        for code in sorted({old for new in soc_codes for old in self._before.get(new, [])}):
            new = self._after[code]
            alone = len(new) == 1 and len(self._before[new[0]]) == 1
            kind = ("same" if new == [code] else "renamed") if alone else "split"
            found[code] = (new, kind)
        return found


_SERIES_COLUMNS = [
    "line", "soc_code", "title", "year", "soc_vintage", "break_kind", "employment",
    "employment_flag", *_WAGES, *(f"{c}_flag" for c in _WAGES), *(f"real_{c}" for c in _WAGES),
    "base_year", "published_code", "published_together",
]  # fmt: skip


def series(
    nation: NationalRows,
    soc_codes: str | Sequence[str],
    soc_2010_to_2018: pd.DataFrame | None = None,
    joint: Mapping[str, str] | pd.Series | None = None,
) -> pd.DataFrame:
    """National wages and employment over the OEWS years, one line a code; lines are never joined.

    Where the classification of 2018 split an occupation, the old code is a line of its own and
    its successors, even those not asked for, are lines of their own: medians of different groups
    are not averaged. Only employment adds up, see `employment_total`.

    Parameters
    ----------
    nation : NationalRows
        The nation's rows.
    soc_codes : str or sequence of str
        SOC 2018 (or O*NET-SOC) codes.
    soc_2010_to_2018 : DataFrame, optional
        Table of that name; without it only equal codes of 2010 are found, and the break is
        marked "unknown".
    joint : Mapping or Series, optional
        Code under which BLS publishes each occupation (`market.published`): a code without rows
        of its own is followed under that one.

    Returns
    -------
    DataFrame
        ``line`` (code and vintage), ``soc_code``, ``title``, ``year``, ``soc_vintage`` (that of
        the code: "hybrid" only for the codes of May 2019 and 2020 that hold several of SOC 2018;
        each is a line of its own, and holds other occupations too),
        ``break_kind`` ("" after the break; before it "same", "renamed", "split" or "unknown"),
        ``employment`` and ``employment_flag``, the six ``annual_*_wage`` columns with flags
        (dollars of the year), ``real_annual_median_wage`` and the five other ``real_`` columns
        (dollars of May of `base_year`), ``base_year``, ``published_code`` (as ``soc_code``: the
        code
        that BLS uses in that year), ``published_together`` (it holds several occupations). Empty
        with these columns for a code that
        OEWS does not publish.
    """
    asked = [soc_codes] if isinstance(soc_codes, str) else list(soc_codes)
    return series_of(nation, {"": asked}, soc_2010_to_2018, joint)[""]


def series_of(
    nation: NationalRows,
    asked: Mapping[str, Sequence[str]],
    soc_2010_to_2018: pd.DataFrame | None = None,
    joint: Mapping[str, str] | pd.Series | None = None,
) -> dict[str, pd.DataFrame]:
    """`series` of many lists of codes in one pass, by the name of the list."""
    walk = None if soc_2010_to_2018 is None else Walk(soc_2010_to_2018)
    shares = dict(joint.items()) if joint is not None else {}
    at, breaks, ends = [], [], [0]
    vintages, held = nation.rows["soc_vintage"].tolist(), nation.rows["soc_code"].tolist()
    for soc_codes in asked.values():
        codes = list(dict.fromkeys(_soc(c) for c in soc_codes))
        if walk is not None:
            before = walk.predecessors(codes)
            kinds = {code: kind for code, (_, kind) in before.items()}
            for family, _ in before.values():
                codes += [c for c in family if c not in codes]
        else:
            kinds = {c: "unknown" for c in codes}
        # A merged code of May 2017 and 2018 has the break of what it holds.
        merged = {oews_codes.joint_code(code, MERGED_YEAR): kind for code, kind in kinds.items()}
        kinds |= {code: kind for code, kind in merged.items() if code is not None}
        wanted = {
            "2010": list(kinds),
            "2018": list(dict.fromkeys(_published(codes, nation, shares))),
            HYBRID: [hybrid for code in codes for hybrid in oews_codes.hybrids_of(code)],
        }
        found = nation.of(wanted)
        at += found
        breaks += [kinds[held[i]] if vintages[i] == "2010" else "" for i in found]
        ends.append(len(at))
    rows = nation.rows.take(at)
    rows["break_kind"] = pd.Series(breaks, rows.index, dtype="str")
    several = {target for code, target in shares.items() if code != target}
    several |= {*oews_codes.held_by(MERGED_YEAR), *oews_codes.held_by(HYBRID_YEARS[0])}
    rows["published_together"] = rows["soc_code"].isin(several)
    rows = rows[_SERIES_COLUMNS]
    return {
        name: rows.iloc[start:end].reset_index(drop=True)
        for name, start, end in zip(asked, ends, ends[1:], strict=False)
    }


def _published(codes: Sequence[str], nation: NationalRows, joint: Mapping[str, str]) -> list[str]:
    """Codes to follow after 2018: a code's own rows, else those of the code it stands under."""
    return [code if nation.has("2018", code) else joint.get(code, code) for code in codes]


def employment_total(lines: pd.DataFrame) -> pd.DataFrame:
    """Employment of all lines of `series` summed by year: the comparison a split leaves honest.

    Years of hybrid codes are left out: these hold other occupations too.

    Returns
    -------
    DataFrame
        ``year``, ``employment`` (missing where one line's is), ``codes`` (what was summed).
    """
    lines = lines[~lines["year"].isin(lines.loc[lines["soc_vintage"] == HYBRID, "year"])]
    return lines.groupby("year", as_index=False).agg(
        employment=("employment", lambda s: s.sum(skipna=False)),
        codes=("soc_code", lambda s: " + ".join(sorted(s))),
    )


def outside_share(wages: pd.DataFrame, soc_2010_to_2018: pd.DataFrame, soc_code: str) -> float:
    """Jobs that came from outside the family of a code with the classification of 2018.

    The family is the 2010 codes that became `soc_code`, and all codes that these became. Jobs of
    other 2010 codes that lead into it are counted by the weights of the crosswalk.

    Returns
    -------
    float
        Those jobs over the family's own before the change: 0 where the two hold the same jobs.
        Missing where the family has no jobs of 2010 codes, or those of one code are not
        released. A code that OEWS has no row for (the armed forces) has no jobs that OEWS counts.
    """
    walk, code = soc_2010_to_2018, _soc(soc_code)
    before = set(walk.loc[walk["soc_code"] == code, "soc_2010_code"])
    after = set(walk.loc[walk["soc_2010_code"].isin(before), "soc_code"])
    feeding = walk[walk["soc_code"].isin(after) & ~walk["soc_2010_code"].isin(before)]
    nation = national(wages)
    nation = nation[nation["soc_vintage"] == "2010"]
    # One May for all codes: later ones merge some (`oews_codes`).
    jobs = nation.sort_values("year").drop_duplicates("soc_code")
    jobs = jobs.set_index("soc_code")["employment"].astype("float64")
    own = jobs.reindex(sorted(before), fill_value=0.0).sum(skipna=False)
    if own == 0:
        return float("nan")
    moved = jobs.reindex(feeding["soc_2010_code"], fill_value=0.0).to_numpy()
    return float((moved * feeding["weight"].to_numpy(float)).sum() / own)
