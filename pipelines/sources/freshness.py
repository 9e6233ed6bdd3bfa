"""How old a source's data are, and whether newer ones should have followed."""

from __future__ import annotations

from datetime import date

#: Months after which data of a source of this cadence should have been followed by newer ones.
#: An edition that is kept on purpose (OEWS of May 2015) has the cadence "once" and never is old.
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


def is_old(cadence: str | None, age: int | None) -> bool:
    """Whether data of this age, in months, are old; what is not known is not called old."""
    limit = OLD_AFTER.get(cadence or "")
    return limit is not None and age is not None and age > limit
