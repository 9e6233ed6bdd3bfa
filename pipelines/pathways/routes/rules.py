"""Which steps are ways up, which are of one's field, and which are offered only aside.

One place for the rules of advice; `network` builds the numbers and `search` ranks what is open.

- A **way up** pays more, or asks for a higher level. A step to a lower level of education or job
  zone is one only where it pays a tenth more. It counts as such where exposure is comparable or
  lower; where it is higher, the move stands apart (`UP_EXPOSED`).
- **In one's field**: one program leads to both ends, or a narrow family of programs leads to both
  and they are alike, or both are of one broad occupation, or the work shares activities (DWAs), or
  the destination supervises the origin's group, or BLS says that workers advance there. Of a route
  every step must be, and a family of programs must lead to both its ends. Every other way up is a
  **change of field**. Teaching is its own field: a program leads to teaching its subject, too.
- A route changes field at most once (`enumeration`).
- **Sideways**: nearly the same pay, clearly lower exposure, and no way up.
- A residual ("All Other") and a code that holds several occupations are no destination.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipelines.base.language import marked

if TYPE_CHECKING:
    from pipelines.pathways.routes.network import PathwayData

#: A rise of exposure up to this is comparable, about the half-width of an occupation's interval; so
#: is any destination that is not clearly more exposed than most occupations.
COMPARABLE_EXPOSURE = 0.10
#: A gain of pay below this share is none: relative standard errors of medians are of this size.
LEAST_GAIN = 0.02
#: What a step to a lower level or job zone must pay more.
GAIN_FOR_LOWER = 0.10
#: Sideways: the least share of the present pay, and the least fall of exposure.
SIDEWAYS_PAY, SIDEWAYS_EXPOSURE = 0.95, 0.05
#: Weighted share of common activities from which two occupations do related work.
RELATED_ACTIVITIES = 0.30
#: Minor groups of teachers, whose license asks for a program in teaching beside the subject.
_TEACHING = ("25-1", "25-2", "25-3")
#: Major groups whose first minor group (49-1) is first-line supervisors.
_SUPERVISED = ("33", "35", "37", "39", "41", "43", "45", "47", "49", "51", "53")
UP_IN_FIELD, UP_OTHER_FIELD = marked("up, in your field"), marked("up, change of field")
UP_EXPOSED, SIDEWAYS = marked("up, more exposed"), marked("sideways, less exposed")
#: Sections of ways up, in the order in which they are shown.
UP_SECTIONS = (UP_IN_FIELD, UP_OTHER_FIELD, UP_EXPOSED)
#: The share of the rows shown that is kept for each section after the first, where it has so many.
KEPT_ROWS = {UP_OTHER_FIELD: 0.25, UP_EXPOSED: 0.1}


def residual(titles: pd.Series) -> np.ndarray:
    """Whether a title is a residual's: what a group holds beside its named occupations."""
    return titles.fillna("").str.contains(r"\bAll Other\b|^Miscellaneous\b").to_numpy(bool)


def related_activities(
    task_dwas: pd.DataFrame, soc_codes: np.ndarray, least: float = RELATED_ACTIVITIES
) -> np.ndarray:
    """Pairs of occupations whose detailed work activities overlap, shape (n, n) of bool.

    Overlap: activities of both over the geometric mean of each one's, an activity weighted by the
    logarithm of how few occupations have it.
    """
    rows = pd.DataFrame(
        {"soc": task_dwas["onet_soc_code"].str[:7], "dwa": task_dwas["dwa_id"]}
    ).drop_duplicates()
    at = pd.Index(soc_codes).get_indexer(rows["soc"])
    known, activity = at >= 0, pd.factorize(rows["dwa"])[0]
    has = np.zeros((len(soc_codes), int(activity.max(initial=-1)) + 1), dtype=np.float32)
    has[at[known], activity[known]] = 1.0
    holders = has.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        weighted = has * np.sqrt(np.log(max(len(soc_codes), 1) / np.maximum(holders, 1)))
        both, own = weighted @ weighted.T, (weighted**2).sum(axis=1)
        return both / np.sqrt(own[:, None] * own) >= least


def one_field(
    soc_codes: np.ndarray,
    same_program: np.ndarray,
    alike_family: np.ndarray,
    task_dwas: pd.DataFrame,
    advances: Sequence[tuple[str, str]] = (),
) -> np.ndarray:
    """Which destinations are in the field of which origin, shape (n, n): see the head.

    Parameters
    ----------
    same_program, alike_family : ndarray of bool, shape (n, n)
        Whether a program leads to both ends, and whether a family of programs leads to both and
        they are alike; see `fields.shared`.
    task_dwas : DataFrame
        ``onet_soc_code``, ``dwa_id``.
    advances : sequence of pairs
        From and to which BLS says that workers advance.
    """
    code = pd.Series(soc_codes, dtype="str")
    broad, major = code.str[:6].to_numpy(), code.str[:2].to_numpy()
    teaches = code.str[:4].isin(_TEACHING).to_numpy()
    studied = (same_program | alike_family) & (teaches[:, None] | ~teaches)
    found = studied | (broad[:, None] == broad)
    found |= related_activities(task_dwas, soc_codes)
    supervises = code.str[3].eq("1").to_numpy() & np.isin(major, _SUPERVISED)
    found |= supervises & (major[:, None] == major)
    at = pd.Index(soc_codes)
    for pair in advances:
        from_, to = at.get_indexer(list(pair))
        found[from_, to] |= from_ >= 0 and to >= 0
    return found


def open_steps(data: PathwayData, to: np.ndarray) -> np.ndarray:
    """Which of the steps to `to`, shape (n, k), are ways up; the only place that says so.

    Their level of education, work experience and wage must be known. What the education of a
    worker closes, `schooling_open` says; the browser gets the outcome (`pipelines.site.network`).
    """
    own = np.arange(len(to))[:, None]
    known = (data.level[to] >= 0) & ~np.isnan(data.experience_years[to]) & ~np.isnan(data.wage[to])
    with np.errstate(invalid="ignore"):
        gain = data.wage[to] / data.wage[own] - 1
        zone = data.zone[to] - data.zone[own]
    gain = np.where(data.wage_shared(own, to), np.nan, gain)
    level = np.where(data.level[own] >= 0, data.level[to] - data.level[own], 0)
    lower = (level < 0) | (zone <= -1)
    higher = (level > 0) | (zone >= 0.5)
    # Where a wage is not known, or is one for both ends, only a higher level makes a way up.
    pays = np.where(np.isnan(gain), higher, (gain >= LEAST_GAIN) | ((gain >= 0) & higher))
    up = pays & ~(lower & ~(gain >= GAIN_FOR_LOWER))
    return (to >= 0) & (to != own) & known & ~data.joint[to] & ~data.residual[to] & up


def more_exposed(data: PathwayData, origin: int, to: np.ndarray) -> np.ndarray:
    """Whether destinations are more exposed than the origin by more than is comparable, and clearly
    more than most occupations (`PathwayData.more_than_most`)."""
    with np.errstate(invalid="ignore"):
        rises = data.exposure[to] - data.exposure[origin] > COMPARABLE_EXPOSURE
        return rises & data.more_than_most[to]


def section_of(data: PathwayData, origin: int, to: np.ndarray, in_field: np.ndarray) -> np.ndarray:
    """The place in `UP_SECTIONS` of routes from one origin that end in `to`."""
    return np.where(more_exposed(data, origin, to), 2, np.where(in_field, 0, 1))


def shown(section: np.ndarray, n: int | None) -> np.ndarray:
    """Which of ranked rows are shown: n, some of them kept for later sections.

    Parameters
    ----------
    section : ndarray of int, shape (m,)
        Place in `UP_SECTIONS`, not falling.
    """
    if n is None or len(section) <= n:
        return np.arange(len(section))
    size = np.bincount(section, minlength=len(UP_SECTIONS))
    kept = [
        min(int(n * KEPT_ROWS.get(s, 0)), held) for s, held in zip(UP_SECTIONS, size, strict=True)
    ]
    found, left = [], n
    for place in range(len(UP_SECTIONS)):
        rows = np.flatnonzero(section == place)[: left - sum(kept[place + 1 :])]
        found.append(rows)
        left -= len(rows)
    return np.concatenate(found)


def sideways_steps(data: PathwayData, origin: int, to: np.ndarray) -> np.ndarray:
    """Which of the steps from one origin are sideways: nearly the same pay, less exposed."""
    with np.errstate(invalid="ignore"):
        paid = (data.wage[to] >= SIDEWAYS_PAY * data.wage[origin]) | data.wage_shared(origin, to)
        falls = data.exposure[to] - data.exposure[origin] <= -SIDEWAYS_EXPOSURE
    known = (data.level[to] >= 0) & ~np.isnan(data.experience_years[to])
    real = (to >= 0) & (to != origin) & ~data.joint[to] & ~data.residual[to]
    return real & known & paid & falls
