"""What must be said beside every list of programs, in the same words on a terminal and a page."""

from __future__ import annotations

CROSSWALK = "The CIP-SOC crosswalk says what a program prepares for, not where its graduates work."
OUTCOMES = (
    "Earnings and debt are of the school's whole 4-digit field and credential, not of the "
    "program alone: students with federal aid, earnings of those working and not enrolled; "
    "debt of borrowers, federal loans at this school."
)
ONLINE = (
    "Online schools report all their awards at one campus: a state's awards are not its residents'."
)


def prices(year: int) -> str:
    """What the prices are of the academic year that begins in ``year``."""
    return (
        f"Prices are published tuition and fees of {year}-{(year + 1) % 100:02}, not what a "
        "student pays after grants; schools that charge by program have none here."
    )
