"""The look back in sentences, word for word, from tables made by hand."""

import pandas as pd
import pytest

from pipelines.market.lookback import LOOKBACK_COLUMNS
from pipelines.market.lookback_text import headline, lookback_sentences

WINDOWS = ("2015-2021", "2021-2025", "difference")
UP, DOWN, NONE = (0.3, 0.1, 0.5), (-0.3, -0.5, -0.1), (0.1, -0.2, 0.4)
FAR_DOWN = (-0.9, -1.2, -0.6)
MAIN = "as asked first"


def rows(outcome, before, after, difference, specification=MAIN, measure="exposure"):
    """Rows of the look back: effect and interval by a tenth; twice that by standard deviation."""
    values = zip(WINDOWS, (before, after, difference), strict=True)
    frame = pd.DataFrame(
        [(outcome, measure, window, specification, *tenth, *(2 * v for v in tenth))
         for window, tenth in values],
        columns=["outcome", "measure", "window", "specification", "effect_tenth", "tenth_low",
                 "tenth_high", "effect_sd", "sd_low", "sd_high"],
    )  # fmt: skip
    return frame.reindex(columns=list(LOOKBACK_COLUMNS))


def said(*parts):
    """Sentences on jobs and on other measures of jobs; pay stands in the table too."""
    pay = rows("real mean pay", NONE, NONE, NONE)
    lines = lookback_sentences(pd.concat([*parts, pay], ignore_index=True))
    assert lines[0] == (
        "Effects are the yearly growth of an occupation whose exposure is higher by 0.1 less that "
        "of one without the difference, weighted by jobs unless a check says otherwise, with 95% "
        "intervals. They show association and explain nothing."
    )
    assert len(lines) == 5
    assert lines[3].startswith("Wages: In 2021-2025 no difference can be distinguished from zero")
    return lines[1:3]


UP_TEXT, DOWN_TEXT = "+0.30 percent per year (+0.10 to +0.50)", (
    "-0.30 percent per year (-0.50 to -0.10)"
)  # fmt: skip
NONE_TEXT = "+0.10 percent per year (-0.20 to +0.40)"
FAR_TEXT = "-0.90 percent per year (-1.20 to -0.60)"
NOTHING_NOW = (
    f"Jobs: In 2021-2025 no difference can be distinguished from zero: {NONE_TEXT}. Differences "
    "outside the interval are not consistent with the data; those inside it are. "
)


@pytest.mark.parametrize(
    ("before", "after", "difference", "expected"),
    [
        (NONE, NONE, NONE,
         f"{NOTHING_NOW}In 2015-2021, before the tools, no difference could be distinguished from "
         f"zero either: {NONE_TEXT}. The two do not differ clearly: {NONE_TEXT}. "),
        (UP, NONE, DOWN,
         f"{NOTHING_NOW}In 2015-2021, before the tools, they grew more: {UP_TEXT}. The relation is "
         f"older than the tools and has become weaker: {DOWN_TEXT}. "),
        (NONE, DOWN, DOWN,
         f"Jobs: In 2021-2025 more exposed occupations grew less: {DOWN_TEXT}. In 2015-2021, "
         f"before the tools, no such difference shows: {NONE_TEXT}. The two differ: {DOWN_TEXT}. "),
        (DOWN, UP, UP,
         f"Jobs: In 2021-2025 more exposed occupations grew more: {UP_TEXT}. In 2015-2021, before "
         f"the tools, they grew less: {DOWN_TEXT}. The two differ: {UP_TEXT}. "),
        (DOWN, FAR_DOWN, DOWN,
         f"Jobs: In 2021-2025 more exposed occupations grew less: {FAR_TEXT}. In 2015-2021, before "
         f"the tools, they grew less: {DOWN_TEXT}. The relation is older than the tools and has "
         f"become stronger: {DOWN_TEXT}. "),
        (FAR_DOWN, DOWN, UP,
         f"Jobs: In 2021-2025 more exposed occupations grew less: {DOWN_TEXT}. In 2015-2021, "
         f"before the tools, they grew less: {FAR_TEXT}. The relation is older than the tools and "
         f"has become weaker: {UP_TEXT}. "),
    ],
)  # fmt: skip
def test_what_came_after_the_tools_is_told_beside_what_was_there_before(
    before, after, difference, expected
):
    jobs, others = said(rows("employment", before, after, difference))
    assert jobs == expected
    assert others == (
        "Jobs, other measures: these data hold too few occupations with them (outlook refresh "
        "brings the files)."
    )


def test_checks_are_counted_and_named_with_their_sign():
    main = rows("employment", NONE, DOWN, DOWN)
    checks = [
        rows("employment", NONE, DOWN, NONE, "one"),
        rows("employment", UP, UP, NONE, "two"),
        rows("employment", NONE, NONE, DOWN, "three"),
    ]
    end = "Checks whose interval excludes 0: 2 of 3 for 2021-2025 (one (less); two (more)); 1 of "
    end += "3 for 2015-2021 (two (more)); 1 of 3 for the difference (three (less))."
    disagree = " Those of 2021-2025 disagree in sign: the result depends on the specification."
    unsettled = " Most checks do not show that the two differ, so this is not settled."
    assert said(main, *checks)[0].endswith(f"-0.10). {end}{disagree}{unsettled}")
    # Where the main way of asking shows no difference, nothing is unsettled.
    assert said(rows("employment", NONE, DOWN, NONE), *checks)[0].endswith(f"{end}{disagree}")
    # Half of the checks are not fewer than half.
    two = [checks[0], rows("employment", NONE, DOWN, DOWN, "three")]
    assert said(main, *two)[0].endswith("1 of 2 for the difference (three (less)).")


def test_other_measures_are_counted_under_the_names_that_readers_know():
    main = rows("employment", NONE, DOWN, DOWN)
    other = [
        rows("employment", UP, DOWN, NONE, measure="aioe"),
        rows("employment", NONE, NONE, UP, measure="a new one"),
    ]
    assert said(main, *other)[1] == (
        "Jobs, published measures instead of ours, intervals that exclude 0: 1 of 2 for 2021-2025 "
        "(AIOE (less)); 1 of 2 for the difference (a new one (more))."
    )


def test_a_headline_has_the_newer_window_first_and_says_what_is_not_clear():
    table = pd.concat([rows("employment", NONE, DOWN, DOWN), rows("real mean pay", UP, NONE, NONE)])
    assert headline(table, "employment") == (
        f"Jobs by a tenth more exposure, 2021-2025: {DOWN_TEXT}; 2015-2021: {NONE_TEXT}, no clear "
        "difference from 0; the two differ"
    )
    assert headline(table, "real mean pay") == (
        f"Wages by a tenth more exposure, 2021-2025: {NONE_TEXT}, no clear difference from 0; "
        f"2015-2021: {UP_TEXT}; the two do not differ clearly"
    )
