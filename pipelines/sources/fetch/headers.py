"""What stands in the headers of requests and answers: types, the contact, addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit, urlunsplit

#: Never right for a data file. Other types are let pass, because servers name archives in many
#: ways; the file's own first bytes decide.
_WRONG_TYPES = re.compile(
    r"(image|audio|video|font|multipart)/.*"
    r"|text/(html|xml|css|javascript)"
    r"|application/(pdf|json|.*\+json|xml|xhtml\+xml|javascript)"
)
_PAGES = ("text/html", "application/xhtml+xml")
_E_MAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"
)


def media_type(headers: Mapping[str, str]) -> str:
    """``type/subtype`` in lower case, without parameters; "" where none is given."""
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()


def is_page(headers: Mapping[str, str]) -> bool:
    """Whether the server says that it sends a web page."""
    return media_type(headers) in _PAGES


def is_wrong_type(headers: Mapping[str, str]) -> bool:
    """Whether the server says that it sends something that is no data file."""
    return _WRONG_TYPES.fullmatch(media_type(headers)) is not None


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
