"""How old a source's data are, and whether newer ones should have followed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pipelines.sources.catalog import entry_of

#: Months after which data of a source of this cadence should have been followed by newer ones.
#: An edition that is kept on purpose has the cadence "once" and never is old.
OLD_AFTER = {"monthly": 12, "quarterly": 12, "yearly": 24}


def age_months(published: str, today: date) -> int | None:
    """Whole months since a publisher's date, never below 0; None where it is not a date.

    Parameters
    ----------
    published : str
        YYYY, YYYY-MM or YYYY-MM-DD. A year alone counts from its end, December: the data may
        have come out on any day of it, and none is called old before it surely is.
    today : date
    """
    year, _, rest = published.partition("-")
    month = rest.partition("-")[0] or "12"
    if not (year.isdecimal() and month.isdecimal() and 1 <= int(month) <= 12):
        return None
    return max((today.year - int(year)) * 12 + today.month - int(month), 0)


def cadence(source: str, sources: Mapping[str, Mapping]) -> str | None:
    """How often a source of a manifest is renewed; None where the catalog does not know it.

    An edition of a family that a newer one follows is kept on purpose: "once".
    """
    entry = entry_of(source)
    if entry is None or not entry.is_family:
        return entry.cadence if entry else None
    dates = [str(s.get("date", "")) for s in sources.values() if s.get("family") == entry.id]
    date = str(sources.get(source, {}).get("date", ""))
    return entry.cadence if date >= max(dates, default="") else "once"


def is_old(cadence: str | None, age: int | None) -> bool:
    """Whether data of this age, in months, are old; what is not known is not called old."""
    limit = OLD_AFTER.get(cadence or "")
    return limit is not None and age is not None and age > limit
