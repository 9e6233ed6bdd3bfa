"""A tile grid of the United States: one square a state, so that small states can be read.

The arrangement is our own data (column, row), close to the map; it needs no outlines, so it
draws offline.
"""

from __future__ import annotations

GRID = """
AK .. .. .. .. .. .. .. .. .. ME
.. .. .. .. .. .. .. .. .. VT NH
WA ID MT ND MN IL WI MI NY RI MA
OR NV WY SD IA IN OH PA NJ CT ..
CA UT CO NE MO KY WV VA MD DE ..
.. AZ NM KS AR TN NC SC DC .. ..
.. .. .. OK LA MS AL GA .. .. ..
HI .. .. TX .. .. .. .. FL .. ..
"""


def tiles() -> dict[str, tuple[int, int]]:
    """Column and row (0 = top left) of the 50 states and DC by postal abbreviation."""
    return {
        state: (column, row)
        for row, line in enumerate(GRID.split("\n")[1:-1])
        for column, state in enumerate(line.split())
        if state != ".."
    }
