"""What the work is like: posture, place, strain and hours, in words, from O*NET's work context."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean

import pandas as pd

from pipelines.base.language import marked
from pipelines.base.language import translated as _
from pipelines.base.words import listed

#: What the steps 1 to 5 of O*NET's scales say, in our words.
_SHARES = (marked("never"), marked("less than half of the time"),
           marked("about half of the time"), marked("more than half of the time"),
           marked("almost all of the time"))  # fmt: skip
_TIMES = (marked("never"), marked("every year"), marked("every month"),
          marked("every week or more often"), marked("every day"))  # fmt: skip
_WEEKS = (marked("a usual week is less than 40 hours"), marked("a usual week is 40 hours"),
          marked("a usual week is more than 40 hours"))  # fmt: skip
_SCHEDULES = (marked("the schedule is regular"), marked("the schedule is irregular"),
              marked("the schedule is by season"))  # fmt: skip
#: Elements by what is said of them; of the long lists only what is common.
_POSTURE = {
    "4.C.2.d.1.a": marked("sitting"),
    "4.C.2.d.1.b": marked("standing"),
    "4.C.2.d.1.d": marked("walking"),
}
_BODY = {
    "4.C.2.d.1.e": marked("kneeling"), "4.C.2.d.1.h": marked("bending"),
    "4.C.2.d.1.c": marked("climbing"), "4.C.2.d.1.g": marked("work with the hands"),
    "4.C.2.d.1.i": marked("repeated motions"),
}  # fmt: skip
_PLACE = {
    "4.C.2.a.1.a": marked("indoors (heated and cooled)"),
    "4.C.2.a.1.b": marked("indoors (not heated or cooled)"),
    "4.C.2.a.1.c": marked("outdoors in all weather"), "4.C.2.a.1.f": marked("in a closed vehicle"),
}  # fmt: skip
_STRAIN = {
    "4.C.2.b.1.a": marked("distracting noise"), "4.C.2.b.1.b": marked("great heat or cold"),
    "4.C.2.b.1.d": marked("dust or fumes"), "4.C.2.c.1.a": marked("radiation"),
    "4.C.2.c.1.b": marked("contact with infections"), "4.C.2.c.1.c": marked("high places"),
    "4.C.2.c.1.d": marked("hazards such as high voltage"),
    "4.C.2.c.1.e": marked("dangerous equipment"), "4.C.2.c.1.f": marked("minor injuries"),
}  # fmt: skip
_NAMES = _POSTURE | _BODY | _PLACE | _STRAIN
_WEEK, _SCHEDULE = "4.C.3.d.8", "4.C.3.d.4"
#: From this step on a posture of `_BODY` (half of the time), a place and a strain (weekly) is said.
_COMMON_SHARE, _COMMON_TIMES = 3, 4
_MOSTLY = 0.5


def condition_sentences(
    rows: pd.DataFrame, onet_soc_code: str, from_home: float | None = None
) -> list[str]:
    """How the work is done, where, what it strains and for how long.

    Parameters
    ----------
    rows : DataFrame
        The occupation's `occupations.elements.ratings` of work context.
    onet_soc_code : str
        The occupation.
    from_home : float, optional
        Share of it that can be done from home, 0 to 1 (Dingel and Neiman 2020), where known.

    Returns
    -------
    list of str
        Sentences on means of workers' ratings, each put to the nearest step of its scale, the
        last with their edition; one sentence that says so where O*NET has not rated them.
    """
    if not len(rows):
        return [_("O*NET has not rated how this work is done, where, and for how long.")]
    rated: dict[str, list[float]] = {}
    for element, value in zip(rows["element_id"], rows["value"], strict=True):
        rated.setdefault(element, []).append(value)
    step = {element: round(fmean(values)) for element, values in rated.items()}

    def said(least: Mapping[str, int], words: tuple[str, ...]) -> str:
        """What reaches its least step, the most frequent first: "Every day: noise, dust. ..."."""
        known = [code for code in least if step.get(code, 0) >= least[code]]
        steps = sorted({step[code] for code in known}, reverse=True)
        return " ".join(
            f"{_(words[at - 1]).capitalize()}: "
            f"{', '.join(_(_NAMES[code]) for code in known if step[code] == at)}."
            for at in steps
        )

    lines = [
        (
            _("The body"),
            said(dict.fromkeys(_POSTURE, 1) | dict.fromkeys(_BODY, _COMMON_SHARE), _SHARES),
        ),
        (_("The place"), said(dict.fromkeys(_PLACE, _COMMON_TIMES), _TIMES)),
        (_("What workers meet with"), said(dict.fromkeys(_STRAIN, _COMMON_TIMES), _TIMES)),
    ]
    found = [f"{name}. {parts}" for name, parts in lines if parts]
    hours = [
        _(_WEEKS[step[_WEEK] - 1]) if _WEEK in step else "",
        _(_SCHEDULES[step[_SCHEDULE] - 1]) if _SCHEDULE in step else "",
    ]
    if said_of_hours := listed([part for part in hours if part]):
        hours_head = _("The hours")
        found.append(f"{hours_head}. {said_of_hours[0].upper()}{said_of_hours[1:]}.")
    if from_home is not None:
        found.append(
            _("The home. A study of 2020 says that it can be done from home.")
            if from_home >= _MOSTLY
            else _("The home. A study of 2020 says that it cannot be done from home.")
        )
    editions = listed(sorted(set(rows["edition"])))
    old = set(rows["unit"]) != {onet_soc_code} or rows["date"].isna().all()
    return [
        *found,
        _(
            "These are averages of what workers told O*NET (release {editions}, collected by 2014 "
            "or before: ask how it is today).",
            editions=editions,
        )
        if old
        else _(
            "These are averages of what workers told O*NET (release {editions}).", editions=editions
        ),
    ]
