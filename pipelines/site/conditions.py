"""What the work is like: posture, place, strain and hours, in words, from O*NET's work context."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipelines.base.words import listed

#: What the steps 1 to 5 of O*NET's scales say, in our words.
_SHARES = ("never", "less than half of the time", "about half of the time",
           "more than half of the time", "almost all of the time")  # fmt: skip
_TIMES = ("never", "every year", "every month", "every week or more often", "every day")
_WEEKS = ("less than 40 hours", "40 hours", "more than 40 hours")
_SCHEDULES = ("regular", "irregular", "by season")
#: Elements by what is said of them; of the long lists only what is common.
_POSTURE = {"4.C.2.d.1.a": "sitting", "4.C.2.d.1.b": "standing", "4.C.2.d.1.d": "walking"}
_BODY = {
    "4.C.2.d.1.e": "kneeling", "4.C.2.d.1.h": "bending",
    "4.C.2.d.1.c": "climbing", "4.C.2.d.1.g": "work with the hands",
    "4.C.2.d.1.i": "repeated motions",
}  # fmt: skip
_PLACE = {
    "4.C.2.a.1.a": "indoors (heated and cooled)", "4.C.2.a.1.b": "indoors (not heated or cooled)",
    "4.C.2.a.1.c": "outdoors in all weather", "4.C.2.a.1.f": "in a closed vehicle",
}  # fmt: skip
_STRAIN = {
    "4.C.2.b.1.a": "distracting noise", "4.C.2.b.1.b": "great heat or cold",
    "4.C.2.b.1.d": "dust or fumes", "4.C.2.c.1.a": "radiation",
    "4.C.2.c.1.b": "contact with infections", "4.C.2.c.1.c": "high places",
    "4.C.2.c.1.d": "hazards such as high voltage",
    "4.C.2.c.1.e": "dangerous equipment", "4.C.2.c.1.f": "minor injuries",
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
    if rows.empty:
        return ["O*NET has not rated how this work is done, where, and for how long."]
    step = rows.groupby("element_id")["value"].mean().round().astype(int)

    def said(least: Mapping[str, int], words: tuple[str, ...]) -> str:
        """What reaches its least step, the most frequent first: "Every day: noise, dust. ..."."""
        known = [code for code in least if step.get(code, 0) >= least[code]]
        steps = sorted({step[code] for code in known}, reverse=True)
        return " ".join(
            f"{words[at - 1].capitalize()}: "
            f"{', '.join(_NAMES[code] for code in known if step[code] == at)}."
            for at in steps
        )

    lines = [
        (
            "The body",
            said(dict.fromkeys(_POSTURE, 1) | dict.fromkeys(_BODY, _COMMON_SHARE), _SHARES),
        ),
        ("The place", said(dict.fromkeys(_PLACE, _COMMON_TIMES), _TIMES)),
        ("What workers meet with", said(dict.fromkeys(_STRAIN, _COMMON_TIMES), _TIMES)),
    ]
    found = [f"{name}. {parts}" for name, parts in lines if parts]
    hours = [
        f"a usual week is {_WEEKS[step[_WEEK] - 1]}" if _WEEK in step else "",
        f"the schedule is {_SCHEDULES[step[_SCHEDULE] - 1]}" if _SCHEDULE in step else "",
    ]
    if said_of_hours := listed([part for part in hours if part]):
        found.append(f"The hours. {said_of_hours[0].upper()}{said_of_hours[1:]}.")
    if from_home is not None:
        verb = "can" if from_home >= _MOSTLY else "cannot"
        found.append(f"The home. A study of 2020 says that it {verb} be done from home.")
    editions = listed(sorted(rows["edition"].unique()))
    old = (rows["unit"] != onet_soc_code).any() or rows["date"].isna().all()
    return [
        *found,
        f"These are averages of what workers told O*NET (release {editions}"
        f"{', collected by 2014 or before: ask how it is today' if old else ''}).",
    ]
