"""Award levels of IPEDS: in words, in order, their usual length, and the Scorecard's credential."""

from __future__ import annotations

from typing import NamedTuple

from pipelines.base.errors import UsageError


class Level(NamedTuple):
    """An award level: words, usual years of full-time study, Scorecard credential level.

    Years of a certificate are the middle of the range in IPEDS's definition; of degrees the usual
    ones that `pathways.schooling.education` has (2, 4, 2); missing where neither states any.
    """

    words: str
    years: float | None
    credential: int


#: By IPEDS's number, in order of length: 20 and 21 come before 2.
LEVELS: dict[int, Level] = {
    20: Level("certificate of less than 12 weeks", 0.1, 1),
    21: Level("certificate of 12 weeks to less than 1 year", 0.6, 1),
    2: Level("certificate of 1 to less than 2 years", 1.5, 1),
    4: Level("certificate of 2 to less than 4 years", 3.0, 1),
    3: Level("associate's degree", 2.0, 2),
    5: Level("bachelor's degree", 4.0, 3),
    6: Level("postbaccalaureate certificate", None, 4),
    7: Level("master's degree", 2.0, 5),
    8: Level("post-master's certificate", None, 8),
    17: Level("doctor's degree, research/scholarship", None, 6),
    18: Level("doctor's degree, professional practice", None, 7),
    19: Level("doctor's degree, other", None, 6),
}
#: IPEDS's numbers by the level of education that an occupation is entered by; levels without an
#: award have none.
OF_EDUCATION: dict[str, tuple[int, ...]] = {
    "Postsecondary nondegree award": (20, 21, 2, 4),
    "Associate's degree": (3,),
    "Bachelor's degree": (5,),
    "Master's degree": (7,),
    "Doctoral or professional degree": (17, 18, 19),
}
_FIRST_LETTERS = {
    "certificate": (20, 21, 2, 4),
    "associate": (3,),
    "bachelor": (5,),
    "master": (7,),
    "doctor": (17, 18, 19),
}


def levels_of(text: str) -> tuple[int, ...]:
    """IPEDS's numbers of a level in words: ``certificate``, ``associate's``, or its number.

    Raises
    ------
    UsageError
        No such level.
    """
    words = text.strip().casefold()
    if words.isdigit() and int(words) in LEVELS:
        return (int(words),)
    for name, numbers in _FIRST_LETTERS.items():
        if words and words.startswith(name):
            return numbers
    raise UsageError(
        f"--level {text}", "no such award level",
        f"Use one of: {', '.join(_FIRST_LETTERS)}, or a number of IPEDS "
        f"({', '.join(map(str, LEVELS))})",
    )  # fmt: skip
