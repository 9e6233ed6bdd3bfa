"""What a destination asks more of than an origin, and what a worker brings along.

Ratings are compared on O*NET's own scales, importance (1 to 5) and level (0 to 7), software by
name. A difference counts only where the standard errors of the two ratings allow it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from pipelines.base.errors import UsageError
from pipelines.base.words import listed
from pipelines.pathways.similarity.features import members
from pipelines.pathways.skills.ratings import (
    CARRIED,
    ELEMENT_KINDS,
    GAP,
    LESS,
    NOT_COMPARABLE,
    SCALES,
    STATUSES,
    Averaged,
    averaged,
    compare,
    ratings,
)

#: Kind of a row on software.
TECHNOLOGY = "technology"
GAP_COLUMNS = [
    "from_code", "to_code", "kind", "element_id", "element_name", "scale", "from_value",
    "to_value", "difference", "standard_error", "error_basis", "difference_low",
    "difference_high", "status", "note", "hot_technology", "in_demand", "commodity_title",
    "from_rated", "to_rated", "source",
]  # fmt: skip
_TYPES = (
    dict.fromkeys(
        ("from_value", "to_value", "difference", "standard_error", "difference_low",
         "difference_high"), "float64",
    )
    | dict.fromkeys(("hot_technology", "in_demand"), "boolean")
    | dict.fromkeys(("error_basis", "note", "from_rated", "to_rated"), "str")
)  # fmt: skip
_KINDS = [*ELEMENT_KINDS.values(), TECHNOLOGY]
_PROGRAM = [
    "example", "commodity_code", "commodity_title", "hot_technology", "in_demand", "edition",
]  # fmt: skip
_CODE = re.compile(r"[0-9]{2}-[0-9]{4}(?:\.[0-9]{2})?")
_OTHER = "Give another, such as 29-2072"


def occupation_members(tables: Mapping[str, pd.DataFrame], code: str) -> list[str]:
    """The O*NET-SOC codes that a code stands for.

    An O*NET-SOC code (8 digits) stands for itself, a SOC code (6 digits) for all of its O*NET
    codes, which are averaged. A code under which BLS joins several SOC codes is one too.

    Raises
    ------
    UsageError
        No such occupation.
    """
    if not _CODE.fullmatch(str(code)):
        problem = "is not a code such as 29-2072 or 29-2072.00"
        raise UsageError(repr(str(code)), problem, "Give a SOC or O*NET-SOC code")
    known = members(tables)
    column = "onet_soc_code" if "." in code else "soc_code"
    found = sorted(known.loc[known[column] == code, "onet_soc_code"].unique())
    if not found:
        raise UsageError(code, "O*NET has no such occupation", _OTHER)
    return found


def occupation_title(tables: Mapping[str, pd.DataFrame], code: str) -> str:
    """The title of a SOC or O*NET-SOC code; BLS's where O*NET has no such code."""
    occupations = tables["occupations"].sort_values("onet_soc_code")
    column = "onet_soc_code" if "." in code else "soc_code"
    found = occupations.loc[occupations[column] == code, "title"]
    if found.empty:
        projected = tables["projections"]
        found = projected.loc[projected["soc_code"] == code, "title"]
    return str(found.iloc[0]) if len(found) else code


def skill_gaps(
    tables: Mapping[str, pd.DataFrame],
    from_code: str,
    to_code: str,
) -> pd.DataFrame:
    """Skills, knowledge, work activities and software of a move, one row an element and scale.

    Parameters
    ----------
    tables : Mapping[str, DataFrame]
        occupations, elements, elements_2010, onet_walk_2010_2019, technology_skills,
        onet_soc_to_soc of a release or of the snapshot.
    from_code, to_code : str
        SOC (6 digits; its O*NET occupations are averaged) or O*NET-SOC codes (8 digits).

    Returns
    -------
    DataFrame
        ``from_code, to_code``; ``kind`` (skill, knowledge, activity, technology); ``element_id``
        (content-model element; UNSPSC commodity of software), ``element_name``; ``scale`` (IM
        importance 1-5, LV level 0-7; named: 1 where O*NET names the software, else 0);
        ``from_value, to_value, difference`` (destination less origin); ``standard_error`` of
        the difference, ``error_basis`` (published, stand-in); ``difference_low,
        difference_high`` (95% interval); ``status``; ``note``; of software ``hot_technology,
        in_demand`` (in demand in the destination), ``commodity_title``; ``from_rated, to_rated``
        (oldest month of the ratings); ``source``. In the order of the statuses below, by kind
        and scale; gaps by size, what carries over by what the destination asks.

        Status is ``gap`` where the destination asks more and 0 lies outside the interval;
        ``carries over`` where both ask half of the scale or more and there is no gap; ``less``
        where it asks less; ``no clear difference`` where the interval holds 0; ``not
        comparable`` where one of the two is not rated, where O*NET advises against using a
        rating, or where both go back to one rating. Software is a gap, carried over or less by
        its name alone.

    Raises
    ------
    UsageError
        A code is unknown or has neither ratings nor software; both codes are one occupation.
    """
    return gaps_between(rated(tables, from_code), rated(tables, to_code))


@dataclass(frozen=True, slots=True)
class Program:
    """Software that an end names: its UNSPSC commodity, flags, and the edition it is from."""

    element_id: str
    commodity_title: str
    hot_technology: bool
    in_demand: bool
    edition: str


@dataclass(frozen=True)
class Rated:
    """What O*NET says of one end of a move: its occupations, ratings and software."""

    code: str
    members: Sequence[str]
    ratings: Averaged
    software: Mapping[str, Program]


def rated(tables: Mapping[str, pd.DataFrame], code: str) -> Rated:
    """One end of `skill_gaps`, which takes the same tables and code.

    Raises
    ------
    UsageError
        No such occupation.
    """
    codes = occupation_members(tables, code)
    rows = tables["technology_skills"]
    named = rows[rows["onet_soc_code"].isin(codes)]
    return Rated(code, codes, averaged(ratings(tables, codes)), software(named))


def gaps_between(origin: Rated, destination: Rated) -> pd.DataFrame:
    """`skill_gaps` of two ends."""
    _refuse(origin, destination)
    rows = compare(origin.ratings, destination.ratings)
    rows += _compare_software(origin.software, destination.software)
    rows.sort(key=_order)
    columns = {name: [row.get(name) for row in rows] for name in GAP_COLUMNS}
    columns |= {"from_code": [origin.code] * len(rows), "to_code": [destination.code] * len(rows)}
    return pd.DataFrame(columns).astype(_TYPES)


def comparable(origin: Rated, destination: Rated) -> pd.DataFrame | None:
    """`gaps_between`; None where the importance of no skill, knowledge or activity compares."""
    _refuse(origin, destination)
    shared = origin.ratings.keys() & destination.ratings.keys()
    if all(scale != "IM" for _, _, scale in shared):
        return None  # told without the whole comparison, as of most that are not rated
    frame = gaps_between(origin, destination)
    compared = (frame["scale"] == "IM") & (frame["status"] != NOT_COMPARABLE)
    return frame if compared.any() else None


def _refuse(origin: Rated, destination: Rated) -> None:
    if origin.members == destination.members:
        raise UsageError(
            f"{origin.code} to {destination.code}",
            "origin and destination are one occupation",
            "Give two",
        )
    for end in (origin, destination):
        if not end.ratings and not end.software:
            problem = "O*NET publishes neither ratings nor software of this occupation"
            raise UsageError(end.code, problem, _OTHER)


def software(rows: pd.DataFrame) -> dict[str, Program]:
    """Software named in any row of ``technology_skills``, by its name."""
    named = rows[_PROGRAM].to_numpy(object).tolist()
    found: dict[str, Program] = {}
    for name, code, kind, hot, sought, edition in sorted(named, key=lambda row: row[:2]):
        known = found.get(name) or Program(str(int(code)), kind, False, False, edition)
        found[name] = replace(
            known,
            hot_technology=known.hot_technology or bool(hot),
            in_demand=known.in_demand or bool(sought),
        )
    return found


def _compare_software(
    origin: Mapping[str, Program], destination: Mapping[str, Program]
) -> list[dict[str, Any]]:
    """One row a program that is named at either end."""
    lacking = [
        f"no software is listed for the {end}"
        for end, part in (("origin", origin), ("destination", destination))
        if not part
    ]
    kinds = {program.element_id for program in origin.values()}
    rows = []
    for name in sorted(origin.keys() | destination.keys()):
        here, there = name in origin, name in destination
        program = destination[name] if there else origin[name]
        # A program of a kind that is used already is learned sooner than one of a new kind.
        akin = program.element_id in kinds and not here
        note = "the origin names other software of this kind" if akin else None
        status = (CARRIED if here else GAP) if there else LESS
        from_value = float(here) if origin else np.nan
        to_value = float(there) if destination else np.nan
        rows.append(
            {
                "kind": TECHNOLOGY,
                "element_id": program.element_id,
                "element_name": name,
                "scale": "named",
                "from_value": from_value,
                "to_value": to_value,
                "difference": to_value - from_value,
                "status": NOT_COMPARABLE if lacking else status,
                "note": lacking[0] if lacking else note,
                "hot_technology": program.hot_technology,
                "in_demand": there and program.in_demand,
                "commodity_title": program.commodity_title,
                "source": f"O*NET {program.edition}",
            }
        )
    return rows


def _order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Where a row stands: by status, kind and scale, then what is asked most."""
    lasting = row["status"] in (CARRIED, NOT_COMPARABLE)
    size = row["to_value"] if lasting else abs(row["difference"])
    asked = 2 * bool(row.get("in_demand")) + bool(row.get("hot_technology"))
    return (
        STATUSES.index(row["status"]), _KINDS.index(row["kind"]), row["scale"],
        row["kind"] == TECHNOLOGY and row["note"] is not None, -asked,
        0.0 if math.isnan(size) else -size, row["element_name"],
    )  # fmt: skip


def gap_summary(frame: pd.DataFrame, origin: str, destination: str) -> str:
    """A move in plain words for an adviser: what is asked, what is brought along, what is unknown.

    Parameters
    ----------
    frame : DataFrame
        Result of `skill_gaps`.
    origin, destination : str
        Titles of the occupations.
    """
    rated = frame[frame["scale"].isin(list(SCALES))]
    gaps = _once(rated, GAP)
    # What shows a gap on one scale is not called carried over for the sake of the other.
    carried = _once(rated[~rated["element_id"].isin(gaps["element_id"])], CARRIED)
    comparable = rated.loc[rated["status"] != NOT_COMPARABLE, "element_id"].nunique()
    sentences = []
    if comparable == 0:
        sentences.append(f"O*NET's ratings do not compare {origin} with {destination}.")
    else:
        count = f"{len(gaps) or 'none'} of {comparable} areas"
        asked = f"{destination} ask clearly more than {origin} in {count}"
        first = [f"{row.element_name} ({_values(row)})" for row in gaps.head(3).itertuples()]
        sentences.append(asked + (f", most in {_listed(first)}." if first else "."))
        known = carried["element_name"].head(3).tolist()
        sentences.append(
            f"{len(carried)} areas carry over" + (f", such as {_listed(known)}." if known else ".")
        )
    software = frame[frame["kind"] == TECHNOLOGY]
    new, kept = (software[software["status"] == status] for status in (GAP, CARRIED))
    if len(new) + len(kept):
        sought = new.loc[new["hot_technology"] | new["in_demand"], "element_name"].head(3).tolist()
        sentences.append(
            f"Of the software named for {destination}, {len(kept)} of {len(new) + len(kept)} "
            "programs carry over"
            + (f"; new, and often requested in postings, are {_listed(sought)}." if sought else ".")
        )
    sentences += not_compared(frame, origin, destination)
    return " ".join(sentences)


def not_compared(frame: pd.DataFrame, origin: str, destination: str) -> list[str]:
    """A sentence for each reason why whole kinds of ratings are not compared."""
    causes = {
        "not rated in the origin": f"O*NET has not rated {{}} of {origin}.",
        "not rated in the destination": f"O*NET has not rated {{}} of {destination}.",
        "rated as one occupation": "O*NET rated {} of both as those of one occupation.",
    }
    plural = {"skill": "the skills", "knowledge": "the knowledge", "activity": "the activities"}
    found: dict[str, list[str]] = {}
    for kind, part in frame[frame["kind"].isin(list(plural))].groupby("kind", sort=False):
        reason = part["note"].fillna("").str.split("; ").str[0]
        if (part["status"] == NOT_COMPARABLE).all() and reason.nunique() == 1:
            found.setdefault(causes.get(reason.iloc[0], ""), []).append(plural[str(kind)])
    return [text.format(_listed(kinds)) for text, kinds in found.items() if text]


def _once(rated: pd.DataFrame, status: str) -> pd.DataFrame:
    """Rows of a status, an element once (importance before level), in order over all kinds."""
    rows = rated[rated["status"] == status].sort_values("scale", kind="stable")
    rows = rows.drop_duplicates(["kind", "element_id"])
    width = rows["scale"].map({name: high - low for name, (low, high) in SCALES.items()})
    width = width.astype(float)
    size = rows["difference"] if status == GAP else rows["to_value"]
    return rows.assign(_size=size / width).sort_values("_size", ascending=False, kind="stable")


def _values(row: Any) -> str:
    name = "importance" if row.scale == "IM" else "level"
    return f"{name} {row.to_value:.1f} of {SCALES[row.scale][1]:.0f}, now {row.from_value:.1f}"


def _listed(parts: list[str]) -> str:
    comma = "; " if any("," in part.split(" (")[0] for part in parts) else ", "
    return listed(parts, comma)
