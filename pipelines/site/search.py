"""What the search box of the site looks through: every occupation under every name it has."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from pipelines.analysis import Analysis
from pipelines.occupations import titles


def search_data(analysis: Analysis) -> dict[str, Any]:
    """What `app/find.js` needs to find what `Titles.find` finds.

    Returns
    -------
    dict
        ``entries``: list of [code, title, 1 for a technician occupation else 0, other names, log of
        jobs], by code; ``noise``, ``short``, ``everyday``, ``sounds`` and the weights of
        `occupations.titles`.
    """
    held, occupations = analysis.titles, analysis.occupations
    technician = dict(
        zip(occupations["onet_soc_code"], occupations["is_technician"].astype(int), strict=True)
    )
    pairs = zip(held.codes_of_names, held.names, strict=True)
    names = {code: [n for _, n in group] for code, group in groupby(pairs, key=lambda p: p[0])}
    noise, short = titles.spelled()
    return {
        "entries": [
            [code, names[code][0], technician[code], names[code][1:], float(jobs)]
            for code, jobs in zip(held.codes.tolist(), held.log_jobs, strict=True)
        ],
        "noise": sorted(noise),
        "short": short,
        "everyday": titles.everyday(),
        "sounds": titles.SOUNDS,
        "weights": {
            "names": titles.WEIGHT_NAMES, "jobs": titles.WEIGHT_JOBS, "few": titles.FEW_NAMES,
            "later": titles.LATER, "oneFrom": titles.ONE_FROM, "twoFrom": titles.TWO_FROM,
            "halfFrom": titles.HALF_FROM, "enough": titles.ENOUGH,
            "misspelled": titles.MISSPELLED, "leftOver": titles.LEFT_OVER,
            "unfinished": titles.UNFINISHED, "one": titles.ONE_LETTER, "two": titles.TWO_LETTERS,
        },
    }  # fmt: skip
