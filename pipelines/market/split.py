"""An occupation through the change of codes of 2018: what adds up, and whose jobs they are.

Employment and payroll of codes add up, so a set of codes can be followed where medians cannot. What
such a set shows is mostly what its largest codes did: every row says which is the largest and what
share of the jobs it and the occupation asked for have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from pipelines.market import prices
from pipelines.market.bridge import bridge
from pipelines.market.oews import REFERENCE_YEAR, national
from pipelines.market.prices import real
from pipelines.market.published import published_as
from pipelines.occupations import oews_codes

#: Codes of a sum that are named with their shares.
NAMED = 3
#: Share of the jobs from which a sum shows mostly what its largest code did.
MOSTLY = 0.5


def through_the_split(tables: Mapping[str, pd.DataFrame], soc_code: str) -> pd.DataFrame:
    """Employment and mean wage of an occupation with its family, across the split of 2018.

    Means, unlike medians, combine: payroll over employment. So the mean of 29-2072 and 29-9021
    together stands beside that of 29-2071 before the split.

    Parameters
    ----------
    tables : mapping
        wages, price_index, soc_2010_to_2018, onet_soc_to_soc.
    soc_code : str
        SOC 2018 code (or O*NET-SOC).

    Returns
    -------
    DataFrame
        ``basis``: "family" (the 2010 codes that became this code, and all that they became) or
        "comparable group" (the smallest set of codes that no code on either side reaches out of,
        see `pipelines.market.bridge`; given where it is larger than the family). ``year``,
        ``codes`` (the largest first), ``employment``, ``employment_se``, ``mean_pay`` (dollars of
        the year), ``real_mean_pay``, ``real_mean_pay_se`` (dollars of ``base_year``, the newest),
        errors from OEWS's, taken as independent between codes; ``also_fed_by``: 2010 codes
        outside the sum that became codes inside it, so that before and after do not hold quite
        the same jobs ("" where they do); ``largest_code``, ``largest_title``, ``largest_share``
        (0 to 1 of the jobs) and ``own_share`` of the code asked for, missing on SOC 2010.
        Missing where one code's figure is; empty for a code that OEWS does not publish. Means are
        weighted by jobs. None with equal or capped weights stands beside them: the parts of a
        code that was split would count anew, and the mean would move though no wage did.
    """
    wages = tables["wages"]
    pairs = bridge(tables)
    code = published_as(tables, year=REFERENCE_YEAR).get(soc_code[:7], soc_code[:7])
    old = pairs.loc[pairs["soc_code"] == code, "soc_2010_code"].dropna()
    new = pairs.loc[pairs["soc_2010_code"].isin(old), "soc_code"].dropna()
    family = (set(old), {code, *new})
    group = pairs[pairs["group"].isin(pairs.loc[pairs["soc_code"] == code, "group"])]
    whole = (set(group["soc_2010_code"].dropna()), set(group["soc_code"].dropna()))
    base_year, index = int(wages["year"].max()), prices.price_index(tables)
    rows = national(wages)
    titles = {"family": family} | ({} if whole == family else {"comparable group": whole})
    if not (pairs["soc_code"] == code).any():
        titles = {}
    out = []
    for basis, (before, after) in titles.items():
        feeding = set(pairs.loc[pairs["soc_code"].isin(after), "soc_2010_code"].dropna()) - before
        for year, part in rows.groupby("year"):
            past = (part["soc_vintage"] == "2010").any()
            codes = oews_codes.published(before if past else after, int(year))
            if codes is None:
                continue  # OEWS put some of them together with others that year
            part = part[part["soc_code"].isin(codes)]
            if len(part) < len(codes):
                continue
            shares = jobs_by_code(part, codes)
            row = {"basis": basis, "year": int(year), "codes": " + ".join(shares["soc_code"])}
            row |= _combined(part, real(1.0, int(year), base_year, index))
            row |= {"base_year": base_year, "also_fed_by": ", ".join(sorted(feeding))}
            # Before the change the same number may have meant other jobs.
            out.append(row | _weights(shares, "" if past else code))
    columns = ["basis", "year", "codes", "employment", "employment_se", "mean_pay",
               "real_mean_pay", "real_mean_pay_se", "base_year", "also_fed_by",
               "largest_code", "largest_title", "largest_share", "own_share"]  # fmt: skip
    return pd.DataFrame(out, columns=columns)


def _combined(part: pd.DataFrame, real: float) -> dict[str, float]:
    """Sum of jobs and mean wage of some codes in a year with their standard errors."""
    e, pay = part["employment"], part["annual_mean_wage"]
    total = e.sum(skipna=False)
    mean = (e * pay).sum(skipna=False) / total
    noise = (e * part["employment_rse"] / 100) ** 2
    spread = noise * (pay - mean) ** 2 + (e * pay * part["mean_wage_rse"] / 100) ** 2
    return {
        "employment": float(total),
        "employment_se": float(np.sqrt(noise.sum(skipna=False))),
        "mean_pay": float(mean),
        "real_mean_pay": float(mean * real),
        "real_mean_pay_se": float(np.sqrt(spread.sum(skipna=False)) / total * real),
    }


def _weights(shares: pd.DataFrame, code: str) -> dict[str, object]:
    """Whose jobs a sum holds: of its largest code, and of the code asked for."""
    first, own = shares.iloc[0], shares.loc[shares["soc_code"] == code, "share"]
    return {
        "largest_code": first["soc_code"],
        "largest_title": first["title"],
        "largest_share": float(first["share"]),
        "own_share": float(own.iloc[0]) if len(own) else np.nan,
    }


def _error(percent: float) -> str:
    return f"{percent:.1f}" if np.isfinite(percent) else "not known"


def _mostly(row: pd.Series) -> str:
    """Whose change a sum shows where another occupation has more than half of its jobs."""
    if not row["largest_share"] > MOSTLY or not row["own_share"] < row["largest_share"]:
        return ""
    return (
        f" {row['largest_title']} ({row['largest_code']}) held {_percent(row['largest_share'])} "
        f"percent of these jobs in May {row['year']}, the occupation itself "
        f"{_percent(row['own_share'])} percent: the sum follows the former more than the latter."
    )


def _percent(share: float) -> str:
    """A share in whole percents; a small one is not said to be none."""
    return f"{100 * share:.0f}" if share >= 0.005 else "less than 1"


def split_sentences(frame: pd.DataFrame) -> list[str]:
    """What `through_the_split` shows, from the first year to the last."""
    found = []
    for basis, rows in frame.groupby("basis", sort=False):
        rows = rows.dropna(subset=["employment", "real_mean_pay"])
        if len(rows) < 2:
            continue
        a, b = rows.iloc[0], rows.iloc[-1]
        jobs = 100 * (b["employment"] / a["employment"] - 1)
        jobs_se = (100 + jobs) * np.hypot(*(r["employment_se"] / r["employment"] for r in (a, b)))
        pay = 100 * (b["real_mean_pay"] / a["real_mean_pay"] - 1)
        relative = (r["real_mean_pay_se"] / r["real_mean_pay"] for r in (a, b))
        pay_se = (100 + pay) * np.hypot(*relative)
        text = (
            f"{str(basis).capitalize()}, May {a['year']} to {b['year']}: jobs {jobs:+.1f} percent "
            f"(standard error {_error(jobs_se)}), mean wage after inflation {pay:+.1f} percent "
            f"({_error(pay_se)})."
        )
        if a["also_fed_by"]:
            text += (
                f" Codes that also became part of the later figure and are not in the earlier one: "
                f"{a['also_fed_by']}. The change in employment is too high by what came from there."
            )
        found.append(text + _mostly(b))
    return found or ["OEWS does not publish this occupation in two or more years."]


def jobs_by_code(rows: pd.DataFrame, codes: Iterable[str]) -> pd.DataFrame:
    """The jobs of some codes in one May, the largest first.

    Parameters
    ----------
    rows : DataFrame
        National rows of that May, from `oews.national`.
    codes : iterable of str

    Returns
    -------
    DataFrame
        ``soc_code``, ``title``, ``employment``, ``annual_mean_wage`` (dollars of the year),
        ``share`` (of the jobs of all of them; missing where the jobs of one are not published).
    """
    found = rows[rows["soc_code"].isin(list(codes))]
    found = found.sort_values(["employment", "soc_code"], ascending=[False, True])
    found = found[["soc_code", "title", "employment", "annual_mean_wage"]]
    return found.assign(share=found["employment"] / found["employment"].sum(skipna=False))


def split_shares(tables: Mapping[str, pd.DataFrame], frame: pd.DataFrame) -> pd.DataFrame:
    """Whose jobs the newest sums of `through_the_split` hold, code by code.

    Returns
    -------
    DataFrame
        ``basis``, ``year`` and the columns of `jobs_by_code`: every code, none left out.
    """
    wages, parts = national(tables["wages"]), []
    for row in frame.groupby("basis", sort=False).tail(1).itertuples():
        found = jobs_by_code(wages[wages["year"] == row.year], str(row.codes).split(" + "))
        found.insert(0, "basis", row.basis)
        found.insert(1, "year", row.year)
        parts.append(found)
    columns = ["basis", "year", "soc_code", "title", "employment", "annual_mean_wage", "share"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def whose_jobs(shares: pd.DataFrame, code: str) -> str:
    """The largest codes of a sum and the one asked for, with their shares of its jobs.

    Parameters
    ----------
    shares : DataFrame
        From `jobs_by_code`; "" where it holds one code.
    code : str
        The code asked for, named wherever it stands.
    """
    if len(shares) < 2 or shares["share"].isna().any():
        return ""
    named = shares[(np.arange(len(shares)) < NAMED) | (shares["soc_code"] == code)]
    parts = [f"{row.title} {_percent(row.share)} percent" for row in named.itertuples()]
    if rest := len(shares) - len(named):
        parts.append(f"{rest} more {_percent(1 - named['share'].sum())} percent")
    return f"The mark in bold holds the jobs of {len(shares)} codes: {'; '.join(parts)}."
