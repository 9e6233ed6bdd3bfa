"""What stands in the headers of requests and answers: waits, ranges, types, the contact."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

#: Never right for a data file. Other types are let pass, because servers name archives in many
#: ways; the file's own first bytes decide.
_WRONG_TYPES = re.compile(
    r"(image|audio|video|font|multipart)/.*"
    r"|text/(html|xml|css|javascript)"
    r"|application/(pdf|json|.*\+json|xml|xhtml\+xml|javascript)"
)
_PAGES = ("text/html", "application/xhtml+xml")
_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)")
_STRONG_ETAG = re.compile(r'"[\x21\x23-\x7e]*"')
_E_MAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"
)


class ContentRange(NamedTuple):
    """First and last byte of an answer; the whole length, or None where it is not said."""

    first: int
    last: int
    total: int | None


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a server asks to wait, from a number or a date (RFC 9110, 10.2.3).

    Parameters
    ----------
    value : str or None
        The header's value.
    now : datetime, optional
        The present, with a time zone.

    Returns
    -------
    float or None
        Not negative, finite; None where there is nothing to obey.
    """
    value = (value or "").strip()
    if re.fullmatch(r"[0-9]{1,18}", value):
        return float(value)
    try:
        date = parsedate_to_datetime(value)
        # A date without a zone means GMT.
        date = date.replace(tzinfo=UTC) if date.tzinfo is None else date
        return max(0.0, (date - (now or datetime.now(UTC))).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def content_range(value: str | None) -> ContentRange | None:
    """The range of a 206 answer; None where the header is absent or makes no sense."""
    match = _RANGE.fullmatch((value or "").strip())
    if match is None:
        return None
    first, last = int(match[1]), int(match[2])
    total = None if match[3] == "*" else int(match[3])
    if first > last or (total is not None and last >= total):
        return None
    return ContentRange(first, last, total)


def content_length(headers: Mapping[str, str]) -> int | None:
    """The announced number of bytes; None where there is none, or several that disagree."""
    values = {v.strip() for v in headers.get("Content-Length", "").split(",")}
    value = values.pop()
    return int(value) if not values and re.fullmatch(r"[0-9]{1,18}", value) else None


def media_type(headers: Mapping[str, str]) -> str:
    """``type/subtype`` in lower case, without parameters; "" where none is given."""
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()


def is_page(headers: Mapping[str, str]) -> bool:
    """Whether the server says that it sends a web page."""
    return media_type(headers) in _PAGES


def is_wrong_type(headers: Mapping[str, str]) -> bool:
    """Whether the server says that it sends something that is no data file."""
    return _WRONG_TYPES.fullmatch(media_type(headers)) is not None


def validator(headers: Mapping[str, str]) -> str:
    """What If-Range may carry: a strong ETag, else Last-Modified, else ""."""
    etag = headers.get("ETag", "")
    if _STRONG_ETAG.fullmatch(etag):
        return etag
    return plain(headers.get("Last-Modified"))


def is_e_mail(text: str) -> bool:
    """Whether this looks like an e-mail address that may stand in a header."""
    return len(text) <= 254 and _E_MAIL.fullmatch(text) is not None


def plain(value: str | None) -> str:
    """A header's value to send back later; "" where it is absent or cannot stand in a header."""
    value = value or ""
    return value if value.isascii() and value.isprintable() else ""


def host_and_path(address: str) -> str:
    """``host/path``, percent signs decoded: an address's place in a mirror folder."""
    parts = urlsplit(address)
    return f"{parts.netloc}{unquote(parts.path)}"


def shown(address: str) -> str:
    """An address for messages and records: without user name, password, query and fragment."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))
